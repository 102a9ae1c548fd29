//! Regions: sequences, branches, loops, and the function's value.

use super::expression::{Expr, Level};
use super::statement::tuple;
use super::{Emitter, GROUP, LETS, Line};
use crate::analysis::sums::each_op;
use crate::ir::{Dim, End, Header, Loop, Op, OpKind, PlaceId, Region, Step, Storage, Ty, Val};
use crate::tokens::has_word;
use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;

/// What a region's leaf does with its values.
enum Leaf<'l> {
    /// They are the function's results.
    Result(&'l dyn Fn(&[TokenStream]) -> TokenStream),
    /// They are the value of an `if`.
    Value,
    /// They are assigned to a loop's variables.
    Assign { names: &'l [TokenStream], params: &'l [Val] },
}

impl Emitter<'_> {
    pub(super) fn function(&mut self, result: &dyn Fn(&[TokenStream]) -> TokenStream) -> TokenStream {
        let func = self.func;
        self.region(&func.body, &Leaf::Result(result))
    }

    /// The statements of a region, its leaf included.
    fn region(&mut self, region: &Region, leaf: &Leaf<'_>) -> TokenStream {
        self.region_or_if(region, leaf).0
    }

    /// The statements of a region, and whether they are one `if`.
    fn region_or_if(&mut self, region: &Region, leaf: &Leaf<'_>) -> (TokenStream, bool) {
        self.names.push();
        let views = self.views.len();
        let mut lines = Vec::new();
        let last = region.ops.last().filter(|op| is_value(op, &region.end) && matches!(leaf, Leaf::Value));
        let before = region.ops.len() - usize::from(last.is_some());
        for op in &region.ops[..before] {
            self.op(op, &mut lines);
        }
        let mut one = matches!(region.end, End::Branch(..));
        let end = match last.map(|op| &op.kind) {
            Some(OpKind::If(cond, then, other)) => {
                let cond = self.expr(*cond).tokens;
                one = cond.to_string() != "true";
                let value = self.either(&cond, then, other, leaf);
                let results = region.end.values();
                for (&result, literal) in results.iter().zip(self.literals(&[then, other], results.len())) {
                    self.exprs.insert(result, Expr { literal, ..Expr::atom(TokenStream::new()) });
                }
                value
            }
            _ => self.end(&region.end, leaf),
        };
        self.views.truncate(views);
        self.names.pop();
        one &= lines.is_empty();
        let lines = Self::grouped(lines);
        (quote!(#lines #end), one)
    }

    fn either(&mut self, cond: &TokenStream, then: &Region, other: &Region, leaf: &Leaf<'_>) -> TokenStream {
        let then = self.region(then, leaf);
        if cond.to_string() == "true" {
            return quote!({ #then });
        }
        let (other, chain) = self.region_or_if(other, leaf);
        if let (true, Some(unless)) = (then.is_empty(), nonzero(cond)) {
            return quote!(if #unless { #other });
        }
        match (other.is_empty(), chain) {
            (true, _) => quote!(if #cond { #then }),
            (_, true) => quote!(if #cond { #then } else #other),
            (_, false) => quote!(if #cond { #then } else { #other }),
        }
    }

    fn end(&mut self, end: &End, leaf: &Leaf<'_>) -> TokenStream {
        match end {
            End::Branch(cond, then, other) => {
                let cond = self.expr(*cond).tokens;
                self.either(&cond, then, other, leaf)
            }
            End::Yield(vals) => match leaf {
                Leaf::Result(result) => {
                    let vals: Vec<TokenStream> = vals.iter().map(|&v| self.result_value(v)).collect();
                    result(&vals)
                }
                _ if vals.is_empty() => TokenStream::new(),
                _ => {
                    let vals: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
                    tuple(&vals)
                }
            },
            End::Continue(vals) => self.assign(vals, leaf),
            End::Break(vals) => {
                let assign = self.assign(vals, leaf);
                quote!(#assign break;)
            }
        }
    }

    fn result_value(&mut self, val: Val) -> TokenStream {
        self.expr(val).tokens
    }

    /// The next values of a loop's variables. Where one of them is read after it has changed, all change at once.
    fn assign(&mut self, vals: &[Val], leaf: &Leaf<'_>) -> TokenStream {
        let Leaf::Assign { names, params } = leaf else { return TokenStream::new() };
        let changed: Vec<usize> = (0..vals.len()).filter(|&k| params.get(k) != Some(&vals[k])).collect();
        let exprs: Vec<Expr> = changed.iter().map(|&k| self.expr(vals[k])).collect();
        let mut conflict = false;
        for (later, expr) in exprs.iter().enumerate() {
            for &earlier in &changed[..later] {
                conflict |= has_word(expr.tokens.clone(), &names[earlier].to_string());
            }
        }
        if conflict {
            let targets: Vec<TokenStream> = changed.iter().map(|&k| names[k].clone()).collect();
            let values: Vec<TokenStream> = exprs.into_iter().map(|e| e.tokens).collect();
            let (targets, values) = (tuple(&targets), tuple(&values));
            return quote!(#targets = #values;);
        }
        changed.iter().zip(&exprs).map(|(&k, expr)| self.assignment(&names[k], &expr.tokens)).collect()
    }

    /// The lines of a region; too many variables are declared in groups.
    fn grouped(lines: Vec<Line>) -> TokenStream {
        let numbers: Vec<(&Ident, &TokenStream)> = lines
            .iter()
            .filter_map(|line| if let Line::Number(name, ty, _) = line { Some((name, ty)) } else { None })
            .collect();
        let mut tokens = TokenStream::new();
        let many = numbers.len() > LETS;
        if many {
            for group in numbers.chunks(GROUP) {
                let names = group.iter().map(|(name, _)| name);
                let types = group.iter().map(|(_, ty)| ty);
                tokens.extend(quote!(let (#(#names,)*): (#(#types,)*);));
            }
        }
        for line in lines {
            tokens.extend(match line {
                Line::Number(name, _, value) if many => quote!(#name = #value;),
                Line::Number(name, _, value) => quote!(let #name = #value;),
                Line::Other(tokens) => tokens,
            });
        }
        tokens
    }

    pub(super) fn if_op(&mut self, op: &Op, cond: Val, then: &Region, other: &Region, lines: &mut Vec<Line>) {
        let cond = self.expr(cond).tokens;
        let (then_region, other_region) = (then, other);
        let value = self.either(&cond, then, other, &Leaf::Value);
        let names: Vec<TokenStream> = op.results.iter().map(|&r| self.declare(r)).collect();
        let types = self.types_of_literals(&[then_region, other_region], names.len());
        lines.push(Line::Other(if names.is_empty() {
            value
        } else {
            let names = tuple(&names);
            quote!(let #names #types = #value;)
        }));
    }

    /// The type of what an `if` yields, where only literals say what it is.
    fn types_of_literals(&self, arms: &[&Region], results: usize) -> TokenStream {
        let untyped = self.literals(arms, results);
        if !untyped.contains(&true) {
            return TokenStream::new();
        }
        let float = self.float();
        let types: Vec<TokenStream> = untyped.iter().map(|&u| if u { quote!(#float) } else { quote!(_) }).collect();
        let types = tuple(&types);
        quote!(: #types)
    }

    /// Which of the values that arms yield are literals in all of them.
    fn literals(&self, arms: &[&Region], results: usize) -> Vec<bool> {
        let mut literals = vec![true; results];
        for arm in arms {
            arm.leaves(&mut |leaf| {
                for (literal, &val) in literals.iter_mut().zip(leaf.values()) {
                    *literal &= self.expr(val).literal;
                }
            });
        }
        literals
    }

    pub(super) fn loop_op(&mut self, op: &Op, l: &Loop, lines: &mut Vec<Line>) {
        let mut names = Vec::new();
        for (&param, &init) in l.params.iter().zip(&l.init) {
            let init = self.expr(init).tokens;
            let name = self.declare(param);
            let ty = match self.func.info(param).ty {
                ty @ (Ty::Float | Ty::Lanes) => {
                    let ty = self.typed(param, |e| e.number_type(ty));
                    quote!(: #ty)
                }
                _ => TokenStream::new(),
            };
            lines.push(Line::Other(quote!(let mut #name #ty = #init;)));
            names.push(name);
        }
        let trips = l.trips.map(|val| self.declare(val));
        if let Some(trips) = &trips {
            lines.push(Line::Other(quote!(let mut #trips = 0_usize;)));
        }
        self.names.push();
        let bound = self.bound_of_several(l, lines);
        let whole = self.cut(l, lines);
        let header = self.header(l, lines);
        let count = trips.map(|trips| quote!(#trips += 1;));
        let body = self.region(&l.body, &Leaf::Assign { names: &names, params: &l.params });
        self.names.pop();
        self.places.extend(whole);
        self.exprs.extend(bound);
        lines.push(Line::Other(quote!(#header { #count #body })));
        for (&result, name) in op.results.iter().zip(&names) {
            self.exprs.insert(result, Expr::atom(name.clone()));
        }
    }

    /// A bound that is computed from lengths of arrays has a name in the loop, so that arrays that it names may be cut to
    /// it. What it was is to be put back behind the loop.
    fn bound_of_several(&mut self, l: &Loop, lines: &mut Vec<Line>) -> Option<(Val, Expr)> {
        let Header::Range(r) = &l.header else { return None };
        let hi = self.expr(r.hi);
        // `v.len()`
        let one = hi.tokens.clone().into_iter().count() == 4;
        if one || !has_word(hi.tokens.clone(), "len") {
            return None;
        }
        let name = self.names.fresh(Some(&Ident::new("end", Span::mixed_site())));
        let tokens = &hi.tokens;
        lines.push(Line::Other(quote!(let #name = #tokens;)));
        self.exprs.insert(r.hi, Expr::atom(quote!(#name)));
        Some((r.hi, hi))
    }

    /// Slices of which the loop `0..n` reads or writes element `i` in every iteration are cut to `n` elements before it,
    /// so that there are no bounds checks in the body. If one is too short, the function panics either way.
    fn cut(&mut self, l: &Loop, lines: &mut Vec<Line>) -> Vec<(PlaceId, Ident)> {
        let (Header::Range(r), Some(index)) = (&l.header, l.index) else { return Vec::new() };
        let from_zero = matches!(&*self.expr(r.lo).tokens.to_string(), "0" | "0usize");
        if !from_zero || r.inclusive || r.step.is_some() || l.body.breaks() {
            return Vec::new();
        }
        let mut places: Vec<PlaceId> = Vec::new();
        for op in &l.body.ops {
            if matches!(&op.kind, OpKind::Inactive(code) if !code.pure) {
                return Vec::new();
            }
            if let OpKind::Load(p) | OpKind::Store(p, _) | OpKind::Accumulate(p, _) = &op.kind
                && p.path.first() == Some(&Step::At(index))
                && matches!(self.func.place_info(p.place).dims.first(), Some(Dim::Dynamic))
                && !places.contains(&p.place)
            {
                places.push(p.place);
            }
        }
        // A cut slice is shorter: no other element may be named.
        let mut elsewhere = HashSet::new();
        each_op(&l.body, &mut |op| {
            let element = match &op.kind {
                OpKind::Load(p) | OpKind::Store(p, _) | OpKind::Accumulate(p, _) => Some(p),
                _ => None,
            };
            if element.is_none_or(|p| p.path.first() != Some(&Step::At(index))) {
                op.kind.places_read(&mut |p| {
                    elsewhere.insert(p);
                });
                op.kind.places_written(&mut |p| {
                    elsewhere.insert(p);
                });
            }
        });
        let hi = self.expr(r.hi).at(Level::Sum);
        let mut whole = Vec::new();
        for place in places.into_iter().filter(|p| !elsewhere.contains(p)) {
            let name = self.place(place);
            if crate::tokens::same(&hi, &quote!(#name.len())) || self.named_in(&l.body, &name) {
                continue;
            }
            let short = self.names.fresh(Some(&name));
            // Code of the user's that is taken for one that writes what it mentions cannot write a parameter.
            let writes = self.written.contains(&place) && self.func.place_info(place).storage != Storage::Param;
            let borrow = if writes { quote!(&mut) } else { quote!(&) };
            lines.push(Line::Other(quote!(let #short = #borrow #name[..#hi];)));
            whole.push((place, name));
            self.places.insert(place, short);
        }
        whole
    }

    /// Whether a name is in an expression that was found before a region and is written inside of it.
    fn named_in(&self, region: &Region, name: &Ident) -> bool {
        let mut found = false;
        each_op(region, &mut |op| {
            op.kind.reads(&mut |val| {
                let expr = self.exprs.get(&val).filter(|_| !found);
                found |= expr.is_some_and(|expr| has_word(expr.tokens.clone(), &name.to_string()));
            });
        });
        found
    }

    fn header(&mut self, l: &Loop, lines: &mut Vec<Line>) -> TokenStream {
        match &l.header {
            Header::Forever => quote!(loop),
            Header::Iterator { code, pattern, binds } => {
                self.looked_at(code, lines);
                let iterated = self.code(code, lines);
                for &val in binds {
                    if let Some(name) = self.func.info(val).name.clone() {
                        self.exprs.insert(val, Expr::atom(quote!(#name)));
                    }
                }
                quote!(for #pattern in #iterated)
            }
            Header::Range(r) => {
                let (lo, hi) = (self.expr(r.lo).at(Level::Sum), self.expr(r.hi).at(Level::Sum));
                let dots = if r.inclusive { quote!(..=) } else { quote!(..) };
                let step = r.step.map(|s| self.expr(s).tokens);
                let index = match l.index {
                    Some(index) if self.plan.used(index) => self.declare(index),
                    _ => quote!(_),
                };
                let range = match (step, r.reversed) {
                    (None, false) => quote!(#lo #dots #hi),
                    (None, true) => quote!((#lo #dots #hi).rev()),
                    (Some(step), false) => quote!((#lo #dots #hi).step_by(#step)),
                    (Some(step), true) => quote!((#lo #dots #hi).step_by(#step).rev()),
                };
                quote!(for #index in #range)
            }
        }
    }
}

/// Whether a region's values are just those of an `if` before its end.
fn is_value(op: &Op, end: &End) -> bool {
    matches!((&op.kind, end), (OpKind::If(..), End::Yield(vals)) if *vals == op.results)
}

/// `x != 0.0` of `x == 0.0`.
fn nonzero(cond: &TokenStream) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = cond.clone().into_iter().collect();
    let [value @ .., TokenTree::Punct(first), TokenTree::Punct(_), zero] = tokens.as_mut_slice() else { return None };
    let several = value.iter().any(|token| matches!(token, TokenTree::Punct(p) if matches!(p.as_char(), '&' | '|')));
    if several || first.as_char() != '=' || zero.to_string() != "0.0" {
        return None;
    }
    *first = Punct::new('!', Spacing::Joint);
    Some(tokens.into_iter().collect())
}
