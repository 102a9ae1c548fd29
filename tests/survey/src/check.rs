//! The code that checks a function. Input: its signature. Output: an expression of type `Subject` of the support crate, with
//! the function's arguments made of a list of numbers; or why there is none. Type parameters of floats are `f64` there.

use crate::annotate::{Annotation, content, is_number};
use crate::choice::{Function, text};
use crate::values::Values;
use quote::ToTokens as _;
use std::fmt::Write as _;
use syn::{FnArg, GenericArgument, PathArguments, ReceiverKind, ReturnType, Type};

/// How long slices are.
const LENGTH: usize = 4;
/// What a `const N: usize` is.
const SIZE: usize = 3;

/// Arguments while they are written.
struct Arguments<'f> {
    function: &'f Function,
    annotation: &'f Annotation,
    values: &'f Values,
    /// How many numbers there are so far, beside those of structs.
    numbers: usize,
    /// The values of structs that are differentiated: their numbers come behind all others.
    structs: Vec<String>,
    /// What is lent to the function: each with what it begins with.
    lent: Vec<String>,
    single: bool,
}

/// One argument: an expression of `point[0]`, `point[1]`, …; whether it is made of them alone.
struct Argument {
    code: String,
    active: bool,
}

/// The check of a function.
pub fn subject(function: &Function, annotation: &Annotation, values: &Values) -> Result<String, String> {
    let domain = values.domain(&function.package, &function.name);
    let nothing: Type = syn::parse_quote!(());
    let result = match &function.item.sig.output {
        ReturnType::Type(_, ty) => &**ty,
        ReturnType::Default => &nothing,
    };
    // What is computed in `f32` on the way is no more precise than that.
    let rounded = text(result).contains("f32") || text(&function.item.block).contains("to_f32");
    let single = rounded || annotation.derived().any(|item| item.single);
    let (structs, lent) = (Vec::new(), Vec::new());
    let mut arguments = Arguments { function, annotation, values, numbers: 0, structs, lent, single };
    let (mut receiver, mut list, mut tangents) = (None, Vec::new(), Vec::new());
    let (mut changes, mut order) = (false, Vec::new());
    for input in &function.item.sig.inputs {
        let (first, structs) = (arguments.numbers, arguments.structs.len());
        match input {
            FnArg::Receiver(this) => {
                let block = function.block.as_ref().ok_or("a receiver of no type")?;
                let of_struct = annotation.differentiates("self");
                let value = match &*block.self_ty {
                    array @ Type::Array(_) => arguments.of(array).ok_or("a receiver of this type")?,
                    ty => arguments.receiver(&text(ty), of_struct)?,
                };
                let number = value.active && !of_struct && !matches!(&*block.self_ty, Type::Array(_));
                let by_value = matches!(this.kind, ReceiverKind::Value) || number;
                changes = matches!(this.kind, ReceiverKind::Reference(_, _, Some(_)));
                let borrow = match (by_value, changes) {
                    (true, _) => "",
                    (false, true) => "&mut ",
                    (false, false) => "&",
                };
                if value.active {
                    tangents.push(format!("{borrow}{}", value.code));
                }
                receiver = Some(if by_value { value.code } else { format!("({borrow}{})", value.code) });
            }
            FnArg::Typed(input) if !domain.wrt.is_empty() && !domain.wrt.contains(&text(&input.pat)) => {
                list.push("1e-9".into());
            }
            FnArg::Typed(input) => {
                let unknown = || format!("a parameter of type `{}`", readable(&input.ty));
                if let Some(inner) = exclusive(&input.ty) {
                    let begin = arguments.of(inner).filter(|begin| begin.active).ok_or_else(unknown)?;
                    let place = arguments.lent.len();
                    arguments.lent.push(begin.code);
                    list.push(format!("&mut lent{place}"));
                    tangents.push(format!("&mut tangent_lent{place}"));
                    continue;
                }
                let named = annotation.differentiates(&text(&input.pat));
                let argument = if named { arguments.of_struct(&input.ty) } else { arguments.of(&input.ty) };
                let argument = argument.ok_or_else(unknown)?;
                if argument.active {
                    tangents.push(argument.code.clone());
                }
                list.push(argument.code);
            }
        }
        // Structs come last among the numbers, and where they are among the parameters in a gradient.
        let numbers = (arguments.numbers > first).then(|| format!("({first}, {})", arguments.numbers - first));
        order.extend(numbers);
        order.extend((structs..arguments.structs.len()).map(|k| format!("(end{k}, end{} - end{k})", k + 1)));
    }
    let Arguments { numbers, structs, lent, single, .. } = arguments;
    let path = match (&receiver, &function.block) {
        (Some(receiver), _) => format!("{receiver}.{}", own_name(function)),
        (None, Some(block)) => format!("<{}>::{}", monomorphic(&text(&block.self_ty), function), own_name(function)),
        (None, None) => function.item.sig.ident.to_string(),
    };
    let turbofish = told_types(function);
    // Where there is a second list, it is made in the same way.
    let along = |code: &String| code.replace("point[", "tangent[");
    let call = |suffix: &str, tangents: &[String]| {
        let arguments: Vec<String> = list.iter().cloned().chain(tangents.iter().map(along)).collect();
        format!("{path}{suffix}{turbofish}({})", arguments.join(", "))
    };
    // What fails is a `None`.
    let optional = |call: String| match content(result) {
        None => format!("Some({call})"),
        Some(_) if text(result).starts_with("Option") => call,
        Some(_) => format!("{call}.ok()"),
    };
    let listed = if annotation.of_result { "flat_of" } else { "numbers" };
    let lists = |value: &str, prefix: &str| {
        let lent = (0..lent.len()).map(|k| format!("S::numbers(&{prefix}lent{k})"));
        let all: Vec<String> = std::iter::once(format!("S::{listed}(&{value})")).chain(lent).collect();
        format!("[{}].concat()", all.join(", "))
    };
    let begun: String = lent.iter().enumerate().map(|(k, code)| format!("let mut lent{k} = {code}; ")).collect();
    let begun_along = lent.iter().enumerate().map(|(k, code)| format!("let mut tangent_lent{k} = {}; ", along(code)));
    let begun_along: String = begun_along.collect();
    let value = format!("{{ {begun}{}.map(|y| {}) }}", optional(call("", &[])), lists("y", ""));
    let unit = text(content(result).unwrap_or(result)) == "()";
    let (pattern, tangent) = if unit { ("y", "y") } else { ("(y, t)", "t") };
    let jvp = optional(call("_jvp", &tangents));
    let jvp = format!(
        "{{ {begun}{begun_along}{jvp}.map(|{pattern}| ({}, {})) }}",
        lists("y", ""),
        lists(tangent, "tangent_")
    );
    // What a method changes is in no gradient.
    let gradient = if is_number(function) && annotation.kinds.contains("gradient") && !changes && lent.is_empty() {
        let call = optional(call("_value_and_gradient", &[]));
        let order = order.join(", ");
        format!("Some(&|point: &[f64]| {call}.map(|(y, g)| (S::numbers(&y), S::ordered(S::flat(g), &[{order}]))))")
    } else {
        "None".to_owned()
    };
    let ranges = domain.ranges;
    let mut ends = format!("let end0: usize = {numbers}; ");
    for (k, code) in structs.iter().enumerate() {
        let _ = write!(ends, "let end{}: usize = end{k} + S::count(&{code}); ", k + 1);
    }
    let last = structs.len();
    Ok(format!(
        "extern crate symgrad_survey_support as S; {ends}S::probe(&S::Subject {{ inputs: end{last}, domain: \"{ranges}\", single: {single}, \
         value: &|point: &[f64]| {value}, gradient: {gradient}, jvp: &|point: &[f64], tangent: &[f64]| {jvp} }})"
    ))
}

