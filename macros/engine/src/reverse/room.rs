//! How long tapes get. A tape that is pushed to in loops of constant trip counts is an array on the stack, if it is not
//! large; of any other the loop that is about to push makes room.

use super::Engine;
use crate::ir::{Dim, Func, Header, OpKind, PlaceId, Storage, Ty, Val};
use crate::tokens::{integer, same, text};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use std::collections::HashSet;

/// The lengths of a tape's dimensions.
pub(super) type Room = Vec<TokenStream>;

/// How many values a tape on the stack may hold.
const ON_STACK: usize = 1024;

/// How many values a record may hold of which there are as many as a parameter of the user's types says.
const IN_RECORD: usize = 8;

/// The constant lengths of a function's arrays.
#[derive(Default)]
pub(super) struct Sizes {
    /// Of all.
    lengths: HashSet<String>,
    /// Together, of those that are on the stack.
    on_stack: HashSet<Vec<String>>,
}

impl Sizes {
    pub(super) fn of(func: &Func) -> Self {
        let mut sizes = Sizes::default();
        for place in &func.places {
            let dims: Vec<String> = place.dims.iter().filter_map(fixed).map(text).collect();
            sizes.lengths.extend(dims.iter().cloned());
            let owned = match place.storage {
                Storage::Param => place.by_value,
                Storage::InOut => false,
                Storage::Local | Storage::Derived | Storage::Output | Storage::Result | Storage::Cell => true,
            };
            if owned && dims.len() == place.dims.len() {
                sizes.on_stack.insert(dims);
            }
        }
        sizes
    }

    /// Whether there is an array on the stack with all of these dimensions.
    fn hold(&self, lengths: &[TokenStream]) -> bool {
        self.on_stack.iter().any(|dims| {
            let mut dims = dims.clone();
            lengths.iter().all(|length| {
                let at = dims.iter().position(|dim| *dim == text(length));
                at.map(|at| dims.swap_remove(at)).is_some()
            })
        })
    }
}

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
        let product = |n: usize, length| n.checked_mul(integer(length)?);
        let fits = match lengths.iter().try_fold(vals.len(), product) {
            Some(values) => values <= ON_STACK,
            None => vals.len() <= IN_RECORD && self.sizes.hold(&lengths),
        };
        fits.then_some(lengths)
    }

    /// A bound of a range, if it is an integer, or the constant length of an array.
    fn length(&self, val: Val) -> Option<TokenStream> {
        let Some(OpKind::Inactive(code)) = self.map.definition_of(val) else { return None };
        if code.reads.is_empty() && code.places.is_empty() {
            let constant = integer(&code.tokens).is_some() || self.sizes.lengths.contains(&text(&code.tokens));
            return constant.then(|| code.tokens.clone());
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
