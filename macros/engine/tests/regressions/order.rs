//! What is read where it stands, what follows once, and what cannot be kept in order.

use super::*;

regressions! {
    conditions_on_an_array_that_changes_between_them:
    fn f(x: f64, y: f64) -> f64 {
        let mut b = [x, y];
        let mut s = 0.0;
        if b[0] > 1.0 {
            s += x * x;
        }
        b[0] = 0.5 * x;
        if b[0] > 1.0 {
            s += y * x;
        }
        s + b[0] * b[1]
    }
    [float(1.2), float(0.4)], |x| f(x[0], x[1]);
}

/// What follows an `if` that panics or returns is lowered once, not in each of its arms.
#[test]
fn panics_beside_returns_do_not_double_what_follows() {
    let guards = "if s > 3.0 { if y > 3.0 { return s; } panic!(); } s *= y;".repeat(40);
    let source = format!("fn f(x: f64, y: f64) -> f64 {{ let mut s = x; {guards} s }}");
    assert!(check::lowered(&source).is_ok());
}

/// What would have to be evaluated in another order than it is written in, and what the standard library leaves open.
#[test]
fn what_cannot_be_kept_in_order_is_refused() {
    let chain = |rest: &str| {
        format!(
            "fn f(x: &[f64], y: &[f64]) -> f64 {{
                let mut acc = [0.0, y[0]];
                let s: f64 = {rest};
                s * acc[0] + acc[1]
            }}"
        )
    };
    // How often the function of the longer list is called.
    refused(&chain("x.iter().map(|v| { acc[0] += v; *v }).zip(y).map(|(a, b)| a * b).sum()"), "go through");
    refused(&chain("y.iter().zip(x.iter().map(|v| { acc[0] += v; *v })).map(|(a, b)| a * b).sum()"), "go through");
    // It is called for those that are not taken, too, from the end.
    refused(&chain("x.iter().map(|v| { acc[0] += v; *v }).take(2).rev().sum()"), "go through");

    let decision = |first: &str, second: &str| {
        format!(
            "fn f(v: [f64; 2], x: f64) -> f64 {{
                let (mut a, mut b, mut list) = (v, v[0], vec![1]);
                if ({first}) == ({second}) {{ x * a[0] }} else {{ x * x * b * list.len() as f64 }}
            }}"
        )
    };
    refused(&decision("a[0] > 4.0", "{ a[0] = 5.0; a[1] } > x.sin()"), "a block like this");
    refused(&decision("b > 4.0", "{ b = 5.0; a[1] } > x.sin()"), "a block like this");
    refused(&decision("list.pop().is_some()", "{ list.push(7); a[1] } > x.sin()"), "a block like this");
    refused(&decision("a[0] > 4.0", "a[1] > x.sin() && { a[0] = 7.0; a[1] > x.cos() }"), "a block like this");

    // A variable for the operand before would be another reference.
    let source = "fn f(v: f64, x: f64) -> f64 {
        let mut t = v * x;
        let r = &mut t;
        r.max({ *r = 3.0 * x; if x > 9.0 { return x * x } x }) + t
    }";
    refused(source, "a `return` in the middle");
}

/// Variants of an enum with the same members are none of each other.
#[test]
fn variants_are_not_mixed() {
    let joined = "fn f(x: f64, k: usize) -> f64 {
        let s = if k > 2 { Shape::Circle { r: x } } else { Shape::Square { r: x } };
        match s { Shape::Square { r } => r * r, Shape::Circle { r } => 3.0 * r }
    }";
    refused(joined, "a float is needed here");
    let assigned = "fn f(x: f64, k: usize) -> f64 {
        let mut s = Shape::Circle { r: x };
        if k > 2 { s = Shape::Square { r: 2.0 * x }; }
        match s { Shape::Square { r } => r * r, Shape::Circle { r } => 3.0 * r }
    }";
    refused(assigned, "an assignment like this");
    let taken_apart = "fn f(x: f64) -> f64 {
        let Shape::Square { r } = (Shape::Circle { r: x }) else { panic!() };
        r
    }";
    refused(taken_apart, "goes into a struct");
}
