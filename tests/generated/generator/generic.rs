//! A function of `f64` as one of any float type `T`: types, constants and conversions.

use quote::{ToTokens as _, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Lit, Type, parse_quote};

/// The same function, which has `T` among its parameters already.
pub fn of_any_float(source: &str) -> String {
    let mut function: syn::ItemFn = syn::parse_str(source).unwrap_or_else(|e| panic!("{e}\n{source}"));
    let generics = function.sig.generics.clone();
    AnyFloat.visit_item_fn_mut(&mut function);
    function.sig.generics = generics;
    function.to_token_stream().to_string()
}

struct AnyFloat;

fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Path(p) if p.path.is_ident("f64"))
}

impl VisitMut for AnyFloat {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if is_float(ty) {
            *ty = parse_quote!(T);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Lit(e) if matches!(e.lit, Lit::Float(_)) => *expr = parse_quote!(T::from(#e).unwrap()),
            Expr::Cast(e) if is_float(&e.ty) => {
                let inner = &e.expr;
                *expr = parse_quote!(T::from(#inner).unwrap());
            }
            Expr::Call(e) => {
                e.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg));
                let path = e.func.to_token_stream().to_string().replace(' ', "");
                let args = &e.args;
                if path == "f64::from" {
                    *expr = parse_quote!(T::from(#args).unwrap());
                } else if let Some(name) = path.strip_prefix("f64::") {
                    let name = format_ident!("{name}");
                    *expr = parse_quote!(T::#name(#args));
                }
            }
            Expr::Path(e) => match e.to_token_stream().to_string().replace(' ', "").as_str() {
                "f64::EPSILON" => *expr = parse_quote!(T::epsilon()),
                path if path.contains("f64::consts") => *expr = parse_quote!(T::from(#e).unwrap()),
                _ => {}
            },
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
}
