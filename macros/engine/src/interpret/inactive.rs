//! Inactive code: parsed once for all runs, and evaluated with the values that it reads and the variables that are the
//! user's.

use super::native::{at, binary, cast, constant, function, literal, method, part, plain};
use super::{Datum, Machine, Scope, text};
use crate::ir::{Header, Inactive, Loop, Val};
use quote::{ToTokens as _, quote};
use std::rc::Rc;
use syn::parse::Parser as _;
use syn::{BinOp, Expr, Pat, Stmt, UnOp};

/// Parsed inactive code.
pub(super) enum Code {
    Expr(Expr),
    Stmts(Vec<Stmt>),
    /// A `let`; its names in order, with whether they are variables of the user's.
    Let(Vec<(String, bool)>, Box<(Pat, Expr)>),
}

impl Code {
    fn parse(code: &Inactive) -> Result<Self, String> {
        let tokens = &code.tokens;
        let wrong = |e: syn::Error| format!("`{tokens}`: {e}");
        if let Some(pattern) = &code.pattern {
            let stmts = syn::Block::parse_within.parse2(quote!(let #pattern = #tokens;)).map_err(wrong)?;
            let Some(Stmt::Local(local)) = stmts.into_iter().next() else {
                return Err(format!("`{tokens}` is no `let`"));
            };
            let Some(init) = local.init.filter(|init| init.diverge.is_none()) else {
                return Err(format!("`{tokens}`: a `let … else`"));
            };
            let mut names = Vec::new();
            names_of(&local.pat, &mut names)?;
            return Ok(Code::Let(names, Box::new((local.pat, *init.expr))));
        }
        if code.expression {
            return syn::parse2(tokens.clone()).map(Code::Expr).map_err(wrong);
        }
        syn::Block::parse_within.parse2(tokens.clone()).map(Code::Stmts).map_err(wrong)
    }
}

fn names_of(pat: &Pat, names: &mut Vec<(String, bool)>) -> Result<(), String> {
    match pat {
        Pat::Ident(p) => names.push((p.ident.to_string(), p.mutability.is_some())),
        Pat::Wild(_) => {}
        Pat::Type(p) => names_of(&p.pat, names)?,
        Pat::Paren(p) => names_of(&p.pat, names)?,
        Pat::Reference(p) => names_of(&p.pat, names)?,
        Pat::Tuple(p) => p.elems.iter().try_for_each(|p| names_of(p, names))?,
        Pat::Slice(p) => p.elems.iter().try_for_each(|p| names_of(p, names))?,
        other => return Err(format!("the pattern `{}`", other.to_token_stream())),
    }
    Ok(())
}

impl Machine<'_, '_> {
    fn code(&mut self, code: &Inactive) -> Result<Rc<Code>, String> {
        let key = std::ptr::from_ref(code);
        if let Some(known) = self.parsed.get(&key) {
            return Ok(known.clone());
        }
        let name = match &code.pattern {
            Some(pattern) => format!("let {pattern} = {}", code.tokens),
            None => format!("{}{}", if code.expression { "= " } else { "" }, code.tokens),
        };
        let cache = &self.interpreter.parsed;
        let known = cache.borrow().get(&name).cloned();
        let parsed = if let Some(parsed) = known {
            parsed
        } else {
            let parsed = Rc::new(Code::parse(code)?);
            cache.borrow_mut().insert(name, parsed.clone());
            parsed
        };
        self.parsed.insert(key, parsed.clone());
        Ok(parsed)
    }

    pub(super) fn evaluate(&mut self, code: &Inactive) -> Result<Datum, String> {
        // Not by address: the code may be a temporary.
        let parsed = Code::parse(code)?;
        let Code::Expr(expr) = &parsed else { return Err(format!("`{}` is no expression", code.tokens)) };
        Evaluator::new(self, code).expr(expr)
    }

    pub(super) fn inactive(&mut self, code: &Inactive, results: &[Val]) -> Result<(), String> {
        let parsed = self.code(code)?;
        let wrong = |e: String| format!("`{}`: {e}", code.tokens);
        match &*parsed {
            Code::Expr(expr) => {
                let datum = Evaluator::new(self, code).expr(expr).map_err(wrong)?;
                match results {
                    [] => Ok(()),
                    [result] => self.set(*result, datum).map_err(wrong),
                    _ => Err(wrong("an expression with several results".into())),
                }
            }
            Code::Stmts(stmts) => {
                Evaluator::new(self, code).stmts(stmts).map_err(wrong)?;
                if results.is_empty() { Ok(()) } else { Err(wrong("a statement with results".into())) }
            }
            Code::Let(names, parts) => {
                let (pat, init) = &**parts;
                let datum = Evaluator::new(self, code).expr(init).map_err(wrong)?;
                let mut data = Vec::new();
                destructure(pat, &datum, &mut data).map_err(wrong)?;
                self.bind(names, data, results).map_err(wrong)
            }
        }
    }

    /// What a loop's pattern names in an item.
    pub(super) fn bind_item(&mut self, l: &Loop, item: Datum) -> Result<(), String> {
        match (&l.header, l.index) {
            (Header::Iterator { pattern, binds, .. }, _) => {
                let pat = Pat::parse_single.parse2(pattern.clone()).map_err(text)?;
                let mut names = Vec::new();
                names_of(&pat, &mut names)?;
                let mut data = Vec::new();
                destructure(&pat, &item, &mut data)?;
                self.bind(&names, data, binds)
            }
            (_, Some(index)) => self.set(index, item),
            _ => Ok(()),
        }
    }

    /// Variables of the user's are declared, the others are results.
    fn bind(&mut self, names: &[(String, bool)], data: Vec<Datum>, results: &[Val]) -> Result<(), String> {
        let mut results = results.iter();
        for ((name, mutable), datum) in names.iter().zip(data) {
            if *mutable {
                self.declare(name.clone(), datum);
            } else {
                let result = results.next().ok_or("a name without a value")?;
                self.set(*result, datum)?;
            }
        }
        if results.next().is_some() { Err("a value without a name".into()) } else { Ok(()) }
    }

    pub(super) fn declare(&mut self, name: String, datum: Datum) {
        self.scope().natives.push((name, datum));
    }

    /// A variable of the user's, in the scopes from `first` on.
    pub(super) fn native(&mut self, name: &str, first: usize) -> Option<&mut Datum> {
        self.scopes[first..]
            .iter_mut()
            .rev()
            .find_map(|scope| scope.natives.iter_mut().rev().find(|(known, _)| known == name))
            .map(|(_, datum)| datum)
    }
}

/// The parts of a datum that a pattern names, in order.
fn destructure(pat: &Pat, datum: &Datum, data: &mut Vec<Datum>) -> Result<(), String> {
    match (pat, datum) {
        (Pat::Ident(p), datum) if p.subpat.is_none() => data.push(datum.clone()),
        (Pat::Wild(_), _) => {}
        (Pat::Type(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Paren(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Reference(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Tuple(p), Datum::List(list)) if p.elems.len() == list.len() => {
            p.elems.iter().zip(list).try_for_each(|(p, d)| destructure(p, d, data))?;
        }
        (Pat::Slice(p), Datum::List(list)) if p.elems.len() == list.len() => {
            p.elems.iter().zip(list).try_for_each(|(p, d)| destructure(p, d, data))?;
        }
        (pat, _) => return Err(format!("the pattern `{}`", pat.to_token_stream())),
    }
    Ok(())
}

/// Inactive code at work.
struct Evaluator<'m, 'r, 'c> {
    machine: &'m mut Machine<'r, 'c>,
    code: &'m Inactive,
    /// The scopes from here on are those of the code's own blocks.
    own: usize,
}

impl<'m, 'r, 'c> Evaluator<'m, 'r, 'c> {
    fn new(machine: &'m mut Machine<'r, 'c>, code: &'m Inactive) -> Self {
        let own = machine.scopes.len();
        Evaluator { machine, code, own }
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> Result<Datum, String> {
        let mut last = Datum::Unit;
        for stmt in stmts {
            last = Datum::Unit;
            match stmt {
                Stmt::Local(local) => {
                    let mut names = Vec::new();
                    names_of(&local.pat, &mut names)?;
                    let mut data = Vec::new();
                    match &local.init {
                        Some(init) => {
                            let datum = self.expr(&init.expr)?;
                            destructure(&local.pat, &datum, &mut data)?;
                        }
                        None => data.resize(names.len(), Datum::Unit),
                    }
                    for ((name, _), datum) in names.into_iter().zip(data) {
                        self.machine.declare(name, datum);
                    }
                }
                Stmt::Expr(expr, semi) => {
                    let datum = self.expr(expr)?;
                    if semi.is_none() {
                        last = datum;
                    }
                }
                Stmt::Macro(_) => {}
                Stmt::Item(syn::Item::Const(item)) => {
                    let datum = self.expr(&item.expr)?;
                    self.machine.declare(item.ident.to_string(), datum);
                }
                Stmt::Item(item) => return Err(format!("`{}`", item.to_token_stream())),
            }
        }
        Ok(last)
    }

    fn block(&mut self, block: &syn::Block) -> Result<Datum, String> {
        self.machine.scopes.push(Scope::default());
        let datum = self.stmts(&block.stmts)?;
        self.machine.scopes.pop();
        Ok(datum)
    }

    fn expr(&mut self, expr: &Expr) -> Result<Datum, String> {
        self.machine.step()?;
        match expr {
            Expr::Lit(e) => literal(&e.lit),
            Expr::Paren(e) => self.expr(&e.expr),
            Expr::Group(e) => self.expr(&e.expr),
            Expr::Reference(e) => self.expr(&e.expr),
            Expr::Path(e) => match e.path.get_ident() {
                Some(ident) => self.name(&ident.to_string()),
                None => constant(&crate::lower::syntax::path_text(&e.path)),
            },
            Expr::Unary(e) => match (&e.op, self.expr(&e.expr)?) {
                (UnOp::Neg(_), Datum::Float(x)) => Ok(Datum::Float(-x)),
                (UnOp::Neg(_), Datum::Int(i)) => Ok(Datum::Int(-i)),
                (UnOp::Not(_), Datum::Bool(b)) => Ok(Datum::Bool(!b)),
                (UnOp::Deref(_), datum) => Ok(datum),
                (_, datum) => Err(format!("an operator on {datum:?}")),
            },
            Expr::Binary(e) if crate::lower::exits::is_compound(&e.op) => {
                let right = self.expr(&e.right)?;
                let left = self.expr(&e.left)?;
                let datum = binary(&plain(&e.op)?, left, right)?;
                self.assign(&e.left, datum)
            }
            Expr::Binary(e) => match (&e.op, self.expr(&e.left)?) {
                (BinOp::And(_), Datum::Bool(false)) => Ok(Datum::Bool(false)),
                (BinOp::Or(_), Datum::Bool(true)) => Ok(Datum::Bool(true)),
                (op, left) => {
                    let right = self.expr(&e.right)?;
                    binary(op, left, right)
                }
            },
            Expr::Assign(e) => {
                let right = self.expr(&e.right)?;
                self.assign(&e.left, right)
            }
            Expr::Cast(e) => {
                let datum = self.expr(&e.expr)?;
                cast(&datum, &e.ty.to_token_stream().to_string())
            }
            Expr::Index(e) => {
                let base = self.expr(&e.expr)?;
                if let Expr::Range(range) = &*e.index {
                    let (lo, hi) = self.view(range)?;
                    return part(&base, lo, hi);
                }
                let index = self.expr(&e.index)?.index()?;
                at(&base, index)
            }
            Expr::MethodCall(e) => {
                let mut data = vec![self.expr(&e.receiver)?];
                for arg in &e.args {
                    data.push(self.expr(arg)?);
                }
                method(&e.method.to_string(), &data)
            }
            Expr::Call(e) => {
                let path = crate::lower::syntax::path_of(&e.func).ok_or("a call of no path")?;
                let data = e.args.iter().map(|arg| self.expr(arg)).collect::<Result<Vec<_>, _>>()?;
                function(&path, &data)
            }
            Expr::If(e) => {
                if self.expr(&e.cond)?.bool()? {
                    self.block(&e.then_branch)
                } else {
                    e.else_branch.as_ref().map_or(Ok(Datum::Unit), |(_, other)| self.expr(other))
                }
            }
            Expr::Block(e) => self.block(&e.block),
            Expr::Tuple(e) => self.list(&e.elems),
            Expr::Array(e) => self.list(&e.elems),
            Expr::Repeat(e) => {
                let datum = self.expr(&e.expr)?;
                let len = self.expr(&e.len)?.index()?;
                Ok(Datum::List(vec![datum; len]))
            }
            Expr::Range(e) => {
                let bound = |b: &Option<Box<Expr>>| b.clone().ok_or("an open range");
                let lo = self.expr(&*bound(&e.start)?)?.int()?;
                let hi = self.expr(&*bound(&e.end)?)?.int()?;
                let end = if matches!(e.limits, syn::RangeLimits::Closed(_)) { hi + 1 } else { hi };
                self.machine.numbers(lo, end, 1).map(Datum::List)
            }
            Expr::Macro(_) => Ok(Datum::Unit),
            other => Err(format!("`{}` is not known", other.to_token_stream())),
        }
    }

    /// The ends of a view.
    fn view(&mut self, range: &syn::ExprRange) -> Result<(usize, Option<usize>), String> {
        let lo = range.start.as_deref().map_or(Ok(0), |lo| self.expr(lo)?.index())?;
        let hi = range.end.as_deref().map(|hi| self.expr(hi)?.index()).transpose()?;
        Ok((lo, hi.map(|hi| hi + usize::from(matches!(range.limits, syn::RangeLimits::Closed(_))))))
    }

    fn list<'e>(&mut self, elems: impl IntoIterator<Item = &'e Expr>) -> Result<Datum, String> {
        elems.into_iter().map(|e| self.expr(e)).collect::<Result<_, _>>().map(Datum::List)
    }

    fn name(&mut self, name: &str) -> Result<Datum, String> {
        let code = self.code;
        if let Some(datum) = self.machine.native(name, self.own) {
            return Ok(datum.clone());
        }
        if let Some((_, val)) = code.reads.iter().find(|(known, _)| known == name) {
            return self.machine.get(*val).cloned();
        }
        if let Some((_, part)) = code.places.iter().find(|(known, _)| known == name) {
            let array = self.machine.sub_array(part)?;
            return Ok(if array.shape.is_empty() { Datum::Float(array.data[0]) } else { Datum::Array(array) });
        }
        match self.machine.native(name, 0) {
            None => Err(format!("`{name}` is not known")),
            Some(Datum::Unit) => Err(format!("`{name}` has no value")),
            Some(datum) => Ok(datum.clone()),
        }
    }

    fn assign(&mut self, target: &Expr, datum: Datum) -> Result<Datum, String> {
        let wrong = || format!("an assignment to `{}`", target.to_token_stream());
        match target {
            Expr::Path(p) => {
                let name = p.path.get_ident().ok_or_else(wrong)?.to_string();
                if let Some(own) = self.machine.native(&name, self.own) {
                    *own = datum;
                    return Ok(Datum::Unit);
                }
                if self.code.reads.iter().any(|(known, _)| *known == name) {
                    return Err(wrong());
                }
                *self.machine.native(&name, 0).ok_or_else(wrong)? = datum;
            }
            Expr::Paren(p) => return self.assign(&p.expr, datum),
            Expr::Index(e) => {
                let mut index = self.expr(&e.index)?.index()?;
                let mut base = &*e.expr;
                while let Expr::Index(e) = base
                    && let Expr::Range(range) = &*e.index
                {
                    index += self.view(range)?.0;
                    base = &e.expr;
                }
                let Expr::Path(p) = base else { return Err(wrong()) };
                let name = p.path.get_ident().ok_or_else(wrong)?.to_string();
                match self.machine.native(&name, 0) {
                    Some(Datum::List(list)) => *list.get_mut(index).ok_or_else(wrong)? = datum,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(wrong()),
        }
        Ok(Datum::Unit)
    }
}
