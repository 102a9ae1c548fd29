//! Iterators in variables: `let mut it = x.iter();`. Input: a `let` of a chain that numbers go through. Output: what the
//! chain evaluates when it is made. Its elements are read where the variable is consumed, or one by one where it is advanced;
//! how many were taken by then is counted by a variable of the emitted code, and no number is in it.
//!
//! Invariant: a variable is one of these only if all that the function does with its name is followed, so that no code that
//! is carried along needs the iterator itself. While it is there, what it borrows does not change.

use super::Lowerer;
use super::applied;
use super::call::without_parentheses;
use super::effects::Effect;
use super::expression::Value;
use super::item::Item;
use super::iterate::{ADAPTERS, Chain};
use super::mention::ident_of;
use super::optional::Optional;
use super::scope::State;
use super::source::{Pieces, Source, effect};
use crate::ir::{Inactive, OpKind, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use std::collections::HashMap;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprForLoop, ExprMethodCall, ExprWhile, Local, Pat, parse_quote};

/// An iterator in a variable.
#[derive(Debug)]
pub struct Cursor {
    pub(super) chain: Chain,
    /// If it is advanced: the variable that counts how many elements were taken, and how many there are.
    taken: Option<(Ident, Val)>,
}

/// Methods that consume an iterator as a whole, beside the adapters.
const CONSUMERS: &[&str] = &[
    "sum",
    "product",
    "fold",
    "rfold",
    "for_each",
    "collect",
    "reduce",
    "max_by",
    "min_by",
    "last",
    "unzip",
    "partition",
];

