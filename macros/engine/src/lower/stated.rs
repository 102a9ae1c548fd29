//! Types of data, told by where they go: `S { n: 5, x }`, `q(k)` for `fn q(k: u8)`, `-> (f64, u8)`. The engine takes these
//! apart, and keeps what is in them; by itself, an integer would be an `i32`, and `0.1` of the function's float type.
//!
//! Input: a value, and where it goes. Output: the same value; the code that makes its data says of what type they are
//! (`Stated::Like`), by a closure that puts what it is given there, and never runs. Of numbers in structs that are made of
//! literals alone, it is checked that they are of the function's float type.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::Value;
use super::unpack::member_types;
use crate::analysis::widths::{Claim, Of};
use crate::ir::{Dim, Inactive, OpKind, Stated, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::visit_mut::VisitMut;
use syn::{Expr, Lifetime, Lit, Member, Type};

/// How many members of a literal are written again for each of them.
const WRITTEN_AGAIN: usize = 16;

/// What makes a struct or a variant of its members.
pub(super) enum Constructor<'c> {
    /// `S { a, b }`, and whether it ends with `..rest`.
    Fields(&'c syn::Path, bool),
    /// `S(a, b)`
    Call(&'c syn::Path),
}

/// Where something goes: what of it stands there.
type Place<'p> = &'p dyn Fn(TokenStream) -> TokenStream;

impl Lowerer<'_> {
    /// What a literal tells of its members. Their code begins with the operation `first`.
    pub(super) fn told_by_literal(
        &mut self,
        constructor: &Constructor<'_>,
        members: &[(Member, &Expr)],
        values: &mut [(Member, Value)],
        first: usize,
    ) {
        let others: Vec<TokenStream> =
            members.iter().zip(&*values).map(|((_, expr), (_, value))| self.beside(expr, value)).collect();
        let runtime = self.runtime.clone();
        for (k, ((_, expr), (_, value))) in members.iter().zip(values).enumerate() {
            let place = |own: TokenStream| {
                let of = |j: usize| if j == k { own.clone() } else { others[j].clone() };
                match constructor {
                    Constructor::Call(path) => {
                        let each = (0..members.len()).map(of);
                        quote!(#path(#(#each),*))
                    }
                    Constructor::Fields(path, rest) => {
                        // Of many members, the others are those of any other struct of that type.
                        let all = members.len() <= WRITTEN_AGAIN;
                        let rest = (*rest || !all).then(|| quote!(..#runtime::__private::any()));
                        let shown = (0..members.len()).filter(|&j| all || j == k);
                        let fields = shown.map(|j| (&members[j].0, of(j))).map(|(name, of)| quote!(#name: #of,));
                        quote!(#path { #(#fields)* #rest })
                    }
                }
            };
            if members.len() <= WRITTEN_AGAIN || matches!(constructor, Constructor::Fields(..)) {
                self.tell(value, Some(expr), &place, first);
            }
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
            _ => {}
        }
    }

    /// The same of data.
    pub(super) fn tell_type(&mut self, val: Val, ty: &Type, first: usize) {
        let written = !matches!(ty, Type::ImplTrait(_) | Type::Infer(_));
        if written {
            let (value, ty) = (Ident::new("value", Span::mixed_site()), without_lifetimes(ty));
            self.tell_data(val, &quote!(|#value: #ty| #value), first);
        }
    }

    fn tell(&mut self, value: &mut Value, expr: Option<&Expr>, place: Place<'_>, first: usize) {
        let at = expr.map_or_else(Span::call_site, |expr| Span::mixed_site().located_at(expr.span()));
        let name = Ident::new("value", at);
        let closure = |place: Place<'_>| {
            let made = place(quote!(#name));
            quote_spanned!(at=> |#name| #made)
        };
        match value {
            Value::Inactive(val) if expr.is_none_or(|expr| !tells_itself(expr)) => {
                self.tell_data(*val, &closure(place), first);
            }
            Value::Float(val) if self.of_literals.contains(val) => *val = self.tell_number(*val, closure(place)),
            Value::Aggregate(Aggregate { path: None, members, .. }) if members.len() <= WRITTEN_AGAIN => {
                let (runtime, count) = (self.runtime.clone(), members.len());
                for (k, (_, value)) in members.iter_mut().enumerate() {
                    let inner = |own: TokenStream| {
                        let any = quote!(#runtime::__private::any());
                        let each = (0..count).map(|j| if j == k { own.clone() } else { any.clone() });
                        place(quote!((#(#each,)*)))
                    };
                    self.tell(value, None, &inner, first);
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
                let (name, runtime) = (Ident::new("data", Span::mixed_site()), &self.runtime);
                let tokens = quote!(#runtime::__private::alike(&#name, #closure););
                let code = Inactive { pure: false, repeatable: true, expression: false, ..Inactive::engine(tokens) };
                self.push(OpKind::Inactive(Inactive { reads: vec![(name, val)], ..code }), Span::call_site());
            }
        }
    }

    /// Where there are several float types, its own is found, and has to be the one that is told.
    fn tell_number(&mut self, val: Val, closure: TokenStream) -> Val {
        if !self.func.width.is_mixed() {
            self.func.literals.push(closure);
            return val;
        }
        let name = Ident::new("number", Span::mixed_site());
        let mut code = Inactive { stated: Stated::Like(closure), ..Inactive::engine(quote!(#name)) };
        code.reads.push((name, val));
        let told = self.define(OpKind::Inactive(code), Ty::Float, Span::call_site());
        self.claims.push(Claim::Same(Of::Val(told), Of::Val(val)));
        told
    }

    /// What stands for a member where another one is looked at.
    fn beside(&self, expr: &Expr, value: &Value) -> TokenStream {
        let (runtime, float) = (&self.runtime, self.func.width.ident());
        // A variable may be a reference to a number.
        let lent = matches!(expr, Expr::Path(_) | Expr::Reference(_) | Expr::Field(_));
        let dims = match value {
            Value::Float(_) if !lent => Some(Vec::new()),
            Value::Part { part, reference: false }
                if part.is_whole()
                    && matches!(expr, Expr::Path(_) | Expr::Macro(_))
                    && !self.func.holds_structs(part) =>
            {
                Some(self.func.places[part.place.0 as usize].dims.clone())
            }
            _ => None,
        };
        let written =
            |dims: &Vec<Dim>| !self.func.width.is_mixed() && !dims.iter().any(|dim| matches!(dim, Dim::Inferred));
        let ty = dims.filter(written).map(|dims| {
            dims.iter().rev().fold(quote!(#float), |inner, dim| match dim {
                Dim::Fixed(n) => quote!([#inner; #n]),
                Dim::Dynamic | Dim::Inferred => quote!(#runtime::__private::Vec<#inner>),
            })
        });
        ty.map_or_else(|| quote!(#runtime::__private::any()), |ty| quote!(#runtime::__private::any::<#ty>()))
    }
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
