//! What a closure is given or an iterator yields: a value without syntax of its own, bound to a pattern.
//!
//! Invariant: an [`Item`] was evaluated where it came from. Binding it only names it, and copies where the language does.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::binding::Access;
use super::expression::Value;
use super::field::takes_fields;
use super::pattern;
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use crate::ir::{Inactive, Op, OpKind, Part, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Pat, PatIdent};

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// A float, or a reference to one.
    Float(Val),
    /// An array or a part of one; `reference` if the value is a reference to it.
    Part { part: Part, reference: bool },
    /// A mutable reference to an element or a row.
    Element(Part),
    /// A mutable reference to a float: another name for its variable.
    Alias(VarId),
    /// Something else.
    Other { val: Val, indexable: bool, reference: bool },
    /// A closure that is inlined where it is called: an index into [`super::scope::Scopes::closures`].
    Closure(usize),
    /// Several side by side.
    Tuple(Vec<Item>),
    /// A tuple or a struct that is taken apart.
    Aggregate(Aggregate<Value>),
}

impl From<Aggregate<Value>> for Item {
    /// A tuple is its members side by side; a struct stays one, and so does what was not understood.
    fn from(aggregate: Aggregate<Value>) -> Self {
        let member = |value: &Value| match value {
            Value::Float(val) => Some(Item::Float(*val)),
            Value::Part { part, reference } => Some(Item::Part { part: part.clone(), reference: *reference }),
            Value::Inactive(val) => Some(Item::Other { val: *val, indexable: false, reference: false }),
            Value::Aggregate(inner) => Some(Item::from(inner.clone())),
            Value::Opaque => None,
        };
        let items = aggregate.members.iter().map(|(_, value)| member(value)).collect::<Option<Vec<Item>>>();
        match items {
            Some(items) if aggregate.path.is_none() && !aggregate.reference => Item::Tuple(items),
            _ => Item::Aggregate(aggregate),
        }
    }
}

impl Item {
    /// It as the value of an expression; `None` if it is none of those.
    pub(super) fn value(&self) -> Option<Value> {
        Some(match self {
            Item::Float(val) => Value::Float(*val),
            Item::Part { part, reference } => Value::Part { part: part.clone(), reference: *reference },
            Item::Other { val, .. } => Value::Inactive(*val),
            Item::Aggregate(aggregate) => Value::Aggregate(aggregate.clone()),
            Item::Tuple(items) => {
                let members = items.iter().enumerate().map(|(k, item)| Some((k.into(), item.value()?)));
                Value::Aggregate(Aggregate { path: None, reference: false, members: members.collect::<Option<_>>()? })
            }
            Item::Element(_) | Item::Alias(_) | Item::Closure(_) => return None,
        })
    }
}

