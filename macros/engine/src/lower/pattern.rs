//! Patterns: what they bind, and the same pattern with fewer bindings.

use crate::tokens::each;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::HashSet;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, PatRest, PatWild, parse_quote};

/// A pattern without its parentheses.
pub(super) fn unwrapped(pat: &Pat) -> &Pat {
    match pat {
        Pat::Paren(p) => unwrapped(&p.pat),
        other => other,
    }
}

/// Whether a pattern fits whatever there is.
pub(super) fn irrefutable(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(p) => p.subpat.is_none() && !bindings(pat).unwrap_or_default().is_empty(),
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Tuple(p) => p.elems.iter().all(irrefutable),
        Pat::Paren(p) => irrefutable(&p.pat),
        Pat::Reference(p) => irrefutable(&p.pat),
        _ => false,
    }
}

/// Whether a pattern only names members, so that it fits whatever has them.
pub(super) fn of_members(pat: &Pat) -> bool {
    match pat {
        Pat::Tuple(p) => p.elems.iter().all(of_members),
        Pat::Struct(p) => p.fields.iter().all(|field| of_members(&field.pat)),
        Pat::Paren(p) => of_members(&p.pat),
        other => irrefutable(other),
    }
}

/// `..`, `rest @ ..`
pub(super) fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(p) => p.subpat.as_ref().is_some_and(|(_, sub)| matches!(**sub, Pat::Rest(_))),
        _ => false,
    }
}

/// Whether an arm uses what its pattern takes out of an array.
pub(super) fn takes_elements(pat: &Pat, arm: &Expr) -> bool {
    match pat {
        Pat::Slice(_) => bound(pat).iter().any(|b| mentions(arm.to_token_stream(), &b.name.to_string())),
        Pat::Paren(p) => takes_elements(&p.pat, arm),
        Pat::Reference(p) => takes_elements(&p.pat, arm),
        Pat::Guard(p) => takes_elements(&p.pat, arm),
        _ => false,
    }
}

/// Whether a pattern visibly is one of an enum: it has variants.
pub(super) fn of_enum(pat: &Pat) -> bool {
    let variant = |path: &syn::Path| {
        path.segments.len() > 1
            || path.segments.last().is_some_and(|s| ["Some", "Ok", "Err"].iter().any(|v| s.ident == v))
    };
    match pat {
        Pat::TupleStruct(p) => variant(&p.path),
        Pat::Struct(p) => variant(&p.path),
        Pat::Path(p) => p.path.segments.len() > 1,
        Pat::Or(p) => p.cases.iter().any(of_enum),
        Pat::Paren(p) => of_enum(&p.pat),
        Pat::Reference(p) => of_enum(&p.pat),
        Pat::Guard(p) => of_enum(&p.pat),
        _ => false,
    }
}

/// `_`
pub(super) fn wild() -> Pat {
    Pat::Wild(PatWild { attrs: Vec::new(), underscore_token: syn::Token![_](Span::mixed_site()) })
}

/// What a pattern binds.
pub(super) fn bound(pat: &Pat) -> Vec<Bound> {
    bindings(pat).unwrap_or_default()
}

/// Whether a pattern binds a name.
pub(super) fn binds(pat: &Pat, name: &Ident) -> bool {
    bound(pat).iter().any(|b| b.name == *name)
}

/// Whether a name occurs, perhaps in a format string.
pub(super) fn mentions(tokens: TokenStream, name: &str) -> bool {
    each(tokens).any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            text.contains('"') && text.contains(name)
        }
        TokenTree::Group(_) | TokenTree::Punct(_) => false,
    })
}

/// A pattern that binds nothing but what its guard reads, and what its arm does not: that may be the name of a constant.
pub(super) fn bare(pat: &Pat, guard: Option<&Expr>, used: &dyn Fn(&str) -> bool) -> Pat {
    let guard = guard.map(ToTokens::to_token_stream).unwrap_or_default();
    without_mut(&stripped(pat, &|name| {
        let name = name.to_string();
        mentions(guard.clone(), &name) || !(name.starts_with('_') || used(&name))
    }))
}

