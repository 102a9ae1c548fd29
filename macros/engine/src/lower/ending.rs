//! What scopes end with: a variable of the user's may do something where its scope ends, as guards of `Mutex` and `RefCell` do,
//! and whatever has a `Drop`.
//!
//! Emitted code has fewer blocks than the source: statements of a block, and bodies that are inlined, go to the region that
//! encloses them. Where a variable is declared in one that may do something at its end, and that is no number by its use, the
//! statements become a region of their own, a branch that is always taken. So rustc drops where it does in the source. What
//! comes out is the branch's value.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::control::yielding;
use super::exits::is_compound;
use super::expression::{UNNAMED, Value};
use super::item::Item;
use super::join::Join;
use super::methods::numeric;
use super::scope::{State, VarId};
use super::types;
use super::vector::of_fixed_rows;
use crate::diagnostics::message;
use crate::ir::{Init, OpKind, Part, PlaceId, Step, Ty, Val};
use proc_macro2::{Ident, Span, TokenTree};
use quote::quote;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Local, Pat, Stmt, Type};

/// What may do something at its end.
#[derive(Default)]
pub(super) struct Ending {
    vals: HashSet<Val>,
    vars: HashSet<VarId>,
    /// Whether a variable of the scopes that were closed last is one of them.
    here: bool,
}

impl Ending {
    /// A value that is one of them.
    pub(super) fn value(&mut self, val: Val) {
        self.vals.insert(val);
    }

    /// Whether a value is one of them.
    pub(super) fn has(&self, val: Val) -> bool {
        self.vals.contains(&val)
    }
}

/// What comes out of a scope.
pub(super) trait Yielded: Clone {
    /// It as a result of the branch; `None` if it cannot be one.
    fn out(self, l: &mut Lowerer<'_>, join: &mut Join, span: Span) -> Option<Self>;

    /// Whether nothing came of it, and what was lowered does not stay.
    fn is_nothing(&self) -> bool {
        false
    }
}

impl Yielded for () {
    fn out(self, _: &mut Lowerer<'_>, _: &mut Join, _: Span) -> Option<Self> {
        Some(())
    }
}

impl Yielded for Value {
    fn out(self, l: &mut Lowerer<'_>, join: &mut Join, span: Span) -> Option<Self> {
        match self {
            Value::Part { part, reference } if !join.made(part.place) => {
                let mut part = part;
                for step in &mut part.path {
                    let vals: Vec<&mut Val> = match step {
                        Step::At(val) | Step::From(val) => vec![val],
                        Step::Range(lo, hi) => vec![lo, hi],
                        Step::Field(_) => Vec::new(),
                    };
                    for val in vals {
                        *val = val.out(l, join, span)?;
                    }
                }
                Some(Value::Part { part, reference })
            }
            Value::Part { part, reference: false } if l.is_list_of_numbers(&part) => {
                let dims = l.func.dims(&part);
                let place = l.allocate(Ident::new(UNNAMED, span), dims, Init::Empty);
                l.grow(place);
                l.regions.push(std::mem::take(&mut join.ops[0]));
                l.copy(Part::whole(place), part, span);
                join.ops[0] = l.regions.pop().unwrap_or_default();
                Some(Value::Part { part: Part::whole(place), reference: false })
            }
            Value::Aggregate(Aggregate { path, reference, members }) => {
                let members = members.into_iter().map(|(name, value)| Some((name, value.out(l, join, span)?)));
                let members = members.collect::<Option<_>>()?;
                Some(Value::Aggregate(Aggregate { path, reference, members }))
            }
            value => l.join([Some(value), None], join, span),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Value::Opaque)
    }
}

impl Yielded for Item {
    fn out(self, l: &mut Lowerer<'_>, join: &mut Join, span: Span) -> Option<Self> {
        let value = match self {
            Item::Tuple(items) => {
                let items = items.into_iter().map(|item| item.out(l, join, span));
                return Some(Item::Tuple(items.collect::<Option<_>>()?));
            }
            Item::Alias(_) => return Some(self),
            Item::Element(part) => {
                return match (Value::Part { part, reference: true }).out(l, join, span)? {
                    Value::Part { part, .. } => Some(Item::Element(part)),
                    _ => None,
                };
            }
            Item::Closure(_) => return None,
            ref item => item.value()?.out(l, join, span)?,
        };
        Some(match (value, self) {
            (Value::Inactive(val), Item::Other { indexable, reference, .. }) => {
                Item::Other { val, indexable, reference }
            }
            (Value::Float(val), _) => Item::Float(val),
            (Value::Part { part, reference }, _) => Item::Part { part, reference },
            (Value::Aggregate(aggregate), _) => Item::from(aggregate),
            (Value::Inactive(_) | Value::Opaque, _) => return None,
        })
    }
}

impl Yielded for Val {
    fn out(self, l: &mut Lowerer<'_>, join: &mut Join, span: Span) -> Option<Self> {
        let ty = l.func.info(self).ty;
        if ty == Ty::Other {
            return match Value::Inactive(self).out(l, join, span)? {
                Value::Inactive(val) => Some(val),
                _ => None,
            };
        }
        let other = std::mem::take(&mut join.ops[1]);
        l.regions.push(other);
        let stand_in = match ty {
            Ty::Bool => l.flag(false, span),
            Ty::Index => l.engine_index(quote!(0), &[], span),
            _ => l.constant(0.0, span),
        };
        join.ops[1] = l.regions.pop().unwrap_or_default();
        join.yields[0].push(self);
        join.yields[1].push(stand_in);
        let result = l.func.val(ty, None, span);
        join.results.push(result);
        Some(result)
    }
}

impl Join {
    /// Whether an array begins in one of the arms.
    fn made(&self, place: PlaceId) -> bool {
        self.ops.iter().flatten().any(|op| matches!(op.kind, OpKind::Alloc(p, _) if p == place))
    }
}

impl Lowerer<'_> {
    /// Lowers what opens and closes scopes. If it may declare what does something at its end, and has done so, it becomes a
    /// region of its own.
    pub(super) fn enclosed<T: Yielded>(&mut self, may_end: bool, span: Span, f: impl FnOnce(&mut Self) -> T) -> T {
        if !may_end {
            return f(self);
        }
        let (mark, before) = (self.ops().len(), self.states());
        let outer = std::mem::replace(&mut self.ending.here, false);
        let value = f(self);
        let ends = std::mem::replace(&mut self.ending.here, outer);
        if !ends || value.is_nothing() {
            return value;
        }
        let mark = mark.min(self.ops().len());
        let ops = self.ops().split_off(mark);
        let cond = self.flag(true, span);
        let after = self.states();
        let mut join = Join { ops: [ops, Vec::new()], ..Join::default() };
        let (vars, yields) = self.merged_arms(&mut join.ops, &after[..before.len()], &before, span);
        join.yields = yields;
        let result = value.clone().out(self, &mut join, span).unwrap_or_else(|| {
            self.error(span, message::outlives());
            value
        });
        let mut results = self.merged_results(&vars, span);
        let ([ops, never], [yields, stand_ins]) = (join.ops, join.yields);
        self.push(OpKind::If(cond, yielding(ops, yields), yielding(never, stand_ins)), span);
        self.set_results(&vars, &results);
        results.extend(join.results);
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        self.ops().extend(join.after);
        result
    }

