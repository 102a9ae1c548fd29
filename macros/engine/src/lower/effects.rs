//! What a piece of code may do beside computing its value, told by its syntax. Input: an expression. Output: the variables
//! of its surroundings that it may change, what it calls, and whether there may be more to it.
//!
//! Whoever moves code, or leaves some of it out, asks here; so this finds too much where it cannot tell. A variable is
//! changed that is assigned, as a whole or in part, mutably borrowed, or the receiver of a method that is not known to
//! look only. What is changed through a name that the code binds itself is what that name may be a reference to.

use super::Lowerer;
use super::exits::is_compound;
use super::lambda::closure_of;
use super::looking::Asked;
use super::methods::{SHARED, changing, looks_only, numeric};
use super::pattern::{self, borrows_mutably};
use super::scope::State;
use super::syntax::path_of;
use super::taken::way_to;
use super::{associated, fallible, macros};
use crate::ir::Width;
use crate::tokens;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use std::collections::{BTreeSet, HashSet};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat, Stmt};

/// What a piece of code does.
#[derive(Default)]
pub(super) struct Effects {
    /// Variables that may be changed, or what they refer to.
    pub changed: BTreeSet<String>,
    /// Those of them that are assigned as a whole.
    assigned: BTreeSet<String>,
    /// Those that are changed in another way, which may be what they refer to.
    through: BTreeSet<String>,
    /// What is assigned, borrowed mutably, or called by a method that is known to change it: a variable, and the fields of it
    /// that lead there.
    pub written: BTreeSet<(String, Vec<String>)>,
    /// What is asked by methods that look only, going by their names.
    asked: Vec<Asked>,
    /// Variables that are given away by value: what they refer to may be changed, if they refer to anything.
    pub passed: BTreeSet<String>,
    /// Names of what is called, or given to a method that may call it.
    pub called: BTreeSet<String>,
    /// Something that is done to nothing with a name: output, a macro, a function out of sight.
    pub unseen: bool,
}

/// Whether code does more than compute its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    No,
    /// It calls what cannot be seen.
    Possible,
    Visible,
}

impl Lowerer<'_> {
    /// What a body does, with what its names mean here.
    pub(super) fn effect_of(&self, inputs: &[Pat], body: &Expr) -> Effect {
        let effects = Effects::of_body(inputs, body, &self.func.width);
        effects.called.iter().map(|name| self.effect_of_call(name)).fold(effects.alone(), Effect::max)
    }

    fn effect_of_call(&self, name: &str) -> Effect {
        match self.scopes.state(name) {
            Some(State::Closure(closure)) => self.scopes.closures[*closure].lambda.effect,
            Some(State::Native | State::Other { .. }) => Effect::Possible,
            Some(_) => Effect::No,
            None => self.items.functions.get(name).map_or(Effect::Possible, |f| f.effect),
        }
    }

    /// What a function does that is given to something: a closure, or a path.
    pub(super) fn effect_of_function(&self, function: &Expr) -> Effect {
        match (closure_of(function), function) {
            (Some(closure), _) => {
                let inputs: Vec<Pat> = closure.inputs.iter().cloned().collect();
                self.effect_of(&inputs, &closure.body)
            }
            (None, Expr::Path(path)) => match path.path.get_ident() {
                Some(name) => self.effect_of_call(&name.to_string()),
                None if associated::primitive(function, &self.func.width).is_some() => Effect::No,
                None => Effect::Possible,
            },
            _ => Effect::Possible,
        }
    }
}

/// A variable.
#[derive(Clone)]
enum Root {
    Outer(String),
    Inner(usize),
}

/// A variable that the code binds.
struct Inner {
    /// What it may be a reference to.
    of: Vec<Root>,
    /// Something is changed through it.
    changed: bool,
}

struct Finder<'w> {
    width: &'w Width,
    found: Effects,
    inner: Vec<Inner>,
    /// The names bound by each open block, with their variables.
    scopes: Vec<Vec<(String, usize)>>,
    /// What a closure that comes next is called with.
    given: Option<Vec<Root>>,
}

