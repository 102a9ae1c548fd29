//! The companion of forward mode.

use super::{Frame, FrameParam, Written, stub};
use crate::emit::body;
use crate::forward::Jvp;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Parameters for a direction.
#[derive(Default)]
pub(super) struct Tangents {
    /// As declared.
    pub declared: Vec<TokenStream>,
    /// What the body begins with.
    pub start: TokenStream,
    /// Their names.
    pub names: Vec<Ident>,
    /// Which of them are behind a `&mut`.
    pub lent: Vec<bool>,
}

impl Frame {
    pub(super) fn jvp_function(&self, jvp: Option<&Jvp>) -> Written {
        let mut declared = self.declared();
        let Tangents { declared: more, mut start, names: tangents, lent } = self.tangents();
        declared.extend(more);
        let body = match jvp {
            None => stub(),
            Some(jvp) => {
                let mut given = self.given(&jvp.func);
                let (values, names) = self.declare_results(&jvp.func.results, "result", &mut given);
                let (tangent_values, tangent_names) = self.declare_results(&jvp.results, "result_tangent", &mut given);
                start.extend(quote!(#values #tangent_values));
                for (kind, (name, lent)) in jvp.tangents.iter().flatten().zip(tangents.iter().zip(&lent)) {
                    given.bind(kind, name, *lent);
                }
                let inner = body(&jvp.func, &given, &self.runtime, &|vals| {
                    let value = self.result_of(&names, vals.first());
                    let tangent = self.result_of(&tangent_names, vals.get(1));
                    self.wrapped(&if matches!(self.outcome, Outcome::Nothing) {
                        value
                    } else {
                        quote!((#value, #tangent))
                    })
                });
                quote!(#start #inner)
            }
        };
        let doc = format!(
            " The value of `{}` and its directional derivative along the tangents of {}.",
            self.name,
            self.wrt_names()
        );
        self.function(
            &self.names.of("jvp"),
            &[doc],
            &declared,
            &self.around(&self.jvp_result()),
            &body,
            !matches!(self.outcome, Outcome::Nothing),
        )
    }

    /// The value and its tangent; nothing of a function that returns nothing.
    pub(super) fn jvp_result(&self) -> TokenStream {
        let value = self.returns();
        if matches!(self.outcome, Outcome::Nothing) { value } else { quote!((#value, #value)) }
    }

    /// One for each parameter that has a tangent.
    fn tangents(&self) -> Tangents {
        self.directions(self.params.iter().filter_map(|p| p.tangent().map(|layout| (p, layout))), "tangent")
    }

    /// One for each parameter that is in `wrt`.
    pub(super) fn vectors(&self) -> Tangents {
        self.vectors_named("vector")
    }

    /// The same, under names that end with a word.
    pub(super) fn vectors_named(&self, suffix: &str) -> Tangents {
        self.directions(self.wrt(), suffix)
    }

    fn directions<'f>(&self, params: impl Iterator<Item = (&'f FrameParam, &'f Layout)>, suffix: &str) -> Tangents {
        let mut tangents = Tangents::default();
        for (p, layout) in params {
            let tangent = self.beside(&format!("{}_{suffix}", p.name));
            let (name, ty) = (&p.name, &p.ty);
            let buffer = self.buffer(layout);
            tangents.declared.push(if p.buffer { quote!(#tangent: &mut #buffer) } else { quote!(#tangent: #ty) });
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let text = format!("`{tangent}` needs as many elements as `{name}`");
                tangents.start.extend(quote!(::core::assert_eq!(#tangent.len(), #name.len(), #text);));
            }
            if layout.record.is_some() && !matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let of = self.differentiable(layout);
                let text = format!("the vectors in `{tangent}` need the lengths of those in `{name}`");
                let (one, other) = (p.shared(), p.shared_as(&tangent));
                let same = quote!(#of::has_shape_of(#one, #other));
                tangents.start.extend(quote!(::core::assert!(#same, #text);));
            }
            tangents.names.push(tangent);
            tangents.lent.push(p.buffer);
        }
        tangents
    }
}
