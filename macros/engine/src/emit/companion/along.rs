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
use super::{Derivatives, Frame, FrameParam, Written, stub};
use crate::analysis::once::unasked;
use crate::emit::array::zeros_of;
use crate::emit::lanes::{direction, passes};
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
    /// Whether structs go through it.
    pub one_direction: bool,
    /// Whether it has something that may run once only.
    pub once: bool,
}

impl Along {
    /// Does something with each, and makes the names of tangents references: that is how they come.
    pub fn finish(&mut self, simplify: impl Fn(&mut Func)) {
        let Along { gradient, jvp, product, once, .. } = self;
        let gradient = gradient.iter_mut().map(|hvp| (&mut hvp.product.func, &hvp.vectors));
        let jvp = jvp.iter_mut().map(|jvp| (&mut jvp.func, &jvp.tangents));
        let product = product.iter_mut().map(|along| (&mut along.product.func, &along.tangents));
        for (func, tangents) in gradient.chain(jvp).chain(product) {
            for tangent in tangents.iter().flatten() {
                if let ParamKind::Place(place) = tangent {
                    func.places[place.0 as usize].by_value = false;
                }
            }
            func.passes = Passes::Caller;
            simplify(func);
            *once |= unasked(func).is_some();
        }
    }
}

/// A parameter of the protocol's.
type Declared = (Ident, TokenStream);

