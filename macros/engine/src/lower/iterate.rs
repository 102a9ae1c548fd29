//! Chains of iterators: what an expression iterates over, as a [`Source`] that is read by index and [`Stage`]s that each
//! element goes through. Nothing is evaluated here but what the chain evaluates when it is made: bounds and lengths.
//!
//! `rev`, `skip` and the like only move indices as long as each element has one; so a chain becomes the loop over indices
//! that one would write by hand, and whatever the other passes know of such loops holds. Behind a `filter` elements have no
//! index any more: what would need one counts them.
//!
//! A part that no number is mentioned in and that is not understood is kept in the user's tokens and consumed once.

use super::Lowerer;
use super::applied;
use super::call::without_parentheses;
use super::effects::Effect;
use super::item::Item;
use super::lambda::Lambda;
use super::opaque::Fate;
use super::origin::makes_iterator;
use super::ranges;
use super::rows::borrowed;
use super::scope::State;
use super::source::{Pieces, Source, effect, whole};
use super::stage::Stage;
use crate::diagnostics::Site;
use crate::ir::{Inactive, Init, Part};
use proc_macro2::{Ident, Span};
use quote::quote;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMethodCall, Pat, RangeLimits};

/// Methods that are followed from one iterator to another.
pub(super) const ADAPTERS: &[&str] = &[
    "into_iter",
    "fuse",
    "peekable",
    "copied",
    "cloned",
    "enumerate",
    "zip",
    "chain",
    "cycle",
    "skip",
    "take",
    "rev",
    "step_by",
    "map",
    "filter",
    "filter_map",
    "map_while",
    "take_while",
    "skip_while",
    "scan",
    "inspect",
    "flat_map",
    "flatten",
];

/// Methods that make an iterator of a list, or consume one.
pub(super) const ENDS: &[&str] = &[
    "iter",
    "iter_mut",
    "windows",
    "chunks",
    "chunks_exact",
    "rchunks",
    "rchunks_exact",
    "sum",
    "product",
    "fold",
    "rfold",
    "for_each",
    "collect",
];

/// What is applied to elements.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub lambda: Rc<Lambda>,
    pub site: Site,
}

/// A chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub source: Source,
    pub stages: Vec<Stage>,
}

impl Chain {
    /// Whether its elements have indices.
    pub(super) fn indexed(&self) -> bool {
        self.stages.is_empty() && self.source.indexed()
    }
}

