//! Array literals: lists of numbers, of rows and of structs, and repeated values. The elements are evaluated in the order in
//! which they stand, before there is an array; what is not seen to be a float is one if another element is.

use super::Lowerer;
use super::expression::{UNNAMED, Value};
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Init, Part, Storage};
use proc_macro2::{Ident, Literal, Span};
use quote::{ToTokens as _, quote};
use syn::Expr;

impl Lowerer<'_> {
    pub(super) fn array(&mut self, elems: &[&Expr], span: Span) -> Value {
        if elems.is_empty() {
            return Value::Opaque;
        }
        let mut ends = Vec::with_capacity(elems.len());
        let values = self.in_order(elems, |l, e| {
            ends.push(l.ops().len());
            l.expr(e)
        });
        let structs = values.iter().all(|v| matches!(v, Value::Aggregate(_)) || self.is_struct_value(v));
        let data = values.iter().any(|v| matches!(v, Value::Aggregate(a) if a.holds_data_beside()));
        if structs && !data && elems.iter().any(|elem| self.flow.may_reach(elem)) {
            return self.array_of_structs(elems, values, span);
        }
        let floats = values.iter().filter(|v| matches!(v, Value::Float(_))).count();
        let parts = values.iter().filter(|v| matches!(v, Value::Part { .. })).count();
        let len = Literal::usize_unsuffixed(elems.len());
        let name = Ident::new(UNNAMED, span);
        if floats == elems.len() {
            let vals =
                values.into_iter().filter_map(|v| if let Value::Float(v) = v { Some(v) } else { None }).collect();
            let place = self.allocate(name, vec![Dim::Fixed(quote!(#len))], Init::Elements(vals));
            return Value::Part { part: Part::whole(place), reference: false };
        }
        if parts == elems.len() {
            let copied = |(elem, value): (&&Expr, &Value)| match value {
                Value::Part { part, reference } => {
                    let place = self.func.place_info(part.place);
                    let still = place.storage == Storage::Param;
                    let shared = matches!(elem, Expr::Reference(r) if r.mutability.is_none());
                    let sized = !matches!(self.func.dims(part).first(), Some(Dim::Dynamic));
                    !*reference || (sized && (still || shared))
                }
                _ => true,
            };
            if let Some((elem, _)) = elems.iter().zip(&values).find(|pair| !copied((pair.0, pair.1))) {
                self.error(Site::of(elem), message::references_in_array());
            }
            let rows: Vec<Part> = values
                .into_iter()
                .filter_map(|v| if let Value::Part { part, .. } = v { Some(part) } else { None })
                .collect();
            let mut dims = vec![Dim::Fixed(quote!(#len))];
            dims.extend(self.func.dims(&rows[0]));
            let place = self.allocate(name, dims, Init::Rows(rows));
            return Value::Part { part: Part::whole(place), reference: false };
        }
        // A mixture: the others are numbers, too.
        if floats == 0 {
            return Value::Opaque;
        }
        let vals =
            self.floats_in_order(elems, ends.into_iter().zip(values).collect(), |l, k| l.float_template(elems[k]));
        let place = self.allocate(name, vec![Dim::Fixed(quote!(#len))], Init::Elements(vals));
        Value::Part { part: Part::whole(place), reference: false }
    }

    /// `[value; N]`, `[[value; M]; N]`
    pub(super) fn repeat(&mut self, e: &syn::ExprRepeat) -> Value {
        let mut dims = vec![Dim::Fixed(e.len.to_token_stream())];
        let mut inner = &*e.expr;
        while let Expr::Repeat(r) = inner {
            dims.push(Dim::Fixed(r.len.to_token_stream()));
            inner = &r.expr;
        }
        match self.expr(inner) {
            Value::Float(val) => {
                let place = self.allocate(Ident::new(UNNAMED, e.bracket_token.span.open()), dims, Init::Fill(val));
                Value::Part { part: Part::whole(place), reference: false }
            }
            _ => Value::Opaque,
        }
    }
}
