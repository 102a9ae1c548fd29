//! syn → IR. Input: a function's signature as [`signature::Interface`] and its body. Output: a [`Func`], and the
//! [`Loss`]es to be checked when it is known what is active. Errors go to the accumulator; lowering goes on after each,
//! with a stand-in value.
//!
//! | file | what |
//! |---|---|
//! | `guard` | what is refused before parsing |
//! | `function` | the function under the attribute |
//! | `conditional` | `cfg` in it |
//! | `implementation` | the `impl` under the attribute |
//! | `signature` | parameters and result |
//! | `types` | what types show |
//! | `float_type` | type parameters that are floats |
//! | `returned` | results that are no number |
//! | `scope` | names and the state of variables |
//! | `fallible` | results that are a `Result` or an `Option` of a float |
//! | `converted` | results that are converted to another float type |
//! | `effects` | what a piece of syntax may change |
//! | `exits` | which exits a piece of syntax contains, and what it assigns |
//! | `carried` | what constructs carry |
//! | `control` | sequences, branches with exits, `return`, `break`, `continue` |
//! | `statement` | `if` without exits, blocks, verbatim statements |
//! | `binding` | `let` |
//! | `declaring` | macros that declare variables |
//! | `closure` | closures and inner functions, called by name |
//! | `lambda` | bodies that are lowered where they are used |
//! | `iterate` | chains of iterators |
//! | `cursor` | iterators in variables |
//! | `collect` | arrays and `Vec`s made of them |
//! | `split` | those whose elements go to two lists |
//! | `source` | their elements by index |
//! | `origin` | those that no list is behind, and several one after the other |
//! | `stage` | what these go through |
//! | `consume` | loops over them |
//! | `folded` | `fold` of a list that grows |
//! | `accumulate` | what they keep from one element to the next |
//! | `projection` | members of such, in code that is carried along |
//! | `option` | variables that are an `Option` of a number |
//! | `optional` | numbers that may not be there |
//! | `item` | values without syntax, bound to patterns |
//! | `aggregate` | tuples and structs |
//! | `unpack` | what patterns bind of values that are known |
//! | `reassign` | values assigned to variables as a whole |
//! | `join` | one value from those of the arms of an `if` |
//! | `flat` | aggregates in code that is carried along |
//! | `assignment` | `=`, `+=`, and methods that write an array |
//! | `exchange` | mutable references to variables, `std::mem::swap` |
//! | `exiting` | operands that may exit |
//! | `late` | values that come out of control flow |
//! | `matching` | `match`, `if let`, `while let`, `let … else` |
//! | `subject` | what is matched |
//! | `pattern` | what patterns bind |
//! | `syntax` | what syntax says by itself |
//! | `loops` | `for`, `while`, `loop` |
//! | `items` | items inside the function |
//! | `kept` | arrays as they were where they were evaluated |
//! | `expression` | what has a value |
//! | `call` | calls of other differentiated functions and methods |
//! | `mapped` | numbers in what calls return, before they are taken out |
//! | `received` | calls of those whose result is no number |
//! | `usage` | what is done with variables that are bound to these |
//! | `associated` | paths to constants and functions of the float type |
//! | `tail` | what the value of an `if` visibly is |
//! | `rename` | variables whose declarations are emitted as written |
//! | `opaque` | what no derivative flows through |
//! | `methods` | what methods do to what they are called on |
//! | `mention` | the names in it |
//! | `macros` | the macros in it |
//! | `discrete` | numbers that become integers in it |
//! | `operand` | numbers that decide in it |
//! | `comparison` | references to numbers, compared |
//! | `record` | structs among the parameters |
//! | `field` | their fields |
//! | `assumed` | what was assumed of them |
//! | `made` | structs that are handed on, made of their members |
//! | `question` | what is asked about numbers, and where no derivative is lost |
//! | `vector` | local `Vec`s |
//! | `growth` | methods that change their lengths |
//! | `rearrange` | their elements, sorted, reversed, rotated |
//! | `view` | parts of arrays that are arrays: slices, halves, ends |
//! | `flow` | which names numbers of the parameters may flow into |
//! | `unread` | elements that are read and not used |
//! | `witness` | how the hidden protocol knows the function |
//! | `unstable` | which names may stand for mutable references |

