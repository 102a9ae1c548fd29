//! The attribute on a function, in the form that its place asks for. Input: a function. Output: what the engine says.
//!
//! Nothing but attributes is written. A first attempt is made on the function itself; what stands in an `impl` gets it on
//! the `impl`, where the documentation or the message says so. What the message asks for beyond that (`companions`,
//! `standalone`) is given and recorded.

use crate::choice::{Function, is_floats, text};
use crate::sources::Package;
use crate::structs::{self, Struct};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::collections::BTreeSet;
use syn::{FnArg, GenericArgument, ImplItem, PathArguments, ReturnType, Type};

/// Where the attribute goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Function,
    /// On the `impl`, where it marks the function.
    Block,
}

/// What was written to have a function differentiated.
#[derive(Clone, Debug)]
pub struct Annotation {
    pub place: Place,
    /// The arguments on the function: `gradient, jvp`.
    pub kinds: &'static str,
    /// What is differentiated, if that is said: `wrt(…)`.
    pub wrt: Vec<String>,
    /// What is written where it has a module's name: `namesake`, if it is its own module's, else first `local`, then `standalone`.
    pub namesake: Option<&'static str>,
    /// The modules that have the names of functions in them that it calls.
    pub namesakes: Vec<String>,
    /// What functions return that it calls, where a message asks for it.
    pub returns: Vec<String>,
    /// Whether that the result depends on nothing is said to be meant.
    pub constant: bool,
    /// The macros of the crate that are seen through.
    pub macros: Vec<String>,
    /// Whether companions go in a trait.
    pub companions: bool,
    /// The types that it has under other names: `alias(Math = f64)`.
    pub aliases: Vec<String>,
    /// If structs are differentiated, or returned: they, and those in them.
    pub structs: Vec<Struct>,
    /// Whether a struct is among what is returned.
    pub of_result: bool,
    /// The differentiated functions that the expansion calls.
    pub calls: BTreeSet<String>,
}

/// A message, and the line of the file where it stands.
#[derive(Clone, Debug)]
pub struct Message {
    pub line: usize,
    pub text: String,
}

/// What the engine says to a function: how it was annotated, and the messages if it is rejected.
pub fn expand(function: &Function, all: &[Function], package: &Package) -> (Annotation, Vec<Message>) {
    let kinds = kinds_of(function);
    let mut annotation = Annotation {
        place: Place::Function,
        kinds,
        wrt: Vec::new(),
        namesake: None,
        namesakes: Vec::new(),
        returns: Vec::new(),
        constant: false,
        macros: Vec::new(),
        companions: false,
        aliases: mentioned_aliases(function),
        structs: Vec::new(),
        of_result: false,
        calls: BTreeSet::new(),
    };
    if let Some(found) = struct_returned(function, package) {
        (annotation.structs, annotation.of_result) = (found, true);
    }
    let Some(block) = &function.block else {
        let (found, messages) = repeat(annotation, function, all, package);
        let asked = messages.iter().any(|message| message.text.contains("no parameter that is a float"));
        let with = asked.then(|| with_structs(function, &found, package, true)).flatten();
        return with.map_or((found, messages), |with| repeat(with, function, all, package));
    };
    // What a method changes in `self` is followed where `self` is differentiated, as the message says.
    let with_self = |annotation: &Annotation, messages: &[Message]| {
        let says = |what: &str| messages.iter().any(|message| message.text.contains(what));
        let changed = says("fields of a parameter are followed if its type has");
        let asked = changed || says("no parameter that is a float");
        function.item.sig.receiver().filter(|_| asked)?;
        let found = with_structs(function, annotation, package, !changed)?;
        found.differentiates("self").then(|| repeat(found, function, all, package))
    };
    if block.trait_.is_none() && function.item.sig.receiver().is_some() {
        let (found, messages) = repeat(annotation.clone(), function, all, package);
        if let Some((found, messages)) = with_self(&found, &messages)
            && !messages.iter().any(|m| m.text.contains("`impl`"))
        {
            return (found, messages);
        }
        if messages.is_empty() || !messages.iter().any(|m| m.text.contains("`impl`")) {
            return (found, messages);
        }
    }
    annotation.place = Place::Block;
    let (found, messages) = repeat(annotation, function, all, package);
    with_self(&found, &messages).unwrap_or((found, messages))
}

