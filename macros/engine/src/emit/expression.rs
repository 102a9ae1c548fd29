//! Expressions with their precedence, so that parentheses stand only where they are needed. The order of operations is
//! never changed: `a * (b * c)` keeps its parentheses.

use crate::ir::Width;
use proc_macro2::{Literal, TokenStream, TokenTree};
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

    /// A float constant.
    pub(super) fn number(value: f64, literal: Option<&Literal>, width: Width) -> Self {
        let text = literal.map_or_else(|| text_of(value.abs(), width), ToString::to_string);
        let tokens: TokenStream = match literal {
            Some(literal) => TokenTree::Literal(literal.clone()).into(),
            None => text.parse().unwrap_or_else(|_| quote!(0.0)),
        };
        let bare = !text.contains("f32") && !text.contains("f64");
        let negative = literal.is_none() && value.is_sign_negative();
        if negative {
            return Expr { tokens: quote!(-#tokens), level: Level::Unary, size: 0, literal: bare };
        }
        Expr { tokens, level: Level::Atom, size: 0, literal: bare }
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

/// A number as Rust writes it; the well-known ones by name, which lints ask for.
fn text_of(value: f64, width: Width) -> String {
    use std::f64::consts as c;
    let float = width.name();
    let named = [
        (c::LN_2, "LN_2"),
        (c::LN_10, "LN_10"),
        (c::LOG2_E, "LOG2_E"),
        (c::LOG10_E, "LOG10_E"),
        (c::PI, "PI"),
        (c::FRAC_2_SQRT_PI, "FRAC_2_SQRT_PI"),
        (c::LOG10_2, "LOG10_2"),
    ];
    for (number, name) in named {
        if value.to_bits() == number.to_bits() {
            return format!("::core::{float}::consts::{name}");
        }
    }
    if value.is_infinite() {
        return format!("{float}::INFINITY");
    }
    let plain = format!("{value:?}");
    if plain.contains('e') { format!("{value:e}") } else { plain }
}
