//! Numbers that only decide: operands of comparisons in code that is carried along, where they are calls, chains of
//! methods, blocks. Input: an expression of the user's. Output: the same, with such operands evaluated before it and named
//! in their places.
//!
//! Only what is evaluated in any case is evaluated before. What stands to the right of `&&` and `||` is evaluated in a
//! branch. Order matters: an operand stays where it is if something before it stays and has an effect, or would see one of
//! the operand's.

use super::Lowerer;
use super::call::without_parentheses;
use super::effects::{Effect, Effects};
use super::exits::{Exit, Scan, is_compound};
use super::expression::Value;
use super::iterate::Function;
use super::opaque::{Fate, Opaque};
use super::scope::State;
use super::{comparison, pattern, question};
use crate::diagnostics::Site;
use crate::ir::{Inactive, OpKind, Ty, Val};
use crate::rules::derivative as table;
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Stmt, UnOp, parse_quote};

/// How deeply an expression may be nested in which comparisons are looked for.
const LEVELS: usize = 128;
/// How deeply comparisons may be nested in operands of each other.
const NESTED: usize = 3;

/// Questions about the elements of a chain whose answer is a condition.
const ANSWERS: &[&str] = &["any", "all"];

/// What stays in its place before the operand that is looked at.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Before {
    /// Nothing that matters.
    Nothing,
    /// Something that reads what may change.
    Reads,
    /// Something that may change what is read.
    Effects,
}

