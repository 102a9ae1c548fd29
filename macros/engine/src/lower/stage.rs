//! What the elements of a chain go through on their way to what is done with them. Each stage is a piece of the loop's body
//! around all that follows: a `filter` is a branch, a `flat_map` a loop within the loop.
//!
//! What a stage counts or remembers is a variable of the emitted code, declared where the chain is made; no number is in it.
//! A stage that ends the iteration asks before the next element is taken, as the standard library does.

use super::Lowerer;
use super::consume::Sink;
use super::control::{Cont, Context};
use super::exits::{Exit, Scan};
use super::item::Item;
use super::iterate::{Chain, Function};
use super::late;
use super::optional::Optional;
use super::rename::Binding;
use super::scope::{State, VarId};
use super::source::Source;
use super::syntax::path_of;
use crate::diagnostics::{Site, message};
use crate::ir::{End, Inactive, OpKind, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Pat, Stmt};

/// How many copies of what follows a `filter_map` may make.
const COPIES: usize = 2;

/// What an element goes through.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    Map(Function),
    Copied,
    Filter(Function),
    /// With whether it is over, if there are loops within the loop.
    TakeWhile(Function, Option<Ident>),
    /// With whether it still skips.
    SkipWhile(Function, Ident),
    Inspect(Function),
    FilterMap(Function),
    MapWhile(Function),
    /// With a number that it keeps.
    Scan(Function, VarId),
    /// What follows a number that it keeps, with whether there is nothing any more.
    Successors(Function, VarId, Ident),
    /// With a counter, as all below.
    Enumerate(Ident),
    Skip(Val, Ident),
    Take(Val, Ident),
    StepBy(Val, Ident),
    /// Beside the elements of a source, of which there are so many, as the second of two or as the first.
    Zip(Source, Option<Val>, Ident, bool),
    /// Loops within the loop, with the exits out of it.
    FlatMap(Function, Vec<Exit>),
    Flatten(Site, Vec<Exit>),
}

impl Chain {
    /// Where it has loops within loops.
    pub(super) fn nested(&self) -> Option<Site> {
        self.stages.iter().find_map(|stage| match stage {
            Stage::FlatMap(f, _) => Some(f.site),
            Stage::Flatten(site, _) => Some(*site),
            _ => None,
        })
    }

    /// Says what exits there are in what is done with the elements.
    pub(super) fn left_by(&mut self, exits: &[Exit]) {
        for stage in &mut self.stages {
            if let Stage::FlatMap(_, all) | Stage::Flatten(_, all) = stage {
                *all = exits.to_vec();
            }
        }
    }

    /// The numbers that its stages keep.
    pub(super) fn kept(&self) -> Vec<VarId> {
        let kept = |stage: &Stage| match stage {
            Stage::Scan(_, var) | Stage::Successors(_, var, _) => Some(*var),
            _ => None,
        };
        self.stages.iter().filter_map(kept).collect()
    }
}

