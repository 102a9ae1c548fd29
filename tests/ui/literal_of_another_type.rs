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

struct Weighted {
    weights: [f32; 2],
    x: f64,
}

#[differentiate]
fn list(x: f64) -> f64 {
    let w = Weighted { weights: [0.1, 0.3], x };
    w.x * f64::from(w.weights[0])
}

#[differentiate]
fn chosen(x: f64, first: bool) -> f64 {
    let tolerance = if first { 0.1 } else { 0.2 };
    let s = Settings { tolerance, x };
    s.x * f64::from(s.tolerance)
}

type Single = f32;

#[differentiate]
fn by_alias(x: f64) -> f64 {
    fn scaled(x: f64, by: Single) -> f64 {
        x * f64::from(by)
    }
    scaled(x, 0.1)
}

fn load(k: u32) -> f32 {
    k as f32 * 0.3
}

/// Nothing but the data tells that it is an `f32`.
#[differentiate]
fn beside_data(x: f64, y: f64) -> f64 {
    let step = 0.1;
    let steps = (load(3) / step) as usize;
    [x, y][steps % 2] * step as f64
}

fn main() {
    beside_data_gradient(1.0, 2.0);
    list_gradient(1.0);
    chosen_gradient(1.0, true);
    by_alias_gradient(1.0);
    literal_gradient(1.0);
    variable_gradient(1.0);
}
