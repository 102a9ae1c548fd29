//! Code in an arm that the function might not have taken. Input: what it does there. Output: the same where the function takes the arm,
//! and no panic where it does not: an index beyond the end is the last one, and arithmetic of indices stays at zero where it would be
//! below; an element that is not there is zero. Or nothing, where it may panic and cannot be kept from it.
//!
//! What is computed there is nobody's, and a pattern may have more entries than there are nonzeros.

use crate::ir::{Dim, Func, Header, Inactive, Op, OpKind, Part, Step, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::collections::HashSet;
use syn::parse::Parser as _;
use syn::{BinOp, Block, Expr, Local, Pat, Stmt, UnOp};

/// Methods that do not panic, and have no effect.
const SAFE: &[&str] = &[
    "len",
    "is_empty",
    "abs",
    "abs_diff",
    "checked_add",
    "checked_sub",
    "checked_mul",
    "checked_div",
    "cloned",
    "contains",
    "copied",
    "enumerate",
    "first",
    "get",
    "into_iter",
    "is_none",
    "is_some",
    "iter",
    "last",
    "max",
    "min",
    "rev",
    "saturating_add",
    "saturating_mul",
    "saturating_sub",
    "skip",
    "take",
    "unwrap_or",
    "unwrap_or_default",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
    "zip",
];

/// The values that are indices: what is one, and what an index is computed from.
pub(super) fn indices(func: &Func) -> HashSet<Val> {
    let mut codes: Vec<(&[Val], &Inactive)> = Vec::new();
    super::sums::each_op(&func.body, &mut |op| {
        if let OpKind::Inactive(code) = &op.kind {
            codes.push((&op.results, code));
        }
    });
    let all = (0..).map(Val).take(func.vals.len());
    let mut found: HashSet<Val> = all.filter(|&val| func.info(val).ty == Ty::Index).collect();
    // What is computed comes after what it is computed from.
    for (results, code) in codes.into_iter().rev() {
        let (&[result], None) = (results, &code.pattern) else { continue };
        if found.contains(&result)
            && let Ok(expr) = syn::parse2::<Expr>(code.tokens.clone())
        {
            operands(&expr, &mut |name| {
                found.extend(code.reads.iter().filter(|(read, _)| read == name).map(|(_, val)| *val));
            });
        }
    }
    found
}

/// The variables that an integer is the sum or product of, and so on.
fn operands(expr: &Expr, f: &mut impl FnMut(&Ident)) {
    match expr {
        Expr::Path(path) => path.path.get_ident().into_iter().for_each(f),
        Expr::Paren(e) => operands(&e.expr, f),
        Expr::Group(e) => operands(&e.expr, f),
        Expr::Binary(e) if is_arithmetic(&e.op) => {
            operands(&e.left, f);
            operands(&e.right, f);
        }
        _ => {}
    }
}

fn is_arithmetic(op: &BinOp) -> bool {
    matches!(op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_))
}

/// The same code without panics.
pub(super) fn code(func: &Func, indices: &HashSet<Val>, results: &[Val], code: &Inactive) -> Option<Inactive> {
    let is_index = |name: &Ident| code.reads.iter().any(|(read, val)| read == name && indices.contains(val));
    let guard = Guard { is_index: &is_index, generic: func.width.is_generic() };
    let ty = match results {
        &[result] if code.pattern.is_none() && func.info(result).ty == Ty::Float => Number::Float,
        [result] if is_variable(code.pattern.as_ref()) && indices.contains(result) => Number::Index,
        _ => Number::Unknown,
    };
    let tokens = if let Ok(mut expr) = syn::parse2::<Expr>(code.tokens.clone()) {
        guard.expr(&mut expr, ty)?;
        expr.to_token_stream()
    } else {
        let mut stmts = Block::parse_within.parse2(code.tokens.clone()).ok()?;
        let [Stmt::Local(Local { init: Some(init), .. })] = stmts.as_mut_slice() else { return None };
        if init.diverge.is_some() {
            return None;
        }
        guard.expr(&mut init.expr, Number::Unknown)?;
        quote!(#(#stmts)*)
    };
    Some(Inactive { tokens, ..code.clone() })
}

/// Whether what is computed has a name, or none, and is not taken apart.
fn is_variable(pattern: Option<&TokenStream>) -> bool {
    pattern.is_none_or(|pattern| syn::parse2::<Ident>(pattern.clone()).is_ok())
}

/// What is known of a number's type.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    Float,
    Index,
    Unknown,
}