mod accumulate;
mod aggregate;
mod assignment;
mod associated;
mod assumed;
mod binding;
mod call;
mod carried;
pub mod closure;
mod collect;
mod comparison;
mod conditional;
mod consume;
mod control;
pub mod converted;
pub mod cursor;
mod declaring;
mod discrete;
mod effects;
mod exchange;
mod exiting;
pub mod exits;
mod expression;
pub mod fallible;
mod field;
mod flat;
mod float_type;
mod flow;
mod folded;
pub mod function;
mod growth;
pub mod guard;
pub mod implementation;
mod item;
mod items;
mod iterate;
mod join;
mod kept;
mod lambda;
mod late;
mod loops;
mod macros;
mod made;
mod mapped;
mod matching;
mod mention;
mod methods;
pub mod opaque;
mod operand;
mod option;
mod optional;
mod origin;
mod pattern;
pub mod problem;
mod projection;
mod question;
mod rearrange;
mod reassign;
mod received;
mod record;
mod rename;
mod returned;
pub mod scope;
pub mod signature;
mod source;
mod split;
mod stage;
mod statement;
mod subject;
pub mod syntax;
mod tail;
pub mod types;
mod unpack;
mod unread;
mod unstable;
mod usage;
mod vector;
mod view;
pub mod witness;

use crate::diagnostics::{Errors, Site};
use crate::ir::{
    Dim, End, Func, Inactive, Init, Op, OpKind, Param, ParamKind, Part, Passes, Place, PlaceId, Region, Step, Storage,
    Ty, Val,
};
use crate::rules::Prim;
use control::{Cont, Context};
use opaque::{Fate, Found, Loss, Opaque, Source};
use proc_macro2::{Ident, Span};
use quote::quote;
use rename::Binding;
use scope::{Scopes, State, VarId};
use signature::Interface;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use syn::{Block, Expr};

/// What lowering leaves behind.
pub struct Lowered {
    /// The function.
    pub func: Func,
    /// Where derivatives would be lost.
    pub losses: Vec<Loss>,
    /// Variables whose type is not visible, with what is assigned to them: if it is active, they are floats.
    pub guesses: Vec<(Source, Declaration)>,
    /// What was found out about the fields of structs.
    pub fields: record::Fields,
    /// Variables that are indices.
    pub indices: HashSet<Declaration>,
}

/// A declaration, by name and place.
pub type Declaration = String;

/// What use told of types that are not visible.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Learned {
    /// Variables that are floats though their declarations do not say so.
    pub floats: HashSet<Declaration>,
    /// The fields of structs.
    pub fields: record::Fields,
    /// Variables that are integers: they are indices.
    pub indices: HashSet<Declaration>,
}

/// Lowers a body, with what is known already of types that are not visible.
pub fn lower(interface: &Interface, body: &Block, learned: &Learned, errors: &mut Errors) -> Lowered {
    let known = errors.count();
    let mut lowerer = Lowerer::new(interface, errors);
    lowerer.floats.clone_from(&learned.floats);
    lowerer.indices.clone_from(&learned.indices);
    lowerer.scopes.records.fields.borrow_mut().clone_from(&learned.fields);
    lowerer.names = rename::Names::new(interface, body);
    lowerer.scopes.unstable = unstable::names(interface, body);
    lowerer.flow = flow::Flow::new(interface, body);
    lowerer.usage = usage::Usage::new(body);
    lowerer.cursors = cursor::names(body);
    lowerer.declared = declaring::names(interface.parameters.iter().map(|p| p.name.to_string()), body);
    lowerer.parameters(interface);
    lowerer.results(interface);
    lowerer.items = items::Items::new(body, &interface.width);
    let mut region = lowerer.region(|l| l.run(&body.stmts, &Cont::End));
    region.ops.splice(0..0, std::mem::take(&mut lowerer.items.ops));
    unread::keep(&mut region, &lowerer.indexed);
    lowerer.func.body = region;
    lowerer.errors.reword(known, |message| lowerer.names.shown(message));
    lowerer.losses.iter_mut().for_each(|loss| loss.message = lowerer.names.shown(&loss.message));
    let Lowerer { mut func, losses, guesses, indices, prelude, scopes, .. } = lowerer;
    let prelude = assumed::wanted(&func, prelude);
    func.body.ops.splice(0..0, prelude);
    func.checks = assumed::checks(&func, &scopes.records);
    let lost: Vec<Source> = losses.iter().map(|loss| loss.source).collect();
    let fields = assumed::found(&scopes.records, &lost);
    Lowered { func, losses, guesses, fields, indices }
}

/// How deeply exits may be nested; each becomes a level of the emitted code.
const NESTING: usize = 60;

