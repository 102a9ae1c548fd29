//! The structs of which functions are methods. Input: a type's name and the sources of its crate. Output: where the derive
//! goes, and which fields are data.
//!
//! Nothing is written but attributes: `#[derive(Differentiable)]` on the struct, and on those that are fields of it, and
//! `#[differentiate(skip)]` on fields that are not made of floats.

use crate::choice::{is_floats, text};
use proc_macro2::LineColumn;
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Item, ItemStruct, Type};

/// A struct of a crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    pub file: String,
    pub name: String,
    /// Behind its attributes.
    pub begin: LineColumn,
    pub end: LineColumn,
    /// Whether there is an `f32` in it.
    pub single: bool,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq)]
struct Field {
    /// Behind its attributes.
    begin: LineColumn,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// So many floats.
    Floats(usize),
    /// Perhaps a struct of the crate.
    Other(String),
}

/// The structs in a file.
pub fn structs(items: &[Item], file: &str, found: &mut Vec<Struct>) {
    for item in items {
        match item {
            Item::Struct(item) => found.push(read(item, file)),
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    structs(items, file, found);
                }
            }
            _ => {}
        }
    }
}

fn read(item: &ItemStruct, file: &str) -> Struct {
    let parameters: Vec<String> = item.generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
    let fields = item.fields.iter().map(|field| {
        let kind = match floats(&field.ty, &parameters) {
            Some(count) => Kind::Floats(count),
            None => Kind::Other(name(&text(element(&field.ty))).to_owned()),
        };
        let start = if let syn::Visibility::Inherited = field.vis {
            field.ident.as_ref().map_or_else(|| field.ty.span(), syn::Ident::span)
        } else {
            field.vis.span()
        };
        Field { begin: start.start(), kind }
    });
    let first = match &item.vis {
        syn::Visibility::Inherited => item.struct_token.span,
        visibility => visibility.span(),
    };
    let end = item.to_token_stream().into_iter().last().map_or(first, |token| token.span()).end();
    let single = text(&item.fields).contains("f32");
    Struct {
        file: file.into(),
        name: item.ident.to_string(),
        begin: first.start(),
        end,
        single,
        fields: fields.collect(),
    }
}

/// How many floats are in a type that is made of nothing else.
fn floats(ty: &Type, parameters: &[String]) -> Option<usize> {
    match ty {
        Type::Array(array) => Some(floats(&array.elem, parameters)? * text(&array.len).parse::<usize>().ok()?),
        // An `Option` has no derivative.
        Type::Path(path) => {
            let plain = path.path.segments.len() == 1 && !text(ty).starts_with("Option<");
            (plain && is_floats(ty, parameters)).then_some(1)
        }
        _ => None,
    }
}

/// `Point` of `&Point`.
pub fn referred(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => referred(&reference.elem),
        ty => ty,
    }
}

/// `Point` of `[Point; 3]` and `Vec<Point>`.
pub fn element(ty: &Type) -> &Type {
    match ty {
        Type::Array(array) => element(&array.elem),
        Type::Reference(reference) => element(&reference.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(syn::PathSegment { ident, arguments: syn::PathArguments::AngleBracketed(list) }) if ident == "Vec" => {
                match list.args.first() {
                    Some(syn::GenericArgument::Type(inner)) => element(inner),
                    _ => ty,
                }
            }
            _ => ty,
        },
        _ => ty,
    }
}

/// `Point` of `geometry::Point<S>`.
fn name(ty: &str) -> &str {
    ty.split('<').next().unwrap_or(ty).rsplit("::").next().unwrap_or(ty)
}

/// The struct of a type, and the structs in it, and how many floats are in it; if there are any. Of several with the name, it is
/// that of the file where the type stands.
pub fn with_fields(ty: &str, file: &str, all: &[Struct]) -> Option<(Vec<Struct>, usize)> {
    let mut named: Vec<&Struct> = all.iter().filter(|item| item.name == name(ty)).collect();
    if named.len() > 1 {
        named.retain(|item| item.file == file);
    }
    let [item] = named[..] else { return None };
    let (mut list, mut count) = (vec![item.clone()], 0);
    for field in &item.fields {
        match &field.kind {
            Kind::Floats(more) => count += more,
            Kind::Other(inner) if inner != name(ty) => {
                if let Some((inner, more)) = with_fields(inner, &item.file, all) {
                    list.extend(inner);
                    count += more;
                }
            }
            Kind::Other(_) => {}
        }
    }
    (count > 0).then_some((list, count))
}

impl Struct {
    /// The attributes, and where they go.
    pub fn attributes(&self, derived: &[Struct]) -> Vec<(LineColumn, String)> {
        let data = self.fields.iter().filter(|field| match &field.kind {
            Kind::Floats(_) => false,
            Kind::Other(name) => !derived.iter().any(|item| item.name == *name),
        });
        let skipped = data.map(|field| (field.begin, "#[differentiate(skip)] ".to_owned()));
        std::iter::once((self.begin, "#[derive(symgrad::Differentiable)] ".to_owned())).chain(skipped).collect()
    }

    /// Whether a type is this one, by its name.
    pub fn is_named(&self, ty: &str) -> bool {
        self.name == name(ty)
    }

    /// Whether a line is one of its own.
    pub fn has_line(&self, line: usize) -> bool {
        (self.begin.line..=self.end.line).contains(&line)
    }
}
