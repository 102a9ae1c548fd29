//! Calls of functions that return a `Result` or an `Option`, asked for what it is: `match checked(x) { Ok(y) => …, Err(e) => … }`,
//! `if let Some(y) = f(x)`, `f(x).unwrap_or(0.0)`.
//!
//! The function itself is called where the call stands, as code that is carried along: what it returns decides, and an error
//! in it is data. Where there is a number, it is that of a second call, with the derivative: with the same arguments, which are
//! evaluated once. So what the callee does beside computing is done twice there. It is not a method by `&mut self`.

use super::Lowerer;
use super::applied::iterator;
use super::associated;
use super::call::{OF_STD, callable, without_parentheses};
use super::effects::{Effect, Effects};
use super::expression::Value;
use super::kept::Operand;
use super::mapped::NUMBER;
use super::opaque::{Fate, Opaque};
use super::optional::Optional;
use super::scope::State;
use super::subject::{self, there, there_or_fine};
use super::syntax::path_of;
use crate::ir::{Part, Val};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMatch, ExprMethodCall, Pat, parse_quote, parse_quote_spanned};

/// Methods of a `Result` or an `Option` that a number goes into, or comes out of.
const OF_WRAPPERS: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or_default",
    "unwrap_or_else",
    "map_or_else",
    "or",
    "or_else",
    "and_then",
    "filter",
    "xor",
];

/// An argument of a call that is made twice.
enum Once {
    /// It is not known to be the same twice.
    Unknown,
    /// What is written is read twice.
    Same,
    /// Data in a variable.
    Data(Ident),
    Number(Val),
    /// An array by value: as it was given, and where that is found later.
    Array {
        given: Part,
        part: Part,
    },
}

impl Operand for Once {
    fn arrays(&mut self, f: &mut dyn FnMut(&mut Part)) {
        if let Once::Array { part, .. } = self {
            f(part);
        }
    }
}

/// What a call returned.
pub(super) struct Called {
    /// The name of the `Result` or the `Option`.
    pub(super) result: Ident,
    /// The call once more.
    again: Expr,
}