/// The same, where another method that differentiates `self` calls this one on it, or on a field: rustc asks for `self` in its
/// `wrt(…)`, too. Nothing, if that is not so.
pub fn with_receiver(
    function: &Function,
    annotation: &Annotation,
    callers: &[(&Function, Vec<Struct>)],
    all: &[Function],
    package: &Package,
) -> Option<(Annotation, Vec<Message>)> {
    function.item.sig.receiver().filter(|_| !annotation.differentiates("self"))?;
    let name = &function.item.sig.ident;
    let (on_self, on_field) = (format!("self.{name}("), format!(".{name}("));
    let own = function.block.as_ref().map(|block| text(&block.self_ty))?;
    let calls = |caller: &Function, structs: &[Struct]| {
        let body = text(&caller.item.block);
        let of_field = caller.package == function.package && structs.iter().skip(1).any(|item| item.is_named(&own));
        caller.is_beside(function) && body.contains(&on_self) || of_field && body.contains(&on_field)
    };
    callers.iter().find(|(caller, structs)| calls(caller, structs))?;
    let found = with_structs(function, annotation, package, false)?;
    found.differentiates("self").then(|| repeat(found, function, all, package))
}

/// With `self` and the parameters that are structs of the crate with floats in them in `wrt(…)`; with what is a float by itself,
/// unless there are `only` structs.
fn with_structs(function: &Function, annotation: &Annotation, package: &Package, only: bool) -> Option<Annotation> {
    let (mut wrt, mut structs) = (Vec::new(), Vec::new());
    for input in &function.item.sig.inputs {
        let (name, ty) = match input {
            FnArg::Receiver(_) => ("self".to_owned(), text(&function.block.as_ref()?.self_ty)),
            FnArg::Typed(input) if is_exclusive(&input.ty) => continue,
            FnArg::Typed(input) if is_floats(&input.ty, &function.floats) => {
                wrt.extend((!only).then(|| text(&input.pat)));
                continue;
            }
            FnArg::Typed(input) => (text(&input.pat), own_type(structs::referred(&input.ty), function)),
        };
        if let Some((found, _)) = structs::with_fields(&ty, &function.file, &package.structs) {
            wrt.push(name);
            structs.extend(found);
        }
    }
    structs.extend(annotation.structs.iter().cloned());
    (!wrt.is_empty()).then(|| Annotation { wrt, structs, ..annotation.clone() })
}

/// A type, with what `Self` is.
fn own_type(ty: &Type, function: &Function) -> String {
    match (&function.block, text(ty)) {
        (Some(block), name) if name == "Self" => text(&block.self_ty),
        (_, name) => name,
    }
}

/// The structs that it returns, with those in them.
pub fn struct_returned(function: &Function, package: &Package) -> Option<Vec<Struct>> {
    let ReturnType::Type(_, ty) = &function.item.sig.output else { return None };
    let name = own_type(structs::element(content(ty).unwrap_or(ty)), function);
    structs::with_fields(&name, &function.file, &package.structs).map(|(found, _)| found)
}

/// The aliases of floats of its file that stand in it.
fn mentioned_aliases(function: &Function) -> Vec<String> {
    let (mut words, mut waiting) = (BTreeSet::new(), vec![function.item.to_token_stream()]);
    while let Some(tokens) = waiting.pop() {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => drop(words.insert(name.to_string())),
                TokenTree::Group(group) => waiting.push(group.stream()),
                _ => {}
            }
        }
    }
    let mentioned = function.aliases.iter().filter(|(name, _)| words.contains(name));
    mentioned.map(|(name, float)| format!("{name} = {float}")).collect()
}

/// Whether a type is a `&mut`.
fn is_exclusive(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_some())
}

