//! Pieces of the user's code that stay as they are: projected, renamed and examined, they become operations where they stand.
//! Whatever is found to lose a derivative is kept until it is known what is active.

use super::opaque::{Fate, Found, Opaque};
use super::{Lowerer, comparison, exits, flat, pattern};
use crate::ir::{Inactive, OpKind, Ty, Val};
use syn::Expr;

impl Lowerer<'_> {
    /// Evaluates a piece of the user's code where it stands.
    pub(super) fn template(&mut self, expr: &Expr, ty: Ty, fate: &Fate) -> Val {
        let span = syn::spanned::Spanned::span(expr);
        let code = self.opaque(expr, fate);
        self.define(OpKind::Inactive(code), ty, span)
    }

    /// Code that binds names, with the members of aggregates as variables.
    pub(super) fn flat_tokens(
        &mut self,
        tokens: proc_macro2::TokenStream,
        bound: &[pattern::Bound],
    ) -> proc_macro2::TokenStream {
        let flat::Flat { syntax, errors } = flat::code(&self.scopes, tokens, bound);
        for (site, message) in errors {
            self.error(site, message);
        }
        syntax.into_owned()
    }

    /// A piece of the user's code that is evaluated next.
    pub(super) fn opaque(&mut self, expr: &Expr, fate: &Fate) -> Inactive {
        let expr = &*self.projected(expr);
        let sized = self.sized(expr, fate);
        let plain = comparison::of_numbers(&self.scopes, &sized);
        let found = Opaque::expression(&self.scopes, &self.func.width, &plain, fate).found();
        let clean = found.losses.is_empty() && found.errors.is_empty();
        match if clean { None } else { self.decided(&plain) } {
            Some(decided) => self.examined(&decided, fate),
            None => self.kept_code(&plain, found),
        }
    }

    /// Examines a piece of the user's code, and keeps what is to be checked.
    pub(super) fn examined(&mut self, expr: &Expr, fate: &Fate) -> Inactive {
        let found = Opaque::expression(&self.scopes, &self.func.width, expr, fate).found();
        self.kept_code(expr, found)
    }

    pub(super) fn kept_code(&mut self, expr: &Expr, found: Found) -> Inactive {
        self.note_writes(expr);
        if let Some((span, message)) = exits::Scan::expr(expr).in_opaque() {
            self.error(span, message);
        }
        self.checked_code(found)
    }

    /// Keeps what is to be checked of a piece of code that was examined.
    pub(super) fn checked_code(&mut self, found: Found) -> Inactive {
        let Found { mut code, losses, errors, unseen, closures } = found;
        closures.into_iter().for_each(|closure| self.emit_closure(closure));
        self.losses.extend(losses);
        for (span, message) in errors {
            self.error(span, message);
        }
        code.tokens = self.renamed(unseen.refused(&self.looking(code.tokens)));
        code
    }
}
