//! Names of variables whose declarations are emitted as the user wrote them.
//!
//! The emitted code has fewer blocks than the source, and reads values after the blocks in which they were declared: two
//! variables of one name, which the source keeps apart by scope and order, would be one. So the later of them gets a name
//! of its own, in its declaration and wherever it is mentioned. What the engine emits itself needs no care: its names
//! keep clear of [`crate::ir::Func::fixed`].

use super::Lowerer;
use super::fallible::restored;
use super::scope::Scopes;
use super::signature::Interface;
use crate::tokens::each;
use crate::tokens::with_new_names;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat};

/// Names that are taken.
#[derive(Default)]
pub(super) struct Names {
    /// Declared as written.
    fixed: HashSet<String>,
    /// Of values that may be read anywhere later.
    values: HashSet<String>,
    /// Made here.
    invented: HashSet<String>,
    /// All that occur in the function.
    words: HashSet<String>,
    /// Of variables that stand for members, each with what it stands for.
    members: HashMap<String, String>,
    /// Of functions and constants that are mentioned where code is inlined: no variable may hide them there.
    items: HashSet<String>,
    /// Names that the user has not written, each with what messages call it.
    unwritten: HashMap<String, Option<String>>,
}

/// How a name is bound.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Binding {
    /// A parameter.
    Parameter,
    /// A variable of the user's, read and written only by the user's own tokens.
    Native,
    /// A value with a pattern of its own, which emission may rename.
    Value,
    /// One value of several in a pattern.
    Member,
    /// A value of an iterator's item.
    Item,
}

impl Names {
    /// No names yet, but those that occur in the function.
    pub(super) fn new(interface: &Interface, body: &Block) -> Self {
        let mut words: HashSet<String> = interface.parameters.iter().map(|p| p.name.to_string()).collect();
        words.extend(each(body.to_token_stream()).filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        }));
        Names { words, ..Names::default() }
    }

    /// A message as the user is shown it: without names that are not in the source.
    pub(super) fn shown(&self, message: &str) -> String {
        let written = |code: &str| {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let (mut text, mut rest) = (String::new(), code);
            while let Some(start) = rest.find(word) {
                let end = rest[start..].find(|c| !word(c)).map_or(rest.len(), |len| start + len);
                let name = &rest[start..end];
                text.push_str(&rest[..start]);
                match (self.members.get(name), self.unwritten.get(name)) {
                    (Some(old), _) | (_, Some(Some(old))) => text.push_str(old),
                    (None, Some(None)) => return None,
                    (None, None) => text.push_str(name),
                }
                rest = &rest[end..];
            }
            Some(text + rest)
        };
        let pieces = message.split('`').enumerate().map(|(k, piece)| match written(piece).filter(|_| k % 2 == 1) {
            Some(code) => format!("`{code}`"),
            None if k % 2 == 1 => "this value".to_string(),
            None => piece.to_string(),
        });
        pieces.collect()
    }

    /// The name of the variable that stands for a member: `t_0`, `q_x`, unless something else is called so.
    pub(super) fn of_member(&mut self, of: &str, member: &str) -> String {
        let stem = format!("{}_{}", of.trim_start_matches("r#"), member.trim_start_matches("r#"));
        let stands_for = format!("{of}.{member}");
        let mut name = stem.clone();
        let mut number = 2_u32;
        while self.words.contains(&name) || self.members.get(&name).is_some_and(|other| *other != stands_for) {
            name = format!("{stem}_{number}");
            number += 1;
        }
        self.members.insert(name.clone(), stands_for);
        name
    }
}

