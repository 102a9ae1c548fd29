//! The attribute's arguments. Input: the tokens between its parentheses. Output: [`Options`].

use crate::diagnostics::{Errors, Site, message, nearest};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{LitInt, LitStr, Path, Token, Type, parenthesized};

/// A kind of derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `f_gradient`, `f_value_and_gradient`, …
    Gradient,
    /// `f_jvp`
    Jvp,
    /// `f_vjp`
    Vjp,
    /// `f_jacobian`, `f_value_and_jacobian`
    Jacobian,
    /// `f_hvp`
    Hvp,
    /// `f_hessian`, `f_value_gradient_hessian`
    Hessian,
    /// `f_derivatives`
    Derivatives,
    /// `f_sparse_jacobian`
    SparseJacobian,
    /// `f_sparse_hessian`
    SparseHessian,
}

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which kinds, and where each is asked for: nowhere, if it is the default.
    pub kinds: Vec<(Kind, Option<Span>)>,
    /// How many derivatives are asked for by `derivatives(n)`; none by `derivatives`, which is for callers.
    pub order: Option<usize>,
    /// Other names for companions, by what is their suffix otherwise.
    pub names: Vec<(&'static str, Ident)>,
    /// The names in `wrt(…)`, if it was given.
    pub wrt: Option<Vec<Ident>>,
    /// The runtime crate.
    pub runtime: TokenStream,
    /// The trait in which the companions of an `impl` go, if they are to go in one.
    pub companions: Option<Ident>,
    /// Which other differentiated functions may call it.
    pub callers: Callers,
    /// What a problem for the optimizers is called, if one is asked for.
    pub objective: Option<Ident>,
    /// What is written by hand, in place of what would be made of the body.
    pub rules: Rules,
    /// Points at which tests are to check the companions: the option, and what it says.
    pub verify: Vec<(Ident, TokenStream)>,
    /// That the result depends on no parameter is meant.
    pub constant: bool,
    /// Nothing that is called in the body has an effect: it may run again.
    pub repeatable: bool,
    /// The user's macros that are expanded before.
    pub macros: Vec<Ident>,
    /// The modules that have the names of functions in them that it calls.
    pub namesakes: Vec<Path>,
    /// Methods of numbers that have derivatives of their own.
    pub methods: Vec<Ident>,
    /// Types under other names, and what they are.
    pub aliases: Vec<(Ident, Type)>,
    /// What functions return that it calls: their names, and types.
    pub returns: Vec<(Ident, Type)>,
}

/// The user's own rules for a function.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// `custom = path`
    pub reverse: Option<Path>,
    /// `custom_jvp = path`
    pub forward: Option<Path>,
}

impl Rules {
    /// Whether there are any: then the function's body is not differentiated.
    #[must_use]
    pub fn are_given(&self) -> bool {
        self.reverse.is_some() || self.forward.is_some()
    }
}

/// Which differentiated functions may call another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Those that see it.
    All,
    /// Those of its module: elsewhere, its name is another's.
    Module,
    /// Those that see its module, which has its name.
    Namesake,
    /// None.
    Nobody,
}

/// The factorial of more is no `f64`.
const MOST_DERIVATIVES: usize = 170;

/// The companions by their suffixes, each with its kind. What has the kind's own name asks for it.
const COMPANIONS: &[(&str, Kind)] = &[
    ("gradient", Kind::Gradient),
    ("value_and_gradient", Kind::Gradient),
    ("jvp", Kind::Jvp),
    ("vjp", Kind::Vjp),
    ("jacobian", Kind::Jacobian),
    ("value_and_jacobian", Kind::Jacobian),
    ("hvp", Kind::Hvp),
    ("hessian", Kind::Hessian),
    ("value_gradient_hessian", Kind::Hessian),
    ("derivatives", Kind::Derivatives),
    ("sparse_jacobian", Kind::SparseJacobian),
    ("sparse_hessian", Kind::SparseHessian),
];

/// The options that are no companions.
const OTHERS: &[&str] = &[
    "wrt",
    "crate",
    "companions",
    "custom",
    "custom_jvp",
    "local",
    "namesake",
    "namesakes",
    "objective",
    "methods",
    "alias",
    "returns",
    "standalone",
    "constant",
    "repeatable",
    "verify",
    "macros",
];

