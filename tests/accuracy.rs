//! Every rule and every known composition from the attribute to the number: gradient, `jvp` and Hessian, by method and by path,
//! in `f64` and `f32`, against references of high precision.
//!
//! The gate is at most 4 ulp where the derivative is regular, 5 of a second one, and a result that is neither zero nor infinite nor
//! NaN where the true one is a normal number. In `f32` the reference is the derivative in `f64` at the same point, which the table
//! judges.
#![allow(clippy::suboptimal_flops, clippy::imprecise_flops, reason = "as users write them")]

#[path = "../macros/engine/tests/reference/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod reference;

use num_traits::Float;
use reference::{Record, is_sensible, ulps};
use std::fmt::Write as _;
use symgrad::differentiate;

/// What is asked of a derivative of each kind, in units in the last place: of all functions the same.
const GATES: [(&str, f64); 3] = [("gradient", 4.0), ("jvp", 4.0), ("Hessian", 5.0)];

type Numbers = fn(&[f64]) -> Vec<f64>;

/// A function in one spelling. Hessians are by rows, in full.
#[derive(Clone)]
struct Spelling {
    function: &'static str,
    body: &'static str,
    gradient: Numbers,
    tangents: Numbers,
    hessian: Numbers,
    /// The same in `f32`.
    single: [Numbers; 3],
}

#[allow(clippy::cast_possible_truncation, reason = "points that are no `f32` are left out")]
fn narrow(x: f64) -> f32 {
    x as f32
}

/// Companions of a function of one, two or three numbers, as functions of a slice. In brackets: the type parameter, if there is one.
macro_rules! kinds {
    ([$($of:tt)*] $float:ident, $read:path, $write:path, |$x:ident| $body:expr) => {{
        #[differentiate(gradient, jvp, hessian)]
        fn f $($of)* ($x: $float) -> $float {
            $body
        }
        let gradient: Numbers = |x| vec![$write(f_gradient($read(x[0])))];
        let tangents: Numbers = |x| vec![$write(f_jvp($read(x[0]), $read(1.0)).1)];
        let hessian: Numbers = |x| vec![$write(f_hessian($read(x[0])))];
        [gradient, tangents, hessian]
    }};
    ([$($of:tt)*] $float:ident, $read:path, $write:path, |$x:ident, $y:ident| $body:expr) => {{
        #[differentiate(gradient, jvp, hessian)]
        fn f $($of)* ($x: $float, $y: $float) -> $float {
            $body
        }
        let gradient: Numbers = |x| f_gradient($read(x[0]), $read(x[1])).map($write).to_vec();
        let tangents: Numbers = |x| {
            let along = |u, v| $write(f_jvp($read(x[0]), $read(x[1]), $read(u), $read(v)).1);
            vec![along(1.0, 0.0), along(0.0, 1.0)]
        };
        let hessian: Numbers =
            |x| f_hessian($read(x[0]), $read(x[1])).as_flattened().iter().copied().map($write).collect();
        [gradient, tangents, hessian]
    }};
    ([$($of:tt)*] $float:ident, $read:path, $write:path, |$x:ident, $y:ident, $z:ident| $body:expr) => {{
        #[differentiate(gradient, jvp, hessian)]
        fn f $($of)* ($x: $float, $y: $float, $z: $float) -> $float {
            $body
        }
        let gradient: Numbers = |x| f_gradient($read(x[0]), $read(x[1]), $read(x[2])).map($write).to_vec();
        let tangents: Numbers = |x| {
            let along = |u, v, w| {
                $write(f_jvp($read(x[0]), $read(x[1]), $read(x[2]), $read(u), $read(v), $read(w)).1)
            };
            vec![along(1.0, 0.0, 0.0), along(0.0, 1.0, 0.0), along(0.0, 0.0, 1.0)]
        };
        let hessian: Numbers =
            |x| f_hessian($read(x[0]), $read(x[1]), $read(x[2])).as_flattened().iter().copied().map($write).collect();
        [gradient, tangents, hessian]
    }};
}

/// Spellings of a function that are the same in both widths.
macro_rules! spellings {
    ($($function:literal: $(|$($x:ident),+| $body:expr;)+)+) => {
        vec![$($(Spelling::new(
            $function,
            stringify!($body),
            kinds!([] f64, f64::from, f64::from, |$($x),+| $body),
            kinds!([] f32, narrow, f64::from, |$($x),+| $body),
        )),+),+]
    };
}

