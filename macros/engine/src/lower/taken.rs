//! What closures take when they are made. A closure without `move` borrows what it captures, so that nothing else changes it
//! as long as the closure is used, and its body may be read where it is called. Only what the body uses by value, and is not
//! copied, moves into the closure; then the variable may be given another value, which is not what the closure has.
//!
//! So each assignment of a whole variable is noted with its time, and a closure that is called after one, and captures the
//! variable, has taken what was there before. rustc lets through nothing else.

use super::Lowerer;
use super::lambda::Lambda;
use super::scope::{Scopes, VarId};
use crate::diagnostics::{Site, message};
use crate::tokens;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use std::cell::Cell;
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Expr, Macro, Member};

/// A variable, or a field of one: the fields on the way.
type Place = (VarId, Vec<String>);

/// Which variables were assigned as a whole, and when.
#[derive(Debug, Default)]
pub struct Assigned {
    now: usize,
    /// For each place, the last time.
    times: Vec<(Place, usize)>,
}

/// What a closure captures.
#[derive(Debug, Default)]
pub(super) struct Captured {
    places: Vec<Place>,
    /// When it was made, or was called the last time: what it assigns itself, it assigns to what it has.
    since: Cell<usize>,
}

impl Captured {
    /// Of a body, with what its names mean here.
    pub(super) fn of(scopes: &Scopes, parameters: &HashSet<String>, body: &Expr) -> Self {
        let mut finder = Finder { scopes, parameters, places: Vec::new() };
        finder.visit_expr(body);
        Captured { places: finder.places, since: Cell::new(scopes.assigned.now) }
    }
}

impl Scopes {
    /// A whole variable is assigned, or the variables of a pattern are.
    pub(super) fn note_assigned(&mut self, target: &Expr) {
        match target {
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.note_assigned(e)),
            Expr::Array(e) => e.elems.iter().for_each(|e| self.note_assigned(e)),
            Expr::Struct(e) => e.fields.iter().for_each(|f| self.note_assigned(&f.expr)),
            Expr::Call(e) => e.args.iter().for_each(|e| self.note_assigned(e)),
            target => {
                let Some(place) = place(self, target) else { return };
                self.assigned.now += 1;
                self.assigned.times.retain(|(other, _)| *other != place);
                self.assigned.times.push((place, self.assigned.now));
            }
        }
    }
}

impl Lowerer<'_> {
    /// A lambda is called: what it captured must be what it was when it was made.
    pub(super) fn check_taken(&mut self, lambda: &Lambda, site: Site) {
        let Captured { places, since } = &lambda.captured;
        let later = |(place, time): &&(Place, usize)| *time > since.get() && places.iter().any(|p| overlap(p, place));
        if let Some(((id, _), _)) = self.scopes.assigned.times.iter().find(later) {
            let name = self.scopes.vars[*id].name.clone();
            self.error(site, message::taken_by_closure(name));
        }
    }

    /// A lambda was called.
    pub(super) fn called(&mut self, lambda: &Lambda) {
        lambda.captured.since.set(self.scopes.assigned.now);
    }
}

/// Whether one is the other, or a part of it.
fn overlap((a, way_a): &Place, (b, way_b): &Place) -> bool {
    a == b && way_a.iter().zip(way_b).all(|(a, b)| a == b)
}

/// What an expression names.
fn place(scopes: &Scopes, expr: &Expr) -> Option<Place> {
    match expr {
        Expr::Path(p) => Some((scopes.find(&p.path.get_ident()?.to_string())?, Vec::new())),
        Expr::Paren(e) => place(scopes, &e.expr),
        Expr::Group(e) => place(scopes, &e.expr),
        Expr::Field(e) => {
            let (id, mut way) = place(scopes, &e.base)?;
            way.push(match &e.member {
                Member::Named(name) => name.to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            });
            Some((id, way))
        }
        _ => None,
    }
}

struct Finder<'s> {
    scopes: &'s Scopes,
    parameters: &'s HashSet<String>,
    places: Vec<Place>,
}

impl Finder<'_> {
    fn root(expr: &Expr) -> Option<String> {
        match expr {
            Expr::Path(p) => p.path.get_ident().map(ToString::to_string),
            Expr::Paren(e) => Self::root(&e.expr),
            Expr::Group(e) => Self::root(&e.expr),
            Expr::Field(e) => Self::root(&e.base),
            _ => None,
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens::each(tokens) {
            if let TokenTree::Ident(ident) = token
                && !self.parameters.contains(&ident.to_string())
            {
                self.places.extend(self.scopes.find(&ident.to_string()).map(|id| (id, Vec::new())));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match (Self::root(expr), place(self.scopes, expr)) {
            (Some(root), Some(place)) if !self.parameters.contains(&root) => self.places.push(place),
            (Some(_), _) => {}
            (None, _) => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.tokens(mac.to_token_stream());
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
