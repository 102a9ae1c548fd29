//! `fold` of a `Vec` that is changed in place, as a loop over the chain. It may grow there, which an accumulator that is
//! handed from one element to the next may not.

use super::exits::Scan;
use super::pattern::mentions;
use super::syntax::path_of;
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, ExprClosure, Macro, Pat, ReturnType, Stmt, Token, parse_quote};

/// `chain.fold(list, |mut kept, item| { …; kept })` as the loop that it is:
///
/// ```text
/// { let mut kept = list; for item in chain { … } kept }
/// ```
///
/// `None`, if it would be another order, or mean another variable.
pub(super) fn in_place(chain: &Expr, init: &Expr, f: &ExprClosure) -> Option<Block> {
    let [Pat::Ident(kept), item] = &*f.inputs.iter().collect::<Vec<_>>() else { return None };
    let Expr::Block(body) = &*f.body else { return None };
    let (Stmt::Expr(Expr::Path(last), None), stmts) = body.block.stmts.split_last()? else { return None };
    let name = &kept.ident;
    let changed = kept.mutability.is_some() && kept.by_ref.is_none() && kept.subpat.is_none();
    let same = last.path.is_ident(name) && !mentions(chain.to_token_stream(), &name.to_string());
    let inside = body.label.is_none() && body.attrs.is_empty() && matches!(f.output, ReturnType::Default);
    (changed && same && inside && is_list(init) && Scan::expr(&f.body).exits.is_empty())
        .then(|| parse_quote!({ let mut #name = #init; for #item in #chain { #(#stmts)* } #name }))
}

/// Whether it is a list that may grow, of which it does not matter when it is made: of names and literals, or an empty one.
fn is_list(init: &Expr) -> bool {
    match init {
        Expr::Call(e) => path_of(&e.func).is_some_and(|path| EMPTY.contains(&&*path)) && e.args.iter().all(is_plain),
        Expr::Macro(e) if e.mac.path.is_ident("vec") => {
            elements(&e.mac).is_some_and(|elems| elems.iter().all(is_plain))
        }
        _ => false,
    }
}

fn is_plain(init: &Expr) -> bool {
    match init {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Array(e) => e.elems.iter().all(is_plain),
        Expr::Repeat(e) => is_plain(&e.expr) && is_plain(&e.len),
        Expr::Unary(e) => is_plain(&e.expr),
        init => is_list(init),
    }
}

const EMPTY: &[&str] = &["Vec::new", "Vec::with_capacity"];

/// The elements of `vec![a, b]`, and of `vec![value; n]` both.
fn elements(mac: &Macro) -> Option<Vec<Expr>> {
    let list = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok();
    let repeated = || mac.parse_body_with(Punctuated::<Expr, Token![;]>::parse_terminated).ok();
    list.map(|list| list.into_iter().collect()).or_else(|| repeated().map(|list| list.into_iter().collect()))
}
