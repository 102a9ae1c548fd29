//! The companion of forward mode.

use super::{Frame, Written, stub};
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::ir::{Dim, ParamKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Frame {
    pub(super) fn jvp_function(&self, jvp: Option<&Jvp>) -> Written {
        let float = self.float();
        let mut declared = self.declared();
        let mut start = TokenStream::new();
        let mut tangents = Vec::new();
        for (p, dims) in self.wrt() {
            let tangent = self.beside(&format!("{}_tangent", p.name));
            let (name, ty) = (&p.name, &p.ty);
            declared.push(quote!(#tangent: #ty));
            if matches!(dims.first(), Some(Dim::Dynamic)) {
                let text = format!("`{tangent}` needs as many elements as `{name}`");
                start.extend(quote!(::core::assert_eq!(#tangent.len(), #name.len(), #text);));
            }
            tangents.push(tangent);
        }
        let body = match jvp {
            None => stub(),
            Some(jvp) => {
                let mut given = Given::default();
                for (p, param) in jvp.func.params.iter().zip(&self.params) {
                    match p.kind {
                        ParamKind::Float(val) => given.vals.push((val, param.name.clone())),
                        ParamKind::Place(place) => given.places.push((place, param.name.clone(), false)),
                        ParamKind::Other => {}
                    }
                }
                for (kind, name) in jvp.tangents.iter().flatten().zip(&tangents) {
                    match kind {
                        ParamKind::Float(val) => given.vals.push((*val, name.clone())),
                        ParamKind::Place(place) => given.places.push((*place, name.clone(), false)),
                        ParamKind::Other => {}
                    }
                }
                let inner = body(&jvp.func, &given, &self.runtime, &|vals| self.wrapped(&quote!((#(#vals),*))));
                quote!(#start #inner)
            }
        };
        let doc = format!(
            " The value of `{}` and its directional derivative along the tangents of {}.",
            self.name,
            self.wrt_names()
        );
        self.function(&self.names.jvp, &[doc], &declared, &self.around(&quote!((#float, #float))), &body, true)
    }
}