/// A companion by its suffix.
fn companion(name: &str) -> Option<(&'static str, Kind)> {
    COMPANIONS.iter().copied().find(|(suffix, _)| *suffix == name)
}

/// Whether a companion's suffix is the name of its kind: one says `gradient`, and not `value_and_gradient`.
fn is_kind(suffix: &str) -> bool {
    !suffix.starts_with("value_")
}

/// One argument, by its form.
enum Argument {
    /// `gradient`
    Kind(Ident),
    /// `wrt(a, b)`
    List(Ident, TokenStream),
    /// `derivatives(3) = "name"`
    NamedList(Ident, TokenStream, LitStr),
    /// `gradient = "name"`
    Name(Ident, LitStr),
    /// `crate = path`
    Path(Ident, Path),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            let list = content.parse()?;
            return Ok(match input.parse::<Option<Token![=]>>()? {
                Some(_) => Argument::NamedList(name, list, input.parse()?),
                None => Argument::List(name, list),
            });
        }
        if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.peek(LitStr) {
                return Ok(Argument::Name(name, input.parse()?));
            }
            return Ok(Argument::Path(name, input.call(Path::parse_mod_style)?));
        }
        Ok(Argument::Kind(name))
    }
}

impl Options {
    /// Reads the arguments; what is wrong is reported and left out.
    pub fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Options {
            kinds: Vec::new(),
            order: None,
            names: Vec::new(),
            wrt: None,
            runtime: quote!(::symgrad),
            companions: None,
            callers: Callers::All,
            objective: None,
            rules: Rules::default(),
            verify: Vec::new(),
            constant: false,
            repeatable: false,
            macros: Vec::new(),
            namesakes: Vec::new(),
            methods: Vec::new(),
            aliases: Vec::new(),
            returns: Vec::new(),
        };
        let mut seen = Vec::new();
        for tokens in arguments(tokens) {
            match syn::parse2(tokens.clone()) {
                Ok(argument) => options.take(argument, &mut seen, errors),
                Err(_) => errors.push(Site::of(&tokens), message::malformed_option()),
            }
        }
        if options.kinds.is_empty() {
            options.kinds.push((Kind::Gradient, None));
        }
        options
    }

    /// Whether a kind is asked for.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|(asked, _)| *asked == kind)
    }

    /// Where a kind is asked for, if it is.
    #[must_use]
    pub fn span_of(&self, kind: Kind) -> Option<Span> {
        self.kinds.iter().find(|(asked, _)| *asked == kind).and_then(|(_, span)| *span)
    }

    fn ask(&mut self, kind: Kind, span: Span) {
        if !self.has(kind) {
            self.kinds.push((kind, Some(span)));
        }
    }

    fn take(&mut self, argument: Argument, seen: &mut Vec<String>, errors: &mut Errors) {
        let (Argument::Kind(name)
        | Argument::List(name, _)
        | Argument::NamedList(name, ..)
        | Argument::Name(name, _)
        | Argument::Path(name, _)) = &argument;
        let name = name.clone();
        // There may be several points.
        if seen.contains(&name.to_string()) && name != "verify" {
            errors.push(name.span(), message::option_twice(&name));
            return;
        }
        seen.push(name.to_string());
        if let Some((suffix, kind)) = companion(&name.to_string()) {
            return self.take_companion(argument, &name, suffix, kind, errors);
        }
        match (name.to_string().as_str(), argument) {
            ("wrt", Argument::List(_, names)) => self.wrt = wrt(&name, names, errors),
            ("macros", Argument::List(_, names)) if !names.is_empty() => self.macros = each_of(names, &name, errors),
            ("methods", Argument::List(_, names)) if !names.is_empty() => self.methods = each_of(names, &name, errors),
            ("alias", Argument::List(_, types)) if !types.is_empty() => self.aliases = types_of(&types, &name, errors),
            ("returns", Argument::List(_, types)) if !types.is_empty() => {
                self.returns = types_of(&types, &name, errors);
            }
            ("namesakes", Argument::List(_, paths)) if !paths.is_empty() => {
                self.namesakes = each_of(paths, &name, errors).into_iter().map(|Module(path)| path).collect();
            }
            ("crate", Argument::Path(_, path)) => self.runtime = quote!(#path),
            ("companions", Argument::Path(_, path)) if path.get_ident().is_some() => {
                self.companions = path.get_ident().cloned();
            }
            ("objective", Argument::Path(_, path)) if path.get_ident().is_some() => {
                self.objective = path.get_ident().cloned();
            }
            ("custom", Argument::Path(_, path)) => self.rules.reverse = Some(path),
            ("custom_jvp", Argument::Path(_, path)) => self.rules.forward = Some(path),
            ("standalone", Argument::Kind(_)) => self.callers = Callers::Nobody,
            ("local", Argument::Kind(_)) => self.callers = Callers::Module,
            ("namesake", Argument::Kind(_)) => self.callers = Callers::Namesake,
            ("constant", Argument::Kind(_)) => self.constant = true,
            ("repeatable", Argument::Kind(_)) => self.repeatable = true,
            ("verify", Argument::List(name, values)) => self.verify.push((name, values)),
            (other, _) => {
                if other == "companions" {
                    // That they are to go in a trait is said.
                    self.companions = Some(Ident::new("Companions", name.span()));
                }
                errors.push(name.span(), not_so(&name));
            }
        }
    }

    fn take_companion(
        &mut self,
        argument: Argument,
        name: &Ident,
        suffix: &'static str,
        kind: Kind,
        errors: &mut Errors,
    ) {
        if kind == Kind::Derivatives {
            return self.take_order(argument, name, suffix, errors);
        }
        match argument {
            Argument::Kind(_) if is_kind(suffix) => self.ask(kind, name.span()),
            Argument::Name(_, new) => {
                self.ask(kind, name.span());
                self.names.extend(rename(&new, errors).map(|new| (suffix, new)));
            }
            _ => {
                let named = format!("`{suffix} = \"name\"`");
                let form = if is_kind(suffix) {
                    format!("`{suffix}`, or {named} for another name of the companion")
                } else {
                    named
                };
                errors.push(name.span(), message::option_form(name, form));
            }
        }
    }
}

