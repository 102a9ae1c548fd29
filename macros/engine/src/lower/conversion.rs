//! Conversions between float types, in a function that computes in several: `x as f64`, `f64::from(x)`, `x.into()`,
//! `T::from(x).unwrap()`, `x.to_f64().unwrap()`. Input: an expression. Output: the number in the other type.
//!
//! A function is lowered as one of a single float type, and once more as one of several if derivatives were lost there, and it
//! has a conversion by its syntax. Types are found afterwards (`analysis/widths.rs`). Here is noted what the source says of them.

use super::Lowerer;
use super::call::without_parentheses;
use super::expression::Value;
use super::optional::Optional;
use super::scope::State;
use super::subject::there;
use super::syntax::{path_of, path_text};
use super::{associated, types};
use crate::analysis::widths::{Claim, Of};
use crate::ir::{Part, Step, Val, Width};
use crate::rules::conversion::{self, Float};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, Pat, Type, parse_quote};

/// Stands for the float type of the value that a piece of code is.
pub(crate) const OWN: &str = "__Own";

/// Methods that convert to what their surroundings say.
const OPEN: &[&str] = &["into", "as_"];

/// Whether a body has what may be a conversion between float types.
pub(crate) fn is_there(body: &Block) -> bool {
    struct Find(bool);
    impl Visit<'_> for Find {
        fn visit_expr(&mut self, expr: &Expr) {
            self.0 |= match expr {
                Expr::Cast(e) => matches!(&*e.ty.to_token_stream().to_string(), "f32" | "f64"),
                Expr::MethodCall(e) => {
                    let name = e.method.to_string();
                    e.args.is_empty() && (OPEN.contains(&&*name) || matches!(&*name, "to_f32" | "to_f64"))
                }
                Expr::Call(e) => {
                    let path = path_of(&e.func).unwrap_or_default();
                    let last = path.rsplit("::").next().unwrap_or_default();
                    e.args.len() == 1 && (associated::is_conversion_name(last) || last == "cast")
                }
                _ => false,
            };
            visit::visit_expr(self, expr);
        }
    }
    let mut find = Find(false);
    find.visit_block(body);
    find.0
}

/// A conversion: of what, and to which type, as far as that is said.
struct Conversion<'e> {
    number: &'e Expr,
    target: Option<Width>,
    /// By a method that only the bounds of a type parameter have: of another type, it may be any trait's.
    of_parameter: bool,
    /// The function, as the user names it, and by a name that means nothing else.
    by: Option<(TokenStream, TokenStream)>,
}

impl<'e> Conversion<'e> {
    fn new(number: &'e Expr, target: Option<Width>) -> Self {
        Conversion { number, target, of_parameter: false, by: None }
    }
}

