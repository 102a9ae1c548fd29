//! Code that no derivative flows through. Input: a piece of syntax and what names mean there. Output: its tokens with
//! what they read, whether they may be evaluated again, and where a derivative *would* be lost if what they read
//! turned out to depend on the differentiated parameters: that is known only after activity analysis.
//!
//! Nothing is assumed of a construct that is not listed here: it is impure, and losing.

use super::effects::Effects;
use super::exits::is_compound;
use super::flat::{self, Flat};
use super::macros::Unseen;
use super::mention::{Change, ident_of};
use super::pattern::bindings;
use super::scope::{Scopes, State};
use super::syntax::{describe, keyword};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, PlaceId, Stated, Val, Width};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, Pat, Stmt, UnOp};

/// What is lost if it is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A value.
    Val(Val),
    /// An array.
    Place(PlaceId),
    /// A field of a struct of which nothing else is known: see `record`.
    Field(usize),
}

/// A place where a derivative would be lost.
#[derive(Clone, Debug)]
pub struct Loss {
    /// What would lose it.
    pub source: Source,
    /// The construct.
    pub site: Site,
    /// What to say.
    pub message: String,
}

/// What becomes of a number that is mentioned.
#[derive(Clone)]
pub enum Fate {
    /// It decides, or is shown: its derivative is zero, or of no interest.
    Consumed,
    /// Its derivative is lost in this construct.
    Lost(Site, String),
}

/// What a piece of opaque code does.
pub struct Opaque<'s> {
    pub(super) scopes: &'s Scopes,
    pub(super) width: &'s Width,
    /// Its tokens and reads.
    pub code: Inactive,
    /// Where derivatives would be lost.
    pub losses: Vec<Loss>,
    /// What is wrong whatever is active.
    pub errors: Vec<(Site, String)>,
    /// What macros in it might do.
    pub unseen: Unseen,
    /// Closures that are mentioned.
    pub closures: Vec<usize>,
    /// The construct whose tokens are being scanned, if it is one that is not understood.
    pub(super) construct: &'static str,
    /// A `ref mut` in a pattern: what it refers to may be anything that is mentioned.
    pub(super) ref_mut: Option<proc_macro2::Span>,
    /// Something in it was reported where it was declared.
    pub(super) broken: bool,
    /// Whether an array that is followed is mentioned, or a struct.
    pub(super) arrays: bool,
    /// Whether what is looked at becomes an integer.
    pub(super) to_integer: bool,
}

/// What was found out about a piece of opaque code.
pub struct Found {
    /// Its tokens and reads.
    pub code: Inactive,
    /// Where derivatives would be lost.
    pub losses: Vec<Loss>,
    /// What is wrong whatever is active.
    pub errors: Vec<(Site, String)>,
    /// What macros in it might do.
    pub unseen: Unseen,
    /// Closures that are mentioned.
    pub closures: Vec<usize>,
}

impl<'s> Opaque<'s> {
    /// Examines an expression.
    pub fn expression(scopes: &'s Scopes, width: &'s Width, expr: &Expr, fate: &Fate) -> Self {
        let Flat { syntax, errors } = flat::expression(scopes, expr);
        let mut opaque = Self::new(scopes, width, syntax.to_token_stream());
        opaque.code.expression = true;
        let effects = Effects::of(&syntax, width);
        let looked_at = effects.repeatable(|name| scopes.is_local(name), |name| scopes.is_data(name));
        opaque.code.repeatable = looked_at.is_some();
        opaque.code.looked_at = looked_at.unwrap_or_default();
        opaque.errors = errors;
        opaque.visit(&syntax, fate);
        opaque.settle();
        opaque
    }

    /// Examines tokens of which only the names are looked at.
    pub fn tokens(scopes: &'s Scopes, width: &'s Width, tokens: TokenStream, fate: &Fate) -> Self {
        let mut opaque = Self::new(scopes, width, tokens.clone());
        opaque.code.pure = false;
        opaque.scan(tokens, fate);
        opaque
    }

    /// What was found out.
    pub fn found(self) -> Found {
        let Opaque { code, losses, errors, unseen, closures, .. } = self;
        Found { code, losses, errors, unseen, closures }
    }

