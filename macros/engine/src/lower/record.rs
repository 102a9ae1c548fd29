//! Structs in `wrt`, whose types a macro does not see. What is in a field is told by its use: an index makes it an array, a
//! field of it a struct, and else it is a number. What goes into code that is not followed is data.
//!
//! Whatever is found out holds for the field wherever it is used, so the body is lowered once more with it ([`Fields`]). The
//! emitted code states what was assumed ([`Check`]), and rustc compares it with the types: a wrong guess does not compile,
//! and a number whose derivative would be lost does not either.
//!
//! A struct is a place, and its fields are parts of it. A number in a struct that is only read is a value, read once at the
//! start of the function.

use super::Lowerer;
use super::expression::Value;
use super::scope::{Scopes, State};
use crate::analysis::sums::each_op;
use crate::diagnostics::{Site, message};
use crate::ir::{Check, End, Field, Func, Inactive, Member, Op, OpKind, Part, PlaceId, Region, Step, Storage, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use syn::spanned::Spanned as _;
use syn::{Expr, Pat};

/// What was found out about fields, by their names from the parameter on: `p.inner.k`.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    kinds: BTreeMap<String, Kind>,
    /// Those that are data.
    data: BTreeMap<String, Mentioned>,
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.kinds == other.kinds
    }
}

/// What a field is.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kind {
    rank: usize,
    record: bool,
    /// Whether it is data: a derivative would be lost otherwise.
    data: bool,
}

impl Kind {
    /// Whether nothing is known but that it may be a number.
    fn open(&self) -> bool {
        self.rank == 0 && !self.record && !self.data
    }
}

impl Fields {
    fn kind(&self, key: &str) -> Kind {
        self.kinds.get(key).cloned().unwrap_or_default()
    }

    fn learn(&mut self, key: String, what: impl FnOnce(&mut Kind)) {
        what(self.kinds.entry(key).or_default());
    }

    fn is_data(&mut self, mentioned: &Mentioned) {
        self.learn(mentioned.key.clone(), |kind| kind.data = true);
        self.data.entry(mentioned.key.clone()).or_insert_with(|| mentioned.clone());
    }
}

/// A field that is mentioned in code that is not followed.
#[derive(Clone, Debug)]
pub struct Mentioned {
    key: String,
    base: TokenStream,
    member: Member,
}

/// What is known of structs while a function is lowered.
#[derive(Debug, Default)]
pub struct Records {
    /// What was found out, before and now.
    pub fields: RefCell<Fields>,
    /// The names of parameters that are structs, or made of them.
    roots: HashMap<PlaceId, Ident>,
    /// What local structs are copies of.
    copies: HashMap<PlaceId, Part>,
    /// Where numbers were read.
    origins: HashMap<Val, Part>,
    /// Those of them that have been read behind a reference, as the elements of a loop are.
    borrowed: HashSet<Val>,
    /// What variables began as that have these values now.
    began: RefCell<HashMap<Val, Part>>,
    /// Fields that would lose their derivatives: [`super::opaque::Source::Field`] is an index of these.
    lost: RefCell<Vec<Mentioned>>,
}

impl Records {
    /// A parameter is a struct, or made of structs.
    pub fn declare(&mut self, place: PlaceId, name: &Ident) {
        self.roots.insert(place, name.clone());
    }

    /// The parameter that a part is one of, and the way from it.
    fn rooted(&self, part: &Part) -> Option<(&Ident, Vec<Step>)> {
        let mut path = part.path.clone();
        let mut place = part.place;
        loop {
            if let Some(name) = self.roots.get(&place) {
                return Some((name, path));
            }
            let copied = self.copies.get(&place)?;
            path.splice(0..0, copied.path.iter().cloned());
            place = copied.place;
        }
    }

    fn key(&self, part: &Part) -> Option<String> {
        let (root, path) = self.rooted(part)?;
        let fields = path.iter().filter_map(|step| if let Step::Field(field) = step { Some(field) } else { None });
        Some(fields.fold(root.to_string(), |key, field| format!("{key}.{}", field.member)))
    }

