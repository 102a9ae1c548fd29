//! Aggregates in code that is carried along. Input: a piece of the user's syntax. Output: the same with the variables of
//! members in place of members (`t_0` for `t.0`), and with `(t_0, t_1)` where an aggregate is mentioned as a whole.
//!
//! What would change an aggregate as a whole, or one that is put together for the occasion, is an error. Names that the
//! syntax binds itself stay what they are.

use super::option;
use super::scope::{Scopes, State, VarId};
use crate::diagnostics::{Site, message};
use crate::tokens::{each, is_punct, is_word, refilled};
use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::borrow::Cow;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Member, Pat, Stmt};

/// What became of some syntax.
pub(super) struct Flat<'e, T: ToOwned + ?Sized> {
    /// The syntax.
    pub syntax: Cow<'e, T>,
    /// What is wrong with it.
    pub errors: Vec<(Site, String)>,
}

/// Rewrites an expression.
pub(super) fn expression<'e>(scopes: &Scopes, expr: &'e Expr) -> Flat<'e, Expr> {
    if !scopes.aggregates || !mentions_aggregate(scopes, expr.to_token_stream()) {
        return Flat { syntax: Cow::Borrowed(expr), errors: Vec::new() };
    }
    let mut flatten = Flatten::new(scopes);
    let mut expr = expr.clone();
    flatten.visit_expr_mut(&mut expr);
    Flat { syntax: Cow::Owned(expr), errors: flatten.errors }
}

/// Rewrites the tokens of a macro call. Also returns the variables that its format string names as a whole.
pub(super) fn macro_call<'e>(scopes: &Scopes, mac: &'e syn::Macro) -> (Flat<'e, syn::Macro>, Vec<(Ident, Expr)>) {
    if !scopes.aggregates {
        return (Flat { syntax: Cow::Borrowed(mac), errors: Vec::new() }, Vec::new());
    }
    let mut flatten = Flatten::new(scopes);
    let mut mac = mac.clone();
    mac.tokens = flatten.tokens(mac.tokens);
    let named = std::mem::take(&mut flatten.formatted);
    let named = named.into_iter().map(|(name, id)| (name, flatten.rebuilt(id, Span::call_site()))).collect();
    (Flat { syntax: Cow::Owned(mac), errors: flatten.errors }, named)
}

/// Rewrites code of which only the tokens are known, and the names that it binds.
pub(super) fn code(
    scopes: &Scopes,
    tokens: TokenStream,
    bound: &[super::pattern::Bound],
) -> Flat<'static, TokenStream> {
    let mut flatten = Flatten::new(scopes);
    flatten.shadowed.extend(bound.iter().map(|b| b.name.to_string()));
    let tokens = if scopes.aggregates { flatten.tokens(tokens) } else { tokens };
    Flat { syntax: Cow::Owned(tokens), errors: flatten.errors }
}

fn mentions_aggregate(scopes: &Scopes, tokens: TokenStream) -> bool {
    each(tokens).any(|token| match token {
        TokenTree::Ident(ident) => is_aggregate(scopes, &ident.to_string()),
        TokenTree::Literal(literal) => {
            let mut names = super::mention::format_names(&literal.to_string()).into_iter();
            names.any(|name| is_aggregate(scopes, &name))
        }
        TokenTree::Group(_) | TokenTree::Punct(_) => false,
    })
}

fn is_aggregate(scopes: &Scopes, name: &str) -> bool {
    matches!(scopes.state(name), Some(State::Aggregate(_)))
}

struct Flatten<'s> {
    scopes: &'s Scopes,
    errors: Vec<(Site, String)>,
    /// Names that mean something else where the syntax is visited.
    shadowed: Vec<String>,
    /// Aggregates that a format string names.
    formatted: Vec<(Ident, VarId)>,
}

impl<'s> Flatten<'s> {
    fn new(scopes: &'s Scopes) -> Self {
        Flatten { scopes, errors: Vec::new(), shadowed: Vec::new(), formatted: Vec::new() }
    }

    /// What an expression names, if that has to do with an aggregate, and the aggregate's own name.
    fn variable(&self, expr: &Expr) -> Option<(VarId, Ident)> {
        let mut root = expr;
        let name = loop {
            root = match root {
                Expr::Field(e) => &e.base,
                Expr::Paren(e) => &e.expr,
                Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => &e.expr,
                Expr::Path(p) => break p.path.get_ident()?,
                _ => return None,
            };
        };
        let text = name.to_string();
        if self.shadowed.contains(&text) || !is_aggregate(self.scopes, &text) {
            return None;
        }
        Some((self.scopes.variable(expr)?, name.clone()))
    }

    fn aggregate(&self, expr: &Expr) -> Option<(VarId, Ident)> {
        self.variable(expr).filter(|(id, _)| matches!(self.scopes.vars[*id].state, State::Aggregate(_)))
    }

