//! The companion of forward mode.

use super::{Frame, Written, stub};
use crate::emit::body;
use crate::forward::Jvp;
use crate::ir::Dim;
use crate::lower::signature::Outcome;
use proc_macro2::TokenStream;
use quote::quote;

impl Frame {
    pub(super) fn jvp_function(&self, jvp: Option<&Jvp>) -> Written {
        let mut declared = self.declared();
        let mut start = TokenStream::new();
        let mut tangents = Vec::new();
        for (p, layout) in self.params.iter().filter_map(|p| p.tangent().map(|layout| (p, layout))) {
            let tangent = self.beside(&format!("{}_tangent", p.name));
            let (name, ty) = (&p.name, &p.ty);
            let buffer = self.buffer(layout);
            declared.push(if p.buffer { quote!(#tangent: &mut #buffer) } else { quote!(#tangent: #ty) });
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let text = format!("`{tangent}` needs as many elements as `{name}`");
                start.extend(quote!(::core::assert_eq!(#tangent.len(), #name.len(), #text);));
            }
            if layout.record.is_some() && !matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let runtime = &self.runtime;
                let text = format!("the vectors in `{tangent}` need the lengths of those in `{name}`");
                let (one, other) = (p.shared(), p.shared_as(&tangent));
                start.extend(quote!(::core::assert!(#runtime::Differentiable::has_shape_of(#one, #other), #text);));
            }
            tangents.push((tangent, p.buffer));
        }
        let body = match jvp {
            None => stub(),
            Some(jvp) => {
                let mut given = self.given(&jvp.func);
                let (values, names) = self.declare_results(&jvp.func.results, "result", &mut given);
                let (tangent_values, tangent_names) = self.declare_results(&jvp.results, "result_tangent", &mut given);
                start.extend(quote!(#values #tangent_values));
                for (kind, (name, lent)) in jvp.tangents.iter().flatten().zip(&tangents) {
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
            &self.names.jvp,
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
}
