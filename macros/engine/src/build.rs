//! How derivative code is built: one operation at a time, rewritten by [`construct`] on the way.

use crate::ir::{Func, Inactive, OpKind, Ty, Val};
use crate::rules::Prim;
use crate::simplify::{Built, Known, Operand, construct};
use proc_macro2::Literal;
use quote::quote;

/// A pass that builds derivative code.
pub trait Build {
    /// The function under construction.
    fn func(&self) -> &Func;
    /// Adds an operation with one result where the pass is.
    fn define(&mut self, kind: OpKind, ty: Ty) -> Val;
    /// What defines a value, and whether it is derivative code.
    fn definition(&self, val: Val) -> Option<(&OpKind, bool)>;

    /// Adds a constant.
    fn number(&mut self, value: f64) -> Val {
        self.define(OpKind::Const(value, None), Ty::Float)
    }

    /// Adds a primitive, rewritten.
    fn prim(&mut self, prim: Prim, args: &[Val]) -> Val {
        let built = construct(prim, args, &self.func().width, &|v| self.known(v));
        match built {
            Built::Same(val) => val,
            Built::Const(value) => {
                let ty = self.ty_of(args);
                self.define(OpKind::Const(value, None), ty)
            }
            Built::Prim(prim, operands) => {
                let args: Vec<Val> = operands.into_iter().map(|o| self.operand(o)).collect();
                let ty = self.ty_of(&args);
                self.define(OpKind::Prim(prim, args), ty)
            }
        }
    }

    /// The type of what is made of these: a tangent in several directions, if one of them is.
    fn ty_of(&self, args: &[Val]) -> Ty {
        if args.iter().any(|&arg| self.func().info(arg).ty == Ty::Lanes) { Ty::Lanes } else { Ty::Float }
    }

    /// An operand of a rewritten operation. Rewrites nest at most two deep.
    fn operand(&mut self, operand: Operand) -> Val {
        match operand {
            Operand::Val(val) => val,
            Operand::Const(value) => self.number(value),
            Operand::Int(value) => {
                let literal = Literal::i32_unsuffixed(value);
                self.define(OpKind::Inactive(Inactive::engine(quote!(#literal))), Ty::Other)
            }
            Operand::Nested(prim, operands) => {
                let args: Vec<Val> = operands.into_iter().map(|o| self.operand(o)).collect();
                self.prim(prim, &args)
            }
        }
    }

    /// What is known of a value. An operation of the primal is not looked into: it is not to be rewritten.
    fn known(&self, val: Val) -> Known {
        match self.definition(val) {
            Some((OpKind::Const(value, _), _)) => Known::Const(*value),
            Some((OpKind::Prim(prim, args), true)) => Known::Prim(prim, args.clone()),
            Some((OpKind::Inactive(code), _)) => code.integer().map_or(Known::Nothing, Known::Int),
            _ => Known::Nothing,
        }
    }
}