    /// Leaves out what follows from another mistake.
    fn settle(&mut self) {
        if let Some(span) = self.ref_mut {
            let variable = |name: &Ident| {
                self.scopes.find(&name.to_string()).is_some_and(|id| {
                    let var = &self.scopes.vars[id];
                    var.mutable && matches!(var.state, State::Float(_) | State::Part(_))
                })
            };
            let mentioned = self.code.reads.iter().map(|(n, _)| n).chain(self.code.places.iter().map(|(n, _)| n));
            if let Some(name) = mentioned.into_iter().find(|name| variable(name)) {
                self.errors.push((span.into(), message::mutable_borrow(name)));
            }
        }
        if self.broken {
            self.errors.clear();
        }
        if self.broken || !self.errors.is_empty() {
            self.losses.clear();
        }
    }

    fn new(scopes: &'s Scopes, width: &'s Width, tokens: TokenStream) -> Self {
        let code = Inactive {
            tokens,
            pattern: None,
            reads: Vec::new(),
            places: Vec::new(),
            pure: true,
            repeatable: false,
            looked_at: Vec::new(),
            expression: false,
            stated: Stated::Nothing,
        };
        Opaque {
            scopes,
            width,
            code,
            losses: Vec::new(),
            errors: Vec::new(),
            unseen: Unseen::Nothing,
            closures: Vec::new(),
            construct: "an expression like this",
            ref_mut: None,
            broken: false,
            arrays: false,
            to_integer: false,
        }
    }

