//! The gradient companions: `f_value_and_gradient` does the work where `wrt` has scalars only, else
//! `f_value_and_gradient_into`, which the others call.

use super::{Frame, Written, stub};
use crate::emit::{Given, body};
use crate::ir::Dim;
use crate::reverse::Gradient;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn gradients(&self, gradient: Option<&Gradient>) -> Written {
        let names = &self.names;
        let (value_and_gradient, into, only) =
            (&names.value_and_gradient, &names.value_and_gradient_into, &names.gradient);
        let shape = self.shape();
        let (float, attempt) = (self.float(), self.attempt());
        let (plain, arguments) = (self.plain(), self.arguments());
        let name = &self.name;
        let both_doc = format!(" The value of `{name}` and its gradient with respect to {}.", self.wrt_names());
        let only_doc = format!(" The gradient of `{name}` with respect to {}.", self.wrt_names());
        let mut written = Written::default();
        if self.has_arrays() {
            let buffers: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("d{}", p.name))).collect();
            written.extend(self.buffer_function(gradient, into, &buffers));
            let zeros = self.wrt().map(|(p, layout)| self.zeros(p, layout));
            let types = self.wrt().map(|(_, layout)| self.owned(layout));
            let value = self.beside("value");
            let shaped = self.shaped(&buffers.iter().map(|b| quote!(#b)).collect::<Vec<_>>());
            let callee = self.callee(into);
            let both = self.wrapped(&quote!((#value, #shaped)));
            let body = quote! {
                #(let mut #buffers: #types = #zeros;)*
                let #value = #callee(#(#arguments,)* #(&mut #buffers),*) #attempt;
                #both
            };
            written.extend(self.function(
                value_and_gradient,
                &[both_doc],
                &plain,
                &self.around(&quote!((#float, #shape))),
                &body,
                true,
            ));
        } else {
            let body = match gradient {
                None => stub(),
                Some(gradient) => {
                    let given = self.given(&gradient.func);
                    body(&gradient.func, &given, &self.runtime, &|vals| {
                        let value = vals.first().cloned().unwrap_or_default();
                        let shaped = self.shaped(vals.get(1..).unwrap_or_default());
                        self.wrapped(&quote!((#value, #shaped)))
                    })
                }
            };
            let declared = self.declared();
            written.extend(self.function(
                value_and_gradient,
                &[both_doc],
                &declared,
                &self.around(&quote!((#float, #shape))),
                &body,
                true,
            ));
        }
        let callee = self.callee(value_and_gradient);
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.1));
        written.extend(self.function(only, &[only_doc], &plain, &self.around(&shape), &call, true));
        written
    }

    /// The companion that does the work where arrays are in `wrt`.
    fn buffer_function(&self, gradient: Option<&Gradient>, into: &Ident, buffers: &[Ident]) -> Written {
        let float = self.float();
        let mut declared = self.declared();
        let mut start = TokenStream::new();
        let mut panics = None;
        for ((p, layout), buffer) in self.wrt().zip(buffers) {
            let ty = self.buffer(layout);
            declared.push(quote!(#buffer: &mut #ty));
            let name = &p.name;
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let text = format!("`{buffer}` needs as many elements as `{name}`");
                start.extend(quote!(::core::assert_eq!(#buffer.len(), #name.len(), #text);));
                panics = Some([" # Panics", " If a buffer has another length than its parameter."].map(String::from));
            }
            start.extend(self.begin(p, &quote!(#buffer), layout));
        }
        let body = match gradient {
            None => stub(),
            Some(gradient) => {
                let given = self.given_with(gradient, buffers);
                let scalars: Vec<&Ident> =
                    self.wrt().zip(buffers).filter(|((_, layout), _)| layout.is_number()).map(|(_, b)| b).collect();
                let inner = body(&gradient.func, &given, &self.runtime, &|vals| {
                    let value = vals.first().cloned().unwrap_or_default();
                    let partials = vals.get(1..).unwrap_or_default();
                    let value = self.wrapped(&value);
                    quote!(#(*#scalars = #partials;)* #value)
                });
                quote!(#start #inner)
            }
        };
        let mut docs = vec![format!(
            " The value of `{}`; its gradient with respect to {} overwrites the buffers. Allocates nothing but a tape, if \
             there has to be one.",
            self.name,
            self.wrt_names()
        )];
        docs.extend(panics.into_iter().flatten());
        self.function(into, &docs, &declared, &self.around(&quote!(#float)), &body, false)
    }

    /// What the signature of a gradient binds: the parameters, and a buffer for each that is in `wrt`.
    fn given_with(&self, gradient: &Gradient, buffers: &[Ident]) -> Given {
        let mut given = self.given(&gradient.func);
        let in_wrt = self.params.iter().zip(&gradient.buffers).filter(|(param, _)| param.wrt.is_some());
        for ((_, buffer), name) in in_wrt.zip(buffers) {
            match buffer {
                Some(buffer) => given.places.push((*buffer, name.clone(), true)),
                None => given.others.push(name.clone()),
            }
        }
        given
    }
}
