//! What may run once only, because running it again has another effect or another result. Input: a function. Output: where
//! it has such a thing. Pure code may run again; so may an assertion.

use super::sums::each_op;
use crate::ir::{Base, Call, Callee, Companion, Func, Header, Inactive, OpKind, Storage};
use crate::tokens::names;
use proc_macro2::Span;
use std::collections::HashSet;

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

/// A call in derivative code that does not ask the function whether it may run again: one that is called as it is, or a method for
/// its gradient.
#[must_use]
pub fn unasked(derivative: &Func) -> Option<Span> {
    let mut found = None;
    each_op(&derivative.body, &mut |op| {
        if let OpKind::Call(Call { companion, callee, .. }) = &op.kind {
            let asked = match companion {
                Companion::Along(_) => true,
                Companion::Gradient(_) => matches!(callee.base, Base::Module(_)),
                Companion::Value | Companion::Jvp(_) | Companion::Vjp(..) => false,
            };
            if !asked {
                found.get_or_insert(op.span);
            }
        }
    });
    found
}

/// What a function answers that is asked whether it may run again.
#[derive(Default)]
pub struct Repeated {
    /// It may not: it has something that runs once, or a call that cannot be asked.
    pub once: bool,
    /// The functions that it asks in turn.
    pub calls: Vec<Callee>,
}

/// The answer of a function, by its gradient.
#[must_use]
pub fn repeated(gradient: &Func) -> Repeated {
    let mut repeated = Repeated { once: has_effects(gradient) || unasked(gradient).is_some(), calls: Vec::new() };
    if repeated.once {
        return repeated;
    }
    let (mut known, locals) = (HashSet::new(), Locals::of(gradient));
    each_op(&gradient.body, &mut |op| {
        let OpKind::Call(Call { callee, .. }) = &op.kind else { return };
        if locals.has(callee) {
            repeated.once = true;
        } else if known.insert(callee.to_string()) {
            repeated.calls.push(callee.clone());
        }
    });
    repeated
}

/// The names that may belong to items of the body: outside of it, they are another's.
struct Locals {
    names: HashSet<String>,
    /// Whether it imports names that it does not say.
    all: bool,
}

impl Locals {
    fn of(func: &Func) -> Self {
        let mut locals = Locals { names: HashSet::new(), all: false };
        each_op(&func.body, &mut |op| {
            if let OpKind::Inactive(code) = &op.kind {
                let names: HashSet<String> = names(code.tokens.clone()).collect();
                locals.all |= names.contains("use") && code.tokens.to_string().contains('*');
                locals.names.extend(names);
            }
        });
        locals
    }

    fn has(&self, callee: &Callee) -> bool {
        let path = match &callee.base {
            Base::Module(path) | Base::Type(path) => path.clone(),
            Base::Receiver => return false,
        };
        let first = names(path).next().unwrap_or_else(|| callee.name.to_string());
        self.all || self.names.contains(&first)
    }
}

/// Macros of `std` that only look.
const ASSERTIONS: &[&str] = &["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne"];

fn may_run_again(code: &Inactive) -> bool {
    let mut tokens = code.tokens.clone().into_iter();
    let (name, bang) = (tokens.next(), tokens.next());
    let is_assertion = name.is_some_and(|name| ASSERTIONS.contains(&name.to_string().as_str()));
    code.pure || (is_assertion && bang.is_some_and(|bang| bang.to_string() == "!"))
}
