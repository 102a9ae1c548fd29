use symgrad::differentiate;

// What was taken by `f` is not known here.
#[differentiate]
fn taken_elsewhere(x: &[f64]) -> f64 {
    let mut it = x.iter().map(|v| v * v);
    let first = it.next().unwrap();
    let rest: f64 = it.try_fold(0.0, |a, b| if b > 1.0 { None } else { Some(a + b) }).unwrap();
    first * rest
}

// It is followed as long as no method is called that is not.
#[differentiate]
fn in_a_macro(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let first = it.next().unwrap();
    println!("{}", it.len());
    *first
}

// A guard is evaluated as it is written.
#[differentiate]
fn in_a_guard(x: &[f64], n: Option<usize>) -> f64 {
    let mut it = x.iter();
    let first = it.next().unwrap();
    let k = match n {
        Some(k) if it.next().is_some() => k,
        _ => 2,
    };
    first * k as f64
}

fn main() {}
