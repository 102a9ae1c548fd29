use symgrad::differentiate;

#[differentiate(gradient)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiate(gradient)]
fn in_place(b: &mut [f64]) {
    b[0] *= b[1];
}

#[differentiate]
fn elsewhere(x: f64) -> [f64; 2] {
    std::convert::identity([x, x])
}

#[differentiate]
fn as_it_comes(x: f64) -> Result<f64, String> {
    let result = Ok(2.0 * x);
    result
}

#[differentiate]
fn asked(x: f64) -> Option<f64> {
    Some(Some(x)? * x)
}

fn main() {}
