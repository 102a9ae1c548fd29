//! Integers and conditions in the user's tokens, as far as they can be computed: numbers, arithmetic, comparisons and lengths.

use super::Search;
use crate::ir::Inactive;
use syn::{BinOp, Expr, Lit, UnOp};

impl Search<'_> {
    /// The value of inactive code, if it is known; a condition is 1 or 0.
    pub(super) fn evaluate(&self, code: &Inactive) -> Option<i64> {
        if !code.expression || code.pattern.is_some() || !code.pure {
            return None;
        }
        if let Some(integer) = code.integer() {
            return Some(integer.into());
        }
        self.expr(&syn::parse2(code.tokens.clone()).ok()?, code)
    }

    fn expr(&self, expr: &Expr, code: &Inactive) -> Option<i64> {
        match expr {
            Expr::Paren(inner) => self.expr(&inner.expr, code),
            Expr::Group(inner) => self.expr(&inner.expr, code),
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(n) if ["", "usize", "i32", "i64", "isize"].contains(&n.suffix()) => n.base10_parse().ok(),
                Lit::Bool(b) => Some(i64::from(b.value)),
                _ => None,
            },
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                let (_, val) = code.reads.iter().find(|(read, _)| read == name)?;
                self.integer(*val)
            }
            Expr::Unary(unary) => match unary.op {
                UnOp::Neg(_) => self.expr(&unary.expr, code)?.checked_neg(),
                UnOp::Not(_) if is_condition(&unary.expr) => Some(1 - self.expr(&unary.expr, code)?),
                UnOp::Deref(_) => self.expr(&unary.expr, code),
                _ => None,
            },
            Expr::Cast(cast) => {
                let wide = ["usize", "isize", "i32", "i64", "u32", "u64"];
                let named = |ty: &syn::Type| matches!(ty, syn::Type::Path(p) if p.path.get_ident().is_some_and(|name| wide.contains(&name.to_string().as_str())));
                let value = self.expr(&cast.expr, code)?;
                // No cast of these changes a small number that is not negative.
                (named(&cast.ty) && (0..1 << 31).contains(&value)).then_some(value)
            }
            Expr::MethodCall(call) if call.method == "len" && call.args.is_empty() => {
                let Expr::Path(path) = &*call.receiver else { return None };
                let name = path.path.get_ident()?;
                let (_, part) = code.places.iter().find(|(place, _)| place == name)?;
                i64::try_from(self.length(part)?).ok()
            }
            Expr::MethodCall(call) if call.args.len() == 1 => {
                of_two(&call.method.to_string(), self.expr(&call.receiver, code)?, self.expr(&call.args[0], code)?)
            }
            // As chains of iterators are lowered.
            Expr::Call(call) if call.args.len() == 2 => {
                let Expr::Path(function) = &*call.func else { return None };
                let names: Vec<String> = function.path.segments.iter().map(|s| s.ident.to_string()).collect();
                let [ty, name] = names.as_slice() else { return None };
                let (a, b) = (self.expr(&call.args[0], code)?, self.expr(&call.args[1], code)?);
                (ty == "usize").then(|| of_two(name, a, b)).flatten()
            }
            Expr::Binary(binary) => {
                let (a, b) = (self.expr(&binary.left, code)?, self.expr(&binary.right, code)?);
                match binary.op {
                    BinOp::Add(_) => a.checked_add(b),
                    BinOp::Sub(_) => a.checked_sub(b),
                    BinOp::Mul(_) => a.checked_mul(b),
                    BinOp::Div(_) => a.checked_div(b),
                    BinOp::Rem(_) => a.checked_rem(b),
                    BinOp::Lt(_) => Some(i64::from(a < b)),
                    BinOp::Le(_) => Some(i64::from(a <= b)),
                    BinOp::Gt(_) => Some(i64::from(a > b)),
                    BinOp::Ge(_) => Some(i64::from(a >= b)),
                    BinOp::Eq(_) => Some(i64::from(a == b)),
                    BinOp::Ne(_) => Some(i64::from(a != b)),
                    BinOp::And(_) => Some(a & b),
                    BinOp::Or(_) => Some(a | b),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Whether an expression visibly is a condition: `!` of an integer is something else.
fn is_condition(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_condition(&inner.expr),
        Expr::Lit(literal) => matches!(literal.lit, Lit::Bool(_)),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Not(_)) && is_condition(&unary.expr),
        Expr::Binary(binary) => {
            matches!(binary.op, BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) | BinOp::Eq(_) | BinOp::Ne(_))
        }
        _ => false,
    }
}

/// A method of integers that are not negative.
fn of_two(name: &str, a: i64, b: i64) -> Option<i64> {
    let natural = a >= 0 && b >= 0;
    match name {
        "min" => Some(a.min(b)),
        "max" => Some(a.max(b)),
        "saturating_sub" if natural => Some((a - b).max(0)),
        "div_ceil" if natural && b > 0 => Some((a + b - 1) / b),
        _ => None,
    }
}
