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
use super::expression::Value;
use super::flat;
use super::opaque::{Fate, Opaque};
use super::optional::Optional;
use super::pattern::{self, bare, bound, irrefutable, mentions, stripped, unwrapped, wild, without_mut};
use super::rename::Binding;
use super::scope::State;
use crate::diagnostics::{Site, message};
use crate::ir::{End, Inactive, OpKind, Ty};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned as _;
use syn::{Block, Expr, ExprIf, ExprMatch, Local, Pat, Stmt, parse_quote};

/// Up to so many arms become a chain of `else if`; more are halved, so that nesting stays low.
const CHAIN: usize = 8;

/// What is matched.
enum Subject {
    /// The user's code, which may be evaluated once more.
    Code(Expr),
    /// A number or an array that the engine follows, under a name.
    Followed(Ident),
    /// Member by member.
    Tuple(Vec<Subject>),
    /// Something that may not be there.
    Optional(Optional),
}

/// What is matched against it.
struct Case<'a> {
    pat: &'a Pat,
    guard: Option<&'a Expr>,
    /// What follows if it is taken.
    body: Vec<Stmt>,
    /// Whether everything that the pattern binds is read later.
    all: bool,
}

impl Case<'_> {
    fn pattern(&self, subject: &Subject) -> Pat {
        if let (Subject::Optional(_), Some(_), Pat::TupleStruct(p)) = (subject, there(self.pat), unwrapped(self.pat)) {
            let mut there = p.clone();
            there.elems = std::iter::once(wild()).collect();
            return Pat::TupleStruct(there);
        }
        let body: TokenStream = self.body.iter().map(ToTokens::to_token_stream).collect();
        bare(self.pat, self.guard, &|name| self.all || mentions(body.clone(), name))
    }
}

