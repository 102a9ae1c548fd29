//! What types show by their syntax: whether they carry derivatives and of which shape, whether their name may be that of a
//! struct, whether their values are visibly none of the engine's concern. A name is all that a macro sees of a type: what is
//! known for certain is said here, and what is likely is asked again where it is compiled.

use super::float_type::{parameter_of_impl, type_parameter};
use crate::ir::{Dim, Layout, Width};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Signature, Type};

/// A type that carries derivatives.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The float type.
    pub width: Width,
    /// Empty for a scalar.
    pub dims: Vec<Dim>,
    /// Behind a `&`.
    pub reference: bool,
    /// Behind a `&mut`.
    pub mutable: bool,
    /// The type of the elements, or of the parameter itself, if that is a struct.
    pub record: Option<Type>,
}

impl Shape {
    /// Whether it is one number, by value.
    pub(super) fn is_number(&self) -> bool {
        self.dims.is_empty() && self.record.is_none() && !self.reference
    }
}

/// What derivatives a type carries: a float, an array of floats, a reference to an array or a slice. `floats` are the type
/// parameters that are floats.
pub fn shape(ty: &Type, floats: &[Ident]) -> Option<Shape> {
    match ty {
        Type::Reference(r) => {
            let inner = match &*r.elem {
                // What is pushed to a list of the caller's is not followed.
                Type::Path(_) if r.mutability.is_some() => return None,
                Type::Slice(slice) => {
                    let mut inner = shape(&slice.elem, floats).filter(|s| !s.reference)?;
                    inner.dims.insert(0, Dim::Dynamic);
                    inner
                }
                elem => shape(elem, floats).filter(|s| !s.reference && !s.dims.is_empty())?,
            };
            Some(Shape { reference: true, mutable: r.mutability.is_some(), ..inner })
        }
        Type::Array(array) => {
            let mut inner = shape(&array.elem, floats).filter(|s| !s.reference)?;
            inner.dims.insert(0, Dim::Fixed(array.len.to_token_stream()));
            Some(inner)
        }
        Type::Path(path) if path.qself.is_none() && path.path.get_ident().is_none() => {
            let mut inner = shape(vec_element(ty)?, floats).filter(|s| !s.reference)?;
            inner.dims.insert(0, Dim::Dynamic);
            Some(inner)
        }
        Type::Path(path) if path.qself.is_none() => {
            let name = path.path.get_ident()?;
            let width = match name.to_string().as_str() {
                "f32" => Width::F32,
                "f64" => Width::F64,
                _ => Width::Generic(floats.iter().find(|float| *float == name)?.clone()),
            };
            Some(Shape { width, dims: Vec::new(), reference: false, mutable: false, record: None })
        }
        Type::Paren(inner) => shape(&inner.elem, floats),
        Type::Group(inner) => shape(&inner.elem, floats),
        _ => None,
    }
}

/// The same of a parameter, which may be a `&mut` to one number.
pub fn shape_of_parameter(ty: &Type, floats: &[Ident]) -> Option<Shape> {
    match ty {
        Type::Reference(r) if r.mutability.is_some() && matches!(*r.elem, Type::Path(_)) => {
            let number = shape(&r.elem, floats).filter(|s| s.dims.is_empty())?;
            Some(Shape { reference: true, mutable: true, ..number })
        }
        _ => shape(ty, floats),
    }
}

/// The dimensions of a type, and what is in it.
pub(super) fn taken_apart_type(ty: &Type) -> (Vec<Dim>, &Type) {
    let (dim, elem) = match ty {
        Type::Array(array) => (Dim::Fixed(array.len.to_token_stream()), &*array.elem),
        Type::Slice(slice) => (Dim::Dynamic, &*slice.elem),
        Type::Paren(inner) => return taken_apart_type(&inner.elem),
        Type::Group(inner) => return taken_apart_type(&inner.elem),
        ty => match vec_element(ty) {
            Some(elem) => (Dim::Dynamic, elem),
            None => return (Vec::new(), ty),
        },
    };
    let (mut inner, record) = taken_apart_type(elem);
    inner.insert(0, dim);
    (inner, record)
}

/// What is taken for a struct, or for an array of structs, because the function returns it: its name could be one.
pub(super) fn struct_result(ty: &Type, signature: &Signature) -> Option<Layout> {
    let (_, record) = taken_apart_type(ty);
    // A name that is declared nowhere near may be a type parameter of the `impl`.
    let parameter = type_parameter(record, signature).is_some() || parameter_of_impl(record, signature).is_some();
    of_struct_type(ty).filter(|_| !parameter)
}