impl<'e> Lowerer<'e> {
    /// A variable of the emitted code.
    pub(super) fn native(&mut self, name: &str, init: &TokenStream, span: Span) -> Ident {
        let name = self.unused_name(name);
        let name = self.bind_name(&name, Binding::Native).unwrap_or(name);
        self.verbatim(quote!(let mut #name = #init;), span);
        name
    }

    /// What is read of such variables.
    pub(super) fn reading(&mut self, tokens: TokenStream, reads: &[(&str, Val)], ty: Ty, span: Span) -> Val {
        let mut code = Inactive { pure: false, repeatable: true, ..Inactive::engine(tokens) };
        code.reads.extend(reads.iter().map(|&(name, val)| (Ident::new(name, Span::call_site()), val)));
        self.define(OpKind::Inactive(code), ty, span)
    }

    /// One more.
    fn count_on(&mut self, counter: &Ident, span: Span) {
        self.verbatim(quote!(#counter += 1;), span);
    }

    /// What has to hold before the next element is taken.
    pub(super) fn open(&mut self, stages: &[Stage], span: Span, body: &mut dyn FnMut(&mut Self) -> End) -> End {
        let mut conditions = Vec::new();
        for stage in stages {
            conditions.push(match stage {
                Stage::Take(n, counter) => self.reading(quote!(#counter < n__), &[("n__", *n)], Ty::Bool, span),
                Stage::TakeWhile(_, Some(over)) | Stage::Successors(_, _, over) => {
                    self.reading(quote!(!#over), &[], Ty::Bool, span)
                }
                Stage::Zip(_, Some(n), counter, true) => {
                    self.reading(quote!(#counter < n__), &[("n__", *n)], Ty::Bool, span)
                }
                _ => continue,
            });
        }
        self.while_all(&conditions, span, body)
    }

    fn while_all(&mut self, conditions: &[Val], span: Span, body: &mut dyn FnMut(&mut Self) -> End) -> End {
        let Some((&cond, rest)) = conditions.split_first() else { return body(self) };
        self.in_case(cond, &mut |l| l.while_all(rest, span, body), &mut |l| l.leave(&Exit::Break(None), None, span))
    }

    /// One of two ways to the end of the loop's body.
    pub(super) fn in_case(
        &mut self,
        cond: Val,
        then: &mut dyn FnMut(&mut Self) -> End,
        other: &mut dyn FnMut(&mut Self) -> End,
    ) -> End {
        self.in_cases(cond, |l, holds| if holds { then(l) } else { other(l) })
    }

    /// What becomes of an element.
    pub(super) fn stages(&mut self, stages: &[Stage], item: Item, span: Span, sink: Sink<'_, '_, 'e>) -> End {
        let Some((stage, rest)) = stages.split_first() else { return sink(self, item) };
        match stage {
            Stage::Map(f) => {
                let item = self.apply(f, &[item]);
                self.stages(rest, item, span, sink)
            }
            Stage::Copied => {
                let item = self.dereferenced(item, span);
                self.stages(rest, item, span, sink)
            }
            Stage::Inspect(f) => {
                let seen = self.borrowed(&item, span);
                self.perform(f, &[seen]);
                self.stages(rest, item, span, sink)
            }
            Stage::Filter(f) => {
                let seen = self.borrowed(&item, span);
                let cond = self.decide(f, &[seen]);
                self.in_case(cond, &mut |l| l.stages(rest, item.clone(), span, sink), &mut Self::fall_off)
            }
            Stage::TakeWhile(f, over) => {
                let seen = self.borrowed(&item, span);
                let cond = self.decide(f, &[seen]);
                self.in_case(cond, &mut |l| l.stages(rest, item.clone(), span, sink), &mut |l| {
                    if let Some(over) = over {
                        l.verbatim(quote!(#over = true;), span);
                    }
                    l.leave(&Exit::Break(None), None, span)
                })
            }
            Stage::SkipWhile(f, skipping) => {
                let still = self.reading(quote!(#skipping), &[], Ty::Bool, span);
                let decide = |l: &mut Self| {
                    let seen = l.borrowed(&item, span);
                    l.decide(f, &[seen])
                };
                let cond = self.either(still, decide, |l| l.flag(false, span), span);
                self.in_case(cond, &mut Self::fall_off, &mut |l| {
                    l.verbatim(quote!(#skipping = false;), span);
                    l.stages(rest, item.clone(), span, sink)
                })
            }
            Stage::FilterMap(_) | Stage::MapWhile(_) | Stage::Scan(..) | Stage::Successors(..) => {
                self.mapped_to_option(stage, item, rest, span, sink)
            }
            Stage::FlatMap(f, exits) => {
                let inner = self.within(&f.lambda, &[item], f.site, |l, body| l.iteration(body, &|_| true)).flatten();
                self.inner_loop(inner, f.site, exits, rest, span, sink)
            }
            Stage::Flatten(site, exits) => {
                let source = match item {
                    Item::Part { part, .. } => Some(Source::Elements { part, mutable: false, owned: false }),
                    Item::Element(part) if self.rank(&part) > 0 => {
                        Some(Source::Elements { part, mutable: true, owned: false })
                    }
                    _ => None,
                };
                let inner = source.map(|source| Chain { source, stages: Vec::new() });
                self.inner_loop(inner, *site, exits, rest, span, sink)
            }
            counting => self.counted(counting, item, rest, span, sink),
        }
    }

    /// Stages with a counter.
    fn counted(&mut self, stage: &Stage, item: Item, rest: &[Stage], span: Span, sink: Sink<'_, '_, 'e>) -> End {
        match stage {
            Stage::Enumerate(counter) => {
                let val = self.reading(quote!(#counter), &[], Ty::Index, span);
                self.count_on(counter, span);
                let number = Item::Other { val, indexable: false, reference: false };
                self.stages(rest, Item::Tuple(vec![number, item]), span, sink)
            }
            Stage::Skip(n, counter) => {
                let cond = self.reading(quote!(#counter < n__), &[("n__", *n)], Ty::Bool, span);
                self.in_case(
                    cond,
                    &mut |l| {
                        l.count_on(counter, span);
                        l.fall_off()
                    },
                    &mut |l| l.stages(rest, item.clone(), span, sink),
                )
            }
            Stage::Take(_, counter) => {
                self.count_on(counter, span);
                self.stages(rest, item, span, sink)
            }
            Stage::StepBy(k, counter) => {
                let cond = self.reading(quote!(#counter % k__ == 0), &[("k__", *k)], Ty::Bool, span);
                self.count_on(counter, span);
                self.in_case(cond, &mut |l| l.stages(rest, item.clone(), span, sink), &mut Self::fall_off)
            }
            Stage::Zip(source, n, counter, first) => {
                let mut beside = |l: &mut Self| {
                    let at = l.reading(quote!(#counter), &[], Ty::Index, span);
                    l.count_on(counter, span);
                    let other = l.element_of(source, at, span);
                    let pair = if *first { vec![other, item.clone()] } else { vec![item.clone(), other] };
                    l.stages(rest, Item::Tuple(pair), span, sink)
                };
                let Some(n) = n.filter(|_| !first) else { return beside(self) };
                let cond = self.reading(quote!(#counter < n__), &[("n__", n)], Ty::Bool, span);
                self.in_case(cond, &mut beside, &mut |l| l.leave(&Exit::Break(None), None, span))
            }
            _ => self.stages(rest, item, span, sink),
        }
    }

    /// Stages whose function returns an option.
    fn mapped_to_option(
        &mut self,
        stage: &Stage,
        item: Item,
        rest: &[Stage],
        span: Span,
        sink: Sink<'_, '_, 'e>,
    ) -> End {
        let depth = self.scopes.depth();
        let (f, items, state) = match stage {
            Stage::Scan(f, var) => (f, vec![Item::Tuple(Vec::new()), item], Some(*var)),
            Stage::FilterMap(f) | Stage::MapWhile(f) => (f, vec![item], None),
            Stage::Successors(f, var, over) => return self.followed(f, *var, over, rest, span, sink),
            _ => return self.stages(rest, item, span, sink),
        };
        let mapped = self.within(&f.lambda, &items, f.site, |l, body| {
            if let (Some(var), Some(Pat::Ident(p))) = (state, f.lambda.inputs.first()) {
                l.scopes.declare(&p.ident, State::Alias(var), false);
            }
            let mut some = |l: &mut Self, item: Item| l.stages(rest, item, span, sink);
            let ends = state.is_some() || matches!(stage, Stage::MapWhile(_));
            let mut none = |l: &mut Self| if ends { l.leave(&Exit::Break(None), None, span) } else { l.fall_off() };
            l.mapped_or_not(body, f.site, depth, &mut some, &mut none)
        });
        mapped.unwrap_or_else(|| self.fall_off())
    }

    /// `successors`: each number is followed by what the function makes of it, which is found before it is used.
    fn followed(
        &mut self,
        f: &Function,
        var: VarId,
        over: &Ident,
        rest: &[Stage],
        span: Span,
        sink: Sink<'_, '_, 'e>,
    ) -> End {
        let depth = self.scopes.depth();
        let State::Float(val) = self.scopes.vars[var].state else { return self.fall_off() };
        let item = Item::Float(val);
        // Both ways go on with it.
        let sink = std::cell::RefCell::new(sink);
        let followed = self.within(&f.lambda, std::slice::from_ref(&item), f.site, |l, body| {
            let mut some = |l: &mut Self, next: Item| {
                match next {
                    Item::Float(next) => l.scopes.vars[var].state = State::Float(next),
                    _ => l.error(f.site, message::lost_in_iterator("successors")),
                }
                l.stages(rest, item.clone(), span, &mut **sink.borrow_mut())
            };
            let mut none = |l: &mut Self| {
                l.verbatim(quote!(#over = true;), span);
                l.scopes.pop_to(depth);
                l.stages(rest, item.clone(), span, &mut **sink.borrow_mut())
            };
            l.mapped_or_not(body, f.site, depth, &mut some, &mut none)
        });
        followed.unwrap_or_else(|| self.fall_off())
    }

    fn inner_loop(
        &mut self,
        chain: Option<Chain>,
        site: Site,
        exits: &[Exit],
        rest: &[Stage],
        span: Span,
        sink: Sink<'_, '_, 'e>,
    ) -> End {
        let Some(mut chain) = chain else {
            self.error(site, message::lost_in_iterator("flat_map"));
            return self.fall_off();
        };
        chain.left_by(exits);
        chain.stages.extend_from_slice(rest);
        let carried = match self.contexts.last() {
            Some(Context::Loop { carried, .. }) => carried.clone(),
            _ => Vec::new(),
        };
        let scan = Scan::leaving(exits.to_vec());
        let (exits, value) = self.each(&chain, &scan, &carried, None, span, sink);
        self.dispatch(&exits, value, &[], &Cont::End)
    }

    /// What follows a function that returns `Some` of an element, or `None`: its body, with that in the places of these.
    /// Names are again what they mean at `depth` then.
    fn mapped_or_not(
        &mut self,
        body: &Expr,
        site: Site,
        depth: usize,
        some: &mut dyn FnMut(&mut Self, Item) -> End,
        none: &mut dyn FnMut(&mut Self) -> End,
    ) -> End {
        let mut found = 0;
        late::each_tail(body, &mut |tail| found += usize::from(some_of(tail).is_some()));
        if found > COPIES {
            self.error(site, message::lost_in_iterator("filter_map"));
            return self.fall_off();
        }
        self.option_of(body, site, depth, some, none)
    }

    fn option_of(
        &mut self,
        body: &Expr,
        site: Site,
        depth: usize,
        some: &mut dyn FnMut(&mut Self, Item) -> End,
        none: &mut dyn FnMut(&mut Self) -> End,
    ) -> End {
        if let Some(value) = some_of(body) {
            let item = self.evaluate(value, None);
            self.scopes.pop_to(depth);
            return some(self, item);
        }
        match body {
            Expr::Paren(e) => self.option_of(&e.expr, site, depth, some, none),
            Expr::Path(_) if path_of(body).is_some_and(|path| path.rsplit("::").next() == Some("None")) => none(self),
            Expr::Block(b) if b.label.is_none() => match b.block.stmts.split_last() {
                Some((Stmt::Expr(last, None), stmts)) if stmts.iter().all(|s| Scan::stmt(s).exits.is_empty()) => {
                    self.scopes.push();
                    stmts.iter().for_each(|s| self.statement(s));
                    self.option_of(last, site, depth, some, none)
                }
                _ => self.no_option(site),
            },
            e if Self::is_match(e) => {
                let e = self.as_if(e);
                self.option_of(&e, site, depth, some, none)
            }
            Expr::If(e) => {
                let Some((_, other)) = &e.else_branch else { return self.no_option(site) };
                let cond = self.condition(&e.cond);
                let then = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: e.then_branch.clone() });
                self.in_cases(cond, |l, holds| l.option_of(if holds { &then } else { other }, site, depth, some, none))
            }
            other => match self.optional(other) {
                Some(Optional { some: there, inner }) => {
                    let cond = self.condition(&syn::parse_quote!(#there));
                    let mut then = |l: &mut Self| {
                        let item = l.evaluate(&inner, None);
                        l.scopes.pop_to(depth);
                        some(l, item)
                    };
                    self.in_case(cond, &mut then, none)
                }
                None => self.no_option(site),
            },
        }
    }

    fn no_option(&mut self, site: Site) -> End {
        self.error(site, message::lost_in_iterator("filter_map"));
        self.fall_off()
    }
}

/// `x` of `Some(x)`.
pub(super) fn some_of(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Paren(e) => some_of(&e.expr),
        Expr::Call(call) if call.args.len() == 1 => {
            let path = path_of(&call.func)?;
            call.args.first().filter(|_| path.rsplit("::").next() == Some("Some"))
        }
        _ => None,
    }
}
