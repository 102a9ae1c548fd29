//! Second derivatives: what is asked for of the tangents of a gradient. Input: the gradient, and the function's frame. Output: the
//! derivatives for `f_hvp` and `f_hessian`, and for functions that call it.

use crate::analysis::varied::varied_with_buffers;
use crate::diagnostics::{Errors, message};
use crate::emit::companion::Frame;
use crate::emit::companion::along::Along;
use crate::emit::order;
use crate::forward::Directions;
use crate::forward::hvp::{Hvp, Obstacle, Results};
use crate::options::{Callers, Options};
use crate::reverse::Gradient;
use crate::{analysis, columns, forward, ir, report_repeated, simplify, structs};
use quote::ToTokens as _;

/// Whether there is a second derivative; what is in its way is reported.
pub(crate) fn is_there(gradient: &Gradient, errors: &mut Errors) -> bool {
    let obstacles = forward::hvp::obstacles(gradient);
    for Obstacle { span, primitive } in &obstacles {
        errors.push(*span, message::second_order_primitive(primitive));
    }
    obstacles.is_empty()
}

/// For `f_hvp`.
pub(crate) fn hvp(gradient: &Gradient) -> Hvp {
    let mut hvp = forward::hvp::hvp(gradient, &Directions::One, Results::Products);
    simplify::run(&mut hvp.product.func);
    hvp
}

/// For the Hessian companions, if the parameters are one vector.
pub(crate) fn hessian(
    gradient: &Gradient,
    func: &ir::Func,
    frame: &Frame,
    options: &Options,
    errors: &mut Errors,
) -> Option<Hvp> {
    let columns = columns(frame, func, options, errors)?;
    let mut hessian = forward::hvp::hvp(gradient, &columns.directions(), Results::All);
    hessian.product.func.passes = columns.passes();
    simplify::run(&mut hessian.product.func);
    report_repeated(&hessian.product.func, errors);
    Some(hessian)
}

/// What functions that call it get in their own directions.
pub(crate) fn along(frame: &Frame, func: &ir::Func, gradient: Option<&Gradient>, product: Option<&Gradient>) -> Along {
    let mut along = Along::default();
    // A caller's directions are of one float type.
    if func.width.is_mixed() {
        return along;
    }
    if frame.callers == Callers::Nobody || !(frame.second || frame.jacobian || frame.series) {
        return along;
    }
    let varied = varied_with_buffers(func);
    if frame.series {
        let order = Directions::Series(order().to_token_stream());
        along.series = Some(forward::jvp_along(func, &varied, &order));
    }
    if !(frame.second || frame.jacobian) {
        along.finish(simplify::run);
        return along;
    }
    along.one_direction = structs(func, &varied).next().is_some();
    along.once = analysis::once::has_effects(func);
    let directions = if along.one_direction { Directions::One } else { Directions::Caller };
    let product = product.filter(|_| frame.product);
    if product.is_none() {
        along.gradient = gradient.map(|gradient| forward::hvp::hvp(gradient, &directions, Results::Tangents));
    } else {
        along.jvp = Some(forward::jvp_along(func, &varied, &directions));
        along.product = product.filter(|_| frame.second).map(|product| forward::product::along(product, &directions));
    }
    along.finish(simplify::run);
    along
}
