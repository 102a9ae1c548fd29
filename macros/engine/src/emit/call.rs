//! Calls of other differentiated functions, through the protocol.

use super::companion::protocol;
use super::{Emitter, Line};
use crate::ir::{Arg, Call, Companion, Op, Passing, Slot, Storage, Tangent};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

impl Emitter<'_> {
    pub(super) fn call(&mut self, op: &Op, call: &Call, lines: &mut Vec<Line>) {
        let args: Vec<TokenStream> = call.args.iter().map(|arg| self.arg(arg)).collect();
        let path = &call.path;
        let runtime = self.runtime.clone();
        // What is wrong with the callee is wrong with this call.
        let at =
            path.clone().into_iter().last().map_or_else(Span::call_site, |t| Span::call_site().located_at(t.span()));
        match &call.companion {
            Companion::Value => {
                let name = self.declare(op.results[0]);
                lines.push(Line::Other(quote!(let #name = #path(#(#args),*);)));
            }
            Companion::Gradient(slots) => {
                let mut results = op.results[1..].iter();
                let mut rest = Vec::new();
                let float = self.float();
                for slot in slots {
                    rest.push(match slot {
                        Slot::None => quote_spanned!(at=> #runtime::__private::NoGradient),
                        Slot::Buffer(place) => {
                            let name = self.place(*place);
                            slot_of(&quote!(#name), at)
                        }
                        Slot::Scalar => match results.next() {
                            Some(&val) => {
                                let name = self.declare(val);
                                lines.push(Line::Other(quote!(let mut #name: #float = 0.0;)));
                                slot_of(&quote!(#name), at)
                            }
                            None => quote_spanned!(at=> #runtime::__private::NoGradient),
                        },
                    });
                }
                let name = self.declare(op.results[0]);
                let callee = callee(path, protocol::GRADIENT, at);
                lines.push(Line::Other(quote!(let #name = #callee(#(#args,)* #(#rest),*);)));
            }
            Companion::Jvp(tangents) => {
                let rest: Vec<TokenStream> = tangents
                    .iter()
                    .map(|tangent| match tangent {
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
                let name = self.declare(op.results[0]);
                let tangent = match op.results.get(1) {
                    Some(&val) => self.declare(val),
                    None => quote!(_),
                };
                let callee = callee(path, protocol::JVP, at);
                lines.push(Line::Other(quote!(let (#name, #tangent) = #callee(#(#args,)* #(#rest),*);)));
            }
        }
    }

    pub(super) fn arg(&mut self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Float(val) | Arg::Inactive(val) => self.expr(*val).tokens,
            Arg::Part(part, passing) => {
                let tokens = self.part(part);
                let given = self.func.place_info(part.place).storage == Storage::Param;
                match passing {
                    Passing::Reference if part.is_whole() && given && !self.func.place_info(part.place).by_value => {
                        tokens
                    }
                    Passing::Reference => quote!(&#tokens),
                    Passing::Plain => tokens,
                }
            }
        }
    }
}

/// A function of the hidden protocol: `path::to::f::<3>` has `path::to::f::name::<3>`.
fn callee(path: &TokenStream, name: &str, at: Span) -> TokenStream {
    let name = Ident::new(name, at);
    let mut tokens: Vec<TokenTree> = path.clone().into_iter().collect();
    let mut arguments = TokenStream::new();
    if matches!(tokens.last(), Some(TokenTree::Punct(p)) if p.as_char() == '>') {
        let mut depth = 0_usize;
        let start = tokens.iter().rposition(|token| {
            let TokenTree::Punct(p) = token else { return false };
            depth += usize::from(p.as_char() == '>');
            depth -= usize::from(p.as_char() == '<');
            depth == 0 && p.as_char() == '<'
        });
        // The `::` before them goes with them.
        arguments.extend(tokens.drain(start.map_or(0, |start| start.saturating_sub(2))..));
    }
    let path: TokenStream = tokens.into_iter().collect();
    quote_spanned!(at=> #path::#name #arguments)
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
