//! Arguments and a result that do not fit: the stubs of a function with an error are typed like the companions.

use symgrad::differentiate;

#[differentiate(gradient, jvp, wrt(a, x))]
fn f(a: &[f64; 2], x: f64, data: &[f64]) -> f64 {
    a[0] * x as i32 as f64 + data[0] * a[1]
}

fn main() {
    let (value, ([da, db], dx)) = f_value_and_gradient(&[1.0, 2.0], 3.0, &[4.0]);
    let mut ga = [0.0; 2];
    let mut gx = 0.0;
    let again: f64 = f_value_and_gradient_into(&[1.0, 2.0], 3.0, &[4.0], &mut ga, &mut gx);
    let (_, tangent) = f_jvp(&[1.0, 2.0], 3.0, &[4.0], &[da, db], dx);
    println!("{value} {again} {tangent}");
}
