//! Expressions. Each is a float, an array or a part of one, or opaque: not lowered, to be carried as a template by
//! whoever needs its value. Operands are evaluated in Rust's order.

use super::aggregate::Aggregate;
use super::call::without_parentheses;
use super::exits::Scan;
use super::opaque::{Fate, Opaque};
use super::scope::{State, VarId};
use super::syntax::path_text;
use super::tail::{float_tail, other_tail};
use super::{Lowerer, associated, called, pattern, received};
use crate::diagnostics::{Site, message};
use crate::ir::{Field, Member, OpKind, Part, Step, Ty, Val};
use crate::rules::{Prim, derivative as table, library};
use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, ExprMethodCall, Lit, UnOp};

/// The name of an array that no `let` has named yet.
pub(super) const UNNAMED: &str = "array";

/// What an expression is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A float.
    Float(Val),
    /// An array or a part of one; `reference` if the expression is a reference to it.
    Part { part: Part, reference: bool },
    /// A tuple or a struct.
    Aggregate(Aggregate<Value>),
    /// A member of one that is not followed, evaluated where it stood.
    Inactive(Val),
    /// Not lowered.
    Opaque,
}

impl Lowerer<'_> {
    /// Lowers an expression, or finds that it is opaque and leaves it alone: what its parts became does not stay.
    pub(super) fn expr(&mut self, expr: &Expr) -> Value {
        let (mark, losses) = (self.ops().len(), self.losses.len());
        let value = self.parts(expr);
        if matches!(value, Value::Opaque) {
            self.ops().truncate(mark);
            self.losses.truncate(losses);
        }
        value
    }

    fn parts(&mut self, expr: &Expr) -> Value {
        if let Some((x, prims)) = associated::sin_cos(expr, &self.func.width) {
            return self.sin_cos(x, prims, expr.span());
        }
        if let Some(value) = self.converted(expr) {
            return value;
        }
        match expr {
            Expr::Lit(e) => self.literal(&e.lit),
            Expr::Path(p) if p.qself.is_none() => self.path(&p.path, expr),
            Expr::Paren(e) => self.expr(&e.expr),
            Expr::Group(e) => self.expr(&e.expr),
            Expr::Reference(e) => match self.value_of(&e.expr) {
                Value::Float(val) if e.mutability.is_none() => Value::Float(val),
                Value::Part { part, .. } if !self.func.is_number(&part) => {
                    // What is behind a reference to a reference may be another one later.
                    if let (Some(name), Some(_)) = (self.fixed_alias(&e.expr), e.mutability) {
                        self.error(Site::of(expr), message::borrowed_reference(name));
                    }
                    Value::Part { part, reference: true }
                }
                Value::Aggregate(a) if e.mutability.is_none() => Value::Aggregate(Aggregate { reference: true, ..a }),
                _ => Value::Opaque,
            },
            Expr::Unary(e) => match (&e.op, self.expr(&e.expr)) {
                (UnOp::Deref(_), Value::Part { part, .. }) if self.func.is_number(&part) => {
                    Value::Float(self.load(part, expr.span()))
                }
                (UnOp::Deref(_), Value::Part { part, .. }) => Value::Part { part, reference: false },
                (UnOp::Deref(_), Value::Aggregate(a)) => Value::Aggregate(Aggregate { reference: false, ..a }),
                (UnOp::Deref(_), value) => value,
                (UnOp::Neg(_), Value::Float(val)) => Value::Float(self.prim(&table::NEG, vec![val], e.op.span())),
                _ => Value::Opaque,
            },
            Expr::Binary(_) => self.binary(expr),
            Expr::Cast(e) => {
                if !self.func.width.is(&e.ty.to_token_stream().to_string()) {
                    return Value::Opaque;
                }
                if self.mentions_float(&e.expr)
                    && let Value::Float(val) = self.expr(&e.expr)
                    // A field that is cast is an integer.
                    && !self.is_field(val)
                {
                    self.unconverted.push(val);
                    return Value::Float(val);
                }
                let val = self.float_template(expr);
                self.claim_named(val, &e.ty.to_token_stream().to_string());
                Value::Float(val)
            }
            Expr::MethodCall(_) | Expr::Call(_) if associated::is_constant(expr, &self.func.width) => {
                let val = self.float_template(expr);
                let of = associated::type_of_constant(expr);
                self.claim_named(val, &of.unwrap_or_default());
                Value::Float(val)
            }
            Expr::MethodCall(e) => self.method_call(e, expr),
            Expr::Call(e) => self.call(e, expr),
            Expr::Index(e) if let Some(cursor) = self.cursor_of(&e.expr) => {
                self.element_by_index(&cursor, &e.index, expr.span())
            }
            Expr::Index(e) => match self.elements_in(&e.expr) {
                Some(part) => {
                    if let Expr::Range(range) = without_parentheses(&e.index) {
                        let part = self.range_of(&part, range);
                        return Value::Part { part, reference: false };
                    }
                    let index = self.index_of_element(&e.index);
                    let part = part.at(index);
                    if self.func.is_number(&part) {
                        let val = self.load(part, expr.span());
                        self.indexed.insert(val);
                        Value::Float(val)
                    } else {
                        Value::Part { part, reference: false }
                    }
                }
                None => Value::Opaque,
            },
            Expr::If(e) if !pattern::contains_let(&e.cond) && e.else_branch.is_some() => self.if_value(e, expr),
            e if Self::is_match(e) => self.match_value(e),
            Expr::Loop(_) | Expr::Block(syn::ExprBlock { label: Some(_), .. }) => self.late_value(expr),
            Expr::Block(e) if e.label.is_none() && Scan::block(&e.block).exits.is_empty() => {
                let float = self.mentions_float(expr) || float_tail(expr, &self.func.width);
                if float { self.block_value(&e.block) } else { Value::Opaque }
            }
            Expr::Array(e) => self.array(&e.elems.iter().collect::<Vec<_>>(), expr.span()),
            Expr::Repeat(e) => self.repeat(e),
            Expr::Macro(e) if e.mac.path.is_ident(super::fallible::TRY) => match e.mac.parse_body::<Expr>() {
                Ok(inner) => match self.attempt(|l| l.there_or_leave(&inner)) {
                    Some(value) => value,
                    None => self.fallible_call(&inner, quote!(?)),
                },
                Err(_) => Value::Opaque,
            },
            Expr::Macro(e) => self.vec_macro(&e.mac),
            Expr::Tuple(e) => self.tuple(e),
            Expr::Struct(e) => self.struct_literal(e),
            Expr::Field(_) => self.field(expr),
            _ => Value::Opaque,
        }
    }

    /// An expression that is an array, or a field that is used as one.
    pub(super) fn array_in(&mut self, expr: &Expr) -> Option<Part> {
        self.array_or_reference(expr).map(|(part, _)| part)
    }

    /// An array that is indexed: a struct that is, is one of numbers.
    fn elements_in(&mut self, expr: &Expr) -> Option<Part> {
        let mark = self.ops().len();
        match self.place_of(expr) {
            Some(part) if self.func.is_struct(&part) => {
                Some(part.then(Step::Field(Field { member: Member::Elements, rank: 1, record: false })))
            }
            _ => {
                // What indices were evaluated is evaluated again.
                self.ops().truncate(mark);
                self.array_in(expr)
            }
        }
    }

    /// The same, and whether it is a reference to one.
    pub(super) fn array_or_reference(&mut self, expr: &Expr) -> Option<(Part, bool)> {
        let value = if received::is_call(expr) { self.expr_indexed(expr) } else { self.value_of(expr) };
        match value {
            Value::Part { part, reference } if self.rank(&part) > 0 => Some((part, reference)),
            value => self.array_field(&value).map(|part| (part, false)),
        }
    }

    fn literal(&mut self, lit: &Lit) -> Value {
        // `0f64` is an integer to the tokenizer.
        if let Lit::Int(int) = lit
            && self.func.width.is(int.suffix())
            && let Ok(value) = int.base10_digits().parse::<f64>()
        {
            let val = self.define(OpKind::Const(value, Some(int.token())), Ty::Float, int.span());
            self.claim_named(val, int.suffix());
            return Value::Float(val);
        }
        let Lit::Float(lit) = lit else { return Value::Opaque };
        let ours =
            if lit.suffix().is_empty() { !self.func.width.is_generic() } else { self.func.width.is(lit.suffix()) };
        if !ours {
            return Value::Opaque;
        }
        let Ok(value) = lit.base10_digits().parse::<f64>() else { return Value::Opaque };
        let kind = OpKind::Const(value, Some(lit.token()));
        let val = self.define(kind, Ty::Float, lit.span());
        self.claim_named(val, lit.suffix());
        Value::Float(val)
    }

    fn path(&mut self, path: &syn::Path, expr: &Expr) -> Value {
        let Some(ident) = path.get_ident() else {
            let text = path_text(path);
            let constant = text.contains("consts::") || text.rsplit("::").next().is_some_and(|s| s == s.to_uppercase());
            let ours = text.split("::").any(|s| self.func.width.is(s));
            if !(constant && ours) {
                return Value::Opaque;
            }
            let val = self.float_template(expr);
            let name = text.split("::").find(|s| self.func.width.is(s)).unwrap_or_default();
            self.claim_named(val, name);
            return Value::Float(val);
        };
        match self.scopes.find(&ident.to_string()) {
            Some(id) => self.variable_value(id, ident.span()),
            None => Value::Opaque,
        }
    }

    /// What a variable is now.
    pub(super) fn variable_value(&mut self, id: VarId, span: Span) -> Value {
        let var = &self.scopes.vars[id];
        match &var.state {
            State::Float(val) => {
                if let (Some(field), true) = (&var.field, var.mutable) {
                    self.scopes.records.began_as(*val, field.clone());
                }
                Value::Float(*val)
            }
            State::Part(part) => Value::Part { part: part.clone(), reference: var.reference },
            State::Element(part) => {
                let part = part.clone();
                Value::Float(self.load(part, span))
            }
            State::Alias(id) => match self.scopes.vars[*id].state {
                State::Float(val) => Value::Float(val),
                _ => Value::Opaque,
            },
            State::Uninit => {
                let message = message::uninitialised(&var.name);
                self.error(span, message);
                Value::Float(self.poison(span))
            }
            State::Aggregate(aggregate) => {
                let aggregate = aggregate.clone();
                self.aggregate_value(&aggregate, span)
            }
            _ => Value::Opaque,
        }
    }

    /// A chain of `+ - * / %`, from the left, without recursion along it.
    fn binary(&mut self, expr: &Expr) -> Value {
        let mut spine = Vec::new();
        let mut current = expr;
        while let Expr::Binary(e) = current
            && let Some(prim) = arithmetic(&e.op)
        {
            spine.push((current, prim, e));
            current = &e.left;
        }
        if spine.is_empty() {
            return Value::Opaque;
        }
        let mut prefix = current;
        let mut mark = self.ops().len();
        let mut value = self.expr(current);
        for (whole, prim, e) in spine.into_iter().rev() {
            let middle = self.ops().len();
            let right = self.expr(&e.right);
            value = match (value, right) {
                (Value::Opaque, Value::Opaque) => Value::Opaque,
                // What is computed with integers is one.
                (Value::Float(val), Value::Opaque) if self.is_field(val) && is_integer(&e.right) => Value::Opaque,
                (Value::Opaque, Value::Float(val)) if self.is_field(val) && is_integer(prefix) => Value::Opaque,
                (Value::Opaque, right @ Value::Float(_)) => {
                    let later = self.ops().split_off(middle.max(mark));
                    let left = self.float_template(prefix);
                    self.ops().extend(later);
                    self.arithmetic(prim, left, right, e)
                }
                (left, right) if self.is_struct_by_itself(&left) || self.is_struct_by_itself(&right) => {
                    self.error(e.op.span(), message::operator_of_structs(e.op.to_token_stream()));
                    // It is of the same type as often as not.
                    if self.is_struct_by_itself(&left) { left } else { right }
                }
                (left, right) => {
                    let left = self.float_value(left, prefix);
                    self.arithmetic(prim, left, right, e)
                }
            };
            prefix = whole;
            mark = middle;
        }
        value
    }

    /// Whether a value is a struct, whose operators are functions of the user's.
    fn is_struct_by_itself(&self, value: &Value) -> bool {
        matches!(value, Value::Aggregate(a) if a.path.is_some() && !a.is_option()) || self.is_struct_value(value)
    }

    fn arithmetic(&mut self, prim: Prim, left: Val, right: Value, e: &syn::ExprBinary) -> Value {
        let right = self.float_value(right, &e.right);
        Value::Float(self.prim(prim, vec![left, right], e.op.span()))
    }

    fn method_call(&mut self, call: &ExprMethodCall, expr: &Expr) -> Value {
        if let Some(value) = self.consumer(call) {
            return value;
        }
        let name = call.method.to_string();
        if matches!(name.as_str(), "clone" | "to_owned") && call.args.is_empty() && self.mentions_float(&call.receiver)
        {
            let value = match self.expr(&call.receiver) {
                Value::Part { part, .. } => Value::Part { part, reference: false },
                Value::Aggregate(a) => Value::Aggregate(Aggregate { reference: false, ..a }),
                value => value,
            };
            return self.as_it_is(value);
        }
        if let Some(value) = self.sibling(call) {
            return value;
        }
        let own = self.has_own_methods(&call.receiver);
        let prim = associated::method(&name, &self.func.width).filter(|prim| prim.arity == call.args.len() + 1);
        let of_struct = || self.scopes.struct_named(&call.receiver);
        let Some(prim) = prim.filter(|_| !own && !of_struct()) else {
            let taken = |l: &mut Self| l.taken_out(call).or_else(|| l.attempt(|l| l.taken_from_vec(call)));
            return match self.array_value(call).or_else(|| taken(self)) {
                Some(value) => value,
                None => self.method_with_companions(call),
            };
        };
        let operands: Vec<&Expr> = std::iter::once(&*call.receiver).chain(&call.args).collect();
        self.primitive(prim, &operands, expr)
    }

    /// Whether an expression is data, whose methods are no float's.
    fn has_own_methods(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = expr else { return false };
        let Some(name) = path.path.get_ident() else { return false };
        if name == "self" {
            return self.this.as_ref().is_none_or(|dims| !dims.is_empty());
        }
        self.scopes.find(&name.to_string()).is_some_and(|id| self.scopes.vars[id].data)
    }

    /// `x.sin_cos()`
    fn sin_cos(&mut self, x: &Expr, [sin, cos]: [Prim; 2], span: Span) -> Value {
        let Value::Float(x) = self.expr(x) else { return Value::Opaque };
        let mut member = |k: usize, prim| (syn::Member::from(k), Value::Float(self.prim(prim, vec![x], span)));
        let members = vec![member(0, sin), member(1, cos)];
        Value::Aggregate(Aggregate { path: None, reference: false, members })
    }

    /// A primitive of the table, if one of its operands is a float.
    pub(super) fn primitive(&mut self, prim: Prim, operands: &[&Expr], expr: &Expr) -> Value {
        let integer_exponent = library::has_integer_exponent(prim);
        let mut values: Vec<(usize, Value)> = Vec::new();
        for (k, operand) in operands.iter().enumerate() {
            let at = self.ops().len();
            let value = if integer_exponent && k == 1 { Value::Opaque } else { self.expr(operand) };
            values.push((at, value));
        }
        if !values.iter().any(|(_, v)| matches!(v, Value::Float(_))) {
            return Value::Opaque;
        }
        let args = self.floats_in_order(operands, values, |l, k| {
            if integer_exponent && k == 1 {
                let lost = Fate::Lost(Site::of(operands[k]), message::lost_in_cast("i32"));
                l.template(operands[k], Ty::Other, &lost)
            } else if k == 0 && matches!(expr, Expr::MethodCall(_)) {
                l.number_template(operands[k])
            } else {
                l.float_template(operands[k])
            }
        });
        Value::Float(self.prim(prim, args, expr.span()))
    }

    fn if_value(&mut self, e: &syn::ExprIf, expr: &Expr) -> Value {
        if let Some((span, message)) = Scan::expr(expr).in_expression() {
            self.error(span, message);
            return Value::Float(self.poison(span));
        }
        // A condition on floats decides between integers as well.
        if other_tail(expr, &self.func.width) || !(float_tail(expr, &self.func.width) || self.branches_mention_float(e))
        {
            return Value::Opaque;
        }
        self.plain_if(e, true)
    }

    fn match_value(&mut self, expr: &Expr) -> Value {
        if let Some((span, message)) = Scan::expr(expr).in_expression() {
            self.error(span, message);
            return Value::Float(self.poison(span));
        }
        let float = |e: &Expr| float_tail(e, &self.func.width) || self.mentions_float(e);
        let arms = match expr {
            // What a pattern takes out of an array is a number, or some of them.
            Expr::Match(e) => {
                e.arms.iter().any(|arm| float(&arm.body) || pattern::takes_elements(&arm.pat, &arm.body))
                    || (called::is_number_taken(e) && self.is_called(&e.expr))
                    || e.arms.iter().any(|arm| self.takes_number(&e.expr, &arm.pat, &arm.body))
            }
            Expr::If(e) => {
                e.else_branch.is_some() && (float_tail(expr, &self.func.width) || self.branches_mention_float(e))
            }
            _ => false,
        };
        if other_tail(expr, &self.func.width) || !arms || !self.mentions_float(expr) {
            return Value::Opaque;
        }
        match self.as_if(expr) {
            Expr::If(e) => self.plain_if(&e, true),
            Expr::Block(e) => self.block_value(&e.block),
            _ => Value::Opaque,
        }
    }

    /// Whether a branch names a float, its conditions left aside.
    fn branches_mention_float(&self, e: &syn::ExprIf) -> bool {
        let block = |b: &syn::Block| {
            let block = syn::ExprBlock { attrs: Vec::new(), label: None, block: b.clone() };
            self.mentions_float(&Expr::Block(block))
        };
        block(&e.then_branch)
            || match e.else_branch.as_ref().map(|(_, other)| &**other) {
                Some(Expr::If(inner)) => self.branches_mention_float(inner),
                Some(other) => self.mentions_float(other),
                None => false,
            }
    }

    /// Whether an expression names a float or an array that the engine follows.
    pub(super) fn mentions_float(&self, expr: &Expr) -> bool {
        let Opaque { code, closures, arrays, .. } =
            Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed);
        let float = |v: &Val| self.func.info(*v).ty == Ty::Float;
        arrays
            || code.reads.iter().any(|(_, v)| float(v))
            || closures.iter().any(|&k| !self.scopes.closures[k].sources.is_empty())
    }
}

fn is_integer(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(syn::ExprLit { lit: Lit::Int(_), .. }))
}

pub(super) fn arithmetic(op: &BinOp) -> Option<Prim> {
    Some(match op {
        BinOp::Add(_) => &table::ADD,
        BinOp::Sub(_) => &table::SUB,
        BinOp::Mul(_) => &table::MUL,
        BinOp::Div(_) => &table::DIV,
        BinOp::Rem(_) => &table::REM,
        _ => return None,
    })
}
