//! Invisible groups: what a user's `macro_rules!` puts in the place of `$body:block`, `$e:expr` or `$t:ty` arrives as a group
//! without delimiters. Input: the tokens of a body. Output: the same without such groups. Nothing changes its meaning: what could be
//! taken apart by what stands around it gets parentheses, and what begins a statement stands as the statement that it is.
//! Every group is looked at once, so that this is linear in the tokens.

use crate::tokens::{is_punct, refilled, regrouped};
use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use syn::Expr;

/// Words that begin a statement, an item, a pattern or a type which parentheses would spoil.
const OPENING: &[&str] = &[
    "let",
    "fn",
    "const",
    "static",
    "struct",
    "enum",
    "union",
    "type",
    "use",
    "impl",
    "mod",
    "trait",
    "macro_rules",
    "extern",
    "pub",
    "mut",
    "ref",
    "dyn",
    "async",
];

/// Words that begin an expression with a block.
const BLOCK: &[&str] = &["if", "match", "for", "while", "loop", "unsafe"];

/// The tokens without invisible groups.
#[must_use]
pub fn visible(tokens: TokenStream) -> TokenStream {
    level(tokens, false)
}

fn level(tokens: TokenStream, braced: bool) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let TokenTree::Group(group) = token else {
            result.push(token);
            continue;
        };
        let brace = group.delimiter() == Delimiter::Brace;
        let inner = level(group.stream(), brace || (braced && group.delimiter() == Delimiter::None));
        if group.delimiter() != Delimiter::None {
            result.push(refilled(&group, inner).into());
            continue;
        }
        let place = Place { starts: braced && starts_statement(result.last()), next: tokens.peek() };
        if place.may_stand_alone(&inner) {
            let unfinished = place.ends_by_itself(&inner);
            result.extend(inner);
            result.extend(unfinished.then(|| TokenTree::from(Punct::new(';', Spacing::Alone))));
        } else {
            result.push(regrouped(&group, Delimiter::Parenthesis, inner).into());
        }
    }
    result.into_iter().collect()
}

/// Whether a statement begins behind a token, in a block.
pub(crate) fn starts_statement(last: Option<&TokenTree>) -> bool {
    match last {
        None => true,
        Some(TokenTree::Punct(p)) => p.as_char() == ';',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(_) => false,
    }
}

/// Where a group stands.
struct Place<'t> {
    /// At the start of a statement.
    starts: bool,
    next: Option<&'t TokenTree>,
}

impl Place<'_> {
    /// Whether the tokens of a group mean the same without it.
    fn may_stand_alone(&self, inner: &TokenStream) -> bool {
        let mut tokens = inner.clone().into_iter();
        let (Some(first), second) = (tokens.next(), tokens.next()) else { return true };
        // A label.
        if is_punct(Some(&first), '\'') && tokens.next().is_none() {
            return true;
        }
        if begins_block(&first) {
            return match second {
                None => !self.goes_on(),
                Some(_) => self.starts && !self.goes_on() && ends_with_block(inner),
            };
        }
        if second.is_none() {
            return true;
        }
        let opening = match &first {
            TokenTree::Ident(word) => OPENING.iter().any(|known| word == known),
            TokenTree::Punct(p) => p.as_char() == '#',
            _ => false,
        };
        let ends = match self.next {
            None => true,
            Some(TokenTree::Punct(p)) => p.as_char() == ';',
            Some(_) => false,
        };
        opening || (self.starts && ends) || self.is_postfix(inner)
    }

    /// Whether this is a `let` without the `;` that a statement from a macro does not need.
    fn ends_by_itself(&self, inner: &TokenStream) -> bool {
        let declares = matches!(inner.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == "let");
        declares && self.starts && !matches!(self.next, Some(TokenTree::Punct(p)) if p.as_char() == ';')
    }

    /// Whether what follows takes a value.
    fn goes_on(&self) -> bool {
        matches!(self.next, Some(TokenTree::Punct(p)) if matches!(p.as_char(), '.' | '?'))
    }

    /// Whether this is a path, a literal or a call, with fields, indices and methods of it: nothing binds closer.
    fn is_postfix(&self, inner: &TokenStream) -> bool {
        let (mut operand, mut field) = (false, false);
        for token in inner.clone() {
            (operand, field) = match &token {
                TokenTree::Ident(_) | TokenTree::Literal(_) if operand => return false,
                TokenTree::Ident(_) | TokenTree::Literal(_) => (true, field),
                TokenTree::Punct(p) => match p.as_char() {
                    '.' | ':' if operand || p.as_char() == ':' => (false, p.as_char() == '.'),
                    '?' if operand => (true, false),
                    _ => return false,
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return false,
                TokenTree::Group(_) => (true, false),
            };
        }
        // `s.f` is called as what it holds, not as a method.
        let called = matches!(self.next, Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis);
        operand && !(field && called)
    }
}

/// Whether an expression with a block begins with a token.
pub(crate) fn begins_block(first: &TokenTree) -> bool {
    match first {
        TokenTree::Ident(word) => BLOCK.iter().any(|known| word == known),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(p) => p.as_char() == '\'',
        TokenTree::Literal(_) => false,
    }
}

/// Whether this is one expression with a block, after which a statement ends.
pub(crate) fn ends_with_block(tokens: &TokenStream) -> bool {
    let block = |expr: &Expr| {
        matches!(
            expr,
            Expr::If(_)
                | Expr::Match(_)
                | Expr::ForLoop(_)
                | Expr::While(_)
                | Expr::Loop(_)
                | Expr::Block(_)
                | Expr::Unsafe(_)
        )
    };
    syn::parse2::<Expr>(tokens.clone()).is_ok_and(|expr| block(&expr))
}
