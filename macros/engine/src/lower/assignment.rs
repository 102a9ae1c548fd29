//! Assignments: to variables, elements, whole arrays, tuples of these, and the methods that write an array.

use super::call::without_parentheses;
use super::expression::Value;
use super::opaque::{self, Fate, Loss};
use super::scope::{State, VarId};
use super::subject::again;
use super::{Declaration, Guess, Lowerer, received};
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Init, OpKind, Part, Storage, Val};
use crate::rules::{Prim, derivative as table};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, UnOp, parse_quote};

impl Lowerer<'_> {
    pub(super) fn assign(&mut self, left: &Expr, right: &Expr, whole: &Expr) {
        if self.assigns_bounds(left, right) {
            return;
        }
        if let Some(name) = self.fixed_alias(left) {
            self.note_rebound(left);
            return self.error(Site::of(left), message::rebound_reference(name));
        }
        if self.assigns_data(left, right, &TokenStream::new()) {
            return;
        }
        match self.target(left) {
            Target::Var(id) => {
                let (first_new, name) = (self.func.vals.len(), self.scopes.vars[id].name.clone());
                let value = match self.expr(right) {
                    Value::Opaque if self.undeclared.contains_key(&id) => self.learned_array(&name, None, right),
                    value => value,
                };
                match value {
                    Value::Float(val) => {
                        self.undeclared.remove(&id);
                        self.name_value(val, first_new, &name);
                        self.claim_assigned(id, val);
                        self.scopes.vars[id].state = State::Float(val);
                    }
                    Value::Opaque if self.undeclared.contains_key(&id) => {
                        self.declare_native(id);
                        self.stored(left, whole);
                    }
                    Value::Opaque => {
                        let val = self.typed_template(right);
                        self.scopes.vars[id].state = State::Float(val);
                    }
                    Value::Part { part, reference } if self.undeclared.contains_key(&id) => {
                        if !self.may_copy(&part, reference, right) {
                            return self.error(Site::of(right), message::rebound_reference(left.to_token_stream()));
                        }
                        match self.declare_array(id, &part, reference) {
                            Some(to) => self.push(OpKind::Copy(to, part), right.span()),
                            None => self.error(Site::of(right), message::array_of_unknown()),
                        }
                    }
                    _ => self.error(Site::of(right), message::not_a_float()),
                }
            }
            Target::Array(part) => self.assign_array(part, right),
            Target::Index(base, index) => {
                let dims = self.func.dims(&base);
                let mut value = match dims.get(index.len()..) {
                    Some(row @ [_, ..]) => self.array_assigned(&base, row, right),
                    _ => self.expr(right),
                };
                // The right side comes first, also where no derivative flows through it.
                if self.rank(&base) == index.len() {
                    value = Value::Float(match value {
                        Value::Opaque => self.typed_template(right),
                        value => self.float_value(value, right),
                    });
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
            Target::Aggregate(id) if self.scopes.option_named(left).is_some() => {
                let name = self.scopes.vars[id].name.clone();
                self.assign_option(id, &name, right);
            }
            Target::Aggregate(id) => match self.expr_assigned(left, right) {
                Value::Opaque => self.assign_opaque(id, right),
                value => self.assign_variable(id, value, right),
            },
            Target::Tuple(targets) if received::is_call(right) && self.assign_received(&targets, right) => {}
            Target::Tuple(_) => match self.expr(right) {
                Value::Opaque => {
                    self.opaque_statement(whole, &Fate::Lost(Site::of(right), message::lost_in_assignment()));
                }
                value => self.assign_to(left, value, right),
            },
            Target::Field => {
                let value = match self.expr_assigned(left, right) {
                    Value::Opaque => Value::Float(self.typed_template(right)),
                    value => value,
                };
                match self.place_of(left) {
                    Some(part) => self.write_field(part, value, right),
                    None => self.error(Site::of(left), message::lost_in_assignment()),
                }
            }
            Target::Opaque => {
                self.stored(left, whole);
            }
        }
    }

    /// `(a, b) = f(x);` for a call that returns what the variables are. `false` if that is not visible.
    fn assign_received(&mut self, targets: &[Expr], right: &Expr) -> bool {
        let (mut names, mut types) = (Vec::new(), Vec::new());
        for target in targets {
            let float = self.float_name();
            names.push(self.unused_name("given"));
            types.push(match self.target(target) {
                Target::Var(id) if !self.undeclared.contains_key(&id) => quote!(#float),
                Target::Element(_) => quote!(#float),
                Target::Index(base, index) if self.rank(&base) == index.len() => quote!(#float),
                Target::Array(part) if self.func.fixed(&part) => {
                    self.func.dims(&part).iter().rev().fold(quote!(#float), |inner, dim| match dim {
                        Dim::Fixed(len) => quote!([#inner; #len]),
                        _ => quote!([#inner; _]),
                    })
                }
                _ => return false,
            });
        }
        self.statement(&parse_quote!(let (#(#names),*): (#(#types),*) = #right;));
        for (target, name) in targets.iter().zip(&names) {
            self.expression_statement(&parse_quote!(#target = #name));
        }
        true
    }

    /// Something is assigned to what the engine does not follow.
    fn stored(&mut self, left: &Expr, whole: &Expr) {
        let before = self.losses.len();
        let rank = self.rank_assigned(whole);
        self.opaque_statement(whole, &opaque::stored(left, &self.func.width));
        if let Some((name, indices)) = indexed(left)
            && let Some(id) = self.scopes.find(&name.to_string())
        {
            let declared = declaration(&self.scopes.vars[id].name);
            let rank = indices + rank;
            let guess = |loss: &Loss| Guess { source: loss.source, declared: declared.clone(), rank };
            self.guesses.extend(self.losses[before..].iter().map(guess));
        }
    }

    /// How many dimensions what is assigned visibly has.
    fn rank_assigned(&mut self, whole: &Expr) -> usize {
        let Expr::Assign(e) = whole else { return 0 };
        if !matches!(&*e.right, Expr::Array(_) | Expr::Repeat(_) | Expr::Path(_)) {
            return 0;
        }
        self.trial(|l| match l.expr(&e.right) {
            Value::Part { part, .. } => l.rank(&part),
            _ => 0,
        })
    }

    /// `target = value`, where the value was found before.
    fn assign_to(&mut self, target: &Expr, value: Value, right: &Expr) {
        match (self.target(target), value) {
            (Target::Tuple(targets), Value::Aggregate(values)) if targets.len() == values.members.len() => {
                for (target, (_, value)) in targets.iter().zip(values.members) {
                    self.assign_to(target, value, right);
                }
            }
            (Target::Tuple(_), _) => self.error(Site::of(right), message::unsupported("an assignment like this")),
            (Target::Var(id) | Target::Aggregate(id), value) => self.assign_variable(id, value, right),
            (Target::Array(part), value) => self.assign_value(part, value, right),
            (Target::Index(base, index), value) => {
                let part = self.element(&base, &index);
                if self.rank(&part) > 0 {
                    return self.assign_value(part, value, right);
                }
                let val = self.float_value(value, right);
                self.push(OpKind::Store(part, val), target.span());
            }
            (Target::Element(part), value) => {
                let val = self.float_value(value, right);
                self.push(OpKind::Store(part, val), target.span());
            }
            (Target::Field, value) => match self.place_of(target) {
                Some(part) => self.write_field(part, value, right),
                None => self.error(Site::of(target), message::lost_in_assignment()),
            },
            (Target::Opaque, Value::Inactive(val)) => self.assign_inactive(target, val),
            (Target::Opaque, _) if matches!(target, Expr::Infer(_)) => {}
            (Target::Opaque, _) => self.error(Site::of(target), message::lost_in_assignment()),
        }
    }

    pub(super) fn assign_array(&mut self, to: Part, right: &Expr) {
        if let (Expr::Repeat(r), 1) = (right, self.rank(&to))
            && let Value::Float(val) = self.expr(&r.expr)
        {
            return self.push(OpKind::Fill(to, val), right.span());
        }
        let dims = self.func.dims(&to);
        let value = self.array_assigned(&to, &dims, right);
        self.assign_value(to, value, right);
    }

    /// What is assigned to an array, or a part of one: of data the emitted code says that they are an array like that.
    fn array_assigned(&mut self, base: &Part, dims: &[Dim], right: &Expr) -> Value {
        match self.expr_with(right, dims) {
            Value::Opaque if Dim::all_fixed(dims) && !self.func.holds_structs(base) && !self.mentions_float(right) => {
                Value::Part { part: self.array_of_data(dims.to_vec(), right), reference: false }
            }
            value => value,
        }
    }

    pub(super) fn assign_value(&mut self, to: Part, value: Value, right: &Expr) {
        match value {
            Value::Part { part, .. } => self.copy(to, part, right.span()),
            _ => self.error(Site::of(right), message::array_of_unknown()),
        }
    }

    /// `x += …` and its kin: for primitive floats the right side is evaluated first. For a type parameter the operator is a
    /// call, which takes the place first.
    pub(super) fn compound(&mut self, op: &BinOp, left: &Expr, right: &Expr, whole: &Expr) {
        if self.assigns_data(left, right, &operator(op)) {
            return;
        }
        let target = self.target(left);
        if matches!(target, Target::Opaque | Target::Tuple(_) | Target::Array(_) | Target::Aggregate(_)) {
            return self.stored(left, whole);
        }
        let Some(prim) = compound_prim(op) else {
            return self.error(op.span(), message::unsupported("this operator"));
        };
        let place = match &target {
            Target::Index(base, index) if self.func.width.is_generic() => Some(self.element(base, index)),
            Target::Field if self.func.width.is_generic() => self.place_of(left),
            _ => None,
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
                let part = place.unwrap_or_else(|| self.element(&base, &index));
                self.update(prim, part, r, span);
            }
            Target::Element(part) => self.update(prim, part, r, span),
            Target::Field => match place.or_else(|| self.place_of(left)) {
                Some(part) => self.update(prim, part, r, span),
                None => self.error(Site::of(left), message::lost_in_assignment()),
            },
            _ => {}
        }
    }

    pub(super) fn update(&mut self, prim: Prim, part: Part, r: Val, span: Span) {
        if self.rank(&part) > 0 {
            return self.error(span, message::not_a_float());
        }
        let old = self.load(part.clone(), span);
        let val = self.prim(prim, vec![old, r], span);
        self.push(OpKind::Store(part, val), span);
    }

    pub(super) fn target(&self, left: &Expr) -> Target {
        if let Some(part) = self.scopes.struct_behind(left)
            && self.writable(&part)
        {
            return Target::Field;
        }
        match left {
            Expr::Paren(e) => self.target(&e.expr),
            Expr::Path(_) | Expr::Field(_) => {
                let Some(id) = self.scopes.variable(left) else { return Target::Opaque };
                match &self.scopes.vars[id].state {
                    State::Float(_) | State::Uninit => Target::Var(id),
                    State::Aggregate(_) => Target::Aggregate(id),
                    State::Part(part) if self.writable(part) => Target::Array(part.clone()),
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
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => {
                match self.scopes.variable(&e.expr).map(|id| &self.scopes.vars[id].state) {
                    Some(State::Element(part)) => Target::Element(part.clone()),
                    Some(State::Alias(id)) => Target::Var(*id),
                    Some(State::Part(part)) if self.writable(part) => Target::Array(part.clone()),
                    _ => match element_behind(&e.expr) {
                        Some(element) => self.target(&element),
                        None => Target::Opaque,
                    },
                }
            }
            Expr::MethodCall(_) => element_behind(left).map_or(Target::Opaque, |element| self.target(&element)),
            Expr::Tuple(t) => Target::Tuple(t.elems.iter().cloned().collect()),
            _ => Target::Opaque,
        }
    }

    /// The name of what is assigned, if it stands for the same array as long as it lives.
    pub(super) fn fixed_alias(&self, left: &Expr) -> Option<String> {
        match left {
            Expr::Paren(e) => self.fixed_alias(&e.expr),
            Expr::Path(_) | Expr::Field(_) => {
                let var = &self.scopes.vars[self.scopes.variable(left)?];
                if matches!(var.state, State::Alias(_) | State::Element(_)) {
                    return Some(left.to_token_stream().to_string());
                }
                let State::Part(part) = &var.state else { return None };
                let given = self.func.place_info(part.place).storage == Storage::Param;
                (var.reference || given).then(|| left.to_token_stream().to_string().replace(' ', ""))
            }
            _ => None,
        }
    }

    /// Whether the function may write an array.
    pub(super) fn writable(&self, part: &Part) -> bool {
        matches!(self.func.place_info(part.place).storage, Storage::Local | Storage::InOut)
    }

    /// The array that a name stands for.
    pub(super) fn base(&self, expr: &Expr) -> Option<Part> {
        match expr {
            Expr::Path(_) | Expr::Field(_) => match &self.scopes.vars[self.scopes.variable(expr)?].state {
                State::Part(part) => Some(part.clone()),
                _ => None,
            },
            Expr::Paren(e) => self.base(&e.expr),
            _ => None,
        }
    }

    pub(super) fn element(&mut self, base: &Part, index: &[Expr]) -> Part {
        let mut part = base.clone();
        for expr in index {
            if let (Expr::Range(range), true) = (without_parentheses(expr), self.rank(&part) > 0) {
                part = self.range_of(&part, range);
                continue;
            }
            let val = self.index_of_element(expr);
            if self.rank(&part) == 0 {
                self.error(Site::of(expr), message::not_a_float());
                return part;
            }
            part = part.at(val);
        }
        part
    }

    /// Methods that write a whole array.
    pub(super) fn array_method(&mut self, call: &syn::ExprMethodCall) -> bool {
        let known = ["fill", "copy_from_slice", "clone_from_slice", "swap"];
        if !known.iter().any(|name| call.method == name) {
            return false;
        }
        let mark = self.ops().len();
        let Some(part) = self.array_part(&call.receiver) else {
            self.ops().truncate(mark);
            return false;
        };
        if !self.writable(&part) {
            return false;
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let span = call.method.span();
        match (call.method.to_string().as_str(), args.as_slice()) {
            ("fill", [value]) if self.rank(&part) == 1 => {
                let val = self.float(value);
                self.push(OpKind::Fill(part, val), span);
            }
            ("copy_from_slice" | "clone_from_slice", [source]) => {
                let list = if let Expr::Reference(e) = source { &*e.expr } else { *source };
                let Some(from) = self.array_in(list) else { return false };
                self.push(OpKind::Copy(part, from), span);
            }
            ("swap", [i, j]) => {
                let (i, j) = (self.index(i), self.index(j));
                if self.rank(&part) > 1 || self.func.holds_structs(&part) {
                    return self.swap_rows(&part.at(i), &part.at(j), span);
                }
                let a = self.load(part.at(i), span);
                let b = self.load(part.at(j), span);
                self.push(OpKind::Store(part.at(i), b), span);
                self.push(OpKind::Store(part.at(j), a), span);
            }
            _ => return false,
        }
        true
    }
}

impl Lowerer<'_> {
    fn swap_rows(&mut self, a: &Part, b: &Part, span: Span) -> bool {
        let dims = self.func.dims(a);
        let kept = self.allocate(Ident::new("row", span), dims, Init::Copy(a.clone()));
        self.push(OpKind::Copy(a.clone(), b.clone()), span);
        self.push(OpKind::Copy(b.clone(), Part::whole(kept)), span);
        true
    }
}

/// What an assignment goes to.
pub(super) enum Target {
    Var(VarId),
    Array(Part),
    Index(Part, Vec<Expr>),
    Element(Part),
    Tuple(Vec<Expr>),
    Aggregate(VarId),
    /// A field of a struct, or a struct in an array.
    Field,
    Opaque,
}

/// A declaration, as something that is the same when the function is lowered once more.
pub(super) fn declaration(name: &Ident) -> Declaration {
    format!("{name} {:?}", name.span())
}

/// A variable, and how many indices select what is assigned of it.
fn indexed(left: &Expr) -> Option<(&Ident, usize)> {
    match left {
        Expr::Paren(e) => indexed(&e.expr),
        Expr::Path(p) => Some((p.path.get_ident()?, 0)),
        // Tuples are indices of types of other crates.
        Expr::Index(e)
            if !matches!(without_parentheses(&e.index), Expr::Range(_) | Expr::Tuple(_) | Expr::Array(_)) =>
        {
            indexed(&e.expr).map(|(name, indices)| (name, indices + 1))
        }
        _ => None,
    }
}

/// The element that a reference refers to which is taken out of an `Option`: `v[v.len() - 1]` of `v.last_mut().unwrap()`.
/// What is not there panics either way.
fn element_behind(expr: &Expr) -> Option<Expr> {
    let Expr::MethodCall(taken) = without_parentheses(expr) else { return None };
    let Expr::MethodCall(call) = &*taken.receiver else { return None };
    let array = &call.receiver;
    if !matches!(&*taken.method.to_string(), "unwrap" | "expect") || !again(array) {
        return None;
    }
    match (call.method.to_string().as_str(), call.args.first()) {
        ("last_mut", None) => Some(parse_quote!(#array[#array.len() - 1])),
        ("first_mut", None) => Some(parse_quote!(#array[0])),
        ("get_mut", Some(index)) => Some(parse_quote!(#array[#index])),
        _ => None,
    }
}

/// `+` of `+=`.
fn operator(op: &BinOp) -> TokenStream {
    let text = op.to_token_stream().to_string();
    text.trim_end_matches('=').parse().unwrap_or_default()
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
