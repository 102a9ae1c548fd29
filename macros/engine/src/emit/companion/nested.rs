//! Companions inside differentiated functions: the hidden protocol of `p_gradient` and `p_value_and_gradient`, for functions that
//! call them and are differentiated themselves, and what it shares with those of `p_jvp` and `p_vjp` (`nested_jvp`, `nested_vjp`).
//! It is there where `p` has second derivatives, and consists of calls of those (`along::HVP`). A Hessian is symmetric, so that its
//! product with a cotangent is that with a tangent.
//!
//! | protocol of `p_gradient` | tangents given to `p`'s | what is taken |
//! |---|---|---|
//! | `GRADIENT`, if it is a number | 1 | the gradient as the value, its tangent as the derivative |
//! | `VJP` | the cotangents | the tangents of the gradient |
//! | `JVP`, `JVP_ALONG` | the tangents | the gradient and its tangents |
//!
//! Each derivative is a function of its own, with derivatives of its own; so no level can be taken for another (what is called
//! perturbation confusion). Third derivatives are rejected where they are called for. The other companions are no differentiated
//! functions; in the place of their protocol, a type says so by its name.

use super::along::{Along, HVP, JVP_ALONG, VJP_ALONG};
use super::protocol::{GRADIENT, JVP, VJP, name_of};
use super::tangents::SERIES;
use super::{Derivatives, Frame, FrameParam, Written};
use crate::emit::call::with_more;
use crate::emit::lanes::{direction, passes};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::lower::witness::Identity;
use crate::options::Callers;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};

/// A companion as a differentiated function.
pub(super) struct Nested<'f> {
    /// The function that it is a derivative of.
    pub of: &'f Frame,
    /// Itself.
    pub frame: Frame,
    /// Whether it also returns the value.
    pub value: bool,
}

/// Directions of a caller's.
pub(super) struct Directions {
    /// The type of tangents of numbers, and zero.
    pub elem: (TokenStream, TokenStream),
    /// How often the function may run.
    pub often: TokenStream,
}

impl Frame {
    /// The protocols of the companions that are differentiated in turn.
    pub(super) fn nested_protocols(&self, derivatives: Option<&Derivatives>) -> Written {
        let mut written = Written::default();
        if !self.has_nested() {
            return written;
        }
        for nested in [false, true].into_iter().filter_map(|value| self.nested_gradient(value)) {
            written.extend(nested.protocol(derivatives));
        }
        let jvp = self.nested_jvp();
        written.extend(jvp.map(|nested| nested.protocol_of_jvp(derivatives)).unwrap_or_default());
        let vjp = self.nested_vjp();
        written.extend(vjp.map(|nested| nested.protocol_of_vjp(derivatives)).unwrap_or_default());
        written
    }

    /// Whether its companions may have derivatives.
    fn has_nested(&self) -> bool {
        let known = self.witness.as_ref().is_none_or(|witness| !matches!(witness.identity, Identity::Nothing));
        self.second && !self.has_product() && known && !self.mixed && self.wrt().next().is_some()
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
        let frame = Frame { outcome, second: false, jvp: true, ..self.clone() };
        Some(Nested { of: self, frame: self.companion(frame, name, &[]), value })
    }

    /// The frame of a companion of this name, which takes arguments of these types beside the function's own.
    pub(super) fn companion(&self, frame: Frame, name: Ident, more: &[TokenStream]) -> Frame {
        let returned = self.around(&frame.returns());
        let witness = self.witness.clone().map(|mut witness| {
            witness.inputs.extend(more.iter().cloned());
            witness.of_companion(&name, &returned)
        });
        // The module does not have this name.
        let callers = if frame.callers == Callers::Namesake { Callers::All } else { frame.callers };
        Frame { name, witness, callers, ..frame }
    }
}