impl Lowerer<'_> {
    /// What an expression converts a number to, if it does.
    pub(super) fn converted(&mut self, expr: &Expr) -> Option<Value> {
        if !self.func.width.is_mixed() {
            return None;
        }
        let conversion = self.conversion(expr)?;
        self.convert(conversion, expr.span()).map(Value::Float)
    }

    /// A conversion in an `Option`, which always has it.
    pub(super) fn optional_conversion(&mut self, expr: &Expr) -> Option<Optional> {
        if !self.func.width.is_mixed() {
            return None;
        }
        let conversion = self.in_option(expr)?;
        let val = self.convert(conversion, expr.span())?;
        let inner = self.hidden("given", State::Float(val));
        let val = self.flag(true, expr.span());
        let some = self.hidden("some", State::Other { val, indexable: false });
        Some(Optional { some, inner: parse_quote!(#inner) })
    }

    /// `if let (Some(a), Some(b)) = (x.to_f64(), y.to_f64())`: what is matched is there, and its pattern always fits.
    pub(super) fn conversions_apart(&self, pat: &Pat, expr: &Expr) -> Option<(Pat, Expr)> {
        let (Pat::Tuple(pats), Expr::Tuple(exprs)) = (pat, without_parentheses(expr)) else { return None };
        if !self.func.width.is_mixed() || pats.elems.len() != exprs.elems.len() {
            return None;
        }
        let (mut pats, mut exprs, mut found) = (pats.clone(), exprs.clone(), false);
        for (pat, expr) in pats.elems.iter_mut().zip(&mut exprs.elems) {
            if let (Some(inner), Some(_)) = (there(pat), self.in_option(without_parentheses(expr))) {
                (*pat, *expr, found) = (inner.clone(), parse_quote!(#expr.unwrap()), true);
            }
        }
        found.then(|| (Pat::Tuple(pats), Expr::Tuple(exprs)))
    }

    fn convert(&mut self, conversion: Conversion<'_>, span: Span) -> Option<Val> {
        let Conversion { number, target, of_parameter, by } = conversion;
        let main = self.func.width.main().clone();
        if !self.mentions_float(number) || (of_parameter && !main.is_generic()) {
            return None;
        }
        let val = match self.expr(number) {
            // A field may be an integer.
            Value::Float(val) if !self.is_field(val) => val,
            Value::Part { part, .. } if self.func.is_number(&part) && !is_field(&part) => {
                self.load(part, number.span())
            }
            _ => return None,
        };
        if of_parameter {
            self.claim(&Value::Float(val), &main);
        }
        if let Some((user, meant)) = by {
            self.asked.push((span, user, meant));
        }
        let prim = conversion::to(target.as_ref().map(Float::of));
        Some(self.prim(prim, vec![val], span))
    }

    fn conversion<'e>(&self, expr: &'e Expr) -> Option<Conversion<'e>> {
        let width = &self.func.width;
        match expr {
            Expr::Cast(e) => {
                let target = width.named(&e.ty.to_token_stream().to_string())?;
                Some(Conversion::new(&e.expr, Some(target)))
            }
            Expr::MethodCall(e)
                if e.args.is_empty() && OPEN.iter().any(|name| e.method == name) && !self.own_bounds =>
            {
                Some(Conversion { of_parameter: e.method != "into", ..Conversion::new(&e.receiver, None) })
            }
            Expr::MethodCall(e) if taken_out(e) => self.in_option(without_parentheses(&e.receiver)),
            Expr::Call(e) if e.args.len() == 1 => {
                let (ty, name) = owner(e)?;
                // That of a type parameter is an `Option`.
                if name != "from" || !matches!(&*ty, "f32" | "f64") {
                    return None;
                }
                // A module may have the name of the type.
                let (function, to) = (&e.func, Ident::new(&ty, Span::call_site()));
                let meant = quote!(<::core::primitive::#to as ::core::convert::From<::core::primitive::f32>>::from);
                let by = Some((quote!(#function), meant));
                Some(Conversion { by, ..Conversion::new(&e.args[0], width.named(&ty)) })
            }
            _ => None,
        }
    }

    /// What is in an `Option` that always has it: `T::from(x)`, `x.to_f64()`, `NumCast::from(x)`.
    fn in_option<'e>(&self, expr: &'e Expr) -> Option<Conversion<'e>> {
        let width = &self.func.width;
        match expr {
            Expr::MethodCall(e) if e.args.is_empty() && !self.own_bounds => {
                let target = width.named(e.method.to_string().strip_prefix("to_")?)?;
                Some(Conversion { of_parameter: true, ..Conversion::new(&e.receiver, Some(target)) })
            }
            Expr::Call(e) if e.args.len() == 1 => {
                let (ty, name) = owner(e)?;
                let target = width.named(&ty).filter(Width::is_generic)?;
                let (function, float, runtime) = (&e.func, target.ident(), &self.runtime);
                let named = matches!(&*e.func, Expr::Path(path) if path.qself.is_some());
                let by = match &*name {
                    // Of the bounds of a float, one has it, or it does not compile.
                    "from" if !named => None,
                    "from" => {
                        Some((quote!(#function::<f64>), quote!(<#float as #runtime::__private::NumCast>::from::<f64>)))
                    }
                    "from_f64" | "from_f32" => {
                        let method = Ident::new(&name, Span::call_site());
                        Some((quote!(#function), quote!(<#float as #runtime::__private::FromPrimitive>::#method)))
                    }
                    _ => return None,
                };
                Some(Conversion { by, ..Conversion::new(&e.args[0], Some(target)) })
            }
            _ => None,
        }
    }

    /// The name of the float type of code that is not the user's: what it is, turns out where it is emitted if there are several.
    pub(super) fn float_name(&self) -> Ident {
        if self.func.width.is_mixed() { Ident::new(OWN, Span::call_site()) } else { self.func.width.ident() }
    }

    /// What the source says of the type of a value or of the elements of an array.
    pub(super) fn claim(&mut self, value: &Value, width: &Width) {
        if !self.func.width.is_mixed() {
            return;
        }
        let of = match value {
            Value::Float(val) => Of::Val(*val),
            Value::Part { part, .. } if !self.func.holds_structs(part) => Of::Place(part.place),
            _ => return,
        };
        self.claims.push(Claim { of, width: width.clone() });
    }

    /// The same of a value, by a type that is written down.
    pub(super) fn claim_type(&mut self, value: &Value, ty: Option<&Type>) {
        let shape = ty.and_then(|ty| types::shape(ty, self.func.width.parameter()));
        if let Some(shape) = shape.filter(|shape| shape.record.is_none()) {
            self.claim(value, &shape.width);
        }
    }

    /// The same of a value, by the first name of a path, `f64::consts::PI`, or by a suffix.
    pub(super) fn claim_named(&mut self, val: Val, name: &str) {
        if let Some(width) = self.func.width.named(name) {
            self.claim(&Value::Float(val), &width);
        }
    }

    /// What is returned, and what is differentiated by, has the function's float type.
    pub(super) fn claim_main(&mut self, returned: Option<&Width>) {
        let main = self.func.width.main().clone();
        let params: Vec<Value> = self
            .func
            .params
            .iter()
            .filter_map(|p| match p.kind {
                crate::ir::ParamKind::Float(val) => Some(Value::Float(val)),
                crate::ir::ParamKind::Place(place) => Some(Value::Part { part: Part::whole(place), reference: false }),
                crate::ir::ParamKind::Other => None,
            })
            .collect();
        params.iter().for_each(|value| self.claim(value, &main));
        let results = self.func.results.clone();
        for place in results {
            self.claim(&Value::Part { part: Part::whole(place), reference: false }, &main);
        }
        let mut yields = Vec::new();
        self.func.body.leaves(&mut |leaf| yields.extend(leaf.values()));
        let result = returned.unwrap_or(&main);
        yields.into_iter().for_each(|val| self.claim(&Value::Float(val), result));
    }
}

/// Whether a part is a field of a struct.
fn is_field(part: &Part) -> bool {
    matches!(part.path.last(), Some(Step::Field(_)))
}

/// The type or the trait that a function belongs to, and its name.
fn owner(call: &ExprCall) -> Option<(String, String)> {
    let Expr::Path(path) = without_parentheses(&call.func) else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    match &path.qself {
        Some(qself) => Some((qself.ty.to_token_stream().to_string(), name)),
        None => path_text(&path.path).rsplit_once("::").map(|(ty, name)| (ty.to_string(), name.to_string())),
    }
}

/// Whether a method takes out of an `Option` what is always there: what it would give instead has no effect.
fn taken_out(call: &syn::ExprMethodCall) -> bool {
    match &*call.method.to_string() {
        "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or_else" => true,
        "unwrap_or" => matches!(call.args.first(), Some(Expr::Lit(_) | Expr::Path(_) | Expr::Call(_))),
        _ => false,
    }
}