impl Lowerer<'_> {
    /// `let it = x.iter().zip(y);`; `false` if it is none that is followed.
    pub(super) fn iterator_let(&mut self, local: &Local) -> bool {
        let (Pat::Ident(p), Some(init)) = (&local.pat, &local.init) else { return false };
        let Some(&advanced) = self.cursors.get(&p.ident.to_string()) else { return false };
        let expr = without_parentheses(&init.expr);
        let Expr::MethodCall(call) = expr else { return false };
        let iterates = applied::iterator(call).is_some() || self.cursor_of(root(call)).is_some();
        if init.diverge.is_some() || !iterates || !self.mentions_float(expr) || !self.flow.may_reach(expr) {
            return false;
        }
        let (errors, span) = (self.errors.count(), p.ident.span());
        let made = self.attempt(|l| {
            let chain = l.iterator(expr, &|_| true)?;
            let simple = chain.indexed() && effect(&chain.source) == Effect::No;
            if !chain.source.indexed() || (advanced && !simple) || l.errors.count() > errors {
                return None;
            }
            let taken = if advanced {
                let n = l.count(&chain.source, span)?;
                Some((l.native("taken", &quote!(0_usize), span), n))
            } else {
                None
            };
            Some(Cursor { chain, taken })
        });
        self.errors.truncate(errors);
        let Some(cursor) = made else { return false };
        self.scopes.declare(&p.ident, State::Iterator(Rc::new(cursor)), p.mutability.is_some());
        true
    }

    /// The iterator that an expression names.
    pub(super) fn cursor_of(&self, expr: &Expr) -> Option<Rc<Cursor>> {
        match self.scopes.state(&ident_of(without_parentheses(expr))?.to_string())? {
            State::Iterator(cursor) => Some(Rc::clone(cursor)),
            _ => None,
        }
    }

    /// What is left of an iterator in a variable.
    pub(super) fn rest_of(&mut self, cursor: &Cursor, span: Span) -> Chain {
        let mut chain = cursor.chain.clone();
        if let Some((taken, _)) = &cursor.taken {
            let taken = self.reading(quote!(#taken), &[], Ty::Index, span);
            chain.source = Source::Skip(Box::new(chain.source), taken);
        }
        chain
    }

    /// `it.next()`, `it.peek()`
    pub(super) fn next_of(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let (cursor, span) = (self.cursor_of(&call.receiver)?, call.method.span());
        let (taken, n) = cursor.taken.as_ref()?;
        let at = self.reading(quote!(#taken), &[], Ty::Index, span);
        let some = self.is(quote!(k < n), &[("k", at), ("n", *n)], span);
        if call.method == "next" {
            self.advance(taken, *n, span);
        }
        let at = self.hidden("at", State::Other { val: at, indexable: false });
        let (source, copied) = match &cursor.chain.source {
            Source::Copied(inner) => (&**inner, true),
            source => (source, false),
        };
        let inner = match source {
            Source::Elements { part, mutable: false, owned } => {
                let list = self.hidden("list", State::Part(part.clone()));
                if let Some(id) = self.scopes.find(&list.to_string()) {
                    self.scopes.vars[id].reference = true;
                }
                if copied || *owned { parse_quote!((#list[#at])) } else { parse_quote!((&#list[#at])) }
            }
            _ => {
                let elements = self.hidden("elements", State::Iterator(Rc::clone(&cursor)));
                parse_quote!((#elements[#at]))
            }
        };
        Some(Optional { some, inner })
    }

    /// `it.next();`, whatever it is.
    pub(super) fn skipped(&mut self, call: &ExprMethodCall) -> bool {
        let Some(cursor) = self.cursor_of(&call.receiver).filter(|_| call.method == "next") else { return false };
        let Some((taken, n)) = &cursor.taken else { return false };
        self.advance(taken, *n, call.method.span());
        true
    }

    /// One more, as long as there are any.
    fn advance(&mut self, taken: &Ident, n: Val, span: Span) {
        let count = Ident::new("n__", Span::mixed_site());
        let mut code = Inactive::engine(quote!(#taken = ::core::cmp::Ord::min(#taken + 1, #count);));
        code.reads.push((count, n));
        (code.pure, code.repeatable, code.expression) = (false, true, false);
        self.push(OpKind::Inactive(code), span);
    }

    /// `let pat = elements[at];`
    pub(super) fn element_let(&mut self, pat: &Pat, init: &Expr) -> bool {
        let Expr::Index(e) = without_parentheses(init) else { return false };
        let Some(cursor) = self.cursor_of(&e.expr) else { return false };
        let index = self.index(&e.index);
        let item = self.element_of(&cursor.chain.source, index, pat.span());
        let item = self.apart(item, pat.span());
        self.bind_item(pat, &item)
    }

    /// An element whose members are values of their own: its counter finds other members, too.
    fn apart(&mut self, item: Item, span: Span) -> Item {
        match item {
            Item::Other { val, indexable, reference } => {
                let val = self.engine_index(quote!(k), &[("k", val)], span);
                self.func.vals[val.0 as usize].ty = Ty::Other;
                Item::Other { val, indexable, reference }
            }
            Item::Tuple(items) => Item::Tuple(items.into_iter().map(|item| self.apart(item, span)).collect()),
            item => item,
        }
    }

    /// An element, by its index.
    pub(super) fn element_by_index(&mut self, cursor: &Cursor, index: &Expr, span: Span) -> Value {
        let index = self.index(index);
        let item = self.element_of(&cursor.chain.source, index, span);
        self.apart(item, span).value().unwrap_or(Value::Opaque)
    }

    /// `chunks.remainder()`
    pub(super) fn remainder_of_cursor(&mut self, cursor: &Cursor, span: Span) -> Option<Value> {
        match &cursor.chain.source {
            Source::Pieces { part, size, kind: Pieces::Exact, .. } => Some(self.remainder_of(part, *size, span)),
            _ => None,
        }
    }

    /// `for pat in &mut it`, `for pat in it.by_ref()`: a loop that advances it.
    pub(super) fn advancing(&self, e: &ExprForLoop) -> Option<ExprWhile> {
        let it = borrowed(&e.expr)?;
        self.cursor_of(it)?.taken.as_ref()?;
        let (label, pat, body) = (&e.label, &e.pat, &e.body);
        Some(parse_quote!(#label while let ::core::option::Option::Some(#pat) = #it.next() #body))
    }
}

/// The iterator that is advanced by a loop: `&mut it`, `it.by_ref()`.
fn borrowed(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Paren(e) => borrowed(&e.expr),
        Expr::Reference(e) if e.mutability.is_some() => Some(&e.expr),
        Expr::MethodCall(e) if e.method == "by_ref" => Some(&e.receiver),
        _ => None,
    }
}

/// What a chain of methods begins with.
fn root(call: &ExprMethodCall) -> &Expr {
    match without_parentheses(&call.receiver) {
        Expr::MethodCall(receiver) => root(receiver),
        other => other,
    }
}

/// The names of variables that may be iterators, with all that is done with them known, and whether they are advanced.
pub(super) fn names(body: &Block) -> HashMap<String, bool> {
    #[derive(Default)]
    struct Names {
        found: HashMap<String, bool>,
        other: Vec<String>,
    }
    impl Names {
        fn used(&mut self, expr: &Expr, advances: bool) -> bool {
            let Some(name) = ident_of(without_parentheses(expr)) else { return false };
            *self.found.entry(name.to_string()).or_default() |= advances;
            true
        }

        fn mentioned(&mut self, tokens: &proc_macro2::TokenStream) {
            self.other.extend(super::lambda::mentioned(tokens));
        }
    }
    impl<'ast> Visit<'ast> for Names {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Path(_) => self.other.extend(ident_of(expr).map(|name| name.to_string())),
                Expr::ForLoop(e) => {
                    let taken = borrowed(&e.expr).is_some_and(|it| self.used(it, true)) || self.used(&e.expr, false);
                    if !taken {
                        self.visit_expr(&e.expr);
                    }
                    self.visit_block(&e.body);
                }
                Expr::MethodCall(e) => {
                    let name = e.method.to_string();
                    let known = |list: &[&str]| list.contains(&name.as_str());
                    let advances = known(&["next", "peek"]) && e.args.is_empty();
                    let followed = advances || known(&["remainder"]) || known(ADAPTERS) || known(CONSUMERS);
                    if !(followed && self.used(&e.receiver, advances)) {
                        self.visit_expr(&e.receiver);
                    }
                    for arg in &e.args {
                        if !(known(&["zip", "chain"]) && self.used(arg, false)) {
                            self.visit_expr(arg);
                        }
                    }
                }
                Expr::Closure(e) => self.mentioned(&e.body.to_token_stream()),
                _ => visit::visit_expr(self, expr),
            }
        }

        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            self.mentioned(&mac.tokens);
        }

        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut names = Names::default();
    names.visit_block(body);
    let Names { mut found, other } = names;
    other.iter().for_each(|name| _ = found.remove(name));
    found
}
