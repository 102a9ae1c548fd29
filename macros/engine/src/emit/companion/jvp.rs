//! The companions of forward mode: `f_jvp(args, tangents…) -> (value, tangent)`, and `f_jvp_into(args, tangents…, &mut tangent) -> value`,
//! which does the work where arrays are returned. Of structs there is none before the function makes it: there, it moves what the
//! other one returns.

use super::{Frame, FrameParam, Written, as_long_as, stub};
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Parameters for a direction.
#[derive(Default)]
pub(super) struct Tangents {
    /// As declared.
    pub declared: Vec<TokenStream>,
    /// What the body begins with.
    pub start: TokenStream,
    /// Their names.
    pub names: Vec<Ident>,
    /// Which of them are behind a `&mut`.
    pub lent: Vec<bool>,
}

impl Frame {
    pub(super) fn jvp_function(&self, jvp: Option<&Jvp>) -> Written {
        let Tangents { declared, mut start, names: tangents, lent } = self.tangents();
        let buffers = self.tangent_buffers();
        let works_in_buffers = !buffers.is_empty() && !self.outcome.holds_structs();
        let body = match jvp {
            None => stub(),
            Some(jvp) => {
                let mut given = self.given(&jvp.func);
                let (values, names) = self.declare_results(&jvp.func.results, "result", &mut given);
                start.extend(values);
                let mut end = TokenStream::new();
                let mut results = Vec::new();
                if works_in_buffers {
                    let (begin, moved) = self.bind_buffers(&buffers, jvp, &mut given);
                    start.extend(begin);
                    end = moved;
                } else {
                    let (declared, names) = self.declare_results(&jvp.results, "result_tangent", &mut given);
                    start.extend(declared);
                    results = names;
                }
                for (kind, (name, lent)) in jvp.tangents.iter().flatten().zip(tangents.iter().zip(&lent)) {
                    given.bind(kind, name, *lent);
                }
                let inner = body(&jvp.func, &given, &self.runtime, &|vals| {
                    let value = self.result_of(&names, vals.first());
                    if works_in_buffers {
                        let value = self.wrapped(&value);
                        return quote!({ #end #value });
                    }
                    let tangent = self.result_of(&results, vals.get(1));
                    self.wrapped(&if matches!(self.outcome, Outcome::Nothing) {
                        value
                    } else {
                        quote!((#value, #tangent))
                    })
                });
                quote!(#start #inner)
            }
        };
        let wrt = self.wrt_names();
        let doc = format!(" The value of `{}` and its directional derivative along the tangents of {wrt}.", self.name);
        let own = self.names.of("jvp");
        let output = self.around(&self.jvp_result());
        if works_in_buffers {
            let mut written = self.jvp_in_buffers(self.declared(), declared.clone(), &body);
            let call = self.jvp_by_value(&buffers, &tangents);
            written.extend(self.function(&own, &[doc], &[self.plain(), declared].concat(), &output, &call, true));
            return written;
        }
        let all = [self.declared(), declared.clone()].concat();
        let must_use = !matches!(self.outcome, Outcome::Nothing);
        let mut written = self.function(&own, &[doc], &all, &output, &body, must_use);
        written.extend(self.jvp_moved(declared, &tangents));
        written
    }

    /// Buffers for the tangents of what is returned, if that is more than numbers.
    fn tangent_buffers(&self) -> Vec<(Ident, Layout)> {
        match &self.outcome {
            Outcome::Parts { members, .. } if !members.iter().all(Layout::is_number) => {
                self.result_names(members.len(), "result_tangent").into_iter().zip(members.iter().cloned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Lets the tangents of results be in the buffers: arrays at once, all others when they are there.
    fn bind_buffers(&self, buffers: &[(Ident, Layout)], jvp: &Jvp, given: &mut Given) -> (TokenStream, TokenStream) {
        let (mut start, mut end) = (TokenStream::new(), TokenStream::new());
        let float = self.float();
        let elem = (quote!(#float), self.zero());
        for (((buffer, layout), place), result) in buffers.iter().zip(&jvp.results).zip(self.outcome.places()) {
            if !layout.is_number() && !matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                start.extend(self.clear(&quote!(#buffer), &layout.dims));
                given.places.push((*place, buffer.clone(), true));
                continue;
            }
            let name = self.beside(&format!("{buffer}_here"));
            start.extend(self.declare_result(&result, &name, &elem));
            given.others.push(buffer.clone());
            given.places.push((*place, name.clone(), false));
            let number = layout.is_number().then(|| quote!([0]));
            end.extend(quote!(*#buffer = #name #number;));
        }
        (start, end)
    }

    /// The companion that overwrites buffers.
    fn jvp_in_buffers(
        &self,
        mut declared: Vec<TokenStream>,
        tangents: Vec<TokenStream>,
        body: &TokenStream,
    ) -> Written {
        declared.extend(tangents);
        for (buffer, layout) in self.tangent_buffers() {
            let ty = self.owned(&layout);
            declared.push(quote!(#buffer: &mut #ty));
        }
        let doc = format!(
            " The value of `{}`; its directional derivative along the tangents of {} overwrites the buffer.",
            self.name,
            self.wrt_names()
        );
        let output = self.around(&self.returns());
        self.function(&self.names.in_buffers("jvp"), &[doc], &declared, &output, body, false)
    }

    /// What makes both of the one that overwrites buffers.
    fn jvp_by_value(&self, buffers: &[(Ident, Layout)], tangents: &[Ident]) -> TokenStream {
        let (float, value) = (self.float(), self.beside("value"));
        let elem = (quote!(#float), self.zero());
        let names: Vec<&Ident> = buffers.iter().map(|(name, _)| name).collect();
        let declared = buffers.iter().map(|(name, layout)| self.declare_result(layout, name, &elem));
        let (callee, arguments) = (self.callee(&self.names.in_buffers("jvp")), self.arguments());
        let tuple = matches!(self.outcome, Outcome::Parts { tuple: true, .. });
        let tangent = if tuple { quote!((#(#names),*)) } else { quote!(#(#names)*) };
        let (attempt, result) = (self.attempt(), self.wrapped(&quote!((#value, #tangent))));
        quote! {
            #(#declared)*
            let #value = #callee(#(#arguments,)* #(#tangents,)* #(&mut #names),*) #attempt;
            #result
        }
    }

    /// The one that overwrites buffers, of what the other one returns.
    pub(super) fn jvp_moved(&self, declared: Vec<TokenStream>, tangents: &[Ident]) -> Written {
        let buffers = self.tangent_buffers();
        if buffers.is_empty() {
            return Written::default();
        }
        let (callee, arguments) = (self.callee(&self.names.of("jvp")), self.arguments());
        let [value, tangent] = ["value", "tangent"].map(|name| self.beside(name));
        let moved = buffers.iter().enumerate().map(|(k, (buffer, _))| {
            let k = Literal::usize_unsuffixed(k);
            let member = matches!(self.outcome, Outcome::Parts { tuple: true, .. }).then(|| quote!(.#k));
            quote!(*#buffer = #tangent #member;)
        });
        let (attempt, result) = (self.attempt(), self.wrapped(&quote!(#value)));
        let body = quote! {
            let (#value, #tangent) = #callee(#(#arguments,)* #(#tangents),*) #attempt;
            #(#moved)*
            #result
        };
        self.jvp_in_buffers(self.plain(), declared, &body)
    }

    /// The value and its tangent; nothing of a function that returns nothing.
    pub(super) fn jvp_result(&self) -> TokenStream {
        let value = self.returns();
        if matches!(self.outcome, Outcome::Nothing) { value } else { quote!((#value, #value)) }
    }

    /// One for each parameter that has a tangent.
    fn tangents(&self) -> Tangents {
        self.directions(self.params.iter().filter_map(|p| p.tangent().map(|layout| (p, layout))), "tangent")
    }

    /// One for each parameter that is in `wrt`.
    pub(super) fn vectors(&self) -> Tangents {
        self.vectors_named("vector")
    }

    /// The same, under names that end with a word.
    pub(super) fn vectors_named(&self, suffix: &str) -> Tangents {
        self.directions(self.wrt(), suffix)
    }

    fn directions<'f>(&self, params: impl Iterator<Item = (&'f FrameParam, &'f Layout)>, suffix: &str) -> Tangents {
        let mut tangents = Tangents::default();
        for (p, layout) in params {
            let tangent = self.beside(&format!("{}_{suffix}", p.name));
            let (name, ty) = (&p.name, &p.ty);
            let buffer = self.buffer(layout);
            tangents.declared.push(if p.buffer { quote!(#tangent: &mut #buffer) } else { quote!(#tangent: #ty) });
            if matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                tangents.start.extend(as_long_as(name, &tangent));
            }
            if layout.record.is_some() && !matches!(layout.dims.first(), Some(Dim::Dynamic)) {
                let of = self.differentiable(layout);
                let text = format!("the vectors in `{tangent}` need the lengths of those in `{name}`");
                let (one, other) = (p.shared(), p.shared_as(&tangent));
                let same = quote!(#of::has_shape_of(#one, #other));
                tangents.start.extend(quote!(::core::assert!(#same, #text);));
            }
            tangents.names.push(tangent);
            tangents.lent.push(p.buffer);
        }
        tangents
    }
}
