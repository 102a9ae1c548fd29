use symgrad::differentiate;

#[differentiate]
fn rows_that_grow(x: f64) -> f64 {
    let mut rows = Vec::new();
    rows.push(vec![x, 2.0 * x]);
    rows[0][1]
}

fn main() {}