impl Called {
    /// The number, where a pattern says that there is one.
    pub(super) fn number(&self, pat: &Pat) -> Option<(Pat, Expr)> {
        let (inner, again) = (there_or_fine(pat)?, &self.again);
        let taken = if there(pat).is_some() { quote!(.unwrap()) } else { quote!(.ok().unwrap()) };
        Some((inner.clone(), parse_quote!(#again #taken)))
    }
}

impl Lowerer<'_> {
    /// A call of a differentiated function, whose result is asked for what it is.
    pub(super) fn asked(&mut self, expr: &Expr) -> Option<Called> {
        let expr = without_parentheses(expr);
        let asked = matches!(expr, Expr::Call(_) | Expr::MethodCall(_)) && self.mentions_float(expr);
        if !asked || !self.flow.may_reach(expr) || !self.is_companion_call(expr) {
            return None;
        }
        self.attempt(|l| {
            let mut again = expr.clone();
            let args = match &mut again {
                Expr::Call(call) => &mut call.args,
                Expr::MethodCall(call) if subject::again(&call.receiver) || l.is_pure(&call.receiver) => {
                    // It is evaluated first, and may be a reference.
                    if call.args.iter().any(|arg| Effects::of(arg, &l.func.width).writes_into(&call.receiver)) {
                        return None;
                    }
                    &mut call.args
                }
                _ => return None,
            };
            let effects = |arg: &Expr| Effects::of(arg, &l.func.width).effect() != Effect::No;
            let last = args.iter().rposition(effects).unwrap_or_default();
            let once = l.in_order(args.iter().enumerate(), |l, (k, arg)| l.evaluated_once(arg, k < last));
            for (arg, once) in args.iter_mut().zip(once) {
                *arg = l.named(once, arg)?;
            }
            // What goes into it comes back by the second call. A method that changes what it is called on would do so twice, and
            // without a derivative: it does not compile.
            let mut first = again.clone();
            if let Expr::MethodCall(call) = &mut first
                && subject::again(&call.receiver)
            {
                let receiver = &call.receiver;
                *call.receiver = parse_quote_spanned!(receiver.span()=> (&#receiver));
            }
            let losses = l.losses.len();
            let code = l.opaque(&first, &Fate::Consumed);
            l.losses.truncate(losses);
            let result = l.data_in_variable("result", code, expr.span());
            Some(Called { result, again })
        })
    }

    /// The same, asked by methods that do not say which of both it is.
    pub(super) fn called_optional(&mut self, expr: &Expr) -> Option<Optional> {
        if let Expr::MethodCall(call) = without_parentheses(expr)
            && let Some(Optional { some, inner }) = self.kept_called(call)
        {
            let f = call.args.first();
            return Some(Optional { some, inner: f.map_or(inner.clone(), |f| parse_quote!((#f)(#inner))) });
        }
        let Called { result, again } = self.asked(expr)?;
        let asked: Expr = parse_quote!(#result.as_ref().map_or(false, |_| true));
        let val = self.condition(&asked);
        let some = self.hidden("some", State::Other { val, indexable: false });
        let number = Ident::new(NUMBER, Span::call_site());
        Some(Optional { some, inner: parse_quote!(#again.#number().unwrap()) })
    }

    /// `f(x)` of `f(x).map(|y| …)`, `f(x).ok()`
    fn kept_called(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        (keeps(call) && self.is_called(&call.receiver)).then(|| self.called_optional(&call.receiver))?
    }

    /// Whether an expression is a call that may have a number, or what becomes of one.
    pub(super) fn is_called(&mut self, expr: &Expr) -> bool {
        match without_parentheses(expr) {
            Expr::MethodCall(call) if keeps(call) => self.is_called(&call.receiver),
            call => matches!(call, Expr::Call(_) | Expr::MethodCall(_)) && self.is_companion_call(call),
        }
    }

    /// What a closure makes of an error: `|_| 0.0`.
    pub(super) fn error_given(&mut self, receiver: &Expr, f: &Expr) -> Option<Expr> {
        let Expr::Closure(closure) = without_parentheses(f) else { return None };
        let [Pat::Wild(_)] = closure.inputs.iter().collect::<Vec<_>>().as_slice() else { return None };
        let body = &closure.body;
        self.is_called(receiver).then(|| (**body).clone())
    }

    /// Whether an expression is a call that is taken for one of a differentiated function, by its form: it may be in another.
    fn is_companion_call(&mut self, expr: &Expr) -> bool {
        let number = |arg: &Expr| self.mentions_float(arg) && self.flow.may_reach(arg) && !self.is_integer(arg);
        match expr {
            Expr::Call(call) => {
                let path = path_of(&call.func).filter(|path| callable(path) && self.scopes.find(path).is_none());
                let width = &self.func.width;
                let known = associated::of_float(&call.func, width)
                    || associated::of_integer(&call.func)
                    || associated::primitive(&call.func, width).is_some()
                    || associated::function(&call.func, width).is_some()
                    || associated::is_conversion(expr, width)
                    || path.as_deref().is_some_and(|path| path.rsplit("::").next() == Some("stop_gradient"));
                path.is_some() && !known && call.args.iter().any(number)
            }
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let of_struct = self.scopes.struct_named(&call.receiver);
                let known = OF_STD.contains(&name.as_str())
                    || OF_WRAPPERS.contains(&name.as_str())
                    || associated::method(&name, &self.func.width).is_some()
                    || iterator(call).is_some()
                    || call.args.iter().any(|arg| matches!(arg, Expr::Closure(_)));
                !known
                    && (of_struct || !self.mentions_float(&call.receiver))
                    && (of_struct || call.args.iter().any(number))
            }
            _ => false,
        }
    }

    fn is_pure(&self, expr: &Expr) -> bool {
        Opaque::expression(&self.scopes, &self.func.width, expr, &Fate::Consumed).code.pure
    }

    /// An argument that is the same when it is read again, and, if it is not the `last` that does anything, when the others
    /// have been evaluated.
    fn evaluated_once(&mut self, arg: &Expr, before_others: bool) -> Once {
        let pure = |l: &mut Self| match (l.is_pure(arg), arg) {
            (false, _) => Once::Unknown,
            (true, Expr::Lit(_)) => Once::Same,
            (true, _) if !before_others => Once::Same,
            (true, _) => {
                let code = l.opaque(arg, &Fate::Consumed);
                Once::Data(l.data_in_variable("given", code, arg.span()))
            }
        };
        if associated::is_constant(arg, &self.func.width) {
            return Once::Same;
        }
        if !self.mentions_float(arg) {
            return pure(self);
        }
        match without_parentheses(arg) {
            // What is borrowed stays as it is.
            Expr::Reference(e) if e.mutability.is_none() && subject::again(&e.expr) => Once::Same,
            Expr::Reference(_) => Once::Unknown,
            plain => match self.expr(plain) {
                Value::Float(val) => Once::Number(val),
                Value::Part { part, reference: false } if subject::again(plain) => {
                    Once::Array { given: part.clone(), part }
                }
                Value::Part { .. } if subject::again(plain) => Once::Same,
                _ => pure(self),
            },
        }
    }

    /// What an argument is called from here on.
    fn named(&mut self, once: Once, arg: &Expr) -> Option<Expr> {
        let name = match once {
            Once::Unknown => return None,
            Once::Same => return Some(arg.clone()),
            Once::Array { given, part } if given == part => return Some(arg.clone()),
            Once::Array { part, .. } => {
                let copy = part.place.0 as usize;
                let name = self.hidden("given", State::Part(part));
                self.func.places[copy].name.clone_from(&name);
                name
            }
            Once::Number(val) => self.hidden("given", State::Float(val)),
            Once::Data(name) => name,
        };
        Some(parse_quote!(#name))
    }
}

/// Whether an arm of a `match` is the number that its pattern takes out: `Ok(y) => y`.
pub(super) fn is_number_taken(e: &ExprMatch) -> bool {
    e.arms.iter().any(|arm| match (there_or_fine(&arm.pat), without_parentheses(&arm.body)) {
        (Some(Pat::Ident(p)), Expr::Path(body)) => body.path.is_ident(&p.ident),
        _ => false,
    })
}

/// Whether a method of a `Result` or an `Option` keeps the number, or makes another one of it.
fn keeps(call: &ExprMethodCall) -> bool {
    matches!((call.method.to_string().as_str(), call.args.len()), ("ok" | "copied" | "cloned", 0) | ("map", 1))
}
