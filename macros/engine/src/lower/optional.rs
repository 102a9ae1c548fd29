//! Numbers that may not be there: what `reduce`, `max_by`, `last`, `find` and the like make of a chain, and `first`, `last`
//! and `get` of an array. Nothing is ever an `Option` of a number: whether there is one is a condition, and the number is
//! in a variable, or an element of an array. `unwrap_or` and its kin, `match` and `if let` become branches.

use super::Lowerer;
use super::accumulate::Shape;
use super::effects::{Effect, Effects};
use super::exits::{Exit, Scan};
use super::expression::Value;
use super::item::Item;
use super::iterate::Function;
use super::opaque::Fate;
use super::scope::{State, VarId};
use super::source::{Source, effect};
use super::stage::Stage;
use crate::ir::{End, Inactive, OpKind, Ty, Val, Width};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprMethodCall, Stmt, parse_quote};

/// What may not be there.
pub(super) struct Optional {
    /// The name of the condition that it is.
    pub some: Ident,
    /// What it is then. It may be evaluated once.
    pub inner: Expr,
}

/// How an element of a chain is found.
struct Keeping<'a> {
    /// The method.
    name: &'a str,
    f: Option<Function>,
    shape: Shape,
    /// Whether there is one so far.
    some: VarId,
    span: Span,
}

/// Methods of a chain that keep one of its elements.
pub(super) const KEEPING: &[&str] = &["reduce", "max_by", "min_by", "last", "nth", "next", "find"];
/// Methods of an array that give an element.
const ELEMENTS: &[&str] = &[
    "first",
    "last",
    "get",
    "split_first",
    "split_last",
    "first_mut",
    "last_mut",
    "get_mut",
    "split_first_mut",
    "split_last_mut",
];

