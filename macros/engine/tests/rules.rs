//! The table of primitives against references of high precision (`data/README.md`).
//!
//! The gate: at most 4 ulp where the derivative is regular, 5 of a second one, never a result that is not finite or is zero where the true
//! one is a finite normal number, and the conventions at kinks and singularities exactly.
#![allow(clippy::float_cmp, reason = "a convention is an exact value")]

mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use reference::{Record, is_sensible, ulps};
use symgrad_engine::rules::derivative::{ADD, INACTIVE_METHODS, REJECTED_METHODS, TABLE, method};
use symgrad_engine::rules::library::path;
use symgrad_engine::rules::{Form, Host, Node, Partial, Prim, times_partial};

/// Records what formulas build, with the values, so that a formula can be differentiated in turn.
#[derive(Default)]
struct Tape {
    nodes: Vec<(f64, Origin)>,
}

/// What computed a value; `None` for an input or a constant.
type Origin = Option<(Prim, Vec<Node>)>;

impl Tape {
    fn value(&self, (Node::Built(n) | Node::Primal(n)): Node) -> f64 {
        self.nodes[n as usize].0
    }

    fn push(&mut self, value: f64, origin: Origin) -> Node {
        self.nodes.push((value, origin));
        Node::Built(u32::try_from(self.nodes.len() - 1).expect("a small tape"))
    }

    /// The derivative of `node` with respect to `input`; `None` where there is no path.
    fn tangent(&mut self, node: Node, input: Node) -> Option<Node> {
        if node == input {
            return Some(self.constant(1.0));
        }
        let Node::Built(n) = node else { return None };
        let (prim, args) = self.nodes[n as usize].1.clone()?;
        let mut sum = None;
        for (k, &arg) in args.iter().enumerate() {
            if matches!(prim.partials[k], Partial::Zero) {
                continue;
            }
            let Some(g) = self.tangent(arg, input) else { continue };
            let term = times_partial(self, prim, k, g, &args, node).expect("a registered partial");
            sum = Some(sum.map_or(term, |s| self.apply(&ADD, &[s, term])));
        }
        sum
    }
}

impl Host for Tape {
    fn apply(&mut self, prim: Prim, args: &[Node]) -> Node {
        let x: Vec<f64> = args.iter().map(|&a| self.value(a)).collect();
        self.push((prim.eval)(&x), Some((prim, args.to_vec())))
    }

    fn constant(&mut self, value: f64) -> Node {
        self.push(value, None)
    }
}

impl Record {
    /// The primitives that the record is about, each with the sign by which its derivatives differ.
    fn primitives(&self) -> Vec<(Prim, f64)> {
        let find = |name| TABLE.iter().copied().find(|p| p.name == name).expect(name);
        match self.function {
            "erf" => [("erf", 1.0), ("erff", 1.0), ("erfc", -1.0), ("erfcf", -1.0)]
                .map(|(name, sign)| (path(&format!("libm::{name}")).expect(name), sign))
                .to_vec(),
            f if f.starts_with("powi_") => vec![(find("powi"), 1.0)],
            // They have a test of their own.
            f if f.starts_with("c_") => vec![],
            f => vec![(find(f), 1.0)],
        }
    }

    /// The arguments as the primitive takes them: the exponent of `powi_N` is in its name.
    fn operands(&self) -> Vec<f64> {
        let mut x = self.args.clone();
        if let Some(n) = self.function.strip_prefix("powi_") {
            x.push(n.replace('m', "-").parse().expect("an exponent"));
        }
        x
    }

    /// What is not asked for: a power loses half an ulp a multiplication, and a circular function is noise at arguments
    /// above 10²⁵⁰.
    fn is_exempt(&self) -> bool {
        match self.function {
            f if f.starts_with("powi_") => self.operands()[1].abs() > 10.0,
            "sin" | "cos" | "tan" => self.args[0].abs() > 1e250,
            _ => false,
        }
    }
}

/// A primitive applied to a record's operands.
fn primal(prim: Prim, x: &[f64]) -> (Tape, Vec<Node>, Node) {
    let mut tape = Tape::default();
    let x: Vec<Node> = x.iter().map(|&v| tape.constant(v)).collect();
    let y = tape.apply(prim, &x);
    (tape, x, y)
}

/// `g·∂y/∂xₖ`, zero where structurally so.
fn first(prim: Prim, x: &[f64], k: usize, g: f64) -> f64 {
    let (mut tape, x, y) = primal(prim, x);
    let g = tape.constant(g);
    times_partial(&mut tape, prim, k, g, &x, y).map_or(0.0, |d| tape.value(d))
}

/// Whether an error in ulp says something.
fn is_value(value: f64) -> bool {
    value == 0.0 || value.is_normal()
}

