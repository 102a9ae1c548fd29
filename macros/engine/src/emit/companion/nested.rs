//! Companions inside differentiated functions: the hidden protocol of `p_gradient` and `p_value_and_gradient` (those of `p_jvp` and `p_vjp`
//! are in `nested_jvp` and `nested_vjp`), for functions that call them and are differentiated themselves. It is there where `p` has second derivatives, and consists of calls of those
//! (`along::HVP`). A Hessian is symmetric, so that its product with a cotangent is that with a tangent.
//!
//! | protocol of `p_gradient` | tangents given to `p`'s | what is taken |
//! |---|---|---|
//! | `GRADIENT`, if it is a number | 1 | the gradient as the value, its tangent as the derivative |
//! | `VJP` | the cotangents | the tangents of the gradient |
//! | `JVP`, `JVP_ALONG` | the tangents | the gradient and its tangents |
//!
//! Each derivative is a function of its own, with derivatives of its own; so no level can be taken for another (what is called
//! perturbation confusion). Third derivatives are rejected where they are called for. The other companions are no differentiated functions;
//! in the place of their protocol, a type says so by its name.

use super::along::{Along, HVP, JVP_ALONG, VJP_ALONG};
use super::protocol::{GRADIENT, JVP, VJP, name_of};
use super::tangents::SERIES;
use super::{Frame, FrameParam, Written};
use crate::emit::call::with_more;
use crate::emit::lanes::{direction, passes};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::lower::witness::Identity;
use crate::options::Callers;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

/// A companion as a differentiated function.
pub(super) struct Nested<'f> {
    /// The function that it is a derivative of.
    pub of: &'f Frame,
    /// Itself.
    pub frame: Frame,
    /// Whether it also returns the value.
    pub value: bool,
}

impl Frame {
    /// The protocols of the companions that are differentiated in turn.
    pub(super) fn nested_protocols(&self) -> Written {
        let mut written = Written::default();
        for value in [false, true] {
            written.extend(self.nested_gradient(value).map(|nested| nested.protocol()).unwrap_or_default());
        }
        let jvp = self.nested_jvp().filter(|_| self.has_nested());
        written.extend(jvp.map(|nested| nested.protocol_of_jvp()).unwrap_or_default());
        let vjp = self.nested_vjp().filter(|_| self.has_nested());
        written.extend(vjp.map(|nested| nested.protocol_of_vjp()).unwrap_or_default());
        written
    }

    /// Whether its companions may have derivatives.
    fn has_nested(&self) -> bool {
        let known = self.witness.as_ref().is_none_or(|witness| !matches!(witness.identity, Identity::Nothing));
        let number = matches!(self.outcome, Outcome::Scalar) && !self.params.iter().any(|p| p.buffer);
        self.second && number && known && !self.mixed && self.wrt().next().is_some()
    }

