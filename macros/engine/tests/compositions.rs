//! Compositions in the ways in which people write them, against references of high precision: where the chain rule of their
//! parts loses digits or is NaN, their derivative is as good as that of a function with a name. Forward and reverse mode.

#[path = "random_programs/check.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod check;
#[allow(dead_code, reason = "other tests use the rest")]
mod reference;

use check::lowered;
use reference::{Record, is_sensible, ulps};
use std::fmt::Write as _;
use symgrad_engine::analysis::varied::varied;
use symgrad_engine::interpret::{Datum, Interpreter};
use symgrad_engine::reverse::{Strategies, gradient};
use symgrad_engine::{forward, log_sum, simplify};

/// What is asked of a derivative, and of those in which the rounding of a sum of several terms counts.
const GATE: f64 = 4.0;
const GATES_OF_SUMS: [(&str, f64); 2] = [("c_logsumexp", 7.0), ("c_softmax", 6.0)];

/// Of two terms that cancel there, less is left than a gate can ask for.
fn is_near_root(function: &str, derivative: f64) -> bool {
    function == "c_silu" && derivative.abs() < 0.05
}

/// Each with the name that it has in the reference.
const SPELLINGS: &[(&str, &[&str])] = &[
    (
        "c_sigmoid",
        &[
            "1.0 / (1.0 + (-x).exp())",
            "1. / (1. + f64::exp(-x))",
            "(1.0 + (-x).exp()).recip()",
            "((-x).exp() + 1.0).powi(-1)",
            "((-x).exp() + 1.0).powf(-1.0)",
            "1.0 / (1.0 + libm::exp(-x))",
            "1.0 / (1.0 + num_traits::Float::exp(-x))",
            "{ let e = (-x).exp(); let below = e + 1.0; 1.0 / below }",
            "if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { let z = x.exp(); z / (1.0 + z) }",
            "if x < 0.0 { x.exp() / (x.exp() + 1.0) } else { 1.0 / (1.0 + (-x).exp()) }",
        ],
    ),
    (
        "c_softplus",
        &[
            "(1.0 + x.exp()).ln()",
            "x.exp().ln_1p()",
            "f64::ln(x.exp() + 1.0)",
            "libm::log1p(libm::exp(x))",
            "libm::fmax(x, 0.0) + libm::log1p(libm::exp(-libm::fabs(x)))",
            "x.max(0.0) + (-x.abs()).exp().ln_1p()",
            "(-x.abs()).exp().ln_1p() + f64::max(x, 0.0)",
            "(1.0 + (-x.abs()).exp()).ln() + 0.0_f64.max(x)",
            "if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }",
        ],
    ),
    (
        "c_log_sigmoid",
        &[
            "-(1.0 + (-x).exp()).ln()",
            "-(-x).exp().ln_1p()",
            "(1.0 / (1.0 + (-x).exp())).ln()",
            "(x.exp() / (1.0 + x.exp())).ln()",
            "{ let p = 1.0 / (1.0 + x.exp()); (1.0 - p).ln() }",
            "-((-x).max(0.0) + (-(-x).abs()).exp().ln_1p())",
            "x.min(0.0) - (-x.abs()).exp().ln_1p()",
            "f64::min(0.0, x) - (1.0 + (-x.abs()).exp()).ln()",
        ],
    ),
    ("c_silu", &["x / (1.0 + (-x).exp())", "x * (1.0 / (1.0 + (-x).exp()))"]),
    (
        "c_gauss",
        &[
            "(-x * x / 2.0).exp()",
            "(-0.5 * x * x).exp()",
            "(-(x * x) / 2.0).exp()",
            "(-x.powi(2) / 2.0).exp()",
            "(-0.5 * x.powi(2)).exp()",
            "(x * x * -0.5).exp()",
            "(-(0.5 * x * x)).exp()",
            "{ let u = x * x; f64::exp(-u * 0.5) }",
            "(-x.powf(2.0) / 2.0).exp()",
            "libm::exp(-0.5 * x * x)",
        ],
    ),
    ("c_xlnx", &["x * x.ln()", "x.ln() * x", "{ let l = f64::ln(x); l * x }"]),
    ("c_sqrt1px2", &["(1.0 + x * x).sqrt()", "(x.powi(2) + 1.0).sqrt()", "(1.0 + x.powi(2)).sqrt()"]),
    ("c_sqrtx2", &["(x * x).sqrt()", "x.powi(2).sqrt()"]),
    ("c_lncosh", &["x.cosh().ln()"]),
    (
        "c_logaddexp",
        &[
            "(x.exp() + y.exp()).ln()",
            "x.max(y) + (-(x - y).abs()).exp().ln_1p()",
            "(-(y - x).abs()).exp().ln_1p() + y.max(x)",
            "{ let m = x.max(y); m + ((x - m).exp() + (y - m).exp()).ln() }",
            "if x > y { x + (y - x).exp().ln_1p() } else { y + (x - y).exp().ln_1p() }",
            "{ let d = x - y; if d > 0.0 { x + (-d).exp().ln_1p() } else { y + d.exp().ln_1p() } }",
            "{ let (a, b) = if x > y { (x, y) } else { (y, x) }; a + (1.0 + (b - a).exp()).ln() }",
        ],
    ),
    (
        "c_norm2",
        &[
            "(x * x + y * y).sqrt()",
            "(y.powi(2) + x.powi(2)).sqrt()",
            "(x.powf(2.0) + y.powf(2.0)).sqrt()",
            "(x * x + y * y).powf(0.5)",
            "libm::sqrt(x * x + y * y)",
        ],
    ),
    (
        "c_norm3",
        &[
            "(x * x + y * y + z * z).sqrt()",
            "(x.powi(2) + y.powi(2) + z.powi(2)).sqrt()",
            "(z * z + (x * x + y * y)).sqrt()",
            "{ let v = [x, y, z]; (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt() }",
            "x.hypot(y).hypot(z)",
        ],
    ),
    (
        "c_logsumexp",
        &[
            "{ let mut s = 0.0; for v in x { s += v.exp(); } s.ln() }",
            "{ let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max); let mut s = 0.0; for i in 0..5 { s += (x[i] - m).exp(); } m + s.ln() }",
            "{ let mut m = x[0]; for i in 1..5 { if x[i] > m { m = x[i]; } } let s: f64 = x.iter().map(|v| (v - m).exp()).sum(); s.ln() + m }",
            "{ let m = x[0].max(x[1]).max(x[2]).max(x[3]).max(x[4]); m + ((x[0] - m).exp() + (x[1] - m).exp() + (x[2] - m).exp() + (x[3] - m).exp() + (x[4] - m).exp()).ln() }",
            "{ let m = x.iter().fold(f64::MIN, |a, &b| a.max(b)); let s: f64 = x.iter().map(|v| (v - m).exp()).sum(); -(-m - s.ln()) }",
            "{ let mut m = f64::NEG_INFINITY; for &v in &x { m = m.max(v); } let e: Vec<f64> = x.iter().map(|v| (v - m).exp()).collect(); m + e.iter().sum::<f64>().ln() }",
        ],
    ),
    (
        "c_softmax",
        &[
            "{ let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max); let mut s = 0.0; for i in 0..3 { s += (x[i] - m).exp(); } (x[0] - m).exp() / s }",
            "{ let mut m = x[2]; for v in x { m = v.max(m); } let s: f64 = x.iter().map(|&v| (v - m).exp()).sum(); f64::exp(x[0] - m) / s }",
        ],
    ),
];

