//! Names of the standard library, and of libraries for numbers, which are known by their text: `mem::swap`, `libm::sin`,
//! `Float::sqrt`, `v.powi(2)`. They may mean something else where the function stands. Input: a function. Output: what the
//! emitted code is to ask of rustc, so that such a function does not compile (`emit/companion/known.rs`).
//!
//! A path that begins with `::` is not asked about. A method of numbers is, where it may be called on a reference: there, a
//! trait's `&self` comes before the method of the float itself.

use super::associated;
use super::syntax::path_text;
use crate::ir::Width;
use crate::rules::{derivative as table, library};
use crate::tokens;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use std::collections::HashSet;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprPath, FnArg, ItemFn, ItemUse, Local, Macro, Pat, Signature, Stmt, Token, Type};

/// The names in a function that are taken for those of the standard library.
#[derive(Clone, Default)]
pub struct Known {
    /// What the body imports, which may be where they come from.
    pub imports: Vec<TokenStream>,
    /// Functions.
    pub functions: Vec<Question>,
    /// Methods of numbers that may be called on references.
    methods: Vec<Ident>,
    /// Methods of arrays and `Vec`s, where a slice's own would not come first.
    pub lists: Vec<(Ident, Kind)>,
    /// `vec!`
    pub vec: Option<Ident>,
}

/// Whether a function is the one that it is taken for.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where it is named.
    pub at: Span,
    /// As the user names it.
    pub user: TokenStream,
    /// By a name that means nothing else.
    pub meant: TokenStream,
}

/// What a method of lists takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A slice.
    Slice,
    /// A slice that it changes.
    Changed,
    /// A `Vec` that it changes.
    Vec,
    /// Either, to tell how long it is.
    Length,
}

/// Methods of slices that look only.
const OF_SLICES: &[&str] = &[
    "as_flattened",
    "chunks",
    "chunks_exact",
    "first",
    "get",
    "iter",
    "last",
    "rchunks",
    "rchunks_exact",
    "split_at",
    "split_first",
    "split_last",
    "to_vec",
    "windows",
];

/// Methods of slices that change them.
const CHANGING_SLICES: &[&str] = &[
    "as_flattened_mut",
    "chunks_exact_mut",
    "chunks_mut",
    "clone_from_slice",
    "copy_from_slice",
    "copy_within",
    "fill",
    "fill_with",
    "first_mut",
    "get_mut",
    "iter_mut",
    "last_mut",
    "rchunks_exact_mut",
    "rchunks_mut",
    "reverse",
    "rotate_left",
    "rotate_right",
    "select_nth_unstable_by",
    "sort_by",
    "sort_by_cached_key",
    "sort_by_key",
    "sort_unstable_by",
    "sort_unstable_by_key",
    "split_at_mut",
    "split_first_mut",
    "split_last_mut",
    "swap",
];

/// Methods of slices, and of `Vec`s by themselves.
const OF_BOTH: &[&str] = &["is_empty", "len"];

/// Methods of `Vec`s.
const OF_VECS: &[&str] = &[
    "append",
    "clear",
    "dedup",
    "drain",
    "extend_from_slice",
    "insert",
    "pop",
    "push",
    "remove",
    "resize",
    "retain",
    "split_off",
    "swap_remove",
    "truncate",
];

/// What a method of this name takes, if lists have one.
#[must_use]
pub fn kind(method: &str) -> Option<Kind> {
    let kinds =
        [(OF_SLICES, Kind::Slice), (CHANGING_SLICES, Kind::Changed), (OF_VECS, Kind::Vec), (OF_BOTH, Kind::Length)];
    kinds.into_iter().find(|(names, _)| names.contains(&method)).map(|(_, kind)| kind)
}

impl Known {
    /// Methods that may be called on references to numbers of some type.
    pub fn methods_of<'k>(&'k self, width: &'k Width) -> impl Iterator<Item = &'k Ident> {
        // A type parameter has some of a trait, which take a reference anyhow.
        let of_trait = |method: &Ident| table::INHERENT_METHODS.contains(&&*method.to_string());
        self.methods.iter().filter(move |method| !width.is_generic() || !of_trait(method))
    }

