//! Bodies that are lowered where they are used: of closures, of functions inside the function, and of what is given to
//! iterators.

use super::Lowerer;
use super::conversion::named_floats;
use super::effects::{Effect, Effects};
use super::ending::owns;
use super::exits::{self, Scan};
use super::expression::Value;
use super::item::Item;
use super::iterate::Function;
use super::mention;
use super::opaque::Fate;
use super::ranges;
use super::rename::Binding;
use super::scope::{State, VarId};
use super::stated::without_lifetimes;
use super::tail::other_tail;
use super::taken::Captured;
use super::types;
use super::unpack::member_types;
use crate::diagnostics::{Site, message};
use crate::ir::{Op, OpKind, Ty, Val, Width};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use std::collections::HashSet;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::visit::Visit as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprClosure, Lifetime, Pat, ReturnType, Stmt, Token, Type, parse_quote};

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
    pub(super) meanings: Vec<(String, Option<VarId>)>,
    /// The tokens of its body, and how deeply they are nested.
    extent: (usize, usize),
    /// Whether it does more than compute its result.
    pub(super) effect: Effect,
    /// A variable that changes and that a `move` closure has a copy of, which inlining would not have.
    pub(super) private: Option<Ident>,
    /// What a closure without `move` captures.
    pub(super) captured: Captured,
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
    /// What is inlined for a closure that is called where it stands. What it does is not looked at.
    pub(super) fn anonymous(closure: &ExprClosure) -> Self {
        let output = match &closure.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        };
        let inputs = closure.inputs.iter().cloned().collect();
        let body = without_returns((*closure.body).clone());
        let extent = extent(&body.to_token_stream());
        Lambda {
            inputs,
            body,
            output,
            meanings: Vec::new(),
            extent,
            effect: Effect::Possible,
            private: None,
            captured: Captured::default(),
        }
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
        let output = match &sig.output {
            ReturnType::Type(_, output) => Some((**output).clone()),
            ReturnType::Default => None,
        };
        let tokens = item.block.to_token_stream();
        let names = mentioned(&tokens);
        if names.iter().any(|name| sig.ident == name) {
            return None;
        }
        let extent = extent(&tokens);
        let body = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: (*item.block).clone() });
        let body = without_returns(body);
        let meanings = names.into_iter().map(|name| (name, None)).collect();
        let effect = Effects::of_body(&inputs, &body, width).effect();
        Some(Lambda { inputs, body, output, meanings, extent, effect, private: None, captured: Captured::default() })
    }

    /// Whether its result is visibly no number and no array of numbers.
    pub(super) fn opaque(&self, width: &Width) -> bool {
        match &self.output {
            Some(ty) => {
                types::shape(ty, &named_floats(width)).is_none() && !matches!(ty, Type::Infer(_) | Type::Tuple(_))
            }
            None => other_tail(&self.body, width),
        }
    }
}

