//! How long tapes get. A tape that is pushed to in loops of constant trip counts is an array on the stack, if it is not
//! large; of any other the loop that is about to push makes room.

use super::Engine;
use crate::ir::{Dim, Header, OpKind, PlaceId, Storage, Ty, Val};
use crate::tokens::{integer, same, text};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

/// The lengths of a tape's dimensions.
pub(super) type Room = Vec<TokenStream>;

/// How many values a tape on the stack may hold.
const ON_STACK: usize = 1024;

/// How many values a record may hold of which there are as many as a parameter of the user's types says.
const IN_RECORD: usize = 8;

impl Engine<'_> {
    /// How often a loop's body runs, if that is constant.
    pub(super) fn trips(&self, header: &Header) -> Option<TokenStream> {
        let Header::Range(r) = header else { return None };
        let length = self.length(r.hi)?;
        match (self.literal(r.lo)?, integer(&length)) {
            (lo, Some(hi)) => {
                let step = r.step.map_or(Some(1), |s| self.literal(s)).filter(|s| *s > 0)?;
                let n = hi.saturating_add(usize::from(r.inclusive)).saturating_sub(lo).div_ceil(step);
                Some(proc_macro2::Literal::usize_unsuffixed(n).into_token_stream())
            }
            (0, None) if !r.inclusive && r.step.is_none() => Some(length),
            _ => None,
        }
    }

    /// The room on the stack for a tape of such records, at the present depth of loops.
    pub(super) fn room(&self, vals: &[Val], places: &[PlaceId]) -> Option<Room> {
        let scalar = |v: &Val| !matches!(self.func.info(*v).ty, Ty::Other);
        if !places.is_empty() || !vals.iter().all(scalar) {
            return None;
        }
        let lengths: Room = self.nest.iter().cloned().collect::<Option<_>>()?;
        let fits = match lengths.iter().map(integer).product::<Option<usize>>() {
            Some(records) => records.saturating_mul(vals.len()) <= ON_STACK,
            None => vals.len() <= IN_RECORD && self.on_stack_anyway(&lengths),
        };
        fits.then_some(lengths)
    }

    /// Whether an array with all of these dimensions is on the stack.
    fn on_stack_anyway(&self, lengths: &[TokenStream]) -> bool {
        self.func.places.iter().any(|place| {
            let owned = match place.storage {
                Storage::Param => place.by_value,
                Storage::InOut => false,
                Storage::Local | Storage::Derived | Storage::Output | Storage::Result => true,
            };
            let mut dims: Vec<String> = place.dims.iter().filter_map(fixed).map(text).collect();
            let all = lengths.iter().all(|length| {
                let at = dims.iter().position(|dim| *dim == text(length));
                at.map(|at| dims.swap_remove(at)).is_some()
            });
            owned && all && Dim::all_fixed(&place.dims)
        })
    }

    /// A bound of a range, if it is an integer, or the constant length of an array.
    fn length(&self, val: Val) -> Option<TokenStream> {
        let Some(OpKind::Inactive(code)) = self.map.definition_of(val) else { return None };
        if code.reads.is_empty() && code.places.is_empty() {
            let name = text(&code.tokens);
            let is_length = || self.func.places.iter().flat_map(|p| &p.dims).filter_map(fixed).any(|d| text(d) == name);
            return (integer(&code.tokens).is_some() || is_length()).then(|| code.tokens.clone());
        }
        let [(name, part)] = code.places.as_slice() else { return None };
        let is_length = same(&code.tokens, &quote!(#name.len()));
        self.func.dims(part).first().and_then(fixed).filter(|_| is_length).cloned()
    }

    fn literal(&self, val: Val) -> Option<usize> {
        match self.map.definition_of(val) {
            Some(OpKind::Inactive(code)) => integer(&code.tokens),
            _ => None,
        }
    }
}

fn fixed(dim: &Dim) -> Option<&TokenStream> {
    match dim {
        Dim::Fixed(length) => Some(length),
        Dim::Inferred | Dim::Dynamic => None,
    }
}