impl Nested<'_> {
    fn protocol(&self, derivatives: Option<&Derivatives>) -> Written {
        let frame = &self.frame;
        if !matches!(frame.outcome, Outcome::Scalar) {
            return self.protocol_of(derivatives, Self::product, Self::tangents);
        }
        let slots = frame.slots();
        let mut written = self.gradient(&slots);
        written.extend(self.tangents(&slots, JVP));
        self.without_third(written, HVP, derivatives)
    }

    /// The protocol of what returns more than a number, by its product with cotangents and its tangents.
    pub(super) fn protocol_of(
        &self,
        derivatives: Option<&Derivatives>,
        product: impl Fn(&Self, &[Ident]) -> Written,
        tangents: impl Fn(&Self, &[Ident], &str) -> Written,
    ) -> Written {
        let (frame, slots) = (&self.frame, self.frame.slots());
        let mut written = frame.missing(GRADIENT, &slots);
        written.extend(product(self, &slots));
        written.extend(tangents(self, &slots, JVP));
        written.extend(tangents(self, &slots, JVP_ALONG));
        self.without_third(written, VJP_ALONG, derivatives)
    }

    /// The protocol, in which what would need third derivatives of the function is refused.
    fn without_third(&self, mut written: Written, third: &str, derivatives: Option<&Derivatives>) -> Written {
        let frame = &self.frame;
        written.extend(frame.refused(third, "HasThirdDerivatives"));
        written.extend(frame.refused(SERIES, "HasSeries"));
        written.definitions.extend(frame.answer(derivatives));
        frame.enclosed(written, &[])
    }

    /// What the second derivatives are given for each parameter: a tangent, and where the gradient and its product with the tangents go.
    pub(super) fn arguments(
        &self,
        mut of: impl FnMut(usize, &FrameParam, &Layout) -> [TokenStream; 3],
    ) -> [Vec<TokenStream>; 3] {
        let runtime = &self.of.runtime;
        let [no_tangent, no_gradient] =
            [quote!(#runtime::__private::NoTangent), quote!(#runtime::__private::NoGradient)];
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for (k, p) in self.of.params.iter().enumerate() {
            let one = match &p.wrt {
                Some(layout) => of(k, p, layout),
                None => [no_tangent.clone(), no_gradient.clone(), no_gradient.clone()],
            };
            all.iter_mut().zip(one).for_each(|(list, one)| list.push(one));
        }
        all
    }

    /// Variables for the gradient by a parameter, and for its product with the tangents.
    pub(super) fn found_for(&self, p: &FrameParam) -> [Ident; 2] {
        ["d", "h"].map(|letter| self.frame.beside(&format!("{letter}{}", p.name)))
    }

    /// The protocol's function for the product with cotangents.
    pub(super) fn hidden_product(&self, slots: &[Ident], body: &TokenStream) -> Written {
        let frame = &self.frame;
        let cotangents = frame.cotangent_types().into_iter().map(|ty| quote!(&mut #ty));
        let names = frame.cotangent_names();
        let all = names.iter().chain(slots).zip(cotangents.chain(frame.params.iter().map(|p| frame.slot(p))));
        frame.hidden(VJP, all, &quote!(()), body)
    }

    /// The directions of the protocol's function for tangents: one, or those of the caller.
    pub(super) fn directions(&self, kind: &str) -> Directions {
        let (caller, how_often) = (direction(), passes());
        if kind == JVP_ALONG {
            Directions { elem: (quote!(#caller), quote!(<#caller>::zero())), often: quote!(#how_often) }
        } else {
            let float = self.frame.float();
            Directions { elem: (quote!(#float), self.frame.zero()), often: self.one_pass() }
        }
    }

    /// That function.
    pub(super) fn hidden_tangents(
        &self,
        slots: &[Ident],
        kind: &str,
        elem: &TokenStream,
        body: &TokenStream,
    ) -> Written {
        let frame = &self.frame;
        let runtime = &frame.runtime;
        let tangent = |p: &FrameParam| match &p.wrt {
            Some(layout) => {
                let ty = frame.buffer_of(layout, elem);
                quote!(impl #runtime::__private::Tangent<#ty>)
            }
            None => quote!(impl #runtime::__private::NotInWrt),
        };
        let mut declared: Vec<(Ident, TokenStream)> =
            slots.iter().cloned().zip(frame.params.iter().map(tangent)).collect();
        let (value, tangent) = (frame.returns(), frame.returns_of(elem));
        let output = quote!((#value, #tangent));
        if kind == JVP_ALONG {
            let (caller, how_often) = (direction(), passes());
            declared.insert(0, (frame.beside("along"), quote!(#runtime::__private::Along<#caller, #how_often>)));
            return frame.hidden_along(kind, &frame.generic(&Along::default()), &declared, &output, body);
        }
        let types = declared.iter().map(|(_, ty)| ty.clone());
        frame.hidden(kind, declared.iter().map(|(name, _)| name).zip(types), &output, body)
    }

    /// The second derivatives of the function, along directions of a type.
    pub(super) fn second(
        &self,
        (direction, passes): (&TokenStream, &TokenStream),
        [tangents, first, second]: &[Vec<TokenStream>; 3],
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
        quote!(#callee(#itself #(#arguments,)* #along, #(#tangents,)* #(#first,)* #(#second),*) #attempt)
    }

    pub(super) fn one_pass(&self) -> TokenStream {
        let runtime = &self.of.runtime;
        quote!(#runtime::__private::OnePass)
    }

    /// Of a gradient that is a number: it, and the derivative of it.
    fn gradient(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let (float, zero, value) = (frame.float(), frame.zero(), frame.beside("value"));
        let one = if frame.width.is_generic() {
            let runtime = &frame.runtime;
            quote!(#runtime::__private::constant::<#float>(1.0))
        } else {
            quote!(1.0)
        };
        let arguments = self.arguments(|k, _, _| {
            let slot = &slots[k];
            [one.clone(), quote!(&mut #value), quote!(#slot)]
        });
        let called = self.second((&quote!(#float), &self.one_pass()), &arguments);
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
        let (frame, runtime) = (&self.frame, &self.of.runtime);
        let names = frame.cotangent_names();
        let numbers = (frame.float().to_token_stream(), frame.zero());
        let (mut start, mut end, mut in_wrt) = (TokenStream::new(), TokenStream::new(), 0..);
        let arguments = self.arguments(|k, p, layout| {
            let (slot, cotangent) = (&slots[k], self.cotangent_of(&names, in_wrt.next().unwrap_or_default(), layout));
            if !self.value {
                return [cotangent, quote!(#runtime::__private::NoGradient), quote!(#slot)];
            }
            // What flows to the value flows through the gradient.
            let [d, h] = self.found_for(p);
            let value = &names[0];
            start.extend(self.places(p, layout, &numbers));
            let add = self.add_scaled(&quote!(&mut #h), &quote!(&#d), &quote!(#value[0]), layout);
            let put = frame.put(p, slot, &quote!(#h));
            end.extend(quote!(#add #put));
            [cotangent, quote!(&mut #d), quote!(&mut #h)]
        });
        let called = self.second((&numbers.0, &self.one_pass()), &arguments);
        let done = frame.wrapped(&quote!(()));
        self.hidden_product(slots, &quote!(#start let _ = #called; #end #done))
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
        let Directions { elem, often } = self.directions(kind);
        let (mut start, mut parts) = (TokenStream::new(), [Vec::new(), Vec::new()]);
        let arguments = self.arguments(|k, p, layout| {
            let (slot, [d, h]) = (&slots[k], self.found_for(p));
            start.extend(self.places(p, layout, &elem));
            parts[0].push(quote!(#d));
            parts[1].push(quote!(#h));
            [quote!(#slot), quote!(&mut #d), quote!(&mut #h)]
        });
        let called = self.second((&elem.0, &often), &arguments);
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
        self.hidden_tangents(slots, kind, &elem.0, &body)
    }

    /// Declares what the gradient by a parameter is put in, and its product with tangents of a type.
    pub(super) fn places(
        &self,
        p: &FrameParam,
        layout: &Layout,
        (elem, zero): &(TokenStream, TokenStream),
    ) -> TokenStream {
        let (frame, [d, h]) = (&self.frame, self.found_for(p));
        let (own, own_zeros) = (frame.owned(layout), frame.zeros(p, layout));
        let (ty, zeros) = (frame.owned_of(layout, elem), frame.zeros_of(p, layout, zero));
        quote!(let (mut #d, mut #h): (#own, #ty) = (#own_zeros, #zeros);)
    }
}
