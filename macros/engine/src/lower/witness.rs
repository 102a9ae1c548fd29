//! How the hidden protocol knows a function. Input: a signature. Output: what its functions declare so that a caller can hand
//! them the function itself, as a value of its own type.
//!
//! The bound `impl Fn(…) -> …` lets rustc infer what the function is generic over, and refuses one of another signature. No
//! bound can mention an `impl Trait` of a parameter: there, the protocol's functions have type parameters with names.

use super::pattern::mentions;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Generics, ReturnType, Safety, Signature, Type, TypeParam, parse_quote};

/// By what a function is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Its type, which outlives everything: there is an identity of such types.
    Type,
    /// The name of its type: that is made of others, which need not live so long.
    Name,
    /// Nothing: it cannot be differentiated, and is not called where nothing else is wrong.
    Nothing,
}

/// A function as its protocol declares it.
#[derive(Clone)]
pub struct Witness {
    /// `<T: Float, Anonymous0: Fn(T) -> T>`
    pub generics: TokenStream,
    /// `::<T, Anonymous0>`
    pub arguments: TokenStream,
    /// `<T, Anonymous0>`, and the lifetimes.
    pub captured: TokenStream,
    /// `f::<T>`
    pub function: TokenStream,
    /// The types of its parameters.
    pub inputs: Vec<TokenStream>,
    /// `impl Fn(T, Anonymous0) -> T`
    pub bound: TokenStream,
    /// By what it is compared.
    pub identity: Identity,
    /// `::<T>`, without what `impl Trait` stands for.
    own: TokenStream,
}

impl Witness {
    /// That of a function which is no method.
    pub fn new(signature: &Signature) -> Self {
        let mut names = Names { signature, found: Vec::new() };
        let typed = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some((*typed.ty).clone()),
            FnArg::Receiver(_) => None,
        });
        let mut inputs: Vec<Type> = typed.collect();
        inputs.iter_mut().for_each(|ty| names.visit_type_mut(ty));
        let mut generics = signature.generics.clone();
        let own = arguments(&generics);
        generics.params.extend(names.found.into_iter().map(GenericParam::Type));
        let name = &signature.ident;
        // No further bound belongs to the type.
        let output = match &signature.output {
            ReturnType::Type(arrow, ty) if matches!(**ty, Type::TraitObject(_)) => quote!(#arrow (#ty)),
            output => output.to_token_stream(),
        };
        let lifetimes = generics.lifetimes().map(|p| &p.lifetime);
        let named = generics.params.iter().filter_map(name_of);
        let constants = generics.params.iter().all(|param| matches!(param, GenericParam::Const(_)));
        let identity = match signature {
            Signature { asyncness: Some(_), .. } | Signature { safety: Safety::Unsafe(_), .. } => Identity::Nothing,
            _ if constants => Identity::Type,
            _ => Identity::Name,
        };
        Witness {
            bound: quote!(impl ::core::ops::Fn(#(#inputs),*) #output),
            arguments: arguments(&generics),
            captured: quote!(<#(#lifetimes,)* #(#named),*>),
            function: quote!(#name #own),
            inputs: inputs.iter().map(Type::to_token_stream).collect(),
            identity,
            generics: generics.to_token_stream(),
            own,
        }
    }

    /// That of another function with the same parameters.
    #[must_use]
    pub fn of_companion(&self, name: &Ident, output: &TokenStream) -> Self {
        let (own, inputs) = (&self.own, &self.inputs);
        Witness {
            bound: quote!(impl ::core::ops::Fn(#(#inputs),*) -> #output),
            function: quote!(#name #own),
            ..self.clone()
        }
    }
}

/// `::<T, N>`
fn arguments(generics: &Generics) -> TokenStream {
    let named: Vec<&Ident> = generics.params.iter().filter_map(name_of).collect();
    if named.is_empty() { TokenStream::new() } else { quote!(::<#(#named),*>) }
}

/// The name of a type or a constant.
fn name_of(param: &GenericParam) -> Option<&Ident> {
    match param {
        GenericParam::Type(p) => Some(&p.ident),
        GenericParam::Const(p) => Some(&p.ident),
        GenericParam::Lifetime(_) => None,
    }
}

/// Names for what `impl Trait` stands for.
struct Names<'s> {
    signature: &'s Signature,
    found: Vec<TypeParam>,
}

impl VisitMut for Names<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Type::ImplTrait(anonymous) = ty {
            let mut name = format_ident!("Anonymous{}", self.found.len(), span = Span::call_site());
            while mentions(self.signature.to_token_stream(), &name.to_string()) {
                name = format_ident!("{}_", name);
            }
            let bounds = &anonymous.bounds;
            self.found.push(parse_quote!(#name: #bounds));
            *ty = parse_quote!(#name);
        }
    }
}
