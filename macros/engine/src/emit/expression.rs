//! Expressions with their precedence, so that parentheses stand only where they are needed. The order of operations is
//! never changed: `a * (b * c)` keeps its parentheses.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// How tightly an expression binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Anything,
    Sum,
    Product,
    Cast,
    Unary,
    Atom,
}

/// Tokens and how they bind.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub tokens: TokenStream,
    pub level: Level,
    /// How many operations it has.
    pub size: usize,
    /// Literals without a suffix, and nothing else: their type has to come from somewhere.
    pub literal: bool,
}

impl Expr {
    pub(super) fn new(tokens: TokenStream, level: Level, size: usize) -> Self {
        Expr { tokens, level, size, literal: false }
    }

    pub(super) fn atom(tokens: TokenStream) -> Self {
        Expr::new(tokens, Level::Atom, 0)
    }

    /// The expression where at least `level` is needed.
    pub(super) fn at(&self, level: Level) -> TokenStream {
        let tokens = &self.tokens;
        if self.level >= level { tokens.clone() } else { quote!((#tokens)) }
    }

    /// The user's tokens.
    pub(super) fn code(tokens: TokenStream) -> Self {
        let mut level = Level::Atom;
        let mut count = 0;
        for token in tokens.clone() {
            count += 1;
            level = level.min(match &token {
                TokenTree::Punct(p) => match p.as_char() {
                    '.' | ':' => Level::Atom,
                    '*' | '/' | '%' => Level::Product,
                    '+' | '-' => Level::Sum,
                    _ => Level::Anything,
                },
                TokenTree::Ident(i) if i == "as" => Level::Cast,
                TokenTree::Ident(i) if i == "if" || i == "match" => Level::Anything,
                _ => Level::Atom,
            });
        }
        if count == 1 {
            level = Level::Atom;
        }
        Expr::new(tokens, level, count / 4)
    }
}
