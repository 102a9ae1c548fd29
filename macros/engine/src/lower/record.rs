//! Structs in `wrt`, and those that calls return, whose types a macro does not see. What is in a field is told by its use: an index makes it an array, a
//! field of it a struct, and else it is a number. What goes into code that is not followed is data.
//!
//! Whatever is found out holds for the field wherever it is used, so the body is lowered once more with it ([`Fields`]). The
//! emitted code states what was assumed ([`Check`]), and rustc compares it with the types: a wrong guess does not compile,
//! and a number whose derivative would be lost does not either.
//!
//! What lowering does with fields is in `field`; what is assumed of them in the end, in `assumed`.

use super::scope::{Scopes, State, Var};
use crate::ir::{Field, Member, Part, PlaceId, Step, Val};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use syn::Expr;

/// What was found out about fields, by their names from the parameter on: `p.inner.k`.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub(super) kinds: BTreeMap<String, Kind>,
    /// Those that are data.
    pub(super) data: BTreeMap<String, Mentioned>,
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.kinds == other.kinds
    }
}

/// What a field is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kind {
    rank: usize,
    pub(super) record: bool,
    /// Whether it is data: a derivative would be lost otherwise.
    data: bool,
}

impl Kind {
    /// Whether nothing is known but that it may be a number.
    pub(super) fn open(&self) -> bool {
        self.rank == 0 && !self.record && !self.data
    }
}

impl Fields {
    pub(super) fn kind(&self, key: &str) -> Kind {
        self.kinds.get(key).cloned().unwrap_or_default()
    }

    fn learn(&mut self, key: String, what: impl FnOnce(&mut Kind)) {
        what(self.kinds.entry(key).or_default());
    }

    pub(super) fn is_data(&mut self, mentioned: &Mentioned) {
        self.learn(mentioned.key.clone(), |kind| kind.data = true);
        self.data.entry(mentioned.key.clone()).or_insert_with(|| mentioned.clone());
    }
}

/// A field that is mentioned in code that is not followed.
#[derive(Clone, Debug)]
pub struct Mentioned {
    pub(super) key: String,
    /// The struct that has it.
    pub(super) base: Way,
    pub(super) member: Member,
}

/// Something in a struct: the key of that, and what follows its name.
#[derive(Clone, Debug)]
pub struct Way {
    pub(super) root: String,
    pub(super) tokens: TokenStream,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.root, self.tokens)
    }
}

/// What is known of structs while a function is lowered.
#[derive(Debug, Default)]
pub struct Records {
    /// What was found out, before and now.
    pub fields: RefCell<Fields>,
    /// The places that are structs, or made of them, and no copies of others, by what is the same in the next round: the
    /// names of parameters, and where the calls stand that return the others.
    roots: HashMap<PlaceId, String>,
    /// What local structs are copies of.
    pub(super) copies: HashMap<PlaceId, Part>,
    /// Where numbers were read.
    pub(super) origins: HashMap<Val, Part>,
    /// Those of them that have been read behind a reference, as the elements of a loop are.
    borrowed: HashSet<Val>,
    /// What variables began as that have these values now.
    began: RefCell<HashMap<Val, Part>>,
    /// Fields that would lose their derivatives: [`super::opaque::Source::Field`] is an index of these.
    pub(super) lost: RefCell<Vec<Mentioned>>,
}

impl Records {
    /// A place is a struct, or made of structs.
    pub fn declare(&mut self, place: PlaceId, key: String) {
        self.roots.insert(place, key);
    }

    /// The places with this key.
    pub(super) fn places(&self, key: &str) -> Vec<PlaceId> {
        let mut places: Vec<PlaceId> = self.roots.iter().filter(|(_, root)| *root == key).map(|(p, _)| *p).collect();
        places.sort_unstable();
        places
    }

    /// The struct that a part is one of, and the way from it.
    fn rooted(&self, part: &Part) -> Option<(&String, Vec<Step>)> {
        let mut path = part.path.clone();
        let mut place = part.place;
        loop {
            if let Some(key) = self.roots.get(&place) {
                return Some((key, path));
            }
            let copied = self.copies.get(&place)?;
            path.splice(0..0, copied.path.iter().cloned());
            place = copied.place;
        }
    }

    pub(super) fn key(&self, part: &Part) -> Option<String> {
        let (root, path) = self.rooted(part)?;
        let fields = path.iter().filter_map(|step| if let Step::Field(field) = step { Some(field) } else { None });
        Some(fields.fold(root.clone(), |key, field| format!("{key}.{}", field.member)))
    }

