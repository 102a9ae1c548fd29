//! Arrays: their shapes, where they live, and the parts of them that operations read and write.

use super::{PlaceId, Val, Width};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::ToTokens;
use std::fmt;

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
    /// A struct that one of several arms makes: it is there behind them, and moved to a place of its own.
    Cell,
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
    /// Whether its elements are no floats, but as many as there are lanes.
    pub lanes: bool,
    /// Whether its name stands for the array itself (a local, a parameter by value) and not for a reference to it.
    pub by_value: bool,
    /// The float type of its elements, where the function has several and this is known.
    pub width: Option<Width>,
}

/// A member of a struct, by its name or its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Member {
    /// `.k`
    Named(Ident),
    /// `.0`
    Index(u32),
    /// All of it: a struct that is indexed itself, as a vector of another crate is. It may be any other member, too.
    Elements,
}

impl Member {
    /// Whether two members of one struct have nothing in common.
    #[must_use]
    pub fn is_apart_from(&self, other: &Self) -> bool {
        self != other && ![self, other].contains(&&Member::Elements)
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Member::Named(name) => name.fmt(f),
            Member::Index(index) => index.fmt(f),
            Member::Elements => f.write_str("[]"),
        }
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Member::Named(name) => name.to_tokens(tokens),
            Member::Index(index) => Literal::u32_unsuffixed(*index).to_tokens(tokens),
            Member::Elements => {}
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