impl Lowerer<'_> {
    /// What an expression is, if that is something that may not be there and that the engine follows.
    pub(super) fn optional(&mut self, expr: &Expr) -> Option<Optional> {
        let expr = super::call::without_parentheses(expr);
        if let Some((some, value)) = self.scopes.option_named(expr) {
            return Some(Optional { some, inner: parse_quote!(#value) });
        }
        if let Expr::Reference(e) = expr {
            return self
                .scopes
                .option_named(&e.expr)
                .map(|(some, value)| Optional { some, inner: parse_quote!(#value) });
        }
        if let Some(found) = self.optional_conversion(expr) {
            return Some(found);
        }
        let Expr::MethodCall(call) = expr else { return None };
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        match (name.as_str(), args.as_slice()) {
            ("take", []) => self.taken_option(&call.receiver),
            ("as_ref" | "clone", []) => self.optional(&call.receiver),
            ("then" | "then_some", [value]) if self.mentions_float(value) => {
                let val = self.condition(&call.receiver);
                let some = self.hidden("some", State::Other { val, indexable: false });
                if name == "then" {
                    return Some(Optional { some, inner: parse_quote!((#value)()) });
                }
                let Item::Float(val) = self.evaluate(value, None) else { return None };
                let inner = self.hidden("given", State::Float(val));
                Some(Optional { some, inner: parse_quote!(#inner) })
            }
            ("copied" | "cloned", []) => {
                let Optional { some, inner } = self.optional(&call.receiver)?;
                Some(Optional { some, inner: parse_quote!((*(#inner))) })
            }
            ("map", [f]) => {
                let Optional { some, inner } = self.optional(&call.receiver)?;
                Some(Optional { some, inner: parse_quote!((#f)(#inner)) })
            }
            ("next" | "peek", []) if self.cursor_of(&call.receiver).is_some() => self.next_of(call),
            ("pop", []) if self.local_list(&call.receiver).is_some() => self.popped(call),
            (name, _) if KEEPING.contains(&name) || ELEMENTS.contains(&name) => {
                if !self.mentions_float(expr) {
                    return None;
                }
                self.attempt(|l| match l.element_of_array(call, name, &args) {
                    Some(found) => Some(found),
                    None => l.kept(call, name, &args),
                })
            }
            _ => None,
        }
    }

    /// `x.get(i)?`, `x.first().ok_or(error)?`: what is there, or else the function is left without a number.
    pub(super) fn there_or_leave(&mut self, expr: &Expr) -> Option<Value> {
        let expr = super::call::without_parentheses(expr);
        let with_error = match expr {
            Expr::MethodCall(call) if call.method == "ok_or" || call.method == "ok_or_else" => Some(call),
            _ => None,
        };
        let Optional { some, mut inner } = self.optional(with_error.map_or(expr, |call| &call.receiver))?;
        let nothing = match with_error {
            Some(call) => {
                let (given, lazy) = (call.args.first()?, call.method == "ok_or_else");
                let error = self.unused_name("error");
                let first = if lazy { None } else { self.taken_first(call, given, &some, &mut inner) };
                first.iter().for_each(|stmt| self.statement(stmt));
                self.statement(&parse_quote!(let #error = #given;));
                let call = lazy.then(|| quote!(()));
                quote!(::core::result::Result::Err(::core::convert::From::from(#error #call)))
            }
            None => quote!(::core::option::Option::None),
        };
        let leave = Ident::new(super::fallible::LEAVE, Span::call_site());
        self.expression_statement(&parse_quote!(if #some {} else { #leave!(#nothing) }));
        match self.expr(&inner) {
            Value::Opaque => None,
            value => Some(value),
        }
    }

    /// `x.first()`, `x.get(i)`
    fn element_of_array(&mut self, call: &ExprMethodCall, name: &str, args: &[&Expr]) -> Option<Optional> {
        let span = call.method.span();
        let list = !matches!(super::call::without_parentheses(&call.receiver), Expr::MethodCall(_))
            || super::applied::iterator(call).is_none();
        if !list || !ELEMENTS.contains(&name) {
            return None;
        }
        let part = self.array_part(&call.receiver)?;
        let n = self.length(&part, span);
        let index = match (name, args) {
            ("first" | "first_mut" | "split_first" | "split_first_mut", []) => self.engine_index(quote!(0), &[], span),
            ("last" | "last_mut" | "split_last" | "split_last_mut", []) => {
                self.engine_index(quote!(usize::wrapping_sub(n, 1)), &[("n", n)], span)
            }
            ("get" | "get_mut", [k]) if !matches!(k, Expr::Range(_)) => self.index(k),
            _ => return None,
        };
        let some = self.is(quote!(k < n), &[("k", index), ("n", n)], span);
        let list = self.hidden("list", State::Part(part));
        if let Some(id) = self.scopes.find(&list.to_string()) {
            self.scopes.vars[id].reference = true;
            self.scopes.vars[id].exclusive = name.ends_with("_mut");
        }
        let index = self.hidden("at", State::Other { val: index, indexable: false });
        let inner = match name {
            "first_mut" | "last_mut" | "get_mut" => parse_quote!((&mut #list[#index])),
            "split_first" => parse_quote!((&#list[#index], &#list[1..])),
            "split_last" => parse_quote!((&#list[#index], &#list[..#index])),
            "split_first_mut" => parse_quote!((&mut #list[#index], &mut #list[1..])),
            "split_last_mut" => parse_quote!((&mut #list[#index], &mut #list[..#index])),
            _ => parse_quote!((&#list[#index])),
        };
        Some(Optional { some, inner })
    }

    /// A condition of the engine's own, under a name.
    pub(super) fn is(&mut self, tokens: TokenStream, reads: &[(&str, Val)], span: Span) -> Ident {
        let val = self.engine_index(tokens, reads, span);
        self.func.vals[val.0 as usize].ty = Ty::Bool;
        self.hidden("some", State::Other { val, indexable: false })
    }

    /// One of the elements of a chain.
    fn kept(&mut self, call: &ExprMethodCall, name: &str, args: &[&Expr]) -> Option<Optional> {
        let mut chain = self.iterator(&call.receiver, &|_| true)?;
        let span = call.method.span();
        let scan = Scan::expr(&Expr::MethodCall(call.clone()));
        let simple = chain.stages.is_empty() && chain.source.indexed() && effect(&chain.source) == Effect::No;
        let f = match (name, args) {
            ("reduce" | "max_by" | "min_by", [f]) => Some(self.function(f, 2)?),
            ("find", [f]) => Some(self.function(f, 1)?),
            ("last" | "next", []) => None,
            ("nth", [k]) if simple => {
                let k = self.index(k);
                chain.source = Source::Skip(Box::new(chain.source), k);
                None
            }
            ("nth", [k]) => {
                let k = self.index(k);
                let counter = self.native("count", &quote!(0_usize), span);
                chain.stages.push(Stage::Skip(k, counter));
                None
            }
            _ => return None,
        };
        if name == "last" && simple {
            let count = self.count(&chain.source, span)?;
            chain.source = Source::Rev(Box::new(chain.source), count);
        }
        let first = matches!(name, "nth" | "next" | "find") || (name == "last" && simple);
        if first && chain.nested().is_some() {
            return None;
        }
        let one = |l: &mut Self| l.engine_index(quote!(1), &[], span);
        if first && name != "find" && simple {
            let one = one(self);
            chain.source = Source::Take(Box::new(chain.source), one);
        }
        // What the elements are is known when one has been seen.
        let shape = self.trial(|l| {
            let mut seen = None;
            l.each(&chain, &scan, &[], None, span, &mut |l, item| {
                seen = Some(item);
                l.fall_off()
            });
            seen.and_then(|item| l.room(&item))
        });
        let mut vars = Vec::new();
        let shape = self.begin(&shape?, "kept", &mut vars, span);
        let none = self.flag(false, span);
        let some = self.scopes.hidden(Ident::new("some", Span::mixed_site()), State::Flag(none));
        vars.push(some);
        let mut fits = true;
        let keeping = Keeping { name, f, shape, some, span };
        self.each(&chain, &scan, &vars, None, span, &mut |l, item| l.keep(&keeping, &item, &mut fits));
        let State::Flag(val) = self.scopes.vars[some].state else { return None };
        let some = self.hidden("some", State::Other { val, indexable: false });
        let inner = self.kept_in(&keeping.shape);
        fits.then_some(Optional { some, inner })
    }

    /// What becomes of what was kept when an element comes by.
    fn keep(&mut self, keeping: &Keeping<'_>, item: &Item, fits: &mut bool) -> End {
        let &Keeping { name, ref f, ref shape, some, span } = keeping;
        let found = |l: &mut Self| {
            let flag = l.flag(true, span);
            l.scopes.vars[some].state = State::Flag(flag);
        };
        match (name, f) {
            ("find", Some(f)) => {
                let seen = self.borrowed(item, span);
                let cond = self.decide(f, &[seen]);
                self.in_cases(cond, |l, holds| {
                    if !holds {
                        return l.fall_off();
                    }
                    *fits &= l.accumulate(shape, item);
                    found(l);
                    l.leave(&Exit::Break(None), None, span)
                })
            }
            (name, Some(f)) => {
                let State::Flag(cond) = self.scopes.vars[some].state else { return self.fall_off() };
                self.in_cases(cond, |l, another| {
                    if !another {
                        *fits &= l.accumulate(shape, item);
                        found(l);
                        return l.fall_off();
                    }
                    let so_far = l.accumulated(shape);
                    if name == "reduce" {
                        let next = l.apply(f, &[so_far, item.clone()]);
                        *fits &= l.accumulate(shape, &next);
                        return l.fall_off();
                    }
                    let seen = [l.borrowed(&so_far, span), l.borrowed(item, span)];
                    let greater = l.greater(f, &seen, span);
                    l.in_cases(greater, |l, greater| {
                        // Of equal ones, the last is the greatest and the first the least.
                        let kept = if greater == (name == "max_by") { &so_far } else { item };
                        *fits &= l.accumulate(shape, kept);
                        l.fall_off()
                    })
                })
            }
            (name, None) => {
                *fits &= self.accumulate(shape, item);
                found(self);
                if name == "last" { self.fall_off() } else { self.leave(&Exit::Break(None), None, span) }
            }
        }
    }

    /// Whether a function that compares finds the first of two to be greater.
    fn greater(&mut self, f: &Function, items: &[Item], span: Span) -> Val {
        let found = self.within(&f.lambda, items, f.site, |l, body| {
            let code = l.block_code(body);
            let name = Ident::new("ordering", Span::mixed_site());
            let mut greater = Inactive::engine(quote!(::core::matches!(#name, ::core::cmp::Ordering::Greater)));
            greater.reads.push((name, code));
            l.define(OpKind::Inactive(greater), Ty::Bool, span)
        });
        found.unwrap_or_else(|| self.flag(false, span))
    }

    /// The value of a body that is no number.
    fn block_code(&mut self, body: &Expr) -> Val {
        match body {
            Expr::Block(b) if b.label.is_none() => self.plain_block(&b.block, |l, b| match b.stmts.split_last() {
                Some((syn::Stmt::Expr(last, None), stmts)) => {
                    stmts.iter().for_each(|s| l.statement(s));
                    l.block_code(last)
                }
                _ => l.template(body, Ty::Other, &Fate::Consumed),
            }),
            body => self.template(body, Ty::Other, &Fate::Consumed),
        }
    }

    /// What the functions do that something which may not be there goes through.
    fn mapping(&self, expr: &Expr) -> Effect {
        match super::call::without_parentheses(expr) {
            Expr::MethodCall(call) if call.method == "copied" || call.method == "cloned" => {
                self.mapping(&call.receiver)
            }
            Expr::MethodCall(call) if call.method == "map" => {
                let own = call.args.first().map_or(Effect::No, |f| self.effect_of_function(f));
                own.max(self.mapping(&call.receiver))
            }
            _ => Effect::No,
        }
    }

    /// What is taken out is there before a value for the case that nothing is, which may change where it comes from, and the
    /// other way round: what takes it out first, if that matters.
    fn taken_first(&mut self, call: &ExprMethodCall, value: &Expr, some: &Ident, inner: &mut Expr) -> Option<Stmt> {
        if self.mapping(&call.receiver).max(Effects::of(value, &self.func.width).effect()) == Effect::No {
            return None;
        }
        let (taken, zero) = (self.unused_name("taken"), self.poison(call.method.span()));
        let nothing = self.hidden("nothing", State::Float(zero));
        let there = std::mem::replace(inner, parse_quote!(#taken));
        Some(parse_quote!(let #taken = if #some { #there } else { #nothing };))
    }

    /// What is taken out of something that may not be there: `….unwrap_or(0.0)`.
    pub(super) fn taken_out(&mut self, call: &ExprMethodCall) -> Option<Value> {
        const TAKERS: &[&str] =
            &["unwrap", "expect", "unwrap_or", "unwrap_or_default", "unwrap_or_else", "map_or", "map_or_else"];
        let name = call.method.to_string();
        if !TAKERS.contains(&name.as_str()) || !self.mentions_float(&call.receiver) {
            return None;
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let called = self.is_called(&call.receiver);
        // A call is unwrapped where it stands.
        if matches!(name.as_str(), "unwrap" | "expect") && called {
            return None;
        }
        self.attempt(|l| {
            let found = if called { l.called_optional(&call.receiver) } else { l.optional(&call.receiver) };
            let Optional { some, mut inner } = found?;
            let default = l.unused_name("default");
            let first = match (name.as_str(), args.first()) {
                ("unwrap_or" | "map_or", Some(value)) => l.taken_first(call, value, &some, &mut inner),
                _ => None,
            };
            let method = &call.method;
            let taken: Expr = match (name.as_str(), args.as_slice()) {
                ("unwrap" | "expect", args) => {
                    let option = quote!(::core::option::Option);
                    let there = quote!(if #some { #option::Some(()) } else { #option::None });
                    l.expression_statement(&parse_quote!(#option::#method(#there #(, #args)*)));
                    inner
                }
                ("unwrap_or", [value]) => parse_quote!({
                    #first
                    let #default = #value;
                    if #some { #inner } else { #default }
                }),
                ("unwrap_or_default", []) => {
                    let default = match &l.func.width {
                        Width::Generic(float) => quote!(<#float as ::core::default::Default>::default()),
                        _ => {
                            let zero = l.constant(0.0, call.method.span());
                            l.hidden("default", State::Float(zero)).to_token_stream()
                        }
                    };
                    parse_quote!(if #some { #inner } else { #default })
                }
                ("unwrap_or_else", [f]) => match l.error_given(&call.receiver, f) {
                    Some(value) => parse_quote!(if #some { #inner } else { #value }),
                    None => parse_quote!(if #some { #inner } else { (#f)() }),
                },
                ("map_or", [value, f]) => parse_quote!({
                    #first
                    let #default = #value;
                    if #some { (#f)(#inner) } else { #default }
                }),
                ("map_or_else", [value, f]) => parse_quote!(if #some { (#f)(#inner) } else { (#value)() }),
                _ => return None,
            };
            match l.expr(&taken) {
                Value::Opaque => None,
                value => Some(value),
            }
        })
    }
}
