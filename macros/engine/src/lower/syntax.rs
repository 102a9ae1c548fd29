//! What syntax says by itself: paths as text, what a construct is called in messages and which of its tokens stand for it.

use super::pattern::contains_let;
use crate::diagnostics::Site;
use syn::Expr;
use syn::spanned::Spanned as _;

/// A path as text, without spaces.
pub fn path_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(p) if p.qself.is_none() => Some(path_text(&p.path)),
        Expr::Paren(p) => path_of(&p.expr),
        _ => None,
    }
}

/// A path as text, without spaces or generic arguments.
pub fn path_text(path: &syn::Path) -> String {
    path.segments.iter().map(|s| s.ident.to_string()).collect::<Vec<_>>().join("::")
}

/// What a construct is called in a message.
pub fn describe(expr: &Expr) -> &'static str {
    match expr {
        Expr::Async(_) | Expr::Await(_) => "`async` code",
        Expr::Block(_) => "a block like this",
        Expr::ForLoop(_) => "this `for` loop",
        Expr::If(e) if contains_let(&e.cond) => "`if let`",
        Expr::If(_) => "this `if`",
        Expr::Let(_) => "`if let`",
        Expr::Loop(_) => "this `loop`",
        Expr::Match(_) => "`match`",
        Expr::Struct(_) => "a struct",
        Expr::Try(_) => "`?`",
        Expr::Unsafe(_) => "`unsafe` code",
        Expr::While(e) if contains_let(&e.cond) => "`while let`",
        Expr::While(_) => "this `while` loop",
        Expr::Repeat(_) => "an array like this",
        _ => "an expression like this",
    }
}

/// The tokens that stand for a construct too long to be shown.
pub fn keyword(expr: &Expr) -> Site {
    match expr {
        Expr::Block(_) | Expr::ForLoop(_) | Expr::If(_) | Expr::Loop(_) | Expr::Match(_) | Expr::Unsafe(_) => {
            expr.span().into()
        }
        Expr::Async(_) | Expr::Const(_) | Expr::TryBlock(_) | Expr::While(_) => expr.span().into(),
        Expr::Struct(e) => Site::of(&e.path),
        Expr::Try(e) => e.question_token.span().into(),
        _ => Site::of(expr),
    }
}
