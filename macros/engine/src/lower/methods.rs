//! What methods do to what they are called on, by their names: those of the standard library are known.

use super::call::without_parentheses;
use super::{applied, iterate};
use crate::rules::derivative as table;
use syn::Expr;

/// Methods that change what they are called on.
const CHANGING: &[&str] = &[
    "push",
    "push_back",
    "push_front",
    "pop",
    "pop_back",
    "pop_front",
    "insert",
    "remove",
    "swap_remove",
    "clear",
    "truncate",
    "resize",
    "extend",
    "extend_from_slice",
    "append",
    "drain",
    "retain",
    "dedup",
    "swap",
    "reverse",
    "fill",
    "fill_with",
    "copy_from_slice",
    "clone_from_slice",
    "copy_within",
    "clone_from",
    "rotate_left",
    "rotate_right",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_by_cached_key",
    "sort_unstable",
    "sort_unstable_by",
    "sort_unstable_by_key",
    "entry",
    "next",
    "next_back",
    "nth",
    "by_ref",
    "take",
    "replace",
    "get_or_insert",
    "get_or_insert_with",
];

/// Methods through whose results nothing can be changed.
pub(super) const SHARED: &[&str] = &[
    "iter",
    "windows",
    "chunks",
    "chunks_exact",
    "rchunks",
    "rchunks_exact",
    "len",
    "is_empty",
    "clone",
    "to_vec",
    "to_owned",
];

/// Methods that look only, beside those of numbers and iterators.
const LOOKING: &[&str] = &[
    "all",
    "any",
    "as_deref",
    "as_ref",
    "as_slice",
    "clone",
    "contains",
    "contains_key",
    "count",
    "expect",
    "first",
    "get",
    "is_none",
    "is_some",
    "keys",
    "last",
    "map_or",
    "max_by",
    "min_by",
    "position",
    "reduce",
    "split_at",
    "to_owned",
    "to_vec",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "values",
];

/// Whether a method changes what it is called on.
pub(super) fn changing(method: &str) -> bool {
    method.ends_with("_mut") || CHANGING.contains(&method)
}

/// Whether a method is one of numbers that computes, or answers something about them.
pub(super) fn numeric(name: &str) -> bool {
    table::method(name).is_some() || table::INACTIVE_METHODS.contains(&name) || applied::PURE_METHODS.contains(&name)
}

/// Whether a method changes nothing by itself: what is given to it may.
pub(super) fn looks_only(call: &syn::ExprMethodCall, name: &str) -> bool {
    // Of a chain, or of an `Option` that is a variable.
    let taken = name == "take" && matches!(without_parentheses(&call.receiver), Expr::MethodCall(_) | Expr::Range(_));
    let known = iterate::ADAPTERS.contains(&name) || iterate::ENDS.contains(&name) || LOOKING.contains(&name);
    taken || (known && !changing(name))
}