    fn is_list_of_numbers(&self, part: &Part) -> bool {
        part.is_whole() && of_fixed_rows(&self.func.dims(part)) && !self.func.holds_structs(part)
    }

    /// A variable may do something at its end.
    pub(super) fn ends(&mut self, id: VarId) {
        match &self.scopes.vars[id].state {
            State::Other { val, .. } => _ = self.ending.vals.insert(*val),
            _ => _ = self.ending.vars.insert(id),
        }
    }

    /// One that has no value yet.
    pub(super) fn ends_unless_plain(&mut self, id: VarId, ty: Option<&Type>) {
        if ty.is_none_or(|ty| !plain(ty)) {
            self.ends(id);
        }
    }

    /// A region: what is declared in it ends with it.
    pub(super) fn ends_apart<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.ending.here;
        let value = f(self);
        self.ending.here = outer;
        value
    }

    /// Closes scopes, in which variables were declared from the first of these on, and notes whether one of them may do
    /// something. What they are used for is in the code that they are seen by.
    pub(super) fn close(&mut self, depth: usize, first: VarId, code: &dyn Fn(&mut Uses)) {
        if !self.ending.vals.is_empty() || !self.ending.vars.is_empty() {
            let ends = |id: &VarId| match &self.scopes.vars[*id].state {
                State::Other { val, .. } => self.ending.vals.contains(val),
                State::Native => self.ending.vars.contains(id),
                _ => false,
            };
            let declared = self.scopes.declared_since(depth).into_iter().filter(|id| *id >= first);
            let ending: Vec<VarId> = declared.flat_map(|id| self.scopes.leaves(id)).filter(ends).collect();
            if !ending.is_empty() {
                let mut uses = Uses::default();
                code(&mut uses);
                self.ending.here |= ending.iter().any(|id| !uses.is_number(&self.scopes.vars[*id].name.to_string()));
            }
        }
        self.scopes.pop_to(depth);
    }
}

/// What names are used for.
#[derive(Default)]
pub(super) struct Uses {
    /// Operands and indices: numbers, or what is moved there.
    numbers: HashSet<String>,
    /// How often each is declared.
    declared: HashMap<String, usize>,
}

impl Uses {
    fn is_number(&self, name: &str) -> bool {
        self.numbers.contains(name) && self.declared.get(name).is_none_or(|&times| times < 2)
    }

