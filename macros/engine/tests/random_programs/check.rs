//! What the engine makes of a program, against what the oracle says of it.

#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "a NaN has to fail")]
#![allow(clippy::result_large_err, reason = "a failure is shown whole")]

mod second;

use proc_macro2::{Ident, Span};
use std::panic::{AssertUnwindSafe, catch_unwind};
use symgrad_engine::analysis::varied::{Varied, varied};
use symgrad_engine::diagnostics::Errors;
use symgrad_engine::interpret::{Array, Datum, Interpreter, Outcome};
use symgrad_engine::ir::{Func, Param, ParamKind, PlaceId, verify::verify};
use symgrad_engine::lower::opaque::Source;
use symgrad_engine::lower::{Learned, Lowered, lower, signature};
use symgrad_engine::options::Options;
use symgrad_engine::reverse::{Strategies, gradient};
use symgrad_engine::{forward, simplify};

/// What a function's value and gradient are.
#[derive(Clone, Debug)]
pub struct Expected {
    pub value: f64,
    /// One partial derivative for each number among the arguments, in order.
    pub gradient: Vec<f64>,
    /// What each may be off by, but for a small factor.
    pub scale: Vec<f64>,
    /// The small factor.
    pub tolerance: f64,
}

/// What came of it.
#[derive(Debug)]
pub enum Verdict {
    Fine,
    /// The engine refuses the program, with messages.
    Rejected(String),
    /// What is wrong, with all that helps to see why.
    Wrong(String),
}

/// All ways in which a gradient can be built.
pub const STRATEGIES: [Strategies; 4] = [
    Strategies { fuse: true, replay: true },
    Strategies { fuse: false, replay: true },
    Strategies { fuse: true, replay: false },
    Strategies { fuse: false, replay: false },
];

/// Checks the value, and the derivatives in all modes, of a function given as text.
pub fn check(interpreter: &Interpreter<'_>, source: &str, args: &[Datum], expected: &Expected) -> Verdict {
    match catch_unwind(AssertUnwindSafe(|| examine(interpreter, source, args, expected))) {
        Ok(verdict) => verdict,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Verdict::Wrong(format!("the engine panics: {}", text.unwrap_or_default()))
        }
    }
}

/// Lowers a function given as text.
pub fn lowered(source: &str) -> Result<Func, String> {
    let item: syn::ItemFn = syn::parse_str(source).map_err(|e| format!("does not parse: {e}"))?;
    let mut errors = Errors::default();
    let options = Options::parse(proc_macro2::TokenStream::new(), &mut errors);
    let interface = signature::read(&item.sig, None, &options, &mut errors);
    let Lowered { func, losses, .. } = lower(&interface, &item.block, &Learned::default(), &mut errors);
    let active = varied(&func);
    let mut messages: Vec<String> = errors.messages().map(str::to_string).collect();
    for loss in losses {
        let lost = match loss.source {
            Source::Val(val) => active.val(val),
            Source::Place(place) => active.place(place),
            Source::Field(_) => false,
        };
        if lost {
            messages.push(loss.message);
        }
    }
    if messages.is_empty() { Ok(func) } else { Err(messages.join("; ")) }
}

fn examine(interpreter: &Interpreter<'_>, source: &str, args: &[Datum], expected: &Expected) -> Verdict {
    let primal = match lowered(source) {
        Ok(primal) => primal,
        Err(messages) => return Verdict::Rejected(messages),
    };
    let wrong = |what: &str, func: &Func, text: String| {
        Verdict::Wrong(format!("{what}: {text}\n\nprimal:\n{primal}\n{what}:\n{func}"))
    };
    let value = |what: &str, func: &Func| -> Result<Outcome, Verdict> {
        let violations = verify(func);
        if !violations.is_empty() {
            return Err(wrong(what, func, violations.join("; ")));
        }
        let outcome = interpreter.run(func, args).map_err(|e| wrong(what, func, e))?;
        let found = outcome.values.first().copied().unwrap_or(f64::NAN);
        if found.to_bits() != expected.value.to_bits() {
            return Err(wrong(what, func, format!("the value is {found:?}, not {:?}", expected.value)));
        }
        Ok(outcome)
    };
    let result = (|| {
        value("primal", &primal)?;
        let active = varied(&primal);
        for strategies in STRATEGIES {
            let built = gradient(&primal, &active, strategies);
            let what = format!("gradient with {strategies:?}");
            let mut func = built.func;
            let mut before: Option<Vec<f64>> = None;
            for simplified in [false, true] {
                let what = if simplified { format!("simplified {what}") } else { what.clone() };
                if simplified {
                    simplify::run(&mut func);
                }
                let outcome = value(&what, &func)?;
                let found = partials(&primal, outcome.values.get(1..).unwrap_or_default(), &outcome, &built.buffers)
                    .map_err(|e| wrong(&what, &func, e))?;
                compare(&found, expected, before.as_deref()).map_err(|e| wrong(&what, &func, e))?;
                before = Some(found);
            }
        }
        tangent(interpreter, &primal, &active, args, expected).map_err(|(func, e)| wrong("tangent", &func, e))?;
        second::symmetric(interpreter, &primal, &active, args, expected).map_err(|(func, e)| wrong("Hessian", &func, e))
    })();
    match result {
        Ok(()) => Verdict::Fine,
        Err(verdict) => verdict,
    }
}

