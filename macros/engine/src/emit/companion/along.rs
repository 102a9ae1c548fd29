//! What the hidden protocol has for second derivatives, and for matrices: the tangents of what it has otherwise, in the
//! directions of the caller.
//!
//! | protocol | tangents of | there, if the attribute says |
//! |---|---|---|
//! | `HVP` | the value and the gradient of a number | `hvp` or `hessian` |
//! | `JVP_ALONG` | what a function returns or writes to buffers | these, or `jacobian` |
//! | `VJP_ALONG` | its product with a cotangent | `hvp` or `hessian` |
//!
//! After the arguments come an [`Along`](../../../../runtime/src/directions.rs), the tangents of the arguments, then cotangents and slots as in
//! first order, and their tangents. The directions are a type parameter, so that the code is compiled only where it is called,
//! for one direction as for the columns of a matrix. A function through which structs go has one direction, since their tangents
//! are structs of the same type; how often the caller runs it for one result is a type parameter, too. That there is one
//! direction, or one run, is asked for where the code is compiled: a caller's own protocol cannot know of either.
//!
//! The names say what is missing to whoever calls a function without them, be it an older one.

use super::directions::Generic;
use super::tangents::{Declared, SERIES, Tangents, bind};
use super::{Derivatives, Frame, FrameParam, Written, stub};
use crate::analysis::once::unasked;
use crate::emit::array::zeros_of;
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::forward::product::Along as Product;
use crate::ir::{Dim, Func, Layout, ParamKind, Passes};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(in crate::emit) const HVP: &str = "__symgrad_v1_hvp_add_hvp_to_its_attribute";
pub(in crate::emit) const JVP_ALONG: &str = "__symgrad_v1_tangents_add_jacobian_or_hvp_to_its_attribute";
pub(in crate::emit) const VJP_ALONG: &str = "__symgrad_v1_product_add_hvp_to_its_attribute";

/// The derivatives for it.
#[derive(Default)]
pub struct Along {
    /// For `HVP`.
    pub gradient: Option<Hvp>,
    /// For `JVP_ALONG`.
    pub jvp: Option<Jvp>,
    /// For `VJP_ALONG`.
    pub product: Option<Product>,
    /// For `SERIES`.
    pub series: Option<Jvp>,
    /// Whether structs go through it.
    pub one_direction: bool,
    /// Whether it has something that may run once only.
    pub once: bool,
}

impl Along {
    /// Does something with each, and makes the names of tangents references: that is how they come.
    pub fn finish(&mut self, simplify: impl Fn(&mut Func)) {
        if let Some(series) = &mut self.series {
            by_reference(&mut series.func, &series.tangents);
            simplify(&mut series.func);
        }
        let Along { gradient, jvp, product, once, .. } = self;
        let gradient = gradient.iter_mut().map(|hvp| (&mut hvp.product.func, &hvp.vectors));
        let jvp = jvp.iter_mut().map(|jvp| (&mut jvp.func, &jvp.tangents));
        let product = product.iter_mut().map(|along| (&mut along.product.func, &along.tangents));
        for (func, tangents) in gradient.chain(jvp).chain(product) {
            by_reference(func, tangents);
            func.passes = Passes::Caller;
            simplify(func);
            *once |= unasked(func).is_some();
        }
    }
}

/// Makes the names of tangents references.
fn by_reference(func: &mut Func, tangents: &[Option<ParamKind>]) {
    for tangent in tangents.iter().flatten() {
        if let ParamKind::Place(place) = tangent {
            func.places[place.0 as usize].by_value = false;
        }
    }
}

/// What comes with a product, or with its tangent.
struct Half {
    /// What the names of the second end with.
    suffix: &'static str,
    /// The cotangent of the number.
    cotangent: Ident,
    /// Those of what is returned otherwise.
    cotangents: Vec<Ident>,
    /// Where partial derivatives go.
    slots: Vec<Ident>,
    /// The type of the caller's elements, and their zero.
    given: (TokenStream, TokenStream),
    /// The same in the body.
    elem: (TokenStream, TokenStream),
}

