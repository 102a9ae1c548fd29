//! Types of data, told by where they go: `S { n: 5, x }`, `q(k)` for `fn q(k: u8)`, `-> (f64, u8)`. The engine takes these
//! apart, and keeps what is in them; by itself, an integer would be an `i32`, and `0.1` of the function's float type.
//!
//! Input: a value, and where it goes. Output: the same value; the code that makes its data says of what type they are
//! (`Stated::Like`), by a closure that puts what it is given there, and never runs. Of numbers in structs that are made of
//! literals alone, it is checked that they are of the function's float type.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::Value;
use super::item::Item;
use super::ranges;
use super::unpack::member_types;
use crate::analysis::widths::{Claim, Of};
use crate::ir::{Dim, Inactive, OpKind, Part, Stated, Ty, UntypedNumber, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::visit_mut::VisitMut;
use syn::{Expr, Lifetime, Lit, Member, Pat, Type};

/// How many members of a literal are written again for each of them: a type has as many as somebody wrote.
const WRITTEN_AGAIN: usize = 64;

/// What makes a struct or a variant of its members.
pub(super) enum Constructor<'c> {
    /// `S { a, b }`
    Fields(&'c syn::Path),
    /// `S(a, b)`
    Call(&'c syn::Path),
}

impl<'c> Constructor<'c> {
    pub(super) fn path(&self) -> &'c syn::Path {
        let (Constructor::Fields(path) | Constructor::Call(path)) = self;
        path
    }
}

/// A member of a literal.
struct Told<'t> {
    /// How it is written, if it is in the literal.
    expr: Option<&'t Expr>,
    /// The operation that its code begins with.
    first: usize,
}

/// Where something goes: what of it stands there.
type Place<'p> = &'p dyn Fn(TokenStream) -> TokenStream;

