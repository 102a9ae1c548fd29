//! What is done with variables, which tells what calls give that they are bound to. Input: a body. Output: for each
//! declaration, whether it is used as an array, as a tuple of how many members, as a struct.
//!
//! Invariant: a use belongs to the declaration that its name means there; nothing is known of parameters.

use super::Declaration;
use super::applied::iterator;
use super::assignment::declaration;
use super::call::OF_STD;
use super::pattern;
use crate::rules::derivative as table;
use proc_macro2::Ident;
use std::collections::HashMap;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Index, Member, Pat, Stmt, UnOp};

/// What is done with a variable.
#[allow(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// How many dimensions it has at least, if it is an array: it has so many indices, or a length, or is iterated over.
    pub rank: usize,
    /// How many members it has at least, if it has numbered ones.
    pub members: usize,
    /// It has fields with names, or methods that are neither of numbers nor of arrays.
    pub fields: bool,
    /// It is handed on, or something is taken from it: it is no enum that is only matched.
    pub passed: bool,
    /// A reference to it is given to a function.
    pub referred: bool,
    /// It is what the body, or an arm at its end, ends with.
    pub last: bool,
}

/// What is done with the variables of a body.
#[derive(Default)]
pub(super) struct Usage {
    uses: HashMap<Declaration, Use>,
    /// What each name means, innermost last: nothing for a parameter.
    names: HashMap<String, Vec<Declaration>>,
    open: Vec<Vec<String>>,
    /// Further methods of numbers.
    methods: Vec<Ident>,
}

/// Methods of arrays.
const OF_ARRAYS: &[&str] = &["len", "iter", "iter_mut", "into_iter", "to_vec", "swap", "fill", "first", "last"];

/// Methods of anything.
const OF_ANYTHING: &[&str] = &["clone", "to_owned", "into", "unwrap", "expect", "as_ref", "to_string", "map"];

impl Usage {
    /// Looks through a body; `methods` are further ones of numbers.
    pub(super) fn new(body: &Block, methods: &[Ident]) -> Self {
        let mut usage = Usage { methods: methods.to_vec(), ..Usage::default() };
        usage.block(body, true);
        usage
    }

    /// What is done with a variable.
    pub(super) fn of(&self, name: &Ident) -> Use {
        self.uses.get(&declaration(name)).copied().unwrap_or_default()
    }

    /// What is done with a member of a tuple; `None` if it is not mentioned.
    pub(super) fn of_member(&self, name: &Ident, member: usize) -> Option<Use> {
        self.uses.get(&member_of(&declaration(name), member)).copied()
    }

    fn declare(&mut self, pat: &Pat) {
        for bound in pattern::bindings(pat).unwrap_or_default() {
            let name = bound.name.to_string();
            self.names.entry(name.clone()).or_default().push(declaration(&bound.name));
            if let Some(names) = self.open.last_mut() {
                names.push(name);
            }
        }
    }

    fn within(&mut self, visit: impl FnOnce(&mut Self)) {
        self.open.push(Vec::new());
        visit(self);
        for name in self.open.pop().unwrap_or_default() {
            self.names.get_mut(&name).and_then(Vec::pop);
        }
    }

    /// The use of the variable that an expression is, or refers to.
    fn note(&mut self, expr: &Expr, note: &mut dyn FnMut(&mut Use)) {
        match expr {
            Expr::Path(_) => {
                if let Some(declared) = self.declared(expr) {
                    note(self.uses.entry(declared).or_default());
                }
            }
            Expr::Field(e) => {
                if let (Some(declared), Member::Unnamed(index)) = (self.declared(&e.base), &e.member) {
                    note(self.uses.entry(member_of(&declared, index.index as usize)).or_default());
                }
            }
            Expr::Paren(e) => self.note(&e.expr, note),
            Expr::Reference(e) => self.note(&e.expr, note),
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => self.note(&e.expr, note),
            _ => {}
        }
    }

    fn declared(&self, expr: &Expr) -> Option<Declaration> {
        let Expr::Path(path) = expr else { return None };
        self.names.get(&path.path.get_ident()?.to_string())?.last().cloned()
    }

    /// What has a length, or elements, or so many more dimensions: with `j[0].len()`, `j` has two.
    fn array(&mut self, expr: &Expr, mut rank: usize) {
        let mut base = expr;
        while let Expr::Index(e) = base {
            rank += usize::from(!matches!(*e.index, Expr::Range(_)));
            base = &e.expr;
        }
        self.note(base, &mut |seen| seen.rank = seen.rank.max(rank));
    }

    /// `j[0][1]`, all its indices at once.
    fn indexed(&mut self, expr: &Expr) {
        let range = matches!(expr, Expr::Index(e) if matches!(*e.index, Expr::Range(_)));
        self.array(expr, usize::from(range));
        let mut base = expr;
        while let Expr::Index(e) = base {
            self.visit_expr(&e.index);
            base = &e.expr;
        }
        self.visit_expr(base);
    }

    fn passed(&mut self, expr: &Expr) {
        self.note(expr, &mut |seen| seen.passed = true);
    }

