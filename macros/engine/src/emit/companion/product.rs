//! The product of a cotangent with the Jacobian, as other differentiated functions get it: for a function that writes to
//! buffers or returns more than a number, whose derivatives cannot be had with its value.
//!
//! After the arguments come the cotangent of the number, if the function returns one, and the slots: a partial derivative
//! overwrites its slot, while a buffer's slot comes with the cotangents of what the function leaves in the buffer and goes
//! with those of what it found there.

use super::protocol::VJP;
use super::{Frame, Written, stub};
use crate::emit::body;
use crate::lower::signature::Outcome;
use crate::reverse::Gradient;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn product_protocol(&self, slots: &[Ident], vjp: Option<&Gradient>) -> Written {
        let runtime = &self.runtime;
        let float = self.float();
        let number = matches!(self.outcome, Outcome::Scalar);
        let cotangent = self.beside("cotangent");
        let cotangents = self.cotangent_names();
        let mut declared: Vec<(Ident, TokenStream)> = Vec::new();
        if matches!(self.outcome, Outcome::Scalar | Outcome::Nothing) {
            declared.push((cotangent.clone(), quote!(impl #runtime::__private::Tangent<#float>)));
        }
        for (name, ty) in cotangents.iter().zip(self.cotangent_types()) {
            declared.push((name.clone(), quote!(&mut #ty)));
        }
        for (p, slot) in self.params.iter().zip(slots) {
            let ty = match p.layout.as_ref().filter(|_| p.buffer) {
                Some(layout) => {
                    let ty = self.buffer(layout);
                    quote!(impl #runtime::__private::InOut<#ty>)
                }
                None => self.slot(p),
            };
            declared.push((slot.clone(), ty));
        }
        let body = vjp.map_or_else(stub, |vjp| self.product_body(slots, vjp, (number, &cotangent), &cotangents));
        let names: Vec<Ident> = declared.iter().map(|(name, _)| name.clone()).collect();
        let types = declared.into_iter().map(|(_, ty)| ty);
        self.hidden(VJP, names.iter().zip(types), &quote!(()), &body)
    }

    fn product_body(
        &self,
        slots: &[Ident],
        vjp: &Gradient,
        (number, cotangent): (bool, &Ident),
        cotangents: &[Ident],
    ) -> TokenStream {
        let runtime = &self.runtime;
        let float = self.float();
        let mut given = self.given(&vjp.func);
        given.others.extend(slots.iter().cloned());
        let (mut start, _) = self.declare_results(&vjp.func.results, "result", &mut given);
        if number {
            let (zero, place) = (self.zero(), self.beside("zero"));
            start.extend(quote! {
                let #place: #float = #zero;
                let #cotangent: #float = *#runtime::__private::Tangent::or_zero(&#cotangent, &#place);
            });
        }
        given.others.push(cotangent.clone());
        if let Some(val) = vjp.cotangent {
            given.vals.push((val, cotangent.clone()));
        }
        given.places.extend(vjp.cotangents.iter().zip(cotangents).map(|(place, name)| (*place, name.clone(), true)));
        let mut puts = TokenStream::new();
        let mut scalars = Vec::new();
        for ((param, slot), buffer) in self.params.iter().zip(slots).zip(&vjp.buffers) {
            let partial = self.beside(&format!("d{}", param.name));
            let Some(layout) = &param.layout else { continue };
            match (buffer, &param.wrt) {
                (Some(buffer), _) if param.buffer => {
                    let (zeros, ty) = (self.zeros(param, layout), self.buffer(layout));
                    let place = self.beside(&format!("zero_{}", param.name));
                    start.extend(quote! {
                        let mut #slot = #slot;
                        let mut #place = #zeros;
                        let #partial: &mut #ty = #runtime::__private::InOut::get(&mut #slot, &mut #place);
                    });
                    given.places.push((*buffer, partial, true));
                }
                (Some(buffer), Some(_)) => {
                    let (zeros, ty) = (self.zeros(param, layout), self.owned(layout));
                    start.extend(quote!(let mut #partial: #ty = #zeros;));
                    given.places.push((*buffer, partial.clone(), false));
                    puts.extend(self.put(param, slot, &quote!(#partial)));
                }
                (_, Some(_)) => {
                    puts.extend(self.put(param, slot, &quote!(#partial)));
                    given.others.push(partial.clone());
                    scalars.push(partial);
                }
                _ => {}
            }
        }
        let inner = body(&vjp.func, &given, runtime, &|vals| quote!((#(#vals,)*)));
        let done = self.wrapped(&quote!(()));
        let changing = self.changing();
        quote! {
            #changing
            #start
            let (#(#scalars,)*) = { #inner };
            #puts
            #done
        }
    }
}
