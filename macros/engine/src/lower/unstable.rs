//! Which names may stand for a mutable reference: what is behind it changes though the variable does not, so that an
//! expression with such a name is evaluated where it stands and never again.
//!
//! Input: the function. Output: names, whichever variables they belong to, and which of them visibly are such a reference; too
//! many of the others cost a `let` each.

use super::effects::computes;
use super::exits::is_compound;
use super::lambda::{closure_of, mentioned};
use super::macros;
use super::methods::{changing, looks_only, numeric};
use super::parameters::is_data;
use super::pattern::bindings;
use super::scope::Scopes;
use super::signature::Interface;
use super::taken::way_to;
use crate::ir::Width;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FnArg, Item, Macro, Pat, Type};

/// Finds them.
pub(super) fn find(interface: &Interface, body: &Block, scopes: &mut Scopes) {
    let mut found = Found::new(&interface.width);
    for p in &interface.parameters {
        found.parameter(HashSet::from([p.name.to_string()]), &p.ty);
    }
    found.visit_block(body);
    let passed = found.returned.intersection(&found.passed);
    let given = found.may_refer.intersection(&found.given);
    scopes.unstable = passed.chain(given).chain(&found.names).cloned().collect();
    scopes.exclusive = found.names;
}

struct Found<'w> {
    width: &'w Width,
    /// Those that visibly are mutable references.
    names: HashSet<String>,
    /// Bound to what a call returned.
    returned: HashSet<String>,
    /// Given to a function.
    passed: HashSet<String>,
    /// Bound to what is made of something mutable, so that it may refer to that.
    may_refer: HashSet<String>,
    /// Given to anything that may change what they refer to.
    given: HashSet<String>,
    /// Declared `mut`, of which a method makes references without a `&mut`.
    mutable: HashSet<String>,
}

impl<'w> Found<'w> {
    fn new(width: &'w Width) -> Self {
        let none = HashSet::new;
        Found {
            width,
            names: none(),
            returned: none(),
            passed: none(),
            may_refer: none(),
            given: none(),
            mutable: none(),
        }
    }

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

    fn bound(&mut self, pat: &Pat, to: &Expr) {
        if matches!(pat, Pat::Type(typed) if is_data(&typed.ty, self.width)) {
            return;
        }
        let names = names_of(pat);
        if matches!(to, Expr::Call(_) | Expr::MethodCall(_)) {
            self.returned.extend(names.iter().cloned());
        }
        if self.may_be_reference(to) {
            self.may_refer.extend(names.iter().cloned());
        }
        if mutable(to) || mutable(pat) {
            self.names.extend(names);
        }
        // Another name for it.
        self.give(to);
    }

    fn parameter(&mut self, names: HashSet<String>, ty: &Type) {
        if mutable(ty) {
            self.names.extend(names);
        } else if !matches!(ty, Type::Reference(_)) && !is_data(ty, self.width) {
            self.may_refer.extend(names);
        }
    }

    fn give(&mut self, expr: &Expr) {
        if !matches!(expr, Expr::Reference(e) if e.mutability.is_none()) {
            self.given.extend(way_to(expr).map(|way| way.root));
        }
    }

    /// Whether a value may be a mutable reference, or hold one.
    fn may_be_reference(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(p) => p.path.get_ident().is_some_and(|name| self.may_lend(&name.to_string())),
            Expr::Lit(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Repeat(_) => false,
            Expr::Reference(e) => e.mutability.is_some(),
            Expr::Paren(e) => self.may_be_reference(&e.expr),
            Expr::Group(e) => self.may_be_reference(&e.expr),
            Expr::Try(e) => self.may_be_reference(&e.expr),
            Expr::Unary(e) => self.may_be_reference(&e.expr),
            Expr::Index(e) => self.may_be_reference(&e.expr),
            Expr::Field(e) => self.may_be_reference(&e.base),
            Expr::MethodCall(e) if numeric(&e.method.to_string()) => false,
            Expr::MethodCall(e) => std::iter::once(&*e.receiver).chain(&e.args).any(|e| self.may_be_reference(e)),
            // One without arguments has it from elsewhere.
            Expr::Call(e) => {
                e.args.is_empty() && matches!(&*e.func, Expr::Path(p) if p.path.get_ident().is_some())
                    || mutable(&e.func)
                    || std::iter::once(&*e.func).chain(&e.args).any(|e| self.may_be_reference(e))
            }
            Expr::Tuple(e) => e.elems.iter().any(|e| self.may_be_reference(e)),
            Expr::Array(e) => e.elems.iter().any(|e| self.may_be_reference(e)),
            Expr::Struct(e) => {
                e.fields.iter().map(|f| &f.expr).chain(e.rest.as_deref()).any(|e| self.may_be_reference(e))
            }
            other => {
                let tokens = other.to_token_stream();
                mutable(&tokens) || mentioned(&tokens).iter().any(|name| self.may_lend(name))
            }
        }
    }

