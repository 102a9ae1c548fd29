//! Ranges between literals, `0..3`, whose numbers are of the type that the body tells: `takes(i)` for `fn takes(i: u8)`, `w[i]`.
//! Input: a function. Output: the same function; where code computes with such a number, the loops that are made of this one,
//! which have only a part of its body, count in the same type. If the number is an index, the range says `0usize`; otherwise the
//! lower bound is a variable, which all of them begin with.

use super::Lowerer;
use crate::analysis::sums::each_op;
use crate::ir::{Func, Header, Inactive, Loop, Op, OpKind, Region, Ty, Val};
use crate::tokens::is_punct;
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashMap;
use syn::{Expr, Lit};

/// Whether a bound does not tell its type.
pub(super) fn untold(bound: &Expr) -> bool {
    match bound {
        Expr::Lit(e) => matches!(&e.lit, Lit::Int(int) if int.suffix().is_empty()),
        Expr::Unary(e) => untold(&e.expr),
        Expr::Paren(e) => untold(&e.expr),
        _ => false,
    }
}

impl Lowerer<'_> {
    /// A literal as a variable, which all that counts from it has the type of.
    pub(super) fn first_of(&mut self, literal: Val, span: Span) -> Val {
        if let Some(&first) = self.firsts.get(&literal) {
            return first;
        }
        let made = self.regions.iter().rev().find_map(|ops| ops.iter().rev().find(|op| *op.results == [literal]));
        let Some(OpKind::Inactive(code)) = made.map(|op| &op.kind) else { return literal };
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
pub(super) fn tie(func: &mut Func) {
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
                && let Some(use_of) = use_of(l, number)
            {
                found.push((number, lo.clone(), use_of, op.span));
            }
        });
    }
    let (mut firsts, mut begin) = (HashMap::new(), Vec::new());
    for (number, lo, use_of, span) in found {
        let op = match use_of {
            Use::Index => {
                let kind = OpKind::Inactive(Inactive::engine(as_index(lo)));
                Op { kind, results: vec![func.val(Ty::Index, None, span)], span }
            }
            Use::Number => first(func, lo, span),
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

fn use_of(l: &Loop, number: Val) -> Option<Use> {
    let (mut index, mut computed) = (false, false);
    each_op(&l.body, &mut |op| {
        if let OpKind::Load(part) | OpKind::Store(part, _) = &op.kind {
            index |= part.vals().any(|val| val == number);
        }
        if let OpKind::Inactive(code) = &op.kind {
            let names = code.reads.iter().filter(|(_, val)| *val == number);
            computed |= names.into_iter().any(|(name, _)| computes(&code.tokens, name));
        }
    });
    computed.then_some(if index { Use::Index } else { Use::Number })
}

/// Whether code does more with a number than to index with it, to convert it and to compare it.
fn computes(tokens: &TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == name);
    let compares = |(k, token): (usize, &TokenTree)| match token {
        TokenTree::Punct(p) if p.as_char() == '!' => is_punct(tokens.get(k + 1), '='),
        TokenTree::Punct(p) => matches!(p.as_char(), '=' | '<' | '>'),
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

/// A literal, which may be negative, without a suffix.
fn is_bare(code: &Inactive) -> bool {
    let literal = |token: TokenTree| match token {
        TokenTree::Literal(literal) => literal.to_string().chars().all(|c| c.is_ascii_digit() || c == '_'),
        TokenTree::Punct(p) => p.as_char() == '-',
        _ => false,
    };
    code.pattern.is_none() && code.expression && !code.tokens.is_empty() && code.tokens.clone().into_iter().all(literal)
}

fn as_index(literal: TokenStream) -> TokenStream {
    let suffixed = |token: TokenTree| match token.to_string().replace('_', "").parse() {
        Ok(number) => TokenTree::Literal(Literal::usize_suffixed(number)),
        Err(_) => token,
    };
    literal.into_iter().map(suffixed).collect()
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