struct Guard<'g> {
    is_index: &'g dyn Fn(&Ident) -> bool,
    /// Whether nothing is known of floats but their methods.
    generic: bool,
}

impl Guard<'_> {
    /// What an operand tells of its own type, which that of the other is.
    fn number(&self, expr: &Expr) -> Number {
        match expr {
            Expr::Path(path) if path.path.get_ident().is_some_and(|name| (self.is_index)(name)) => Number::Index,
            Expr::MethodCall(call) if call.method == "len" && call.args.is_empty() => Number::Index,
            Expr::Lit(lit) if matches!(lit.lit, syn::Lit::Float(_)) => Number::Float,
            Expr::Paren(e) => self.number(&e.expr),
            Expr::Group(e) => self.number(&e.expr),
            Expr::Unary(e) => self.number(&e.expr),
            Expr::Reference(e) => self.number(&e.expr),
            Expr::Binary(e) if is_arithmetic(&e.op) => self.either(e),
            Expr::Cast(e) => match e.ty.to_token_stream().to_string().as_str() {
                "usize" => Number::Index,
                "f64" | "f32" => Number::Float,
                _ => Number::Unknown,
            },
            _ => Number::Unknown,
        }
    }

    /// What one of two operands tells, which are of one type.
    fn either(&self, e: &syn::ExprBinary) -> Number {
        match (self.number(&e.left), self.number(&e.right)) {
            (Number::Unknown, known) | (known, _) => known,
        }
    }

    /// Rewrites an expression so that it does not panic, if that is possible.
    fn expr(&self, expr: &mut Expr, expected: Number) -> Option<()> {
        let known = match self.number(expr) {
            Number::Unknown => expected,
            known => known,
        };
        match expr {
            Expr::Lit(_) | Expr::Path(_) => {}
            Expr::Paren(e) => self.expr(&mut e.expr, expected)?,
            Expr::Group(e) => self.expr(&mut e.expr, expected)?,
            Expr::Reference(e) if e.mutability.is_none() => self.expr(&mut e.expr, expected)?,
            Expr::Unary(e) if matches!(e.op, UnOp::Not(_) | UnOp::Deref(_) | UnOp::Neg(_)) => {
                self.expr(&mut e.expr, expected)?;
            }
            Expr::Index(_) | Expr::Field(_) if is_element(expr) => {
                if known == Number::Unknown || (known == Number::Float && self.generic) {
                    return None;
                }
                let found = self.element(expr)?;
                *expr = Expr::Verbatim(quote!(#found.copied().unwrap_or_default()));
            }
            Expr::Field(e) => self.expr(&mut e.base, Number::Unknown)?,
            Expr::Tuple(e) => e.elems.iter_mut().try_for_each(|elem| self.expr(elem, Number::Unknown))?,
            Expr::Cast(e) => self.expr(&mut e.expr, Number::Unknown)?,
            Expr::Range(e) => {
                let ends = [e.start.as_deref_mut(), e.end.as_deref_mut()];
                ends.into_iter().flatten().try_for_each(|end| self.expr(end, Number::Unknown))?;
            }
            Expr::Binary(e) if is_arithmetic(&e.op) => {
                self.expr(&mut e.left, known)?;
                self.expr(&mut e.right, known)?;
                match known {
                    Number::Float => {}
                    Number::Index => *expr = saturating(e),
                    Number::Unknown => return None,
                }
            }
            Expr::Binary(e) if is_pure(&e.op) => {
                let both = self.either(e);
                self.expr(&mut e.left, both)?;
                self.expr(&mut e.right, both)?;
            }
            Expr::MethodCall(e) => {
                let safe = SAFE.contains(&e.method.to_string().as_str());
                let of_float = self.number(&e.receiver) == Number::Float && e.method != "clamp";
                if !safe && !of_float {
                    return None;
                }
                self.expr(&mut e.receiver, Number::Unknown)?;
                e.args.iter_mut().try_for_each(|arg| self.expr(arg, Number::Unknown))?;
            }
            Expr::Let(e) => self.expr(&mut e.expr, Number::Unknown)?,
            Expr::If(e) => {
                self.expr(&mut e.cond, Number::Unknown)?;
                self.block(&mut e.then_branch, expected)?;
                if let Some((_, other)) = &mut e.else_branch {
                    self.expr(other, expected)?;
                }
            }
            Expr::Match(e) => {
                self.expr(&mut e.expr, Number::Unknown)?;
                for arm in &mut e.arms {
                    if let Pat::Guard(pat) = &mut arm.pat {
                        self.expr(&mut pat.guard, Number::Unknown)?;
                    }
                    self.expr(&mut arm.body, expected)?;
                }
            }
            Expr::Block(e) if e.label.is_none() => self.block(&mut e.block, expected)?,
            _ => return None,
        }
        Some(())
    }

    /// A reference to an element, or to a part of one, if it is there.
    fn element(&self, expr: &mut Expr) -> Option<TokenStream> {
        let whole = Ident::new("whole", Span::mixed_site());
        match expr {
            Expr::Paren(e) => self.element(&mut e.expr),
            Expr::Group(e) => self.element(&mut e.expr),
            Expr::Index(e) if !matches!(*e.index, Expr::Range(_)) => {
                let of = self.element(&mut e.expr)?;
                self.expr(&mut e.index, Number::Index)?;
                let index = &e.index;
                Some(quote!(#of.and_then(|#whole| #whole.get(#index))))
            }
            Expr::Field(e) if is_element(&e.base) => {
                let (of, member) = (self.element(&mut e.base)?, &e.member);
                Some(quote!(#of.map(|#whole| &#whole.#member)))
            }
            Expr::Path(_) | Expr::Field(_) => Some(quote!(::core::option::Option::Some(&#expr))),
            _ => None,
        }
    }

    fn block(&self, block: &mut Block, expected: Number) -> Option<()> {
        match block.stmts.as_mut_slice() {
            [] => Some(()),
            [Stmt::Expr(expr, None)] => self.expr(expr, expected),
            _ => None,
        }
    }
}

/// Whether an expression is an element of something, or a part of one.
fn is_element(expr: &Expr) -> bool {
    match expr {
        Expr::Index(_) => true,
        Expr::Field(e) => is_element(&e.base),
        Expr::Paren(e) => is_element(&e.expr),
        Expr::Group(e) => is_element(&e.expr),
        _ => false,
    }
}

fn is_pure(op: &BinOp) -> bool {
    use BinOp::{And, BitAnd, BitOr, BitXor, Eq, Ge, Gt, Le, Lt, Ne, Or};
    matches!(op, And(_) | Or(_) | BitAnd(_) | BitOr(_) | BitXor(_) | Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// The same of indices, or references to some, that ends at zero.
fn saturating(e: &syn::ExprBinary) -> Expr {
    let (a, b) = (&e.left, &e.right);
    let index = quote!(::core::primitive::usize);
    let (a, b) = (quote!(0 + (#a)), quote!(0 + (#b)));
    let tokens = match &e.op {
        BinOp::Add(_) => quote!(#index::saturating_add(#a, #b)),
        BinOp::Sub(_) => quote!(#index::saturating_sub(#a, #b)),
        BinOp::Mul(_) => quote!(#index::saturating_mul(#a, #b)),
        BinOp::Div(_) => quote!(#index::checked_div(#a, #b).unwrap_or(0)),
        _ => quote!(#index::checked_rem(#a, #b).unwrap_or(0)),
    };
    Expr::Verbatim(tokens)
}

/// Keeps the indices and ends of slices of an operation within what they are of; adds what that takes to `ops`.
pub(super) fn bounded(func: &mut Func, op: &Op, ops: &mut Vec<Op>) -> Op {
    let mut op = op.clone();
    let span = op.span;
    op.kind.parts_mut(&mut |part| bound(func, part, span, ops));
    let code = match &mut op.kind {
        OpKind::Inactive(code) => Some(code),
        OpKind::Loop(l) => match &mut l.header {
            Header::Iterator { code, .. } => Some(code),
            _ => None,
        },
        _ => None,
    };
    let places = code.into_iter().flat_map(|code| &mut code.places);
    places.for_each(|(_, part)| bound(func, part, span, ops));
    op
}

fn bound(func: &mut Func, part: &mut Part, span: Span, ops: &mut Vec<Op>) {
    let mut base = Part::whole(part.place);
    for step in std::mem::take(&mut part.path) {
        // The ends of a slice are not below each other.
        let known = !func.dims(&base).is_empty();
        let [array, index, low] = ["array", "index", "low"].map(|name| Ident::new(name, Span::mixed_site()));
        let mut define = |tokens: TokenStream, reads: Vec<(Ident, Val)>| {
            let code = Inactive { places: vec![(array.clone(), base.clone())], reads, ..Inactive::engine(tokens) };
            computed(func, Ty::Index, code, span, ops)
        };
        let step = match step {
            Step::At(i) if known => Step::At(define(
                quote!(::core::cmp::min(#index, #array.len().saturating_sub(1))),
                vec![(index.clone(), i)],
            )),
            Step::From(i) if known => {
                Step::From(define(quote!(::core::cmp::min(#index, #array.len())), vec![(index.clone(), i)]))
            }
            Step::Range(lo, hi) if known => {
                let lo = define(quote!(::core::cmp::min(#index, #array.len())), vec![(index.clone(), lo)]);
                let hi = define(
                    quote!(::core::cmp::max(#low, ::core::cmp::min(#index, #array.len()))),
                    vec![(index.clone(), hi), (low.clone(), lo)],
                );
                Step::Range(lo, hi)
            }
            step => step,
        };
        base = base.then(step.clone());
        part.path.push(step);
    }
}

/// A condition that there is something to read or to write at all, where that is not visible.
pub(super) fn exists(func: &mut Func, part: &Part, span: Span, ops: &mut Vec<Op>) -> Option<Val> {
    let mut code = Inactive::engine(TokenStream::new());
    for (k, step) in part.path.iter().enumerate() {
        let base = Part { place: part.place, path: part.path[..k].to_vec() };
        if matches!(step, Step::At(_)) && matches!(func.dims(&base).first(), Some(Dim::Dynamic)) {
            let name = Ident::new(&format!("array{k}"), Span::mixed_site());
            let and = (!code.places.is_empty()).then(|| quote!(&&));
            code.tokens.extend(quote!(#and !#name.is_empty()));
            code.places.push((name, base));
        }
    }
    if code.places.is_empty() {
        return None;
    }
    Some(computed(func, Ty::Bool, code, span, ops))
}

/// A condition that one array can be copied to another.
pub(super) fn of_one_length(func: &mut Func, parts: [&Part; 2], span: Span, ops: &mut Vec<Op>) -> Val {
    let [to, from] = ["to", "from"].map(|name| Ident::new(name, Span::mixed_site()));
    let mut code = Inactive::engine(quote!(#to.len() == #from.len()));
    code.places = [to, from].into_iter().zip(parts.map(Part::clone)).collect();
    computed(func, Ty::Bool, code, span, ops)
}

/// What some code computes.
fn computed(func: &mut Func, ty: Ty, code: Inactive, span: Span, ops: &mut Vec<Op>) -> Val {
    let val = func.val(ty, None, span);
    ops.push(Op { kind: OpKind::Inactive(code), results: vec![val], span });
    val
}