/// Whether patterns only ask whether something is there, and name it.
fn of_optional(cases: &[Case<'_>]) -> bool {
    cases.iter().all(|case| {
        let named =
            |b: &pattern::Bound| case.guard.is_some_and(|guard| mentions(guard.to_token_stream(), &b.name.to_string()));
        let asks = match unwrapped(case.pat) {
            Pat::TupleStruct(_) => there(case.pat).is_some_and(irrefutable),
            Pat::Path(p) => p.path.segments.last().is_some_and(|last| last.ident == "None"),
            Pat::Wild(_) => true,
            _ => false,
        };
        asks && !bound(case.pat).iter().any(named)
    })
}

/// `p` of `Some(p)`.
fn there(pat: &Pat) -> Option<&Pat> {
    match unwrapped(pat) {
        Pat::TupleStruct(p) if p.elems.len() == 1 && p.path.segments.last()?.ident == "Some" => p.elems.first(),
        _ => None,
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
            Expr::Match(e) => self.match_as_if(e),
            Expr::If(e) => Expr::If(self.if_let_as_if(e)),
            other => other.clone(),
        }
    }

    fn match_as_if(&mut self, e: &ExprMatch) -> Expr {
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
        let binds = cases.iter().any(|case| !bound(case.pat).is_empty());
        if let Some(case) = cases.iter().find(|case| pattern::borrows_mutably(case.pat))
            && self.mentions_float(&e.expr)
        {
            self.error(Site::of(case.pat), message::mutable_borrow(e.expr.to_token_stream()));
            return parse_quote!({ ::core::unreachable!() });
        }
        let subject = match self.optional_subject(&e.expr, &cases) {
            Some(subject) => subject,
            None => self.subject(&e.expr, binds),
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
        let mut exits = false;
        subject.each(&mut |expr| exits |= self.part_of_decision(&mut code, expr, &[], &Fate::Consumed));
        // What is matched may be gone when an arm has moved parts of it.
        let moved = matches!(subject, Subject::Code(Expr::Path(_) | Expr::Field(_)));
        code.pure &= !(moved && cases.iter().any(|case| !bound(case.pat).is_empty()));
        for case in cases {
            if let Some(guard) = case.guard {
                // A name that the pattern binds hides another one.
                code.pure = false;
                exits |= self.part_of_decision(&mut code, guard, &bound(case.pat), &Fate::Consumed);
            }
        }
        let hidden: Vec<pattern::Bound> = cases.iter().flat_map(|case| bound(case.pat)).collect();
        code.tokens = self.flat_tokens(code.tokens, &hidden);
        if exits {
            code.tokens = super::without_exits(&code.tokens);
        }
        code.tokens = self.renamed(code.tokens);
        let val = self.define(OpKind::Inactive(code), ty, span);
        self.func.vals[val.0 as usize].name = Some(Ident::new(name, Span::mixed_site()));
        self.hidden(name, State::Other { val, indexable: false })
    }

    /// Adds what an expression reads, but for the names that are bound in the code itself. Returns whether a macro in it
    /// might exit.
    fn part_of_decision(&mut self, code: &mut Inactive, expr: &Expr, bound: &[pattern::Bound], fate: &Fate) -> bool {
        let depth = self.scopes.depth();
        self.scopes.push();
        for b in bound {
            self.scopes.declare(&b.name, State::Inner, false);
        }
        let read = self.examined(expr, fate);
        let exits = Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).unknown_macros;
        self.scopes.pop_to(depth);
        code.pure &= read.pure;
        let new = |(name, _): &(Ident, _)| code.reads.iter().all(|(known, _)| known != name);
        let reads: Vec<_> = read.reads.into_iter().filter(new).collect();
        code.reads.extend(reads);
        let places: Vec<_> =
            read.places.into_iter().filter(|(name, _)| code.places.iter().all(|(known, _)| known != name)).collect();
        code.places.extend(places);
        exits
    }

    /// A variable of the engine's, under a name that no code of the user's has.
    pub(super) fn hidden(&mut self, name: &str, state: State) -> Ident {
        let ident = self.unused_name(name);
        self.scopes.declare(&ident, state, false);
        ident
    }

    fn optional_subject(&mut self, expr: &Expr, cases: &[Case<'_>]) -> Option<Subject> {
        if cases.iter().any(|case| pattern::of_enum(case.pat)) {
            self.scopes.is_enum(expr);
        }
        if of_optional(cases) { self.optional(expr).map(Subject::Optional) } else { None }
    }

    /// What is matched. With `binds`, patterns bind parts of it.
    fn subject(&mut self, expr: &Expr, binds: bool) -> Subject {
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
                let name = self.hidden("matched", State::Part(part));
                if let Some(id) = self.scopes.find(&name.to_string()) {
                    self.scopes.vars[id].reference = reference;
                }
                return Subject::Followed(name);
            }
            Value::Opaque | Value::Inactive(_) => {}
        }
        if again(expr) || (!binds && self.pure(expr)) {
            return Subject::Code(expr.clone());
        }
        let fate = if binds { Fate::Lost(Site::of(expr), message::lost_in_match()) } else { Fate::Consumed };
        let mut code = self.opaque(expr, &fate);
        let mut name = Ident::new("matched", Span::mixed_site());
        if let Some(new) = self.bind_name(&name, Binding::Value) {
            name = new;
        }
        code.pure = false;
        code.pattern = Some(quote!(#name));
        let val = self.define(OpKind::Inactive(code), Ty::Other, expr.span());
        self.func.vals[val.0 as usize].name = Some(name);
        let name = self.hidden("matched", State::Other { val, indexable: false });
        Subject::Code(parse_quote!(#name))
    }

    fn pure(&self, expr: &Expr) -> bool {
        Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).code.pure
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
            let case = Case { pat: &l.pat, guard: None, body: e.then_branch.stmts.clone(), all: false };
            let subject = match self.optional_subject(&l.expr, std::slice::from_ref(&case)) {
                Some(subject) => subject,
                None => self.subject(&l.expr, !bound(&l.pat).is_empty()),
            };
            let then = with_bindings(&l.pat, &subject, &case.body);
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
        let mut names: Vec<pattern::Bound> = Vec::new();
        let mut code = Inactive { pure: false, ..Inactive::engine(TokenStream::new()) };
        let (mut tokens, mut exits) = (TokenStream::new(), false);
        for link in links {
            if !tokens.is_empty() {
                tokens.extend(quote!(&&));
            }
            let Expr::Let(l) = link else {
                exits |= self.part_of_decision(&mut code, link, &names, &Fate::Consumed);
                tokens.extend(link.to_token_stream());
                continue;
            };
            let new = bound(&l.pat);
            let lost = Fate::Lost(Site::of(&l.expr), message::lost_in_match());
            let fate = if new.is_empty() { &Fate::Consumed } else { &lost };
            exits |= self.part_of_decision(&mut code, &l.expr, &names, fate);
            let (pat, expr) = (without_mut(&l.pat), &l.expr);
            tokens.extend(quote!(let #pat = #expr));
            names.retain(|old| new.iter().all(|new| new.name != old.name));
            names.extend(new);
        }
        let idents: Vec<&Ident> = names.iter().map(|b| &b.name).collect();
        let some = quote!(::core::option::Option::Some((#(#idents,)*)));
        tokens = self.flat_tokens(tokens, &names);
        tokens = quote!(if #tokens { #some } else { ::core::option::Option::None });
        code.tokens = self.renamed(if exits { super::without_exits(&tokens) } else { tokens });
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
            (None, None) => self.subject(&init.expr, true),
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

impl Subject {
    /// As it stands in a `match`.
    fn tokens(&self) -> TokenStream {
        match self {
            Subject::Code(expr) => expr.to_token_stream(),
            Subject::Followed(name) => name.to_token_stream(),
            Subject::Tuple(members) => {
                let members = members.iter().map(Subject::tokens);
                quote!((#(#members,)*))
            }
            Subject::Optional(Optional { some, .. }) => quote!(#some.then_some(())),
        }
    }

    fn each(&self, f: &mut impl FnMut(&Expr)) {
        match self {
            Subject::Code(expr) => f(expr),
            Subject::Followed(name) => f(&parse_quote!(#name)),
            Subject::Tuple(members) => members.iter().for_each(|member| member.each(f)),
            Subject::Optional(Optional { some, .. }) => f(&parse_quote!(#some)),
        }
    }
}

/// Whether an expression is a place, or a shared reference to one: it can be read again, and nothing is moved by that.
fn again(expr: &Expr) -> bool {
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

/// Whether an index has the same value once more.
fn still(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(e) => !super::exits::is_compound(&e.op) && still(&e.left) && still(&e.right),
        Expr::Cast(e) => still(&e.expr),
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

fn with_bindings(pat: &Pat, subject: &Subject, body: &[Stmt]) -> Block {
    let tokens = body.iter().map(ToTokens::to_token_stream).collect::<TokenStream>();
    let mut stmts = with_bindings_of(pat, subject, &|name| mentions(tokens.clone(), name));
    stmts.extend_from_slice(body);
    Block { brace_token: syn::token::Brace::default(), stmts }
}

/// `let`s for what a pattern binds, of the names that are wanted.
fn with_bindings_of(pat: &Pat, subject: &Subject, wanted: &dyn Fn(&str) -> bool) -> Vec<Stmt> {
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
            vec![parse_quote!(let #pat = #tokens;)]
        }
        (Subject::Optional(Optional { inner, .. }), pat) => match there(pat) {
            Some(pat) => vec![parse_quote!(let #pat = #inner;)],
            None => Vec::new(),
        },
        (Subject::Followed(name), Pat::Ident(p)) => {
            let (mutability, ident) = (&p.mutability, &p.ident);
            vec![parse_quote!(let #mutability #ident = #name;)]
        }
        (Subject::Followed(name), Pat::Reference(r)) => {
            with_bindings_of(&r.pat, &Subject::Followed(name.clone()), by_name)
        }
        (Subject::Followed(name), pat) => {
            let pat = stripped(pat, &wanted);
            vec![parse_quote!(let #pat = #name;)]
        }
        (Subject::Code(code), pat) => {
            let pat = stripped(pat, &wanted);
            if irrefutable(&pat) {
                vec![parse_quote!(let #pat = #code;)]
            } else if matches!(pat, Pat::Or(_)) {
                vec![parse_quote!(let (#pat) = #code else { ::core::unreachable!() };)]
            } else {
                vec![parse_quote!(let #pat = #code else { ::core::unreachable!() };)]
            }
        }
    }
}
