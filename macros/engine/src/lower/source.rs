//! Elements by their index: how many a source has, which range a loop over it runs through, and what it reads at each
//! index. `rev`, `skip` and the like only move indices; where they are outermost, the range moves instead.

use super::Lowerer;
use super::effects::Effect;
use super::item::Item;
use super::iterate::Function;
use crate::ir::{Dim, Inactive, OpKind, Part, Range, Step, Ty, Val};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// Elements by their index.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The elements of an array: references, mutable ones, or the elements themselves.
    Elements { part: Part, mutable: bool, owned: bool },
    /// The elements of something that is no array of floats but can be read by index.
    Indexed { name: Ident, val: Val },
    /// Integers from `lo`, of whichever type: `untold`, if they are between literals.
    Numbers { lo: Val, hi: Option<Val>, inclusive: bool, untold: bool },
    /// The index of the loop.
    Counter,
    /// Parts of an array: windows that overlap, or pieces one after the other, of which the last may be short.
    Pieces { part: Part, size: Val, kind: Pieces, mutable: bool },
    /// Any iterator that no number goes into, consumed once. It has no index.
    Once(Inactive),
    /// Elements beside such an iterator, as which of two.
    Beside(Box<Source>, Inactive, bool),
    /// What a loop's own pattern binds: the same in each iteration.
    Given(Item),
    /// The element at an index that a loop's own pattern binds.
    At(Box<Source>, Val),
    /// Copies of what references refer to.
    Copied(Box<Source>),
    /// With a counter.
    Enumerate(Box<Source>),
    /// Two side by side.
    Zip(Box<Source>, Box<Source>),
    /// The columns of a list of tuples, all of the same length.
    Rows(Vec<Source>),
    /// Each through a function.
    Map(Box<Source>, Function),
    /// Without the first.
    Skip(Box<Source>, Val),
    /// The first only.
    Take(Box<Source>, Val),
    /// Backwards; with the number of elements.
    Rev(Box<Source>, Val),
    /// Every so many.
    StepBy(Box<Source>, Val),
    /// One after the other; with the number of elements of the first.
    Chain(Box<Source>, Val, Box<Source>),
    /// Again and again; with the number of elements.
    Cycle(Box<Source>, Val),
}

/// How parts of an array follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pieces {
    Windows,
    Chunks,
    Exact,
    /// From the end.
    Backwards,
    /// From the end, without what is left at the start.
    ExactBackwards,
}

impl Source {
    /// Whether its elements have indices.
    pub(super) fn indexed(&self) -> bool {
        match self {
            Source::Once(..) | Source::Beside(..) => false,
            Source::Map(inner, _) | Source::Copied(inner) => inner.indexed(),
            _ => true,
        }
    }

    /// Whether its elements are mutable references.
    pub(super) fn mutable(&self) -> bool {
        match self {
            Source::Elements { mutable, .. } | Source::Pieces { mutable, .. } => *mutable,
            Source::Enumerate(s)
            | Source::Map(s, _)
            | Source::Skip(s, _)
            | Source::Take(s, _)
            | Source::Rev(s, _)
            | Source::StepBy(s, _)
            | Source::Beside(s, ..)
            | Source::Copied(s) => s.mutable(),
            Source::Zip(a, b) | Source::Chain(a, _, b) => a.mutable() || b.mutable(),
            _ => false,
        }
    }
}

