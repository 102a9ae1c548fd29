//! Methods and functions in code that no derivative flows through: what they do with the numbers that they are given. A few
//! are known to compute only, or to decide; everything else loses a derivative and may have effects.

use super::call::{OF_STD, callable, without_parentheses};
use super::exits::is_compound;
use super::mention::ident_of;
use super::opaque::{Fate, Opaque};
use super::scope::State;
use super::syntax::path_of;
use super::{associated, discrete, iterate, question, size};
use crate::diagnostics::{Site, message};
use crate::rules::derivative as table;
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::Expr;

/// Methods without side effects on numbers and slices.
pub(super) const PURE_METHODS: &[&str] = &[
    "len",
    "nrows",
    "ncols",
    "is_empty",
    "abs",
    "min",
    "max",
    "pow",
    "abs_diff",
    "rem_euclid",
    "div_euclid",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_sub",
    "saturating_add",
    "saturating_mul",
    "div_ceil",
    "is_multiple_of",
];

/// Methods of a list that make a copy of it.
const COPYING: &[&str] = &["clone", "to_vec", "to_owned"];

impl Opaque<'_> {
    pub(super) fn method(&mut self, call: &syn::ExprMethodCall, fate: &Fate) {
        if question::is_one(call) {
            self.code.pure = false;
            return self.scan(call.to_token_stream(), &Fate::Consumed);
        }
        // Whether an element is there is no number.
        if let Expr::MethodCall(inner) = without_parentheses(&call.receiver)
            && (call.method == "is_some" || call.method == "is_none")
            && ["first", "last", "get"].iter().any(|name| inner.method == name)
            && iterator(inner).is_none()
        {
            self.code.pure = false;
            self.visit(&inner.receiver, &Fate::Consumed);
            return inner.args.iter().for_each(|arg| self.visit(arg, &Fate::Consumed));
        }
        if let Some(start) = iterator(call).filter(|_| !question::follows_one(call)) {
            // What its closures do with the elements is no further mistake.
            self.code.pure = false;
            self.construct = "an iterator";
            let start = iterate::unfollowed(call).unwrap_or(start);
            let lost = Fate::Lost(Site::of(start), message::lost_in_iterator(start));
            return self.chain(call, &lost);
        }
        let name = call.method.to_string();
        let numeric =
            associated::method(&name, self.width).is_some() || table::INACTIVE_METHODS.contains(&name.as_str());
        let size = name == "is_empty" || size::METHODS.contains(&name.as_str());
        let taken_out = associated::takes_out(&call.method) && associated::is_conversion(&call.receiver, self.width);
        let pure = numeric || taken_out || PURE_METHODS.contains(&name.as_str());
        if !pure || self.is_own(&call.receiver) {
            self.code.pure = false;
        }
        // A copy of an array is followed: it is lost where something else is done with that.
        let of = copied(&call.receiver);
        let copied = path_of(of).is_some_and(|name| matches!(self.scopes.state(&name), Some(State::Part(_))));
        let receiver = if copied { of } else { &*call.receiver };
        let lost = Fate::Lost(Site::of(&call.method), self.lost_in_method_of(receiver, &name));
        // What is taken out of an `Option` goes where the `Option` goes.
        let passes =
            matches!(name.as_str(), "then_some" | "unwrap" | "expect" | "unwrap_or") || discrete::is_conversion(call);
        let consumed = matches!(fate, Fate::Consumed) && (numeric || passes);
        // `(lo..hi).contains(&x)` is a comparison.
        let within = name == "contains" && matches!(without_parentheses(&call.receiver), Expr::Range(_));
        let of_ordering = matches!(name.as_str(), "is_lt" | "is_le" | "is_gt" | "is_ge" | "is_eq" | "is_ne");
        // Of a number, not of something that is given one.
        let of_num = matches!(name.as_str(), "is_zero" | "is_one") && call.args.is_empty();
        let predicate = within || of_num || of_ordering || table::INACTIVE_METHODS.contains(&name.as_str());
        // Through a method with a derivative it goes on to where it is lost.
        let decides = predicate || self.is_rounded(call) || question::asks_option(call);
        let fate = if size || consumed || decides {
            &Fate::Consumed
        } else if numeric {
            fate
        } else {
            &lost
        };
        let arrays = self.arrays;
        let outer = self.to_integer;
        self.to_integer |= discrete::is_conversion(call);
        self.visit(receiver, fate);
        self.to_integer = outer;
        if size {
            // How many there are is no number among them.
            self.arrays = arrays;
        }
        for arg in &call.args {
            if question::chooses(call, arg) {
                self.code.pure = false;
                self.scan(arg.to_token_stream(), &Fate::Consumed);
            } else {
                self.visit(arg, fate);
            }
        }
        if let Some(turbofish) = &call.turbofish {
            self.scan(turbofish.to_token_stream(), fate);
        }
    }

    /// Whether an expression is a variable of a type of the user's: what its methods do is not told by their names.
    fn is_own(&self, expr: &Expr) -> bool {
        let named = ident_of(without_parentheses(expr)).and_then(|name| self.scopes.find(&name.to_string()));
        named.is_some_and(|id| self.scopes.vars[id].own)
    }

    /// An iterator, method by method: how long an array is, is no number that goes through it.
    fn chain(&mut self, call: &syn::ExprMethodCall, lost: &Fate) {
        match &*call.receiver {
            Expr::MethodCall(receiver) => self.chain(receiver, lost),
            receiver => self.scan(receiver.to_token_stream(), lost),
        }
        for arg in &call.args {
            match arg {
                Expr::MethodCall(of) if iterator(of).is_none() => self.visit(arg, lost),
                arg if question::chooses(call, arg) => {
                    self.code.pure = false;
                    self.scan(arg.to_token_stream(), &Fate::Consumed);
                }
                arg => self.scan(arg.to_token_stream(), lost),
            }
        }
        if let Some(turbofish) = &call.turbofish {
            self.scan(turbofish.to_token_stream(), lost);
        }
    }

    fn lost_in_method_of(&self, receiver: &Expr, name: &str) -> String {
        let ident = path_of(receiver).unwrap_or_default();
        match (self.scopes.state(&ident), name) {
            (Some(State::Part(_)), _) if self.scopes.struct_named(receiver) => message::lost_in_struct_method(name),
            (Some(State::Part(_)), _) => message::lost_in_array_method(name),
            (_, "then_some") => message::lost_in_value("an `Option`"),
            (_, "push" | "push_back" | "insert" | "extend") => message::lost_in_value("a collection"),
            (_, name) if rejected(name).is_none() && !OF_STD.contains(&name) && !name.starts_with("to_") => {
                // It may be one of a trait of the user's.
                message::lost_in_method(name)
            }
            _ => lost_in_method(name),
        }
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall, fate: &Fate) {
        let path = path_of(&call.func).unwrap_or_default();
        if path.ends_with(size::OF_THE_RUNTIME) {
            return call.args.iter().for_each(|arg| self.visit(arg, fate));
        }
        let last = path.rsplit("::").next().unwrap_or_default();
        let float_path = associated::of_float(&call.func, self.width);
        let constant = self.width.main().is_generic() && associated::is_constant(&Expr::Call(call.clone()), self.width);
        let conversion =
            self.width.main().is_generic() && associated::is_conversion(&Expr::Call(call.clone()), self.width);
        let stop = last == "stop_gradient";
        let known = associated::primitive(&call.func, self.width).is_some()
            || (float_path && (table::method(last).is_some() || last == "from"));
        let known = known || constant || conversion;
        let predicate = float_path && table::INACTIVE_METHODS.contains(&last);
        if !(stop || known || predicate) {
            self.code.pure = false;
            match &*call.func {
                Expr::Path(p) if p.path.get_ident().is_none() => {}
                func => self.visit(func, fate),
            }
        }
        let local = self.scopes.state(&path);
        let decides = matches!(local, Some(State::Closure(closure)) if self.scopes.closures[*closure].decides);
        let plain = local.is_none() && callable(&path) && call.args.iter().all(|arg| self.only_looked_at(arg));
        let consumed = stop || predicate || ((known || decides || plain) && matches!(fate, Fate::Consumed));
        let of_trait = match &*call.func {
            Expr::Path(p) if p.qself.as_ref().is_some_and(|q| q.position > 0) => p.path.segments.last(),
            _ => None,
        };
        let text = match (local, float_path) {
            (Some(State::Closure(_)), _) => message::closure_without_float(&path),
            (Some(_), _) => message::local_callee(&path),
            _ if of_trait.is_some() => {
                message::lost_in_trait(of_trait.map(|s| s.ident.to_string()).unwrap_or_default())
            }
            _ if path.is_empty() => message::local_callee(call.func.to_token_stream()),
            _ if last.starts_with(char::is_uppercase) => message::lost_in_value(format!("`{path}(…)`")),
            _ if conversion => message::lost_in_conversion(&path),
            (_, true) => lost_in_method(last),
            _ => message::lost_in_call(&path),
        };
        let lost = Fate::Lost(Site::of(&call.func), text);
        let fate = if consumed { &Fate::Consumed } else { &lost };
        call.args.iter().for_each(|arg| self.visit(arg, fate));
    }

    /// Whether a function that is given this can do nothing with it but compute: a number, or a shared reference to an
    /// array. Anything else may be a place where it keeps a number that comes out again.
    pub(super) fn only_looked_at(&self, arg: &Expr) -> bool {
        let state = |e: &Expr| ident_of(e).and_then(|ident| self.scopes.find(&ident.to_string()));
        match arg {
            Expr::Lit(_) => true,
            Expr::Paren(e) => self.only_looked_at(&e.expr),
            Expr::Group(e) => self.only_looked_at(&e.expr),
            Expr::Reference(e) => e.mutability.is_none() && self.only_looked_at(&e.expr),
            Expr::Unary(e) => self.only_looked_at(&e.expr),
            Expr::Binary(e) => !is_compound(&e.op) && self.only_looked_at(&e.left) && self.only_looked_at(&e.right),
            Expr::Cast(e) => self.only_looked_at(&e.expr),
            Expr::Index(e) => self.only_looked_at(&e.expr),
            Expr::Path(_) => state(arg).is_some_and(|id| match &self.scopes.vars[id].state {
                State::Float(_) => true,
                State::Part(part) => !self.scopes.vars[id].reference || self.scopes.shared.contains(&part.place),
                _ => false,
            }),
            _ => false,
        }
    }
}

