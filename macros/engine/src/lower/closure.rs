//! Local closures, called by name, and functions inside the function.
//!
//! A closure's body is lowered where it is called, with the names of its body meaning what they meant where it was
//! written: what it captures by reference is read through, and what a `move` closure captures is copied to variables of its
//! own at its creation. So a call is no construct of the IR, and every analysis sees the body in its place.
//!
//! Beside that, the closure as the user wrote it is kept for code that is carried along. It is emitted if such code
//! mentions it; then nothing that it captures may be active, unless its result only decides.

use super::Lowerer;
use super::ending::owns;
use super::exits::Scan;
use super::expression::Value;
use super::item::Item;
use super::lambda::{Lambda, Want, closure_of, mentioned, type_of};
use super::opaque::{Fate, Opaque, Source};
use super::pattern;
use super::rename::{Binding, free_names, with_name};
use super::scope::{State, VarId};
use super::tail::float_tail;
use super::taken::Captured;
use crate::diagnostics::Site;
use crate::ir::{Inactive, Init, Op, OpKind, Part, Ty, Val};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use std::collections::HashSet;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprClosure, Local, Pat};

/// A closure with a name.
#[derive(Debug)]
pub struct Closure {
    /// What is inlined.
    pub lambda: Rc<Lambda>,
    /// What the user's own tokens call it.
    pub val: Val,
    /// Numbers and arrays that it captures.
    pub sources: Vec<Source>,
    /// Float variables that it assigns.
    pub writes: Vec<VarId>,
    /// It only decides something from the numbers that it is given and captures.
    pub decides: bool,
    /// What is to be emitted if the user's own tokens mention it.
    native: Option<Native>,
}

/// A closure as the user wrote it.
#[derive(Debug)]
struct Native {
    code: Inactive,
    errors: Vec<(Site, String)>,
    /// Closures that it mentions.
    closures: Vec<usize>,
    /// The operation that keeps its place.
    at: (usize, usize),
}

