//! What is matched: read again where that is a place, kept in a variable where it is not, taken member by member where it
//! is a tuple. And what patterns bind of it, as `let`s.

use super::Lowerer;
use super::called::Called;
use super::effects::{Effect, Effects};
use super::expression::Value;
use super::flat;
use super::matching::Case;
use super::methods;
use super::opaque::{Fate, Opaque};
use super::optional::Optional;
use super::pattern::{self, bound, irrefutable, mentions, stripped, unwrapped};
use super::rename::Binding;
use super::scope::State;
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, Inactive, OpKind, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned as _;
use syn::{Block, Expr, ExprMatch, Pat, Stmt, parse_quote};

/// What is matched.
pub(super) enum Subject {
    /// The user's code, which may be evaluated once more.
    Code(Expr),
    /// A number that the engine follows, under a name.
    Followed(Ident),
    /// The same of an array.
    Array(Ident),
    /// Member by member.
    Tuple(Vec<Subject>),
    /// Something that may not be there.
    Optional(Optional),
    /// What a call returned, that may have a number.
    Called(Called),
}

/// Whether patterns only ask whether something is there, and name it.
pub(super) fn of_optional(cases: &[Case<'_>]) -> bool {
    cases.iter().all(|case| asks(case.pat, case.guard))
}

/// Whether a pattern only asks whether something is there, and names it, for what follows the guard.
fn asks(pat: &Pat, guard: Option<&Expr>) -> bool {
    let named = |b: &pattern::Bound| guard.is_some_and(|guard| mentions(guard.to_token_stream(), &b.name.to_string()));
    let asks = match unwrapped(pat) {
        Pat::TupleStruct(_) => there(pat).is_some_and(|pat| irrefutable(pat) || elements_of_array(pat)),
        Pat::Path(p) => p.path.segments.last().is_some_and(|last| last.ident == "None"),
        Pat::Ident(p) => p.ident == "None",
        Pat::Wild(_) => true,
        _ => false,
    };
    asks && !bound(pat).iter().any(named)
}

/// Whether a pattern names the elements of an array, and fits if that has as many by its type.
fn elements_of_array(pat: &Pat) -> bool {
    match unwrapped(pat) {
        Pat::Reference(p) => elements_of_array(&p.pat),
        Pat::Slice(p) => p.elems.iter().all(irrefutable),
        _ => false,
    }
}

/// Whether patterns only ask whether a call has a number, and name it or the error.
fn of_called(cases: &[Case<'_>]) -> bool {
    let asks = |case: &Case<'_>| {
        let named =
            |b: &pattern::Bound| case.guard.is_some_and(|guard| mentions(guard.to_token_stream(), &b.name.to_string()));
        match there_or_fine(case.pat) {
            Some(number) => irrefutable(number) && !bound(number).iter().any(named),
            None => !matches!(unwrapped(case.pat), Pat::Ident(_) | Pat::Or(_)),
        }
    };
    cases.iter().all(asks) && cases.iter().any(|case| there_or_fine(case.pat).is_some())
}

/// `p` of `Some(p)`.
pub(super) fn there(pat: &Pat) -> Option<&Pat> {
    of_variant(pat, &["Some"])
}

/// `p` of `Some(p)` and of `Ok(p)`.
pub(super) fn there_or_fine(pat: &Pat) -> Option<&Pat> {
    of_variant(pat, &["Some", "Ok"])
}

/// What is in a variant of one of these names.
fn of_variant<'p>(pat: &'p Pat, names: &[&str]) -> Option<&'p Pat> {
    match unwrapped(pat) {
        Pat::TupleStruct(p) if p.elems.len() == 1 => {
            let variant = &p.path.segments.last()?.ident;
            p.elems.first().filter(|_| names.iter().any(|name| variant == name))
        }
        _ => None,
    }
}

