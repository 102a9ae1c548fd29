//! The intermediate representation: operations in program order inside nested regions.
//!
//! - Float scalars are SSA values ([`Val`]). Mutable variables, assignment and shadowing are gone.
//! - Float arrays are [`Place`]s, read by [`OpKind::Load`] and written by [`OpKind::Store`] in program order.
//! - What no derivative flows through is an [`Inactive`] piece of the user's own tokens, kept verbatim and in order,
//!   with the values that it reads and defines. It is *pure* if it may be evaluated again anywhere its reads are in scope.
//! - Every exit is at the end of a region: what follows an `if` with a `return` in one arm stands in the other arm.
//!   So the branch that was taken is the only thing a reverse sweep has to know about control flow.
//!
//! Invariants are checked by [`verify`]; [`mod@print`] shows a function as text.

pub mod print;
pub mod verify;
mod visit;

use crate::rules::Prim;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::ToTokens;
use std::fmt;

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
}

/// One dimension of a place.
#[derive(Clone, Debug)]
pub enum Dim {
    /// A length that is part of the type: `3`, `N`, `2 * K`.
    Fixed(TokenStream),
    /// The same, but rustc has to find it.
    Inferred,
    /// A length known at run time: of a slice or a `Vec`.
    Dynamic,
}

impl Dim {
    /// Whether a shape is part of its type.
    #[must_use]
    pub fn all_fixed(dims: &[Dim]) -> bool {
        dims.iter().all(|dim| matches!(dim, Dim::Fixed(_) | Dim::Inferred))
    }
}

/// The shape of a value that derivatives are taken with respect to, and of them.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its dimensions, outermost first: none for a number or a struct.
    pub dims: Vec<Dim>,
    /// The type of what is in it, if that is a struct and no float.
    pub record: Option<TokenStream>,
}

impl Layout {
    /// Of floats.
    #[must_use]
    pub fn floats(dims: &[Dim]) -> Self {
        Layout { dims: dims.to_vec(), record: None }
    }

    /// Whether it is one number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.dims.is_empty() && self.record.is_none()
    }

    /// Whether it is one struct, or an array of them with a length that is part of its type.
    #[must_use]
    pub fn is_struct(&self) -> bool {
        self.record.is_some() && !matches!(self.dims.first(), Some(Dim::Dynamic))
    }
}

/// Where a place lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A parameter, never written.
    Param,
    /// A local array.
    Local,
    /// A local array that the user's function never had: adjoints, tangents.
    Derived,
    /// A buffer that the caller of the companion supplies.
    Output,
    /// A parameter behind a `&mut`: the caller's, read and written.
    InOut,
    /// What the function returns, or a part of it, written where it returns.
    Result,
}

/// An array of floats.
#[derive(Clone, Debug)]
pub struct Place {
    /// The user's name, or the engine's suggestion.
    pub name: Ident,
    /// Where it lives.
    pub storage: Storage,
    /// Its dimensions, outermost first.
    pub dims: Vec<Dim>,
    /// The type of its elements, or of itself, if that is a struct and no float; `_` where it is not visible.
    pub record: Option<TokenStream>,
    /// Whether its length changes: a `Vec` that something is pushed to.
    pub growing: bool,
    /// Whether its name stands for the array itself (a local, a parameter by value) and not for a reference to it.
    pub by_value: bool,
}

/// A member of a struct, by its name or its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Member {
    /// `.k`
    Named(Ident),
    /// `.0`
    Index(u32),
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Member::Named(name) => name.fmt(f),
            Member::Index(index) => index.fmt(f),
        }
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Member::Named(name) => name.to_tokens(tokens),
            Member::Index(index) => Literal::u32_unsuffixed(*index).to_tokens(tokens),
        }
    }
}

/// A field, and what is in it, as far as its use tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name.
    pub member: Member,
    /// How many dimensions it has.
    pub rank: usize,
    /// Whether it is a struct, or an array of structs.
    pub record: bool,
}

/// One step of the way from a place to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// `[i]`
    At(Val),
    /// `[lo..hi]`: a view, which has as many dimensions as what it is a part of.
    Range(Val, Val),
    /// `[lo..]`: likewise, up to the end.
    From(Val),
    /// `.k`, of a struct.
    Field(Field),
}

/// A place, or a part of one: `a`, `a[i]`, `a[i][j]`, `a[lo..hi]`. It is base and projection, so that the part of
/// the array's adjoint, or of its tangent, is the same way from another place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The array.
    pub place: PlaceId,
    /// The way, outermost first.
    pub path: Vec<Step>,
}

impl Part {
    /// All of a place.
    #[must_use]
    pub fn whole(place: PlaceId) -> Self {
        Part { place, path: Vec::new() }
    }

