//! `let`: what a name is bound to. A float becomes a value, an array a place or a part of one, anything else is carried
//! along with the names that its pattern binds.

use super::Lowerer;
use super::assignment::declaration;
use super::ending::bound_owns;
use super::exits::Scan;
use super::expression::Value;
use super::opaque::Fate;
use super::pattern::{self, irrefutable, of_members};
use super::ranges;
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use super::subject::matched_before;
use super::types;
use super::unpack::member_types;
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Init, OpKind, Part, Step, Storage, Ty, Val};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, Local, Pat, Type};

/// How a pattern gets at an array that it takes apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Value,
    /// Through a reference, which may be a mutable one.
    Reference,
    /// Through a reference that visibly is a mutable one.
    Exclusive,
}

impl Lowerer<'_> {
    pub(super) fn local(&mut self, local: &Local) {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let Some(init) = &local.init else { return self.late(pat, ty) };
        if self.closure_let(local) || self.option_let(local) || self.iterator_let(local) {
            return;
        }
        if let Some(stmts) = self.late_let(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        if let Some(stmts) = self.split_let(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        if let Some(stmts) = self.aliases_apart(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        if let Some(stmt) = self.first_and_rest(local) {
            return self.statement(&stmt);
        }
        if let Some(stmts) = self.chosen_let(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        if let Some(stmts) = self.floats_apart(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        if let Some(stmts) = self.integers_apart(local) {
            return stmts.iter().for_each(|stmt| self.statement(stmt));
        }
        // With an `else`, what is followed is taken apart by patterns that always fit.
        let always = init.diverge.is_none() || (self.scopes.aggregates && of_members(pat));
        if !always {
            if !self.followed_let_else(local) {
                self.opaque_let(local, &init.expr);
            }
            return;
        }
        if self.alias_let(pat, &init.expr) || self.element_let(pat, &init.expr) {
            return;
        }
        let shape = ty.and_then(|ty| self.shape(ty));
        let scalar = shape.as_ref().is_some_and(|s| s.dims.is_empty());
        let followed =
            |ty: &Type| shape.is_some() || matches!(ty, Type::Infer(_) | Type::Tuple(_)) || types::is_vec(ty);
        if let Pat::Ident(p) = pat
            && irrefutable(pat)
            && ty.is_none_or(followed)
            && self.empty_vec(local, p, ty, &init.expr)
        {
            return;
        }
        let name = if let Pat::Ident(p) = pat { Some(&p.ident) } else { None };
        let assumed = ty.is_none() && name.is_some_and(|name| self.floats.contains(&declaration(name)));
        let (mark, losses, first_new) = (self.ops().len(), self.losses.len(), self.func.vals.len());
        let reference = shape.as_ref().is_some_and(|s| s.reference);
        let shared = shape.as_ref().filter(|s| !s.mutable);
        let made = self.made_by(&init.expr, shared.map(|s| s.dims.as_slice())).map(|value| match value {
            Value::Part { part, .. } => Value::Part { part, reference },
            value => value,
        });
        let value = match made.unwrap_or_else(|| self.expr_of(&init.expr, pat, ty)) {
            Value::Opaque if scalar => Value::Float(self.typed_template(&init.expr)),
            Value::Opaque if assumed => Value::Float(self.assumed_float(&init.expr)),
            Value::Opaque if let Some(name) = name => self.learned_array(name, ty, &init.expr),
            value => value,
        };
        self.claim_type(&value, ty);
        // A literal alone is data.
        if !ranges::of_literals(&init.expr) {
            self.note_foreign(&value, ty);
        }
        // A struct says what it is itself.
        let aggregate = matches!(value, Value::Aggregate(_));
        let index = name.is_some_and(|name| self.indices.contains(&declaration(name)));
        if !index
            && self.fits(pat, &value)
            && init
                .diverge
                .as_ref()
                .is_none_or(|(_, diverge)| aggregate && (matched_before(diverge) || Self::always_fits(pat, &value)))
            && (aggregate || self.of_struct(&value, ty) || ty.is_none_or(followed))
        {
            if let (Value::Float(val), Expr::Reference(_)) = (&value, &*init.expr) {
                self.behind.insert(*val);
            }
            let exclusive = self.is_exclusive(&init.expr);
            match (pat, &value) {
                (Pat::Slice(_), Value::Part { part, .. }) if exclusive => {
                    self.bind_pattern(pat, part, Access::Exclusive);
                }
                _ => self.bind(pat, ty, value, first_new),
            }
            let exclusive = matches!(&*init.expr, Expr::Reference(r) if r.mutability.is_some());
            if let Some(id) = name.and_then(|name| self.scopes.find(&name.to_string())) {
                self.scopes.vars[id].exclusive = exclusive;
            }
            return;
        }
        self.ops().truncate(mark);
        self.losses.truncate(losses);
        self.opaque_let(local, &init.expr);
    }

    /// Whether an expression visibly is a mutable reference to an array.
    pub(super) fn is_exclusive(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(e) => self.is_exclusive(&e.expr),
            Expr::Reference(e) => e.mutability.is_some(),
            Expr::MethodCall(e) => e.method.to_string().ends_with("_mut"),
            Expr::Path(_) => self.scopes.variable(expr).is_some_and(|id| self.scopes.vars[id].exclusive),
            _ => false,
        }
    }

    /// A `let` in which a mistake was reported.
    pub(super) fn broken_let(&mut self, local: &Local) {
        for bound in pattern::bindings(&local.pat).unwrap_or_default() {
            self.scopes.declare(&bound.name, State::Broken, bound.mutable);
        }
    }

    /// `let y;`
    pub(super) fn late(&mut self, pat: &Pat, ty: Option<&Type>) {
        if let Pat::Tuple(tuple) = pat {
            let types = member_types(ty);
            return tuple.elems.iter().enumerate().for_each(|(k, elem)| self.late(elem, types.get(k).copied()));
        }
        let Pat::Ident(p) = pat else { return self.error(Site::of(pat), message::unsupported("a `let` like this")) };
        if let Some(ty @ Type::Tuple(_)) = ty
            && self.late_aggregate(&p.ident, ty, p.mutability.is_some()).is_some()
        {
            return;
        }
        let shape = ty.map(|ty| self.shape(ty));
        match shape {
            Some(Some(s)) if s.dims.is_empty() => {
                let id = self.scopes.declare(&p.ident, State::Uninit, true);
                self.said.extend(ty.and_then(|ty| self.said_by(ty)).map(|width| (id, width)));
            }
            Some(Some(s)) if !s.reference => {
                let zero = self.constant(0.0, pat.span());
                self.claim_type(&Value::Float(zero), ty);
                let place = self.allocate(p.ident.clone(), s.dims, Init::Fill(zero));
                self.scopes.declare(&p.ident, State::Part(Part::whole(place)), true);
            }
            Some(Some(_)) => {
                self.error(Site::of(pat), message::array_of_unknown());
                self.scopes.declare(&p.ident, State::Broken, true);
            }
            Some(None) => {
                let new = self.bind_name(&p.ident, Binding::Native);
                let mut name = pat.to_token_stream();
                if let Some(new) = &new {
                    name = with_name(name, &p.ident, new);
                }
                self.verbatim(quote!(let #name: #ty;), pat.span());
                let id = self.scopes.declare(&p.ident, State::Native, true);
                self.ends_unless_plain(id, ty);
                self.scopes.pending.insert(id);
                self.scopes.vars[id].emitted = new;
            }
            None if self.floats.contains(&declaration(&p.ident)) => {
                self.scopes.declare(&p.ident, State::Uninit, true);
            }
            None => {
                // What an array would be filled with.
                self.constant(0.0, pat.span());
                self.verbatim(TokenStream::new(), pat.span());
                let at = (self.regions.len() - 1, self.ops().len() - 1);
                let id = self.scopes.declare(&p.ident, State::Uninit, p.mutability.is_some());
                self.scopes.pending.insert(id);
                self.undeclared.insert(id, at);
            }
        }
    }

    /// A variable declared by `let y;` turns out to be no float: its declaration is emitted after all.
    pub(super) fn declare_native(&mut self, id: VarId) {
        if let Some((region, at)) = self.undeclared.remove(&id) {
            let mut name = self.scopes.vars[id].name.clone();
            if let Some(new) = self.bind_name(&name, Binding::Native) {
                self.scopes.vars[id].emitted = Some(new.clone());
                name = new;
            }
            let mutability = self.scopes.vars[id].mutable.then(|| quote!(mut));
            if let Some(op) = self.regions.get_mut(region).and_then(|ops| ops.get_mut(at))
                && let OpKind::Inactive(code) = &mut op.kind
            {
                code.tokens = quote!(let #mutability #name;);
            }
            self.scopes.vars[id].state = State::Native;
            self.ends(id);
        }
    }

    /// A variable declared by `let y;` turns out to be an array, of which it is a copy: it begins where it is declared.
    pub(super) fn declare_array(&mut self, id: VarId, part: &Part, reference: bool) -> Option<Part> {
        let dims = self.func.dims(part);
        if dims.iter().any(|dim| matches!(dim, Dim::Dynamic)) || self.func.holds_structs(part) {
            return None;
        }
        let (region, at) = self.undeclared.remove(&id)?;
        let name = self.scopes.vars[id].name.clone();
        let place = self.func.array(name, Storage::Local, dims);
        let ops = self.regions.get_mut(region)?;
        let zero = *ops.get(at.checked_sub(1)?)?.results.first()?;
        ops.get_mut(at)?.kind = OpKind::Alloc(place, Init::Fill(zero));
        self.scopes.vars[id].state = State::Part(Part::whole(place));
        self.scopes.vars[id].reference = reference;
        Some(Part::whole(place))
    }

    /// Whether a part of an array may be copied in place of a reference to it: nothing is written through the reference.
    pub(super) fn may_copy(&self, part: &Part, reference: bool, expr: &Expr) -> bool {
        let shared = matches!(expr, Expr::Reference(r) if r.mutability.is_none());
        !reference || shared || self.func.place_info(part.place).storage == Storage::Param
    }

    /// Names a part of an array: an alias, or a copy where the language makes one that can be told from the original.
    pub(super) fn bind_part(&mut self, name: &Ident, part: Part, reference: bool, mutable: bool) {
        self.name_view(&part, name);
        let fresh = self.fresh_array(&part);
        let info = self.func.place_info(part.place);
        if fresh {
            self.func.places[part.place.0 as usize].name = name.clone();
            let id = self.scopes.declare(name, State::Part(part), mutable);
            self.scopes.vars[id].reference = reference;
        } else if reference || (!mutable && info.storage == Storage::Param) || self.moved_vec(&part, mutable) {
            let id = self.scopes.declare(name, State::Part(part), false);
            self.scopes.vars[id].reference = reference;
        } else {
            let dims = self.func.dims(&part);
            let place = self.allocate(name.clone(), dims, Init::Copy(part));
            self.scopes.declare(name, State::Part(Part::whole(place)), mutable);
        }
    }

    /// Whether a whole `Vec` gets another name, and the old one is not used any more. What has no visible length may be an array
    /// that is copied: then the old name must not be one by which it changes.
    fn moved_vec(&self, part: &Part, mutable: bool) -> bool {
        let info = self.func.place_info(part.place);
        let vec = matches!(info.dims.first(), Some(crate::ir::Dim::Dynamic));
        part.is_whole() && info.by_value && vec && !mutable && !self.scopes.changes(part.place)
    }

    /// Whether an array was just made by an expression and has no name of the user's.
    pub(super) fn fresh_array(&self, part: &Part) -> bool {
        let unnamed = part.is_whole() && self.func.place_info(part.place).name == super::expression::UNNAMED;
        // A variable of the user's may have that name.
        let is = |var: &super::scope::Var| matches!(&var.state, State::Part(p) if p.place == part.place);
        unnamed && !self.scopes.vars.iter().any(is)
    }

    /// Names a mutable reference to an element or a row.
    pub(super) fn bind_exclusive(&mut self, name: &Ident, part: &Part) {
        if self.func.is_number(part) {
            self.scopes.declare(name, State::Element(part.clone()), false);
        } else {
            let id = self.scopes.declare(name, State::Part(part.clone()), false);
            self.scopes.vars[id].reference = true;
            self.scopes.vars[id].exclusive = true;
        }
    }

    /// Takes an array apart: `[a, b]`, `&[a, b]`, `[[a, b], [c, d]]`.
    pub(super) fn bind_pattern(&mut self, pat: &Pat, part: &Part, access: Access) -> bool {
        let reference = access != Access::Value;
        match pat {
            Pat::Wild(_) => true,
            Pat::Paren(p) => self.bind_pattern(&p.pat, part, access),
            Pat::Reference(p) => self.bind_pattern(&p.pat, part, Access::Value),
            Pat::Ident(p) if access == Access::Exclusive && irrefutable(pat) && p.by_ref.is_none() => {
                self.bind_exclusive(&p.ident, part);
                true
            }
            // What a `ref` refers to stays as it is.
            Pat::Ident(p) if (p.by_ref.is_none() || p.mutability.is_none()) && p.subpat.is_none() => {
                let reference = reference || p.by_ref.is_some();
                if self.func.is_number(part) {
                    let val = self.load(part.clone(), p.ident.span());
                    self.func.vals[val.0 as usize].name = Some(p.ident.clone());
                    self.declare_float(&p.ident, val, p.mutability.is_some());
                } else {
                    self.bind_part(&p.ident, part.clone(), reference, p.mutability.is_some());
                }
                true
            }
            Pat::Struct(_) | Pat::TupleStruct(_) if self.func.is_struct(part) && super::field::takes_fields(pat) => {
                self.bind_fields(pat, part, reference);
                true
            }
            Pat::Slice(p) if self.rank(part) > 0 => self.bind_slice(p, part, access),
            _ => false,
        }
    }

    /// `[a, b, rest @ .., c]`: what stands behind the rest is found from the end.
    fn bind_slice(&mut self, p: &syn::PatSlice, part: &Part, access: Access) -> bool {
        let span = p.bracket_token.span.open();
        let rest = p.elems.iter().position(pattern::is_rest);
        let length = rest.map(|_| self.length(part, span));
        p.elems.iter().enumerate().all(|(k, elem)| {
            let first = Literal::usize_unsuffixed(k);
            let behind = Literal::usize_unsuffixed(p.elems.len() - k);
            let (after, n) = match (rest, length) {
                (Some(rest), Some(n)) if k == rest => return self.bind_rest(elem, part, n, (k, p.elems.len()), access),
                (Some(rest), Some(n)) => (k > rest, n),
                _ => (false, Val(0)),
            };
            let index = if after {
                self.engine_index(quote!(n - #behind), &[("n", n)], span)
            } else {
                self.engine_index(quote!(#first), &[], span)
            };
            self.bind_pattern(elem, &part.at(index), access)
        })
    }

    /// `..`, `rest @ ..`: what is between the elements before and behind it.
    fn bind_rest(&mut self, elem: &Pat, part: &Part, n: Val, (before, all): (usize, usize), access: Access) -> bool {
        let Pat::Ident(p) = elem else { return true };
        let (lo, behind) = (Literal::usize_unsuffixed(before), Literal::usize_unsuffixed(all - before - 1));
        let lo = self.engine_index(quote!(#lo), &[], p.ident.span());
        let step = if before + 1 == all {
            Step::From(lo)
        } else {
            Step::Range(lo, self.engine_index(quote!(n - #behind), &[("n", n)], p.ident.span()))
        };
        let view = part.then(step);
        if access == Access::Exclusive || (p.by_ref.is_some() && p.mutability.is_some()) {
            self.bind_exclusive(&p.ident, &view);
        } else {
            let reference = access == Access::Reference || p.by_ref.is_some();
            self.bind_part(&p.ident, view, reference, p.mutability.is_some());
        }
        true
    }

    /// A `let` of something that is no float.
    pub(super) fn opaque_let(&mut self, local: &Local, init: &Expr) {
        let pat = &local.pat;
        let single = match pat {
            Pat::Ident(p) => Some(p),
            Pat::Type(t) => match &*t.pat {
                Pat::Ident(p) => Some(p),
                _ => None,
            },
            _ => None,
        };
        let integers = self.integers_of(local, init);
        let lost = match single {
            Some(_) if integers.is_some() => Fate::Consumed,
            Some(p) => Fate::Lost(Site::of(init), message::unknown_type(&p.ident, self.func.width.ident())),
            None if matches!(pat, Pat::Wild(_)) => Fate::Consumed,
            // What is matched may be a name of the engine's: the pattern is the user's.
            None => Fate::Lost(Site::of(pat), message::lost_in_value("a pattern like this")),
        };
        let known = self.errors.count();
        if pattern::borrows_mutably(pat) && self.mentions_float(init) {
            self.error(Site::of(pat), message::mutable_borrow(init.to_token_stream()));
        }
        let mut code = self.opaque(init, &lost);
        if let Pat::Type(typed) = pat
            && self.said_by(&typed.ty).is_some_and(|width| !self.func.width.has(&width))
        {
            let number = |(_, val): &(Ident, Val)| self.func.info(*val).ty == Ty::Float;
            self.foreign |= !code.places.is_empty() || code.reads.iter().any(number);
        }
        let broken = self.errors.count() > known;
        let Some(bound) = pattern::bindings(pat) else {
            return self.error(Site::of(pat), message::unsupported("a pattern like this"));
        };
        if let Some((_, diverge)) = local.init.as_ref().and_then(|i| i.diverge.as_ref()) {
            let scan = Scan::expr(diverge);
            if let Some((span, message)) = scan.in_opaque() {
                self.error(span, message);
            }
            let tokens = code.tokens;
            let diverge = self.renamed(diverge.to_token_stream());
            code.tokens = quote!(#tokens else #diverge);
        }
        let (borrowed, list) = match init {
            Expr::Reference(r) => (true, &*r.expr),
            _ => (false, init),
        };
        let (indexable, reference) = match &local.pat {
            Pat::Type(t) => (types::indexable(&t.ty), matches!(&*t.ty, Type::Reference(_))),
            _ => (matches!(list, Expr::Array(_) | Expr::Repeat(_)), borrowed),
        };
        let mutable = bound.iter().any(|b| b.mutable);
        let ends = !code.pure && bound_owns(pat, init);
        code.pure &= single.is_some() && !mutable;
        let mut pattern = pat.to_token_stream();
        let mut results = Vec::new();
        let mut states = Vec::new();
        for b in bound {
            let binding = match (b.mutable, single) {
                (true, _) => Binding::Native,
                (false, Some(_)) => Binding::Value,
                (false, None) => Binding::Member,
            };
            let new = self.bind_name(&b.name, binding);
            if let Some(new) = &new {
                pattern = with_name(pattern, &b.name, new);
            }
            let state = if broken {
                State::Broken
            } else if b.mutable {
                State::Native
            } else {
                let name = new.clone().unwrap_or_else(|| b.name.clone());
                let val = self.func.val(Ty::Other, Some(name), b.name.span());
                results.push(val);
                State::Other { val, indexable }
            };
            states.push((b.name, state, b.mutable, new.filter(|_| b.mutable)));
        }
        code.pattern = Some(pattern);
        if let (Some(sources), [val]) = (&integers, results.as_slice()) {
            self.scopes.integers.insert(*val, sources.clone());
        }
        self.push(OpKind::Inactive(code), pat.span());
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        for (name, state, mutable, emitted) in states {
            let id = self.scopes.declare(&name, state, mutable);
            if ends {
                self.ends(id);
            }
            self.scopes.vars[id].emitted = emitted;
            self.scopes.vars[id].reference = reference;
            self.scopes.vars[id].member = single.is_none();
            if let (Some(sources), true) = (&integers, mutable) {
                self.scopes.changing_integers.insert(id, sources.clone());
            }
        }
    }
}