/// The partial derivatives in the order of the arguments: `scalars` of those that are numbers, buffers of the others.
pub fn partials(
    func: &Func,
    scalars: &[f64],
    outcome: &Outcome,
    buffers: &[Option<PlaceId>],
) -> Result<Vec<f64>, String> {
    let mut scalars = scalars.iter();
    let mut all = Vec::new();
    for (param, buffer) in func.params.iter().zip(buffers) {
        match (&param.kind, buffer) {
            (ParamKind::Float(_), _) => all.push(*scalars.next().ok_or("a partial derivative is missing")?),
            (_, Some(buffer)) => {
                let found = outcome.outputs.iter().find(|(place, _)| place == buffer);
                all.extend(&found.ok_or("a buffer is missing")?.1.data);
            }
            _ => {}
        }
    }
    if scalars.next().is_some() { Err("too many results".into()) } else { Ok(all) }
}

fn compare(found: &[f64], expected: &Expected, before: Option<&[f64]>) -> Result<(), String> {
    if found.len() != expected.gradient.len() {
        return Err(format!("{} partial derivatives, not {}", found.len(), expected.gradient.len()));
    }
    for (k, (&found, &right)) in found.iter().zip(&expected.gradient).enumerate() {
        let allowed = expected.tolerance * expected.scale[k] + 1e-300;
        // A NaN is never near.
        if !((found - right).abs() <= allowed) {
            return Err(format!("partial {k} is {found:?}, not {right:?} (± {allowed:e})"));
        }
        if let Some(before) = before
            && !((found - before[k]).abs() <= 1e-12 * expected.scale[k] + 1e-300)
        {
            return Err(format!("partial {k} is {found:?}, and was {:?}", before[k]));
        }
    }
    Ok(())
}

/// A vector with a number for each among the arguments that are differentiated by.
pub fn vector(
    tangents: &[Option<ParamKind>],
    args: &[Datum],
    next: &mut dyn FnMut() -> f64,
) -> Vec<(ParamKind, Datum)> {
    let mut more = Vec::new();
    for (kind, arg) in tangents.iter().zip(args) {
        match (kind, arg) {
            (Some(kind), Datum::Array(array)) => {
                let data = array.data.iter().map(|_| next()).collect();
                more.push((kind.clone(), Datum::Array(Array { shape: array.shape.clone(), data })));
            }
            (Some(kind), _) => more.push((kind.clone(), Datum::Float(next()))),
            (None, _) => {}
        }
    }
    more
}

/// Verifies a function that has tangents among its arguments.
pub fn verify_with(func: &Func, more: &[(ParamKind, Datum)]) -> String {
    let mut func = func.clone();
    for (kind, _) in more {
        func.params.push(Param { name: Ident::new("tangent", Span::call_site()), kind: kind.clone(), wrt: false });
    }
    verify(&func).join("; ")
}

/// The derivative in one direction, forwards.
fn tangent(
    interpreter: &Interpreter<'_>,
    primal: &Func,
    active: &Varied,
    args: &[Datum],
    expected: &Expected,
) -> Result<(), (Func, String)> {
    let jvp = forward::jvp(primal, active);
    let mut func = jvp.func;
    let (mut right, mut scale, mut k) = (0.0, 0.0, 0);
    let mut direction = || {
        let component = [1.0, -0.5, 0.75, 0.25, -1.25, 0.625, 1.5, -0.875][k % 8];
        right += expected.gradient[k] * component;
        scale += expected.scale[k] * f64::abs(component);
        k += 1;
        component
    };
    let more = vector(&jvp.tangents, args, &mut direction);
    for what in ["as built", "simplified"] {
        if what == "simplified" {
            simplify::run(&mut func);
        }
        let fail = |text: String| (func.clone(), format!("{what}: {text}"));
        let violations = verify_with(&func, &more);
        if !violations.is_empty() {
            return Err(fail(violations));
        }
        let outcome = interpreter.run_with(&func, args, &more).map_err(fail)?;
        let &[value, tangent] = outcome.values.as_slice() else {
            return Err(fail(format!("{} results", outcome.values.len())));
        };
        if value.to_bits() != expected.value.to_bits() {
            return Err(fail(format!("the value is {value:?}, not {:?}", expected.value)));
        }
        let allowed = expected.tolerance * scale + 1e-300;
        if !((tangent - right).abs() <= allowed) {
            return Err(fail(format!("the tangent is {tangent:?}, not {right:?} (± {allowed:e})")));
        }
    }
    Ok(())
}
