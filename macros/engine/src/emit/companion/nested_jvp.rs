//! A directional derivative inside a differentiated function: the hidden protocol of `p_jvp`, made of calls of the second
//! derivatives of `p`, as that of its gradient is (`nested`). With the gradient `d` and the Hessian times the direction, `h = H·v`,
//! one call of those gives all there is to know of `p_jvp(x, v) = (p(x), d·v)`:
//!
//! | protocol of `p_jvp` | of the value | of the derivative along `v` |
//! |---|---|---|
//! | `VJP`, cotangents `a` and `b` | `a·d` to `x` | `b·h` to `x`, `b·d` to `v` |
//! | `JVP`, `JVP_ALONG`, tangents `s` of `x` and `w` of `v` | `d·s` | `h·s + d·w` |

use super::nested::{Directions, Nested};
use super::{Derivatives, Frame, FrameParam, Written, as_long_as};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};

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
        let number = || Layout::floats(&[]);
        let outcome = Outcome::Parts { tuple: true, members: vec![number(), number()] };
        let mut frame = Frame { outcome, second: false, ..self.clone() };
        let mut types = Vec::new();
        for (k, p) in self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some()) {
            frame.params.push(FrameParam { name: self.direction_of(p), ..p.clone() });
            types.extend(self.witness.as_ref().and_then(|witness| witness.inputs.get(k).cloned()));
        }
        Some(Nested { of: self, frame: self.companion(frame, self.names.of("jvp"), &types), value: true })
    }

    /// The name of the parameter for a direction.
    fn direction_of(&self, p: &FrameParam) -> Ident {
        self.beside(&format!("{}_tangent", p.name))
    }
}

impl Nested<'_> {
    /// The protocol of `p_jvp`.
    pub(super) fn protocol_of_jvp(&self, derivatives: Option<&Derivatives>) -> Written {
        self.protocol_of(derivatives, Self::product_of_jvp, Self::tangents_of_jvp)
    }

    /// The parameters in `wrt`, with the slots of each and of its direction.
    fn directed<'s>(
        &'s self,
        slots: &'s [Ident],
    ) -> impl Iterator<Item = (&'s FrameParam, &'s Layout, [&'s Ident; 2])> {
        let (own, directions) = slots.split_at(self.of.params.len());
        let own = self.of.params.iter().zip(own).filter_map(|(p, slot)| Some((p, p.wrt.as_ref()?, slot)));
        own.zip(directions).map(|((p, layout, slot), direction)| (p, layout, [slot, direction]))
    }

    /// Declares what the call along the direction puts its results in, and the call.
    fn called(&self, often: &TokenStream) -> (TokenStream, TokenStream) {
        let numbers = (self.frame.float().to_token_stream(), self.frame.zero());
        let mut start = TokenStream::new();
        let arguments = self.arguments(|_, p, layout| {
            let (direction, [d, h]) = (self.of.direction_of(p), self.found_for(p));
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                start.extend(as_long_as(&p.name, &direction));
            }
            start.extend(self.places(p, layout, &numbers));
            let given = match (p.by_reference, layout.is_number()) {
                (true, true) => quote!(*#direction),
                (true, false) | (false, true) => quote!(#direction),
                (false, false) => quote!(&#direction),
            };
            [given, quote!(&mut #d), quote!(&mut #h)]
        });
        (start, self.second((&numbers.0, often), &arguments))
    }

    /// The product with the cotangents of the value and of the derivative.
    fn product_of_jvp(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let (start, called) = self.called(&self.one_pass());
        let names = frame.cotangent_names();
        let [by_value, by_derivative] = [&names[0], &names[1]].map(|name| quote!(#name[0]));
        let sum = frame.beside("sum");
        let mut end = TokenStream::new();
        for (p, layout, slots) in self.directed(slots) {
            let (ty, zeros, [d, h]) = (frame.owned(layout), frame.zeros(p, layout), self.found_for(p));
            let scaled =
                |part: &Ident, by: &TokenStream| self.add_scaled(&quote!(&mut #sum), &quote!(&#part), by, layout);
            let [a, b, c] = [scaled(&d, &by_value), scaled(&h, &by_derivative), scaled(&d, &by_derivative)];
            for (slot, terms) in slots.into_iter().zip([quote!(#a #b), c]) {
                let put = frame.put(p, slot, &quote!(#sum));
                end.extend(quote!({ let mut #sum: #ty = #zeros; #terms #put }));
            }
        }
        let done = frame.wrapped(&quote!(()));
        self.hidden_product(slots, &quote!(#start let _ = #called; #end #done))
    }

    /// The value and the derivative with their tangents, in one direction or in those of the caller.
    fn tangents_of_jvp(&self, slots: &[Ident], kind: &str) -> Written {
        let (frame, runtime) = (&self.frame, &self.frame.runtime);
        let Directions { elem: (elem, zero), often } = self.directions(kind);
        let (start, called) = self.called(&often);
        let [value, slope, of_value, of_slope, zeros] =
            ["value", "slope", "value_tangent", "slope_tangent", "zeros"].map(|name| frame.beside(name));
        let mut sums = TokenStream::new();
        for (p, layout, slots) in self.directed(slots) {
            let [d, h] = self.found_for(p);
            let (own, ty, none) =
                (frame.owned_of(layout, &elem), frame.buffer_of(layout, &elem), frame.zeros_of(p, layout, &zero));
            let [of_point, of_direction] =
                slots.map(|slot| quote!(#runtime::__private::Tangent::or_zero(&#slot, &#zeros)));
            let terms = [(&of_value, &of_point, &d), (&of_slope, &of_point, &h), (&of_slope, &of_direction, &d)]
                .map(|(sum, tangents, partials)| self.add_products(sum, tangents, partials, layout, &elem));
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
        self.hidden_tangents(slots, kind, &elem, &body)
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
            #sum = #sum + #of::among([*#a], |#lane| #runtime::__private::times(*#b, #of::lane(#a, #lane)));
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for (#a, #b) in #a.iter().zip(#b.iter()) { #one }));
        quote!({ let (#a, #b) = (#tangents, &#partials); #each })
    }
}
