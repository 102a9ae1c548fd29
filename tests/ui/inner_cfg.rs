//! `cfg` inside the function, where it is not followed; and a mistake in one of the versions.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let y = [x, #[cfg(debug_assertions)] 2.0];
    y[0] * x
}

#[differentiate]
fn g(x: f64, #[cfg(debug_assertions)] _y: f64) -> f64 {
    x
}

#[differentiate]
fn too_many(x: f64) -> f64 {
    #[cfg(unix)]
    println!("1");
    #[cfg(windows)]
    println!("2");
    #[cfg(debug_assertions)]
    println!("3");
    #[cfg(not(test))]
    println!("4");
    x * x
}

#[differentiate]
fn lost(x: f64) -> f64 {
    #[cfg(not(test))]
    let k = x as i32;
    #[cfg(test)]
    let k = x.to_bits();
    x * k as f64
}

fn main() {}
