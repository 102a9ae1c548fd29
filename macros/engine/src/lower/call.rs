//! Calls: of primitives by their paths, of conversions, and of other differentiated functions and methods. Which those are
//! is not known here: a call that a number goes into, and that may have companions, is taken for one. If the number turns
//! out to be active and there are no companions, rustc says so.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::applied::iterator;
use super::associated;
use super::expression::Value;
use super::lambda::Want;
use super::opaque::Fate;
use super::scope::{State, VarId};
use super::syntax::path_of;
use crate::diagnostics::{Site, message};
use crate::ir::{Arg, Base, Call, Callee, Companion, Op, OpKind, Part, Passing, Storage, Ty, Val};
use crate::rules::library;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprMethodCall, ExprPath, Lit, Path, PathArguments};

/// Methods of the standard library that a number goes into: they keep it, or compare it.
pub(super) const OF_STD: &[&str] = &[
    "push",
    "push_back",
    "push_front",
    "insert",
    "extend",
    "resize",
    "fill",
    "set",
    "replace",
    "store",
    "send",
    "contains",
    "cmp",
    "partial_cmp",
    "total_cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "unwrap_or",
    "map_or",
    "ok_or",
    "then_some",
    "zip",
    "chain",
];

impl Lowerer<'_> {
    pub(super) fn call(&mut self, call: &ExprCall, expr: &Expr) -> Value {
        if let Some(value) = self.inlined_call(call, Want::Value).or_else(|| self.made_by(expr, None)) {
            return value;
        }
        if let Some(value) = self.replace_call(call).or_else(|| self.vec_from(call)) {
            return value;
        }
        let operands: Vec<&Expr> = call.args.iter().collect();
        let from = associated::function(&call.func, &self.func.width).is_some_and(|name| name == "from");
        let owner = path_of(&call.func).and_then(|path| Some(path.rsplit_once("::")?.0.to_string()));
        let optional = self.func.width.is_mixed() && owner.as_ref().is_some_and(|ty| !matches!(&**ty, "f32" | "f64"));
        if from && operands.len() == 1 && !self.func.width.is_generic() && !optional {
            if self.mentions_float(operands[0])
                && let Value::Float(val) = self.expr(operands[0])
                // A field that is converted is an integer.
                && !self.is_field(val)
            {
                self.unconverted.push(val);
                return Value::Float(val);
            }
            let val = self.float_template(expr);
            self.claim_named(val, &owner.unwrap_or_default());
            return Value::Float(val);
        }
        if let Some(prim) = associated::primitive(&call.func, &self.func.width) {
            let counted = |n: &Expr| matches!(n, Expr::Lit(ExprLit { lit: Lit::Int(n), .. }) if n.suffix().is_empty());
            let fits = !library::counts(prim) || operands.get(1).is_some_and(|n| counted(n));
            if let (false, &[x, n], Some(prim)) = (fits, operands.as_slice(), library::counted(prim)) {
                let n: Expr =
                    syn::parse_quote!(<i32 as ::core::convert::TryFrom<usize>>::try_from(#n).expect("an exponent"));
                return self.primitive(prim, &[x, &n], expr);
            }
            return if fits && prim.arity == operands.len() {
                self.primitive(prim, &operands, expr)
            } else {
                Value::Opaque
            };
        }
        if associated::of_float(&call.func, &self.func.width) || associated::of_integer(&call.func) {
            return Value::Opaque;
        }
        let Some(path) = path_of(&call.func) else { return self.call_of_type(call, expr) };
        if path.rsplit("::").next() == Some("stop_gradient") {
            return Value::Float(self.float_template(expr));
        }
        let local = self.scopes.find(&path).is_some();
        if !local
            && self.mentions_float(expr)
            && let Some(value) = self.tuple_struct(call)
        {
            return value;
        }
        if local || !self.mentions_float(expr) || !self.flow.may_reach(&call.args) || !callable(&path) {
            return Value::Opaque;
        }
        let Expr::Path(function) = without_parentheses(&call.func) else { return Value::Opaque };
        match callee_of(function).map(|callee| self.found(callee)) {
            Some(callee) => self.companion_call(callee, None, &operands, call.func.span(), false),
            None => Value::Opaque,
        }
    }

    /// A callee, where the user says that its companions are.
    fn found(&self, callee: Callee) -> Callee {
        let named = |path: &&Path| path.segments.last().is_some_and(|last| last.ident == callee.name);
        match (&callee.base, self.namesakes.iter().find(named)) {
            (Base::Module(path), Some(module)) if path.is_empty() => {
                Callee { base: Base::Namesake(module.to_token_stream()), ..callee }
            }
            _ => callee,
        }
    }

    /// `<Type>::f(x)`
    fn call_of_type(&mut self, call: &ExprCall, expr: &Expr) -> Value {
        let Expr::Path(function) = without_parentheses(&call.func) else { return Value::Opaque };
        let named = function.path.segments.last().is_some_and(|last| callable(&last.ident.to_string()));
        let of_type = named && function.qself.as_ref().is_some_and(|q| q.position == 0);
        if !of_type || !self.mentions_float(expr) || !self.flow.may_reach(&call.args) {
            return Value::Opaque;
        }
        let operands: Vec<&Expr> = call.args.iter().collect();
        match callee_of(function) {
            Some(callee) => self.companion_call(callee, None, &operands, call.func.span(), false),
            None => Value::Opaque,
        }
    }

    /// A call whose result is unwrapped: `f(x)?`, `f(x).unwrap()`.
    pub(super) fn fallible_call(&mut self, inner: &Expr, unwrap: TokenStream) -> Value {
        if !matches!(inner, Expr::Call(_) | Expr::MethodCall(_)) {
            return Value::Opaque;
        }
        if let Some(value) = self.mapped_call(inner, &unwrap) {
            return value;
        }
        let mark = self.ops().len();
        let value = self.expr(inner);
        let number = if let Value::Float(val) = value { Some(val) } else { None };
        if !matches!(value, Value::Opaque)
            && let Some(call) = self.last_call(mark, number)
        {
            call.unwrap = unwrap;
            return value;
        }
        self.ops().truncate(mark);
        Value::Opaque
    }

    /// `x.f(y)` where `x` is data and `y` a number.
    pub(super) fn method_with_companions(&mut self, call: &ExprMethodCall) -> Value {
        if matches!(call.method.to_string().as_str(), "unwrap" | "expect") {
            let (method, args) = (&call.method, &call.args);
            return self.fallible_call(&call.receiver, quote!(.#method(#args)));
        }
        let known = OF_STD.contains(&call.method.to_string().as_str()) || iterator(call).is_some();
        let closures = call.args.iter().any(|arg| matches!(arg, Expr::Closure(_)));
        let number = |l: &Self, arg: &Expr| l.mentions_float(arg) && l.flow.may_reach(arg);
        if !known
            && !closures
            && let Some(part) = self.struct_receiver(call)
        {
            let callee = method_of(Base::Receiver, call);
            let operands: Vec<&Expr> = call.args.iter().collect();
            // Of a method of another `impl`, that is not visible: it does not compile if it changes the struct.
            let itself = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
            let changes = itself && self.changing.iter().any(|name| call.method == name) && self.writable(&part);
            let receiver = Some(if changes { Called::Changed(part) } else { Called::Struct(part) });
            return self.companion_call(callee, receiver, &operands, call.method.span(), false);
        }
        if known || closures || number(self, &call.receiver) || !call.args.iter().any(|arg| number(self, arg)) {
            return Value::Opaque;
        }
        let callee = method_of(Base::Receiver, call);
        let operands: Vec<&Expr> = call.args.iter().collect();
        let receiver = Some(Called::Data(&call.receiver));
        self.companion_call(callee, receiver, &operands, call.method.span(), false)
    }

    /// A statement that is a call with a `&mut` to an array: `f(&x, &mut buffer);`
    pub(super) fn buffer_call(&mut self, expr: &Expr) -> bool {
        let (operands, span): (Vec<&Expr>, Span) = match expr {
            Expr::Call(call) => (call.args.iter().collect(), call.func.span()),
            Expr::MethodCall(call) => (call.args.iter().collect(), call.method.span()),
            _ => return false,
        };
        let buffer = |operand: &&Expr| match operand {
            Expr::Reference(r) => r.mutability.is_some() && self.mentions_float(&r.expr),
            operand => self.lent_on(operand),
        };
        if !operands.iter().any(buffer) {
            return matches!(expr, Expr::MethodCall(call) if self.changing_method(call));
        }
        let (callee, receiver) = match expr {
            Expr::Call(call) => {
                let Expr::Path(function) = without_parentheses(&call.func) else { return false };
                let path = path_of(&call.func).unwrap_or_default();
                if self.scopes.find(&path).is_some() || !callable(&path) {
                    return false;
                }
                (callee_of(function).map(|callee| self.found(callee)), None)
            }
            Expr::MethodCall(call) => {
                if self.changing_method(call) {
                    return true;
                }
                if OF_STD.contains(&call.method.to_string().as_str()) || self.mentions_float(&call.receiver) {
                    return false;
                }
                (Some(method_of(Base::Receiver, call)), Some(Called::Data(&call.receiver)))
            }
            _ => return false,
        };
        let Some(callee) = callee else { return false };
        self.companion_call(callee, receiver, &operands, span, true);
        true
    }

    /// Whether an operand names a `&mut` parameter, or a reference to a number: a function whose value is dropped gets it to
    /// write to it.
    fn lent_on(&self, operand: &Expr) -> bool {
        let referred = || matches!(self.state_of(operand), Some(State::Alias(_) | State::Element(_)));
        self.names_buffer(operand) || referred()
    }

    /// Whether an operand names a `&mut` parameter. A function that returns a number may read it or write to it, and
    /// symgrad follows the derivative of what it reads; of one that returns more, that of both. What is wrong does not compile.
    fn names_buffer(&self, operand: &Expr) -> bool {
        match self.state_of(operand) {
            Some(State::Part(part)) => part.is_whole() && self.func.place_info(part.place).storage == Storage::InOut,
            _ => false,
        }
    }

    fn state_of(&self, operand: &Expr) -> Option<&State> {
        let Expr::Path(path) = operand else { return None };
        self.scopes.state(&path.path.get_ident()?.to_string())
    }

    /// A statement that is a call of a method on a struct: it changes the struct, for its value is dropped.
    fn changing_method(&mut self, call: &ExprMethodCall) -> bool {
        let closures = call.args.iter().any(|arg| matches!(arg, Expr::Closure(_)));
        if OF_STD.contains(&call.method.to_string().as_str()) || closures || iterator(call).is_some() {
            return false;
        }
        let lent = self.scopes.variable(&call.receiver).filter(|&id| {
            let var = &self.scopes.vars[id];
            var.mutable && matches!(&var.state, State::Aggregate(aggregate) if aggregate.path.is_some())
        });
        let receiver = match lent {
            Some(id) => Called::Lent(id, &call.receiver),
            None => match self.struct_receiver(call).filter(|part| self.writable(part)) {
                Some(part) => Called::Changed(part),
                None => return false,
            },
        };
        let callee = method_of(Base::Receiver, call);
        let operands: Vec<&Expr> = call.args.iter().collect();
        self.companion_call(callee, Some(receiver), &operands, call.method.span(), true);
        true
    }

    /// Whether a value is an array that the function may write.
    fn buffer(&self, value: &Value) -> bool {
        matches!(value, Value::Part { part, .. } if self.writable(part))
    }

    /// Whether an operand visibly is a reference to a field of a struct.
    fn refers(&self, operand: &Expr, val: Val) -> bool {
        let named = || matches!(operand, Expr::Path(_)) && self.scopes.records.is_borrowed(val);
        matches!(operand, Expr::Reference(_)) || named()
    }

    /// What is given to a call.
    fn argument(&mut self, operand: &Expr, lost: &str, result: Received) -> Arg {
        let (mark, losses) = (self.ops().len(), self.losses.len());
        let mutable = match (operand, result) {
            (Expr::Reference(r), _) => r.mutability.is_some(),
            (operand, Received::Nothing) => self.lent_on(operand),
            (operand, Received::More) => self.names_buffer(operand),
            (_, Received::Number) => false,
        };
        if let Expr::Reference(r) = operand
            && let Some(id) = self.scopes.variable(&r.expr).filter(|_| mutable)
            && let Some(part) = self.lend(id, &r.expr)
        {
            return Arg::Part(part, Passing::Mutable);
        }
        if let Some(part) = self.lend_number(operand) {
            return Arg::Part(part, Passing::Mutable);
        }
        let (value, reference) = match self.expr_argument(operand) {
            // An element is a number.
            Value::Part { part, reference } if self.func.is_number(&part) => {
                (Value::Float(self.load(part, operand.span())), reference)
            }
            value => (value, matches!(operand, Expr::Reference(_))),
        };
        if let (Value::Part { .. }, Expr::Reference(r)) = (&value, operand)
            && mutable
            && !self.buffer(&value)
        {
            self.error(Site::of(operand), message::mutable_borrow(r.expr.to_token_stream()));
        }
        match value {
            // It may be a struct, an array, or a number.
            Value::Float(val) if self.is_field(val) && self.refers(operand, val) => match self.struct_part(&value) {
                Some((part, _)) => Arg::Part(part, Passing::Reference),
                None => Arg::Float(val),
            },
            Value::Part { part, .. } if mutable => Arg::Part(part, Passing::Mutable),
            Value::Part { part, .. } if self.func.place_info(part.place).storage == Storage::InOut => {
                Arg::Part(part, Passing::Reference)
            }
            Value::Float(_) if reference => {
                self.ops().truncate(mark);
                self.losses.truncate(losses);
                let lost = message::lost_in_value("a reference to one number");
                Arg::Inactive(self.template(operand, Ty::Other, &Fate::Lost(Site::of(operand), lost)))
            }
            Value::Float(val) => Arg::Float(val),
            Value::Part { part, reference } => {
                let info = self.func.place_info(part.place);
                let named = part.is_whole() && !info.by_value;
                let given = named && info.storage == Storage::Param;
                let passing = match reference {
                    true if named => Passing::Plain,
                    true => Passing::Reference,
                    false if given && self.func.fixed(&part) => Passing::Copied,
                    false => Passing::Plain,
                };
                Arg::Part(part, passing)
            }
            Value::Aggregate(aggregate) => {
                let reference = aggregate.reference || reference;
                let owned = Value::Aggregate(Aggregate { reference: false, ..aggregate });
                match self.struct_made(owned, operand) {
                    Some(part) => Arg::Part(part, if reference { Passing::Reference } else { Passing::Plain }),
                    None => self.inactive_argument(operand, (mark, losses), lost),
                }
            }
            Value::Opaque | Value::Inactive(_) => self.inactive_argument(operand, (mark, losses), lost),
        }
    }

    /// An argument that no derivative flows through; what its parts became does not stay.
    fn inactive_argument(&mut self, operand: &Expr, (mark, losses): (usize, usize), lost: &str) -> Arg {
        self.ops().truncate(mark);
        self.losses.truncate(losses);
        Arg::Inactive(self.template(operand, Ty::Other, &Fate::Lost(Site::of(operand), lost.to_string())))
    }

    /// A call of another differentiated function.
    pub(super) fn companion_call(
        &mut self,
        callee: Callee,
        receiver: Option<Called<'_>>,
        operands: &[&Expr],
        span: Span,
        dropped: bool,
    ) -> Value {
        let lost = message::lost_in_call(callee.to_string().replace(' ', "").trim_start_matches('.'));
        let wanted = self.wanted_of(&callee.name);
        let receiver_code = match &receiver {
            Some(Called::Data(receiver)) => Some(self.opaque(receiver, &Fate::Lost(span.into(), lost.clone()))),
            _ => None,
        };
        let result = match &wanted {
            _ if dropped => Received::Nothing,
            Some(_) => Received::More,
            None => Received::Number,
        };
        let start = self.ops().len();
        let lent = std::mem::take(&mut self.lent);
        let given = match &receiver {
            Some(Called::Struct(part)) => Some(Err((part.clone(), Passing::Reference))),
            Some(Called::Changed(part)) => Some(Err((part.clone(), Passing::Mutable))),
            Some(Called::Lent(id, expr)) => self.lend(*id, expr).map(|part| Err((part, Passing::Mutable))),
            _ => None,
        };
        let mut args = self.in_order(given.into_iter().chain(operands.iter().map(Ok)), |l, operand| match operand {
            Ok(operand) => l.argument(operand, &lost, result),
            Err((part, passing)) => Arg::Part(part, passing),
        });
        self.beside_buffers(&mut args);
        if let (Some(Called::Data(receiver)), Some(code)) = (receiver, receiver_code) {
            let effect = |op: &Op| match &op.kind {
                OpKind::Inactive(code) => !code.pure,
                OpKind::Call(_) => true,
                _ => false,
            };
            if !code.pure && self.ops()[start..].iter().any(effect) {
                self.error(Site::of(receiver), message::receiver_order());
            }
            let repeated = wanted.is_some() || args.iter().any(|arg| matches!(arg, Arg::Part(_, Passing::Mutable)));
            if repeated && !code.pure {
                self.error(Site::of(receiver), message::receiver_repeated());
            }
            args.insert(0, Arg::Receiver(code));
        }
        let unwrap = TokenStream::new();
        let call = Call { callee, args, companion: Companion::Value, unwrap, returned: Vec::new() };
        let value = match wanted {
            Some(wanted) => self.received_call(call, &wanted, span),
            None if dropped => {
                self.push(OpKind::Call(call), span);
                Value::Opaque
            }
            None => Value::Float(self.define(OpKind::Call(call), Ty::Float, span)),
        };
        let lent = std::mem::replace(&mut self.lent, lent);
        self.take_back(lent);
        value
    }
}

/// What is done with what a call returns.
#[derive(Clone, Copy)]
enum Received {
    /// It is dropped.
    Nothing,
    Number,
    /// It is an array, a struct or a tuple.
    More,
}

/// What a method is called on.
pub(super) enum Called<'e> {
    /// Something that no derivative flows through.
    Data(&'e Expr),
    /// A struct that the method reads.
    Struct(Part),
    /// A struct that the method changes.
    Changed(Part),
    /// The same, of a variable that is taken apart.
    Lent(VarId, &'e Expr),
}

/// The parts of a path to a function. What stands before its name is a type if it looks like one.
fn callee_of(function: &ExprPath) -> Option<Callee> {
    let mut path = function.path.clone();
    let last = path.segments.pop()?;
    let ty = function.qself.is_some()
        || path.segments.last().is_some_and(|s| s.ident.to_string().starts_with(char::is_uppercase));
    let prefix = match &function.qself {
        Some(qself) => {
            let ty = &qself.ty;
            quote!(<#ty>::)
        }
        None => path.to_token_stream(),
    };
    let generics = match &last.arguments {
        PathArguments::None => TokenStream::new(),
        PathArguments::AngleBracketed(arguments) => {
            let mut arguments = arguments.clone();
            arguments.colon2_token.get_or_insert_default();
            arguments.to_token_stream()
        }
        PathArguments::Parenthesized(_) => return None,
    };
    let base = if ty { Base::Type(prefix) } else { Base::Module(prefix) };
    Some(Callee { base, name: last.ident, generics })
}

pub(super) fn without_parentheses(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => without_parentheses(&e.expr),
        other => other,
    }
}

/// What a method call calls.
pub(super) fn method_of(base: Base, call: &ExprMethodCall) -> Callee {
    let generics = call.turbofish.as_ref().map(quote::ToTokens::to_token_stream).unwrap_or_default();
    Callee { base, name: call.method.clone(), generics }
}

/// Whether a path can be a function with companions: not a constructor such as `Some`.
pub(super) fn callable(path: &str) -> bool {
    let last = path.rsplit("::").next().unwrap_or_default();
    let first = path.split("::").next().unwrap_or_default();
    let library = path.contains("::") && matches!(first, "std" | "core" | "libm" | "num_traits");
    last.starts_with(|c: char| c.is_lowercase() || c == '_') && !library
}
