//! Names that are mentioned in code that no derivative flows through: what each stands for there, what would be lost by it,
//! and whether it is changed. Where syntax is not understood, the same is found out from its tokens.

use super::opaque::{Fate, Loss, Opaque, Source};
use super::record::FieldMention;
use super::scope::State;
use crate::diagnostics::message;
use crate::ir::{Part, Val};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Expr;

/// How a variable is changed.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Assigned,
    Borrowed,
}

impl Opaque<'_> {
    /// A name is mentioned.
    pub(super) fn mention(&mut self, ident: &Ident, fate: &Fate) {
        let Some(state) = self.scopes.state(&ident.to_string()) else { return };
        let source = match state {
            State::Float(val) => {
                self.read(ident, *val);
                Source::Val(*val)
            }
            State::Part(part) => {
                self.place(ident, part);
                Source::Place(part.place)
            }
            State::Element(part) => {
                self.code.pure = false;
                self.place(ident, part);
                Source::Place(part.place)
            }
            State::Other { val, .. } => {
                self.code.pure &= !self.scopes.unstable.contains(&ident.to_string());
                self.integer(ident, *val, fate);
                return self.read(ident, *val);
            }
            State::Alias(_) => {
                let path: syn::Path = ident.clone().into();
                let Some(val) = self.alias(&Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path })) else {
                    return;
                };
                if matches!(fate, Fate::Lost(..)) {
                    self.errors.push((ident.span().into(), message::mutable_borrow(ident)));
                }
                return self.read(ident, val);
            }
            State::Native => {
                self.code.pure = false;
                return self.changing_integer(ident, fate);
            }
            State::Iterator(_) => {
                self.arrays = true;
                return self.errors.push((ident.span().into(), message::iterator_in_variable(ident)));
            }
            State::Closure(closure) => return self.closure(ident, *closure, fate),
            // A name that the code declares itself: those of aggregates are replaced before.
            State::Flag(_) | State::Inner | State::Aggregate(_) => return,
            State::Broken => return self.broken = true,
            State::Uninit => return self.errors.push((ident.span().into(), message::uninitialised(ident))),
        };
        self.lose(source, fate);
    }

    pub(super) fn lose(&mut self, source: Source, fate: &Fate) {
        if let Fate::Lost(site, message) = fate {
            self.losses.push(Loss { source, site: *site, message: message.clone() });
        }
    }

    /// The number behind a mutable reference.
    pub(super) fn alias(&self, expr: &Expr) -> Option<Val> {
        let Some(State::Alias(id)) = self.scopes.state(&ident_of(expr)?.to_string()) else { return None };
        if let State::Float(val) = self.scopes.vars[*id].state { Some(val) } else { None }
    }

    /// A closure is mentioned, and with it what it captures.
    pub(super) fn closure(&mut self, ident: &Ident, closure: usize, fate: &Fate) {
        self.code.pure = false;
        self.closures.push(closure);
        let scopes = self.scopes;
        let closure = &scopes.closures[closure];
        self.read(ident, closure.val);
        if let Fate::Lost(site, message) = fate {
            let loss = |&source| Loss { source, site: *site, message: message.clone() };
            self.losses.extend(closure.sources.iter().map(loss));
        }
    }

    pub(super) fn read(&mut self, ident: &Ident, val: Val) {
        if !self.code.reads.iter().any(|(name, _)| name == ident) {
            self.code.reads.push((ident.clone(), val));
        }
    }

    /// A field of a struct is mentioned; `false` if it is no such field.
    pub(super) fn field_of_struct(&mut self, expr: &Expr, fate: &Fate) -> bool {
        let Some((root, field)) = self.scopes.field_of_struct(expr) else { return false };
        let mut current = expr;
        while let Expr::Field(syn::ExprField { base: inner, .. })
        | Expr::Index(syn::ExprIndex { expr: inner, .. })
        | Expr::Paren(syn::ExprParen { expr: inner, .. })
        | Expr::Group(syn::ExprGroup { expr: inner, .. })
        | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = current
        {
            if let Expr::Index(e) = current {
                self.visit(&e.index, if self.is_integer(&e.index) { &Fate::Consumed } else { fate });
            }
            current = inner;
        }
        self.field(&root, field, fate);
        true
    }

    fn field(&mut self, root: &Ident, field: FieldMention, fate: &Fate) {
        let FieldMention { part, mentioned, data, followed } = field;
        if !data {
            self.arrays = true;
        }
        if !self.code.places.iter().any(|(name, _)| name == root) {
            self.code.places.push((root.clone(), part.clone()));
        }
        match fate {
            Fate::Consumed => {}
            Fate::Lost(..) if data => {}
            Fate::Lost(..) if followed => self.lose(Source::Place(part.place), fate),
            Fate::Lost(..) => self.lose(Source::Field(self.scopes.records.lose(mentioned)), fate),
        }
    }

    pub(super) fn place(&mut self, ident: &Ident, part: &Part) {
        self.arrays = true;
        if !self.code.places.iter().any(|(name, _)| name == ident) {
            self.code.places.push((ident.clone(), part.clone()));
        }
    }

    /// The target of an assignment or of a mutable borrow: it must not be a variable that the engine follows.
    pub(super) fn changed(&mut self, target: &Expr, how: Change) {
        match target {
            Expr::Path(p) => {
                let Some(ident) = p.path.get_ident() else { return };
                let message = match how {
                    Change::Assigned => message::changed_inside(ident, self.construct),
                    Change::Borrowed => message::mutable_borrow(ident),
                };
                match self.scopes.state(&ident.to_string()) {
                    // What changes it is emitted as it stands: only a derivative could be lost.
                    Some(State::Part(part)) if part.is_whole() => {
                        let (source, site) = (Source::Place(part.place), ident.span().into());
                        self.losses.push(Loss { source, site, message });
                    }
                    Some(State::Float(_) | State::Uninit | State::Part(_) | State::Element(_) | State::Alias(_)) => {
                        self.errors.push((ident.span().into(), message));
                    }
                    _ => {}
                }
            }
            Expr::Paren(e) => self.changed(&e.expr, how),
            Expr::Index(e) => self.changed(&e.expr, how),
            Expr::Field(e) => self.changed(&e.base, how),
            Expr::Unary(e) => self.changed(&e.expr, how),
            Expr::MethodCall(e) => self.changed(&e.receiver, how),
            // Where a variable that is taken apart is borrowed, it is put together again. What is not `mut` is no member of
            // such a one: it was copied.
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.member_changed(e, how)),
            Expr::Struct(e) => e.fields.iter().for_each(|f| self.member_changed(&f.expr, how)),
            _ => {}
        }
    }

    fn member_changed(&mut self, member: &Expr, how: Change) {
        let variable = ident_of(member).and_then(|name| self.scopes.find(&name.to_string()));
        if variable.is_none_or(|id| self.scopes.vars[id].mutable) {
            self.changed(member, how);
        }
    }

    pub(super) fn scan_generic_arguments(&mut self, path: &syn::Path) {
        for segment in &path.segments {
            if !segment.arguments.is_none() {
                self.code.pure = false;
            }
        }
    }

    /// Looks at every name in some tokens, and at those inside format strings.
    pub(super) fn scan(&mut self, tokens: TokenStream, fate: &Fate) {
        let mut stack = vec![(tokens.into_iter().peekable(), 0_u32, false)];
        while let Some((iter, dots, borrow)) = stack.last_mut() {
            let Some(token) = iter.next() else {
                stack.pop();
                continue;
            };
            match token {
                TokenTree::Ident(ident) => {
                    let field = *dots == 1;
                    let mutable = std::mem::take(borrow);
                    *dots = 0;
                    if ident == "mut" {
                        *borrow = true;
                        continue;
                    }
                    if ident == "ref" && matches!(iter.peek(), Some(TokenTree::Ident(i)) if i == "mut") {
                        self.ref_mut.get_or_insert(ident.span());
                    }
                    let assigned = matches!(iter.peek(), Some(TokenTree::Punct(p)) if "=+-*/%".contains(p.as_char()));
                    let assigned = assigned && {
                        let mut ahead = iter.clone();
                        let (a, b) = (ahead.next(), ahead.next());
                        let text = |t: Option<TokenTree>| t.map(|t| t.to_string()).unwrap_or_default();
                        let (a, b) = (text(a), text(b));
                        (a == "=" && b != "=" && b != ">") || (a != "=" && b == "=")
                    };
                    if !field {
                        if mutable || assigned {
                            let path: syn::Path = ident.clone().into();
                            let how = if mutable { Change::Borrowed } else { Change::Assigned };
                            self.changed(&Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path }), how);
                        }
                        // What follows is copied where it may matter only.
                        let fields = self.scopes.may_have_fields(&ident);
                        match fields.then(|| self.scopes.field_in_tokens(&ident, iter.clone())).flatten() {
                            Some(found) => self.field(&ident, found, fate),
                            None => self.mention(&ident, fate),
                        }
                    }
                }
                TokenTree::Punct(p) => {
                    *borrow = false;
                    *dots = if p.as_char() == '.' { *dots + 1 } else { 0 };
                }
                TokenTree::Literal(lit) => {
                    (*dots, *borrow) = (0, false);
                    for name in format_names(&lit.to_string()) {
                        self.mention(&Ident::new(&name, lit.span()), fate);
                    }
                }
                TokenTree::Group(group) => {
                    (*dots, *borrow) = (0, false);
                    stack.push((group.stream().into_iter().peekable(), 0, false));
                }
            }
        }
    }
}

pub(super) fn ident_of(expr: &Expr) -> Option<Ident> {
    if let Expr::Path(p) = expr { p.path.get_ident().cloned() } else { None }
}

/// The names in braces of a string literal.
pub fn format_names(literal: &str) -> Vec<String> {
    if !literal.contains('"') {
        return Vec::new();
    }
    let mut names = Vec::new();
    for piece in literal.split('{').skip(1) {
        let inside = &piece[..piece.find('}').unwrap_or(0)];
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        // `{name:width$.precision$}`
        let counts = format.split('$').map(|text| text.get(crate::tokens::count_name(text)..).unwrap_or_default());
        let all = std::iter::once(name.trim()).chain(counts);
        names.extend(all.filter_map(|name| syn::parse_str::<Ident>(name).ok()).map(|i| i.to_string()));
    }
    names
}
