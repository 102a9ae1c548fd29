//! Sparse matrices. Input: a function and its gradient. Output: the pattern, found while the crate compiles, a colour for each
//! column, and the derivative in as many directions as there are colours; or, where lengths are known at run time, the derivative
//! that finds the pattern, and the one in a few directions. What cannot be found is reported.

use crate::analysis::joined::{Refusal, joined};
use crate::analysis::once;
use crate::analysis::sparsity::{self, Pattern, Set};
use crate::analysis::varied::{varied, varied_with_buffers};
use crate::diagnostics::{Errors, Site, message};
use crate::emit::companion::sparse::Sparse;
use crate::emit::companion::traced::{Traced, at_once};
use crate::emit::companion::{Frame, Home};
use crate::forward::hvp::{Hvp, Results};
use crate::forward::{self, Directions, Jvp};
use crate::ir::{Func, Inactive, Op, OpKind, Passes, Region, Ty, Val};
use crate::options::{Kind, Options};
use crate::reverse::{self, Gradient};
use crate::rules::Form;
use crate::rules::derivative::ADD;
use crate::{report_repeated, report_structs, simplify};
use proc_macro2::{Literal, Span};
use quote::quote;

/// What a constant has at most.
const NONZEROS: usize = 50_000;

/// The structural nonzeros.
pub(crate) fn pattern(frame: &Frame, func: &Func, options: &Options, errors: &mut Errors) -> Option<Pattern> {
    let kind = if frame.sparse_hessian { Kind::SparseHessian } else { Kind::SparseJacobian };
    let site = Site::from(options.span_of(kind).unwrap_or_else(|| frame.name.span()));
    let message = match frame.column_count() {
        _ if frame.wrt().any(|(_, layout)| layout.record.is_some()) => message::sparse_structs(),
        None if frame.sparse_columns().is_none() => message::no_one_vector(),
        _ if frame.sparse_jacobian && frame.outputs_structs() => message::sparse_structs(),
        _ if frame.sparse_jacobian && !frame.has_jacobian() => message::no_rows(),
        None => message::sparse_lengths(),
        Some(_) if frame.home == Home::Trait => message::sparse_in_trait(),
        Some(_) if frame.sparse_jacobian && !frame.has_fixed_rows() => message::sparse_lengths(),
        Some(columns) => {
            report_structs(func, &varied_with_buffers(func), errors);
            let found = sparsity::pattern(func, columns);
            let count = |rows: &[Set]| rows.iter().map(|row| row.iter().count()).sum::<usize>();
            match found {
                Some(found) if count(&found.hessian).max(count(&found.jacobian)) <= NONZEROS => return Some(found),
                _ => message::sparse_too_large(NONZEROS),
            }
        }
    };
    errors.push(site, message);
    None
}

/// The Jacobian of this pattern.
pub(crate) fn jacobian(pattern: &Pattern, func: &Func) -> Sparse<Jvp> {
    matrix(&pattern.jacobian, pattern.hessian.len(), |directions| {
        let mut jacobian = forward::jvp_along(func, &varied_with_buffers(func), directions);
        simplify::run(&mut jacobian.func);
        jacobian
    })
}

/// The Hessian of this pattern.
pub(crate) fn hessian(pattern: &Pattern, gradient: &Gradient) -> Sparse<Hvp> {
    matrix(&pattern.hessian, pattern.hessian.len(), |directions| {
        let mut hessian = forward::hvp::hvp(gradient, directions, Results::Products);
        simplify::run(&mut hessian.product.func);
        hessian
    })
}

