//! Tangents in several directions: `Lanes` of the runtime crate, for which operators are written as for floats.

use super::Emitter;
use super::expression::{Expr, Level};
use crate::ir::{Lanes, Passes, PlaceId, Ty, Val};
use crate::rules::Prim;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};

impl Emitter<'_> {
    /// The type of a float, or of as many as there are lanes.
    pub(super) fn number_type(&self, ty: Ty) -> TokenStream {
        // What nothing tells is left to rustc.
        let float = self.width.as_ref().map_or_else(|| quote!(_), |width| width.ident().to_token_stream());
        let runtime = &self.runtime;
        match (ty, &self.func.lanes) {
            (Ty::Lanes, Some(Lanes::Count(count) | Lanes::Series(count))) => {
                quote!(#runtime::__private::Lanes<#float, #count>)
            }
            (Ty::Lanes, Some(Lanes::Labelled(count))) => quote!(#runtime::__private::Labelled<#float, #count>),
            (Ty::Lanes, Some(Lanes::Caller)) => direction().to_token_stream(),
            _ => quote!(#float),
        }
    }

    /// The type of an array's elements, if they are no structs.
    pub(super) fn element_type(&self, place: PlaceId) -> Ty {
        if self.func.place_info(place).lanes { Ty::Lanes } else { Ty::Float }
    }

    pub(super) fn zero_of(&mut self, ty: Ty) -> TokenStream {
        if ty == Ty::Lanes {
            let lanes = self.number_type(ty);
            return quote!(<#lanes>::zero());
        }
        self.zero()
    }

    /// In which directions what is called is differentiated, and how often it runs.
    pub(super) fn along(&self) -> TokenStream {
        let runtime = &self.runtime;
        let tangent = self.number_type(if self.func.lanes.is_some() { Ty::Lanes } else { Ty::Float });
        let passes = self.passes();
        quote!(#runtime::__private::Along::<#tangent, #passes>::new())
    }

    /// How often the function runs for one result, as a type.
    pub(super) fn passes(&self) -> TokenStream {
        let runtime = &self.runtime;
        match self.func.passes {
            Passes::One => quote!(#runtime::__private::OnePass),
            Passes::Several => quote!(#runtime::__private::SeveralPasses),
            Passes::Caller => passes().to_token_stream(),
        }
    }

    /// What is no operator: a selection, which is linear in its tangents, for each lane.
    pub(super) fn lane_by_lane(&mut self, prim: Prim, args: &[Val]) -> Expr {
        let lane = Ident::new("lane", Span::mixed_site());
        let known = matches!(self.func.lanes, Some(Lanes::Count(_) | Lanes::Series(_)));
        let all: Vec<Val> = args.iter().copied().filter(|&val| !known && self.func.info(val).ty == Ty::Lanes).collect();
        let all: Vec<TokenStream> = all.iter().map(|&val| self.expr(val).tokens).collect();
        let one = |&val: &Val| {
            let expr = self.expr(val);
            if self.func.info(val).ty != Ty::Lanes {
                return expr;
            }
            let all = expr.at(Level::Atom);
            Expr::atom(quote!(#all.lane(#lane)))
        };
        let args: Vec<Expr> = args.iter().map(one).collect();
        let Expr { tokens, size, .. } = self.operation(prim, &args);
        let lanes = self.number_type(Ty::Lanes);
        if known {
            return Expr::new(quote!(<#lanes>::each(|#lane| #tokens)), Level::Atom, size + 4);
        }
        Expr::new(quote!(<#lanes>::among([#(#all),*], |#lane| #tokens)), Level::Atom, size + 4)
    }
}

/// The type parameter that is the type of a tangent, where a caller chooses the directions.
pub(super) fn direction() -> Ident {
    Ident::new("__Direction", Span::call_site())
}

/// The type parameter that says how often the caller runs it.
pub(super) fn passes() -> Ident {
    Ident::new("__Passes", Span::call_site())
}

/// The constant that says how many coefficients power series have, where a caller chooses.
pub(crate) fn order() -> Ident {
    Ident::new("__ORDER", Span::call_site())
}