/// What is behind a `&mut`.
fn exclusive(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Reference(reference) if reference.mutability.is_some() => Some(&reference.elem),
        _ => None,
    }
}

fn own_name(function: &Function) -> String {
    function.item.sig.ident.to_string().trim_start_matches("r#").to_owned()
}

/// The type parameters of a free function: those of floats are `f64`.
fn told_types(function: &Function) -> String {
    let generics = &function.item.sig.generics;
    let unnamed = function.item.sig.inputs.to_token_stream().to_string().contains("impl ");
    if function.block.is_some() || unnamed || (generics.type_params().next().is_none()) {
        return String::new();
    }
    let told = generics.params.iter().filter_map(|parameter| match parameter {
        syn::GenericParam::Lifetime(_) => None,
        syn::GenericParam::Type(ty)
            if function.floats.iter().any(|name| ty.ident == name) && !converts(function, &ty.ident) =>
        {
            Some("f64")
        }
        _ => Some("_"),
    });
    format!("::<{}>", told.collect::<Vec<_>>().join(", "))
}

/// Whether a type parameter is for whatever is converted to a float, so that it is data.
fn converts(function: &Function, name: &proc_macro2::Ident) -> bool {
    let mut parameters = function.item.sig.generics.type_params();
    parameters.any(|parameter| {
        parameter.ident == *name
            && !parameter.bounds.is_empty()
            && parameter.bounds.iter().all(|bound| text(bound).starts_with("Into<"))
    })
}