fn matrix<D>(rows: &[Set], columns: usize, derivative: impl FnOnce(&Directions) -> D) -> Sparse<D> {
    let colours = sparsity::colours(rows, columns);
    let count = Literal::usize_unsuffixed(colours.iter().max().map_or(1, |last| last + 1));
    let entries = rows.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |j| (i, j)));
    Sparse { pattern: entries.collect(), colours, derivative: derivative(&Directions::Several(quote!(#count))) }
}

/// The Jacobian of which the pattern is found at run time.
pub(crate) fn traced_jacobian(frame: &Frame, func: &Func, errors: &mut Errors) -> Option<Traced<Jvp>> {
    if !frame.sparse_jacobian {
        return None;
    }
    // Buffers are filled again before each run.
    let found = without_decisions(func, once::effect(func), errors)?;
    let along = |func: &Func, directions: &Directions| forward::jvp_along(func, &varied_with_buffers(func), directions);
    let (mut pattern, mut derivative) = (along(&found, &Directions::Caller), along(func, &few()));
    in_sets(&mut pattern.func);
    repeated(&mut derivative.func, errors);
    Some(Traced { pattern, derivative })
}

/// The Hessian of which the pattern is found at run time.
pub(crate) fn traced_hessian(
    frame: &Frame,
    func: &Func,
    gradient: &Gradient,
    errors: &mut Errors,
) -> Option<Traced<Hvp>> {
    if !frame.sparse_hessian {
        return None;
    }
    let found = without_decisions(func, once::runs_once(func), errors)?;
    let mut of_found = reverse::gradient(&found, &varied(&found), reverse::Strategies::default());
    simplify::run(&mut of_found.func);
    let along =
        |gradient: &Gradient, directions: &Directions| forward::hvp::hvp(gradient, directions, Results::Products);
    let (mut pattern, mut derivative) = (along(&of_found, &Directions::Caller), along(gradient, &few()));
    in_sets(&mut pattern.product.func);
    repeated(&mut derivative.product.func, errors);
    Some(Traced { pattern, derivative })
}

/// So many at a time.
fn few() -> Directions {
    let count = at_once();
    Directions::Labelled(quote!(#count))
}

/// The function of which a pattern is found, which runs for any number of colours.
fn without_decisions(func: &Func, once: Option<Span>, errors: &mut Errors) -> Option<Func> {
    let known = errors.count();
    report_structs(func, &varied_with_buffers(func), errors);
    if let Some(span) = once {
        errors.push(span, message::runs_more_than_once());
    }
    let found = joined(func).map_err(|Refusal { span, what }| errors.push(span, message::pattern_of_numbers(what)));
    found.ok().filter(|_| errors.count() == known)
}

fn repeated(func: &mut Func, errors: &mut Errors) {
    func.passes = Passes::Several;
    simplify::run(func);
    report_repeated(func, errors);
}

/// Tangents are sets: nothing is left out because a number is zero, and what is selected by numbers may be either.
fn in_sets(func: &mut Func) {
    let mut body =
        std::mem::replace(&mut func.body, Region { ops: Vec::new(), end: crate::ir::End::Yield(Vec::new()) });
    in_sets_within(&mut body, func);
    func.body = body;
    simplify::run(func);
}

fn in_sets_within(region: &mut Region, func: &mut Func) {
    let mut ops = Vec::new();
    for mut op in std::mem::take(&mut region.ops) {
        op.kind.regions_mut().into_iter().for_each(|region| in_sets_within(region, func));
        match &op.kind {
            OpKind::All(_) => op.kind = OpKind::Inactive(Inactive::engine(quote!(false))),
            OpKind::Prim(prim, args)
                if op.results.iter().any(|&val| func.info(val).ty == Ty::Lanes)
                    && !matches!(prim.form, Form::Infix(_) | Form::Prefix(_)) =>
            {
                let all: Vec<Val> = args.iter().copied().filter(|&val| func.info(val).ty == Ty::Lanes).collect();
                op.kind = union_of(&all, &op, func, &mut ops);
            }
            _ => {}
        }
        ops.push(op);
    }
    region.ops = ops;
    if let crate::ir::End::Branch(_, then, other) = &mut region.end {
        in_sets_within(then, func);
        in_sets_within(other, func);
    }
}

/// A sum of all.
fn union_of(all: &[Val], op: &Op, func: &mut Func, ops: &mut Vec<Op>) -> OpKind {
    let mut define = |kind: OpKind| {
        let val = func.val(Ty::Lanes, None, op.span);
        ops.push(Op { kind, results: vec![val], span: op.span });
        val
    };
    let zero = define(OpKind::Const(0.0, None));
    let Some((&last, rest)) = all.split_last() else { return OpKind::Const(0.0, None) };
    let sum = rest.iter().fold(zero, |sum, &val| define(OpKind::Prim(&ADD, vec![sum, val])));
    OpKind::Prim(&ADD, vec![sum, last])
}