impl Frame {
    pub(super) fn along_protocol(&self, slots: &[Ident], derivatives: Option<&Derivatives>) -> Written {
        let nothing = Along::default();
        let along = derivatives.map_or(&nothing, |derivatives| &derivatives.along);
        let generic = self.generic(along);
        let mut written = Written::default();
        if self.mixed {
            return self.refused_as_mixed();
        }
        if self.rules.are_given() && self.has_product() {
            let rule = self.rules.reverse.as_ref().filter(|_| self.jacobian);
            written.extend(match rule.and_then(|rule| self.tangents_by_rule(rule, &generic)) {
                Some(tangents) => tangents,
                None => self.refused(JVP_ALONG, "HasNoRuleOfItsOwn"),
            });
            written.extend(self.refused(VJP_ALONG, "HasNoRuleOfItsOwn"));
        }
        if self.rules.are_given() {
            // The rule calls the function, of which it would need the series in turn.
            written.extend(self.refused(SERIES, "HasSeries"));
        } else if self.series {
            written.extend(self.tangents_of_results(SERIES, &self.along_curve(), along.series.as_ref()));
        }
        if self.rules.are_given() && self.has_product() {
            return written;
        }
        if self.second && !self.has_product() {
            written.extend(self.gradient_along(slots, &generic, along.gradient.as_ref()));
        }
        if self.has_product() && (self.second || self.jacobian) {
            written.extend(self.tangents_of_results(JVP_ALONG, &generic, along.jvp.as_ref()));
        }
        if self.has_product() && self.second {
            written.extend(self.product_along(slots, &generic, along.product.as_ref()));
        }
        written
    }

    /// What a function has whose values have several types, and a caller's directions one.
    fn refused_as_mixed(&self) -> Written {
        let (product, mut written) = (self.has_product(), Written::default());
        let there = [
            (SERIES, self.series),
            (HVP, self.second && !product),
            (JVP_ALONG, product && (self.second || self.jacobian)),
            (VJP_ALONG, product && self.second),
        ];
        for (kind, _) in there.iter().filter(|(_, there)| *there) {
            written.extend(self.refused(kind, "HasOneFloatType"));
        }
        written
    }

