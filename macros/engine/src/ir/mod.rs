//! The intermediate representation: operations in program order inside nested regions.
//!
//! - Float scalars are SSA values ([`Val`]). Mutable variables, assignment and shadowing are gone.
//! - Float arrays are [`Place`]s, read by [`OpKind::Load`] and written by [`OpKind::Store`] in program order.
//! - What no derivative flows through is an [`Inactive`] piece of the user's own tokens, kept verbatim and in order,
//!   with the values that it reads and defines. It is *pure* if it may be evaluated again anywhere its reads are in scope.
//! - Every exit is at the end of a region: what follows an `if` with a `return` in one arm stands in the other arm.
//!   So the branch that was taken is the only thing a reverse sweep has to know about control flow.
//!
//! Here are values, operations and regions; arrays and the ways into them are in `place`, calls in `call`, functions in
//! `func`.
//!
//! Invariants are checked by [`verify`]; [`mod@print`] shows a function as text.

mod call;
mod func;
mod inactive;
mod place;
pub mod print;
pub mod verify;
mod visit;

pub use call::{Along, Arg, Base, Call, Callee, Companion, Given, Passing, Returned, Slot, Tangent};
pub use func::{Check, Func, Lanes, Param, ParamKind, Passes, Sample, UntypedNumber, Width};
pub use inactive::{Inactive, Stated};
pub use place::{Dim, Field, Layout, Member, Part, Place, Step, Storage};

use crate::rules::Prim;
use proc_macro2::{Ident, Literal, Span, TokenStream};

/// An SSA value: an index into [`Func::vals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Val(pub u32);

/// An array: an index into [`Func::places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(pub u32);

/// A stack of records that a reverse sweep pops: an index into [`Func::tapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TapeId(pub u32);

/// What the engine knows of a value's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    /// A scalar of the function's float type.
    Float,
    /// Several of them, [`Func::lanes`]: a tangent in as many directions. All that is done to it is linear.
    Lanes,
    /// A condition.
    Bool,
    /// An index, a length or a count: `usize`.
    Index,
    /// Anything else; never stored by the engine, only named by the user's own tokens.
    Other,
}

/// A value's type, name and origin.
#[derive(Clone, Debug)]
pub struct ValInfo {
    /// Its type.
    pub ty: Ty,
    /// The user's name for it, if it has one, or the engine's suggestion.
    pub name: Option<Ident>,
    /// Where it came from.
    pub span: Span,
    /// Its float type, where the function has several and this is known.
    pub width: Option<Width>,
}

/// How a local array begins.
#[derive(Clone, Debug)]
pub enum Init {
    /// Every element is this value; all dimensions are fixed.
    Fill(Val),
    /// A `Vec` of this value, so many times.
    Repeat(Val, Val),
    /// A `Vec` of this array, so many times.
    RepeatRow(Part, Val),
    /// Zeros, in the shape of another part.
    Like(Part),
    /// A `Vec` without elements.
    Empty,
    /// Element by element, row-major over the first dimension only (rank one).
    Elements(Vec<Val>),
    /// Rows, each a place (rank two and above).
    Rows(Vec<Part>),
    /// A copy.
    Copy(Part),
    /// What a call has returned.
    Returned(Returned),
    /// A struct or a tuple, of its members.
    Members(Made),
}

/// A struct or a tuple, made of its members.
#[derive(Clone, Debug)]
pub struct Made {
    /// The struct's path; none for a tuple.
    pub path: Option<TokenStream>,
    /// Its members, in the order in which they are evaluated.
    pub members: Vec<(Field, Content)>,
}

impl Made {
    /// The arrays and structs among its members.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.members.iter_mut().filter_map(|(_, content)| match content {
            Content::Part(part) => Some(part),
            _ => None,
        })
    }

    /// The arrays and structs among its members, each with where it goes in this place.
    pub fn parts(&self) -> impl Iterator<Item = (&Field, &Part)> {
        self.members.iter().filter_map(|(field, content)| match content {
            Content::Part(part) => Some((field, part)),
            _ => None,
        })
    }

    /// The numbers among them.
    pub fn numbers(&self) -> impl Iterator<Item = (&Field, Val)> {
        self.members.iter().filter_map(|(field, content)| match content {
            Content::Number(val) => Some((field, *val)),
            _ => None,
        })
    }
}

/// What goes into a member.
#[derive(Clone, Debug)]
pub enum Content {
    /// A float.
    Number(Val),
    /// A copy of an array or of a struct.
    Part(Part),
    /// Anything else.
    Other(Val),
}

impl Content {
    /// The values that it is made of, or found by.
    pub fn vals(&self) -> Vec<Val> {
        match self {
            Content::Number(val) | Content::Other(val) => vec![*val],
            Content::Part(part) => part.vals().collect(),
        }
    }

    /// The same.
    pub fn vals_mut(&mut self) -> Vec<&mut Val> {
        match self {
            Content::Number(val) | Content::Other(val) => vec![val],
            Content::Part(part) => part.vals_mut().collect(),
        }
    }
}

/// What a loop runs over.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are few loops")]
pub enum Header {
    /// `lo..hi`, `lo..=hi`, with a step, backwards. [`Loop::index`] is the item.
    Range(Range),
    /// Any iterator, consumed once: `for pattern in tokens`. The names that the pattern binds are values of the body.
    Iterator {
        /// The iterated expression.
        code: Inactive,
        /// The pattern.
        pattern: TokenStream,
        /// What the pattern binds.
        binds: Vec<Val>,
    },
    /// `loop`
    Forever,
}

