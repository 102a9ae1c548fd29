//! A directional derivative inside a differentiated function: the hidden protocol of `p_jvp`, made of calls of the second
//! derivatives of `p`, as that of its gradient is (`nested`). With the gradient `d` and the Hessian times the direction, `h = H·v`, one call
//! of those gives all there is to know of `p_jvp(x, v) = (p(x), d·v)`:
//!
//! | protocol of `p_jvp` | of the value | of the derivative along `v` |
//! |---|---|---|
//! | `VJP`, cotangents `a` and `b` | `a·d` to `x` | `b·h` to `x`, `b·d` to `v` |
//! | `JVP`, `JVP_ALONG`, tangents `s` of `x` and `w` of `v` | `d·s` | `h·s + d·w` |

use super::along::{Along, JVP_ALONG, VJP_ALONG};
use super::nested::Nested;
use super::protocol::{GRADIENT, JVP, VJP};
use super::tangents::SERIES;
use super::{Frame, FrameParam, Written};
use crate::emit::lanes::{direction, passes};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::options::Callers;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A parameter in `wrt`, and what one call of the second derivatives finds for it.
struct Found<'f> {
    of: &'f FrameParam,
    layout: &'f Layout,
    /// The parameter for its direction.
    direction: Ident,
    /// Variables for the gradient, and for the Hessian times the direction.
    gradient: Ident,
    hessian: Ident,
}

impl Frame {
    /// The function `p_jvp`, if what goes in and comes out of it has forms that there are derivatives of.
    pub(super) fn nested_jvp(&self) -> Option<Nested<'_>> {
        // What has been moved has no length any more.
        let moved =
            |p: &FrameParam, of: &Layout| !p.by_reference && of.dims.iter().any(|dim| matches!(dim, Dim::Dynamic));
        let plain = self.wrt().all(|(p, of)| of.record.is_none() && p.receiver.is_none() && !moved(p, of));
        if !self.jvp || !plain {
            return None;
        }
        let name = self.names.of("jvp");
        let number = || Layout::floats(&[]);
        let outcome = Outcome::Parts { tuple: true, members: vec![number(), number()] };
        let mut frame = Frame { outcome, second: false, ..self.clone() };
        let returned = self.around(&frame.returns());
        let directions = || self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some());
        let named = directions().map(|(_, p)| FrameParam { name: self.direction_of(p), ..p.clone() });
        frame.params.extend(named);
        frame.witness = self.witness.as_ref().map(|witness| {
            let mut witness = witness.clone();
            let more: Vec<TokenStream> = directions().filter_map(|(k, _)| witness.inputs.get(k).cloned()).collect();
            witness.inputs.extend(more);
            witness.of_companion(&name, &returned)
        });
        frame.name = name;
        if frame.callers == Callers::Namesake {
            // The module does not have this name.
            frame.callers = Callers::All;
        }
        Some(Nested { of: self, frame, value: true })
    }

    /// The name of the parameter for a direction.
    fn direction_of(&self, p: &FrameParam) -> Ident {
        self.beside(&format!("{}_tangent", p.name))
    }
}

