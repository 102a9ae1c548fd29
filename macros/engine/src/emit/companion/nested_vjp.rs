//! A product with a cotangent inside a differentiated function: the hidden protocol of `p_vjp`, where `p` returns a number, made of calls
//! of the second derivatives of `p`, as that of its gradient is (`nested`). With the gradient `d` and the Hessian times a direction, `h = H·v`, one
//! call of those gives all there is to know of `p_vjp(x, w) = (p(x), w·d)`:
//!
//! | protocol of `p_vjp` | `v` | of the value | of the product |
//! |---|---|---|---|
//! | `VJP`, cotangents `a` and `b` | `b` | `a·d` to `x` | `w·h` to `x`, `b·d` to `w` |
//! | `JVP`, `JVP_ALONG`, tangents `s` of `x` and `u` of `w` | `s` | `d·s` | `w·h + u·d` |

use super::along::{Along, JVP_ALONG, VJP_ALONG};
use super::nested::Nested;
use super::protocol::{GRADIENT, JVP, VJP};
use super::tangents::SERIES;
use super::{Frame, FrameParam, Written};
use crate::emit::lanes::{direction, passes};
use crate::ir::Layout;
use crate::options::Callers;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

impl Frame {
    /// The function `p_vjp`, if what goes in and comes out of it has forms that there are derivatives of.
    pub(super) fn nested_vjp(&self) -> Option<Nested<'_>> {
        if !self.vjp || self.wrt().any(|(_, layout)| layout.record.is_some()) {
            return None;
        }
        let mut nested = self.nested(true)?;
        let (name, ty, number) = (self.names.of("vjp"), self.cotangent_type(), Layout::floats(&[]));
        let returned = self.around(&nested.frame.returns());
        nested.frame.witness = self.witness.as_ref().map(|witness| {
            let mut witness = witness.clone();
            witness.inputs.push(ty.clone());
            witness.of_companion(&name, &returned)
        });
        nested.frame.name = name;
        nested.frame.params.push(FrameParam {
            name: self.beside("cotangent"),
            ty,
            by_reference: false,
            vec: false,
            receiver: None,
            mutable: false,
            wrt: Some(number.clone()),
            buffer: false,
            layout: Some(number),
        });
        if nested.frame.callers == Callers::Namesake {
            // The module does not have this name.
            nested.frame.callers = Callers::All;
        }
        Some(nested)
    }
}

