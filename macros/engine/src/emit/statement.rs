//! Operations as statements.

use super::constant;
use super::derived::by_path;
use super::expression::{Expr, Level};
use super::{Emitter, Line};
use crate::ir::{Arg, Dim, Lanes, Op, OpKind, Ty, Val, Width};
use crate::rules::conversion::Float;
use crate::rules::{Form, Prim};
use proc_macro2::{Delimiter, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// Expressions grow no larger than this many operations.
const SIZE: usize = 14;

impl Emitter<'_> {
    pub(super) fn op(&mut self, op: &Op, lines: &mut Vec<Line>) {
        if self.func.width.is_mixed() {
            self.width = self.width_of(op);
        }
        match &op.kind {
            OpKind::Const(value, literal) => {
                let number = match self.func.info(op.results[0]).ty {
                    Ty::Lanes => Expr::atom(self.zero_of(Ty::Lanes)),
                    _ => self.number(*value, literal.as_ref()),
                };
                self.exprs.insert(op.results[0], number);
            }
            OpKind::Prim(prim, args) => {
                let expr = self.primitive(prim, args);
                self.value(op.results[0], expr, lines);
            }
            OpKind::Load(part) => {
                let tokens = self.part(part);
                let behind = part.is_whole() && self.is_behind_reference(part);
                let load = if behind {
                    Expr::new(unparenthesised(tokens), Level::Unary, 1)
                } else {
                    Expr::new(tokens, Level::Atom, 1)
                };
                self.value(op.results[0], load, lines);
            }
            OpKind::Inactive(code) => self.inactive(op, code, lines),
            OpKind::All(conds) => {
                let test = self.all(conds);
                self.value(op.results[0], test, lines);
            }
            OpKind::Store(part, val) => {
                let to = self.part(part);
                lines.push(Line::Other(self.assignment(&to, &self.expr(*val).tokens)));
            }
            OpKind::Accumulate(part, val) => {
                let to = self.part(part);
                lines.push(Line::Other(self.increase(&to, *val)));
            }
            OpKind::Alloc(place, init) => self.alloc(*place, init, lines),
            OpKind::Copy(to, from) => lines.push(Line::Other(self.copy(to, from))),
            OpKind::Fill(part, val) => lines.push(Line::Other(self.fill(part, *val))),
            OpKind::AddScaled(to, from, scale) => lines.push(Line::Other(self.add_scaled(to, from, *scale))),
            OpKind::SumOf(part) => {
                let sum = self.sum_of(part);
                self.value(op.results[0], Expr::new(sum, Level::Atom, 2), lines);
            }
            OpKind::Dot(a, b) => {
                let dot = self.dot(a, b);
                self.value(op.results[0], Expr::new(dot, Level::Atom, 4), lines);
            }
            OpKind::View(part, name) => self.view(part, name, lines),
            OpKind::Grow(place, val) => {
                let (name, value) = (self.place(*place), self.expr(*val).tokens);
                lines.push(Line::Other(quote!(#name.push(#value);)));
            }
            OpKind::Append(place, part) => {
                let (name, value) = (self.place(*place), self.copied(part));
                lines.push(Line::Other(quote!(#name.push(#value);)));
                // Of a list without elements the type is not known before.
                let checks = self.checks(|checked| checked == *place);
                if !checks.is_empty() {
                    lines.push(Line::Other(checks));
                }
            }
            OpKind::Shrink(place) => {
                let name = self.place(*place);
                let ty = self.number_type(self.element_type(*place));
                let last = quote! {
                    match #name.pop() {
                        ::core::option::Option::Some(last) => last,
                        ::core::option::Option::None => ::core::unreachable!("one element for each push"),
                    }
                };
                let result = self.declare(op.results[0]);
                lines.push(Line::Other(quote!(let #result: #ty = #last;)));
            }
            OpKind::Resize(place, len) => {
                let (name, len) = (self.place(*place), self.expr(*len).tokens);
                let info = self.func.place_info(*place).clone();
                // What is pushed as a whole is only taken away by its number.
                if info.record.is_some() || matches!(info.dims.get(1), Some(Dim::Dynamic)) {
                    lines.push(Line::Other(quote!(#name.truncate(#len);)));
                    return;
                }
                let zero = super::array::nested(&self.zero_of(self.element_type(*place)), &info.dims[1..]);
                lines.push(Line::Other(quote!(#name.resize(#len, #zero);)));
            }
            OpKind::Reshape(part, like) => {
                lines.push(Line::Other(self.reshape(part, like)));
            }
            OpKind::If(cond, then, other) => self.if_op(op, *cond, then, other, lines),
            OpKind::Loop(l) => self.loop_op(op, l, lines),
            OpKind::Call(call) => self.call(op, call, lines),
            OpKind::TapeNew(tape, room) => lines.extend(self.new_tape(*tape, room.as_deref())),
            OpKind::Reserve(tape, range) => lines.extend(self.reserve(*tape, range)),
            OpKind::Push(tape, vals, places) => lines.push(self.push(*tape, vals, places)),
            OpKind::Pop(tape, places) => lines.push(self.pop(*tape, &op.results, places)),
        }
    }

    /// `a && !b`
    fn all(&self, conds: &[(Val, bool)]) -> Expr {
        let one = |&(cond, is): &(Val, bool)| {
            let cond = self.expr(cond).at(Level::Atom);
            if is { cond } else { quote!(!#cond) }
        };
        if conds.is_empty() {
            return Expr::atom(quote!(true));
        }
        let conds = conds.iter().map(one);
        Expr::code(quote!(#(#conds)&&*))
    }

    /// The name of the float type of what is being written.
    pub(super) fn float(&self) -> Ident {
        self.width.as_ref().unwrap_or(self.func.width.main()).ident()
    }

    /// Whether it is a type parameter.
    pub(super) fn is_generic(&self) -> bool {
        matches!(self.width, Some(Width::Generic(_)))
    }

    /// The float type of an operation: that of its first result, or of the array that it is about.
    fn width_of(&self, op: &Op) -> Option<Width> {
        if let OpKind::Call(call) = &op.kind {
            // The directions of what is called are of the type of its arguments.
            return call.args.iter().find_map(|arg| match arg {
                Arg::Float(val) => self.func.info(*val).width.clone(),
                Arg::Part(part, _) => self.func.place_info(part.place).width.clone(),
                Arg::Inactive(_) | Arg::Receiver(_) => None,
            });
        }
        let number = |val: &&Val| matches!(self.func.info(**val).ty, Ty::Float | Ty::Lanes);
        if let Some(val) = op.results.iter().find(number) {
            return self.func.info(*val).width.clone();
        }
        let place = match &op.kind {
            OpKind::Grow(place, _) | OpKind::Append(place, _) | OpKind::Resize(place, _) | OpKind::Alloc(place, _) => {
                Some(*place)
            }
            kind => {
                let mut first = None;
                kind.parts(&mut |part| first = first.or(Some(part.place)));
                first
            }
        };
        place.and_then(|place| self.func.place_info(place).width.clone())
    }

    /// Writes something in the float type of a value.
    pub(super) fn typed<R>(&mut self, val: Val, write: impl FnOnce(&mut Self) -> R) -> R {
        if !self.func.width.is_mixed() {
            return write(self);
        }
        let own = self.func.info(val).width.clone();
        let outer = std::mem::replace(&mut self.width, own);
        let written = write(self);
        self.width = outer;
        written
    }

    /// How a value is written.
    pub(super) fn expr(&self, val: Val) -> Expr {
        match self.exprs.get(&val) {
            Some(expr) => expr.clone(),
            // A name of the user's tokens: a parameter that is no float.
            None => {
                let name = self.func.info(val).name.clone().unwrap_or_else(|| Ident::new("unknown", Span::call_site()));
                Expr::atom(quote!(#name))
            }
        }
    }

    /// A new name for a value.
    pub(super) fn declare(&mut self, val: Val) -> TokenStream {
        let wanted = self.func.info(val).name.clone();
        let name = self.names.fresh(wanted.as_ref());
        self.exprs.insert(val, Expr::atom(quote!(#name)));
        quote!(#name)
    }

    pub(super) fn bind(&mut self, val: Val, expr: &Expr, lines: &mut Vec<Line>) {
        let wanted = self.func.info(val).name.clone();
        let name = self.names.fresh(wanted.as_ref());
        self.exprs.insert(val, Expr::atom(quote!(#name)));
        let tokens = expr.tokens.clone();
        if expr.literal {
            let float = self.typed(val, |e| e.number_type(Ty::Float));
            lines.push(Line::Other(quote!(let #name: #float = #tokens;)));
        } else if let ty @ (Ty::Float | Ty::Lanes) = self.func.info(val).ty {
            let ty = self.typed(val, |e| e.number_type(ty));
            lines.push(Line::Number(name, ty, tokens));
        } else {
            lines.push(Line::Other(quote!(let #name = #tokens;)));
        }
    }

    /// A value that is written where it is read, or bound to a name.
    pub(super) fn value(&mut self, val: Val, expr: Expr, lines: &mut Vec<Line>) {
        if self.plan.inline(val) && expr.size <= SIZE {
            self.exprs.insert(val, expr);
        } else {
            self.bind(val, &expr, lines);
        }
    }

    /// A literal with the function's float type.
    pub(super) fn suffixed(&self, expr: &Expr) -> TokenStream {
        let text = expr.tokens.to_string().replace(' ', "");
        constant::suffixed(&text, &self.float()).parse().unwrap_or_else(|_| expr.tokens.clone())
    }

    pub(super) fn primitive(&mut self, prim: Prim, args: &[Val]) -> Expr {
        let in_lanes = |val: &Val| self.func.info(*val).ty == Ty::Lanes;
        match (prim.form, args) {
            // A product with a number: the lanes come first.
            (Form::Infix("*"), [number, lanes]) if in_lanes(lanes) => {
                return self.operation(prim, &[self.expr(*lanes), self.expr(*number)]);
            }
            (Form::Infix(_) | Form::Prefix(_) | Form::Series(_) | Form::Lanes(_), _) => {}
            (Form::Convert(from, to), &[val]) if !in_lanes(&val) => return self.converted(from, to, &self.expr(val)),
            _ if args.iter().any(in_lanes) => return self.lane_by_lane(prim, args),
            _ => {}
        }
        let mut exprs: Vec<Expr> = args.iter().map(|&v| self.expr(v)).collect();
        // Beside data, a literal might be of their type.
        if args.iter().any(|val| self.untold.contains(val)) {
            for expr in exprs.iter_mut().filter(|expr| expr.literal) {
                *expr = Expr::new(self.suffixed(expr), Level::Atom, expr.size);
            }
        }
        self.operation(prim, &exprs)
    }

    pub(super) fn operation(&mut self, prim: Prim, exprs: &[Expr]) -> Expr {
        let size = 1 + exprs.iter().map(|e| e.size).sum::<usize>();
        match prim.form {
            Form::Infix(symbol) => {
                let level = if matches!(symbol, "+" | "-") { Level::Sum } else { Level::Product };
                let above = if level == Level::Sum { Level::Product } else { Level::Cast };
                let (a, b) = (exprs[0].at(level), exprs[1].at(above));
                let symbol: TokenStream = symbol.parse().unwrap_or_default();
                let literal = exprs[0].literal && exprs[1].literal;
                Expr { literal, ..Expr::new(quote!(#a #symbol #b), level, size) }
            }
            Form::Prefix(symbol) => {
                let a = exprs[0].at(Level::Unary);
                let symbol: TokenStream = symbol.parse().unwrap_or_default();
                Expr { literal: exprs[0].literal, ..Expr::new(quote!(#symbol #a), Level::Unary, size) }
            }
            Form::Method(name) | Form::Float(name) if self.by_path(prim) => {
                let (name, of) = (Ident::new(name, Span::call_site()), self.float_trait());
                let mut args: Vec<TokenStream> = exprs.iter().map(|e| e.tokens.clone()).collect();
                if exprs[0].literal {
                    args[0] = self.suffixed(&exprs[0]);
                }
                Expr::new(quote!(#of::#name(#(#args),*)), Level::Atom, size)
            }
            Form::Method(name) | Form::Float(name) => {
                let name = Ident::new(name, Span::call_site());
                if exprs[0].literal && exprs[0].size > 0 {
                    let float = self.float();
                    let args = exprs.iter().map(|e| &e.tokens);
                    return Expr::new(quote!(<#float>::#name(#(#args),*)), Level::Atom, size);
                }
                let receiver = if exprs[0].literal { self.atom_literal(&exprs[0]) } else { exprs[0].at(Level::Atom) };
                let rest = exprs[1..].iter().map(|e| &e.tokens);
                Expr::new(quote!(#receiver.#name(#(#rest),*)), Level::Atom, size)
            }
            Form::Path(path) => {
                let path: TokenStream = path.parse().unwrap_or_default();
                let args = exprs.iter().map(|e| &e.tokens);
                Expr::new(quote!(::#path(#(#args),*)), Level::Atom, size)
            }
            Form::Convert(from, to) => self.converted(from, to, &exprs[0]),
            // Of data whose type is not known: `x as f64`.
            Form::Into(Some(to)) => {
                let (number, to) = (exprs[0].at(Level::Unary), to.width(&self.func.width).ident());
                Expr::new(quote!(#number as #to), Level::Cast, size)
            }
            // Lowering leaves none.
            Form::Into(None) => exprs[0].clone(),
            Form::Series(name) => {
                let (name, runtime) = (Ident::new(name, Span::call_site()), &self.runtime);
                let args = exprs.iter().map(|e| &e.tokens);
                Expr::new(quote!(#runtime::__private::series::#name(#(#args),*)), Level::Atom, size)
            }
            Form::Lanes(name) => {
                let (name, lanes) = (Ident::new(name, Span::call_site()), exprs[0].at(Level::Atom));
                let rest = exprs[1..].iter().map(|e| &e.tokens);
                Expr::new(quote!(#lanes.#name(#(#rest),*)), Level::Atom, size)
            }
            Form::Code(code) => {
                let args: Vec<TokenStream> =
                    exprs.iter().map(|e| if e.literal { self.atom_literal(e) } else { e.at(Level::Atom) }).collect();
                let code: TokenStream = code.parse().unwrap_or_default();
                let code = if self.qualified { by_path(code, &self.float_trait()) } else { code };
                let tokens = self.substitute_operands(code, &args);
                Expr::new(tokens, Level::Anything, size + 4)
            }
        }
    }

    /// A number in another float type.
    fn converted(&self, from: Float, to: Float, expr: &Expr) -> Expr {
        let size = expr.size + 1;
        match (from, to) {
            // `f64::from` may be of a module of the user's.
            (Float::F32, Float::F64) | (Float::F64, Float::F32) => {
                let (number, to) = (expr.at(Level::Unary), to.width(&self.func.width).ident());
                Expr::new(quote!(#number as #to), Level::Cast, size)
            }
            (_, to) => {
                let (runtime, tokens, to) = (&self.runtime, &expr.tokens, to.width(&self.func.width).ident());
                Expr::new(quote!(#runtime::__private::converted::<_, #to>(#tokens)), Level::Atom, size)
            }
        }
    }

    pub(super) fn atom_literal(&self, expr: &Expr) -> TokenStream {
        let tokens = self.suffixed(expr);
        if expr.level == Level::Atom { tokens } else { quote!((#tokens)) }
    }

    /// Whether there is a `+=`: a type parameter need not have it.
    pub(super) fn has_compound(&self) -> bool {
        !self.func.width.main().is_generic() && !matches!(self.func.lanes, Some(Lanes::Caller | Lanes::Labelled(_)))
    }

    /// `to = value`. `s = s + a` is written `s += a`, if `a` is one product: the order of operations stays what it was.
    pub(super) fn assignment(&self, to: &TokenStream, value: &TokenStream) -> TokenStream {
        let compound = if self.has_compound() { compound(to, value) } else { None };
        let to = unparenthesised(to.clone());
        compound.unwrap_or_else(|| quote!(#to = #value;))
    }
}

/// `a`, `(a, b)`
pub(super) fn tuple(items: &[TokenStream]) -> TokenStream {
    match items {
        [one] => one.clone(),
        items => quote!((#(#items),*)),
    }
}

fn compound(to: &TokenStream, value: &TokenStream) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    for expected in to.clone() {
        if tokens.next()?.to_string() != expected.to_string() {
            return None;
        }
    }
    let operator = tokens.next()?;
    let needed = match operator.to_string().as_str() {
        "+" | "-" => Level::Product,
        "*" | "/" => Level::Cast,
        _ => return None,
    };
    let rest: TokenStream = tokens.collect();
    let level = Expr::code(rest.clone()).level;
    let rest = unparenthesised(rest);
    let operator = match operator {
        TokenTree::Punct(p) => Punct::new(p.as_char(), Spacing::Joint),
        _ => return None,
    };
    let to = unparenthesised(to.clone());
    (level >= needed && !rest.is_empty()).then(|| quote!(#to #operator = #rest;))
}

/// The inside of parentheses that enclose everything.
pub(super) fn unparenthesised(tokens: TokenStream) -> TokenStream {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => group.stream(),
        _ => tokens,
    }
}
