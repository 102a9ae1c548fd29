//! IR → Rust. Input: a function of the IR. Output: the tokens of its body, deterministic, with names taken from the
//! user's own.
//!
//! | file | what |
//! |---|---|
//! | `companion` | the functions around the bodies: names, signatures, documentation, the hidden protocol |
//! | `body` | regions, branches, loops |
//! | `statement` | operations |
//! | `code` | the user's own tokens |
//! | `array` | arrays and their parts |
//! | `elements` | what is done to all elements of arrays |
//! | `call` | calls of other differentiated functions |
//! | `plan` | which operations are written inside the expression that uses them |
//! | `constant` | literals, and what generic functions have instead |
//! | `derived` | the code of derived primitives |
//! | `lanes` | tangents in several directions |
//! | `expression` | precedence and parentheses |
//! | `name` | names |

pub(crate) mod array;
mod body;
mod call;
mod code;
pub mod companion;
mod constant;
mod derived;
mod elements;
mod expression;
mod lanes;
mod name;
mod plan;
mod statement;
mod tape;

use crate::analysis::widths;
use crate::ir::{Check, Func, Member, OpKind, ParamKind, Part, PlaceId, Sample, TapeId, UntypedNumber, Val, Width};
use constant::Constants;
use expression::Expr;
pub(crate) use lanes::order;
use name::Names;
use plan::Plan;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::collections::{HashMap, HashSet};
use tape::Tape;

/// Beyond this many, the variables of a region are declared in groups: rustc runs out of stack on some 2,500 nested
/// `let`s with debug information.
const LETS: usize = 200;
/// How many variables such a group has.
const GROUP: usize = 100;

/// A function being written.
struct Emitter<'f> {
    func: &'f Func,
    plan: Plan,
    names: Names,
    /// How each value is written where it is used.
    exprs: HashMap<Val, Expr>,
    places: HashMap<PlaceId, Ident>,
    tapes: HashMap<TapeId, Tape>,
    /// What the records of each tape hold.
    records: HashMap<TapeId, Vec<Val>>,
    /// Numbers of data whose type nothing tells.
    untold: HashSet<Val>,
    /// Arrays that something writes.
    written: HashSet<PlaceId>,
    /// Arrays whose name is a `&mut` to them.
    outputs: HashSet<PlaceId>,
    /// Parts of arrays that never change, under the names of references to them; those of enclosing regions first.
    views: Vec<(Part, Ident)>,
    runtime: TokenStream,
    /// The float type of what is being written, if it is known.
    width: Option<Width>,
    /// Constants of a generic function.
    constants: Constants,
    /// Whether methods of a type parameter are called by path.
    qualified: bool,
}

/// A statement: a `let` of a number is kept apart, so that it can be grouped.
enum Line {
    /// Its name, its type and its value.
    Number(Ident, TokenStream, TokenStream),
    Other(TokenStream),
}

