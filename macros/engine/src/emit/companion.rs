//! The functions around the bodies. Input: the function's frame (what its signature shows) and its derivatives in the IR.
//! Output: the companions, their documentation, and the hidden protocol by which differentiated functions call each
//! other. Without derivatives: stubs with the same signatures, so that an error in the body causes no second one.
//!
//! The protocol: an empty enum with the function's own name, in the type namespace, so that one `use` imports both. Its
//! functions take one slot a parameter, `NoGradient` in the type for one that is not in `wrt`: a caller that wants that
//! derivative has a type error and never a wrong number.

use super::name::is_keyword;
use super::{Given, body};
use crate::forward::Jvp;
use crate::ir::{Dim, ParamKind, Width};
use crate::reverse::Gradient;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// What a function's signature shows.
pub struct Frame {
    /// Its name.
    pub name: Ident,
    /// Its visibility; `pub(self)` if it has none.
    pub visibility: TokenStream,
    /// Its `cfg` attributes.
    pub attributes: TokenStream,
    /// `<'a, const N: usize>`
    pub generics: TokenStream,
    /// Its `where` clause.
    pub bounds: TokenStream,
    /// Its parameters.
    pub params: Vec<FrameParam>,
    /// Its float type.
    pub width: Width,
    /// The runtime crate.
    pub runtime: TokenStream,
    /// The companions' names.
    pub names: CompanionNames,
    /// Which companions there are.
    pub gradient: bool,
    /// Which companions there are.
    pub jvp: bool,
}

/// A parameter.
pub struct FrameParam {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TokenStream,
    /// Declared `mut`, and no float: the user's own tokens change it.
    pub mutable: bool,
    /// Its dimensions, if it is in `wrt`: none for a scalar.
    pub wrt: Option<Vec<Dim>>,
    /// Its dimensions, if it is a float or an array of floats at all.
    pub dims: Option<Vec<Dim>>,
}

/// The companions' names.
pub struct CompanionNames {
    /// `f_gradient`
    pub gradient: Ident,
    /// `f_value_and_gradient`
    pub value_and_gradient: Ident,
    /// `f_value_and_gradient_into`
    pub value_and_gradient_into: Ident,
    /// `f_jvp`
    pub jvp: Ident,
}

/// The derivatives.
pub struct Derivatives {
    /// For the gradient companions.
    pub gradient: Option<Gradient>,
    /// For `f_jvp`.
    pub jvp: Option<Jvp>,
}

/// Writes the companions; stubs if there are no derivatives.
#[must_use]
pub fn companions(frame: &Frame, derivatives: Option<&Derivatives>) -> TokenStream {
    let mut tokens = TokenStream::new();
    if frame.gradient {
        tokens.extend(frame.gradients(derivatives.and_then(|d| d.gradient.as_ref())));
    }
    if frame.jvp {
        tokens.extend(frame.jvp_function(derivatives.and_then(|d| d.jvp.as_ref())));
    }
    tokens.extend(frame.protocol());
    tokens
}

impl Frame {
    fn float(&self) -> Ident {
        Ident::new(self.width.name(), Span::call_site())
    }

    fn wrt(&self) -> impl Iterator<Item = (&FrameParam, &Vec<Dim>)> {
        self.params.iter().filter_map(|p| p.wrt.as_ref().map(|dims| (p, dims)))
    }

    fn has_arrays(&self) -> bool {
        self.wrt().any(|(_, dims)| !dims.is_empty())
    }

