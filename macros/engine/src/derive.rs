//! `#[derive(Differentiable)]`. Input: the tokens of a struct. Output: the implementations of `Flatten` and
//! `Differentiable`, and of the hidden traits that tell which of its fields are followed.
//!
//! Invariant: the fields come in the order of their declaration everywhere, for that is the order of the list of scalars.

use crate::diagnostics::{Errors, Site, message};
use crate::tokens::has_word;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Member, Path, Type, parse_quote};

/// Expands the derive.
#[must_use]
pub fn expand(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let implementations = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => derive(&input, &mut errors),
        Err(error) => error.to_compile_error(),
    };
    let errors = errors.to_tokens();
    quote!(#implementations #errors)
}

/// A field of the struct.
struct Field {
    member: Member,
    ty: Type,
    /// Whether it is data.
    skipped: bool,
}

fn derive(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let Data::Struct(data) = &input.data else {
        let (keyword, what) = match &input.data {
            Data::Enum(e) => (e.enum_token.span, "an enum"),
            Data::Union(u) => (u.union_token.span, "a union"),
            Data::Struct(s) => (s.struct_token.span, "a struct"),
        };
        errors.push(keyword, message::derive_of_no_struct(what));
        return TokenStream::new();
    };
    let mut runtime = quote!(::symgrad);
    for attribute in own(&input.attrs) {
        match argument(attribute) {
            Some(Argument::Crate(path)) => runtime = path.to_token_stream(),
            _ => {
                errors.push(Site::of(&attribute.meta), message::derive_argument("crate = path::of::symgrad", "struct"));
            }
        }
    }
    let fields = fields(&data.fields, errors);
    if errors.is_empty() && fields.iter().all(|field| field.skipped) {
        errors.push(input.ident.span(), message::nothing_to_derive(&input.ident));
    }
    let bounds = bounds(&input.generics, &fields, &runtime);
    let written = Written { name: &input.ident, generics: &input.generics, bounds, runtime: &runtime, fields: &fields };
    let (flatten, differentiable, markers) = (written.flatten(), written.differentiable(), written.markers());
    quote!(#flatten #differentiable #markers)
}

fn fields(fields: &Fields, errors: &mut Errors) -> Vec<Field> {
    let mut list = Vec::new();
    for (k, field) in fields.iter().enumerate() {
        let mut skipped = false;
        for attribute in own(&field.attrs) {
            match argument(attribute) {
                Some(Argument::Skip) => skipped = true,
                _ => errors.push(Site::of(&attribute.meta), message::derive_argument("skip", "field")),
            }
        }
        let member = field.ident.clone().map_or_else(|| Member::from(k), Member::Named);
        list.push(Field { member, ty: field.ty.clone(), skipped });
    }
    list
}

fn own(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("differentiate"))
}

/// What stands in `#[differentiate(…)]`.
enum Argument {
    Skip,
    Crate(Path),
}

fn argument(attribute: &Attribute) -> Option<Argument> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        use syn::ext::IdentExt as _;
        let name = input.call(Ident::parse_any)?;
        if name == "skip" {
            return Ok(Argument::Skip);
        }
        if name != "crate" {
            return Err(input.error("no such argument"));
        }
        input.parse::<syn::Token![=]>()?;
        Ok(Argument::Crate(input.call(Path::parse_mod_style)?))
    };
    attribute.parse_args_with(parse).ok()
}

