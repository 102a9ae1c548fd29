//! What may run once only, because running it again has another effect or another result. Input: a function. Output: where
//! it has such a thing. Pure code may run again; so may an assertion.

use super::sums::each_op;
use crate::ir::{Func, Header, Inactive, OpKind, Storage};
use proc_macro2::Span;

/// The first thing that runs once.
#[must_use]
pub fn runs_once(func: &Func) -> Option<Span> {
    let lent = func.places.iter().find(|place| place.storage == Storage::InOut).map(|place| place.name.span());
    lent.or_else(|| effect(func))
}

/// Whether it has such a thing, beside what it does to buffers of the caller's.
#[must_use]
pub fn has_effects(func: &Func) -> bool {
    effect(func).is_some()
}

fn effect(func: &Func) -> Option<Span> {
    let mut found = None;
    each_op(&func.body, &mut |op| {
        let once = match &op.kind {
            OpKind::Inactive(code) => !may_run_again(code),
            OpKind::Loop(l) => matches!(&l.header, Header::Iterator { code, .. } if !code.pure),
            // What is called says so itself.
            _ => false,
        };
        if once {
            found.get_or_insert(op.span);
        }
    });
    found
}

/// A call of a function that returns a number: its gradient does not say whether it may run again.
#[must_use]
pub fn calls_for_gradient(func: &Func) -> Option<Span> {
    let mut found = None;
    each_op(&func.body, &mut |op| {
        if let OpKind::Call(call) = &op.kind
            && call.is_number()
        {
            found.get_or_insert(op.span);
        }
    });
    found
}

/// Macros of `std` that only look.
const ASSERTIONS: &[&str] = &["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne"];

fn may_run_again(code: &Inactive) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    let (name, bang) = (tokens.next(), tokens.next());
    let is_assertion = name.is_some_and(|name| ASSERTIONS.contains(&name.to_string().as_str()));
    code.pure || (is_assertion && bang.is_some_and(|bang| bang.to_string() == "!"))
}
