//! Macros that declare variables: `constants!(T; two = 2);`. Input: a body. Output: the names that only a macro can have
//! declared: they are arguments of one that stands as a statement, no pattern binds them, and they are read elsewhere.
//!
//! Such a macro has to stay a statement, where others become the value of a block. That what it declares is no variable that
//! the engine follows, is seen by its arguments: macros by example have no other names to declare.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::HashSet;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprPath, Macro, PatIdent, StmtMacro};

/// The names that macros declare.
pub(super) fn names(parameters: impl Iterator<Item = String>, body: &Block) -> HashSet<String> {
    let mut names = Names::default();
    names.visit_block(body);
    let Names { mut arguments, bound, read } = names;
    let parameters: HashSet<String> = parameters.collect();
    arguments.retain(|name| read.contains(name) && !bound.contains(name) && !parameters.contains(name));
    arguments
}

/// Whether a macro declares some of them.
pub(super) fn declares(mac: &Macro, names: &HashSet<String>) -> bool {
    let mut arguments = HashSet::new();
    collect(mac.tokens.clone(), &mut arguments);
    arguments.iter().any(|name| names.contains(name))
}

#[derive(Default)]
struct Names {
    arguments: HashSet<String>,
    bound: HashSet<String>,
    read: HashSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_stmt_macro(&mut self, stmt: &'ast StmtMacro) {
        collect(stmt.mac.tokens.clone(), &mut self.arguments);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.bound.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        // A function is no variable.
        if !matches!(&*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let variable =
            |name: &&proc_macro2::Ident| name.to_string().starts_with(|c: char| c.is_lowercase() || c == '_');
        self.read.extend(path.path.get_ident().filter(variable).map(ToString::to_string));
    }
}

fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                names.insert(name.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            _ => {}
        }
    }
}
