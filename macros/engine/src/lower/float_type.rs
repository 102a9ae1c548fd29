//! The float type of a function that is generic over it. Input: a signature with the generics around it. Output: the type
//! parameters that are floats.
//!
//! A macro does not see what a bound implies. So a type parameter is taken for a float by the name of a bound, `num_traits::Float`,
//! or, where none has such a name, by its use: what is returned is made of it, and it is bound by a trait that may be one of
//! floats, `S: Scalar`. What is emitted compiles only if it is one (`is_float` in the runtime).

use super::fallible;
use super::types::{Shape, shape, struct_result};
use crate::tokens::has_word;
use proc_macro2::Ident;
use syn::{FnArg, ReceiverKind, ReturnType, Signature, Type, TypeParamBound, WherePredicate};

/// Traits of the language and of `std` of which none says what a type is: one with other bounds may be anything.
const OF_ANYTHING: &[&str] = &[
    "Copy",
    "Clone",
    "Default",
    "Debug",
    "Display",
    "LowerExp",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Eq",
    "Ord",
    "Hash",
    "PartialEq",
    "PartialOrd",
    "Fn",
    "FnMut",
    "FnOnce",
    "Iterator",
    "IntoIterator",
    "ExactSizeIterator",
    "AsRef",
    "AsMut",
    "Borrow",
    "Into",
    "From",
    "TryInto",
    "TryFrom",
    "Deref",
    "Index",
    "Any",
    "ToString",
    "FromStr",
    "Neg",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "Sum",
    "Product",
];

/// Traits of `num_traits`, of which it is known what their methods do.
const OF_NUM_TRAITS: &[&str] = &[
    "Float",
    "FloatCore",
    "FloatConst",
    "Num",
    "NumAssign",
    "NumAssignOps",
    "NumCast",
    "NumOps",
    "NumRef",
    "ToPrimitive",
    "FromPrimitive",
    "AsPrimitive",
    "Zero",
    "One",
    "Signed",
    "Bounded",
    "Euclid",
    "Inv",
    "MulAdd",
    "MulAddAssign",
    "Pow",
];

/// Whether one that is a float has a bound of the user's, whose methods come before those of other traits: `x.into()` may be any.
pub(super) fn has_own_bound(signature: &Signature) -> bool {
    let bounded = bounded(signature, &|name| !OF_ANYTHING.contains(&name) && !OF_NUM_TRAITS.contains(&name));
    float_parameters(signature).iter().any(|float| bounded.contains(float))
}

/// Whether what is a float is so by `FloatCore` alone.
#[must_use]
pub fn is_core(signature: &Signature) -> bool {
    let named = |wanted: &str| !bounded(signature, &|name| name == wanted).is_empty();
    named("FloatCore") && !named("Float")
}

/// The type parameters that are floats.
pub(super) fn float_parameters(signature: &Signature) -> Vec<Ident> {
    let named = bounded(signature, &|name| name.ends_with("Float") || name.ends_with("Real"));
    if !named.is_empty() {
        return named;
    }
    let possible = bounded(signature, &|name| !OF_ANYTHING.contains(&name));
    possible.into_iter().filter(|parameter| is_returned(signature, parameter)).take(1).collect()
}

/// The type parameter that a type is.
pub(super) fn type_parameter<'s>(ty: &Type, signature: &'s Signature) -> Option<&'s Ident> {
    let Type::Path(path) = ty else { return None };
    let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
    signature.generics.type_params().map(|p| &p.ident).find(|p| *p == name)
}

/// What the result of a method is made of, if it looks like a type parameter and is none of the method: perhaps one of the
/// `impl` around it, which the attribute on a method does not see.
pub(super) fn parameter_of_impl<'t>(ty: &'t Type, signature: &Signature) -> Option<&'t Ident> {
    undeclared(ty, signature).filter(|_| signature.receiver().is_some())
}

/// What a type is made of, if it looks like a type parameter and is none of the function.
pub(super) fn undeclared<'t>(ty: &'t Type, signature: &Signature) -> Option<&'t Ident> {
    match ty {
        Type::Array(array) => undeclared(&array.elem, signature),
        Type::Slice(slice) => undeclared(&slice.elem, signature),
        Type::Reference(reference) => undeclared(&reference.elem, signature),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|ty| undeclared(ty, signature)),
        Type::Path(path) if path.qself.is_none() => {
            let name = path.path.get_ident()?;
            let text = name.to_string();
            let short = text.len() <= 2 && text.starts_with(char::is_uppercase);
            (short && type_parameter(ty, signature).is_none()).then_some(name)
        }
        _ => None,
    }
}

/// The type parameters with a bound of some name, at their declaration or in the `where` clause.
fn bounded(signature: &Signature, wanted: &dyn Fn(&str) -> bool) -> Vec<Ident> {
    let fits = |bound: &TypeParamBound| {
        let TypeParamBound::Trait(bound) = bound else { return false };
        bound.path.segments.last().is_some_and(|last| wanted(&last.ident.to_string()))
    };
    let generics = &signature.generics;
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let in_clause: Vec<&Ident> = clause
        .filter_map(|predicate| match predicate {
            WherePredicate::Type(p) if p.bounds.iter().any(fits) => type_parameter(&p.bounded_ty, signature),
            _ => None,
        })
        .collect();
    let params = generics.type_params().filter(|p| p.bounds.iter().any(fits) || in_clause.contains(&&p.ident));
    params.map(|p| p.ident.clone()).collect()
}

/// Whether what is returned, or written to a buffer if nothing is, is made of a type parameter. Of a struct that does not
/// say what it is made of, the numbers among the parameters tell.
fn is_returned(signature: &Signature, parameter: &Ident) -> bool {
    let floats = [parameter.clone()];
    let made_of = |shape: Shape| shape.width.is(&parameter.to_string());
    let given = |mutable: bool| {
        signature.inputs.iter().any(|input| match input {
            FnArg::Typed(typed) => {
                shape(&typed.ty, &floats).is_some_and(|shape| (shape.mutable || !mutable) && made_of(shape))
            }
            FnArg::Receiver(receiver) => mutable && matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))),
        })
    };
    let one = |ty: &Type| match shape(ty, &floats) {
        Some(shape) => made_of(shape),
        None => struct_result(ty, signature).is_some_and(|layout| {
            layout.record.is_some_and(|record| has_word(record, &parameter.to_string())) || given(false)
        }),
    };
    match &signature.output {
        ReturnType::Default => given(true),
        ReturnType::Type(_, ty) => {
            let inner = fallible::wrapper(&signature.output).map_or_else(|| (**ty).clone(), |(_, inner)| inner);
            match &inner {
                Type::Tuple(tuple) => tuple.elems.iter().any(one),
                ty => one(ty),
            }
        }
    }
}
