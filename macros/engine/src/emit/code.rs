//! The user's own tokens, with the names in them bound to what they stand for.

use super::expression::{Expr, Level};
use super::{Emitter, Line};
use crate::ir::{Inactive, Op, Passes, Stated, Ty, Val};
use crate::lower::conversion::OWN;
use crate::tokens::{in_string, is_punct, refilled, with_new_names};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::collections::HashMap;

/// Whether code names something that is there already: a variable, a field, an element, or what a reference refers to.
fn is_place(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().enumerate().all(|(k, token)| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Literal(_) => k > 0,
        TokenTree::Punct(p) => matches!(p.as_char(), '.' | ':' | '*'),
        TokenTree::Group(group) => k > 0 && group.delimiter() == Delimiter::Bracket,
    })
}

impl Emitter<'_> {
    pub(super) fn inactive(&mut self, op: &Op, code: &Inactive, lines: &mut Vec<Line>) {
        self.looked_at(code, lines);
        if let Some(pattern) = &code.pattern {
            let init = self.code(code, lines);
            let init = self.stated(code, init);
            let pattern = match op.results.as_slice() {
                &[result] if !self.is_fixed(result) => {
                    let old = self.func.info(result).name.clone();
                    let new = self.names.fresh(old.as_ref());
                    self.exprs.insert(result, Expr::atom(quote!(#new)));
                    match old {
                        Some(old) if old != new => rename(pattern.clone(), &old, &new),
                        _ => pattern.clone(),
                    }
                }
                results => {
                    for &result in results {
                        if let Some(name) = self.func.info(result).name.clone() {
                            self.exprs.insert(result, Expr::atom(quote!(#name)));
                        }
                    }
                    pattern.clone()
                }
            };
            lines.push(Line::Other(quote!(let #pattern = #init;)));
            return;
        }
        if !code.expression {
            let tokens = self.statement_code(code, lines);
            lines.push(Line::Other(tokens));
            return;
        }
        let Some(&result) = op.results.first() else { return };
        let own = self.func.width.is_mixed().then(|| self.float());
        let tokens = self.code(code, lines);
        let tokens = match own {
            Some(own) => in_own_type(tokens, &own),
            None => tokens,
        };
        let tokens = self.stated(code, tokens);
        let float = self.number_type(Ty::Float);
        let expr = if matches!(code.stated, Stated::Number) {
            let (runtime, tokens) = (&self.runtime, Expr::code(tokens).at(Level::Unary));
            let at = Span::call_site().located_at(op.span);
            let number = quote_spanned!(at=> #runtime::__private::number::<#float, _, _>(&#tokens));
            Expr::new(number, Level::Atom, 4)
        } else {
            Expr::code(tokens)
        };
        // A constant that the user named keeps its name: `let two = T::from(2.0).unwrap();`
        let named = self.func.width.main().is_generic() && self.func.info(result).name.is_some();
        let size = if named { 1 } else { 3 };
        let costly = (expr.size > size || has_block(&expr.tokens)) && !self.plan.once(result);
        let constant = matches!(expr.tokens.to_string().as_str(), "true" | "false");
        let bool_once = constant || self.func.info(result).ty != Ty::Bool || self.plan.once(result);
        // Where nothing reads it any more, nothing tells its type.
        let untold = self.func.info(result).ty == Ty::Float && !self.plan.used(result);
        if matches!(code.stated, Stated::Float) || untold {
            let tokens = expr.tokens;
            let name = self.declare(result);
            lines.push(Line::Other(quote!(let #name: #float = #tokens;)));
        } else if code.pure && self.plan.inline(result) && !costly && bool_once {
            self.exprs.insert(result, expr);
        } else {
            self.bind(result, &expr, lines);
        }
    }

    /// Says of what is looked at that it is data, where code runs again.
    pub(super) fn looked_at(&mut self, code: &Inactive, lines: &mut Vec<Line>) {
        if self.func.passes != Passes::Several || self.func.repeatable || code.pure || code.looked_at.is_empty() {
            return;
        }
        let runtime = &self.runtime;
        let asked = code.looked_at.iter().map(|receiver| {
            let first = receiver.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
            let at = Span::call_site().located_at(first);
            quote_spanned!(at=> #runtime::__private::looked_at(&#receiver);)
        });
        let tokens = quote!(if false { #(#asked)* });
        let tokens = self.statement_code(&Inactive { tokens, ..code.clone() }, lines);
        lines.push(Line::Other(tokens));
    }

    /// Data of the type that is told by where they go.
    fn stated(&self, code: &Inactive, tokens: TokenStream) -> TokenStream {
        let Stated::Like(closure) = &code.stated else { return tokens };
        let runtime = &self.runtime;
        // What a reference is of lives as long as that, if it is no variable's.
        let mut behind = tokens.clone().into_iter();
        let reference = is_punct(behind.next().as_ref(), '&') && !is_punct(behind.clone().next().as_ref(), '&');
        let (behind, value): (TokenStream, _) = (behind.collect(), Ident::new("value__", Span::mixed_site()));
        if reference && !is_place(&behind) {
            return quote!(&#runtime::__private::like(#behind, |#value| (#closure)(&#value)));
        }
        quote!(#runtime::__private::like(#tokens, #closure))
    }

    pub(super) fn is_fixed(&self, val: Val) -> bool {
        self.func.info(val).name.as_ref().is_some_and(|n| self.func.fixed.contains(n))
    }

    /// What the names in a piece of the user's code stand for, where that is not what they say.
    pub(super) fn bindings(&mut self, code: &Inactive) -> Vec<(Ident, TokenStream, bool)> {
        let mut bindings = Vec::new();
        for (name, val) in &code.reads {
            let expr = self.expr(*val);
            if *name != expr.tokens.to_string() {
                let suffixed = expr.literal && !self.func.width.is_mixed();
                let tokens = if suffixed { self.suffixed(&expr) } else { expr.tokens.clone() };
                bindings.push((name.clone(), tokens, expr.level == Level::Atom));
            }
        }
        for (name, part) in &code.places {
            let tokens = self.part(part);
            if *name != tokens.to_string() {
                bindings.push((name.clone(), tokens, true));
            }
        }
        bindings
    }

    /// An expression of the user's.
    pub(super) fn code(&mut self, code: &Inactive, lines: &mut Vec<Line>) -> TokenStream {
        let bindings = self.bindings(code);
        if bindings.is_empty() {
            return self.tokens(code);
        }
        if code.pure {
            let atoms: Vec<(Ident, TokenStream)> = bindings
                .into_iter()
                .map(|(name, tokens, atom)| (name, if atom { tokens } else { quote!((#tokens)) }))
                .collect();
            return substitute(self.tokens(code), &atoms);
        }
        self.with_names(code, bindings, lines)
    }

    /// A statement of the user's.
    pub(super) fn statement_code(&mut self, code: &Inactive, lines: &mut Vec<Line>) -> TokenStream {
        let bindings = self.bindings(code);
        self.with_names(code, bindings, lines)
    }

    /// Code that must stay in one piece. What is not called as it says there is named beside it, so that the code may
    /// keep references to it.
    fn with_names(
        &mut self,
        code: &Inactive,
        bindings: Vec<(Ident, TokenStream, bool)>,
        lines: &mut Vec<Line>,
    ) -> TokenStream {
        let mut names: HashMap<String, Ident> = HashMap::new();
        for (name, tokens, _) in bindings {
            let place = code.places.iter().find(|(n, _)| *n == name).map(|(_, part)| self.func.place_info(part.place));
            // The name of an alias stands for a reference.
            let alias = place.is_some_and(|place| place.name != name && place.by_value);
            let mut iter = tokens.clone().into_iter();
            let new = match (iter.next(), iter.next()) {
                // Inside, that name may be another's: a closure's parameter.
                (Some(TokenTree::Ident(ident)), None)
                    if !alias && !occurs(&code.tokens, &ident) && !in_string(&code.tokens, &name.to_string()) =>
                {
                    ident
                }
                _ => {
                    // With the user's hygiene, as a format string has it.
                    let mut new = self.names.fresh(Some(&name));
                    new.set_span(name.span());
                    let borrow = place_borrow(code, &name);
                    lines.push(Line::Other(quote!(let #new = #borrow #tokens;)));
                    new
                }
            };
            names.insert(name.to_string(), new);
        }
        let tokens = self.tokens(code);
        if names.is_empty() { tokens } else { with_new_names(tokens, &|name| names.get(name).cloned()) }
    }

    /// The user's tokens. What is a reference to a float there is the float itself here: `*v` becomes `v`.
    pub(super) fn tokens(&self, code: &Inactive) -> TokenStream {
        let floats = code.reads.iter().filter(|(_, val)| self.func.info(*val).ty == Ty::Float);
        let floats: Vec<&Ident> = floats.map(|(name, _)| name).collect();
        if floats.is_empty() { code.tokens.clone() } else { undereferenced(code.tokens.clone(), &floats) }
    }
}

fn has_block(tokens: &TokenStream) -> bool {
    let brace = |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    tokens.clone().into_iter().any(brace)
}

fn occurs(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => occurs(&group.stream(), name),
        _ => false,
    })
}

/// Code of the engine's, in its own float type.
fn in_own_type(tokens: TokenStream, own: &Ident) -> TokenStream {
    let one = |token| match token {
        TokenTree::Ident(ident) if ident == OWN => TokenTree::Ident(own.clone()),
        TokenTree::Group(group) => refilled(&group, in_own_type(group.stream(), own)).into(),
        other => other,
    };
    tokens.into_iter().map(one).collect()
}

/// An array is named by a reference to it.
fn place_borrow(code: &Inactive, name: &Ident) -> TokenStream {
    let array = code.places.iter().any(|(n, _)| n == name);
    if array { quote!(&) } else { TokenStream::new() }
}

/// Names in an expression without blocks, closures or macros: fields and paths are left alone.
fn substitute(tokens: TokenStream, atoms: &[(Ident, TokenStream)]) -> TokenStream {
    let mut dots = 0;
    let mut result = TokenStream::new();
    let mut iter = tokens.into_iter().peekable();
    while let Some(token) = iter.next() {
        let field = dots == 1;
        dots = match &token {
            TokenTree::Punct(p) if p.as_char() == '.' => dots + 1,
            _ => 0,
        };
        match token {
            TokenTree::Ident(ident) => {
                let path = matches!(iter.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                match atoms.iter().find(|(name, _)| *name == ident) {
                    Some((_, tokens)) if !field && !path => result.extend(tokens.clone()),
                    _ => result.extend([TokenTree::Ident(ident)]),
                }
            }
            TokenTree::Group(group) => {
                let inner = substitute(group.stream(), atoms);
                result.extend([TokenTree::Group(refilled(&group, inner))]);
            }
            other => result.extend([other]),
        }
    }
    result
}

/// Drops the `*` before each of the names, where it is no product.
fn undereferenced(tokens: TokenStream, floats: &[&Ident]) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                while floats.contains(&&ident)
                    && matches!(result.last(), Some(TokenTree::Punct(p)) if p.as_char() == '*')
                    && !result.len().checked_sub(2).and_then(|k| result.get(k)).is_some_and(is_operand)
                {
                    result.pop();
                }
                result.push(TokenTree::Ident(ident));
            }
            TokenTree::Group(group) => {
                result.push(refilled(&group, undereferenced(group.stream(), floats)).into());
            }
            other => result.push(other),
        }
    }
    result.into_iter().collect()
}

/// Whether a `*` after this is a product.
fn is_operand(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(i) => !["return", "in", "if", "match", "else", "while", "break"].iter().any(|k| i == k),
        TokenTree::Punct(p) => p.as_char() == '?',
        _ => true,
    }
}

/// A name in a pattern.
fn rename(tokens: TokenStream, from: &Ident, to: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == *from => TokenTree::Ident(to.clone()),
            other => other,
        })
        .collect()
}
