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
    /// Whether the function itself returns a reference, of which there is a copy.
    pub borrowed: bool,
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

impl Arg {
    /// The number that it is.
    #[must_use]
    pub fn number(&self) -> Option<Val> {
        if let Arg::Float(val) = self { Some(*val) } else { None }
    }
}

/// How an array is handed to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `x`, as it stands.
    Plain,
    /// `*x`: a copy of the array that a parameter refers to.
    Copied,
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
    /// What another companion computes, and the tangent of that.
    Along(Box<Along>),
}

/// A companion, differentiated once more: by the arguments, and by the cotangents that go into it. What is not given a tangent
/// does not vary.
#[derive(Clone, Debug)]
pub struct Along {
    /// The companion: `Value`, of a function that returns no number or writes to buffers; `Gradient`; `Vjp`. Its results come
    /// first, then their tangents.
    pub of: Companion,
    /// The tangents of the arguments.
    pub tangents: Vec<Tangent>,
    /// The tangent of the cotangent of its number.
    pub cotangent: Tangent,
    /// Those of the cotangents of the arrays that it returns.
    pub cotangents: Vec<Tangent>,
    /// Where the tangents of what flows back go.
    pub slots: Vec<Slot>,
}

/// What a companion is given beside the arguments.
pub enum Given<V, P> {
    /// A value.
    Val(V),
    /// An array.
    Part(P),
}

impl Companion {
    /// What it is given.
    pub fn given(&self) -> Vec<Given<&Val, &Part>> {
        let mut given = Vec::new();
        match self {
            Companion::Value => {}
            Companion::Gradient(slots) => given.extend(slots.iter().filter_map(Slot::given)),
            Companion::Jvp(tangents) => given.extend(tangents.iter().filter_map(Tangent::given)),
            Companion::Vjp(cotangent, cotangents, slots) => {
                given.extend(cotangent.iter().map(Given::Val));
                given.extend(cotangents.iter().map(Given::Part));
                given.extend(slots.iter().filter_map(Slot::given));
            }
            Companion::Along(along) => {
                let Along { of, tangents, cotangent, cotangents, slots } = &**along;
                given.extend(of.given());
                let tangents = tangents.iter().chain([cotangent]).chain(cotangents);
                given.extend(tangents.filter_map(Tangent::given));
                given.extend(slots.iter().filter_map(Slot::given));
            }
        }
        given
    }

    /// The same, to be changed.
    pub fn given_mut(&mut self) -> Vec<Given<&mut Val, &mut Part>> {
        let mut given = Vec::new();
        match self {
            Companion::Value => {}
            Companion::Gradient(slots) => given.extend(slots.iter_mut().filter_map(Slot::given_mut)),
            Companion::Jvp(tangents) => given.extend(tangents.iter_mut().filter_map(Tangent::given_mut)),
            Companion::Vjp(cotangent, cotangents, slots) => {
                given.extend(cotangent.iter_mut().map(Given::Val));
                given.extend(cotangents.iter_mut().map(Given::Part));
                given.extend(slots.iter_mut().filter_map(Slot::given_mut));
            }
            Companion::Along(along) => {
                let Along { of, tangents, cotangent, cotangents, slots } = &mut **along;
                given.extend(of.given_mut());
                let tangents = tangents.iter_mut().chain([cotangent]).chain(cotangents);
                given.extend(tangents.filter_map(Tangent::given_mut));
                given.extend(slots.iter_mut().filter_map(Slot::given_mut));
            }
        }
        given
    }

    /// Whether the function runs once more in it, after it ran where it stands.
    #[must_use]
    pub fn repeats(&self) -> bool {
        match self {
            Companion::Vjp(..) => true,
            Companion::Along(along) => along.of.repeats(),
            Companion::Value | Companion::Gradient(_) | Companion::Jvp(_) => false,
        }
    }

    /// The arrays that it writes, beside what the function does with its arguments.
    pub fn written(&self, args: &[Arg], f: &mut dyn FnMut(PlaceId)) {
        let lent = |tangents: &[Tangent], f: &mut dyn FnMut(PlaceId)| {
            for (tangent, arg) in tangents.iter().zip(args) {
                if let (Tangent::Part(part), Arg::Part(_, Passing::Mutable)) = (tangent, arg) {
                    f(part.place);
                }
            }
        };
        match self {
            Companion::Value => {}
            Companion::Gradient(slots) => slots.iter().filter_map(Slot::place).for_each(f),
            Companion::Jvp(tangents) => lent(tangents, f),
            Companion::Vjp(_, cotangents, slots) => {
                cotangents.iter().map(|part| part.place).chain(slots.iter().filter_map(Slot::place)).for_each(f);
            }
            Companion::Along(along) => {
                along.of.written(args, f);
                lent(&along.tangents, f);
                let used_up = along.cotangents.iter().filter_map(|tangent| match tangent {
                    Tangent::Part(part) => Some(part.place),
                    Tangent::None | Tangent::Scalar(_) => None,
                });
                used_up.chain(along.slots.iter().filter_map(Slot::place)).for_each(f);
            }
        }
    }
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

impl Slot {
    fn given(&self) -> Option<Given<&Val, &Part>> {
        if let Slot::InOut(part) = self { Some(Given::Part(part)) } else { None }
    }

    fn given_mut(&mut self) -> Option<Given<&mut Val, &mut Part>> {
        if let Slot::InOut(part) = self { Some(Given::Part(part)) } else { None }
    }

    /// The array that it is.
    fn place(&self) -> Option<PlaceId> {
        match self {
            Slot::Buffer(place) => Some(*place),
            Slot::InOut(part) => Some(part.place),
            Slot::None | Slot::Scalar => None,
        }
    }
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

impl Tangent {
    fn given(&self) -> Option<Given<&Val, &Part>> {
        match self {
            Tangent::None => None,
            Tangent::Scalar(val) => Some(Given::Val(val)),
            Tangent::Part(part) => Some(Given::Part(part)),
        }
    }

    fn given_mut(&mut self) -> Option<Given<&mut Val, &mut Part>> {
        match self {
            Tangent::None => None,
            Tangent::Scalar(val) => Some(Given::Val(val)),
            Tangent::Part(part) => Some(Given::Part(part)),
        }
    }
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
    /// In scope, where its companions are functions of this module, which has its name.
    Namesake(TokenStream),
    /// In a type: `path::to::Type::`.
    Type(TokenStream),
    /// In the type of the first argument, the receiver.
    Receiver,
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = match &self.base {
            Base::Module(path) | Base::Type(path) => path.to_string(),
            Base::Namesake(_) => String::new(),
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

impl Call {
    /// Whether the function returns a number, and writes nothing.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.returned.is_empty() && self.buffers().next().is_none()
    }
}
