//! A function: its parameters, its values and places, and its body.

use super::{Dim, Member, Part, Place, PlaceId, Region, Step, Storage, TapeId, Ty, Val, ValInfo};
use proc_macro2::{Ident, Span, TokenStream};

/// The function's float type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// A type parameter of the function with a bound such as `num_traits::Float`.
    Generic(Ident),
    /// This is the float type of what is differentiated, and the function computes in others, too: each value has its own
    /// (`analysis/widths.rs`).
    Mixed(Box<Width>),
}

impl Width {
    /// Its name in Rust.
    #[must_use]
    pub fn ident(&self) -> Ident {
        match self {
            Width::F32 => Ident::new("f32", Span::call_site()),
            Width::F64 => Ident::new("f64", Span::call_site()),
            Width::Generic(name) => name.clone(),
            Width::Mixed(main) => main.ident(),
        }
    }

    /// The float type of what is differentiated.
    #[must_use]
    pub fn main(&self) -> &Width {
        if let Width::Mixed(main) = self { main } else { self }
    }

    /// Whether values may have different ones.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        matches!(self, Width::Mixed(_))
    }

    /// Whether values may have this one.
    #[must_use]
    pub fn has(&self, width: &Width) -> bool {
        self.is_mixed() || self == width
    }

    /// The one of these that has this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Width> {
        [&Width::F32, &Width::F64, self.main()].into_iter().find(|width| width.is(name) && self.has(width)).cloned()
    }

    /// Whether a type or a segment of a path is it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        match self {
            Width::F32 => name == "f32",
            Width::F64 => name == "f64",
            Width::Generic(own) => own == name,
            Width::Mixed(main) => matches!(name, "f32" | "f64") || main.is(name),
        }
    }

    /// The type parameter that it is, if it is one.
    #[must_use]
    pub fn parameter(&self) -> &[Ident] {
        match self {
            Width::Generic(name) => std::slice::from_ref(name),
            Width::Mixed(main) => main.parameter(),
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

/// Something in a place, wherever it is there: `p.list[0].k`.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The place.
    pub place: PlaceId,
    /// What follows its name.
    pub way: TokenStream,
}

/// What was assumed of a field by its use, for rustc to compare with its type.
#[derive(Clone, Debug)]
pub enum Check {
    /// This is a number of the function's float type.
    Float(Sample),
    /// What is indexed itself has elements of the function's float type.
    Elements(Sample),
    /// Derivatives are taken with respect to this field of a struct.
    Follows(Sample, Member),
    /// This field of a struct is data.
    Skips(Sample, Member),
}

impl Check {
    /// The place that it is about.
    #[must_use]
    pub fn place(&self) -> PlaceId {
        let (Check::Float(sample) | Check::Elements(sample) | Check::Follows(sample, _) | Check::Skips(sample, _)) =
            self;
        sample.place
    }

    /// The same of a place of the same type.
    #[must_use]
    pub fn of(&self, place: PlaceId) -> Self {
        let mut check = self.clone();
        let (Check::Float(sample) | Check::Elements(sample) | Check::Follows(sample, _) | Check::Skips(sample, _)) =
            &mut check;
        sample.place = place;
        check
    }
}

/// How many directions the tangents of a function have.
#[derive(Clone, Debug)]
pub enum Lanes {
    /// So many.
    Count(TokenStream),
    /// So many, each of which knows its columns.
    Labelled(TokenStream),
    /// As many as its caller's: their type is a type parameter.
    Caller,
    /// Along a curve: so many coefficients of power series.
    Series(TokenStream),
}

/// How often a function runs for one result: what it calls may have an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// Once.
    One,
    /// Once for every few columns of a matrix.
    Several,
    /// As often as its caller: that is a type parameter.
    Caller,
}

/// A number that no parameter reaches: nothing tells its type but the place where it goes.
#[derive(Clone, Debug)]
pub struct UntypedNumber {
    /// The number.
    pub val: Val,
    /// Its float type, if it is not the function's.
    pub width: Option<Width>,
    /// A closure that puts one there.
    pub closure: TokenStream,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    /// Its float type. Where it is [`Width::Mixed`], those of values and places say more.
    pub width: Width,
    /// Whether its float type is `Differentiable` by a bound, if it is a type parameter.
    pub bounded: bool,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// Its values.
    pub vals: Vec<ValInfo>,
    /// Those of parameters that are gone where they have been moved.
    pub owned: Vec<Val>,
    /// Its arrays.
    pub places: Vec<Place>,
    /// What it returns if that is no number; each is also in `places`.
    pub results: Vec<PlaceId>,
    /// How many tapes it has.
    pub tapes: u32,
    /// In how many directions its tangents are, if those are several.
    pub lanes: Option<Lanes>,
    /// How often it runs for one result.
    pub passes: Passes,
    /// Whether the user says that it may run again: nothing that it calls has an effect.
    pub repeatable: bool,
    /// Names that the user's own tokens bind, and that emitted names must leave alone.
    pub fixed: Vec<Ident>,
    /// What has to hold of the fields of structs, whose types are not visible.
    pub checks: Vec<Check>,
    /// Numbers that have to be of their float type where they go.
    pub untyped: Vec<UntypedNumber>,
    /// Structs that are taken apart, made of what has the types of their members.
    pub apart: Vec<TokenStream>,
    /// Its body; the leaves yield its results.
    pub body: Region,
}

impl Func {
    /// A new value.
    pub fn val(&mut self, ty: Ty, name: Option<Ident>, span: Span) -> Val {
        let id = u32::try_from(self.vals.len()).unwrap_or(u32::MAX);
        self.vals.push(ValInfo { ty, name, span, width: None });
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
        self.held(name, storage, dims, None)
    }

    /// A new array that its name stands for, of a length that stays: of floats, or of structs of a type.
    pub fn held(&mut self, name: Ident, storage: Storage, dims: Vec<Dim>, record: Option<TokenStream>) -> PlaceId {
        self.place(Place { name, storage, dims, record, growing: false, lanes: false, by_value: true, width: None })
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
        let Place { dims, record, growing, width, .. } = base;
        let by_value = matches!(storage, Storage::Derived | Storage::Result | Storage::Cell);
        let place = self.place(Place { name, storage, dims, record, growing, lanes: false, by_value, width });
        // What holds of a local struct has to hold where only its derivative is left.
        let same: Vec<Check> =
            self.checks.iter().filter(|c| c.place() == of && !self.is_given(of)).map(|c| c.of(place)).collect();
        self.checks.extend(same);
        place
    }

    /// Derivatives flow through this member of a struct.
    pub fn follows(&mut self, place: PlaceId, member: &Member) {
        self.checks.push(Check::Follows(Sample { place, way: TokenStream::new() }, member.clone()));
    }

    /// Whether a place is a parameter.
    #[must_use]
    pub fn is_given(&self, place: PlaceId) -> bool {
        matches!(self.place_info(place).storage, Storage::Param | Storage::InOut)
    }
}
