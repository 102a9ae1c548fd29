//! Functions that return another float type than the one that they compute in: `fn f<T: Float>(x: T) -> f64 { …; y.to_f64().unwrap() }`.
//!
//! Input: the body of a function whose result is converted where it is returned. Output: the body of one that returns what
//! is converted there. Its derivative is that of the number before the conversion; the companions convert values and
//! tangents where they return them. With a conversion anywhere else, it is a function of several float types (`converts`).

use super::converts::Converts;
use super::known::Question;
use super::signature::{Interface, Outcome, Parameter};
use crate::diagnostics::{Errors, Site, message};
use crate::ir::Width;
use crate::options::{Kind, Options};
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

/// Where the result of a function is converted.
pub enum Converted {
    /// Where it is returned: the body without these conversions, and what is to be asked about them.
    There(Block, Vec<Question>),
    /// Not there, so perhaps before. If that does not turn out to be one, these are the errors.
    Before(Errors),
    /// Nowhere.
    Nowhere(Errors),
}

/// Takes the conversions to `to` out of a body.
#[must_use]
pub fn taken_out(body: &Block, interface: &Interface, to: &Width) -> Converted {
    let (from, mut errors) = (&interface.width, Errors::default());
    let main = if to.is_generic() { to } else { from };
    let width = Width::Mixed(Box::new(main.clone()));
    let converts = Converts { width: &width, own_bounds: interface.own_bounds, runtime: &interface.runtime };
    let mut rewriter = Rewriter { from, to, converts, questions: Vec::new(), errors: &mut errors };
    let mut rewritten = body.clone();
    rewriter.visit_block_mut(&mut rewritten);
    rewriter.tail_of(&mut rewritten);
    let questions = rewriter.questions;
    match () {
        () if errors.is_empty() => Converted::There(rewritten, questions),
        () if !to.is_generic() && converts.any(body) => Converted::Before(errors),
        () => Converted::Nowhere(errors),
    }
}

struct Rewriter<'r> {
    from: &'r Width,
    to: &'r Width,
    converts: Converts<'r>,
    questions: Vec<Question>,
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

    /// What an expression converts from the one type to the other.
    fn converted(&mut self, expr: &Expr) -> Option<Expr> {
        let found = self.converts.number(expr)?;
        let fits =
            found.target.is_none_or(|target| target == *self.to) && (!found.of_parameter || self.from.is_generic());
        fits.then(|| {
            self.questions.extend(found.question);
            found.number.clone()
        })
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
