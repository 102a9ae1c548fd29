//! Values that come out of control flow: of branches some of which exit, of a `loop` with `break value`, of a labelled
//! block. They become assignments to a variable that is declared before:
//!
//! ```text
//! let y = if c { return x } else { x * 2.0 };      let y; if c { return x } else { y = x * 2.0; }
//! let y = loop { … break v … };                    let y; loop { … { y = v; break; } … }
//! ```
//!
//! Where no float comes out, the variable could not be declared before: which arm exits would be a matter of flags, and
//! rustc would not see that it has a value. There each exit becomes a value of its own, and is taken behind:
//!
//! ```text
//! let k = match o { Some(v) => v, None => continue };
//! let Some(k) = (match o { Some(v) => Some(v), None => None }) else { continue };
//! ```

use super::exits::{self, Scan};
use super::expression::Value;
use super::pattern::mentions;
use super::scope::State;
use super::tail::{float_tail, other_tail};
use super::{Lowerer, called};
use proc_macro2::{Ident, Literal};
use quote::{ToTokens as _, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Lifetime, Local, Pat, Stmt, Type, parse_quote};

/// What a value is assigned to.
enum Target {
    Name(Ident),
    Tuple(Vec<Target>),
    Nothing,
}

impl Lowerer<'_> {
    /// The statements that a statement stands for whose value comes out of control flow.
    pub(super) fn late_statement(&mut self, stmt: &Stmt) -> Option<Vec<Stmt>> {
        let value = |expr: &Expr| out_of_control_flow(inner(expr)).then(|| expr.clone());
        match stmt {
            Stmt::Local(local) => self.late_let(local),
            Stmt::Expr(Expr::Assign(e), _) => {
                let right = value(&e.right)?;
                let (left, name) = (&e.left, self.unused_name("value"));
                Some(vec![parse_quote!(let #name = #right;), parse_quote!(#left = #name;)])
            }
            Stmt::Expr(Expr::Binary(e), _) if exits::is_compound(&e.op) => {
                let right = value(&e.right)?;
                let (left, op, name) = (&e.left, &e.op, self.unused_name("value"));
                Some(vec![parse_quote!(let #name = #right;), parse_quote!(#left #op #name;)])
            }
            Stmt::Expr(Expr::Return(e), _) => {
                let right = value(e.expr.as_ref()?)?;
                let (float, name) = (self.float_name(), self.unused_name("value"));
                Some(vec![parse_quote!(let #name: #float = #right;), parse_quote!(return #name;)])
            }
            _ => None,
        }
    }

    /// The value of a `loop` or of a labelled block, with no exit out of it.
    pub(super) fn late_value(&mut self, expr: &Expr) -> Value {
        if !self.concerns(expr) || !Scan::expr(expr).exits.is_empty() || other_tail(expr, &self.func.width) {
            return Value::Opaque;
        }
        let name = self.unused_name("value");
        let target = Target::Name(name.clone());
        let stmts: [Stmt; 2] = [parse_quote!(let #name;), Stmt::Expr(assigning(expr, &target), None)];
        for stmt in &stmts {
            self.statement(stmt);
        }
        self.expr(&parse_quote!(#name))
    }

    /// The function's value, likewise.
    pub(super) fn late_result(&mut self, expr: &Expr) -> Vec<Stmt> {
        let (float, name) = (self.float_name(), self.unused_name("value"));
        let target = Target::Name(name.clone());
        let value = assigning(expr, &target);
        vec![parse_quote!(let #name: #float;), Stmt::Expr(value, None), Stmt::Expr(parse_quote!(#name), None)]
    }

    pub(super) fn late_let(&mut self, local: &Local) -> Option<Vec<Stmt>> {
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let value = inner(&init.expr);
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let late = out_of_control_flow(value) || self.changes_floats_beside(value, ty);
        if !late || !self.concerns(value) {
            return None;
        }
        // `match f(x) { Some(y) => y, None => continue }`
        let taken = matches!(value, Expr::Match(e) if called::is_number_taken(e) && self.is_called(&e.expr));
        if !taken
            && !self.may_be_float(value, ty)
            && let Some(stmts) = self.exits_as_values(value, pat, ty)
        {
            return Some(stmts);
        }
        let mut stmts = Vec::new();
        let mut after = Vec::new();
        let target = self.target_of(pat, ty, value, &mut stmts, &mut after)?;
        stmts.push(Stmt::Expr(assigning(value, &target), None));
        stmts.append(&mut after);
        Some(stmts)
    }

    /// Whether floats are assigned on the way to a value that is none.
    fn changes_floats_beside(&self, value: &Expr, ty: Option<&Type>) -> bool {
        let float =
            |name: &Ident| matches!(self.scopes.state(&name.to_string()), Some(State::Float(_) | State::Part(_)));
        match value {
            Expr::Block(e) if e.block.stmts.len() < 2 => return false,
            Expr::If(e) if e.else_branch.is_none() => return false,
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => {}
            _ => return false,
        }
        Scan::expr(value).assigned.iter().any(float) && !self.may_be_float(value, ty)
    }

    /// Declares the variables of a pattern. One whose name occurs in the value, where it means another, gets its own
    /// behind it.
    fn target_of(
        &mut self,
        pat: &Pat,
        ty: Option<&Type>,
        value: &Expr,
        before: &mut Vec<Stmt>,
        after: &mut Vec<Stmt>,
    ) -> Option<Target> {
        let typed = ty.map(|ty| quote!(: #ty));
        match pat {
            Pat::Wild(_) => Some(Target::Nothing),
            Pat::Paren(p) => self.target_of(&p.pat, ty, value, before, after),
            Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none() => {
                let (name, mutability) = (&p.ident, &p.mutability);
                if !mentions(value.to_token_stream(), &name.to_string()) {
                    before.push(parse_quote!(let #mutability #name #typed;));
                    return Some(Target::Name(name.clone()));
                }
                let hidden = self.unused_name(&name.to_string());
                before.push(parse_quote!(let #hidden #typed;));
                after.push(parse_quote!(let #mutability #name = #hidden;));
                Some(Target::Name(hidden))
            }
            Pat::Tuple(p) if ty.is_none() => {
                let members = p.elems.iter().map(|p| self.target_of(p, None, value, before, after));
                Some(Target::Tuple(members.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    /// Whether what comes out may be a float or an array of floats.
    fn may_be_float(&self, value: &Expr, ty: Option<&Type>) -> bool {
        if let Some(ty) = ty {
            return self.shape(ty).is_some();
        }
        let (mut float, mut other) = (false, false);
        each_tail(value, &mut |tail| {
            float |= float_tail(tail, &self.func.width) || self.mentions_float(tail);
            other |= other_tail(tail, &self.func.width) && !matches!(tail, Expr::Tuple(_));
        });
        float && !other
    }

    /// Exits as values, if they are where values come out.
    fn exits_as_values(&mut self, value: &Expr, pat: &Pat, ty: Option<&Type>) -> Option<Vec<Stmt>> {
        let mut exits: Vec<Expr> = Vec::new();
        let mut wrapped = value.clone();
        each_tail_mut(&mut wrapped, &mut |tail| {
            if let Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) = tail {
                let number = Literal::usize_suffixed(exits.len());
                exits.push(tail.clone());
                *tail = parse_quote!(::core::result::Result::Err(#number));
            } else if !exits::diverges_expr(tail) {
                let inner = &tail;
                *tail = parse_quote!(::core::result::Result::Ok(#inner));
            }
        });
        let block: Block = parse_quote!({ #wrapped });
        let bound = exits::declared(&block);
        let refers = |exit: &Expr| bound.iter().any(|name| mentions(exit.to_token_stream(), name));
        let branches = match value {
            Expr::Block(e) => e.label.is_none(),
            other => matches!(other, Expr::If(_) | Expr::Match(_)),
        };
        if !branches || exits.is_empty() || !Scan::expr(&wrapped).exits.is_empty() || exits.iter().any(refers) {
            return None;
        }
        let name = self.unused_name("outcome");
        let (last, first) = exits.split_last()?;
        let mut exit: Expr = parse_quote!({ #last; });
        for (k, other) in first.iter().enumerate().rev() {
            let number = Literal::usize_unsuffixed(k);
            exit = parse_quote!(if let ::core::result::Result::Err(#number) = #name { #other; } else #exit);
        }
        let ok =
            ty.map_or_else(|| quote!(::core::result::Result::Ok), |ty| quote!(::core::result::Result::<#ty, _>::Ok));
        Some(vec![parse_quote!(let #name = #wrapped;), parse_quote!(let #ok(#pat) = #name else { #exit };)])
    }
}

/// An expression without its parentheses.
fn inner(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => inner(&e.expr),
        Expr::Group(e) => inner(&e.expr),
        other => other,
    }
}

/// Whether a value comes out of branches with exits, a loop or a labelled block.
fn out_of_control_flow(value: &Expr) -> bool {
    match value {
        Expr::Loop(_) => true,
        Expr::Block(e) if e.label.is_some() => true,
        Expr::If(e) if e.else_branch.is_none() => false,
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) => !Scan::expr(value).exits.is_empty(),
        _ => false,
    }
}

/// Whether no value comes out of a loop.
pub(super) fn is_endless(value: &Expr) -> bool {
    let mut endless = true;
    each_tail(value, &mut |_| endless = false);
    endless
}

/// An expression as a statement that assigns its value to a variable.
pub(super) fn assigned_to(expr: &Expr, name: &Ident) -> Expr {
    assigning(expr, &Target::Name(name.clone()))
}

/// An expression as a statement that assigns its value.
fn assigning(expr: &Expr, target: &Target) -> Expr {
    let mut expr = inner(expr).clone();
    each_tail_mut(&mut expr, &mut |tail| {
        if exits::diverges_expr(tail) {
            return;
        }
        let stmts = assignments(target, tail);
        *tail = match tail {
            Expr::Break(e) => parse_quote!({ #(#stmts)* #e; }),
            _ => parse_quote!({ #(#stmts)* }),
        };
    });
    expr
}

fn assignments(target: &Target, value: &Expr) -> Vec<Stmt> {
    match (target, inner(value)) {
        (Target::Nothing, value) => vec![parse_quote!(let _ = #value;)],
        (Target::Name(name), value) => vec![parse_quote!(#name = #value;)],
        // None of the variables has a value yet, so none occurs on the right.
        (Target::Tuple(members), Expr::Tuple(values)) if values.elems.len() == members.len() => {
            members.iter().zip(&values.elems).flat_map(|(member, value)| assignments(member, value)).collect()
        }
        (Target::Tuple(members), value) => {
            let names = members.iter().map(|member| match member {
                Target::Name(name) => name.to_token_stream(),
                _ => quote!(_),
            });
            vec![parse_quote!((#(#names),*) = #value;)]
        }
    }
}

/// Calls `f` for every expression whose value comes out, and for every exit in the place of one.
pub(super) fn each_tail(expr: &Expr, f: &mut dyn FnMut(&Expr)) {
    let mut copy = expr.clone();
    each_tail_mut(&mut copy, &mut |tail| f(tail));
}

/// The same, to replace it. The value of a `break` that comes out here is replaced together with the `break`.
fn each_tail_mut(expr: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    match expr {
        Expr::Paren(e) => each_tail_mut(&mut e.expr, f),
        Expr::Group(e) => each_tail_mut(&mut e.expr, f),
        Expr::If(e) => {
            block_tail(&mut e.then_branch, f);
            if let Some((_, other)) = &mut e.else_branch {
                each_tail_mut(other, f);
            }
        }
        Expr::Match(e) => e.arms.iter_mut().for_each(|arm| each_tail_mut(&mut arm.body, f)),
        Expr::Block(e) => {
            if let Some(label) = &e.label {
                let label = label.name.clone();
                Breaks { label: Some(label), unlabelled: false, f }.visit_block_mut(&mut e.block);
            }
            block_tail(&mut e.block, f);
        }
        Expr::Loop(e) => {
            let label = e.label.as_ref().map(|label| label.name.clone());
            Breaks { label, unlabelled: true, f }.visit_block_mut(&mut e.body);
        }
        tail => f(tail),
    }
}

fn block_tail(block: &mut Block, f: &mut dyn FnMut(&mut Expr)) {
    match block.stmts.last_mut() {
        Some(Stmt::Expr(tail, None)) => each_tail_mut(tail, f),
        Some(Stmt::Expr(tail @ (Expr::Return(_) | Expr::Break(_) | Expr::Continue(_)), semi)) => {
            f(tail);
            *semi = None;
        }
        _ => {}
    }
}

/// Gives a loop's own `break`s its label.
pub(super) fn label_breaks(body: &mut Block, label: &Lifetime) {
    struct Own<'l>(&'l Lifetime);
    impl VisitMut for Own<'_> {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            match expr {
                Expr::Break(e) => {
                    e.label.get_or_insert_with(|| self.0.clone());
                }
                Expr::Closure(_) | Expr::Async(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {}
                _ => visit_mut::visit_expr_mut(self, expr),
            }
        }

        fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    }
    Own(label).visit_block_mut(body);
}

/// The `break value`s that leave one construct.
struct Breaks<'f> {
    label: Option<Lifetime>,
    /// Whether a `break` without a label leaves it, too.
    unlabelled: bool,
    f: &'f mut dyn FnMut(&mut Expr),
}

impl VisitMut for Breaks<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) => {}
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {
                let outer = std::mem::replace(&mut self.unlabelled, false);
                visit_mut::visit_expr_mut(self, expr);
                self.unlabelled = outer;
            }
            Expr::Break(e) if e.expr.is_some() => {
                let ours = e.label.as_ref().map_or(self.unlabelled, |label| Some(label) == self.label.as_ref());
                let Some(value) = e.expr.as_mut().filter(|_| ours) else { return };
                (self.f)(value);
                if let Some(Expr::Block(block)) = e.expr.as_deref().filter(|_| ours) {
                    let mut block = block.clone();
                    let label = &e.label;
                    block.block.stmts.push(parse_quote!(break #label;));
                    *expr = Expr::Block(block);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
