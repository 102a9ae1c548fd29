//! Which way to a Jacobian is the cheaper one. Input: a function. Output: its derivative in the directions of the columns, products
//! of cotangents with it for the rows, or both, if lengths are known at run time only. What cannot be had is reported.
//!
//! | | by columns | by rows |
//! |---|---|---|
//! | runs the function | once, or for every few columns | for every row |
//! | with respect to structs, or several slices | no | yes |
//! | of a struct | no | yes |
//! | what is called | is asked whether it may run again | has to be known not to mind |

use crate::analysis::once;
use crate::analysis::varied::{Varied, varied_with_buffers};
use crate::diagnostics::{Errors, message};
use crate::emit::companion::Frame;
use crate::emit::companion::columns::Columns;
use crate::emit::companion::jacobian::{COLUMNS_FOR_A_ROW, Jacobian};
use crate::ir::{Func, Passes};
use crate::options::{Kind, Options};
use crate::reverse::{self, Gradient};
use crate::{forward, report_repeated, report_structs, simplify, structs};

/// So few rows over a slice are computed by rows, however short the slice is.
const FEW_ROWS: usize = 2;

/// A way to a Jacobian.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Columns,
    Rows,
    Either,
}

/// The Jacobian, unless there is none. That of a function which is not said to have one is there if nothing is wrong with it.
pub(crate) fn jacobian(frame: &Frame, func: &Func, options: &Options, errors: &mut Errors) -> Option<Jacobian> {
    let site = options.span_of(Kind::Jacobian).unwrap_or_else(|| frame.name.span());
    let known = errors.count();
    let found = if !frame.has_row() || (frame.problem.is_some() && frame.in_blocks() && frame.wrt().count() > 1) {
        errors.push(site, message::no_row());
        None
    } else if !frame.has_jacobian() {
        errors.push(site, message::no_rows());
        None
    } else {
        let active = varied_with_buffers(func);
        default_is_possible(frame, func, &active).then(|| by(frame, func, &active, errors))
    };
    if frame.jacobian {
        return found;
    }
    let wrong = errors.count() > known;
    errors.truncate(known);
    found.filter(|_| !wrong)
}

/// What a function that is only there to be called calls need not have the derivatives.
fn default_is_possible(frame: &Frame, func: &Func, active: &Varied) -> bool {
    let counted = frame.columns_of_rows().is_none_or(|columns| frame.counts(&columns));
    frame.jacobian || (counted && forward::calls(func, active).is_empty())
}

fn by(frame: &Frame, func: &Func, active: &Varied, errors: &mut Errors) -> Jacobian {
    let columns = frame.columns_of_rows().filter(|_| !frame.outputs_structs());
    let columns = columns.filter(|columns| columns.is_one() || structs(func, active).next().is_none());
    let way = way(frame, columns.as_ref(), func);
    let columns = columns.filter(|_| way != Way::Rows).map(|columns| in_passes(frame, columns, func));
    let columns = columns.map(|columns| by_columns(&columns, func, active, errors));
    let rows = (way != Way::Columns).then(|| by_rows(func, active, errors));
    Jacobian { columns, rows }
}

/// Columns that are many are taken a few at a time, if the function may run again.
pub(crate) fn in_passes<'f>(frame: &'f Frame, columns: Columns<'f>, func: &Func) -> Columns<'f> {
    if frame.may_be_many(&columns) && may_be_repeated(frame, func) {
        columns.in_passes(Passes::Several)
    } else {
        columns
    }
}

fn may_be_repeated(frame: &Frame, func: &Func) -> bool {
    frame.keeps_its_arguments() && once::may_be_repeated(func)
}

fn way(frame: &Frame, columns: Option<&Columns<'_>>, func: &Func) -> Way {
    let Some(columns) = columns else { return Way::Rows };
    if columns.is_one() || !may_be_repeated(frame, func) {
        return Way::Columns;
    }
    match (frame.row_count(), columns.number()) {
        (Some(m), Some(n)) if m.saturating_mul(COLUMNS_FOR_A_ROW) < n => Way::Rows,
        (Some(_), Some(_)) => Way::Columns,
        (Some(m), None) if m <= FEW_ROWS && columns.several_passes() => Way::Rows,
        (None, Some(n)) if n <= 2 * COLUMNS_FOR_A_ROW => Way::Columns,
        // What is only there to be called is no longer than it has to be.
        _ if frame.jacobian => Way::Either,
        _ => Way::Columns,
    }
}

fn by_columns(columns: &Columns<'_>, func: &Func, active: &Varied, errors: &mut Errors) -> forward::Jvp {
    if !columns.is_one() {
        report_structs(func, active, errors);
    }
    if let Some(span) = once::effect(func).filter(|_| columns.several_passes()) {
        errors.push(span, message::runs_more_than_once());
    }
    let mut jacobian = forward::jvp_along(func, active, &columns.directions());
    jacobian.func.passes = columns.passes();
    simplify::run(&mut jacobian.func);
    report_repeated(&jacobian.func, errors);
    jacobian
}

fn by_rows(func: &Func, active: &Varied, errors: &mut Errors) -> Gradient {
    if let Some(span) = once::effect(func) {
        errors.push(span, message::row_by_row());
    }
    let mut rows = reverse::value_and_vjp(func, active, reverse::Strategies::default());
    rows.func.passes = Passes::Several;
    simplify::run(&mut rows.func);
    if let Some(span) = once::unasked(&rows.func) {
        errors.push(span, message::row_by_row());
    }
    rows
}