impl Lowerer<'_> {
    /// An expression that would lose something, with its operands evaluated; `None` if it is nested too deeply for that.
    pub(super) fn decided(&mut self, expr: &Expr) -> Option<Expr> {
        if self.deciding == NESTED || is_deep(expr) {
            return None;
        }
        let mut decided = expr.clone();
        self.deciding += 1;
        self.decide_within(&mut decided, &mut Before::Nothing);
        self.deciding -= 1;
        Some(decided)
    }

    fn decide_within(&mut self, expr: &mut Expr, before: &mut Before) {
        match expr {
            Expr::Paren(e) => self.decide_within(&mut e.expr, before),
            Expr::Group(e) => self.decide_within(&mut e.expr, before),
            Expr::Unary(e) => self.decide_within(&mut e.expr, before),
            Expr::Cast(e) => self.decide_within(&mut e.expr, before),
            Expr::Reference(e) if e.mutability.is_none() => self.decide_within(&mut e.expr, before),
            Expr::Field(e) => self.decide_within(&mut e.base, before),
            Expr::Binary(e) if comparison::is_one(&e.op) => {
                self.compared([&mut *e.left, &mut *e.right], [false; 2], before);
            }
            Expr::Binary(e) if matches!(e.op, BinOp::And(_) | BinOp::Or(_)) => {
                if self.moves(&e.left, *before) && self.moves(&e.right, *before) && self.loses(&e.right) {
                    *expr = self.in_branch(&e.left, &e.right, matches!(e.op, BinOp::And(_)));
                } else {
                    self.decide_within(&mut e.left, before);
                    self.stays(&e.right, before);
                }
            }
            // On what is no number the right side comes first.
            Expr::Binary(e) if is_compound(&e.op) => {
                self.decide_within(&mut e.right, before);
                *before = Before::Effects;
            }
            Expr::Assign(e) => {
                self.decide_within(&mut e.right, before);
                *before = Before::Effects;
            }
            Expr::Binary(e) => {
                self.decide_within(&mut e.left, before);
                self.decide_within(&mut e.right, before);
            }
            Expr::MethodCall(e) if ANSWERS.iter().any(|name| e.method == name) => {
                if self.moves(expr, *before)
                    && self.loses(expr)
                    && let Some(answer) = self.answered(expr)
                {
                    *expr = answer;
                } else {
                    self.stays(expr, before);
                }
            }
            Expr::MethodCall(e) => {
                let name = e.method.to_string();
                let compares = table::INACTIVE_METHODS.contains(&name.as_str());
                let within = name == "contains" && e.args.len() == 1;
                match (&mut *e.receiver, e.args.first_mut()) {
                    (receiver, Some(arg)) if compares => self.compared([receiver, arg], [false, true], before),
                    (receiver, None) if compares => self.compared([receiver], [false], before),
                    (receiver, Some(arg)) if within => match unparenthesised(receiver) {
                        Expr::Range(syn::ExprRange { start: Some(lo), end: Some(hi), .. }) => {
                            self.compared([&mut **lo, &mut **hi, arg], [false, false, true], before);
                        }
                        _ => self.stays(receiver, before),
                    },
                    (receiver, _) => {
                        self.decide_within(receiver, before);
                        e.args.iter_mut().for_each(|arg| self.decide_within(arg, before));
                    }
                }
                self.stays(expr, before);
            }
            Expr::Call(e) => {
                e.args.iter_mut().for_each(|arg| self.decide_within(arg, before));
                self.stays(expr, before);
            }
            Expr::Tuple(e) => e.elems.iter_mut().for_each(|elem| self.decide_within(elem, before)),
            Expr::Array(e) => e.elems.iter_mut().for_each(|elem| self.decide_within(elem, before)),
            Expr::Struct(e) => e.fields.iter_mut().for_each(|field| self.decide_within(&mut field.expr, before)),
            Expr::Index(e) => {
                self.stays(&e.expr, before);
                self.decide_within(&mut e.index, before);
            }
            Expr::If(e) => {
                if !pattern::contains_let(&e.cond) {
                    self.decide_within(&mut e.cond, before);
                }
                *before = Before::Effects;
            }
            Expr::Match(e) => {
                self.decide_within(&mut e.expr, before);
                *before = Before::Effects;
            }
            other => self.stays(other, before),
        }
    }

    /// Whether numbers would be lost in an expression that decides.
    fn loses(&self, expr: &Expr) -> bool {
        let known = Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed);
        !known.losses.is_empty() || !known.errors.is_empty()
    }

    /// An expression is evaluated where it stands.
    fn stays(&self, expr: &Expr, before: &mut Before) {
        let code = Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).code;
        let now = match () {
            () if code.pure && code.places.is_empty() && code.reads.is_empty() => Before::Nothing,
            () if code.pure || question::looks(expr) => Before::Reads,
            () => Before::Effects,
        };
        if now > *before {
            *before = now;
        }
    }

    /// Numbers that are compared, in the order in which they are evaluated. If one has to be evaluated before, all are.
    /// `borrowed`: those that are behind a reference where they stand now.
    fn compared<const N: usize>(&mut self, operands: [&mut Expr; N], borrowed: [bool; N], before: &mut Before) {
        let numbers = operands.iter().any(|operand| self.loses(operand));
        let mut all = true;
        let mut found = Vec::with_capacity(N);
        for (operand, borrowed) in operands.into_iter().zip(borrowed) {
            // A constant stays one.
            if matches!(operand, Expr::Lit(_)) {
                continue;
            }
            match if numbers { self.evaluated_before(operand, *before) } else { None } {
                Some((name, reference)) => found.push((operand, name, reference, borrowed)),
                None => {
                    all = false;
                    if self.loses(operand) {
                        self.decide_within(operand, before);
                    } else {
                        self.stays(operand, before);
                    }
                }
            }
        }
        for (operand, name, reference, borrowed) in found {
            *operand = if borrowed || (reference && !all) { parse_quote!(&#name) } else { parse_quote!(#name) };
        }
    }

    /// Whether an operand can be evaluated before what stays in its place.
    fn moves(&self, operand: &Expr, before: Before) -> bool {
        match before {
            Before::Nothing => true,
            Before::Reads => Effects::of(operand, &self.func.width).effect() == Effect::No,
            Before::Effects => false,
        }
    }

    /// Evaluates an operand here, if it is a number. Returns its name, and whether it visibly was a reference.
    fn evaluated_before(&mut self, operand: &Expr, before: Before) -> Option<(Ident, bool)> {
        if !self.moves(operand, before) {
            return None;
        }
        let (errors, span) = (self.errors.count(), operand.span());
        let found = self.attempt(|l| {
            let found = match l.expr(operand) {
                Value::Float(val) => Some((val, matches!(without_parentheses(operand), Expr::Reference(_)))),
                Value::Part { part, reference } if l.func.is_number(&part) => Some((l.load(part, span), reference)),
                _ => None,
            };
            found.filter(|_| l.errors.count() == errors)
        });
        self.errors.truncate(errors);
        let (val, reference) = found?;
        Some((self.hidden("operand", State::Float(val)), reference))
    }

    /// Whether any element, or each, is as a function wants it: a loop that ends when that is known.
    fn answered(&mut self, expr: &Expr) -> Option<Expr> {
        let Expr::MethodCall(call) = expr else { return None };
        let (any, span) = (call.method == "any", call.method.span());
        let (errors, scan) = (self.errors.count(), Scan::expr(expr));
        let found = self.attempt(|l| {
            let chain = l.iterator(&call.receiver, &|_| true)?;
            if chain.nested().is_some() || call.args.len() != 1 {
                return None;
            }
            let f = l.function(&call.args[0], 1)?;
            let init = l.flag(!any, span);
            let answer = l.scopes.hidden(Ident::new("answer", Span::mixed_site()), State::Flag(init));
            l.each(&chain, &scan, &[answer], None, span, &mut |l, item| {
                let cond = l.decide(&f, &[item]);
                let mut known = |l: &mut Self| {
                    let flag = l.flag(any, span);
                    l.scopes.vars[answer].state = State::Flag(flag);
                    l.leave(&Exit::Break(None), None, span)
                };
                if any {
                    l.in_case(cond, &mut known, &mut Self::fall_off)
                } else {
                    l.in_case(cond, &mut Self::fall_off, &mut known)
                }
            });
            let State::Flag(val) = l.scopes.vars[answer].state else { return None };
            (l.errors.count() == errors).then_some(val)
        });
        self.errors.truncate(errors);
        let name = self.hidden("answer", State::Other { val: found?, indexable: false });
        Some(parse_quote!(#name))
    }

    /// Whether a condition loses something, or changes what is followed.
    fn acts(&self, cond: &Expr) -> bool {
        self.loses(cond) || self.assigns(cond)
    }

    /// Whether a condition assigns numbers, be it by a closure that it calls.
    fn assigns(&self, cond: &Expr) -> bool {
        !self.assigned(&Scan::expr(cond)).is_empty()
    }

    /// A condition that does more than compare, part by part: a block, `&&` and `||` with such a right side, a closure
    /// that is called.
    pub(super) fn followed_condition(&mut self, cond: &Expr) -> Option<Val> {
        match cond {
            Expr::Paren(e) => return self.followed_condition(&e.expr),
            Expr::Block(_) | Expr::Binary(_) | Expr::Unary(_) | Expr::Call(_) => {}
            _ => return None,
        }
        if !self.acts(cond) || !Scan::expr(cond).exits.is_empty() || is_deep(cond) {
            return None;
        }
        let span = cond.span();
        match cond {
            Expr::Block(e) if e.label.is_none() => {
                let (Stmt::Expr(last, None), stmts) = e.block.stmts.split_last()? else { return None };
                Some(self.plain_block(&e.block, |l, _| {
                    stmts.iter().for_each(|s| l.statement(s));
                    l.condition(last)
                }))
            }
            Expr::Binary(e)
                if matches!(e.op, BinOp::And(_) | BinOp::Or(_)) && (self.acts(&e.right) || self.assigns(&e.left)) =>
            {
                Some(self.branch_of(&e.left, &e.right, matches!(e.op, BinOp::And(_))))
            }
            Expr::Unary(e) if matches!(e.op, UnOp::Not(_)) => {
                let val = self.followed_condition(&e.expr)?;
                let name = Ident::new("holds__", Span::mixed_site());
                let mut code = Inactive::engine(quote!(!#name));
                code.reads.push((name, val));
                Some(self.define(OpKind::Inactive(code), Ty::Bool, span))
            }
            Expr::Call(e) => {
                let lambda = self.called_lambda(e)?;
                let f = Function { lambda, site: Site::of(&e.func) };
                let items = self.lent_arguments(&f.lambda, e);
                Some(self.decide(&f, &items))
            }
            _ => None,
        }
    }

    /// `left && right`, `left || right` as a branch.
    fn in_branch(&mut self, left: &Expr, right: &Expr, and: bool) -> Expr {
        let val = self.branch_of(left, right, and);
        let name = self.hidden("holds", State::Other { val, indexable: false });
        parse_quote!(#name)
    }

    fn branch_of(&mut self, left: &Expr, right: &Expr, and: bool) -> Val {
        let span = left.span();
        let cond = self.condition(left);
        if and {
            self.either(cond, |l| l.condition(right), |l| l.flag(false, span), span)
        } else {
            self.either(cond, |l| l.flag(true, span), |l| l.condition(right), span)
        }
    }
}

/// Whether an expression is nested too deeply to be copied on a small stack.
pub(super) fn is_deep(expr: &Expr) -> bool {
    struct Levels {
        left: usize,
        deep: bool,
    }
    impl<'ast> Visit<'ast> for Levels {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            let Some(left) = self.left.checked_sub(1) else { return self.deep = true };
            let before = std::mem::replace(&mut self.left, left);
            visit::visit_expr(self, expr);
            self.left = before;
        }
    }
    let mut levels = Levels { left: LEVELS, deep: false };
    levels.visit_expr(expr);
    levels.deep
}

fn unparenthesised(expr: &mut Expr) -> &mut Expr {
    match expr {
        Expr::Paren(e) => unparenthesised(&mut e.expr),
        other => other,
    }
}
