//! The item under the attribute. Input: its tokens. Output: its parts; the body is kept apart, so that a half-typed one
//! still yields the signatures of the companions.

use crate::diagnostics::{Errors, Site, message};
use crate::groups::visible;
use crate::tokens::each;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, Block, Generics, ReceiverKind, Signature, Type, Visibility};

/// A function.
#[derive(Clone)]
pub struct Function {
    pub(super) attrs: Vec<Attribute>,
    vis: Visibility,
    /// Its signature.
    pub signature: Signature,
    pub(crate) body: TokenStream,
    /// What is declared around it: the generics of an `impl`.
    outer: Generics,
    /// What `Self` is, if that may be a float, or an array of floats.
    pub this: Option<Type>,
    /// The differentiated functions of the same `impl`.
    pub siblings: Vec<Sibling>,
}

/// A differentiated function of the same `impl`.
#[derive(Clone, Debug)]
pub struct Sibling {
    /// Its name.
    pub name: String,
    /// Whether it takes `&self`.
    pub by_reference: bool,
    /// Whether it takes `&mut self`.
    pub changes: bool,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let signature = input.parse()?;
        Ok(Function {
            attrs,
            vis,
            signature,
            body: visible(input.parse()?),
            outer: Generics::default(),
            this: None,
            siblings: Vec::new(),
        })
    }
}

/// A function's block; its inner attributes are left out, for the companions have their own.
struct Body(Block);

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        let brace_token = syn::braced!(content in input);
        content.call(Attribute::parse_inner)?;
        Ok(Body(Block { brace_token, stmts: content.call(Block::parse_within)? }))
    }
}

impl Sibling {
    /// What calls of a function have to know of it.
    #[must_use]
    pub fn of(function: &Function) -> Self {
        let receiver = function.signature.receiver();
        let by_reference = receiver.is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Reference(..)));
        let changes = receiver.is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))));
        Sibling { name: function.signature.ident.to_string(), by_reference, changes }
    }
}

impl Function {
    /// Takes an item apart. What is wrong with the body is found by [`Function::body`].
    pub fn read(tokens: TokenStream, errors: &mut Errors) -> Option<Self> {
        let first = tokens.clone().into_iter().next();
        match syn::parse2::<Self>(tokens) {
            Ok(function) if function.braces().is_some() => Some(function),
            Ok(function) => {
                errors.push(function.signature.ident.span(), message::no_body(&function.signature.ident));
                None
            }
            Err(_) => {
                let span = first.map_or_else(Span::call_site, |t| t.span());
                errors.push(span, message::not_a_function());
                None
            }
        }
    }

