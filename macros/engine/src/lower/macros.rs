//! Macros in code that is carried along. Input: a macro call. Output: what becomes of the numbers in it, and what its
//! expansion might do that nobody sees here: the emitted code says so, and does not compile if it does.
//!
//! An expansion may leave the function (`return`, `?`, `break`), and may change what it is given. A macro that is given
//! nothing but numbers, and whose value only decides, as `ulps_eq!(x, 0.0)` in a condition, loses no derivative if it does
//! neither.

use super::opaque::{Fate, Opaque};
use super::scope::State;
use super::{Lowerer, fallible};
use crate::diagnostics::{Site, message};
use crate::rules::derivative as table;
use crate::tokens;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Expr, Macro, Token};

/// Macros that only look at what they are given.
const CONSUMERS: &[&str] = &[
    "print",
    "println",
    "eprint",
    "eprintln",
    "dbg",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
];

/// Macros of the standard library that contain no exit.
pub(super) const HARMLESS: &[&str] =
    &["vec", "cfg", "format", "write", "writeln", "matches", "concat", "stringify", "env", "include_str"];

/// What macros might do that must not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unseen {
    /// Nothing.
    #[default]
    Nothing,
    /// Leave the function.
    Exits,
    /// Leave it, or change the numbers that they are given.
    Changes,
}