/// A range of integers.
#[derive(Clone, Debug)]
pub struct Range {
    /// The lower bound.
    pub lo: Val,
    /// The upper bound.
    pub hi: Val,
    /// Whether the upper bound belongs to it.
    pub inclusive: bool,
    /// `.step_by(…)`
    pub step: Option<Val>,
    /// `.rev()`
    pub reversed: bool,
}

impl Range {
    /// What it is made of.
    pub fn vals(&self) -> impl Iterator<Item = Val> {
        [self.lo, self.hi].into_iter().chain(self.step)
    }

    /// What it is made of.
    pub fn vals_mut(&mut self) -> impl Iterator<Item = &mut Val> {
        [&mut self.lo, &mut self.hi].into_iter().chain(self.step.as_mut())
    }
}

/// A loop with carried values.
#[derive(Clone, Debug)]
pub struct Loop {
    /// What it runs over.
    pub header: Header,
    /// The item of a range.
    pub index: Option<Val>,
    /// The carried values, as the body sees them at its start.
    pub params: Vec<Val>,
    /// Their values before the first iteration.
    pub init: Vec<Val>,
    /// The body; its leaves are `Continue` and `Break`, one value a param.
    pub body: Region,
    /// Defined after the loop: how many iterations were begun.
    pub trips: Option<Val>,
}

/// What an operation does.
#[derive(Clone, Debug)]
pub enum OpKind {
    /// A float constant; the user's own literal where there is one.
    Const(f64, Option<Literal>),
    /// A primitive.
    Prim(Prim, Vec<Val>),
    /// The user's tokens.
    Inactive(Inactive),
    /// Whether all of these conditions are as they are to be. Derivative code asks where nothing may flow to a cotangent.
    All(Vec<(Val, bool)>),
    /// An element.
    Load(Part),
    /// `part = value`
    Store(Part, Val),
    /// `part += value`
    Accumulate(Part, Val),
    /// A local array comes into being.
    Alloc(PlaceId, Init),
    /// `to = from`, all elements.
    Copy(Part, Part),
    /// `to = value`, all elements.
    Fill(Part, Val),
    /// `to += scale * from`, all elements.
    AddScaled(Part, Part, Option<Val>),
    /// The sum of all elements.
    SumOf(Part),
    /// The sum of the products of two arrays' elements; those of the second may be tangents in several directions.
    Dot(Part, Part),
    /// `&part` is made under this name: it panics if it is out of bounds.
    View(Part, Ident),
    /// `place.push(value)`
    Grow(PlaceId, Val),
    /// `place.push(part)`: a copy of an array or of a struct.
    Append(PlaceId, Part),
    /// `place.pop()`; its result is the element.
    Shrink(PlaceId),
    /// The place gets so many elements; new ones are zero.
    Resize(PlaceId, Val),
    /// The first part gets the shape of the second: what it has stays, and what is new is zero. It is a `Vec` of numbers, or
    /// of rows that keep their lengths.
    Reshape(Part, Part),
    /// Results are what the arms yield.
    If(Val, Region, Region),
    /// Results are the carried values after the last iteration.
    Loop(Box<Loop>),
    /// A call.
    Call(Call),
    /// An empty tape. If it never holds more records than the product of these lengths, it is an array.
    TapeNew(TapeId, Option<Vec<TokenStream>>),
    /// A loop over this range, from which there is no exit, is about to push a record in each iteration.
    Reserve(TapeId, Range),
    /// Appends a record.
    Push(TapeId, Vec<Val>, Vec<PlaceId>),
    /// Removes the last record; results are its values.
    Pop(TapeId, Vec<PlaceId>),
}

/// An operation, its results and its origin.
#[derive(Clone, Debug)]
pub struct Op {
    /// What it does.
    pub kind: OpKind,
    /// What it defines.
    pub results: Vec<Val>,
    /// Where it came from.
    pub span: Span,
}

/// How a region ends.
#[derive(Clone, Debug)]
pub enum End {
    /// The values of an arm, or of the function.
    Yield(Vec<Val>),
    /// The next iteration, with these carried values.
    Continue(Vec<Val>),
    /// The loop is left, with these carried values.
    Break(Vec<Val>),
    /// The rest is in two arms, each with its own end.
    Branch(Val, Box<Region>, Box<Region>),
}

/// A list of operations and its end.
#[derive(Clone, Debug)]
pub struct Region {
    /// In program order.
    pub ops: Vec<Op>,
    /// What comes after them.
    pub end: End,
}

impl Region {
    /// Calls `f` for each leaf of the region's end.
    pub fn leaves(&self, f: &mut impl FnMut(&End)) {
        match &self.end {
            End::Branch(_, then, other) => {
                then.leaves(f);
                other.leaves(f);
            }
            leaf => f(leaf),
        }
    }

    /// Whether a leaf leaves the loop.
    #[must_use]
    pub fn breaks(&self) -> bool {
        let mut breaks = false;
        self.leaves(&mut |leaf| breaks |= matches!(leaf, End::Break(_)));
        breaks
    }
}

impl End {
    /// A leaf's values; none of a branch.
    #[must_use]
    pub fn values(&self) -> &[Val] {
        match self {
            End::Yield(v) | End::Continue(v) | End::Break(v) => v,
            End::Branch(..) => &[],
        }
    }
}