/// Accumulates what a test found, to report it all at once.
#[derive(Default)]
struct Report {
    worst: BTreeMap<String, f64>,
    failures: String,
}

impl Report {
    fn ulps(&mut self, what: &str, limit: f64, error: f64, context: impl FnOnce() -> String) {
        let worst = self.worst.entry(what.to_owned()).or_default();
        *worst = worst.max(error);
        self.check(error <= limit, || format!("{what}: {error:.2} ulp: {}", context()));
    }

    fn check(&mut self, holds: bool, context: impl FnOnce() -> String) {
        if !holds {
            let _ = writeln!(self.failures, "{}", context());
        }
    }

    fn finish(self) {
        for (what, worst) in &self.worst {
            println!("{what:20} {worst:6.2}");
        }
        assert!(self.failures.is_empty(), "{}", self.failures);
    }
}

#[test]
fn rows_are_well_formed() {
    let mut names = BTreeSet::new();
    for prim in TABLE {
        assert_eq!(prim.partials.len(), prim.arity, "{prim:?}");
        assert!(names.insert(prim.name), "{prim:?} is there twice");
        match prim.form {
            Form::Method(name) | Form::Path(name) => assert_eq!(name, prim.name),
            Form::Code(code) => {
                syn::parse_str::<syn::Expr>(code).expect(prim.name);
            }
            Form::Infix(_) | Form::Prefix(_) | Form::Float(_) | Form::Series(_) | Form::Lanes(_) => {}
            Form::Convert(..) | Form::Into(_) => panic!("{prim:?} is no row of the table"),
        }
    }
}

#[test]
fn every_function_has_references() {
    let covered: BTreeSet<&str> =
        Record::all().iter().flat_map(Record::primitives).map(|(prim, _)| prim.name).collect();
    let missing: Vec<&str> = TABLE
        .iter()
        .filter(|p| !matches!(p.form, Form::Code(_)) && !covered.contains(p.name))
        .map(|p| p.name)
        .collect();
    assert_eq!(missing, ["sub", "round_ties_even"], "these are trivial");
}

#[test]
fn first_derivatives() {
    let mut report = Report::default();
    for record in Record::all() {
        for (prim, sign) in record.primitives() {
            let x = record.operands();
            for (k, (&nearest, &rest)) in record.first.iter().zip(&record.rest).enumerate() {
                let (nearest, rest) = (sign * nearest, sign * rest);
                let value = first(prim, &x, k, 1.0);
                let context = || format!("{} {prim:?} {x:?} by {k}: {value:e}, not {nearest:e}", record.class);
                match record.class {
                    "reg" | "sub" if is_value(nearest) && !record.is_exempt() => {
                        report.ulps(record.function, 4.0, ulps(value, nearest, rest), context);
                    }
                    "reg" | "sub" => report.check(record.is_exempt() || is_sensible(value, nearest), context),
                    // The logarithm's derivative is defined where the logarithm is not.
                    "dom" if record.function == "ln" => report.check(value == 1.0 / x[0], context),
                    _ => report.check(value == nearest || value.is_nan() && nearest.is_nan(), context),
                }
                // No formula loses its factor on the way.
                for g in [-3.0, 1e-3] {
                    let scaled = first(prim, &x, k, g);
                    if value.is_normal() && (g * value).is_normal() {
                        report.check(ulps(scaled, g * value, 0.0) <= 4.0, || format!("times {g}: {}", context()));
                    }
                }
            }
        }
    }
    report.finish();
}

#[test]
fn second_derivatives() {
    let mut report = Report::default();
    for record in Record::all() {
        for (prim, sign) in record.primitives() {
            if record.second.is_empty() || record.class != "reg" || record.is_exempt() {
                continue;
            }
            let mut reference = record.second.iter();
            for i in 0..record.first.len() {
                for j in i..record.first.len() {
                    let nearest = sign * reference.next().expect("the upper triangle");
                    let (mut tape, x, y) = primal(prim, &record.operands());
                    let one = tape.constant(1.0);
                    let value = times_partial(&mut tape, prim, i, one, &x, y)
                        .and_then(|d| tape.tangent(d, x[j]).map(|dd| tape.value(dd)))
                        .unwrap_or(0.0);
                    let context = || format!("{prim:?} {:?} by {i}, {j}: {value:e}, not {nearest:e}", record.args);
                    if is_value(nearest) {
                        report.ulps(record.function, 5.0, ulps(value, nearest, 0.0), context);
                    } else {
                        report.check(is_sensible(value, nearest), context);
                    }
                }
            }
        }
    }
    report.finish();
}

