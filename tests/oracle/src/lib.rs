//! `#[case(points…)]`: a function of the corpus, its derivatives by `#[differentiate]`, the same function over dual
//! numbers, and the test that compares them.
//!
//! The second writing is syntactic and knows nothing of derivatives: types `f64` and `f32` become `Dual`, float
//! literals and constants become dual constants, casts to a float become conversions. So one body serves both, in the
//! Rust that a user would write. What it cannot translate is written twice (`dual = other`). A function that is generic over
//! a float type needs no second writing: it is compared as a function of `f64` and of `f32`, and runs over dual numbers.

mod kinds;
mod outputs;
mod second;

use proc_macro::TokenStream;
use proc_macro2::{Ident, Span, TokenStream as Tokens};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use second::{Rewrite, second_writing};
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, FnArg, ItemFn, Pat, Token, Type, parenthesized, parse_macro_input, parse_quote};

/// See the crate's documentation. Arguments, in any order: points as tuples of arguments; `wrt(a, b)`; `calls(g, h)`,
/// the other functions of the corpus that are called; `dual = path`, the second writing where it is made by hand;
/// `no_differences`, where finite differences cannot tell, as at a jump; `first_order`, where there is no second derivative;
/// `coarse`, where some of it is computed as `f32`; `once`, where the body may not run for every few columns of a Jacobian; `one_output`, where it is not written with two. `#[ignore = "…"]` on the function goes to its test.
#[proc_macro_attribute]
pub fn case(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(arguments as Options);
    let mut function = parse_macro_input!(item as ItemFn);
    let (ignored, others) = function.attrs.into_iter().partition(|a| a.path().is_ident("ignore"));
    function.attrs = others;
    expand(&options, &function, &ignored).into()
}

/// A function with several outputs: arrays, `Vec`s, tuples, what is behind a `&mut`. Arguments as those of `case`.
#[proc_macro_attribute]
pub fn outputs(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(arguments as Options);
    let function = parse_macro_input!(item as ItemFn);
    outputs::expand(&options, &function).into()
}

