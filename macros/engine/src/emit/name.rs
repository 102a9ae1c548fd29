//! Names: the user's own where they are free, else with a number. No two variables in scope share one, hygiene or not, so
//! that the text can be read.

use crate::ir::Func;
use proc_macro2::{Ident, Span};
use quote::format_ident;
use std::collections::{HashMap, HashSet};

pub(super) struct Names {
    /// How often each name is bound in the open scopes.
    bound: HashMap<String, usize>,
    scopes: Vec<Scope>,
    /// Names that the user's tokens bind.
    fixed: HashSet<String>,
    /// Names that have been bound anywhere.
    ever: HashSet<String>,
    /// The next number to try for a name.
    next: HashMap<String, usize>,
}

#[derive(Default)]
struct Scope {
    names: Vec<String>,
    /// The numbers as they were outside: siblings use them again.
    outside: HashMap<String, usize>,
}

impl Names {
    pub(super) fn new(func: &Func) -> Self {
        let fixed = func.fixed.iter().map(ToString::to_string).collect();
        Names {
            bound: HashMap::new(),
            scopes: vec![Scope::default()],
            fixed,
            ever: HashSet::new(),
            next: HashMap::new(),
        }
    }

    pub(super) fn push(&mut self) {
        self.scopes.push(Scope::default());
    }

    pub(super) fn pop(&mut self) {
        let Scope { names, outside } = self.scopes.pop().unwrap_or_default();
        for name in names {
            if let Some(count) = self.bound.get_mut(&name) {
                *count = count.saturating_sub(1);
            }
        }
        self.next.extend(outside);
    }

    fn bind(&mut self, name: &str) {
        self.ever.insert(name.to_string());
        *self.bound.entry(name.to_string()).or_insert(0) += 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.push(name.to_string());
        }
    }

    fn free(&self, name: &str) -> bool {
        !is_keyword(name) && !self.fixed.contains(name) && self.bound.get(name).is_none_or(|n| *n == 0)
    }

    /// A name that the signature binds.
    pub(super) fn reserve(&mut self, name: &Ident) {
        self.bind(&name.to_string());
    }

    /// A name that nothing else in the function has.
    pub(super) fn global(&mut self, wanted: &Ident) -> Ident {
        let mut name = wanted.clone();
        let mut number = 0_usize;
        while is_keyword(&name.to_string())
            || self.fixed.contains(&name.to_string())
            || self.ever.contains(&name.to_string())
        {
            number += 1;
            name = format_ident!("{}_{}", wanted, number);
        }
        self.fixed.insert(name.to_string());
        name
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
        if let Some(scope) = self.scopes.last_mut()
            && !scope.outside.contains_key(stem)
        {
            scope.outside.insert(stem.to_string(), start);
        }
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

/// The keywords that `d` before a name can make: the derivatives by `o` and `yn`.
pub(super) fn is_keyword(name: &str) -> bool {
    matches!(name, "do" | "dyn")
}