    fn may_lend(&self, name: &str) -> bool {
        [&self.names, &self.may_refer, &self.mutable].iter().any(|names| names.contains(name))
    }

    fn macro_call(&mut self, mac: &Macro) {
        if macros::is_unknown(mac) {
            self.given.extend(mentioned(&mac.tokens));
        }
    }
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Assign(e) => {
                self.target(&e.left);
                self.give(&e.right);
            }
            Expr::Binary(e) if is_compound(&e.op) => self.target(&e.left),
            Expr::Reference(e) if e.mutability.is_some() => self.through(&e.expr),
            Expr::MethodCall(e) => {
                let name = e.method.to_string();
                if changing(&name) {
                    self.through(&e.receiver);
                } else if !numeric(&name) && !looks_only(e, &name) {
                    self.give(&e.receiver);
                }
                if !numeric(&name) {
                    e.args.iter().for_each(|arg| self.give(arg));
                }
                self.visit_expr(&e.receiver);
                let (closures, others): (Vec<&Expr>, _) = e.args.iter().partition(|arg| closure_of(arg).is_some());
                others.iter().for_each(|arg| self.visit_expr(arg));
                for closure in closures.into_iter().filter_map(closure_of) {
                    // It is given what it is called on, or what is beside it.
                    for given in std::iter::once(&*e.receiver).chain(others.iter().copied()) {
                        closure.inputs.iter().for_each(|input| self.bound(input, given));
                    }
                    self.visit_expr(&closure.body);
                }
                return;
            }
            Expr::Call(e) if computes(&e.func, self.width) => {}
            Expr::Call(e) => {
                e.args.iter().for_each(|arg| self.give(arg));
                let names = e.args.iter().filter_map(|arg| match arg {
                    Expr::Path(p) => p.path.get_ident().map(ToString::to_string),
                    _ => None,
                });
                self.passed.extend(names);
            }
            Expr::Closure(e) => {
                for input in &e.inputs {
                    match input {
                        Pat::Type(typed) => self.parameter(names_of(&typed.pat), &typed.ty),
                        other => self.may_refer.extend(names_of(other)),
                    }
                }
            }
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.give(e)),
            Expr::Array(e) => e.elems.iter().for_each(|e| self.give(e)),
            Expr::Struct(e) => e.fields.iter().map(|f| &f.expr).chain(e.rest.as_deref()).for_each(|e| self.give(e)),
            Expr::ForLoop(e) => self.bound(&e.pat, &e.expr),
            Expr::Let(e) => self.bound(&e.pat, &e.expr),
            Expr::Match(e) => e.arms.iter().for_each(|arm| self.bound(&arm.pat, &e.expr)),
            Expr::Macro(e) => self.macro_call(&e.mac),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_stmt_macro(&mut self, mac: &'ast syn::StmtMacro) {
        self.macro_call(&mac.mac);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.bound(&local.pat, &init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        if pat.mutability.is_some() {
            self.mutable.insert(pat.ident.to_string());
        }
        visit::visit_pat_ident(self, pat);
    }

    /// Inner functions are inlined.
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Fn(function) = item {
            for input in &function.sig.inputs {
                if let FnArg::Typed(typed) = input {
                    self.parameter(names_of(&typed.pat), &typed.ty);
                }
            }
            self.visit_block(&function.block);
        }
    }
}

fn names_of(pat: &Pat) -> HashSet<String> {
    bindings(pat).unwrap_or_default().into_iter().map(|b| b.name.to_string()).collect()
}

/// Whether something says that it is mutable: `mut`, a name that ends in `_mut`, or `leak`, as of a `Box`.
fn mutable(syntax: &impl ToTokens) -> bool {
    fn any(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "mut" || ident == "leak" || ident.to_string().ends_with("_mut"),
            TokenTree::Group(group) => any(group.stream()),
            _ => false,
        })
    }
    any(syntax.to_token_stream())
}