/// Methods of a type with a parameter, written for `f64` with `#[differentiate(…)]` on each: with `#[differentiate]` on the block,
/// and the same methods over dual numbers.
#[proc_macro_attribute]
pub fn methods(_: TokenStream, item: TokenStream) -> TokenStream {
    let first = parse_macro_input!(item as syn::ItemImpl);
    let mut second = first.clone();
    let mut rewrite = Rewrite { calls: &[] };
    rewrite.visit_type_mut(&mut second.self_ty);
    for item in &mut second.items {
        if let syn::ImplItem::Fn(method) = item {
            method.attrs.clear();
            rewrite.visit_signature_mut(&mut method.sig);
            rewrite.visit_block_mut(&mut method.block);
        }
    }
    quote!(#[::symgrad::differentiate] #first #[allow(clippy::all, clippy::pedantic, unused, unreachable_code)] #second)
        .into()
}

/// What is compared of a function that is also written with two outputs.
#[derive(Clone, Copy, Default, PartialEq)]
enum TwoOutputs {
    #[default]
    Jacobian,
    Tangents,
    /// It is not written with two.
    Nothing,
}

#[derive(Default)]
struct Options {
    wrt: Option<Vec<Ident>>,
    calls: Vec<Ident>,
    dual: Option<syn::Path>,
    differences: bool,
    first_order: bool,
    coarse: bool,
    two_outputs: TwoOutputs,
    points: Vec<Vec<Expr>>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Options { differences: true, ..Options::default() };
        while !input.is_empty() {
            if input.peek(syn::token::Paren) {
                options.points.push(match input.parse()? {
                    Expr::Tuple(t) => t.elems.into_iter().collect(),
                    Expr::Paren(p) => vec![*p.expr],
                    other => vec![other],
                });
            } else {
                let name: Ident = input.parse()?;
                let list = |input: ParseStream<'_>| -> syn::Result<Vec<Ident>> {
                    let content;
                    parenthesized!(content in input);
                    Ok(content.parse_terminated(Ident::parse, Token![,])?.into_iter().collect())
                };
                match name.to_string().as_str() {
                    "wrt" => options.wrt = Some(list(input)?),
                    "calls" => options.calls = list(input)?,
                    "no_differences" => options.differences = false,
                    "first_order" => options.first_order = true,
                    "coarse" => options.coarse = true,
                    "once" => options.two_outputs = TwoOutputs::Tangents,
                    "one_output" => options.two_outputs = TwoOutputs::Nothing,
                    "dual" => {
                        input.parse::<Token![=]>()?;
                        options.dual = Some(input.parse()?);
                    }
                    _ => return Err(syn::Error::new(name.span(), "no such option")),
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

/// A parameter of the function.
struct Parameter {
    name: Ident,
    ty: Type,
    /// The type that owns it, if it is a float, an array or a slice of floats.
    owned: Option<Type>,
    reference: bool,
    wrt: bool,
    /// Whether it is behind a `&mut`.
    buffer: bool,
}

impl Parameter {
    /// It, as an argument.
    fn pass(&self, name: &Ident) -> Tokens {
        match &self.ty {
            _ if self.buffer => quote!(&mut #name),
            _ if self.owned.is_some() && self.reference => quote!(&#name),
            Type::Path(p) if p.path.get_ident().is_none() => quote!(#name.clone()),
            _ => quote!(#name),
        }
    }
}

fn expand(options: &Options, function: &ItemFn, ignored: &[Attribute]) -> Tokens {
    let name = &function.sig.ident;
    let generic = float_parameter(function);
    let parameters = parameters(options, function, generic.is_some().then_some("f64"));
    let wrt = options.wrt.as_ref().map(|names| quote!(, wrt(#(#names),*)));
    let dual = match &options.dual {
        Some(path) => path.to_token_stream(),
        None if generic.is_some() => name.to_token_stream(),
        None => format_ident!("{name}_dual").to_token_stream(),
    };
    let second = (options.dual.is_none() && generic.is_none()).then(|| second_writing(options, function, &parameters));
    let test = (!options.points.is_empty()).then(|| {
        let agrees = format_ident!("{name}_agrees");
        let singles = generic.is_some().then(|| self::parameters(options, function, Some("f32")));
        let points = std::iter::once(&parameters).chain(&singles).flat_map(|parameters| {
            let each = options.points.iter().enumerate();
            each.map(|(k, point)| {
                let compared = if kinds::chosen() { kinds::compare } else { compare };
                compared(options, name, k, &dual, parameters, point)
            })
        });
        let differences = (!kinds::chosen()).then_some(options.differences).into_iter();
        let finish = (!kinds::chosen()).then(|| quote_spanned!(Span::mixed_site()=> case.finish();));
        let title = name.to_string();
        let case = Ident::new("case", Span::mixed_site());
        quote! {
            #[test]
            #(#ignored)*
            #[allow(clippy::pedantic, unused)]
            fn #agrees() {
                let mut #case = crate::corpus::support::Case::new(#title #(, #differences)*);
                #(#points)*
                #finish
            }
        }
    });
    // A gradient is one of a number.
    let number = matches!(&function.sig.output, syn::ReturnType::Type(_, ty) if matches!(**ty, Type::Path(_)));
    let along = options.has_second().then(|| quote!(, hvp));
    let matrix = options.has_hessian(&parameters).then(|| quote!(, hessian));
    let series = options.has_series(&parameters).then(|| quote!(, derivatives(4)));
    let sparse = options.has_sparse(&parameters).then(|| quote!(, sparse_hessian));
    let kinds = match (number, kinds::chosen()) {
        (true, true) => quote!(gradient, jvp, vjp #along #matrix #series #sparse),
        (true, false) => quote!(gradient, jvp),
        (false, true) => quote!(jvp #along),
        (false, false) => quote!(jvp),
    };
    let twice = options.has_jacobian(&parameters).then(|| outputs::twice(options, function, wrt.as_ref()));
    quote! {
        #[::symgrad::differentiate(#kinds #wrt)]
        #function
        #twice
        #second
        #test
    }
}

/// The type parameter that is a float, by its bound.
fn float_parameter(function: &ItemFn) -> Option<&Ident> {
    let generics = &function.sig.generics;
    let float = |bound: &syn::TypeParamBound| {
        ["Float", "Real", "Scalar"].iter().any(|name| bound.to_token_stream().to_string().contains(name))
    };
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bounded: Vec<String> = clause
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(p) if p.bounds.iter().any(float) => {
                Some(p.bounded_ty.to_token_stream().to_string())
            }
            _ => None,
        })
        .collect();
    let is_float = |p: &&syn::TypeParam| p.bounds.iter().any(float) || bounded.iter().any(|name| p.ident == name);
    generics.type_params().find(is_float).map(|p| &p.ident)
}

/// A generic function's parameters with a concrete type for its own: what is not of that type is data.
struct Concrete<'a> {
    name: &'a Ident,
    float: Ident,
    lengths: Vec<&'a Ident>,
    found: bool,
}

impl VisitMut for Concrete<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(p) if p.path.is_ident(self.name)) {
            let float = &self.float;
            *ty = parse_quote!(#float);
            self.found = true;
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_type_array_mut(&mut self, array: &mut syn::TypeArray) {
        self.visit_type_mut(&mut array.elem);
        if matches!(&array.len, Expr::Path(p) if self.lengths.iter().any(|name| p.path.is_ident(*name))) {
            array.len = parse_quote!(_);
        }
    }
}

fn parameters(options: &Options, function: &ItemFn, float: Option<&str>) -> Vec<Parameter> {
    let each = |arg: &FnArg| {
        let FnArg::Typed(arg) = arg else { return None };
        let Pat::Ident(pat) = &*arg.pat else { return None };
        let mut arg = arg.clone();
        let mut owned = None;
        match (float_parameter(function), float) {
            (Some(name), Some(float)) => {
                let lengths = function.sig.generics.const_params().map(|p| &p.ident).collect();
                let mut concrete = Concrete { name, float: format_ident!("{float}"), lengths, found: false };
                concrete.visit_type_mut(&mut arg.ty);
                if concrete.found {
                    owned = self::owned(&arg.ty);
                }
            }
            _ => owned = self::owned(&arg.ty),
        }
        let buffer = matches!(&*arg.ty, Type::Reference(r) if r.mutability.is_some());
        let wrt = owned.is_some() && !buffer && options.wrt.as_ref().is_none_or(|names| names.contains(&pat.ident));
        let reference = matches!(&*arg.ty, Type::Reference(_));
        Some(Parameter { name: pat.ident.clone(), ty: (*arg.ty).clone(), owned, reference, wrt, buffer })
    };
    function.sig.inputs.iter().filter_map(each).collect()
}

/// `f64`, `[…; N]` of it, `Vec<…>` for a slice of it.
fn owned(ty: &Type) -> Option<Type> {
    match ty {
        Type::Reference(r) => match &*r.elem {
            Type::Slice(s) => {
                let elem = owned(&s.elem)?;
                Some(parse_quote!(::std::vec::Vec<#elem>))
            }
            elem => owned(elem),
        },
        Type::Array(a) => owned(&a.elem).map(|_| ty.clone()),
        Type::Path(p) if p.path.is_ident("f64") || p.path.is_ident("f32") => Some(ty.clone()),
        Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "Vec") => Some(ty.clone()),
        _ => None,
    }
}

/// A function and a point as the comparison needs them.
struct Setting<'a> {
    /// Sets the variables of the parameters to the point.
    set: Vec<Tokens>,
    /// Those in `wrt`.
    chosen: Vec<&'a Ident>,
    /// What sets them to a flat vector.
    refill: Tokens,
    arguments: Vec<Tokens>,
    /// Variables for a direction, and how they are passed.
    directions: Vec<Ident>,
    passed_directions: Vec<Tokens>,
    /// What sets the variables to dual numbers.
    lifts: Vec<Tokens>,
}

impl<'a> Setting<'a> {
    fn new(name: &Ident, k: usize, parameters: &'a [Parameter], point: &[Expr]) -> Self {
        let support = quote!(crate::corpus::support);
        assert_eq!(parameters.len(), point.len(), "`{name}`: point {k} has another number of arguments");
        let set = parameters.iter().zip(point).map(|(p, value)| {
            let (name, ty) = (&p.name, p.owned.as_ref().unwrap_or(&p.ty));
            let list = p.owned.is_some() && matches!(ty, Type::Path(path) if path.path.get_ident().is_none());
            let vec = matches!(p.ty, Type::Path(_)) || ty.to_token_stream().to_string().matches("Vec").count() > 1;
            match ty {
                _ if list && !vec => quote!(let #name: #ty = <#ty>::from(#value);),
                // A type parameter, or one without a name.
                Type::ImplTrait(_) => quote!(let #name = #value;),
                Type::Path(path)
                    if p.owned.is_none() && path.path.get_ident().is_some_and(|i| i.to_string().len() == 1) =>
                {
                    quote!(let #name = #value;)
                }
                _ => quote!(let #name: #ty = #value;),
            }
        });
        let chosen: Vec<&Ident> = parameters.iter().filter(|p| p.wrt).map(|p| &p.name).collect();
        let refill = quote_spanned! {Span::mixed_site()=>
            let mut flat = flat.iter().copied();
            #(let #chosen = #support::Argument::refill(&#chosen, &mut flat);)*
        };
        let arguments: Vec<Tokens> = parameters.iter().map(|p| p.pass(&p.name)).collect();
        let tangent = |p: &Parameter| format_ident!("{}_direction", p.name.to_string().trim_start_matches("r#"));
        let passed_directions = parameters.iter().filter(|p| p.wrt).map(|p| p.pass(&tangent(p))).collect();
        let directions = parameters.iter().filter(|p| p.wrt).map(tangent).collect();
        let lifts = parameters.iter().filter(|p| p.owned.is_some()).map(|p| {
            let name = &p.name;
            if p.wrt {
                quote_spanned!(Span::mixed_site()=> let #name = #support::Argument::lift(&#name, &mut duals);)
            } else {
                let mutable = p.buffer.then(|| quote!(mut));
                quote!(let #mutable #name = #support::constant(&#name);)
            }
        });
        let (set, lifts) = (set.collect(), lifts.collect());
        Setting { set, chosen, refill, arguments, directions, passed_directions, lifts }
    }

    /// The comparison at the point: of the function, its gradient, what it is over dual numbers, and `own` companions.
    fn compare(&self, options: &Options, name: &Ident, dual: &Tokens, own: &Tokens) -> Tokens {
        let support = quote!(crate::corpus::support);
        let Setting { set, chosen, refill, arguments, lifts, .. } = self;
        let gradient = format_ident!("{name}_gradient");
        let coarse = options.coarse;
        // A variable of this is none of the function's parameters.
        quote_spanned! {Span::mixed_site()=> {
            #(#set)*
            let mut point = ::std::vec::Vec::new();
            #(#support::Argument::flatten(&#chosen, &mut point);)*
            case.at(&#support::Point {
                single: #coarse || #support::single(&#name(#(#arguments),*)),
                flat: &point,
                function: &|flat| { #refill #support::wide(#name(#(#arguments),*)) },
                gradient: &|flat| { #refill ::symgrad::Flatten::flatten(&#gradient(#(#arguments),*)) },
                dual: &|duals| {
                    let mut duals = duals.iter().copied();
                    #(#lifts)*
                    #dual(#(#arguments),*)
                },
                #own
            });
        }}
    }

    /// A companion as a function of the point, if there is one.
    fn offered(&self, present: bool, body: &Tokens) -> Tokens {
        let refill = &self.refill;
        if present {
            quote_spanned!(Span::mixed_site()=> Some(&|flat: &[f64]| { #refill #body }))
        } else {
            quote!(None)
        }
    }
}

/// The comparison at one point.
fn compare(
    options: &Options,
    name: &Ident,
    k: usize,
    dual: &Tokens,
    parameters: &[Parameter],
    point: &[Expr],
) -> Tokens {
    let support = quote!(crate::corpus::support);
    let setting = Setting::new(name, k, parameters, point);
    let Setting { chosen, refill, arguments, directions, passed_directions, .. } = &setting;
    let both = format_ident!("{name}_value_and_gradient");
    let jvp = format_ident!("{name}_jvp");
    let arrays = parameters.iter().any(|p| {
        p.wrt && p.owned.as_ref().is_some_and(|t| !matches!(t, Type::Path(p) if p.path.get_ident().is_some()))
    });
    let into = format_ident!("{name}_value_and_gradient_into");
    let buffers: Vec<Ident> =
        chosen.iter().map(|p| format_ident!("{}_buffer", p.to_string().trim_start_matches("r#"))).collect();
    let into = quote_spanned! {Span::mixed_site()=>
        // What was in the buffers is overwritten.
        let mut dirt = ::std::iter::repeat(7.5);
        #(let mut #buffers = #support::Argument::refill(&#chosen, &mut dirt);)*
        let value = #name(#(#arguments),*);
        let value = #into(#(#arguments,)* #(&mut #buffers),*);
        let mut out = ::std::vec::Vec::new();
        #(#support::Argument::flatten(&#buffers, &mut out);)*
        (#support::wide(value), out)
    };
    let into = setting.offered(arrays, &into);
    let own = quote_spanned! {Span::mixed_site()=>
        both: &|flat| {
            #refill
            let (value, gradient) = #both(#(#arguments),*);
            (#support::wide(value), ::symgrad::Flatten::flatten(&gradient))
        },
        into: #into,
        jvp: &|flat, given| {
            #refill
            let mut given = given.iter().copied();
            #(let #directions = #support::Argument::refill(&#chosen, &mut given);)*
            let (value, tangent) = #jvp(#(#arguments,)* #(#passed_directions),*);
            (#support::wide(value), #support::wide(tangent))
        },
    };
    setting.compare(options, name, dual, &own)
}
