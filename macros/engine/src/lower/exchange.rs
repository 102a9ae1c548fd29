//! Variables behind mutable references: `let r = &mut s;`, and `std::mem::swap`, `replace` and `take` of floats and
//! arrays. A reference to a float is another name for its variable; one to an element of an array is that element.

use super::assignment::{Target, declaration};
use super::call::without_parentheses;
use super::expression::Value;
use super::item::Item;
use super::opaque::Source;
use super::optional::Optional;
use super::pattern::{bindings, mentions};
use super::scope::{State, VarId};
use super::syntax::path_of;
use super::{Guess, Lowerer};
use crate::diagnostics::{Site, message};
use crate::ir::{Init, OpKind, Part, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprReference, Local, Pat, Stmt, parse_quote};

impl Lowerer<'_> {
    /// `let r = &mut s;`, `let r = &mut a[i];`
    pub(super) fn alias_let(&mut self, pat: &Pat, init: &Expr) -> bool {
        let Pat::Ident(p) = pat else { return false };
        if p.by_ref.is_some() || p.subpat.is_some() {
            return false;
        }
        let Expr::Reference(ExprReference { mutability: Some(_), expr, .. }) = without_parentheses(init) else {
            return false;
        };
        let Some(state) = self.aliased(expr) else { return false };
        let array = matches!(state, State::Part(_));
        let id = self.scopes.declare(&p.ident, state, false);
        self.scopes.vars[id].reference = array;
        self.scopes.vars[id].exclusive = array;
        true
    }

    /// `let (r, q) = (&mut s, &mut t);`: one after the other, if no name of the pattern is read.
    pub(super) fn aliases_apart(&self, local: &Local) -> Option<Vec<Stmt>> {
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let (Pat::Tuple(pats), Expr::Tuple(values)) = (&local.pat, without_parentheses(&init.expr)) else {
            return None;
        };
        let lends = |value: &Expr| matches!(value, Expr::Reference(r) if r.mutability.is_some()) && self.lends(value);
        let read = |name: &Ident| mentions(values.to_token_stream(), &name.to_string());
        let fits = pats.elems.len() == values.elems.len()
            && values.elems.iter().any(lends)
            && bindings(&local.pat)?.iter().all(|b| !read(&b.name))
            && pats.elems.iter().all(|pat| matches!(pat, Pat::Ident(_)));
        fits.then(|| {
            pats.elems.iter().zip(&values.elems).map(|(pat, value)| parse_quote!(let #pat = #value;)).collect()
        })
    }

    /// `let (first, rest) = x.split_first_mut().unwrap();`, whose names are mutable references.
    pub(super) fn first_and_rest(&mut self, local: &Local) -> Option<Stmt> {
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let Expr::MethodCall(taken) = without_parentheses(&init.expr) else { return None };
        let (method, args) = (&taken.method, &taken.args);
        let Expr::MethodCall(ends) = without_parentheses(&taken.receiver) else { return None };
        let known = ["split_first_mut", "split_last_mut"].iter().any(|name| ends.method == name);
        if !known || !(method == "unwrap" || method == "expect") {
            return None;
        }
        let Optional { some, inner } = self.attempt(|l| l.optional(&taken.receiver))?;
        let option = quote!(::core::option::Option);
        let there = quote!(if #some { #option::Some(()) } else { #option::None });
        self.expression_statement(&parse_quote!(#option::#method(#there, #args)));
        let pat = &local.pat;
        Some(parse_quote!(let #pat = #inner;))
    }

    /// What a variable is that is a mutable reference to a float, or to a field.
    fn aliased(&mut self, expr: &Expr) -> Option<State> {
        Some(match self.target(expr) {
            Target::Var(id) if !self.undeclared.contains_key(&id) => State::Alias(id),
            Target::Index(base, index) if self.rank(&base) == index.len() && !index.iter().any(is_range) => {
                State::Element(self.element(&base, &index))
            }
            Target::Element(part) => State::Element(part),
            Target::Field => match self.place_of(expr)? {
                part if self.func.is_number(&part) => State::Element(part),
                part => State::Part(part),
            },
            _ => return None,
        })
    }

    /// What a mutable reference refers to, if that is a float or a field: another name for it.
    pub(super) fn referred_number(&mut self, arg: &Expr) -> Option<State> {
        match without_parentheses(arg) {
            Expr::Reference(ExprReference { mutability: Some(_), expr, .. }) => self.aliased(expr),
            // A mutable reference itself: what it refers to is lent on.
            name @ Expr::Path(_) => self.scopes.variable(name).and_then(|id| match &self.scopes.vars[id].state {
                state @ (State::Alias(_) | State::Element(_)) => Some(state.clone()),
                _ => None,
            }),
            _ => None,
        }
    }

    /// An argument of a call that is written out where it stands: a mutable reference to a float stays one.
    pub(super) fn lent(&mut self, arg: &Expr, pat: &Pat) -> Item {
        match self.referred_number(arg) {
            Some(State::Alias(id)) => Item::Alias(id),
            Some(State::Element(part) | State::Part(part)) => Item::Element(part),
            _ => self.evaluate(arg, Some(pat)),
        }
    }

    /// Whether an argument is a mutable reference to what numbers flow through.
    pub(super) fn lends(&self, arg: &Expr) -> bool {
        match without_parentheses(arg) {
            Expr::Reference(e) => e.mutability.is_some() && self.mentions_float(&e.expr),
            name @ Expr::Path(_) => self.scopes.variable(name).is_some_and(|id| {
                let var = &self.scopes.vars[id];
                var.exclusive || matches!(var.state, State::Alias(_) | State::Element(_))
            }),
            _ => false,
        }
    }

    /// The variable that a variable is another name for.
    pub(super) fn behind(&self, id: VarId) -> VarId {
        if let State::Alias(other) = self.scopes.vars[id].state { other } else { id }
    }

    /// `std::mem::swap(&mut a, &mut b)`; `true` if it was one of floats or arrays. So is `swap(&mut a, &mut b)` of floats: the
    /// emitted code says that it is the function of the standard library, and does not compile if it is another.
    pub(super) fn swap_call(&mut self, call: &ExprCall) -> bool {
        let args: Vec<&Expr> = call.args.iter().collect();
        let imported = path_of(&call.func).as_deref() == Some("swap") && self.scopes.find("swap").is_none();
        let known = imported || memory(call).as_deref() == Some("swap");
        let (true, &[a, b]) = (known, args.as_slice()) else { return false };
        let (Some(a), Some(b)) = (self.referent(a), self.referent(b)) else { return false };
        let (a, b) = (&a, &b);
        let span = call.func.span();
        if self.refers_elsewhere(a) || self.refers_elsewhere(b) {
            return true;
        }
        let slots = (self.slot(a), self.slot(b));
        match &slots {
            (Some(Slot::Array(part)), None) => self.guess_array(b, part),
            (None, Some(Slot::Array(part))) => self.guess_array(a, part),
            _ => {}
        }
        let (Some(first), Some(second)) = slots else { return false };
        if imported {
            if matches!((&first, &second), (Slot::Array(_), _) | (_, Slot::Array(_))) {
                return false;
            }
            let (function, float) = (&call.func, self.func.width.ident());
            let same = quote! {
                if false {
                    fn same<F>(_: F, _: F) {}
                    same(#function::<#float>, ::core::mem::swap::<#float>);
                }
            };
            self.verbatim(same, span);
        }
        match (&first, &second) {
            (Slot::Array(a), Slot::Array(b)) => {
                let dims = self.func.dims(a);
                let kept = self.allocate(Ident::new("kept", Span::mixed_site()), dims, Init::Copy(a.clone()));
                self.copy(a.clone(), b.clone(), span);
                self.copy(b.clone(), Part::whole(kept), span);
            }
            (Slot::Array(_), _) | (_, Slot::Array(_)) => return false,
            _ => {
                let (old_a, old_b) = (self.get(&first, a), self.get(&second, b));
                self.put(&first, old_b, span);
                self.put(&second, old_a, span);
            }
        }
        true
    }

    /// What is exchanged with an array is one, too, if that holds something active.
    fn guess_array(&mut self, other: &Expr, array: &Part) {
        if let Some(id) = self.scopes.variable(other) {
            let (source, rank) = (Source::Place(array.place), self.rank(array));
            self.guesses.push(Guess { source, declared: declaration(&self.scopes.vars[id].name), rank });
        }
    }

    /// `std::mem::replace(&mut a, value)`, `std::mem::take(&mut a)`: what was there.
    pub(super) fn replace_call(&mut self, call: &ExprCall) -> Option<Value> {
        let args: Vec<&Expr> = call.args.iter().collect();
        let (place, new) = match (memory(call).as_deref(), args.as_slice()) {
            (Some("replace"), &[place, new]) => (place, Some(new)),
            (Some("take"), &[place]) => (place, None),
            _ => return None,
        };
        let place = &self.referent(place)?;
        if self.refers_elsewhere(place) {
            return Some(match self.slot(place) {
                Some(Slot::Array(part)) => Value::Part { part, reference: true },
                _ => Value::Float(self.poison(call.func.span())),
            });
        }
        let span = call.func.span();
        match self.slot(place)? {
            Slot::Array(part) => {
                let dims = self.func.dims(&part);
                let list = self.local_list(place).map(|(_, list)| list);
                let changes = !self.func.fixed(&part) || self.func.holds_structs(&part);
                if new.is_none() && list.is_none() && changes {
                    return None;
                }
                let kept = self.allocate(Ident::new("kept", Span::mixed_site()), dims, Init::Copy(part.clone()));
                let Some(new) = new else {
                    match list {
                        Some(list) => self.clear(list, span),
                        None => {
                            let zero = self.constant(0.0, span);
                            self.push(OpKind::Fill(part, zero), span);
                        }
                    }
                    return Some(Value::Part { part: Part::whole(kept), reference: false });
                };
                if self.func.holds_structs(&part) {
                    let value = self.expr(new);
                    self.write_field(part, value, new);
                } else {
                    self.assign_array(part, new);
                }
                Some(Value::Part { part: Part::whole(kept), reference: false })
            }
            slot => {
                let new = match new {
                    Some(new) => self.float(new),
                    None => self.constant(0.0, span),
                };
                let old = self.get(&slot, place);
                self.put(&slot, new, span);
                Some(Value::Float(old))
            }
        }
    }

    /// What is behind an argument: `&mut place`, or a variable that is a mutable reference to a float.
    fn referent(&self, expr: &Expr) -> Option<Expr> {
        match without_parentheses(expr) {
            Expr::Reference(r) if r.mutability.is_some() => Some((*r.expr).clone()),
            name @ Expr::Path(_) => {
                let state = &self.scopes.vars[self.scopes.variable(name)?].state;
                matches!(state, State::Alias(_) | State::Element(_)).then(|| parse_quote!(*#name))
            }
            _ => None,
        }
    }

    /// What is exchanged may be a reference, which would refer to something else from here on: that is an error.
    fn refers_elsewhere(&mut self, place: &Expr) -> bool {
        let Some(name) = self.fixed_alias(place) else { return false };
        self.error(Site::of(place), message::rebound_reference(name));
        true
    }

    fn slot(&mut self, place: &Expr) -> Option<Slot> {
        Some(match self.target(place) {
            Target::Var(id) => Slot::Var(id),
            Target::Array(part) => Slot::Array(part),
            Target::Index(base, index) if !index.iter().any(is_range) => {
                let part = self.element(&base, &index);
                if self.rank(&part) > 0 { Slot::Array(part) } else { Slot::Element(part) }
            }
            Target::Element(part) => Slot::Element(part),
            Target::Field => {
                let part = self.place_of(place)?;
                if self.func.is_number(&part) { Slot::Element(part) } else { Slot::Array(part) }
            }
            _ => return None,
        })
    }

    fn get(&mut self, slot: &Slot, place: &Expr) -> Val {
        match slot {
            Slot::Element(part) => self.load(part.clone(), place.span()),
            _ => self.float(place),
        }
    }

    fn put(&mut self, slot: &Slot, val: Val, span: Span) {
        match slot {
            Slot::Var(id) => {
                self.scopes.vars[*id].state = State::Float(val);
                self.note_variable(*id);
            }
            Slot::Element(part) => self.push(OpKind::Store(part.clone(), val), span),
            Slot::Array(_) => {}
        }
    }
}

/// What is exchanged.
enum Slot {
    Var(VarId),
    Element(Part),
    Array(Part),
}

fn is_range(index: &Expr) -> bool {
    match index {
        Expr::Paren(e) => is_range(&e.expr),
        other => matches!(other, Expr::Range(_)),
    }
}

/// The function of `std::mem` that is called.
fn memory(call: &ExprCall) -> Option<String> {
    let path = path_of(&call.func)?;
    let (module, name) = path.rsplit_once("::")?;
    let module = module.strip_prefix("::").unwrap_or(module);
    matches!(module, "std::mem" | "core::mem" | "mem").then(|| name.to_string())
}