/// What is in a type that may be a struct, or an array of structs.
pub(super) fn of_struct_type(ty: &Type) -> Option<Layout> {
    let (dims, record) = taken_apart_type(ty);
    let Type::Path(path) = record else { return None };
    let last = path.path.segments.last()?.ident.to_string();
    let named = last.starts_with(char::is_uppercase) && !CONTAINERS.contains(&last.as_str());
    let possible = named && !is_data(record) && path.qself.is_none();
    possible.then(|| Layout { dims, record: Some(record.to_token_stream()) })
}

/// Whether a type, or what it refers to, visibly is no struct.
pub fn is_data(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| DATA.contains(&name.to_string().as_str())),
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Reference(r) => is_data(&r.elem),
        Type::Slice(slice) => is_data(&slice.elem),
        Type::Array(array) => is_data(&array.elem),
        Type::Paren(inner) => is_data(&inner.elem),
        Type::Group(inner) => is_data(&inner.elem),
        _ => true,
    }
}

/// Whether a type, or what it refers to, may be one of the user's: it is no type that is known by its name.
pub fn is_named(ty: &Type) -> bool {
    match ty {
        Type::Reference(r) => is_named(&r.elem),
        Type::Paren(inner) => is_named(&inner.elem),
        Type::Group(inner) => is_named(&inner.elem),
        Type::ImplTrait(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            !DATA.contains(&name.as_str()) && !COLLECTIONS.contains(&name.as_str())
        }),
        _ => false,
    }
}

/// Types of the standard library whose methods only look at them, if they take `&self`.
const COLLECTIONS: &[&str] =
    &["Vec", "VecDeque", "Option", "Result", "Range", "RangeInclusive", "HashMap", "HashSet", "BTreeMap", "BTreeSet"];

/// Types that are no structs, whatever is in scope, and have nothing behind them that could change.
pub(super) const DATA: &[&str] = &[
    "f32", "f64", "bool", "char", "str", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
    "i64", "i128", "isize",
];

/// Types of the standard library that hold others, and are no structs of numbers.
const CONTAINERS: &[&str] = &[
    "Option",
    "Result",
    "Box",
    "Rc",
    "Arc",
    "Cell",
    "RefCell",
    "Mutex",
    "RwLock",
    "Cow",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "VecDeque",
    "BinaryHeap",
    "LinkedList",
    "Vec",
    "Ordering",
    "Duration",
];

/// Types of the standard library that are not copied.
const OWNED: &[&str] = &["Vec", "VecDeque", "String", "Box", "BTreeMap", "BTreeSet", "HashMap", "HashSet"];

/// Whether what has this type visibly is moved where it is handed on.
pub(super) fn is_owned(ty: &Type) -> bool {
    match ty {
        Type::ImplTrait(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|last| OWNED.iter().any(|owned| last.ident == owned)),
        Type::Paren(ty) => is_owned(&ty.elem),
        Type::Group(ty) => is_owned(&ty.elem),
        _ => false,
    }
}

/// The type of what is in references, arrays and slices.
pub(super) fn element(ty: &Type) -> &Type {
    match ty {
        Type::Reference(r) => element(&r.elem),
        Type::Array(a) => element(&a.elem),
        Type::Slice(s) => element(&s.elem),
        ty => ty,
    }
}

/// A type as rustfmt would write it.
pub fn readable(ty: &impl ToTokens) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (from, to) in [(" :: ", "::"), (" < ", "<"), (" >", ">"), ("& ", "&"), (" ,", ","), (" ;", ";")] {
        text = text.replace(from, to);
    }
    text
}

/// `Vec<…>`
pub fn is_vec(ty: &Type) -> bool {
    matches!(ty, Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "Vec"))
}

/// `T` of `Vec<T>`.
pub fn vec_element(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Vec")
}

/// The only type argument of a type of some name.
pub(super) fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(ty) if last.ident == name && arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// Whether a type is visibly no number. By value, another name may be one of a float: `type Real = f64;`.
pub fn data(ty: &Type, width: &Width) -> bool {
    match ty {
        Type::Reference(r) => match &*r.elem {
            Type::Path(path) => path.path.get_ident().is_none_or(|name| !width.is(&name.to_string())),
            inner => data(inner, width),
        },
        Type::Paren(inner) => data(&inner.elem, width),
        Type::ImplTrait(_) | Type::TraitObject(_) => true,
        _ => false,
    }
}

/// What a reference refers to; any other type is itself.
pub fn referred(ty: &Type) -> &Type {
    match ty {
        Type::Reference(r) => &r.elem,
        ty => ty,
    }
}

/// Whether a type is a slice, an array or a `Vec`, so that its values can be read by index.
pub fn indexable(ty: &Type) -> bool {
    match ty {
        Type::Reference(r) => indexable(&r.elem),
        Type::Slice(_) | Type::Array(_) => true,
        ty => is_vec(ty),
    }
}
