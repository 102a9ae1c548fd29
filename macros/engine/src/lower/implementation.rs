//! The `impl` under the attribute. Input: its tokens. Output: its header, its functions with what the attribute on each of
//! them says, and the `impl` itself without those attributes. Bodies are not parsed: one that is half-typed leaves the rest
//! as it is.

use super::function::{Function, shared};
use super::types::{Shape, shape};
use crate::diagnostics::{Errors, message};
use crate::ir::Dim;
use crate::tokens::has_word;
use crate::tokens::{Associated, SelfType, with_types};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, GenericParam, Generics, ImplItem, ItemImpl, Meta, Path, Type, WherePredicate};

/// An `impl`.
pub struct Implementation {
    header: ItemImpl,
    /// Its tokens up to the braces, and these.
    tokens: (TokenStream, Group),
    inner: Vec<Attribute>,
    members: Vec<Member>,
}

/// One of its items.
struct Member {
    /// The item, without the attribute.
    tokens: TokenStream,
    /// The attribute's arguments.
    marker: Option<TokenStream>,
    function: Option<Function>,
    /// A type of the trait: its name and definition.
    ty: Option<(Ident, Option<Type>)>,
}

/// A function of the `impl`.
pub struct Candidate<'i> {
    /// The function.
    pub function: &'i Function,
    /// The arguments of the attribute on it, if it has one.
    pub marker: Option<&'i TokenStream>,
    index: usize,
}

impl Implementation {
    /// Whether an item is an `impl`.
    #[must_use]
    pub fn is_one(item: &TokenStream) -> bool {
        keyword(item).is_some_and(|word| word == "impl")
    }

