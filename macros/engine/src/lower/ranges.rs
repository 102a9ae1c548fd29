//! Ranges between literals, `0..3`, whose numbers are of the type that the body tells: `takes(i)` for `fn takes(i: u8)`, `w[i]`.
//! Input: a function. Output: the same function; where code computes with such a number, the loops that are made of this one,
//! which have only a part of its body, count in the same type. If the number is an index, the range says `0usize`; otherwise the
//! lower bound is a variable, which all of them begin with.

use super::Lowerer;
use crate::analysis::sums::each_op;
use crate::ir::{Func, Header, Inactive, Loop, Op, OpKind, Region, Ty, Val};
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::collections::{HashMap, HashSet};
use syn::{Expr, Lit};

/// Whether an expression is made of literals that do not tell their type.
pub(super) fn of_literals(expr: &Expr) -> bool {
    are_literals(&expr.to_token_stream())
}

fn are_literals(tokens: &TokenStream) -> bool {
    !tokens.is_empty()
        && tokens.clone().into_iter().all(|token| match token {
            TokenTree::Literal(literal) => match Lit::new(literal) {
                Lit::Int(number) => number.suffix().is_empty(),
                Lit::Float(number) => number.suffix().is_empty(),
                _ => false,
            },
            TokenTree::Punct(_) => true,
            TokenTree::Group(group) => group.delimiter() != Delimiter::Brace && are_literals(&group.stream()),
            TokenTree::Ident(_) => false,
        })
}

impl Lowerer<'_> {
    /// A literal as a variable, which all that counts from it has the type of.
    pub(super) fn first_of(&mut self, literal: Val, span: Span) -> Val {
        if let Some(&first) = self.firsts.get(&literal) {
            return first;
        }
        let made = self.regions.iter().rev().find_map(|ops| ops.iter().rev().find(|op| *op.results == [literal]));
        let Some(OpKind::Inactive(code)) =
            made.map(|op| &op.kind).filter(|kind| matches!(kind, OpKind::Inactive(code) if is_bare(code)))
        else {
            return literal;
        };
        let op = first(&mut self.func, code.tokens.clone(), span);
        let val = op.results[0];
        self.prelude.push(op);
        self.firsts.insert(literal, val);
        val
    }
}