/// With what the messages ask for.
fn repeat(
    mut annotation: Annotation,
    function: &Function,
    all: &[Function],
    package: &Package,
) -> (Annotation, Vec<Message>) {
    let mut messages = attempt(&mut annotation, function, all);
    if annotation.place == Place::Block && messages.iter().any(|m| m.text.contains("companions = ")) {
        annotation.companions = true;
        messages = attempt(&mut annotation, function, all);
    }
    while messages.iter().fold(false, |asked, message| annotation.take(&message.text, package) || asked) {
        messages = attempt(&mut annotation, function, all);
    }
    (annotation, messages)
}

/// Attributes that leave the function as it is written. Any other may be a macro, which is expanded first: the one that is
/// written behind it sees what it makes of the function.
const PASSIVE: &[&str] = &[
    "doc",
    "inline",
    "must_use",
    "allow",
    "warn",
    "deny",
    "expect",
    "cfg",
    "cfg_attr",
    "deprecated",
    "cold",
    "track_caller",
    "rustfmt",
    "clippy",
    "no_mangle",
    "non_exhaustive",
    "automatically_derived",
];

/// Whether a macro is expanded before: then only rustc knows what the function is.
fn is_rewritten(function: &Function) -> bool {
    let passive = |path: &syn::Path| path.segments.first().is_some_and(|s| PASSIVE.iter().any(|name| s.ident == name));
    function.item.attrs.iter().any(|attribute| !passive(attribute.path()))
}

