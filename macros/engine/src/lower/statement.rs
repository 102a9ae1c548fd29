//! Statements without exits: `if`, blocks, and everything that is carried along; `let` and assignment have files of their
//! own.

use super::Lowerer;
use super::control::yielding;
use super::exits::{self, Scan, is_compound};
use super::expression::Value;
use super::flat;
use super::join::Join;
use super::late;
use super::macros::Unseen;
use super::opaque::{Fate, Opaque};
use super::pattern;
use super::received;
use super::scope::{State, VarId};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Op, OpKind, Ty, Val};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Block, Expr, ExprIf, ExprMacro, Stmt};

impl Lowerer<'_> {
    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.item(item),
            Stmt::Expr(expr, _) => self.expression_statement(expr),
            Stmt::Macro(m) => self.opaque_macro(&m.mac),
        }
    }

    /// A statement of the engine's own, about variables of its own.
    pub(super) fn verbatim(&mut self, tokens: TokenStream, span: Span) {
        let code = Inactive { pure: false, repeatable: true, expression: false, ..Inactive::engine(tokens) };
        self.push(OpKind::Inactive(code), span);
    }

    pub(super) fn opaque_macro(&mut self, mac: &syn::Macro) {
        self.note_writes(&Expr::Macro(ExprMacro { attrs: Vec::new(), mac: mac.clone() }));
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let (flat::Flat { syntax, errors: unfit }, named) = flat::macro_call(&self.scopes, mac);
        let mac = &*syntax;
        let mut opaque = Opaque::tokens(
            &self.scopes,
            &self.func.width,
            TokenStream::new(),
            &Fate::Lost(Site::of(&mac.path), message::lost_in_macro(name)),
        );
        opaque.macro_call(mac, &Fate::Consumed);
        named.iter().for_each(|(_, value)| opaque.visit(value, &Fate::Consumed));
        let Opaque { mut code, losses, errors, unseen, closures, .. } = opaque;
        closures.into_iter().for_each(|closure| self.emit_closure(closure));
        let tokens = self.looking(mac.to_token_stream());
        let unknown = unseen != Unseen::Nothing;
        let tokens = if unknown && super::declaring::declares(mac, &self.declared) {
            let checked = unseen.check(&quote!(#tokens;));
            quote!(#checked #tokens;)
        } else if unknown {
            unseen.refused(&tokens)
        } else {
            quote!(#tokens;)
        };
        let tokens = flat::prelude(&named, tokens);
        for (site, message) in unfit {
            self.error(site, message);
        }
        code.tokens = self.renamed(tokens);
        self.losses.extend(losses);
        for (span, message) in errors {
            self.error(span, message);
        }
        self.push(OpKind::Inactive(code), mac.path.span());
    }

    pub(super) fn expression_statement(&mut self, expr: &Expr) {
        match expr {
            Expr::Assign(e) => {
                self.assign(&e.left, &e.right, expr);
                self.note_assigned(&e.left);
            }
            Expr::Binary(e) if is_compound(&e.op) => {
                self.compound(&e.op, &e.left, &e.right, expr);
                self.note_assigned(&e.left);
            }
            Expr::If(e) if !pattern::contains_let(&e.cond) => {
                self.plain_if(e, false);
            }
            Expr::Block(e) if e.label.is_none() => {
                self.plain_block(&e.block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
            }
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                self.any_loop(expr);
            }
            Expr::Block(e) if self.concerns(expr) => {
                self.labelled_block(e);
            }
            e if Self::is_match(e) && self.concerns(e) => {
                let e = self.as_if(e);
                self.expression_statement(&e);
            }
            Expr::Paren(e) => self.expression_statement(&e.expr),
            Expr::Call(e) if self.swap_call(e) || self.replace_call(e).is_some() => {}
            Expr::MethodCall(e)
                if self.array_method(e) || self.vec_method(e) || self.growth(e) || self.rearrangement(e) => {}
            Expr::MethodCall(e) if self.skipped(e) => {}
            Expr::MethodCall(e) if e.method == "for_each" && self.consumer(e).is_some() => {}
            Expr::Call(e) if self.call_statement(e) => {}
            Expr::Call(_) | Expr::MethodCall(_) if self.buffer_call(expr) => {}
            // Its value is dropped.
            other => self.opaque_statement(other, &Fate::Consumed),
        }
    }

    /// A statement carried verbatim.
    pub(super) fn opaque_statement(&mut self, expr: &Expr, fate: &Fate) {
        let mut code = self.opaque(expr, fate);
        let tokens = code.tokens;
        code.tokens = quote!(#tokens;);
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), expr.span());
        for name in &Scan::expr(expr).assigned {
            if let Some(id) = self.scopes.find(&name.to_string()) {
                self.scopes.pending.remove(&id);
            }
        }
    }

    // Blocks and `if` without exits

    /// The value of a block.
    pub(super) fn block_value(&mut self, block: &Block) -> Value {
        let told = self.tail.take();
        self.plain_block(block, |l, block| l.value_of_block(block, told))
    }

    fn value_of_block(&mut self, block: &Block, told: received::Told) -> Value {
        let Some((last, stmts)) = block.stmts.split_last() else { return Value::Opaque };
        stmts.iter().for_each(|s| self.statement(s));
        match last {
            Stmt::Expr(e, None) => match self.expr_like(e, told) {
                Value::Opaque if exits::diverges_expr(e) => {
                    self.expression_statement(e);
                    Value::Float(self.poison(e.span()))
                }
                Value::Opaque => self.opaque_tail(e),
                value => value,
            },
            Stmt::Macro(m) => {
                self.opaque_macro(&m.mac);
                Value::Float(self.poison(m.mac.path.span()))
            }
            other => {
                self.statement(other);
                Value::Opaque
            }
        }
    }

    /// An `if` without exits. With `wants`, its value.
    pub(super) fn plain_if(&mut self, e: &ExprIf, wants: bool) -> Value {
        let span = e.if_token.span;
        let told = self.tail.take();
        let cond = self.condition(&e.cond);
        let before = self.states();
        self.tail.clone_from(&told);
        let (then_ops, then_val) = self.plain_arm(|l| l.if_block(&e.then_branch, wants));
        let after_then = self.states();
        self.set_states(&before);
        self.tail.clone_from(&told);
        let (other_ops, other_val) = self.plain_arm(|l| match &e.else_branch {
            None => Value::Opaque,
            Some((_, other)) => match &**other {
                Expr::Block(b) => l.if_block(&b.block, wants),
                Expr::If(inner) if !pattern::contains_let(&inner.cond) => l.plain_if(inner, wants),
                other if wants => match l.expr_like(other, told) {
                    Value::Opaque => l.opaque_tail(other),
                    value => value,
                },
                other => {
                    l.expression_statement(other);
                    Value::Opaque
                }
            },
        });
        self.tail = None;
        let after_other = self.states();
        let mut ops = [then_ops, other_ops];
        let (vars, yields) = self.merged_arms(&mut ops, &after_then[..before.len()], &after_other, span);
        let mut shared = false;
        late::each_tail(&Expr::If(e.clone()), &mut |tail| {
            shared |= matches!(tail, Expr::Reference(r) if r.mutability.is_none());
        });
        let mut join = Join { ops, yields, shared, ..Join::default() };
        // An arm that never comes to its end has no value.
        let then_val = (!exits::diverges(&e.then_branch)).then_some(then_val);
        let other_val = e.else_branch.as_ref().filter(|(_, other)| !exits::diverges_expr(other)).map(|_| other_val);
        let value = if wants { self.join([then_val, other_val], &mut join, span) } else { Some(Value::Opaque) };
        let value = value.unwrap_or_else(|| {
            self.error(span, message::not_a_float());
            Value::Float(self.poison(span))
        });
        let mut results = self.merged_results(&vars, span);
        let ([then_ops, other_ops], [thens, others]) = (join.ops, join.yields);
        self.push(OpKind::If(cond, yielding(then_ops, thens), yielding(other_ops, others)), span);
        self.set_results(&vars, &results);
        results.extend(join.results);
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        self.ops().extend(join.after);
        value
    }

    /// The float variables that two arms leave with different values, and these.
    pub(super) fn merged_arms(
        &mut self,
        [then_ops, other_ops]: &mut [Vec<Op>; 2],
        after_then: &[State],
        after_other: &[State],
        span: Span,
    ) -> (Vec<VarId>, [Vec<Val>; 2]) {
        let (mut thens, mut others, mut vars) = (Vec::new(), Vec::new(), Vec::new());
        for (id, (a, b)) in after_then.iter().zip(after_other).enumerate() {
            let dummy = |l: &mut Self, ops: &mut Vec<Op>| {
                l.regions.push(std::mem::take(ops));
                let val = l.constant(0.0, span);
                *ops = l.regions.pop().unwrap_or_default();
                val
            };
            let pair = match (a, b) {
                (State::Float(a), State::Float(b)) if a == b => None,
                (State::Float(a), State::Float(b)) => Some((*a, *b)),
                (State::Float(a), State::Uninit) => Some((*a, dummy(self, other_ops))),
                (State::Uninit, State::Float(b)) => Some((dummy(self, then_ops), *b)),
                (State::Native, _) | (_, State::Native) => {
                    self.scopes.vars[id].state = State::Native;
                    None
                }
                _ => None,
            };
            if let Some((a, b)) = pair {
                thens.push(a);
                others.push(b);
                vars.push(id);
            }
        }
        (vars, [thens, others])
    }

    /// A condition that is found out in one of two ways.
    pub(super) fn either(
        &mut self,
        cond: Val,
        then: impl FnOnce(&mut Self) -> Val,
        other: impl FnOnce(&mut Self) -> Val,
        span: Span,
    ) -> Val {
        let before = self.states();
        let (then_ops, then_val) = self.plain_arm(then);
        let after_then = self.states();
        self.set_states(&before);
        let (other_ops, other_val) = self.plain_arm(other);
        self.tail = None;
        let after_other = self.states();
        let mut ops = [then_ops, other_ops];
        let (vars, [mut thens, mut others]) =
            self.merged_arms(&mut ops, &after_then[..before.len()], &after_other, span);
        let mut results = self.merged_results(&vars, span);
        thens.push(then_val);
        others.push(other_val);
        let [then_ops, other_ops] = ops;
        self.push(OpKind::If(cond, yielding(then_ops, thens), yielding(other_ops, others)), span);
        self.set_results(&vars, &results);
        let holds = self.func.val(Ty::Bool, None, span);
        results.push(holds);
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        holds
    }

    pub(super) fn if_block(&mut self, block: &Block, wants: bool) -> Value {
        if wants {
            let told = self.tail.take();
            return self.block_of_region(block, |l, block| l.value_of_block(block, told));
        }
        self.block_of_region(block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
        Value::Opaque
    }

    pub(super) fn plain_arm<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> (Vec<Op>, T) {
        self.regions.push(Vec::new());
        let value = self.ends_apart(f);
        (self.regions.pop().unwrap_or_default(), value)
    }

    pub(super) fn states(&self) -> Vec<State> {
        self.scopes.vars.iter().map(|v| v.state.clone()).collect()
    }

    pub(super) fn set_states(&mut self, states: &[State]) {
        for (var, state) in self.scopes.vars.iter_mut().zip(states) {
            let began = matches!((&var.state, state), (State::Part(_), State::Uninit));
            if !matches!(var.state, State::Native) && !began {
                var.state = state.clone();
            }
        }
    }
}
