//! Names: the user's own where they are free, else with a number. No two variables in scope share one, hygiene or not, so
//! that the text can be read.

use crate::ir::Func;
use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};

pub(super) struct Names {
    /// How often each name is bound in the open scopes.
    bound: HashMap<String, usize>,
    scopes: Vec<Vec<String>>,
    /// Names that the user's tokens bind.
    fixed: HashSet<String>,
    /// The next number to try for a name.
    next: HashMap<String, usize>,
}

impl Names {
    pub(super) fn new(func: &Func) -> Self {
        let fixed = func.fixed.iter().map(ToString::to_string).collect();
        Names { bound: HashMap::new(), scopes: vec![Vec::new()], fixed, next: HashMap::new() }
    }

    pub(super) fn push(&mut self) {
        self.scopes.push(Vec::new());
    }

    pub(super) fn pop(&mut self) {
        for name in self.scopes.pop().unwrap_or_default() {
            if let Some(count) = self.bound.get_mut(&name) {
                *count = count.saturating_sub(1);
            }
            // Siblings may use the numbers again.
            if let Some((stem, _)) = name.rsplit_once('_') {
                self.next.remove(stem);
            }
            self.next.remove("t");
        }
    }

    fn bind(&mut self, name: &str) {
        *self.bound.entry(name.to_string()).or_insert(0) += 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(name.to_string());
        }
    }

    fn free(&self, name: &str) -> bool {
        !self.fixed.contains(name) && self.bound.get(name).is_none_or(|n| *n == 0)
    }

    /// A name that the signature binds.
    pub(super) fn reserve(&mut self, name: &Ident) {
        self.bind(&name.to_string());
    }

    /// A new name, like `wanted` if that is free.
    pub(super) fn fresh(&mut self, wanted: Option<&Ident>) -> Ident {
        let Some(wanted) = wanted else { return self.temporary() };
        let text = wanted.to_string();
        if self.free(&text) {
            self.bind(&text);
            return wanted.clone();
        }
        let stem = text.strip_prefix("r#").unwrap_or(&text).to_string();
        self.numbered(&stem, "_")
    }

    fn temporary(&mut self) -> Ident {
        self.numbered("t", "")
    }

    fn numbered(&mut self, stem: &str, joint: &str) -> Ident {
        let start = self.next.get(stem).copied().unwrap_or(1);
        let mut number = start;
        loop {
            let name = format!("{stem}{joint}{number}");
            number += 1;
            if self.free(&name) {
                self.next.insert(stem.to_string(), number);
                self.bind(&name);
                return Ident::new(&name, Span::mixed_site());
            }
        }
    }
}
