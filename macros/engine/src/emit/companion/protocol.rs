//! The hidden protocol by which differentiated functions call each other. Its functions take one slot a parameter,
//! `NoGradient` in the type for one that is not in `wrt`: a caller that wants that derivative has a type error and never a
//! wrong number.
//!
//! | function | protocol |
//! |---|---|
//! | `path::f` | `path::f::__symgrad_v1_gradient`: an empty enum with the function's own name, in the type namespace, so that one `use` imports both |
//! | `f::f`, of a module that is `f`, too | `f::__symgrad_v1_gradient`: a function of the module, which is what the name means in the type namespace |
//! | `Type::f`, `x.f()` | `Type::__symgrad_v1_gradient_of_f`, `x.__symgrad_v1_gradient_of_f()`: an `impl` has no types |
//!
//! `x.f()` may be a method of the type of `x`, while the protocol of another `f` is found behind a `Deref`. So it is called
//! as `x.__symgrad_v1_derivatives_of_f().0.__symgrad_v1_gradient_of_f()`: the first gives the receiver itself, and the type
//! that the companions belong to, which is compared with that of `x`. A method of a trait is compared with what has its name.
//!
//! A receiver has a slot like any other parameter, so that `x.f(y)` and `Type::f(x, y)` are the same call.

use super::directions::with_parameters;
use super::{Derivatives, Frame, FrameParam, Home, Written, allows, stub};
use crate::analysis::once::Repeated;
use crate::emit::lanes::passes;
use crate::forward::{Jvp, may_be_infinite};
use crate::ir::{Base, Callee, Dim, Layout};
use crate::lower::signature::Outcome;
use crate::options::Callers;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};

/// The protocol's version and what of a function it gives.
pub(in crate::emit) const GRADIENT: &str = "__symgrad_v1_gradient";
pub(in crate::emit) const JVP: &str = "__symgrad_v1_jvp";
pub(in crate::emit) const RECEIVER: &str = "__symgrad_v1_derivatives";
pub(in crate::emit) const VJP: &str = "__symgrad_v1_vjp";

/// What a function is asked that is called for its gradient once for every few columns of a matrix: whether it may run again. One
/// that says nothing of it may, by a trait for every type.
pub(in crate::emit) const PASSES: &str = "__symgrad_v1_passes";
pub(in crate::emit) use super::along::{HVP, JVP_ALONG, VJP_ALONG};
pub(in crate::emit) use super::tangents::SERIES;

/// The name of a method's or associated function's protocol.
pub(in crate::emit) fn name_of(kind: &str, function: &Ident, span: Span) -> Ident {
    format_ident!("{}_of_{}", kind, function, span = span)
}

