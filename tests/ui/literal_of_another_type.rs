//! A literal of which only a field tells that it is an `f32`.

use symgrad::differentiate;

struct Settings {
    tolerance: f32,
    x: f64,
}

#[differentiate]
fn literal(x: f64) -> f64 {
    let s = Settings { tolerance: 0.1, x };
    if f64::from(s.tolerance) > 0.1 { s.x } else { -s.x }
}

#[differentiate]
fn variable(x: f64) -> f64 {
    let small = -0.1;
    let s = Settings { tolerance: small, x };
    if f64::from(s.tolerance) > -0.1 { s.x } else { -s.x }
}

fn main() {
    literal_gradient(1.0);
    variable_gradient(1.0);
}
