//! Views: parts of an array that are arrays themselves. A view is the base and the way to it (`Part`), with bounds that
//! were computed where the view was made, so that it needs no analysis of its own: its adjoint is the same way from the
//! adjoint of the base.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::Value;
use crate::ir::{Inactive, OpKind, Part, Step, Ty, Val};
use crate::tokens::with_new_names;
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMethodCall, ExprRange, RangeLimits};

impl Lowerer<'_> {
    /// `part[range]`
    pub(super) fn range_of(&mut self, part: &Part, range: &ExprRange) -> Part {
        let span = range.span();
        let lo = match &range.start {
            Some(lo) => self.index(lo),
            None => self.engine_index(quote!(0), &[], span),
        };
        let Some(hi) = &range.end else {
            let view = part.then(Step::From(lo));
            self.checked(&view, span);
            return view;
        };
        let hi = self.index(hi);
        let hi = match range.limits {
            RangeLimits::Closed(_) => self.engine_index(quote!(n + 1), &[("n", hi)], span),
            RangeLimits::HalfOpen(_) => hi,
        };
        let view = part.then(Step::Range(lo, hi));
        self.checked(&view, span);
        view
    }

    /// A view out of bounds panics where it is made, whether or not anything reads it.
    fn checked(&mut self, view: &Part, span: Span) {
        let name = self.func.place_info(view.place).name.clone();
        self.push(OpKind::View(view.clone(), name), span);
    }

    /// The view that was just made gets the user's name.
    pub(super) fn name_view(&mut self, view: &Part, name: &Ident) {
        // Behind it there is at most the other half.
        for op in self.ops().iter_mut().rev().take(2) {
            if let OpKind::View(part, old) = &mut op.kind
                && part == view
            {
                *old = name.clone();
            }
        }
    }

    /// An index of the engine's own: pure code in which names stand for values.
    pub(super) fn engine_index(&mut self, tokens: proc_macro2::TokenStream, reads: &[(&str, Val)], span: Span) -> Val {
        // Names that no variable has: of two with one text, hygiene may keep apart what they mean.
        let own = |name: &str| Ident::new(&format!("{name}__"), Span::mixed_site());
        let named = |name: &str| reads.iter().any(|(read, _)| *read == name).then(|| own(name));
        let mut code = Inactive::engine(with_new_names(tokens, &named));
        code.reads = reads.iter().map(|(name, val)| (own(name), *val)).collect();
        self.define(OpKind::Inactive(code), Ty::Index, span)
    }

    /// Methods of an array whose value is an array, or a number of one.
    pub(super) fn array_value(&mut self, call: &ExprMethodCall) -> Option<Value> {
        self.view_method(call).or_else(|| self.owned_copy(call)).or_else(|| self.concatenated(call))
    }

    /// Methods that look at an array and give a part of it.
    fn view_method(&mut self, call: &ExprMethodCall) -> Option<Value> {
        let span = call.method.span();
        match (call.method.to_string().as_str(), call.args.len()) {
            ("as_slice" | "as_mut_slice" | "as_ref" | "as_mut" | "borrow", 0) => {
                let part = self.array_part(&call.receiver)?;
                Some(Value::Part { part, reference: true })
            }
            ("remainder", 0) => self.remainder(&call.receiver),
            ("split_at" | "split_at_mut", 1) => self.split_at(&call.receiver, &call.args[0], span),
            // `x.first().unwrap()`
            ("unwrap" | "expect", _) => {
                let Expr::MethodCall(inner) = &*call.receiver else { return None };
                let name = inner.method.to_string();
                if !matches!(name.as_str(), "first" | "last" | "first_mut" | "last_mut") || !inner.args.is_empty() {
                    return None;
                }
                let part = self.array_part(&inner.receiver)?;
                let index = match name.as_str() {
                    "first" | "first_mut" => self.engine_index(quote!(0), &[], span),
                    _ => {
                        let n = self.length(&part, span);
                        self.engine_index(quote!(n - 1), &[("n", n)], span)
                    }
                };
                Some(Value::Part { part: part.at(index), reference: true })
            }
            _ => None,
        }
    }

    /// An expression that is an array or a part of one that is an array.
    pub(super) fn array_part(&mut self, expr: &Expr) -> Option<Part> {
        if !self.mentions_float(expr) {
            return None;
        }
        self.array_in(expr)
    }

    /// `a.chunks_exact(k).remainder()`
    fn remainder(&mut self, chunks: &Expr) -> Option<Value> {
        if let Some(cursor) = self.cursor_of(chunks) {
            return self.remainder_of_cursor(&cursor, chunks.span());
        }
        let Expr::MethodCall(call) = chunks else { return None };
        if call.method != "chunks_exact" || call.args.len() != 1 {
            return None;
        }
        let part = self.array_part(&call.receiver)?;
        let size = self.index(&call.args[0]);
        Some(self.remainder_of(&part, size, call.method.span()))
    }

    /// What is left of an array that is cut into pieces of one length.
    pub(super) fn remainder_of(&mut self, part: &Part, size: Val, span: Span) -> Value {
        let n = self.length(part, span);
        let lo = self.engine_index(quote!(n - n % k), &[("n", n), ("k", size)], span);
        Value::Part { part: part.then(Step::From(lo)), reference: true }
    }

    /// `a.split_at(k)`
    fn split_at(&mut self, array: &Expr, at: &Expr, span: Span) -> Option<Value> {
        let part = self.array_part(array)?;
        let at = self.index(at);
        let zero = self.engine_index(quote!(0), &[], span);
        let mut members = Vec::with_capacity(2);
        for (k, step) in [Step::Range(zero, at), Step::From(at)].into_iter().enumerate() {
            let view = part.then(step);
            self.checked(&view, span);
            members.push((syn::Member::from(k), Value::Part { part: view, reference: true }));
        }
        Some(Value::Aggregate(Aggregate { path: None, reference: false, members }))
    }
}
