//! What stands at the start of a companion: constants, and the methods of floats.
//! A primitive float has literals. A type parameter has none: its constants are converted
//! from `f64` by variables at the start of the companion, `let two: T = constant(2.0);`, which cost nothing once the
//! function is compiled for a type.

use super::Emitter;
use super::expression::{Expr, Level};
use crate::analysis::sums::each_op;
use crate::ir::{OpKind, Width};
use crate::rules::Form;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use std::f64::consts;

/// Constants with names in `std`, which lints ask for.
const NAMED: &[(f64, &str)] = &[
    (consts::LN_2, "LN_2"),
    (consts::LN_10, "LN_10"),
    (consts::LOG2_E, "LOG2_E"),
    (consts::LOG10_E, "LOG10_E"),
    (consts::PI, "PI"),
    (consts::FRAC_2_SQRT_PI, "FRAC_2_SQRT_PI"),
    (consts::LOG10_2, "LOG10_2"),
];

/// What the variables of small constants are called.
const SPOKEN: &[(f64, &str)] =
    &[(0.0, "zero"), (0.25, "quarter"), (0.5, "half"), (1.0, "one"), (2.0, "two"), (3.0, "three"), (4.0, "four")];

/// The constants that a companion of a generic function has at its start.
#[derive(Default)]
pub(super) struct Constants {
    list: Vec<(f64, Ident)>,
}

impl Emitter<'_> {
    /// A float constant; `literal` is the user's own.
    pub(super) fn number(&mut self, value: f64, literal: Option<&Literal>) -> Expr {
        // Where there are several float types, a literal says its own.
        let own = self.width.clone().filter(|width| self.func.width.is_mixed() && !width.is_generic());
        let literal =
            literal.cloned().map(|literal| own.as_ref().map_or(literal.clone(), |own| of_type(&literal, own)));
        let literal = literal.as_ref();
        let negative = literal.is_none() && value.is_sign_negative();
        let (tokens, bare) = match literal {
            Some(literal) => {
                let text = literal.to_string();
                (TokenTree::Literal(literal.clone()).into(), !text.contains("f32") && !text.contains("f64"))
            }
            None => self.positive(value.abs()),
        };
        let (tokens, level) = if negative { (quote!(-#tokens), Level::Unary) } else { (tokens, Level::Atom) };
        Expr { literal: bare, ..Expr::new(tokens, level, 0) }
    }

    /// A constant, and whether it is a literal that has no type of its own.
    fn positive(&mut self, value: f64) -> (TokenStream, bool) {
        match self.width.clone() {
            Some(Width::Generic(_)) => (self.constant(value), false),
            width => {
                let several = self.func.width.is_mixed();
                let mut text = text_of(value, width.as_ref().unwrap_or(self.func.width.main()));
                if let Some(width) = width.filter(|_| several && text.starts_with(|c: char| c.is_ascii_digit())) {
                    text = suffixed(&text, &width.ident());
                }
                let bare = !text.contains("f32") && !text.contains("f64");
                (text.parse().unwrap_or_default(), bare)
            }
        }
    }

    /// Zero.
    pub(super) fn zero(&mut self) -> TokenStream {
        self.positive(0.0).0
    }

    /// The variable of a constant of a generic function.
    pub(super) fn constant(&mut self, value: f64) -> TokenStream {
        let known = self.constants.list.iter().find(|(v, _)| v.to_bits() == value.to_bits());
        let name = match known {
            Some((_, name)) => name.clone(),
            None => {
                let named = NAMED.iter().chain(SPOKEN).find(|(v, _)| v.to_bits() == value.to_bits());
                let wanted = named.map_or_else(|| "c".to_string(), |(_, name)| name.to_lowercase());
                let name = self.names.global(&Ident::new(&wanted, Span::mixed_site()));
                self.constants.list.push((value, name.clone()));
                name
            }
        };
        quote!(#name)
    }

    /// The methods of floats that derivative code calls, where the function does without them: it calls functions by path,
    /// and may be in a crate without `std`. Those of a type parameter are then called by path, too.
    pub(super) fn methods(&mut self) -> TokenStream {
        let mut by_path = false;
        each_op(&self.func.body, &mut |op| {
            by_path |= matches!(&op.kind, OpKind::Prim(prim, _) if matches!(prim.form, Form::Path(_) | Form::Float(_)));
        });
        let generic = self.func.width.main().is_generic();
        self.qualified = by_path && generic;
        let of = self.float_trait();
        if by_path && !generic { quote!(#[allow(unused_imports)] use #of as _;) } else { quote!() }
    }

    /// The declarations of the constants that were needed.
    pub(super) fn constants(&self) -> TokenStream {
        let (float, runtime) = (self.func.width.ident(), &self.runtime);
        let one = |(value, name): &(f64, Ident)| {
            let value: TokenStream = text_of(*value, &Width::F64).parse().unwrap_or_default();
            quote!(let #name: #float = #runtime::__private::constant(#value);)
        };
        self.constants.list.iter().map(one).collect()
    }
}

/// A literal with a suffix.
fn of_type(literal: &Literal, width: &Width) -> Literal {
    let text = literal.to_string();
    if text.ends_with("f32") || text.ends_with("f64") {
        return literal.clone();
    }
    let mut suffixed = suffixed(&text, &width.ident()).parse().unwrap_or_else(|_| literal.clone());
    suffixed.set_span(literal.span());
    suffixed
}

/// A number with a suffix: `1.` takes one only as `1.0`.
pub(super) fn suffixed(number: &str, float: &Ident) -> String {
    let rest = if number.ends_with('.') { "0" } else { "" };
    format!("{number}{rest}_{float}")
}

/// A number as Rust writes it.
fn text_of(value: f64, width: &Width) -> String {
    let float = width.ident();
    if let Some((_, name)) = NAMED.iter().find(|(v, _)| v.to_bits() == value.to_bits()) {
        return format!("::core::{float}::consts::{name}");
    }
    if value.is_infinite() {
        return format!("<{float}>::INFINITY");
    }
    let plain = format!("{value:?}");
    if plain.contains('e') { format!("{value:e}") } else { plain }
}
