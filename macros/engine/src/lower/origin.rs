//! Iterators that no list is behind: `once`, `repeat`, `repeat_n`, `repeat_with`, `successors`; and those that put others
//! together: `chain`, `cycle`. As long as elements have indices they keep them: an element of a chain is that of one of two
//! sources, by a branch.

use super::Lowerer;
use super::call::without_parentheses;
use super::control::yielding;
use super::effects::Effect;
use super::expression::Value;
use super::item::Item;
use super::iterate::Chain;
use super::join::Join;
use super::scope::State;
use super::source::{Source, effect};
use super::stage::Stage;
use super::syntax::path_of;
use crate::ir::{OpKind, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall};

impl Lowerer<'_> {
    /// An iterator by a function of the standard library's `iter`.
    pub(super) fn made_iterator(&mut self, call: &ExprCall, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        let name = of_iter(call)?;
        let args: Vec<&Expr> = call.args.iter().collect();
        let span = call.func.span();
        let source = match (&*name, args.as_slice()) {
            ("zip", [first, second]) => {
                let chain = self.iteration(first, written)?;
                return self.zipped(chain, first, second, written);
            }
            ("once", [value]) => {
                let one = self.engine_index(quote!(1), &[], span);
                Source::Take(Box::new(Source::Given(self.evaluate(value, None))), one)
            }
            ("repeat", [value]) => Source::Given(self.evaluate(value, None)),
            ("repeat_n", [value, n]) => {
                let value = self.evaluate(value, None);
                Source::Take(Box::new(Source::Given(value)), self.index(n))
            }
            ("repeat_with", [f]) => Source::Map(Box::new(self.endless(span)), self.function(f, 0)?),
            ("successors", [first, f]) => {
                let first = super::stage::some_of(first)?;
                let Item::Float(first) = self.evaluate(first, None) else { return None };
                let f = self.function(f, 1)?;
                let over = self.native("over", &quote!(false), span);
                let var = self.scopes.hidden(Ident::new("successor", Span::mixed_site()), State::Float(first));
                return Some(Chain { source: self.endless(span), stages: vec![Stage::Successors(f, var, over)] });
            }
            _ => return None,
        };
        Some(Chain { source, stages: Vec::new() })
    }

    /// So many that nobody counts them.
    fn endless(&mut self, span: Span) -> Source {
        let lo = self.engine_index(quote!(0), &[], span);
        let hi = self.engine_index(quote!(usize::MAX), &[], span);
        Source::Numbers { lo, hi: Some(hi), inclusive: false, untold: false }
    }

    /// `first.chain(second)`
    pub(super) fn chained(&mut self, first: Chain, second: &Expr, written: &dyn Fn(&str) -> bool) -> Option<Chain> {
        let second = match without_parentheses(second) {
            Expr::Array(_) => Chain {
                source: Source::Elements { part: self.array_in(second)?, mutable: false, owned: true },
                stages: Vec::new(),
            },
            _ => self.iteration(second, written)?,
        };
        // Each function is called once for each element, in their order.
        let plain = |chain: &Chain| {
            chain.stages.is_empty()
                && chain.source.indexed()
                && !chain.source.mutable()
                && effect(&chain.source) != Effect::Visible
        };
        if !plain(&first) || !plain(&second) {
            return None;
        }
        let n = self.count(&first.source, Span::mixed_site())?;
        let source = Source::Chain(Box::new(first.source), n, Box::new(second.source));
        Some(Chain { source, stages: Vec::new() })
    }

    /// The element of one of two sources.
    pub(super) fn element_of_either(
        &mut self,
        first: &Source,
        n: Val,
        second: &Source,
        index: Val,
        span: Span,
    ) -> Item {
        let cond = self.engine_index(quote!(i < n), &[("i", index), ("n", n)], span);
        self.func.vals[cond.0 as usize].ty = Ty::Bool;
        let (then_ops, then) = self.plain_arm(|l| l.element_of(first, index, span).value());
        let (other_ops, other) = self.plain_arm(|l| {
            let index = l.engine_index(quote!(i - n), &[("i", index), ("n", n)], span);
            l.element_of(second, index, span).value()
        });
        // Nothing is written through these.
        let mut join = Join { ops: [then_ops, other_ops], shared: true, ..Join::default() };
        let value = self.join([then, other], &mut join, span);
        let ([then_ops, other_ops], [thens, others]) = (join.ops, join.yields);
        self.push(OpKind::If(cond, yielding(then_ops, thens), yielding(other_ops, others)), span);
        if let Some(op) = self.ops().last_mut() {
            op.results = join.results;
        }
        self.ops().extend(join.after);
        match value {
            Some(Value::Float(val)) => Item::Float(val),
            Some(Value::Part { part, reference }) => Item::Part { part, reference },
            Some(Value::Inactive(val)) => Item::Other { val, indexable: false, reference: false },
            Some(Value::Aggregate(aggregate)) => Item::from(aggregate),
            Some(Value::Opaque) | None => {
                self.error(span, crate::diagnostics::message::lost_in_iterator("chain"));
                Item::Float(self.poison(span))
            }
        }
    }
}

/// Whether a function of `std::iter` is called.
pub(super) fn makes_iterator(call: &ExprCall) -> bool {
    of_iter(call).is_some()
}

/// The name of the function of `std::iter` that is called.
fn of_iter(call: &ExprCall) -> Option<String> {
    let path = path_of(&call.func)?;
    ["std::iter::", "core::iter::", "iter::"].iter().find_map(|prefix| path.strip_prefix(prefix)).map(str::to_string)
}
