//! What of a source is there with the features that are on. Input: a file, and the features. Output: the file without the items
//! under a `cfg` that does not hold; of what a `cfg` says beside features, nothing is known, and such an item stays.

use syn::{Attribute, ImplItem, Item, Meta, Token, punctuated::Punctuated};

/// Leaves out what is not there.
pub fn prune(items: &mut Vec<Item>, features: &[String]) {
    let here = |attributes: &[Attribute]| attributes.iter().all(|attribute| holds(attribute, features));
    items.retain(|item| match item {
        Item::Fn(item) => here(&item.attrs),
        Item::Impl(item) => here(&item.attrs),
        Item::Struct(item) => here(&item.attrs),
        Item::Mod(item) => here(&item.attrs),
        Item::Type(item) => here(&item.attrs),
        Item::Use(item) => here(&item.attrs),
        _ => true,
    });
    for item in items {
        match item {
            Item::Mod(module) => module.content.iter_mut().for_each(|(_, items)| prune(items, features)),
            Item::Impl(block) => block.items.retain(|item| match item {
                ImplItem::Fn(method) => here(&method.attrs),
                _ => true,
            }),
            _ => {}
        }
    }
}

/// Whether an attribute is no `cfg` that is known not to hold.
fn holds(attribute: &Attribute, features: &[String]) -> bool {
    let condition = attribute.path().is_ident("cfg").then(|| attribute.parse_args::<Meta>().ok()).flatten();
    condition.and_then(|meta| decided(&meta, features)).unwrap_or(true)
}

/// What is known of a condition.
fn decided(meta: &Meta, features: &[String]) -> Option<bool> {
    match meta {
        Meta::NameValue(pair) if pair.path.is_ident("feature") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) => Some(features.contains(&name.value())),
            _ => None,
        },
        Meta::List(list) => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            let inner: Vec<Option<bool>> = inner.iter().map(|meta| decided(meta, features)).collect();
            let known = |value| inner.contains(&Some(value));
            let all_are = |value| inner.iter().all(|found| *found == Some(value));
            if list.path.is_ident("not") {
                inner.first().copied().flatten().map(|value| !value)
            } else if list.path.is_ident("all") {
                if known(false) { Some(false) } else { all_are(true).then_some(true) }
            } else if list.path.is_ident("any") {
                if known(true) { Some(true) } else { all_are(false).then_some(false) }
            } else {
                None
            }
        }
        _ => None,
    }
}
