//! What closures take when they are made. A closure without `move` borrows what it captures, so that nothing else changes it
//! as long as the closure is used, and its body may be read where it is called. Only what the body uses by value, and what is
//! behind a shared reference that it has a copy of, is not borrowed; then the variable may be given another value, which is not
//! what the closure has.
//!
//! So each piece of code notes with a time what it writes, before it is lowered: a loop as a whole, since it comes to its
//! beginning again, and a closure when it is made, for nobody else reads what it writes until it is gone. A closure that is
//! called after such a time, and captures the variable, has taken what was there before. rustc lets through nothing else.

use super::Lowerer;
use super::effects::Effects;
use super::lambda::{Lambda, mentioned};
use super::scope::{Scopes, State, VarId};
use crate::diagnostics::{Site, message};
use quote::ToTokens as _;
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Expr, ExprClosure, Macro, Member};

/// A variable, or a field of one: the fields on the way.
pub(super) type Place = (VarId, Vec<String>);

/// Which variables were written, and when.
#[derive(Debug, Default, Clone)]
pub struct Written {
    /// Whether there is anything that may have taken something.
    watched: bool,
    now: usize,
    /// For each place, the last time; and the last time that it was by something else than a closure.
    times: Vec<(Place, [usize; 2])>,
    /// For each closure, when it was made, or was called the last time: what it writes itself, it writes to what it has.
    since: Vec<usize>,
}

impl Written {
    /// Nothing was written after `before`, and no closure called: that was only an attempt. What it made keeps its number.
    pub(super) fn forget_since(&mut self, before: Written) {
        let attempted = std::mem::replace(self, before);
        let made = attempted.since.iter().skip(self.since.len());
        self.since.extend(made.map(|&time| time.min(self.now)));
        self.watched |= attempted.watched;
    }
}

/// What a closure captures.
#[derive(Debug, Default)]
pub(super) struct Captured {
    /// Places, and whether it writes them itself: then no other closure does.
    places: Vec<(Place, bool)>,
    /// Its number among the closures, if it borrows what it captures.
    closure: Option<usize>,
}

impl Captured {
    /// Of a body, with what its names mean here. From now on, it matters what is written.
    pub(super) fn of(scopes: &mut Scopes, parameters: &HashSet<String>, body: &Expr, written: &[Place]) -> Self {
        let mut finder = Finder { scopes, parameters, places: Vec::new() };
        finder.visit_expr(body);
        let own = |place: Place| {
            let own = written.iter().any(|other| overlap(other, &place));
            (place, own)
        };
        let places = finder.places.into_iter().map(own).collect();
        let Written { watched, now, since, .. } = &mut scopes.written;
        *watched = true;
        since.push(*now);
        Captured { places, closure: Some(since.len() - 1) }
    }
}

impl Scopes {
    /// Whether a variable may be given another value, or what it refers to.
    fn may_be_written(&self, id: VarId) -> bool {
        let var = &self.vars[id];
        let refers = var.exclusive || self.exclusive.contains(&var.name.to_string());
        var.mutable || refers || matches!(var.state, State::Alias(_) | State::Element(_))
    }

    /// The places that some code writes.
    fn written(&self, effects: Effects) -> Vec<Place> {
        let Effects { changed, written, passed, .. } = effects;
        // A method out of sight may do anything to what may change.
        let whole = |name: String| (name, Vec::new());
        let others = changed.into_iter().filter(|name| written.iter().all(|(other, _)| other != name)).map(whole);
        let lent = passed.into_iter().filter(|name| self.exclusive.contains(name)).map(whole);
        let places = others.chain(lent).chain(written.iter().cloned());
        let known = |(name, fields): (String, Vec<String>)| {
            let id = self.find(&name).filter(|&id| self.may_be_written(id))?;
            Some(match self.vars[id].state {
                // Another name for a number, which may be a reference itself.
                State::Alias(behind) => (behind, Vec::new()),
                _ => (id, fields),
            })
        };
        places.filter_map(known).collect()
    }

    /// A place is written.
    fn note_written(&mut self, place: &Place, by_closure: bool) {
        let Written { now, times, .. } = &mut self.written;
        *now += 1;
        match times.iter_mut().find(|(other, _)| other == place) {
            Some((_, [last, _])) if by_closure => *last = *now,
            Some((_, both)) => *both = [*now; 2],
            None => times.push((place.clone(), [*now, if by_closure { 0 } else { *now }])),
        }
    }
}