/// Methods of floats, called as such and by path, those of a type parameter and of the trait.
macro_rules! methods {
    ($(|$x:ident $(, $y:ident)*| $($method:ident)+;)+) => {
        vec![$(methods!(@all ($x $(, $y)*) $($method)+)),+].concat()
    };
    (@all $params:tt $($method:ident)+) => { vec![$(methods!(@one $params $method)),+].concat() };
    (@one ($x:ident $(, $y:ident)*) $method:ident) => {
        vec![
            Spelling::new(
                stringify!($method),
                "as a method",
                kinds!([] f64, f64::from, f64::from, |$x $(, $y)*| $x.$method($($y),*)),
                kinds!([] f32, narrow, f64::from, |$x $(, $y)*| $x.$method($($y),*)),
            ),
            Spelling::new(
                stringify!($method),
                "by path",
                kinds!([] f64, f64::from, f64::from, |$x $(, $y)*| f64::$method($x $(, $y)*)),
                kinds!([] f32, narrow, f64::from, |$x $(, $y)*| f32::$method($x $(, $y)*)),
            ),
            Spelling::new(
                stringify!($method),
                "of a type parameter",
                kinds!([<T: Float>] T, f64::from, f64::from, |$x $(, $y)*| $x.$method($($y),*)),
                kinds!([<T: Float>] T, narrow, f64::from, |$x $(, $y)*| $x.$method($($y),*)),
            ),
            Spelling::new(
                stringify!($method),
                "of the trait",
                kinds!([] f64, f64::from, f64::from, |$x $(, $y)*| Float::$method($x $(, $y)*)),
                kinds!([] f32, narrow, f64::from, |$x $(, $y)*| Float::$method($x $(, $y)*)),
            ),
        ]
    };
}

/// Functions of `libm`, by the names of the methods.
macro_rules! libm {
    ($(|$x:ident $(, $y:ident)*| $($method:literal $double:ident $single:ident;)+)+) => {
        vec![$(libm!(@all ($x $(, $y)*) $($method $double $single;)+)),+].concat()
    };
    (@all $params:tt $($method:literal $double:ident $single:ident;)+) => {
        vec![$(libm!(@one $params $method $double $single)),+]
    };
    (@one ($x:ident $(, $y:ident)*) $method:literal $double:ident $single:ident) => {
        Spelling::new(
            $method,
            concat!("libm::", stringify!($double)),
            kinds!([] f64, f64::from, f64::from, |$x $(, $y)*| libm::$double($x $(, $y)*)),
            kinds!([] f32, narrow, f64::from, |$x $(, $y)*| libm::$single($x $(, $y)*)),
        )
    };
}

impl Spelling {
    fn new(function: &'static str, body: &'static str, double: [Numbers; 3], single: [Numbers; 3]) -> Self {
        let [gradient, tangents, hessian] = double;
        Spelling { function, body, gradient, tangents, hessian, single }
    }
}

fn rules() -> Vec<Spelling> {
    let mut all = methods! {
        |x| sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp_m1 ln ln_1p log2 log10 sqrt cbrt recip
            to_degrees to_radians abs fract;
        |x, y| atan2 hypot powf log max min copysign;
        |x, y, z| mul_add clamp;
    };
    all.extend(libm! {
        |x| "sin" sin sinf; "cos" cos cosf; "tan" tan tanf; "asin" asin asinf; "acos" acos acosf; "atan" atan atanf;
            "sinh" sinh sinhf; "cosh" cosh coshf; "tanh" tanh tanhf; "asinh" asinh asinhf; "acosh" acosh acoshf;
            "atanh" atanh atanhf; "exp" exp expf; "exp2" exp2 exp2f; "exp_m1" expm1 expm1f; "ln" log logf;
            "ln_1p" log1p log1pf; "log2" log2 log2f; "log10" log10 log10f; "sqrt" sqrt sqrtf; "cbrt" cbrt cbrtf;
            "abs" fabs fabsf; "erf" erf erff;
        |x, y| "atan2" atan2 atan2f; "hypot" hypot hypotf; "powf" pow powf; "max" fmax fmaxf; "min" fmin fminf;
            "copysign" copysign copysignf; "rem" fmod fmodf;
        |x, y, z| "mul_add" fma fmaf;
    });
    all.extend(spellings! {
        "rem_euclid": |x, y| x.rem_euclid(y);
        "neg": |x| -x;
        "add": |x, y| x + y;
        "mul": |x, y| x * y;
        "div": |x, y| x / y;
        "rem": |x, y| x % y;
        "powi_2": |x| x.powi(2); |x| x * x;
        "powi_3": |x| x.powi(3); |x| x * x * x;
        "powi_4": |x| x.powi(4);
        "powi_5": |x| x.powi(5);
        "powi_6": |x| x.powi(6);
        "powi_7": |x| x.powi(7);
        "powi_8": |x| x.powi(8);
        "powi_9": |x| x.powi(9);
        "powi_10": |x| x.powi(10);
        "powi_m1": |x| x.powi(-1); |x| 1.0 / x;
        "powi_m2": |x| x.powi(-2);
        "powi_m3": |x| x.powi(-3);
        "powi_m4": |x| x.powi(-4);
        "powi_m5": |x| x.powi(-5);
        "powi_m6": |x| x.powi(-6);
        "powi_m7": |x| x.powi(-7);
        "powi_m8": |x| x.powi(-8);
        "powi_m9": |x| x.powi(-9);
        "powi_m10": |x| x.powi(-10);
    });
    all
}

