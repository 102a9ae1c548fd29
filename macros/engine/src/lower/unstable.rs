//! Which names may stand for a mutable reference: what is behind it changes though the variable does not, so that an
//! expression with such a name is evaluated where it stands and never again.
//!
//! Input: the function. Output: names, whichever variables they belong to, and which of them visibly are such a reference; too
//! many of the others cost a `let` each.

use super::exits::is_compound;
use super::methods::changing;
use super::pattern::bindings;
use super::scope::Scopes;
use super::signature::Interface;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat};

/// Finds them.
pub(super) fn find(interface: &Interface, body: &Block, scopes: &mut Scopes) {
    let mut found = Found::default();
    for p in &interface.parameters {
        if mutable(&p.ty) {
            found.names.insert(p.name.to_string());
        }
    }
    found.visit_block(body);
    let passed = found.called.intersection(&found.passed).cloned();
    scopes.unstable = passed.chain(found.names.iter().cloned()).collect();
    scopes.exclusive = found.names;
}

#[derive(Default)]
struct Found {
    names: HashSet<String>,
    /// Bound to what a call returned.
    called: HashSet<String>,
    /// Given to a function.
    passed: HashSet<String>,
}

impl Found {
    /// What is changed is reached through this.
    fn through(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(p) => self.names.extend(p.path.get_ident().map(ToString::to_string)),
            Expr::Paren(e) => self.through(&e.expr),
            Expr::Group(e) => self.through(&e.expr),
            Expr::Unary(e) => self.through(&e.expr),
            Expr::Index(e) => self.through(&e.expr),
            Expr::Field(e) => self.through(&e.base),
            Expr::MethodCall(e) => self.through(&e.receiver),
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.target(e)),
            Expr::Array(e) => e.elems.iter().for_each(|e| self.target(e)),
            _ => {}
        }
    }

    /// The target of an assignment. A variable that is assigned itself is known to change.
    fn target(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(_) => {}
            Expr::Paren(e) => self.target(&e.expr),
            other => self.through(other),
        }
    }

    fn bound(&mut self, pat: &Pat, to: &impl ToTokens) {
        let names = || bindings(pat).unwrap_or_default().into_iter().map(|b| b.name.to_string());
        if mutable(to) || mutable(pat) {
            self.names.extend(names());
        }
        self.called.extend(names());
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Assign(e) => self.target(&e.left),
            Expr::Binary(e) if is_compound(&e.op) => self.target(&e.left),
            Expr::Reference(e) if e.mutability.is_some() => self.through(&e.expr),
            Expr::MethodCall(e) if changing(&e.method.to_string()) => self.through(&e.receiver),
            Expr::Call(e) => {
                let names = e.args.iter().filter_map(|arg| match arg {
                    Expr::Path(p) => p.path.get_ident().map(ToString::to_string),
                    _ => None,
                });
                self.passed.extend(names);
            }
            Expr::ForLoop(e) => self.bound(&e.pat, &e.expr),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            match &*init.expr {
                Expr::Call(_) | Expr::MethodCall(_) => self.bound(&local.pat, &init.expr),
                other if mutable(other) => self.bound(&local.pat, other),
                _ => {}
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Whether something says that it is mutable: `mut`, or a name that ends in `_mut`.
fn mutable(syntax: &impl ToTokens) -> bool {
    fn any(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "mut" || ident.to_string().ends_with("_mut"),
            TokenTree::Group(group) => any(group.stream()),
            _ => false,
        })
    }
    any(syntax.to_token_stream())
}
