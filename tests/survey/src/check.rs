//! The code that checks a function. Input: its signature. Output: an expression of type `Subject` of the support crate, with
//! the function's arguments made of a list of numbers; or why there is none. Type parameters of floats are `f64` there.

use crate::annotate::{Annotation, content, is_number};
use crate::choice::{Function, text};
use crate::values::Values;
use quote::ToTokens as _;
use syn::{FnArg, GenericArgument, PathArguments, ReceiverKind, ReturnType, Type};

/// How long slices are.
const LENGTH: usize = 4;
/// What a `const N: usize` is.
const SIZE: usize = 3;

/// Arguments while they are written.
struct Arguments<'f> {
    function: &'f Function,
    values: &'f Values,
    /// How many numbers there are so far.
    numbers: usize,
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
    let ReturnType::Type(_, result) = &function.item.sig.output else { return Err("it writes to a buffer".into()) };
    let mut arguments = Arguments { function, values, numbers: 0, single: text(result).contains("f32") };
    let floats = annotation.this.as_ref().map(|(_, count)| *count);
    let (mut receiver, mut list, mut tangents) = (None, Vec::new(), Vec::new());
    let mut changes = false;
    for input in &function.item.sig.inputs {
        match input {
            FnArg::Receiver(this) => {
                let block = function.block.as_ref().ok_or("a receiver of no type")?;
                let value = match &*block.self_ty {
                    array @ Type::Array(_) => arguments.of(array).ok_or("a receiver of this type")?,
                    ty => arguments.receiver(&text(ty), floats)?,
                };
                let number = value.active && floats.is_none() && !matches!(&*block.self_ty, Type::Array(_));
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
                let argument =
                    arguments.of(&input.ty).ok_or_else(|| format!("a parameter of type `{}`", readable(&input.ty)))?;
                if argument.active {
                    tangents.push(argument.code.clone());
                }
                list.push(argument.code);
            }
        }
    }
    let (numbers, single) = (arguments.numbers, arguments.single);
    let call = |suffix: &str, tangents: &[String]| {
        let name = function.item.sig.ident.to_string();
        let name = name.trim_start_matches("r#");
        let path = match (&receiver, &function.block) {
            (Some(receiver), _) => format!("{receiver}.{name}{suffix}"),
            (None, Some(block)) => format!("<{}>::{name}{suffix}", monomorphic(&text(&block.self_ty), function)),
            (None, None) => format!("{}{suffix}", function.item.sig.ident),
        };
        let along = tangents.iter().map(|tangent| tangent.replace("point[", "tangent["));
        let arguments: Vec<String> = list.iter().cloned().chain(along).collect();
        format!("{path}({})", arguments.join(", "))
    };
    // What fails is a `None`.
    let optional = |call: String| match content(result) {
        None => format!("Some({call})"),
        Some(_) if text(result).starts_with("Option") => call,
        Some(_) => format!("{call}.ok()"),
    };
    let value = optional(call("", &[]));
    let jvp = optional(call("_jvp", &tangents));
    // What a method changes is in no gradient.
    let gradient = if is_number(function) && annotation.kinds.contains("gradient") && !changes {
        let call = optional(call("_value_and_gradient", &[]));
        format!("Some(&|point: &[f64]| {call}.map(|(y, g)| (S::numbers(&y), S::flat(g))))")
    } else {
        "None".to_owned()
    };
    let ranges = domain.ranges;
    Ok(format!(
        "extern crate symgrad_survey_support as S; S::probe(&S::Subject {{ inputs: {numbers}, domain: \"{ranges}\", single: {single}, \
         value: &|point: &[f64]| {value}.map(|y| S::numbers(&y)), gradient: {gradient}, \
         jvp: &|point: &[f64], tangent: &[f64]| {jvp}.map(|(y, t)| (S::numbers(&y), S::numbers(&t))) }})"
    ))
}

impl Arguments<'_> {
    fn receiver(&mut self, ty: &str, floats: Option<usize>) -> Result<Argument, String> {
        if ty == "f64" || ty == "f32" {
            self.single |= ty == "f32";
            self.numbers += 1;
            return Ok(Argument { code: format!("(point[{}] as {ty})", self.numbers - 1), active: true });
        }
        let known = self.values.expression(&self.function.package, ty);
        let code = known.ok_or_else(|| format!("a receiver of type `{ty}`"))?.to_owned();
        // A struct that is differentiated has other numbers each time.
        if let Some(count) = floats {
            let numbers: Vec<String> = (0..count).map(|k| format!("point[{}]", self.numbers + k)).collect();
            self.numbers += count;
            return Ok(Argument { code: format!("S::with({code}, &[{}])", numbers.join(", ")), active: true });
        }
        Ok(Argument { code: format!("({code})"), active: false })
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
                let constant = self.function.item.sig.generics.const_params().any(|c| c.ident == length);
                let length = if constant { SIZE } else { length.parse().ok()? };
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