/// What an expression is a copy of.
fn copied(expr: &Expr) -> &Expr {
    match without_parentheses(expr) {
        Expr::MethodCall(call) if call.args.is_empty() && COPYING.iter().any(|name| call.method == name) => {
            copied(&call.receiver)
        }
        other => other,
    }
}

fn lost_in_method(name: &str) -> String {
    rejected(name).map_or_else(|| message::lost_in_call(name), |why| message::rejected_method(name, why))
}

/// Why a method of floats has no derivative, if it is known that it has none.
fn rejected(name: &str) -> Option<&'static str> {
    table::REJECTED_METHODS.iter().find(|(rejected, _)| *rejected == name).map(|(_, why)| *why)
}

/// Where a chain of methods starts to iterate.
pub(super) fn iterator(call: &syn::ExprMethodCall) -> Option<&Ident> {
    let mut call = call;
    loop {
        let name = call.method.to_string();
        if matches!(
            name.as_str(),
            "iter"
                | "iter_mut"
                | "into_iter"
                | "windows"
                | "chunks"
                | "chunks_mut"
                | "chunks_exact"
                | "chunks_exact_mut"
                | "rchunks"
                | "rchunks_mut"
                | "rchunks_exact"
                | "rchunks_exact_mut"
        ) {
            return Some(&call.method);
        }
        let Expr::MethodCall(receiver) = &*call.receiver else { return None };
        call = receiver;
    }
}