impl Nested<'_> {
    /// The protocol of `p_vjp`.
    pub(super) fn protocol_of_vjp(&self) -> Written {
        let frame = &self.frame;
        let slots: Vec<Ident> = frame.params.iter().map(|p| frame.beside(&format!("slot_{}", p.name))).collect();
        let mut written = frame.missing(GRADIENT, &slots);
        written.extend(self.product_of_vjp(&slots));
        written.extend(self.tangents_of_vjp(&slots, JVP));
        written.extend(self.tangents_of_vjp(&slots, JVP_ALONG));
        written.extend(frame.refused(VJP_ALONG, "HasThirdDerivatives"));
        written.extend(frame.refused(SERIES, "HasSeries"));
        frame.enclosed(written, &[])
    }

    /// The factor, and its slot.
    fn factor<'s>(&self, slots: &'s [Ident]) -> Option<(&FrameParam, &'s Ident)> {
        self.frame.params.last().zip(slots.last())
    }

    /// Variables for the gradient, and for the Hessian times a direction.
    fn found_for(&self, p: &FrameParam) -> [Ident; 2] {
        ["d", "h"].map(|letter| self.frame.beside(&format!("{letter}{}", p.name)))
    }

    /// The product with the cotangents of the value and of the product.
    fn product_of_vjp(&self, slots: &[Ident]) -> Written {
        let frame = &self.frame;
        let names = frame.cotangent_names();
        let types = frame.cotangent_types().into_iter().map(|ty| quote!(&mut #ty));
        let mut declared: Vec<(Ident, TokenStream)> = names.iter().cloned().zip(types).collect();
        declared.extend(frame.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), frame.slot(p))));
        let Some((factor, factor_slot)) = self.factor(slots) else { return Written::default() };
        let (no_tangent, no_gradient) = self.nothing();
        let (mut tangents, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        let (mut start, mut sums, mut end) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
        let (sum, by, float, zero) = (frame.beside("sum"), &factor.name, frame.float(), frame.zero());
        let mut k = 0;
        for (p, slot) in self.of.params.iter().zip(slots) {
            let Some(layout) = &p.wrt else {
                tangents.push(no_tangent.clone());
                first.push(no_gradient.clone());
                second.push(no_gradient.clone());
                continue;
            };
            let cotangent = self.cotangent_of(&names, k, layout);
            k += 1;
            let [d, h] = self.found_for(p);
            let (ty, zeros, value) = (frame.owned(layout), frame.zeros(p, layout), &names[0]);
            start.extend(quote!(let (mut #d, mut #h): (#ty, #ty) = (#zeros, #zeros);));
            first.push(quote!(&mut #d));
            second.push(quote!(&mut #h));
            let shared = if layout.is_number() { quote!(&#cotangent) } else { cotangent.clone() };
            sums.extend(frame.along(&sum, &quote!(&#d), &shared, layout));
            let scaled = frame.scaled(&quote!(&mut #h), by, layout);
            let add = self.add_scaled(&quote!(&mut #h), &quote!(&#d), &quote!(#value[0]), layout);
            let put = frame.put(p, slot, &quote!(#h));
            end.extend(quote!(#scaled #add #put));
            tangents.push(cotangent);
        }
        let called = self.second((&quote!(#float), &self.one_pass()), &tangents, [&first, &second]);
        let (put, done) = (frame.put(factor, factor_slot, &quote!(#sum)), frame.wrapped(&quote!(())));
        let body = quote! {
            #start
            let _ = #called;
            let mut #sum: #float = #zero;
            #sums
            #put
            #end
            #done
        };
        let types = declared.iter().map(|(_, ty)| ty.clone());
        frame.hidden(VJP, declared.iter().map(|(name, _)| name).zip(types), &quote!(()), &body)
    }

    /// The value and the product with their tangents, in one direction or in those of the caller.
    fn tangents_of_vjp(&self, slots: &[Ident], kind: &str) -> Written {
        let frame = &self.frame;
        let (runtime, float, along) = (&frame.runtime, frame.float(), kind == JVP_ALONG);
        let (caller, how_often) = (direction(), passes());
        let (elem, zero, often) = if along {
            (quote!(#caller), quote!(<#caller>::zero()), quote!(#how_often))
        } else {
            (quote!(#float), frame.zero(), self.one_pass())
        };
        let Some((factor, factor_slot)) = self.factor(slots) else { return Written::default() };
        let mut declared = Vec::new();
        if along {
            declared.push((frame.beside("along"), quote!(#runtime::__private::Along<#caller, #how_often>)));
        }
        for (p, slot) in frame.params.iter().zip(slots) {
            let ty = p.wrt.as_ref().map_or_else(
                || quote!(impl #runtime::__private::NotInWrt),
                |layout| {
                    let ty = frame.buffer_of(layout, &elem);
                    quote!(impl #runtime::__private::Tangent<#ty>)
                },
            );
            declared.push((slot.clone(), ty));
        }
        let (no_tangent, no_gradient) = self.nothing();
        let (mut tangents, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        let (mut start, mut end, mut parts) = (TokenStream::new(), TokenStream::new(), [Vec::new(), Vec::new()]);
        let [value, of_value, factor_tangent, nothing] =
            ["value", "value_tangent", "factor_tangent", "nothing"].map(|name| frame.beside(name));
        for (p, slot) in self.of.params.iter().zip(slots) {
            let Some(layout) = &p.wrt else {
                tangents.push(no_tangent.clone());
                first.push(no_gradient.clone());
                second.push(no_gradient.clone());
                continue;
            };
            let [d, h] = self.found_for(p);
            let own = frame.zero();
            start.extend(self.place(p, layout, &d, &(quote!(#float), own)));
            start.extend(self.place(p, layout, &h, &(elem.clone(), zero.clone())));
            tangents.push(quote!(#slot));
            first.push(quote!(&mut #d));
            second.push(quote!(&mut #h));
            end.extend(self.tangent_of_product([&d, &h], (&factor.name, &factor_tangent), layout, &elem));
            end.extend(frame.scaled(&quote!(&mut #d), &factor.name, layout));
            parts[0].push(quote!(#d));
            parts[1].push(quote!(#h));
        }
        let called = self.second((&elem, &often), &tangents, [&first, &second]);
        let [product, of_product] = parts.map(|parts| self.of.shaped(&parts));
        let result = frame.wrapped(&quote!(((#value, #product), (#of_value, #of_product))));
        let body = quote! {
            #start
            let (#value, #of_value) = #called;
            let #nothing: #elem = #zero;
            let #factor_tangent: &#elem = #runtime::__private::Tangent::or_zero(&#factor_slot, &#nothing);
            #end
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
            *#a = #of::each(|#lane| {
                #runtime::__private::times(#of::lane(&*#a, #lane), #factor)
                    + #runtime::__private::times(*#b, #of::lane(#tangent, #lane))
            });
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for (#a, #b) in #a.iter_mut().zip(#b.iter()) { #one }));
        quote!({ let (#a, #b) = (&mut #h, &#d); #each })
    }
}
