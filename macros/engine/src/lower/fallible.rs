//! Functions whose result is a `Result` or an `Option` of a float. What leaves them without a number has no derivative: it
//! leaves the companions in the same way, from wherever it stands, so that it is no exit that the engine has to follow.
//!
//! Before lowering, the body is rewritten to that of a function whose result is the float:
//!
//! ```text
//! return Ok(x)            return x
//! return Err(e)           __symgrad_leave!(Err(e))      emitted as `return Err(e)`, and like a panic to the engine
//! e?                      __symgrad_try!(e)             emitted as `(e)?`
//! Ok(x), at the end       x
//! ```

use crate::diagnostics::{Errors, Site, message};
use crate::tokens::refilled;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, GenericArgument, PathArguments, ReturnType, Stmt, Type, TypePath, parse_quote};

/// Leaves without a number.
pub const LEAVE: &str = "__symgrad_leave";
/// `?`
pub const TRY: &str = "__symgrad_try";

/// What is around the number: `Result<_, E>`, `Option<_>`.
#[derive(Clone, Debug)]
pub struct Wrapper {
    ty: TypePath,
    option: bool,
}

impl Wrapper {
    /// The wrapper of a result type, and what is in it.
    pub fn of(ty: &Type) -> Option<(Self, Type)> {
        let Type::Path(path) = ty else { return None };
        let last = path.path.segments.last()?;
        let option = last.ident == "Option";
        if !option && !last.ident.to_string().ends_with("Result") {
            return None;
        }
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        match arguments.args.first()? {
            GenericArgument::Type(inner) => Some((Wrapper { ty: path.clone(), option }, inner.clone())),
            _ => None,
        }
    }

    /// Whether it is an `Option`.
    #[must_use]
    pub fn is_option(&self) -> bool {
        self.option
    }

    /// The wrapper around another type.
    pub fn around(&self, inner: &TokenStream) -> TokenStream {
        let mut ty = self.ty.clone();
        if let Some(last) = ty.path.segments.last_mut()
            && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
            && let Some(first) = arguments.args.first_mut()
        {
            *first = GenericArgument::Type(Type::Verbatim(inner.clone()));
        }
        ty.to_token_stream()
    }

    /// A value with a number.
    pub fn wrap(&self, value: &TokenStream) -> TokenStream {
        if self.option {
            quote!(::core::option::Option::Some(#value))
        } else {
            quote!(::core::result::Result::Ok(#value))
        }
    }

    /// Rewrites a body.
    pub fn rewrite(&self, block: &mut Block, errors: &mut Errors) {
        let mut rewriter = Rewriter { option: self.option, errors };
        rewriter.visit_block_mut(block);
        rewriter.tail_of(block);
    }
}

struct Rewriter<'e> {
    option: bool,
    errors: &'e mut Errors,
}

impl Rewriter<'_> {
    /// `x` of `Ok(x)`.
    fn number(&self, expr: &Expr) -> Option<Expr> {
        let Expr::Call(call) = expr else { return None };
        let (Some(value), 1) = (call.args.first(), call.args.len()) else { return None };
        let Expr::Path(path) = &*call.func else { return None };
        let name = if self.option { "Some" } else { "Ok" };
        path.path.segments.last().is_some_and(|s| s.ident == name).then(|| value.clone())
    }

    /// `Err(…)`, `None`
    fn nothing(&self, expr: &Expr) -> bool {
        let path = match expr {
            Expr::Call(call) if !self.option => &*call.func,
            Expr::Path(_) if self.option => expr,
            _ => return false,
        };
        let name = if self.option { "None" } else { "Err" };
        matches!(path, Expr::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == name))
    }

    fn leave(expr: &Expr) -> Expr {
        let name = Ident::new(LEAVE, proc_macro2::Span::call_site());
        parse_quote!(#name!(#expr))
    }

    fn attempt(inner: &Expr) -> Expr {
        let name = Ident::new(TRY, proc_macro2::Span::call_site());
        parse_quote!(#name!(#inner))
    }

    fn tail_of(&mut self, block: &mut Block) {
        if let Some(Stmt::Expr(expr, None)) = block.stmts.last_mut() {
            self.tail(expr);
        }
    }

    /// What the function ends with.
    fn tail(&mut self, expr: &mut Expr) {
        if let Some(value) = self.number(expr) {
            *expr = value;
            return;
        }
        if self.nothing(expr) {
            *expr = Self::leave(expr);
            return;
        }
        match expr {
            Expr::Paren(e) => self.tail(&mut e.expr),
            Expr::Block(e) => self.tail_of(&mut e.block),
            Expr::If(e) => {
                self.tail_of(&mut e.then_branch);
                if let Some((_, other)) = &mut e.else_branch {
                    self.tail(other);
                }
            }
            Expr::Match(e) => e.arms.iter_mut().for_each(|arm| self.tail(&mut arm.body)),
            Expr::Return(_) | Expr::Macro(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {}
            // Another function's result, as it is.
            Expr::Call(_) | Expr::MethodCall(_) => *expr = Self::attempt(expr),
            other => {
                let name = if self.option { "Some" } else { "Ok" };
                self.errors.push(Site::of(other), message::unwrapped_result(name));
            }
        }
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            // What they leave is not the function.
            Expr::Closure(_) | Expr::Async(_) => {}
            Expr::Return(e) => {
                let Some(value) = &mut e.expr else { return };
                visit_mut::visit_expr_mut(self, value);
                if self.nothing(value) {
                    *expr = Self::leave(value);
                } else {
                    self.tail(value);
                }
            }
            Expr::Try(e) => {
                visit_mut::visit_expr_mut(self, &mut e.expr);
                *expr = Self::attempt(&e.expr);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The wrapper of a function's result.
pub fn wrapper(output: &ReturnType) -> Option<(Wrapper, Type)> {
    match output {
        ReturnType::Type(_, ty) => Wrapper::of(ty),
        ReturnType::Default => None,
    }
}

/// Whether a macro is one of the two that a rewritten body has.
pub fn is_own(mac: &syn::Macro) -> bool {
    mac.path.is_ident(LEAVE) || mac.path.is_ident(TRY)
}

/// The tokens as they are emitted.
pub fn restored(tokens: TokenStream) -> TokenStream {
    let mut result = Vec::new();
    let mut iter = tokens.into_iter().peekable();
    while let Some(token) = iter.next() {
        match token {
            TokenTree::Ident(ident) if ident == LEAVE || ident == TRY => {
                // `!`
                iter.next();
                let Some(TokenTree::Group(group)) = iter.next() else { continue };
                let inner = restored(group.stream());
                result.extend(if ident == LEAVE { quote!(return #inner) } else { quote!(#inner?) });
            }
            TokenTree::Group(group) => {
                result.push(refilled(&group, restored(group.stream())).into());
            }
            other => result.push(other),
        }
    }
    result.into_iter().collect()
}