/// Writes a body. `given` are names that the signature binds; `result` writes the function's value.
pub fn body(
    func: &Func,
    given: &Given,
    runtime: &TokenStream,
    result: &dyn Fn(&[TokenStream]) -> TokenStream,
) -> TokenStream {
    let settled = func.width.is_mixed().then(|| {
        let mut settled = func.clone();
        widths::settle(&mut settled);
        settled
    });
    let func = settled.as_ref().unwrap_or(func);
    let mut emitter = Emitter {
        func,
        width: Some(func.width.main().clone()),
        plan: Plan::new(func),
        untold: widths::untold(func),
        names: Names::new(func),
        exprs: HashMap::new(),
        places: HashMap::new(),
        tapes: HashMap::new(),
        records: tape::records(func),
        written: HashSet::new(),
        outputs: HashSet::new(),
        views: Vec::new(),
        runtime: runtime.clone(),
        constants: Constants::default(),
        qualified: false,
    };
    for (val, name) in &given.vals {
        emitter.names.reserve(name);
        emitter.exprs.insert(*val, Expr::atom(quote!(#name)));
    }
    given.others.iter().for_each(|name| emitter.names.reserve(name));
    for (place, name, output) in &given.places {
        emitter.names.reserve(name);
        emitter.places.insert(*place, name.clone());
        if *output {
            emitter.outputs.insert(*place);
        }
    }
    crate::analysis::sums::each_op(&func.body, &mut |op| {
        if let OpKind::Call(call) = &op.kind {
            // No variable hides what is called, wherever its derivatives are computed.
            emitter.names.reserve(&call.callee.name);
        }
        op.kind.places_written(&mut |p| {
            emitter.written.insert(p);
        });
    });
    let methods = emitter.methods();
    let body = emitter.function(result);
    let constants = emitter.constants();
    let checks = emitter.checks(|place| func.is_given(place));
    let (untyped, apart) = (emitter.untyped(), emitter.apart());
    quote!(#checks #untyped #apart #methods #constants #body)
}

/// Code for the compiler alone.
fn not_run(code: TokenStream) -> TokenStream {
    if code.is_empty() { code } else { quote!(if false { #code }) }
}

impl Emitter<'_> {
    /// What was assumed of fields of these places, in code that is not run.
    fn checks(&mut self, of: impl Fn(PlaceId) -> bool) -> TokenStream {
        let func = self.func;
        not_run(func.checks.iter().filter(|c| of(c.place())).map(|c| self.check(c)).collect())
    }

    /// The same of numbers whose type nothing else tells.
    fn untyped(&self) -> TokenStream {
        let runtime = &self.runtime;
        let each = self.func.untyped.iter().map(|UntypedNumber { width, closure, .. }| {
            let float = width.as_ref().map_or_else(|| self.float(), Width::ident);
            // Where the literal stands.
            let at = closure.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
            quote_spanned!(at=> #runtime::__private::takes::<#float, _>(#closure);)
        });
        not_run(each.collect())
    }

    /// What is taken apart is never dropped as a whole.
    fn apart(&self) -> TokenStream {
        let runtime = &self.runtime;
        let each = self.func.apart.iter().map(|made| {
            let at = made.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
            quote_spanned!(at=> #runtime::__private::taken_apart(#made);)
        });
        not_run(each.collect())
    }

    fn check(&mut self, check: &Check) -> TokenStream {
        let float = self.float();
        match check {
            Check::Float(sample) => {
                let number = self.sample(sample);
                let name = number.clone().into_iter().filter(|token| matches!(token, TokenTree::Ident(_))).last();
                let at = Span::call_site().located_at(name.map_or_else(Span::call_site, |name| name.span()));
                let borrowed = quote_spanned!(at=> &#number);
                quote_spanned!(at=> let _: &#float = #borrowed;)
            }
            Check::Elements(of) => {
                let (of, runtime) = (self.sample(of), &self.runtime);
                quote!(#runtime::__private::elements::<#float, _>(&#of);)
            }
            Check::Follows(base, member) => self.marker("follows", base, member),
            Check::Skips(base, member) => self.marker("skips", base, member),
        }
    }

    fn marker(&mut self, kind: &str, base: &Sample, member: &Member) -> TokenStream {
        let at = match member {
            Member::Named(name) => Span::call_site().located_at(name.span()),
            Member::Index(_) | Member::Elements => Span::call_site(),
        };
        let (kind, name, runtime) = (Ident::new(kind, at), member.to_string(), self.runtime.clone());
        let name = name.trim_start_matches("r#");
        let base = self.sample(base);
        quote_spanned!(at=> #runtime::__private::#kind::<{ #runtime::__private::field(#name) }, _>(&#base);)
    }

    fn sample(&mut self, sample: &Sample) -> TokenStream {
        let (name, way) = (self.place(sample.place), &sample.way);
        quote!(#name #way)
    }
}

/// What the signature binds.
#[derive(Default)]
pub struct Given {
    /// Values.
    pub vals: Vec<(Val, Ident)>,
    /// Arrays, and whether they are behind a `&mut`.
    pub places: Vec<(PlaceId, Ident, bool)>,
    /// Other names.
    pub others: Vec<Ident>,
}

impl Given {
    /// A name for a value or an array; `lent` if it is behind a `&mut`.
    pub(crate) fn bind(&mut self, kind: &ParamKind, name: &Ident, lent: bool) {
        match kind {
            ParamKind::Float(val) => self.vals.push((*val, name.clone())),
            ParamKind::Place(place) => self.places.push((*place, name.clone(), lent)),
            ParamKind::Other => {}
        }
    }
}