impl Lowerer<'_> {
    /// `let f = |…| …;`
    pub(super) fn closure_let(&mut self, local: &Local) -> bool {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            pat => (pat, None),
        };
        let (Pat::Ident(name), Some(init)) = (pat, &local.init) else { return false };
        if init.diverge.is_some() || name.by_ref.is_some() || name.subpat.is_some() {
            return false;
        }
        if let Some(closure) = self.closure_named(&init.expr) {
            self.scopes.declare(&name.ident, State::Closure(closure), name.mutability.is_some());
            return true;
        }
        let Some(closure) = closure_of(&init.expr) else { return false };
        if closure.asyncness.is_some() || closure.constness.is_some() {
            return false;
        }
        let Opaque { mut code, errors, closures, unseen, .. } =
            Opaque::expression(&self.scopes, &self.func.width, &init.expr, &Fate::Consumed);
        code.tokens = unseen.refused(&code.tokens);
        code.tokens = self.renamed(code.tokens);
        let new = self.bind_name(&name.ident, Binding::Value);
        let val = self.func.val(Ty::Other, Some(new.clone().unwrap_or_else(|| name.ident.clone())), name.ident.span());
        let ty = ty.map(|ty| quote!(: #ty));
        let pattern = quote!(#name #ty);
        code.pattern = Some(new.map_or(pattern.clone(), |new| with_name(pattern, &name.ident, &new)));
        code.pure = false;
        self.verbatim(TokenStream::new(), name.ident.span());
        let at = (self.regions.len() - 1, self.ops().len() - 1);
        let known = self.captures(closure);
        let native = Some(Native { code, errors, closures, at });
        self.scopes.closures.push(Closure { val, native, ..known });
        let state = State::Closure(self.scopes.closures.len() - 1);
        self.scopes.declare(&name.ident, state, name.mutability.is_some());
        true
    }

    /// What a closure captures, and what its names mean.
    pub(super) fn captures(&mut self, closure: &ExprClosure) -> Closure {
        let written = self.written_by(closure);
        let mut lambda = Lambda::anonymous(closure);
        let items = free_names(&lambda.inputs, &lambda.body).into_iter();
        let items: Vec<Ident> = items.filter(|name| self.scopes.find(&name.to_string()).is_none()).collect();
        self.keep_items(items);
        let parameters: HashSet<String> = lambda.inputs.iter().flat_map(bound).collect();
        let (mut sources, mut writes) = (Vec::new(), Vec::new());
        let scan = Scan::expr(&lambda.body);
        for name in mentioned(&closure.body.to_token_stream()) {
            if parameters.contains(&name) {
                continue;
            }
            let mut meaning = self.scopes.find(&name);
            if let (Some(id), Some(_)) = (meaning, &closure.capture) {
                let var = &self.scopes.vars[id];
                if matches!(var.state, State::Native) {
                    lambda.private.get_or_insert_with(|| var.name.clone());
                }
                meaning = Some(self.copied(id));
            }
            // A mutable reference that is lent to what the body calls.
            let lent = scan.called.contains(&name)
                && meaning.is_some_and(|id| matches!(self.scopes.vars[id].state, State::Alias(_)));
            for id in meaning.into_iter().flat_map(|id| self.scopes.leaves(self.behind(id))) {
                match &self.scopes.vars[id].state {
                    State::Float(val) => sources.push(Source::Val(*val)),
                    State::Part(part) | State::Element(part) => sources.push(Source::Place(part.place)),
                    State::Other { val, .. } => sources.extend(self.scopes.integers.get(val).into_iter().flatten()),
                    State::Native => sources.extend(self.scopes.changing_integers.get(&id).into_iter().flatten()),
                    State::Closure(other) => {
                        let other = &self.scopes.closures[*other];
                        sources.extend(other.sources.iter().copied());
                        writes.extend(other.writes.iter().copied());
                    }
                    _ => {}
                }
                let float = matches!(self.scopes.vars[id].state, State::Float(_) | State::Uninit);
                let aggregate = meaning != Some(id) && !scan.members.is_empty();
                if float && (lent || aggregate || scan.assigned.iter().any(|a| *a == name)) {
                    writes.push(id);
                }
            }
            let members = meaning.into_iter().flat_map(|id| self.scopes.members(id));
            lambda.meanings.extend(members.map(|id| (self.scopes.vars[id].name.to_string(), Some(id))));
            lambda.meanings.push((name, meaning));
        }
        lambda.effect = self.effect_of(&lambda.inputs, &lambda.body);
        if closure.capture.is_none() {
            lambda.captured = Captured::of(&mut self.scopes, &parameters, &lambda.body, &written);
        }
        let decides = self.decides(&lambda);
        Closure { lambda: Rc::new(lambda), val: Val(0), sources, writes, decides, native: None }
    }

    /// Whether no number that goes into a lambda is kept anywhere.
    fn decides(&mut self, lambda: &Lambda) -> bool {
        let depth = self.scopes.depth();
        self.scopes.push();
        for name in lambda.inputs.iter().flat_map(|pat| pattern::bindings(pat).unwrap_or_default()) {
            let val = self.func.val(Ty::Float, None, name.name.span());
            self.scopes.declare(&name.name, State::Float(val), false);
        }
        let body = Opaque::expression(&self.scopes, &self.func.width, &lambda.body, &Fate::Consumed);
        let decides = body.losses.is_empty() && body.errors.is_empty();
        self.scopes.pop_to(depth);
        decides
    }

    /// A variable as a `move` closure has it: a copy, if the original may change.
    fn copied(&mut self, id: VarId) -> VarId {
        let var = self.scopes.vars[id].clone();
        let state = match &var.state {
            State::Float(val) => State::Float(*val),
            State::Part(part) if var.mutable && !var.reference => {
                let dims = self.func.dims(part);
                State::Part(Part::whole(self.allocate(var.name.clone(), dims, Init::Copy(part.clone()))))
            }
            State::Aggregate(aggregate) => State::Aggregate(Rc::new(aggregate.map(|_, &id| self.copied(id)))),
            _ => return id,
        };
        self.scopes.hidden(var.name, state)
    }

    /// The user's own tokens mention a closure: it is emitted where it was written.
    pub(super) fn emit_closure(&mut self, closure: usize) {
        let mut waiting = vec![closure];
        while let Some(k) = waiting.pop() {
            let Some(native) = self.scopes.closures[k].native.take() else { continue };
            for (site, message) in native.errors {
                self.error(site, message);
            }
            let result = self.scopes.closures[k].val;
            let (region, op) = native.at;
            if let Some(op) = self.regions.get_mut(region).and_then(|ops| ops.get_mut(op)) {
                *op = Op { kind: OpKind::Inactive(native.code), results: vec![result], span: op.span };
            }
            waiting.extend(native.closures);
        }
    }

    /// The closure that an expression names.
    pub(super) fn closure_named(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::Path(p) => match self.scopes.state(&p.path.get_ident()?.to_string())? {
                State::Closure(closure) => Some(*closure),
                _ => None,
            },
            Expr::Paren(e) => self.closure_named(&e.expr),
            Expr::Group(e) => self.closure_named(&e.expr),
            Expr::Reference(e) => self.closure_named(&e.expr),
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => self.closure_named(&e.expr),
            _ => None,
        }
    }

    /// What a call can inline, and whether that captures numbers.
    fn inlinable(&self, func: &Expr) -> Option<(Rc<Lambda>, bool)> {
        if let Some(k) = self.closure_named(func) {
            let closure = &self.scopes.closures[k];
            return Some((Rc::clone(&closure.lambda), !closure.sources.is_empty() || !closure.writes.is_empty()));
        }
        match func {
            Expr::Paren(e) => match &*e.expr {
                Expr::Closure(closure) => Some((Rc::new(Lambda::anonymous(closure)), self.mentions_float(func))),
                inner => self.inlinable(inner),
            },
            Expr::Path(p) => {
                let name = p.path.get_ident()?.to_string();
                let function = self.items.functions.get(&name).filter(|_| self.scopes.find(&name).is_none())?;
                Some((Rc::clone(function), false))
            }
            _ => None,
        }
    }

    /// A call of a closure or of a function inside the function; `None` if it is a call of something else.
    pub(super) fn inlined_call(&mut self, call: &ExprCall, want: Want) -> Option<Value> {
        let (lambda, captures) = self.inlinable(&call.func)?;
        let number =
            |l: &Self, e: &Expr| l.mentions_float(e) || float_tail(e, &l.func.width) || l.closure_named(e).is_some();
        let numbers = captures || call.args.iter().any(|e| number(self, e));
        if !numbers
            || lambda.inputs.len() != call.args.len()
            || (want != Want::Nothing && lambda.opaque(&self.func.width))
        {
            return Some(Value::Opaque);
        }
        let writes = self.closure_named(&call.func).map(|k| self.scopes.closures[k].writes.clone()).unwrap_or_default();
        let before: Vec<State> = writes.iter().map(|&id| self.scopes.vars[id].state.clone()).collect();
        let losses = self.losses.len();
        // What is moved into a parameter ends with the body.
        let may_end = lambda.inputs.iter().zip(&call.args).any(|(pat, arg)| owns(arg, type_of(pat)));
        let inlined = |l: &mut Self| {
            let items = l.lent_arguments(&lambda, call);
            l.inline(&lambda, &items, Site::of(&call.func), want)
        };
        let value = if want == Want::Nothing {
            self.enclosed(may_end, call.span(), |l| drop(inlined(l)));
            Value::Opaque
        } else {
            self.enclosed(may_end, call.span(), inlined)
        };
        if matches!(value, Value::Opaque) && want == Want::Value {
            // Whoever needs it carries the call along.
            self.losses.truncate(losses);
            for (id, state) in writes.into_iter().zip(before) {
                self.scopes.vars[id].state = state;
            }
        }
        Some(value)
    }

    /// What a call can inline, if it has as many arguments.
    pub(super) fn called_lambda(&self, call: &ExprCall) -> Option<Rc<Lambda>> {
        let (lambda, _) = self.inlinable(&call.func)?;
        (lambda.inputs.len() == call.args.len()).then_some(lambda)
    }

    /// The arguments of such a call.
    pub(super) fn lent_arguments(&mut self, lambda: &Lambda, call: &ExprCall) -> Vec<Item> {
        self.in_order(lambda.inputs.iter().zip(&call.args), |l, (pat, arg)| l.lent(arg, pat))
    }

    /// A call as a statement; `false` if it is to be carried along.
    pub(super) fn call_statement(&mut self, call: &ExprCall) -> bool {
        let captures = self.inlinable(&call.func).is_some_and(|(_, captures)| captures);
        (captures || call.args.iter().any(|arg| self.lends(arg))) && self.inlined_call(call, Want::Nothing).is_some()
    }
}

fn bound(pat: &Pat) -> Vec<String> {
    pattern::bindings(pat).unwrap_or_default().iter().map(|b| b.name.to_string()).collect()
}