    /// A variable as an expression; one that is taken apart is put together.
    fn rebuilt(&self, id: VarId, span: Span) -> Expr {
        let var = &self.scopes.vars[id];
        let State::Aggregate(aggregate) = &var.state else {
            let mut name = var.name.clone();
            name.set_span(span);
            return syn::parse_quote!(#name);
        };
        let borrow = aggregate.reference.then(|| quote!(&));
        let members: Vec<Expr> = aggregate.members.iter().map(|(_, id)| self.rebuilt(*id, span)).collect();
        if let (true, [some, value]) = (aggregate.is_option(), members.as_slice()) {
            return syn::parse_quote!(#borrow #some.then_some(#value));
        }
        match &aggregate.path {
            None => syn::parse_quote!(#borrow (#(#members,)*)),
            Some(path) => {
                let names = aggregate.members.iter().map(|(member, _)| member);
                syn::parse_quote!((#borrow #path { #(#names: #members),* }))
            }
        }
    }

    fn bound_in<T>(&mut self, pats: &[&Pat], visit: impl FnOnce(&mut Self) -> T) -> T {
        let known = self.shadowed.len();
        for pat in pats {
            self.shadow(pat);
        }
        let value = visit(self);
        self.shadowed.truncate(known);
        value
    }

    fn shadow(&mut self, pat: &Pat) {
        let names = super::pattern::bindings(pat).unwrap_or_default();
        self.shadowed.extend(names.into_iter().map(|b| b.name.to_string()));
    }

    /// The patterns of `if let`, which hold in the block behind it.
    fn condition(&mut self, cond: &mut Expr) {
        match cond {
            Expr::Let(e) => {
                self.visit_expr_mut(&mut e.expr);
                self.shadow(&e.pat);
            }
            Expr::Binary(e) => {
                self.condition(&mut e.left);
                self.condition(&mut e.right);
            }
            other => self.visit_expr_mut(other),
        }
    }

    /// Whether there is something in an `Option`, as a variable.
    fn option(&self, expr: &Expr) -> Option<Ident> {
        let (id, name) = self.aggregate(expr)?;
        let State::Aggregate(aggregate) = &self.scopes.vars[id].state else { return None };
        let (_, some) = aggregate.members.first().filter(|_| aggregate.is_option())?;
        let mut some = self.scopes.vars[*some].name.clone();
        some.set_span(name.span());
        Some(some)
    }

    /// A method is called on an aggregate as a whole, which it may change.
    fn call_on(&mut self, id: VarId, name: &Ident, method: &Ident) {
        if matches!(&self.scopes.vars[id].state, State::Aggregate(aggregate) if aggregate.is_option()) {
            if option::CHANGING.iter().any(|name| method == name) {
                self.errors.push((method.span().into(), message::method_of_option(name, method)));
            }
        } else if self.scopes.vars[id].mutable && method != "clone" {
            self.errors.push((method.span().into(), message::method_of_aggregate(name, method)));
        }
    }

    fn tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut result: Vec<TokenTree> = Vec::with_capacity(tokens.len());
        let mut k = 0;
        while k < tokens.len() {
            let before = |n: usize| k.checked_sub(n).and_then(|k| tokens.get(k));
            match &tokens[k] {
                TokenTree::Ident(ident) => {
                    let field = is_punct(before(1), '.') && !is_punct(before(2), '.');
                    let argument = is_punct(tokens.get(k + 1), '=') && !is_punct(tokens.get(k + 2), '=');
                    let path = is_punct(tokens.get(k + 1), ':') || is_punct(tokens.get(k + 1), '!');
                    let name = ident.to_string();
                    let id = self.scopes.find(&name).filter(|_| !self.shadowed.contains(&name));
                    match id.filter(|_| !field && !argument && !path && is_aggregate(self.scopes, &name)) {
                        Some(id) => {
                            let (id, next) = self.members(id, &tokens, k + 1);
                            let whole = matches!(self.scopes.vars[id].state, State::Aggregate(_));
                            if whole && is_word(before(1), "mut") && is_punct(before(2), '&') {
                                self.errors.push((ident.span().into(), message::mutable_borrow(ident)));
                            }
                            if whole
                                && is_punct(tokens.get(next), '.')
                                && let Some(TokenTree::Ident(method)) = tokens.get(next + 1)
                            {
                                self.call_on(id, ident, method);
                            }
                            result.extend(self.rebuilt(id, ident.span()).into_token_stream());
                            k = next;
                            continue;
                        }
                        None => result.push(tokens[k].clone()),
                    }
                }
                TokenTree::Group(group) => {
                    result.push(refilled(group, self.tokens(group.stream())).into());
                }
                TokenTree::Literal(literal) => {
                    for name in super::mention::format_names(&literal.to_string()) {
                        if let Some(id) = self.scopes.find(&name).filter(|_| is_aggregate(self.scopes, &name))
                            && !self.formatted.iter().any(|(_, known)| *known == id)
                        {
                            self.formatted.push((Ident::new(&name, Span::call_site()), id));
                        }
                    }
                    result.push(tokens[k].clone());
                }
                TokenTree::Punct(_) => result.push(tokens[k].clone()),
            }
            k += 1;
        }
        result.into_iter().collect()
    }

    /// Follows `.0.x` behind the name of a variable. Returns the member, and the first token behind it.
    fn members(&self, mut id: VarId, tokens: &[TokenTree], mut k: usize) -> (VarId, usize) {
        loop {
            let called = matches!(
                tokens.get(k + 2),
                Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis
            );
            let dot = matches!(tokens.get(k), Some(TokenTree::Punct(p)) if p.as_char() == '.' && p.spacing() == Spacing::Alone);
            if !dot {
                return (id, k);
            }
            let found = match tokens.get(k + 1) {
                Some(TokenTree::Ident(name)) if !called => {
                    self.scopes.member(id, &Member::Named(name.clone())).map(|id| vec![id])
                }
                // `t.0.1` has the literal `0.1` in it.
                Some(TokenTree::Literal(literal)) => {
                    let mut path = Vec::new();
                    let mut at = Some(id);
                    for part in literal.to_string().split('.') {
                        at = at.and_then(|id| self.scopes.member(id, &Member::from(part.parse::<usize>().ok()?)));
                        path.extend(at);
                    }
                    at.map(|_| path)
                }
                _ => None,
            };
            let Some(&last) = found.as_ref().and_then(|path| path.last()) else { return (id, k) };
            id = last;
            k += 2;
        }
    }
}

impl VisitMut for Flatten<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some((id, name)) = self.variable(expr) {
            *expr = self.rebuilt(id, name.span());
            return;
        }
        match expr {
            Expr::Reference(e) if e.mutability.is_some() => {
                if let Some((_, name)) = self.aggregate(&e.expr) {
                    self.errors.push((name.span().into(), message::mutable_borrow(&name)));
                }
                self.visit_expr_mut(&mut e.expr);
            }
            Expr::MethodCall(e)
                if (e.method == "is_some" || e.method == "is_none") && self.option(&e.receiver).is_some() =>
            {
                if let Some(some) = self.option(&e.receiver) {
                    *expr = if e.method == "is_some" { syn::parse_quote!(#some) } else { syn::parse_quote!((!#some)) };
                }
            }
            Expr::MethodCall(e) => {
                if let Some((id, name)) = self.aggregate(&e.receiver) {
                    self.call_on(id, &name, &e.method);
                }
                visit_mut::visit_expr_method_call_mut(self, e);
            }
            Expr::Closure(e) => {
                let pats: Vec<Pat> = e.inputs.iter().cloned().collect();
                self.bound_in(&pats.iter().collect::<Vec<_>>(), |f| f.visit_expr_mut(&mut e.body));
            }
            Expr::Match(e) => {
                self.visit_expr_mut(&mut e.expr);
                for arm in &mut e.arms {
                    let pat = arm.pat.clone();
                    self.bound_in(&[&pat], |f| {
                        if let Pat::Guard(guarded) = &mut arm.pat {
                            f.visit_expr_mut(&mut guarded.guard);
                        }
                        f.visit_expr_mut(&mut arm.body);
                    });
                }
            }
            Expr::If(e) => {
                self.bound_in(&[], |f| {
                    f.condition(&mut e.cond);
                    f.visit_block_mut(&mut e.then_branch);
                });
                if let Some((_, other)) = &mut e.else_branch {
                    self.visit_expr_mut(other);
                }
            }
            Expr::While(e) => self.bound_in(&[], |f| {
                f.condition(&mut e.cond);
                f.visit_block_mut(&mut e.body);
            }),
            Expr::ForLoop(e) => {
                self.visit_expr_mut(&mut e.expr);
                let pat = (*e.pat).clone();
                self.bound_in(&[&pat], |f| f.visit_block_mut(&mut e.body));
            }
            other => visit_mut::visit_expr_mut(self, other),
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        self.bound_in(&[], |f| {
            for stmt in &mut block.stmts {
                f.visit_stmt_mut(stmt);
                if let Stmt::Local(local) = stmt {
                    let pat = local.pat.clone();
                    f.shadow(&pat);
                }
            }
        });
    }

    /// `Point { x }` is short for `Point { x: x }`.
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if field.colon_token.is_none() && self.variable(&field.expr).is_some() {
            field.colon_token = Some(syn::token::Colon::default());
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
        for (name, _) in std::mem::take(&mut self.formatted) {
            self.errors.push((Site::of(&mac.path), message::aggregate_in_format(name)));
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `let name = value;` before a macro call whose format string names an aggregate.
pub(super) fn prelude(named: &[(Ident, Expr)], call: TokenStream) -> TokenStream {
    if named.is_empty() {
        return call;
    }
    let (names, values) = (named.iter().map(|(name, _)| name), named.iter().map(|(_, value)| value));
    quote!({ #(let #names = #values;)* #call })
}