impl Lowerer<'_> {
    /// What an expression iterates over, if that is understood. `written` says whether a variable that is iterated over by
    /// value may be written meanwhile.
    pub(super) fn iteration(&mut self, expr: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        self.attempted(expr, written).or_else(|| {
            let code = self.carried_along(expr)?;
            Some(Chain { source: Source::Once(code), stages: Vec::new() })
        })
    }

    /// What is understood, or nothing has come of it.
    fn attempted(&mut self, expr: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        let (mark, losses) = (self.ops().len(), self.losses.len());
        let chain = self.understood(expr, written);
        if chain.is_none() {
            self.ops().truncate(mark);
            self.losses.truncate(losses);
        }
        chain
    }

    /// Something to iterate over in the user's tokens, if no number goes into it.
    fn carried_along(&mut self, expr: &Expr) -> Option<Inactive> {
        let none = !self.mentions_float(expr) && self.closure_named(expr).is_none();
        none.then(|| self.opaque(expr, &Fate::Consumed))
    }

    /// The same of an expression that is an iterator, and not a list, whose methods are others.
    pub(super) fn iterator(&mut self, expr: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        if let Some(cursor) = self.cursor_of(expr) {
            return Some(self.rest_of(&cursor, expr.span()));
        }
        let list = match without_parentheses(expr) {
            Expr::MethodCall(call) => is_list(call),
            Expr::Call(call) => !makes_iterator(call),
            Expr::Range(_) => false,
            _ => true,
        };
        if list && (self.mentions_float(expr) || self.listed(expr).is_some()) {
            return None;
        }
        self.attempted(expr, written).or_else(|| {
            let mut code = self.carried_along(expr)?;
            // What only makes an iterator has methods of its own.
            if !matches!(without_parentheses(expr), Expr::Range(_)) {
                let (runtime, tokens) = (&self.runtime, code.tokens);
                code.tokens = quote!(#runtime::__private::iterator(#tokens));
            }
            Some(Chain { source: Source::Once(code), stages: Vec::new() })
        })
    }

    fn understood(&mut self, expr: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        let source = match expr {
            Expr::Paren(e) => return self.understood(&e.expr, written),
            Expr::Group(e) => return self.understood(&e.expr, written),
            Expr::Path(_) if let Some(cursor) = self.cursor_of(expr) => {
                return Some(self.rest_of(&cursor, expr.span()));
            }
            Expr::MethodCall(call) if call.method == "drain" => {
                Source::Elements { part: self.drained(call)?, mutable: false, owned: true }
            }
            Expr::MethodCall(call) if is_list(call) => self.by_value(expr, written)?,
            Expr::MethodCall(call) => return self.adapted(call, written),
            Expr::Call(call) => match self.made_iterator(call, written) {
                Some(chain) => return Some(chain),
                None if self.mentions_float(expr) => {
                    Source::Elements { part: self.array_in(expr)?, mutable: false, owned: true }
                }
                None => return None,
            },
            Expr::Range(e) => {
                let (start, end) = (e.start.as_deref()?, e.end.as_deref());
                let (lo, hi) = (self.index(start), end.map(|hi| self.index(hi)));
                let untold = ranges::of_literals(start) && end.is_none_or(ranges::of_literals);
                Source::Numbers { lo, hi, inclusive: matches!(e.limits, RangeLimits::Closed(_)), untold }
            }
            Expr::Reference(e) => match self.listed(&e.expr)? {
                Source::Elements { part, .. } => {
                    Source::Elements { part, mutable: e.mutability.is_some(), owned: false }
                }
                other if e.mutability.is_none() => borrowed(other),
                _ => return None,
            },
            _ => self.by_value(expr, written)?,
        };
        Some(Chain { source, stages: Vec::new() })
    }

    /// A list whose elements are taken out of it, or a reference to one.
    fn by_value(&mut self, expr: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Source> {
        let variable = root(expr).and_then(|name| self.scopes.find(&name)).map(|id| &self.scopes.vars[id]);
        let named = matches!(expr, Expr::Path(_));
        let exclusive = named && variable.is_some_and(|var| var.exclusive);
        let reference = variable.is_some_and(|var| var.reference);
        let fixed = variable.is_some_and(|var| !var.reference && !var.mutable);
        match self.listed(expr)? {
            // The reference is gone then, and the elements are as mutable as it was.
            Source::Elements { part, .. } if exclusive => Some(Source::Elements { part, mutable: true, owned: false }),
            Source::Elements { part, owned: false, .. } => {
                Some(Source::Elements { part, mutable: false, owned: false })
            }
            Source::Elements { part, .. } => {
                let changes = !fixed && self.writable(&part) && self.scopes.names_of(part.place).any(written);
                let part = if changes {
                    let dims = self.func.dims(&part);
                    Part::whole(self.allocate(Ident::new("items", Span::mixed_site()), dims, Init::Copy(part)))
                } else {
                    part
                };
                Some(Source::Elements { part, mutable: false, owned: true })
            }
            Source::Indexed { .. } if !reference => None,
            other => Some(other),
        }
    }

    /// A list that can be read by index.
    fn listed(&mut self, expr: &Expr) -> Option<Source> {
        match expr {
            Expr::Paren(e) => return self.listed(&e.expr),
            Expr::Path(p) => {
                let ident = p.path.get_ident()?;
                if let State::Other { val, indexable: true } = self.scopes.state(&ident.to_string())? {
                    return Some(Source::Indexed { name: ident.clone(), val: *val });
                }
            }
            _ => {}
        }
        if !self.mentions_float(expr) {
            return None;
        }
        let (mark, losses) = (self.ops().len(), self.losses.len());
        let Some((mut part, reference)) = self.array_or_reference(expr) else {
            self.ops().truncate(mark);
            self.losses.truncate(losses);
            return if let Expr::Array(list) = expr { self.rows(list) } else { None };
        };
        // A value is not the place that it was taken from: `a.clone()`.
        if !reference && !is_place(expr) {
            self.keep_part(&mut part);
        }
        Some(Source::Elements { part, mutable: false, owned: !reference })
    }

    fn adapted(&mut self, call: &ExprMethodCall, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        let name = call.method.to_string();
        let site = Site::of(&call.method);
        let args: Vec<&Expr> = call.args.iter().collect();
        let mutable = name.ends_with("_mut");
        let source = match (name.as_str(), args.as_slice()) {
            ("iter", []) => match self.listed(&call.receiver)? {
                Source::Elements { part, mutable, .. } => Source::Elements { part, mutable, owned: false },
                source => borrowed(source),
            },
            ("iter_mut", []) => match self.listed(&call.receiver)? {
                Source::Elements { part, .. } => Source::Elements { part, mutable: true, owned: false },
                _ => return None,
            },
            ("windows", [k]) => self.pieces(&call.receiver, k, Pieces::Windows, false)?,
            ("chunks" | "chunks_mut", [k]) => self.pieces(&call.receiver, k, Pieces::Chunks, mutable)?,
            ("chunks_exact" | "chunks_exact_mut", [k]) => self.pieces(&call.receiver, k, Pieces::Exact, mutable)?,
            ("rchunks" | "rchunks_mut", [k]) => self.pieces(&call.receiver, k, Pieces::Backwards, mutable)?,
            ("rchunks_exact" | "rchunks_exact_mut", [k]) => {
                self.pieces(&call.receiver, k, Pieces::ExactBackwards, mutable)?
            }
            _ => return self.with_adapter(call, &name, &args, site, written),
        };
        Some(Chain { source, stages: Vec::new() })
    }

    fn with_adapter(
        &mut self,
        call: &ExprMethodCall,
        name: &str,
        args: &[&Expr],
        site: Site,
        written: &dyn Fn(&str) -> bool,
    ) -> Option<Chain> {
        if !ADAPTERS.contains(&name) {
            return None;
        }
        let span = call.method.span();
        let mut chain = match name {
            "into_iter" => self.iteration(&call.receiver, written)?,
            _ => self.iterator(&call.receiver, written)?,
        };
        if matches!(chain.source, Source::Once(..)) && chain.stages.is_empty() && !self.mentions_float_in(args) {
            // It goes on being consumed as a whole.
            return None;
        }
        // A function that does more than compute is called for each element, for those too that go no further.
        if matches!(name, "skip" | "step_by") && chain.indexed() && effect(&chain.source) != Effect::No {
            chain = self.staged(chain.source, span)?;
        }
        let stage = match (name, args) {
            ("into_iter" | "fuse" | "peekable", []) => return Some(chain),
            ("copied" | "cloned", []) => {
                if chain.source.mutable() {
                    return None;
                }
                if chain.stages.is_empty() {
                    chain.source = Source::Copied(Box::new(chain.source));
                    return Some(chain);
                }
                Stage::Copied
            }
            ("zip", [other]) => return self.zipped(chain, &call.receiver, other, written),
            ("chain", [other]) => return self.chained(chain, other, written),
            ("cycle", []) if chain.indexed() && effect(&chain.source) == Effect::No && !chain.source.mutable() => {
                let n = self.count(&chain.source, span)?;
                chain.source = Source::Cycle(Box::new(chain.source), n);
                return Some(chain);
            }
            ("map", [f]) => {
                let f = self.function(f, 1)?;
                if chain.stages.is_empty() {
                    chain.source = Source::Map(Box::new(chain.source), f);
                    return Some(chain);
                }
                Stage::Map(f)
            }
            ("filter", [f]) => Stage::Filter(self.function(f, 1)?),
            ("take_while", [f]) => {
                let f = self.function(f, 1)?;
                let over = chain.nested().map(|_| self.native("over", &quote!(false), span));
                Stage::TakeWhile(f, over)
            }
            ("skip_while", [f]) => {
                let f = self.function(f, 1)?;
                Stage::SkipWhile(f, self.native("skipping", &quote!(true), span))
            }
            ("inspect", [f]) => Stage::Inspect(self.function(f, 1)?),
            ("filter_map", [f]) => Stage::FilterMap(self.function(f, 1)?),
            ("map_while", [f]) if chain.nested().is_none() => Stage::MapWhile(self.function(f, 1)?),
            ("scan", [init, f]) if chain.nested().is_none() => {
                let Item::Float(init) = self.evaluate(init, None) else { return None };
                let f = self.function(f, 2)?;
                let named = matches!(f.lambda.inputs.first(), Some(Pat::Ident(_)));
                let var = self.scopes.hidden(Ident::new("state", Span::mixed_site()), State::Float(init));
                if !named {
                    return None;
                }
                Stage::Scan(f, var)
            }
            ("flat_map", [f]) => Stage::FlatMap(self.function(f, 1)?, Vec::new()),
            ("flatten", []) => Stage::Flatten(site, Vec::new()),
            ("enumerate" | "skip" | "take" | "rev" | "step_by", _) if chain.indexed() => {
                let inner = Box::new(chain.source);
                chain.source = match (name, args) {
                    ("enumerate", []) => Source::Enumerate(inner),
                    ("skip", [k]) => Source::Skip(inner, self.index(k)),
                    ("take", [k]) => Source::Take(inner, self.index(k)),
                    ("step_by", [k]) => Source::StepBy(inner, self.index(k)),
                    ("rev", []) if effect(&inner) == Effect::No || whole(&inner) => {
                        let count = self.count(&inner, call.method.span())?;
                        Source::Rev(inner, count)
                    }
                    _ => return None,
                };
                return Some(chain);
            }
            ("enumerate" | "skip" | "take" | "step_by", _) if chain.source.indexed() => {
                let counter = |l: &mut Self| l.native("count", &quote!(0_usize), span);
                match (name, args) {
                    ("enumerate", []) => Stage::Enumerate(counter(self)),
                    ("skip", [k]) => Stage::Skip(self.index(k), counter(self)),
                    ("take", [k]) => Stage::Take(self.index(k), counter(self)),
                    ("step_by", [k]) => Stage::StepBy(self.index(k), counter(self)),
                    _ => return None,
                }
            }
            _ => return None,
        };
        chain.stages.push(stage);
        Some(chain)
    }

    /// The same elements with all functions that do more than compute among the stages.
    fn staged(&mut self, source: Source, span: Span) -> Option<Chain> {
        if effect(&source) == Effect::No {
            return Some(Chain { source, stages: Vec::new() });
        }
        let (inner, stage) = match source {
            Source::Map(inner, f) => (*inner, Stage::Map(f)),
            Source::Copied(inner) => (*inner, Stage::Copied),
            Source::Enumerate(inner) => (*inner, Stage::Enumerate(self.native("count", &quote!(0_usize), span))),
            Source::Take(inner, k) => (*inner, Stage::Take(k, self.native("count", &quote!(0_usize), span))),
            Source::Rev(inner, n) => match *inner {
                Source::Map(inner, f) => (Source::Rev(inner, n), Stage::Map(f)),
                _ => return None,
            },
            _ => return None,
        };
        let mut chain = self.staged(inner, span)?;
        chain.stages.push(stage);
        Some(chain)
    }

    pub(super) fn zipped(
        &mut self,
        chain: Chain,
        first: &Expr,
        second: &Expr,
        written: &dyn Fn(&str) -> bool,
    ) -> Option<Chain> {
        let first = self.with_index(chain, first);
        let chain = self.iteration(second, written)?;
        let second = self.with_index(chain, second);
        let span = Span::mixed_site();
        // Of one whose elements have no index, the other's are counted.
        // What becomes of the last element of the longer one, the standard library does not say.
        let visible = |chain: &Chain| effect(&chain.source) == Effect::Visible;
        let plain = |chain: &Chain| chain.indexed() && !visible(chain);
        if !first.stages.is_empty() && first.nested().is_none() && first.source.indexed() && plain(&second) {
            let n = self.count(&second.source, span);
            let counter = self.native("count", &quote!(0_usize), span);
            let mut chain = first;
            chain.stages.push(Stage::Zip(second.source, n, counter, false));
            return Some(chain);
        }
        if !second.stages.is_empty() && second.source.indexed() && plain(&first) {
            let n = self.count(&first.source, span);
            let counter = self.native("count", &quote!(0_usize), span);
            let mut chain = second;
            chain.stages.push(Stage::Zip(first.source, n, counter, true));
            return Some(chain);
        }
        let staged = !first.stages.is_empty() || !second.stages.is_empty();
        if staged || ((visible(&first) || visible(&second)) && !self.as_long(&first.source, &second.source)) {
            return None;
        }
        let source = match (first.source, second.source) {
            (Source::Once(a), b) if b.indexed() => Source::Beside(Box::new(b), a, true),
            (a, Source::Once(b)) if a.indexed() => Source::Beside(Box::new(a), b, false),
            (a, b) if a.indexed() && b.indexed() => Source::Zip(Box::new(a), Box::new(b)),
            _ => return None,
        };
        Some(Chain { source, stages: Vec::new() })
    }

    /// A chain whose elements have no index is consumed as a whole, if no number goes into it.
    fn with_index(&mut self, chain: Chain, expr: &Expr) -> Chain {
        if chain.stages.is_empty() || self.mentions_float(expr) {
            return chain;
        }
        let code = self.opaque(expr, &Fate::Consumed);
        Chain { source: Source::Once(code), stages: Vec::new() }
    }

    fn pieces(&mut self, array: &Expr, size: &Expr, kind: Pieces, mutable: bool) -> Option<Source> {
        let part = self.array_part(array)?;
        let size = self.index(size);
        Some(Source::Pieces { part, size, kind, mutable })
    }

    /// What is applied to elements: a closure, or a path.
    pub(super) fn function(&mut self, expr: &Expr, arity: usize) -> Option<Function> {
        let lambda = self.lambda(expr, arity)?;
        Some(Function { lambda, site: Site::of(expr) })
    }

    fn mentions_float_in(&self, args: &[&Expr]) -> bool {
        args.iter().any(|arg| self.mentions_float(arg))
    }
}

/// The first method of a chain that is not followed, whatever it iterates over.
pub(super) fn unfollowed(call: &ExprMethodCall) -> Option<&Ident> {
    let before = match &*call.receiver {
        Expr::MethodCall(receiver) => unfollowed(receiver),
        _ => None,
    };
    let name = call.method.to_string();
    let known = ADAPTERS.contains(&name.as_str()) || ENDS.contains(&name.as_str());
    before.or_else(|| (!known && applied::iterator(call).is_some()).then_some(&call.method))
}

/// Whether a method call gives a list, and no iterator: `x.chunks_exact(4).remainder()`.
fn is_list(call: &ExprMethodCall) -> bool {
    ["remainder", "as_slice", "to_vec", "clone"].iter().any(|name| call.method == name) && call.args.len() <= 1
}

/// Whether an expression names a place, and makes no value.
fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(e) => is_place(&e.expr),
        Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => true,
        Expr::Unary(e) => matches!(e.op, syn::UnOp::Deref(_)),
        _ => false,
    }
}

/// The variable that an expression is a part of.
fn root(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(e) => root(&e.expr),
        Expr::Index(e) => root(&e.expr),
        Expr::Field(e) => root(&e.base),
        Expr::Path(p) => p.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}
