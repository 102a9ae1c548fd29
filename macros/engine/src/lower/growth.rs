//! Methods that change the length of a local `Vec`, as what the IR has of that: a push, a change of length, moves and loops.
//! Each is written as the statements that one would write by hand; arguments are evaluated first, in their order.

use super::Lowerer;
use super::expression::Value;
use super::optional::Optional;
use super::scope::State;
use crate::emit::array::{nested, owned};
use crate::ir::{OpKind, Part};
use quote::quote;
use syn::{Expr, ExprMethodCall, parse_quote};

impl Lowerer<'_> {
    /// A statement that is a call of one of them.
    pub(super) fn growth(&mut self, call: &ExprMethodCall) -> bool {
        let v = &call.receiver;
        let args: Vec<&Expr> = call.args.iter().collect();
        let known =
            ["extend", "extend_from_slice", "append", "insert", "resize", "retain", "remove", "swap_remove", "drain"];
        if call.method == "pop" && args.is_empty() {
            return self.without_last(call).is_some();
        }
        if !known.iter().any(|name| call.method == name) || self.local_vec(v).is_none() {
            return false;
        }
        let (item, index, value) = (self.unused_name("item"), self.unused_name("at"), self.unused_name("value"));
        let float = self.float_name();
        let written: Expr = match (call.method.to_string().as_str(), args.as_slice()) {
            ("extend" | "extend_from_slice", [items]) => parse_quote!(for #item in #items { #v.push(#item); }),
            ("append", [Expr::Reference(from)]) if from.mutability.is_some() => {
                let from = &from.expr;
                parse_quote!({ for #item in #from.iter() { #v.push(*#item); } #from.clear(); })
            }
            ("insert", [at, inserted]) => parse_quote!({
                let #index: usize = #at;
                let #value: #float = #inserted;
                ::core::assert!(#index <= #v.len());
                #v.push(#value);
                #v[#index..].rotate_right(1);
            }),
            ("resize", [len, filled]) => parse_quote!({
                let #index: usize = #len;
                let #value: #float = #filled;
                for _ in #v.len()..#index { #v.push(#value); }
                #v.truncate(#index);
            }),
            ("retain", [keeps @ Expr::Closure(_)]) => {
                let before = self.unused_name("before");
                parse_quote!({
                    let #before = #v.to_vec();
                    #v.clear();
                    for #item in #before.iter().copied().filter(#keeps) { #v.push(#item); }
                })
            }
            ("drain", [_]) => return self.attempt(|l| l.drained(call)).is_some(),
            ("remove" | "swap_remove", [_]) => return self.attempt(|l| l.taken_from_vec(call)).is_some(),
            _ => return false,
        };
        let done = self.attempt(|l| {
            let errors = l.errors.count();
            l.expression_statement(&written);
            (l.errors.count() == errors).then_some(())
        });
        done.is_some()
    }

    /// `v.remove(i)`, `v.swap_remove(i)`
    pub(super) fn taken_from_vec(&mut self, call: &ExprMethodCall) -> Option<Value> {
        let v = &call.receiver;
        let swap = call.method == "swap_remove";
        let at = call.args.first().filter(|_| (swap || call.method == "remove") && call.args.len() == 1)?;
        self.local_vec(v)?;
        let (index, removed) = (self.unused_name("at"), self.unused_name("removed"));
        let moved: Expr =
            if swap { parse_quote!(#v[#index] = #v[#v.len() - 1]) } else { parse_quote!(#v[#index..].rotate_left(1)) };
        self.statement(&parse_quote!(let #index: usize = #at;));
        self.statement(&parse_quote!(let #removed = #v[#index];));
        self.expression_statement(&moved);
        self.expression_statement(&parse_quote!(#v.truncate(#v.len() - 1)));
        Some(self.expr(&parse_quote!(#removed)))
    }

    /// `v.pop();`: the `Vec` is without its last number or array.
    fn without_last(&mut self, call: &ExprMethodCall) -> Option<()> {
        let span = call.method.span();
        let (_, place) = self.local_list(&call.receiver)?;
        let n = self.length(&Part::whole(place), span);
        let less = self.engine_index(quote!(usize::saturating_sub(n, 1)), &[("n", n)], span);
        self.grow(place);
        self.push(OpKind::Resize(place, less), span);
        Some(())
    }

    /// `v.pop()`: the last number or array, if there is one, before the `Vec` is without it.
    pub(super) fn popped(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let span = call.method.span();
        let (_, place) = self.local_list(&call.receiver).filter(|_| call.method == "pop" && call.args.is_empty())?;
        let n = self.length(&Part::whole(place), span);
        let some = self.is(quote!(0 < n), &[("n", n)], span);
        let less = self.engine_index(quote!(usize::saturating_sub(n, 1)), &[("n", n)], span);
        let last = self.hidden("last", State::Other { val: less, indexable: false });
        let (v, float, value) = (&call.receiver, self.float_name(), self.unused_name("popped"));
        let zero = self.constant(0.0, span);
        let zero = self.hidden("zero", State::Float(zero));
        let elem = self.func.place_info(place).dims[1..].to_vec();
        let (ty, zeros) = (owned(&quote!(#float), &elem, &self.runtime), nested(&quote!(#zero), &elem));
        self.statement(&parse_quote!(let #value: #ty = if #some { #v[#last] } else { #zeros };));
        self.grow(place);
        self.push(OpKind::Resize(place, less), span);
        Some(Optional { some, inner: parse_quote!(#value) })
    }
}
