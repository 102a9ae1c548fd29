//! Arrays in other spellings of the standard library: `x[a..b].try_into().unwrap()`, `[a, b].concat()`, `v.drain(a..b)`. Each is
//! written as the statements that one would write by hand, in the order in which the library evaluates its operands.

use super::Lowerer;
use super::call::without_parentheses;
use super::expression::{UNNAMED, Value};
use super::syntax::path_of;
use crate::ir::{Dim, Init, Part};
use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::{Block, Expr, ExprCall, ExprMethodCall, RangeLimits, Type, parse_quote};

impl Lowerer<'_> {
    /// `x[a..b].try_into().unwrap()`, `<[f64; 3]>::try_from(x).unwrap()`: a copy, of a length that is checked. Of a reference
    /// to the slice nothing could be written, so that a copy is as good.
    pub(super) fn array_of_slice(&mut self, expr: &Expr, dims: &[Dim]) -> Option<Value> {
        let Expr::MethodCall(taken) = without_parentheses(expr) else { return None };
        if !(taken.method == "unwrap" || taken.method == "expect") {
            return None;
        }
        let (slice, own) = converted(&taken.receiver)?;
        let own = own.and_then(|ty| self.shape(&ty));
        // What is written through a mutable reference has to go to the slice.
        let mutable = |expr: &Expr| matches!(without_parentheses(expr), Expr::Reference(r) if r.mutability.is_some());
        if own.as_ref().is_some_and(|shape| shape.mutable) || mutable(slice) {
            return None;
        }
        let dims = own.as_ref().map_or(dims, |shape| &shape.dims);
        let [Dim::Fixed(_)] = dims else { return None };
        let span = taken.method.span();
        let part = self.array_part(slice)?;
        if self.rank(&part) != 1 || self.func.holds_structs(&part) {
            return None;
        }
        let zero = self.constant(0.0, span);
        let place = self.allocate(Ident::new(UNNAMED, span), dims.to_vec(), Init::Fill(zero));
        self.copy(Part::whole(place), part, span);
        Some(Value::Part { part: Part::whole(place), reference: false })
    }

    /// `Vec::from(x)` of an array or a slice: `x.to_vec()`.
    pub(super) fn vec_from(&mut self, call: &ExprCall) -> Option<Value> {
        let list = call.args.first().filter(|_| call.args.len() == 1)?;
        if path_of(&call.func)? != "Vec::from" {
            return None;
        }
        let copy: ExprMethodCall = parse_quote!((#list).to_vec());
        self.attempt(|l| l.owned_copy(&copy))
    }

    /// `[a, b].concat()`, `rows.concat()`
    pub(super) fn concatenated(&mut self, call: &ExprMethodCall) -> Option<Value> {
        if call.method != "concat" || !call.args.is_empty() || !self.mentions_float(&call.receiver) {
            return None;
        }
        let (joined, item, row) = (self.unused_name("joined"), self.unused_name("item"), self.unused_name("row"));
        let float = self.float_name();
        let block: Block = match lists(&call.receiver) {
            Some(lists) => parse_quote!({
                let mut #joined: Vec<#float> = Vec::new();
                #(for #item in #lists.iter() { #joined.push(*#item); })*
                #joined
            }),
            None => {
                let rows = &call.receiver;
                parse_quote!({
                    let mut #joined: Vec<#float> = Vec::new();
                    for #row in #rows.iter() { for #item in #row.iter() { #joined.push(*#item); } }
                    #joined
                })
            }
        };
        let errors = self.errors.count();
        let value = self.attempt(|l| {
            let value = l.block_value(&block);
            (l.errors.count() == errors && matches!(value, Value::Part { .. })).then_some(value)
        });
        if value.is_none() {
            self.errors.truncate(errors);
        }
        value
    }

    /// `v.drain(a..b)`: what is taken out, as a list. Nothing can be done with `v` as long as the iterator lives.
    pub(super) fn drained(&mut self, call: &ExprMethodCall) -> Option<Part> {
        let v = &call.receiver;
        let range = match call.args.first().map(without_parentheses) {
            Some(Expr::Range(range)) if call.method == "drain" && call.args.len() == 1 => range,
            _ => return None,
        };
        self.local_vec(v)?;
        let (lo, hi, drained) = (self.unused_name("lo"), self.unused_name("hi"), self.unused_name("drained"));
        let start = range.start.as_ref().map_or_else(|| quote!(0), ToTokens::to_token_stream);
        let end = match (&range.end, &range.limits) {
            (None, _) => quote!(#v.len()),
            (Some(end), RangeLimits::HalfOpen(_)) => end.to_token_stream(),
            (Some(end), RangeLimits::Closed(_)) => quote!((#end) + 1),
        };
        self.statement(&parse_quote!(let #lo: usize = #start;));
        self.statement(&parse_quote!(let #hi: usize = #end;));
        self.statement(&parse_quote!(let #drained = #v[#lo..#hi].to_vec();));
        if range.start.is_some() || range.end.is_some() {
            self.expression_statement(&parse_quote!(#v[#lo..].rotate_left(#hi - #lo)));
        }
        self.expression_statement(&parse_quote!(#v.truncate(#v.len() - (#hi - #lo))));
        self.array_in(&parse_quote!(#drained))
    }
}

/// The slice that is converted to an array, and what the array is if the conversion says so.
fn converted(expr: &Expr) -> Option<(&Expr, Option<Type>)> {
    match without_parentheses(expr) {
        Expr::MethodCall(call) if call.method == "try_into" && call.args.is_empty() => {
            Some((value(&call.receiver), None))
        }
        Expr::Call(call) if call.args.len() == 1 => match &*call.func {
            Expr::Path(path) if path.path.segments.last()?.ident == "try_from" => {
                let own = (*path.qself.as_ref()?.ty).clone();
                Some((value(call.args.first()?), Some(own)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// What a shared reference refers to.
fn value(expr: &Expr) -> &Expr {
    match without_parentheses(expr) {
        Expr::Reference(r) if r.mutability.is_none() => value(&r.expr),
        other => other,
    }
}

/// The lists of a list that is written out.
fn lists(expr: &Expr) -> Option<Vec<Expr>> {
    match value(expr) {
        Expr::Array(array) => Some(array.elems.iter().map(|elem| parse_quote!((#elem))).collect()),
        Expr::Macro(e) if e.mac.path.is_ident("vec") => {
            let array: syn::ExprArray = syn::parse2({
                let tokens = &e.mac.tokens;
                quote!([#tokens])
            })
            .ok()?;
            lists(&Expr::Array(array))
        }
        _ => None,
    }
}