impl Unseen {
    /// Code that does not compile if a macro in it does that: a `return`, `?`, `break` or `continue` would leave the
    /// companion with an unfinished derivative.
    pub(super) fn refused(self, code: &TokenStream) -> TokenStream {
        match self {
            Unseen::Nothing => code.clone(),
            unseen => {
                let check = unseen.check(&quote!(let _ = #code;));
                quote!({ #check #code })
            }
        }
    }

    /// A statement that compiles if there is no such thing in some statements.
    pub(super) fn check(self, statements: &TokenStream) -> TokenStream {
        // What is captured by a function that may be called twice at once is not changed.
        let bound = if self == Unseen::Changes { quote!(Fn) } else { quote!(FnOnce) };
        quote! {
            if false {
                enum NoExit {}
                fn look(_: impl ::core::ops::#bound() -> NoExit) {}
                #[allow(unreachable_code, clippy::diverging_sub_expression)]
                look(|| { #statements loop {} });
                ::core::unreachable!()
            }
        }
    }
}

impl Opaque<'_> {
    /// Examines a macro call that has a value.
    pub(super) fn macro_value(&mut self, mac: &Macro, fate: &Fate) {
        let arguments = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        match arguments {
            Ok(arguments) if matches!(fate, Fate::Consumed) && is_unknown(mac) => {
                // `epsilon = 1e-9`
                let given = |arg: &Expr| match arg {
                    Expr::Assign(e) => (*e.right).clone(),
                    arg => arg.clone(),
                };
                let arguments: Vec<Expr> = arguments.iter().map(given).collect();
                if !arguments.iter().all(|arg| self.is_computed(arg)) {
                    return self.macro_call(mac, fate);
                }
                self.code.pure = false;
                self.unseen = Unseen::Changes;
                arguments.iter().for_each(|arg| self.visit(arg, fate));
            }
            _ => self.macro_call(mac, fate),
        }
    }

    /// Whether an argument is a number, or a constant: nothing in which another number could be kept.
    fn is_computed(&self, arg: &Expr) -> bool {
        match arg {
            Expr::Paren(e) => self.is_computed(&e.expr),
            Expr::Unary(e) => self.is_computed(&e.expr),
            Expr::Binary(e) => {
                !super::exits::is_compound(&e.op) && self.is_computed(&e.left) && self.is_computed(&e.right)
            }
            Expr::MethodCall(e) => {
                let numeric = table::method(&e.method.to_string()).is_some();
                numeric && std::iter::once(&*e.receiver).chain(&e.args).all(|e| self.is_computed(e))
            }
            Expr::Path(p) => match p.path.get_ident().map(|ident| self.scopes.state(&ident.to_string())) {
                Some(Some(state)) => matches!(state, State::Float(_)),
                _ => p.path.segments.last().is_some_and(|last| {
                    let name = last.ident.to_string();
                    name == name.to_uppercase()
                }),
            },
            arg => self.only_looked_at(arg),
        }
    }

    /// Examines a macro call.
    pub fn macro_call(&mut self, mac: &Macro, fate: &Fate) {
        self.code.pure = false;
        if fallible::is_own(mac) {
            return self.own_macro(mac, fate);
        }
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        if is_unknown(mac) {
            self.unseen = self.unseen.max(Unseen::Exits);
        }
        let lost = Fate::Lost(Site::of(&mac.path), message::lost_in_macro(&name));
        let matched = name == "matches" && matches!(fate, Fate::Consumed);
        let consumer = CONSUMERS.contains(&name.as_str());
        self.scan(mac.tokens.clone(), if consumer || matched { &Fate::Consumed } else { &lost });
    }

    /// `?`, or the end of a function without a number.
    fn own_macro(&mut self, mac: &Macro, fate: &Fate) {
        match mac.parse_body::<Expr>() {
            // What can write nothing leaves the function, or nothing has happened.
            Ok(inner)
                if mac.path.is_ident(fallible::TRY) && matches!(fate, Fate::Consumed) && !self.may_write(&inner) =>
            {
                self.scan(inner.to_token_stream(), fate);
            }
            Ok(inner) if mac.path.is_ident(fallible::TRY) => self.visit(&inner, fate),
            _ => self.scan(mac.tokens.clone(), &Fate::Consumed),
        }
    }
}

impl Opaque<'_> {
    /// Whether a function may write to what it is given, or a method to what it is called on, as far as that is visible.
    fn may_write(&self, call: &Expr) -> bool {
        let exclusive = |name: &str| {
            let var = self.scopes.find(name).map(|id| &self.scopes.vars[id]);
            name == "mut" || self.scopes.unstable.contains(name) || var.is_some_and(|var| var.exclusive)
        };
        let mutable = |name: &str| self.scopes.find(name).is_some_and(|id| self.scopes.vars[id].mutable);
        let any = |code: TokenStream, is: &dyn Fn(&str) -> bool| tokens::names(code).any(|name| is(&name));
        match call {
            Expr::Call(call) => any(call.args.to_token_stream(), &exclusive),
            Expr::MethodCall(call) => {
                let (receiver, args) = (call.receiver.to_token_stream(), call.args.to_token_stream());
                any(receiver.clone(), &mutable) || any(receiver, &exclusive) || any(args, &exclusive)
            }
            _ => true,
        }
    }
}

impl Lowerer<'_> {
    /// Code whose macros only look at the structs that the function may write: what changes one there, unseen by the derivative, does
    /// not compile.
    pub(super) fn looking(&self, code: TokenStream) -> TokenStream {
        let written = |name: &str| match self.scopes.state(name) {
            Some(State::Part(part)) => part.is_whole() && self.scopes.records.knows(part) && self.writable(part),
            _ => false,
        };
        if tokens::names(code.clone()).any(|name| written(&name)) { shared(code, false, &written) } else { code }
    }
}

/// The same: `s.f(…)` in a macro is `(&s).f(…)`.
fn shared(code: TokenStream, in_macro: bool, written: &dyn Fn(&str) -> bool) -> TokenStream {
    let code: Vec<TokenTree> = code.into_iter().collect();
    let is = |at: usize, mark| tokens::is_punct(code.get(at), mark);
    let called = |at: usize| {
        is(at, ':')
            || matches!(code.get(at), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
    };
    let member =
        |at: usize| is(at, '.') && matches!(code.get(at + 1), Some(TokenTree::Ident(_) | TokenTree::Literal(_)));
    let (mut made, mut at) = (Vec::with_capacity(code.len()), 0);
    while let Some(token) = code.get(at) {
        let behind = at.checked_sub(1).is_some_and(|before| is(before, '.') || is(before, ':'));
        match token {
            TokenTree::Ident(name) if in_macro && !behind && written(&name.to_string()) => {
                let mut end = at + 1;
                while member(end) && !called(end + 2) {
                    end += 2;
                }
                let place: TokenStream = code[at..end].iter().cloned().collect();
                made.push(if member(end) { quote_spanned!(name.span()=> (&#place)) } else { place });
                at = end;
                continue;
            }
            TokenTree::Group(group) => {
                let of_macro = at >= 2 && is(at - 1, '!') && matches!(code[at - 2], TokenTree::Ident(_));
                let inner = shared(group.stream(), in_macro || of_macro, written);
                made.push(TokenTree::from(tokens::refilled(group, inner)).into());
            }
            token => made.push(token.clone().into()),
        }
        at += 1;
    }
    made.into_iter().collect()
}

/// Whether nothing is known of a macro.
pub(super) fn is_unknown(mac: &Macro) -> bool {
    let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
    !fallible::is_own(mac) && !CONSUMERS.contains(&name.as_str()) && !HARMLESS.contains(&name.as_str())
}