    /// The part one more step away.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut part = self.clone();
        part.path.push(step);
        part
    }

    /// The part at one more index.
    #[must_use]
    pub fn at(&self, index: Val) -> Self {
        self.then(Step::At(index))
    }

    /// The same way from another place.
    #[must_use]
    pub fn of(&self, place: PlaceId) -> Self {
        Part { place, path: self.path.clone() }
    }

    /// Whether it is all of the place.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.path.is_empty()
    }

    /// The values that say where it is.
    pub fn vals(&self) -> impl Iterator<Item = Val> + '_ {
        self.path
            .iter()
            .flat_map(|step| match *step {
                Step::At(i) | Step::From(i) => [Some(i), None],
                Step::Range(lo, hi) => [Some(lo), Some(hi)],
                Step::Field(_) => [None, None],
            })
            .flatten()
    }

    /// Replaces the values that say where it is.
    pub fn map_vals(&mut self, f: &mut impl FnMut(Val) -> Val) {
        for val in self.vals_mut() {
            *val = f(*val);
        }
    }

    pub(crate) fn vals_mut(&mut self) -> impl Iterator<Item = &mut Val> {
        self.path
            .iter_mut()
            .flat_map(|step| match step {
                Step::At(i) | Step::From(i) => [Some(i), None],
                Step::Range(lo, hi) => [Some(lo), Some(hi)],
                Step::Field(_) => [None, None],
            })
            .flatten()
    }
}

/// Tokens of the user's, carried verbatim.
#[derive(Clone, Debug)]
pub struct Inactive {
    /// An expression if the operation has one result and no pattern, else a statement.
    pub tokens: TokenStream,
    /// The pattern of a `let`: the operation's results are the names that it binds.
    pub pattern: Option<TokenStream>,
    /// The names in `tokens` that are SSA values, each with its value.
    pub reads: Vec<(Ident, Val)>,
    /// The arrays that `tokens` mention, each under the name that it has there.
    pub places: Vec<(Ident, Part)>,
    /// Whether it may be evaluated again, any number of times, wherever its reads are available.
    pub pure: bool,
    /// Whether it is an expression of which the engine needs the value where it stands. Others are statements.
    pub expression: bool,
    /// What has to be said of its type.
    pub stated: Stated,
}

/// What emitted code says of the type of the user's tokens, so that it does not compile if that is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Nothing.
    Nothing,
    /// It is a float: its context told in the source.
    Float,
    /// It is a float, or a reference to one: its method told, by its name.
    Number,
}

impl Inactive {
    /// An expression of the engine's own: pure.
    #[must_use]
    pub fn engine(tokens: TokenStream) -> Self {
        Inactive {
            tokens,
            pattern: None,
            reads: Vec::new(),
            places: Vec::new(),
            pure: true,
            expression: true,
            stated: Stated::Nothing,
        }
    }

    /// The integer that it is, if it visibly is one.
    #[must_use]
    pub fn integer(&self) -> Option<i32> {
        let alone = self.reads.is_empty() && self.places.is_empty();
        alone.then(|| crate::tokens::text(&self.tokens).parse().ok()).flatten()
    }

    /// Calls `f` for every value that the tokens need.
    pub fn each_read(&self, f: &mut impl FnMut(Val)) {
        self.reads.iter().for_each(|&(_, v)| f(v));
        self.places.iter().flat_map(|(_, p)| p.vals()).for_each(f);
    }

    fn reads_mut(&mut self) -> impl Iterator<Item = &mut Val> {
        let indices = self.places.iter_mut().flat_map(|(_, p)| p.vals_mut());
        self.reads.iter_mut().map(|(_, v)| v).chain(indices)
    }
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
}

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

/// What a loop runs over.
#[derive(Clone, Debug)]
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
    /// `&part` is made under this name: it panics if it is out of bounds.
    View(Part, Ident),
    /// `place.push(value)`
    Grow(PlaceId, Val),
    /// `place.pop()`; its result is the element.
    Shrink(PlaceId),
    /// The place gets so many elements; new ones are zero.
    Resize(PlaceId, Val),
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

/// The function's float type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Width {
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// A type parameter of the function with a bound such as `num_traits::Float`.
    Generic(Ident),
}

impl Width {
    /// Its name in Rust.
    #[must_use]
    pub fn ident(&self) -> Ident {
        match self {
            Width::F32 => Ident::new("f32", Span::call_site()),
            Width::F64 => Ident::new("f64", Span::call_site()),
            Width::Generic(name) => name.clone(),
        }
    }

    /// Whether a type or a segment of a path is it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        match self {
            Width::F32 => name == "f32",
            Width::F64 => name == "f64",
            Width::Generic(own) => own == name,
        }
    }

    /// The type parameter that it is, if it is one.
    #[must_use]
    pub fn parameter(&self) -> &[Ident] {
        match self {
            Width::Generic(name) => std::slice::from_ref(name),
            _ => &[],
        }
    }

    /// Whether it is a type parameter: then nothing is known of it but its methods.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        matches!(self, Width::Generic(_))
    }
}

