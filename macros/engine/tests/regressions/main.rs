//! Functions that engines get wrong, each by name: the same text is compiled by rustc and differentiated by the engine.
//! The value is rustc's, bit for bit; the derivatives are held against extrapolated differences of the compiled function.

#[path = "../random_programs/check.rs"]
mod check;

use check::{Expected, Verdict, check};
use symgrad_engine::interpret::{Array, Datum, Interpreter};

/// Ridders' extrapolation of central differences.
fn derivative(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    const ROWS: usize = 9;
    let (mut best, mut error) = (f64::NAN, f64::INFINITY);
    for start in [1e-2, 1e-4] {
        let mut h = start * x.abs().max(1.0);
        let mut last: Vec<f64> = Vec::new();
        for _ in 0..ROWS {
            let (hi, lo) = (x + h, x - h);
            let mut row = vec![(f(hi) - f(lo)) / (hi - lo)];
            let mut factor = 1.96;
            for k in 0..last.len() {
                let next = (row[k] * factor - last[k]) / (factor - 1.0);
                let estimate = (next - row[k]).abs().max((next - last[k]).abs());
                if estimate < error {
                    (best, error) = (next, estimate);
                }
                row.push(next);
                factor *= 1.96;
            }
            last = row;
            h /= 1.4;
        }
    }
    best
}

fn float(x: f64) -> Datum {
    Datum::Float(x)
}

fn int(n: i128) -> Datum {
    Datum::Int(n)
}

fn array(data: &[f64]) -> Datum {
    Datum::Array(Array { shape: vec![data.len()], data: data.to_vec() })
}

fn matrix<const C: usize>(rows: &[[f64; C]]) -> Datum {
    Datum::Array(Array { shape: vec![rows.len(), C], data: rows.concat() })
}

fn numbers(args: &[Datum]) -> Vec<f64> {
    let mut all = Vec::new();
    for arg in args {
        match arg {
            Datum::Float(x) => all.push(*x),
            Datum::Array(a) => all.extend(&a.data),
            _ => {}
        }
    }
    all
}

fn agree(source: &str, args: &[Datum], compiled: impl Fn(&[f64]) -> f64) {
    let x = numbers(args);
    let partial = |k: usize| {
        let along = |t: f64| {
            let mut at = x.clone();
            at[k] = t;
            compiled(&at)
        };
        derivative(along, x[k])
    };
    let gradient: Vec<f64> = (0..x.len()).map(partial).collect();
    exactly(source, args, compiled(&x), &gradient, 1e-6);
}

fn exactly(source: &str, args: &[Datum], value: f64, gradient: &[f64], tolerance: f64) {
    let scale = gradient.iter().map(|d| d.abs().max(1.0)).collect();
    let expected = Expected { value, gradient: gradient.to_vec(), scale, tolerance };
    match check(&Interpreter::default(), source, args, &expected) {
        Verdict::Fine => {}
        Verdict::Rejected(messages) => panic!("{source}\nis refused: {messages}"),
        Verdict::Wrong(text) => panic!("{source}\n{text}"),
    }
}

fn refused(source: &str, because: &str) {
    match check::lowered(source) {
        Ok(func) => panic!("{source}\nis accepted:\n{func}"),
        Err(messages) => assert!(messages.contains(because), "{messages}"),
    }
}

/// `name: function; arguments; how to call it with the numbers among them in a row.`
macro_rules! regressions {
    ($($(#[$doc:meta])* $name:ident: $function:item [$($arg:expr),* $(,)?], |$x:ident| $call:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        #[allow(warnings, clippy::all, clippy::pedantic, reason = "what people write")]
        fn $name() {
            $function
            agree(stringify!($function), &[$($arg),*], |$x: &[f64]| $call);
        }
    )*};
}

mod arrays;
mod branches;
mod eight;
mod found;
mod loops;
mod order;
mod scalars;
