//! Statements without exits: `let`, assignment, `if`, blocks, and everything that is carried along.

use super::Lowerer;
use super::control::yielding;
use super::exits::{Scan, is_compound};
use super::expression::Value;
use super::opaque::{self, Fate, Opaque};
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use super::signature;
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Init, OpKind, Part, Storage, Ty, Val};
use crate::rules::{Prim, derivative as table};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{BinOp, Block, Expr, ExprIf, Item, Local, Pat, Stmt, Type, UnOp};

impl Lowerer<'_> {
    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.item(item),
            Stmt::Expr(expr, _) => self.expression_statement(expr),
            Stmt::Macro(m) => self.opaque_macro(&m.mac),
        }
    }

    /// Items are copied into each companion, where that is harmless.
    fn item(&mut self, item: &Item) {
        let (what, site) = match item {
            Item::Const(_) | Item::Use(_) | Item::Fn(_) | Item::Type(_) => {
                return self.verbatim(item.to_token_stream(), item.span());
            }
            Item::Static(i) => ("a `static`", Site::between(i.static_token.span, i.ident.span())),
            Item::Impl(i) => ("an `impl`", Site::between(i.impl_token.span, i.self_ty.span())),
            Item::Macro(i) => ("a macro definition", Site::of(&i.mac.path)),
            other => ("an item like this", other.span().into()),
        };
        self.error(site, message::inner_item(what));
    }

    fn verbatim(&mut self, tokens: TokenStream, span: Span) {
        let code =
            Inactive { tokens, pattern: None, reads: Vec::new(), places: Vec::new(), pure: false, expression: false };
        self.push(OpKind::Inactive(code), span);
    }

    pub(super) fn opaque_macro(&mut self, mac: &syn::Macro) {
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let mut opaque = Opaque::tokens(
            &self.scopes,
            self.func.width,
            TokenStream::new(),
            &Fate::Lost(Site::of(&mac.path), message::lost_in_macro(name)),
        );
        opaque.macro_call(mac, &Fate::Consumed);
        let (mut code, losses, errors, unknown) = (opaque.code, opaque.losses, opaque.errors, opaque.unknown_macros);
        let tokens = mac.to_token_stream();
        let tokens = if unknown { super::without_exits(&tokens) } else { quote!(#tokens;) };
        code.tokens = self.renamed(tokens);
        self.losses.extend(losses);
        for (span, message) in errors {
            self.error(span, message);
        }
        self.push(OpKind::Inactive(code), mac.path.span());
    }

    pub(super) fn expression_statement(&mut self, expr: &Expr) {
        match expr {
            Expr::Assign(e) => self.assign(&e.left, &e.right, expr),
            Expr::Binary(e) if is_compound(&e.op) => self.compound(&e.op, &e.left, &e.right, expr),
            Expr::If(e) if !matches!(&*e.cond, Expr::Let(_)) => {
                self.plain_if(e, false);
            }
            Expr::Block(e) if e.label.is_none() => {
                self.plain_block(&e.block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
            }
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                self.any_loop(expr);
            }
            Expr::Paren(e) => self.expression_statement(&e.expr),
            Expr::MethodCall(e) if self.array_method(e) => {}
            // Its value is dropped.
            other => self.opaque_statement(other, &Fate::Consumed),
        }
    }

    /// A statement carried verbatim.
    pub(super) fn opaque_statement(&mut self, expr: &Expr, fate: &Fate) {
        let mut code = self.opaque(expr, fate);
        let tokens = code.tokens;
        code.tokens = quote!(#tokens;);
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), expr.span());
    }

    // `let`

    fn local(&mut self, local: &Local) {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let Some(init) = &local.init else { return self.late(pat, ty) };
        if init.diverge.is_some() {
            return self.opaque_let(local, &init.expr);
        }
        let shape = ty.and_then(signature::shape).filter(|s| s.width == self.func.width);
        let follow = ty.is_none() || shape.is_some() || matches!(ty, Some(Type::Infer(_)));
        match pat {
            Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none() && follow => {
                let first_new = self.func.vals.len();
                let scalar = shape.as_ref().is_some_and(|s| s.dims.is_empty());
                let value = match self.expr(&init.expr) {
                    Value::Opaque if scalar => Value::Float(self.float_template(&init.expr)),
                    value => value,
                };
                match value {
                    Value::Float(val) => {
                        self.name_value(val, first_new, &p.ident);
                        self.declare_float(&p.ident, val, p.mutability.is_some());
                    }
                    Value::Part { part, reference } => {
                        self.bind_part(&p.ident, part, reference, p.mutability.is_some());
                    }
                    Value::Opaque => self.opaque_let(local, &init.expr),
                }
            }
            Pat::Tuple(p) if ty.is_none() => {
                if !self.tuple_let(&p.elems.iter().collect::<Vec<_>>(), &init.expr) {
                    self.opaque_let(local, &init.expr);
                }
            }
            // Nothing is bound, so nothing is lost.
            Pat::Wild(_) if follow => {
                if let Value::Opaque = self.expr(&init.expr) {
                    self.opaque_let(local, &init.expr);
                }
            }
            Pat::Slice(_) | Pat::Reference(_) if ty.is_none() => {
                let mark = self.ops().len();
                match self.expr(&init.expr) {
                    Value::Part { part, .. } if self.bind_pattern(pat, &part) => {}
                    _ => {
                        self.ops().truncate(mark);
                        self.opaque_let(local, &init.expr);
                    }
                }
            }
            _ => self.opaque_let(local, &init.expr),
        }
    }

    /// A `let` in which a mistake was reported.
    pub(super) fn broken_let(&mut self, local: &Local) {
        for bound in opaque::bindings(&local.pat).unwrap_or_default() {
            self.scopes.declare(&bound.name, State::Broken, bound.mutable);
        }
    }

    /// `let y;`
    fn late(&mut self, pat: &Pat, ty: Option<&Type>) {
        let Pat::Ident(p) = pat else { return self.error(Site::of(pat), message::unsupported("a `let` like this")) };
        let shape = ty.map(signature::shape);
        match shape {
            Some(Some(s)) if s.dims.is_empty() && s.width == self.func.width => {
                self.scopes.declare(&p.ident, State::Uninit, true);
            }
            Some(Some(s)) if s.width == self.func.width => {
                self.error(Site::of(pat), message::array_of_unknown());
                self.scopes.declare(&p.ident, State::Broken, true);
            }
            Some(_) => {
                let new = self.bind_name(&p.ident, Binding::Native);
                let mut name = pat.to_token_stream();
                if let Some(new) = &new {
                    name = with_name(name, &p.ident, new);
                }
                self.verbatim(quote!(let #name: #ty;), pat.span());
                let id = self.scopes.declare(&p.ident, State::Native, true);
                self.scopes.vars[id].emitted = new;
            }
            None => {
                self.verbatim(TokenStream::new(), pat.span());
                let at = (self.regions.len() - 1, self.ops().len() - 1);
                let id = self.scopes.declare(&p.ident, State::Uninit, p.mutability.is_some());
                self.undeclared.insert(id, at);
            }
        }
    }

    /// A variable declared by `let y;` turns out to be no float: its declaration is emitted after all.
    fn declare_native(&mut self, id: VarId) {
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
        }
    }

    /// Names a part of an array: an alias, or a copy where the language makes one that can be told from the original.
    fn bind_part(&mut self, name: &Ident, part: Part, reference: bool, mutable: bool) {
        let fresh = self.fresh_array(&part);
        let info = self.func.place_info(part.place);
        if fresh {
            self.func.places[part.place.0 as usize].name = name.clone();
            self.scopes.declare(name, State::Part(part), mutable);
        } else if reference || (!mutable && info.storage == Storage::Param) {
            let id = self.scopes.declare(name, State::Part(part), false);
            self.scopes.vars[id].reference = reference;
        } else {
            let dims = info.dims[part.index.len()..].to_vec();
            let place = self.allocate(name.clone(), dims, Init::Copy(part));
            self.scopes.declare(name, State::Part(Part::whole(place)), mutable);
        }
    }

    /// Whether an array was just made by an expression and has no name of the user's.
    fn fresh_array(&self, part: &Part) -> bool {
        let unnamed = part.index.is_empty() && self.func.place_info(part.place).name == super::expression::UNNAMED;
        // A variable of the user's may have that name.
        let is = |var: &super::scope::Var| matches!(&var.state, State::Part(p) if p.place == part.place);
        unnamed && !self.scopes.vars.iter().any(is)
    }

    /// `let (a, b) = (…, …);`
    fn tuple_let(&mut self, pats: &[&Pat], init: &Expr) -> bool {
        let simple = |p: &&Pat| matches!(p, Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none());
        if !pats.iter().all(simple) {
            return false;
        }
        let names: Vec<(&Ident, bool)> = pats
            .iter()
            .filter_map(|p| match p {
                Pat::Ident(p) => Some((&p.ident, p.mutability.is_some())),
                _ => None,
            })
            .collect();
        match init {
            Expr::Tuple(t) if t.elems.len() == names.len() => {
                let first_new = self.func.vals.len();
                let snapshot = self.ops().len();
                let mut vals = Vec::new();
                for elem in &t.elems {
                    match self.expr(elem) {
                        Value::Float(val) => vals.push(val),
                        _ => break,
                    }
                }
                if vals.len() < names.len() {
                    self.ops().truncate(snapshot);
                    return self.mixed_tuple_let(pats, t);
                }
                for ((name, mutable), val) in names.into_iter().zip(vals) {
                    self.name_value(val, first_new, name);
                    self.declare_float(name, val, mutable);
                }
                true
            }
            Expr::MethodCall(m) if m.method == "sin_cos" && names.len() == 2 => {
                let Value::Float(x) = self.expr(&m.receiver) else { return false };
                for ((name, mutable), prim) in names.into_iter().zip([&table::SIN, &table::COS]) {
                    let val = self.prim(prim, vec![x], m.method.span());
                    self.func.vals[val.0 as usize].name = Some(name.clone());
                    self.declare_float(name, val, mutable);
                }
                true
            }
            _ => false,
        }
    }

    /// A tuple of floats and other things: one `let` each, unless a later element sees a name that an earlier one binds.
    fn mixed_tuple_let(&mut self, pats: &[&Pat], tuple: &syn::ExprTuple) -> bool {
        let bound: Vec<String> = pats.iter().map(|p| p.to_token_stream().to_string().replace("mut ", "")).collect();
        let shadows = |e: &Expr| {
            let mut seen = false;
            let mut stack = vec![e.to_token_stream().into_iter()];
            while let Some(iter) = stack.last_mut() {
                match iter.next() {
                    None => {
                        stack.pop();
                    }
                    Some(proc_macro2::TokenTree::Group(g)) => stack.push(g.stream().into_iter()),
                    Some(token) => seen |= bound.contains(&token.to_string()),
                }
            }
            seen
        };
        if tuple.elems.iter().skip(1).any(shadows) {
            return false;
        }
        for (pat, elem) in pats.iter().zip(&tuple.elems) {
            let local: Stmt = syn::parse_quote!(let #pat = #elem;);
            self.statement(&local);
        }
        true
    }

    /// Takes an array apart: `[a, b]`, `&[a, b]`, `[[a, b], [c, d]]`.
    pub(super) fn bind_pattern(&mut self, pat: &Pat, part: &Part) -> bool {
        match pat {
            Pat::Wild(_) => true,
            Pat::Paren(p) => self.bind_pattern(&p.pat, part),
            Pat::Reference(p) => self.bind_pattern(&p.pat, part),
            Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none() => {
                if self.rank(part) == 0 {
                    let val = self.load(part.clone(), p.ident.span());
                    self.func.vals[val.0 as usize].name = Some(p.ident.clone());
                    self.declare_float(&p.ident, val, p.mutability.is_some());
                } else {
                    self.bind_part(&p.ident, part.clone(), false, p.mutability.is_some());
                }
                true
            }
            Pat::Slice(p) if self.rank(part) > 0 && !p.elems.iter().any(|e| matches!(e, Pat::Rest(_))) => {
                for (k, elem) in p.elems.iter().enumerate() {
                    let k = proc_macro2::Literal::usize_unsuffixed(k);
                    let index = self.define(OpKind::Inactive(Inactive::engine(quote!(#k))), Ty::Index, pat.span());
                    if !self.bind_pattern(elem, &part.at(index)) {
                        return false;
                    }
                }
                true
            }
            _ => false,
        }
    }

    /// A `let` of something that is no float.
    fn opaque_let(&mut self, local: &Local, init: &Expr) {
        let pat = &local.pat;
        let single = match pat {
            Pat::Ident(p) => Some(p),
            Pat::Type(t) => match &*t.pat {
                Pat::Ident(p) => Some(p),
                _ => None,
            },
            _ => None,
        };
        let lost = match single {
            Some(p) => Fate::Lost(Site::of(init), message::unknown_type(&p.ident)),
            None if matches!(pat, Pat::Wild(_)) => Fate::Consumed,
            None => Fate::Lost(Site::of(init), message::lost_in_value("a pattern like this")),
        };
        let known = self.errors.count();
        if super::opaque::borrows_mutably(pat) && self.mentions_float(init) {
            self.error(Site::of(pat), message::mutable_borrow(init.to_token_stream()));
        }
        let mut code = self.opaque(init, &lost);
        let broken = self.errors.count() > known;
        let Some(bound) = opaque::bindings(pat) else {
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
            Pat::Type(t) => (signature::indexable(&t.ty), matches!(&*t.ty, Type::Reference(_))),
            _ => (matches!(list, Expr::Array(_) | Expr::Repeat(_)), borrowed),
        };
        let mutable = bound.iter().any(|b| b.mutable);
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
        self.push(OpKind::Inactive(code), pat.span());
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        for (name, state, mutable, emitted) in states {
            let id = self.scopes.declare(&name, state, mutable);
            self.scopes.vars[id].emitted = emitted;
            self.scopes.vars[id].reference = reference;
        }
    }

    // Assignment

    fn assign(&mut self, left: &Expr, right: &Expr, whole: &Expr) {
        if let Some(name) = self.fixed_alias(left) {
            return self.error(Site::of(left), message::rebound_reference(name));
        }
        match self.target(left) {
            Target::Var(id) => {
                let first_new = self.func.vals.len();
                match self.expr(right) {
                    Value::Float(val) => {
                        self.undeclared.remove(&id);
                        let name = self.scopes.vars[id].name.clone();
                        self.name_value(val, first_new, &name);
                        self.scopes.vars[id].state = State::Float(val);
                    }
                    Value::Opaque if self.undeclared.contains_key(&id) => {
                        self.declare_native(id);
                        self.opaque_statement(
                            whole,
                            &Fate::Lost(Site::of(right), message::unknown_type(left.to_token_stream())),
                        );
                    }
                    Value::Opaque => {
                        let val = self.float_template(right);
                        self.scopes.vars[id].state = State::Float(val);
                    }
                    Value::Part { .. } => self.error(Site::of(right), message::not_a_float()),
                }
            }
            Target::Array(part) => self.assign_array(part, right),
            Target::Index(base, index) => {
                let mut value = self.expr(right);
                // The right side comes first, also where no derivative flows through it.
                if self.rank(&base) == index.len() {
                    value = Value::Float(self.float_value(value, right));
                }
                let part = self.element(&base, &index);
                if self.rank(&part) > 0 {
                    return self.assign_value(part, value, right);
                }
                let val = self.float_value(value, right);
                self.push(OpKind::Store(part, val), left.span());
            }
            Target::Element(part) => {
                let val = self.float(right);
                self.push(OpKind::Store(part, val), left.span());
            }
            Target::Tuple(targets) => self.assign_tuple(&targets, right, whole),
            Target::Opaque => {
                self.opaque_statement(whole, &opaque::stored(left));
            }
        }
    }

    fn assign_tuple(&mut self, targets: &[Expr], right: &Expr, whole: &Expr) {
        let Expr::Tuple(values) = right else {
            return self.opaque_statement(whole, &Fate::Lost(Site::of(right), message::lost_in_assignment()));
        };
        if values.elems.len() != targets.len() {
            return self.error(Site::of(right), message::unsupported("an assignment like this"));
        }
        let vals: Vec<Val> = values.elems.iter().map(|e| self.float(e)).collect();
        for (target, val) in targets.iter().zip(vals) {
            match self.target(target) {
                Target::Var(id) => self.scopes.vars[id].state = State::Float(val),
                Target::Index(base, index) => {
                    let part = self.element(&base, &index);
                    self.push(OpKind::Store(part, val), target.span());
                }
                Target::Element(part) => self.push(OpKind::Store(part, val), target.span()),
                _ => self.error(Site::of(target), message::lost_in_assignment()),
            }
        }
    }

    fn assign_array(&mut self, to: Part, right: &Expr) {
        if let Expr::Repeat(r) = right
            && let Value::Float(val) = self.expr(&r.expr)
        {
            return self.push(OpKind::Fill(to, val), right.span());
        }
        let value = self.expr(right);
        self.assign_value(to, value, right);
    }

    fn assign_value(&mut self, to: Part, value: Value, right: &Expr) {
        match value {
            Value::Part { part, .. } => self.push(OpKind::Copy(to, part), right.span()),
            _ => self.error(Site::of(right), message::array_of_unknown()),
        }
    }

    /// `x += …` and its kin: for primitive floats the right side is evaluated first.
    fn compound(&mut self, op: &BinOp, left: &Expr, right: &Expr, whole: &Expr) {
        let target = self.target(left);
        if matches!(target, Target::Opaque | Target::Tuple(_) | Target::Array(_)) {
            return self.opaque_statement(whole, &opaque::stored(left));
        }
        let Some(prim) = compound_prim(op) else {
            return self.error(op.span(), message::unsupported("this operator"));
        };
        let r = self.float(right);
        let span = op.span();
        match target {
            Target::Var(id) => {
                let State::Float(old) = self.scopes.vars[id].state else {
                    self.error(left.span(), message::uninitialised(left.to_token_stream()));
                    return self.scopes.vars[id].state = State::Float(r);
                };
                let val = self.prim(prim, vec![old, r], span);
                self.func.vals[val.0 as usize].name = Some(self.scopes.vars[id].name.clone());
                self.scopes.vars[id].state = State::Float(val);
            }
            Target::Index(base, index) => {
                let part = self.element(&base, &index);
                self.update(prim, part, r, span);
            }
            Target::Element(part) => self.update(prim, part, r, span),
            _ => {}
        }
    }

    fn update(&mut self, prim: Prim, part: Part, r: Val, span: Span) {
        if self.rank(&part) > 0 {
            return self.error(span, message::not_a_float());
        }
        let old = self.load(part.clone(), span);
        let val = self.prim(prim, vec![old, r], span);
        self.push(OpKind::Store(part, val), span);
    }

    fn target(&self, left: &Expr) -> Target {
        match left {
            Expr::Paren(e) => self.target(&e.expr),
            Expr::Path(p) => {
                let Some(id) = p.path.get_ident().and_then(|i| self.scopes.find(&i.to_string())) else {
                    return Target::Opaque;
                };
                match &self.scopes.vars[id].state {
                    State::Float(_) | State::Uninit => Target::Var(id),
                    State::Part(part) if self.func.place_info(part.place).storage == Storage::Local => {
                        Target::Array(part.clone())
                    }
                    _ => Target::Opaque,
                }
            }
            Expr::Index(e) => match self.base(&e.expr) {
                Some(base) => Target::Index(base, vec![(*e.index).clone()]),
                None => match self.target(&e.expr) {
                    Target::Index(base, mut index) => {
                        index.push((*e.index).clone());
                        Target::Index(base, index)
                    }
                    _ => Target::Opaque,
                },
            },
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => match &*e.expr {
                Expr::Path(p) => match p.path.get_ident().and_then(|i| self.scopes.state(&i.to_string())) {
                    Some(State::Element(part)) => Target::Element(part.clone()),
                    Some(State::Part(part)) if self.func.place_info(part.place).storage == Storage::Local => {
                        Target::Array(part.clone())
                    }
                    _ => Target::Opaque,
                },
                _ => Target::Opaque,
            },
            Expr::Tuple(t) => Target::Tuple(t.elems.iter().cloned().collect()),
            _ => Target::Opaque,
        }
    }

    /// The name of what is assigned, if it stands for the same array as long as it lives.
    fn fixed_alias(&self, left: &Expr) -> Option<String> {
        match left {
            Expr::Paren(e) => self.fixed_alias(&e.expr),
            Expr::Path(p) => {
                let name = p.path.get_ident()?.to_string();
                let var = &self.scopes.vars[self.scopes.find(&name)?];
                let State::Part(part) = &var.state else { return None };
                let given = self.func.place_info(part.place).storage == Storage::Param;
                (var.reference || given).then_some(name)
            }
            _ => None,
        }
    }

    /// The array that a name stands for.
    fn base(&self, expr: &Expr) -> Option<Part> {
        match expr {
            Expr::Path(p) => match self.scopes.state(&p.path.get_ident()?.to_string())? {
                State::Part(part) => Some(part.clone()),
                _ => None,
            },
            Expr::Paren(e) => self.base(&e.expr),
            _ => None,
        }
    }

    fn element(&mut self, base: &Part, index: &[Expr]) -> Part {
        let mut part = base.clone();
        for expr in index {
            let val = self.index(expr);
            if self.rank(&part) == 0 {
                self.error(Site::of(expr), message::not_a_float());
                return part;
            }
            part = part.at(val);
        }
        part
    }

    /// Methods that write a whole array.
    fn array_method(&mut self, call: &syn::ExprMethodCall) -> bool {
        let Some(part) = self.base(&call.receiver) else { return false };
        if self.func.place_info(part.place).storage != Storage::Local {
            return false;
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let span = call.method.span();
        match (call.method.to_string().as_str(), args.as_slice()) {
            ("fill", [value]) if self.rank(&part) == 1 => {
                let val = self.float(value);
                self.push(OpKind::Fill(part, val), span);
            }
            ("copy_from_slice" | "clone_from_slice", [source]) => match self.expr(source) {
                Value::Part { part: from, .. } => self.push(OpKind::Copy(part, from), span),
                _ => return false,
            },
            ("swap", [i, j]) if self.rank(&part) == 1 => {
                let (i, j) = (self.index(i), self.index(j));
                let a = self.load(part.at(i), span);
                let b = self.load(part.at(j), span);
                self.push(OpKind::Store(part.at(i), b), span);
                self.push(OpKind::Store(part.at(j), a), span);
            }
            _ => return false,
        }
        true
    }

    // Blocks and `if` without exits

    /// The value of a block.
    pub(super) fn block_value(&mut self, block: &Block) -> Value {
        self.plain_block(block, |l, block| {
            let Some((last, stmts)) = block.stmts.split_last() else { return Value::Opaque };
            stmts.iter().for_each(|s| l.statement(s));
            match last {
                Stmt::Expr(e, None) => match l.expr(e) {
                    Value::Opaque if super::exits::diverges_expr(e) => {
                        l.expression_statement(e);
                        Value::Float(l.poison(e.span()))
                    }
                    Value::Opaque => Value::Float(l.float_template(e)),
                    value => value,
                },
                Stmt::Macro(m) => {
                    l.opaque_macro(&m.mac);
                    Value::Float(l.poison(m.mac.path.span()))
                }
                other => {
                    l.statement(other);
                    Value::Opaque
                }
            }
        })
    }

    /// An `if` without exits. With `wants`, its value.
    pub(super) fn plain_if(&mut self, e: &ExprIf, wants: bool) -> Value {
        let span = e.if_token.span;
        let cond = self.condition(&e.cond);
        let before = self.states();
        let (then_ops, then_val) = self.plain_arm(wants, |l| l.if_block(&e.then_branch, wants));
        let after_then = self.states();
        self.set_states(&before);
        let (other_ops, other_val) = self.plain_arm(wants, |l| match &e.else_branch {
            None => Value::Opaque,
            Some((_, other)) => match &**other {
                Expr::Block(b) => l.if_block(&b.block, wants),
                Expr::If(inner) if !matches!(&*inner.cond, Expr::Let(_)) => l.plain_if(inner, wants),
                other if wants => l.expr(other),
                other => {
                    l.expression_statement(other);
                    Value::Opaque
                }
            },
        });
        let after_other = self.states();
        let (mut then_ops, mut other_ops) = (then_ops, other_ops);
        let (mut thens, mut others, mut vars) = (Vec::new(), Vec::new(), Vec::new());
        for id in 0..before.len() {
            let (a, b) = (after_then[id].clone(), after_other[id].clone());
            let dummy = |l: &mut Self, ops: &mut Vec<crate::ir::Op>| {
                l.regions.push(std::mem::take(ops));
                let val = l.constant(0.0, span);
                *ops = l.regions.pop().unwrap_or_default();
                val
            };
            let pair = match (&a, &b) {
                (State::Float(a), State::Float(b)) if a == b => None,
                (State::Float(a), State::Float(b)) => Some((*a, *b)),
                (State::Float(a), State::Uninit) => Some((*a, dummy(self, &mut other_ops))),
                (State::Uninit, State::Float(b)) => Some((dummy(self, &mut then_ops), *b)),
                (State::Native, _) | (_, State::Native) => {
                    self.scopes.vars[id].state = State::Native;
                    None
                }
                _ => None,
            };
            if let Some((a, b)) = pair {
                thens.push(a);
                others.push(b);
                vars.push(id);
            }
        }
        let value = match (wants, then_val, other_val) {
            (true, Some(a), Some(b)) => {
                thens.push(a);
                others.push(b);
                true
            }
            (true, ..) => {
                self.error(span, message::not_a_float());
                false
            }
            _ => false,
        };
        let mut results = self.merged_results(&vars, span);
        let val = value.then(|| self.func.val(Ty::Float, None, span));
        self.push(OpKind::If(cond, yielding(then_ops, thens), yielding(other_ops, others)), span);
        self.set_results(&vars, &results);
        results.extend(val);
        if let Some(op) = self.ops().last_mut() {
            op.results = results;
        }
        val.map_or(Value::Opaque, Value::Float)
    }

    fn if_block(&mut self, block: &Block, wants: bool) -> Value {
        if wants {
            return self.block_value(block);
        }
        self.plain_block(block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
        Value::Opaque
    }

    fn plain_arm(&mut self, wants: bool, f: impl FnOnce(&mut Self) -> Value) -> (Vec<crate::ir::Op>, Option<Val>) {
        self.regions.push(Vec::new());
        let val = match f(self) {
            Value::Float(val) => Some(val),
            _ => None,
        };
        (self.regions.pop().unwrap_or_default(), val.filter(|_| wants))
    }

    fn states(&self) -> Vec<State> {
        self.scopes.vars.iter().map(|v| v.state.clone()).collect()
    }

    fn set_states(&mut self, states: &[State]) {
        for (var, state) in self.scopes.vars.iter_mut().zip(states) {
            if !matches!(var.state, State::Native) {
                var.state = state.clone();
            }
        }
    }
}

/// What an assignment goes to.
enum Target {
    Var(VarId),
    Array(Part),
    Index(Part, Vec<Expr>),
    Element(Part),
    Tuple(Vec<Expr>),
    Opaque,
}

fn compound_prim(op: &BinOp) -> Option<Prim> {
    Some(match op {
        BinOp::AddAssign(_) => &table::ADD,
        BinOp::SubAssign(_) => &table::SUB,
        BinOp::MulAssign(_) => &table::MUL,
        BinOp::DivAssign(_) => &table::DIV,
        BinOp::RemAssign(_) => &table::REM,
        _ => return None,
    })
}
