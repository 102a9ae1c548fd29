//! Primitives and their derivatives.
//!
//! A [`Primitive`] is a pure function of floats: how it is written in Rust, how it is evaluated, and, per operand, the
//! product of a number `g` with its partial derivative. The one formula serves both modes, because for a scalar
//! primitive the pullback `ȳ·∂y/∂xₖ` and the pushforward `∂y/∂xₖ·ẋₖ` are the same expression in `g`.
//!
//! [`derivative`] is the table, one row a primitive; [`library`] has other names of them; [`compositions`] are known by their
//! shape, [`shift`] is what no program calls, and [`series`] has what power series go through. A formula is written with [`Term`]s, which build operations in a
//! [`Host`] as they are combined: the differentiation passes build IR, the tests evaluate numbers.

pub mod compositions;
pub mod conversion;
pub mod derivative;
pub mod library;
pub mod series;
pub mod shift;

use conversion::Float;
use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A primitive is named by the address of its row.
pub type Prim = &'static Primitive;

/// `(g, x, y) ↦ g·∂y/∂xₖ`, with `x` the operands and `y` the primitive's own result.
pub type Product = for<'h> fn(Term<'h>, &[Term<'h>], Term<'h>) -> Term<'h>;

/// One row of the table.
pub struct Primitive {
    /// Unique; for a float method, the method's name.
    pub name: &'static str,
    /// The number of operands.
    pub arity: usize,
    /// How it is written in Rust.
    pub form: Form,
    /// Its value in `f64`, for constant folding in tests and for the interpreter.
    pub eval: fn(&[f64]) -> f64,
    /// One entry an operand.
    pub partials: &'static [Partial],
}

/// What a primitive looks like in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `x0 + x1`
    Infix(&'static str),
    /// `-x0`
    Prefix(&'static str),
    /// `x0.name(x1, …)`
    Method(&'static str),
    /// `::path(x0, x1, …)`
    Path(&'static str),
    /// `Float::name(x0, x1, …)`, by way of the runtime crate.
    Float(&'static str),
    /// `x0` in another float type, from one to the other.
    Convert(Float, Float),
    /// The same, of which lowering knows no more than the type that it converts to, if at all.
    Into(Option<Float>),
    /// `name(x0, x1, …)` of the runtime crate's series.
    Series(&'static str),
    /// `x0.name(x1, …)`, where `x0` is a tangent in several directions.
    Lanes(&'static str),
    /// An expression over the identifiers `x0`, `x1`, … and `T`, the float type. Operands are names or literals.
    Code(&'static str),
}

/// The derivative with respect to one operand.
#[derive(Clone, Copy)]
pub enum Partial {
    /// Structurally zero: no adjoint flows to this operand, and none is built.
    Zero,
    /// `g·∂y/∂xₖ`.
    Times(Product),
    /// Not registered: differentiating it is an error.
    Unknown,
}

impl std::fmt::Debug for Primitive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Primitive {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Primitive {}

/// What a formula's operation is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A value of the differentiated program. The host decides how the derivative gets at it (it is in scope, read
    /// again, computed again or stored), and only if a formula really uses it.
    Primal(u32),
    /// A value built by the formula.
    Built(u32),
}

/// Where formulas build.
pub trait Host {
    /// Applies a primitive.
    fn apply(&mut self, prim: Prim, args: &[Node]) -> Node;
    /// A constant of the function's float type.
    fn constant(&mut self, value: f64) -> Node;
}

/// A host behind a shared reference, so that terms are copyable.
trait Shared {
    fn apply(&self, prim: Prim, args: &[Node]) -> Node;
    fn constant(&self, value: f64) -> Node;
}

impl Shared for RefCell<&mut dyn Host> {
    fn apply(&self, prim: Prim, args: &[Node]) -> Node {
        self.borrow_mut().apply(prim, args)
    }
    fn constant(&self, value: f64) -> Node {
        self.borrow_mut().constant(value)
    }
}

/// A value in a formula. Copyable; combined by operators and by [`Term::apply`].
#[derive(Clone, Copy)]
pub struct Term<'h> {
    host: &'h dyn Shared,
    node: Node,
}

impl<'h> Term<'h> {
    /// `prim(self, others…)`
    #[must_use]
    pub fn apply(self, prim: Prim, others: &[Term<'h>]) -> Term<'h> {
        let mut args = vec![self.node];
        args.extend(others.iter().map(|t| t.node));
        Term { host: self.host, node: self.host.apply(prim, &args) }
    }

    fn constant(self, value: f64) -> Term<'h> {
        Term { host: self.host, node: self.host.constant(value) }
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $row:ident) => {
        impl<'h> $trait for Term<'h> {
            type Output = Term<'h>;
            fn $method(self, other: Term<'h>) -> Term<'h> {
                self.apply(&derivative::$row, &[other])
            }
        }
        impl<'h> $trait<f64> for Term<'h> {
            type Output = Term<'h>;
            fn $method(self, other: f64) -> Term<'h> {
                self.apply(&derivative::$row, &[self.constant(other)])
            }
        }
        impl<'h> $trait<Term<'h>> for f64 {
            type Output = Term<'h>;
            fn $method(self, other: Term<'h>) -> Term<'h> {
                other.constant(self).apply(&derivative::$row, &[other])
            }
        }
    };
}

operator!(Add, add, ADD);
operator!(Sub, sub, SUB);
operator!(Mul, mul, MUL);
operator!(Div, div, DIV);

impl<'h> Neg for Term<'h> {
    type Output = Term<'h>;
    fn neg(self) -> Term<'h> {
        self.apply(&derivative::NEG, &[])
    }
}

/// Builds `g·∂y/∂xₖ` in `host`: the one way in which passes use the table.
///
/// `None` where the partial is structurally zero or not registered.
pub fn times_partial(host: &mut dyn Host, prim: Prim, operand: usize, g: Node, x: &[Node], y: Node) -> Option<Node> {
    let Some(Partial::Times(product)) = prim.partials.get(operand) else { return None };
    let cell = RefCell::new(host);
    let term = |&node: &Node| Term { host: &cell, node };
    let x: Vec<Term<'_>> = x.iter().map(term).collect();
    Some(product(term(&g), &x, term(&y)).node)
}
