//! `cfg` inside of a function. The macro does not know which hold, so there are companions for each case, each under the
//! `cfg` of its own: the body as it is then, without what is not there. Input: a function. Output: its versions; only
//! itself, if there is no `cfg` in it, or one where it is not understood.

use super::function::Function;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser as _;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Stmt, parse_quote};

/// How many different conditions there may be; each doubles the code.
const CONDITIONS: usize = 3;

impl Function {
    /// The function as it is under each combination of the conditions in its body.
    #[must_use]
    pub fn versions(&self) -> Vec<Function> {
        let mut found = Conditions(Vec::new());
        if super::guard::inner_cfg(&self.body).is_none() {
            return vec![self.clone()];
        }
        let Ok(block) = syn::parse2::<Block>(self.body.clone()) else { return vec![self.clone()] };
        found.visit_block(&block);
        let conditions = found.0;
        if conditions.is_empty() || conditions.len() > CONDITIONS {
            return vec![self.clone()];
        }
        let version = |case: usize| {
            let holds = |k: usize| (case >> k) & 1 == 1;
            let mut block = block.clone();
            Resolve { conditions: &conditions, holds: &holds }.visit_block_mut(&mut block);
            let terms = conditions
                .iter()
                .enumerate()
                .map(|(k, (_, condition))| if holds(k) { condition.clone() } else { quote!(not(#condition)) });
            let mut version = self.clone();
            version.attrs.push(parse_quote!(#[cfg(all(#(#terms),*))]));
            version.body = block.into_token_stream();
            version
        };
        (0..1 << conditions.len()).map(version).collect()
    }
}

/// The conditions, each once, without the `not` around it.
struct Conditions(Vec<(String, TokenStream)>);

impl Conditions {
    fn add(&mut self, attrs: &[Attribute]) {
        for (condition, _) in attrs.iter().filter_map(condition) {
            let text = condition.to_string();
            if !self.0.iter().any(|(known, _)| *known == text) {
                self.0.push((text, condition));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Conditions {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        let (attrs, _) = without_attributes(stmt);
        self.add(&attrs);
        visit::visit_stmt(self, stmt);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.add(&arm.attrs);
        visit::visit_arm(self, arm);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        self.add(&field.attrs);
        visit::visit_field_value(self, field);
    }
}

/// Takes out what is not there.
struct Resolve<'c> {
    conditions: &'c [(String, TokenStream)],
    holds: &'c dyn Fn(usize) -> bool,
}

impl Resolve<'_> {
    fn is_there(&self, attrs: &[Attribute]) -> bool {
        attrs.iter().filter_map(condition).all(|(condition, plain)| {
            let text = condition.to_string();
            let at = self.conditions.iter().position(|(known, _)| *known == text);
            at.is_none_or(|k| (self.holds)(k) == plain)
        })
    }
}

impl VisitMut for Resolve<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        for stmt in stmts {
            let (attrs, rest) = without_attributes(&stmt);
            if !attrs.iter().any(|a| condition(a).is_some()) {
                block.stmts.push(stmt);
            } else if self.is_there(&attrs) {
                let others = attrs.iter().filter(|a| condition(a).is_none());
                let parsed = Block::parse_within.parse2(quote!(#(#others)* #rest));
                block.stmts.extend(parsed.unwrap_or_else(|_| vec![stmt]));
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_match_mut(&mut self, e: &mut syn::ExprMatch) {
        e.arms.retain(|arm| self.is_there(&arm.attrs));
        e.arms.iter_mut().for_each(|arm| arm.attrs.retain(|a| condition(a).is_none()));
        visit_mut::visit_expr_match_mut(self, e);
    }

    fn visit_expr_struct_mut(&mut self, e: &mut syn::ExprStruct) {
        e.fields = std::mem::take(&mut e.fields).into_iter().filter(|field| self.is_there(&field.attrs)).collect();
        e.fields.iter_mut().for_each(|field| field.attrs.retain(|a| condition(a).is_none()));
        visit_mut::visit_expr_struct_mut(self, e);
    }
}

/// What a `cfg` asks, and whether it shall hold.
fn condition(attr: &Attribute) -> Option<(TokenStream, bool)> {
    let syn::Meta::List(list) = &attr.meta else { return None };
    if !list.path.is_ident("cfg") {
        return None;
    }
    let (mut asked, mut plain) = (list.tokens.clone(), true);
    loop {
        let tokens: Vec<TokenTree> = asked.clone().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(not), TokenTree::Group(inner)] if not == "not" => {
                asked = inner.stream();
                plain = !plain;
            }
            _ => return Some((asked, plain)),
        }
    }
}

/// What stands before a statement, and the statement. syn gives the attributes of an assignment to its left side.
fn without_attributes(stmt: &Stmt) -> (Vec<Attribute>, TokenStream) {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    parser.parse2(stmt.to_token_stream()).unwrap_or_default()
}
