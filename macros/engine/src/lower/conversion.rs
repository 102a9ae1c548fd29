//! Conversions between float types, in a function that computes in several. Input: an expression. Output: the number in the
//! other type.
//!
//! A function is lowered as one of a single float type, and once more as one of several if derivatives were lost there, and it
//! has a conversion by its syntax (`converts.rs`). Types are found afterwards (`analysis/widths.rs`). Here is noted what the
//! source says of them.

use super::Lowerer;
use super::call::without_parentheses;
use super::converts::{Conversion, Converts};
use super::expression::Value;
use super::optional::Optional;
use super::scope::{State, VarId};
use super::signature::Interface;
use super::subject::there;
use super::types::{self, argument_of};
use super::unpack::member_types;
use crate::analysis::widths::{Claim, Of};
use crate::ir::{Part, Step, Val, Width};
use crate::rules::conversion::{self, Float};
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::{Block, Expr, Pat, Type, parse_quote};

/// Stands for the float type of the value that a piece of code is.
pub(crate) const OWN: &str = "__Own";

/// Whether a body has what may be a conversion between float types.
pub(crate) fn is_there(body: &Block, interface: &Interface) -> bool {
    let width = Width::Mixed(Box::new(interface.width.clone()));
    Converts { width: &width, own_bounds: interface.own_bounds, runtime: &interface.runtime }.any(body)
}

