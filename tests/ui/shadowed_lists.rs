//! A trait's method that is called in place of that of slices and `Vec`s, which comes later.

#![allow(dead_code)]

mod by_value {
    use symgrad::differentiate;

    trait Own {
        fn reverse(self) -> Self;
        fn first(self) -> Option<f64>;
    }

    impl Own for [f64; 6] {
        fn reverse(self) -> Self {
            self
        }

        fn first(self) -> Option<f64> {
            Some(self[1])
        }
    }

    #[differentiate]
    fn reversed(x: &[f64; 6]) -> f64 {
        let mut a = *x;
        a.reverse();
        a[0] * a[1]
    }

    #[differentiate]
    fn at_the_front(x: &[f64; 6]) -> f64 {
        let a = *x;
        a.first().unwrap() * a[2]
    }
}

mod by_reference {
    use symgrad::differentiate;

    trait Own {
        fn swap(&self, a: usize, b: usize);
        fn push(&self, value: f64);
    }

    impl Own for [f64] {
        fn swap(&self, _: usize, _: usize) {}
        fn push(&self, _: f64) {}
    }

    impl Own for Vec<f64> {
        fn swap(&self, _: usize, _: usize) {}
        fn push(&self, _: f64) {}
    }

    #[differentiate]
    fn exchanged(x: &[f64; 6]) -> f64 {
        let mut a = *x;
        a.swap(0, 3);
        a[0] * a[1]
    }

    #[differentiate]
    fn grown(x: f64) -> f64 {
        let mut v = vec![x];
        v.push(x * x);
        v[0] * v[1]
    }
}

mod in_what_is_emitted {
    use symgrad::differentiate;

    trait Own {
        fn fill(self, value: f64);
        fn len(self) -> usize;
    }

    impl Own for &mut [f64; 6] {
        fn fill(self, _: f64) {}

        fn len(self) -> usize {
            1
        }
    }

    #[differentiate]
    fn into_a_buffer(x: &[f64; 6]) -> f64 {
        x[0] * x[1]
    }
}

fn main() {}