impl Options {
    /// `derivatives`, `derivatives(3)`, `derivatives(3) = "name"`
    fn take_order(&mut self, argument: Argument, name: &Ident, suffix: &'static str, errors: &mut Errors) {
        let (order, new) = match argument {
            Argument::Kind(_) => return self.ask(Kind::Derivatives, name.span()),
            Argument::List(_, order) => (order, None),
            Argument::NamedList(_, order, new) => (order, Some(new)),
            _ => (TokenStream::new(), None),
        };
        let mut order = syn::parse2::<LitInt>(order).ok().and_then(|n| n.base10_parse().ok()).unwrap_or(0);
        if !(1..=MOST_DERIVATIVES).contains(&order) {
            let form = format!(
                "`{name}(3)`, with a number from 1 to {MOST_DERIVATIVES}, or `{name}`, where only other functions need them"
            );
            errors.push(name.span(), message::option_form(name, form));
            order = 1;
        }
        self.order = Some(order);
        self.ask(Kind::Derivatives, name.span());
        self.names.extend(new.and_then(|new| rename(&new, errors)).map(|new| (suffix, new)));
    }
}

/// The arguments for a function of an `impl`: its own, and those of the `impl` that it does not have itself. A function
/// that says which companions it has is taken at its word.
#[must_use]
pub fn with_defaults(own: &TokenStream, defaults: &TokenStream) -> TokenStream {
    let name = |tokens: &TokenStream| tokens.clone().into_iter().next().map(|t| t.to_string()).unwrap_or_default();
    let mut list = arguments(own.clone());
    let names: Vec<String> = list.iter().map(name).collect();
    let kinds = names.iter().any(|name| companion(name).is_some());
    let defaults = arguments(defaults.clone()).into_iter().filter(|tokens| {
        let name = name(tokens);
        let said = names.contains(&name) || (kinds && companion(&name).is_some());
        !said
    });
    list.extend(defaults);
    quote!(#(#list),*)
}

/// The arguments, one by one: a mistake in one leaves the others.
fn arguments(tokens: TokenStream) -> Vec<TokenStream> {
    let mut list = vec![TokenStream::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(p) if p.as_char() == ',' => list.push(TokenStream::new()),
            token => list.last_mut().expect("the list starts with one").extend([token]),
        }
    }
    list.retain(|tokens| !tokens.is_empty());
    list
}

