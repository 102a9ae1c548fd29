//! Lists of tuples of numbers and data that are written out: `for (name, v) in [("x", x), ("y", y)]`.
//!
//! Input: such a list, which is no array of structs. Output: its columns side by side, each a list of its own: of numbers or arrays where one of them is
//! mentioned, of data otherwise. The columns are evaluated one after the other, so that nothing in the list may have an effect.

use super::Lowerer;
use super::effects::Effect;
use super::expression::Value;
use super::opaque::Fate;
use super::source::Source;
use crate::ir::Ty;
use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprArray, ExprTuple};

impl Lowerer<'_> {
    /// The elements of a list of tuples, by value.
    pub(super) fn rows(&mut self, list: &ExprArray) -> Option<Source> {
        let rows = list.elems.iter().map(|elem| if let Expr::Tuple(row) = elem { Some(row) } else { None });
        let rows: Vec<&ExprTuple> = rows.collect::<Option<_>>()?;
        let width = rows.first()?.elems.len();
        let effect = |row: &&ExprTuple| row.elems.iter().any(|member| self.effect_of(&[], member) != Effect::No);
        if width == 0 || rows.iter().any(|row| row.elems.len() != width) || rows.iter().any(effect) {
            return None;
        }
        let column = |l: &mut Self, k: usize| {
            let members: Vec<&Expr> = rows.iter().map(|row| &row.elems[k]).collect();
            l.column(&members, list)
        };
        (0..width).map(|k| column(self, k)).collect::<Option<_>>().map(Source::Rows)
    }

    fn column(&mut self, members: &[&Expr], list: &ExprArray) -> Option<Source> {
        let span = list.span();
        if members.iter().any(|member| self.mentions_float(member)) {
            return match self.array(members, span) {
                Value::Part { part, .. } => Some(Source::Elements { part, mutable: false, owned: true }),
                _ => None,
            };
        }
        let elems: Punctuated<Expr, syn::Token![,]> = members.iter().map(|&member| member.clone()).collect();
        let column = Expr::Array(ExprArray { elems, ..list.clone() });
        let val = self.template(&column, Ty::Other, &Fate::Consumed);
        let name = Ident::new("column__", Span::mixed_site());
        Some(Source::Copied(Box::new(Source::Indexed { name, val })))
    }
}

/// References to the elements of a list.
pub(super) fn borrowed(source: Source) -> Source {
    let column = |column| match column {
        Source::Elements { part, mutable, .. } => Source::Elements { part, mutable, owned: false },
        Source::Copied(inner) => *inner,
        other => other,
    };
    match source {
        Source::Rows(columns) => Source::Rows(columns.into_iter().map(column).collect()),
        other => other,
    }
}
