//! Companions in reverse mode, which end with partial derivatives. Input: a derivative, and what of a companion is not the same
//! for all of them. Output: the companion; if arrays are in `wrt`, it calls one that overwrites buffers and does the work.

use super::{Frame, Written, as_long_as, stub};
use crate::emit::{Given, body};
use crate::ir::Dim;
use crate::reverse::Gradient;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a companion in reverse mode is made of.
pub(super) struct Backward<'a> {
    /// The body's; a stub without it.
    pub derivative: Option<&'a Gradient>,
    /// The suffix that it is named by.
    pub suffix: &'static str,
    /// What it is, in its documentation.
    pub doc: String,
    /// What the one that overwrites buffers is.
    pub into_doc: String,
    /// What it takes beside the arguments: as declared, and as handed on.
    pub declared: Vec<TokenStream>,
    pub passed: Vec<TokenStream>,
    /// The type of the value that it returns, if it returns one.
    pub value: Option<TokenStream>,
    /// What the buffer for a parameter is called.
    pub buffer: fn(&Ident) -> String,
    /// Whether it returns partial derivatives: all that is differentiated by may be behind a `&mut`.
    pub partials: bool,
    /// How many values the derivative yields before its partial derivatives.
    pub leading: usize,
    /// The variables of what the function returns, if that is no number.
    pub results: Vec<Ident>,
    /// What the body begins with, and the names that it binds.
    pub start: TokenStream,
    pub given: Given,
    /// What is checked when the value is there.
    pub checks: TokenStream,
    /// When it panics.
    pub panics: Option<String>,
}

impl Frame {
    /// What is new with each kind; all else is that of a gradient.
    pub(super) fn backward<'a>(&self, derivative: Option<&'a Gradient>, suffix: &'static str) -> Backward<'a> {
        Backward {
            derivative,
            suffix,
            doc: String::new(),
            into_doc: String::new(),
            declared: Vec::new(),
            passed: Vec::new(),
            value: None,
            buffer: |parameter| format!("d{parameter}"),
            partials: true,
            leading: 0,
            results: Vec::new(),
            start: TokenStream::new(),
            given: derivative.map(|d| self.given(&d.func)).unwrap_or_default(),
            checks: TokenStream::new(),
            panics: None,
        }
    }

    /// The companion, and the one that overwrites buffers.
    pub(super) fn backward_functions(&self, backward: Backward<'_>) -> Written {
        let name = self.names.of(backward.suffix);
        let (value, partials) = (&backward.value, self.shape());
        let (returns_value, has_partials) = (value.is_some(), backward.partials);
        let both = |value: &TokenStream, partials: &TokenStream| match (returns_value, has_partials) {
            (true, true) => quote!((#value, #partials)),
            (true, false) => value.clone(),
            (false, _) => partials.clone(),
        };
        let output = self.around(&both(&value.clone().unwrap_or_default(), &partials));
        let together = |value: &TokenStream, shaped: &TokenStream| self.wrapped(&both(value, shaped));
        let mut docs = vec![backward.doc.clone()];
        docs.extend(backward.panics.iter().flat_map(|panics| [" # Panics".into(), panics.clone()]));
        let must_use = returns_value || has_partials;
        let callee = self.callee(&self.names.in_buffers(backward.suffix));
        if !self.has_arrays() {
            let mut declared = self.declared();
            declared.extend(backward.declared);
            let body = backward.derivative.map_or_else(stub, |derivative| {
                let (results, checks) = (&backward.results, &backward.checks);
                let inner = body(&derivative.func, &backward.given, &self.runtime, &|vals| {
                    let value = self.result_of(results, vals.first());
                    let shaped = self.shaped(vals.get(backward.leading..).unwrap_or_default());
                    let both = together(&value, &shaped);
                    quote!(#checks #both)
                });
                let start = &backward.start;
                quote!(#start #inner)
            });
            return self.function(&name, &docs, &declared, &output, &body, must_use);
        }
        let buffers: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&(backward.buffer)(&p.name))).collect();
        let zeros = self.wrt().map(|(p, layout)| self.zeros(p, layout));
        let types = self.wrt().map(|(_, layout)| self.owned(layout));
        let value = self.beside("value");
        let shaped = self.shaped(&buffers.iter().map(|b| quote!(#b)).collect::<Vec<_>>());
        let attempt = self.attempt();
        let both = together(&quote!(#value), &shaped);
        let (arguments, passed) = (self.arguments(), &backward.passed);
        let body = quote! {
            #(let mut #buffers: #types = #zeros;)*
            let #value = #callee(#(#arguments,)* #(#passed,)* #(&mut #buffers),*) #attempt;
            #both
        };
        let mut plain = self.plain();
        plain.extend(backward.declared.iter().cloned());
        let mut written = self.buffer_function(backward, &buffers);
        written.extend(self.function(&name, &docs, &plain, &output, &body, must_use));
        written
    }

    /// The companion that does the work where arrays are in `wrt`.
    fn buffer_function(&self, backward: Backward<'_>, buffers: &[Ident]) -> Written {
        let mut declared = self.declared();
        declared.extend(backward.declared);
        let mut start = TokenStream::new();
        let mut panics = backward.panics;
        for ((p, layout), buffer) in self.wrt().zip(buffers) {
            let ty = self.buffer(layout);
            declared.push(quote!(#buffer: &mut #ty));
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                start.extend(as_long_as(&p.name, buffer));
                panics = panics.or_else(|| Some(" If a buffer has another length than its parameter.".into()));
            }
            start.extend(self.begin(p, &quote!(#buffer), layout));
        }
        let given = self.with_buffers(backward.given, backward.derivative, buffers);
        let body = backward.derivative.map_or_else(stub, |derivative| {
            let (results, checks, begin) = (&backward.results, &backward.checks, &backward.start);
            let scalars: Vec<&Ident> =
                self.wrt().zip(buffers).filter(|((_, layout), _)| layout.is_number()).map(|(_, b)| b).collect();
            let inner = body(&derivative.func, &given, &self.runtime, &|vals| {
                let value =
                    backward.value.as_ref().map_or_else(|| quote!(()), |_| self.result_of(results, vals.first()));
                let value = self.wrapped(&value);
                let partials = vals.get(backward.leading..).unwrap_or_default();
                quote!(#(*#scalars = #partials;)* #checks #value)
            });
            quote!(#start #begin #inner)
        });
        let mut docs = vec![backward.into_doc];
        docs.extend(panics.into_iter().flat_map(|panics| [" # Panics".into(), panics]));
        let output = self.around(&backward.value.clone().unwrap_or_else(|| quote!(())));
        self.function(&self.names.in_buffers(backward.suffix), &docs, &declared, &output, &body, false)
    }

    /// What a signature binds, and a buffer for each parameter that is in `wrt`.
    fn with_buffers(&self, mut given: Given, derivative: Option<&Gradient>, names: &[Ident]) -> Given {
        let Some(derivative) = derivative else { return given };
        let in_wrt = self.params.iter().zip(&derivative.buffers).filter(|(param, _)| param.wrt.is_some());
        for ((_, buffer), name) in in_wrt.zip(names) {
            match buffer {
                Some(buffer) => given.places.push((*buffer, name.clone(), true)),
                None => given.others.push(name.clone()),
            }
        }
        given
    }
}
