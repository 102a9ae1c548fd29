//! Elements that are read and never used: the function panics if there is no such element, and so do its companions.
//! Input: a body. Output: the same body, where such a load is a statement that stays, and of what type it was.

use crate::analysis::widths::{Claim, Of};
use crate::ir::{End, Inactive, OpKind, Region, Val};
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::HashSet;

/// Keeps the loads of what the user has indexed.
pub(super) fn keep(body: &mut Region, indexed: &HashSet<Val>) -> Vec<Claim> {
    let mut elements = Vec::new();
    if indexed.is_empty() {
        return elements;
    }
    let mut read = HashSet::new();
    reads(body, &mut read);
    replace(body, &|val| indexed.contains(&val) && !read.contains(&val), &mut elements);
    elements
}

fn reads(region: &Region, read: &mut HashSet<Val>) {
    for op in &region.ops {
        op.kind.reads(&mut |val| {
            read.insert(val);
        });
        op.kind.regions().into_iter().for_each(|inner| reads(inner, read));
    }
    match &region.end {
        End::Branch(cond, then, other) => {
            read.insert(*cond);
            reads(then, read);
            reads(other, read);
        }
        leaf => read.extend(leaf.values()),
    }
}

fn replace(region: &mut Region, unread: &impl Fn(Val) -> bool, elements: &mut Vec<Claim>) {
    for op in &mut region.ops {
        if let (OpKind::Load(part), &[val]) = (&op.kind, op.results.as_slice())
            && unread(val)
        {
            elements.push(Claim::Same(Of::Val(val), Of::Place(part.place)));
            let element = Ident::new("element", Span::mixed_site());
            let mut code = Inactive::engine(quote!(let _ = #element;));
            code.places.push((element, part.clone()));
            code.pure = false;
            code.expression = false;
            op.kind = OpKind::Inactive(code);
            op.results.clear();
        }
        op.kind.regions_mut().into_iter().for_each(|inner| replace(inner, unread, elements));
    }
    if let End::Branch(_, then, other) = &mut region.end {
        replace(then, unread, elements);
        replace(other, unread, elements);
    }
}