/// What a parameter is to the engine.
#[derive(Clone, Debug)]
pub enum ParamKind {
    /// A float scalar.
    Float(Val),
    /// An array of floats.
    Place(PlaceId),
    /// Anything else, named by the user's tokens.
    Other,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub kind: ParamKind,
    /// Whether derivatives are taken with respect to it.
    pub wrt: bool,
}

/// What was assumed of a field by its use, for rustc to compare with its type.
#[derive(Clone, Debug)]
pub enum Check {
    /// This is a number of the function's float type.
    Float(TokenStream),
    /// Derivatives are taken with respect to this field of a struct.
    Follows(TokenStream, Member),
    /// This field of a struct is data.
    Skips(TokenStream, Member),
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    /// Its float type.
    pub width: Width,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// Its values.
    pub vals: Vec<ValInfo>,
    /// Its arrays.
    pub places: Vec<Place>,
    /// What it returns if that is no number; each is also in `places`.
    pub results: Vec<PlaceId>,
    /// How many tapes it has.
    pub tapes: u32,
    /// Names that the user's own tokens bind, and that emitted names must leave alone.
    pub fixed: Vec<Ident>,
    /// What has to hold of the fields of structs, whose types are not visible.
    pub checks: Vec<Check>,
    /// Its body; the leaves yield its results.
    pub body: Region,
}

impl Func {
    /// A new value.
    pub fn val(&mut self, ty: Ty, name: Option<Ident>, span: Span) -> Val {
        let id = u32::try_from(self.vals.len()).unwrap_or(u32::MAX);
        self.vals.push(ValInfo { ty, name, span });
        Val(id)
    }

    /// What is known of a value.
    #[must_use]
    pub fn info(&self, val: Val) -> &ValInfo {
        &self.vals[val.0 as usize]
    }

    /// Whether it returns a number.
    #[must_use]
    pub fn yields(&self) -> bool {
        let mut yields = false;
        self.body.leaves(&mut |leaf| yields |= !leaf.values().is_empty());
        yields
    }

    /// A new place.
    pub fn place(&mut self, place: Place) -> PlaceId {
        let id = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place);
        PlaceId(id)
    }

    /// What is known of a place.
    #[must_use]
    pub fn place_info(&self, place: PlaceId) -> &Place {
        &self.places[place.0 as usize]
    }

    /// The dimensions of a part, outermost first.
    #[must_use]
    pub fn dims(&self, part: &Part) -> Vec<Dim> {
        let mut dims = self.place_info(part.place).dims.clone();
        for step in &part.path {
            match step {
                Step::At(_) if !dims.is_empty() => drop(dims.remove(0)),
                Step::Range(..) | Step::From(_) if !dims.is_empty() => dims[0] = Dim::Dynamic,
                Step::Field(field) => dims = vec![Dim::Dynamic; field.rank],
                _ => {}
            }
        }
        dims
    }

    /// Whether the shape of a part is part of its type.
    #[must_use]
    pub fn fixed(&self, part: &Part) -> bool {
        Dim::all_fixed(&self.dims(part)) && !self.holds_structs(part)
    }

    /// How many dimensions a part has.
    #[must_use]
    pub fn rank(&self, part: &Part) -> usize {
        part.path.iter().fold(self.place_info(part.place).dims.len(), |rank, step| match step {
            Step::At(_) => rank.saturating_sub(1),
            Step::Range(..) | Step::From(_) => rank,
            Step::Field(field) => field.rank,
        })
    }

    /// Whether a part is a struct or an array of structs.
    #[must_use]
    pub fn holds_structs(&self, part: &Part) -> bool {
        let last =
            part.path.iter().rev().find_map(|step| if let Step::Field(field) = step { Some(field) } else { None });
        last.map_or_else(|| self.place_info(part.place).record.is_some(), |field| field.record)
    }

    /// Whether a part is one number.
    #[must_use]
    pub fn is_number(&self, part: &Part) -> bool {
        self.rank(part) == 0 && !self.holds_structs(part)
    }

    /// Whether a part is one struct.
    #[must_use]
    pub fn is_struct(&self, part: &Part) -> bool {
        self.rank(part) == 0 && self.holds_structs(part)
    }

    /// A new array of floats that its name stands for, of a length that stays.
    pub fn array(&mut self, name: Ident, storage: Storage, dims: Vec<Dim>) -> PlaceId {
        self.place(Place { name, storage, dims, record: None, growing: false, by_value: true })
    }

    /// A new tape.
    pub fn tape(&mut self) -> TapeId {
        self.tapes += 1;
        TapeId(self.tapes - 1)
    }

    /// A new place for derivatives of `of`.
    pub fn derived(&mut self, of: PlaceId, storage: Storage, name: &str) -> PlaceId {
        let base = self.place_info(of).clone();
        let name = Ident::new(&name.replace("r#", ""), Span::mixed_site());
        let Place { dims, record, growing, .. } = base;
        self.place(Place {
            name,
            storage,
            dims,
            record,
            growing,
            by_value: matches!(storage, Storage::Derived | Storage::Result),
        })
    }
}
