//! What no derivative flows through: tokens of the user's.

use super::{Part, Val};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Tokens of the user's, carried verbatim.
#[derive(Clone, Debug)]
pub struct Inactive {
    /// An expression if the operation has one result and no pattern, else a statement.
    pub tokens: TokenStream,
    /// The pattern of a `let`: the operation's results are the names that it binds.
    pub pattern: Option<TokenStream>,
    /// The names in `tokens` that are SSA values, each with its value.
    pub reads: Vec<(Ident, Val)>,
    /// The arrays that `tokens` mention, each under the name that it has there.
    pub places: Vec<(Ident, Part)>,
    /// Whether it may be evaluated again, any number of times, wherever its reads are available.
    pub pure: bool,
    /// Whether it may be evaluated again where all that comes before it is, too: it has no effect, though it may be much work, or
    /// read what changes.
    pub repeatable: bool,
    /// What it asks by methods that look only, if that is data of the standard library: emitted code says so where it runs again.
    pub looked_at: Vec<TokenStream>,
    /// Whether it is an expression of which the engine needs the value where it stands. Others are statements.
    pub expression: bool,
    /// What has to be said of its type.
    pub stated: Stated,
}

/// What emitted code says of the type of the user's tokens: it does not compile if that is another one, and what tells no type
/// is of this one.
#[derive(Clone, Debug)]
pub enum Stated {
    /// Nothing.
    Nothing,
    /// It is a float: its context told in the source.
    Float,
    /// It is a float, or a reference to one: its method told, by its name.
    Number,
    /// It is what this closure takes: data, whose type is told by where they go.
    Like(TokenStream),
}

impl Inactive {
    /// An expression of the engine's own: pure.
    #[must_use]
    pub fn engine(tokens: TokenStream) -> Self {
        Inactive {
            tokens,
            pattern: None,
            reads: Vec::new(),
            places: Vec::new(),
            pure: true,
            repeatable: false,
            looked_at: Vec::new(),
            expression: true,
            stated: Stated::Nothing,
        }
    }

    /// The sum of nothing, as the standard library has it: `-0.0` or `0.0`.
    #[must_use]
    pub fn empty_sum(float: &Ident) -> Self {
        Inactive::engine(quote!(::core::iter::empty::<#float>().sum::<#float>()))
    }

    /// Whether it is one, and no more than that.
    #[must_use]
    pub fn is_empty_sum(&self) -> bool {
        let text = crate::tokens::text(&self.tokens);
        let named = text.strip_prefix("::core::iter::empty::<").and_then(|rest| rest.split_once('>'));
        named.is_some_and(|(float, rest)| rest == format!("().sum::<{float}>()"))
    }

    /// Whether it visibly is of one float type: a conversion by `as`, or what the emitted code says.
    #[must_use]
    pub fn tells_float(&self) -> bool {
        let tokens: Vec<_> = self.tokens.clone().into_iter().collect();
        matches!(self.stated, Stated::Float | Stated::Number)
            || tokens.len() > 1 && crate::tokens::is_word(tokens.get(tokens.len() - 2), "as")
    }

    /// The integer that it is, if it visibly is one.
    #[must_use]
    pub fn integer(&self) -> Option<i32> {
        let alone = self.reads.is_empty() && self.places.is_empty();
        alone.then(|| crate::tokens::text(&self.tokens).parse().ok()).flatten()
    }

    /// Calls `f` for every value that the tokens need.
    pub fn each_read(&self, f: &mut impl FnMut(Val)) {
        self.reads.iter().for_each(|&(_, v)| f(v));
        self.places.iter().flat_map(|(_, p)| p.vals()).for_each(f);
    }

    pub(super) fn reads_mut(&mut self) -> impl Iterator<Item = &mut Val> {
        let indices = self.places.iter_mut().flat_map(|(_, p)| p.vals_mut());
        self.reads.iter_mut().map(|(_, v)| v).chain(indices)
    }
}
