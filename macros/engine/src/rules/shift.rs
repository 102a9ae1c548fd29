//! Primitives of sums that are shifted. No program calls them.

use super::derivative::MAX;
use super::{Form, Partial, Prim, Primitive};

/// The first operand, with the derivative of the second.
pub static INSTEAD: Primitive = Primitive {
    name: "instead",
    arity: 2,
    form: Form::Code("x0"),
    eval: |x| x[0],
    partials: &[Partial::Zero, Partial::Times(|g, _, _| g)],
};

/// A number of which no derivative is taken.
pub static CONSTANT: Primitive = Primitive {
    name: "fixed",
    arity: 1,
    // Nothing is written before it.
    form: Form::Prefix(""),
    eval: |x| x[0],
    partials: &[Partial::Zero],
};

/// The greater one, of any type that can be compared.
pub static GREATER: Primitive = Primitive {
    name: "greater",
    arity: 2,
    form: Form::Code("if x0 > x1 { x0 } else { x1 }"),
    eval: |x| if x[0] > x[1] { x[0] } else { x[1] },
    partials: &[Partial::Zero, Partial::Zero],
};

/// The greater one of an exponent and of zero, for a term that is no exponential; as it is, if the term is zero: what sums begin
/// with is. Operands: the exponent, zero, the term.
pub static WITH_TERM: Primitive = Primitive {
    name: "with_term",
    arity: 3,
    form: Form::Code("if x2 == x1 || x0 > x1 { x0 } else { x1 }"),
    eval: |x| if x[2] == x[1] || x[0] > x[1] { x[0] } else { x[1] },
    partials: &[Partial::Zero, Partial::Zero, Partial::Zero],
};

/// A product, which is zero if the first factor is, whatever the second. Operands: the factors, zero.
pub static TERM: Primitive = Primitive {
    name: "term",
    arity: 3,
    form: Form::Code("if x0 == x2 { x0 } else { x0 * x1 }"),
    eval: |x| if x[0] == x[2] { x[0] } else { x[0] * x[1] },
    partials: &[Partial::Times(|g, x, _| g * x[1]), Partial::Zero, Partial::Zero],
};

/// Whether what a primitive computes looks as if exponents were shifted by it: a maximum.
#[must_use]
pub fn shifts(prim: Prim) -> bool {
    [&MAX, &GREATER, &CONSTANT].contains(&prim) || prim.name.starts_with("libm::fmax")
}