/// The state of lowering.
struct Lowerer<'e> {
    func: Func,
    errors: &'e mut Errors,
    losses: Vec<Loss>,
    guesses: Vec<(Source, Declaration)>,
    indices: HashSet<Declaration>,
    floats: HashSet<Declaration>,
    /// Reads of numbers in structs that do not change, to be done at the start.
    prelude: Vec<Op>,
    /// What they define.
    loaded: HashMap<Part, Val>,
    /// Loads of what the user has indexed.
    indexed: HashSet<Val>,
    scopes: Scopes,
    /// Regions under construction, innermost last.
    regions: Vec<Vec<Op>>,
    contexts: Vec<Context>,
    /// For each context but the first: variables to which it gives their first value.
    late: Vec<Vec<VarId>>,
    /// Where the declaration of a variable without a type goes, should it turn out not to be a float.
    undeclared: HashMap<VarId, (usize, usize)>,
    /// The same for `let mut v = Vec::new();`, with the declaration.
    undecided: HashMap<VarId, ((usize, usize), syn::Local)>,
    nesting: usize,
    names: rename::Names,
    flow: flow::Flow,
    /// What macros declare.
    declared: HashSet<String>,
    items: items::Items,
    /// How many trials are under way.
    trials: usize,
    /// Whether the result is in a `Result` or an `Option`, so that the body was rewritten.
    fallible: bool,
    outcome: signature::Outcome,
    /// Whether `self` is a float.
    float_receiver: bool,
    /// What else is differentiated in an `impl` for a float.
    siblings: Vec<String>,
    /// How deeply what is looked at is nested in operands of comparisons.
    deciding: usize,
    /// Whether derivatives in several directions at a time are asked for.
    several_directions: bool,
    /// What is done with variables that calls may give.
    usage: usage::Usage,
    /// Names of variables that may be iterators, and whether they are advanced.
    cursors: HashMap<String, bool>,
    /// What the next call returns, if its surroundings tell that it is no number.
    wanted: Option<received::Wanted>,
    /// What the branch or block that is lowered next is told to be.
    tail: received::Told,
    /// Variables that are taken apart, and put together for the call whose arguments are evaluated.
    lent: Vec<(Rc<aggregate::Aggregate<VarId>>, Part, Expr)>,
    /// How deeply the inlined bodies that enclose this are nested.
    inlining: usize,
    /// How many tokens were inlined.
    inlined: usize,
    /// The crate that emitted code refers to.
    runtime: proc_macro2::TokenStream,
}

impl<'e> Lowerer<'e> {
    fn new(interface: &Interface, errors: &'e mut Errors) -> Self {
        let body = Region { ops: Vec::new(), end: End::Yield(Vec::new()) };
        let width = interface.width.clone();
        let func = Func {
            width,
            bounded: interface.bounded(),
            params: Vec::new(),
            vals: Vec::new(),
            places: Vec::new(),
            results: Vec::new(),
            tapes: 0,
            lanes: None,
            passes: Passes::One,
            fixed: Vec::new(),
            checks: Vec::new(),
            body,
        };
        let mut scopes = Scopes::default();
        scopes.push();
        Lowerer {
            func,
            errors,
            losses: Vec::new(),
            guesses: Vec::new(),
            indices: HashSet::new(),
            floats: HashSet::new(),
            prelude: Vec::new(),
            loaded: HashMap::new(),
            indexed: HashSet::new(),
            scopes,
            regions: Vec::new(),
            contexts: vec![Context::Function],
            late: Vec::new(),
            undeclared: HashMap::new(),
            undecided: HashMap::new(),
            nesting: 0,
            names: rename::Names::default(),
            flow: flow::Flow::default(),
            declared: HashSet::new(),
            items: items::Items::default(),
            trials: 0,
            fallible: interface.wrapper.is_some(),
            outcome: interface.outcome.clone(),
            float_receiver: interface.float_receiver,
            siblings: interface.siblings.clone(),
            deciding: 0,
            several_directions: interface.several_directions,
            usage: usage::Usage::default(),
            cursors: HashMap::new(),
            wanted: None,
            tail: None,
            lent: Vec::new(),
            inlining: 0,
            inlined: 0,
            runtime: interface.runtime.clone(),
        }
    }

