//! Sparse matrices. Input: a function and its gradient. Output: the pattern, found while the crate compiles, a colour for each
//! column, and the derivative in as many directions as there are colours. What cannot be found is reported.

use crate::analysis::sparsity::{self, Pattern, Set};
use crate::analysis::varied::varied_with_buffers;
use crate::diagnostics::{Errors, Site, message};
use crate::emit::companion::sparse::Sparse;
use crate::emit::companion::{Frame, Home};
use crate::forward::hvp::{Hvp, Results};
use crate::forward::{self, Directions, Jvp};
use crate::ir::Func;
use crate::options::{Kind, Options};
use crate::reverse::Gradient;
use crate::simplify;
use proc_macro2::Literal;
use quote::quote;

/// What a constant has at most.
const NONZEROS: usize = 50_000;

/// The structural nonzeros.
pub(crate) fn pattern(frame: &Frame, func: &Func, options: &Options, errors: &mut Errors) -> Option<Pattern> {
    let kind = if frame.sparse_hessian { Kind::SparseHessian } else { Kind::SparseJacobian };
    let site = Site::from(options.span_of(kind).unwrap_or_else(|| frame.name.span()));
    let message = match frame.column_count() {
        None if frame.columns().is_none() => message::no_one_vector(),
        None => message::sparse_lengths(),
        Some(_) if frame.home == Home::Trait => message::sparse_in_trait(),
        Some(_) if frame.sparse_jacobian && !frame.has_jacobian() => message::no_rows(),
        Some(_) if frame.sparse_jacobian && !frame.has_fixed_rows() => message::sparse_lengths(),
        Some(columns) => {
            crate::report_structs(func, &varied_with_buffers(func), errors);
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
