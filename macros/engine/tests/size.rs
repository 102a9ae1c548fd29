//! How much code is emitted, in tokens: a Hessian is the gradient once more, whatever the number of its columns, and derivatives of every
//! order are one pass.

use proc_macro2::{TokenStream, TokenTree};

/// Tokens, groups with what is in them.
fn count(tokens: TokenStream) -> usize {
    let one = |token| if let TokenTree::Group(group) = token { 2 + count(group.stream()) } else { 1 };
    tokens.into_iter().map(one).sum()
}

/// How many tokens the companions of a kind have, beside the hidden ones for callers.
fn size(kind: &str, function: &str) -> usize {
    let function: TokenStream = function.parse().expect("the source is Rust");
    let attribute: TokenStream = format!("{kind}, standalone").parse().expect("the attribute is Rust");
    let whole = symgrad_engine::expand(attribute, function.clone());
    assert!(!whole.to_string().contains("compile_error"), "{whole}");
    count(whole) - count(function)
}

const LOOPS: [&str; 3] = [
    "fn f(x: &[f64; N]) -> f64 { let mut sum = 0.0; for i in 1..N { let a = x[i] - x[i - 1] * x[i - 1]; sum += 100.0 * a * a + \
     (1.0 - x[i - 1]).powi(2); } sum }",
    "fn f(x: &[f64; N]) -> f64 { let mut y = *x; for k in 0..5 { for i in 1..N { y[i] = y[i - 1] * x[i].sin() + y[i]; } } let mut sum = \
     0.0; for v in y { if v > 0.5 { sum += v.exp(); } else { sum += v * v; } } sum.sqrt() }",
    "fn f(x: &[f64; N]) -> f64 { let mut s = x[0]; let mut n = 0; while s < 10.0 { s = s * (1.5 + x[n % N].cos()) + x[1]; n += 1; } s }",
];

#[test]
fn a_hessian_is_a_small_multiple_of_the_gradient() {
    for function in LOOPS {
        let of = |n: &str| function.replace('N', n);
        let (gradient, small, large) =
            (size("gradient", &of("4")), size("hessian", &of("4")), size("hessian", &of("16")));
        let (product, slices) =
            (size("hvp", &of("4")), size("hessian", &function.replace("; N]", "]").replace('N', "x.len()")));
        assert!(small <= 3 * gradient, "{small} to {gradient}: {function}");
        assert!(slices <= 3 * gradient, "{slices} to {gradient}: {function}");
        assert!(product <= 2 * gradient, "{product} to {gradient}: {function}");
        assert_eq!(small, large, "{function}");
    }
}

/// Of numbers alone the columns are unrolled in types, not in code.
#[test]
fn a_hessian_of_numbers_is_a_small_multiple_of_the_gradient() {
    for n in [2, 8, 24] {
        let params: Vec<String> = (0..n).map(|k| format!("x{k}: f64")).collect();
        let terms: Vec<String> = (0..n).map(|k| format!("(x{k} * x{}).sin()", (k + 1) % n)).collect();
        let function = format!("fn f({}) -> f64 {{ {} }}", params.join(", "), terms.join(" + "));
        let (gradient, hessian) = (size("gradient", &function), size("hessian", &function));
        assert!(hessian <= 3 * gradient, "{hessian} to {gradient}, of {n} numbers");
    }
}

#[test]
fn derivatives_of_every_order_are_one_pass() {
    let body: Vec<String> = (0..25).map(|k| format!("let y = (y * x + {k}.5).sin() / (1.0 + y * y);")).collect();
    let function = format!("fn f(x: f64) -> f64 {{ let y = x; {} y }}", body.join(" "));
    let (low, high) = (size("derivatives(2)", &function), size("derivatives(10)", &function));
    assert_eq!(low, high);
    let gradient = size("gradient", &function);
    assert!(high <= 2 * gradient, "{high} to {gradient}");
}