    /// Where a derivative with respect to a parameter goes, with elements of some type.
    fn slot_of(&self, p: &FrameParam, elem: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        match &p.wrt {
            None => quote!(impl #runtime::__private::NotInWrt),
            Some(layout) => {
                let ty = self.buffer_of(layout, elem);
                let slot = if layout.is_struct() { quote!(StructSlot) } else { quote!(Slot) };
                quote!(impl #runtime::__private::#slot<#ty>)
            }
        }
    }

    fn gradient_along(&self, slots: &[Ident], generic: &Generic, hvp: Option<&Hvp>) -> Written {
        let (float, ty) = (self.float(), &generic.given.0);
        let Tangents { declared: tangents, mut start, names, .. } = self.tangents_along(generic);
        let seconds: Vec<Ident> =
            self.params.iter().map(|p| self.beside(&format!("tangents_slot_{}", p.name))).collect();
        let mut declared = vec![self.along_parameter(generic)];
        declared.extend(tangents);
        declared.extend(self.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), self.slot(p))));
        declared.extend(self.params.iter().zip(&seconds).map(|(p, slot)| (slot.clone(), self.slot_of(p, ty))));
        let output = quote!((#float, #ty));
        let Some(hvp) = hvp else { return self.hidden_along(HVP, generic, &declared, &output, &stub()) };
        let mut given = self.reserved(&hvp.product.func, &declared);
        bind(&mut given, &hvp.vectors, &names);
        // In the order of a gradient: of numbers, these are values; of arrays, buffers.
        let [value, tangent] = ["value", "value_tangent"].map(|name| self.beside(name));
        let mut ends = [vec![value.clone()], vec![tangent.clone()]];
        let mut puts = TokenStream::new();
        for (k, p) in self.params.iter().enumerate() {
            let Some(layout) = &p.wrt else { continue };
            let parts = [
                (&slots[k], format!("d{}", p.name), hvp.gradient[k], (quote!(#float), self.zero()), false),
                (&seconds[k], format!("second_{}", p.name), hvp.product.buffers[k], generic.elem.clone(), true),
            ];
            for ((slot, name, buffer, (elem, zero), second), end) in parts.into_iter().zip(&mut ends) {
                let name = self.beside(&name);
                match buffer {
                    Some(buffer) => {
                        let (ty, zeros) = (self.owned_of(layout, &elem), self.zeros_of(p, layout, &zero));
                        start.extend(quote!(let mut #name: #ty = #zeros;));
                        given.places.push((buffer, name.clone(), false));
                    }
                    None => {
                        given.others.push(name.clone());
                        end.push(name.clone());
                    }
                }
                let partials = quote!(#name);
                let partials = if second { generic.returned(layout, &partials) } else { partials };
                puts.extend(self.put(p, slot, &partials));
            }
        }
        given.others.extend([value.clone(), tangent.clone()]);
        let inner = body(&hvp.product.func, &given, &self.runtime, &|vals| quote!((#(#vals,)*)));
        let returned = generic.returned(&Layout::floats(&[]), &quote!(#tangent));
        let (ends, result) = (ends.into_iter().flatten(), quote!((#value, #returned)));
        let body = self.closed(generic, [&start, &quote!((#(#ends,)*)), &inner, &puts, &result]);
        self.hidden_along(HVP, generic, &declared, &output, &body)
    }

    fn product_along(&self, slots: &[Ident], generic: &Generic, product: Option<&Product>) -> Written {
        let halves = self.halves(slots, generic);
        let mut tangents = self.tangents_along(generic);
        let mut declared = vec![self.along_parameter(generic)];
        declared.append(&mut tangents.declared);
        self.declare_halves(&halves, &mut declared);
        let Some(along) = product else {
            return self.hidden_along(VJP_ALONG, generic, &declared, &quote!(()), &stub());
        };
        let func = &along.product.func;
        let mut given = self.reserved(func, &declared);
        bind(&mut given, &along.tangents, &tangents.names);
        let (values, _) = self.declare_results(&func.results, "result", &mut given);
        tangents.start.extend(values);
        self.cotangents_along(along, &halves, generic, &mut tangents, &mut given);
        let ends = self.partials_along(along, &halves, generic, &mut tangents, &mut given);
        let inner = body(func, &given, &self.runtime, &|vals| quote!((#(#vals,)*)));
        let (Tangents { start, end, .. }, ends) = (tangents, ends.into_iter().flatten());
        let body = self.closed(generic, [&start, &quote!((#(#ends,)*)), &inner, &end, &quote!(())]);
        self.hidden_along(VJP_ALONG, generic, &declared, &quote!(()), &body)
    }

    /// What comes with a product, and with its tangent.
    fn halves(&self, slots: &[Ident], generic: &Generic) -> [Half; 2] {
        let float = self.float();
        let numbers = (quote!(#float), self.zero());
        let of = |suffix: &'static str, given: &(TokenStream, TokenStream), elem: &(TokenStream, TokenStream)| Half {
            suffix,
            cotangent: self.beside(&format!("cotangent{suffix}")),
            cotangents: (0..self.outcome.places().len())
                .map(|k| self.beside(&format!("cotangent{k}{suffix}")))
                .collect(),
            slots: slots
                .iter()
                .map(|slot| if suffix.is_empty() { slot.clone() } else { self.beside(&format!("tangents_{slot}")) })
                .collect(),
            given: given.clone(),
            elem: elem.clone(),
        };
        [of("", &numbers, &numbers), of("_tangent", &generic.given, &generic.elem)]
    }

    fn declare_halves(&self, halves: &[Half; 2], declared: &mut Vec<Declared>) {
        let runtime = &self.runtime;
        for half in halves {
            let elem = &half.given.0;
            for (name, layout) in half.cotangents.iter().zip(self.outcome.places()) {
                let ty = self.buffer_of(&layout, elem);
                let first = half.suffix.is_empty();
                let lent = if first { quote!(&mut #ty) } else { quote!(impl #runtime::__private::InOut<#ty>) };
                declared.push((name.clone(), lent));
            }
            if matches!(self.outcome, Outcome::Scalar | Outcome::Nothing) {
                declared.push((half.cotangent.clone(), quote!(impl #runtime::__private::Tangent<#elem>)));
            }
            for (p, slot) in self.params.iter().zip(&half.slots) {
                let ty = match p.layout.as_ref().filter(|_| p.buffer) {
                    Some(layout) => {
                        let ty = self.buffer_of(layout, elem);
                        quote!(impl #runtime::__private::InOut<#ty>)
                    }
                    None => self.slot_of(p, elem),
                };
                declared.push((slot.clone(), ty));
            }
        }
    }

    /// The cotangents of what the function returns, and their tangents.
    fn cotangents_along(
        &self,
        along: &Product,
        halves: &[Half; 2],
        generic: &Generic,
        tangents: &mut Tangents,
        given: &mut Given,
    ) {
        let runtime = &self.runtime;
        if matches!(self.outcome, Outcome::Scalar) {
            for (half, val) in halves.iter().zip([along.product.cotangent, along.cotangent]) {
                let (Half { cotangent, given: (elem, zero), .. }, number) = (half, Layout::floats(&[]));
                let place = self.beside(&format!("zero_{cotangent}"));
                let read = quote!((*#runtime::__private::Tangent::or_zero(&#cotangent, &#place)));
                let taken = if half.suffix.is_empty() { None } else { generic.taken(&number, &read) };
                let read = taken.unwrap_or(read);
                tangents.start.extend(quote!(let #place: #elem = #zero; let #cotangent = #read;));
                given.vals.extend(val.map(|val| (val, cotangent.clone())));
            }
        }
        for (k, layout) in self.outcome.places().iter().enumerate() {
            let [name, tangent] = halves.each_ref().map(|half| half.cotangents[k].clone());
            let zeros = self.zeros_beside(layout, &name, &generic.given.1);
            self.lent_along(tangents, generic, (layout, &zeros), (&tangent, &tangent));
            given.places.push((along.product.cotangents[k], name, true));
            given.places.push((along.cotangents[k], tangent, true));
        }
    }

    /// Where partial derivatives and their tangents go. Returns the names of those of numbers.
    fn partials_along(
        &self,
        along: &Product,
        halves: &[Half; 2],
        generic: &Generic,
        tangents: &mut Tangents,
        given: &mut Given,
    ) -> [Vec<Ident>; 2] {
        let mut ends = [Vec::new(), Vec::new()];
        for (k, p) in self.params.iter().enumerate() {
            let Some(layout) = &p.layout else { continue };
            let buffers = [along.product.buffers[k], along.buffers[k]];
            for ((half, buffer), ends) in halves.iter().zip(buffers).zip(&mut ends) {
                let first = half.suffix.is_empty();
                let (partial, slot) =
                    (self.beside(&format!("{}{}", if first { "d" } else { "second_" }, p.name)), &half.slots[k]);
                match (buffer, &p.wrt) {
                    (Some(buffer), _) if p.buffer => {
                        let zeros = self.zeros_of(p, layout, &half.given.1);
                        if first {
                            let runtime = &self.runtime;
                            let place = self.beside(&format!("zero_{partial}"));
                            let ty = self.buffer_of(layout, &half.elem.0);
                            tangents.start.extend(quote! {
                                let (mut #slot, mut #place) = (#slot, #zeros);
                                let #partial: &mut #ty = #runtime::__private::InOut::get(&mut #slot, &mut #place);
                            });
                        } else {
                            self.lent_along(tangents, generic, (layout, &zeros), (slot, &partial));
                        }
                        given.places.push((buffer, partial, true));
                    }
                    (buffer, Some(_)) => {
                        if let Some(buffer) = buffer {
                            let (elem, zero) = &half.elem;
                            let (ty, zeros) = (self.owned_of(layout, elem), self.zeros_of(p, layout, zero));
                            tangents.start.extend(quote!(let mut #partial: #ty = #zeros;));
                            given.places.push((buffer, partial.clone(), false));
                        } else {
                            given.others.push(partial.clone());
                            ends.push(partial.clone());
                        }
                        let partials = quote!(#partial);
                        let partials = if first { partials } else { generic.returned(layout, &partials) };
                        tangents.end.extend(self.put(p, slot, &partials));
                    }
                    _ => {}
                }
            }
        }
        ends
    }

    /// Zeros beside the cotangent of a result.
    fn zeros_beside(&self, layout: &Layout, cotangent: &Ident, zero: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        match (&layout.record, layout.dims.first()) {
            (Some(_), Some(Dim::Dynamic)) => {
                quote!(#runtime::__private::each(&*#cotangent, #runtime::Differentiable::zero_like))
            }
            (Some(_), _) => quote!(#runtime::Differentiable::zero_like(&*#cotangent)),
            _ => zeros_of(&quote!(#cotangent), &layout.dims, zero, runtime),
        }
    }
}