    fn number(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(p) => self.numbers.extend(p.path.get_ident().map(ToString::to_string)),
            Expr::Paren(e) => self.number(&e.expr),
            Expr::Range(e) => e.start.iter().chain(&e.end).for_each(|bound| self.number(bound)),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        use syn::BinOp as B;
        match expr {
            Expr::Binary(e) if matches!(e.op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_)) => {
                if matches!((&*e.left, &*e.right), (Expr::Lit(_), _) | (_, Expr::Lit(_))) {
                    self.number(&e.left);
                    self.number(&e.right);
                }
            }
            Expr::Binary(e) => {
                if !is_compound(&e.op) {
                    self.number(&e.left);
                }
                self.number(&e.right);
            }
            Expr::If(e) => self.number(&e.cond),
            Expr::While(e) => self.number(&e.cond),
            // A conversion.
            Expr::Call(e) if matches!(&*e.func, Expr::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "from")) =>
            {
                e.args.iter().for_each(|arg| self.number(arg));
            }
            Expr::Cast(e) => self.number(&e.expr),
            Expr::Index(e) => self.number(&e.index),
            Expr::ForLoop(e) if matches!(*e.expr, Expr::Range(_)) => self.number(&e.expr),
            Expr::Unary(e) if !matches!(e.op, syn::UnOp::Deref(_)) => self.number(&e.expr),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        *self.declared.entry(pat.ident.to_string()).or_default() += 1;
        visit::visit_pat_ident(self, pat);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Whether a block may declare something that does something at its end.
pub(super) fn may_end(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Local(local) => local_may_end(local),
        _ => false,
    })
}

fn local_may_end(local: &Local) -> bool {
    match (&local.init, &local.pat) {
        (Some(init), pat) => bound_owns(pat, &init.expr),
        (None, Pat::Type(typed)) => !plain(&typed.ty),
        (None, _) => true,
    }
}

/// Whether what a pattern binds may do something when it is dropped.
pub(super) fn bound_owns(pat: &Pat, init: &Expr) -> bool {
    owns(init, if let Pat::Type(typed) = pat { Some(&*typed.ty) } else { None })
}

/// The same where it cannot be found out by lowering it: what is a number by its use is none.
pub(super) fn visibly_ends(block: &Block) -> bool {
    let mut uses = Uses::default();
    uses.visit_block(block);
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Local(local) if local.init.is_some() && local_may_end(local) => {
            super::pattern::bound(&local.pat).iter().any(|bound| !uses.is_number(&bound.name.to_string()))
        }
        _ => false,
    })
}

/// Whether what an expression makes, and is bound by a `let`, may do something when it is dropped: what a function returns,
/// a struct, and what is borrowed from such. The value of what only computes is a number.
pub(super) fn owns(expr: &Expr, ty: Option<&Type>) -> bool {
    let borrows = matches!(expr, Expr::Reference(_));
    if ty.is_some_and(|ty| plain(ty) || (!borrows && matches!(ty, Type::Reference(_)))) {
        return false;
    }
    match expr {
        Expr::Call(_) | Expr::Struct(_) | Expr::Loop(_) => true,
        // A list of literals is none of guards.
        Expr::Macro(e) => crate::tokens::each(e.mac.tokens.clone()).any(|token| matches!(token, TokenTree::Ident(_))),
        Expr::MethodCall(e) => !numeric(&e.method.to_string()),
        Expr::Paren(e) => owns(&e.expr, None),
        Expr::Group(e) => owns(&e.expr, None),
        Expr::Try(e) => owns(&e.expr, None),
        Expr::Reference(e) => owns(&e.expr, None),
        Expr::Unary(e) => matches!(e.op, syn::UnOp::Deref(_)) && owns(&e.expr, None),
        Expr::Field(e) => owns(&e.base, None),
        Expr::Index(e) => owns(&e.expr, None),
        Expr::Tuple(e) => e.elems.iter().any(|e| owns(e, None)),
        Expr::Array(e) => e.elems.iter().any(|e| owns(e, None)),
        Expr::Repeat(e) => owns(&e.expr, None),
        Expr::Block(e) => block_owns(&e.block),
        Expr::Unsafe(e) => block_owns(&e.block),
        Expr::If(e) => block_owns(&e.then_branch) || e.else_branch.iter().any(|(_, other)| owns(other, None)),
        Expr::Match(e) => e.arms.iter().any(|arm| owns(&arm.body, None)),
        _ => false,
    }
}

fn block_owns(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(tail, None)) if owns(tail, None))
}

/// Whether values of a type visibly do nothing when they are dropped.
fn plain(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            syn::PathArguments::AngleBracketed(args) => {
                let data = ["Vec", "Option", "Box", "VecDeque", "HashMap", "HashSet", "BTreeMap", "BTreeSet"];
                let all = args.args.iter().all(|arg| matches!(arg, syn::GenericArgument::Type(ty) if plain(ty)));
                data.iter().any(|name| last.ident == name) && all
            }
            _ => types::is_data(ty),
        }),
        Type::Tuple(tuple) => tuple.elems.iter().all(plain),
        Type::Array(array) => plain(&array.elem),
        Type::Slice(slice) => plain(&slice.elem),
        Type::Paren(inner) => plain(&inner.elem),
        Type::Group(inner) => plain(&inner.elem),
        _ => false,
    }
}