fn compositions() -> Vec<Spelling> {
    spellings! {
        "c_sigmoid": |x| 1.0 / (1.0 + (-x).exp()); |x| (1.0 + (-x).exp()).recip();
            |x| if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { let z = x.exp(); z / (1.0 + z) };
        "c_softplus": |x| (1.0 + x.exp()).ln(); |x| x.exp().ln_1p(); |x| x.max(0.0) + (-x.abs()).exp().ln_1p();
        "c_log_sigmoid": |x| -(1.0 + (-x).exp()).ln(); |x| (1.0 / (1.0 + (-x).exp())).ln();
            |x| x.min(0.0) - (-x.abs()).exp().ln_1p();
        "c_silu": |x| x / (1.0 + (-x).exp()); |x| x * (1.0 / (1.0 + (-x).exp()));
        "c_xlnx": |x| x * x.ln();
        "c_gauss": |x| (-x * x / 2.0).exp(); |x| (-0.5 * x.powi(2)).exp();
        "c_sqrt1px2": |x| (1.0 + x * x).sqrt(); |x| (x.powi(2) + 1.0).sqrt();
        "c_sqrtx2": |x| (x * x).sqrt();
        "c_lncosh": |x| x.cosh().ln();
        "c_logaddexp": |x, y| (x.exp() + y.exp()).ln();
            |x, y| { let m = x.max(y); m + ((x - m).exp() + (y - m).exp()).ln() };
            |x, y| if x > y { x + (y - x).exp().ln_1p() } else { y + (x - y).exp().ln_1p() };
        "c_norm2": |x, y| (x * x + y * y).sqrt(); |x, y| (x.powf(2.0) + y.powf(2.0)).powf(0.5);
        "c_norm3": |x, y, z| (x * x + y * y + z * z).sqrt(); |x, y, z| x.hypot(y).hypot(z);
        "c_prod3": |x, y, z| x * y * z;
    }
}

/// A circular function is noise at arguments above 10²⁵⁰; where a derivative has a root, its terms cancel.
fn is_exempt(record: &Record) -> bool {
    match record.function {
        "sin" | "cos" | "tan" => record.args[0].abs() > 1e250,
        "c_silu" => [-1.278, -2.399, 2.399].iter().any(|root| (record.args[0] - root).abs() < 0.3),
        _ => false,
    }
}

/// A direction along one axis multiplies the other partial derivatives by zero, which is no number where they are infinite.
fn no_products_of_zero_and_infinity(partials: &[f64]) -> bool {
    partials.len() == 1 || partials.iter().all(|d| d.is_finite())
}

/// How far a number is from the true one, in ulp; infinite where it must not be what it is.
fn error(class: &str, found: f64, nearest: f64, rest: f64) -> f64 {
    match class {
        "reg" | "sub" if nearest == 0.0 || nearest.is_normal() => ulps(found, nearest, rest),
        "reg" | "sub" if is_sensible(found, nearest) => 0.0,
        // The logarithm has a derivative where it has no value.
        "dom" => 0.0,
        _ if found == nearest || found.is_nan() && nearest.is_nan() => 0.0,
        _ => f64::INFINITY,
    }
}

#[derive(Default)]
struct Report {
    failures: String,
    count: usize,
}

impl Report {
    fn check(&mut self, spelling: &Spelling, kind: &str, errors: impl Iterator<Item = (f64, String)>) {
        let (_, gate) = GATES.into_iter().find(|(of, _)| kind.starts_with(of)).expect("a kind");
        let mut worst: f64 = 0.0;
        let (mut failed, mut example) = (0, String::new());
        for (error, context) in errors {
            worst = worst.max(error);
            if error > gate {
                failed += 1;
                example = format!("{error:.1} ulp {context}");
            }
        }
        println!("{worst:7.2} {} {} {kind}", spelling.function, spelling.body);
        if failed > 0 {
            self.count += failed;
            let Spelling { function, body, .. } = spelling;
            let _ = writeln!(self.failures, "{function}: {body}: {kind}: {failed} points, such as {example}");
        }
    }