fn attempt(annotation: &mut Annotation, function: &Function, all: &[Function]) -> Vec<Message> {
    if is_rewritten(function) {
        return Vec::new();
    }
    let kinds: TokenStream = annotation.arguments().parse().expect("arguments");
    let (arguments, item) = match (&function.block, annotation.place) {
        (Some(block), Place::Block) => {
            let mut block = (**block).clone();
            block.attrs.clear();
            for item in &mut block.items {
                if let ImplItem::Fn(method) = item
                    && let Some(other) =
                        all.iter().find(|other| other.is_beside(function) && other.item.sig.ident == method.sig.ident)
                {
                    let own = other.item.sig.ident == function.item.sig.ident;
                    let kinds = if own { kinds.clone() } else { kinds_of(other).parse().expect("arguments") };
                    method.attrs.push(syn::parse_quote!(#[differentiate(#kinds)]));
                }
            }
            (if annotation.companions { quote!(companions = Derivatives) } else { quote!() }, quote!(#block))
        }
        _ => (kinds, function.item.to_token_stream()),
    };
    let expanded = std::panic::catch_unwind(|| symgrad_engine::expand(arguments, item));
    let mut messages = Vec::new();
    match expanded {
        Ok(tokens) => {
            annotation.calls.clear();
            called(tokens.clone(), &mut annotation.calls);
            errors(tokens, &mut messages);
            // Those that stand on the other functions are theirs.
            let elsewhere = |line| all.iter().any(|other| other.is_beside(function) && other.has_line(line));
            messages.retain(|message| function.has_line(message.line) || !elsewhere(message.line));
        }
        Err(_) => panic!("the attribute panics on {}", function.item.to_token_stream()),
    }
    messages
}

impl Annotation {
    /// Takes what a message asks for: that a constant is meant, or a macro of the crate that is to be seen through. Whether there
    /// was something new.
    pub fn take(&mut self, message: &str, package: &Package) -> bool {
        let constant = message.contains("`#[differentiate(constant)]`") && !std::mem::replace(&mut self.constant, true);
        let named = message.split("`#[differentiate(macros(").nth(1).and_then(|rest| rest.split(')').next());
        let known = |name: &&str| package.macros.iter().any(|found| found.name == *name);
        let named = named.filter(known).filter(|name| !self.macros.iter().any(|other| other == name));
        self.macros.extend(named.map(String::from));
        constant || named.is_some()
    }

    /// Whether a parameter is named in `wrt(…)`, which is written where structs are differentiated.
    pub fn differentiates(&self, parameter: &str) -> bool {
        !self.structs.is_empty() && self.wrt.iter().any(|name| name == parameter)
    }

    /// The structs with the derive.
    pub fn derived(&self) -> impl Iterator<Item = &Struct> {
        self.structs.iter()
    }

    /// Whether there is an argument that a message asked for.
    pub fn asked(&self) -> bool {
        self.companions
            || self.namesake.is_some()
            || !self.namesakes.is_empty()
            || !self.returns.is_empty()
            || self.constant
            || !self.macros.is_empty()
    }

    /// What is between the parentheses, on the function.
    pub fn arguments(&self) -> String {
        let namesake = self.namesake.map(|option| format!(", {option}")).unwrap_or_default();
        let list = |option: &str, items: &[String]| match items {
            [] => String::new(),
            items => format!(", {option}({})", items.join(", ")),
        };
        let of_function = |option: &str, items: &[String]| match self.place {
            Place::Function => list(option, items),
            _ => String::new(),
        };
        let wrt = list("wrt", &self.wrt);
        let (namesakes, returns) = (of_function("namesakes", &self.namesakes), list("returns", &self.returns));
        let constant = if self.constant { ", constant" } else { "" };
        let macros = of_function("macros", &self.macros);
        let alias = list("alias", &self.aliases);
        format!("{}{wrt}{namesake}{namesakes}{returns}{constant}{macros}{alias}", self.kinds)
    }
}

/// What is asked for.
fn kinds_of(function: &Function) -> &'static str {
    if is_number(function) { "gradient, jvp" } else { "jvp" }
}

/// Whether it returns one number, perhaps in a `Result` or an `Option`.
pub fn is_number(function: &Function) -> bool {
    let ReturnType::Type(_, ty) = &function.item.sig.output else { return false };
    let number = |ty: &Type| {
        let text = match &function.block {
            Some(block) if text(ty) == "Self" => text(&block.self_ty),
            _ => text(ty),
        };
        text == "f64" || text == "f32" || function.floats.contains(&text) || function.alias(&text).is_some()
    };
    number(content(ty).unwrap_or(ty))
}

/// `T` of `Option<T>` and `Result<T, E>`.
pub fn content(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(list) = &last.arguments else { return None };
    let known = last.ident == "Option" || last.ident == "Result";
    list.args.first().filter(|_| known).and_then(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The functions whose hidden companions are called in an expansion: `f`, or `Type::f`.
fn called(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let path = |at: usize| at >= 2 && matches!(&tokens[at - 1], TokenTree::Punct(p) if p.as_char() == ':');
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(name) => {
                let name = name.to_string();
                let Some(hidden) = name.strip_prefix("__symgrad_v1_") else { continue };
                let owner = match at.checked_sub(3).map(|before| &tokens[before]) {
                    Some(TokenTree::Ident(owner)) if path(at) => Some(owner.to_string()),
                    _ => None,
                };
                match (owner, hidden.split_once("_of_")) {
                    (Some(owner), Some((_, name))) => found.insert(format!("{owner}::{name}")),
                    (None, Some((_, name))) => found.insert(name.to_owned()),
                    (Some(owner), None) => found.insert(owner),
                    (None, None) => false,
                };
            }
            TokenTree::Group(group) => called(group.stream(), found),
            _ => {}
        }
    }
}

/// The `compile_error!`s in an expansion, but for those under a `cfg`: whether they are there, rustc knows.
fn errors(tokens: TokenStream, found: &mut Vec<Message>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(name) if name == "compile_error" => {
                // `#[cfg(…)] ::core::compile_error!`
                let before = index.checked_sub(6).and_then(|at| tokens.get(at));
                let under_cfg =
                    matches!(before, Some(TokenTree::Group(g)) if g.stream().to_string().starts_with("cfg"));
                if !under_cfg
                    && let Some(TokenTree::Group(group)) = tokens.get(index + 2)
                    && let Ok(text) = syn::parse2::<syn::LitStr>(group.stream())
                {
                    found.push(Message { line: name.span().start().line, text: text.value() });
                }
            }
            TokenTree::Group(group) => errors(group.stream(), found),
            _ => {}
        }
    }
}