    /// The parameters as a companion declares them.
    fn declared(&self) -> Vec<TokenStream> {
        let one = |p: &FrameParam| {
            let (name, ty) = (&p.name, &p.ty);
            let mutability = p.mutable.then(|| quote!(mut));
            quote!(#mutability #name: #ty)
        };
        self.params.iter().map(one).collect()
    }

    /// The parameters as a wrapper declares them.
    fn plain(&self) -> Vec<TokenStream> {
        self.params.iter().map(|FrameParam { name, ty, .. }| quote!(#name: #ty)).collect()
    }

    fn arguments(&self) -> Vec<&Ident> {
        self.params.iter().map(|p| &p.name).collect()
    }

    /// A name that is no parameter's.
    fn beside(&self, wanted: &str) -> Ident {
        let wanted = wanted.replace("r#", "");
        let taken = |name: &str| is_keyword(name) || self.params.iter().any(|p| p.name == name);
        let mut name = wanted.clone();
        let mut number = 1;
        while taken(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        Ident::new(&name, Span::mixed_site())
    }

    /// The owned type of a derivative with respect to a parameter.
    fn owned(&self, dims: &[Dim]) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        let elem = |dims: &[Dim]| nested(&quote!(#float), dims);
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = elem(&dims[1..]);
                quote!(#runtime::__private::Vec<#elem>)
            }
            _ => elem(dims),
        }
    }

    /// The type of a buffer for it.
    fn buffer(&self, dims: &[Dim]) -> TokenStream {
        let float = self.float();
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = nested(&quote!(#float), &dims[1..]);
                quote!([#elem])
            }
            _ => nested(&quote!(#float), dims),
        }
    }

    /// Zeros of that type.
    fn zeros(&self, p: &FrameParam, dims: &[Dim]) -> TokenStream {
        let (name, runtime) = (&p.name, &self.runtime);
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = nested(&quote!(0.0), &dims[1..]);
                quote!(#runtime::__private::vec![#elem; #name.len()])
            }
            _ => nested(&quote!(0.0), dims),
        }
    }

    /// The type `G` of a gradient.
    fn shape(&self) -> TokenStream {
        let float = self.float();
        let types: Vec<TokenStream> = self.wrt().map(|(_, dims)| self.owned(dims)).collect();
        match types.as_slice() {
            [one] => one.clone(),
            _ if !self.has_arrays() => {
                let n = proc_macro2::Literal::usize_unsuffixed(types.len());
                quote!([#float; #n])
            }
            _ => quote!((#(#types),*)),
        }
    }

    /// A value of the type `G`.
    fn shaped(&self, values: &[TokenStream]) -> TokenStream {
        match values {
            [one] => one.clone(),
            _ if !self.has_arrays() => quote!([#(#values),*]),
            _ => quote!((#(#values),*)),
        }
    }

    fn gradients(&self, gradient: Option<&Gradient>) -> TokenStream {
        let names = &self.names;
        let (value_and_gradient, into, only) =
            (&names.value_and_gradient, &names.value_and_gradient_into, &names.gradient);
        let shape = self.shape();
        let float = self.float();
        let (plain, arguments) = (self.plain(), self.arguments());
        let name = &self.name;
        let both_doc = format!(" The value of `{name}` and its gradient with respect to {}.", self.wrt_names());
        let only_doc = format!(" The gradient of `{name}` with respect to {}.", self.wrt_names());
        let mut tokens = TokenStream::new();
        if self.has_arrays() {
            let buffers: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("d{}", p.name))).collect();
            tokens.extend(self.buffer_function(gradient, into, &buffers));
            let zeros = self.wrt().map(|(p, dims)| self.zeros(p, dims));
            let types = self.wrt().map(|(_, dims)| self.owned(dims));
            let value = self.beside("value");
            let shaped = self.shaped(&buffers.iter().map(|b| quote!(#b)).collect::<Vec<_>>());
            let body = quote! {
                #(let mut #buffers: #types = #zeros;)*
                let #value = #into(#(#arguments,)* #(&mut #buffers),*);
                (#value, #shaped)
            };
            tokens.extend(self.function(
                value_and_gradient,
                &[both_doc],
                &plain,
                &quote!((#float, #shape)),
                &body,
                true,
            ));
        } else {
            let body = match gradient {
                None => stub(),
                Some(gradient) => {
                    let given = self.given(gradient, &[]);
                    body(&gradient.func, &given, &self.runtime, &|vals| {
                        let value = vals.first().cloned().unwrap_or_default();
                        let shaped = self.shaped(vals.get(1..).unwrap_or_default());
                        quote!((#value, #shaped))
                    })
                }
            };
            let declared = self.declared();
            tokens.extend(self.function(
                value_and_gradient,
                &[both_doc],
                &declared,
                &quote!((#float, #shape)),
                &body,
                true,
            ));
        }
        let call = quote!(#value_and_gradient(#(#arguments),*).1);
        tokens.extend(self.function(only, &[only_doc], &plain, &shape, &call, true));
        tokens
    }

    /// The companion that does the work where arrays are in `wrt`.
    fn buffer_function(&self, gradient: Option<&Gradient>, into: &Ident, buffers: &[Ident]) -> TokenStream {
        let float = self.float();
        let mut declared = self.declared();
        let mut start = TokenStream::new();
        let mut panics = None;
        for ((p, dims), buffer) in self.wrt().zip(buffers) {
            let ty = self.buffer(dims);
            declared.push(quote!(#buffer: &mut #ty));
            let name = &p.name;
            if matches!(dims.first(), Some(Dim::Dynamic)) {
                let text = format!("`{buffer}` needs as many elements as `{name}`");
                start.extend(quote!(::core::assert_eq!(#buffer.len(), #name.len(), #text);));
                panics = Some([" # Panics", " If a buffer has another length than its parameter."].map(String::from));
            }
            if let Some((_, inner)) = dims.split_first() {
                let zero = nested(&quote!(0.0), inner);
                start.extend(quote!(#buffer.fill(#zero);));
            }
        }
        let body = match gradient {
            None => stub(),
            Some(gradient) => {
                let given = self.given(gradient, buffers);
                let scalars: Vec<&Ident> =
                    self.wrt().zip(buffers).filter(|((_, dims), _)| dims.is_empty()).map(|(_, b)| b).collect();
                let inner = body(&gradient.func, &given, &self.runtime, &|vals| {
                    let value = vals.first().cloned().unwrap_or_default();
                    let partials = vals.get(1..).unwrap_or_default();
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
        self.function(into, &docs, &declared, &quote!(#float), &body, false)
    }

    fn given(&self, gradient: &Gradient, buffers: &[Ident]) -> Given {
        let mut given = Given::default();
        let mut buffers = buffers.iter();
        for (k, (p, param)) in gradient.func.params.iter().zip(&self.params).enumerate() {
            match p.kind {
                ParamKind::Float(val) => given.vals.push((val, param.name.clone())),
                ParamKind::Place(place) => given.places.push((place, param.name.clone(), false)),
                ParamKind::Other => {}
            }
            if param.wrt.is_some()
                && let Some(name) = buffers.next()
            {
                match gradient.buffers.get(k) {
                    Some(Some(buffer)) => given.places.push((*buffer, name.clone(), true)),
                    _ => given.others.push(name.clone()),
                }
            }
        }
        given
    }

    fn jvp_function(&self, jvp: Option<&Jvp>) -> TokenStream {
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
                let inner = body(&jvp.func, &given, &self.runtime, &|vals| quote!((#(#vals),*)));
                quote!(#start #inner)
            }
        };
        let doc = format!(
            " The value of `{}` and its directional derivative along the tangents of {}.",
            self.name,
            self.wrt_names()
        );
        self.function(&self.names.jvp, &[doc], &declared, &quote!((#float, #float)), &body, true)
    }

    fn wrt_names(&self) -> String {
        let names: Vec<String> = self.wrt().map(|(p, _)| format!("`{}`", p.name)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nothing".into(),
        }
    }

    fn function(
        &self,
        name: &Ident,
        docs: &[String],
        params: &[TokenStream],
        output: &TokenStream,
        body: &TokenStream,
        must_use: bool,
    ) -> TokenStream {
        let Frame { visibility, attributes, generics, bounds, .. } = self;
        let must_use = must_use.then(|| quote!(#[must_use]));
        let allows = allows();
        let paragraphs = docs.iter().enumerate().map(|(k, doc)| {
            let gap = (k > 0).then(|| quote!(#[doc = ""]));
            quote!(#gap #[doc = #doc])
        });
        quote! {
            #attributes
            #(#paragraphs)*
            #must_use
            #allows
            #visibility fn #name #generics (#(#params),*) -> #output #bounds { #body }
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

    fn protocol(&self) -> TokenStream {
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
                            let k = proc_macro2::Literal::usize_unsuffixed(k);
                            quote!(#gradient[#k])
                        }
                        _ => {
                            let k = syn_index(k);
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
}

fn syn_index(k: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::usize_unsuffixed(k)
}

/// `[[f64; C]; R]`
fn nested(elem: &TokenStream, dims: &[Dim]) -> TokenStream {
    dims.iter().rev().fold(elem.clone(), |inner, dim| match dim {
        Dim::Fixed(len) => quote!([#inner; #len]),
        Dim::Dynamic => inner,
    })
}

fn stub() -> TokenStream {
    quote!(::core::unimplemented!("the function could not be differentiated"))
}

/// What generated code may do without a warning.
fn allows() -> TokenStream {
    quote! {
        #[allow(dead_code, unreachable_code, unused_variables, unused_mut, unused_assignments, unused_parens)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
    }
}

/// `f_gradient` and its kin.
#[must_use]
pub fn default_name(function: &Ident, suffix: &str) -> Ident {
    let mut name = format_ident!("{function}_{suffix}");
    name.set_span(function.span());
    name
}