    fn finish(self) {
        assert!(self.failures.is_empty(), "{}", self.failures);
    }
}

fn records(spelling: &Spelling, all: &[Record]) -> Vec<Record> {
    let own = |r: &&Record| r.function == spelling.function && !is_exempt(r);
    all.iter().filter(own).cloned().collect()
}

#[test]
fn first_derivatives() {
    let (mut report, all) = (Report::default(), Record::all());
    for spelling in rules().iter().chain(&compositions()) {
        for (kind, numbers) in [("gradient", spelling.gradient), ("jvp", spelling.tangents)] {
            let mut records = records(spelling, &all);
            assert!(!records.is_empty(), "{}", spelling.function);
            if kind == "jvp" {
                records.retain(|r| no_products_of_zero_and_infinity(&r.first));
            }
            let errors = records.iter().flat_map(|r| {
                numbers(&r.args).into_iter().enumerate().map(|(k, found)| {
                    let (nearest, rest) = (r.first[k], r.rest[k]);
                    (error(r.class, found, nearest, rest), format!("at {:?} ∂{k} = {found:e}, not {nearest:e}", r.args))
                })
            });
            report.check(spelling, kind, errors);
        }
    }
    report.finish();
}

#[test]
fn second_derivatives() {
    let (mut report, all) = (Report::default(), Record::all());
    for spelling in rules().iter().chain(&compositions()) {
        let records = records(spelling, &all);
        let errors = records
            .iter()
            .filter(|r| r.class == "reg" && !r.second.is_empty() && no_products_of_zero_and_infinity(&r.second))
            .flat_map(|r| {
                let n = r.args.len();
                let found = (spelling.hessian)(&r.args);
                let upper = (0..n).flat_map(move |i| (i..n).map(move |j| (i, j)));
                upper.zip(r.second.clone()).map(move |((i, j), nearest)| {
                    let found = found[i * n + j];
                    (error("reg", found, nearest, 0.0), format!("at {:?} ∂{i}{j} = {found:e}, not {nearest:e}", r.args))
                })
            });
        report.check(spelling, "Hessian", errors);
    }
    report.finish();
}

/// A number in `f32` against one in `f64`, in units in the last place of `f32`.
fn single_error(found: f64, nearest: f64) -> f64 {
    let rounded = narrow(nearest);
    if nearest.is_nan() {
        return if found.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if rounded == 0.0 && nearest == 0.0 {
        return if found == 0.0 { 0.0 } else { f64::INFINITY };
    }
    if !rounded.is_normal() {
        // It overflows or underflows: only the direction is asked for.
        let sensible = if rounded.is_finite() { found.abs() <= 2.0 * f64::from(f32::MIN_POSITIVE) } else { true };
        return if sensible { 0.0 } else { f64::INFINITY };
    }
    if !found.is_finite() || found == 0.0 {
        return f64::INFINITY;
    }
    let ulp = f64::from(f32::from_bits(rounded.abs().to_bits() + 1)) - f64::from(rounded.abs());
    (found - nearest).abs() / ulp
}

#[test]
fn single_precision() {
    let (mut report, all) = (Report::default(), Record::all());
    for spelling in rules().iter().chain(&compositions()) {
        let points: Vec<Vec<f64>> = records(spelling, &all)
            .into_iter()
            .filter(|r| r.class == "reg")
            .map(|r| r.args.iter().map(|&x| f64::from(narrow(x))).collect::<Vec<f64>>())
            .filter(|x| x.iter().all(|&x| narrow(x) == 0.0 || narrow(x).is_normal()))
            .collect();
        let in_range = |x: &Vec<f64>| {
            let all = [(spelling.gradient)(x), (spelling.hessian)(x)].concat();
            x.len() == 1 || all.into_iter().all(|d| d == 0.0 || narrow(d).is_normal())
        };
        let points: Vec<Vec<f64>> = points.into_iter().filter(in_range).collect();
        let double = [spelling.gradient, spelling.tangents, spelling.hessian];
        for ((kind, double), single) in ["gradient", "jvp", "Hessian"].into_iter().zip(double).zip(spelling.single) {
            let errors = points.iter().flat_map(|x| {
                let context = move |k: usize, f: f64, n: f64| format!("at {x:?} {k}: {f:e}, not {n:e}");
                let pairs = single(x).into_iter().zip(double(x)).enumerate();
                pairs.map(move |(k, (found, nearest))| (single_error(found, nearest), context(k, found, nearest)))
            });
            report.check(spelling, &format!("{kind} in f32"), errors);
        }
    }
    report.finish();
}