    /// A part of the same type that can be named where the struct begins.
    pub(super) fn way(&self, part: &Part) -> Option<Way> {
        let (root, path) = self.rooted(part)?;
        let tokens = path.iter().fold(TokenStream::new(), |tokens, step| match step {
            Step::At(_) => quote!(#tokens[0]),
            Step::Range(..) | Step::From(_) | Step::Field(Field { member: Member::Elements, .. }) => tokens,
            Step::Field(Field { member, .. }) => quote!(#tokens.#member),
        });
        Some(Way { root: root.clone(), tokens })
    }

    /// Whether a part is a struct or an array of structs, from a parameter.
    pub(super) fn knows(&self, part: &Part) -> bool {
        let last =
            part.path.iter().rev().find_map(|step| if let Step::Field(f) = step { Some(f.record) } else { None });
        last.unwrap_or(true) && self.rooted(part).is_some()
    }

    /// The field with what is known of it; `None` if it is data.
    pub(super) fn field(&self, base: &Part, member: Member) -> Option<Part> {
        let part = base.then(Step::Field(Field { member: member.clone(), rank: 0, record: false }));
        let kind = self.fields.borrow().kind(&self.key(&part)?);
        let field = Field { member, rank: kind.rank, record: kind.record };
        (!kind.data).then(|| base.then(Step::Field(field)))
    }

    /// Whether a part, which has a field, turned out to be something else than it was taken for.
    pub(super) fn learn(&self, part: &Part, record: bool) -> Option<Part> {
        let mut part = part.clone();
        let indices = part.path.iter().rev().take_while(|step| !matches!(step, Step::Field(_)));
        let indices = indices.filter(|step| matches!(step, Step::At(_))).count();
        let key = self.key(&part)?;
        let field = part.path.iter_mut().rev().find_map(|s| if let Step::Field(f) = s { Some(f) } else { None })?;
        field.rank = if record { indices } else { indices + 1 };
        field.record |= record;
        self.fields.borrow_mut().learn(key, |kind| {
            kind.rank = kind.rank.max(field.rank);
            kind.record |= record;
        });
        Some(part)
    }

    /// A field turned out to be an array of so many dimensions.
    pub(super) fn is_array(&self, field: &Part, rank: usize) {
        if let Some(key) = self.key(field) {
            self.fields.borrow_mut().learn(key, |kind| kind.rank = kind.rank.max(rank));
        }
    }

    /// The field that a part is, or is in.
    pub(super) fn mentioned(&self, part: &Part) -> Option<Mentioned> {
        let at = part.path.iter().rposition(|step| matches!(step, Step::Field(_)))?;
        let Step::Field(field) = &part.path[at] else { return None };
        let base = Part { place: part.place, path: part.path[..at].to_vec() };
        Some(Mentioned { key: self.key(part)?, base: self.way(&base)?, member: field.member.clone() })
    }

    /// Where a number was read, if that was in a struct.
    pub fn origin(&self, val: Val) -> Option<&Part> {
        self.origins.get(&val)
    }

    /// A variable that was a field in the beginning has another value now. If that is used as something else than a number,
    /// the field was none.
    pub fn began_as(&self, val: Val, field: Part) {
        self.began.borrow_mut().insert(val, field);
    }

    /// A number is behind a reference, or is not any more.
    pub fn borrow(&mut self, val: Val, borrowed: bool) {
        if borrowed && self.origins.contains_key(&val) {
            self.borrowed.insert(val);
        } else {
            self.borrowed.remove(&val);
        }
    }

    /// Whether a number is behind a reference.
    pub fn is_borrowed(&self, val: Val) -> bool {
        self.borrowed.contains(&val)
    }

    /// The field whose type a number has, or what is taken for one.
    pub(super) fn field_of(&self, val: Val) -> Option<Part> {
        self.origins.get(&val).cloned().or_else(|| self.began.borrow().get(&val).cloned())
    }

    /// Notes that a field would lose its derivative.
    pub fn lose(&self, mentioned: Mentioned) -> usize {
        let mut lost = self.lost.borrow_mut();
        lost.push(mentioned);
        lost.len() - 1
    }
}

/// A field in code that is not followed.
pub struct FieldMention {
    /// The variable that the way to it begins at.
    pub part: Part,
    /// The field.
    pub mentioned: Mentioned,
    /// Whether it is known to be data.
    pub data: bool,
    /// Whether it is known to be something that derivatives flow through.
    pub followed: bool,
}

impl Scopes {
    /// The field of a struct that an expression names.
    pub fn field_of_struct(&self, expr: &Expr) -> Option<(Ident, FieldMention)> {
        let mut steps = Vec::new();
        let mut current = expr;
        let root = loop {
            current = match current {
                Expr::Field(e) => {
                    steps.push(Some(member_of(&e.member)));
                    &e.base
                }
                Expr::Index(e) => {
                    steps.push(None);
                    &e.expr
                }
                Expr::Paren(e) => &e.expr,
                Expr::Group(e) => &e.expr,
                Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => &e.expr,
                Expr::Path(p) => break p.path.get_ident()?,
                _ => return None,
            };
        };
        steps.reverse();
        Some((root.clone(), self.field_at(root, &steps)?))
    }

    /// Whether a variable may be a struct in `wrt`, or in one.
    pub fn may_have_fields(&self, name: &Ident) -> bool {
        match self.find(&name.to_string()).map(|id| &self.vars[id]) {
            Some(Var { state: State::Part(part), .. }) => self.records.rooted(part).is_some(),
            Some(Var { state: State::Float(_), field, .. }) => field.is_some(),
            _ => false,
        }
    }

    /// The same of a name and what follows it in some tokens.
    pub fn field_in_tokens(
        &self,
        root: &Ident,
        mut rest: impl Iterator<Item = TokenTree> + Clone,
    ) -> Option<FieldMention> {
        let mut steps = Vec::new();
        loop {
            match rest.next() {
                Some(TokenTree::Punct(p)) if p.as_char() == '.' && p.spacing() == proc_macro2::Spacing::Alone => {}
                Some(TokenTree::Group(g)) if g.delimiter() == proc_macro2::Delimiter::Bracket => {
                    steps.push(None);
                    continue;
                }
                _ => break,
            }
            let member = rest.next();
            let called = match rest.clone().next() {
                Some(TokenTree::Group(g)) => g.delimiter() == proc_macro2::Delimiter::Parenthesis,
                Some(TokenTree::Punct(p)) => p.as_char() == ':',
                _ => false,
            };
            match member {
                Some(TokenTree::Ident(name)) if !called => steps.push(Some(Member::Named(name))),
                // `t.0.1` has the literal `0.1` in it.
                Some(TokenTree::Literal(literal)) => {
                    let text = literal.to_string();
                    steps.extend(text.split('.').filter_map(|k| k.parse().ok()).map(|k| Some(Member::Index(k))));
                }
                _ => break,
            }
        }
        self.field_at(root, &steps)
    }

    /// The variable that an assignment goes to a field of, or to a struct in.
    pub(super) fn struct_behind(&self, target: &Expr) -> Option<Part> {
        if let Some((_, field)) = self.field_of_struct(target) {
            return (!field.data).then_some(field.part);
        }
        let mut base = target;
        while let Expr::Index(syn::ExprIndex { expr: inner, .. })
        | Expr::Paren(syn::ExprParen { expr: inner, .. })
        | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = base
        {
            base = inner;
        }
        let Expr::Path(p) = base else { return None };
        match self.state(&p.path.get_ident()?.to_string())? {
            State::Part(part) if self.records.knows(part) => Some(part.clone()),
            _ => None,
        }
    }

    /// A field is matched with variants of an enum: it is data.
    pub(super) fn is_enum(&self, expr: &Expr) {
        let expr = match expr {
            Expr::Reference(e) => &e.expr,
            other => other,
        };
        let named = || match expr {
            Expr::Path(p) => self.vars[self.find(&p.path.get_ident()?.to_string())?].field.clone(),
            _ => None,
        };
        if let Some((_, field)) = self.field_of_struct(expr) {
            if !field.followed {
                self.records.fields.borrow_mut().is_data(&field.mentioned);
            }
        } else if let Some(mentioned) = named().and_then(|field| self.records.mentioned(&field)) {
            self.records.fields.borrow_mut().is_data(&mentioned);
        }
    }

    /// Whether an expression visibly is a struct.
    pub fn struct_named(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(p) => match p.path.get_ident().and_then(|ident| self.state(&ident.to_string())) {
                Some(State::Part(part)) => part.path.is_empty() && self.records.knows(part),
                _ => false,
            },
            Expr::Paren(e) => self.struct_named(&e.expr),
            Expr::Reference(e) => self.struct_named(&e.expr),
            Expr::Unary(e) => self.struct_named(&e.expr),
            _ => false,
        }
    }

    fn field_at(&self, root: &Ident, steps: &[Option<Member>]) -> Option<FieldMention> {
        let last = steps.iter().rposition(Option::is_some)?;
        let part = match self.state(&root.to_string())? {
            State::Part(part) if self.records.knows(part) => part.clone(),
            State::Part(part) => self.records.learn(part, true)?,
            State::Float(_) => self.records.learn(self.vars[self.find(&root.to_string())?].field.as_ref()?, true)?,
            _ => return None,
        };
        let Way { root, mut tokens } = self.records.way(&part)?;
        let mut key = self.records.key(&part)?;
        let mut data = false;
        let mut mentioned = None;
        for step in &steps[..=last] {
            let Some(member) = step else {
                tokens = quote!(#tokens[0]);
                continue;
            };
            key = format!("{key}.{member}");
            let base = Way { root: root.clone(), tokens: tokens.clone() };
            tokens = quote!(#tokens.#member);
            // What is in a field that is data is, too.
            if !data {
                mentioned = Some(Mentioned { key: key.clone(), base, member: member.clone() });
            }
            data |= self.records.fields.borrow().kind(&key).data;
        }
        let mentioned = mentioned?;
        let kind = self.records.fields.borrow().kind(&mentioned.key);
        Some(FieldMention { part, data, followed: !kind.open() && !data, mentioned })
    }
}

pub(super) fn member_of(member: &syn::Member) -> Member {
    match member {
        syn::Member::Named(name) => Member::Named(name.clone()),
        syn::Member::Unnamed(index) => Member::Index(index.index),
    }
}
