//! The rule of choice. Input: the manifest and the sources of the crates. Output: the functions, in order, with where they
//! stand. The rule is in `manifest.txt`; it looks at signatures only, never at what the engine says.

use crate::sources::Sources;
use proc_macro2::LineColumn;
use quote::ToTokens as _;
use std::collections::BTreeSet;
use syn::spanned::Spanned as _;
use syn::visit::Visit;
use syn::{
    FnArg, GenericArgument, Generics, ImplItem, Item, ItemFn, ItemImpl, PathArguments, ReceiverKind, ReturnType,
    Signature, Type,
};

/// How many functions of a file are under survey.
const PER_FILE: usize = 8;

/// A function under survey.
#[derive(Clone)]
pub struct Function {
    pub package: String,
    pub version: String,
    /// Inside of the package.
    pub file: String,
    /// `f`, or `Type::f`.
    pub name: String,
    /// Whether it is here because another one calls it.
    pub helper: bool,
    /// The function; that of an `impl` without it.
    pub item: ItemFn,
    /// The `impl` around it.
    pub block: Option<ItemImpl>,
    /// The type parameters that stand for a float.
    pub floats: Vec<String>,
    /// Where its signature begins, behind its attributes.
    pub begin: LineColumn,
    /// Where its body ends, and its `impl`.
    pub end: LineColumn,
    pub block_end: LineColumn,
}

impl Function {
    /// Whether another one is the same.
    pub fn is(&self, other: &Self) -> bool {
        self.package == other.package && self.file == other.file && self.begin == other.begin
    }

    /// Whether another one stands in the same `impl`.
    pub fn is_beside(&self, other: &Self) -> bool {
        let same = self.package == other.package && self.file == other.file;
        same && self.block_begin().is_some() && self.block_begin() == other.block_begin()
    }

    /// Whether a line is one of its own.
    pub fn has_line(&self, line: usize) -> bool {
        (self.begin.line..=self.end.line).contains(&line)
    }

    /// Where its `impl` begins, behind its attributes.
    pub fn block_begin(&self) -> Option<LineColumn> {
        self.block.as_ref().map(|block| block.impl_token.span.start())
    }
}

/// What is under survey.
pub fn choose(manifest: &str, sources: &Sources) -> Vec<Function> {
    let mut chosen: Vec<Function> = Vec::new();
    for line in manifest.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [package, version, file, without @ ..] = &words[..] else { panic!("the manifest: `{line}`") };
        let without: Vec<&str> = without.iter().map(|word| word.trim_start_matches('!')).collect();
        let folder = file.strip_suffix("*.rs");
        let mut last = (String::new(), 0);
        for function in sources.functions(package, version) {
            let here = match folder {
                Some(folder) => function.file.strip_prefix(folder).is_some_and(|rest| !rest.contains('/')),
                None => function.file == *file,
            };
            if !here || without.iter().any(|part| function.name.contains(part)) {
                continue;
            }
            last = if last.0 == function.file { (last.0, last.1 + 1) } else { (function.file.clone(), 1) };
            if last.1 <= PER_FILE {
                chosen.push(function.clone());
            }
        }
    }
    with_helpers(chosen, sources)
}

/// Also what they call in their own crate, and what these call.
fn with_helpers(mut chosen: Vec<Function>, sources: &Sources) -> Vec<Function> {
    let mut at = 0;
    while at < chosen.len() {
        let mut calls = Calls::default();
        calls.visit_block(&chosen[at].item.block);
        for path in calls.0 {
            let last = path.rsplit("::").next().unwrap_or(&path);
            let all = sources.functions(&chosen[at].package, &chosen[at].version);
            let mut found: Vec<&Function> = all.iter().filter(|f| f.name == last || f.name == path).collect();
            if found.len() > 1 {
                found.retain(|f| f.file == chosen[at].file);
            }
            for helper in found {
                if !chosen.iter().any(|function| function.is(helper)) {
                    chosen.push(Function { helper: true, ..helper.clone() });
                }
            }
        }
        at += 1;
    }
    chosen
}

/// The paths that are called.
#[derive(Default)]
struct Calls(Vec<String>);

impl<'a> Visit<'a> for Calls {
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            self.0.push(text(&path.path));
        }
        syn::visit::visit_expr_call(self, call);
    }
}

/// The functions of a file that fit the rule.
pub fn functions(file: &syn::File, package: &str, version: &str, path: &str) -> Vec<Function> {
    let mut found = Vec::new();
    let template = |item: ItemFn, floats: Vec<String>, name: String| {
        let first = match &item.vis {
            syn::Visibility::Inherited => item.sig.to_token_stream().into_iter().next().map(|token| token.span()),
            visibility => visibility.to_token_stream().into_iter().next().map(|token| token.span()),
        };
        let end = item.block.brace_token.span.close().end();
        Function {
            package: package.into(),
            version: version.into(),
            file: path.into(),
            name,
            helper: false,
            begin: first.unwrap_or_else(|| item.span()).start(),
            item,
            block: None,
            floats,
            end,
            block_end: end,
        }
    };
    collect(&file.items, &template, &mut found);
    found
}

