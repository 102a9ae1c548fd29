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
    /// If `self` is differentiated: its struct and those in it, and how many floats are in them.
    pub this: Option<(Vec<Struct>, usize)>,
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
        this: None,
    };
    let Some(block) = &function.block else {
        return repeat(annotation, function, all, package);
    };
    // What a method changes in `self` is followed where `self` is differentiated, as the message says.
    let with_self = |annotation: &Annotation, messages: &[Message]| {
        let says = |what: &str| messages.iter().any(|message| message.text.contains(what));
        let changed = says("fields of a parameter are followed if its type has");
        let asked = changed || says("no parameter that is a float");
        let this = function.item.sig.receiver().filter(|_| asked);
        let found = this.and_then(|_| structs::with_fields(&text(&block.self_ty), &function.file, &package.structs))?;
        let wrt = if changed { self_and_floats(function) } else { vec!["self".to_owned()] };
        Some(repeat(Annotation { wrt, this: Some(found), ..annotation.clone() }, function, all, package))
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

/// The same, where another method that differentiates `self` calls this one on it: rustc asks for `self` in its `wrt(…)`, too.
/// Nothing, if that is not so.
pub fn with_receiver(
    function: &Function,
    annotation: &Annotation,
    callers: &[(&Function, Vec<Struct>, usize)],
    all: &[Function],
    package: &Package,
) -> Option<(Annotation, Vec<Message>)> {
    function.item.sig.receiver().filter(|_| annotation.this.is_none())?;
    let call = format!("self.{}(", function.item.sig.ident);
    let calls = |caller: &Function| caller.is_beside(function) && text(&caller.item.block).contains(&call);
    let (_, structs, count) = callers.iter().find(|(caller, ..)| calls(caller))?;
    let wrt = self_and_floats(function);
    let this = Some((structs.clone(), *count));
    Some(repeat(Annotation { wrt, this, ..annotation.clone() }, function, all, package))
}

/// `self`, and the parameters that are floats.
fn self_and_floats(function: &Function) -> Vec<String> {
    let floats = function.item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) if is_floats(&input.ty, &function.floats) && !is_exclusive(&input.ty) => {
            Some(text(&input.pat))
        }
        _ => None,
    });
    std::iter::once("self".to_owned()).chain(floats).collect()
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
    let mut messages = attempt(&annotation, function, all);
    if annotation.place == Place::Block && messages.iter().any(|m| m.text.contains("companions = ")) {
        annotation.companions = true;
        messages = attempt(&annotation, function, all);
    }
    while messages.iter().fold(false, |asked, message| annotation.take(&message.text, package) || asked) {
        messages = attempt(&annotation, function, all);
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

fn attempt(annotation: &Annotation, function: &Function, all: &[Function]) -> Vec<Message> {
    if is_rewritten(function) {
        return Vec::new();
    }
    let kinds: TokenStream = annotation.arguments().parse().expect("arguments");
    let (arguments, item) = match (&function.block, annotation.place) {
        (Some(block), Place::Block) => {
            let mut block = block.clone();
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
        format!("{}{wrt}{namesake}{namesakes}{returns}{constant}{macros}", self.kinds)
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
        text == "f64" || text == "f32" || function.floats.contains(&text)
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