impl Lowerer<'_> {
    /// Notes what a piece of code writes.
    pub(super) fn note_writes(&mut self, code: &Expr) {
        if self.scopes.written.watched {
            self.note(Effects::of(code, &self.func.width));
        }
    }

    /// Notes what an assignment writes, once its right side has been evaluated.
    pub(super) fn note_assigned(&mut self, target: &Expr) {
        if self.scopes.written.watched {
            self.note(Effects::of_assignment(target, &self.func.width));
        }
    }

    fn note(&mut self, effects: Effects) {
        for place in self.scopes.written(effects) {
            self.scopes.note_written(&place, false);
        }
    }

    /// A variable has another value.
    pub(super) fn note_variable(&mut self, id: VarId) {
        self.scopes.note_written(&(id, Vec::new()), false);
    }

    /// Notes what a closure writes that is made here.
    pub(super) fn written_by(&mut self, closure: &ExprClosure) -> Vec<Place> {
        let effects = Effects::of(&Expr::Closure(closure.clone()), &self.func.width);
        let places = self.scopes.written(effects);
        places.iter().for_each(|place| self.scopes.note_written(place, true));
        places
    }

    /// A lambda is called: whether what it captured is what it was when it was made. If not, that is an error.
    pub(super) fn check_taken(&mut self, lambda: &Lambda, site: Site) {
        let Captured { places, closure } = &lambda.captured;
        let Some(&since) = closure.and_then(|closure| self.scopes.written.since.get(closure)) else { return };
        let later = |(place, [last, not_by_closure]): &&(Place, [usize; 2])| {
            let taken = |(p, own): &(Place, bool)| {
                let time = if *own { not_by_closure } else { last };
                *time > since && overlap(p, place)
            };
            places.iter().any(taken)
        };
        let Some(((id, _), _)) = self.scopes.written.times.iter().find(later) else { return };
        let name = self.scopes.vars[*id].name.clone();
        self.error(site, message::taken_by_closure(name));
    }

    /// A lambda was called.
    pub(super) fn called(&mut self, lambda: &Lambda) {
        let Written { now, since, .. } = &mut self.scopes.written;
        if let Some(since) = lambda.captured.closure.and_then(|closure| since.get_mut(closure)) {
            *since = *now;
        }
    }
}

/// Whether one is the other, or a part of it.
fn overlap((a, way_a): &Place, (b, way_b): &Place) -> bool {
    a == b && way_a.iter().zip(way_b).all(|(a, b)| a == b)
}

/// How a place is reached.
pub(super) struct Way {
    /// The variable that it begins with.
    pub(super) root: String,
    /// The fields that lead on from there.
    pub(super) fields: Vec<String>,
    /// Whether that is the place itself: else it is behind a reference there, or an element.
    exact: bool,
}

/// How an expression is reached, if it is a place.
pub(super) fn way_to(expr: &Expr) -> Option<Way> {
    let behind = |expr| way_to(expr).map(|way| Way { exact: false, ..way });
    match expr {
        Expr::Path(p) => Some(Way { root: p.path.get_ident()?.to_string(), fields: Vec::new(), exact: true }),
        Expr::Paren(e) => way_to(&e.expr),
        Expr::Group(e) => way_to(&e.expr),
        Expr::Unary(e) => behind(&e.expr),
        Expr::Reference(e) => behind(&e.expr),
        Expr::Index(e) => behind(&e.expr),
        Expr::Field(e) => {
            let mut way = way_to(&e.base)?;
            if way.exact {
                way.fields.push(match &e.member {
                    Member::Named(name) => name.to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                });
            }
            Some(way)
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
    fn captures(&mut self, root: &str, fields: Vec<String>) {
        if !self.parameters.contains(root) {
            self.places.extend(self.scopes.find(root).map(|id| (id, fields)));
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match way_to(expr) {
            Some(Way { root, fields, exact: true }) => self.captures(&root, fields),
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        for name in mentioned(&mac.to_token_stream()) {
            self.captures(&name, Vec::new());
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
