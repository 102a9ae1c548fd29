//! Methods that look only, going by their names, called on what is of a type that is not visible: `self.edges.iter()`. Input: a call.
//! Output: its receiver, about which emitted code is to ask whether it is data of the standard library, where it runs again.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprMethodCall, UnOp};

/// Methods that data of the standard library have themselves, and that take a reference.
const OF_DATA: &[&str] = &[
    "as_deref",
    "as_ref",
    "as_slice",
    "chunks",
    "chunks_exact",
    "cloned",
    "contains",
    "contains_key",
    "copied",
    "expect",
    "first",
    "get",
    "is_none",
    "is_some",
    "iter",
    "keys",
    "last",
    "to_vec",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "values",
    "windows",
];

/// What is asked by a method that looks only.
pub(super) struct Asked {
    /// The variables that it may be a part of.
    of: Vec<String>,
    /// Itself, if rustc can be asked about it.
    receiver: Option<TokenStream>,
}

impl Asked {
    pub(super) fn of(call: &ExprMethodCall, of: Vec<String>, is_outer: &dyn Fn(&str) -> bool) -> Self {
        Asked { of, receiver: asked_by(call, is_outer).map(ToTokens::to_token_stream) }
    }

    /// Whether it is known to be data.
    pub(super) fn is_data(&self, is_data: &impl Fn(&str) -> bool) -> bool {
        self.of.iter().all(|name| is_data(name))
    }

    pub(super) fn receiver(&self) -> Option<TokenStream> {
        self.receiver.clone()
    }
}

/// How deep an expression is looked into.
const DEPTH: usize = 16;

/// What a method is called on, if rustc can be asked about it: a place that begins with a variable of the surroundings, or what such
/// methods find there.
fn asked_by<'e>(call: &'e ExprMethodCall, is_outer: &dyn Fn(&str) -> bool) -> Option<&'e Expr> {
    (is_of_data(call) && Names { is_outer }.all(&call.receiver, DEPTH)).then_some(&call.receiver)
}

fn is_of_data(call: &ExprMethodCall) -> bool {
    OF_DATA.contains(&call.method.to_string().as_str())
}

/// The variables of the surroundings.
struct Names<'n> {
    is_outer: &'n dyn Fn(&str) -> bool,
}

impl Names<'_> {
    fn all(&self, expr: &Expr, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let both = |a: &Expr, b: &Expr| self.all(a, depth) && self.all(b, depth);
        match expr {
            Expr::Lit(_) => true,
            Expr::Path(path) => path.path.get_ident().is_some_and(|name| (self.is_outer)(&name.to_string())),
            Expr::Paren(e) => self.all(&e.expr, depth),
            Expr::Group(e) => self.all(&e.expr, depth),
            Expr::Field(e) => self.all(&e.base, depth),
            Expr::Index(e) => both(&e.expr, &e.index),
            Expr::Binary(e) => both(&e.left, &e.right),
            Expr::Unary(e) => matches!(e.op, UnOp::Deref(_)) && self.all(&e.expr, depth),
            Expr::Reference(e) => e.mutability.is_none() && self.all(&e.expr, depth),
            Expr::MethodCall(e) => {
                is_of_data(e) && self.all(&e.receiver, depth) && e.args.iter().all(|arg| self.all(arg, depth))
            }
            _ => false,
        }
    }
}
