use symgrad::differentiate;

#[differentiate]
fn grids_that_grow(x: f64) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    rows.push(vec![x, 2.0 * x]);
    let mut grids = Vec::new();
    grids.push(rows.clone());
    grids[0][0][1]
}

fn main() {}
