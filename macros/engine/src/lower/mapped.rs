//! What becomes of the number in the `Result` or the `Option` of a call before it is taken out:
//! `checked(x).map(|y| 2.0 * y)?`, `checked(x).and_then(|y| other(y)).unwrap()`, `checked(x).map_err(Bad)?`.
//!
//! Input: what is unwrapped, and how. A call without a number is unwrapped at once, so that what is left is the closure's
//! body on the number, and where it would have given nothing, the function is left, or panics, as before.

use super::Lowerer;
use super::call::without_parentheses;
use super::exits::Scan;
use super::expression::Value;
use super::fallible;
use super::item::Item;
use super::lambda::{Lambda, Want, closure_of, mentioned};
use crate::diagnostics::Site;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::rc::Rc;
use syn::{Block, Expr, ExprMethodCall, Stmt, parse_quote};

/// Methods after which there still is the number, or nothing.
const KEEPING: &[&str] = &["map_err", "ok", "ok_or", "ok_or_else"];
/// The number of a `Result` or an `Option`, of which it is not known which it is.
pub(super) const NUMBER: &str = "__symgrad_number";

impl Lowerer<'_> {
    /// What is unwrapped, if it is such a chain of methods on a call.
    pub(super) fn mapped_call(&mut self, inner: &Expr, unwrap: &TokenStream) -> Option<Value> {
        let Expr::MethodCall(call) = without_parentheses(inner) else { return None };
        if call.method == NUMBER {
            return self.attempt(|l| match l.fallible_call(&call.receiver, quote!(.into_iter().next() #unwrap)) {
                Value::Opaque => None,
                value => Some(value),
            });
        }
        if KEEPING.iter().any(|name| call.method == name) {
            let (method, args, generics) = (&call.method, &call.args, &call.turbofish);
            if !args.iter().all(|arg| self.is_plain(arg)) {
                return None;
            }
            return self.attempt(|l| {
                match l.fallible_call(&call.receiver, quote!(.#method #generics (#args) #unwrap)) {
                    Value::Opaque => None,
                    value => Some(value),
                }
            });
        }
        let then = call.method == "and_then";
        if !(then || call.method == "map") || call.args.len() != 1 {
            return None;
        }
        self.attempt(|l| {
            let lambda = l.of_number(call, then, unwrap)?;
            let item = match l.fallible_call(&call.receiver, unwrap.clone()) {
                Value::Float(val) => Item::Float(val),
                Value::Part { part, reference } => Item::Part { part, reference },
                Value::Aggregate(aggregate) => Item::from(aggregate),
                Value::Inactive(_) | Value::Opaque => return None,
            };
            match l.inline(&lambda, &[item], Site::of(&call.method), Want::Value) {
                Value::Opaque => None,
                value => Some(value),
            }
        })
    }

    /// The function that is applied, with its result unwrapped if it has one to be unwrapped.
    fn of_number(&mut self, call: &ExprMethodCall, then: bool, unwrap: &TokenStream) -> Option<Rc<Lambda>> {
        let function = &call.args[0];
        if !then {
            return self.lambda(function, 1);
        }
        let mut closure = match closure_of(function) {
            Some(closure) => closure.clone(),
            None => {
                let name = self.unused_name("number");
                parse_quote!(|#name| #function(#name))
            }
        };
        // What leaves the closure does not leave the function.
        if !Scan::expr(&closure.body).exits.is_empty() {
            return None;
        }
        *closure.body = taken_out(&closure.body, unwrap)?;
        closure.output = syn::ReturnType::Default;
        self.lambda(&Expr::Closure(closure), 1)
    }

    /// Whether an argument has nothing to do with what the function computes, and is the same whenever it is evaluated.
    fn is_plain(&self, arg: &Expr) -> bool {
        let form = match arg {
            Expr::Path(_) | Expr::Lit(_) | Expr::Closure(_) => true,
            // `Error::Domain("x")`
            Expr::Call(call) => {
                let constructor = matches!(&*call.func, Expr::Path(p)
                    if p.path.segments.last().is_some_and(|s| s.ident.to_string().starts_with(char::is_uppercase)));
                constructor && call.args.iter().all(|arg| self.is_plain(arg))
            }
            _ => false,
        };
        form && mentioned(&arg.to_token_stream()).iter().all(|name| self.scopes.find(name).is_none())
    }
}

/// The number in what a body ends with.
fn taken_out(body: &Expr, unwrap: &TokenStream) -> Option<Expr> {
    let of_block = |block: &Block| {
        let mut block = block.clone();
        match block.stmts.last_mut() {
            Some(Stmt::Expr(last, None)) => *last = taken_out(last, unwrap)?,
            _ => return None,
        }
        Some(block)
    };
    match body {
        Expr::Paren(e) => taken_out(&e.expr, unwrap),
        Expr::Block(e) if e.label.is_none() => {
            Some(Expr::Block(syn::ExprBlock { block: of_block(&e.block)?, ..e.clone() }))
        }
        Expr::If(e) => {
            let (token, other) = e.else_branch.as_ref()?;
            let other = Some((*token, Box::new(taken_out(other, unwrap)?)));
            Some(Expr::If(syn::ExprIf { then_branch: of_block(&e.then_branch)?, else_branch: other, ..e.clone() }))
        }
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            match (path.path.segments.last()?.ident.to_string().as_str(), call.args.first()) {
                ("Ok" | "Some", Some(number)) if call.args.len() == 1 => Some(number.clone()),
                ("Err", _) => None,
                _ => Some(unwrapped(body, unwrap)),
            }
        }
        Expr::MethodCall(_) => Some(unwrapped(body, unwrap)),
        _ => None,
    }
}

/// `f(x)` with what takes the number out of it.
fn unwrapped(call: &Expr, unwrap: &TokenStream) -> Expr {
    let mut how: Vec<TokenTree> = unwrap.clone().into_iter().collect();
    let question = matches!(how.last(), Some(TokenTree::Punct(p)) if p.as_char() == '?');
    if !question {
        return parse_quote!(#call #unwrap);
    }
    how.pop();
    let (name, how): (Ident, TokenStream) = (Ident::new(fallible::TRY, Span::call_site()), how.into_iter().collect());
    parse_quote!(#name!(#call #how))
}
