//! Which names numbers of the parameters in `wrt`, and of buffers, may flow into. Before lowering, by names alone: a name that stands for
//! several variables is all of them.
//!
//! Input: the function. Output: names. What is missed costs an error, never a derivative: it is the activity analysis that
//! decides. What is included without need costs a call that may have to have companions, and has none.

use super::exits::is_compound;
use super::pattern::bindings;
use super::signature::{Interface, Parameter};
use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat};

/// What flows where.
#[derive(Default)]
pub(super) struct Flow {
    /// Names of which all is known.
    known: HashSet<String>,
    /// Those that numbers may flow into.
    reached: HashSet<String>,
}

impl Flow {
    /// Looks through a body.
    pub(super) fn new(interface: &Interface, body: &Block) -> Self {
        let mut edges = Edges::default();
        for p in &interface.parameters {
            edges.known.insert(p.name.to_string());
            if p.mutable || says_mutable(p.ty.to_token_stream()) {
                edges.mutable.insert(p.name.to_string());
            }
        }
        edges.visit_block(body);
        let Edges { mut known, unknown, to, .. } = edges;
        known.retain(|name| !unknown.contains(name));
        // What a buffer holds comes with its derivative.
        let buffer = |p: &Parameter| p.shape.as_ref().is_some_and(|shape| shape.mutable);
        let in_wrt = interface.parameters.iter().filter(|p| p.wrt || buffer(p)).map(|p| p.name.to_string());
        let mut reached: HashSet<String> = in_wrt.chain(unknown).collect();
        let mut work: Vec<String> = reached.iter().cloned().collect();
        while let Some(name) = work.pop() {
            for next in to.get(&name).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    work.push(next.clone());
                }
            }
        }
        Flow { known, reached }
    }

    /// Whether a number of the parameters may be in what is mentioned.
    pub(super) fn may_reach(&self, syntax: &impl ToTokens) -> bool {
        any(syntax.to_token_stream(), &|name, called| {
            let constant = || called || name.starts_with(char::is_uppercase);
            self.reached.contains(name) || (!self.known.contains(name) && !constant())
        })
    }
}

#[derive(Default)]
struct Edges {
    known: HashSet<String>,
    /// Parameters of closures and inner functions, and what macros may change: anything may flow into them.
    unknown: HashSet<String>,
    to: HashMap<String, Vec<String>>,
    /// What methods may change.
    mutable: HashSet<String>,
}

impl Edges {
    fn flow(&mut self, from: &impl ToTokens, to: &[String]) {
        if to.is_empty() {
            return;
        }
        let mut names = HashSet::new();
        collect(from.to_token_stream(), &mut names);
        for name in names {
            self.to.entry(name).or_default().extend(to.iter().cloned());
        }
    }

    fn declare(&mut self, pat: &Pat, from: &impl ToTokens) {
        let bound = bindings(pat).unwrap_or_default();
        let through = says_mutable(from.to_token_stream());
        let mutable = bound.iter().filter(|b| b.mutable || through).map(|b| b.name.to_string());
        self.mutable.extend(mutable);
        let names: Vec<String> = bound.into_iter().map(|b| b.name.to_string()).collect();
        self.known.extend(names.iter().cloned());
        // What is written through a mutable reference is in what it refers to.
        if through {
            let mut roots = HashSet::new();
            collect(from.to_token_stream(), &mut roots);
            let roots: Vec<String> = roots.into_iter().collect();
            for name in &names {
                self.to.entry(name.clone()).or_default().extend(roots.iter().cloned());
            }
        }
        self.flow(from, &names);
    }

    fn assign(&mut self, target: &Expr, value: &Expr) {
        let mut roots = Vec::new();
        root(target, &mut roots);
        self.flow(value, &roots);
    }

    fn forget(&mut self, tokens: TokenStream) {
        collect(tokens, &mut self.unknown);
    }
}

