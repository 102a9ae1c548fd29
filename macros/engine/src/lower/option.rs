//! Variables that are an `Option` of a number: `let mut best = None;`, `let previous: Option<f64> = …`. Such a variable is
//! taken apart like a tuple, to whether there is a number and the number, which is zero where there is none and is not
//! read then. So branches and loops need not know of it. Code that is carried along sees an `Option` again (`flat`).
//!
//! That `None` begins one of numbers is only told by what is assigned later: then the body is lowered once more.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::assignment::declaration;
use super::call::without_parentheses;
use super::exits::Scan;
use super::expression::Value;
use super::late;
use super::optional::Optional;
use super::pattern::irrefutable;
use super::rename::with_name;
use super::scope::{Scopes, State, VarId};
use super::stage::some_of;
use super::subject::there;
use super::syntax::path_of;
use super::types::argument_of;
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, OpKind, Ty, Width};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMatch, Local, Member, Pat, Type, parse_quote};

/// Methods that change what they are called on.
pub(super) const CHANGING: &[&str] = &[
    "take",
    "take_if",
    "replace",
    "insert",
    "get_or_insert",
    "get_or_insert_with",
    "get_or_insert_default",
    "as_mut",
    "iter_mut",
];

impl<T> Aggregate<T> {
    /// Whether it is an `Option`, taken apart.
    pub(super) fn is_option(&self) -> bool {
        let option = |path: &Rc<syn::Path>| {
            path.leading_colon.is_some() && path.segments.last().is_some_and(|last| last.ident == "Option")
        };
        self.path.as_ref().is_some_and(option)
    }
}

impl Scopes {
    /// Whether there is something in a variable that is an `Option`, and what it is then: the names of both.
    pub(super) fn option_named(&self, expr: &Expr) -> Option<(Ident, Ident)> {
        let State::Aggregate(aggregate) = &self.vars[self.variable(expr)?].state else { return None };
        let name = |k: usize| aggregate.members.get(k).map(|(_, id)| self.vars[*id].name.clone());
        if aggregate.is_option() { Some((name(0)?, name(1)?)) } else { None }
    }
}