impl Lowerer<'_> {
    /// What a literal tells of its members, of which the first ones are written in it: how, and which operation their code begins
    /// with.
    pub(super) fn told_by_literal(
        &mut self,
        constructor: &Constructor<'_>,
        values: &mut [(Member, Value)],
        written: &[(&Expr, usize)],
    ) {
        if values.len() > WRITTEN_AGAIN {
            return;
        }
        let told = |k: usize| Told {
            expr: written.get(k).map(|(expr, _)| *expr),
            first: written.get(k).map_or(usize::MAX, |(_, first)| *first),
        };
        let names: Vec<Member> = values.iter().map(|(name, _)| name.clone()).collect();
        let others: Vec<TokenStream> =
            values.iter().enumerate().map(|(k, (_, value))| self.beside(told(k).expr, value)).collect();
        let made = |each: &[TokenStream]| match constructor {
            Constructor::Call(path) => quote!(#path(#(#each),*)),
            Constructor::Fields(path) => quote!(#path { #(#names: #each),* }),
        };
        let known = values.iter().enumerate().all(|(k, (_, value))| self.is_known(told(k).expr, value));
        // Otherwise, it is asked with the data that are in it.
        if known && self.apart.insert(constructor.path().to_token_stream().to_string()) {
            self.func.apart.push(made(&others));
        }
        for (k, (_, value)) in values.iter_mut().enumerate().take(written.len()) {
            let place = |own: TokenStream| {
                let mut each = others.clone();
                each[k] = own;
                made(&each)
            };
            self.tell(value, &told(k), &place);
        }
    }

    /// What a type that is written down tells of a value.
    pub(super) fn told_by_type(&mut self, value: &Value, ty: Option<&Type>, first: usize) {
        match (value, ty) {
            (Value::Aggregate(aggregate), Some(_)) if aggregate.path.is_none() => {
                for ((_, value), ty) in aggregate.members.iter().zip(member_types(ty)) {
                    self.told_by_type(value, Some(ty), first);
                }
            }
            (Value::Inactive(val), Some(ty)) => self.tell_type(*val, ty, first),
            // A name of a type may be another one for `f32`.
            (Value::Float(val), Some(ty @ Type::Path(_))) if self.said_by(ty).is_none() => {
                let (value, ty) = (own_name("value"), without_lifetimes(ty));
                self.must_be_float(*val, quote_spanned!(ty.span()=> |#value| { let _: #ty = #value; }));
            }
            _ => {}
        }
    }

    /// The same of data.
    pub(super) fn tell_type(&mut self, val: Val, ty: &Type, first: usize) {
        if !matches!(ty, Type::ImplTrait(_) | Type::Infer(_)) {
            let (value, ty) = (own_name("value"), without_lifetimes(ty));
            self.tell_data(val, &quote!(|#value| { let _: #ty = #value; }), first);
        }
    }

    /// What the type of a parameter tells of a variable that is given to it.
    pub(super) fn told_of_variable(&mut self, arg: &Expr, val: Val, ty: Option<&Type>) {
        let local = |name: &Ident| self.scopes.is_local(&name.to_string());
        let Some(ty) = ty.filter(|_| matches!(arg, Expr::Path(p) if p.path.get_ident().is_some_and(local))) else {
            return;
        };
        if self.func.info(val).ty == Ty::Index && ty.to_token_stream().to_string() == "usize" {
            self.counted.insert(val);
        } else {
            self.tell_type(val, ty, usize::MAX);
        }
    }

    /// What is bound to a pattern without a type in a body: a literal is the same number wherever it is used.
    pub(super) fn told_in_body(&mut self, pat: &Pat, item: &Item, body: &TokenStream) -> Item {
        match (pat, item) {
            (Pat::Ident(p), Item::Other { val, indexable, reference })
                if self.untold.contains(val) && ranges::computes(body, &p.ident) =>
            {
                Item::Other { val: self.first_of(*val, p.span()), indexable: *indexable, reference: *reference }
            }
            (Pat::Tuple(tuple), Item::Tuple(items)) if tuple.elems.len() == items.len() => {
                let each = tuple.elems.iter().zip(items);
                Item::Tuple(each.map(|(pat, item)| self.told_in_body(pat, item, body)).collect())
            }
            _ => item.clone(),
        }
    }

    fn tell(&mut self, value: &mut Value, told: &Told<'_>, place: Place<'_>) {
        let at = told.expr.map_or_else(Span::call_site, |expr| Span::call_site().located_at(expr.span()));
        let name = Ident::new("value__", at);
        let runtime = self.runtime.clone();
        let closure = |own: TokenStream| {
            let made = place(own);
            quote_spanned!(at=> |#name| { #runtime::__private::taken_apart(#made); })
        };
        let mutable = matches!(told.expr, Some(Expr::Reference(e)) if e.mutability.is_some());
        match value {
            Value::Inactive(val) if !mutable && !told.expr.is_some_and(tells_itself) => {
                self.tell_data(*val, &closure(quote!(#name)), told.first);
            }
            Value::Float(val) if !self.is_lent(told.expr, *val) => {
                if self.func.width.is_mixed() && told.expr.is_some_and(ranges::of_literals) {
                    *val = self.of_told_type(*val, closure(quote!(#name)));
                } else {
                    self.must_be_float(*val, closure(quote!(#name)));
                }
            }
            Value::Part { part, reference: false } => {
                // That of a variable may be something else than a `Vec`.
                let vec =
                    |expr: &&Expr| !matches!(expr, Expr::Path(_)) || !matches!(self.list(expr, part), Some((true, _)));
                let listed = told.expr.filter(vec).and_then(|expr| self.listed_like(expr, part, &name));
                if let Some(listed) = listed {
                    let number = self.constant(0.0, Span::call_site());
                    self.claims.push(Claim::Same(Of::Val(number), Of::Place(part.place)));
                    self.must_be_float(number, closure(listed));
                }
            }
            Value::Aggregate(Aggregate { path: None, members, .. }) if members.len() <= WRITTEN_AGAIN => {
                let others: Vec<TokenStream> = members.iter().map(|(_, value)| self.beside(None, value)).collect();
                for (k, (_, value)) in members.iter_mut().enumerate() {
                    let inner = |own: TokenStream| {
                        let each = (0..others.len()).map(|j| if j == k { own.clone() } else { others[j].clone() });
                        place(quote!((#(#each,)*)))
                    };
                    let expr = match told.expr {
                        Some(Expr::Tuple(e)) => e.elems.iter().nth(k),
                        _ => None,
                    };
                    self.tell(value, &Told { expr, first: told.first }, &inner);
                }
            }
            _ => {}
        }
    }

    /// By the code that makes them, if that is at hand.
    fn tell_data(&mut self, val: Val, closure: &TokenStream, first: usize) {
        let made = self.ops().iter_mut().skip(first).find(|op| *op.results == [val]);
        match made.map(|op| &mut op.kind) {
            Some(OpKind::Inactive(code)) if matches!(code.stated, Stated::Nothing) => {
                code.stated = Stated::Like(closure.clone());
            }
            Some(OpKind::Inactive(Inactive { stated: Stated::Like(_), .. })) => {}
            _ => {
                let (name, runtime) = (own_name("data"), &self.runtime);
                let tokens = quote!(#runtime::__private::alike(&#name, #closure););
                let code = Inactive { pure: false, repeatable: true, expression: false, ..Inactive::engine(tokens) };
                self.push(OpKind::Inactive(Inactive { reads: vec![(name, val)], ..code }), Span::call_site());
            }
        }
    }

    /// A number that no parameter reaches has no type but that of its place.
    fn must_be_float(&mut self, val: Val, closure: TokenStream) {
        self.func.untyped.push(UntypedNumber { val, width: None, closure });
    }

    /// Where there are several float types, its own is found, and has to be the one that is told.
    fn of_told_type(&mut self, val: Val, closure: TokenStream) -> Val {
        let name = own_name("number");
        let mut code = Inactive { stated: Stated::Like(closure), ..Inactive::engine(name.to_token_stream()) };
        code.reads.push((name, val));
        let told = self.define(OpKind::Inactive(code), Ty::Float, Span::call_site());
        self.claims.push(Claim::Same(Of::Val(told), Of::Val(val)));
        told
    }

    /// Whether a number is behind a reference, so far as it is known.
    fn is_lent(&self, expr: Option<&Expr>, val: Val) -> bool {
        matches!(expr, Some(Expr::Reference(_))) || self.behind.contains(&val) || self.scopes.records.is_borrowed(val)
    }

    /// A list of a number, in place of one that is written as such or is a variable of known length.
    fn listed_like(&self, expr: &Expr, part: &Part, number: &Ident) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let (vec, dims) = self.list(expr, part)?;
        let one = arrays(number, &dims);
        Some(if vec { quote!(#runtime::__private::listed(#one)) } else { one })
    }

    /// What a list is: whether a `Vec`, and the lengths of the arrays in it.
    fn list(&self, expr: &Expr, part: &Part) -> Option<(bool, Vec<TokenStream>)> {
        let dims = self.func.places.get(part.place.0 as usize)?.dims.as_slice();
        if !part.is_whole() || self.func.holds_structs(part) {
            return None;
        }
        let vec = match expr {
            Expr::Array(_) | Expr::Repeat(_) => false,
            Expr::Macro(_) => true,
            // Of unknown length, it is a `Vec` more often than not.
            Expr::Path(_) => matches!(dims.first(), Some(Dim::Dynamic)),
            _ => return None,
        };
        let length = |dim: &Dim| match dim {
            Dim::Fixed(n) => Some(n.clone()),
            Dim::Dynamic | Dim::Inferred => None,
        };
        Some((vec, dims.iter().skip(usize::from(vec)).map(length).collect::<Option<_>>()?))
    }

    /// Whether what stands for a member is of its type, whatever that of the struct may be.
    fn is_known(&self, expr: Option<&Expr>, value: &Value) -> bool {
        match value {
            _ if self.func.width.is_mixed() => false,
            Value::Float(val) => !self.is_lent(expr, *val),
            Value::Part { part, reference: false } => expr.is_some_and(|expr| self.list(expr, part).is_some()),
            Value::Aggregate(aggregate) if !aggregate.reference && aggregate.members.len() <= WRITTEN_AGAIN => {
                aggregate.members.iter().all(|(_, value)| self.is_known(None, value))
            }
            _ => false,
        }
    }

    /// What stands for a member where another one is looked at: of its type, so far as that is known.
    fn beside(&self, expr: Option<&Expr>, value: &Value) -> TokenStream {
        let (runtime, float) = (&self.runtime, self.func.width.ident());
        let ty = match value {
            _ if self.func.width.is_mixed() => None,
            Value::Float(val) if !self.is_lent(expr, *val) => Some(quote!(#float)),
            Value::Part { part, reference: false } => expr.and_then(|expr| self.list(expr, part)).map(|(vec, dims)| {
                let one = arrays(&float, &dims);
                if vec { quote!(#runtime::__private::Vec<#one>) } else { one }
            }),
            Value::Aggregate(aggregate) if !aggregate.reference && aggregate.members.len() <= WRITTEN_AGAIN => {
                let names = aggregate.members.iter().map(|(name, _)| name);
                let each = aggregate.members.iter().map(|(_, value)| self.beside(None, value));
                return match &aggregate.path {
                    None => quote!((#(#each,)*)),
                    Some(path) => quote!(#path { #(#names: #each),* }),
                };
            }
            _ => None,
        };
        match (ty, expr) {
            (Some(ty), _) => quote!(#runtime::__private::any::<#ty>()),
            (None, Some(Expr::Lit(literal))) => quote!(#literal),
            (None, _) => quote!(::core::unreachable!()),
        }
    }
}

/// An array of these lengths, or its type, which is written in the same way.
fn arrays(one: &impl ToTokens, dims: &[TokenStream]) -> TokenStream {
    dims.iter().rev().fold(one.to_token_stream(), |inner, n| quote!([#inner; #n]))
}

/// A name that no variable has.
fn own_name(name: &str) -> Ident {
    Ident::new(&format!("{name}__"), Span::mixed_site())
}

/// A type where the function is emitted, which does not know the lifetimes of an inner function.
pub(super) fn without_lifetimes(ty: &Type) -> Type {
    struct Unnamed;
    impl VisitMut for Unnamed {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                lifetime.ident = Ident::new("_", lifetime.ident.span());
            }
        }
    }
    let mut ty = ty.clone();
    Unnamed.visit_type_mut(&mut ty);
    ty
}

/// Whether code is of one type wherever it stands, visibly.
fn tells_itself(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(e) => match &e.lit {
            Lit::Int(int) => !int.suffix().is_empty(),
            Lit::Float(float) => !float.suffix().is_empty(),
            _ => true,
        },
        Expr::Paren(e) => tells_itself(&e.expr),
        Expr::Cast(_) => true,
        Expr::MethodCall(e) => e.method == "len" && e.args.is_empty(),
        _ => false,
    }
}