impl<'b> Visit<'b> for Edges {
    fn visit_local(&mut self, local: &'b syn::Local) {
        match &local.init {
            Some(init) => self.declare(&local.pat, &init.expr),
            None => self.declare(&local.pat, &TokenStream::new()),
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'b Expr) {
        match expr {
            Expr::Assign(e) => self.assign(&e.left, &e.right),
            Expr::Binary(e) if is_compound(&e.op) => self.assign(&e.left, &e.right),
            Expr::ForLoop(e) => self.declare(&e.pat, &e.expr),
            Expr::Let(e) => self.declare(&e.pat, &e.expr),
            Expr::Match(e) => e.arms.iter().for_each(|arm| self.declare(&arm.pat, &e.expr)),
            Expr::Closure(e) => e.inputs.iter().for_each(|input| self.forget(input.to_token_stream())),
            Expr::MethodCall(e) => {
                let mut roots = Vec::new();
                root(&e.receiver, &mut roots);
                roots.retain(|name| self.mutable.contains(name) || !self.known.contains(name));
                self.flow(&e.args, &roots);
            }
            Expr::Call(e) => {
                for arg in &e.args {
                    if let Expr::Reference(r) = arg
                        && r.mutability.is_some()
                    {
                        let mut roots = Vec::new();
                        root(&r.expr, &mut roots);
                        self.flow(&e.args, &roots);
                    }
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_macro(&mut self, mac: &'b syn::Macro) {
        if assigns(mac.tokens.clone()) || says_mutable(mac.tokens.clone()) {
            self.forget(mac.tokens.clone());
        }
    }

    fn visit_item(&mut self, item: &'b syn::Item) {
        self.forget(item.to_token_stream());
    }
}

/// Whether something says `mut`, or has a name that ends in `_mut`.
fn says_mutable(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "mut" || ident.to_string().ends_with("_mut"),
        TokenTree::Group(group) => says_mutable(group.stream()),
        _ => false,
    })
}

fn assigns(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(p) => p.as_char() == '=',
        TokenTree::Group(group) => assigns(group.stream()),
        _ => false,
    })
}

/// What is changed by an assignment to an expression.
fn root(target: &Expr, roots: &mut Vec<String>) {
    match target {
        Expr::Path(p) => roots.extend(p.path.get_ident().map(ToString::to_string)),
        Expr::Paren(e) => root(&e.expr, roots),
        Expr::Group(e) => root(&e.expr, roots),
        Expr::Unary(e) => root(&e.expr, roots),
        Expr::Reference(e) => root(&e.expr, roots),
        Expr::Index(e) => root(&e.expr, roots),
        Expr::Field(e) => root(&e.base, roots),
        Expr::MethodCall(e) => root(&e.receiver, roots),
        Expr::Tuple(e) => e.elems.iter().for_each(|e| root(e, roots)),
        Expr::Array(e) => e.elems.iter().for_each(|e| root(e, roots)),
        _ => {}
    }
}

/// Whether a name among some tokens is such a one; it is told whether it is called.
fn any(tokens: TokenStream, wanted: &dyn Fn(&str, bool) -> bool) -> bool {
    let mut found = false;
    each(tokens, &mut |name, called| found |= wanted(name, called));
    found
}

fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    each(tokens, &mut |name, _| {
        names.insert(name.to_string());
    });
}

/// Words that are no names.
const WORDS: &[&str] = &[
    "Self", "as", "if", "else", "match", "for", "in", "let", "mut", "ref", "move", "return", "while", "loop", "true",
    "false", "break", "continue", "usize", "f64", "f32", "i32", "u32", "i64", "u64",
];

/// Calls `f` for each name, but for fields, methods and what stands in front of `::`.
fn each(tokens: TokenStream, f: &mut dyn FnMut(&str, bool)) {
    let mut tokens = tokens.into_iter().peekable();
    let (mut before, mut last) = (' ', ' ');
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                each(group.stream(), f);
                (before, last) = (last, ' ');
            }
            TokenTree::Ident(ident) => {
                let field = last == '.' && before != '.';
                let joint = |p: &Punct| p.as_char() == ':' && p.spacing() == Spacing::Joint;
                let path =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if joint(p)) || (last, before) == (':', ':');
                let called = match tokens.peek() {
                    Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
                    Some(TokenTree::Punct(p)) => p.as_char() == '!',
                    _ => false,
                };
                let name = ident.to_string();
                if !field && !path && !WORDS.contains(&name.as_str()) {
                    f(&name, called);
                }
                (before, last) = (last, ' ');
            }
            TokenTree::Punct(p) => (before, last) = (last, p.as_char()),
            TokenTree::Literal(_) => (before, last) = (last, ' '),
        }
    }
}
