//! Local closures, called by name, and functions inside the function.
//!
//! A closure's body is lowered where it is called, with the names of its body meaning what they meant where it was
//! written: what it captures by reference is read through, and what a `move` closure captures is copied to variables of its
//! own at its creation. So a call is no construct of the IR, and every analysis sees the body in its place.
//!
//! Beside that, the closure as the user wrote it is kept for code that is carried along. It is emitted if such code
//! mentions it; then nothing that it captures may be active, unless its result only decides.

use super::Lowerer;
use super::exits::{self, Scan};
use super::expression::Value;
use super::item::Item;
use super::opaque::{self, Fate, Opaque, Source};
use super::rename::{Binding, with_name};
use super::scope::{State, VarId};
use super::signature;
use super::tail::{float_tail, other_tail};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Init, Op, OpKind, Part, Ty, Val, Width};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::collections::HashSet;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Block, Expr, ExprCall, ExprClosure, Local, Pat, ReturnType, Stmt, Type};

/// How many tokens may be inlined altogether: a closure that calls another twice, and so on, doubles with each.
const INLINED: usize = 100_000;
/// How deeply groups may be nested in bodies that are inlined within each other, altogether.
const DEPTH: usize = 96;

/// What can be inlined.
#[derive(Debug)]
pub struct Lambda {
    pub(super) inputs: Vec<Pat>,
    pub(super) body: Expr,
    /// The type of its result, if it is written.
    pub(super) output: Option<Type>,
    /// What each name in its body means, where that is not what it means where it is called; `None`: no variable.
    meanings: Vec<(String, Option<VarId>)>,
    /// The tokens of its body, and how deeply they are nested.
    extent: (usize, usize),
    /// A variable that changes and that a `move` closure has a copy of, which inlining would not have.
    private: Option<Ident>,
}

/// A closure with a name.
#[derive(Debug)]
pub struct Closure {
    /// What is inlined.
    pub lambda: Rc<Lambda>,
    /// What the user's own tokens call it.
    pub val: Val,
    /// Numbers and arrays that it captures.
    pub sources: Vec<Source>,
    /// Float variables that it assigns.
    pub writes: Vec<VarId>,
    /// It only decides something from the numbers that it is given and captures.
    pub decides: bool,
    /// What is to be emitted if the user's own tokens mention it.
    native: Option<Native>,
}

/// A closure as the user wrote it.
#[derive(Debug)]
struct Native {
    code: Inactive,
    errors: Vec<(Site, String)>,
    /// Closures that it mentions.
    closures: Vec<usize>,
    /// The operation that keeps its place.
    at: (usize, usize),
}

/// What is wanted of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Whatever it is.
    Value,
    /// A float.
    Float,
    /// Nothing: it is a statement.
    Nothing,
}

impl Lambda {
    /// What is inlined for a closure that is called where it stands.
    pub(super) fn anonymous(closure: &ExprClosure) -> Self {
        let output = match &closure.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        };
        let inputs = closure.inputs.iter().cloned().collect();
        let body = (*closure.body).clone();
        let extent = extent(&body.to_token_stream());
        Lambda { inputs, body, output, meanings: Vec::new(), extent, private: None }
    }

    /// What is inlined for a function inside the function: its body sees no variable but its own. `None` if it is not
    /// read here: it is recursive, something else derives from it, or it is generic. Its own type parameter may be the float
    /// type if that has the same name outside: what goes in has that type.
    pub(super) fn function(item: &syn::ItemFn, width: &Width) -> Option<Self> {
        let plain = |a: &syn::Attribute| {
            ["inline", "allow", "expect", "doc", "must_use", "cold"].iter().any(|name| a.path().is_ident(name))
        };
        let sig = &item.sig;
        let unsafety = matches!(sig.safety, syn::Safety::Unsafe(_));
        let generic = sig.generics.params.iter().any(|p| match p {
            syn::GenericParam::Lifetime(_) => false,
            syn::GenericParam::Type(p) => !width.parameter().contains(&p.ident),
            syn::GenericParam::Const(_) => true,
        });
        if !item.attrs.iter().all(plain) || unsafety || generic || sig.asyncness.is_some() || sig.variadic.is_some() {
            return None;
        }
        let inputs = sig.inputs.iter().map(|input| match input {
            syn::FnArg::Typed(typed) => Some(Pat::Type(typed.clone())),
            syn::FnArg::Receiver(_) => None,
        });
        let inputs = inputs.collect::<Option<Vec<Pat>>>()?;
        let ReturnType::Type(_, output) = &sig.output else { return None };
        let tokens = item.block.to_token_stream();
        let names = mentioned(&tokens);
        if names.iter().any(|name| sig.ident == name) {
            return None;
        }
        let extent = extent(&tokens);
        let body = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: (*item.block).clone() });
        let meanings = names.into_iter().map(|name| (name, None)).collect();
        Some(Lambda { inputs, body, output: Some((**output).clone()), meanings, extent, private: None })
    }

    /// Whether its result is visibly no number and no array of numbers.
    fn opaque(&self, width: &Width) -> bool {
        match &self.output {
            Some(ty) => signature::shape(ty, width.parameter()).is_none() && !matches!(ty, Type::Infer(_)),
            None => other_tail(&self.body, width),
        }
    }
}