impl Lowerer<'_> {
    /// What is matched, if patterns only ask whether it is there.
    pub(super) fn optional_subject(&mut self, expr: &Expr, cases: &[Case<'_>]) -> Option<Subject> {
        if cases.iter().any(|case| pattern::of_enum(case.pat)) {
            self.scopes.is_enum(expr);
        }
        let called = if of_called(cases) { self.asked(expr).map(Subject::Called) } else { None };
        let pats: Vec<&Pat> = cases.iter().map(|case| case.pat).collect();
        called.or_else(|| if of_optional(cases) { self.asked_for(expr, &pats) } else { None })
    }

    /// `{ let mut held = c.borrow(); match held.first() { … } }`: what the subject borrows from lives as long as the `match`.
    pub(super) fn with_held(&mut self, e: &ExprMatch) -> Option<Expr> {
        let (mut e, mut stmts) = (e.clone(), Vec::new());
        self.hold(&mut e.expr, &mut stmts);
        (!stmts.is_empty()).then(|| parse_quote!({ #(#stmts)* #e }))
    }

    fn hold(&mut self, expr: &mut Expr, stmts: &mut Vec<Stmt>) {
        let base = match expr {
            Expr::MethodCall(e) => &mut *e.receiver,
            Expr::Field(e) => &mut *e.base,
            Expr::Index(e) => &mut *e.expr,
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => &mut *e.expr,
            Expr::Reference(e) => &mut *e.expr,
            Expr::Paren(e) => return self.hold(&mut e.expr, stmts),
            _ => return,
        };
        let made = makes(base) && !self.mentions_float(base);
        self.hold(base, stmts);
        if made {
            let name = self.unused_name("held");
            stmts.push(parse_quote!(let mut #name = #base;));
            *base = parse_quote!(#name);
        }
    }

    /// Something that may not be there, of which these are the patterns.
    fn asked_for(&mut self, expr: &Expr, pats: &[&Pat]) -> Option<Subject> {
        let elements = pats.iter().any(|pat| there(pat).is_some_and(elements_of_array));
        if !elements {
            return self.optional(expr).map(Subject::Optional);
        }
        self.attempt(|l| {
            let found = l.optional(expr)?;
            let fixed = l.trial(|l| match l.expr(&found.inner) {
                Value::Part { part, .. } => matches!(l.func.dims(&part).first(), Some(Dim::Fixed(_))),
                _ => false,
            });
            fixed.then_some(Subject::Optional(found))
        })
    }

    /// What is matched, of which these are the patterns. With `binds`, they bind parts of it.
    pub(super) fn subject_of(&mut self, expr: &Expr, cases: &[Case<'_>], binds: bool) -> Subject {
        let Expr::Tuple(e) = expr else { return self.subject(expr, binds) };
        // Whatever has a name for all of it gets it as it is.
        let apart = |case: &Case<'_>| match unwrapped(case.pat) {
            Pat::Tuple(t) => t.elems.len() == e.elems.len(),
            pat => matches!(pat, Pat::Wild(_)),
        };
        if !self.mentions_float(expr) || e.elems.is_empty() || !cases.iter().all(apart) {
            return self.subject(expr, binds);
        }
        // What is there is read in the arms, when all members have been evaluated; what was popped is kept.
        let pops = e.elems.iter().take_while(|elem| self.is_pop(elem)).count();
        let still = |elem: &Expr| Effects::of(elem, &self.func.width).effect() == Effect::No;
        if !e.elems.iter().skip(pops).all(still) {
            return self.subject(expr, binds);
        }
        let members = e.elems.iter().enumerate().map(|(k, elem)| {
            let each = cases.iter().map(|case| match unwrapped(case.pat) {
                Pat::Tuple(t) if t.elems.len() == e.elems.len() => t.elems.get(k),
                _ => None,
            });
            let pats: Vec<Option<&Pat>> = each.collect();
            let all = cases.iter().zip(&pats).all(|(case, pat)| pat.is_none_or(|pat| asks(pat, case.guard)));
            let pats: Vec<&Pat> = pats.into_iter().flatten().collect();
            let found = if all { self.attempt(|l| l.asked_for(elem, &pats)) } else { None };
            found.unwrap_or_else(|| self.subject(elem, binds))
        });
        Subject::Tuple(members.collect())
    }

    fn is_pop(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::MethodCall(call) if call.method == "pop" && self.local_list(&call.receiver).is_some())
    }

    /// What is matched. With `binds`, patterns bind parts of it.
    pub(super) fn subject(&mut self, expr: &Expr, binds: bool) -> Subject {
        match expr {
            Expr::Paren(e) => return self.subject(&e.expr, binds),
            Expr::Tuple(e) if self.mentions_float(expr) && !e.elems.is_empty() => {
                return Subject::Tuple(e.elems.iter().map(|e| self.subject(e, binds)).collect());
            }
            _ => {}
        }
        let first_new = self.func.vals.len();
        match self.expr(expr) {
            // Member by member, or as a struct of its members.
            value @ Value::Aggregate(_) => {
                let name = self.unused_name("matched");
                self.bind_value(&name, None, value, false, first_new);
                let whole: Expr = parse_quote!(#name);
                let members = flat::expression(&self.scopes, &whole).syntax.into_owned();
                return match unparenthesised(&members) {
                    Expr::Tuple(_) => self.subject(&members, binds),
                    _ => Subject::Code(members),
                };
            }
            Value::Float(val) => return Subject::Followed(self.hidden("matched", State::Float(val))),
            Value::Part { part, reference } => {
                let (name, exclusive) = (self.hidden("matched", State::Part(part)), self.is_exclusive(expr));
                if let Some(id) = self.scopes.find(&name.to_string()) {
                    self.scopes.vars[id].reference = reference;
                    self.scopes.vars[id].exclusive = exclusive;
                }
                return Subject::Array(name);
            }
            Value::Opaque | Value::Inactive(_) => {}
        }
        if again(expr) || (!binds && self.pure(expr)) {
            return Subject::Code(expr.clone());
        }
        let fate = if binds { Fate::Lost(Site::of(expr), message::lost_in_match()) } else { Fate::Consumed };
        let code = self.opaque(expr, &fate);
        let name = self.data_in_variable("matched", code, expr.span());
        Subject::Code(parse_quote!(#name))
    }

    /// Code that is evaluated here, and once, with a name for what it comes to.
    pub(super) fn data_in_variable(&mut self, stem: &str, mut code: Inactive, span: Span) -> Ident {
        let mut name = Ident::new(stem, Span::mixed_site());
        if let Some(new) = self.bind_name(&name, Binding::Value) {
            name = new;
        }
        code.pure = false;
        code.pattern = Some(quote!(#name));
        let val = self.define(OpKind::Inactive(code), Ty::Other, span);
        self.func.vals[val.0 as usize].name = Some(name);
        self.hidden(stem, State::Other { val, indexable: false })
    }

    fn pure(&self, expr: &Expr) -> bool {
        Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).code.pure
    }
}

impl Subject {
    /// As it stands in a `match`.
    pub(super) fn tokens(&self) -> TokenStream {
        match self {
            Subject::Code(expr) => expr.to_token_stream(),
            Subject::Followed(name) | Subject::Array(name) => name.to_token_stream(),
            Subject::Tuple(members) => {
                let members = members.iter().map(|member| match member {
                    // It stays where it is.
                    Subject::Array(name) => quote!(&#name),
                    member => member.tokens(),
                });
                quote!((#(#members,)*))
            }
            Subject::Optional(Optional { some, .. }) => quote!(#some.then_some(())),
            Subject::Called(Called { result, .. }) => quote!(#result),
        }
    }

    pub(super) fn each(&self, f: &mut impl FnMut(&Expr)) {
        match self {
            Subject::Code(expr) => f(expr),
            Subject::Followed(name) | Subject::Array(name) => f(&parse_quote!(#name)),
            Subject::Tuple(members) => members.iter().for_each(|member| member.each(f)),
            Subject::Optional(Optional { some, .. }) => f(&parse_quote!(#some)),
            Subject::Called(Called { result, .. }) => f(&parse_quote!(#result)),
        }
    }
}

/// Whether an expression is a place, or a shared reference to one: it can be read again, and nothing is moved by that.
pub(super) fn again(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Paren(e) => again(&e.expr),
        Expr::Field(e) => again(&e.base),
        Expr::Index(e) => again(&e.expr) && still(&e.index),
        Expr::Unary(e) => matches!(e.op, syn::UnOp::Deref(_)) && again(&e.expr),
        Expr::Reference(e) => e.mutability.is_none() && again(&e.expr),
        _ => false,
    }
}

/// Whether an expression makes something that others may borrow from, as far as is known: not only looks at what there is.
fn makes(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(e) => {
            let name = e.method.to_string();
            let looks = methods::numeric(&name) || methods::looks_only(e, &name);
            !looks || makes(&e.receiver)
        }
        Expr::Call(_) | Expr::Struct(_) => true,
        Expr::Paren(e) => makes(&e.expr),
        _ => false,
    }
}

/// Whether an index has the same value once more.
fn still(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(e) => !super::exits::is_compound(&e.op) && still(&e.left) && still(&e.right),
        Expr::Cast(e) => still(&e.expr),
        Expr::Range(e) => e.start.iter().chain(&e.end).all(|bound| still(bound)),
        other => again(other),
    }
}

fn unparenthesised(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => unparenthesised(&e.expr),
        Expr::Reference(e) => unparenthesised(&e.expr),
        other => other,
    }
}

/// A block that begins with what a pattern binds, as far as the body mentions it.
pub(super) fn with_bindings(pat: &Pat, subject: &Subject, body: &[Stmt]) -> Block {
    let tokens = body.iter().map(ToTokens::to_token_stream).collect::<TokenStream>();
    let mut stmts = with_bindings_of(pat, subject, &|name| mentions(tokens.clone(), name));
    stmts.extend_from_slice(body);
    Block { brace_token: syn::token::Brace::default(), stmts }
}

/// `let`s for what a pattern binds, of the names that are wanted.
pub(super) fn with_bindings_of(pat: &Pat, subject: &Subject, wanted: &dyn Fn(&str) -> bool) -> Vec<Stmt> {
    let by_name = wanted;
    let wanted = |name: &Ident| by_name(&name.to_string());
    if !bound(pat).iter().any(|b| wanted(&b.name)) {
        return Vec::new();
    }
    match (subject, unwrapped(pat)) {
        (Subject::Tuple(members), Pat::Tuple(t)) if t.elems.len() == members.len() => {
            let pairs = t.elems.iter().zip(members);
            pairs.flat_map(|(pat, member)| with_bindings_of(pat, member, by_name)).collect()
        }
        (Subject::Tuple(_), _) => {
            let (pat, tokens) = (stripped(pat, &wanted), subject.tokens());
            if matches!(pat, Pat::Or(_)) {
                return vec![parse_quote!(let (#pat) = #tokens else { ::core::unreachable!("matched before") };)];
            }
            vec![parse_quote!(let #pat = #tokens;)]
        }
        (Subject::Optional(Optional { inner, .. }), pat) => match there(pat) {
            Some(pat) => vec![parse_quote!(let #pat = #inner;)],
            None => Vec::new(),
        },
        (Subject::Called(called), pat) => match called.number(pat) {
            Some((pat, number)) => vec![parse_quote!(let #pat = #number;)],
            None => {
                let result = &called.result;
                with_bindings_of(pat, &Subject::Code(parse_quote!(#result)), by_name)
            }
        },
        (Subject::Followed(name) | Subject::Array(name), Pat::Ident(p)) => {
            let (mutability, ident) = (&p.mutability, &p.ident);
            vec![parse_quote!(let #mutability #ident = #name;)]
        }
        (Subject::Followed(_) | Subject::Array(_), Pat::Reference(r)) => with_bindings_of(&r.pat, subject, by_name),
        (Subject::Array(name), Pat::Or(p)) => {
            bound(pat).iter().filter(|b| wanted(&b.name)).map(|b| of_alternatives(p, name, b)).collect()
        }
        (Subject::Followed(name) | Subject::Array(name), pat) => {
            let pat = stripped(pat, &wanted);
            if matches!(pat, Pat::Or(_)) {
                return vec![parse_quote!(let (#pat) = #name else { ::core::unreachable!("matched before") };)];
            }
            vec![parse_quote!(let #pat = #name;)]
        }
        (Subject::Code(code), pat) => {
            let pat = stripped(pat, &wanted);
            if irrefutable(&pat) {
                vec![parse_quote!(let #pat = #code;)]
            } else if matches!(pat, Pat::Or(_)) {
                vec![parse_quote!(let (#pat) = #code else { ::core::unreachable!("matched before") };)]
            } else {
                vec![parse_quote!(let #pat = #code else { ::core::unreachable!("matched before") };)]
            }
        }
    }
}

/// `let a = match list { [a] => a, [_, a] => a };`: what one name is in alternatives, of which one is known to fit.
fn of_alternatives(pat: &syn::PatOr, list: &Ident, wanted: &pattern::Bound) -> Stmt {
    let (name, mutability) = (&wanted.name, wanted.mutable.then(|| quote!(mut)));
    let only = |case: &Pat| pattern::without_mut(&stripped(case, &|other| other == name));
    let arms = pat.cases.iter().map(|case| {
        let case = only(case);
        quote!(#case => #name,)
    });
    parse_quote!(let #mutability #name = match #list { #(#arms)* };)
}

/// Whether a `let … else` is one of these: that the pattern fits is known before.
pub(super) fn matched_before(diverge: &Expr) -> bool {
    let known: Expr = parse_quote!({ ::core::unreachable!("matched before") });
    diverge.to_token_stream().to_string() == known.to_token_stream().to_string()
}