    /// Those in a body.
    #[must_use]
    pub fn of(signature: &Signature, body: &Block, width: &Width, runtime: &TokenStream) -> Self {
        let mut names = Names { width, bound: HashSet::new(), rebound: HashSet::new(), references: HashSet::new() };
        for input in &signature.inputs {
            match input {
                FnArg::Typed(typed) => names.bind(&typed.pat, is_plain(&typed.ty)),
                FnArg::Receiver(_) => drop(names.references.insert("self".into())),
            }
        }
        names.rebound.clear();
        names.visit_block(body);
        let slice = |input: &FnArg| match input {
            FnArg::Typed(typed) => match (&*typed.pat, &*typed.ty) {
                (Pat::Ident(p), Type::Reference(ty)) if matches!(*ty.elem, Type::Slice(_)) => Some(p.ident.to_string()),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        };
        let rebound = std::mem::take(&mut names.rebound);
        let slices = signature.inputs.iter().filter_map(slice).filter(|name| !rebound.contains(name)).collect();
        let mut finder = Finder { slices, names, runtime, seen: HashSet::new(), known: Known::default() };
        finder.visit_block(body);
        finder.known
    }
}

/// The names that a body binds, and which of them may be references to numbers.
struct Names<'w> {
    width: &'w Width,
    bound: HashSet<String>,
    /// Those that the body itself binds.
    rebound: HashSet<String>,
    references: HashSet<String>,
}

impl Names<'_> {
    fn bind(&mut self, pat: &Pat, by_value: bool) {
        match pat {
            Pat::Ident(p) => {
                let name = p.ident.to_string();
                if !by_value || p.by_ref.is_some() {
                    self.references.insert(name.clone());
                }
                self.rebound.insert(name.clone());
                self.bound.insert(name);
                if let Some((_, pat)) = &p.subpat {
                    self.bind(pat, by_value);
                }
            }
            Pat::Type(p) => self.bind(&p.pat, is_plain(&p.ty)),
            Pat::Paren(p) => self.bind(&p.pat, by_value),
            Pat::Reference(p) => self.bind(&p.pat, true),
            Pat::Tuple(p) => p.elems.iter().for_each(|p| self.bind(p, by_value)),
            Pat::Slice(p) => p.elems.iter().for_each(|p| self.bind(p, by_value)),
            Pat::TupleStruct(p) => p.elems.iter().for_each(|p| self.bind(p, by_value)),
            Pat::Struct(p) => p.fields.iter().for_each(|f| self.bind(&f.pat, by_value)),
            Pat::Or(p) => p.cases.iter().for_each(|p| self.bind(p, by_value)),
            _ => {}
        }
    }

    /// Whether an expression, if it is a number, is no reference to one.
    fn by_value(&self, expr: &Expr) -> bool {
        let tail = |block: &Block| matches!(block.stmts.last(), Some(Stmt::Expr(e, None)) if self.by_value(e));
        match expr {
            Expr::Lit(_) | Expr::Binary(_) | Expr::Unary(_) | Expr::Index(_) | Expr::Cast(_) | Expr::Field(_) => true,
            Expr::Path(p) => p.path.get_ident().is_none_or(|name| !self.references.contains(&name.to_string())),
            Expr::Paren(e) => self.by_value(&e.expr),
            Expr::Group(e) => self.by_value(&e.expr),
            Expr::Block(e) => tail(&e.block),
            Expr::If(e) => tail(&e.then_branch) && e.else_branch.as_ref().is_none_or(|(_, e)| self.by_value(e)),
            Expr::Call(e) => match &*e.func {
                Expr::Path(p) => p.path.get_ident().is_none_or(|name| !self.bound.contains(&name.to_string())),
                _ => false,
            },
            // A method of the user's that is followed returns a number.
            Expr::MethodCall(e) => !METHODS_THAT_LEND.contains(&&*e.method.to_string()),
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        visit::visit_local(self, local);
        let by_value = local.init.as_ref().is_none_or(|init| self.by_value(&init.expr));
        self.bind(&local.pat, by_value);
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        // Of a `let`, it is bound afterwards once more.
        if !matches!(pat, Pat::Type(_) | Pat::Ident(_)) {
            visit::visit_pat(self, pat);
        }
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        closure.inputs.iter().for_each(|pat| self.bind(pat, false));
        self.visit_expr(&closure.body);
    }

    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        // Integers have other methods.
        self.bind(&e.pat, matches!(&*e.expr, Expr::Range(_)));
        visit::visit_expr_for_loop(self, e);
    }

    fn visit_expr_let(&mut self, e: &'ast syn::ExprLet) {
        self.bind(&e.pat, false);
        visit::visit_expr_let(self, e);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.bind(&arm.pat, false);
        visit::visit_arm(self, arm);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.bound.insert(item.sig.ident.to_string());
        for input in &item.sig.inputs {
            if let FnArg::Typed(typed) = input {
                self.bind(&typed.pat, is_plain(&typed.ty));
            }
        }
        self.visit_block(&item.block);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        arguments(mac).iter().for_each(|arg| self.visit_expr(arg));
    }
}