/// A pattern that binds only some of its names.
pub(super) fn stripped(pat: &Pat, keep: &dyn Fn(&Ident) -> bool) -> Pat {
    let all = |elems: &mut syn::punctuated::Punctuated<Pat, syn::Token![,]>| {
        elems.iter_mut().for_each(|elem| *elem = stripped(elem, keep));
    };
    let mut pat = pat.clone();
    match &mut pat {
        Pat::Ident(p) => {
            let binds = p.subpat.is_some() || !bindings(&Pat::Ident(p.clone())).unwrap_or_default().is_empty();
            if let Some((_, sub)) = &mut p.subpat {
                **sub = stripped(sub, keep);
            }
            if binds && !keep(&p.ident) {
                return p.subpat.take().map_or_else(wild, |(_, sub)| *sub);
            }
        }
        Pat::Tuple(p) => all(&mut p.elems),
        Pat::TupleStruct(p) => all(&mut p.elems),
        Pat::Slice(p) => all(&mut p.elems),
        Pat::Struct(p) => {
            let fields = std::mem::take(&mut p.fields);
            for mut field in fields {
                let pat = stripped(&field.pat, keep);
                if matches!(pat, Pat::Wild(_)) {
                    p.rest.get_or_insert_with(|| PatRest {
                        attrs: Vec::new(),
                        dot2_token: syn::Token![..](Span::mixed_site()),
                    });
                    continue;
                }
                *field.pat = pat;
                p.fields.push(field);
            }
            if p.rest.is_some() && !p.fields.empty_or_trailing() {
                p.fields.push_punct(parse_quote!(,));
            }
        }
        Pat::Reference(p) => *p.pat = stripped(&p.pat, keep),
        Pat::Paren(p) => *p.pat = stripped(&p.pat, keep),
        Pat::Or(p) => p.cases.iter_mut().for_each(|case| *case = stripped(case, keep)),
        _ => {}
    }
    pat
}

/// A pattern whose bindings are not mutable.
pub(super) fn without_mut(pat: &Pat) -> Pat {
    struct Immutable;
    impl syn::visit_mut::VisitMut for Immutable {
        fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
            if pat.by_ref.is_none() {
                pat.mutability = None;
            }
            syn::visit_mut::visit_pat_ident_mut(self, pat);
        }
    }
    let mut pat = pat.clone();
    syn::visit_mut::VisitMut::visit_pat_mut(&mut Immutable, &mut pat);
    pat
}

/// Whether a condition binds names.
pub fn contains_let(cond: &Expr) -> bool {
    match cond {
        Expr::Let(_) => true,
        Expr::Binary(b) => contains_let(&b.left) || contains_let(&b.right),
        Expr::Paren(p) => contains_let(&p.expr),
        _ => false,
    }
}

/// Whether a pattern has a `ref mut`.
pub fn borrows_mutably(pat: &Pat) -> bool {
    struct Found(bool);
    impl<'ast> syn::visit::Visit<'ast> for Found {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.0 |= pat.by_ref.is_some() && pat.mutability.is_some();
            syn::visit::visit_pat_ident(self, pat);
        }
    }
    let mut found = Found(false);
    syn::visit::Visit::visit_pat(&mut found, pat);
    found.0
}

/// A name that a pattern binds.
pub struct Bound {
    /// The name.
    pub name: Ident,
    /// `mut`
    pub mutable: bool,
}

