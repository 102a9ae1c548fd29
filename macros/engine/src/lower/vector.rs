//! Local `Vec`s of floats: `vec![…]`, `Vec::new()` with `push`, copies of slices. A `Vec` is a place whose first dimension
//! is known at run time; one whose length changes is *growing*.
//!
//! Of `Vec::new()` without a type it is not known whether its elements are floats until something is pushed. Until then it
//! is taken for one of floats; if it turns out otherwise, its declaration is emitted as it was written.

use super::Lowerer;
use super::expression::{UNNAMED, Value};
use super::scope::{State, VarId};
use super::syntax::path_of;
use super::types;
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Inactive, Init, Op, OpKind, Part, PlaceId, Storage, Val};
use proc_macro2::Ident;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMethodCall, Local, PatIdent, Token, Type};

/// What stands in `vec![…]`.
enum Elements {
    Repeat(Box<Expr>, Expr),
    List(Vec<Expr>),
}

impl Parse for Elements {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Elements::List(Vec::new()));
        }
        let first: Expr = input.parse()?;
        if input.parse::<Option<Token![;]>>()?.is_some() {
            return Ok(Elements::Repeat(Box::new(first), input.parse()?));
        }
        let mut list = vec![first];
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            list.push(input.parse()?);
        }
        Ok(Elements::List(list))
    }
}

