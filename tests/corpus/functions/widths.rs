//! Functions that compute in more than one float type. Over dual numbers both are the same, so that what is compared is rounded
//! to `f32`; of a function that is generic, the second writing leaves out the conversions.

use crate::corpus::dual::Dual;
use num_traits::{Float, FromPrimitive};
use symgrad_oracle::case;

#[case((0.5, -2.0), (1.25, 0.75))]
fn in_double(x: f32, y: f32) -> f32 {
    let (a, b) = (x as f64, f64::from(y));
    let c: f64 = x.into();
    ((a * b).sin() * c + 0.1) as f32
}

#[case((0.5, -2.0))]
fn there_and_back(x: f32, y: f32) -> f32 {
    let a = (x as f64 * 3.0) as f32;
    let b = (f64::from(a) + f64::from(y).exp()) as f32;
    a * b + (b as f64 / 7.0) as f32 * x
}

/// A tape of numbers of both types, and variables of both.
#[case((0.75, [0.5, 2.0, -1.0]), (0.5, []))]
fn taped(x: f32, v: &[f32]) -> f32 {
    let mut s = 1.0;
    let mut t = 0.1;
    for i in 0..v.len() {
        s = (s * x as f64 + v[i] as f64 * 0.1).sin();
        t = (t * x + v[i]).cos() * (s as f32);
    }
    t * 0.1 + s as f32
}

#[case(([0.5, 1.0, -1.0]))]
fn arrays(x: &[f32; 3]) -> f32 {
    let mut a: [f64; 3] = [0.0; 3];
    for i in 0..3 {
        a[i] = f64::from(x[i]).exp();
    }
    let b: Vec<f64> = x.iter().map(|&v| v as f64 * 2.0).collect();
    let n = a.iter().zip(b.iter()).map(|(p, q)| p * q).sum::<f64>();
    let mut back = [0.0_f32; 3];
    back[1] = n as f32;
    let square = |v: f64| v * v;
    (square(n).sqrt() + a[0]) as f32 * x[2] + back[1] * back[1]
}

#[case((0.5, 3), (-0.5, 3), (0.5, 0))]
fn branches(x: f32, n: usize) -> f32 {
    let mut y = f64::from(x);
    let scale = if x > 0.0 { y * 2.0 } else { 0.25 };
    if n == 0 {
        return (y * scale) as f32;
    }
    while y.abs() < 2.0 {
        y = y * 1.5 + scale / f64::from(x);
        if y > 1.0 {
            break;
        }
    }
    let z: f32 = match n {
        3 => (y * scale) as f32 * x,
        _ => x,
    };
    z * x
}

#[case((0.5, 0.25))]
fn squared_in_double(x: f32, y: f32) -> f32 {
    let square = |v: f64| -> f64 { v * v };
    let cubed = |v: f64| v * v * v;
    let total: f64 = [x, y].iter().map(|&v| square(v.into())).sum();
    let most = (x as f64).max(y as f64).hypot(total);
    (cubed(total) + most.ln()) as f32
}

/// `f64` data beside an `f32` that is differentiated by.
#[case((0.5, [1.0, 2.0, 0.1], 0.3), wrt(x))]
fn data(x: f32, table: &[f64; 3], shift: f64) -> f32 {
    let mut s = shift;
    for (k, c) in table.iter().enumerate() {
        s += c * (x as f64).powi(k as i32);
    }
    let pi = std::f64::consts::PI;
    (s * pi) as f32
}

#[case(([0.5, 1.25]), dual = tray_dual)]
fn tray<T: Float + Into<f64> + FromPrimitive>(param: &[T; 2]) -> T {
    let x1: f64 = param[0].into();
    let x2: f64 = param[1].into();
    let folded = (x1.sin() * x2.sin() * (1.0 - (x1.powi(2) + x2.powi(2)).sqrt()).abs().exp()).abs();
    T::from_f64(-0.01 * (folded + 1.0).powf(0.1)).unwrap()
}

fn tray_dual(param: &[Dual; 2]) -> Dual {
    let [x1, x2] = *param;
    let one = Dual::from(1.0);
    let folded = (x1.sin() * x2.sin() * (one - (x1.powi(2) + x2.powi(2)).sqrt()).abs().exp()).abs();
    Dual::from(-0.01) * (folded + one).powf(Dual::from(0.1))
}

#[case((0.5, 4), (0.5, 0), dual = summed_dual)]
fn summed<T: Float>(x: T, n: usize) -> T {
    let y = x.to_f64().unwrap();
    let mut s = 0.0;
    for i in 0..n {
        s += (y * i as f64).sin();
    }
    let two = T::from(2.0).unwrap();
    <T as num_traits::NumCast>::from(s).unwrap() * x.powi(2) * two + T::from(s * y).expect("a float") + T::one()
}

fn summed_dual(x: Dual, n: usize) -> Dual {
    let mut s = Dual::from(0.0);
    for i in 0..n {
        s += (x * Dual::from(i as f64)).sin();
    }
    s * x.powi(2) * Dual::from(2.0) + s * x + Dual::from(1.0)
}