    fn method(&mut self, call: &ExprMethodCall) {
        let name = call.method.to_string();
        let known = |list: &[&str]| list.contains(&name.as_str());
        let array = known(OF_ARRAYS);
        let other = table::method(&name).is_some()
            || known(table::INACTIVE_METHODS)
            || known(OF_STD)
            || known(OF_ANYTHING)
            || iterator(call).is_some()
            || name == "sin_cos"
            || self.methods.contains(&call.method);
        if array {
            self.array(&call.receiver, 1);
        }
        self.note(&call.receiver, &mut |seen| {
            seen.fields |= !array && !other;
            seen.passed = true;
        });
    }

    /// A block; `end` says whether the body ends with it.
    fn block(&mut self, block: &Block, end: bool) {
        self.within(|u| {
            let (last, stmts) = match block.stmts.split_last() {
                Some((Stmt::Expr(last, None), stmts)) if end => (Some(last), stmts),
                _ => (None, &block.stmts[..]),
            };
            stmts.iter().for_each(|stmt| u.visit_stmt(stmt));
            last.into_iter().for_each(|last| u.end(last));
        });
    }

    /// What the body ends with.
    fn end(&mut self, expr: &Expr) {
        match expr {
            Expr::Paren(e) => self.end(&e.expr),
            Expr::Block(e) if e.label.is_none() => self.block(&e.block, true),
            Expr::If(e) => self.within(|u| {
                u.condition(&e.cond);
                u.block(&e.then_branch, true);
                e.else_branch.iter().for_each(|(_, other)| u.end(other));
            }),
            Expr::Match(e) => {
                self.visit_expr(&e.expr);
                for arm in &e.arms {
                    self.within(|u| {
                        u.declare(&arm.pat);
                        u.end(&arm.body);
                    });
                }
            }
            Expr::Tuple(e) => e.elems.iter().for_each(|elem| self.end(elem)),
            other => {
                self.note(other, &mut |seen| (seen.last, seen.passed) = (true, true));
                self.visit_expr(other);
            }
        }
    }

    /// The names of `if let` and `while let` hold where it stands.
    fn condition(&mut self, cond: &Expr) {
        match cond {
            Expr::Let(e) => {
                self.visit_expr(&e.expr);
                self.declare(&e.pat);
            }
            Expr::Binary(e) => {
                self.condition(&e.left);
                self.condition(&e.right);
            }
            other => self.visit_expr(other),
        }
    }
}

impl<'b> Visit<'b> for Usage {
    fn visit_block(&mut self, block: &'b Block) {
        self.block(block, false);
    }

    fn visit_local(&mut self, local: &'b syn::Local) {
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            init.diverge.iter().for_each(|(_, diverge)| self.visit_expr(diverge));
        }
        self.declare(&local.pat);
    }

    fn visit_expr_closure(&mut self, closure: &'b syn::ExprClosure) {
        self.within(|u| {
            closure.inputs.iter().for_each(|pat| u.declare(pat));
            u.visit_expr(&closure.body);
        });
    }

    fn visit_expr_if(&mut self, e: &'b syn::ExprIf) {
        self.within(|u| {
            u.condition(&e.cond);
            u.visit_block(&e.then_branch);
        });
        e.else_branch.iter().for_each(|(_, other)| self.visit_expr(other));
    }

    fn visit_expr_while(&mut self, e: &'b syn::ExprWhile) {
        self.within(|u| {
            u.condition(&e.cond);
            u.visit_block(&e.body);
        });
    }

    fn visit_arm(&mut self, arm: &'b syn::Arm) {
        self.within(|u| {
            u.declare(&arm.pat);
            visit::visit_arm(u, arm);
        });
    }

    fn visit_expr_for_loop(&mut self, e: &'b syn::ExprForLoop) {
        self.array(&e.expr, 1);
        self.visit_expr(&e.expr);
        self.within(|u| {
            u.declare(&e.pat);
            u.visit_block(&e.body);
        });
    }

    fn visit_expr(&mut self, expr: &'b Expr) {
        match expr {
            Expr::Index(_) => return self.indexed(expr),
            Expr::Call(e) => {
                for arg in &e.args {
                    let reference = matches!(arg, Expr::Reference(_));
                    self.note(arg, &mut |seen| {
                        seen.referred |= reference;
                        seen.passed = true;
                    });
                }
            }
            Expr::MethodCall(e) => {
                self.method(e);
                e.args.iter().for_each(|arg| self.passed(arg));
            }
            Expr::Field(e) => {
                self.note(expr, &mut |_| {});
                self.note(&e.base, &mut |seen| {
                    seen.passed = true;
                    match &e.member {
                        Member::Named(_) => seen.fields = true,
                        Member::Unnamed(index) => seen.members = seen.members.max(count(index).unwrap_or_default()),
                    }
                });
            }
            Expr::Return(e) => {
                e.expr.iter().for_each(|e| self.note(e, &mut |seen| (seen.last, seen.passed) = (true, true)));
            }
            Expr::Assign(e) => [&e.left, &e.right].into_iter().for_each(|e| self.passed(e)),
            Expr::Struct(e) => e.fields.iter().for_each(|field| self.passed(&field.expr)),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &'b syn::Item) {}
}

fn member_of(declared: &Declaration, member: usize) -> Declaration {
    format!("{declared}.{member}")
}

/// How many members a tuple has at least that has this one; longer ones are not returned.
pub(super) fn count(index: &Index) -> Option<usize> {
    (index.index < 12).then(|| (index.index as usize + 1).max(2))
}