impl Lowerer<'_> {
    /// A name for a variable of the engine's, that no code of the user's has.
    pub(super) fn unused_name(&mut self, stem: &str) -> Ident {
        let stem = stem.strip_prefix("r#").unwrap_or(stem);
        let mut name = stem.to_string();
        let mut number = 2_u32;
        while self.names.members.contains_key(&name) || !self.names.words.insert(name.clone()) {
            name = format!("{stem}_{number}");
            number += 1;
        }
        self.names.unwritten.insert(name.clone(), None);
        Ident::new(&name, Span::mixed_site())
    }

    /// The name under which a variable is declared, if it cannot be its own.
    pub(super) fn bind_name(&mut self, name: &Ident, binding: Binding) -> Option<Ident> {
        let text = name.to_string();
        let visible = self.scopes.occupied(&text);
        let names = &self.names;
        let taken = match binding {
            Binding::Parameter => false,
            Binding::Native => visible || names.values.contains(&text) || names.invented.contains(&text),
            Binding::Value => names.fixed.contains(&text),
            Binding::Member => names.fixed.contains(&text) || names.values.contains(&text),
            Binding::Item => visible || names.invented.contains(&text),
        };
        let taken = taken || (binding != Binding::Parameter && names.items.contains(&text));
        let new = taken.then(|| self.invent(&text, name.span()));
        let used = new.as_ref().unwrap_or(name);
        if binding != Binding::Value {
            self.func.fixed.push(used.clone());
            self.names.fixed.insert(used.to_string());
        }
        if binding != Binding::Native {
            self.names.values.insert(used.to_string());
        }
        new
    }

    /// These mean no variable where code is inlined that mentions them, whatever is declared there.
    pub(super) fn keep_items(&mut self, names: impl IntoIterator<Item = Ident>) {
        for name in names {
            if self.names.items.insert(name.to_string()) {
                self.func.fixed.push(name);
            }
        }
    }

    fn invent(&mut self, text: &str, span: Span) -> Ident {
        let stem = text.strip_prefix("r#").unwrap_or(text);
        let mut number = 2_u32;
        loop {
            let new = format!("{stem}_{number}");
            let names = &mut self.names;
            let free = !names.fixed.contains(&new) && !names.values.contains(&new) && self.scopes.find(&new).is_none();
            if free && names.invented.insert(new.clone()) {
                if !names.words.contains(&new) {
                    names.unwritten.insert(new.clone(), Some(text.to_string()));
                }
                return Ident::new(&new, span);
            }
            number += 1;
        }
    }

    /// The user's tokens with the names that variables have got.
    pub(super) fn renamed(&self, tokens: TokenStream) -> TokenStream {
        let tokens = if self.fallible { restored(tokens) } else { tokens };
        if self.names.invented.is_empty() {
            tokens
        } else {
            with_new_names(tokens, &|name| new_name(&self.scopes, name))
        }
    }
}

/// What a body mentions and does not declare, and what it calls.
pub(super) fn free_names(inputs: &[Pat], body: &Expr) -> HashSet<Ident> {
    #[derive(Default)]
    struct Found {
        named: HashSet<Ident>,
        called: HashSet<Ident>,
        declared: HashSet<Ident>,
    }
    impl<'ast> Visit<'ast> for Found {
        fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
            self.named.extend(path.path.get_ident().cloned());
        }

        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            if let Expr::Path(path) = &*call.func {
                self.called.extend(path.path.get_ident().cloned());
            }
            visit::visit_expr_call(self, call);
        }

        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            self.named.extend(each(mac.tokens.clone()).filter_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident),
                _ => None,
            }));
        }

        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.declared.insert(pat.ident.clone());
            visit::visit_pat_ident(self, pat);
        }

        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut found = Found::default();
    inputs.iter().for_each(|pat| found.visit_pat(pat));
    found.visit_expr(body);
    let Found { named, called, declared } = found;
    named.into_iter().filter(|name| !declared.contains(name)).chain(called).collect()
}

fn new_name(scopes: &Scopes, name: &str) -> Option<Ident> {
    scopes.vars[scopes.find(name)?].emitted.clone()
}

/// Replaces one name.
pub(super) fn with_name(tokens: TokenStream, old: &Ident, new: &Ident) -> TokenStream {
    with_new_names(tokens, &|name| (old == name).then(|| new.clone()))
}
