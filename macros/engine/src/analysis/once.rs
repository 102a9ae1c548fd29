//! What may run once only, because running it again has another effect or another result. Input: a function. Output: where
//! it has such a thing. Code without effects may run again; so may an assertion, and what changes nothing but the function's own variables:
//! these begin anew with each run, and so do parameters that are `mut`.

use super::sums::each_op;
use crate::ir::{Base, Call, Callee, Companion, Func, Header, Inactive, OpKind, Storage};
use crate::lower::exits::is_compound;
use crate::tokens::names;
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::HashSet;
use syn::parse::Parser as _;
use syn::{Block, Expr, Item, Stmt};

/// The first thing that runs once.
#[must_use]
pub fn runs_once(func: &Func) -> Option<Span> {
    let lent = func.places.iter().find(|place| place.storage == Storage::InOut).map(|place| place.name.span());
    lent.or_else(|| effect(func))
}

/// Whether it may have such a thing, beside what it does to buffers of the caller's.
#[must_use]
pub fn has_effects(func: &Func) -> bool {
    first(func, &|code| !may_run_again(code) || !code.looked_at.is_empty()).is_some()
}

/// Whether it may run any number of times, if buffers of the caller's are filled again before: it calls nothing that would have to
/// be asked.
#[must_use]
pub fn may_be_repeated(func: &Func) -> bool {
    let mut calls = false;
    each_op(&func.body, &mut |op| calls |= matches!(op.kind, OpKind::Call(_)));
    !calls && !has_effects(func)
}

/// The first thing that runs once, beside what is done to buffers of the caller's. What is looked at is taken for data: where the function
/// runs again, emitted code says so.
#[must_use]
pub fn effect(func: &Func) -> Option<Span> {
    first(func, &|code| !may_run_again(code))
}

fn first(func: &Func, runs_once: &dyn Fn(&Inactive) -> bool) -> Option<Span> {
    let mut found = None;
    let runs_once = |code: &Inactive| (!func.repeatable && runs_once(code)) || moves(func, code);
    each_op(&func.body, &mut |op| {
        let once = match &op.kind {
            OpKind::Inactive(code) => runs_once(code),
            OpKind::Loop(l) => matches!(&l.header, Header::Iterator { code, .. } if runs_once(code)),
            // What is called says so itself.
            _ => false,
        };
        if once {
            found.get_or_insert(op.span);
        }
    });
    found
}

/// A call in derivative code that does not ask the function whether it may run again: one that is called as it is, or a method for
/// its gradient.
#[must_use]
pub fn unasked(derivative: &Func) -> Option<Span> {
    let mut found = None;
    if derivative.repeatable {
        return found;
    }
    each_op(&derivative.body, &mut |op| {
        if let OpKind::Call(Call { companion, callee, .. }) = &op.kind {
            let asked = match companion {
                Companion::Along(_) => true,
                Companion::Gradient(_) => matches!(callee.base, Base::Module(_) | Base::Namesake(_)),
                Companion::Value | Companion::Jvp(_) | Companion::Vjp(..) => false,
            };
            if !asked {
                found.get_or_insert(op.span);
            }
        }
    });
    found
}

/// What a function answers that is asked whether it may run again.
#[derive(Default)]
pub struct Repeated {
    /// It may not: it has something that runs once, or a call that cannot be asked.
    pub once: bool,
    /// The functions that it asks in turn.
    pub calls: Vec<Callee>,
}

/// The answer of a function, by its gradient.
#[must_use]
pub fn repeated(gradient: &Func) -> Repeated {
    let mut repeated = Repeated { once: has_effects(gradient) || unasked(gradient).is_some(), calls: Vec::new() };
    if repeated.once {
        return repeated;
    }
    let (mut known, locals) = (HashSet::new(), Locals::of(gradient));
    each_op(&gradient.body, &mut |op| {
        let OpKind::Call(Call { callee, .. }) = &op.kind else { return };
        if locals.has(callee) {
            repeated.once = true;
        } else if known.insert(callee.to_string()) {
            repeated.calls.push(callee.clone());
        }
    });
    repeated
}

