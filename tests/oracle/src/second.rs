//! The second writing of a function, over dual numbers. It is syntactic and knows nothing of derivatives.

use super::{Options, Parameter};
use proc_macro2::{Ident, Span, TokenStream as Tokens};
use quote::{ToTokens as _, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, FnArg, ItemFn, Lit, Type, parse_quote};

/// The function over dual numbers.
pub fn second_writing(options: &Options, function: &ItemFn, parameters: &[Parameter]) -> Tokens {
    let mut second = function.clone();
    second.attrs.retain(|a| a.path().is_ident("allow") || a.path().is_ident("expect"));
    second.sig.ident = format_ident!("{}_dual", second.sig.ident);
    let mut rewrite = Rewrite { calls: &options.calls };
    for (arg, p) in second.sig.inputs.iter_mut().zip(parameters) {
        if let (FnArg::Typed(arg), true) = (arg, p.owned.is_some()) {
            rewrite.visit_type_mut(&mut arg.ty);
        }
    }
    rewrite.visit_return_type_mut(&mut second.sig.output);
    rewrite.visit_block_mut(&mut second.block);
    quote!(#[allow(clippy::all, clippy::pedantic, unused, unreachable_code)] #second)
}

/// What makes a body one over dual numbers.
pub struct Rewrite<'a> {
    pub calls: &'a [Ident],
}

fn dual() -> Tokens {
    quote!(crate::corpus::dual::Dual)
}

fn is_compound(op: &syn::BinOp) -> bool {
    use syn::BinOp::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};
    matches!(op, AddAssign(_) | SubAssign(_) | MulAssign(_) | DivAssign(_) | RemAssign(_))
}

pub fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Path(p) if p.path.is_ident("f64") || p.path.is_ident("f32"))
}

impl VisitMut for Rewrite<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if is_float(ty) {
            let dual = dual();
            *ty = parse_quote!(#dual);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    /// Floats in `vec![…]`, which is written as an array.
    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        if mac.path.is_ident("vec") {
            let tokens = &mac.tokens;
            let mut array: Expr = parse_quote!([#tokens]);
            self.visit_expr_mut(&mut array);
            mac.tokens = match array {
                Expr::Array(list) => list.elems.to_token_stream(),
                Expr::Repeat(r) => {
                    let (value, length) = (r.expr, r.len);
                    quote!(#value; #length)
                }
                other => other.to_token_stream(),
            };
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let dual = dual();
        match expr {
            Expr::Lit(e) if matches!(e.lit, Lit::Float(_)) => *expr = parse_quote!(#dual::constant((#e) as f64)),
            // Of floats, the right side of a compound assignment comes first; it may change what is on the left.
            Expr::Binary(e) if is_compound(&e.op) => {
                self.visit_expr_mut(&mut e.left);
                self.visit_expr_mut(&mut e.right);
                let (left, op, right) = (&e.left, &e.op, &e.right);
                let added = Ident::new("added", Span::mixed_site());
                *expr = parse_quote!({ let #added = #right; #left #op #added; });
            }
            Expr::Cast(e) if is_float(&e.ty) => {
                self.visit_expr_mut(&mut e.expr);
                let inner = &e.expr;
                if matches!(&*e.ty, Type::Path(p) if p.path.is_ident("f32")) {
                    *expr = parse_quote!(#dual::single(#inner));
                    return;
                }
                *expr = parse_quote!(<#dual as ::core::convert::From<_>>::from(#inner));
            }
            // Of a dual number, that is the value's.
            Expr::Cast(e) => {
                self.visit_expr_mut(&mut e.expr);
                let (inner, ty) = (&e.expr, &e.ty);
                *expr = parse_quote!(crate::corpus::dual::To::<#ty>::to(#inner));
            }
            Expr::Path(p) => {
                let names: Vec<String> = p.path.segments.iter().map(|s| s.ident.to_string()).collect();
                let last = names.last().map_or("", String::as_str);
                if names.len() == 1 && self.calls.iter().any(|c| c == last) {
                    let second = format_ident!("{last}_dual");
                    *expr = parse_quote!(#second);
                } else if last == "stop_gradient" {
                    *expr = parse_quote!(#dual::stop_gradient);
                } else if names.iter().any(|n| n == "f64" || n == "f32") {
                    if last.chars().all(|c| !c.is_lowercase()) {
                        *expr = parse_quote!(#dual::constant((#p) as f64));
                    } else {
                        let method = format_ident!("{last}");
                        *expr = parse_quote!(#dual::#method);
                    }
                } else {
                    visit_mut::visit_expr_path_mut(self, p);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
}
