//! References to lists that are made to refer to another part of the same list: `rest = &rest[1..]`, `rest = tail`. Where lowering
//! has found one, the body is lowered once more with the list that it began with, and with two indices that say which part it is:
//!
//! ```text
//! let mut rest = &x[..];      let rest_of = &x[..]; let mut rest_from = 0; let mut rest_to = rest_of.len();
//! rest[0]                     (&rest_of[rest_from..rest_to])[0]
//! rest = tail;                (rest_from, rest_to) = __part_of(rest, rest_of, tail);
//! ```
//!
//! What the last line means is found where it is lowered: a view has its bounds. A variable whose uses are not all of this kind
//! is left as it was.

use super::assignment::declaration;
use super::expression::Value;
use super::pattern::{binds, mentions};
use super::scope::State;
use super::signature::Interface;
use super::{Declaration, Lowerer, late};
use crate::diagnostics::{Site, message};
use crate::ir::{Part, Step, Val};
use crate::tokens::has_word;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use std::collections::HashSet;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Pat, Stmt, parse_quote};

/// Stands for the bounds of a part of a list.
const PART_OF: &str = "__part_of";

/// A body in which these variables are lists with indices; `None` if there are none.
pub(super) fn apart(interface: &Interface, body: &Block, rebound: &HashSet<Declaration>) -> Option<Block> {
    if rebound.is_empty() {
        return None;
    }
    let mut body = body.clone();
    for p in interface.parameters.iter().filter(|p| rebound.contains(&declaration(&p.name))) {
        let name = &p.name;
        apart_from(&mut body, 0, name, &quote!(), &parse_quote!(#name));
    }
    Apart { rebound }.visit_block_mut(&mut body);
    Some(body)
}

struct Apart<'r> {
    rebound: &'r HashSet<Declaration>,
}

impl VisitMut for Apart<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let mut k = 0;
        while k < block.stmts.len() {
            if let Some((name, ty, init)) =
                declared(&block.stmts[k]).filter(|(name, ..)| self.rebound.contains(&declaration(name)))
                && apart_from(block, k + 1, &name, &ty, &init)
            {
                block.stmts.remove(k);
            }
            k += 1;
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The name, the type and the value of a variable that a statement declares.
fn declared(stmt: &Stmt) -> Option<(Ident, TokenStream, Expr)> {
    let Stmt::Local(local) = stmt else { return None };
    let (pat, ty) = match &local.pat {
        Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
        pat => (pat, None),
    };
    let Pat::Ident(p) = pat else { return None };
    let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
    let ty = ty.map(|ty| quote!(: #ty)).unwrap_or_default();
    Some((p.ident.clone(), ty, (*init.expr).clone()))
}

/// Writes a list and its bounds for a variable, from a statement on; `false` if it is used in another way.
fn apart_from(block: &mut Block, start: usize, name: &Ident, ty: &TokenStream, init: &Expr) -> bool {
    // Behind another variable of its name, that is meant.
    let hidden =
        block.stmts[start..].iter().position(|stmt| matches!(stmt, Stmt::Local(local) if binds(&local.pat, name)));
    let end = hidden.map_or(block.stmts.len(), |k| start + k);
    let read = hidden.is_some() && mentions(init_of(&block.stmts[end]), &name.to_string());
    if read || !block.stmts[start..end].iter().all(|stmt| Uses::fit(stmt, name)) {
        return false;
    }
    let unused = |part: &str| {
        let mut new = format_ident!("{name}_{part}");
        while has_word(block.to_token_stream(), &new.to_string()) {
            new = format_ident!("{new}_");
        }
        new
    };
    let (of, from, to) = (unused("of"), unused("from"), unused("to"));
    let lets: [Stmt; 3] = [
        parse_quote!(let #of #ty = #init;),
        parse_quote!(let mut #from: usize = 0;),
        parse_quote!(let mut #to: usize = #of.len();),
    ];
    let mut window = Window { name: name.clone(), of, from, to };
    block.stmts[start..end].iter_mut().for_each(|stmt| window.visit_stmt_mut(stmt));
    block.stmts.splice(start..start, lets);
    true
}

fn init_of(stmt: &Stmt) -> TokenStream {
    match stmt {
        Stmt::Local(local) => local.init.as_ref().map(|init| init.expr.to_token_stream()).unwrap_or_default(),
        _ => TokenStream::new(),
    }
}

/// Whether a variable is only read, and assigned as a whole.
struct Uses<'n> {
    name: &'n Ident,
    fit: bool,
}

impl Uses<'_> {
    fn fit(stmt: &Stmt, name: &Ident) -> bool {
        let mut uses = Uses { name, fit: true };
        uses.visit_stmt(stmt);
        uses.fit
    }
}

impl Visit<'_> for Uses<'_> {
    fn visit_pat(&mut self, pat: &Pat) {
        self.fit &= !binds(pat, self.name);
        visit::visit_pat(self, pat);
    }

    fn visit_macro(&mut self, mac: &syn::Macro) {
        self.fit &= !mentions(mac.tokens.clone(), &self.name.to_string());
    }

    fn visit_item(&mut self, item: &syn::Item) {
        self.fit &= !has_word(item.to_token_stream(), &self.name.to_string());
    }

    /// `S { rest }` has no place for anything else.
    fn visit_field_value(&mut self, field: &syn::FieldValue) {
        self.fit &= field.colon_token.is_some() || !is(&field.expr, self.name);
        visit::visit_field_value(self, field);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Assign(e) if is(&e.left, self.name) => return self.visit_expr(&e.right),
            Expr::Assign(e) => self.fit &= !has_word(e.left.to_token_stream(), &self.name.to_string()),
            Expr::Reference(e) => self.fit &= e.mutability.is_none() || !is(&e.expr, self.name),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}

fn is(expr: &Expr, name: &Ident) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

/// A variable, and what stands for it.
struct Window {
    name: Ident,
    of: Ident,
    from: Ident,
    to: Ident,
}

impl VisitMut for Window {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let Window { name, of, from, to } = self;
        let part: Expr = parse_quote!(&#of[#from..#to]);
        match expr {
            Expr::Assign(e)
                if is(&e.left, name) && matches!(*e.right, Expr::If(_) | Expr::Match(_) | Expr::Block(_)) =>
            {
                *expr = late::assigned_to(&e.right, name);
                self.visit_expr_mut(expr);
            }
            Expr::Assign(e) if is(&e.left, name) => {
                let (function, variable) = (Ident::new(PART_OF, Span::call_site()), e.left.clone());
                e.left = parse_quote!((#from, #to));
                self.visit_expr_mut(&mut e.right);
                let (of, right) = (&self.of, &e.right);
                *e.right = parse_quote!(#function(#variable, #of, #right));
            }
            Expr::MethodCall(ExprMethodCall { receiver: inner, .. })
            | Expr::Index(syn::ExprIndex { expr: inner, .. })
            | Expr::Unary(syn::ExprUnary { expr: inner, .. })
                if is(inner, name) =>
            {
                **inner = parse_quote!((#part));
                visit_mut::visit_expr_mut(self, expr);
            }
            other if is(other, name) => *other = part,
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Lowerer<'_> {
    /// A reference to a list is assigned, which has to be declared in another way: then the body is lowered once more.
    pub(super) fn note_rebound(&mut self, left: &Expr) {
        if let Some(id) = self.scopes.variable(left)
            && let State::Part(_) = self.scopes.vars[id].state
            && self.scopes.vars[id].reference
            && !self.scopes.vars[id].exclusive
        {
            self.rebound.insert(declaration(&self.scopes.vars[id].name));
        }
    }

    /// `(from, to) = __part_of(name, list, part);`
    pub(super) fn assigns_bounds(&mut self, left: &Expr, right: &Expr) -> bool {
        let (Expr::Tuple(bounds), Expr::Call(call)) = (left, right) else { return false };
        let &[name, list, part] = call.args.iter().collect::<Vec<_>>().as_slice() else { return false };
        if !is(&call.func, &Ident::new(PART_OF, Span::call_site())) {
            return false;
        }
        let found = match (self.expr(list), self.expr(part)) {
            (Value::Part { part: list, .. }, Value::Part { part, .. }) => self.bounds_in(&list, &part, right.span()),
            _ => None,
        };
        let Some((from, to)) = found else {
            self.error(Site::of(name), message::rebound_reference(name.to_token_stream()));
            return true;
        };
        for (bound, val) in bounds.elems.iter().zip([from, to]) {
            let value = self.hidden("bound", State::Other { val, indexable: false });
            self.expression_statement(&parse_quote!(#bound = #value));
        }
        true
    }

    /// Where a part of a list begins and ends in it.
    fn bounds_in(&mut self, list: &Part, part: &Part, span: Span) -> Option<(Val, Val)> {
        let inside = part.path.strip_prefix(list.path.as_slice()).filter(|_| part.place == list.place)?;
        let mut from = self.engine_index(quote!(0), &[], span);
        let mut to = self.length(list, span);
        for step in inside {
            let sum = |l: &mut Self, n: Val| l.engine_index(quote!(n + m), &[("n", from), ("m", n)], span);
            (from, to) = match *step {
                Step::Range(lo, hi) => (sum(self, lo), sum(self, hi)),
                Step::From(lo) => (sum(self, lo), to),
                _ => return None,
            };
        }
        Some((from, to))
    }
}