impl Lowerer<'_> {
    /// `let` of such a variable.
    pub(super) fn option_let(&mut self, local: &Local) -> bool {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let (Pat::Ident(p), Some(init)) = (pat, &local.init) else { return false };
        let value = without_parentheses(&init.expr);
        if !irrefutable(pat)
            || init.diverge.is_some()
            || ty.is_some_and(|ty| !self.is_option_of_float(ty))
            || !Scan::expr(value).exits.is_empty()
        {
            return false;
        }
        let mutable = p.mutability.is_some();
        let told = ty.is_some_and(|ty| !matches!(ty, Type::Infer(_))) && mutable && self.flow.may_reach(&p.ident);
        // What is assigned to it tells the same of a number: that is none of these if it begins with something else.
        let learned = self.floats.contains(&declaration(&p.ident));
        let mut of_float = told;
        let mut plain = true;
        late::each_tail(value, &mut |tail| match some_of(tail) {
            Some(inner) => of_float = of_float || self.is_followed_number(inner),
            None => plain &= is_none(tail),
        });
        let made = !of_float && matches!(value, Expr::MethodCall(_)) && self.is_option_of_number(value);
        if !made && !(of_float && (plain || mutable)) && !(learned && plain) {
            return false;
        }
        let first_new = self.func.vals.len();
        let none = self.option_value(None, p.ident.span());
        let id = self.bind_value(&p.ident, None, none, true, first_new);
        if !is_none(value) {
            self.assign_option(id, &p.ident, value);
        }
        true
    }

    /// Whether a chain gives a number that may not be there.
    fn is_option_of_number(&mut self, expr: &Expr) -> bool {
        self.mentions_float(expr)
            && self.trial(|l| {
                let Some(Optional { inner, .. }) = l.optional(expr) else { return false };
                l.gives_number(&inner)
            })
    }

    /// A `match` of such a variable, with guards that name the number as it is: what a pattern binds is bound in its arm.
    pub(super) fn guards_of_option(&self, e: &ExprMatch) -> Option<ExprMatch> {
        let (_, value) = self.scopes.option_named(&e.expr)?;
        let mut e = e.clone();
        for arm in &mut e.arms {
            if let Pat::Guard(p) = &mut arm.pat
                && let Some(Pat::Ident(name)) = there(&p.pat)
                && let Ok(guard) = syn::parse2(with_name(p.guard.to_token_stream(), &name.ident, &value))
            {
                *p.guard = guard;
            }
        }
        Some(e)
    }

    /// `variable.take()`
    pub(super) fn taken_option(&mut self, expr: &Expr) -> Option<Optional> {
        let id = self.scopes.variable(expr)?;
        self.scopes.option_named(expr)?;
        let was = self.unused_name("was");
        let first_new = self.func.vals.len();
        let value = self.expr(expr);
        self.bind_value(&was, None, value, false, first_new);
        let none = self.option_value(None, expr.span());
        self.assign_variable(id, none, expr);
        self.optional(&parse_quote!(#was))
    }

    /// Whether an expression is a number that is followed.
    fn is_followed_number(&mut self, expr: &Expr) -> bool {
        self.mentions_float(expr) && self.trial(|l| l.gives_number(expr))
    }

    fn gives_number(&mut self, expr: &Expr) -> bool {
        match self.expr(expr) {
            Value::Float(_) => true,
            Value::Part { part, .. } => self.func.is_number(&part),
            _ => false,
        }
    }

    /// `variable = right`
    pub(super) fn assign_option(&mut self, id: VarId, name: &Ident, right: &Expr) {
        let right = without_parentheses(right);
        let span = right.span();
        if is_none(right) {
            let none = self.option_value(None, span);
            return self.assign_variable(id, none, right);
        }
        if let Some(inner) = some_of(right) {
            if matches!(inner, Expr::Tuple(_) | Expr::Struct(_) | Expr::Array(_)) {
                return self.error(Site::of(inner), message::lost_in_value("an `Option` of more than one number"));
            }
            let val = self.float(inner);
            let some = self.option_value(Some(val), span);
            return self.assign_variable(id, some, right);
        }
        if matches!(right, Expr::If(_) | Expr::Match(_) | Expr::Block(_)) {
            return self.expression_statement(&late::assigned_to(right, name));
        }
        if self.scopes.option_named(right).is_some() {
            let value = self.expr(right);
            return self.assign_variable(id, value, right);
        }
        let found = match self.mentions_float(right) {
            true if self.is_called(right) => self.called_optional(right),
            true => self.attempt(|l| l.optional(right)),
            false => None,
        };
        let (some, inner): (Expr, Expr) = match found {
            Some(Optional { some, inner }) => (parse_quote!(#some), inner),
            None => {
                let given = self.unused_name("given");
                let float: Type = match &self.func.width {
                    Width::Mixed(_) => parse_quote!(_),
                    width => {
                        let float = width.ident();
                        parse_quote!(#float)
                    }
                };
                self.local_of(&parse_quote!(let #given: ::core::option::Option<#float> = #right;), right);
                (parse_quote!(#given.is_some()), parse_quote!(#given.unwrap()))
            }
        };
        let some_inner: Expr = parse_quote!(::core::option::Option::Some(#inner));
        self.expression_statement(&parse_quote!(if #some { #name = #some_inner; } else { #name = None; }));
    }

    /// Data that is an `Option`.
    fn local_of(&mut self, stmt: &syn::Stmt, right: &Expr) {
        match stmt {
            syn::Stmt::Local(local) => self.opaque_let(local, right),
            other => self.statement(other),
        }
    }

    /// `Some(val)` or `None`, taken apart.
    fn option_value(&mut self, val: Option<crate::ir::Val>, span: Span) -> Value {
        let there = val.is_some();
        let number = val.unwrap_or_else(|| self.constant(0.0, span));
        let some = self.define(OpKind::Inactive(Inactive::engine(quote!(#there))), Ty::Other, span);
        let member = |name: &str| Member::Named(Ident::new(name, Span::mixed_site()));
        let members = vec![(member("some"), Value::Inactive(some)), (member("value"), Value::Float(number))];
        let path: syn::Path = parse_quote!(::core::option::Option);
        Value::Aggregate(Aggregate { path: Some(Rc::new(path)), reference: false, members })
    }

    fn is_option_of_float(&self, ty: &Type) -> bool {
        if matches!(ty, Type::Infer(_)) {
            return true;
        }
        match argument_of(ty, "Option") {
            Some(Type::Infer(_)) => true,
            Some(ty) => self.shape(ty).is_some_and(|shape| shape.dims.is_empty()),
            _ => false,
        }
    }
}

pub(super) fn is_none(expr: &Expr) -> bool {
    let none = |path: String| path == "None" || path.ends_with("Option::None");
    matches!(without_parentheses(expr), Expr::Path(_)) && path_of(expr).is_some_and(none)
}