    /// Examines an expression.
    pub fn visit(&mut self, expr: &Expr, fate: &Fate) {
        match expr {
            Expr::Lit(_) => {}
            Expr::Path(p) => match p.path.get_ident() {
                Some(ident) => self.mention(ident, fate),
                None => self.scan_generic_arguments(&p.path),
            },
            Expr::Paren(e) => self.visit(&e.expr, fate),
            Expr::Group(e) => self.visit(&e.expr, fate),
            // What is behind a reference to a float; the reference itself must not get away.
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) && self.alias(&e.expr).is_some() => {
                if let (Some(ident), Some(val)) = (ident_of(&e.expr), self.alias(&e.expr)) {
                    self.read(&ident, val);
                    self.lose(Source::Val(val), fate);
                }
            }
            Expr::Unary(e) => {
                if !matches!(e.op, UnOp::Neg(_) | UnOp::Not(_) | UnOp::Deref(_)) {
                    self.code.pure = false;
                }
                self.visit(&e.expr, fate);
            }
            Expr::Binary(e) if is_compound(&e.op) => {
                self.code.pure = false;
                self.changed(&e.left, Change::Assigned);
                self.visit(&e.left, &Fate::Consumed);
                self.visit(&e.right, &stored(&e.left, self.width));
            }
            Expr::Binary(e) => {
                use BinOp as B;
                let decides = matches!(e.op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_));
                let fate = if decides { &Fate::Consumed } else { fate };
                self.visit(&e.left, fate);
                self.visit(&e.right, fate);
            }
            Expr::Cast(e) => self.cast(e, fate),
            Expr::Field(_) | Expr::Index(_) if self.field_of_struct(expr, fate) => {}
            Expr::Field(e) => self.visit(&e.base, fate),
            Expr::Index(e) => {
                self.visit(&e.expr, fate);
                self.visit(&e.index, if self.is_integer(&e.index) { &Fate::Consumed } else { fate });
            }
            Expr::Range(e) => {
                e.start.iter().chain(&e.end).for_each(|bound| self.visit(bound, fate));
            }
            Expr::MethodCall(e) => self.method(e, fate),
            Expr::Call(e) => self.call(e, fate),
            Expr::Macro(e) => self.macro_value(&e.mac, fate),
            Expr::Closure(e) => {
                self.code.pure = false;
                let site = Site::between(e.inputs_begin.span(), e.inputs_end.span());
                self.construct = "a closure";
                self.scan(e.body.to_token_stream(), &Fate::Lost(site, message::lost_in_closure()));
            }
            Expr::Reference(e) if e.mutability.is_some() => {
                self.code.pure = false;
                self.changed(&e.expr, Change::Borrowed);
                self.visit(&e.expr, fate);
            }
            Expr::Reference(e) => self.visit(&e.expr, fate),
            Expr::Assign(e) => {
                self.code.pure = false;
                self.changed(&e.left, Change::Assigned);
                self.visit(&e.left, if matches!(*e.left, Expr::Path(_)) { &Fate::Consumed } else { fate });
                let stays = self.stays_integer(&e.left, &e.right);
                self.visit(&e.right, &if stays { Fate::Consumed } else { stored(&e.left, self.width) });
            }
            Expr::If(e) => self.branches(e, fate),
            Expr::Let(e) => {
                self.code.pure = false;
                self.visit(&e.expr, &taken_apart(&e.pat, fate, &e.expr));
            }
            Expr::Match(e) => self.arms(e, fate),
            Expr::Tuple(e) => self.members(&e.elems, &lost_in("a tuple", e), fate),
            Expr::Struct(e) if e.rest.is_none() => {
                self.code.pure = false;
                self.members(e.fields.iter().map(|f| &f.expr), &lost_in("a struct", &e.path), fate);
            }
            Expr::Array(e) => self.members(&e.elems, &lost_in("a list of values that are not all floats", e), fate),
            other => {
                self.code.pure = false;
                let what = describe(other);
                self.construct = what;
                self.scan(other.to_token_stream(), &Fate::Lost(keyword(other), message::unsupported(what)));
            }
        }
    }

    /// An `if` as a value: the condition decides, and a branch of one expression is that expression.
    fn branches(&mut self, e: &syn::ExprIf, fate: &Fate) {
        self.code.pure = false;
        self.visit(&e.cond, &Fate::Consumed);
        self.branch(&e.then_branch, fate);
        match e.else_branch.as_ref().map(|(_, other)| &**other) {
            Some(Expr::Block(other)) if other.label.is_none() => self.branch(&other.block, fate),
            Some(other) => self.visit(other, fate),
            None => {}
        }
    }

    /// A `match` as a value: what is matched decides, unless it is taken apart.
    fn arms(&mut self, e: &syn::ExprMatch, fate: &Fate) {
        self.code.pure = false;
        let taken =
            e.arms.iter().map(|arm| taken_apart(&arm.pat, fate, &e.expr)).find(|fate| matches!(fate, Fate::Lost(..)));
        self.visit(&e.expr, &taken.unwrap_or(Fate::Consumed));
        for arm in &e.arms {
            if let Pat::Guard(p) = &arm.pat {
                self.scan(p.guard.to_token_stream(), &Fate::Consumed);
            }
            match &*arm.body {
                Expr::Block(body) if body.label.is_none() => self.branch(&body.block, fate),
                body => self.visit(body, fate),
            }
        }
    }

    fn branch(&mut self, block: &syn::Block, fate: &Fate) {
        if let [Stmt::Expr(value, None)] = block.stmts.as_slice() {
            return self.visit(value, fate);
        }
        self.construct = "this `if`";
        let lost = Fate::Lost(block.brace_token.span.open().into(), message::unsupported("this `if`"));
        self.scan(block.to_token_stream(), &lost);
    }

    fn members<'a>(&mut self, elems: impl IntoIterator<Item = &'a Expr>, lost: &Fate, fate: &Fate) {
        let fate = if matches!(fate, Fate::Consumed) { fate } else { lost };
        elems.into_iter().for_each(|elem| self.visit(elem, fate));
    }
}

/// What becomes of a number that is assigned to something the engine does not follow.
pub fn stored(target: &Expr, width: &Width) -> Fate {
    let message = match target {
        Expr::Path(_) => message::unknown_type(target.to_token_stream(), width.ident()),
        _ => message::lost_in_assignment(),
    };
    Fate::Lost(Site::of(target), message)
}

fn lost_in(what: &str, syntax: &impl ToTokens) -> Fate {
    Fate::Lost(Site::of(syntax), message::lost_in_value(what))
}

/// What becomes of a number that is matched against a pattern: it decides, but what is bound is taken out of it.
fn taken_apart(pat: &Pat, fate: &Fate, subject: &Expr) -> Fate {
    let binds = bindings(pat).is_none_or(|bound| !bound.is_empty());
    if binds && matches!(fate, Fate::Lost(..)) {
        return Fate::Lost(Site::of(subject), message::lost_in_match());
    }
    Fate::Consumed
}
