//! Chains whose elements go to two lists: `let (a, b): (Vec<_>, Vec<_>) = chain.unzip();`, and `partition`. Each is the loop
//! that one would write by hand, with a `push` to either.

use super::Lowerer;
use quote::ToTokens as _;
use syn::{ExprMethodCall, GenericArgument, Local, Pat, Stmt, Type, parse_quote};

impl Lowerer<'_> {
    /// The statements that such a `let` stands for.
    pub(super) fn split_let(&mut self, local: &Local) -> Option<Vec<Stmt>> {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let (Pat::Tuple(tuple), syn::Expr::MethodCall(call)) = (pat, &*init.expr) else { return None };
        let (Some(Pat::Ident(first)), Some(Pat::Ident(second)), 2) =
            (tuple.elems.first(), tuple.elems.last(), tuple.elems.len())
        else {
            return None;
        };
        let known = match call.args.len() {
            0 => call.method == "unzip",
            1 => call.method == "partition",
            _ => false,
        };
        if !known || !self.mentions_float(&init.expr) || !self.flow.may_reach(&init.expr) {
            return None;
        }
        self.trial(|l| l.iterator(&call.receiver, &|_| true).map(drop))?;
        let types = member_types(ty, call);
        let lists = [self.unused_name("list"), self.unused_name("list")];
        let mut stmts: Vec<Stmt> = Vec::new();
        for (list, ty) in lists.iter().zip(&types) {
            stmts.push(match ty {
                Some(ty) => parse_quote!(let mut #list: #ty = Vec::new();),
                None => parse_quote!(let mut #list = Vec::new();),
            });
        }
        let ([a, b], chain) = (&lists, &call.receiver);
        stmts.push(match call.args.first() {
            None => {
                let [p, q] = [self.unused_name("left"), self.unused_name("right")];
                parse_quote!(for (#p, #q) in #chain { #a.push(#p); #b.push(#q); })
            }
            Some(f) => {
                let element = self.unused_name("element");
                parse_quote!(for #element in #chain {
                    if (#f)(&#element) { #a.push(#element); } else { #b.push(#element); }
                })
            }
        });
        for (name, list) in [first, second].into_iter().zip(&lists) {
            stmts.push(parse_quote!(let #name = #list;));
        }
        Some(stmts)
    }
}

/// The types of the two lists, as far as they are written.
fn member_types(ty: Option<&Type>, call: &ExprMethodCall) -> [Option<Type>; 2] {
    let written = |ty: &Type| (!matches!(ty, Type::Infer(_))).then(|| ty.clone());
    let mut types = [None, None];
    if let Some(Type::Tuple(tuple)) = ty {
        types.iter_mut().zip(&tuple.elems).for_each(|(known, ty)| *known = written(ty));
    } else if let Some(turbofish) = &call.turbofish {
        let lists = turbofish.args.iter().skip(if call.method == "unzip" { 2 } else { 0 });
        for (known, argument) in types.iter_mut().zip(lists) {
            if let GenericArgument::Type(ty) = argument {
                *known = written(ty);
            }
        }
        if call.method == "partition" {
            let [lists, others] = &mut types;
            others.clone_from(lists);
        }
    }
    // `Vec<_>` says no more than nothing.
    types.map(|ty| ty.filter(|ty| !ty.to_token_stream().to_string().contains('_')))
}