#[test]
fn kinks_without_a_reference() {
    use symgrad_engine::rules::derivative as row;
    const NAN: f64 = f64::NAN;
    const INFINITY: f64 = f64::INFINITY;
    let cases: &[(Prim, &[f64], &[f64])] = &[
        (&row::ABS, &[0.0], &[0.0]),
        (&row::ABS, &[NAN], &[NAN]),
        (&row::SQRT, &[0.0], &[INFINITY]),
        (&row::HYPOT, &[0.0, 0.0], &[0.0, 0.0]),
        (&row::ATAN2, &[0.0, 0.0], &[NAN, NAN]),
        (&row::MAX, &[2.0, 2.0], &[0.0, 1.0]),
        (&row::MIN, &[2.0, 2.0], &[0.0, 1.0]),
        (&row::MAX, &[NAN, 1.0], &[0.0, 1.0]),
        (&row::MIN, &[1.0, NAN], &[1.0, 0.0]),
        (&row::CLAMP, &[1.0, 0.0, 1.0], &[1.0, 0.0, 0.0]),
        (&row::CLAMP, &[-1.0, 0.0, 1.0], &[0.0, 1.0, 0.0]),
        (&row::ABS_SUB, &[1.0, 1.0], &[0.0, 0.0]),
        (&row::ABS_SUB, &[2.0, 1.0], &[1.0, -1.0]),
        (&row::POWI, &[0.0, 0.0], &[0.0, 0.0]),
        (&row::POWI, &[0.0, 1.0], &[1.0, 0.0]),
        (&row::POWI, &[2.0, f64::from(i32::MIN)], &[0.0, 0.0]),
        (&row::POWF, &[0.0, 0.0], &[0.0, 0.0]),
        (&row::POWF, &[0.0, 2.0], &[0.0, 0.0]),
        (&row::POWF, &[0.0, -1.0], &[-INFINITY, -INFINITY]),
        (&row::COPYSIGN, &[-0.0, 1.0], &[-1.0, 0.0]),
        (&row::COPYSIGN, &[-0.0, -1.0], &[1.0, 0.0]),
        (&row::ROUND_TIES_EVEN, &[0.5], &[0.0]),
        (&row::REM, &[2.0, INFINITY], &[1.0, 0.0]),
        (&row::ERF, &[1e300], &[0.0]),
        (&row::ERF, &[NAN], &[NAN]),
    ];
    for (prim, x, expected) in cases {
        for (k, &d) in expected.iter().enumerate() {
            let value = first(prim, x, k, 1.0);
            assert!(value == d || value.is_nan() && d.is_nan(), "{prim:?} {x:?} by {k}: {value}, not {d}");
        }
    }
}

/// A step on the way overflows or underflows, the derivative does not.
#[test]
fn finite_derivatives_stay_finite() {
    use symgrad_engine::rules::derivative as row;
    let cases: &[(Prim, &[f64], usize, f64)] = &[
        (&row::POWI, &[-1.076_895_294_043_732_8e28, -10.0], 0, 4.4268e-308),
        (&row::POWF, &[1e-310, 1e-9], 0, 1e301),
        (&row::HYPOT, &[1.5e308, 1.5e308], 0, 0.5f64.sqrt()),
        (&row::ATAN2, &[1e-200, 1e-200], 0, 5e199),
        (&row::LOG, &[1e-310, 1e100], 0, 4.3429e307),
    ];
    for &(prim, x, k, expected) in cases {
        let value = first(prim, x, k, 1.0);
        assert!((value / expected - 1.0).abs() < 1e-4, "{prim:?} {x:?} by {k}: {value:e}, not {expected:e}");
    }
}

/// An infinite factor stays away from the branch that was not taken.
#[test]
fn selections_do_not_multiply() {
    for (name, x, k) in [("max", vec![1.0, 2.0], 0), ("min", vec![1.0, 2.0], 1), ("clamp", vec![5.0, 0.0, 1.0], 0)] {
        let prim = method(name).expect(name);
        assert_eq!(first(prim, &x, k, f64::INFINITY).to_bits(), 0, "{name}");
    }
}

#[test]
fn look_up() {
    assert_eq!(method("sin").map(|p| p.arity), Some(1));
    assert_eq!(method("mul_add").map(|p| p.arity), Some(3));
    assert_eq!(path("libm::erf").map(|p| p.name), Some("libm::erf"));
    // Operators are written as operators, and derived primitives not at all.
    for name in ["add", "neg", "sin_cos", "tanh_d", "gauss", "libm::erf"] {
        assert_eq!(method(name), None, "{name}");
    }
    assert_eq!(path("sin"), None);
    for name in INACTIVE_METHODS.iter().chain(REJECTED_METHODS.iter().map(|(name, _)| name)) {
        assert_eq!(method(name), None, "{name}");
    }
}