/// Asks a function, in code that is compiled and not run.
pub(in crate::emit) fn asked(callee: &Callee, passes: &TokenStream, runtime: &TokenStream, at: Span) -> TokenStream {
    let (own, mut name) = (Ident::new(PASSES, at), callee.name.clone());
    name.set_span(at);
    let path = match &callee.base {
        Base::Module(path) => quote_spanned!(at=> #path #name),
        Base::Namesake(module) => module.clone(),
        Base::Type(_) | Base::Receiver => return TokenStream::new(),
    };
    quote_spanned!(at=> if false { use #runtime::__private::MayRunAgain as _; #path::#own::<#passes>(); })
}

impl Frame {
    /// The protocol of the function, and those of its companions.
    pub(super) fn protocols(&self, derivatives: Option<&Derivatives>) -> Written {
        if self.callers == Callers::Nobody {
            return Written::default();
        }
        let mut written = self.protocol(derivatives);
        written.extend(self.nested_protocols(derivatives));
        written
    }

    fn protocol(&self, derivatives: Option<&Derivatives>) -> Written {
        let (slots, product) = (self.slots(), self.has_product());
        let mut written =
            if self.gradient && !product { self.gradient_protocol(&slots) } else { self.missing(GRADIENT, &slots) };
        if let Some(rule) = self.rules.reverse.as_ref().filter(|_| product) {
            written.extend(self.product_of_rule(&slots, rule));
        } else if self.product {
            written.extend(self.product_protocol(&slots, derivatives.and_then(|d| d.product.as_ref())));
        } else if product {
            written.extend(self.missing(VJP, &slots));
        }
        let jvp = derivatives.and_then(|d| d.jvp.as_ref());
        written.extend(if self.jvp { self.jvp_protocol(&slots, jvp) } else { self.missing(JVP, &slots) });
        written.extend(self.along_protocol(&slots, derivatives));
        written.definitions.extend(self.answer(derivatives));
        self.enclosed_with_others(written, self.emits_jacobian(derivatives))
    }

    /// What the user's own tokens change is declared anew: the protocol's parameters are not `mut`.
    pub(super) fn changing(&self) -> TokenStream {
        let changed = self.params.iter().filter(|p| p.mutable && p.receiver.is_none()).map(|p| &p.name);
        quote!(#(let mut #changed = #changed;)*)
    }

    /// Whether it may run again, if that is not what every function says.
    pub(super) fn answer(&self, derivatives: Option<&Derivatives>) -> TokenStream {
        let Some(Repeated { once, calls }) = derivatives.map(|derivatives| &derivatives.repeated) else {
            return TokenStream::new();
        };
        // A module has no traits that say it.
        let says = *once || !calls.is_empty() || self.callers == Callers::Namesake;
        if self.witness.is_none() || !says {
            return TokenStream::new();
        }
        let (runtime, passes) = (&self.runtime, passes().to_token_stream());
        let own = Ident::new(PASSES, Span::call_site());
        let once = once.then(|| quote!(let () = #runtime::__private::Along::<(), #passes>::ONCE;));
        // Where the call is: what is wrong with the callee is said there once.
        let at = |callee: &Callee| Span::call_site().located_at(callee.name.span());
        let asked = calls.iter().map(|callee| asked(callee, &passes, runtime, at(callee)));
        let seen = self.seen();
        quote! {
            #[inline]
            #seen fn #own<#passes: #runtime::__private::Passes>() { #once #(#asked)* }
        }
    }

    /// The functions of a protocol, where they are found, and further types beside it.
    pub(super) fn enclosed(&self, mut written: Written, others: &[Ident]) -> Written {
        let Frame { name, visibility, attributes, runtime, .. } = self;
        if let Some(receiver) = self.params.iter().find(|p| p.receiver.is_some()) {
            written.extend(self.receiver(receiver));
        }
        let Some(witness) = &self.witness else { return written };
        let namesake = self.callers == Callers::Namesake;
        // A type that is private is not what `pub use` means by its name.
        let visibility =
            visibility.clone().into_iter().filter(|_| self.callers == Callers::All).collect::<TokenStream>();
        let named = others.iter().chain((!namesake).then_some(name));
        let types: TokenStream = named.map(|name| quote!([#attributes] #visibility #name)).collect();
        // All of them at once: where there can be none, that is one error.
        let types =
            (!types.is_empty()).then(|| quote!(#runtime::__the_attribute_must_go_on_the_impl_block! { enum #types }));
        let (functions, itself) = (written.definitions, self.itself(witness));
        let hidden = self.behind_the_scenes();
        written.definitions = if namesake {
            quote! {
                #types
                #runtime::__the_attribute_must_go_on_the_impl_block! { use #name [#attributes] }
                #itself
                #functions
            }
        } else {
            quote! {
                #types
                #hidden
                impl #name { #itself #functions }
            }
        };
        written
    }

    /// What stands before `fn`, of what other functions find.
    pub(super) fn seen(&self) -> TokenStream {
        if self.callers != Callers::Namesake {
            return quote!(pub);
        }
        let (visibility, hidden) = (&self.visibility, self.kept_hidden());
        quote!(#hidden #visibility)
    }

    /// What stands on each function of the protocol, if they are functions of a module.
    pub(super) fn kept_hidden(&self) -> TokenStream {
        if self.callers == Callers::Namesake { self.behind_the_scenes() } else { TokenStream::new() }
    }

    pub(super) fn behind_the_scenes(&self) -> TokenStream {
        let attributes = &self.attributes;
        quote! {
            #attributes
            #[doc(hidden)]
            #[allow(dead_code, unreachable_code, unused_variables, unused_parens, clippy::all, clippy::pedantic, clippy::nursery)]
        }
    }

    fn gradient_protocol(&self, slots: &[Ident]) -> Written {
        let types = self.params.iter().map(|p| self.slot(p));
        let callee = self.callee(&self.names.of("value_and_gradient"));
        let arguments = self.arguments();
        let (value, gradient) = (self.beside("value"), self.beside("gradient"));
        let count = self.wrt().count();
        let in_wrt = self.params.iter().zip(slots).filter(|(p, _)| p.wrt.is_some());
        let puts = in_wrt.enumerate().map(|(k, (p, slot))| {
            let k = Literal::usize_unsuffixed(k);
            let part = match (count, self.has_arrays()) {
                (1, _) => quote!(#gradient),
                (_, false) => quote!(#gradient[#k]),
                _ => quote!(#gradient.#k),
            };
            self.put(p, slot, &part)
        });
        let float = self.returns();
        let (attempt, wrapped) = (self.attempt(), self.wrapped(&quote!(#value)));
        let body = quote! {
            let (#value, #gradient) = #callee(#(#arguments),*) #attempt;
            #(#puts)*
            #wrapped
        };
        self.hidden(GRADIENT, slots.iter().zip(types), &quote!(#float), &body)
    }

    /// The type of a parameter's slot.
    pub(super) fn slot(&self, p: &FrameParam) -> TokenStream {
        let runtime = &self.runtime;
        let Some(layout) = &p.wrt else { return quote!(impl #runtime::__private::NotInWrt) };
        let ty = self.buffer(layout);
        if layout.is_struct() {
            return quote!(impl #runtime::__private::StructSlot<#ty>);
        }
        quote!(impl #runtime::__private::Slot<#ty>)
    }

    /// Puts partial derivatives in a parameter's slot.
    pub(super) fn put(&self, p: &FrameParam, slot: &Ident, partials: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        match &p.wrt {
            Some(layout) if layout.is_struct() => quote!(#runtime::__private::StructSlot::set(#slot, #partials);),
            _ => quote!(#runtime::__private::Slot::put(#slot, &#partials);),
        }
    }

    fn jvp_protocol(&self, slots: &[Ident], jvp: Option<&Jvp>) -> Written {
        let runtime = &self.runtime;
        let types = self.params.iter().map(|p| match p.tangent() {
            Some(layout) if p.buffer => {
                let ty = self.buffer(layout);
                quote!(impl #runtime::__private::InOut<#ty>)
            }
            Some(layout) => {
                let ty = self.buffer(layout);
                quote!(impl #runtime::__private::Tangent<#ty>)
            }
            None => quote!(impl #runtime::__private::NotInWrt),
        });
        let callee = self.callee(&self.names.of("jvp"));
        let arguments = self.arguments();
        let wanted =
            || self.params.iter().zip(slots).filter_map(|(p, slot)| p.tangent().map(|layout| (p, slot, layout)));
        let zeros = wanted().map(|(p, slot, layout)| {
            let (zeros, ty) = (self.zeros(p, layout), self.buffer(layout));
            let zero = self.beside(&format!("zero_{}", p.name));
            if p.buffer {
                let lent = self.beside(&format!("lent_{}", p.name));
                return quote! {
                    let mut #lent = #slot;
                    let mut #zero = #zeros;
                    let #slot: &mut #ty = #runtime::__private::InOut::get(&mut #lent, &mut #zero);
                };
            }
            quote! {
                let #zero = #zeros;
                let #slot: &#ty = #runtime::__private::Tangent::or_zero(&#slot, &#zero);
            }
        });
        let tangents = wanted().map(|(p, slot, layout)| match (p.by_reference, p.vec) {
            _ if p.buffer => quote!(#slot),
            (by_reference, vec) if layout.record.is_some() => {
                let dynamic = matches!(layout.dims.first(), Some(Dim::Dynamic));
                match (by_reference, dynamic) {
                    (true, true) if vec => {
                        quote!(&#runtime::__private::each(#slot, #runtime::Differentiable::duplicate))
                    }
                    (true, _) => self.given_as(layout, true, &quote!(#slot)),
                    (false, true) => quote!(#runtime::__private::each(#slot, #runtime::Differentiable::duplicate)),
                    (false, false) => self.given_as(layout, false, &quote!(#slot)),
                }
            }
            (true, false) => quote!(#slot),
            (true, true) => quote!(&#slot.to_vec()),
            (false, true) => quote!(#slot.to_vec()),
            (false, false) if Dim::all_fixed(&layout.dims) => quote!(*#slot),
            (false, false) => quote!(#slot.clone()),
        });
        let result = self.jvp_result();
        let along = quote!(#callee(#(#arguments,)* #(#tangents),*));
        let apart = jvp.filter(|jvp| self.knows_each_number() && may_be_infinite(&jvp.func));
        let (moves, called) = match apart {
            Some(_) => self.along_what_moves(slots, &along),
            None => (TokenStream::new(), along),
        };
        self.hidden(JVP, slots.iter().zip(types), &result, &quote!(#moves #(#zeros)* #called))
    }

    /// Whether it takes nothing but numbers that are differentiated, more than one, and has the partial derivative by each.
    fn knows_each_number(&self) -> bool {
        let number =
            |p: &FrameParam| p.wrt.as_ref().is_some_and(Layout::is_number) && p.receiver.is_none() && !p.buffer;
        let plain = matches!(self.outcome, Outcome::Scalar) && self.returned.is_none() && !self.mixed;
        self.gradient && !self.has_product() && plain && self.params.len() > 1 && self.params.iter().all(number)
    }

    /// The directional derivative, where an argument may be constant for the caller: a slope that is infinite there is left out, as it
    /// would not be by a tangent that is zero.
    fn along_what_moves(&self, slots: &[Ident], along: &TokenStream) -> (TokenStream, TokenStream) {
        let (runtime, float, zero) = (&self.runtime, self.float(), self.zero());
        let [value, gradient, tangent] = ["value", "gradient", "tangent"].map(|name| self.beside(name));
        let names: Vec<Ident> = self.params.iter().map(|p| self.beside(&format!("moves_{}", p.name))).collect();
        let asked = quote!(#(let #names = #runtime::__private::Tangent::<#float>::moves(&#slots);)*);
        let terms = names.iter().zip(slots).enumerate().map(|(k, (moves, slot))| {
            let k = Literal::usize_unsuffixed(k);
            quote!(if #moves { #tangent = #tangent + #gradient[#k] * *#slot; })
        });
        let (callee, arguments) = (self.callee(&self.names.of("value_and_gradient")), self.arguments());
        let (attempt, wrapped) = (self.attempt(), self.wrapped(&quote!((#value, #tangent))));
        let called = quote! {
            if #(#names)&&* {
                #along
            } else {
                let (#value, #gradient) = #callee(#(#arguments),*) #attempt;
                let mut #tangent: #float = #zero;
                #(#terms)*
                #wrapped
            }
        };
        (asked, called)
    }

    /// The receiver, of the type that the companions belong to.
    fn receiver(&self, receiver: &FrameParam) -> Written {
        let Frame { name, visibility, attributes, .. } = self;
        let (declared, value, output) = (receiver.declared(), &receiver.name, without_lifetimes(receiver.ty.clone()));
        let declared = without_lifetimes(declared);
        let function = name_of(RECEIVER, name, Span::call_site());
        let runtime = &self.runtime;
        let value = quote!(#runtime::__private::Companions::new(#value));
        // A trait does not know that of its types.
        let by_value = self.home == Home::Trait && !receiver.by_reference;
        let sized = by_value.then(|| quote!(where Self: Sized));
        let head = quote!(fn #function(#declared) -> #runtime::__private::Companions<#output, Self> #sized);
        let hidden = quote!(#[doc(hidden)] #[allow(dead_code, clippy::all, clippy::pedantic, clippy::nursery)]);
        match self.home {
            Home::Trait => Written {
                definitions: quote!(#attributes #[inline] #head { #value }),
                declarations: quote!(#attributes #hidden #head;),
                ..Written::default()
            },
            _ => Written {
                definitions: quote!(#attributes #hidden #[inline] #visibility #head { #value }),
                ..Written::default()
            },
        }
    }

    /// The protocol's function of a kind that was not asked for: it takes slots that do not exist.
    pub(super) fn missing(&self, kind: &str, slots: &[Ident]) -> Written {
        let (runtime, own) = (&self.runtime, self.float());
        let number = matches!(self.outcome, Outcome::Scalar | Outcome::Unsupported);
        let float = if number { self.returns() } else { quote!(#own) };
        let (wanted, output) = match kind {
            GRADIENT if number && self.changes_buffers() => (quote!(IsStatement), quote!(#float)),
            GRADIENT if number => (quote!(HasGradient), quote!(#float)),
            GRADIENT => (quote!(ReturnsNumber), quote!(#float)),
            VJP => (quote!(HasGradient), quote!(())),
            _ => (quote!(HasJvp), self.jvp_result()),
        };
        let types = slots.iter().map(|_| quote!(impl #runtime::__private::#wanted));
        self.hidden(kind, slots.iter().zip(types), &output, &stub())
    }

    /// A function of the protocol.
    pub(super) fn hidden<'s>(
        &self,
        kind: &str,
        slots: impl Iterator<Item = (&'s Ident, TokenStream)>,
        output: &TokenStream,
        body: &TokenStream,
    ) -> Written {
        self.hidden_with(kind, slots, None, output, body)
    }

    /// The same with further type parameters.
    pub(super) fn hidden_with<'s>(
        &self,
        kind: &str,
        slots: impl Iterator<Item = (&'s Ident, TokenStream)>,
        more: Option<&TokenStream>,
        output: &TokenStream,
        body: &TokenStream,
    ) -> Written {
        let Frame { name, visibility, attributes, bounds, runtime, identity, .. } = self;
        let generics = &with_parameters(&self.generics, more);
        let output = self.around(output);
        let body = if kind == GRADIENT && self.width.is_generic() {
            // A bound's name says that it is a float; rustc says whether it is.
            let float = self.float();
            let name = Ident::new(if self.core { "is_float_core" } else { "is_float" }, float.span());
            let checked = quote_spanned!(float.span()=> #runtime::__private::#name::<#float>(););
            quote!(#checked #body)
        } else {
            body.clone()
        };
        let slots = slots.map(|(slot, ty)| quote!(#slot: #ty));
        if let Some(witness) = &self.witness {
            let function = self.witnessed(kind, witness, slots, more, (&output, &body));
            return Written { definitions: function, ..Written::default() };
        }
        let mut params = self.plain();
        params.extend(slots);
        let function = name_of(kind, name, Span::call_site());
        let hidden = quote!(#[doc(hidden)]);
        let (in_trait, in_impl) =
            if self.home == Home::Trait { (hidden, None) } else { (hidden.clone(), Some(hidden)) };
        let allows = match more {
            Some(_) => allows(),
            None => quote!(#[allow(dead_code, unused_variables, clippy::all, clippy::pedantic, clippy::nursery)]),
        };
        let attributes = quote! {
            #attributes
            #in_impl
            #[inline]
            #allows
        };
        let method = quote!(fn #function #generics (#(#params),*) -> #output #bounds { #identity #body });
        let definitions = if self.home == Home::Method && visibility.is_empty() && kind == GRADIENT {
            quote!(#runtime::__the_attribute_must_go_on_the_impl_block! { fn [#attributes] #method })
        } else {
            quote!(#attributes #visibility #method)
        };
        let declarations = self.declaration(&in_trait, &function, generics, &params, &output);
        Written { definitions, declarations, ..Written::default() }
    }
}

/// `&Self` for `&'a Self`.
fn without_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut result = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(p) if p.as_char() == '\'' => {
                tokens.next();
            }
            token => result.extend([token]),
        }
    }
    result
}
