//! Variables that are an `Option` of a number: `let mut best = None;`, `let previous: Option<f64> = …`. Such a variable is
//! taken apart like a tuple, to whether there is a number and the number, which is zero where there is none and is not
//! read then. So branches and loops need not know of it. Code that is carried along sees an `Option` again (`flat`).
//!
//! That `None` begins one of numbers is only told by what is assigned later: then the body is lowered once more. Of a tuple with
//! a number in it, `Option<(f64, usize)>`, the members are variables likewise; that has to be said by a type.

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
use syn::{Expr, ExprMatch, Local, Member, Pat, Type, TypeTuple, parse_quote};

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

/// Types of data that may be in a tuple with a number.
const PLAIN: &[&str] =
    &["bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

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
        let none = match ty.and_then(tuple_in_option) {
            Some(tuple) => self.none_of_tuple(tuple, p.ident.span()),
            None => self.option_value(None, p.ident.span()),
        };
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
            let Pat::Guard(p) = &mut arm.pat else { continue };
            for (name, value) in there(&p.pat).into_iter().flat_map(|pat| self.named_in(pat, &value)) {
                if let Ok(guard) = syn::parse2(with_name(p.guard.to_token_stream(), &name, &value)) {
                    *p.guard = guard;
                }
            }
        }
        Some(e)
    }

    /// The names that a pattern binds to a variable, or to the members of a tuple.
    fn named_in(&self, pat: &Pat, variable: &Ident) -> Vec<(Ident, Ident)> {
        match pat {
            Pat::Ident(p) if p.subpat.is_none() => vec![(p.ident.clone(), variable.clone())],
            Pat::Tuple(p) => {
                let member = |k: usize| self.scopes.member(self.scopes.find(&variable.to_string())?, &Member::from(k));
                let named = |(k, pat)| Some(self.named_in(pat, &self.scopes.vars[member(k)?].name.clone()));
                p.elems.iter().enumerate().filter_map(named).flatten().collect()
            }
            _ => Vec::new(),
        }
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
        let tuple = self.tuple_of_option(id);
        if is_none(right) {
            return match tuple {
                Some((_, members)) => self.assign_none(id, &members, right),
                None => {
                    let none = self.option_value(None, span);
                    self.assign_variable(id, none, right);
                }
            };
        }
        if let (Some(inner), Some((value, _))) = (some_of(right), &tuple) {
            return match self.expr(inner) {
                members @ Value::Aggregate(_) => {
                    let some = self.option_with(true, members, span);
                    self.assign_variable(id, some, right);
                }
                _ => {
                    self.assign_opaque(*value, inner);
                    self.assign_some(id, true, right);
                }
            };
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
                    _ if tuple.is_some() => parse_quote!(_),
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

    /// `Some(val)` or `None`, of a number.
    fn option_value(&mut self, val: Option<crate::ir::Val>, span: Span) -> Value {
        let there = val.is_some();
        let number = val.unwrap_or_else(|| self.constant(0.0, span));
        self.option_with(there, Value::Float(number), span)
    }

    /// The same of any value.
    fn option_with(&mut self, there: bool, value: Value, span: Span) -> Value {
        let some = self.define(OpKind::Inactive(Inactive::engine(quote!(#there))), Ty::Other, span);
        let member = |name: &str| Member::Named(Ident::new(name, Span::mixed_site()));
        let members = vec![(member("some"), Value::Inactive(some)), (member("value"), value)];
        let path: syn::Path = parse_quote!(::core::option::Option);
        Value::Aggregate(Aggregate { path: Some(Rc::new(path)), reference: false, members })
    }

    /// `None` of a tuple: its data are something that is not read.
    fn none_of_tuple(&mut self, tuple: &TypeTuple, span: Span) -> Value {
        let mut members = Vec::new();
        for (k, ty) in tuple.elems.iter().enumerate() {
            let value = if self.is_scalar(ty) {
                Value::Float(self.constant(0.0, span))
            } else {
                let code = Inactive::engine(quote!(<#ty as ::core::default::Default>::default()));
                Value::Inactive(self.define(OpKind::Inactive(code), Ty::Other, span))
            };
            self.claim_type(&value, Some(ty));
            members.push((Member::from(k), value));
        }
        self.option_with(false, Value::Aggregate(Aggregate { path: None, reference: false, members }), span)
    }

    /// The tuple in a variable that is an `Option` of one, and its members.
    fn tuple_of_option(&self, id: VarId) -> Option<(VarId, Vec<VarId>)> {
        let State::Aggregate(option) = &self.scopes.vars[id].state else { return None };
        let (_, value) = option.members.get(1)?;
        matches!(self.scopes.vars[*value].state, State::Aggregate(_)).then(|| (*value, self.scopes.leaves(*value)))
    }

    /// `variable = None`: numbers in it depend on nothing any more, and its data are not read.
    fn assign_none(&mut self, id: VarId, members: &[VarId], right: &Expr) {
        self.assign_some(id, false, right);
        for &member in members {
            if let State::Float(_) = self.scopes.vars[member].state {
                let zero = self.constant(0.0, right.span());
                self.assign_variable(member, Value::Float(zero), right);
            }
        }
    }

    /// Whether there is something in a variable.
    fn assign_some(&mut self, id: VarId, there: bool, right: &Expr) {
        let State::Aggregate(option) = self.scopes.vars[id].state.clone() else { return };
        if let Some((_, some)) = option.members.first() {
            let val = self.define(OpKind::Inactive(Inactive::engine(quote!(#there))), Ty::Other, right.span());
            self.assign_variable(*some, Value::Inactive(val), right);
        }
    }

    fn is_option_of_float(&self, ty: &Type) -> bool {
        if matches!(ty, Type::Infer(_)) {
            return true;
        }
        if let Some(tuple) = tuple_in_option(ty) {
            let plain = |ty: &Type| PLAIN.contains(&&*ty.to_token_stream().to_string());
            let (numbers, data): (Vec<&Type>, Vec<&Type>) = tuple.elems.iter().partition(|ty| self.is_scalar(ty));
            return !numbers.is_empty() && data.into_iter().all(plain);
        }
        match argument_of(ty, "Option") {
            Some(Type::Infer(_)) => true,
            Some(ty) => self.shape(ty).is_some_and(|shape| shape.dims.is_empty()),
            _ => false,
        }
    }
}

/// The tuple in the type of an `Option` of one.
fn tuple_in_option(ty: &Type) -> Option<&TypeTuple> {
    match argument_of(ty, "Option")? {
        Type::Tuple(tuple) => Some(tuple),
        _ => None,
    }
}

pub(super) fn is_none(expr: &Expr) -> bool {
    let none = |path: String| path == "None" || path.ends_with("Option::None");
    matches!(without_parentheses(expr), Expr::Path(_)) && path_of(expr).is_some_and(none)
}
