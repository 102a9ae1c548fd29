//! Arrays and `Vec`s that are made element by element: `collect` of a chain, `map` of an array, `std::array::from_fn`.
//! Each is a local array and a loop that stores into it; where it is not known before how many elements there will be, a
//! `Vec` that grows.

use super::Lowerer;
use super::exits::Scan;
use super::expression::{UNNAMED, Value};
use super::item::Item;
use super::iterate::{Chain, Function};
use super::source::Source;
use super::syntax::path_of;
use super::types::is_vec;
use crate::emit::array::owned;
use crate::ir::{Dim, Init, Op, OpKind, Part, PlaceId, Storage, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use syn::{Expr, ExprMethodCall, GenericArgument, PathArguments, ReturnType};

impl Lowerer<'_> {
    /// `chain.collect::<Vec<_>>()`
    pub(super) fn collected(&mut self, call: &ExprMethodCall, chain: &Chain, scan: &Scan) -> Option<Value> {
        if call
            .turbofish
            .as_ref()
            .is_some_and(|t| !matches!(t.args.first(), Some(GenericArgument::Type(ty)) if is_vec(ty)))
        {
            return None;
        }
        let span = call.method.span();
        let count = if chain.stages.is_empty() { self.count(&chain.source, span) } else { None };
        let Some(n) = count else { return self.grown(chain, scan, span) };
        let filled = self.attempt(|l| {
            let zero = l.constant(0.0, span);
            let place = l.allocate(Ident::new(UNNAMED, span), vec![Dim::Dynamic], Init::Repeat(zero, n));
            l.filled(place, &chain.source, scan, span)
        });
        filled.or_else(|| self.grown(chain, scan, span))
    }

    /// `array.map(f)`
    pub(super) fn mapped(&mut self, call: &ExprMethodCall, f: &Expr, scan: &Scan) -> Option<Value> {
        let span = call.method.span();
        let part = self.array_part(&call.receiver)?;
        let dim = self.func.dims(&part).first().cloned().filter(|dim| matches!(dim, Dim::Fixed(_)))?;
        let f = self.function(f, 1)?;
        let source = Source::Elements { part, mutable: false, owned: true };
        self.array_of(dim, &Source::Map(Box::new(source), f), scan, span)
    }

    /// `std::array::from_fn(f)`, of a length that is visible, and arrays made of slices.
    pub(super) fn made_by(&mut self, expr: &Expr, dims: Option<&[Dim]>) -> Option<Value> {
        if let Some(value) = self.attempt(|l| l.array_of_slice(expr, dims.unwrap_or_default())) {
            return Some(value);
        }
        let Expr::Call(call) = expr else { return None };
        let path = path_of(&call.func)?;
        let args: Vec<&Expr> = call.args.iter().collect();
        let [f] = args[..] else { return None };
        if !matches!(path.as_str(), "std::array::from_fn" | "core::array::from_fn" | "array::from_fn")
            || !self.mentions_float(expr)
        {
            return None;
        }
        let wanted = self.wanted_array("from_fn");
        let dims = dims.or(wanted.as_deref()).unwrap_or_default();
        let dim = match (length(&call.func), dims) {
            (Some(dim), _) => dim,
            (None, [dim @ Dim::Fixed(_), ..]) => dim.clone(),
            _ => return None,
        };
        let span = syn::spanned::Spanned::span(&call.func);
        let scan = Scan::expr(expr);
        let typed = typed_rows(f, dims.get(1..).unwrap_or_default(), &self.float_name());
        self.attempt(|l| {
            let f: Function = l.function(typed.as_ref().unwrap_or(f), 1)?;
            l.array_of(dim, &Source::Map(Box::new(Source::Counter), f), &scan, span)
        })
    }

    fn array_of(&mut self, dim: Dim, source: &Source, scan: &Scan, span: Span) -> Option<Value> {
        let zero = self.constant(0.0, span);
        let place = self.allocate(Ident::new(UNNAMED, span), vec![dim], Init::Fill(zero));
        self.filled(place, source, scan, span)
    }

    /// Stores each element of a source; where these are rows, the place has rows.
    fn filled(&mut self, place: PlaceId, source: &Source, scan: &Scan, span: Span) -> Option<Value> {
        let at = self.ops().len() - 1;
        let hi = self.length(&Part::whole(place), span);
        let mut rows: Option<Vec<Dim>> = None;
        let mut fits = true;
        self.each_index(source, hi, scan, span, &mut |l, index, item| match item {
            Item::Float(val) => {
                fits &= rows.is_none();
                l.push(OpKind::Store(Part::whole(place).at(index), val), span);
            }
            Item::Part { part, .. } if l.func.holds_structs(&part) => fits = false,
            Item::Part { part, reference } => {
                let dims = l.func.dims(&part);
                let sized = dims.iter().all(|dim| matches!(dim, Dim::Fixed(_)));
                fits &= sized && (!reference || l.func.place_info(part.place).storage == Storage::Param);
                if rows.is_none() && fits {
                    l.func.places[place.0 as usize].dims.extend(dims.iter().cloned());
                }
                rows = Some(dims);
                l.push(OpKind::Copy(Part::whole(place).at(index), part), span);
            }
            _ => fits = false,
        });
        if !fits {
            return None;
        }
        if let Some(dims) = rows {
            self.with_rows(place, at, dims, span);
        }
        Some(Value::Part { part: Part::whole(place), reference: false })
    }

    /// A `Vec` of zeros turns out to be one of rows.
    fn with_rows(&mut self, place: PlaceId, at: usize, dims: Vec<Dim>, span: Span) {
        let Some(OpKind::Alloc(_, Init::Repeat(zero, n))) = self.ops().get(at).map(|op| op.kind.clone()) else {
            return;
        };
        let row = Ident::new("row", Span::mixed_site());
        let row = self.func.array(row, Storage::Local, dims);
        let made = Op { kind: OpKind::Alloc(row, Init::Fill(zero)), results: Vec::new(), span };
        self.ops()[at].kind = OpKind::Alloc(place, Init::RepeatRow(Part::whole(row), n));
        self.ops().insert(at, made);
    }

    fn grown(&mut self, chain: &Chain, scan: &Scan, span: Span) -> Option<Value> {
        let place = self.allocate(Ident::new(UNNAMED, span), vec![Dim::Dynamic], Init::Empty);
        self.func.places[place.0 as usize].growing = true;
        let (mut fits, mut rows) = (true, false);
        self.each(chain, scan, &[], None, span, &mut |l, item| {
            match item {
                Item::Float(val) if !rows => l.push(OpKind::Grow(place, val), span),
                Item::Part { ref part, .. } if l.func.is_struct(part) => {
                    fits &= l.collected_struct(place, &item, &mut rows, span);
                }
                Item::Part { part, reference } => {
                    let still = !reference || l.func.place_info(part.place).storage == Storage::Param;
                    if !std::mem::replace(&mut rows, true) {
                        let dims = l.func.dims(&part);
                        l.func.places[place.0 as usize].dims.extend(dims);
                    }
                    fits &= still && l.push_row(place, &part, None, span);
                }
                Item::Tuple(_) | Item::Aggregate(_) => fits &= l.collected_struct(place, &item, &mut rows, span),
                _ => fits = false,
            }
            l.fall_off()
        });
        fits.then(|| Value::Part { part: Part::whole(place), reference: false })
    }

    /// An element of a list that is collected is a struct or a tuple.
    fn collected_struct(&mut self, place: PlaceId, item: &Item, known: &mut bool, span: Span) -> bool {
        let Some(value @ (Value::Aggregate(_) | Value::Part { reference: false, .. })) = item.value() else {
            return false;
        };
        if matches!(&value, Value::Aggregate(a) if a.holds_data_beside()) {
            return false;
        }
        if !std::mem::replace(known, true) {
            self.func.places[place.0 as usize].record = Some(quote::quote!(_));
            self.scopes.records.declare(place, format!("list {span:?}"));
        }
        let unnamed = syn::parse_quote_spanned!(span=> elements);
        self.push_struct(place, value, None, &unnamed, span)
    }

    /// A loop over all indices of a source.
    fn each_index(
        &mut self,
        source: &Source,
        hi: Val,
        scan: &Scan,
        span: Span,
        sink: &mut dyn FnMut(&mut Self, Val, Item),
    ) {
        let lo = self.engine_index(quote::quote!(0), &[], span);
        self.over_range(lo, hi, scan, span, &mut |l, index| {
            let item = l.element_of(source, index, span);
            sink(l, index, item);
        });
    }
}

/// A closure whose result is an array of which the surroundings tell the lengths, with that as its type.
fn typed_rows(f: &Expr, rows: &[Dim], float: &Ident) -> Option<Expr> {
    let Expr::Closure(closure) = f else { return None };
    if rows.is_empty() || !Dim::all_fixed(rows) || !matches!(closure.output, ReturnType::Default) {
        return None;
    }
    let ty: syn::Type = syn::parse2(owned(&float.to_token_stream(), rows, &TokenStream::new())).ok()?;
    let output = ReturnType::Type(<syn::Token![->]>::default(), Box::new(ty));
    Some(Expr::Closure(syn::ExprClosure { output, ..closure.clone() }))
}

/// `3` of `from_fn::<_, 3, _>`.
fn length(func: &Expr) -> Option<Dim> {
    let Expr::Path(path) = func else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    match arguments.args.iter().nth(1)? {
        GenericArgument::Type(syn::Type::Infer(_)) => None,
        GenericArgument::Type(ty) => Some(Dim::Fixed(ty.to_token_stream())),
        GenericArgument::Const(n) => Some(Dim::Fixed(n.to_token_stream())),
        _ => None,
    }
}
