//! The rule of choice. Input: the manifest and the sources of the crates. Output: the functions, in order, with where they
//! stand. The rule is in `manifest.txt`; it looks at signatures only, never at what the engine says.

use crate::annotate::struct_returned;
use crate::sources::{Package, Sources};
use proc_macro2::LineColumn;
use quote::ToTokens as _;
use std::collections::BTreeSet;
use std::rc::Rc;
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
    pub block: Option<Rc<ItemImpl>>,
    /// Whether the rule chooses it; all others are here if a chosen one calls them.
    pub fits: bool,
    /// The type parameters that stand for a float.
    pub floats: Vec<String>,
    /// The names that floats have in its file, and which floats they are.
    pub aliases: Vec<(String, String)>,
    /// Where its signature begins, behind its attributes.
    pub begin: LineColumn,
    /// Where its body ends, and its `impl`.
    pub end: LineColumn,
    pub block_end: LineColumn,
}

impl Function {
    /// The float that a name stands for.
    pub fn alias(&self, name: &str) -> Option<&str> {
        self.aliases.iter().find(|(alias, _)| alias == name).map(|(_, float)| &**float)
    }

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
        for function in sources.functions(package, version).iter().filter(|function| function.fits) {
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
            let mut found: Vec<&Function> =
                all.iter().filter(|f| f.fits && (f.name == last || f.name == path)).collect();
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

/// What an expansion calls that is not chosen yet, by its names: `f`, or `Type::f`. Of several with a name, it is that of the same type,
/// else that of the same file.
pub fn missing(caller: &Function, calls: &BTreeSet<String>, chosen: &[Function], sources: &Sources) -> Vec<Function> {
    let mut missing = Vec::new();
    let all = sources.functions(&caller.package, &caller.version);
    for call in calls {
        let (owner, name) = call.rsplit_once("::").map_or((None, &**call), |(owner, name)| (Some(owner), name));
        let own = |function: &Function| function.block.as_ref().map(|block| text(&block.self_ty));
        let type_of = |function: &Function| own(function).map(|ty| ty.split('<').next().unwrap_or_default().to_owned());
        let here = type_of(caller);
        let owner = if owner == Some("Self") { here.as_deref() } else { owner };
        let mut found: Vec<&Function> = all.iter().filter(|f| f.item.sig.ident == name).collect();
        found.retain(|f: &&Function| owner.is_none() || type_of(f).as_deref() == owner);
        let of_type = |f: &Function| type_of(f) == here;
        let of_file = |f: &Function| f.file == caller.file;
        let nearer: [&dyn Fn(&Function) -> bool; 2] = [&of_type, &of_file];
        for is_nearer in nearer {
            if found.len() > 1 && found.iter().copied().any(is_nearer) {
                found.retain(|f| is_nearer(f));
            }
        }
        if let [helper] = found[..]
            && computes(helper, &sources.packages[&caller.package])
            && !chosen.iter().any(|function| function.is(helper))
        {
            missing.push(Function { helper: true, ..helper.clone() });
        }
    }
    missing
}

/// Whether it returns floats, under whatever names, or structs with floats in them, or nothing.
fn computes(function: &Function, package: &Package) -> bool {
    let ReturnType::Type(_, ty) = &function.item.sig.output else { return true };
    let mut floats = function.floats.clone();
    floats.extend(function.aliases.iter().map(|(name, _)| name.clone()));
    is_floats(ty, &floats) || struct_returned(function, package).is_some()
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
    let aliases = aliases(&file.items);
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
            fits: false,
            aliases: aliases.clone(),
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
            Item::Fn(f) if !is_test(&f.attrs) => {
                let function = template(f.clone(), float_parameters(&f.sig.generics), f.sig.ident.to_string());
                found.push(Function { fits: fits(&f.sig, &[]), ..function });
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
    let shared = Rc::new(block.clone());
    for item in &block.items {
        let ImplItem::Fn(method) = item else { continue };
        if is_test(&method.attrs) {
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
        let fits = fits(&method.sig, &outer);
        found.push(Function { block: Some(Rc::clone(&shared)), block_end, fits, ..template(item, floats, name) });
    }
}

/// The names of floats: `type Real = f64;`, `use Real as R;`. One that may be something else is none.
fn aliases(items: &[Item]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for item in items {
        if let Item::Type(item) = item {
            found.push((item.ident.to_string(), text(&item.ty)));
        }
    }
    for item in items {
        if let Item::Use(syn::ItemUse { tree: syn::UseTree::Rename(rename), .. }) = item {
            let of = found.iter().find(|(name, _)| rename.ident == name).map(|(_, float)| float.clone());
            found.push((rename.rename.to_string(), of.unwrap_or_default()));
        }
    }
    let same = |name: &String| found.iter().filter(|(other, _)| other == name).count() == 1;
    found.iter().filter(|(name, float)| (float == "f64" || float == "f32") && same(name)).cloned().collect()
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
