//! Expressions as what their surroundings need: a float, an index. What is not lowered is carried along as the user wrote it,
//! with its type stated where nothing else would tell rustc.

use super::Lowerer;
use super::call::without_parentheses;
use super::exits::Scan;
use super::expression::Value;
use super::lambda::Want;
use super::mention::ident_of;
use super::opaque::Fate;
use super::scope::State;
use super::syntax::{describe, keyword};
use super::tail::float_tail;
use crate::diagnostics::{Site, message};
use crate::ir::{Op, OpKind, Stated, Ty, Val};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, Lit};

impl Lowerer<'_> {
    /// The expression as a float.
    pub(super) fn float(&mut self, expr: &Expr) -> Val {
        let value = self.expr(expr);
        self.float_value(value, expr)
    }

    pub(super) fn float_value(&mut self, value: Value, expr: &Expr) -> Val {
        match value {
            Value::Float(val) => val,
            Value::Opaque => self.float_template(expr),
            Value::Part { part, .. } if self.func.is_number(&part) => self.load(part, expr.span()),
            Value::Part { part, .. } if self.func.is_struct(&part) => {
                self.error(Site::of(expr), message::struct_as_number(expr.to_token_stream()));
                self.poison(expr.span())
            }
            Value::Inactive(val) => self.typed_value(val, expr.span()),
            Value::Part { .. } | Value::Aggregate(_) => {
                self.error(Site::of(expr), message::not_a_float());
                self.poison(expr.span())
            }
        }
    }

    /// An opaque expression that is a float.
    pub(super) fn float_template(&mut self, expr: &Expr) -> Val {
        let val = self.bare_template(expr);
        self.read_through(expr);
        val
    }

    /// Reads the number that was just taken from an expression, if that may be a reference to it.
    pub(super) fn read_through(&mut self, expr: &Expr) {
        let float = self.float_name();
        if self.may_be_reference(expr)
            && let Some(Op { kind: OpKind::Inactive(code), .. }) = self.ops().last_mut()
        {
            let tokens = &code.tokens;
            code.tokens = quote!(#float::clone(&#tokens));
        }
    }

    /// The same, or a reference to one.
    pub(super) fn bare_template(&mut self, expr: &Expr) -> Val {
        let scan = Scan::expr(expr);
        if let Some((span, message)) = scan.in_expression() {
            self.error(span, message);
            return self.poison(span);
        }
        if let Expr::Call(call) = expr
            && let Some(Value::Float(val)) = self.inlined_call(call, Want::Float)
        {
            return val;
        }
        if let (true, Expr::Lit(literal)) = (self.func.width.is_generic(), expr)
            && matches!(literal.lit, Lit::Float(_))
        {
            let message = message::literal_in_generic(literal.to_token_stream(), self.func.width.ident());
            self.error(Site::of(literal), message);
            return self.poison(expr.span());
        }
        let (site, text) = match without_parentheses(expr) {
            Expr::Cast(cast) if let Some(integer) = ident_of(&cast.expr) => {
                (integer.span().into(), message::lost_in_integer(&integer))
            }
            other => (keyword(other), message::unsupported(describe(other))),
        };
        self.template(expr, Ty::Float, &Fate::Lost(site, text))
    }

    /// Whether an expression is the name of a number or of a reference to one: patterns do not tell. Arithmetic takes
    /// either, but where the engine reads it, it has to be the number.
    fn may_be_reference(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(e) => self.may_be_reference(&e.expr),
            Expr::Path(p) => {
                p.path.get_ident().and_then(|ident| self.scopes.find(&ident.to_string())).is_some_and(|id| {
                    self.scopes.vars[id].member && matches!(self.scopes.vars[id].state, State::Other { .. })
                })
            }
            _ => false,
        }
    }

    /// An opaque expression that is a float because of where it stands: `let y: f64 = list.iter().sum();`
    pub(super) fn typed_template(&mut self, expr: &Expr) -> Val {
        let val = self.float_template(expr);
        let plain = matches!(expr, Expr::Path(_) | Expr::Lit(_) | Expr::Cast(_) | Expr::Index(_) | Expr::Field(_));
        if let Some(Op { kind: OpKind::Inactive(code), results, .. }) = self.ops().last_mut()
            && *results == [val]
        {
            code.stated = if plain { Stated::Nothing } else { Stated::Float };
        }
        val
    }

    /// An opaque expression of which only what is assigned later tells that it is a float. If it is none, that is an error
    /// where the emitted code says so.
    pub(super) fn assumed_float(&mut self, expr: &Expr) -> Val {
        let val = self.float_template(expr);
        if let Some(Op { kind: OpKind::Inactive(code), .. }) = self.ops().last_mut() {
            code.stated = Stated::Float;
        }
        val
    }

    /// What a method is called on that is named like one of floats, and whose type is not visible.
    pub(super) fn number_template(&mut self, expr: &Expr) -> Val {
        let val = self.float_template(expr);
        if !float_tail(expr, &self.func.width)
            && let Some(Op { kind: OpKind::Inactive(code), results, .. }) = self.ops().last_mut()
            && *results == [val]
        {
            code.stated = Stated::Number;
        }
        val
    }

    /// The expression as an index.
    pub(super) fn index(&mut self, expr: &Expr) -> Val {
        self.learn_indices(expr);
        if let Expr::Block(e) = without_parentheses(expr)
            && e.label.is_none()
            && let Some((syn::Stmt::Expr(last, None), stmts @ [_, ..])) = e.block.stmts.split_last()
            && Scan::expr(expr).exits.is_empty()
            && self.mentions_float(expr)
        {
            return self.plain_block(&e.block, |l, _| {
                stmts.iter().for_each(|s| l.statement(s));
                l.index(last)
            });
        }
        if let Expr::Path(p) = expr
            && let Some(ident) = p.path.get_ident()
            && let Some(State::Other { val, .. }) = self.scopes.state(&ident.to_string())
            && self.func.info(*val).ty == Ty::Index
        {
            return *val;
        }
        self.template(expr, Ty::Index, &Fate::Lost(Site::of(expr), message::lost_in_cast("usize")))
    }

    /// The expression as the index of an element: which one it is, only decides.
    pub(super) fn index_of_element(&mut self, expr: &Expr) -> Val {
        let block = matches!(without_parentheses(expr), Expr::Block(_));
        if !block && self.is_integer(expr) { self.template(expr, Ty::Index, &Fate::Consumed) } else { self.index(expr) }
    }
}
