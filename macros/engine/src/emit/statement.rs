//! Operations as statements.

use super::expression::{Expr, Level};
use super::{Emitter, Line};
use crate::ir::{
    Arg, Call, Companion, Dim, Inactive, Init, Op, OpKind, Part, Passing, PlaceId, Slot, Storage, Tangent, TapeId, Ty,
    Val,
};
use crate::rules::{Form, Prim};
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// Expressions grow no larger than this many operations.
const SIZE: usize = 14;

impl Emitter<'_> {
    pub(super) fn op(&mut self, op: &Op, lines: &mut Vec<Line>) {
        match &op.kind {
            OpKind::Const(value, literal) => {
                self.exprs.insert(op.results[0], Expr::number(*value, literal.as_ref(), self.func.width));
            }
            OpKind::Prim(prim, args) => {
                let expr = self.primitive(prim, args);
                self.value(op.results[0], expr, lines);
            }
            OpKind::Load(part) => {
                let tokens = self.part(part);
                self.value(op.results[0], Expr::new(tokens, Level::Atom, 1), lines);
            }
            OpKind::Inactive(code) => self.inactive(op, code, lines),
            OpKind::Store(part, val) => {
                let to = self.part(part);
                lines.push(Line::Other(assignment(&to, &self.expr(*val).tokens)));
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
                let mut tokens = self.part(part);
                tokens = quote!(#tokens.iter());
                for _ in 1..self.rank(part) {
                    tokens = quote!(#tokens.flatten());
                }
                let float = self.float();
                self.value(op.results[0], Expr::new(quote!(#tokens.sum::<#float>()), Level::Atom, 2), lines);
            }
            OpKind::If(cond, then, other) => self.if_op(op, *cond, then, other, lines),
            OpKind::Loop(l) => self.loop_op(op, l, lines),
            OpKind::Call(call) => self.call(op, call, lines),
            OpKind::TapeNew(tape, room) => {
                let name = self.tape(*tape);
                let runtime = self.runtime.clone();
                let new = match room {
                    Some(room) => {
                        let room = self.expr(*room).tokens;
                        quote!(with_capacity(#room))
                    }
                    None => quote!(new()),
                };
                lines.push(Line::Other(quote!(let mut #name = #runtime::__private::Vec::#new;)));
            }
            OpKind::Push(tape, vals, places) => {
                let name = self.tape(*tape);
                let mut items: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
                items.extend(places.iter().map(|&p| {
                    let name = self.place(p);
                    quote!(#name)
                }));
                let record = tuple(&items);
                lines.push(Line::Other(quote!(#name.push(#record);)));
            }
            OpKind::Pop(tape, places) => {
                let name = self.tape(*tape);
                let mut items: Vec<TokenStream> = op.results.iter().map(|&v| self.declare(v)).collect();
                items.extend(places.iter().map(|&p| {
                    let name = self.place(p);
                    quote!(#name)
                }));
                let record = tuple(&items);
                lines.push(Line::Other(quote! {
                    let ::core::option::Option::Some(#record) = #name.pop() else {
                        ::core::unreachable!("one record for each time that the primal came by")
                    };
                }));
            }
        }
    }

    pub(super) fn float(&self) -> Ident {
        Ident::new(self.func.width.name(), Span::call_site())
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

    fn bind(&mut self, val: Val, expr: &Expr, lines: &mut Vec<Line>) {
        let wanted = self.func.info(val).name.clone();
        let name = self.names.fresh(wanted.as_ref());
        self.exprs.insert(val, Expr::atom(quote!(#name)));
        let tokens = if expr.literal { self.suffixed(expr) } else { expr.tokens.clone() };
        if self.func.info(val).ty == Ty::Float {
            lines.push(Line::Float(name, tokens));
        } else {
            lines.push(Line::Other(quote!(let #name = #tokens;)));
        }
    }

    /// A value that is written where it is read, or bound to a name.
    fn value(&mut self, val: Val, expr: Expr, lines: &mut Vec<Line>) {
        if self.plan.inline(val) && expr.size <= SIZE {
            self.exprs.insert(val, expr);
        } else {
            self.bind(val, &expr, lines);
        }
    }

    /// A literal with the function's float type.
    pub(super) fn suffixed(&self, expr: &Expr) -> TokenStream {
        let text = expr.tokens.to_string().replace(' ', "");
        let text = text.strip_suffix('.').map_or_else(|| text.clone(), |t| format!("{t}.0"));
        let text = format!("{text}_{}", self.func.width.name());
        text.parse().unwrap_or_else(|_| expr.tokens.clone())
    }

    fn primitive(&mut self, prim: Prim, args: &[Val]) -> Expr {
        let exprs: Vec<Expr> = args.iter().map(|&v| self.expr(v)).collect();
        let size = 1 + exprs.iter().map(|e| e.size).sum::<usize>();
        match prim.form {
            Form::Infix(symbol) => {
                let level = if matches!(symbol, "+" | "-") { Level::Sum } else { Level::Product };
                let above = if level == Level::Sum { Level::Product } else { Level::Cast };
                let (a, b) = (exprs[0].at(level), exprs[1].at(above));
                let symbol: TokenStream = symbol.parse().unwrap_or_default();
                Expr::new(quote!(#a #symbol #b), level, size)
            }
            Form::Prefix(symbol) => {
                let a = exprs[0].at(Level::Unary);
                let symbol: TokenStream = symbol.parse().unwrap_or_default();
                Expr::new(quote!(#symbol #a), Level::Unary, size)
            }
            Form::Method(name) => {
                let receiver = if exprs[0].literal { self.atom_literal(&exprs[0]) } else { exprs[0].at(Level::Atom) };
                let name = Ident::new(name, Span::call_site());
                let rest = exprs[1..].iter().map(|e| &e.tokens);
                Expr::new(quote!(#receiver.#name(#(#rest),*)), Level::Atom, size)
            }
            Form::Path(path) => {
                let path: TokenStream = path.parse().unwrap_or_default();
                let args = exprs.iter().map(|e| &e.tokens);
                Expr::new(quote!(#path(#(#args),*)), Level::Atom, size)
            }
            Form::Code(code) => {
                let args: Vec<TokenStream> =
                    exprs.iter().map(|e| if e.literal { self.atom_literal(e) } else { e.at(Level::Atom) }).collect();
                let code: TokenStream = code.parse().unwrap_or_default();
                let tokens = self.substitute_operands(code, &args);
                Expr::new(tokens, Level::Anything, size + 4)
            }
        }
    }

    fn atom_literal(&self, expr: &Expr) -> TokenStream {
        let tokens = self.suffixed(expr);
        if expr.level == Level::Atom { tokens } else { quote!((#tokens)) }
    }

    /// `x0`, `x1`, … and `T` in the code of a primitive; its own variables are hygienic.
    fn substitute_operands(&self, code: TokenStream, args: &[TokenStream]) -> TokenStream {
        let float = self.float();
        code.into_iter()
            .map(|token| match token {
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    let operand = text.strip_prefix('x').and_then(|k| k.parse::<usize>().ok());
                    match operand.and_then(|k| args.get(k)) {
                        Some(arg) => arg.clone(),
                        None if text == "T" => quote!(#float),
                        None => {
                            let ident = Ident::new(&text, Span::mixed_site());
                            quote!(#ident)
                        }
                    }
                }
                TokenTree::Group(group) => {
                    let inner = self.substitute_operands(group.stream(), args);
                    TokenTree::Group(Group::new(group.delimiter(), inner)).into()
                }
                other => other.into(),
            })
            .collect()
    }

    // The user's tokens

    fn inactive(&mut self, op: &Op, code: &Inactive, lines: &mut Vec<Line>) {
        if let Some(pattern) = &code.pattern {
            let init = self.code(code);
            let pattern = match op.results.as_slice() {
                &[result] if !self.is_fixed(result) => {
                    let old = self.func.info(result).name.clone();
                    let new = self.names.fresh(old.as_ref());
                    self.exprs.insert(result, Expr::atom(quote!(#new)));
                    match old {
                        Some(old) if old != new => rename(pattern.clone(), &old, &new),
                        _ => pattern.clone(),
                    }
                }
                results => {
                    for &result in results {
                        if let Some(name) = self.func.info(result).name.clone() {
                            self.exprs.insert(result, Expr::atom(quote!(#name)));
                        }
                    }
                    pattern.clone()
                }
            };
            lines.push(Line::Other(quote!(let #pattern = #init;)));
            return;
        }
        if !code.expression {
            let tokens = self.statement_code(code);
            lines.push(Line::Other(tokens));
            return;
        }
        let Some(&result) = op.results.first() else { return };
        let tokens = self.code(code);
        let expr = Expr::code(tokens);
        let costly = expr.size > 3 && !self.plan.once(result);
        let bool_once = self.func.info(result).ty != Ty::Bool || self.plan.once(result);
        if code.pure && self.plan.inline(result) && !costly && bool_once {
            self.exprs.insert(result, expr);
        } else {
            self.bind(result, &expr, lines);
        }
    }

    fn is_fixed(&self, val: Val) -> bool {
        self.func.info(val).name.as_ref().is_some_and(|n| self.func.fixed.contains(n))
    }

    /// What the names in a piece of the user's code stand for, where that is not what they say.
    fn bindings(&mut self, code: &Inactive) -> Vec<(Ident, TokenStream, bool)> {
        let mut bindings = Vec::new();
        for (name, val) in &code.reads {
            let expr = self.expr(*val);
            if *name != expr.tokens.to_string() {
                let tokens = if expr.literal { self.suffixed(&expr) } else { expr.tokens.clone() };
                bindings.push((name.clone(), tokens, expr.level == Level::Atom));
            }
        }
        for (name, part) in &code.places {
            let tokens = self.part(part);
            if *name != tokens.to_string() {
                bindings.push((name.clone(), tokens, true));
            }
        }
        bindings
    }

    /// An expression of the user's.
    pub(super) fn code(&mut self, code: &Inactive) -> TokenStream {
        let bindings = self.bindings(code);
        if bindings.is_empty() {
            return self.tokens(code);
        }
        if code.pure {
            let atoms: Vec<(Ident, TokenStream)> = bindings
                .into_iter()
                .map(|(name, tokens, atom)| (name, if atom { tokens } else { quote!((#tokens)) }))
                .collect();
            return substitute(self.tokens(code), &atoms);
        }
        let lets = Self::lets(code, &bindings);
        let tokens = self.tokens(code);
        quote!({ #lets #tokens })
    }

    /// A statement of the user's.
    fn statement_code(&mut self, code: &Inactive) -> TokenStream {
        let bindings = self.bindings(code);
        if bindings.is_empty() {
            return self.tokens(code);
        }
        let lets = Self::lets(code, &bindings);
        let tokens = self.tokens(code);
        if tokens.to_string().starts_with("let ") {
            // A declaration of the engine's own: what it reads is bound beside it.
            return quote!(#lets #tokens);
        }
        quote!({ #lets #tokens })
    }

    /// The user's tokens. What is a reference to a float there is the float itself here: `*v` becomes `v`.
    fn tokens(&self, code: &Inactive) -> TokenStream {
        let floats = code.reads.iter().filter(|(_, val)| self.func.info(*val).ty == Ty::Float);
        let floats: Vec<&Ident> = floats.map(|(name, _)| name).collect();
        if floats.is_empty() { code.tokens.clone() } else { undereferenced(code.tokens.clone(), &floats) }
    }

    fn lets(code: &Inactive, bindings: &[(Ident, TokenStream, bool)]) -> TokenStream {
        let lets = bindings.iter().map(|(name, tokens, _)| {
            let array = code.places.iter().any(|(n, _)| n == name);
            if array { quote!(let #name = &#tokens;) } else { quote!(let #name = #tokens;) }
        });
        lets.collect()
    }

    // Arrays

    pub(super) fn place(&mut self, place: PlaceId) -> Ident {
        if let Some(name) = self.places.get(&place) {
            return name.clone();
        }
        let wanted = self.func.place_info(place).name.clone();
        let name = self.names.fresh(Some(&wanted));
        self.places.insert(place, name.clone());
        name
    }

    fn tape(&mut self, tape: TapeId) -> Ident {
        if let Some(name) = self.tapes.get(&tape) {
            return name.clone();
        }
        let name = self.names.fresh(Some(&Ident::new("tape", Span::mixed_site())));
        self.tapes.insert(tape, name.clone());
        name
    }

    fn rank(&self, part: &Part) -> usize {
        self.func.place_info(part.place).dims.len() - part.index.len()
    }

    fn part(&mut self, part: &Part) -> TokenStream {
        let name = self.place(part.place);
        let mut tokens = quote!(#name);
        for &index in &part.index {
            let index = self.expr(index).tokens;
            tokens = quote!(#tokens[#index]);
        }
        tokens
    }

    /// A part as a place that can be copied as a whole.
    fn copied(&mut self, part: &Part) -> TokenStream {
        let tokens = self.part(part);
        let by_reference =
            part.index.is_empty() && (self.outputs.contains(&part.place) || !self.func.place_info(part.place).by_value);
        if by_reference { quote!(*#tokens) } else { tokens }
    }

    fn dims(&self, part: &Part) -> Vec<Dim> {
        self.func.place_info(part.place).dims[part.index.len()..].to_vec()
    }

    /// `[[value; C]; R]`
    fn nested(value: &TokenStream, dims: &[Dim]) -> TokenStream {
        dims.iter().rev().fold(value.clone(), |inner, dim| match dim {
            Dim::Fixed(len) => quote!([#inner; #len]),
            Dim::Dynamic => inner,
        })
    }

    fn alloc(&mut self, place: PlaceId, init: &Init, lines: &mut Vec<Line>) {
        let info = self.func.place_info(place).clone();
        let whole = Part::whole(place);
        let value = match init {
            Init::Fill(val) => {
                let expr = self.expr(*val);
                if matches!(info.dims.first(), Some(Dim::Dynamic)) {
                    let elem = Self::nested(&expr.tokens, &info.dims[1..]);
                    let len = info.like.map(|like| self.place(like));
                    let runtime = &self.runtime;
                    quote!(#runtime::__private::vec![#elem; #len.len()])
                } else {
                    Self::nested(&expr.tokens, &info.dims)
                }
            }
            Init::Elements(vals) => {
                let items: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
                quote!([#(#items),*])
            }
            Init::Rows(rows) => {
                let items: Vec<TokenStream> = rows.iter().map(|row| self.copied(row)).collect();
                quote!([#(#items),*])
            }
            Init::Copy(from) => self.copied(from),
        };
        let float = self.float();
        let ty = if matches!(info.dims.first(), Some(Dim::Dynamic)) {
            TokenStream::new()
        } else {
            let ty = Self::nested(&quote!(#float), &info.dims);
            quote!(: #ty)
        };
        let name = self.place(whole.place);
        let mutability = self.written.contains(&place).then(|| quote!(mut));
        lines.push(Line::Other(quote!(let #mutability #name #ty = #value;)));
    }

    fn copy(&mut self, to: &Part, from: &Part) -> TokenStream {
        if matches!(self.dims(to).first(), Some(Dim::Dynamic)) {
            let (to, from) = (self.part(to), self.part(from));
            return quote!(#to.copy_from_slice(&#from[..]););
        }
        let (to, from) = (self.copied(to), self.copied(from));
        quote!(#to = #from;)
    }

    fn fill(&mut self, part: &Part, val: Val) -> TokenStream {
        let to = self.part(part);
        let value = self.expr(val).tokens;
        let dims = self.dims(part);
        let elem = Self::nested(&value, dims.get(1..).unwrap_or_default());
        quote!(#to.fill(#elem);)
    }

    /// `to += scale * from`, element by element.
    fn add_scaled(&mut self, to: &Part, from: &Part, scale: Option<Val>) -> TokenStream {
        let dims = self.dims(to);
        let (mut a, mut b) = (self.part(to), self.part(from));
        let counters: Vec<Ident> = (0..dims.len()).map(|k| Ident::new(&format!("i{k}"), Span::mixed_site())).collect();
        let lens: Vec<TokenStream> = dims
            .iter()
            .map(|dim| match dim {
                Dim::Fixed(len) => quote!((#len)),
                Dim::Dynamic => quote!(#b.len()),
            })
            .collect();
        for i in &counters {
            a = quote!(#a[#i]);
            b = quote!(#b[#i]);
        }
        let mut tokens = match scale {
            Some(scale) => {
                let scale = self.expr(scale).at(Level::Product);
                quote!(#a += #scale * #b;)
            }
            None => quote!(#a += #b;),
        };
        for (i, len) in counters.iter().zip(lens).rev() {
            tokens = quote!(for #i in 0..#len { #tokens });
        }
        tokens
    }

    /// `to += value`, or `to -= …` where the value is a negation.
    fn increase(&self, to: &TokenStream, val: Val) -> TokenStream {
        let value = self.expr(val);
        let mut tokens = value.tokens.clone().into_iter();
        if value.level == Level::Unary && matches!(tokens.next(), Some(TokenTree::Punct(p)) if p.as_char() == '-') {
            let rest = unparenthesised(tokens.collect());
            return quote!(#to -= #rest;);
        }
        let value = value.tokens;
        quote!(#to += #value;)
    }

    // Calls

    fn call(&mut self, op: &Op, call: &Call, lines: &mut Vec<Line>) {
        let args: Vec<TokenStream> = call.args.iter().map(|arg| self.arg(arg)).collect();
        let path = &call.path;
        let runtime = self.runtime.clone();
        // What is wrong with the callee is wrong with this call.
        let at =
            path.clone().into_iter().last().map_or_else(Span::call_site, |t| Span::call_site().located_at(t.span()));
        match &call.companion {
            Companion::Value => {
                let name = self.declare(op.results[0]);
                lines.push(Line::Other(quote!(let #name = #path(#(#args),*);)));
            }
            Companion::Gradient(slots) => {
                let mut results = op.results[1..].iter();
                let mut rest = Vec::new();
                let float = self.float();
                for slot in slots {
                    rest.push(match slot {
                        Slot::None => quote_spanned!(at=> #runtime::__private::NoGradient),
                        Slot::Buffer(place) => {
                            let name = self.place(*place);
                            slot_of(&quote!(#name), at)
                        }
                        Slot::Scalar => match results.next() {
                            Some(&val) => {
                                let name = self.declare(val);
                                lines.push(Line::Other(quote!(let mut #name: #float = 0.0;)));
                                slot_of(&quote!(#name), at)
                            }
                            None => quote_spanned!(at=> #runtime::__private::NoGradient),
                        },
                    });
                }
                let name = self.declare(op.results[0]);
                let callee = protocol(path, "__symgrad_v1_gradient", at);
                lines.push(Line::Other(quote!(let #name = #callee(#(#args,)* #(#rest),*);)));
            }
            Companion::Jvp(tangents) => {
                let rest: Vec<TokenStream> = tangents
                    .iter()
                    .map(|tangent| match tangent {
                        Tangent::None => quote_spanned!(at=> #runtime::__private::NoTangent),
                        Tangent::Scalar(val) => located(self.expr(*val).tokens, at),
                        Tangent::Part(part) => {
                            let tokens = located(self.part(part), at);
                            let info = self.func.place_info(part.place);
                            // A parameter that is a reference is passed on as one.
                            let reference = info.storage == Storage::Param && !info.by_value && part.index.is_empty();
                            if reference { tokens } else { quote_spanned!(at=> &#tokens) }
                        }
                    })
                    .collect();
                let name = self.declare(op.results[0]);
                let tangent = match op.results.get(1) {
                    Some(&val) => self.declare(val),
                    None => quote!(_),
                };
                let callee = protocol(path, "__symgrad_v1_jvp", at);
                lines.push(Line::Other(quote!(let (#name, #tangent) = #callee(#(#args,)* #(#rest),*);)));
            }
        }
    }

    fn arg(&mut self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Float(val) | Arg::Inactive(val) => self.expr(*val).tokens,
            Arg::Part(part, passing) => {
                let tokens = self.part(part);
                let given = self.func.place_info(part.place).storage == Storage::Param;
                match passing {
                    Passing::Reference
                        if part.index.is_empty() && given && !self.func.place_info(part.place).by_value =>
                    {
                        tokens
                    }
                    Passing::Reference => quote!(&#tokens),
                    Passing::Plain => tokens,
                }
            }
        }
    }
}

/// A function of the hidden protocol: `path::to::f::<3>` has `path::to::f::name::<3>`.
fn protocol(path: &TokenStream, name: &str, at: Span) -> TokenStream {
    let name = Ident::new(name, at);
    let mut tokens: Vec<TokenTree> = path.clone().into_iter().collect();
    let mut arguments = TokenStream::new();
    if matches!(tokens.last(), Some(TokenTree::Punct(p)) if p.as_char() == '>') {
        let mut depth = 0_usize;
        let start = tokens.iter().rposition(|token| {
            let TokenTree::Punct(p) = token else { return false };
            depth += usize::from(p.as_char() == '>');
            depth -= usize::from(p.as_char() == '<');
            depth == 0 && p.as_char() == '<'
        });
        // The `::` before them goes with them.
        arguments.extend(tokens.drain(start.map_or(0, |start| start.saturating_sub(2))..));
    }
    let path: TokenStream = tokens.into_iter().collect();
    quote_spanned!(at=> #path::#name #arguments)
}

fn slot_of(name: &TokenStream, at: Span) -> TokenStream {
    let name = located(name.clone(), at);
    quote_spanned!(at=> &mut #name)
}

/// Tokens with the same hygiene at another place.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let one = |mut token: TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    };
    tokens.into_iter().map(one).collect()
}

/// `a`, `(a, b)`
pub(super) fn tuple(items: &[TokenStream]) -> TokenStream {
    match items {
        [one] => one.clone(),
        items => quote!((#(#items),*)),
    }
}

/// Names in an expression without blocks, closures or macros: fields and paths are left alone.
fn substitute(tokens: TokenStream, atoms: &[(Ident, TokenStream)]) -> TokenStream {
    let mut dots = 0;
    let mut result = TokenStream::new();
    let mut iter = tokens.into_iter().peekable();
    while let Some(token) = iter.next() {
        let field = dots == 1;
        dots = match &token {
            TokenTree::Punct(p) if p.as_char() == '.' => dots + 1,
            _ => 0,
        };
        match token {
            TokenTree::Ident(ident) => {
                let path = matches!(iter.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                match atoms.iter().find(|(name, _)| *name == ident) {
                    Some((_, tokens)) if !field && !path => result.extend(tokens.clone()),
                    _ => result.extend([TokenTree::Ident(ident)]),
                }
            }
            TokenTree::Group(group) => {
                let inner = substitute(group.stream(), atoms);
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                result.extend([TokenTree::Group(new)]);
            }
            other => result.extend([other]),
        }
    }
    result
}

/// Drops the `*` before each of the names, where it is no product.
fn undereferenced(tokens: TokenStream, floats: &[&Ident]) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                if floats.contains(&&ident)
                    && matches!(result.last(), Some(TokenTree::Punct(p)) if p.as_char() == '*')
                    && !result.len().checked_sub(2).and_then(|k| result.get(k)).is_some_and(is_operand)
                {
                    result.pop();
                }
                result.push(TokenTree::Ident(ident));
            }
            TokenTree::Group(group) => {
                let mut new = Group::new(group.delimiter(), undereferenced(group.stream(), floats));
                new.set_span(group.span());
                result.push(TokenTree::Group(new));
            }
            other => result.push(other),
        }
    }
    result.into_iter().collect()
}

/// Whether a `*` after this is a product.
fn is_operand(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(i) => !["return", "in", "if", "match", "else", "while", "break"].iter().any(|k| i == k),
        TokenTree::Punct(p) => p.as_char() == '?',
        _ => true,
    }
}

/// A name in a pattern.
fn rename(tokens: TokenStream, from: &Ident, to: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == *from => TokenTree::Ident(to.clone()),
            other => other,
        })
        .collect()
}

/// `to = value`. `s = s + a` is written `s += a`, if `a` is one product: the order of operations stays what it was.
pub(super) fn assignment(to: &TokenStream, value: &TokenStream) -> TokenStream {
    compound(to, value).unwrap_or_else(|| quote!(#to = #value;))
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
    (level >= needed && !rest.is_empty()).then(|| quote!(#to #operator = #rest;))
}

/// The inside of parentheses that enclose everything.
fn unparenthesised(tokens: TokenStream) -> TokenStream {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => group.stream(),
        _ => tokens,
    }
}