impl Lowerer<'_> {
    /// What an expression converts a number to, if it does.
    pub(super) fn converted(&mut self, expr: &Expr) -> Option<Value> {
        if !self.func.width.is_mixed() {
            return None;
        }
        let conversion = self.converts().number(expr)?;
        self.convert(conversion, expr.span()).map(Value::Float)
    }

    /// A conversion in an `Option`, which always has it.
    pub(super) fn optional_conversion(&mut self, expr: &Expr) -> Option<Optional> {
        if !self.func.width.is_mixed() {
            return None;
        }
        let conversion = self.converts().in_option(expr)?;
        let val = self.convert(conversion, expr.span())?;
        let inner = self.hidden("given", State::Float(val));
        let val = self.flag(true, expr.span());
        let some = self.hidden("some", State::Other { val, indexable: false });
        Some(Optional { some, inner: parse_quote!(#inner) })
    }

    /// `if let (Some(a), Some(b)) = (x.to_f64(), y.to_f64())`: what is matched is there, and its pattern always fits.
    pub(super) fn conversions_apart(&self, pat: &Pat, expr: &Expr) -> Option<(Pat, Expr)> {
        let (Pat::Tuple(pats), Expr::Tuple(exprs)) = (pat, without_parentheses(expr)) else { return None };
        if !self.func.width.is_mixed() || pats.elems.len() != exprs.elems.len() {
            return None;
        }
        let (mut pats, mut exprs, mut found) = (pats.clone(), exprs.clone(), false);
        for (pat, expr) in pats.elems.iter_mut().zip(&mut exprs.elems) {
            if let (Some(inner), Some(_)) = (there(pat), self.converts().in_option(without_parentheses(expr))) {
                (*pat, *expr, found) = (inner.clone(), parse_quote!(#expr.unwrap()), true);
            }
        }
        found.then(|| (Pat::Tuple(pats), Expr::Tuple(exprs)))
    }

    fn convert(&mut self, conversion: Conversion<'_>, span: Span) -> Option<Val> {
        let Conversion { number, target, of_parameter, question } = conversion;
        let main = self.func.width.main().clone();
        if !self.mentions_float(number) {
            return None;
        }
        let val = match self.expr(number) {
            // A field may be an integer.
            Value::Float(val) if !self.is_field(val) => val,
            Value::Part { part, .. } if self.func.is_number(&part) && !is_field(&part) => {
                self.load(part, number.span())
            }
            _ => return None,
        };
        if of_parameter {
            self.claim(&Value::Float(val), &main);
        }
        self.questions.extend(question);
        let prim = conversion::to(target.as_ref().map(Float::of));
        Some(self.prim(prim, vec![val], span))
    }

    /// What converts here.
    fn converts(&self) -> Converts<'_> {
        Converts { width: &self.func.width, own_bounds: self.own_bounds, runtime: &self.runtime }
    }

    /// The name of the float type of code that is not the user's: what it is, turns out where it is emitted if there are several.
    pub(super) fn float_name(&self) -> Ident {
        if self.func.width.is_mixed() { Ident::new(OWN, Span::call_site()) } else { self.func.width.ident() }
    }

    /// What the source says of the type of a value or of the elements of an array.
    pub(super) fn claim(&mut self, value: &Value, width: &Width) {
        if !self.func.width.is_mixed() {
            return;
        }
        let of = match value {
            Value::Float(val) => Of::Val(*val),
            Value::Part { part, .. } if !self.func.holds_structs(part) => Of::Place(part.place),
            _ => return,
        };
        self.claims.push(Claim::Width(of, width.clone()));
    }

    /// A variable gets this value, which is of the type of what it was, or is declared to be.
    pub(super) fn claim_assigned(&mut self, id: VarId, new: Val) {
        if !self.func.width.is_mixed() {
            return;
        }
        match self.scopes.vars[id].state {
            State::Float(old) => self.claims.push(Claim::Same(Of::Val(new), Of::Val(old))),
            _ => {
                if let Some(width) = self.said.get(&id).cloned() {
                    self.claim(&Value::Float(new), &width);
                }
            }
        }
    }

    /// Where a value that is kept is of another type than the function's, there are several.
    pub(super) fn note_foreign(&mut self, value: &Value, ty: Option<&Type>) {
        match (value, ty) {
            (Value::Aggregate(aggregate), ty) if !aggregate.is_option() => {
                for ((_, value), ty) in aggregate.members.iter().zip(member_types(ty)) {
                    self.note_foreign(value, Some(ty));
                }
            }
            (Value::Float(_) | Value::Part { .. }, Some(ty)) => {
                self.foreign |= self.said_by(ty).is_some_and(|width| !self.func.width.has(&width));
            }
            _ => {}
        }
    }

    /// The same of a value, by a type that is written down.
    pub(super) fn claim_type(&mut self, value: &Value, ty: Option<&Type>) {
        let Some(ty) = ty.filter(|_| self.func.width.is_mixed()) else { return };
        if let Value::Aggregate(aggregate) = value {
            // Of an `Option`, whether it is there comes first.
            let option = argument_of(ty, "Option").filter(|_| aggregate.is_option());
            let types: Vec<&Type> = option.map_or_else(|| member_types(Some(ty)), |inner| vec![inner]);
            let first = aggregate.members.len().saturating_sub(types.len());
            for ((_, value), ty) in aggregate.members[first..].iter().zip(types) {
                self.claim_type(value, Some(ty));
            }
        } else if let Some(width) = self.said_by(ty) {
            self.claim(value, &width);
        }
    }

    /// The float type of what is of a type that is written down.
    pub(super) fn said_by(&self, ty: &Type) -> Option<Width> {
        types::shape(ty, self.func.width.parameter()).filter(|shape| shape.record.is_none()).map(|shape| shape.width)
    }

    /// The same of a value, by the first name of a path, `f64::consts::PI`, or by a suffix.
    pub(super) fn claim_named(&mut self, val: Val, name: &str) {
        if let Some(width) = self.func.width.named(name) {
            self.claim(&Value::Float(val), &width);
        }
    }

    /// What is returned, and what is differentiated by, has the function's float type.
    pub(super) fn claim_main(&mut self, returned: Option<&Width>) {
        let main = self.func.width.main().clone();
        let params: Vec<Value> = self
            .func
            .params
            .iter()
            .filter_map(|p| match p.kind {
                crate::ir::ParamKind::Float(val) => Some(Value::Float(val)),
                crate::ir::ParamKind::Place(place) => Some(Value::Part { part: Part::whole(place), reference: false }),
                crate::ir::ParamKind::Other => None,
            })
            .collect();
        params.iter().for_each(|value| self.claim(value, &main));
        let results = self.func.results.clone();
        for place in results {
            self.claim(&Value::Part { part: Part::whole(place), reference: false }, &main);
        }
        let mut yields = Vec::new();
        self.func.body.leaves(&mut |leaf| yields.extend(leaf.values()));
        let result = returned.unwrap_or(&main);
        yields.into_iter().for_each(|val| self.claim(&Value::Float(val), result));
    }
}

/// The names of float types beside those of the language, in code of the user's and of the engine's.
pub(super) fn named_floats(width: &Width) -> Vec<Ident> {
    let own = width.is_mixed().then(|| Ident::new(OWN, Span::call_site()));
    width.parameter().iter().cloned().chain(own).collect()
}

/// Whether a part is a field of a struct.
fn is_field(part: &Part) -> bool {
    matches!(part.path.last(), Some(Step::Field(_)))
}