fn first(func: &mut Func, tokens: TokenStream, span: Span) -> Op {
    let name = Ident::new("first", Span::mixed_site());
    let code = Inactive { pattern: Some(quote!(#name)), ..Inactive::engine(tokens) };
    Op { kind: OpKind::Inactive(code), results: vec![func.val(Ty::Index, Some(name), span)], span }
}

/// Gives such ranges one type each.
pub(super) fn tie(func: &mut Func, counted: &HashSet<Val>) {
    let mut literals: HashMap<Val, TokenStream> = HashMap::new();
    each_op(&func.body, &mut |op| {
        if let (OpKind::Inactive(code), &[val]) = (&op.kind, op.results.as_slice())
            && is_bare(code)
        {
            literals.insert(val, code.tokens.clone());
        }
    });
    let mut found = Vec::new();
    if !literals.is_empty() {
        each_op(&func.body, &mut |op| {
            if let OpKind::Loop(l) = &op.kind
                && let (Header::Range(range), Some(number)) = (&l.header, l.index)
                && let (Some(lo), true) = (literals.get(&range.lo), literals.contains_key(&range.hi))
                && let Some(use_of) = use_of(l, number, counted)
            {
                found.push((number, lo.clone(), use_of, op.span));
            }
        });
    }
    let (mut firsts, mut begin) = (HashMap::new(), Vec::new());
    for (number, lo, use_of, span) in found {
        let op = match (use_of, as_index(&lo)) {
            (Use::Index, Some(tokens)) => {
                let kind = OpKind::Inactive(Inactive::engine(tokens));
                Op { kind, results: vec![func.val(Ty::Index, None, span)], span }
            }
            _ => first(func, lo, span),
        };
        firsts.extend(op.results.iter().map(|&val| (number, val)));
        begin.push(op);
    }
    if !firsts.is_empty() {
        func.body.ops.splice(0..0, begin);
        begin_with(&mut func.body, &firsts);
    }
}

/// What the number of a loop is used for, if its type may matter to that.
enum Use {
    /// An index, too.
    Index,
    /// Something else.
    Number,
}

fn use_of(l: &Loop, number: Val, counted: &HashSet<Val>) -> Option<Use> {
    let (mut index, mut computed, mut derived) = (counted.contains(&number), false, HashSet::from([number]));
    each_op(&l.body, &mut |op| match &op.kind {
        OpKind::Inactive(code) => {
            for (name, _) in code.reads.iter().filter(|(_, val)| *val == number) {
                computed |= computes(&code.tokens, name);
                if calculates(&code.tokens) {
                    derived.extend(&op.results);
                }
            }
        }
        // Another loop counts up to it, in its type.
        OpKind::Loop(inner) => {
            computed |= matches!(&inner.header, Header::Range(range) if range.vals().any(|val| val == number));
        }
        OpKind::Load(part) | OpKind::Store(part, _) => index |= part.vals().any(|val| derived.contains(&val)),
        _ => {}
    });
    computed.then_some(if index { Use::Index } else { Use::Number })
}

/// Whether code is made of names, literals and operators that give what they take: what it comes to is of the type of each of them.
fn calculates(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().all(|(k, token)| match token {
        TokenTree::Ident(ident) => ident != "as" && !matches!(tokens.get(k + 1), Some(TokenTree::Group(_))),
        TokenTree::Literal(_) => true,
        TokenTree::Punct(p) => matches!(p.as_char(), '+' | '-' | '*' | '/' | '%'),
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace && calculates(&group.stream()),
    })
}

/// Whether code does more with a number than to index with it, to convert it and to compare it.
pub(super) fn computes(tokens: &TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == name);
    let compares = |(k, token): (usize, &TokenTree)| match token {
        TokenTree::Punct(p) if p.as_char() == '!' => is_punct(tokens.get(k + 1), '='),
        // No shift.
        TokenTree::Punct(p) => {
            let twice = |k: Option<usize>| is_punct(k.and_then(|k| tokens.get(k)), p.as_char());
            p.as_char() == '=' || matches!(p.as_char(), '<' | '>') && !twice(Some(k + 1)) && !twice(k.checked_sub(1))
        }
        TokenTree::Group(_) => false,
        _ => true,
    };
    if tokens.len() > 1 && tokens.iter().enumerate().all(compares) {
        return false;
    }
    let cast = |k: usize| {
        matches!(tokens.get(k + 1), Some(TokenTree::Ident(word)) if word == "as")
            && !is_punct(k.checked_sub(1).and_then(|k| tokens.get(k)), '!')
    };
    tokens.iter().enumerate().any(|(k, token)| match token {
        TokenTree::Group(group) => {
            let mut inner = group.stream().into_iter();
            let alone = inner.next().as_ref().is_some_and(is_name) && inner.next().is_none();
            !(alone && group.delimiter() == Delimiter::Bracket) && computes(&group.stream(), name)
        }
        token => is_name(token) && !cast(k),
    })
}

/// Whether code is made of literals alone.
fn is_bare(code: &Inactive) -> bool {
    code.pattern.is_none() && code.expression && are_literals(&code.tokens)
}

/// The same as an index, if it is one literal.
fn as_index(literals: &TokenStream) -> Option<TokenStream> {
    let mut tokens = literals.clone().into_iter();
    let number = tokens.next()?.to_string().parse().ok().filter(|_| tokens.next().is_none())?;
    Some(Literal::usize_suffixed(number).to_token_stream())
}

fn begin_with(region: &mut Region, first: &HashMap<Val, Val>) {
    for op in &mut region.ops {
        if let OpKind::Loop(l) = &mut op.kind
            && let (Header::Range(range), Some(&lo)) = (&mut l.header, l.index.and_then(|number| first.get(&number)))
        {
            range.lo = lo;
        }
        op.kind.regions_mut().into_iter().for_each(|inner| begin_with(inner, first));
    }
    if let crate::ir::End::Branch(_, then, other) = &mut region.end {
        begin_with(then, first);
        begin_with(other, first);
    }
}
