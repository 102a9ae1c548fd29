//! Methods that move the elements of an array: `sort_by` and its kin, `reverse`, `rotate_left`, `rotate_right`, `copy_within`.
//!
//! A derivative goes where its element goes. What a sort decides is none of our business: the user's own call sorts a copy,
//! and which element is where then is told by their bits (`order` in the runtime). Of elements with the same bits the first
//! stays the first. That is what a stable sort does with them, for nothing that compares can tell them apart, and an
//! unstable one may do anything with them. Other methods move elements whatever they are, by their indices.

use super::Lowerer;
use super::effects::{Effect, Effects};
use super::exits::Scan;
use super::flat::{self, Flat};
use super::opaque::{Fate, Opaque};
use super::question;
use super::scope::State;
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Inactive, Init, OpKind, Part, Ty};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprMethodCall, parse_quote};

/// Methods that sort.
const SORTS: &[&str] = &[
    "sort_by",
    "sort_unstable_by",
    "sort_by_key",
    "sort_unstable_by_key",
    "sort_by_cached_key",
    "select_nth_unstable_by",
    "select_nth_unstable_by_key",
];

impl Lowerer<'_> {
    /// A statement that is one of these calls.
    pub(super) fn rearrangement(&mut self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let sorts = SORTS.contains(&name.as_str());
        if name == "copy_within" {
            return self.copied_within(call);
        }
        if !sorts && !matches!(name.as_str(), "reverse" | "rotate_left" | "rotate_right") {
            return false;
        }
        let moved = self.attempt(|l| {
            let part = l.array_part(&call.receiver).filter(|part| l.writable(part))?;
            let rows = l.func.dims(&part).split_off(1);
            if l.func.holds_structs(&part) || !Dim::all_fixed(&rows) || (sorts && !rows.is_empty()) {
                return None;
            }
            let span = call.method.span();
            let list = l.hidden("list", State::Part(part.clone()));
            let n = State::Other { val: l.length(&part, span), indexable: false };
            let (k, n) = (l.unused_name("k"), l.hidden("n", n));
            let from = match (name.as_str(), call.args.first()) {
                ("reverse", None) => quote!(#n - 1 - #k),
                ("rotate_left" | "rotate_right", Some(by)) => {
                    let by = State::Other { val: l.index(by), indexable: false };
                    let by = l.hidden("by", by);
                    l.opaque_macro(&parse_quote!(::core::assert!(#by <= #n)));
                    if name == "rotate_left" { quote!((#k + #by) % #n) } else { quote!((#k + (#n - #by)) % #n) }
                }
                _ if sorts => {
                    let code = l.order_by(call, &list);
                    let val = l.define(OpKind::Inactive(code), Ty::Other, span);
                    let order = l.hidden("order", State::Other { val, indexable: true });
                    quote!(#order[#k])
                }
                _ => return None,
            };
            let dims = l.func.dims(&part);
            let before = l.allocate(Ident::new("before", Span::mixed_site()), dims, Init::Copy(part));
            let before = l.hidden("before", State::Part(Part::whole(before)));
            l.expression_statement(&parse_quote!(for #k in 0..#n { #list[#k] = #before[#from]; }));
            Some(())
        });
        moved.is_some()
    }

    /// `a.copy_within(i..j, k)`
    fn copied_within(&mut self, call: &ExprMethodCall) -> bool {
        let (Some(range @ Expr::Range(_)), Some(to), 2) = (call.args.first(), call.args.get(1), call.args.len()) else {
            return false;
        };
        let copied = self.attempt(|l| {
            let part = l.array_part(&call.receiver).filter(|part| l.writable(part))?;
            if l.func.holds_structs(&part) || !Dim::all_fixed(&l.func.dims(&part)[1..]) {
                return None;
            }
            let list = l.hidden("list", State::Part(part));
            let from = l.array_part(&parse_quote!(#list[#range]))?;
            let by = State::Other { val: l.index(to), indexable: false };
            let dims = l.func.dims(&from);
            let kept = Part::whole(l.allocate(Ident::new("kept", Span::mixed_site()), dims, Init::Copy(from)));
            let n = State::Other { val: l.length(&kept, call.method.span()), indexable: false };
            let (kept, n, by) = (l.hidden("kept", State::Part(kept)), l.hidden("n", n), l.hidden("by", by));
            l.expression_statement(&parse_quote!(#list[#by..#by + #n].copy_from_slice(&#kept[..])));
            Some(())
        });
        copied.is_some()
    }

    /// Whether what says in which order elements are changes something, and so may tell apart what has the same bits.
    fn remembers(&self, arg: &Expr) -> bool {
        let effects = Effects::of(arg, &self.func.width);
        let known = |name: &String| self.scopes.find(name).is_some();
        let named = self.closure_named(arg).map(|closure| self.scopes.closures[closure].lambda.effect);
        effects.changed.iter().any(known) || named == Some(Effect::Visible)
    }

    /// Where each element of `list` is to come from. What closures do besides comparing would lose a derivative.
    fn order_by(&mut self, call: &ExprMethodCall, list: &Ident) -> Inactive {
        let (sorted, method, args, runtime) = (self.unused_name("sorted"), &call.method, &call.args, &self.runtime);
        let order: Expr = parse_quote!({
            let mut #sorted = #list.to_vec();
            #sorted.#method(#args);
            #runtime::__private::order(&#list[..], &#sorted)
        });
        if let Some(arg) = args.iter().find(|arg| self.remembers(arg)) {
            self.error(Site::of(arg), message::order_with_state(method));
        }
        if let Some((span, message)) = Scan::expr(&order).in_opaque() {
            self.error(span, message);
        }
        let Flat { syntax, errors } = flat::expression(&self.scopes, &order);
        let mut opaque = Opaque::tokens(&self.scopes, &self.func.width, syntax.to_token_stream(), &Fate::Consumed);
        opaque.code.expression = true;
        opaque.errors.extend(errors);
        for arg in args.iter().filter(|arg| !question::looks(arg)) {
            let lost = Fate::Lost(Site::of(arg), message::lost_in_closure());
            opaque.losses.extend(Opaque::tokens(&self.scopes, &self.func.width, arg.to_token_stream(), &lost).losses);
        }
        let found = opaque.found();
        self.checked_code(found)
    }
}