type Template<'t> = &'t dyn Fn(ItemFn, Vec<String>, String) -> Function;

fn collect(items: &[Item], template: Template<'_>, found: &mut Vec<Function>) {
    for item in items {
        match item {
            Item::Fn(f) if !is_test(&f.attrs) && fits(&f.sig, &[]) => {
                found.push(template(f.clone(), float_parameters(&f.sig.generics), f.sig.ident.to_string()));
            }
            Item::Impl(block) if !is_test(&block.attrs) => in_impl(block, template, found),
            Item::Mod(module) if !is_test(&module.attrs) => {
                if let Some((_, items)) = &module.content {
                    collect(items, template, found);
                }
            }
            _ => {}
        }
    }
}

fn in_impl(block: &ItemImpl, template: Template<'_>, found: &mut Vec<Function>) {
    let mut outer = float_parameters(&block.generics);
    if is_floats(&block.self_ty, &outer) {
        outer.push("Self".into());
    }
    for item in &block.items {
        let ImplItem::Fn(method) = item else { continue };
        if is_test(&method.attrs) || !fits(&method.sig, &outer) {
            continue;
        }
        let mut floats = outer.clone();
        floats.extend(float_parameters(&method.sig.generics));
        let item = ItemFn {
            attrs: method.attrs.clone(),
            vis: method.vis.clone(),
            modifiers: syn::FnModifiers::default(),
            sig: method.sig.clone(),
            block: Box::new(method.block.clone()),
        };
        let name = format!("{}::{}", text(&block.self_ty), method.sig.ident);
        let block_end = block.brace_token.span.close().end();
        found.push(Function { block: Some(block.clone()), block_end, ..template(item, floats, name) });
    }
}

/// Whether it takes and returns floats.
fn fits(signature: &Signature, outer: &[String]) -> bool {
    let mut floats = outer.to_vec();
    floats.extend(float_parameters(&signature.generics));
    if signature.inputs.to_token_stream().to_string().contains("rng") {
        return false;
    }
    let (mut takes, mut writes) = (false, false);
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) => takes |= !matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))),
            FnArg::Typed(input) => {
                takes |= is_floats(&input.ty, &floats);
                let borrowed = matches!(&*input.ty, Type::Reference(reference) if reference.mutability.is_some());
                writes |= borrowed && is_floats(&input.ty, &floats);
            }
        }
    }
    takes
        && match &signature.output {
            ReturnType::Default => writes,
            ReturnType::Type(_, ty) => is_floats(ty, &floats),
        }
}

/// Whether a type is made of floats only.
pub fn is_floats(ty: &Type, floats: &[String]) -> bool {
    match ty {
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return false };
            let name = last.ident.to_string();
            let parameter = path.path.segments.len() == 1 && floats.contains(&name);
            let inside = || match &last.arguments {
                PathArguments::AngleBracketed(list) => match list.args.first() {
                    Some(GenericArgument::Type(ty)) => is_floats(ty, floats),
                    _ => false,
                },
                _ => false,
            };
            name == "f64" || name == "f32" || parameter || ["Vec", "Option", "Result"].contains(&&*name) && inside()
        }
        Type::Reference(reference) => is_floats(&reference.elem, floats),
        Type::Slice(slice) => is_floats(&slice.elem, floats),
        Type::Array(array) => is_floats(&array.elem, floats),
        Type::Paren(inner) => is_floats(&inner.elem, floats),
        Type::Tuple(tuple) => !tuple.elems.is_empty() && tuple.elems.iter().all(|ty| is_floats(ty, floats)),
        _ => false,
    }
}

/// The type parameters that are no closures and no iterators.
fn float_parameters(generics: &Generics) -> Vec<String> {
    let other = |bound: &syn::TypeParamBound| {
        let text = bound.to_token_stream().to_string();
        ["Fn", "IntoIterator", "Iterator", "AsRef"].iter().any(|start| text.starts_with(start))
    };
    let mut others = BTreeSet::new();
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if let syn::WherePredicate::Type(ty) = predicate
            && ty.bounds.iter().any(other)
        {
            others.insert(text(&ty.bounded_ty));
        }
    }
    let parameters = generics.type_params().filter(|parameter| !parameter.bounds.iter().any(other));
    parameters.map(|parameter| parameter.ident.to_string()).filter(|name| !others.contains(name)).collect()
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string();
        text.contains("test") && (attribute.path().is_ident("cfg") || attribute.path().is_ident("test"))
    })
}

/// Tokens without spaces.
pub fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}