/// The gradients of a function in reverse and in forward mode.
fn derivatives(source: &str, x: &[f64]) -> [Vec<f64>; 2] {
    let mut primal = lowered(source).unwrap_or_else(|e| panic!("{source}: {e}"));
    simplify::merge(&mut primal);
    log_sum::shift(&mut primal);
    let active = varied(&primal);
    let args: Vec<Datum> = x.iter().map(|&x| Datum::Float(x)).collect();
    let interpreter = Interpreter::default();
    let run = |func, args: &[Datum]| interpreter.run(func, args).unwrap_or_else(|e| panic!("{source}: {e}")).values;
    let mut reverse = gradient(&primal, &active, Strategies::default()).func;
    simplify::run(&mut reverse);
    let backward = run(&reverse, &args)[1..].to_vec();
    let forward::Jvp { func: mut jvp, tangents, .. } = forward::jvp(&primal, &active);
    simplify::run(&mut jvp);
    let along = |k: usize| {
        let kinds = tangents.iter().flatten().cloned().enumerate();
        let tangents: Vec<_> = kinds.map(|(j, kind)| (kind, Datum::Float(f64::from(u8::from(j == k))))).collect();
        interpreter.run_with(&jvp, &args, &tangents).unwrap_or_else(|e| panic!("{source}: {e}")).values[1]
    };
    [backward, (0..x.len()).map(along).collect()]
}

#[test]
fn every_spelling_passes_the_gate() {
    let records = Record::all();
    let mut failures = String::new();
    for (name, spellings) in SPELLINGS {
        let (parameters, list) = match *name {
            "c_logaddexp" | "c_norm2" => ("x: f64, y: f64", ""),
            "c_norm3" => ("x: f64, y: f64, z: f64", ""),
            "c_softmax" => ("a: f64, b: f64, c: f64", "let x = [a, b, c];"),
            "c_logsumexp" => ("a: f64, b: f64, c: f64, d: f64, e: f64", "let x = [a, b, c, d, e];"),
            _ => ("x: f64", ""),
        };
        for body in *spellings {
            let source = format!("fn f({parameters}) -> f64 {{ {list} {body} }}");
            let mut worst: f64 = 0.0;
            let gate = GATES_OF_SUMS.iter().find(|(of, _)| of == name).map_or(GATE, |(_, gate)| *gate);
            for record in records.iter().filter(|r| r.function == *name && !is_near_root(name, r.first[0])) {
                for (mode, found) in ["reverse", "forward"].iter().zip(derivatives(&source, &record.args)) {
                    for (k, &d) in found.iter().enumerate() {
                        let (nearest, rest) = (record.first[k], record.rest[k]);
                        let error = match record.class {
                            _ if nearest.is_normal() => ulps(d, nearest, rest),
                            _ if is_sensible(d, nearest) => 0.0,
                            _ => f64::INFINITY,
                        };
                        worst = worst.max(error);
                        if error > gate {
                            let at = &record.args;
                            let _ = writeln!(
                                failures,
                                "{name}: {body} at {at:?} by {mode}: ∂{k} = {d:e}, not {nearest:e}: {error:.1} ulp"
                            );
                        }
                    }
                }
            }
            println!("{worst:6.2} {name}: {body}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
