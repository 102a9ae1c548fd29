//! Views of ndarray's arrays among the parameters in `wrt`. A view owns no numbers, so the derivative with respect to one is an
//! array that does, of a type that the runtime crate names. Input: a parameter's type. Output: that type; and what is asked in
//! place of `Differentiable`, whose values own their numbers.

use crate::tokens::text;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{GenericArgument, PathArguments, Type, parse_quote};

/// The type that owns what a view lends: `Array1<f64>` of `ArrayView1<'_, f64>`.
pub(super) fn owner(ty: &Type, runtime: &TokenStream) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let dimension = last.ident.to_string().strip_prefix("ArrayView")?.to_string();
    if !DIMENSIONS.contains(&dimension.as_str()) {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let arguments = arguments.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
    let name = Ident::new(&format!("Array{dimension}"), Span::call_site().located_at(last.ident.span()));
    Some(parse_quote!(#runtime::__private::ndarray::#name<#(#arguments),*>))
}

/// How the names of views end; without an end, the dimension is an argument.
const DIMENSIONS: &[&str] = &["", "0", "1", "2", "3", "4", "5", "6", "D"];

/// What has the methods of `Differentiable` for parameters of this type, if those may be views: a module of functions.
#[must_use]
pub fn methods(record: Option<&TokenStream>, runtime: &TokenStream) -> Option<TokenStream> {
    let module = quote!(#runtime::__private::ndarray);
    text(record?).starts_with(&text(&module)).then_some(module)
}

/// Whether a type is a view that its numbers are written through.
pub(super) fn is_exclusive(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| {
        last.ident.to_string().strip_prefix("ArrayViewMut").is_some_and(|dimension| DIMENSIONS.contains(&dimension))
    }))
}
