//! `for`, `while` and `loop`. A loop over an array of floats becomes a loop over its indices; a `while` becomes an
//! endless loop that is left at its start.

use super::Lowerer;
use super::control::{Cont, Context};
use super::exits::{Exit, Scan};
use super::opaque::Fate;
use super::pattern;
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use super::syntax;
use crate::diagnostics::{Site, message};
use crate::ir::{End, Header, Inactive, Loop, OpKind, Range, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::{Block, Expr, ExprForLoop, Label, Pat, RangeLimits};

impl Lowerer<'_> {
    /// Lowers a loop. Returns the exits that go further out, each with its flag, and where a returned value is.
    pub(super) fn any_loop(&mut self, expr: &Expr) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        self.note_writes(expr);
        self.settle(&Scan::expr(expr), |l| drop(l.this_loop(expr)));
        self.this_loop(expr)
    }

    fn this_loop(&mut self, expr: &Expr) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        match expr {
            Expr::ForLoop(e) => self.for_loop(e),
            Expr::While(e) if pattern::contains_let(&e.cond) => {
                if self.concerns(expr) {
                    return self.this_loop(&Self::while_let_as_loop(e));
                }
                self.unfollowed(expr);
                (Vec::new(), None)
            }
            Expr::While(e) => {
                let (scan, span) = (Scan::expr(expr), e.while_token.span);
                self.carried_loop(&scan, &[], e.label.as_ref(), span, |l| {
                    let body = l.region(|l| {
                        let cond = l.condition(&e.cond);
                        l.in_cases(cond, |l, holds| {
                            if holds { l.loop_body(&e.body) } else { l.leave(&Exit::Break(None), None, span) }
                        })
                    });
                    (Header::Forever, None, body)
                })
            }
            Expr::Loop(e) => {
                let scan = Scan::expr(expr);
                self.carried_loop(&scan, &[], e.label.as_ref(), e.loop_token.span, |l| {
                    let body = l.region(|l| l.loop_body(&e.body));
                    (Header::Forever, None, body)
                })
            }
            _ => (Vec::new(), None),
        }
    }

    /// A loop that is carried along, if it has nothing to do with floats.
    fn unfollowed(&mut self, expr: &Expr) {
        self.opaque_statement(expr, &Fate::Lost(syntax::keyword(expr), message::unsupported(syntax::describe(expr))));
    }

    fn for_loop(&mut self, e: &ExprForLoop) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        if let Some(advancing) = self.advancing(e) {
            return self.this_loop(&Expr::While(advancing));
        }
        let mut scan = Scan::block(&e.body);
        let breaks = scan.exits.iter().any(|exit| matches!(exit, Exit::Break(_)));
        scan.exits = outer(&scan, e.label.as_ref());
        let span = e.for_token.span;
        if let Some(range) = range(&e.expr)
            && (matches!(&*e.pat, Pat::Wild(_)) || matches!(&*e.pat, Pat::Ident(p) if p.by_ref.is_none()))
        {
            let Bounds { lo, hi, inclusive, step, reversed } = range;
            let lo = self.index(lo);
            // How often a loop runs, only decides; where it begins is a number in it.
            let hi = self.index_of_element(hi);
            let step = step.map(|s| self.index(s));
            let header = Header::Range(Range { lo, hi, inclusive, step, reversed });
            return self.carried_loop(&scan, &[], e.label.as_ref(), span, |l| {
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
        match self.chain_loop(e, &scan, breaks) {
            Some(exits) => exits,
            None => self.iterator_loop(e, &scan),
        }
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
        let Some(bound) = pattern::bindings(&e.pat) else {
            self.error(Site::of(&e.pat), message::unsupported("a pattern like this"));
            return (Vec::new(), None);
        };
        let mut pattern = e.pat.to_token_stream();
        self.carried_loop(scan, &[], e.label.as_ref(), e.for_token.span, |l| {
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

    fn loop_body(&mut self, body: &Block) -> End {
        self.scopes.push();
        self.run(&body.stmts, &Cont::End)
    }

    /// The frame of every loop: what it carries (`hidden` among it), its context, its results.
    pub(super) fn carried_loop(
        &mut self,
        scan: &Scan,
        hidden: &[VarId],
        label: Option<&Label>,
        span: Span,
        body: impl FnOnce(&mut Self) -> (Header, Option<Val>, crate::ir::Region),
    ) -> (Vec<(Exit, VarId)>, Option<VarId>) {
        let (mut carried, exits, value) = self.exit_variables(scan, span);
        carried.extend(self.assigned(scan));
        let more: Vec<VarId> = hidden.iter().copied().filter(|id| !carried.contains(id)).collect();
        carried.extend(more);
        let init = self.current(&carried);
        let params = self.merged_results(&carried, span);
        for (&id, &val) in carried.iter().zip(&params) {
            let state = &mut self.scopes.vars[id].state;
            *state = if matches!(state, State::Flag(_)) { State::Flag(val) } else { State::Float(val) };
        }
        let label = label.map(|l| l.name.ident.to_string());
        self.contexts.push(Context::Loop { label, carried: carried.clone(), exits: exits.clone(), value });
        self.enter(scan);
        let before = self.scopes.snapshot();
        let (header, index, body) = body(self);
        self.scopes.restore(&before);
        self.contexts.pop();
        self.exit_construct();
        let results = self.merged_results(&carried, span);
        self.push(OpKind::Loop(Box::new(Loop { header, index, params, init, body, trips: None })), span);
        self.set_results(&carried, &results);
        (exits, value)
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
