//! Data that begin a variable to which numbers are written later: `let mut t: [f64; 3] = TABLE;`, `let mut v: Vec<f64> =
//! (0..n).map(|k| k as f64).collect();`. That they are written turns out where they are; then the body is lowered once more, and
//! the variable is an array of data. The emitted code states its type, so that a wrong guess does not compile.

use super::Lowerer;
use super::assignment::declaration;
use super::call::without_parentheses;
use super::expression::Value;
use super::types;
use crate::ir::Dim;
use proc_macro2::Ident;
use syn::{Expr, GenericArgument, Type};

impl Lowerer<'_> {
    /// Data that begin a variable, of which it has turned out that numbers are written to it: an array of them, of the type that
    /// is written down or visible, else of rustc's finding.
    pub(super) fn learned_array(&mut self, name: &Ident, ty: Option<&Type>, expr: &Expr) -> Value {
        let Some(&rank) = self.arrays.get(&declaration(name)) else { return Value::Opaque };
        let of_type = |l: &Self, ty: &Type| {
            let shape = l.shape(ty).filter(|shape| !shape.reference && shape.record.is_none());
            let dims = shape.map(|shape| shape.dims).filter(|dims| dims.len() == rank);
            dims.or_else(|| types::vec_element(ty).map(|_| vec![Dim::Dynamic]).filter(|dims| dims.len() == rank))
        };
        let ty = ty.or_else(|| collected_type(expr)).cloned().or_else(|| self.returned_type(expr));
        let dims = match (ty.as_ref(), without_parentheses(expr)) {
            (Some(ty), _) if !matches!(ty, Type::Infer(_)) => of_type(self, ty),
            (_, Expr::Path(_) | Expr::Index(_) | Expr::Field(_)) => Some(vec![Dim::Inferred; rank]),
            (_, Expr::Call(call)) if !makes_own(&call.func) => Some(vec![Dim::Inferred; rank]),
            (_, Expr::Unary(e)) if matches!(e.op, syn::UnOp::Deref(_)) => Some(vec![Dim::Inferred; rank]),
            (_, Expr::MethodCall(e)) if e.method == "clone" && !self.is_own(&e.receiver) => {
                Some(vec![Dim::Inferred; rank])
            }
            (_, Expr::MethodCall(e)) if e.method == "to_vec" && rank == 1 => Some(vec![Dim::Dynamic]),
            (_, Expr::Macro(e)) if e.mac.path.is_ident("vec") && rank == 1 => Some(vec![Dim::Dynamic]),
            _ => None,
        };
        match dims {
            Some(dims) => Value::Part { part: self.array_of_data(dims, expr), reference: false },
            None => Value::Opaque,
        }
    }

    /// Whether an expression is a variable that visibly is of a type of the user's.
    fn is_own(&self, expr: &Expr) -> bool {
        self.scopes.variable(expr).is_some_and(|id| self.scopes.vars[id].own)
    }

    /// What a function returns that is called, where the attribute says it.
    fn returned_type(&self, expr: &Expr) -> Option<Type> {
        let Expr::Call(call) = without_parentheses(expr) else { return None };
        let Expr::Path(path) = &*call.func else { return None };
        let name = &path.path.segments.last()?.ident;
        self.returns.iter().find(|(known, _)| known == name).map(|(_, ty)| ty.clone())
    }
}

/// The type that `collect::<Vec<f64>>()` says.
fn collected_type(expr: &Expr) -> Option<&Type> {
    let Expr::MethodCall(call) = without_parentheses(expr) else { return None };
    match call.turbofish.as_ref().filter(|_| call.method == "collect")?.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// Whether a function is one of a type, which it makes: `Matrix::zeros`.
fn makes_own(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return true };
    let owner = path.path.segments.iter().rev().nth(1);
    path.qself.is_some() || owner.is_some_and(|owner| owner.ident.to_string().starts_with(char::is_uppercase))
}