impl Effects {
    /// Of an expression where it stands.
    pub(super) fn of(expr: &Expr, width: &Width) -> Self {
        let mut finder = Finder::new(width);
        finder.visit_expr(expr);
        finder.found
    }

    /// Of an assignment to a place.
    pub(super) fn of_assignment(target: &Expr, width: &Width) -> Self {
        let mut finder = Finder::new(width);
        finder.assign(target, None);
        finder.found
    }

    /// Of the body of a function or closure; what is changed through a parameter counts.
    pub(super) fn of_body(inputs: &[Pat], body: &Expr, width: &Width) -> Self {
        let mut finder = Finder::new(width);
        for input in inputs {
            let from = pattern::bindings(input).unwrap_or_default();
            let from: Vec<Root> = from.into_iter().map(|b| Root::Outer(b.name.to_string())).collect();
            finder.bind(input, &from);
        }
        finder.visit_expr(body);
        finder.found
    }

    /// What there is, whatever is called.
    fn alone(&self) -> Effect {
        match () {
            () if !self.changed.is_empty() => Effect::Visible,
            () if self.unseen => Effect::Possible,
            () => Effect::No,
        }
    }

    /// Whether it can be done again, together with all that declared the variables of the body: nothing is left of it elsewhere. A
    /// name of a method tells what it does only to data: what is returned has to be some, if it can.
    pub(super) fn repeatable(
        &self,
        is_local: impl Fn(&str) -> bool,
        is_data: impl Fn(&str) -> bool,
    ) -> Option<Vec<TokenStream>> {
        let quiet = !self.unseen && self.called.is_empty() && self.through.is_empty();
        if !quiet || !self.assigned.iter().all(|name| is_local(name)) {
            return None;
        }
        self.asked.iter().filter(|asked| !asked.is_data(&is_data)).map(Asked::receiver).collect()
    }

    /// Whether it gives another value to the variable that a place begins with.
    pub(super) fn writes_into(&self, place: &Expr) -> bool {
        way_to(place).is_some_and(|way| self.written.iter().any(|(name, _)| *name == way.root))
    }

    /// What there is, if nothing is known of what is called.
    pub(super) fn effect(&self) -> Effect {
        let called = if self.called.is_empty() { Effect::No } else { Effect::Possible };
        called.max(self.alone())
    }
}

impl<'w> Finder<'w> {
    fn new(width: &'w Width) -> Self {
        Finder { width, found: Effects::default(), inner: Vec::new(), scopes: vec![Vec::new()], given: None }
    }

    fn scoped(&mut self, f: impl FnOnce(&mut Self)) {
        self.scopes.push(Vec::new());
        f(self);
        self.scopes.pop();
    }

    fn find(&self, name: &str) -> Root {
        let bound = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        match bound.into_iter().find(|(bound, _)| bound == name) {
            Some((_, id)) => Root::Inner(*id),
            None => Root::Outer(name.to_string()),
        }
    }

