//! Calls of other differentiated functions, through the protocol.

use super::companion::protocol;
use super::expression::Level;
use super::{Emitter, Line};
use crate::ir::{Arg, Base, Call, Callee, Companion, Op, Part, Passing, Slot, Storage, Tangent, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

impl Emitter<'_> {
    pub(super) fn call(&mut self, op: &Op, call: &Call, lines: &mut Vec<Line>) {
        let mut receiver = TokenStream::new();
        let mut args = Vec::new();
        for (k, arg) in call.args.iter().enumerate() {
            match (arg, &call.companion) {
                (Arg::Receiver(code), _) => receiver = self.code(code, lines),
                (Arg::Part(part, Passing::Mutable), _) if k == 0 && matches!(call.callee.base, Base::Receiver) => {
                    receiver = self.part(part);
                }
                (Arg::Part(part, _), _) if k == 0 && matches!(call.callee.base, Base::Receiver) => {
                    // A method may change a variable that it is called on; behind a shared reference it cannot.
                    let tokens = self.part(part);
                    let given = self.func.place_info(part.place).storage == Storage::Param;
                    receiver = if given { tokens } else { quote!((&#tokens)) };
                }
                (Arg::Inactive(val), Companion::Vjp(..)) if self.func.info(*val).ty == Ty::Other => {
                    let (runtime, tokens) = (&self.runtime, self.expr(*val).at(Level::Unary));
                    let at = Span::call_site().located_at(self.func.info(*val).span);
                    // A reference to an array becomes one to a slice where its own type is known already.
                    args.push(if begins_with_borrow(&tokens) {
                        let given = Ident::new("given", Span::mixed_site());
                        let check = quote_spanned!(at=> #runtime::__private::again(&#given));
                        quote!({ let #given = #tokens; let _ = #check; #given })
                    } else {
                        quote_spanned!(at=> #runtime::__private::again(&#tokens))
                    });
                }
                (arg, _) => args.push(self.arg(arg)),
            }
        }
        let (callee, unwrap) = (&call.callee, &call.unwrap);
        let runtime = self.runtime.clone();
        // What is wrong with the callee is wrong with this call.
        let at = Span::call_site().located_at(callee.name.span());
        if !matches!(call.companion, Companion::Value) {
            lines.extend(same_receiver(callee, &receiver, &runtime, at));
        }
        match &call.companion {
            Companion::Value if op.results.is_empty() => {
                let callee = function(callee, &receiver);
                lines.push(Line::Other(quote!(#callee(#(#args),*) #unwrap;)));
            }
            Companion::Value => {
                let name = self.declare(op.results[0]);
                let callee = function(callee, &receiver);
                lines.push(Line::Other(quote!(let #name = #callee(#(#args),*) #unwrap;)));
            }
            Companion::Gradient(slots) => {
                args.splice(0..0, witness(callee));
                let rest = self.slots(slots, &op.results[1..], lines, at);
                let name = self.declare(op.results[0]);
                let callee = companion(callee, &receiver, protocol::GRADIENT, at);
                lines.push(Line::Other(quote!(let #name = #callee(#(#args,)* #(#rest),*) #unwrap;)));
            }
            Companion::Vjp(cotangent, cotangents, slots) => {
                args.splice(0..0, witness(callee));
                let mut given: Vec<TokenStream> = cotangents.iter().map(|part| self.lent(part, at)).collect();
                match cotangent {
                    Some(val) => given.push(located(self.expr(*val).tokens, at)),
                    None if cotangents.is_empty() => {
                        given.push(quote_spanned!(at=> #runtime::__private::NoTangent));
                    }
                    None => {}
                }
                let rest = self.slots(slots, &op.results, lines, at);
                let callee = companion(callee, &receiver, protocol::VJP, at);
                lines.push(Line::Other(quote!(#callee(#(#args,)* #(#given,)* #(#rest),*) #unwrap;)));
            }
            Companion::Jvp(tangents) => {
                args.splice(0..0, witness(callee));
                let rest: Vec<TokenStream> = tangents
                    .iter()
                    .zip(&call.args)
                    .map(|(tangent, arg)| match tangent {
                        Tangent::Part(part) if matches!(arg, Arg::Part(_, Passing::Mutable)) => self.lent(part, at),
                        Tangent::None => quote_spanned!(at=> #runtime::__private::NoTangent),
                        Tangent::Scalar(val) => located(self.expr(*val).tokens, at),
                        Tangent::Part(part) => {
                            let tokens = located(self.part(part), at);
                            let info = self.func.place_info(part.place);
                            // A parameter that is a reference is passed on as one.
                            let reference = info.storage == Storage::Param && !info.by_value && part.is_whole();
                            if reference { tokens } else { quote_spanned!(at=> &#tokens) }
                        }
                    })
                    .collect();
                if op.results.is_empty() {
                    let callee = companion(callee, &receiver, protocol::JVP, at);
                    return lines.push(Line::Other(quote!(let _ = #callee(#(#args,)* #(#rest),*) #unwrap;)));
                }
                let name = self.declare(op.results[0]);
                let tangent = match op.results.get(1) {
                    Some(&val) => self.declare(val),
                    None => quote!(_),
                };
                let callee = companion(callee, &receiver, protocol::JVP, at);
                lines.push(Line::Other(quote!(let (#name, #tangent) = #callee(#(#args,)* #(#rest),*) #unwrap;)));
            }
        }
    }

    /// Where the callee puts its partial derivatives.
    fn slots(&mut self, slots: &[Slot], results: &[Val], lines: &mut Vec<Line>, at: Span) -> Vec<TokenStream> {
        let (runtime, float, zero) = (self.runtime.clone(), self.float(), self.zero());
        let mut results = results.iter();
        let one = |slot: &Slot| match slot {
            Slot::InOut(part) => self.lent(part, at),
            Slot::Buffer(place) => {
                let name = self.place(*place);
                slot_of(&quote!(#name), at)
            }
            Slot::Scalar => match results.next() {
                Some(&val) => {
                    let name = self.declare(val);
                    lines.push(Line::Other(quote!(let mut #name: #float = #zero;)));
                    slot_of(&name, at)
                }
                None => quote_spanned!(at=> #runtime::__private::NoGradient),
            },
            Slot::None => quote_spanned!(at=> #runtime::__private::NoGradient),
        };
        slots.iter().map(one).collect()
    }

    /// `&mut part`
    fn borrowed(&self, part: &Part, tokens: &TokenStream) -> TokenStream {
        // A name that is a `&mut` already is lent on.
        if part.is_whole() && self.outputs.contains(&part.place) { quote!(&mut *#tokens) } else { quote!(&mut #tokens) }
    }

    /// The same for what the protocol takes.
    fn lent(&mut self, part: &Part, at: Span) -> TokenStream {
        let tokens = self.part(part);
        located(self.borrowed(part, &tokens), at)
    }

    fn arg(&mut self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Receiver(_) => TokenStream::new(),
            Arg::Float(val) | Arg::Inactive(val) => self.expr(*val).tokens,
            Arg::Part(part, passing) => {
                let tokens = self.part(part);
                let given = self.func.place_info(part.place).storage == Storage::Param;
                let by_value = self.func.place_info(part.place).by_value;
                match passing {
                    Passing::Reference if part.is_whole() && given && !self.func.place_info(part.place).by_value => {
                        tokens
                    }
                    Passing::Reference => quote!(&#tokens),
                    Passing::Mutable => self.borrowed(part, &tokens),
                    // It is not moved: the derivative may need it.
                    Passing::Plain if self.func.holds_structs(part) && (!given || by_value || !part.is_whole()) => {
                        self.copied(part)
                    }
                    Passing::Plain if !given && !self.func.fixed(part) => quote!(#tokens.clone()),
                    Passing::Plain => tokens,
                }
            }
        }
    }
}

/// The function itself, in front of its arguments.
fn function(callee: &Callee, receiver: &TokenStream) -> TokenStream {
    let Callee { base, name, generics } = callee;
    match base {
        Base::Module(path) | Base::Type(path) => quote!(#path #name #generics),
        Base::Receiver => quote!(#receiver.#name #generics),
    }
}

/// A function of its hidden protocol: `path::to::f::<3>` has `path::to::f::kind::<3>`.
fn companion(callee: &Callee, receiver: &TokenStream, kind: &str, at: Span) -> TokenStream {
    let Callee { base, name, generics } = callee;
    let suffixed = protocol::name_of(kind, name, at);
    match base {
        Base::Module(path) => {
            let kind = Ident::new(kind, at);
            // A function without the attribute has no such module or type, and the error shall name the attribute.
            let mut name = name.clone();
            name.set_span(at);
            quote_spanned!(at=> #path #name::#kind #generics)
        }
        Base::Type(path) => quote_spanned!(at=> #path #suffixed #generics),
        Base::Receiver => {
            let itself = protocol::name_of(protocol::RECEIVER, name, at);
            quote_spanned!(at=> #receiver.#itself().0.#suffixed #generics)
        }
    }
}

/// The function itself, for a protocol that is found by its name in a module, and compares it with its own.
fn witness(callee: &Callee) -> Option<TokenStream> {
    matches!(callee.base, Base::Module(_)).then(|| function(callee, &TokenStream::new()))
}

/// That a method is one of the type to which the companions belong, and not of one that dereferences to it. It is not run.
fn same_receiver(callee: &Callee, receiver: &TokenStream, runtime: &TokenStream, at: Span) -> Option<Line> {
    if !matches!(callee.base, Base::Receiver) {
        return None;
    }
    let itself = protocol::name_of(protocol::RECEIVER, &callee.name, at);
    let name = &callee.name;
    // What is moved there is not moved where it goes on.
    Some(Line::Other(quote_spanned! {at=>
        if false {
            use #runtime::__private::NothingBefore as _;
            trait FoundBeforeTheOneWithDerivatives: ::core::marker::Sized {
                fn #name(self) {}
            }
            impl<T> FoundBeforeTheOneWithDerivatives for T {}
            let receiver = #runtime::__private::receiver(&#receiver);
            match (#receiver.#itself().of(receiver)) {
                resolved => {
                    resolved.first().#name();
                    resolved.second().#name();
                }
            }
            loop {}
        }
    }))
}

fn slot_of(name: &TokenStream, at: Span) -> TokenStream {
    let name = located(name.clone(), at);
    quote_spanned!(at=> &mut #name)
}

/// Tokens with the same hygiene at another place.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let one = |mut token: TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    };
    tokens.into_iter().map(one).collect()
}

/// Whether an expression begins with a borrow.
fn begins_with_borrow(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Punct(p)) => p.as_char() == '&',
        Some(TokenTree::Group(group)) => begins_with_borrow(&group.stream()),
        _ => false,
    }
}