    /// A part of the same type, as an expression that can stand at the start of the function.
    fn tokens(&self, part: &Part) -> Option<TokenStream> {
        let (root, path) = self.rooted(part)?;
        Some(path.iter().fold(quote!(#root), |tokens, step| match step {
            Step::At(_) => quote!(#tokens[0]),
            Step::Range(..) | Step::From(_) => tokens,
            Step::Field(Field { member, .. }) => quote!(#tokens.#member),
        }))
    }

    /// Whether a part is a struct or an array of structs, from a parameter.
    fn knows(&self, part: &Part) -> bool {
        let last =
            part.path.iter().rev().find_map(|step| if let Step::Field(f) = step { Some(f.record) } else { None });
        last.unwrap_or(true) && self.rooted(part).is_some()
    }

    /// The field with what is known of it; `None` if it is data.
    fn field(&self, base: &Part, member: Member) -> Option<Part> {
        let part = base.then(Step::Field(Field { member: member.clone(), rank: 0, record: false }));
        let kind = self.fields.borrow().kind(&self.key(&part)?);
        let field = Field { member, rank: kind.rank, record: kind.record };
        (!kind.data).then(|| base.then(Step::Field(field)))
    }

    /// Whether a part, which has a field, turned out to be something else than it was taken for.
    fn learn(&self, part: &Part, record: bool) -> Option<Part> {
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

    /// The field that a part is, or is in.
    fn mentioned(&self, part: &Part) -> Option<Mentioned> {
        let at = part.path.iter().rposition(|step| matches!(step, Step::Field(_)))?;
        let Step::Field(field) = &part.path[at] else { return None };
        let base = Part { place: part.place, path: part.path[..at].to_vec() };
        Some(Mentioned { key: self.key(part)?, base: self.tokens(&base)?, member: field.member.clone() })
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
    fn field_of(&self, val: Val) -> Option<Part> {
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
        let Expr::Index(e) = target else { return None };
        let mut base = &*e.expr;
        while let Expr::Index(e) = base {
            base = &e.expr;
        }
        let Expr::Path(p) = base else { return None };
        match self.state(&p.path.get_ident()?.to_string())? {
            State::Part(part) if self.records.knows(part) => Some(part.clone()),
            _ => None,
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
        let mut tokens = self.records.tokens(&part)?;
        let mut key = self.records.key(&part)?;
        let mut data = false;
        let mut mentioned = None;
        for step in &steps[..=last] {
            let Some(member) = step else {
                tokens = quote!(#tokens[0]);
                continue;
            };
            key = format!("{key}.{member}");
            let base = std::mem::take(&mut tokens);
            tokens = quote!(#base.#member);
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

impl Lowerer<'_> {
    /// A field of a struct.
    pub(super) fn field_value(&mut self, base: &Part, member: &syn::Member, reference: bool) -> Value {
        match self.scopes.records.field(base, member_of(member)) {
            None => Value::Opaque,
            Some(part) if self.func.is_number(&part) => Value::Float(self.load(part, member.span())),
            Some(part) => Value::Part { part, reference },
        }
    }

    /// An element of a struct that is only read is read once; of any other it is known where it was read.
    pub(super) fn load(&mut self, part: Part, span: Span) -> Val {
        if !part.path.iter().any(|step| matches!(step, Step::Field(_))) {
            return self.define(OpKind::Load(part), Ty::Float, span);
        }
        let still = self.func.place_info(part.place).storage == Storage::Param
            && part.path.iter().all(|step| matches!(step, Step::Field(_)));
        if still && let Some(&val) = self.loaded.get(&part) {
            return val;
        }
        let val = if still {
            let name = part.path.last().and_then(|step| match step {
                Step::Field(Field { member: Member::Named(name), .. }) => Some(name.clone()),
                _ => None,
            });
            let val = self.func.val(Ty::Float, name, span);
            self.prelude.push(Op { kind: OpKind::Load(part.clone()), results: vec![val], span });
            self.loaded.insert(part.clone(), val);
            val
        } else {
            self.define(OpKind::Load(part.clone()), Ty::Float, span)
        };
        self.scopes.records.origins.insert(val, part);
        val
    }

    /// A value that is a struct, or a field that has not been used like this before.
    pub(super) fn struct_part(&self, value: &Value) -> Option<(Part, bool)> {
        match value {
            Value::Part { part, reference } if self.func.is_struct(part) => Some((part.clone(), *reference)),
            Value::Part { part, reference } if self.func.is_number(part) => {
                Some((self.scopes.records.learn(part, true)?, *reference))
            }
            Value::Float(val) => {
                let records = &self.scopes.records;
                Some((records.learn(&records.field_of(*val)?, true)?, false))
            }
            _ => None,
        }
    }

    /// The same for arrays.
    pub(super) fn array_field(&self, value: &Value) -> Option<Part> {
        let records = &self.scopes.records;
        match value {
            Value::Part { part, .. } if self.func.is_number(part) => records.learn(part, false),
            Value::Float(val) => records.learn(&records.field_of(*val)?, false),
            _ => None,
        }
    }

    /// Whether a number is a field, just as it is.
    pub(super) fn is_field(&self, val: Val) -> bool {
        self.scopes.records.origin(val).is_some()
    }

    /// The place that an expression names, in a struct or in an array of them.
    pub(super) fn place_of(&mut self, expr: &Expr) -> Option<Part> {
        match expr {
            Expr::Paren(e) => self.place_of(&e.expr),
            Expr::Group(e) => self.place_of(&e.expr),
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => self.place_of(&e.expr),
            Expr::Path(_) => self.base(expr),
            Expr::Field(e) => {
                let base = self.place_of(&e.base)?;
                let records = &self.scopes.records;
                let base = if self.func.is_struct(&base) { base } else { records.learn(&base, true)? };
                records.field(&base, member_of(&e.member))
            }
            Expr::Index(e) => {
                let base = self.place_of(&e.expr)?;
                let base = if self.rank(&base) > 0 { base } else { self.scopes.records.learn(&base, false)? };
                if let Expr::Range(range) = &*e.index {
                    return Some(self.range_of(&base, range));
                }
                let index = self.index(&e.index);
                Some(base.at(index))
            }
            _ => None,
        }
    }

    /// `part = value`
    pub(super) fn write_field(&mut self, mut to: Part, value: Value, right: &Expr) {
        match value {
            Value::Part { part, .. } if !self.func.is_number(&part) => {
                let records = &self.scopes.records;
                if self.func.is_struct(&part) && !self.func.is_struct(&to) {
                    to = records.learn(&to, true).unwrap_or(to);
                }
                while self.rank(&to) < self.rank(&part) {
                    match self.scopes.records.learn(&to, false) {
                        Some(array) => to = array,
                        None => return self.error(Site::of(right), message::lost_in_assignment()),
                    }
                }
                self.push(OpKind::Copy(to, part), right.span());
            }
            Value::Aggregate(aggregate) => {
                if !self.func.is_struct(&to) {
                    to = self.scopes.records.learn(&to, true).unwrap_or(to);
                }
                for (member, value) in aggregate.members {
                    match (self.scopes.records.field(&to, member_of(&member)), value) {
                        (Some(to), value) => self.write_field(to, value, right),
                        (None, _) => self.error(Site::of(right), message::lost_in_assignment()),
                    }
                }
            }
            value if self.func.is_number(&to) => {
                let val = self.float_value(value, right);
                self.push(OpKind::Store(to, val), right.span());
            }
            _ => self.error(Site::of(right), message::not_a_float()),
        }
    }

    /// What a method is called on, if that is a struct: or a field that has no such method if it is a number.
    pub(super) fn struct_receiver(&mut self, call: &syn::ExprMethodCall) -> Option<Part> {
        const OF_DATA: &[&str] = &["len", "is_empty", "get", "is_some", "is_none", "is_some_and", "copied", "to_vec"];
        let name = call.method.to_string();
        let known = |list: &[&str]| list.contains(&name.as_str());
        let shown = name.starts_with("as_") || name.starts_with("to_") || known(OF_DATA);
        if shown || known(crate::rules::derivative::INACTIVE_METHODS) || !self.mentions_float(&call.receiver) {
            return None;
        }
        let mark = self.ops().len();
        let value = self.expr(&call.receiver);
        let part = self.struct_part(&value).map(|(part, _)| part);
        if part.is_none() {
            self.ops().truncate(mark);
        }
        part
    }

    /// A local struct is a copy of another one.
    pub(super) fn copied_struct(&mut self, place: PlaceId, from: &Part) {
        self.func.places[place.0 as usize].record = Some(match &self.func.place_info(from.place).record {
            Some(ty) if from.is_whole() => ty.clone(),
            _ => quote!(_),
        });
        self.scopes.records.copies.insert(place, from.clone());
    }

    /// Takes a struct apart: `let Params { k, .. } = p;`
    pub(super) fn bind_fields(&mut self, pat: &Pat, base: &Part, reference: bool) {
        let members: Vec<(syn::Member, &Pat)> = match pat {
            Pat::Struct(p) => p.fields.iter().map(|field| (field.member.clone(), &*field.pat)).collect(),
            Pat::TupleStruct(syn::PatTupleStruct { elems, .. }) | Pat::Tuple(syn::PatTuple { elems, .. }) => {
                elems.iter().enumerate().map(|(k, pat)| (syn::Member::from(k), pat)).collect()
            }
            _ => Vec::new(),
        };
        for (member, pat) in members {
            let first_new = self.func.vals.len();
            let value = match self.field_value(base, &member, reference) {
                Value::Opaque => self.data_field(base, &member, reference),
                value => value,
            };
            self.bind(pat, None, value, first_new);
        }
    }

    /// A field that is data, as a value.
    fn data_field(&mut self, base: &Part, member: &syn::Member, reference: bool) -> Value {
        let name = Ident::new("record__", Span::mixed_site());
        let borrow = reference.then(|| quote!(&));
        let mut code = Inactive::engine(quote!(#borrow #name.#member));
        code.places.push((name, base.clone()));
        Value::Inactive(self.define(OpKind::Inactive(code), Ty::Other, member.span()))
    }
}

/// Whether a pattern takes a struct apart, as far as syntax tells: its members are bound, or taken apart themselves.
pub(super) fn takes_fields(pat: &Pat) -> bool {
    let member = |pat: &Pat| match pat {
        Pat::Wild(_) => true,
        Pat::Ident(p) => p.by_ref.is_none() && super::pattern::irrefutable(pat),
        Pat::Slice(p) => p.elems.iter().all(|elem| matches!(elem, Pat::Ident(_) | Pat::Wild(_) | Pat::Slice(_))),
        other => takes_fields(other),
    };
    match pat {
        Pat::Struct(p) => p.fields.iter().all(|field| member(&field.pat)),
        Pat::TupleStruct(p) => p.elems.iter().all(member),
        Pat::Tuple(p) => p.elems.iter().all(member),
        _ => false,
    }
}

/// What has to hold of fields: of those that are used, and of those that are data.
pub(super) fn checks(func: &Func, records: &Records) -> Vec<Check> {
    let mut list: Vec<(String, Check)> = Vec::new();
    let mut add = |key: String, check: Check| {
        if !list.iter().any(|(known, _)| *known == key) {
            list.push((key, check));
        }
    };
    let readers = Readers::of(&func.body);
    // What only code reads, which does with it what its type allows, may be of any type.
    let free =
        |op: &Op| matches!(op.kind, OpKind::Load(_)) && !op.results.iter().any(|val| readers.engine.contains(val));
    each_op(&func.body, &mut |op| {
        if free(op) {
            return;
        }
        op.kind.parts(&mut |part| {
            for (k, step) in part.path.iter().enumerate() {
                let Step::Field(field) = step else { continue };
                let base = Part { place: part.place, path: part.path[..k].to_vec() };
                if let Some(tokens) = records.tokens(&base) {
                    add(format!("{tokens} follows {}", field.member), Check::Follows(tokens, field.member.clone()));
                }
            }
            let fields = part.path.iter().any(|step| matches!(step, Step::Field(_)));
            if let Some(mut tokens) = records.tokens(part).filter(|_| fields && !func.holds_structs(part)) {
                for _ in 0..func.rank(part) {
                    tokens = quote!(#tokens[0]);
                }
                add(tokens.to_string(), Check::Float(tokens));
            }
        });
    });
    // Also where nothing shows any more that a derivative would be lost.
    for Mentioned { base, member, .. } in records.fields.borrow().data.values() {
        add(format!("{base} skips {member}"), Check::Skips(base.clone(), member.clone()));
    }
    list.into_iter().map(|(_, check)| check).collect()
}

/// Reads of fields that turned out to be no numbers are not wanted.
pub(super) fn wanted(func: &Func, prelude: Vec<Op>) -> Vec<Op> {
    let Readers { engine, code } = Readers::of(&func.body);
    prelude.into_iter().filter(|op| op.results.iter().any(|val| engine.contains(val) || code.contains(val))).collect()
}

/// Who reads values.
struct Readers {
    engine: HashSet<Val>,
    code: HashSet<Val>,
}

impl Readers {
    fn of(body: &Region) -> Self {
        let mut readers = Readers { engine: HashSet::new(), code: HashSet::new() };
        each_op(body, &mut |op| {
            let to = if matches!(op.kind, OpKind::Inactive(_)) { &mut readers.code } else { &mut readers.engine };
            op.kind.reads(&mut |val| {
                to.insert(val);
            });
        });
        readers.ends(body);
        readers
    }

    fn ends(&mut self, region: &Region) {
        for op in &region.ops {
            op.kind.regions().into_iter().for_each(|inner| self.ends(inner));
        }
        match &region.end {
            End::Branch(_, then, other) => {
                self.ends(then);
                self.ends(other);
            }
            leaf => self.engine.extend(leaf.values()),
        }
    }
}

/// What a lowered function tells of fields: those whose derivatives would be lost are data.
pub(super) fn found(records: &Records, lost: &[super::opaque::Source]) -> Fields {
    use super::opaque::Source;
    let mut fields = records.fields.borrow().clone();
    for source in lost {
        match source {
            Source::Field(k) => {
                if let Some(mentioned) = records.lost.borrow().get(*k) {
                    fields.is_data(mentioned);
                }
            }
            Source::Val(val) => {
                let mentioned = records.origin(*val).and_then(|part| records.mentioned(part));
                if let Some(mentioned) = mentioned.filter(|field| !fields.kind(&field.key).record) {
                    fields.is_data(&mentioned);
                }
            }
            Source::Place(_) => {}
        }
    }
    fields
}