    /// A gradient companion as a differentiated function.
    fn nested_gradient(&self, value: bool) -> Option<Nested<'_>> {
        self.nested(value).filter(|_| self.gradient && self.has_nested())
    }

    /// The companions that have no derivatives, each with what says so.
    fn without_derivatives(&self, jacobian: bool) -> Vec<(Ident, Ident)> {
        const OTHERS: &str = "companion_without_derivatives__only_gradients_jvp_and_vjp_have_some";
        let series = self.order.is_some();
        let lacks = |value| self.gradient && self.nested_gradient(value).is_none();
        let lacks_jvp = self.jvp && !(self.has_nested() && self.nested_jvp().is_some());
        let lacks_vjp = self.vjp && !(self.has_nested() && self.nested_vjp().is_some());
        let these = if matches!(self.outcome, Outcome::Scalar) && !self.second {
            "companion_without_derivatives__add_hvp_to_the_attribute_of_its_function"
        } else {
            "companion_without_derivatives__not_for_what_its_function_takes_and_returns"
        };
        let all = [
            (lacks(false), "gradient", these),
            (lacks(true), "value_and_gradient", these),
            (lacks_jvp, "jvp", these),
            (lacks_vjp, "vjp", these),
            (self.hvp, "hvp", OTHERS),
            (self.hessian, "hessian", OTHERS),
            (self.hessian, "value_gradient_hessian", OTHERS),
            (jacobian, "jacobian", OTHERS),
            (jacobian, "value_and_jacobian", OTHERS),
            (self.sparse_hessian, "sparse_hessian", OTHERS),
            (self.sparse_jacobian, "sparse_jacobian", OTHERS),
            (series, "derivatives", OTHERS),
        ];
        let there = all.into_iter().filter(|(there, ..)| self.witness.is_some() && *there);
        there.map(|(_, name, why)| (self.names.of(name), Ident::new(why, Span::call_site()))).collect()
    }

    /// A protocol, and types with the names of the companions that have none, which say why.
    pub(super) fn enclosed_with_others(&self, written: Written, jacobian: bool) -> Written {
        let (runtime, hidden) = (&self.runtime, self.behind_the_scenes());
        let (names, why): (Vec<Ident>, Vec<Ident>) = self.without_derivatives(jacobian).into_iter().unzip();
        let mut written = self.enclosed(written, &names);
        written.definitions.extend(quote! {#(
            #hidden
            impl #names { #runtime::__companion_without_derivatives! { #why } }
        )*});
        written
    }

    /// A companion as a differentiated function, if what it returns has a form that they may have.
    pub(super) fn nested(&self, value: bool) -> Option<Nested<'_>> {
        let layouts: Vec<Layout> = self.wrt().map(|(_, layout)| layout.clone()).collect();
        let number = || Layout::floats(&[]);
        let members = match layouts.as_slice() {
            [one] => vec![one.clone()],
            several if !self.has_arrays() => {
                let n = Literal::usize_unsuffixed(several.len());
                vec![Layout::floats(&[Dim::Fixed(quote!(#n))])]
            }
            several => several.to_vec(),
        };
        let outcome = match (value, members.as_slice()) {
            (false, [one]) if one.is_number() => Outcome::Scalar,
            (false, [_]) => Outcome::Parts { tuple: false, members },
            (false, _) => Outcome::Parts { tuple: true, members },
            (true, [one]) => Outcome::Parts { tuple: true, members: vec![number(), one.clone()] },
            (true, _) => return None,
        };
        let name = self.names.of(if value { "value_and_gradient" } else { "gradient" });
        let mut frame = Frame { outcome, second: false, jvp: true, ..self.clone() };
        let returned = self.around(&frame.returns());
        frame.witness = self.witness.as_ref().map(|witness| witness.of_companion(&name, &returned));
        frame.name = name;
        if frame.callers == Callers::Namesake {
            // The module does not have this name.
            frame.callers = Callers::All;
        }
        Some(Nested { of: self, frame, value })
    }
}

impl Nested<'_> {
    fn protocol(&self) -> Written {
        let frame = &self.frame;
        let slots: Vec<Ident> = frame.params.iter().map(|p| frame.beside(&format!("slot_{}", p.name))).collect();
        let mut written = if matches!(frame.outcome, Outcome::Scalar) {
            self.gradient(&slots)
        } else {
            let mut written = frame.missing(GRADIENT, &slots);
            written.extend(self.product(&slots));
            written.extend(self.tangents(&slots, JVP_ALONG));
            written.extend(frame.refused(VJP_ALONG, "HasThirdDerivatives"));
            written
        };
        written.extend(self.tangents(&slots, JVP));
        if matches!(frame.outcome, Outcome::Scalar) {
            written.extend(frame.refused(HVP, "HasThirdDerivatives"));
        }
        written.extend(frame.refused(SERIES, "HasSeries"));
        frame.enclosed(written, &[])
    }

    /// The second derivatives of the function, along directions of a type.
    pub(super) fn second(
        &self,
        (direction, passes): (&TokenStream, &TokenStream),
        tangents: &[TokenStream],
        slots: [&[TokenStream]; 2],
    ) -> TokenStream {
        let frame = self.of;
        let runtime = &frame.runtime;
        let name = &frame.name;
        let (arguments, attempt) = (frame.arguments(), frame.attempt());
        let along = quote!(#runtime::__private::Along::<#direction, #passes>::new());
        let (callee, itself) = match &frame.witness {
            Some(witness) => {
                let (kind, generics) = (Ident::new(HVP, Span::call_site()), with_more(&witness.arguments, 2));
                let itself = witness.itself(name);
                (quote!(#name::#kind #generics), quote!(#itself,))
            }
            None => {
                let own = name_of(HVP, name, Span::call_site());
                let generics = with_more(&frame.generic_arguments, 2);
                let receiver = frame.params.iter().find(|p| p.receiver.is_some()).map(|p| &p.name);
                let base = receiver.map_or_else(|| quote!(Self::), |receiver| quote!(#receiver.));
                (quote!(#base #own #generics), TokenStream::new())
            }
        };
        let [first, second] = slots;
        quote!(#callee(#itself #(#arguments,)* #along, #(#tangents,)* #(#first,)* #(#second),*) #attempt)
    }

    pub(super) fn one_pass(&self) -> TokenStream {
        let runtime = &self.of.runtime;
        quote!(#runtime::__private::OnePass)
    }

    pub(super) fn nothing(&self) -> (TokenStream, TokenStream) {
        let runtime = &self.of.runtime;
        (quote!(#runtime::__private::NoTangent), quote!(#runtime::__private::NoGradient))
    }

    /// Of a gradient that is a number: it, and the derivative of it.
    fn gradient(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let (float, zero, value) = (frame.float(), frame.zero(), frame.beside("value"));
        let (no_tangent, no_gradient) = self.nothing();
        let one = if frame.width.is_generic() {
            let runtime = &frame.runtime;
            quote!(#runtime::__private::constant::<#float>(1.0))
        } else {
            quote!(1.0)
        };
        let in_wrt = |of: TokenStream, otherwise: &TokenStream| -> Vec<TokenStream> {
            let each = frame.params.iter().map(|p| if p.wrt.is_some() { of.clone() } else { otherwise.clone() });
            each.collect()
        };
        let (tangents, first) = (in_wrt(one, &no_tangent), in_wrt(quote!(&mut #value), &no_gradient));
        let second: Vec<TokenStream> = slots.iter().map(ToTokens::to_token_stream).collect();
        let called = self.second((&quote!(#float), &self.one_pass()), &tangents, [&first, &second]);
        let wrapped = frame.wrapped(&quote!(#value));
        let types = frame.params.iter().map(|p| frame.slot(p));
        let body = quote! {
            let mut #value: #float = #zero;
            let _ = #called;
            #wrapped
        };
        frame.hidden(GRADIENT, slots.iter().zip(types), &quote!(#float), &body)
    }

    /// The part of what is called `whole`, as the companion returns it, that belongs to the `k`th parameter in `wrt`.
    pub(super) fn cotangent_of(&self, names: &[Ident], k: usize, layout: &Layout) -> TokenStream {
        let names = &names[usize::from(self.value)..];
        let (index, scalars) = (Literal::usize_unsuffixed(k), !self.of.has_arrays() && self.of.wrt().count() > 1);
        match names {
            [whole] if scalars => quote!(#whole[#index]),
            names => {
                let name = &names[k];
                if layout.is_number() { quote!(#name[0]) } else { quote!(&*#name) }
            }
        }
    }

    /// The product with a cotangent.
    fn product(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let names = frame.cotangent_names();
        let mut declared: Vec<(Ident, TokenStream)> = Vec::new();
        for (name, ty) in names.iter().zip(frame.cotangent_types()) {
            declared.push((name.clone(), quote!(&mut #ty)));
        }
        declared.extend(frame.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), frame.slot(p))));
        let (no_tangent, no_gradient) = self.nothing();
        let (mut tangents, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        let (mut start, mut end, mut k) = (TokenStream::new(), TokenStream::new(), 0);
        for (p, slot) in frame.params.iter().zip(slots) {
            let Some(layout) = &p.wrt else {
                tangents.push(no_tangent.clone());
                first.push(no_gradient.clone());
                second.push(no_gradient.clone());
                continue;
            };
            tangents.push(self.cotangent_of(&names, k, layout));
            k += 1;
            if !self.value {
                first.push(no_gradient.clone());
                second.push(quote!(#slot));
                continue;
            }
            // What flows to the value flows through the gradient.
            let [d, h] = [format!("d{}", p.name), format!("h{}", p.name)].map(|name| frame.beside(&name));
            let (ty, zeros, value) = (frame.owned(layout), frame.zeros(p, layout), &names[0]);
            start.extend(quote!(let (mut #d, mut #h): (#ty, #ty) = (#zeros, #zeros);));
            let add = self.add_scaled(&quote!(&mut #h), &quote!(&#d), &quote!(#value[0]), layout);
            let put = frame.put(p, slot, &quote!(#h));
            end.extend(quote!(#add #put));
            first.push(quote!(&mut #d));
            second.push(quote!(&mut #h));
        }
        let float = frame.float();
        let called = self.second((&quote!(#float), &self.one_pass()), &tangents, [&first, &second]);
        let done = frame.wrapped(&quote!(()));
        let body = quote! {
            #start
            let _ = #called;
            #end
            #done
        };
        let types = declared.iter().map(|(_, ty)| ty.clone());
        frame.hidden(VJP, declared.iter().map(|(name, _)| name).zip(types), &quote!(()), &body)
    }

    /// `to += scale * from`, of references; a cotangent that is zero does not meet an infinite derivative.
    pub(super) fn add_scaled(
        &self,
        to: &TokenStream,
        from: &TokenStream,
        scale: &TokenStream,
        layout: &Layout,
    ) -> TokenStream {
        let runtime = &self.of.runtime;
        let [a, b] = ["a", "b"].map(|name| Ident::new(name, Span::mixed_site()));
        let one = if layout.record.is_some() {
            quote!(#runtime::__private::add_scaled(#a, #b, #scale);)
        } else {
            quote!(*#a = *#a + #runtime::__private::times(*#b, #scale);)
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for (#a, #b) in #a.iter_mut().zip(#b.iter()) { #one }));
        quote!({ let (#a, #b) = (#to, #from); #each })
    }

    /// The gradient and its tangents, in one direction or in those of the caller.
    fn tangents(&self, slots: &[Ident], kind: &str) -> Written {
        let frame = &self.frame;
        let (runtime, float, along) = (&frame.runtime, frame.float(), kind == JVP_ALONG);
        let (caller, how_often) = (direction(), passes());
        let numbers = (quote!(#float), frame.zero());
        let (elem, often) = if along {
            ((quote!(#caller), quote!(<#caller>::zero())), quote!(#how_often))
        } else {
            (numbers.clone(), self.one_pass())
        };
        let mut declared = Vec::new();
        if along {
            declared.push((frame.beside("along"), quote!(#runtime::__private::Along<#caller, #how_often>)));
        }
        let (_, no_gradient) = self.nothing();
        let (mut tangents, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        let (mut start, mut parts) = (TokenStream::new(), [Vec::new(), Vec::new()]);
        for (p, slot) in frame.params.iter().zip(slots) {
            tangents.push(quote!(#slot));
            let Some(layout) = &p.wrt else {
                declared.push((slot.clone(), quote!(impl #runtime::__private::NotInWrt)));
                tangents.pop();
                tangents.push(self.nothing().0);
                first.push(no_gradient.clone());
                second.push(no_gradient.clone());
                continue;
            };
            let ty = frame.buffer_of(layout, &elem.0);
            declared.push((slot.clone(), quote!(impl #runtime::__private::Tangent<#ty>)));
            let [d, h] = [format!("d{}", p.name), format!("h{}", p.name)].map(|name| frame.beside(&name));
            start.extend(self.place(p, layout, &d, &numbers));
            start.extend(self.place(p, layout, &h, &elem));
            first.push(quote!(&mut #d));
            second.push(quote!(&mut #h));
            parts[0].push(quote!(#d));
            parts[1].push(quote!(#h));
        }
        let called = self.second((&elem.0, &often), &tangents, [&first, &second]);
        let [value, tangent] = ["value", "value_tangent"].map(|name| frame.beside(name));
        let [gradient, second] = parts.map(|parts| self.of.shaped(&parts));
        let result =
            if self.value { quote!(((#value, #gradient), (#tangent, #second))) } else { quote!((#gradient, #second)) };
        let result = frame.wrapped(&result);
        let body = quote! {
            #start
            let (#value, #tangent) = #called;
            #result
        };
        let (value, tangent) = (frame.returns(), frame.returns_of(&elem.0));
        let output = quote!((#value, #tangent));
        if along {
            let generic = frame.generic(&Along::default());
            return frame.hidden_along(kind, &generic, &declared, &output, &body);
        }
        let types = declared.iter().map(|(_, ty)| ty.clone());
        frame.hidden(kind, declared.iter().map(|(name, _)| name).zip(types), &output, &body)
    }

    /// Declares what a derivative is put in.
    pub(super) fn place(
        &self,
        p: &FrameParam,
        layout: &Layout,
        name: &Ident,
        elem: &(TokenStream, TokenStream),
    ) -> TokenStream {
        let (ty, zeros) = (self.frame.owned_of(layout, &elem.0), self.frame.zeros_of(p, layout, &elem.1));
        quote!(let mut #name: #ty = #zeros;)
    }
}