/// Writes the names of constants as paths. A name in a pattern is one if it looks like one, and the pattern may fit or not:
/// in `let W = x;` and `for (I, x) in y`, it is a variable whatever it looks like, for a constant would not always fit.
pub(super) fn name_constants(block: &mut Block) {
    struct Refutable;
    impl VisitMut for Refutable {
        fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
            Constants.visit_pat_mut(&mut arm.pat);
            visit_mut::visit_arm_mut(self, arm);
        }

        fn visit_expr_let_mut(&mut self, e: &mut syn::ExprLet) {
            Constants.visit_pat_mut(&mut e.pat);
            visit_mut::visit_expr_let_mut(self, e);
        }

        fn visit_local_mut(&mut self, local: &mut syn::Local) {
            if local.init.as_ref().is_some_and(|init| init.diverge.is_some()) {
                Constants.visit_pat_mut(&mut local.pat);
            }
            visit_mut::visit_local_mut(self, local);
        }
    }

    struct Constants;
    impl VisitMut for Constants {
        fn visit_pat_mut(&mut self, pat: &mut Pat) {
            match pat {
                Pat::Ident(p) if p.mutability.is_none() && p.by_ref.is_none() && p.subpat.is_none() => {
                    if !p.ident.to_string().starts_with(|c: char| c.is_lowercase() || c == '_') {
                        let name = &p.ident;
                        *pat = Pat::Path(parse_quote!(#name));
                    }
                }
                _ => visit_mut::visit_pat_mut(self, pat),
            }
        }

        fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
            // `Point { X }` binds the field.
            if field.colon_token.is_some() {
                visit_mut::visit_field_pat_mut(self, field);
            }
        }

        fn visit_expr_mut(&mut self, _: &mut Expr) {}
    }

    Refutable.visit_block_mut(block);
}

/// The names that a pattern binds; `None` if it has parts that are not understood.
pub fn bindings(pat: &Pat) -> Option<Vec<Bound>> {
    let mut bound = Vec::new();
    collect(pat, &mut bound).then_some(bound)
}

fn collect(pat: &Pat, bound: &mut Vec<Bound>) -> bool {
    match pat {
        Pat::Ident(p) => {
            bound.push(Bound { name: p.ident.clone(), mutable: p.mutability.is_some() });
            p.subpat.as_ref().is_none_or(|(_, sub)| collect(sub, bound))
        }
        Pat::Wild(_) | Pat::Lit(_) | Pat::Path(_) | Pat::Range(_) | Pat::Rest(_) | Pat::Const(_) => true,
        Pat::Tuple(p) => p.elems.iter().all(|p| collect(p, bound)),
        Pat::TupleStruct(p) => p.elems.iter().all(|p| collect(p, bound)),
        Pat::Slice(p) => p.elems.iter().all(|p| collect(p, bound)),
        Pat::Struct(p) => p.fields.iter().all(|f| collect(&f.pat, bound)),
        Pat::Reference(p) => collect(&p.pat, bound),
        Pat::Paren(p) => collect(&p.pat, bound),
        Pat::Guard(p) => collect(&p.pat, bound),
        Pat::Type(p) => collect(&p.pat, bound),
        // All alternatives bind the same names.
        Pat::Or(p) => p.cases.first().is_none_or(|p| collect(p, bound)),
        _ => false,
    }
}

/// Whether several alternatives that bind names may fit one value.
pub(super) fn may_fit_twice(pat: &Pat) -> bool {
    match pat {
        Pat::Or(p) => {
            let mut seen = HashSet::new();
            let apart = p.cases.iter().all(|case| constructor(case).is_some_and(|name| seen.insert(name)));
            (!apart && !bound(pat).is_empty()) || p.cases.iter().any(may_fit_twice)
        }
        Pat::Paren(p) => may_fit_twice(&p.pat),
        Pat::Reference(p) => may_fit_twice(&p.pat),
        Pat::Ident(p) => p.subpat.as_ref().is_some_and(|(_, pat)| may_fit_twice(pat)),
        Pat::Tuple(p) => p.elems.iter().any(may_fit_twice),
        Pat::TupleStruct(p) => p.elems.iter().any(may_fit_twice),
        Pat::Slice(p) => p.elems.iter().any(may_fit_twice),
        Pat::Struct(p) => p.fields.iter().any(|field| may_fit_twice(&field.pat)),
        _ => false,
    }
}

/// What only values fit that no pattern of another constructor fits: a variant, or so many elements.
fn constructor(pat: &Pat) -> Option<String> {
    let last = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.to_string());
    match pat {
        Pat::Paren(p) => constructor(&p.pat),
        Pat::Reference(p) => constructor(&p.pat),
        Pat::TupleStruct(p) => last(&p.path),
        Pat::Struct(p) => last(&p.path),
        Pat::Slice(p) if !p.elems.iter().any(is_rest) => Some(p.elems.len().to_string()),
        _ => None,
    }
}
