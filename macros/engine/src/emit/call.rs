//! Calls of other differentiated functions, through the protocol.

use super::companion::protocol;
use super::expression::Level;
use super::{Emitter, Line};
use crate::ir::{
    Along, Arg, Base, Call, Callee, Companion, Lanes, Op, Part, Passes, Passing, Slot, Storage, Tangent, Ty, Val,
};
use crate::lower::lent;
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
                (Arg::Inactive(val), companion) if companion.repeats() && self.func.info(*val).ty == Ty::Other => {
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
                if self.func.passes != Passes::One {
                    lines.push(Line::Other(protocol::asked(callee, &self.passes(), &runtime, at)));
                }
                args.splice(0..0, witness(callee));
                let rest = self.slots(slots, &op.results[1..], Ty::Float, lines, at);
                let name = self.declare(op.results[0]);
                let callee = companion(callee, &receiver, protocol::GRADIENT, at);
                lines.push(Line::Other(quote!(let #name = #callee(#(#args,)* #(#rest),*) #unwrap;)));
            }
            Companion::Vjp(cotangent, cotangents, slots) => {
                args.splice(0..0, witness(callee));
                let given = self.cotangents(*cotangent, cotangents, at);
                let rest = self.slots(slots, &op.results, Ty::Float, lines, at);
                let callee = companion(callee, &receiver, protocol::VJP, at);
                lines.push(Line::Other(quote!(#callee(#(#args,)* #(#given,)* #(#rest),*) #unwrap;)));
            }
            Companion::Jvp(tangents) => {
                args.splice(0..0, witness(callee));
                let rest = self.tangents(tangents, &call.args, at);
                args.extend(rest);
                let callee = companion(callee, &receiver, protocol::JVP, at);
                self.call_for_tangents(&op.results, &quote!(#callee(#(#args),*) #unwrap), lines);
            }
            Companion::Along(along) => {
                args.splice(0..0, witness(callee));
                self.call_along(op, call, along, (args, &receiver, at), lines);
            }
        }
    }

    /// The value and its tangent, if there is one.
    fn call_for_tangents(&mut self, results: &[Val], called: &TokenStream, lines: &mut Vec<Line>) {
        lines.push(Line::Other(match results {
            [] => quote!(let _ = #called;),
            [value, tangents @ ..] => {
                let name = self.declare(*value);
                let tangent = tangents.first().map_or_else(|| quote!(_), |&val| self.declare(val));
                quote!(let (#name, #tangent) = #called;)
            }
        }));
    }

    /// What the callee's protocol has for the directions of this function.
    fn call_along(
        &mut self,
        op: &Op,
        call: &Call,
        along: &Along,
        (mut args, receiver, at): (Vec<TokenStream>, &TokenStream, Span),
        lines: &mut Vec<Line>,
    ) {
        let (callee, unwrap) = (&call.callee, &call.unwrap);
        let (values, tangents) = op.results.split_at(op.results.len() / 2);
        args.push(located(self.along(), at));
        args.extend(self.tangents(&along.tangents, &call.args, at));
        let ty = if self.func.lanes.is_some() { Ty::Lanes } else { Ty::Float };
        match &along.of {
            Companion::Gradient(slots) => {
                args.extend(self.slots(slots, &values[1..], Ty::Float, lines, at));
                args.extend(self.slots(&along.slots, &tangents[1..], ty, lines, at));
                let callee = companion(callee, receiver, protocol::HVP, at);
                let called = quote!(#callee(#(#args),*) #unwrap);
                self.call_for_tangents(&[values[0], tangents[0]], &called, lines);
            }
            Companion::Vjp(cotangent, cotangents, slots) => {
                args.extend(self.cotangents(*cotangent, cotangents, at));
                args.extend(self.slots(slots, values, Ty::Float, lines, at));
                for tangent in &along.cotangents {
                    args.push(self.tangent(tangent, true, at));
                }
                if cotangents.is_empty() {
                    args.push(self.tangent(&along.cotangent, false, at));
                }
                args.extend(self.slots(&along.slots, tangents, ty, lines, at));
                let callee = companion(callee, receiver, protocol::VJP_ALONG, at);
                lines.push(Line::Other(quote!(#callee(#(#args),*) #unwrap;)));
            }
            Companion::Value | Companion::Jvp(_) | Companion::Along(_) => {
                let series = matches!(self.func.lanes, Some(Lanes::Series(_)));
                let kind = if series { protocol::SERIES } else { protocol::JVP_ALONG };
                let callee = companion(callee, receiver, kind, at);
                self.call_for_tangents(&op.results, &quote!(#callee(#(#args),*) #unwrap), lines);
            }
        }
    }

    /// The tangents of arguments.
    fn tangents(&mut self, tangents: &[Tangent], args: &[Arg], at: Span) -> Vec<TokenStream> {
        let one =
            |(tangent, arg): (&Tangent, &Arg)| self.tangent(tangent, matches!(arg, Arg::Part(_, Passing::Mutable)), at);
        tangents.iter().zip(args).map(one).collect()
    }

    fn tangent(&mut self, tangent: &Tangent, lent: bool, at: Span) -> TokenStream {
        let runtime = located(self.runtime.clone(), at);
        match tangent {
            Tangent::Part(part) if lent => self.lent(part, at),
            Tangent::None => quote_spanned!(at=> #runtime::__private::NoTangent),
            Tangent::Scalar(val) => located(self.expr(*val).tokens, at),
            Tangent::Part(part) => {
                let tokens = located(self.part(part), at);
                let info = self.func.place_info(part.place);
                // A parameter that is a reference is passed on as one.
                let reference = info.storage == Storage::Param && !info.by_value && part.is_whole();
                match self.viewed(part) {
                    Some(of) => {
                        let view = self.shared(part);
                        located(quote!(&#of::duplicate(#view)), at)
                    }
                    None if reference => tokens,
                    None => located(self.reference_to(part, &tokens), at),
                }
            }
        }
    }

    /// The cotangents of what a function returns: of its arrays, or of its number.
    fn cotangents(&mut self, number: Option<Val>, arrays: &[Part], at: Span) -> Vec<TokenStream> {
        let mut given: Vec<TokenStream> = arrays.iter().map(|part| self.lent(part, at)).collect();
        match number {
            Some(val) => given.push(located(self.expr(val).tokens, at)),
            None if arrays.is_empty() => {
                let runtime = located(self.runtime.clone(), at);
                given.push(quote_spanned!(at=> #runtime::__private::NoTangent));
            }
            None => {}
        }
        given
    }

    /// Where the callee puts its partial derivatives.
    fn slots(&mut self, slots: &[Slot], results: &[Val], ty: Ty, lines: &mut Vec<Line>, at: Span) -> Vec<TokenStream> {
        let runtime = located(self.runtime.clone(), at);
        let mut results = results.iter();
        let one = |slot: &Slot| match slot {
            Slot::InOut(part) => {
                let lent = self.lent(part, at);
                quote_spanned!(at=> #runtime::__private::Lent(#lent))
            }
            Slot::Buffer(place) => {
                let name = self.place(*place);
                slot_of(&quote!(#name), at)
            }
            Slot::Scalar => match results.next() {
                Some(&val) => {
                    let name = self.declare(val);
                    let (float, zero) = self.typed(val, |e| (e.number_type(ty), e.zero_of(ty)));
                    lines.push(Line::Other(quote!(let mut #name: #float = #zero;)));
                    slot_of(&name, at)
                }
                None => quote_spanned!(at=> #runtime::__private::NoGradient),
            },
            Slot::None => quote_spanned!(at=> #runtime::__private::NoGradient),
        };
        slots.iter().map(one).collect()
    }

    /// `&part`
    fn reference_to(&self, part: &Part, tokens: &TokenStream) -> TokenStream {
        if self.is_lent_on(part) { quote!(&*#tokens) } else { quote!(&#tokens) }
    }

    /// `&mut part`
    fn borrowed(&self, part: &Part, tokens: &TokenStream) -> TokenStream {
        if self.is_lent_on(part) { quote!(&mut *#tokens) } else { quote!(&mut #tokens) }
    }

    /// A name that is a `&mut` already is lent on.
    fn is_lent_on(&self, part: &Part) -> bool {
        part.is_whole() && self.outputs.contains(&part.place) && !self.func.is_number(part)
    }

    /// The same for what the protocol takes.
    fn lent(&mut self, part: &Part, at: Span) -> TokenStream {
        let tokens = self.part(part);
        located(self.borrowed(part, &tokens), at)
    }

    /// Of what may be a view: what has the methods of `Differentiable`.
    fn viewed(&self, part: &Part) -> Option<TokenStream> {
        let record = self.func.place_info(part.place).record.as_ref();
        lent::methods(record, &self.runtime).filter(|_| part.is_whole())
    }

    fn arg(&mut self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Receiver(_) => TokenStream::new(),
            Arg::Float(val) | Arg::Inactive(val) => self.expr(*val).tokens,
            Arg::Part(part, passing) => {
                let tokens = self.part(part);
                let given = self.func.place_info(part.place).storage == Storage::Param;
                let by_value = self.func.place_info(part.place).by_value;
                if self.viewed(part).is_some() {
                    // Views are copied; what owns the numbers lends one.
                    let view = if given { quote!(#tokens) } else { quote!(#tokens.view()) };
                    let reference = matches!(passing, Passing::Reference | Passing::Mutable) && (by_value || !given);
                    return if reference { quote!(&#view) } else { view };
                }
                match passing {
                    Passing::Reference if part.is_whole() && given && !self.func.place_info(part.place).by_value => {
                        tokens
                    }
                    Passing::Reference => self.reference_to(part, &tokens),
                    Passing::Mutable => self.borrowed(part, &tokens),
                    Passing::Copied if given && !by_value => quote!(*#tokens),
                    // It is not moved: the derivative may need it.
                    Passing::Plain if self.func.holds_structs(part) && (!given || by_value || !part.is_whole()) => {
                        self.copied(part)
                    }
                    Passing::Plain if !given && !self.func.fixed(part) => quote!(#tokens.clone()),
                    Passing::Plain | Passing::Copied => tokens,
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
        Base::Namesake(_) => quote!(#name #generics),
        Base::Receiver => quote!(#receiver.#name #generics),
    }
}

/// A function of its hidden protocol: `path::to::f::<3>` has `path::to::f::kind::<3>`.
fn companion(callee: &Callee, receiver: &TokenStream, kind: &str, at: Span) -> TokenStream {
    let Callee { base, name, generics } = callee;
    let generics = match kind {
        protocol::HVP | protocol::JVP_ALONG | protocol::VJP_ALONG => &with_more(generics, 2),
        protocol::SERIES => &with_more(generics, 1),
        _ => generics,
    };
    let suffixed = protocol::name_of(kind, name, at);
    match base {
        Base::Module(path) => {
            let kind = Ident::new(kind, at);
            // A function without the attribute has no such module or type, and the error shall name the attribute.
            let mut name = name.clone();
            name.set_span(at);
            quote_spanned!(at=> #path #name::#kind #generics)
        }
        Base::Namesake(module) => {
            let kind = Ident::new(kind, at);
            quote_spanned!(at=> #module::#kind #generics)
        }
        Base::Type(path) => quote_spanned!(at=> #path #suffixed #generics),
        Base::Receiver => {
            let itself = protocol::name_of(protocol::RECEIVER, name, at);
            quote_spanned!(at=> #receiver.#itself().0.#suffixed #generics)
        }
    }
}

/// The directions of a caller are further parameters of a type, for rustc to find.
pub(super) fn with_more(generics: &TokenStream, count: usize) -> TokenStream {
    let mut tokens: Vec<TokenTree> = generics.clone().into_iter().collect();
    let ends_with = |tokens: &[TokenTree], c| matches!(tokens.last(), Some(TokenTree::Punct(p)) if p.as_char() == c);
    // `f::<>(x)` says as little as `f(x)`.
    if tokens.pop().is_none() || ends_with(&tokens, '<') {
        return TokenStream::new();
    }
    let comma = ends_with(&tokens, ',');
    let separator = (!comma).then(|| quote!(,));
    let more = std::iter::repeat_n(quote!(_), count);
    quote!(#(#tokens)* #separator #(#more),*>)
}

/// The function itself, for a protocol that is found by its name in a module, and compares it with its own.
fn witness(callee: &Callee) -> Option<TokenStream> {
    matches!(callee.base, Base::Module(_) | Base::Namesake(_)).then(|| function(callee, &TokenStream::new()))
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

/// What a call returns that is taken for an array: that is a guess, which is said to be wrong where the call is.
pub(super) fn is_array(taken: TokenStream, called: Span, runtime: &TokenStream) -> TokenStream {
    let at = Span::call_site().located_at(called);
    let (taken, runtime) = (located(taken, at), located(runtime.clone(), at));
    quote_spanned!(at=> #runtime::__private::IsArray::itself(#taken))
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