impl Lowerer<'_> {
    /// `let f = |…| …;`
    pub(super) fn closure_let(&mut self, local: &Local) -> bool {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            pat => (pat, None),
        };
        let (Pat::Ident(name), Some(init)) = (pat, &local.init) else { return false };
        if init.diverge.is_some() || name.by_ref.is_some() || name.subpat.is_some() {
            return false;
        }
        if let Some(closure) = self.closure_named(&init.expr) {
            self.scopes.declare(&name.ident, State::Closure(closure), name.mutability.is_some());
            return true;
        }
        let Some(closure) = closure_of(&init.expr) else { return false };
        if closure.asyncness.is_some() || closure.constness.is_some() {
            return false;
        }
        let Opaque { mut code, errors, closures, unknown_macros, .. } =
            Opaque::expression(&self.scopes, &self.func.width, &init.expr, &Fate::Consumed);
        if unknown_macros {
            code.tokens = super::without_exits(&init.expr.to_token_stream());
        }
        code.tokens = self.renamed(code.tokens);
        let new = self.bind_name(&name.ident, Binding::Value);
        let val = self.func.val(Ty::Other, Some(new.clone().unwrap_or_else(|| name.ident.clone())), name.ident.span());
        let ty = ty.map(|ty| quote!(: #ty));
        let pattern = quote!(#name #ty);
        code.pattern = Some(new.map_or(pattern.clone(), |new| with_name(pattern, &name.ident, &new)));
        code.pure = false;
        self.verbatim(TokenStream::new(), name.ident.span());
        let at = (self.regions.len() - 1, self.ops().len() - 1);
        let known = self.captures(closure);
        let native = Some(Native { code, errors, closures, at });
        self.scopes.closures.push(Closure { val, native, ..known });
        let state = State::Closure(self.scopes.closures.len() - 1);
        self.scopes.declare(&name.ident, state, name.mutability.is_some());
        true
    }

    /// What a closure captures, and what its names mean.
    fn captures(&mut self, closure: &ExprClosure) -> Closure {
        let mut lambda = Lambda::anonymous(closure);
        let parameters: HashSet<String> = lambda.inputs.iter().flat_map(bound).collect();
        let (mut sources, mut writes) = (Vec::new(), Vec::new());
        let scan = Scan::expr(&lambda.body);
        for name in mentioned(&closure.body.to_token_stream()) {
            if parameters.contains(&name) {
                continue;
            }
            let mut meaning = self.scopes.find(&name);
            if let (Some(id), Some(_)) = (meaning, &closure.capture) {
                let var = &self.scopes.vars[id];
                if matches!(var.state, State::Native) {
                    lambda.private.get_or_insert_with(|| var.name.clone());
                }
                meaning = Some(self.copied(id));
            }
            if let Some(id) = meaning.map(|id| self.behind(id)) {
                match &self.scopes.vars[id].state {
                    State::Float(val) => sources.push(Source::Val(*val)),
                    State::Part(part) | State::Element(part) => sources.push(Source::Place(part.place)),
                    State::Closure(other) => {
                        let other = &self.scopes.closures[*other];
                        sources.extend(other.sources.iter().copied());
                        writes.extend(other.writes.iter().copied());
                    }
                    _ => {}
                }
                let float = matches!(self.scopes.vars[id].state, State::Float(_) | State::Uninit);
                if float && scan.assigned.iter().any(|a| *a == name) {
                    writes.push(id);
                }
            }
            lambda.meanings.push((name, meaning));
        }
        let decides = self.decides(&lambda);
        Closure { lambda: Rc::new(lambda), val: Val(0), sources, writes, decides, native: None }
    }

    /// Whether no number that goes into a lambda is kept anywhere.
    fn decides(&mut self, lambda: &Lambda) -> bool {
        let depth = self.scopes.depth();
        self.scopes.push();
        for name in lambda.inputs.iter().flat_map(|pat| opaque::bindings(pat).unwrap_or_default()) {
            let val = self.func.val(Ty::Float, None, name.name.span());
            self.scopes.declare(&name.name, State::Float(val), false);
        }
        let body = Opaque::expression(&self.scopes, &self.func.width, &lambda.body, &Fate::Consumed);
        let decides = body.losses.is_empty() && body.errors.is_empty();
        self.scopes.pop_to(depth);
        decides
    }

    /// A variable as a `move` closure has it: a copy, if the original may change.
    fn copied(&mut self, id: VarId) -> VarId {
        let var = self.scopes.vars[id].clone();
        let state = match &var.state {
            State::Float(val) => State::Float(*val),
            State::Part(part) if var.mutable && !var.reference => {
                let dims = self.func.dims(part);
                State::Part(Part::whole(self.allocate(var.name.clone(), dims, Init::Copy(part.clone()))))
            }
            _ => return id,
        };
        self.scopes.hidden(var.name, state)
    }

    /// The user's own tokens mention a closure: it is emitted where it was written.
    pub(super) fn emit_closure(&mut self, closure: usize) {
        let mut waiting = vec![closure];
        while let Some(k) = waiting.pop() {
            let Some(native) = self.scopes.closures[k].native.take() else { continue };
            for (site, message) in native.errors {
                self.error(site, message);
            }
            let result = self.scopes.closures[k].val;
            let (region, op) = native.at;
            if let Some(op) = self.regions.get_mut(region).and_then(|ops| ops.get_mut(op)) {
                *op = Op { kind: OpKind::Inactive(native.code), results: vec![result], span: op.span };
            }
            waiting.extend(native.closures);
        }
    }

    /// The closure that an expression names.
    pub(super) fn closure_named(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::Path(p) => match self.scopes.state(&p.path.get_ident()?.to_string())? {
                State::Closure(closure) => Some(*closure),
                _ => None,
            },
            Expr::Paren(e) => self.closure_named(&e.expr),
            Expr::Group(e) => self.closure_named(&e.expr),
            Expr::Reference(e) => self.closure_named(&e.expr),
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => self.closure_named(&e.expr),
            _ => None,
        }
    }

    /// What a call can inline, and whether that captures numbers.
    fn inlinable(&self, func: &Expr) -> Option<(Rc<Lambda>, bool)> {
        if let Some(k) = self.closure_named(func) {
            let closure = &self.scopes.closures[k];
            return Some((Rc::clone(&closure.lambda), !closure.sources.is_empty() || !closure.writes.is_empty()));
        }
        match func {
            Expr::Paren(e) => match &*e.expr {
                Expr::Closure(closure) => Some((Rc::new(Lambda::anonymous(closure)), self.mentions_float(func))),
                inner => self.inlinable(inner),
            },
            Expr::Path(p) => {
                let name = p.path.get_ident()?.to_string();
                let function = self.items.functions.get(&name).filter(|_| self.scopes.find(&name).is_none())?;
                Some((Rc::clone(function), false))
            }
            _ => None,
        }
    }

    /// A call of a closure or of a function inside the function; `None` if it is a call of something else.
    pub(super) fn inlined_call(&mut self, call: &ExprCall, want: Want) -> Option<Value> {
        let (lambda, captures) = self.inlinable(&call.func)?;
        let number =
            |l: &Self, e: &Expr| l.mentions_float(e) || float_tail(e, &l.func.width) || l.closure_named(e).is_some();
        let numbers = captures || call.args.iter().any(|e| number(self, e));
        if !numbers
            || lambda.inputs.len() != call.args.len()
            || (want != Want::Nothing && lambda.opaque(&self.func.width))
        {
            return Some(Value::Opaque);
        }
        let writes = self.closure_named(&call.func).map(|k| self.scopes.closures[k].writes.clone()).unwrap_or_default();
        let before: Vec<State> = writes.iter().map(|&id| self.scopes.vars[id].state.clone()).collect();
        let losses = self.losses.len();
        let items: Vec<Item> = lambda.inputs.iter().zip(&call.args).map(|(pat, arg)| self.argument(pat, arg)).collect();
        let value = self.inline(&lambda, &items, Site::of(&call.func), want);
        if matches!(value, Value::Opaque) && want == Want::Value {
            // Whoever needs it carries the call along.
            self.losses.truncate(losses);
            for (id, state) in writes.into_iter().zip(before) {
                self.scopes.vars[id].state = state;
            }
        }
        Some(value)
    }

    /// An argument, evaluated before the body.
    fn argument(&mut self, pat: &Pat, arg: &Expr) -> Item {
        if let Some(closure) = self.closure_named(arg) {
            return Item::Closure(closure);
        }
        let ty = if let Pat::Type(typed) = pat { Some(&*typed.ty) } else { None };
        let scalar = ty.and_then(|ty| self.shape(ty)).is_some_and(|s| s.dims.is_empty());
        if let (Expr::Tuple(values), Pat::Tuple(pats)) = (arg, untyped(pat))
            && values.elems.len() == pats.elems.len()
        {
            let items = pats.elems.iter().zip(&values.elems).map(|(pat, arg)| self.argument(pat, arg));
            return Item::Tuple(items.collect());
        }
        match self.expr(arg) {
            Value::Float(val) => Item::Float(val),
            Value::Part { part, .. } if self.rank(&part) == 0 => Item::Float(self.load(part, arg.span())),
            Value::Part { part, reference } => Item::Part { part, reference },
            Value::Opaque if scalar => Item::Float(self.typed_template(arg)),
            Value::Opaque => {
                let reference = matches!(ty, Some(Type::Reference(_)));
                if let Some((val, indexable)) = self.steady(arg) {
                    return Item::Other { val, indexable, reference };
                }
                if ty.is_some_and(|ty| ty.to_token_stream().to_string() == "usize") {
                    return Item::Other { val: self.index(arg), indexable: false, reference: false };
                }
                let lost = Fate::Lost(Site::of(arg), message::lost_in_value("an argument that is no number"));
                let mut code = self.opaque(arg, &lost);
                let name = match untyped(pat) {
                    Pat::Ident(p) => p.ident.clone(),
                    _ => Ident::new("argument", arg.span()),
                };
                let name = self.bind_name(&name, Binding::Value).unwrap_or(name);
                code.pattern = ty.map(|ty| quote!(#name: #ty));
                let val = self.func.val(Ty::Other, Some(name), arg.span());
                self.ops().push(Op { kind: OpKind::Inactive(code), results: vec![val], span: arg.span() });
                Item::Other { val, indexable: ty.is_some_and(signature::indexable), reference }
            }
        }
    }

    /// The value of a variable of the user's that does not change.
    fn steady(&self, expr: &Expr) -> Option<(Val, bool)> {
        let Expr::Path(p) = expr else { return None };
        match self.scopes.state(&p.path.get_ident()?.to_string())? {
            State::Other { val, indexable } => Some((*val, *indexable)),
            _ => None,
        }
    }

    /// The body of a lambda with its parameters bound.
    pub(super) fn inline(&mut self, lambda: &Rc<Lambda>, items: &[Item], site: Site, want: Want) -> Value {
        let (size, nesting) = lambda.extent;
        let before = self.inlined;
        self.inlined = before.saturating_add(size);
        let (too_deep, too_long) = (self.inlining + nesting > DEPTH, self.inlined > INLINED);
        if too_deep {
            self.error(site, message::too_deep());
        } else if too_long && before <= INLINED {
            self.error(site, message::inlined_too_often());
        }
        if too_deep || too_long {
            return Value::Float(self.poison(Span::call_site()));
        }
        if let Some(name) = &lambda.private {
            self.error(site, message::private_copy(name));
        }
        if let Some((span, text)) = Scan::expr(&lambda.body).in_expression() {
            self.error(span, text);
            return Value::Float(self.poison(span));
        }
        let depth = self.scopes.depth();
        self.scopes.push();
        for (name, meaning) in &lambda.meanings {
            self.scopes.alias(name, *meaning);
        }
        for (pat, item) in lambda.inputs.iter().zip(items) {
            if !self.bind_item(pat, item) {
                self.error(Site::of(pat), message::unsupported("a pattern like this"));
            }
        }
        let float = lambda.output.as_ref().and_then(|ty| self.shape(ty)).is_some_and(|s| s.dims.is_empty());
        let want = if float && want == Want::Value { Want::Float } else { want };
        self.inlining += nesting;
        let value = match (&lambda.body, want) {
            (Expr::Block(b), Want::Nothing) if b.label.is_none() => {
                self.plain_block(&b.block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
                Value::Opaque
            }
            (body, Want::Nothing) => {
                self.expression_statement(body);
                Value::Opaque
            }
            (Expr::Block(b), want) if b.label.is_none() => self.plain_block(&b.block, |l, b| l.block_result(b, want)),
            (body, want) => self.result(body, want),
        };
        self.inlining -= nesting;
        self.scopes.pop_to(depth);
        value
    }

    fn block_result(&mut self, block: &Block, want: Want) -> Value {
        let Some((last, stmts)) = block.stmts.split_last() else { return Value::Opaque };
        stmts.iter().for_each(|s| self.statement(s));
        match last {
            Stmt::Expr(e, None) => self.result(e, want),
            other => {
                self.statement(other);
                Value::Opaque
            }
        }
    }

    fn result(&mut self, expr: &Expr, want: Want) -> Value {
        match self.expr(expr) {
            Value::Opaque if want == Want::Float && exits::diverges_expr(expr) => {
                self.expression_statement(expr);
                Value::Float(self.poison(expr.span()))
            }
            Value::Opaque if want == Want::Float => Value::Float(self.float_template(expr)),
            value => value,
        }
    }

    /// A call as a statement; `false` if it is to be carried along.
    pub(super) fn call_statement(&mut self, call: &ExprCall) -> bool {
        let captures = self.inlinable(&call.func).is_some_and(|(_, captures)| captures);
        captures && self.inlined_call(call, Want::Nothing).is_some()
    }
}

/// The closure that an expression is, or refers to.
pub(super) fn closure_of(expr: &Expr) -> Option<&ExprClosure> {
    match expr {
        Expr::Closure(closure) => Some(closure),
        Expr::Paren(e) => closure_of(&e.expr),
        Expr::Group(e) => closure_of(&e.expr),
        Expr::Reference(e) => closure_of(&e.expr),
        _ => None,
    }
}

/// A pattern without its type.
fn untyped(pat: &Pat) -> &Pat {
    match pat {
        Pat::Paren(p) => untyped(&p.pat),
        Pat::Type(p) => untyped(&p.pat),
        pat => pat,
    }
}

fn bound(pat: &Pat) -> Vec<String> {
    opaque::bindings(pat).unwrap_or_default().iter().map(|b| b.name.to_string()).collect()
}

/// The names in some tokens, each once, with those in format strings.
fn mentioned(tokens: &TokenStream) -> Vec<String> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    each_token(tokens, &mut |token, _| {
        let found = match token {
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Literal(literal) => opaque::format_names(&literal.to_string()),
            _ => Vec::new(),
        };
        names.extend(found.into_iter().filter(|name| seen.insert(name.clone())));
    });
    names
}

fn extent(tokens: &TokenStream) -> (usize, usize) {
    let (mut size, mut nesting) = (0, 0);
    each_token(tokens, &mut |_, depth| (size, nesting) = (size + 1, nesting.max(depth)));
    (size, nesting)
}

/// Calls `f` for each token and how many groups it is in, itself counted.
fn each_token(tokens: &TokenStream, f: &mut impl FnMut(&TokenTree, usize)) {
    let mut stack = vec![tokens.clone().into_iter()];
    while let Some(iter) = stack.last_mut() {
        match iter.next() {
            None => drop(stack.pop()),
            Some(token) => {
                f(&token, stack.len());
                if let TokenTree::Group(group) = token {
                    stack.push(group.stream().into_iter());
                }
            }
        }
    }
}
