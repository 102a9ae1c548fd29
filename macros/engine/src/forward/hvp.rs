//! The Hessian times a vector, forward over reverse: the tangent of a gradient, in the code that computes the gradient. Input: a
//! gradient. Output: the same with tangents beside whatever varies, of which only those of the gradient are results, so that
//! the gradient itself is left of it as far as its tangent needs it.

use super::call::Calls;
use super::{Directions, Engine};
use crate::analysis::composed::{Composed, composed};
use crate::analysis::sums::each_op;
use crate::analysis::varied::{Varied, varied};
use crate::ir::{End, Op, OpKind, ParamKind, Part, PlaceId, Region, Storage, Val};
use crate::reverse::Gradient;
use crate::rules::Partial;
use proc_macro2::Span;

/// The Hessian times a vector.
pub struct Hvp {
    /// Yields the products for the scalars in `wrt`; those for arrays overwrite buffers.
    pub product: Gradient,
    /// For each parameter in `wrt`, the vector's part that belongs to it.
    pub vectors: Vec<Option<ParamKind>>,
    /// Of a gradient that is a result, too, the buffers.
    pub gradient: Vec<Option<PlaceId>>,
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// The products.
    Products,
    /// The value, the gradient and the products.
    All,
    /// The value and the gradient, then the tangents of both.
    Tangents,
}

/// Differentiates a gradient.
#[must_use]
pub fn hvp(gradient: &Gradient, directions: &Directions, results: Results) -> Hvp {
    let varied = varied(&gradient.func);
    let mut engine = Engine::new(&gradient.func, &varied, directions, Calls::Second);
    let vectors = gradient.func.params.iter().map(|param| engine.tangent_of_param(param)).collect();
    let kept = results != Results::Products;
    let products = |&buffer: &Option<PlaceId>| buffer.map(|buffer| engine.output(buffer, kept));
    let buffers: Vec<Option<PlaceId>> = gradient.buffers.iter().map(products).collect();
    let begun = engine.beginnings(gradient, &varied, kept);
    let mut scalars = 0;
    gradient.func.body.leaves(&mut |leaf| scalars = leaf.values().len());
    let partials: Vec<usize> = (usize::from(results != Results::Tangents)..scalars).collect();
    let mut body = engine.region(&gradient.func.body, &partials);
    body.ops.splice(0..0, begun);
    if !kept {
        keep_last(&mut body, partials.len());
    }
    engine.func.body = body;
    let product = Gradient { func: engine.func, buffers, cotangent: None, cotangents: Vec::new() };
    let gradient = if kept { gradient.buffers.clone() } else { Vec::new() };
    Hvp { product, vectors, gradient }
}

impl Engine<'_> {
    /// The tangent of a buffer of the caller's is the caller's; the buffer itself is not, unless it is `kept`.
    fn output(&mut self, buffer: PlaceId, kept: bool) -> PlaceId {
        let tangent = self.tangent_place(buffer, Storage::Output, "product");
        if !kept {
            let info = &mut self.func.places[buffer.0 as usize];
            (info.storage, info.by_value) = (Storage::Derived, true);
        }
        tangent
    }

    /// What begins with the function: the gradient's buffers, and the tangents of what is behind a `&mut`, which are zero.
    fn beginnings(&mut self, gradient: &Gradient, varied: &Varied, kept: bool) -> Vec<Op> {
        for (param, buffer) in gradient.func.params.iter().zip(&gradient.buffers) {
            let ParamKind::Place(place) = param.kind else { continue };
            if let Some(buffer) = buffer {
                if !kept {
                    self.begin_with_zeros(*buffer, &Part::whole(place));
                }
            } else if varied.place(place) && self.func.place_info(place).storage == Storage::InOut {
                let tangent = self.place(place);
                self.begin_with_zeros(tangent, &Part::whole(place));
            }
        }
        std::mem::take(&mut self.ops)
    }
}

/// Leaves yield only their last values.
fn keep_last(region: &mut Region, count: usize) {
    match &mut region.end {
        End::Yield(vals) => drop(vals.drain(..vals.len() - count)),
        End::Branch(_, then, other) => {
            keep_last(then, count);
            keep_last(other, count);
        }
        End::Continue(_) | End::Break(_) => {}
    }
}

/// What stands in the way of a second derivative.
pub struct Obstacle {
    /// Where it is.
    pub span: Span,
    /// The primitive of which no further derivative is registered.
    pub primitive: &'static str,
}

/// Finds what a gradient has that cannot be differentiated once more.
#[must_use]
pub fn obstacles(gradient: &Gradient) -> Vec<Obstacle> {
    let func = &gradient.func;
    let (varied, composed) = (varied(func), composed(func));
    let mut found = Vec::new();
    each_op(&func.body, &mut |op| {
        if let OpKind::Prim(prim, args) = &op.kind
            && !is_composed(&composed, op.results.first())
        {
            let mut operands = args.iter().zip(prim.partials);
            if operands.any(|(arg, partial)| varied.val(*arg) && matches!(partial, Partial::Unknown)) {
                found.push(Obstacle { span: op.span, primitive: prim.name });
            }
        }
    });
    found
}

fn is_composed(composed: &Composed, result: Option<&Val>) -> bool {
    result.is_some_and(|result| composed.contains_key(result))
}