fn wrt(option: &Ident, tokens: TokenStream, errors: &mut Errors) -> Option<Vec<Ident>> {
    let mut names: Vec<Ident> = Vec::new();
    if tokens.is_empty() {
        errors.push(option.span(), message::wrt_empty());
    }
    for tokens in arguments(tokens) {
        let name = |input: ParseStream<'_>| {
            if input.peek(Token![self]) { input.call(Ident::parse_any) } else { input.parse::<Ident>() }
        };
        match name.parse2(tokens.clone()) {
            Ok(name) if names.contains(&name) => errors.push(name.span(), message::wrt_twice(&name)),
            Ok(name) => names.push(name),
            Err(_) => {
                let text = tokens.to_string().replace(' ', "");
                errors.push(Site::of(&tokens), message::wrt_unknown(text, ""));
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

/// How an option is written, if there is one of the name.
fn form_of(option: &str) -> Option<String> {
    let form = match option {
        "wrt" => "`wrt(a, b)`, with names of parameters",
        "macros" => "`macros(a, b)`, with names of macros",
        "methods" => "`methods(a, b)`, with names of methods",
        "alias" => "`alias(Real = f64, Weights = [f64; 31])`, with names of types that are others",
        "returns" => "`returns(f = [f64; 3], g = Vec<f64>)`, with names of functions that are called",
        "namesakes" => {
            "`namesakes(super::f, crate::g)`, with paths of modules that have the names of functions in them"
        }
        "crate" => "`crate = path::of::symgrad`",
        "companions" => "`companions = Name`, the name of a trait to be made",
        "objective" => "`objective = Name`, the name of a struct to be made",
        "verify" => "`verify(a = 1.0, b = &[2.0, 3.0])`, with a value for each parameter",
        "custom" | "custom_jvp" => return Some(format!("`{option} = path::of::a_function`")),
        "local" | "namesake" | "standalone" | "constant" | "repeatable" => return Some(format!("`{option}`")),
        _ => return None,
    };
    Some(form.to_string())
}

/// That an option is not written so, or that there is none of the name.
fn not_so(option: &Ident) -> String {
    let name = option.to_string();
    form_of(&name).map_or_else(
        || {
            let known: Vec<&str> = COMPANIONS.iter().map(|(suffix, _)| *suffix).chain(OTHERS.iter().copied()).collect();
            message::unknown_option(option, nearest(&name, &known))
        },
        |form| message::option_form(option, form),
    )
}

/// The names, or paths, in a list.
fn each_of<T: Parse>(tokens: TokenStream, option: &Ident, errors: &mut Errors) -> Vec<T> {
    let one = |tokens: TokenStream| {
        let parsed = syn::parse2(tokens.clone());
        if parsed.is_err() {
            errors.push(Site::of(&tokens), not_so(option));
        }
        parsed.ok()
    };
    arguments(tokens).into_iter().filter_map(one).collect()
}

/// The path of a module that has the name of a function in it.
struct Module(Path);

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = Path::parse_mod_style(input)?;
        if path.segments.len() > 1 { Ok(Module(path)) } else { Err(input.error("a name alone")) }
    }
}

/// Names, and a type for each.
fn types_of(tokens: &TokenStream, option: &Ident, errors: &mut Errors) -> Vec<(Ident, Type)> {
    let one = |input: ParseStream<'_>| {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse()?))
    };
    let list = |input: ParseStream<'_>| Punctuated::<(Ident, Type), Token![,]>::parse_terminated_with(input, one);
    match list.parse2(tokens.clone()) {
        Ok(list) => list.into_iter().collect(),
        Err(_) => {
            errors.push(Site::of(tokens), not_so(option));
            Vec::new()
        }
    }
}

fn rename(new: &LitStr, errors: &mut Errors) -> Option<Ident> {
    let ident = new.parse::<Ident>().ok();
    if ident.is_none() {
        errors.push(new.span(), message::bad_rename(new.value()));
    }
    ident
}