    /// Declares the parameters; one that is written in the body (`mut x: [f64; 3]`) is copied at the start of it.
    fn parameters(&mut self, interface: &Interface) {
        for p in &interface.parameters {
            let span = p.name.span();
            let (kind, state) = match &p.shape {
                Some(shape) if shape.dims.is_empty() && shape.record.is_none() => {
                    let val = self.func.val(Ty::Float, Some(p.name.clone()), span);
                    (ParamKind::Float(val), State::Float(val))
                }
                Some(shape) => {
                    let place = self.func.place(Place {
                        name: p.name.clone(),
                        storage: if shape.mutable { Storage::InOut } else { Storage::Param },
                        dims: shape.dims.clone(),
                        record: shape.record.as_ref().map(quote::ToTokens::to_token_stream),
                        growing: false,
                        lanes: false,
                        by_value: !shape.reference,
                    });
                    if !shape.mutable && shape.record.is_none() {
                        self.scopes.shared.insert(place);
                    }
                    if shape.record.is_some() {
                        self.scopes.records.declare(place, p.name.to_string());
                    }
                    (ParamKind::Place(place), State::Part(Part::whole(place)))
                }
                None if p.mutable => (ParamKind::Other, State::Native),
                None => {
                    let val = self.func.val(Ty::Other, Some(p.name.clone()), span);
                    (ParamKind::Other, State::Other { val, indexable: types::indexable(&p.ty) })
                }
            };
            self.bind_name(&p.name, Binding::Parameter);
            self.func.params.push(Param { name: p.name.clone(), kind, wrt: p.wrt });
            let id = self.scopes.declare(&p.name, state, p.mutable);
            self.scopes.vars[id].exclusive = p.shape.as_ref().is_some_and(|shape| shape.mutable);
            self.scopes.vars[id].data = p.shape.is_none() && types::data(&p.ty, &interface.width);
            let plain = p.shape.as_ref().is_some_and(|shape| shape.record.is_none());
            let number = p.name == "self" && interface.float_receiver;
            self.scopes.vars[id].own = !plain && !number && types::is_named(&p.ty);
            self.scopes.vars[id].reference = match &p.shape {
                Some(shape) => shape.reference,
                None => matches!(p.ty, syn::Type::Reference(_)),
            };
        }
    }

    /// Builds a region; `f` says how it ends.
    fn region(&mut self, f: impl FnOnce(&mut Self) -> End) -> Region {
        let start = self.mutable_array_parameters();
        self.regions.push(start);
        let end = f(self);
        Region { ops: self.regions.pop().unwrap_or_default(), end }
    }

    /// At the start of the outermost region: a local copy of each array parameter that is declared `mut`.
    fn mutable_array_parameters(&mut self) -> Vec<Op> {
        let mut ops = Vec::new();
        if !self.regions.is_empty() {
            return ops;
        }
        for id in 0..self.scopes.vars.len() {
            let var = &self.scopes.vars[id];
            if let (true, State::Part(part)) = (var.mutable, &var.state)
                && self.func.place_info(part.place).by_value
            {
                let (name, from) = (var.name.clone(), part.clone());
                let dims = self.func.place_info(from.place).dims.clone();
                let span = name.span();
                let place = self.func.array(name, Storage::Local, dims);
                if self.func.holds_structs(&from) {
                    self.copied_struct(place, &from);
                }
                ops.push(Op { kind: OpKind::Alloc(place, Init::Copy(from)), results: Vec::new(), span });
                self.scopes.vars[id].state = State::Part(Part::whole(place));
            }
        }
        ops
    }

    fn ops(&mut self) -> &mut Vec<Op> {
        if self.regions.is_empty() {
            self.regions.push(Vec::new());
        }
        let last = self.regions.len() - 1;
        &mut self.regions[last]
    }

    fn push(&mut self, kind: OpKind, span: Span) {
        self.ops().push(Op { kind, results: Vec::new(), span });
    }

    fn define(&mut self, kind: OpKind, ty: Ty, span: Span) -> Val {
        let val = self.func.val(ty, None, span);
        self.ops().push(Op { kind, results: vec![val], span });
        val
    }

    fn prim(&mut self, prim: Prim, args: Vec<Val>, span: Span) -> Val {
        self.define(OpKind::Prim(prim, args), Ty::Float, span)
    }

    fn constant(&mut self, value: f64, span: Span) -> Val {
        self.define(OpKind::Const(value, None), Ty::Float, span)
    }

