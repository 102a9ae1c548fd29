//! What the hidden protocol's tangents have in common, and the tangents of what a function returns: in the directions of a caller
//! (`along::JVP_ALONG`), or along a curve (`SERIES`), where they are the coefficients of power series, as many as the caller has. The
//! latter is there, if the attribute says `derivatives`.

use super::directions::Generic;
use super::{Frame, Written, stub};
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::ir::{Func, Layout, ParamKind};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};

pub(in crate::emit) const SERIES: &str = "__symgrad_v1_series_add_derivatives_to_its_attribute";

/// A parameter of the protocol's.
pub(super) type Declared = (Ident, TokenStream);

/// Tangents that come with a call.
#[derive(Default)]
pub(super) struct Tangents {
    /// As declared.
    pub declared: Vec<Declared>,
    /// What makes of them what the body reads: references, zeros where there is none.
    pub start: TokenStream,
    /// What writes buffers back.
    pub end: TokenStream,
    /// The names of those of parameters, and which of them are behind a `&mut`.
    pub names: Vec<(Ident, bool)>,
}

impl Frame {
    /// The tangents of the arguments. What is new here has names that differ by how they begin, whatever the parameters are called.
    pub(super) fn tangents_along(&self, generic: &Generic) -> Tangents {
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
    pub(super) fn lent_along(
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

    /// A function's body: what comes before the derivative, the names of what that yields, itself, what comes after it, and what is
    /// returned.
    pub(super) fn closed(&self, generic: &Generic, parts: [&TokenStream; 5]) -> TokenStream {
        let (asked, changing, [start, yielded, derivative, end, result]) = (&generic.asked, self.changing(), parts);
        let result = self.wrapped(result);
        quote! {
            #asked
            #changing
            #start
            let #yielded = { #derivative };
            #end
            #result
        }
    }

    pub(super) fn along_parameter(&self, generic: &Generic) -> Declared {
        (self.beside("along"), generic.along.clone())
    }

    /// The function's result, or what it writes to buffers, and the tangents of it.
    pub(super) fn tangents_of_results(&self, kind: &str, generic: &Generic, jvp: Option<&Jvp>) -> Written {
        let Tangents { declared: tangents, mut start, end, names } = self.tangents_along(generic);
        let mut declared = vec![self.along_parameter(generic)];
        declared.extend(tangents);
        let nothing = matches!(self.outcome, Outcome::Nothing);
        let (value, tangent) = (self.returns(), self.returns_of(&generic.given.0));
        let output = if nothing { value } else { quote!((#value, #tangent)) };
        let Some(jvp) = jvp else { return self.hidden_along(kind, generic, &declared, &output, &stub()) };
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
        let result = self.beside("result").to_token_stream();
        let body = self.closed(generic, [&start, &result, &inner, &end, &result]);
        self.hidden_along(kind, generic, &declared, &output, &body)
    }

    /// The tangent of the function's result, for the caller.
    pub(super) fn tangent_result(
        &self,
        generic: &Generic,
        names: &[Ident],
        number: Option<&TokenStream>,
    ) -> TokenStream {
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

    /// What the signature binds, and the names of the protocol's parameters.
    pub(super) fn reserved(&self, func: &Func, declared: &[Declared]) -> Given {
        let mut given = self.given(func);
        given.others.extend(declared.iter().map(|(name, _)| name.clone()));
        given
    }
}

/// Binds the tangents of parameters to their names.
pub(super) fn bind(given: &mut Given, kinds: &[Option<ParamKind>], names: &[(Ident, bool)]) {
    for (kind, (name, lent)) in kinds.iter().flatten().zip(names) {
        given.bind(kind, name, *lent);
    }
}
