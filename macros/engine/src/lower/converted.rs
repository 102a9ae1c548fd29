//! Functions that return another float type than the one that they compute in: `fn f<T: Float>(x: T) -> f64 { …; y.to_f64().unwrap() }`.
//!
//! Input: the body of a function whose result is converted where it is returned. Output: the body of one that returns what
//! is converted there. Its derivative is that of the number before the conversion; the companions convert values and
//! tangents where they return them. A conversion anywhere else is not followed.

use super::signature::{Outcome, Parameter};
use super::syntax::{path_of, path_text};
use crate::diagnostics::{Errors, Site, message};
use crate::ir::Width;
use crate::options::{Kind, Options};
use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Stmt};

/// The float type of all that is differentiated by, where the number that is returned is of another one: the function computes
/// in that, and converts its result.
pub(super) fn computed_in(
    parameters: &[Parameter],
    returned: Option<&Width>,
    outcome: &Outcome,
    options: &Options,
) -> Option<Width> {
    let chosen = |p: &&Parameter| options.wrt.as_ref().is_none_or(|names| names.contains(&p.name));
    let mut widths = Vec::new();
    for p in parameters.iter().filter(chosen) {
        match &p.shape {
            Some(shape) if shape.mutable || shape.record.is_some() => return None,
            Some(shape) => widths.push(&shape.width),
            None if options.wrt.is_some() => return None,
            None => {}
        }
    }
    let first = *widths.first()?;
    let one = matches!(outcome, Outcome::Scalar) && widths.iter().all(|width| *width == first);
    (one && Some(first) != returned).then(|| first.clone())
}

/// Derivatives of a converted result that there are: those of first order.
pub(super) fn report_kinds(options: &Options, errors: &mut Errors) {
    for kind in [Kind::Vjp, Kind::Hvp, Kind::Hessian, Kind::Derivatives] {
        if let Some(span) = options.span_of(kind) {
            errors.push(span, message::kind_of_converted());
        }
    }
}

/// Rewrites a body: `from` is what it computes in, `to` is what it returns.
pub fn rewrite(body: &mut Block, from: &Width, to: &Width, errors: &mut Errors) {
    let mut rewriter = Rewriter { from, to, errors };
    rewriter.visit_block_mut(body);
    rewriter.tail_of(body);
}

struct Rewriter<'r> {
    from: &'r Width,
    to: &'r Width,
    errors: &'r mut Errors,
}

impl Rewriter<'_> {
    fn tail_of(&mut self, block: &mut Block) {
        if let Some(Stmt::Expr(expr, None)) = block.stmts.last_mut() {
            self.tail(expr);
        }
    }

    /// What is returned.
    fn tail(&mut self, expr: &mut Expr) {
        if let Some(inner) = self.converted(expr) {
            *expr = inner;
            return;
        }
        match expr {
            Expr::Paren(e) => self.tail(&mut e.expr),
            Expr::Group(e) => self.tail(&mut e.expr),
            Expr::Block(e) if e.label.is_none() => self.tail_of(&mut e.block),
            Expr::If(e) => {
                self.tail_of(&mut e.then_branch);
                if let Some((_, other)) = &mut e.else_branch {
                    self.tail(other);
                }
            }
            Expr::Match(e) => e.arms.iter_mut().for_each(|arm| self.tail(&mut arm.body)),
            // What never gives a value, and the exits that a `Result` was taken apart to.
            Expr::Return(_) | Expr::Macro(_) | Expr::While(_) | Expr::ForLoop(_) => {}
            other => {
                let (from, to) = (self.from.ident(), self.to.ident());
                self.errors.push(Site::of(other), message::unconverted_result(from, to));
            }
        }
    }

    /// `x` of `x as f64`, `f64::from(x)`, `T::from(x).unwrap()`, `x.to_f64().unwrap()`, `x.into()`.
    fn converted(&self, expr: &Expr) -> Option<Expr> {
        match expr {
            Expr::Cast(e) => self.to.is(&e.ty.to_token_stream().to_string()).then(|| (*e.expr).clone()),
            Expr::MethodCall(e) if e.method == "into" && e.args.is_empty() => Some((*e.receiver).clone()),
            Expr::MethodCall(e) if e.method == "unwrap" || e.method == "expect" => self.in_option(&e.receiver),
            Expr::Call(e) if !self.to.is_generic() && self.is_from(&e.func, &["from"]) => e.args.first().cloned(),
            _ => None,
        }
    }

    /// `x` of `T::from(x)` and `x.to_f64()`, which are an `Option`.
    fn in_option(&self, expr: &Expr) -> Option<Expr> {
        match expr {
            Expr::Call(e) if e.args.len() == 1 && self.is_from(&e.func, &["from", "from_f64", "from_f32"]) => {
                e.args.first().cloned()
            }
            Expr::MethodCall(e) if e.args.is_empty() && e.method == format!("to_{}", self.to.ident()) => {
                Some((*e.receiver).clone())
            }
            _ => None,
        }
    }

    /// Whether a path is one of these functions of the type that is returned.
    fn is_from(&self, function: &Expr, names: &[&str]) -> bool {
        let text = match function {
            Expr::Path(path) if path.qself.is_some() => {
                let ty = path.qself.as_ref().map(|q| q.ty.to_token_stream().to_string());
                return ty.is_some_and(|ty| self.to.is(&ty))
                    && path_text(&path.path).rsplit("::").next().is_some_and(|name| names.contains(&name));
            }
            function => path_of(function).unwrap_or_default(),
        };
        text.split_once("::").is_some_and(|(ty, name)| self.to.is(ty) && names.contains(&name))
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            // What they return is not the function's.
            Expr::Closure(_) | Expr::Async(_) => {}
            Expr::Return(e) => {
                if let Some(value) = &mut e.expr {
                    visit_mut::visit_expr_mut(self, value);
                    self.tail(value);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