impl Lowerer<'_> {
    /// `vec![value; n]`, `vec![a, b, c]`
    pub(super) fn vec_macro(&mut self, mac: &syn::Macro) -> Value {
        if !mac.path.is_ident("vec") {
            return Value::Opaque;
        }
        let Ok(elements) = mac.parse_body::<Elements>() else { return Value::Opaque };
        let span = mac.path.span();
        match elements {
            Elements::Repeat(value, len) => {
                let init = match self.expr(&value) {
                    Value::Float(val) => (Vec::new(), Init::Repeat(val, self.index(&len))),
                    Value::Part { part, reference: false } if self.rank(&part) > 0 => {
                        (self.func.dims(&part), Init::RepeatRow(part, self.index(&len)))
                    }
                    _ => return Value::Opaque,
                };
                self.fresh_vec(init.0, init.1, span)
            }
            Elements::List(list) => match self.array(&list.iter().collect::<Vec<_>>(), span) {
                Value::Part { part, .. } => {
                    self.func.places[part.place.0 as usize].dims[0] = Dim::Dynamic;
                    Value::Part { part, reference: false }
                }
                value => value,
            },
        }
    }

    /// A `Vec` without a name.
    fn fresh_vec(&mut self, rows: Vec<Dim>, init: Init, span: proc_macro2::Span) -> Value {
        let mut dims = vec![Dim::Dynamic];
        dims.extend(rows);
        let place = self.allocate(Ident::new(UNNAMED, span), dims, init);
        Value::Part { part: Part::whole(place), reference: false }
    }

    /// `x.to_vec()`, `x[a..b].to_vec()`
    pub(super) fn owned_copy(&mut self, call: &ExprMethodCall) -> Option<Value> {
        if !matches!(call.method.to_string().as_str(), "to_vec" | "into_vec") || !call.args.is_empty() {
            return None;
        }
        let part = self.array_part(&call.receiver)?;
        let rows = self.func.dims(&part).split_off(1);
        Some(self.fresh_vec(rows, Init::Copy(part), call.method.span()))
    }

    /// `let mut v = Vec::new();`, `let mut v: Vec<f64> = Vec::with_capacity(n);`
    pub(super) fn empty_vec(&mut self, local: &Local, p: &PatIdent, ty: Option<&Type>, init: &Expr) -> bool {
        let function = match init {
            Expr::Call(call) => Some(&*call.func),
            Expr::Macro(e) if e.mac.path.is_ident("vec") && e.mac.tokens.is_empty() => None,
            _ => return false,
        };
        let new = |func: &Expr| matches!(&*path_of(func).unwrap_or_default(), "Vec::new" | "Vec::with_capacity");
        if !function.is_none_or(new) || p.mutability.is_none() {
            return false;
        }
        let element = match ty {
            Some(ty) if !matches!(ty, Type::Infer(_)) => match types::vec_element(ty) {
                Some(element) => Some(element),
                None => return false,
            },
            _ => function.and_then(element_type),
        };
        let element_shape = element.and_then(|ty| self.shape(ty)).filter(|s| !s.reference && s.record.is_none());
        let rows = element_shape.map(|shape| shape.dims).filter(|dims| is_row(dims));
        let float = rows.is_some();
        // What is pushed tells of a struct whether numbers are in it.
        let record = |ty: &Type| {
            let named = matches!(ty, Type::Tuple(_)) || may_be_struct(ty);
            matches!(ty, Type::Infer(_)) || (named && self.flow.may_reach(&p.ident))
        };
        if !float && !element.is_none_or(record) {
            return false;
        }
        let dims = std::iter::once(Dim::Dynamic).chain(rows.into_iter().flatten()).collect();
        let place = self.allocate(p.ident.clone(), dims, Init::Empty);
        self.func.places[place.0 as usize].growing = true;
        self.claim_type(&Value::Part { part: Part::whole(place), reference: false }, element);
        let at = (self.regions.len() - 1, self.ops().len() - 1);
        let id = self.scopes.declare(&p.ident, State::Part(Part::whole(place)), true);
        if !float {
            self.undecided.insert(id, (at, local.clone()));
        }
        true
    }

    /// Methods that change the length of a `Vec`.
    pub(super) fn vec_method(&mut self, call: &ExprMethodCall) -> bool {
        let method = call.method.to_string();
        if !matches!(method.as_str(), "push" | "clear" | "truncate" | "resize") {
            return false;
        }
        let found = if method == "push" { self.local_rows(&call.receiver) } else { self.local_list(&call.receiver) };
        let Some((name, place)) = found else { return false };
        let args: Vec<&Expr> = call.args.iter().collect();
        let span = call.method.span();
        match (method.as_str(), args.as_slice()) {
            ("push", [value]) => {
                let lowered = self.expr(value);
                let undecided = self.scopes.find(&name).filter(|id| self.undecided.contains_key(id));
                let val = match (lowered, undecided) {
                    (Value::Opaque, Some(id)) => {
                        self.declare_native_vec(id);
                        return false;
                    }
                    (Value::Aggregate(a), Some(id)) if !self.flow.may_reach(value) || a.holds_data_beside() => {
                        self.declare_native_vec(id);
                        return false;
                    }
                    (value_of @ (Value::Aggregate(_) | Value::Part { .. }), undecided)
                        if matches!(value_of, Value::Aggregate(_)) || self.is_struct_value(&value_of) =>
                    {
                        if !self.push_struct(place, value_of, undecided, value, span) {
                            self.error(Site::of(*value), message::pushed_array());
                        }
                        return true;
                    }
                    (Value::Part { part, .. }, undecided) if self.rank(&part) > 0 => {
                        if !self.push_row(place, &part, undecided, span) {
                            self.error(Site::of(*value), message::pushed_array());
                        }
                        return true;
                    }
                    (Value::Opaque, None) => self.typed_template(value),
                    (value_of, _) => self.float_value(value_of, value),
                };
                if let Some(id) = undecided {
                    self.undecided.remove(&id);
                }
                self.grow(place);
                self.push(OpKind::Grow(place, val), span);
            }
            ("clear", []) => self.clear(place, span),
            ("truncate", [len]) => {
                let len = self.index(len);
                let old = self.length(&Part::whole(place), span);
                let len = self.engine_index(quote!(::core::cmp::Ord::min(n, m)), &[("n", len), ("m", old)], span);
                self.resize(place, len, span);
            }
            ("resize", [len, Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(zero), .. })])
                if self.func.place_info(place).dims.len() == 1
                    && zero.base10_parse::<f64>().is_ok_and(|z| z == 0.0 && z.is_sign_positive()) =>
            {
                let len = self.index(len);
                self.resize(place, len, span);
            }
            _ => return false,
        }
        true
    }

    /// An array becomes a copy of another one. A `Vec` gets its length, too.
    pub(super) fn copy(&mut self, to: Part, from: Part, span: proc_macro2::Span) {
        let info = self.func.place_info(to.place);
        let vec = to.is_whole() && info.storage == Storage::Local && info.record.is_none();
        if vec && of_fixed_rows(&info.dims) && to.place != from.place && !self.keeps_length(to.place, &from) {
            let len = self.length(&from, span);
            self.resize(to.place, len, span);
        }
        self.push(OpKind::Copy(to, from), span);
    }

    /// Whether a `Vec` visibly is as long as an array: neither of them changes its length, and they began with one.
    fn keeps_length(&self, place: PlaceId, array: &Part) -> bool {
        if !array.is_whole() || [place, array.place].iter().any(|&p| self.func.place_info(p).growing) {
            return false;
        }
        let first = |mut place: PlaceId| {
            while let Some(like) = self.begins_like(place) {
                place = like;
            }
            place
        };
        let (a, b) = (first(place), first(array.place));
        let length = |place: PlaceId| match self.init_of(place) {
            Some(Init::Repeat(_, len)) => self.code_of(*len),
            _ => None,
        };
        let same = |a: &Inactive, b: &Inactive| {
            crate::tokens::same(&a.tokens, &b.tokens)
                && a.reads == b.reads
                && a.places.is_empty()
                && b.places.is_empty()
        };
        a == b || length(a).zip(length(b)).is_some_and(|(a, b)| a.pure && b.pure && same(a, b))
    }

    /// The array that gave a `Vec` its length: `a.clone()`, `vec![0.0; a.len()]`.
    fn begins_like(&self, place: PlaceId) -> Option<PlaceId> {
        match self.init_of(place)? {
            Init::Copy(from) => from.is_whole().then_some(from.place),
            Init::Repeat(_, len) => {
                let code = self.code_of(*len)?;
                let [(name, part)] = code.places.as_slice() else { return None };
                let its = part.is_whole() && crate::tokens::same(&code.tokens, &quote!(#name.len()));
                (its && !self.func.place_info(part.place).growing).then_some(part.place)
            }
            _ => None,
        }
    }

    fn op_so_far(&self, mut is: impl FnMut(&Op) -> bool) -> Option<&Op> {
        self.regions.iter().rev().flat_map(|ops| ops.iter().rev()).find(|op| is(op))
    }

    fn init_of(&self, place: PlaceId) -> Option<&Init> {
        let op = self.op_so_far(|op| matches!(op.kind, OpKind::Alloc(p, _) if p == place))?;
        if let OpKind::Alloc(_, init) = &op.kind { Some(init) } else { None }
    }

    fn code_of(&self, val: Val) -> Option<&Inactive> {
        let op = self.op_so_far(|op| op.results.contains(&val))?;
        if let OpKind::Inactive(code) = &op.kind { Some(code) } else { None }
    }

    pub(super) fn grow(&mut self, place: PlaceId) {
        self.func.places[place.0 as usize].growing = true;
    }

    /// A `Vec` has nothing in it any more.
    pub(super) fn clear(&mut self, place: PlaceId, span: proc_macro2::Span) {
        let len = self.engine_index(quote!(0), &[], span);
        self.resize(place, len, span);
    }

    fn resize(&mut self, place: PlaceId, len: Val, span: proc_macro2::Span) {
        self.grow(place);
        self.push(OpKind::Resize(place, len), span);
    }

    /// A row goes to the end of a `Vec` of rows, which have one length.
    pub(super) fn push_row(
        &mut self,
        place: PlaceId,
        row: &Part,
        undecided: Option<VarId>,
        span: proc_macro2::Span,
    ) -> bool {
        let rows = self.func.dims(row);
        if let Some(id) = undecided.filter(|_| is_row(&rows)) {
            self.undecided.remove(&id);
            self.func.places[place.0 as usize].dims.extend(rows.iter().cloned());
        }
        let own = &self.func.place_info(place).dims[1..];
        let same = |(a, b): (&Dim, &Dim)| match (a, b) {
            (Dim::Fixed(a), Dim::Fixed(b)) => a.to_string() == b.to_string(),
            (Dim::Dynamic, Dim::Dynamic) => true,
            _ => false,
        };
        if own.len() != rows.len() || !own.iter().zip(&rows).all(same) || self.func.holds_structs(row) {
            return false;
        }
        self.grow(place);
        if matches!(rows.first(), Some(Dim::Dynamic)) {
            self.push(OpKind::Append(place, row.clone()), span);
            return true;
        }
        let n = self.length(&Part::whole(place), span);
        let more = self.engine_index(quote!(n + 1), &[("n", n)], span);
        self.resize(place, more, span);
        self.push(OpKind::Copy(Part::whole(place).at(n), row.clone()), span);
        true
    }

    pub(super) fn is_struct_value(&self, value: &Value) -> bool {
        matches!(value, Value::Part { part, .. } if self.func.is_struct(part))
    }

    /// A struct or a tuple goes to the end of a `Vec`.
    pub(super) fn push_struct(
        &mut self,
        place: PlaceId,
        value: Value,
        undecided: Option<VarId>,
        expr: &Expr,
        span: proc_macro2::Span,
    ) -> bool {
        let info = self.func.place_info(place);
        let (new, known) = (info.record.is_none() && info.dims.len() == 1, info.record.is_some());
        if !(known || (new && undecided.is_some())) {
            return false;
        }
        let Some(part) = self.struct_made(value, expr) else { return false };
        if let Some(id) = undecided {
            let ty = self.undecided.remove(&id).and_then(|(_, local)| match &local.pat {
                syn::Pat::Type(typed) => types::vec_element(&typed.ty).map(quote::ToTokens::to_token_stream),
                _ => None,
            });
            self.func.places[place.0 as usize].record = Some(ty.unwrap_or_else(|| quote!(_)));
            self.scopes.records.declare(place, format!("list {span:?}"));
        }
        self.grow(place);
        self.push(OpKind::Append(place, part), span);
        true
    }

    /// A local `Vec` of numbers by its name.
    pub(super) fn local_vec(&self, receiver: &Expr) -> Option<(String, PlaceId)> {
        self.local_list(receiver).filter(|(_, place)| self.func.place_info(*place).dims.len() == 1)
    }

    /// A local `Vec` by its name, whose elements have no lengths of their own.
    pub(super) fn local_list(&self, receiver: &Expr) -> Option<(String, PlaceId)> {
        self.local_rows(receiver).filter(|(_, place)| {
            let info = self.func.place_info(*place);
            info.record.is_none() && Dim::all_fixed(&info.dims[1..])
        })
    }

    /// The same, whose elements may be `Vec`s.
    fn local_rows(&self, receiver: &Expr) -> Option<(String, PlaceId)> {
        let name = path_of(receiver)?;
        let State::Part(part) = self.scopes.state(&name)? else { return None };
        let info = self.func.place_info(part.place);
        let vec = part.is_whole() && info.storage == Storage::Local && matches!(info.dims.first(), Some(Dim::Dynamic));
        (vec && (info.dims.len() == 1 || is_row(&info.dims[1..]))).then_some((name, part.place))
    }

    /// A `Vec` turns out to hold something else than floats.
    fn declare_native_vec(&mut self, id: VarId) {
        let Some(((region, at), local)) = self.undecided.remove(&id) else { return };
        let name = self.scopes.vars[id].name.clone();
        let mut tokens = quote!(#local);
        if let Some(new) = self.bind_name(&name, super::rename::Binding::Native) {
            tokens = super::rename::with_name(tokens, &name, &new);
            self.scopes.vars[id].emitted = Some(new);
        }
        if let Some(op) = self.regions.get_mut(region).and_then(|ops| ops.get_mut(at)) {
            let mut code = Inactive::engine(tokens);
            code.pure = false;
            code.expression = false;
            op.kind = OpKind::Inactive(code);
        }
        self.scopes.vars[id].state = State::Native;
    }
}

/// A `Vec` of numbers, or of arrays.
pub(super) fn of_fixed_rows(dims: &[Dim]) -> bool {
    matches!(dims, [Dim::Dynamic, row @ ..] if row.iter().all(|dim| matches!(dim, Dim::Fixed(_))))
}

/// Whether a type has a name like that of a struct.
fn may_be_struct(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let std = ["Vec", "String", "Option", "Box", "Rc", "Arc", "HashMap"];
    path.path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        name.starts_with(char::is_uppercase) && !std.contains(&name.as_str())
    })
}

/// Whether elements of a `Vec` that grows may have this shape: that of an array, or of a `Vec` of numbers.
fn is_row(dims: &[Dim]) -> bool {
    Dim::all_fixed(dims) || matches!(dims, [Dim::Dynamic])
}

/// `f64` of `Vec::<f64>::new`.
fn element_type(func: &Expr) -> Option<&Type> {
    let Expr::Path(path) = func else { return None };
    let vec = path.path.segments.iter().find(|s| s.ident == "Vec")?;
    match &vec.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