    /// `false` or `true`.
    fn flag(&mut self, value: bool, span: Span) -> Val {
        self.define(OpKind::Inactive(Inactive::engine(quote!(#value))), Ty::Bool, span)
    }

    fn error(&mut self, site: impl Into<Site>, message: String) {
        self.errors.push(site, message);
    }

    /// What derivatives a type carries, in the function's float type.
    fn shape(&self, ty: &syn::Type) -> Option<types::Shape> {
        let width = &self.func.width;
        types::shape(ty, width.parameter()).filter(|s| s.width == *width)
    }

    /// A number after an error, so that lowering can go on.
    fn poison(&mut self, span: Span) -> Val {
        self.constant(0.0, span)
    }

    fn declare_float(&mut self, name: &Ident, val: Val, mutable: bool) {
        let id = self.scopes.declare(name, State::Float(val), mutable);
        self.scopes.vars[id].field = self.scopes.records.origin(val).cloned();
    }

    /// A value of the engine's that has no name yet gets the user's.
    fn name_value(&mut self, val: Val, first_new: usize, name: &Ident) {
        let index = val.0 as usize;
        if index >= first_new && self.func.vals[index].name.is_none() {
            self.func.vals[index].name = Some(name.clone());
        }
    }

    fn rank(&self, part: &Part) -> usize {
        self.func.rank(part)
    }

    /// A new local array.
    fn allocate(&mut self, name: Ident, dims: Vec<Dim>, init: Init) -> PlaceId {
        let span = name.span();
        let place = self.func.array(name, Storage::Local, dims);
        if let Init::Copy(from) = &init
            && self.func.holds_structs(from)
        {
            self.copied_struct(place, from);
        }
        self.push(OpKind::Alloc(place, init), span);
        place
    }

    /// Evaluates a piece of the user's code where it stands.
    fn template(&mut self, expr: &Expr, ty: Ty, fate: &Fate) -> Val {
        let span = syn::spanned::Spanned::span(expr);
        let code = self.opaque(expr, fate);
        self.define(OpKind::Inactive(code), ty, span)
    }

    /// The length of an array or of a part of one.
    fn length(&mut self, part: &Part, span: Span) -> Val {
        if let Some(&Step::Range(lo, hi)) = part.path.last() {
            return self.engine_index(quote!(hi - lo), &[("hi", hi), ("lo", lo)], span);
        }
        let code = match self.func.dims(part).first() {
            Some(Dim::Fixed(tokens)) => Inactive::engine(tokens.clone()),
            _ => {
                let name = self.func.place_info(part.place).name.clone();
                let mut code = Inactive::engine(quote!(#name.len()));
                code.places.push((name, part.clone()));
                code
            }
        };
        self.define(OpKind::Inactive(code), Ty::Index, span)
    }

    /// Code that binds names, with the members of aggregates as variables.
    fn flat_tokens(&mut self, tokens: proc_macro2::TokenStream, bound: &[pattern::Bound]) -> proc_macro2::TokenStream {
        let flat::Flat { syntax, errors } = flat::code(&self.scopes, tokens, bound);
        for (site, message) in errors {
            self.error(site, message);
        }
        syntax.into_owned()
    }

    /// A piece of the user's code that is evaluated next.
    fn opaque(&mut self, expr: &Expr, fate: &Fate) -> Inactive {
        let expr = &*self.projected(expr);
        let plain = comparison::of_numbers(&self.scopes, expr);
        let found = Opaque::expression(&self.scopes, &self.func.width, &plain, fate).found();
        let clean = found.losses.is_empty() && found.errors.is_empty();
        match if clean { None } else { self.decided(&plain) } {
            Some(decided) => self.examined(&decided, fate),
            None => self.kept_code(&plain, found),
        }
    }

    /// Examines a piece of the user's code, and keeps what is to be checked.
    fn examined(&mut self, expr: &Expr, fate: &Fate) -> Inactive {
        let found = Opaque::expression(&self.scopes, &self.func.width, expr, fate).found();
        self.kept_code(expr, found)
    }

    fn kept_code(&mut self, expr: &Expr, found: Found) -> Inactive {
        if let Some((span, message)) = exits::Scan::expr(expr).in_opaque() {
            self.error(span, message);
        }
        self.checked_code(found)
    }

    /// Keeps what is to be checked of a piece of code that was examined.
    fn checked_code(&mut self, found: Found) -> Inactive {
        let Found { mut code, losses, errors, unseen, closures } = found;
        closures.into_iter().for_each(|closure| self.emit_closure(closure));
        self.losses.extend(losses);
        for (span, message) in errors {
            self.error(span, message);
        }
        code.tokens = self.renamed(unseen.refused(&code.tokens));
        code
    }
}
