//! The tangent of a product with a cotangent: second derivatives of a function that returns no number or writes to buffers, for
//! those that call it. Input: a product. Output: the same with tangents beside whatever varies: the arguments do, the buffers,
//! and the cotangents.

use super::call::Calls;
use super::{Directions, Engine, tangent_name};
use crate::analysis::varied::varied_with_cotangents;
use crate::ir::{ParamKind, PlaceId, Storage, Val};
use crate::reverse::Gradient;

/// A product with a cotangent, and its tangent.
pub struct Along {
    /// Yields the partial derivatives for the scalars in `wrt`, then their tangents.
    pub product: Gradient,
    /// For each parameter in `wrt` or behind a `&mut`, its tangent.
    pub tangents: Vec<Option<ParamKind>>,
    /// For each buffer of the product, the one of its tangent.
    pub buffers: Vec<Option<PlaceId>>,
    /// The tangent of the cotangent of the number.
    pub cotangent: Option<Val>,
    /// Those of the cotangents of what the function returns.
    pub cotangents: Vec<PlaceId>,
}

/// Differentiates a product.
#[must_use]
pub fn along(product: &Gradient, directions: &Directions) -> Along {
    let varied = varied_with_cotangents(product);
    let func = &product.func;
    let mut engine = Engine::new(func, &varied, directions, Calls::Second);
    let tangents = engine.tangents_of_params(func);
    let mut output = |place: PlaceId| engine.tangent_place(place, Storage::Output, "tangent");
    let buffers = product.buffers.iter().map(|buffer| buffer.map(&mut output)).collect();
    let cotangents = product.cotangents.iter().map(|&place| output(place)).collect();
    let cotangent = product.cotangent.map(|val| {
        let name = func.info(val).name.as_ref().map(tangent_name);
        let tangent = engine.func.val(engine.ty, name, func.info(val).span);
        engine.tangent.insert(val, tangent);
        tangent
    });
    let begun = std::mem::take(&mut engine.ops);
    let mut scalars = 0;
    func.body.leaves(&mut |leaf| scalars = leaf.values().len());
    let partials: Vec<usize> = (0..scalars).collect();
    let mut body = engine.region(&func.body, &partials);
    body.ops.splice(0..0, begun);
    engine.func.body = body;
    let product = Gradient {
        func: engine.func,
        buffers: product.buffers.clone(),
        cotangent: product.cotangent,
        cotangents: product.cotangents.clone(),
    };
    Along { product, tangents, buffers, cotangent, cotangents }
}