/// Tangents that come with a call.
#[derive(Default)]
struct Tangents {
    /// As declared.
    declared: Vec<Declared>,
    /// What makes of them what the body reads: references, zeros where there is none.
    start: TokenStream,
    /// What writes buffers back.
    end: TokenStream,
    /// The names of those of parameters, and which of them are behind a `&mut`.
    names: Vec<(Ident, bool)>,
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
        if self.second && !self.has_product() {
            written.extend(self.gradient_along(slots, &generic, along.gradient.as_ref()));
        }
        if self.has_product() && (self.second || self.jacobian) {
            written.extend(self.jvp_along(&generic, along.jvp.as_ref()));
        }
        if self.has_product() && self.second {
            written.extend(self.product_along(slots, &generic, along.product.as_ref()));
        }
        written
    }

    /// Whether it has a product with a cotangent in place of a gradient.
    fn has_product(&self) -> bool {
        self.params.iter().any(|p| p.buffer) || !matches!(self.outcome, Outcome::Scalar)
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

    /// The tangents of the arguments. What is new here has names that differ by how they begin, whatever the parameters are called.
    fn tangents_along(&self, generic: &Generic) -> Tangents {
        let runtime = &self.runtime;
        let mut tangents = Tangents::default();
        for p in &self.params {
            let name = self.beside(&format!("tangent_of_{}", p.name));
            let Some(layout) = p.tangent() else {
                tangents.declared.push((name, quote!(impl #runtime::__private::NotInWrt)));
                continue;
            };
            let slot = if p.buffer { quote!(InOut) } else { quote!(Tangent) };
            let ty = self.buffer_of(layout, &generic.given.0);
            tangents.declared.push((name.clone(), quote!(impl #runtime::__private::#slot<#ty>)));
            let zeros = self.zeros_of(p, layout, &generic.given.1);
            if p.buffer {
                self.lent_along(&mut tangents, generic, (layout, &zeros), (&name, &name));
            } else {
                let zero = self.beside(&format!("zero_of_{}", p.name));
                let taken = match generic.taken(layout, &quote!(#name)) {
                    Some(taken) if layout.is_number() => quote!(let #name = #taken;),
                    Some(taken) => quote!(let #name = &#taken;),
                    None if layout.is_number() => quote!(let #name = *#name;),
                    None => TokenStream::new(),
                };
                tangents.start.extend(quote! {
                    let #zero = #zeros;
                    let #name: &#ty = #runtime::__private::Tangent::or_zero(&#name, &#zero);
                    #taken
                });
            }
            tangents.names.push((name, p.buffer));
        }
        tangents
    }

    /// A buffer of the caller's under another name, or zeros where it has none.
    fn lent_along(
        &self,
        tangents: &mut Tangents,
        generic: &Generic,
        (layout, zeros): (&Layout, &TokenStream),
        (slot, name): (&Ident, &Ident),
    ) {
        let (runtime, ty) = (&self.runtime, self.buffer_of(layout, &generic.given.0));
        let (place, lent) = (self.beside(&format!("zero_{slot}")), self.beside(&format!("lent_{slot}")));
        tangents.start.extend(quote! {
            let (mut #slot, mut #place) = (#slot, #zeros);
            let #lent: &mut #ty = #runtime::__private::InOut::get(&mut #slot, &mut #place);
        });
        match generic.taken(layout, &quote!(#lent)) {
            None => tangents.start.extend(quote!(let #name = #lent;)),
            Some(taken) => {
                tangents.start.extend(quote!(let #name = &mut #taken;));
                tangents.end.extend(generic.put_back(layout, &lent, name));
            }
        }
    }

    /// What is asked of the caller, and what the body changes.
    fn begin_along(&self, generic: &Generic) -> TokenStream {
        let (asked, changing) = (&generic.asked, self.changing());
        quote!(#asked #changing)
    }

    fn along_parameter(&self) -> Declared {
        let (runtime, direction, passes) = (&self.runtime, direction(), passes());
        (self.beside("along"), quote!(#runtime::__private::Along<#direction, #passes>))
    }

    fn gradient_along(&self, slots: &[Ident], generic: &Generic, hvp: Option<&Hvp>) -> Written {
        let (float, ty) = (self.float(), &generic.given.0);
        let Tangents { declared: tangents, mut start, names, .. } = self.tangents_along(generic);
        let seconds: Vec<Ident> =
            self.params.iter().map(|p| self.beside(&format!("tangents_slot_{}", p.name))).collect();
        let mut declared = vec![self.along_parameter()];
        declared.extend(tangents);
        declared.extend(self.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), self.slot(p))));
        declared.extend(self.params.iter().zip(&seconds).map(|(p, slot)| (slot.clone(), self.slot_of(p, ty))));
        let output = quote!((#float, #ty));
        let Some(hvp) = hvp else { return self.hidden_along(HVP, &declared, &output, &stub()) };
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
        let (begin, result) = (self.begin_along(generic), self.wrapped(&quote!((#value, #returned))));
        let ends = ends.into_iter().flatten();
        let body = quote! {
            #begin
            #start
            let (#(#ends,)*) = { #inner };
            #puts
            #result
        };
        self.hidden_along(HVP, &declared, &output, &body)
    }

    fn jvp_along(&self, generic: &Generic, jvp: Option<&Jvp>) -> Written {
        let Tangents { declared: tangents, mut start, end, names } = self.tangents_along(generic);
        let mut declared = vec![self.along_parameter()];
        declared.extend(tangents);
        let nothing = matches!(self.outcome, Outcome::Nothing);
        let (value, tangent) = (self.returns(), self.returns_of(&generic.given.0));
        let output = if nothing { value } else { quote!((#value, #tangent)) };
        let Some(jvp) = jvp else { return self.hidden_along(JVP_ALONG, &declared, &output, &stub()) };
        let mut given = self.reserved(&jvp.func, &declared);
        bind(&mut given, &jvp.tangents, &names);
        let (values, results) = self.declare_results(&jvp.func.results, "result", &mut given);
        let (tangent_values, tangents) = self.declare(&jvp.results, "result_tangent", &generic.elem, &mut given);
        start.extend(quote!(#values #tangent_values));
        let inner = body(&jvp.func, &given, &self.runtime, &|vals| {
            let value = self.result_of(&results, vals.first());
            let tangent = self.tangent_result(generic, &tangents, vals.get(1));
            if nothing { value } else { quote!((#value, #tangent)) }
        });
        let (begin, result) = (self.begin_along(generic), self.beside("result"));
        let wrapped = self.wrapped(&quote!(#result));
        let body = quote! {
            #begin
            #start
            let #result = { #inner };
            #end
            #wrapped
        };
        self.hidden_along(JVP_ALONG, &declared, &output, &body)
    }

    /// The tangent of the function's result, for the caller.
    fn tangent_result(&self, generic: &Generic, names: &[Ident], number: Option<&TokenStream>) -> TokenStream {
        let (Outcome::Parts { tuple, members }, true) = (&self.outcome, generic.one) else {
            let tangent = self.result_of(names, number);
            let scalar = matches!(self.outcome, Outcome::Scalar);
            return if scalar { generic.returned(&Layout::floats(&[]), &tangent) } else { tangent };
        };
        let each = names.iter().zip(members).map(|(name, layout)| match layout {
            Layout { record: Some(_), .. } => quote!(#name.unwrap()),
            layout if layout.is_number() => generic.returned(layout, &quote!(#name[0])),
            layout => generic.returned(layout, &quote!(#name)),
        });
        if *tuple { quote!((#(#each),*)) } else { each.collect() }
    }

    fn product_along(&self, slots: &[Ident], generic: &Generic, product: Option<&Product>) -> Written {
        let halves = self.halves(slots, generic);
        let mut tangents = self.tangents_along(generic);
        let mut declared = vec![self.along_parameter()];
        declared.append(&mut tangents.declared);
        self.declare_halves(&halves, &mut declared);
        let Some(along) = product else {
            return self.hidden_along(VJP_ALONG, &declared, &quote!(()), &stub());
        };
        let func = &along.product.func;
        let mut given = self.reserved(func, &declared);
        bind(&mut given, &along.tangents, &tangents.names);
        let (values, _) = self.declare_results(&func.results, "result", &mut given);
        tangents.start.extend(values);
        self.cotangents_along(along, &halves, generic, &mut tangents, &mut given);
        let ends = self.partials_along(along, &halves, generic, &mut tangents, &mut given);
        let inner = body(func, &given, &self.runtime, &|vals| quote!((#(#vals,)*)));
        let (begin, done) = (self.begin_along(generic), self.wrapped(&quote!(())));
        let (Tangents { start, end, .. }, ends) = (tangents, ends.into_iter().flatten());
        let body = quote! {
            #begin
            #start
            let (#(#ends,)*) = { #inner };
            #end
            #done
        };
        self.hidden_along(VJP_ALONG, &declared, &quote!(()), &body)
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

    /// What the signature binds, and the names of the protocol's parameters.
    fn reserved(&self, func: &Func, declared: &[Declared]) -> Given {
        let mut given = self.given(func);
        given.others.extend(declared.iter().map(|(name, _)| name.clone()));
        given
    }
}

/// Binds the tangents of parameters to their names.
fn bind(given: &mut Given, kinds: &[Option<ParamKind>], names: &[(Ident, bool)]) {
    for (kind, (name, lent)) in kinds.iter().flatten().zip(names) {
        given.bind(kind, name, *lent);
    }
}