/// Methods of the standard library that may return a reference to a number.
const METHODS_THAT_LEND: &[&str] = &[
    "unwrap",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "expect",
    "map_or",
    "map_or_else",
    "as_ref",
    "as_mut",
    "borrow",
    "borrow_mut",
    "deref",
    "deref_mut",
    "get_or_insert",
    "get_or_insert_with",
    "insert",
    "fold",
];

/// Whether a type is no reference.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Path(_) => true,
        Type::Paren(ty) => is_plain(&ty.elem),
        Type::Group(ty) => is_plain(&ty.elem),
        _ => false,
    }
}

/// The arguments of a macro, if they are expressions.
fn arguments(mac: &Macro) -> Vec<Expr> {
    let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone());
    let list = list.map(|list| list.into_iter().collect());
    let repeated = || Punctuated::<Expr, Token![;]>::parse_terminated.parse2(mac.tokens.clone());
    list.or_else(|_| repeated().map(|list| list.into_iter().collect())).unwrap_or_default()
}

struct Finder<'w> {
    /// Parameters that are slices: there, the slice's own methods come first.
    slices: HashSet<String>,
    names: Names<'w>,
    runtime: &'w TokenStream,
    seen: HashSet<String>,
    known: Known,
}

impl Finder<'_> {
    fn function(&mut self, path: &ExprPath) {
        if path.path.leading_colon.is_some() || path.qself.as_ref().is_some_and(|qself| qself.position == 0) {
            return;
        }
        let Some((user, meant)) = self.meant(path) else { return };
        if self.seen.insert(user.to_string()) {
            let at = Span::call_site().located_at(path.span());
            self.known.functions.push(Question { at, user, meant: tokens::located(meant, at) });
        }
    }

    /// A function as the user names it, and by a name that means nothing else.
    fn meant(&self, path: &ExprPath) -> Option<(TokenStream, TokenStream)> {
        let (width, runtime) = (self.names.width, self.runtime);
        let text = path_text(&path.path);
        let idents: Vec<&Ident> = path.path.segments.iter().map(|segment| &segment.ident).collect();
        let (last, of) = idents.split_last()?;
        let whole = quote!(#(#idents)::*);
        let at = Span::call_site().located_at(path.span());
        let float = quote_spanned!(at=> ::core::primitive::f64);
        if let Some((name, method)) = associated::trait_function(&Expr::Path(path.clone())) {
            let known = library::float(&method).is_some() || method == "sin_cos";
            let name = Ident::new(&name, at);
            let user = quote!(#(#of)::*);
            return known.then(|| {
                (quote_spanned!(at=> <#float as #user>::#last), quote!(<#float as #runtime::__private::#name>::#last))
            });
        }
        if path.qself.is_some() {
            return None;
        }
        if let Some(name) = associated::function(&Expr::Path(path.clone()), width).filter(|_| !width.is_generic()) {
            let ty = width.ident();
            return match &*name {
                "from" => Some((whole, quote!(<::core::primitive::#ty as ::core::convert::From<f32>>::from))),
                name if table::method(name).is_some() || name == "sin_cos" => {
                    Some((whole, quote!(<::core::primitive::#ty>::#last)))
                }
                _ => None,
            };
        }
        if library::path(&text).is_some() || text.starts_with("libm::sincos") {
            return Some(match (idents.as_slice(), &*text) {
                (_, text) if text.starts_with("libm::") => (whole.clone(), quote!(::#whole)),
                (_, text) if text.contains("Euclid::") => {
                    let user = quote!(#(#of)::*);
                    (
                        quote_spanned!(at=> <#float as #user>::#last),
                        quote!(<#float as #runtime::__private::Euclid>::#last),
                    )
                }
                (_, text) if text.ends_with("::inv") || text.ends_with("::mul_add") => {
                    let user = quote!(#(#of)::*);
                    (quote_spanned!(at=> <#float as #user>::#last), quote!(<#float as ::#user>::#last))
                }
                _ => (quote_spanned!(at=> #whole::<#float>), quote!(::#whole::<#float>)),
            });
        }
        let single = |generics: TokenStream, meant: TokenStream| {
            let free = !self.names.bound.contains(&text);
            let generics = tokens::located(generics, at);
            free.then(|| (quote!(#whole #generics), quote!(#meant #generics)))
        };
        let module = of.iter().map(ToString::to_string).collect::<Vec<_>>().join("::");
        let name = last.to_string();
        let of_std =
            |name: &str| module == name || module == format!("std::{name}") || module == format!("core::{name}");
        let item = quote!(::core::primitive::f64);
        match &*name {
            "Some" if of.is_empty() => single(quote!(::<#item>), quote!(::core::option::Option::Some)),
            "Ok" if of.is_empty() => single(quote!(::<#item, ()>), quote!(::core::result::Result::Ok)),
            "Err" if of.is_empty() => single(quote!(::<#item, ()>), quote!(::core::result::Result::Err)),
            "stop_gradient" => single(quote!(::<#item>), quote!(#runtime::stop_gradient)),
            "new" | "with_capacity" if module == "Vec" => {
                let (vec, last) = (of.first()?, last);
                Some((quote_spanned!(at=> #vec::<#item>::#last), quote!(#runtime::__private::Vec::<#item>::#last)))
            }
            "swap" | "replace" | "take" if of_std("mem") => single(quote!(::<#item>), quote!(::core::mem::#last)),
            "from_fn" if of_std("array") => {
                single(quote!(::<#item, 1, fn(usize) -> #item>), quote!(::core::array::from_fn))
            }
            _ if of_std("iter") => {
                let generics = match &*name {
                    "once" | "repeat" | "repeat_n" | "empty" => quote!(::<#item>),
                    "zip" => quote!(::<[#item; 1], [#item; 1]>),
                    "repeat_with" => quote!(::<#item, fn() -> #item>),
                    "successors" => quote!(::<#item, fn(&#item) -> ::core::option::Option<#item>>),
                    "from_fn" => quote!(::<#item, fn() -> ::core::option::Option<#item>>),
                    _ => return None,
                };
                single(generics, quote!(::core::iter::#last))
            }
            _ => None,
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.function(path);
        visit::visit_expr_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        let number = table::method(&name).is_some() || name == "sin_cos";
        if number && !self.names.by_value(&call.receiver) && self.seen.insert(format!(".{name}")) {
            self.known.methods.push(call.method.clone());
        }
        let slice = matches!(&*call.receiver, Expr::Path(p) if p.path.get_ident().is_some_and(|n| self.slices.contains(&n.to_string())));
        if let Some(kind) = kind(&name).filter(|_| !slice && self.seen.insert(format!(".{name}"))) {
            self.known.lists.push((call.method.clone(), kind));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        if mac.path.is_ident("vec") && self.known.vec.is_none() {
            self.known.vec = mac.path.get_ident().cloned();
        }
        arguments(mac).iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let tokens = item.to_token_stream();
        if self.seen.insert(tokens.to_string()) {
            self.known.imports.push(tokens);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Form;

    /// What is asked about is declared in the runtime crate.
    #[test]
    fn the_runtime_has_every_name() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/src/private/known.rs");
        let text = std::fs::read_to_string(file).expect("the runtime crate is beside this one");
        let declared: HashSet<&str> = text.split_whitespace().collect();
        let numbers = table::TABLE.iter().filter(|row| matches!(row.form, Form::Method(_))).map(|row| row.name);
        let lists = [OF_SLICES, CHANGING_SLICES, OF_VECS, OF_BOTH].into_iter().flatten().copied();
        for name in numbers.chain(lists).chain(["sin_cos"]) {
            assert!(declared.contains(name), "{name}");
        }
    }
}