impl Nested<'_> {
    /// The protocol of `p_jvp`.
    pub(super) fn protocol_of_jvp(&self) -> Written {
        let frame = &self.frame;
        let slots: Vec<Ident> = frame.params.iter().map(|p| frame.beside(&format!("slot_{}", p.name))).collect();
        let mut written = frame.missing(GRADIENT, &slots);
        written.extend(self.product_of_jvp(&slots));
        written.extend(self.tangents_of_jvp(&slots, JVP));
        written.extend(self.tangents_of_jvp(&slots, JVP_ALONG));
        written.extend(frame.refused(VJP_ALONG, "HasThirdDerivatives"));
        written.extend(frame.refused(SERIES, "HasSeries"));
        frame.enclosed(written, &[])
    }

    fn found(&self) -> Vec<Found<'_>> {
        let of = |(p, layout)| {
            let p: &FrameParam = p;
            let name = |letter: &str| self.frame.beside(&format!("{letter}{}", p.name));
            Found { of: p, layout, direction: self.of.direction_of(p), gradient: name("d"), hessian: name("h") }
        };
        self.of.wrt().map(of).collect()
    }

    /// Declares what the call puts its results in, and the call.
    fn called(&self, found: &[Found<'_>]) -> (TokenStream, TokenStream) {
        let frame = &self.frame;
        let (no_tangent, no_gradient) = self.nothing();
        let mut start = TokenStream::new();
        for Found { of, layout, gradient, hessian, .. } in found {
            let (ty, zeros) = (frame.owned(layout), frame.zeros(of, layout));
            start.extend(quote!(let (mut #gradient, mut #hessian): (#ty, #ty) = (#zeros, #zeros);));
        }
        let (mut tangents, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        let mut known = found.iter();
        for p in &self.of.params {
            let Some(Found { layout, direction, gradient, hessian, .. }) = p.wrt.as_ref().and_then(|_| known.next())
            else {
                tangents.push(no_tangent.clone());
                first.push(no_gradient.clone());
                second.push(no_gradient.clone());
                continue;
            };
            tangents.push(match (p.by_reference, layout.is_number()) {
                (true, true) => quote!(*#direction),
                (true, false) | (false, true) => quote!(#direction),
                (false, false) => quote!(&#direction),
            });
            first.push(quote!(&mut #gradient));
            second.push(quote!(&mut #hessian));
        }
        let float = frame.float();
        (start, self.second((&quote!(#float), &self.one_pass()), &tangents, [&first, &second]))
    }

    /// The product with the cotangents of the value and of the derivative.
    fn product_of_jvp(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let names = frame.cotangent_names();
        let types = frame.cotangent_types().into_iter().map(|ty| quote!(&mut #ty));
        let mut declared: Vec<(Ident, TokenStream)> = names.iter().cloned().zip(types).collect();
        declared.extend(frame.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), frame.slot(p))));
        let found = self.found();
        let (start, called) = self.called(&found);
        let [by_value, by_derivative] = [&names[0], &names[1]].map(|name| quote!(#name[0]));
        let slot_of = |name: &Ident| frame.params.iter().zip(slots).find(|(p, _)| p.name == *name);
        let sum = frame.beside("sum");
        let mut end = TokenStream::new();
        for Found { of, layout, direction, gradient, hessian } in &found {
            let (ty, zeros) = (frame.owned(layout), frame.zeros(of, layout));
            let scaled =
                |part: &Ident, by: &TokenStream| self.add_scaled(&quote!(&mut #sum), &quote!(&#part), by, layout);
            let [a, b, c] =
                [scaled(gradient, &by_value), scaled(hessian, &by_derivative), scaled(gradient, &by_derivative)];
            for (name, terms) in [(&of.name, quote!(#a #b)), (direction, c)] {
                let put = slot_of(name).map(|(p, slot)| frame.put(p, slot, &quote!(#sum)));
                end.extend(quote!({ let mut #sum: #ty = #zeros; #terms #put }));
            }
        }
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

    /// The value and the derivative with their tangents, in one direction or in those of the caller.
    fn tangents_of_jvp(&self, slots: &[Ident], kind: &str) -> Written {
        let frame = &self.frame;
        let (runtime, float, along) = (&frame.runtime, frame.float(), kind == JVP_ALONG);
        let (caller, how_often) = (direction(), passes());
        let (elem, zero) =
            if along { (quote!(#caller), quote!(<#caller>::zero())) } else { (quote!(#float), frame.zero()) };
        let mut declared = Vec::new();
        if along {
            declared.push((frame.beside("along"), quote!(#runtime::__private::Along<#caller, #how_often>)));
        }
        for (p, slot) in frame.params.iter().zip(slots) {
            let ty = match &p.wrt {
                Some(layout) => {
                    let ty = frame.buffer_of(layout, &elem);
                    quote!(impl #runtime::__private::Tangent<#ty>)
                }
                None => quote!(impl #runtime::__private::NotInWrt),
            };
            declared.push((slot.clone(), ty));
        }
        let found = self.found();
        let (start, called) = self.called(&found);
        let [value, slope, of_value, of_slope, zeros] =
            ["value", "slope", "value_tangent", "slope_tangent", "zeros"].map(|name| frame.beside(name));
        let slot_of =
            |name: &Ident| frame.params.iter().zip(slots).find(|(p, _)| p.name == *name).map(|(_, slot)| slot);
        let mut sums = TokenStream::new();
        for Found { of, layout, direction, gradient, hessian } in &found {
            let (own, ty, none) =
                (frame.owned_of(layout, &elem), frame.buffer_of(layout, &elem), frame.zeros_of(of, layout, &zero));
            let Some((slot, of_direction)) = slot_of(&of.name).zip(slot_of(direction)) else { continue };
            let given = |slot: &Ident| quote!(#runtime::__private::Tangent::or_zero(&#slot, &#zeros));
            let terms = [
                self.add_products(&of_value, &given(slot), gradient, layout, &elem),
                self.add_products(&of_slope, &given(slot), hessian, layout, &elem),
                self.add_products(&of_slope, &given(of_direction), gradient, layout, &elem),
            ];
            let lent = if own.to_string() == ty.to_string() { quote!(&#zeros) } else { quote!(&#zeros[..]) };
            sums.extend(quote!({ let #zeros: #own = #none; let #zeros: &#ty = #lent; #(#terms)* }));
        }
        let result = frame.wrapped(&quote!(((#value, #slope), (#of_value, #of_slope))));
        let body = quote! {
            #start
            let (#value, #slope) = #called;
            let (mut #of_value, mut #of_slope): (#elem, #elem) = (#zero, #zero);
            #sums
            #result
        };
        let (whole, tangent) = (frame.returns(), frame.returns_of(&elem));
        let output = quote!((#whole, #tangent));
        if along {
            let generic = frame.generic(&Along::default());
            return frame.hidden_along(kind, &generic, &declared, &output, &body);
        }
        let types = declared.iter().map(|(_, ty)| ty.clone());
        frame.hidden(kind, declared.iter().map(|(name, _)| name).zip(types), &output, &body)
    }

    /// `sum += tangents · partials`; a tangent that is zero does not meet an infinite derivative.
    fn add_products(
        &self,
        sum: &Ident,
        tangents: &TokenStream,
        partials: &Ident,
        layout: &Layout,
        elem: &TokenStream,
    ) -> TokenStream {
        let (runtime, float) = (&self.of.runtime, self.frame.float());
        let [a, b, lane] = ["a", "b", "lane"].map(|name| Ident::new(name, Span::mixed_site()));
        let of = quote!(<#elem as #runtime::__private::Direction<#float>>);
        let one = quote! {
            #sum = #sum + #of::each(|#lane| #runtime::__private::times(*#b, #of::lane(#a, #lane)));
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for (#a, #b) in #a.iter().zip(#b.iter()) { #one }));
        quote!({ let (#a, #b) = (#tangents, &#partials); #each })
    }
}