impl Lowerer<'_> {
    /// How many elements there are; `None` if there is no end.
    pub(super) fn count(&mut self, source: &Source, span: Span) -> Option<Val> {
        let code = |l: &mut Self, tokens: TokenStream, reads: &[(&str, Val)]| Some(l.engine_index(tokens, reads, span));
        match source {
            Source::Elements { part, .. } => Some(self.length(part, span)),
            Source::Indexed { name, val } => {
                let mut code = Inactive::engine(quote!(#name.len()));
                code.reads.push((name.clone(), *val));
                code.pure = !self.scopes.unstable.contains(&name.to_string());
                Some(self.define(OpKind::Inactive(code), Ty::Index, span))
            }
            Source::Numbers { lo, hi, inclusive, .. } => {
                let hi = (*hi)?;
                let range = if *inclusive { quote!(lo..=hi) } else { quote!(lo..hi) };
                code(self, quote!(::core::iter::Iterator::count(#range)), &[("lo", *lo), ("hi", hi)])
            }
            Source::Pieces { part, size, kind, .. } => {
                let n = self.length(part, span);
                let tokens = match (kind, self.literal_of(*size)) {
                    (Pieces::Windows, Some(k @ 1..)) => {
                        let less = Literal::usize_unsuffixed(k - 1);
                        quote!(usize::saturating_sub(n, #less))
                    }
                    (Pieces::Windows, _) => quote!(usize::saturating_sub(n + 1, k)),
                    (Pieces::Chunks | Pieces::Backwards, _) => quote!(usize::div_ceil(n, k)),
                    (Pieces::Exact | Pieces::ExactBackwards, _) => quote!(n / k),
                };
                code(self, tokens, &[("n", n), ("k", *size)])
            }
            Source::Enumerate(inner) | Source::Map(inner, _) | Source::Copied(inner) => self.count(inner, span),
            Source::Rows(columns) => self.count(columns.first()?, span),
            Source::Zip(a, b) if self.as_long(a, b) => self.count(a, span),
            Source::Zip(a, b) => match (self.count(a, span), self.count(b, span)) {
                (Some(a), Some(b)) => {
                    code(self, quote!(::core::cmp::Ord::min(left, right)), &[("left", a), ("right", b)])
                }
                (a, b) => a.or(b),
            },
            Source::Skip(inner, k) => {
                let n = self.count(inner, span)?;
                code(self, quote!(usize::saturating_sub(n, k)), &[("n", n), ("k", *k)])
            }
            Source::Take(inner, k) => match self.count(inner, span) {
                Some(n) => code(self, quote!(::core::cmp::Ord::min(n, k)), &[("n", n), ("k", *k)]),
                None => Some(*k),
            },
            Source::Rev(_, n) => Some(*n),
            Source::Chain(_, n, second) => {
                let m = self.count(second, span)?;
                code(self, quote!(n + m), &[("n", *n), ("m", m)])
            }
            Source::Cycle(_, n) => code(self, quote!(if n == 0 { 0 } else { usize::MAX }), &[("n", *n)]),
            Source::StepBy(inner, k) => {
                let n = self.count(inner, span)?;
                code(self, quote!(usize::div_ceil(n, k)), &[("n", n), ("k", *k)])
            }
            Source::Counter | Source::Given(_) | Source::At(..) | Source::Once(..) | Source::Beside(..) => None,
        }
    }

    /// The element at an index.
    pub(super) fn element_of(&mut self, source: &Source, index: Val, span: Span) -> Item {
        match source {
            Source::Elements { part, mutable, owned } => {
                let part = part.at(index);
                match self.func.is_number(&part) {
                    _ if *mutable => Item::Element(part),
                    true => {
                        let val = self.load(part, span);
                        self.scopes.records.borrow(val, !owned);
                        self.behind.extend((!owned).then_some(val));
                        Item::Float(val)
                    }
                    false => Item::Part { part, reference: !owned },
                }
            }
            Source::Indexed { name, val } => self.indexed(name, *val, index, true, span),
            Source::Copied(inner) => {
                if let Source::Indexed { name, val } = &**inner {
                    return self.indexed(name, *val, index, false, span);
                }
                let item = self.element_of(inner, index, span);
                self.dereferenced(item, span)
            }
            Source::Given(item) => item.clone(),
            Source::At(inner, index) => self.element_of(inner, *index, span),
            // Of the same type as the bound, whichever that is.
            Source::Numbers { lo, hi, untold, .. } => {
                let lo = if *untold { self.first_of(*lo, span) } else { *lo };
                let (range, read) = match *hi {
                    Some(hi) => (quote!(lo..=hi), vec![("lo", lo), ("hi", hi), ("i", index)]),
                    None => (quote!(lo..), vec![("lo", lo), ("i", index)]),
                };
                let nth = quote!(::core::iter::Iterator::nth(&mut (#range), i).unwrap_or(lo));
                let val = self.engine_index(nth, &read, span);
                Item::Other { val, indexable: false, reference: false }
            }
            Source::Counter => Item::Other { val: index, indexable: false, reference: false },
            Source::Pieces { part, size, kind, mutable } => {
                let reads = [("i", index), ("k", *size)];
                let (lo, hi) = match kind {
                    Pieces::Windows => (index, self.engine_index(quote!(i + k), &reads, span)),
                    Pieces::Exact | Pieces::Chunks => {
                        let lo = self.engine_index(quote!(i * k), &reads, span);
                        let hi = self.engine_index(quote!(i + k), &[("i", lo), ("k", *size)], span);
                        let hi = if *kind == Pieces::Exact {
                            hi
                        } else {
                            let n = self.length(part, span);
                            self.engine_index(quote!(::core::cmp::Ord::min(n, k)), &[("n", hi), ("k", n)], span)
                        };
                        (lo, hi)
                    }
                    Pieces::Backwards | Pieces::ExactBackwards => {
                        let n = self.length(part, span);
                        let hi = self.engine_index(quote!(n - i * k), &[("n", n), ("i", index), ("k", *size)], span);
                        let lo = quote!(usize::saturating_sub(n, k));
                        (self.engine_index(lo, &[("n", hi), ("k", *size)], span), hi)
                    }
                };
                let part = part.then(Step::Range(lo, hi));
                if *mutable { Item::Element(part) } else { Item::Part { part, reference: true } }
            }
            Source::Enumerate(inner) => {
                let counter = Item::Other { val: index, indexable: false, reference: false };
                Item::Tuple(vec![counter, self.element_of(inner, index, span)])
            }
            Source::Rows(columns) => {
                Item::Tuple(columns.iter().map(|column| self.element_of(column, index, span)).collect())
            }
            Source::Zip(a, b) => Item::Tuple(vec![self.element_of(a, index, span), self.element_of(b, index, span)]),
            Source::Map(inner, f) => {
                let item = self.element_of(inner, index, span);
                self.apply(f, &[item])
            }
            Source::Skip(inner, k) => {
                let at = self.engine_index(quote!(i + k), &[("i", index), ("k", *k)], span);
                self.element_of(inner, at, span)
            }
            Source::Take(inner, _) => self.element_of(inner, index, span),
            Source::Rev(inner, n) => {
                let at = self.engine_index(quote!(n - 1 - i), &[("n", *n), ("i", index)], span);
                self.element_of(inner, at, span)
            }
            Source::StepBy(inner, k) => {
                let at = self.engine_index(quote!(i * k), &[("i", index), ("k", *k)], span);
                self.element_of(inner, at, span)
            }
            Source::Chain(first, n, second) => self.element_of_either(first, *n, second, index, span),
            Source::Cycle(inner, n) => {
                let at = self.engine_index(quote!(i % n), &[("i", index), ("n", *n)], span);
                self.element_of(inner, at, span)
            }
            Source::Once(..) | Source::Beside(..) => Item::Tuple(Vec::new()),
        }
    }

    fn indexed(&mut self, name: &Ident, val: Val, index: Val, reference: bool, span: Span) -> Item {
        let borrow = reference.then(|| quote!(&));
        let at = Ident::new("at__", Span::mixed_site());
        let mut code = Inactive::engine(quote!(#borrow #name[#at]));
        code.reads.extend([(name.clone(), val), (at, index)]);
        code.pure = !self.scopes.unstable.contains(&name.to_string());
        let val = self.define(OpKind::Inactive(code), Ty::Other, span);
        Item::Other { val, indexable: false, reference }
    }

    /// What a reference refers to.
    pub(super) fn dereferenced(&mut self, item: Item, span: Span) -> Item {
        match item {
            Item::Part { part, .. } => Item::Part { part, reference: false },
            Item::Float(val) => {
                self.scopes.records.borrow(val, false);
                Item::Float(val)
            }
            Item::Other { val, indexable, .. } => {
                let mut code = Inactive::engine(quote!(*item__));
                code.reads.push((Ident::new("item__", Span::call_site()), val));
                let val = self.define(OpKind::Inactive(code), Ty::Other, span);
                Item::Other { val, indexable, reference: false }
            }
            item => item,
        }
    }

    /// The range of a loop over a source, and what it reads at each index.
    pub(super) fn bounds(&mut self, source: &Source, span: Span) -> Option<(Range, Source)> {
        match source {
            Source::Numbers { lo, hi: Some(hi), inclusive, .. } => {
                Some((Range { lo: *lo, hi: *hi, inclusive: *inclusive, step: None, reversed: false }, Source::Counter))
            }
            Source::Map(inner, f) => {
                let (range, inner) = self.bounds(inner, span)?;
                Some((range, Source::Map(Box::new(inner), f.clone())))
            }
            Source::Copied(inner) => {
                let (range, inner) = self.bounds(inner, span)?;
                Some((range, Source::Copied(Box::new(inner))))
            }
            Source::Rev(inner, _) => match self.bounds(inner, span)? {
                (range, inner) if !range.reversed => Some((Range { reversed: true, ..range }, inner)),
                _ => self.plain_bounds(source, span),
            },
            Source::StepBy(inner, k) => match self.bounds(inner, span)? {
                (range, inner) if !range.reversed && range.step.is_none() => {
                    Some((Range { step: Some(*k), ..range }, inner))
                }
                _ => self.plain_bounds(source, span),
            },
            Source::Skip(inner, k) if !matches!(**inner, Source::Numbers { .. }) => match self.bounds(inner, span)? {
                (range, inner)
                    if self.starts_at_zero(&range) && inner.indexed() && !matches!(inner, Source::Counter) =>
                {
                    Some((Range { lo: *k, ..range }, inner))
                }
                _ => self.plain_bounds(source, span),
            },
            _ => self.plain_bounds(source, span),
        }
    }

    fn plain_bounds(&mut self, source: &Source, span: Span) -> Option<(Range, Source)> {
        let hi = self.count(source, span)?;
        let lo = self.engine_index(quote!(0), &[], span);
        Some((Range { lo, hi, inclusive: false, step: None, reversed: false }, source.clone()))
    }

    /// Whether two arrays visibly have the same length.
    pub(super) fn as_long(&self, a: &Source, b: &Source) -> bool {
        let (Some(a), Some(b)) = (listed(a), listed(b)) else { return false };
        match (self.func.dims(a).first(), self.func.dims(b).first()) {
            (Some(Dim::Fixed(m)), Some(Dim::Fixed(n))) => m.to_string() == n.to_string(),
            _ => a == b,
        }
    }

    /// The number that an index visibly is.
    fn literal_of(&self, val: Val) -> Option<usize> {
        let op = self.regions.last()?.iter().rfind(|op| op.results == [val])?;
        match &op.kind {
            OpKind::Inactive(code) if code.reads.is_empty() => code.tokens.to_string().parse().ok(),
            _ => None,
        }
    }

    /// Whether a range is `0..n`, as [`Lowerer::plain_bounds`] makes them.
    fn starts_at_zero(&self, range: &Range) -> bool {
        let zero = self.literal_of(range.lo) == Some(0);
        zero && range.step.is_none() && !range.reversed && !range.inclusive
    }
}

/// The array of whose elements a source has one each.
fn listed(source: &Source) -> Option<&Part> {
    match source {
        Source::Elements { part, .. } => Some(part),
        Source::Map(s, _) | Source::Copied(s) | Source::Enumerate(s) | Source::Rev(s, _) => listed(s),
        _ => None,
    }
}

/// What the functions do that a source calls for its elements.
pub(super) fn effect(source: &Source) -> Effect {
    match source {
        Source::Map(inner, f) => f.lambda.effect.max(effect(inner)),
        Source::Copied(s)
        | Source::Enumerate(s)
        | Source::Skip(s, _)
        | Source::Take(s, _)
        | Source::Rev(s, _)
        | Source::StepBy(s, _)
        | Source::Cycle(s, _) => effect(s),
        Source::Zip(a, b) | Source::Chain(a, _, b) => effect(a).max(effect(b)),
        _ => Effect::No,
    }
}

/// Whether no element of the list that a source begins with is left out.
pub(super) fn whole(source: &Source) -> bool {
    match source {
        Source::Map(s, _) | Source::Copied(s) | Source::Enumerate(s) | Source::Rev(s, _) => whole(s),
        Source::Skip(..)
        | Source::Take(..)
        | Source::StepBy(..)
        | Source::Zip(..)
        | Source::Chain(..)
        | Source::Cycle(..) => false,
        _ => true,
    }
}