/// The names that may belong to items of the body: outside of it, they are another's.
struct Locals {
    names: HashSet<String>,
    /// Whether it imports names that it does not say.
    all: bool,
}

impl Locals {
    fn of(func: &Func) -> Self {
        let mut locals = Locals { names: HashSet::new(), all: false };
        each_op(&func.body, &mut |op| {
            if let OpKind::Inactive(code) = &op.kind {
                let names: HashSet<String> = names(code.tokens.clone()).collect();
                locals.all |= names.contains("use") && code.tokens.to_string().contains('*');
                locals.names.extend(names);
            }
        });
        locals
    }

    fn has(&self, callee: &Callee) -> bool {
        let path = match &callee.base {
            Base::Module(path) | Base::Type(path) => path.clone(),
            Base::Namesake(_) => TokenStream::new(),
            Base::Receiver => return false,
        };
        let first = names(path).next().unwrap_or_else(|| callee.name.to_string());
        self.all || self.names.contains(&first)
    }
}

/// Macros of `std` that only look.
const ASSERTIONS: &[&str] = &["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne"];

/// Whether code is the name of a parameter, which is gone behind it.
fn moves(func: &Func, code: &Inactive) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    let name = matches!((tokens.next(), tokens.next()), (Some(TokenTree::Ident(_)), None));
    name && code.reads.iter().any(|(_, val)| func.owned.contains(val))
}

fn may_run_again(code: &Inactive) -> bool {
    code.pure || code.repeatable || is_assertion(code) || leaves(code) || is_own(code)
}

/// Whether code is an assertion.
#[must_use]
pub fn is_assertion(code: &Inactive) -> bool {
    is_macro(code, ASSERTIONS)
}

/// Whether code begins with a macro of one of these names.
fn is_macro(code: &Inactive, names: &[&str]) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    let (name, bang) = (tokens.next(), tokens.next());
    name.is_some_and(|name| names.contains(&name.to_string().as_str()))
        && bang.is_some_and(|bang| bang.to_string() == "!")
}

/// Macros of `std` that are not left.
const PANICS: &[&str] = &["panic", "unreachable", "todo", "unimplemented"];

/// Whether code is what the function is left with, which happens in its first run.
fn leaves(code: &Inactive) -> bool {
    let is_return = |token: TokenTree| matches!(token, TokenTree::Ident(name) if name == "return");
    code.tokens.clone().into_iter().next().is_some_and(is_return) || is_macro(code, PANICS)
}

/// Whether code only computes, or assigns what it has computed to a variable of the function's.
fn is_own(code: &Inactive) -> bool {
    let Ok(stmts) = Block::parse_within.parse2(code.tokens.clone()) else { return false };
    let expr = match stmts.as_slice() {
        [Stmt::Expr(expr, _)] => expr,
        // It declares, and does nothing.
        [Stmt::Item(item)] => return !matches!(item, Item::Macro(_)),
        _ => return false,
    };
    match expr {
        Expr::Assign(e) => is_variable(&e.left) && only_computes(&e.right),
        Expr::Binary(e) if is_compound(&e.op) => is_variable(&e.left) && only_computes(&e.right),
        expr => only_computes(expr),
    }
}

fn is_variable(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.get_ident().is_some())
}

/// Operators, indices, slices and lengths: no call.
fn only_computes(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(e) => only_computes(&e.expr),
        Expr::Group(e) => only_computes(&e.expr),
        Expr::Unary(e) => only_computes(&e.expr),
        Expr::Cast(e) => only_computes(&e.expr),
        Expr::Field(e) => only_computes(&e.base),
        Expr::Binary(e) => !is_compound(&e.op) && only_computes(&e.left) && only_computes(&e.right),
        Expr::Index(e) => only_computes(&e.expr) && only_computes(&e.index),
        Expr::Reference(e) => e.mutability.is_none() && only_computes(&e.expr),
        Expr::Range(e) => e.start.iter().chain(&e.end).all(|bound| only_computes(bound)),
        Expr::Tuple(e) => e.elems.iter().all(only_computes),
        Expr::MethodCall(e) => {
            (e.method == "len" || e.method == "is_empty") && e.args.is_empty() && only_computes(&e.receiver)
        }
        _ => false,
    }
}
