//! The companion that multiplies a cotangent with the Jacobian: `f_vjp(args, cotangent) -> (value, G)`.
//!
//! The cotangent has the shape of what the function returns, arrays by reference. One of what a function leaves in a buffer
//! comes in a buffer of its own, which goes with the cotangent of what was found there.

use super::backward::Backward;
use super::{Frame, Written};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::reverse::Gradient;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn vjp_function(&self, vjp: Option<&Gradient>) -> Written {
        let (name, wrt) = (&self.name, self.wrt_names());
        let value = (!matches!(self.outcome, Outcome::Nothing)).then(|| self.returns());
        let what =
            if value.is_some() { format!("The value of `{name}` and the product") } else { "The product".into() };
        let partials = format!("of the cotangent with the Jacobian of `{name}` with respect to {wrt}");
        let doc = if self.wrt().next().is_some() {
            format!(" {what} {partials}.")
        } else {
            format!(" The cotangents of what `{name}` leaves in its buffers become those of what it finds there.")
        };
        let mut backward = Backward {
            partials: self.wrt().next().is_some(),
            doc,
            into_doc: format!(" {what} {partials}, which overwrites the buffers."),
            value,
            leading: usize::from(matches!(self.outcome, Outcome::Scalar)),
            ..self.backward(vjp, "vjp")
        };
        self.take_cotangents(vjp, &mut backward);
        self.take_buffers(vjp, &mut backward);
        self.backward_functions(backward)
    }

    /// The cotangent of what the function returns.
    fn take_cotangents(&self, vjp: Option<&Gradient>, backward: &mut Backward<'_>) {
        let cotangent = self.beside("cotangent");
        if matches!(self.outcome, Outcome::Nothing) {
            return;
        }
        let ty = self.cotangent_type();
        backward.declared.push(quote!(#cotangent: #ty));
        backward.passed.push(quote!(#cotangent));
        let Some(vjp) = vjp else { return };
        if let Some(val) = vjp.cotangent {
            backward.given.vals.push((val, cotangent));
            return;
        }
        backward.given.others.push(cotangent.clone());
        let (start, results) = self.declare_results(&vjp.func.results, "result", &mut backward.given);
        backward.start.extend(start);
        let Outcome::Parts { tuple, members } = &self.outcome else { return };
        // What comes in the buffers of a sweep is used up.
        for (k, ((layout, place), name)) in members.iter().zip(&vjp.cotangents).zip(self.cotangent_names()).enumerate()
        {
            let member = if *tuple {
                let k = Literal::usize_unsuffixed(k);
                quote!(#cotangent.#k)
            } else {
                quote!(#cotangent)
            };
            let (runtime, dims) = (&self.runtime, &layout.dims);
            let copy = match dims.first() {
                None if layout.record.is_some() => quote!(#runtime::Differentiable::duplicate(#member)),
                None => quote!([#member]),
                Some(Dim::Dynamic) => quote!(#member.to_vec()),
                Some(_) if Dim::all_fixed(dims) => quote!(*#member),
                Some(_) => quote!(#member.clone()),
            };
            backward.start.extend(quote!(let mut #name = #copy;));
            // As the buffers of calls are, a struct is behind a reference.
            let lent = layout.record.is_some();
            backward.start.extend(lent.then(|| quote!(let #name = &mut #name;)));
            backward.given.places.push((*place, name.clone(), lent));
            let result = &results[k];
            if layout.record.is_some() {
                let same = quote!(#runtime::Differentiable::has_shape_of(#result.as_ref().unwrap(), &*#name));
                backward.checks.extend(quote!(::core::assert!(#same, "`cotangent` needs the lengths of the result");));
            } else if let Some(same) = lengths(&quote!(#result), &quote!(#name), dims) {
                backward.checks.extend(quote!(::core::assert!(#same, "`cotangent` needs the lengths of the result");));
                backward.panics = Some(" If the cotangent has another length than the result.".into());
            }
        }
        backward.results = results;
    }

    /// The cotangents of what the function leaves in buffers.
    fn take_buffers(&self, vjp: Option<&Gradient>, backward: &mut Backward<'_>) {
        for (k, p) in self.params.iter().enumerate() {
            let Some(layout) = p.layout.as_ref().filter(|_| p.buffer) else { continue };
            let cotangent = self.beside(&format!("{}_cotangent", p.name));
            let ty = self.buffer(layout);
            backward.declared.push(quote!(#cotangent: &mut #ty));
            backward.passed.push(quote!(#cotangent));
            let name = &p.name;
            if layout.record.is_some() {
                let runtime = &self.runtime;
                let same = quote!(#runtime::Differentiable::has_shape_of(&*#name, &*#cotangent));
                let text = format!("`{cotangent}` needs the lengths of `{name}`");
                backward.start.extend(quote!(::core::assert!(#same, #text);));
            } else if let Some(same) = lengths(&quote!(#cotangent), &quote!(#name), &layout.dims) {
                let text = format!("`{cotangent}` needs the lengths of `{name}`");
                backward.start.extend(quote!(::core::assert!(#same, #text);));
                backward.panics.get_or_insert(" If a cotangent has another length than what it belongs to.".into());
            }
            if let Some(buffer) = vjp.and_then(|vjp| vjp.buffers[k]) {
                backward.given.places.push((buffer, cotangent, true));
            }
        }
    }

    /// The type of the cotangent of what the function returns.
    pub(super) fn cotangent_type(&self) -> TokenStream {
        let one = |layout: &Layout| {
            let ty = self.buffer(layout);
            if layout.is_number() { ty } else { quote!(&#ty) }
        };
        match &self.outcome {
            Outcome::Parts { tuple: true, members } => {
                let types = members.iter().map(one);
                quote!((#(#types),*))
            }
            Outcome::Parts { members, .. } => members.iter().map(one).collect(),
            _ => one(&Layout::floats(&[])),
        }
    }
}

/// Whether two arrays have the same lengths, where those are not part of their types.
fn lengths(a: &TokenStream, b: &TokenStream, dims: &[Dim]) -> Option<TokenStream> {
    let (first, rest) = dims.split_first()?;
    let (x, y) = (Ident::new("x", proc_macro2::Span::mixed_site()), Ident::new("y", proc_macro2::Span::mixed_site()));
    let inner = lengths(&quote!(#x), &quote!(#y), rest);
    let each = inner.map(|inner| quote!(#a.iter().zip(#b.iter()).all(|(#x, #y)| #inner)));
    match (first, each) {
        (Dim::Dynamic, Some(each)) => Some(quote!(#a.len() == #b.len() && #each)),
        (Dim::Dynamic, None) => Some(quote!(#a.len() == #b.len())),
        (_, each) => each,
    }
}
