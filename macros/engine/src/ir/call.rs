//! Calls of other differentiated functions: what goes in, and which companion computes what.

use super::{Inactive, Part, PlaceId, Val};
use proc_macro2::{Ident, TokenStream};
use std::fmt;

/// What a call has returned, or a member of it.
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    /// All of it.
    pub from: Val,
    /// Which member of a tuple.
    pub member: Option<usize>,
    /// Whether it is a number, of which the array has one.
    pub number: bool,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Arg {
    /// A float.
    Float(Val),
    /// An array or a part of one, by reference or by value as in the source.
    Part(Part, Passing),
    /// Anything else.
    Inactive(Val),
    /// A receiver, evaluated with the call, after the arguments: it may be a place that is borrowed there.
    Receiver(Inactive),
}

/// How an array is handed to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `x`, as it stands.
    Plain,
    /// `&x`
    Reference,
    /// `&mut x`: the function may write it.
    Mutable,
}

/// What a call computes.
#[derive(Clone, Debug)]
pub enum Companion {
    /// The function itself.
    Value,
    /// The value (first result) and, for each argument, its partial derivatives: a further result for a float, this
    /// buffer, overwritten, for an array.
    Gradient(Vec<Slot>),
    /// The value and its tangent.
    Jvp(Vec<Tangent>),
    /// Nothing but what flows back: the cotangent of its number, if that is used, and for each argument where it goes.
    /// The function runs once more in it. Where it returns no number, those of the arrays that it returns.
    Vjp(Option<Val>, Vec<Part>, Vec<Slot>),
}

/// Where a callee's partial derivatives with respect to one argument go.
#[derive(Clone, Debug)]
pub enum Slot {
    /// The argument is inactive.
    None,
    /// A further result of the call.
    Scalar,
    /// This place, overwritten.
    Buffer(PlaceId),
    /// This part: it comes with the cotangents of what the function leaves there, and goes with those of what it found.
    InOut(Part),
}

/// The tangent of one argument.
#[derive(Clone, Debug)]
pub enum Tangent {
    /// The argument is inactive.
    None,
    /// A scalar's.
    Scalar(Val),
    /// An array's.
    Part(Part),
}

/// A function that has companions, as it is called.
#[derive(Clone, Debug)]
pub struct Callee {
    /// What stands before its name.
    pub base: Base,
    /// Its name.
    pub name: Ident,
    /// `::<3>`
    pub generics: TokenStream,
}

/// Where a callee's name is looked up.
#[derive(Clone, Debug)]
pub enum Base {
    /// In a module: `path::to::`, or nothing.
    Module(TokenStream),
    /// In a type: `path::to::Type::`.
    Type(TokenStream),
    /// In the type of the first argument, the receiver.
    Receiver,
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = match &self.base {
            Base::Module(path) | Base::Type(path) => path.to_string(),
            Base::Receiver => ".".into(),
        };
        write!(f, "{base}{}{}", self.name, self.generics)
    }
}

/// A call of another differentiated function.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function.
    pub callee: Callee,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// What is called.
    pub companion: Companion,
    /// How the number is taken out of its result: `?`, `.unwrap()`.
    pub unwrap: TokenStream,
    /// The arrays that begin with what it returns, if that is no number: it is a value, of which they are members.
    pub returned: Vec<PlaceId>,
}
