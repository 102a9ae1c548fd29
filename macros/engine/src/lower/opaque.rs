//! Code that no derivative flows through. Input: a piece of syntax and what names mean there. Output: its tokens with
//! what they read, whether they may be evaluated again, and where a derivative *would* be lost if what they read
//! turned out to depend on the differentiated parameters: that is known only after activity analysis.
//!
//! Nothing is assumed of a construct that is not listed here: it is impure, and losing.

use super::associated;
use super::call::{callable, without_parentheses};
use super::exits::is_compound;
use super::flat::{self, Flat};
use super::macros::Unseen;
use super::mention::{Change, ident_of};
use super::pattern::bindings;
use super::scope::{Scopes, State};
use super::syntax::{describe, keyword, path_of};
use super::{iterate, question};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, PlaceId, Stated, Val, Width};
use crate::rules::derivative as table;
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

/// Methods without side effects on numbers and slices.
pub(super) const PURE_METHODS: &[&str] = &[
    "len",
    "is_empty",
    "abs",
    "min",
    "max",
    "pow",
    "abs_diff",
    "rem_euclid",
    "div_euclid",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_sub",
    "saturating_add",
    "saturating_mul",
    "div_ceil",
    "is_multiple_of",
];

impl<'s> Opaque<'s> {
    /// Examines an expression.
    pub fn expression(scopes: &'s Scopes, width: &'s Width, expr: &Expr, fate: &Fate) -> Self {
        let Flat { syntax, errors } = flat::expression(scopes, expr);
        let mut opaque = Self::new(scopes, width, syntax.to_token_stream());
        opaque.code.expression = true;
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
                let part = matches!(&*e.index, Expr::Range(_)) && matches!(fate, Fate::Lost(..));
                let lost = Fate::Lost(Site::of(e), message::part_of_array());
                self.visit(&e.expr, if part { &lost } else { fate });
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

    fn method(&mut self, call: &syn::ExprMethodCall, fate: &Fate) {
        if question::is_one(call) {
            self.code.pure = false;
            return self.scan(call.to_token_stream(), &Fate::Consumed);
        }
        // Whether an element is there is no number.
        if let Expr::MethodCall(inner) = without_parentheses(&call.receiver)
            && (call.method == "is_some" || call.method == "is_none")
            && ["first", "last", "get"].iter().any(|name| inner.method == name)
            && iterator(inner).is_none()
        {
            self.code.pure = false;
            self.visit(&inner.receiver, &Fate::Consumed);
            return inner.args.iter().for_each(|arg| self.visit(arg, &Fate::Consumed));
        }
        if let Some(start) = iterator(call).filter(|_| !question::follows_one(call)) {
            // What its closures do with the elements is no further mistake.
            self.code.pure = false;
            self.construct = "an iterator";
            let start = iterate::unfollowed(call).unwrap_or(start);
            let lost = Fate::Lost(Site::of(start), message::lost_in_iterator(start));
            return self.chain(call, &lost);
        }
        let name = call.method.to_string();
        let numeric =
            associated::method(&name, self.width).is_some() || table::INACTIVE_METHODS.contains(&name.as_str());
        let size = matches!(name.as_str(), "len" | "is_empty");
        let taken_out = associated::takes_out(&call.method) && associated::is_conversion(&call.receiver, self.width);
        let pure = numeric || taken_out || PURE_METHODS.contains(&name.as_str());
        if !pure || self.is_own(&call.receiver) {
            self.code.pure = false;
        }
        let lost = Fate::Lost(Site::of(&call.method), self.lost_in_method_of(&call.receiver, &name));
        // What is taken out of an `Option` goes where the `Option` goes.
        let passes = matches!(name.as_str(), "then_some" | "unwrap" | "expect" | "unwrap_or");
        let consumed = matches!(fate, Fate::Consumed) && (numeric || passes);
        // `(lo..hi).contains(&x)` is a comparison.
        let within = name == "contains" && matches!(without_parentheses(&call.receiver), Expr::Range(_));
        let of_ordering = matches!(name.as_str(), "is_lt" | "is_le" | "is_gt" | "is_ge" | "is_eq" | "is_ne");
        // Of a number, not of something that is given one.
        let of_num = matches!(name.as_str(), "is_zero" | "is_one") && call.args.is_empty();
        let predicate = within || of_num || of_ordering || table::INACTIVE_METHODS.contains(&name.as_str());
        // Through a method with a derivative it goes on to where it is lost.
        let decides = predicate || self.is_rounded(call) || question::asks_option(call);
        let fate = if size || consumed || decides {
            &Fate::Consumed
        } else if numeric {
            fate
        } else {
            &lost
        };
        let arrays = self.arrays;
        self.visit(&call.receiver, fate);
        if size {
            // How many there are is no number among them.
            self.arrays = arrays;
        }
        for arg in &call.args {
            if question::chooses(call, arg) {
                self.code.pure = false;
                self.scan(arg.to_token_stream(), &Fate::Consumed);
            } else {
                self.visit(arg, fate);
            }
        }
        if let Some(turbofish) = &call.turbofish {
            self.scan(turbofish.to_token_stream(), fate);
        }
    }

    /// Whether an expression is a variable of a type of the user's: what its methods do is not told by their names.
    fn is_own(&self, expr: &Expr) -> bool {
        let named = ident_of(without_parentheses(expr)).and_then(|name| self.scopes.find(&name.to_string()));
        named.is_some_and(|id| self.scopes.vars[id].own)
    }

    /// An iterator, method by method: how long an array is, is no number that goes through it.
    fn chain(&mut self, call: &syn::ExprMethodCall, lost: &Fate) {
        match &*call.receiver {
            Expr::MethodCall(receiver) => self.chain(receiver, lost),
            receiver => self.scan(receiver.to_token_stream(), lost),
        }
        for arg in &call.args {
            match arg {
                Expr::MethodCall(of) if iterator(of).is_none() => self.visit(arg, lost),
                arg => self.scan(arg.to_token_stream(), lost),
            }
        }
        if let Some(turbofish) = &call.turbofish {
            self.scan(turbofish.to_token_stream(), lost);
        }
    }

    fn lost_in_method_of(&self, receiver: &Expr, name: &str) -> String {
        let ident = path_of(receiver).unwrap_or_default();
        match (self.scopes.state(&ident), name) {
            (Some(State::Part(_)), _) => message::lost_in_array_method(name),
            (_, "then_some") => message::lost_in_value("an `Option`"),
            (_, "push" | "push_back" | "insert" | "extend") => message::lost_in_value("a collection"),
            _ => lost_in_method(name),
        }
    }

    fn call(&mut self, call: &syn::ExprCall, fate: &Fate) {
        let path = path_of(&call.func).unwrap_or_default();
        let last = path.rsplit("::").next().unwrap_or_default();
        let float_path = associated::of_float(&call.func, self.width);
        let constant = self.width.is_generic() && associated::is_constant(&Expr::Call(call.clone()), self.width);
        let conversion = self.width.is_generic() && associated::is_conversion(&Expr::Call(call.clone()), self.width);
        let stop = last == "stop_gradient";
        let known = associated::primitive(&call.func, self.width).is_some()
            || (float_path && (table::method(last).is_some() || last == "from"));
        let known = known || constant || conversion;
        let predicate = float_path && table::INACTIVE_METHODS.contains(&last);
        if !(stop || known || predicate) {
            self.code.pure = false;
            match &*call.func {
                Expr::Path(p) if p.path.get_ident().is_none() => {}
                func => self.visit(func, fate),
            }
        }
        let local = self.scopes.state(&path);
        let decides = matches!(local, Some(State::Closure(closure)) if self.scopes.closures[*closure].decides);
        let plain = local.is_none() && callable(&path) && call.args.iter().all(|arg| self.only_looked_at(arg));
        let consumed = stop || predicate || ((known || decides || plain) && matches!(fate, Fate::Consumed));
        let of_trait = match &*call.func {
            Expr::Path(p) if p.qself.as_ref().is_some_and(|q| q.position > 0) => p.path.segments.last(),
            _ => None,
        };
        let text = match (local, float_path) {
            (Some(State::Closure(_)), _) => message::closure_without_float(&path),
            (Some(_), _) => message::local_callee(&path),
            _ if of_trait.is_some() => {
                message::lost_in_trait(of_trait.map(|s| s.ident.to_string()).unwrap_or_default())
            }
            _ if path.is_empty() => message::local_callee(call.func.to_token_stream()),
            _ if last.starts_with(char::is_uppercase) => message::lost_in_value(format!("`{path}(…)`")),
            _ if conversion => message::lost_in_conversion(&path),
            (_, true) => lost_in_method(last),
            _ => message::lost_in_call(&path),
        };
        let lost = Fate::Lost(Site::of(&call.func), text);
        let fate = if consumed { &Fate::Consumed } else { &lost };
        call.args.iter().for_each(|arg| self.visit(arg, fate));
    }

    /// Whether a function that is given this can do nothing with it but compute: a number, or a shared reference to an
    /// array. Anything else may be a place where it keeps a number that comes out again.
    pub(super) fn only_looked_at(&self, arg: &Expr) -> bool {
        let state = |e: &Expr| ident_of(e).and_then(|ident| self.scopes.find(&ident.to_string()));
        match arg {
            Expr::Lit(_) => true,
            Expr::Paren(e) => self.only_looked_at(&e.expr),
            Expr::Group(e) => self.only_looked_at(&e.expr),
            Expr::Reference(e) => e.mutability.is_none() && self.only_looked_at(&e.expr),
            Expr::Unary(e) => self.only_looked_at(&e.expr),
            Expr::Binary(e) => !is_compound(&e.op) && self.only_looked_at(&e.left) && self.only_looked_at(&e.right),
            Expr::Cast(e) => self.only_looked_at(&e.expr),
            Expr::Index(e) => self.only_looked_at(&e.expr),
            Expr::Path(_) => state(arg).is_some_and(|id| match &self.scopes.vars[id].state {
                State::Float(_) => true,
                State::Part(part) => !self.scopes.vars[id].reference || self.scopes.shared.contains(&part.place),
                _ => false,
            }),
            _ => false,
        }
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

fn lost_in_method(name: &str) -> String {
    let known = table::REJECTED_METHODS.iter().find(|(rejected, _)| *rejected == name);
    known.map_or_else(|| message::lost_in_call(name), |(_, why)| message::rejected_method(name, why))
}

/// Where a chain of methods starts to iterate.
pub(super) fn iterator(call: &syn::ExprMethodCall) -> Option<&Ident> {
    let mut call = call;
    loop {
        let name = call.method.to_string();
        if matches!(
            name.as_str(),
            "iter"
                | "iter_mut"
                | "into_iter"
                | "windows"
                | "chunks"
                | "chunks_mut"
                | "chunks_exact"
                | "chunks_exact_mut"
                | "rchunks"
        ) {
            return Some(&call.method);
        }
        let Expr::MethodCall(receiver) = &*call.receiver else { return None };
        call = receiver;
    }
}

/// What becomes of a number that is matched against a pattern: it decides, but what is bound is taken out of it.
fn taken_apart(pat: &Pat, fate: &Fate, subject: &Expr) -> Fate {
    let binds = bindings(pat).is_none_or(|bound| !bound.is_empty());
    if binds && matches!(fate, Fate::Lost(..)) {
        return Fate::Lost(Site::of(subject), message::lost_in_match());
    }
    Fate::Consumed
}
