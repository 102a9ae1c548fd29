//! A product with a cotangent inside a differentiated function: the hidden protocol of `p_vjp`, where `p` returns a number, made
//! of calls of the second derivatives of `p`, as that of its gradient is (`nested`). With the gradient `d` and the Hessian times a
//! direction, `h = H·v`, one call of those gives all there is to know of `p_vjp(x, w) = (p(x), w·d)`:
//!
//! | protocol of `p_vjp` | `v` | of the value | of the product |
//! |---|---|---|---|
//! | `VJP`, cotangents `a` and `b` | `b` | `a·d` to `x` | `w·h` to `x`, `b·d` to `w` |
//! | `JVP`, `JVP_ALONG`, tangents `s` of `x` and `u` of `w` | `s` | `d·s` | `w·h + u·d` |

use super::nested::{Directions, Nested};
use super::{Derivatives, Frame, FrameParam, Written};
use crate::ir::Layout;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};

impl Frame {
    /// The function `p_vjp`, if what goes in and comes out of it has forms that there are derivatives of.
    pub(super) fn nested_vjp(&self) -> Option<Nested<'_>> {
        if !self.vjp || self.wrt().any(|(_, layout)| layout.record.is_some()) {
            return None;
        }
        let (nested, ty, number) = (self.nested(true)?, self.cotangent_type(), Layout::floats(&[]));
        let mut frame = nested.frame;
        frame.params.push(FrameParam {
            name: self.beside("cotangent"),
            ty: ty.clone(),
            by_reference: false,
            vec: false,
            receiver: None,
            mutable: false,
            wrt: Some(number.clone()),
            buffer: false,
            layout: Some(number),
        });
        frame.witness.clone_from(&self.witness);
        Some(Nested { frame: self.companion(frame, self.names.of("vjp"), &[ty]), ..nested })
    }
}

impl Nested<'_> {
    /// The protocol of `p_vjp`.
    pub(super) fn protocol_of_vjp(&self, derivatives: Option<&Derivatives>) -> Written {
        self.protocol_of(derivatives, Self::product_of_vjp, Self::tangents_of_vjp)
    }

    /// The factor, and its slot.
    fn factor<'s>(&self, slots: &'s [Ident]) -> Option<(&FrameParam, &'s Ident)> {
        self.frame.params.last().zip(slots.last())
    }

    /// The product with the cotangents of the value and of the product.
    fn product_of_vjp(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let Some((factor, factor_slot)) = self.factor(slots) else { return Written::default() };
        let (names, numbers) = (frame.cotangent_names(), (frame.float().to_token_stream(), frame.zero()));
        let (mut start, mut sums, mut end) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
        let (sum, by, value, mut in_wrt) = (frame.beside("sum"), &factor.name, &names[0], 0..);
        let arguments = self.arguments(|k, p, layout| {
            let cotangent = self.cotangent_of(&names, in_wrt.next().unwrap_or_default(), layout);
            let [d, h] = self.found_for(p);
            start.extend(self.places(p, layout, &numbers));
            let shared = if layout.is_number() { quote!(&#cotangent) } else { cotangent.clone() };
            sums.extend(frame.along(&sum, &quote!(&#d), &shared, layout));
            let scaled = frame.scaled(&quote!(&mut #h), by, layout);
            let add = self.add_scaled(&quote!(&mut #h), &quote!(&#d), &quote!(#value[0]), layout);
            let put = frame.put(p, &slots[k], &quote!(#h));
            end.extend(quote!(#scaled #add #put));
            [cotangent, quote!(&mut #d), quote!(&mut #h)]
        });
        let called = self.second((&numbers.0, &self.one_pass()), &arguments);
        let (put, done) = (frame.put(factor, factor_slot, &quote!(#sum)), frame.wrapped(&quote!(())));
        let (float, zero) = numbers;
        let body = quote! {
            #start
            let _ = #called;
            let mut #sum: #float = #zero;
            #sums
            #put
            #end
            #done
        };
        self.hidden_product(slots, &body)
    }

    /// The value and the product with their tangents, in one direction or in those of the caller.
    fn tangents_of_vjp(&self, slots: &[Ident], kind: &str) -> Written {
        let (frame, runtime) = (&self.frame, &self.frame.runtime);
        let Directions { elem, often } = self.directions(kind);
        let Some((factor, factor_slot)) = self.factor(slots) else { return Written::default() };
        let (mut start, mut end, mut parts) = (TokenStream::new(), TokenStream::new(), [Vec::new(), Vec::new()]);
        let [value, of_value, factor_tangent, nothing] =
            ["value", "value_tangent", "factor_tangent", "nothing"].map(|name| frame.beside(name));
        let arguments = self.arguments(|k, p, layout| {
            let (slot, [d, h]) = (&slots[k], self.found_for(p));
            start.extend(self.places(p, layout, &elem));
            end.extend(self.tangent_of_product([&d, &h], (&factor.name, &factor_tangent), layout, &elem.0));
            end.extend(frame.scaled(&quote!(&mut #d), &factor.name, layout));
            parts[0].push(quote!(#d));
            parts[1].push(quote!(#h));
            [quote!(#slot), quote!(&mut #d), quote!(&mut #h)]
        });
        let called = self.second((&elem.0, &often), &arguments);
        let [product, of_product] = parts.map(|parts| self.of.shaped(&parts));
        let result = frame.wrapped(&quote!(((#value, #product), (#of_value, #of_product))));
        let (elem, zero) = elem;
        let body = quote! {
            #start
            let (#value, #of_value) = #called;
            let #nothing: #elem = #zero;
            let #factor_tangent: &#elem = #runtime::__private::Tangent::or_zero(&#factor_slot, &#nothing);
            #end
            #result
        };
        self.hidden_tangents(slots, kind, &elem, &body)
    }

    /// `h = w·h + u·d`, where `w` is the factor and `u` its tangent.
    fn tangent_of_product(
        &self,
        [d, h]: [&Ident; 2],
        (factor, tangent): (&Ident, &Ident),
        layout: &Layout,
        elem: &TokenStream,
    ) -> TokenStream {
        let (runtime, float) = (&self.of.runtime, self.frame.float());
        let [a, b, lane] = ["a", "b", "lane"].map(|name| Ident::new(name, Span::mixed_site()));
        let of = quote!(<#elem as #runtime::__private::Direction<#float>>);
        let one = quote! {
            *#a = #of::among([*#a, *#tangent], |#lane| {
                #runtime::__private::times(#of::lane(&*#a, #lane), #factor)
                    + #runtime::__private::times(*#b, #of::lane(#tangent, #lane))
            });
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for (#a, #b) in #a.iter_mut().zip(#b.iter()) { #one }));
        quote!({ let (#a, #b) = (&mut #h, &#d); #each })
    }
}
