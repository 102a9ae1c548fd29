//! `match`, `if let`, `while let` and `let … else` become `if`.
//!
//! Which arm is taken is found once, by the user's own patterns and guards, as a condition or as the number of the arm.
//! What the pattern of an arm binds is bound at the arm's start, from the value that was matched: where that is a place,
//! or a shared reference to one, it is read again, else it is kept in a variable. Exhaustiveness is rustc's concern: the
//! function itself is compiled, too, so the last arm needs no condition.
//!
//! A number that derivatives flow through may be matched; what a pattern binds to it is the number. So may a tuple that
//! holds such numbers.

use super::Lowerer;
use super::control::Cont;
use super::exits::Scan;
use super::macros::Unseen;
use super::opaque::{Fate, Opaque};
use super::pattern::{self, bare, bound, mentions, unwrapped, wild, without_mut};
use super::rename::Binding;
use super::scope::State;
use super::subject::{Subject, matched_before, there, there_or_fine, with_bindings, with_bindings_of};
use crate::diagnostics::{Site, message};
use crate::ir::{End, Inactive, OpKind, Ty};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Block, Expr, ExprIf, ExprMatch, Local, Pat, Stmt, parse_quote};

/// Up to so many arms become a chain of `else if`; more are halved, so that nesting stays low.
const CHAIN: usize = 8;

/// What is matched against it.
pub(super) struct Case<'a> {
    pub(super) pat: &'a Pat,
    pub(super) guard: Option<&'a Expr>,
    /// What follows if it is taken.
    pub(super) body: Vec<Stmt>,
    /// Whether everything that the pattern binds is read later.
    pub(super) all: bool,
}

impl Case<'_> {
    fn pattern(&self, subject: &Subject) -> Pat {
        let asked = match subject {
            Subject::Optional(_) => there(self.pat).is_some(),
            Subject::Called(_) => there_or_fine(self.pat).is_some(),
            _ => false,
        };
        if let (true, Pat::TupleStruct(p)) = (asked, unwrapped(self.pat)) {
            let mut there = p.clone();
            there.elems = std::iter::once(wild()).collect();
            return Pat::TupleStruct(there);
        }
        let body: TokenStream = self.body.iter().map(ToTokens::to_token_stream).collect();
        fitting(bare(self.pat, self.guard, &|name| self.all || mentions(body.clone(), name)), subject)
    }
}

/// A pattern for what is followed: its name stands for the array or the number, and not for a reference to it.
fn fitting(pat: Pat, subject: &Subject) -> Pat {
    match (pat, subject) {
        (Pat::Paren(p), _) => fitting(*p.pat, subject),
        (Pat::Reference(p), Subject::Followed(_) | Subject::Array(_)) => fitting(*p.pat, subject),
        (Pat::Or(mut p), _) => {
            p.cases.iter_mut().for_each(|case| *case = fitting(case.clone(), subject));
            Pat::Or(p)
        }
        (Pat::TupleStruct(mut p), Subject::Optional(_)) => {
            p.elems = std::iter::once(wild()).collect();
            Pat::TupleStruct(p)
        }
        (Pat::Tuple(mut p), Subject::Tuple(members)) if p.elems.len() == members.len() => {
            for (elem, member) in p.elems.iter_mut().zip(members) {
                // Beside others, an array is behind a reference.
                if !matches!(member, Subject::Array(_)) {
                    *elem = fitting(elem.clone(), member);
                }
            }
            Pat::Tuple(p)
        }
        (pat, _) => pat,
    }
}