/// What the implementations ask for: of type parameters that followed fields are made of, that they are differentiable; of
/// others, that they can be cloned.
fn bounds(generics: &Generics, fields: &[Field], runtime: &TokenStream) -> TokenStream {
    let mut clause = generics.clone().make_where_clause().clone();
    for param in generics.type_params() {
        let name = &param.ident;
        let followed = fields.iter().any(|f| !f.skipped && has_word(f.ty.to_token_stream(), &name.to_string()));
        clause.predicates.push(if followed {
            parse_quote!(#name: #runtime::Differentiable)
        } else {
            parse_quote!(#name: ::core::clone::Clone)
        });
    }
    if clause.predicates.is_empty() { TokenStream::new() } else { clause.to_token_stream() }
}

struct Written<'w> {
    name: &'w Ident,
    generics: &'w Generics,
    bounds: TokenStream,
    runtime: &'w TokenStream,
    fields: &'w [Field],
}

impl Written<'_> {
    fn implementation(&self, of: &TokenStream, body: &TokenStream) -> TokenStream {
        let (head, arguments, _) = self.generics.split_for_impl();
        let Written { name, bounds, .. } = self;
        quote! {
            #[automatically_derived]
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            impl #head #of for #name #arguments #bounds { #body }
        }
    }

    fn followed(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.skipped)
    }

    /// A call on each field that is followed.
    fn each(&self, call: impl Fn(&Member) -> TokenStream) -> TokenStream {
        self.followed().map(|field| located(call(&field.member), field.ty.span())).collect()
    }

    fn flatten(&self) -> TokenStream {
        let runtime = self.runtime;
        let visits = self.each(|member| quote!(#runtime::Differentiable::visit_each(&self.#member, each);));
        self.implementation(
            &quote!(#runtime::Flatten),
            &quote!(fn visit(&self, each: &mut impl ::core::ops::FnMut(f64)) { #visits }),
        )
    }

    /// The struct of what a method makes of each field.
    fn made_by(&self, method: &str) -> TokenStream {
        let (runtime, method) = (self.runtime, Ident::new(method, Span::call_site()));
        let each = self.fields.iter().map(|field| {
            let member = &field.member;
            let made = if field.skipped {
                quote!(::core::clone::Clone::clone(&self.#member))
            } else {
                quote!(#runtime::Differentiable::#method(&self.#member))
            };
            located(quote!(#member: #made,), field.ty.span())
        });
        quote!(Self { #(#each)* })
    }

    fn differentiable(&self) -> TokenStream {
        let runtime = self.runtime;
        let (duplicate, zeros) = (self.made_by("duplicate"), self.made_by("zero_like"));
        let resets = self.fields.iter().map(|field| {
            let member = &field.member;
            let reset = if field.skipped {
                quote!(::core::clone::Clone::clone_from(&mut self.#member, &other.#member);)
            } else {
                quote!(#runtime::Differentiable::reset_like(&mut self.#member, &other.#member);)
            };
            located(reset, field.ty.span())
        });
        let restores = self.each(|member| quote!(#runtime::Differentiable::restore_each(&mut self.#member, next);));
        let combines =
            self.each(|member| quote!(#runtime::Differentiable::combine_each(&mut self.#member, &other.#member, f);));
        let shapes =
            self.each(|member| quote!(&& #runtime::Differentiable::has_shape_of(&self.#member, &other.#member)));
        self.implementation(
            &quote!(#runtime::Differentiable),
            &quote! {
                fn duplicate(&self) -> Self {
                    #duplicate
                }

                fn zero_like(&self) -> Self {
                    #zeros
                }

                fn reset_like(&mut self, other: &Self) {
                    #(#resets)*
                }

                fn restore_each(&mut self, next: &mut impl ::core::ops::FnMut() -> f64) {
                    #restores
                }

                fn combine_each(&mut self, other: &Self, f: &mut impl ::core::ops::FnMut(f64, f64) -> f64) {
                    #combines
                }

                fn has_shape_of(&self, other: &Self) -> bool {
                    true #shapes
                }
            },
        )
    }

    /// Which fields are followed, in a form that rustc can compare with how they are used.
    fn markers(&self) -> TokenStream {
        let runtime = self.runtime;
        let (head, arguments, _) = self.generics.split_for_impl();
        let (name, clause) = (self.name, &self.generics.where_clause);
        let one = |field: &Field| {
            let kind = Ident::new(if field.skipped { "Skips" } else { "Follows" }, Span::call_site());
            let number = field_number(&field.member, runtime);
            quote! {
                #[automatically_derived]
                impl #head #runtime::__private::#kind<{ #number }> for #name #arguments #clause {}
            }
        };
        self.fields.iter().map(one).collect()
    }
}

/// The number that stands for a field in `Follows` and `Skips`.
pub(crate) fn field_number(member: &Member, runtime: &TokenStream) -> TokenStream {
    let text = member.to_token_stream().to_string();
    let text = text.trim_start_matches("r#");
    quote!(#runtime::__private::field(#text))
}

/// Tokens with the same hygiene at another place: what is wrong with the type of a field is wrong with the field, once.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let one = |token: TokenTree| {
        let span = token.span().located_at(at);
        let mut token = match token {
            TokenTree::Group(group) => {
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), located(group.stream(), at)))
            }
            other => other,
        };
        token.set_span(span);
        token
    };
    tokens.into_iter().map(one).collect()
}