impl Arguments<'_> {
    fn receiver(&mut self, ty: &str, differentiated: bool) -> Result<Argument, String> {
        if ty == "f64" || ty == "f32" {
            self.single |= ty == "f32";
            self.numbers += 1;
            return Ok(Argument { code: format!("(point[{}] as {ty})", self.numbers - 1), active: true });
        }
        let known = self.values.expression(&self.function.package, ty);
        let code = known.ok_or_else(|| format!("a receiver of type `{ty}`"))?.to_owned();
        if differentiated {
            Ok(self.other_numbers(code))
        } else {
            Ok(Argument { code: format!("({code})"), active: false })
        }
    }

    /// A struct that is differentiated has other numbers each time.
    fn other_numbers(&mut self, code: String) -> Argument {
        let k = self.structs.len();
        let made = format!("S::with({code}, &point[end{k}..end{}])", k + 1);
        self.structs.push(code);
        Argument { code: made, active: true }
    }

    /// A parameter that is named in `wrt(…)`: a struct, or floats.
    fn of_struct(&mut self, ty: &Type) -> Option<Argument> {
        let (borrow, inner) = match ty {
            Type::Reference(reference) => ("&", &*reference.elem),
            ty => ("", ty),
        };
        let name = match &self.function.block {
            Some(block) if text(inner) == "Self" => text(&block.self_ty),
            _ => text(inner),
        };
        if !self.annotation.derived().any(|item| item.is_named(&name)) {
            return self.of(ty);
        }
        let code = self.values.expression(&self.function.package, &name)?.to_owned();
        let made = self.other_numbers(code);
        Some(Argument { code: format!("{borrow}{}", made.code), active: true })
    }

    fn of(&mut self, ty: &Type) -> Option<Argument> {
        if let Some(code) = self.values.expression(&self.function.package, &text(ty)) {
            return Some(Argument { code: code.to_owned(), active: false });
        }
        if let (true, Some(block)) = (text(ty) == "Self", &self.function.block) {
            return self.of(&block.self_ty);
        }
        match ty {
            Type::Reference(reference) if reference.mutability.is_none() => {
                let inner = self.of(&reference.elem)?;
                Some(Argument { code: format!("&{}", inner.code), ..inner })
            }
            Type::Slice(slice) => self.many(&slice.elem, LENGTH),
            Type::Array(array) => {
                let length = text(&array.len);
                let block = self.function.block.as_ref().map(|block| &block.generics);
                let generics = std::iter::once(&self.function.item.sig.generics).chain(block);
                let constant = generics.flat_map(|g| g.const_params()).any(|c| c.ident == length);
                let named = self.values.expression(&self.function.package, &length).unwrap_or(&length);
                let length = if constant { SIZE } else { named.parse().ok()? };
                self.many(&array.elem, length)
            }
            Type::Path(path) => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                match &*name {
                    "Vec" => {
                        let PathArguments::AngleBracketed(list) = &last.arguments else { return None };
                        let GenericArgument::Type(ty) = list.args.first()? else { return None };
                        let inner = self.many(ty, LENGTH)?;
                        Some(Argument { code: format!("S::list(&{})", inner.code), ..inner })
                    }
                    "f32" => {
                        self.single = true;
                        let number = self.number();
                        Some(Argument { code: format!("({} as f32)", number.code), ..number })
                    }
                    "usize" | "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64" | "isize" => {
                        Some(Argument { code: "2".into(), active: false })
                    }
                    "bool" => Some(Argument { code: "true".into(), active: false }),
                    _ if converts(self.function, &last.ident) => Some(Argument { code: "2.5".into(), active: false }),
                    _ if self.function.alias(&name) == Some("f32") => {
                        self.single = true;
                        let number = self.number();
                        Some(Argument { code: format!("({} as f32)", number.code), ..number })
                    }
                    _ if self.function.alias(&name) == Some("f64") => Some(self.number()),
                    _ if name == "f64" || self.function.floats.contains(&name) => Some(self.number()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Argument {
        self.numbers += 1;
        Argument { code: format!("point[{}]", self.numbers - 1), active: true }
    }

    fn many(&mut self, ty: &Type, count: usize) -> Option<Argument> {
        let parts: Option<Vec<Argument>> = (0..count).map(|_| self.of(ty)).collect();
        let parts = parts?;
        let active = parts.iter().all(|part| part.active);
        let codes: Vec<String> = parts.into_iter().map(|part| part.code).collect();
        Some(Argument { code: format!("[{}]", codes.join(", ")), active })
    }
}

/// A type with `f64` for the type parameters of floats.
fn monomorphic(ty: &str, function: &Function) -> String {
    let Ok(tokens) = ty.parse::<proc_macro2::TokenStream>() else { return ty.to_owned() };
    let renamed = |tokens: proc_macro2::TokenStream| replace(tokens, &function.floats);
    renamed(tokens).to_string()
}

fn replace(tokens: proc_macro2::TokenStream, names: &[String]) -> proc_macro2::TokenStream {
    use proc_macro2::{Group, Ident, TokenTree};
    let mapped = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) if names.iter().any(|n| name == n) => Ident::new("f64", name.span()).into(),
        TokenTree::Group(group) => Group::new(group.delimiter(), replace(group.stream(), names)).into(),
        other => other,
    });
    mapped.collect::<Vec<TokenTree>>().into_iter().collect()
}

fn readable(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(" < ", "<").replace(" >", ">").replace(" , ", ", ").replace("& ", "&")
}