impl Lowerer<'_> {
    /// An expression as a value without syntax, evaluated where it stands; `pat` is what it will be bound to.
    pub(super) fn evaluate(&mut self, arg: &Expr, pat: Option<&Pat>) -> Item {
        self.evaluate_as(arg, pat.map(untyped), pat.and_then(type_of))
    }

    /// The same of a type, if one is written down.
    fn evaluate_as(&mut self, arg: &Expr, pat: Option<&Pat>, ty: Option<&Type>) -> Item {
        if let Some(closure) = self.closure_named(arg) {
            return Item::Closure(closure);
        }
        if let Expr::Tuple(values) = arg {
            let (count, types) = (values.elems.len(), member_types(ty));
            let pats: Vec<Option<&Pat>> = match pat {
                Some(Pat::Tuple(t)) if t.elems.len() == count => t.elems.iter().map(Some).collect(),
                _ => vec![None; count],
            };
            let items = self.in_order(values.elems.iter().zip(pats).enumerate(), |l, (k, (arg, pat))| {
                let ty = pat.and_then(type_of).or(types.get(k).copied());
                l.evaluate_as(arg, pat.map(untyped), ty)
            });
            return Item::Tuple(items);
        }
        let first = self.ops().len();
        let shape = ty.and_then(|ty| self.shape(ty));
        let scalar = shape.as_ref().is_some_and(|s| s.dims.is_empty());
        let value = match shape {
            Some(shape) if !shape.reference => self.expr_with(arg, &shape.dims),
            _ => self.expr(arg),
        };
        let value = match value {
            Value::Opaque if scalar => Value::Float(self.typed_template(arg)),
            value => value,
        };
        self.claim_type(&value, ty);
        self.note_foreign(&value, ty);
        self.told_by_type(&value, ty, first);
        match value {
            Value::Float(val) => Item::Float(val),
            Value::Part { part, .. } if self.func.is_number(&part) => Item::Float(self.load(part, arg.span())),
            Value::Part { part, reference } => Item::Part { part, reference },
            Value::Aggregate(aggregate) => Item::from(aggregate),
            Value::Opaque | Value::Inactive(_) => {
                let reference = matches!(ty, Some(Type::Reference(_)));
                if let Some((val, indexable)) = self.steady(arg) {
                    self.told_of_variable(arg, val, ty);
                    return Item::Other { val, indexable, reference };
                }
                if let Some(ty) = ty.filter(|ty| ty.to_token_stream().to_string() == "usize") {
                    let val = self.index(arg);
                    self.tell_type(val, ty, first);
                    return Item::Other { val, indexable: false, reference: false };
                }
                let lost = Fate::Lost(Site::of(arg), message::lost_in_value("a value that is no number"));
                let mut code = self.opaque(arg, &lost);
                let name = match pat {
                    Some(Pat::Ident(p)) => p.ident.clone(),
                    _ => Ident::new("item", arg.span()),
                };
                let name = self.bind_name(&name, Binding::Value).unwrap_or(name);
                code.pattern = ty.map(without_lifetimes).map(|ty| quote!(#name: #ty));
                let val = self.func.val(Ty::Other, Some(name), arg.span());
                if !code.pure && owns(arg, ty) {
                    self.ending.value(val);
                }
                self.untold.extend((ty.is_none() && ranges::of_literals(arg)).then_some(val));
                self.ops().push(Op { kind: OpKind::Inactive(code), results: vec![val], span: arg.span() });
                Item::Other { val, indexable: ty.is_some_and(types::indexable), reference }
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

    /// Does something with the body of a lambda, its parameters bound; `None` if it cannot be inlined.
    pub(super) fn within<T>(
        &mut self,
        lambda: &Lambda,
        items: &[Item],
        site: Site,
        f: impl FnOnce(&mut Self, &Expr) -> T,
    ) -> Option<T> {
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
            return None;
        }
        if let Some(name) = &lambda.private {
            self.error(site, message::private_copy(name));
        }
        self.check_taken(lambda, site);
        if let Some((span, text)) = Scan::expr(&lambda.body).in_expression() {
            self.error(span, text);
            return None;
        }
        let (depth, first) = (self.scopes.depth(), self.scopes.vars.len());
        self.scopes.push();
        for (name, meaning) in &lambda.meanings {
            self.scopes.alias(name, *meaning);
        }
        let tokens = lambda.body.to_token_stream();
        for (pat, item) in lambda.inputs.iter().zip(items) {
            let item = self.told_in_body(pat, item, &tokens);
            if !self.bind_item(pat, &item) {
                self.error(Site::of(pat), message::unsupported("a pattern like this"));
            }
        }
        self.inlining += nesting;
        let value = f(self, &lambda.body);
        self.inlining -= nesting;
        self.called(lambda);
        self.close(depth, first, &|uses| {
            lambda.inputs.iter().for_each(|pat| uses.visit_pat(pat));
            uses.visit_expr(&lambda.body);
        });
        Some(value)
    }

    /// The body of a lambda as a value.
    pub(super) fn inline(&mut self, lambda: &Lambda, items: &[Item], site: Site, want: Want) -> Value {
        let float = lambda.output.as_ref().and_then(|ty| self.shape(ty)).is_some_and(|s| s.dims.is_empty());
        let want = if float && want == Want::Value { Want::Float } else { want };
        let first = self.ops().len();
        let value = self.within(lambda, items, site, |l, body| match (body, want) {
            (Expr::Block(b), Want::Nothing) if b.label.is_none() => {
                l.plain_block(&b.block, |l, b| b.stmts.iter().for_each(|s| l.statement(s)));
                Value::Opaque
            }
            (body, Want::Nothing) => {
                l.expression_statement(body);
                Value::Opaque
            }
            (Expr::Block(b), want) if b.label.is_none() => l.plain_block(&b.block, |l, b| l.block_result(b, want)),
            (body, want) => l.result(body, want),
        });
        let value = value.unwrap_or_else(|| Value::Float(self.poison(Span::call_site())));
        self.claim_type(&value, lambda.output.as_ref());
        self.note_foreign(&value, lambda.output.as_ref());
        self.told_by_type(&value, lambda.output.as_ref(), first);
        value
    }

    /// Applies a function to what an iterator yields.
    pub(super) fn apply(&mut self, f: &Function, items: &[Item]) -> Item {
        let output = f.lambda.output.as_ref().map(|ty| {
            let pat = Box::new(Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token: Token![_](ty.span()) }));
            let colon_token = Token![:](ty.span());
            Pat::Type(syn::PatType { attrs: Vec::new(), pat, colon_token, ty: Box::new(ty.clone()) })
        });
        let item = self.within(&f.lambda, items, f.site, |l, body| l.block_item(body, output.as_ref()));
        item.unwrap_or_else(|| Item::Float(self.poison(Span::call_site())))
    }

    fn block_item(&mut self, body: &Expr, pat: Option<&Pat>) -> Item {
        match body {
            Expr::Paren(e) => self.block_item(&e.expr, pat),
            Expr::Block(b) if b.label.is_none() => self.plain_block(&b.block, |l, b| match b.stmts.split_last() {
                Some((Stmt::Expr(last, None), stmts)) => {
                    stmts.iter().for_each(|s| l.statement(s));
                    l.block_item(last, pat)
                }
                _ => {
                    b.stmts.iter().for_each(|s| l.statement(s));
                    Item::Tuple(Vec::new())
                }
            }),
            body => self.evaluate(body, pat),
        }
    }

    /// Applies a function for what it does.
    pub(super) fn perform(&mut self, f: &Function, items: &[Item]) {
        self.inline(&f.lambda, items, f.site, Want::Nothing);
    }

    /// What a function decides of what an iterator yields.
    pub(super) fn decide(&mut self, f: &Function, items: &[Item]) -> Val {
        let cond = self.within(&f.lambda, items, f.site, |l, body| match body {
            Expr::Block(b) if b.label.is_none() => l.plain_block(&b.block, |l, b| match b.stmts.split_last() {
                Some((Stmt::Expr(last, None), stmts)) => {
                    stmts.iter().for_each(|s| l.statement(s));
                    l.condition(last)
                }
                _ => l.condition(body),
            }),
            body => l.condition(body),
        });
        cond.unwrap_or_else(|| self.flag(false, Span::call_site()))
    }

    /// What is inlined for a function that is given to an iterator: a closure, or any path.
    pub(super) fn lambda(&mut self, expr: &Expr, arity: usize) -> Option<Rc<Lambda>> {
        let lambda = if let Some(closure) = self.closure_named(expr) {
            Rc::clone(&self.scopes.closures[closure].lambda)
        } else if let Some(closure) = closure_of(expr) {
            self.captures(closure).lambda
        } else if let Expr::Path(path) = expr {
            let names: Vec<Ident> = (0..arity).map(|k| format_ident!("argument_{k}")).collect();
            let closure: ExprClosure = match (of_slices(path), names.as_slice()) {
                (Some(method), [list, rest @ ..]) => parse_quote!(|#(#names),*| #list.#method(#(#rest),*)),
                _ => parse_quote!(|#(#names),*| #path(#(#names),*)),
            };
            let mut lambda = Lambda::anonymous(&closure);
            lambda.effect = self.effect_of(&lambda.inputs, &lambda.body);
            Rc::new(lambda)
        } else {
            return None;
        };
        (lambda.inputs.len() == arity).then_some(lambda)
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
}

/// A body that returns early is a labelled block that is left with a value.
fn without_returns(mut body: Expr) -> Expr {
    struct Returns {
        label: Lifetime,
        found: bool,
    }
    impl VisitMut for Returns {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) => return,
                Expr::Return(r) => {
                    let (label, value) = (&self.label, &r.expr);
                    *expr = parse_quote!(break #label #value);
                    self.found = true;
                }
                _ => {}
            }
            visit_mut::visit_expr_mut(self, expr);
        }

        fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    }
    let mut returns = Returns { label: Lifetime::new("'returned", Span::mixed_site()), found: false };
    returns.visit_expr_mut(&mut body);
    let label = &returns.label;
    match body {
        body if !returns.found => body,
        Expr::Block(b) if b.label.is_none() => {
            let block = &b.block;
            parse_quote!(#label: #block)
        }
        body => parse_quote!(#label: { #body }),
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

pub(super) fn type_of(pat: &Pat) -> Option<&Type> {
    match pat {
        Pat::Paren(p) => type_of(&p.pat),
        Pat::Type(p) => Some(&p.ty),
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

/// The names in some tokens, each once, with those in format strings.
pub(super) fn mentioned(tokens: &TokenStream) -> Vec<String> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    each_token(tokens, &mut |token, _| {
        let found = match token {
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Literal(literal) => mention::format_names(&literal.to_string()),
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

/// The method that `<[f64]>::to_vec` names.
fn of_slices(path: &syn::ExprPath) -> Option<&Ident> {
    let list = matches!(*path.qself.as_ref()?.ty, Type::Slice(_)) && path.path.segments.len() == 1;
    path.path.segments.last().filter(|_| list).map(|last| &last.ident)
}
