//! Functions of the float type named by a path: `f64::sin`, `T::zero`, `<T as Float>::sqrt`. Input: an expression. Output:
//! which function it calls. A type parameter has its constants as such functions, and others by conversion from a number.

use super::discrete::INTEGERS;
use super::syntax::{path_of, path_text};
use crate::ir::Width;
use crate::rules::{Prim, derivative as table, library};
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::{Expr, GenericArgument, PathArguments, Type};

/// Constants of `num_traits`: functions without arguments. Those of its `FloatConst` are written in capitals.
const CONSTANTS: &[&str] = &[
    "default",
    "zero",
    "one",
    "epsilon",
    "infinity",
    "neg_infinity",
    "neg_zero",
    "nan",
    "max_value",
    "min_value",
    "min_positive_value",
];

/// The name of the function that a path means, if it belongs to the float type.
pub(super) fn function(func: &Expr, width: &Width) -> Option<String> {
    let path = match func {
        Expr::Path(path) => path,
        Expr::Paren(inner) => return function(&inner.expr, width),
        _ => return None,
    };
    match &path.qself {
        Some(qself) if is_float(&qself.ty, width) => path.path.segments.last().map(|s| s.ident.to_string()),
        Some(_) => None,
        None => {
            let text = path_text(&path.path);
            let (ty, name) = text.split_once("::")?;
            width.is(ty).then(|| name.to_string())
        }
    }
}

/// The trait and the method that a path of a trait of floats means: `Float::sin`, `num_traits::Float::sin`, `<f64 as Float>::sin`.
pub(super) fn trait_function(func: &Expr) -> Option<(String, String)> {
    let Expr::Path(path) = func else { return None };
    let mut segments = path.path.segments.iter().rev();
    let (name, of) = (segments.next()?, segments.next()?);
    let (of, name) = (of.ident.to_string(), name.ident.to_string());
    matches!(&*of, "Float" | "Real").then_some((of, name))
}

/// The primitive that a path of the float type, of a trait of floats, or of a library means.
pub(super) fn primitive(func: &Expr, width: &Width) -> Option<Prim> {
    if let Some((of, name)) = trait_function(func) {
        return if width.is_generic() && of != "Float" { method(&name, width) } else { library::float(&name) };
    }
    if let Some(name) = function(func, width) {
        return method(&name, width);
    }
    library::path(&path_of(func)?)
}

/// The primitive that a method of the float type is.
pub(super) fn method(name: &str, width: &Width) -> Option<Prim> {
    if width.is_generic() && table::INHERENT_METHODS.contains(&name) {
        return library::euclid(name);
    }
    table::method(name)
}

/// The operand of `x.sin_cos()`, `f64::sin_cos(x)` and `libm::sincos(x)`, and the two functions that it is.
pub(super) fn sin_cos<'e>(expr: &'e Expr, width: &Width) -> Option<(&'e Expr, [Prim; 2])> {
    let of_std: [Prim; 2] = [&table::SIN, &table::COS];
    match expr {
        Expr::MethodCall(call) if call.method == "sin_cos" && call.args.is_empty() => Some((&call.receiver, of_std)),
        Expr::Call(call) if call.args.len() == 1 => {
            let single = match path_of(&call.func).as_deref() {
                Some("libm::sincos") => Some(""),
                Some("libm::sincosf") => Some("f"),
                _ => None,
            };
            if let Some(single) = single {
                let [sin, cos] = ["sin", "cos"].map(|name| library::path(&format!("libm::{name}{single}")));
                return Some((call.args.first()?, [sin?, cos?]));
            }
            let of_trait = if width.is_generic() { trait_function(&call.func).map(|(_, name)| name) } else { None };
            let name = function(&call.func, width).filter(|_| trait_function(&call.func).is_none()).or(of_trait)?;
            call.args.first().filter(|_| name == "sin_cos").map(|x| (x, of_std))
        }
        _ => None,
    }
}

/// Whether an expression is a constant of the float type: `T::zero()`, `-T::one()`, `T::from(2.0).unwrap()`. What it is
/// made from may be any number.
pub(super) fn is_constant(expr: &Expr, width: &Width) -> bool {
    match expr {
        Expr::Paren(e) => is_constant(&e.expr, width),
        Expr::Group(e) => is_constant(&e.expr, width),
        Expr::Call(e) => {
            let named = |name: &str| CONSTANTS.contains(&name) || name.chars().all(|c| !c.is_lowercase());
            e.args.is_empty()
                && (function(&e.func, width).is_some_and(|name| named(&name))
                    || generic_function(&e.func, width).is_some_and(|name| CONSTANTS.contains(&&*name)))
        }
        Expr::MethodCall(e) if takes_out(&e.method) => is_conversion(&e.receiver, width),
        _ => false,
    }
}

/// The name of the float type that a constant is of.
pub(super) fn type_of_constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(e) => type_of_constant(&e.expr),
        Expr::Group(e) => type_of_constant(&e.expr),
        Expr::MethodCall(e) => type_of_constant(&e.receiver),
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            let last = path.path.segments.last()?;
            let argument = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.last(),
                _ => None,
            };
            match (&path.qself, argument) {
                (Some(qself), _) => Some(qself.ty.to_token_stream().to_string()),
                (None, Some(GenericArgument::Type(ty))) => Some(ty.to_token_stream().to_string()),
                _ => path_text(&path.path).split_once("::").map(|(ty, _)| ty.to_string()),
            }
        }
        _ => None,
    }
}

/// Whether an expression is a number converted to the float type, in an `Option`: `T::from(2.0)`, `cast::<_, T>(n)`.
pub(super) fn is_conversion(expr: &Expr, width: &Width) -> bool {
    let Expr::Call(call) = expr else { return false };
    call.args.len() == 1
        && (function(&call.func, width).is_some_and(|name| is_conversion_name(&name))
            || generic_function(&call.func, width).is_some_and(|name| name == "cast"))
}

/// Whether a method of an `Option` has its value: `unwrap`, `expect`, `unwrap_or`, …
pub(super) fn takes_out(method: &Ident) -> bool {
    method == "expect" || method.to_string().starts_with("unwrap")
}

/// `from`, `from_f64`, `from_usize`, …
pub(super) fn is_conversion_name(name: &str) -> bool {
    name == "from" || name.strip_prefix("from_").is_some_and(|ty| ty.starts_with(['f', 'i', 'u']))
}

/// The name of a function of which the last type argument is the float type: `zero::<T>`.
fn generic_function(func: &Expr, width: &Width) -> Option<String> {
    let Expr::Path(path) = func else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.last() {
        Some(GenericArgument::Type(ty)) if is_float(ty, width) => Some(last.ident.to_string()),
        _ => None,
    }
}

fn is_float(ty: &Type, width: &Width) -> bool {
    matches!(ty, Type::Path(path) if path.qself.is_none() && path.path.get_ident().is_some_and(|i| width.is(&i.to_string())))
}

/// Whether a path is one into a primitive integer: `u8::from`.
pub(super) fn of_integer(func: &Expr) -> bool {
    let owner = |path: String| Some(path.rsplit_once("::")?.0.to_string());
    path_of(func).and_then(owner).is_some_and(|owner| INTEGERS.contains(&&*owner))
}

/// Whether a path is one into a primitive float, the function's own float type, or a trait of floats.
pub(super) fn of_float(func: &Expr, width: &Width) -> bool {
    [&Width::F32, &Width::F64, width].iter().any(|width| function(func, width).is_some())
        || trait_function(func).is_some()
}
