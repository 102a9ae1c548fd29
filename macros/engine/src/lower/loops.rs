//! `for`, `while` and `loop`. A loop over an array of floats becomes a loop over its indices; a `while` becomes an
//! endless loop that is left at its start.

use super::Lowerer;
use super::control::{Cont, Context};
use super::exits::{Exit, Scan};
use super::opaque::{self, Fate};
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use crate::diagnostics::{Site, message};
use crate::ir::{End, Header, Inactive, Init, Loop, OpKind, Part, Range, Storage, Ty, Val};
use proc_macro2::{Ident, Span, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Block, Expr, ExprForLoop, Label, Pat, RangeLimits};

/// What an element loop runs over.
enum Source {
    /// The elements of an array.
    Elements { part: Part, mutable: bool },
    /// The elements of something that is no array of floats but can be read by index.
    Indexed { name: Ident, val: Val, by_value: bool },
    /// With a counter.
    Enumerate(Box<Source>),
    /// Two side by side.
    Zip(Box<Source>, Box<Source>),
}

impl Lowerer<'_> {
    /// Lowers a loop. Returns the exits that go further out, each with its flag, and where a returned value is.
    pub(super) fn any_loop(&mut self, expr: &Expr) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        self.settle(&Scan::expr(expr), |l| drop(l.this_loop(expr)));
        self.this_loop(expr)
    }

    fn this_loop(&mut self, expr: &Expr) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        match expr {
            Expr::ForLoop(e) => self.for_loop(e),
            Expr::While(e) if opaque::contains_let(&e.cond) => {
                if self.concerns(expr) {
                    return self.this_loop(&Self::while_let_as_loop(e));
                }
                self.unfollowed(expr);
                (Vec::new(), None)
            }
            Expr::While(e) => {
                let scan = Scan::expr(expr);
                self.carried_loop(&scan, e.label.as_ref(), e.while_token.span, |l| {
                    let body = l.region(|l| {
                        let cond = l.condition(&e.cond);
                        let before = l.scopes.snapshot();
                        let then = l.region(|l| l.loop_body(&e.body));
                        l.scopes.restore(&before);
                        let other = l.region(|l| match l.contexts.last() {
                            Some(Context::Loop { carried, .. }) => {
                                let carried = carried.clone();
                                End::Break(l.current(&carried))
                            }
                            _ => End::Break(Vec::new()),
                        });
                        End::Branch(cond, Box::new(then), Box::new(other))
                    });
                    (Header::Forever, None, body)
                })
            }
            Expr::Loop(e) => {
                let scan = Scan::expr(expr);
                self.carried_loop(&scan, e.label.as_ref(), e.loop_token.span, |l| {
                    let body = l.region(|l| l.loop_body(&e.body));
                    (Header::Forever, None, body)
                })
            }
            _ => (Vec::new(), None),
        }
    }

    /// A loop that is carried along, if it has nothing to do with floats.
    fn unfollowed(&mut self, expr: &Expr) {
        self.opaque_statement(expr, &Fate::Lost(opaque::keyword(expr), message::unsupported(opaque::describe(expr))));
    }

    fn for_loop(&mut self, e: &ExprForLoop) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let mut scan = Scan::block(&e.body);
        scan.exits = outer(&scan, e.label.as_ref());
        let span = e.for_token.span;
        if let Some(range) = range(&e.expr)
            && (matches!(&*e.pat, Pat::Wild(_)) || matches!(&*e.pat, Pat::Ident(p) if p.by_ref.is_none()))
        {
            let Bounds { lo, hi, inclusive, step, reversed } = range;
            let lo = self.index(lo);
            let hi = self.index(hi);
            let step = step.map(|s| self.index(s));
            let header = Header::Range(Range { lo, hi, inclusive, step, reversed });
            return self.carried_loop(&scan, e.label.as_ref(), span, |l| {
                let mut index = None;
                let body = l.region(|l| {
                    l.scopes.push();
                    index = Some(match &*e.pat {
                        Pat::Ident(p) => {
                            let val = l.func.val(Ty::Index, Some(p.ident.clone()), p.ident.span());
                            let state = State::Other { val, indexable: false };
                            // A `mut` counter is copied to a variable of the user's.
                            if p.mutability.is_some() {
                                l.mutable_counter(&p.ident, val);
                            } else {
                                l.scopes.declare(&p.ident, state, false);
                            }
                            val
                        }
                        _ => l.func.val(Ty::Index, None, span),
                    });
                    l.run(&e.body.stmts, &Cont::End)
                });
                (header, index, body)
            });
        }
        let mark = self.ops().len();
        if let Some(source) = self.source(&e.expr, &e.body) {
            let source = self.moved(source, &e.expr, &e.body);
            return self.element_loop(e, &scan, &source);
        }
        self.ops().truncate(mark);
        self.iterator_loop(e, &scan)
    }

    /// `for v in a` runs over a copy of `a`, which matters if the body can write `a`.
    fn moved(&mut self, source: Source, expr: &Expr, body: &Block) -> Source {
        let Source::Elements { part, mutable: false } = source else { return source };
        let mut root = expr;
        while let Expr::Paren(_) | Expr::Index(_) = root {
            root = match root {
                Expr::Paren(p) => &p.expr,
                Expr::Index(i) => &i.expr,
                other => other,
            };
        }
        let name = match root {
            Expr::Path(p) => p.path.get_ident().map(ToString::to_string).unwrap_or_default(),
            _ => String::new(),
        };
        let written = self.scopes.find(&name).is_some_and(|id| {
            let var = &self.scopes.vars[id];
            var.mutable && !var.reference && mentions(body, &name)
        });
        if !written || self.func.place_info(part.place).storage != Storage::Local {
            return Source::Elements { part, mutable: false };
        }
        let dims = self.func.dims(&part);
        let place = self.allocate(Ident::new("items", Span::mixed_site()), dims, Init::Copy(part));
        Source::Elements { part: Part::whole(place), mutable: false }
    }

    fn mutable_counter(&mut self, name: &Ident, val: Val) {
        let hidden = Ident::new("counter", Span::mixed_site());
        let new = self.bind_name(name, Binding::Native);
        let declared = new.as_ref().unwrap_or(name);
        self.func.vals[val.0 as usize].name = Some(hidden.clone());
        let mut code = Inactive::engine(quote!(let mut #declared = #hidden;));
        code.reads.push((hidden, val));
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), name.span());
        let id = self.scopes.declare(name, State::Native, true);
        self.scopes.vars[id].emitted = new;
    }

    /// Any iterator that no derivative flows through.
    fn iterator_loop(&mut self, e: &ExprForLoop, scan: &Scan) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let lost = Fate::Lost(Site::of(&e.expr), message::unsupported("a loop over this"));
        let code = self.opaque(&e.expr, &lost);
        let Some(bound) = opaque::bindings(&e.pat) else {
            self.error(Site::of(&e.pat), message::unsupported("a pattern like this"));
            return (Vec::new(), None);
        };
        let mut pattern = e.pat.to_token_stream();
        self.carried_loop(scan, e.label.as_ref(), e.for_token.span, |l| {
            let mut binds = Vec::new();
            let body = l.region(|l| {
                l.scopes.push();
                for b in &bound {
                    let new = l.bind_name(&b.name, Binding::Item);
                    if let Some(new) = &new {
                        pattern = with_name(std::mem::take(&mut pattern), &b.name, new);
                    }
                    if b.mutable {
                        let id = l.scopes.declare(&b.name, State::Native, true);
                        l.scopes.vars[id].emitted = new;
                    } else {
                        let name = new.unwrap_or_else(|| b.name.clone());
                        let val = l.func.val(Ty::Other, Some(name), b.name.span());
                        binds.push(val);
                        let id = l.scopes.declare(&b.name, State::Other { val, indexable: false }, false);
                        l.scopes.vars[id].member = true;
                    }
                }
                l.run(&e.body.stmts, &Cont::End)
            });
            (Header::Iterator { code, pattern, binds }, None, body)
        })
    }

    fn element_loop(&mut self, e: &ExprForLoop, scan: &Scan, source: &Source) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let span = e.for_token.span;
        let lo = self.define(OpKind::Inactive(Inactive::engine(quote!(0))), Ty::Index, span);
        let hi = self.count(source, span);
        let header = Header::Range(Range { lo, hi, inclusive: false, step: None, reversed: false });
        self.carried_loop(scan, e.label.as_ref(), span, |l| {
            let index = l.func.val(Ty::Index, Some(Ident::new("i", Span::mixed_site())), span);
            let body = l.region(|l| {
                l.scopes.push();
                if !l.bind_element(&e.pat, source, index) {
                    l.error(Site::of(&e.pat), message::unsupported("a pattern like this"));
                }
                l.run(&e.body.stmts, &Cont::End)
            });
            (header, Some(index), body)
        })
    }

    fn loop_body(&mut self, body: &Block) -> End {
        self.scopes.push();
        self.run(&body.stmts, &Cont::End)
    }

    /// The frame of every loop: what it carries, its context, its results.
    fn carried_loop(
        &mut self,
        scan: &Scan,
        label: Option<&Label>,
        span: Span,
        body: impl FnOnce(&mut Self) -> (Header, Option<Val>, crate::ir::Region),
    ) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let (mut carried, exits, value) = self.exit_variables(scan, span);
        carried.extend(self.assigned(scan));
        let init = self.current(&carried);
        let params = self.merged_results(&carried, span);
        for (&id, &val) in carried.iter().zip(&params) {
            let state = &mut self.scopes.vars[id].state;
            *state = if matches!(state, State::Flag(_)) { State::Flag(val) } else { State::Float(val) };
        }
        let label = label.map(|l| l.name.ident.to_string());
        self.contexts.push(Context::Loop { label, carried: carried.clone(), exits: exits.clone(), value });
        let before = self.scopes.snapshot();
        let (header, index, body) = body(self);
        self.scopes.restore(&before);
        self.contexts.pop();
        let results = self.merged_results(&carried, span);
        self.push(OpKind::Loop(Box::new(Loop { header, index, params, init, body, trips: None })), span);
        self.set_results(&carried, &results);
        (exits, value)
    }

    // Loops over elements

    fn source(&mut self, expr: &Expr, body: &Block) -> Option<Source> {
        match expr {
            Expr::Paren(e) => self.source(&e.expr, body),
            Expr::Reference(e) => match self.named(&e.expr)? {
                Source::Elements { part, .. } => Some(Source::Elements { part, mutable: e.mutability.is_some() }),
                other if e.mutability.is_none() => Some(other),
                _ => None,
            },
            Expr::MethodCall(m) => {
                let args: Vec<&Expr> = m.args.iter().collect();
                match (m.method.to_string().as_str(), args.as_slice()) {
                    ("iter", []) => self.named(&m.receiver),
                    ("iter_mut", []) => match self.named(&m.receiver)? {
                        Source::Elements { part, .. } => Some(Source::Elements { part, mutable: true }),
                        _ => None,
                    },
                    ("copied" | "cloned", []) => match self.source(&m.receiver, body)? {
                        Source::Indexed { name, val, .. } => Some(Source::Indexed { name, val, by_value: true }),
                        other => Some(other).filter(|s| !s.mutable()),
                    },
                    ("enumerate", []) => Some(Source::Enumerate(Box::new(self.source(&m.receiver, body)?))),
                    ("zip", [other]) => {
                        let first = self.source(&m.receiver, body)?;
                        let second = self.source(other, body)?;
                        let second = self.moved(second, other, body);
                        Some(Source::Zip(Box::new(first), Box::new(second)))
                    }
                    _ => None,
                }
            }
            Expr::Path(_) | Expr::Index(_) => match self.named(expr)? {
                // A loop that takes its elements out of the list.
                Source::Indexed { name, .. } if !self.is_reference(&name) => None,
                other => Some(other),
            },
            _ => None,
        }
    }

    fn is_reference(&self, name: &Ident) -> bool {
        self.scopes.find(&name.to_string()).is_some_and(|id| self.scopes.vars[id].reference)
    }

    /// An array by its name, or a row of one.
    fn named(&mut self, expr: &Expr) -> Option<Source> {
        match expr {
            Expr::Paren(e) => self.named(&e.expr),
            Expr::Path(p) => {
                let ident = p.path.get_ident()?;
                match self.scopes.state(&ident.to_string())? {
                    State::Part(part) => Some(Source::Elements { part: part.clone(), mutable: false }),
                    State::Other { val, indexable: true } => {
                        Some(Source::Indexed { name: ident.clone(), val: *val, by_value: false })
                    }
                    _ => None,
                }
            }
            Expr::Index(e) => match self.named(&e.expr)? {
                Source::Elements { part, .. } if matches!(&*e.index, Expr::Range(_)) => {
                    let Expr::Range(range) = &*e.index else { return None };
                    let part = self.range_of(&part, range);
                    Some(Source::Elements { part, mutable: false })
                }
                Source::Elements { part, .. } if self.rank(&part) > 1 => {
                    let index = self.index(&e.index);
                    Some(Source::Elements { part: part.at(index), mutable: false })
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// How many elements there are.
    fn count(&mut self, source: &Source, span: Span) -> Val {
        match source {
            Source::Elements { part, .. } => self.length(part, span),
            Source::Indexed { name, val, .. } => {
                let mut code = Inactive::engine(quote!(#name.len()));
                code.reads.push((name.clone(), *val));
                code.pure = !self.scopes.unstable.contains(&name.to_string());
                self.define(OpKind::Inactive(code), Ty::Index, span)
            }
            Source::Enumerate(inner) => self.count(inner, span),
            Source::Zip(a, b) => {
                let (a, b) = (self.count(a, span), self.count(b, span));
                let (na, nb) = (Ident::new("left", Span::mixed_site()), Ident::new("right", Span::mixed_site()));
                let mut code = Inactive::engine(quote!(::core::cmp::Ord::min(#na, #nb)));
                code.reads.extend([(na, a), (nb, b)]);
                self.define(OpKind::Inactive(code), Ty::Index, span)
            }
        }
    }

    fn bind_element(&mut self, pat: &Pat, source: &Source, index: Val) -> bool {
        match (source, pat) {
            (_, Pat::Wild(_)) => true,
            (_, Pat::Paren(p)) => self.bind_element(&p.pat, source, index),
            (Source::Enumerate(inner), Pat::Tuple(t)) if t.elems.len() == 2 => {
                let counter = match &t.elems[0] {
                    Pat::Ident(p) if p.mutability.is_none() && p.by_ref.is_none() => {
                        self.func.vals[index.0 as usize].name = Some(p.ident.clone());
                        self.scopes.declare(&p.ident, State::Other { val: index, indexable: false }, false);
                        true
                    }
                    Pat::Wild(_) => true,
                    _ => false,
                };
                counter && self.bind_element(&t.elems[1], inner, index)
            }
            (Source::Zip(a, b), Pat::Tuple(t)) if t.elems.len() == 2 => {
                self.bind_element(&t.elems[0], a, index) && self.bind_element(&t.elems[1], b, index)
            }
            (Source::Elements { part, mutable: true }, Pat::Ident(p)) if p.by_ref.is_none() => {
                let part = part.at(index);
                if self.rank(&part) == 0 {
                    self.scopes.declare(&p.ident, State::Element(part), false);
                } else {
                    let id = self.scopes.declare(&p.ident, State::Part(part), false);
                    self.scopes.vars[id].reference = true;
                }
                true
            }
            (Source::Elements { part, mutable: false }, pat) => {
                let part = part.at(index);
                match pat {
                    Pat::Ident(p) if self.rank(&part) > 0 && p.mutability.is_none() && p.by_ref.is_none() => {
                        let id = self.scopes.declare(&p.ident, State::Part(part), false);
                        self.scopes.vars[id].reference = true;
                        true
                    }
                    _ => self.bind_pattern(pat, &part),
                }
            }
            (Source::Indexed { name, val, by_value }, pat) => match pat {
                Pat::Reference(r) => self.bind_indexed(&r.pat, (name, *val), true, index),
                pat => self.bind_indexed(pat, (name, *val), *by_value, index),
            },
            _ => false,
        }
    }

    /// `let pat = name[index];` or, for an element by reference, `let pat = &name[index];`
    fn bind_indexed(&mut self, pat: &Pat, (name, val): (&Ident, Val), by_value: bool, index: Val) -> bool {
        let borrow = (!by_value).then(|| quote!(&));
        let at = Ident::new("at", Span::mixed_site());
        let mut code = Inactive::engine(quote!(#borrow #name[#at]));
        code.reads.extend([(name.clone(), val), (at, index)]);
        self.bind_code(pat, code, false, false)
    }
}

impl Source {
    fn mutable(&self) -> bool {
        match self {
            Source::Elements { mutable, .. } => *mutable,
            Source::Indexed { .. } => false,
            Source::Enumerate(inner) => inner.mutable(),
            Source::Zip(a, b) => a.mutable() || b.mutable(),
        }
    }
}

/// The exits of a loop's body that go further out than the loop.
fn outer(scan: &Scan, label: Option<&Label>) -> Vec<Exit> {
    let label = label.map(|l| l.name.ident.to_string());
    let stays = |exit: &&Exit| match exit {
        Exit::Return => false,
        Exit::Break(to) | Exit::Continue(to) => to.is_none() || *to == label,
    };
    scan.exits.iter().filter(|e| !stays(e)).cloned().collect()
}

/// Whether a name occurs in a block.
fn mentions(block: &Block, name: &str) -> bool {
    let mut stack = vec![block.to_token_stream().into_iter()];
    while let Some(tokens) = stack.last_mut() {
        match tokens.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Group(group)) => stack.push(group.stream().into_iter()),
            Some(TokenTree::Ident(ident)) if ident == name => return true,
            Some(_) => {}
        }
    }
    false
}

struct Bounds<'a> {
    lo: &'a Expr,
    hi: &'a Expr,
    inclusive: bool,
    step: Option<&'a Expr>,
    reversed: bool,
}

/// `a..b`, `(a..=b).rev()`, `(a..b).step_by(k)`, `(a..b).step_by(k).rev()`
fn range(expr: &Expr) -> Option<Bounds<'_>> {
    match expr {
        Expr::Paren(e) => range(&e.expr),
        Expr::Range(e) => Some(Bounds {
            lo: e.start.as_deref()?,
            hi: e.end.as_deref()?,
            inclusive: matches!(e.limits, RangeLimits::Closed(_)),
            step: None,
            reversed: false,
        }),
        Expr::MethodCall(m) => {
            let inner = range(&m.receiver)?;
            let args: Vec<&Expr> = m.args.iter().collect();
            match (m.method.to_string().as_str(), args.as_slice()) {
                ("rev", []) if !inner.reversed => Some(Bounds { reversed: true, ..inner }),
                ("step_by", [k]) if inner.step.is_none() && !inner.reversed => Some(Bounds { step: Some(k), ..inner }),
                _ => None,
            }
        }
        _ => None,
    }
}
