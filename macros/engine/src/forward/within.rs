//! Structural zeros in several directions. A direction for each of some numbers is a zero in the lanes of all others; a value that
//! does not depend on one of them has no tangent in its lane, and a product with an infinite partial derivative must not make
//! one: `√x + y` at `x = 0` has the derivative 1 by `y`, and the second derivatives by `y` are 0. Input: a term of a tangent, and
//! what it is the tangent of. Output: the term within the lanes of the numbers on which that depends.
//!
//! Only functions with a partial derivative that may be infinite where they are finite have this. A direction that is zero at run
//! time is another matter: a tangent may be zero by chance, and then nothing is known of its product with an infinity.

use super::Engine;
use crate::analysis::sums::each_op;
use crate::analysis::varied::{Varied, varied_by};
use crate::build::Build as _;
use crate::ir::{Func, Inactive, OpKind, ParamKind, Ty, Val};
use crate::rules::{Form, Prim, Primitive};
use quote::quote;

/// With more directions than these, lanes are not told apart.
const MOST: usize = 16;

/// What does not depend on some lanes, within the others.
static WITHIN: Primitive =
    Primitive { name: "within", arity: 2, form: Form::Lanes("within"), eval: |_| f64::NAN, partials: &[] };

/// For each lane, what depends on its number; nothing, if no infinity can come by.
pub(super) fn by_lanes(func: &Func) -> Vec<Varied> {
    let in_wrt: Vec<usize> = (0..func.params.len()).filter(|&k| func.params[k].wrt).collect();
    let numbers = in_wrt.iter().all(|&k| matches!(func.params[k].kind, ParamKind::Float(_)));
    if !numbers || !may_be_infinite(func) || in_wrt.len() > MOST {
        return Vec::new();
    }
    in_wrt.into_iter().map(|k| varied_by(func, k)).collect()
}

/// Whether a partial derivative of a function may be infinite where it is finite.
pub fn may_be_infinite(func: &Func) -> bool {
    let mut found = false;
    each_op(&func.body, &mut |op| {
        found |= match &op.kind {
            OpKind::Prim(prim, _) => singular(prim),
            OpKind::Call(_) => true,
            _ => false,
        };
    });
    found
}

/// Whether a partial derivative may be infinite where the function is finite, or at the end of where it is.
fn singular(prim: Prim) -> bool {
    const NAMES: &[&str] = &[
        "sqrt", "cbrt", "powf", "pow", "ln", "log", "log2", "log10", "ln_1p", "log1p", "asin", "acos", "acosh", "atanh",
    ];
    let name = prim.name.rsplit("::").next().unwrap_or_default();
    NAMES.contains(&name) || name.strip_suffix('f').is_some_and(|name| NAMES.contains(&name))
}

impl Engine<'_> {
    /// A term of a tangent, of what depends on a value only by this one.
    pub(super) fn within(&mut self, term: Val, of: Val) -> Val {
        let lanes: Vec<bool> = self.lanes.iter().map(|depends| depends.val(of)).collect();
        if lanes.iter().all(|&depends| depends) || self.tangent_of(of) == Some(term) {
            return term;
        }
        let lanes = self.define(OpKind::Inactive(Inactive::engine(quote!([#(#lanes),*]))), Ty::Other);
        self.define(OpKind::Prim(&WITHIN, vec![term, lanes]), Ty::Lanes)
    }
}
