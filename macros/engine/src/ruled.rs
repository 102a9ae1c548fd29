//! Second derivatives of a function with a rule of its own (`custom = path`). Input: what its signature shows. Output: its gradient as a
//! function in the IR, a call of the rule; and what is made of the tangents of that, as of any other gradient's. So the
//! rule has to be a differentiated function: rustc says so where it is not.
//!
//! The tangent of the *value* is the rule's gradient times the directions, and not the derivative of the value that the rule
//! computes: what the gradient is, the rule says.

use crate::build::Build;
use crate::diagnostics::{Errors, Site, message};
use crate::emit::companion::Derivatives;
use crate::emit::companion::Frame;
use crate::emit::companion::along::Along;
use crate::forward::Directions;
use crate::forward::hvp::{Hvp, Results, hvp};
use crate::ir::{End, Func, Layout, Op, OpKind, ParamKind, Part, PlaceId, Storage, Ty, Val};
use crate::lower::signature::{Interface, Outcome};
use crate::options::{Callers, Options};
use crate::reverse::Gradient;
use crate::rules::derivative::{ADD, MUL};
use crate::{rounds, second, simplify};
use proc_macro2::Span;
use syn::Path;

/// What is asked for beyond first derivatives, unless there are errors.
pub(crate) fn derive(
    interface: &Interface,
    frame: &Frame,
    options: &Options,
    errors: &mut Errors,
) -> Option<Derivatives> {
    let rule = options.rules.reverse.as_ref()?;
    if !frame.second || !matches!(frame.outcome, Outcome::Scalar) || !errors.is_empty() {
        return None;
    }
    let gradient = gradient(rule, interface, frame, errors)?;
    let func = &gradient.func;
    let hvp = frame.hvp.then(|| second::hvp(&gradient));
    let hessian = frame.hessian.then(|| second::hessian(&gradient, func, frame, options, errors)).flatten();
    let along = if frame.callers == Callers::Nobody { Along::default() } else { along(&gradient) };
    errors.is_empty().then(|| Derivatives { hvp, hessian, along, ..Derivatives::default() })
}

/// The gradient that a rule computes, with the value.
fn gradient(rule: &Path, interface: &Interface, frame: &Frame, errors: &mut Errors) -> Option<Gradient> {
    let in_wrt: Vec<Layout> = frame.params.iter().filter_map(|p| p.wrt.clone()).collect();
    let numbers = in_wrt.iter().all(Layout::is_number);
    if in_wrt.iter().any(|layout| layout.record.is_some()) || (in_wrt.len() > 1 && !numbers) {
        errors.push(Site::of(rule), message::custom_parts());
        return None;
    }
    let func = call(rule, interface, frame, &in_wrt, errors)?;
    Some(taken_apart(func))
}

/// A function that returns the value and the partial derivatives one by one, as the rule returns them together.
fn call(rule: &Path, interface: &Interface, frame: &Frame, in_wrt: &[Layout], errors: &mut Errors) -> Option<Func> {
    let mut body: syn::Block = syn::parse2(frame.rule_taken_apart(rule)).ok()?;
    let members = std::iter::once(Layout::floats(&[])).chain(in_wrt.iter().cloned()).collect();
    let mut interface = interface.clone();
    interface.outcome = Outcome::Parts { tuple: true, members };
    if let Some(wrapper) = &interface.wrapper {
        wrapper.rewrite(&mut body, errors);
    }
    let (lowered, _) = rounds::lower(&interface, &body, None, errors);
    errors.is_empty().then_some(lowered.func)
}

/// The same as a gradient: numbers are what it yields, and arrays are buffers of the caller's.
fn taken_apart(mut func: Func) -> Gradient {
    let results = std::mem::take(&mut func.results);
    let mut yielded = vec![None; results.len()];
    let mut copied: Vec<Option<PlaceId>> = vec![None; results.len()];
    let at = |place: PlaceId| results.iter().position(|&result| result == place);
    for (k, &place) in results.iter().enumerate() {
        copied[k] = Some(place);
    }
    func.body.ops.retain(|op| match &op.kind {
        OpKind::Store(part, val) => match at(part.place) {
            Some(k) => {
                (yielded[k], copied[k]) = (Some(*val), None);
                false
            }
            None => true,
        },
        _ => true,
    });
    // The first is the value; the others are the parameters' in `wrt`.
    let mut of_params = copied.into_iter().skip(1);
    let buffers = func.params.iter().map(|param| if param.wrt { of_params.next().flatten() } else { None });
    let buffers: Vec<Option<PlaceId>> = buffers.collect();
    for buffer in buffers.iter().flatten() {
        let info = &mut func.places[buffer.0 as usize];
        (info.storage, info.by_value) = (Storage::Output, false);
    }
    func.body.end = End::Yield(yielded.into_iter().flatten().collect());
    Gradient { func, buffers, cotangent: None, cotangents: Vec::new() }
}

/// For functions that call it.
fn along(gradient: &Gradient) -> Along {
    let mut hvp = hvp(gradient, &Directions::Caller, Results::Tangents);
    Tangent::of_value(&mut hvp);
    let mut along = Along { gradient: Some(hvp), ..Along::default() };
    along.finish(simplify::run);
    along
}

/// Adds operations at the end of a function.
struct Tangent<'f> {
    func: &'f mut Func,
    ops: Vec<Op>,
}

impl Tangent<'_> {
    /// Puts the gradient times the directions where the tangent of the value is yielded.
    fn of_value(hvp: &mut Hvp) {
        let End::Yield(vals) = &hvp.product.func.body.end else { return };
        let (vals, count) = (vals.clone(), vals.len() / 2);
        let mut numbers = vals[1..count].iter();
        let (kinds, buffers) = (hvp.vectors.clone(), hvp.gradient.clone());
        let mut tangent = Tangent { func: &mut hvp.product.func, ops: Vec::new() };
        let mut sum: Option<Val> = None;
        for (kind, buffer) in kinds.iter().zip(buffers) {
            let term = match (kind, buffer) {
                (Some(ParamKind::Float(direction)), _) => {
                    numbers.next().map(|&partial| tangent.prim(&MUL, &[*direction, partial]))
                }
                (Some(ParamKind::Place(direction)), Some(buffer)) => {
                    let dot = OpKind::Dot(Part::whole(buffer), Part::whole(*direction));
                    Some(tangent.define(dot, Ty::Lanes))
                }
                _ => None,
            };
            sum = match (sum, term) {
                (Some(sum), Some(term)) => Some(tangent.prim(&ADD, &[sum, term])),
                (sum, term) => sum.or(term),
            };
        }
        let ops = tangent.ops;
        hvp.product.func.body.ops.extend(ops);
        let mut vals = vals;
        if let Some(sum) = sum {
            vals[count] = sum;
        }
        hvp.product.func.body.end = End::Yield(vals);
    }
}

impl Build for Tangent<'_> {
    fn func(&self) -> &Func {
        self.func
    }

    fn define(&mut self, kind: OpKind, ty: Ty) -> Val {
        let val = self.func.val(ty, None, Span::call_site());
        self.ops.push(Op { kind, results: vec![val], span: Span::call_site() });
        val
    }

    fn definition(&self, _: Val) -> Option<(&OpKind, bool)> {
        None
    }
}