    /// Reads one of several items.
    pub(super) fn member(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, signature) = (input.parse()?, input.parse()?);
        let body: TokenTree = input.parse()?;
        Ok(Function {
            attrs,
            vis,
            signature,
            body: visible(body.into()),
            outer: Generics::default(),
            this: None,
            siblings: Vec::new(),
        })
    }

    /// Takes one of its attributes from it; its arguments, if it has any.
    pub fn take_attribute(&mut self, wanted: impl Fn(&Attribute) -> bool) -> Option<TokenStream> {
        let at = self.attrs.iter().position(wanted)?;
        match self.attrs.remove(at).meta {
            syn::Meta::List(list) => Some(list.tokens),
            _ => Some(TokenStream::new()),
        }
    }

    /// The item.
    #[must_use]
    pub fn to_tokens(&self) -> TokenStream {
        let Function { attrs, vis, signature, body, .. } = self;
        quote!(#(#attrs)* #vis #signature #body)
    }

    /// With other tokens in its signature and body.
    #[must_use]
    pub fn map(&self, change: impl Fn(TokenStream) -> TokenStream) -> Self {
        let mut changed = self.clone();
        if let Ok(signature) = syn::parse2(change(self.signature.to_token_stream())) {
            changed.signature = signature;
        }
        changed.body = change(self.body.clone());
        changed
    }

    /// As it stands in an `impl`.
    #[must_use]
    pub fn inside(self, outer: Generics) -> Self {
        Function { outer, ..self }
    }

    /// Its signature with the generics that are declared around it.
    #[must_use]
    pub fn in_scope(&self) -> Signature {
        let mut signature = self.signature.clone();
        let generics = &mut signature.generics;
        generics.params.extend(self.outer.params.iter().cloned());
        if let Some(clause) = &self.outer.where_clause {
            generics.make_where_clause().predicates.extend(clause.predicates.iter().cloned());
        }
        signature
    }

    fn braces(&self) -> Option<Group> {
        match self.body.clone().into_iter().next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        }
    }

    /// The body, if it is one that can be read.
    pub fn body(&self, errors: &mut Errors) -> Option<Block> {
        if let Some(site) = super::guard::inner_cfg(&self.body).map(Site::from).or_else(|| self.parameter_cfg()) {
            errors.push(site, message::inner_cfg());
        }
        let mut block = match syn::parse2::<Body>(self.body.clone()) {
            Ok(body) => body.0,
            Err(error) => {
                errors.push(error.span(), message::unreadable_body(error));
                return None;
            }
        };
        super::pattern::name_constants(&mut block);
        let ambiguous = super::guard::ambiguous_names(&self.body);
        for name in super::exits::declared(&block) {
            if let Some(&span) = ambiguous.get(&name) {
                errors.push(span, message::two_contexts(&name));
            }
        }
        Some(block)
    }

    fn parameter_cfg(&self) -> Option<Site> {
        let attrs = self.signature.inputs.iter().flat_map(|input| match input {
            syn::FnArg::Typed(typed) => &typed.attrs,
            syn::FnArg::Receiver(receiver) => &receiver.attrs,
        });
        let mut cfg = attrs.filter(|a| a.path().is_ident("cfg") || a.path().is_ident("cfg_attr"));
        cfg.next().map(Site::of)
    }

    /// Whether it has a receiver.
    #[must_use]
    pub fn is_method(&self) -> bool {
        self.signature.receiver().is_some()
    }

    /// Where it says `Self`: it stands in an `impl`.
    #[must_use]
    pub fn mentions_self(&self) -> Option<Span> {
        each(self.body.clone()).chain(each(self.signature.to_token_stream())).find_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => Some(ident.span()),
            _ => None,
        })
    }

    /// Its receiver as a companion that does not change it declares it.
    #[must_use]
    pub fn receiver(&self) -> Option<TokenStream> {
        let mut receiver = self.signature.receiver()?.clone();
        receiver.attrs.clear();
        receiver.mutability = None;
        Some(receiver.to_token_stream())
    }

    /// The visibility of its companions.
    #[must_use]
    pub fn visibility(&self) -> TokenStream {
        match &self.vis {
            Visibility::Inherited => TokenStream::new(),
            vis => vis.to_token_stream(),
        }
    }

    /// Its `cfg`s.
    #[must_use]
    pub fn cfgs(&self) -> TokenStream {
        let cfgs = self.attrs.iter().filter(|a| a.path().is_ident("cfg"));
        quote!(#(#cfgs)*)
    }

    /// The attributes that its companions share.
    #[must_use]
    pub fn attributes(&self) -> TokenStream {
        shared(&self.attrs)
    }

    /// Its generics, as they are declared.
    #[must_use]
    pub fn generics(&self) -> TokenStream {
        self.signature.generics.to_token_stream()
    }

    /// `::<T, N>`, where a companion that calls another one has to say what the parameters do not: one that no argument's
    /// type is made of.
    #[must_use]
    pub fn generic_arguments(&self) -> TokenStream {
        let generics = &self.signature.generics;
        let types = generics.type_params().map(|p| &p.ident);
        let names: Vec<&Ident> = types.chain(generics.const_params().map(|p| &p.ident)).collect();
        let inputs = self.signature.inputs.to_token_stream();
        if names.iter().all(|name| made_of(inputs.clone(), name)) {
            return TokenStream::new();
        }
        // In the order of their declaration.
        let declared = generics.params.iter().filter_map(|param| match param {
            syn::GenericParam::Type(p) => Some(&p.ident),
            syn::GenericParam::Const(p) => Some(&p.ident),
            syn::GenericParam::Lifetime(_) => None,
        });
        quote!(::<#(#declared),*>)
    }

    /// Its `where` clause, with a further predicate.
    #[must_use]
    pub fn bounds(&self, further: Option<TokenStream>) -> TokenStream {
        let mut generics = self.signature.generics.clone();
        if let Some(predicate) = further.and_then(|tokens| syn::parse2(tokens).ok()) {
            generics.make_where_clause().predicates.push(predicate);
        }
        generics.where_clause.to_token_stream()
    }

    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.signature.fn_token.span()
    }
}

/// Whether a type, or a list of them, is made of a parameter: of `T` itself, not of `T::Item` or `<T as Trait>::Item`.
fn made_of(tokens: TokenStream, name: &Ident) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if made_of(group.stream(), name) => return true,
            TokenTree::Ident(ident) if ident == *name => {
                let projected = |next: &TokenTree| matches!(next.to_string().as_str(), ":" | "as");
                if !tokens.peek().is_some_and(projected) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Those of an item's attributes that its companions share.
pub(super) fn shared(attributes: &[Attribute]) -> TokenStream {
    let shared = attributes.iter().filter_map(|a| match &a.meta {
        meta if meta.path().is_ident("cfg") || meta.path().is_ident("allow") => Some(a.to_token_stream()),
        // What the function is expected to do, a companion need not.
        syn::Meta::List(list) if list.path.is_ident("expect") => {
            let lints = &list.tokens;
            Some(quote!(#[allow(#lints)]))
        }
        _ => None,
    });
    quote!(#(#shared)*)
}
