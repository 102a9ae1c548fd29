//! Loops over chains of iterators: `for`, and the methods that consume a chain. Each becomes a loop as one would write it
//! by hand, with what it accumulates in variables without a name.

use super::Lowerer;
use super::control::Cont;
use super::exits::{Exit, Scan};
use super::expression::Value;
use super::folded::in_place;
use super::item::Item;
use super::iterate::Chain;
use super::late;
use super::rename::Binding;
use super::scope::{State, VarId};
use super::source::Source;
use crate::diagnostics::{Site, message};
use crate::ir::{End, Header, Inactive, OpKind, Range, Ty, Val};
use crate::rules::derivative as table;
use crate::tokens::has_word;
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprForLoop, ExprMethodCall, GenericArgument, Label};

/// What is done with each element, and how the iteration ends.
pub(super) type Sink<'s, 'l, 'e> = &'s mut dyn FnMut(&mut Lowerer<'e>, Item) -> End;

/// A loop's exits that go further out, each with its flag, and where a returned value is.
type Exits = (Vec<(Exit, VarId)>, Option<VarId>);

impl<'e> Lowerer<'e> {
    /// `for pat in chain { … }`; `None` if the chain is not understood.
    pub(super) fn chain_loop(&mut self, e: &ExprForLoop, scan: &Scan, breaks: bool) -> Option<Exits> {
        let written = |name: &str| has_word(e.body.to_token_stream(), name);
        let mark = self.ops().len();
        let mut chain = self.iteration(&e.expr, &written)?;
        let carried_along = matches!(chain.source, Source::Once(..)) && chain.stages.is_empty();
        if carried_along || (!chain.stages.is_empty() && !self.mentions_float(&e.expr)) {
            self.ops().truncate(mark);
            return None;
        }
        let mut scan = scan.clone();
        let of_chain = Scan::expr(&e.expr);
        scan.assigned.extend(of_chain.assigned);
        scan.called.extend(of_chain.called);
        scan.members.extend(of_chain.members);
        let (mut label, mut body) = (e.label.clone(), e.body.clone());
        if let Some(site) = chain.nested() {
            // A `break` leaves all of the loops, and a `continue` the innermost.
            if breaks {
                let all = label.get_or_insert_with(|| syn::parse_quote!('flattened:)).name.clone();
                late::label_breaks(&mut body, &all);
            }
            let left = Scan::block(&body).exits;
            let outer = label.as_ref().map(|label| label.name.ident.to_string());
            if left.iter().any(|exit| matches!(exit, Exit::Continue(Some(to)) if Some(to) == outer.as_ref())) {
                self.error(
                    site,
                    message::unsupported("a `continue` with the label of a loop over a flattened iterator"),
                );
            }
            let left: Vec<Exit> = left.into_iter().filter(|exit| *exit != Exit::Continue(None)).collect();
            chain.left_by(&left);
        }
        Some(self.each(&chain, &scan, &[], label.as_ref(), e.for_token.span, &mut |l, item| {
            l.scopes.push();
            if !l.bind_item(&e.pat, &item) {
                l.error(Site::of(&e.pat), message::unsupported("a pattern like this"));
            }
            l.run(&body.stmts, &Cont::End)
        }))
    }

    /// A loop over a chain, which also carries the variables `hidden`.
    pub(super) fn each(
        &mut self,
        chain: &Chain,
        scan: &Scan,
        hidden: &[VarId],
        label: Option<&Label>,
        span: Span,
        sink: Sink<'_, '_, 'e>,
    ) -> Exits {
        let hidden: Vec<VarId> = hidden.iter().copied().chain(chain.kept()).collect();
        let once = match &chain.source {
            Source::Map(..) | Source::Copied(..) | Source::Once(..) | Source::Beside(..) => {
                self.consumed_once(&chain.source, span)
            }
            _ => None,
        };
        if let Some((code, pattern, binds, source)) = once {
            let header = Header::Iterator { code, pattern, binds };
            return self.carried_loop(scan, &hidden, label, span, |l| {
                let body = l.region(|l| {
                    l.scopes.push();
                    l.open(&chain.stages, span, &mut |l| {
                        let item = l.element_of(&source, Val(0), span);
                        l.stages(&chain.stages, item, span, sink)
                    })
                });
                (header, None, body)
            });
        }
        let Some((range, source)) = self.bounds(&chain.source, span) else {
            self.error(span, message::unsupported("a loop over this"));
            return (Vec::new(), None);
        };
        self.carried_loop(scan, &hidden, label, span, |l| {
            let index = l.func.val(Ty::Index, None, span);
            let body = l.region(|l| {
                l.scopes.push();
                l.open(&chain.stages, span, &mut |l| {
                    let item = l.element_of(&source, index, span);
                    l.stages(&chain.stages, item, span, sink)
                })
            });
            l.func.vals[index.0 as usize].name.get_or_insert_with(|| Ident::new("i", Span::mixed_site()));
            (Header::Range(range), Some(index), body)
        })
    }

    /// A loop over the indices from `lo` to `hi`.
    pub(super) fn over_range(
        &mut self,
        lo: Val,
        hi: Val,
        scan: &Scan,
        span: Span,
        body: &mut dyn FnMut(&mut Self, Val),
    ) {
        let range = Range { lo, hi, inclusive: false, step: None, reversed: false };
        self.carried_loop(scan, &[], None, span, |l| {
            let index = l.func.val(Ty::Index, None, span);
            let region = l.region(|l| {
                l.scopes.push();
                body(l, index);
                l.fall_off()
            });
            l.func.vals[index.0 as usize].name.get_or_insert_with(|| Ident::new("i", Span::mixed_site()));
            (Header::Range(range), Some(index), region)
        });
    }

    /// The header of a loop over an iterator that is consumed once.
    fn consumed_once(
        &mut self,
        source: &Source,
        span: Span,
    ) -> Option<(Inactive, proc_macro2::TokenStream, Vec<Val>, Source)> {
        match source {
            Source::Map(inner, f) => {
                let (code, pattern, binds, inner) = self.consumed_once(inner, span)?;
                Some((code, pattern, binds, Source::Map(Box::new(inner), f.clone())))
            }
            Source::Copied(inner) => {
                let (code, pattern, binds, inner) = self.consumed_once(inner, span)?;
                Some((code, pattern, binds, Source::Copied(Box::new(inner))))
            }
            Source::Once(code) => {
                let (name, val) = self.bound_by_loop("item", Ty::Other, span);
                let item = Item::Other { val, indexable: false, reference: false };
                Some((code.clone(), quote!(#name), vec![val], Source::Given(item)))
            }
            Source::Beside(inner, code, first) => {
                let n = self.count(inner, span);
                let (index, at) = self.bound_by_loop("i", Ty::Index, span);
                let (name, val) = self.bound_by_loop("item", Ty::Other, span);
                let item = Item::Other { val, indexable: false, reference: false };
                let given = Box::new(Source::Given(item));
                let inner = Box::new(Source::At(inner.clone(), at));
                let mut code = code.clone();
                let tokens = &code.tokens;
                let count = Ident::new("count__", Span::mixed_site());
                let range = if n.is_some() { quote!(0..#count) } else { quote!(0..) };
                let (tokens, pattern, source) = if *first {
                    let tokens = quote!(::core::iter::zip(#tokens, #range));
                    (tokens, quote!((#name, #index)), Source::Zip(given, inner))
                } else {
                    let tokens = quote!(::core::iter::zip(#range, #tokens));
                    (tokens, quote!((#index, #name)), Source::Zip(inner, given))
                };
                code.tokens = tokens;
                code.reads.extend(n.map(|n| (count, n)));
                Some((code, pattern, vec![at, val], source))
            }
            _ => None,
        }
    }

    /// A name that a loop's pattern binds.
    fn bound_by_loop(&mut self, name: &str, ty: Ty, span: Span) -> (Ident, Val) {
        let name = Ident::new(name, span);
        let name = self.bind_name(&name, Binding::Item).unwrap_or(name);
        let val = self.func.val(ty, Some(name.clone()), span);
        (name, val)
    }

    /// A reference to an element.
    pub(super) fn borrowed(&mut self, item: &Item, span: Span) -> Item {
        match item {
            Item::Other { val, indexable, .. } => {
                let mut code = Inactive::engine(quote!(&item__));
                code.reads.push((Ident::new("item__", Span::call_site()), *val));
                let val = self.define(OpKind::Inactive(code), Ty::Other, span);
                Item::Other { val, indexable: *indexable, reference: true }
            }
            Item::Tuple(items) => Item::Tuple(items.iter().map(|item| self.borrowed(item, span)).collect()),
            // Through a `&` nothing is written: it is read as it is now.
            Item::Element(part) if self.func.is_number(part) => {
                let val = self.load(part.clone(), span);
                self.scopes.records.borrow(val, true);
                Item::Float(val)
            }
            Item::Part { part, .. } | Item::Element(part) => Item::Part { part: part.clone(), reference: true },
            item => item.clone(),
        }
    }

    /// A method that consumes a chain of numbers; `None` if it is carried along.
    pub(super) fn consumer(&mut self, call: &ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        if name == "rfold" {
            let (receiver, fold) = (&call.receiver, Ident::new("fold", call.method.span()));
            let mut backwards: ExprMethodCall = syn::parse_quote!(#receiver.rev().#fold());
            backwards.args.clone_from(&call.args);
            return self.consumer(&backwards);
        }
        let arity = match name.as_str() {
            "sum" | "product" | "collect" => 0,
            "fold" => 2,
            "for_each" | "map" => 1,
            _ => return None,
        };
        let whole = Expr::MethodCall(call.clone());
        if args.len() != arity || !self.mentions_float(&whole) {
            return None;
        }
        let scan = Scan::expr(&whole);
        if name == "map" {
            return self.attempt(|l| l.mapped(call, args[0], &scan));
        }
        let ty = call.turbofish.as_ref().map(|t| t.args.to_token_stream().to_string());
        if ty.is_some_and(|ty| !self.func.width.is(&ty) && ty != "_") && matches!(name.as_str(), "sum" | "product") {
            return None;
        }
        if let [init, Expr::Closure(f)] = args.as_slice()
            && let Some(block) = in_place(&call.receiver, init, f)
        {
            return Some(self.block_value(&block));
        }
        self.attempt(|l| l.consumed(call, &name, &args, &scan))
    }

    /// Lowers something, or leaves everything as it was.
    pub(super) fn attempt<T>(&mut self, f: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let (mark, losses, before) = (self.ops().len(), self.losses.len(), self.scopes.snapshot());
        let written = self.scopes.written.clone();
        let value = f(self);
        if value.is_none() {
            self.ops().truncate(mark);
            self.losses.truncate(losses);
            self.scopes.restore(&before);
            self.scopes.written.forget_since(written);
        }
        value
    }

    /// What lowering something would find out. It leaves no trace; what it reports is reported where it is done.
    pub(super) fn trial<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let (ops, losses, errors) = (self.ops().len(), self.losses.len(), self.errors.count());
        let (before, written) = (self.scopes.snapshot(), self.scopes.written.clone());
        self.trials += 1;
        let found = f(self);
        self.trials -= 1;
        self.ops().truncate(ops);
        self.losses.truncate(losses);
        self.errors.truncate(errors);
        self.scopes.restore(&before);
        self.scopes.written.forget_since(written);
        found
    }

    fn consumed(&mut self, call: &ExprMethodCall, name: &str, args: &[&Expr], scan: &Scan) -> Option<Value> {
        let chain = self.iterator(&call.receiver, &|_| true)?;
        let span = call.method.span();
        match (name, args) {
            ("collect", _) => self.collected(call, &chain, scan),
            ("for_each", [f]) => {
                let f = self.function(f, 1)?;
                self.each(&chain, scan, &[], None, span, &mut |l, item| {
                    l.perform(&f, &[item]);
                    l.fall_off()
                });
                Some(Value::Opaque)
            }
            ("fold", [init, f]) => {
                let errors = self.errors.count();
                let folded = self.attempt(|l| {
                    let init = l.evaluate(init, None);
                    let f = l.function(f, 2)?;
                    l.fold(&chain, &init, &f, scan, span)
                });
                let constant = match init {
                    Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => true,
                    // `Zero::zero()`
                    Expr::Call(call) => call.args.is_empty(),
                    _ => false,
                };
                if folded.is_some() || !constant {
                    return folded;
                }
                // Of a constant from elsewhere only what is added to it tells that it is a float.
                self.errors.truncate(errors);
                let init = Item::Float(self.assumed_float(init));
                let f = self.function(f, 2)?;
                self.fold(&chain, &init, &f, scan, span)
            }
            _ => {
                // Empty, it is what the standard library says: `-0.0` or `0.0`. A type parameter may have the sum of
                // references only.
                let (prim, init) = if name == "sum" && self.func.width.is_generic() {
                    (&table::ADD, self.constant(-0.0, span))
                } else if name == "sum" {
                    let code = Inactive::empty_sum(&self.float_name());
                    (&table::ADD, self.define(OpKind::Inactive(code), Ty::Float, span))
                } else {
                    (&table::MUL, self.constant(1.0, span))
                };
                if let Some(GenericArgument::Type(ty)) = call.turbofish.as_ref().and_then(|t| t.args.first()) {
                    self.claim_type(&Value::Float(init), Some(ty));
                }
                // A variable of that name is the user's, where the code that reads it is.
                let sum = self.scopes.hidden(Ident::new(name, call.method.span()), State::Float(init));
                let typed = call.turbofish.is_some();
                let mut numbers = true;
                self.each(&chain, scan, &[sum], None, span, &mut |l, item| {
                    match (l.number_of(&item, typed), &l.scopes.vars[sum].state) {
                        (Some(val), &State::Float(old)) => {
                            let new = l.prim(prim, vec![old, val], span);
                            l.scopes.vars[sum].state = State::Float(new);
                        }
                        _ => numbers = false,
                    }
                    l.fall_off()
                });
                let State::Float(val) = self.scopes.vars[sum].state else { return None };
                numbers.then_some(Value::Float(val))
            }
        }
    }

    /// An element as a number.
    fn number_of(&mut self, item: &Item, typed: bool) -> Option<Val> {
        match item {
            Item::Float(val) => Some(*val),
            Item::Element(part) if self.func.is_number(part) => Some(self.load(part.clone(), Span::call_site())),
            // The item itself, or what it refers to.
            Item::Other { val, .. } if typed => {
                let float = self.float_name();
                let mut code = Inactive::engine(quote!(#float::clone(&item__)));
                code.reads.push((Ident::new("item__", Span::call_site()), *val));
                Some(self.define(OpKind::Inactive(code), Ty::Float, Span::call_site()))
            }
            _ => None,
        }
    }
}
