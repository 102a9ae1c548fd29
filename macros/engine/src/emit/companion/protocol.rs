//! The hidden protocol by which differentiated functions call each other: an empty enum with the function's own name, in the
//! type namespace, so that one `use` imports both. Its functions take one slot a parameter, `NoGradient` in the type for one
//! that is not in `wrt`: a caller that wants that derivative has a type error and never a wrong number.

use super::{Frame, stub};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn protocol(&self) -> TokenStream {
        let Frame { name, visibility, attributes, generics, bounds, runtime, .. } = self;
        let float = self.float();
        let plain = self.plain();
        let arguments = self.arguments();
        let slots: Vec<Ident> = self.params.iter().map(|p| self.beside(&format!("slot_{}", p.name))).collect();
        let mut functions = TokenStream::new();
        if self.gradient {
            let types = self.params.iter().map(|p| match &p.wrt {
                Some(dims) => {
                    let ty = self.buffer(dims);
                    quote!(impl #runtime::__private::Slot<#ty>)
                }
                None => quote!(impl #runtime::__private::NotInWrt),
            });
            let both = &self.names.value_and_gradient;
            let (value, gradient) = (self.beside("value"), self.beside("gradient"));
            let count = self.wrt().count();
            let puts =
                self.params.iter().zip(&slots).filter(|(p, _)| p.wrt.is_some()).enumerate().map(|(k, (_, slot))| {
                    let part = match (count, self.has_arrays()) {
                        (1, _) => quote!(#gradient),
                        (_, false) => {
                            let k = Literal::usize_unsuffixed(k);
                            quote!(#gradient[#k])
                        }
                        _ => {
                            let k = Literal::usize_unsuffixed(k);
                            quote!(#gradient.#k)
                        }
                    };
                    quote!(#runtime::__private::Slot::put(#slot, &#part);)
                });
            functions.extend(quote! {
                #[inline]
                pub fn __symgrad_v1_gradient #generics (#(#plain,)* #(#slots: #types),*) -> #float #bounds {
                    let (#value, #gradient) = #both(#(#arguments),*);
                    #(#puts)*
                    #value
                }
            });
        }
        if !self.gradient {
            functions.extend(self.missing("gradient", &slots));
        }
        if !self.jvp {
            functions.extend(self.missing("jvp", &slots));
        }
        if self.jvp {
            let types = self.params.iter().map(|p| match &p.wrt {
                Some(dims) => {
                    let ty = self.buffer(dims);
                    quote!(impl #runtime::__private::Tangent<#ty>)
                }
                None => quote!(impl #runtime::__private::NotInWrt),
            });
            let jvp = &self.names.jvp;
            let tangents = self.params.iter().zip(&slots).filter_map(|(p, slot)| {
                p.wrt.as_ref().map(|dims| {
                    let zeros = self.zeros(p, dims);
                    let by_reference = p.ty.to_string().starts_with('&');
                    let tangent = quote!(#runtime::__private::Tangent::or_zero(&#slot, &#zeros));
                    if by_reference { tangent } else { quote!(*#tangent) }
                })
            });
            functions.extend(quote! {
                #[inline]
                pub fn __symgrad_v1_jvp #generics (#(#plain,)* #(#slots: #types),*) -> (#float, #float) #bounds {
                    #jvp(#(#arguments,)* #(#tangents),*)
                }
            });
        }
        quote! {
            #attributes
            #[doc(hidden)]
            #[allow(non_camel_case_types, dead_code)]
            #visibility enum #name {}
            #attributes
            #[doc(hidden)]
            #[allow(dead_code, unused_variables, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #name { #functions }
        }
    }

    /// The protocol's function of a kind that was not asked for: it takes slots that do not exist.
    fn missing(&self, kind: &str, slots: &[Ident]) -> TokenStream {
        let Frame { generics, bounds, runtime, .. } = self;
        let (plain, float) = (self.plain(), self.float());
        let (name, wanted, output) = match kind {
            "gradient" => ("__symgrad_v1_gradient", "HasGradient", quote!(#float)),
            _ => ("__symgrad_v1_jvp", "HasJvp", quote!((#float, #float))),
        };
        let (name, wanted) = (Ident::new(name, Span::call_site()), Ident::new(wanted, Span::call_site()));
        let stub = stub();
        quote! {
            pub fn #name #generics (#(#plain,)* #(#slots: impl #runtime::__private::#wanted),*) -> #output #bounds { #stub }
        }
    }
}