    /// A pattern is bound to what may refer to some variables.
    fn bind(&mut self, pat: &Pat, of: &[Root]) {
        struct Names(Vec<String>);
        impl<'ast> Visit<'ast> for Names {
            fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
                self.0.push(pat.ident.to_string());
                visit::visit_pat_ident(self, pat);
            }
        }
        let mut names = Names(Vec::new());
        names.visit_pat(pat);
        for name in names.0 {
            self.inner.push(Inner { of: of.to_vec(), changed: false });
            if let Some(scope) = self.scopes.last_mut() {
                scope.push((name, self.inner.len() - 1));
            }
        }
    }

    /// Binds a pattern to an expression.
    fn bind_to(&mut self, pat: &Pat, subject: &Expr) {
        let of = if borrows_mutably(pat) { self.places(subject) } else { self.values(subject) };
        self.bind(pat, &of);
    }

    /// Something is changed through variables.
    fn change(&mut self, roots: Vec<Root>) {
        let mut waiting = roots;
        while let Some(root) = waiting.pop() {
            match root {
                Root::Outer(name) => {
                    self.found.through.insert(name.clone());
                    self.found.changed.insert(name);
                }
                Root::Inner(id) if !self.inner[id].changed => {
                    self.inner[id].changed = true;
                    waiting.extend(self.inner[id].of.iter().cloned());
                }
                Root::Inner(_) => {}
            }
        }
    }

    /// A place is given another value.
    fn write(&mut self, place: &Expr, roots: Vec<Root>) {
        let direct = matches!(roots.as_slice(), [Root::Outer(_)]);
        let way = way_to(place).filter(|_| direct).map(|way| way.fields).unwrap_or_default();
        let names = self.outer(roots.clone());
        self.found.written.extend(names.into_iter().map(|name| (name, way.clone())));
        self.change(roots);
    }

    /// Variables are given away.
    fn pass(&mut self, roots: Vec<Root>) {
        let names = self.outer(roots);
        self.found.passed.extend(names);
    }

    /// The variables of the surroundings that some may refer to.
    fn outer(&self, roots: Vec<Root>) -> Vec<String> {
        let (mut names, mut seen, mut waiting) = (Vec::new(), HashSet::new(), roots);
        while let Some(root) = waiting.pop() {
            match root {
                Root::Outer(name) => names.push(name),
                Root::Inner(id) if seen.insert(id) => waiting.extend(self.inner[id].of.iter().cloned()),
                Root::Inner(_) => {}
            }
        }
        names
    }

    /// An assignment: to a variable itself, or through it.
    fn assign(&mut self, target: &Expr, value: Option<&Expr>) {
        match target {
            Expr::Paren(e) => self.assign(&e.expr, value),
            Expr::Group(e) => self.assign(&e.expr, value),
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.assign(e, value)),
            Expr::Array(e) => e.elems.iter().for_each(|e| self.assign(e, value)),
            Expr::Struct(e) => e.fields.iter().for_each(|f| self.assign(&f.expr, value)),
            Expr::Call(e) => e.args.iter().for_each(|e| self.assign(e, value)),
            Expr::Infer(_) => {}
            Expr::Path(_) => {
                let of = value.map(|value| self.values(value)).unwrap_or_default();
                match self.places(target).pop() {
                    Some(Root::Inner(id)) if self.inner[id].changed => self.write(target, of),
                    Some(Root::Inner(id)) => self.inner[id].of.extend(of),
                    Some(Root::Outer(name)) => {
                        self.pass(of);
                        self.found.written.insert((name.clone(), Vec::new()));
                        self.found.assigned.insert(name.clone());
                        self.found.changed.insert(name);
                    }
                    None => self.found.unseen = true,
                }
            }
            other => self.change_through(other),
        }
    }

    fn change_through(&mut self, place: &Expr) {
        let roots = self.places(place);
        self.write(place, roots);
    }

    /// The variables that a place may be a part of, or be behind.
    fn places(&self, expr: &Expr) -> Vec<Root> {
        match expr {
            Expr::Path(p) => p.path.get_ident().map(|ident| self.find(&ident.to_string())).into_iter().collect(),
            Expr::Paren(e) => self.places(&e.expr),
            Expr::Group(e) => self.places(&e.expr),
            Expr::Field(e) => self.places(&e.base),
            Expr::Index(e) => self.places(&e.expr),
            Expr::Unary(e) => self.places(&e.expr),
            Expr::Reference(e) => self.places(&e.expr),
            Expr::RawAddr(e) => self.places(&e.expr),
            Expr::Cast(e) => self.places(&e.expr),
            Expr::Lit(_) => Vec::new(),
            Expr::Tuple(e) => e.elems.iter().flat_map(|e| self.places(e)).collect(),
            Expr::Array(e) => e.elems.iter().flat_map(|e| self.places(e)).collect(),
            other => self.values(other),
        }
    }

    /// The variables to which a value may refer mutably.
    fn values(&self, expr: &Expr) -> Vec<Root> {
        let all = |exprs: &mut dyn Iterator<Item = &Expr>| exprs.flat_map(|e| self.values(e)).collect();
        match expr {
            Expr::Path(_) => self.places(expr),
            Expr::Paren(e) => self.values(&e.expr),
            Expr::Group(e) => self.values(&e.expr),
            Expr::Field(e) => self.values(&e.base),
            Expr::Try(e) => self.values(&e.expr),
            Expr::Cast(e) => self.values(&e.expr),
            Expr::Reference(e) if e.mutability.is_some() => self.places(&e.expr),
            Expr::RawAddr(e) => self.places(&e.expr),
            // What is copied out of a place, and what is only looked at.
            Expr::Lit(_)
            | Expr::Reference(_)
            | Expr::Unary(_)
            | Expr::Index(_)
            | Expr::Binary(_)
            | Expr::Range(_)
            | Expr::Closure(_)
            | Expr::Assign(_) => Vec::new(),
            Expr::Tuple(e) => all(&mut e.elems.iter()),
            Expr::Array(e) => all(&mut e.elems.iter()),
            Expr::Repeat(e) => self.values(&e.expr),
            Expr::Struct(e) => all(&mut e.fields.iter().map(|f| &f.expr).chain(e.rest.as_deref())),
            Expr::MethodCall(e) => {
                let name = e.method.to_string();
                if numeric(&name) || SHARED.contains(&name.as_str()) {
                    return Vec::new();
                }
                all(&mut std::iter::once(&*e.receiver).chain(&e.args))
            }
            Expr::Call(e) if computes(&e.func, self.width) => Vec::new(),
            Expr::Call(e) => all(&mut e.args.iter()),
            other => mentioned(other.to_token_stream()).iter().map(|name| self.find(name)).collect(),
        }
    }

    fn method(&mut self, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        if numeric(&name) {
            return visit::visit_expr_method_call(self, call);
        }
        if !looks_only(call, &name) {
            let roots = self.places(&call.receiver);
            self.found.unseen |= roots.is_empty() && !changing(&name);
            if changing(&name) {
                self.write(&call.receiver, roots);
            } else {
                self.change(roots);
            }
            for arg in &call.args {
                let roots = self.values(arg);
                self.pass(roots);
            }
        }
        let of = self.outer(self.places(&call.receiver));
        let is_outer = |name: &str| matches!(self.find(name), Root::Outer(_));
        self.found.asked.push(Asked::of(call, of, &is_outer));
        self.visit_expr(&call.receiver);
        for arg in &call.args {
            match arg {
                // A function, if it is no list.
                Expr::Path(path) => {
                    let roots = self.values(&call.receiver);
                    self.pass(roots);
                    match path.path.get_ident() {
                        Some(ident) => self.call(&ident.to_string()),
                        None => self.found.unseen |= !computes(arg, self.width),
                    }
                }
                Expr::Closure(_) => {
                    let others = call.args.iter().filter(|other| !std::ptr::eq(*other, arg));
                    let given = std::iter::once(&*call.receiver).chain(others);
                    self.given = Some(given.flat_map(|e| self.values(e)).collect());
                    self.visit_expr(arg);
                }
                arg => self.visit_expr(arg),
            }
        }
    }

    /// A function or closure is called by its name. What one does that is bound here was found where it was written.
    fn call(&mut self, name: &str) {
        let roots = self.outer(vec![self.find(name)]);
        self.found.called.extend(roots);
    }

    fn function(&mut self, call: &syn::ExprCall) {
        let given: Vec<Root> = call.args.iter().flat_map(|arg| self.values(arg)).collect();
        match &*call.func {
            func if computes(func, self.width) => {}
            Expr::Path(path) => {
                let constructor = path_of(&call.func)
                    .is_some_and(|path| path.rsplit("::").next().is_some_and(|l| l.starts_with(char::is_uppercase)));
                match path.path.get_ident() {
                    _ if constructor => {}
                    Some(ident) => self.call(&ident.to_string()),
                    None => self.found.unseen |= !takes_out(path),
                }
                if !constructor {
                    self.pass(given);
                }
            }
            func => {
                self.found.unseen |= !matches!(func, Expr::Paren(e) if matches!(&*e.expr, Expr::Closure(_)));
                self.pass(given.clone());
                self.given = Some(given);
                self.visit_expr(func);
                self.given = None;
            }
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn macro_call(&mut self, mac: &syn::Macro) {
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let harmless = macros::HARMLESS.contains(&name.as_str()) || fallible::is_own(mac);
        self.found.unseen |= !harmless;
        let list = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        match list.parse2(mac.tokens.clone()) {
            Ok(args) if !macros::is_unknown(mac) => {
                args.iter().for_each(|arg| self.visit_expr(arg));
            }
            _ => {
                let roots: Vec<Root> = mentioned(mac.tokens.clone()).iter().map(|name| self.find(name)).collect();
                let names = self.outer(roots.clone());
                self.found.written.extend(names.into_iter().map(|name| (name, Vec::new())));
                self.change(roots);
            }
        }
    }
}

/// Whether a function visibly computes a number.
pub(super) fn computes(func: &Expr, width: &Width) -> bool {
    associated::of_float(func, width) || associated::primitive(func, width).is_some()
}

/// Whether a function takes something out of an `Option`, by a name that has no other meaning.
fn takes_out(path: &syn::ExprPath) -> bool {
    let names: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
    path.path.leading_colon.is_some()
        && matches!(&names[..], [core, option, ty, method]
        if core == "core" && option == "option" && ty == "Option" && (method == "unwrap" || method == "expect"))
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let given = self.given.take();
        match expr {
            Expr::Assign(e) => {
                self.assign(&e.left, Some(&e.right));
                visit::visit_expr(self, expr);
            }
            Expr::Binary(e) => {
                if is_compound(&e.op) {
                    self.assign(&e.left, None);
                }
                visit::visit_expr(self, expr);
            }
            Expr::Reference(e) => {
                if e.mutability.is_some() {
                    self.change_through(&e.expr);
                }
                self.visit_expr(&e.expr);
            }
            Expr::RawAddr(e) => {
                self.change_through(&e.expr);
                self.visit_expr(&e.expr);
            }
            Expr::MethodCall(e) => self.method(e),
            Expr::Call(e) => self.function(e),
            Expr::Macro(e) => self.macro_call(&e.mac),
            Expr::Closure(e) => self.scoped(|f| {
                // Of one that is called elsewhere nobody knows with what.
                let given = given.unwrap_or_else(|| vec![Root::Outer(String::new())]);
                e.inputs.iter().for_each(|input| f.bind(input, &given));
                f.visit_expr(&e.body);
            }),
            Expr::Let(e) => {
                self.visit_expr(&e.expr);
                self.bind_to(&e.pat, &e.expr);
            }
            Expr::If(e) => {
                self.scoped(|f| {
                    f.visit_expr(&e.cond);
                    f.visit_block(&e.then_branch);
                });
                if let Some((_, other)) = &e.else_branch {
                    self.visit_expr(other);
                }
            }
            Expr::While(e) => self.scoped(|f| {
                f.visit_expr(&e.cond);
                f.visit_block(&e.body);
            }),
            Expr::ForLoop(e) => {
                self.visit_expr(&e.expr);
                self.scoped(|f| {
                    f.bind_to(&e.pat, &e.expr);
                    f.visit_block(&e.body);
                });
            }
            Expr::Match(e) => {
                self.visit_expr(&e.expr);
                for arm in &e.arms {
                    self.scoped(|f| {
                        f.bind_to(&arm.pat, &e.expr);
                        f.visit_pat(&arm.pat);
                        f.visit_expr(&arm.body);
                    });
                }
            }
            Expr::Await(_) | Expr::Async(_) | Expr::Yield(_) | Expr::Verbatim(_) => {
                self.found.unseen = true;
                visit::visit_expr(self, expr);
            }
            other => visit::visit_expr(self, other),
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.scoped(|f| visit::visit_block(f, block));
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        match stmt {
            Stmt::Local(local) => {
                let Some(init) = &local.init else { return self.bind(&local.pat, &[]) };
                self.visit_expr(&init.expr);
                if let Some((_, diverge)) = &init.diverge {
                    self.visit_expr(diverge);
                }
                self.bind_to(&local.pat, &init.expr);
            }
            Stmt::Macro(m) => self.macro_call(&m.mac),
            other => visit::visit_stmt(self, other),
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// The names in some tokens.
fn mentioned(tokens: TokenStream) -> BTreeSet<String> {
    let name = |token| if let TokenTree::Ident(ident) = token { Some(ident.to_string()) } else { None };
    tokens::each(tokens).filter_map(name).collect()
}