impl Lowerer<'_> {
    /// Whether an expression has to be followed: floats occur in it, or it assigns them, or may exit.
    pub(super) fn concerns(&self, expr: &Expr) -> bool {
        let scan = Scan::expr(expr);
        let float = |name: &Ident| {
            matches!(
                self.scopes.state(&name.to_string()),
                Some(
                    State::Float(_)
                        | State::Uninit
                        | State::Part(_)
                        | State::Element(_)
                        | State::Alias(_)
                        | State::Aggregate(_)
                )
            )
        };
        let member = |member: &Expr| self.scopes.variable(member).is_some();
        !scan.exits.is_empty()
            || scan.assigned.iter().any(float)
            || scan.members.iter().any(member)
            || self.mentions_float(expr)
    }

    /// Whether an expression is a `match`, or an `if` or `while` with patterns.
    pub(super) fn is_match(expr: &Expr) -> bool {
        match expr {
            Expr::Match(_) => true,
            Expr::If(e) => pattern::contains_let(&e.cond),
            _ => false,
        }
    }

    /// The `if` or the block that a `match` or an `if let` stands for. What decides is lowered here.
    pub(super) fn as_if(&mut self, expr: &Expr) -> Expr {
        match expr {
            Expr::Match(e) => match self.with_held(e) {
                Some(block) => block,
                None => self.match_as_if(e),
            },
            Expr::If(e) => match self.links_of_options(e) {
                Some(nested) => nested,
                None => Expr::If(self.if_let_as_if(e)),
            },
            other => other.clone(),
        }
    }

    /// `if` in `if`, for a chain without `else` of which a link asks whether a number is there that is followed.
    fn links_of_options(&mut self, e: &ExprIf) -> Option<Expr> {
        let links = links(&e.cond);
        let followed = |l: &mut Self, link: &Expr| match link {
            Expr::Let(asked) if there(&asked.pat).is_some() && l.mentions_float(&asked.expr) => {
                l.trial(|l| l.optional(&asked.expr).is_some())
            }
            _ => false,
        };
        if e.else_branch.is_some() || links.len() < 2 || !links.iter().any(|link| followed(self, link)) {
            return None;
        }
        let then = &e.then_branch;
        Some(links.iter().rev().fold(parse_quote!(#then), |inner: Expr, link| parse_quote!({ if #link { #inner } })))
    }

    fn match_as_if(&mut self, e: &ExprMatch) -> Expr {
        let of_option = self.guards_of_option(e);
        let e = of_option.as_ref().unwrap_or(e);
        let cases: Vec<Case<'_>> = e
            .arms
            .iter()
            .map(|arm| {
                let (pat, guard) = match &arm.pat {
                    Pat::Guard(p) => (&*p.pat, Some(&*p.guard)),
                    pat => (pat, None),
                };
                Case { pat, guard, body: body(&arm.body), all: false }
            })
            .collect();
        if let Some(case) = cases.iter().find(|case| pattern::bindings(case.pat).is_none()) {
            self.error(Site::of(case.pat), message::unsupported("a pattern like this"));
            return parse_quote!({ ::core::unreachable!() });
        }
        // The guard decides which alternative it is, too, if several fit.
        if let Some(case) = cases.iter().find(|case| case.guard.is_some() && pattern::may_fit_twice(case.pat)) {
            self.error(Site::of(case.pat), message::guarded_alternatives());
            return parse_quote!({ ::core::unreachable!() });
        }
        let binds = cases.iter().any(|case| !bound(case.pat).is_empty());
        if let Some(case) = cases.iter().find(|case| pattern::borrows_mutably(case.pat))
            && self.mentions_float(&e.expr)
        {
            self.error(Site::of(case.pat), message::mutable_borrow(e.expr.to_token_stream()));
            return parse_quote!({ ::core::unreachable!() });
        }
        let subject = match self.optional_subject(&e.expr, &cases) {
            Some(subject) => subject,
            None => self.subject_of(&e.expr, &cases, binds),
        };
        self.cases(&subject, &cases, e.match_token.span)
    }

    /// The arms, with what decides among them before.
    fn cases(&mut self, subject: &Subject, cases: &[Case<'_>], span: Span) -> Expr {
        let blocks: Vec<Block> = cases.iter().map(|case| with_bindings(case.pat, subject, &case.body)).collect();
        match (cases, blocks.as_slice()) {
            ([], _) => parse_quote!({ ::core::unreachable!() }),
            (_, [only]) => parse_quote!(#only),
            ([first, _], [then, other]) => {
                let cond = self.matches(subject, first, span);
                parse_quote!(if #cond #then else #other)
            }
            _ => {
                let arm = self.taken(subject, cases, span);
                chosen(&arm, 0, &blocks)
            }
        }
    }

    /// Whether a pattern fits.
    fn matches(&mut self, subject: &Subject, case: &Case<'_>, span: Span) -> Ident {
        let tokens = subject.tokens();
        let pat = case.pattern(subject);
        let guard = case.guard.map(|guard| quote!(if #guard));
        let tokens = match (&pat, subject, case.guard) {
            (Pat::Lit(lit), Subject::Code(code), None) if lit.to_token_stream().to_string() == "true" => {
                code.to_token_stream()
            }
            _ => quote!(::core::matches!(#tokens, #pat #guard)),
        };
        let cases = std::slice::from_ref(case);
        self.decision(tokens, subject, cases, ("fits", Ty::Bool), span)
    }

    /// The number of the arm that is taken.
    fn taken(&mut self, subject: &Subject, cases: &[Case<'_>], span: Span) -> Ident {
        let tokens = subject.tokens();
        let arms = cases.iter().enumerate().map(|(k, case)| {
            let number = Literal::usize_suffixed(k);
            let pat = case.pattern(subject);
            let guard = case.guard.map(|guard| quote!(if #guard));
            quote!(#pat #guard => #number,)
        });
        self.decision(quote!(match #tokens { #(#arms)* }), subject, cases, ("arm", Ty::Index), span)
    }

    /// A piece of the user's code that decides, as a variable.
    fn decision(
        &mut self,
        tokens: TokenStream,
        subject: &Subject,
        cases: &[Case<'_>],
        (name, ty): (&str, Ty),
        span: Span,
    ) -> Ident {
        let mut code = Inactive::engine(tokens);
        let mut unseen = Unseen::Nothing;
        subject.each(&mut |expr| unseen = unseen.max(self.part_of_decision(&mut code, expr, &[], &Fate::Consumed)));
        // What is matched may be gone when an arm has moved parts of it.
        let moved = matches!(subject, Subject::Code(Expr::Path(_) | Expr::Field(_)) | Subject::Called(_));
        code.pure &= !(moved && cases.iter().any(|case| !bound(case.pat).is_empty()));
        for case in cases {
            if let Some(guard) = case.guard {
                // A name that the pattern binds hides another one.
                code.pure = false;
                unseen = unseen.max(self.part_of_decision(&mut code, guard, &bound(case.pat), &Fate::Consumed));
            }
        }
        let hidden: Vec<pattern::Bound> = cases.iter().flat_map(|case| bound(case.pat)).collect();
        code.tokens = self.flat_tokens(code.tokens, &hidden);
        code.tokens = unseen.refused(&code.tokens);
        code.tokens = self.renamed(code.tokens);
        let val = self.define(OpKind::Inactive(code), ty, span);
        self.func.vals[val.0 as usize].name = Some(Ident::new(name, Span::mixed_site()));
        self.hidden(name, State::Other { val, indexable: false })
    }

    /// Adds what an expression reads, but for the names that are bound in the code itself. Returns what macros in
    /// it might do.
    fn part_of_decision(&mut self, code: &mut Inactive, expr: &Expr, bound: &[pattern::Bound], fate: &Fate) -> Unseen {
        if let Some(name) = self.changed_by(expr, bound) {
            self.error(Site::of(expr), message::changed_where_decided(name));
            return Unseen::Nothing;
        }
        let depth = self.scopes.depth();
        self.scopes.push();
        for b in bound {
            self.scopes.declare(&b.name, State::Inner, false);
        }
        let read = self.examined(expr, fate);
        let unseen = Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).unseen;
        self.scopes.pop_to(depth);
        code.pure &= read.pure;
        let new = |(name, _): &(Ident, _)| code.reads.iter().all(|(known, _)| known != name);
        let reads: Vec<_> = read.reads.into_iter().filter(new).collect();
        code.reads.extend(reads);
        let places: Vec<_> =
            read.places.into_iter().filter(|(name, _)| code.places.iter().all(|(known, _)| known != name)).collect();
        code.places.extend(places);
        unseen
    }

    /// A number or an array that an expression assigns to.
    fn changed_by(&self, expr: &Expr, bound: &[pattern::Bound]) -> Option<Ident> {
        let followed = |name: &Ident| {
            let state = self.scopes.state(&name.to_string());
            matches!(
                state,
                Some(State::Float(_) | State::Uninit | State::Part(_) | State::Element(_) | State::Alias(_))
            )
        };
        let inner = |name: &Ident| bound.iter().any(|b| b.name == *name);
        Scan::expr(expr).assigned.into_iter().find(|name| followed(name) && !inner(name))
    }

    /// A variable of the engine's, under a name that no code of the user's has.
    pub(super) fn hidden(&mut self, name: &str, state: State) -> Ident {
        let ident = self.unused_name(name);
        self.scopes.declare(&ident, state, false);
        ident
    }

    /// `if let`: one pattern as a `match`; a chain as the tuple of all that it binds, if all of it holds.
    fn if_let_as_if(&mut self, e: &ExprIf) -> ExprIf {
        let span = e.if_token.span;
        let mut cond = &*e.cond;
        while let Expr::Paren(p) = cond {
            cond = &p.expr;
        }
        let other: Option<Expr> = e.else_branch.as_ref().map(|(_, other)| (**other).clone());
        let (fits, then) = if let Expr::Let(l) = cond {
            let apart = self.conversions_apart(&l.pat, &l.expr);
            let (pat, expr) = apart.as_ref().map_or((&*l.pat, &*l.expr), |(pat, expr)| (pat, expr));
            let case = Case { pat, guard: None, body: e.then_branch.stmts.clone(), all: false };
            let subject = match self.optional_subject(expr, std::slice::from_ref(&case)) {
                Some(subject) => subject,
                None => self.subject_of(expr, std::slice::from_ref(&case), !bound(pat).is_empty()),
            };
            let then = with_bindings(pat, &subject, &case.body);
            (self.matches(&subject, &case, span), then)
        } else {
            self.chain(cond, &e.then_branch, span)
        };
        match other {
            Some(other) => parse_quote!(if #fits #then else #other),
            None => parse_quote!(if #fits #then),
        }
    }

    /// `let A(a) = x && a > 0 && let B(b) = y`
    fn chain(&mut self, cond: &Expr, then: &Block, span: Span) -> (Ident, Block) {
        let links = links(cond);
        let mut names: Vec<pattern::Bound> = Vec::new();
        let mut code = Inactive { pure: false, ..Inactive::engine(TokenStream::new()) };
        let (mut tokens, mut unseen) = (TokenStream::new(), Unseen::Nothing);
        for link in links {
            if !tokens.is_empty() {
                tokens.extend(quote!(&&));
            }
            let Expr::Let(l) = link else {
                unseen = unseen.max(self.part_of_decision(&mut code, link, &names, &Fate::Consumed));
                tokens.extend(link.to_token_stream());
                continue;
            };
            let new = bound(&l.pat);
            let lost = Fate::Lost(Site::of(&l.expr), message::lost_in_match());
            let fate = if new.is_empty() { &Fate::Consumed } else { &lost };
            unseen = unseen.max(self.part_of_decision(&mut code, &l.expr, &names, fate));
            let (pat, expr) = (without_mut(&l.pat), &l.expr);
            tokens.extend(quote!(let #pat = #expr));
            names.retain(|old| new.iter().all(|new| new.name != old.name));
            names.extend(new);
        }
        let idents: Vec<&Ident> = names.iter().map(|b| &b.name).collect();
        let some = quote!(::core::option::Option::Some((#(#idents,)*)));
        tokens = self.flat_tokens(tokens, &names);
        tokens = quote!(if #tokens { #some } else { ::core::option::Option::None });
        code.tokens = self.renamed(unseen.refused(&tokens));
        let mut name = Ident::new("bound", Span::mixed_site());
        if let Some(new) = self.bind_name(&name, Binding::Value) {
            name = new;
        }
        code.pattern = Some(quote!(#name));
        let val = self.define(OpKind::Inactive(code), Ty::Other, span);
        self.func.vals[val.0 as usize].name = Some(name);
        let found = self.hidden("bound", State::Other { val, indexable: false });
        let patterns = names.iter().map(|b| {
            let (name, mutability) = (&b.name, b.mutable.then(|| quote!(mut)));
            quote!(#mutability #name)
        });
        let pat: Pat =
            syn::parse::Parser::parse2(Pat::parse_single, quote!(::core::option::Option::Some((#(#patterns,)*))))
                .unwrap_or_else(|_| wild());
        let subject = Subject::Code(parse_quote!(#found));
        let case = Case { pat: &pat, guard: None, body: then.stmts.clone(), all: true };
        let fits = self.matches(&subject, &case, span);
        (fits, with_bindings(&pat, &subject, &case.body))
    }

    /// `while let` is an endless loop around an `if let`.
    pub(super) fn while_let_as_loop(e: &syn::ExprWhile) -> Expr {
        let (label, cond, body) = (&e.label, &e.cond, &e.body);
        parse_quote!(#label loop { if #cond #body else { break; } })
    }

    /// `let … else { … }` without exits, of what is followed: what comes after `else` panics.
    pub(super) fn followed_let_else(&mut self, local: &Local) -> bool {
        let Some((_, diverge)) = local.init.as_ref().and_then(|init| init.diverge.as_ref()) else { return false };
        let Some(init) = local.init.as_ref().filter(|init| self.mentions_float(&init.expr)) else { return false };
        if matched_before(diverge) || matches!(local.pat, Pat::Type(_)) || pattern::borrows_mutably(&local.pat) {
            return false;
        }
        let case = Case { pat: &local.pat, guard: None, body: Vec::new(), all: true };
        let found = self.attempt(|l| {
            let subject = match l.optional_subject(&init.expr, std::slice::from_ref(&case)) {
                Some(subject) => subject,
                None => l.subject_of(&init.expr, std::slice::from_ref(&case), true),
            };
            if matches!(subject, Subject::Code(_)) {
                return None;
            }
            Some((l.matches(&subject, &case, local.let_token.span), subject))
        });
        let Some((fits, subject)) = found else { return false };
        self.expression_statement(&parse_quote!(if #fits {} else #diverge));
        for stmt in with_bindings_of(&local.pat, &subject, &|_| true) {
            self.statement(&stmt);
        }
        true
    }

    /// `let … else { … }`, where what comes after `else` may exit.
    pub(super) fn let_else(&mut self, local: &Local, rest: &[Stmt], cont: &Cont<'_>) -> Option<End> {
        let init = local.init.as_ref()?;
        let (_, diverge) = init.diverge.as_ref()?;
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            pat => (pat, None),
        };
        let case = Case { pat, guard: None, body: Vec::new(), all: true };
        let subject = match (self.optional_subject(&init.expr, std::slice::from_ref(&case)), ty) {
            (Some(subject), _) => subject,
            (None, None) => self.subject_of(&init.expr, std::slice::from_ref(&case), true),
            (None, Some(ty)) => {
                let expr = &init.expr;
                self.subject(&parse_quote!({ let value: #ty = #expr; value }), true)
            }
        };
        let fits = self.matches(&subject, &case, local.let_token.span);
        let found: ExprIf = parse_quote!(if #fits {} else #diverge);
        let bindings = with_bindings_of(pat, &subject, &|_| true);
        let depth = self.scopes.depth();
        let next = Cont::Then { stmts: rest, depth, next: cont };
        Some(self.branch(&found, &bindings, &next))
    }
}

/// An `if` over the number of the arm.
fn chosen(arm: &Ident, first: usize, blocks: &[Block]) -> Expr {
    match blocks {
        [] => parse_quote!({}),
        [only] => parse_quote!(#only),
        [next, rest @ ..] if blocks.len() <= CHAIN => {
            let number = Literal::usize_unsuffixed(first);
            let rest = chosen(arm, first + 1, rest);
            parse_quote!(if #arm == #number #next else #rest)
        }
        _ => {
            let (low, high) = blocks.split_at(blocks.len() / 2);
            let middle = Literal::usize_unsuffixed(first + low.len());
            let (low, high) = (chosen(arm, first, low), chosen(arm, first + low.len(), high));
            parse_quote!(if #arm < #middle { #low } else { #high })
        }
    }
}

/// The statements of an arm.
fn body(expr: &Expr) -> Vec<Stmt> {
    match expr {
        Expr::Block(e) if e.label.is_none() && e.attrs.is_empty() => e.block.stmts.clone(),
        Expr::Tuple(e) if e.elems.is_empty() => Vec::new(),
        Expr::Paren(e) => body(&e.expr),
        other => vec![Stmt::Expr(other.clone(), None)],
    }
}

/// What is asked one after the other: `a && let Some(b) = c && d`.
fn links(cond: &Expr) -> Vec<&Expr> {
    let mut links = Vec::new();
    let mut current = cond;
    while let Expr::Binary(e) = current
        && matches!(e.op, syn::BinOp::And(_))
        && pattern::contains_let(current)
    {
        links.push(&*e.right);
        current = &e.left;
    }
    links.push(current);
    links.reverse();
    links
}