impl Lowerer<'_> {
    /// Binds a value to a pattern; `false` if the pattern is not understood.
    pub(super) fn bind_item(&mut self, pat: &Pat, item: &Item) -> bool {
        match (pat, item) {
            (Pat::Wild(_), _) => true,
            (pat, Item::Aggregate(aggregate)) => {
                let value = Value::Aggregate(aggregate.clone());
                let fits = self.fits(pat, &value);
                if fits {
                    self.bind(pat, None, value, self.func.vals.len());
                }
                fits
            }
            (Pat::Paren(p), _) => self.bind_item(&p.pat, item),
            (Pat::Type(p), _) => self.bind_item(&p.pat, item),
            (Pat::Ident(p), _) if p.subpat.is_none() => self.bind_name_to(p, item),
            (Pat::Tuple(p), Item::Tuple(items)) if p.elems.len() == items.len() => {
                p.elems.iter().zip(items).all(|(pat, item)| self.bind_item(pat, item))
            }
            (Pat::Reference(p), Item::Float(val)) => {
                self.scopes.records.borrow(*val, false);
                self.bind_item(&p.pat, item)
            }
            (Pat::Reference(p), Item::Tuple(items)) => {
                // What is behind one reference comes as references.
                let member = |l: &mut Self, item: &Item| match item {
                    Item::Other { reference: true, .. } => l.dereferenced(item.clone(), p.span()),
                    item => item.clone(),
                };
                let items = items.iter().map(|item| member(self, item)).collect();
                self.bind_item(&p.pat, &Item::Tuple(items))
            }
            (Pat::Reference(p), Item::Part { part, .. }) => {
                self.bind_item(&p.pat, &Item::Part { part: part.clone(), reference: false })
            }
            (Pat::Struct(_) | Pat::TupleStruct(_) | Pat::Tuple(_), Item::Part { .. } | Item::Float(_))
                if takes_fields(pat) =>
            {
                let found = item.value().and_then(|value| self.struct_part(&value));
                if let Some((part, reference)) = &found {
                    self.bind_fields(pat, part, *reference);
                }
                found.is_some()
            }
            (Pat::Slice(_), Item::Part { part, reference }) => {
                self.bind_pattern(pat, part, if *reference { Access::Reference } else { Access::Value })
            }
            (Pat::Slice(_), Item::Element(part)) => self.bind_pattern(pat, part, Access::Exclusive),
            (_, Item::Other { val, .. }) => {
                let name = Ident::new("item__", Span::mixed_site());
                let mut code = Inactive::engine(quote!(#name));
                code.reads.push((name, *val));
                self.bind_code(pat, code, false, false)
            }
            _ => false,
        }
    }

    fn bind_name_to(&mut self, pat: &PatIdent, item: &Item) -> bool {
        let (name, mutable) = (&pat.ident, pat.mutability.is_some());
        match item {
            _ if pat.by_ref.is_some() && mutable => return false,
            Item::Float(val) => {
                self.func.vals[val.0 as usize].name.get_or_insert_with(|| name.clone());
                self.declare_float(name, *val, mutable);
            }
            Item::Part { part, reference } => {
                self.bind_part(name, part.clone(), *reference || pat.by_ref.is_some(), mutable);
            }
            Item::Other { val, indexable, reference } if !mutable && pat.by_ref.is_none() => {
                let info = &mut self.func.vals[val.0 as usize];
                info.name.get_or_insert_with(|| name.clone());
                let id = self.scopes.declare(name, State::Other { val: *val, indexable: *indexable }, false);
                self.scopes.vars[id].member = true;
                self.scopes.vars[id].reference = *reference;
            }
            Item::Other { val, indexable, reference } => {
                let source = Ident::new("item__", Span::mixed_site());
                let mut code = Inactive::engine(quote!(#source));
                code.reads.push((source, *val));
                let pat = Pat::Ident(pat.clone());
                return self.bind_code(&pat, code, *indexable, *reference);
            }
            Item::Element(part) => self.bind_exclusive(name, part),
            Item::Alias(id) => {
                self.scopes.declare(name, State::Alias(*id), false);
            }
            Item::Closure(closure) => {
                self.scopes.declare(name, State::Closure(*closure), mutable);
            }
            Item::Tuple(_) | Item::Aggregate(_) => {
                let Some(value) = item.value().filter(|_| pat.by_ref.is_none()) else { return false };
                self.bind_value(name, None, value, mutable, self.func.vals.len());
            }
        }
        true
    }

    /// `let pat = code;` for code that no derivative flows through.
    pub(super) fn bind_code(&mut self, pat: &Pat, mut code: Inactive, indexable: bool, reference: bool) -> bool {
        let Some(bound) = pattern::bindings(pat) else { return false };
        let mut pattern = pat.to_token_stream();
        let ends = code.reads.iter().any(|(_, val)| self.ending.has(*val));
        code.pure &= matches!(pat, Pat::Ident(p) if p.mutability.is_none());
        let mut results = Vec::new();
        for b in &bound {
            let binding = match (b.mutable, pat) {
                (true, _) => Binding::Native,
                (false, Pat::Ident(_)) => Binding::Value,
                _ => Binding::Member,
            };
            let new = self.bind_name(&b.name, binding);
            if let Some(new) = &new {
                pattern = with_name(pattern, &b.name, new);
            }
            let state = if b.mutable {
                State::Native
            } else {
                let name = new.clone().unwrap_or_else(|| b.name.clone());
                let val = self.func.val(Ty::Other, Some(name), b.name.span());
                results.push(val);
                State::Other { val, indexable }
            };
            let id = self.scopes.declare(&b.name, state, b.mutable);
            self.scopes.vars[id].emitted = new.filter(|_| b.mutable);
            self.scopes.vars[id].member = !b.mutable;
            if ends {
                self.ends(id);
            }
            self.scopes.vars[id].reference = reference;
        }
        code.pattern = Some(pattern);
        self.ops().push(Op { kind: OpKind::Inactive(code), results, span: pat.span() });
        true
    }
}
