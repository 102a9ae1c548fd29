//! A trait's method that is called in place of the float's own, which comes later where the receiver is a reference.

#![allow(dead_code)]

use symgrad::differentiate;

trait Own {
    fn powi(&self, n: i32) -> f64;
    fn abs(&self) -> f64;
    fn exp(&self) -> f64;
}

impl Own for f64 {
    fn powi(&self, n: i32) -> f64 {
        f64::from(n) * 10.0
    }

    fn abs(&self) -> f64 {
        5.0 * *self
    }

    fn exp(&self) -> f64 {
        7.0 * *self
    }
}

#[differentiate]
fn in_a_chain(x: &[f64; 6]) -> f64 {
    x.iter().map(|v| v.powi(2)).sum::<f64>() + x[0]
}

#[differentiate]
fn in_a_loop(x: &[f64; 6]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v.abs() * x[0];
    }
    s
}

#[differentiate]
fn bound(x: &[f64; 6]) -> f64 {
    let r = &x[0];
    r.exp() * x[1]
}

mod by_a_reference_to_change {
    use symgrad::differentiate;

    trait Own {
        fn sqrt(&mut self) -> f64;
    }

    impl Own for f64 {
        fn sqrt(&mut self) -> f64 {
            9.0 * *self
        }
    }

    #[differentiate]
    fn in_a_loop(x: &[f64; 6]) -> f64 {
        let mut a = *x;
        for v in &mut a {
            *v = v.sqrt();
        }
        a[0] * a[1]
    }
}

mod of_another_float_type {
    use num_traits::Float;
    use symgrad::differentiate;

    trait Own {
        fn sin(&self) -> f64;
    }

    impl Own for f64 {
        fn sin(&self) -> f64 {
            *self * 2.0
        }
    }

    #[differentiate]
    fn in_single(x: &[f32; 2]) -> f32 {
        let a = [x[0] as f64, x[1] as f64];
        a.iter().map(|v| v.sin()).sum::<f64>() as f32
    }

    #[differentiate]
    fn in_any<T: Float>(x: &[T; 2]) -> T {
        let a = [x[0].to_f64().unwrap(), x[1].to_f64().unwrap()];
        T::from(a.iter().map(|v| v.sin()).sum::<f64>()).unwrap()
    }
}

// Here, the methods are those of the float: it is no reference.
#[differentiate]
fn of_numbers(x: &[f64; 6], y: f64) -> f64 {
    let z = x[1] * y;
    x.iter().map(|&v| v.abs()).sum::<f64>() + y.exp() + z.powi(2) + (x[0] + y).exp()
}

fn main() {}