    /// Takes it apart.
    pub fn read(item: &TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut before: Vec<TokenTree> = item.clone().into_iter().collect();
        let body = match before.pop() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
            other => {
                let span = other.map_or_else(Span::call_site, |token| token.span());
                errors.push(span, message::not_a_function());
                return None;
            }
        };
        let before: TokenStream = before.into_iter().collect();
        let parsed = syn::parse2::<ItemImpl>(quote!(#before {})).and_then(|header| {
            let Members(inner, members) = syn::parse2(body.stream())?;
            Ok(Implementation { header, tokens: (before, body), inner, members })
        });
        parsed.map_err(|error| errors.push(error.span(), message::unreadable_body(error))).ok()
    }

    /// With its type written in other tokens, for the companions.
    #[must_use]
    pub fn map_type(mut self, change: impl Fn(TokenStream) -> TokenStream) -> Self {
        if let Ok(ty) = syn::parse2(change(self.header.self_ty.to_token_stream())) {
            *self.header.self_ty = ty;
        }
        self
    }

    /// Its functions.
    #[must_use]
    pub fn functions(&self) -> Vec<Candidate<'_>> {
        let members = self.members.iter().enumerate();
        let found = members.filter_map(|(index, member)| {
            let function = member.function.as_ref()?;
            Some(Candidate { function, marker: member.marker.as_ref(), index })
        });
        found.collect()
    }

    /// The function as it stands in another `impl` of the type: `Self::Output` is what it is here. In an inherent one, it
    /// has the type parameters itself that only the trait was for.
    #[must_use]
    pub fn elsewhere(&self, function: &Function, inherent: bool) -> Function {
        let (kept, moved) = if inherent { self.split() } else { (self.header.generics.clone(), Generics::default()) };
        let mut function = function.clone().inside(kept);
        let own = &mut function.signature.generics;
        own.params.extend(moved.params);
        if let Some(clause) = moved.where_clause {
            own.make_where_clause().predicates.extend(clause.predicates);
        }
        let parameters: Vec<Ident> = self.header.generics.type_params().map(|param| param.ident.clone()).collect();
        let fixed = |shape: &Shape| !shape.reference && shape.dims.iter().all(|dim| matches!(dim, Dim::Fixed(_)));
        let floats = shape(&self.header.self_ty, &parameters).is_some_and(|shape| fixed(&shape));
        function.this = floats.then(|| (*self.header.self_ty).clone());
        let Some(path) = &self.header.trait_.as_ref().map(|(path, _)| path) else { return function };
        let types = self.members.iter().filter_map(|member| {
            let (name, ty) = member.ty.as_ref()?;
            Some(Associated { name: name.to_string(), definition: ty.as_ref().map(ToTokens::to_token_stream) })
        });
        let types: Vec<Associated> = types.collect();
        let ty = SelfType {
            of: &path.to_token_stream(),
            types: &types,
            itself: function.this.as_ref().map(ToTokens::to_token_stream),
        };
        function.map(|tokens| with_types(tokens, &ty))
    }

    /// The generics that the type is made of, and the others: `impl<T> Trait<T> for Type` has those of the trait.
    fn split(&self) -> (Generics, Generics) {
        let Generics { params, where_clause, .. } = &self.header.generics;
        let mentions = |tokens: TokenStream, param: &GenericParam| {
            let name = match param {
                GenericParam::Type(p) => p.ident.to_string(),
                GenericParam::Const(p) => p.ident.to_string(),
                GenericParam::Lifetime(p) => p.lifetime.ident.to_string(),
            };
            has_word(tokens, &name)
        };
        let (kept, moved): (Vec<_>, Vec<_>) =
            params.iter().cloned().partition(|param| mentions(self.header.self_ty.to_token_stream(), param));
        let predicates = where_clause.iter().flat_map(|clause| clause.predicates.iter().cloned());
        let (moved_bounds, bounds): (Vec<_>, Vec<_>) =
            predicates.partition(|predicate| moved.iter().any(|param| mentions(predicate.to_token_stream(), param)));
        let generics = |params: Vec<GenericParam>, bounds: Vec<WherePredicate>| {
            let mut generics = Generics { params: params.into_iter().collect(), ..Generics::default() };
            if !bounds.is_empty() {
                generics.make_where_clause().predicates.extend(bounds);
            }
            generics
        };
        (generics(kept, bounds), generics(moved, moved_bounds))
    }

    /// What companions need, so that names mean in them what they mean here: the trait, where it has not been imported.
    #[must_use]
    pub fn imports(&self) -> TokenStream {
        match &self.header.trait_ {
            Some((path, _)) if path.segments.len() > 1 => {
                let mut path: Path = path.clone();
                path.segments.iter_mut().for_each(|segment| segment.arguments = syn::PathArguments::None);
                quote!(#[allow(unused_imports)] use #path as _;)
            }
            _ => TokenStream::new(),
        }
    }

    /// That the name of a trait's function is that of no other function of the type, which would be called instead.
    #[must_use]
    pub fn identity(&self, function: &Function, runtime: &TokenStream) -> TokenStream {
        let signature = &function.signature;
        let Some((path, _)) = &self.header.trait_ else { return TokenStream::new() };
        let anonymous = has_word(signature.inputs.to_token_stream(), "impl");
        if anonymous {
            return TokenStream::new();
        }
        let name = &signature.ident;
        let generics = signature.generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(p) => Some(&p.ident),
            GenericParam::Const(p) => Some(&p.ident),
            GenericParam::Lifetime(_) => None,
        });
        let generics: Vec<&Ident> = generics.collect();
        let generics = (!generics.is_empty()).then(|| quote!(::<#(#generics),*>));
        let imports = self.imports();
        quote_spanned! {Span::call_site().located_at(name.span())=>
            if false {
                #imports
                #runtime::__private::same_function(Self::#name #generics, <Self as #path>::#name #generics);
            }
        }
    }

    /// Whether it is the `impl` of a trait.
    #[must_use]
    pub fn of_trait(&self) -> bool {
        self.header.trait_.is_some()
    }

    /// The type, if it visibly is one that can have no methods of this crate.
    #[must_use]
    pub fn foreign_type(&self) -> Option<&Type> {
        let ty = &*self.header.self_ty;
        let foreign = match ty {
            Type::Path(p) if p.qself.is_none() => {
                p.path.get_ident().is_some_and(|name| {
                    let parameter = |param: &GenericParam| matches!(param, GenericParam::Type(t) if t.ident == *name);
                    let primitive = ["f32", "f64", "bool", "char", "str", "String", "u8", "i32", "usize"];
                    primitive.iter().any(|p| name == p) || self.header.generics.params.iter().any(parameter)
                }) || p.path.segments.last().is_some_and(|last| {
                    ["Vec", "Box", "Rc", "Arc", "Option"].iter().any(|known| last.ident == known)
                        && !last.arguments.is_none()
                })
            }
            Type::Reference(_) | Type::Slice(_) | Type::Array(_) | Type::Tuple(_) | Type::FnPtr(_) => true,
            _ => false,
        };
        foreign.then_some(ty)
    }

    /// The type, if it has no parameters, so that it can be named anywhere.
    #[must_use]
    pub fn nameable_type(&self) -> Option<TokenStream> {
        self.header.generics.params.is_empty().then(|| self.header.self_ty.to_token_stream())
    }

    /// An item under the `cfg`s of the `impl`.
    #[must_use]
    pub fn with_cfgs(&self, item: &TokenStream) -> TokenStream {
        let attributes = shared(&self.header.attrs);
        if item.is_empty() { TokenStream::new() } else { quote!(#attributes #item) }
    }

    /// The `impl` without attributes of ours; of the functions that are `used`, it is said that they are.
    #[must_use]
    pub fn to_tokens(&self, used: &[usize]) -> TokenStream {
        let mut content = TokenStream::new();
        self.inner.iter().for_each(|attribute| attribute.to_tokens(&mut content));
        for (index, member) in self.members.iter().enumerate() {
            if used.contains(&index) && !self.of_trait() {
                content.extend(quote!(#[allow(dead_code)]));
            }
            content.extend(member.tokens.clone());
        }
        let (before, body) = &self.tokens;
        let mut group = Group::new(Delimiter::Brace, content);
        group.set_span(body.span());
        quote!(#before #group)
    }

    /// `impl<T> Type`, with its `cfg`s and its `where` clause, around some items.
    #[must_use]
    pub fn around(&self, items: &TokenStream) -> TokenStream {
        let (self_ty, (generics, _)) = (&self.header.self_ty, self.split());
        let (generics, bounds) = (generics.to_token_stream(), &generics.where_clause);
        let attributes = shared(&self.header.attrs);
        quote!(#attributes impl #generics #self_ty #bounds { #items })
    }

    /// A trait of some declarations, and its `impl`.
    #[must_use]
    pub fn with_trait(&self, name: &Ident, declarations: &TokenStream, items: &TokenStream) -> TokenStream {
        let ItemImpl { generics, self_ty, .. } = &self.header;
        let bounds = &generics.where_clause;
        let names = generics.params.iter().map(|param| match param {
            GenericParam::Type(p) => p.ident.to_token_stream(),
            GenericParam::Const(p) => p.ident.to_token_stream(),
            GenericParam::Lifetime(p) => p.lifetime.to_token_stream(),
        });
        let arguments = (!generics.params.is_empty()).then(|| quote!(<#(#names),*>));
        let attributes = shared(&self.header.attrs);
        let doc = format!(" The derivatives of `{}`.", readable(&self.header));
        quote! {
            #attributes
            #[doc = #doc]
            #[allow(dead_code, private_interfaces, private_bounds, clippy::all, clippy::pedantic, clippy::nursery)]
            pub trait #name #generics #bounds { #declarations }
            #attributes
            impl #generics #name #arguments for #self_ty #bounds { #items }
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.header.impl_token.span()
    }
}

impl Candidate<'_> {
    /// Which of the members it is.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

/// The word that says what an item is: `impl`, `trait`, `fn`, behind attributes, a visibility and qualifiers.
fn keyword(item: &TokenStream) -> Option<Ident> {
    let words = ["impl", "trait", "fn", "mod", "struct", "enum", "union", "const", "static", "type", "use"];
    item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if words.iter().any(|word| ident == word) => Some(ident),
        _ => None,
    })
}

/// The `trait` of an item that is one.
#[must_use]
pub fn trait_keyword(item: &TokenStream) -> Option<Span> {
    keyword(item).filter(|word| word == "trait").map(|word| word.span())
}

fn readable(header: &ItemImpl) -> String {
    let ty = super::types::readable(&header.self_ty);
    match &header.trait_ {
        Some((path, _)) => format!("{} for {ty}", super::types::readable(path)),
        None => ty,
    }
}

/// What is between the braces.
struct Members(Vec<Attribute>, Vec<Member>);

impl Parse for Members {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inner = input.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        while !input.is_empty() {
            members.push(input.parse()?);
        }
        Ok(Members(inner, members))
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if let Ok(mut function) = Function::member(&ahead) {
            input.advance_to(&ahead);
            let marker = function.take_attribute(is_ours);
            return Ok(Member { tokens: function.to_tokens(), marker, function: Some(function), ty: None });
        }
        let item: ImplItem = input.parse()?;
        let ty = match &item {
            ImplItem::Type(t) => Some((t.ident.clone(), t.generics.params.is_empty().then(|| t.ty.clone()))),
            _ => None,
        };
        Ok(Member { tokens: item.to_token_stream(), marker: None, function: None, ty })
    }
}

/// Whether an attribute is `#[differentiate(…)]`, by whatever path.
fn is_ours(attribute: &Attribute) -> bool {
    let path = match &attribute.meta {
        Meta::Path(path) => path,
        Meta::List(list) => &list.path,
        Meta::NameValue(_) => return false,
    };
    path.segments.last().is_some_and(|last| last.ident == "differentiate")
}
