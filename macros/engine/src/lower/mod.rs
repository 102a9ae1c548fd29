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
//! | `parameters` | parameters as variables |
//! | `lent` | those that are views of arrays |
//! | `lending` | what functions may write that are called |
//! | `types` | what types show |
//! | `float_type` | type parameters that are floats |
//! | `returned` | results that are no number |
//! | `scope` | names and the state of variables |
//! | `builder` | operations and regions under construction |
//! | `fallible` | results that are a `Result` or an `Option` of a float |
//! | `converted` | results that are converted to another float type |
//! | `effects` | what a piece of syntax may change |
//! | `exits` | which exits a piece of syntax contains, and what it assigns |
//! | `carried` | what constructs carry |
//! | `control` | sequences, branches with exits, `return`, `break`, `continue` |
//! | `statement` | `if` without exits, blocks, verbatim statements |
//! | `binding` | `let` |
//! | `learned` | data that begin variables to which numbers are written |
//! | `declaring` | macros that declare variables |
//! | `closure` | closures and inner functions, called by name |
//! | `lambda` | bodies that are lowered where they are used |
//! | `iterate` | chains of iterators |
//! | `taken` | what closures take when they are made |
//! | `cursor` | iterators in variables |
//! | `collect` | arrays and `Vec`s made of them |
//! | `split` | those whose elements go to two lists |
//! | `source` | their elements by index |
//! | `rows` | lists of tuples of numbers and data that are written out |
//! | `origin` | those that no list is behind, and several one after the other |
//! | `stage` | what these go through |
//! | `stated` | types of data, told by where they go |
//! | `consume` | loops over them |
//! | `folded` | `fold` of a list that grows |
//! | `accumulate` | what they keep from one element to the next |
//! | `projection` | members of such, in code that is carried along |
//! | `size` | `len` in code that is carried along |
//! | `option` | variables that are an `Option` of a number |
//! | `optional` | numbers that may not be there |
//! | `item` | values without syntax, bound to patterns |
//! | `aggregate` | tuples and structs |
//! | `unpack` | what patterns bind of values that are known |
//! | `reassign` | values assigned to variables as a whole |
//! | `rebound` | references to parts of lists, made to refer to other parts |
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
//! | `number` | those that are needed as numbers or indices |
//! | `ending` | blocks whose variables do something when they end |
//! | `elements` | array literals |
//! | `call` | calls of other differentiated functions and methods |
//! | `mapped` | numbers in what calls return, before they are taken out |
//! | `received` | calls of those whose result is no number |
//! | `usage` | what is done with variables that are bound to these |
//! | `associated` | paths to constants and functions of the float type |
//! | `tail` | what the value of an `if` visibly is |
//! | `rename` | variables whose declarations are emitted as written |
//! | `called` | calls that are asked whether they have a number |
//! | `chosen` | parts of arrays that are chosen |
//! | `opaque` | what no derivative flows through |
//! | `applied` | methods and functions in it |
//! | `verbatim` | pieces of it, where they stand |
//! | `methods` | what methods do to what they are called on |
//! | `looking` | those that look only, of types that are not visible |
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
//! | `spelled` | other spellings of copies |
//! | `ranges` | types of what loops count with |
//! | `rearrange` | their elements, sorted, reversed, rotated |
//! | `view` | parts of arrays that are arrays: slices, halves, ends |
//! | `flow` | which names numbers of the parameters may flow into |
//! | `unread` | elements that are read and not used |
//! | `known` | names that are taken for those of the standard library |
//! | `witness` | how the hidden protocol knows the function |
//! | `unstable` | which names may stand for mutable references |

mod accumulate;
mod aggregate;
mod applied;
mod assignment;
mod associated;
mod assumed;
mod binding;
mod builder;
mod call;
mod called;
mod carried;
mod chosen;
pub mod closure;
mod collect;
mod comparison;
mod conditional;
mod consume;
mod control;
pub mod conversion;
pub mod converted;
mod converts;
pub mod cursor;
mod declaring;
mod discrete;
mod effects;
mod elements;
mod ending;
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
pub mod known;
mod lambda;
mod late;
mod learned;
mod lending;
pub mod lent;
mod looking;
mod loops;
mod macros;
mod made;
mod mapped;
mod matching;
mod mention;
mod methods;
mod number;
pub mod opaque;
mod operand;
mod option;
mod optional;
mod origin;
mod parameters;
mod pattern;
pub mod point;
pub mod problem;
mod projection;
mod question;
mod ranges;
mod rearrange;
mod reassign;
mod rebound;
mod received;
mod record;
mod rename;
mod returned;
mod rows;
pub mod scope;
mod sibling;
pub mod signature;
mod size;
mod source;
mod spelled;
mod split;
mod stage;
mod stated;
mod statement;
mod subject;
pub mod syntax;
mod tail;
pub mod taken;
pub mod types;
mod unpack;
mod unread;
mod unstable;
mod usage;
mod vector;
mod verbatim;
mod view;
pub mod witness;

use crate::analysis::widths::Claim;
use crate::diagnostics::Errors;
use crate::ir::{End, Func, Op, Part, Passes, Region, Val, Width};
use control::{Cont, Context};
use known::Question;
use opaque::{Loss, Source};
use scope::{Scopes, VarId};
use signature::Interface;
use std::collections::{HashMap, HashSet};
use syn::Block;

/// What lowering leaves behind.
pub struct Lowered {
    /// The function.
    pub func: Func,
    /// Where derivatives would be lost.
    pub losses: Vec<Loss>,
    /// Variables whose type is not visible.
    pub guesses: Vec<Guess>,
    /// What was found out about the fields of structs.
    pub fields: record::Fields,
    /// Variables that are indices.
    pub indices: HashSet<Declaration>,
    /// What the source says of float types.
    pub claims: Vec<Claim>,
    /// Functions that are taken for conversions.
    pub questions: Vec<Question>,
    /// Whether something that was taken for a number of the function's float type is written to be of another.
    pub foreign: bool,
    /// Numbers whose conversion to the function's float type was taken for none.
    pub unconverted: Vec<Val>,
    /// References to lists that are made to refer to another part of them.
    pub rebound: HashSet<Declaration>,
}

/// A variable that is a float, or an array of floats, if what is assigned to it is active.
pub struct Guess {
    /// What is assigned to it.
    pub source: Source,
    /// The variable.
    pub declared: Declaration,
    /// Of how many dimensions it is.
    pub rank: usize,
}

/// A declaration, by name and place.
pub type Declaration = String;

/// What use told of types that are not visible.
#[derive(Clone, Default, Debug, PartialEq)]
pub struct Learned {
    /// Variables that are floats though their declarations do not say so.
    pub floats: HashSet<Declaration>,
    /// Those that are arrays, and of how many dimensions.
    pub arrays: HashMap<Declaration, usize>,
    /// The fields of structs.
    pub fields: record::Fields,
    /// Variables that are integers: they are indices.
    pub indices: HashSet<Declaration>,
    /// References to lists that are made to refer to another part of them.
    pub rebound: HashSet<Declaration>,
    /// Whether the function computes in several float types.
    pub mixed: bool,
    /// That of its result, if it is another one than that of what is differentiated.
    pub returned: Option<Width>,
}

/// Lowers a body, with what is known already of types that are not visible.
pub fn lower(interface: &Interface, body: &Block, learned: &Learned, errors: &mut Errors) -> Lowered {
    let apart = rebound::apart(interface, body, &learned.rebound);
    let body = apart.as_ref().unwrap_or(body);
    let known = errors.count();
    let mut lowerer = Lowerer::new(interface, errors);
    if learned.mixed {
        lowerer.func.width = Width::Mixed(Box::new(interface.width.clone()));
    }
    lowerer.floats.clone_from(&learned.floats);
    lowerer.arrays.clone_from(&learned.arrays);
    lowerer.indices.clone_from(&learned.indices);
    lowerer.scopes.records.fields.borrow_mut().clone_from(&learned.fields);
    lowerer.names = rename::Names::new(interface, body);
    unstable::find(interface, body, &mut lowerer.scopes);
    lowerer.flow = flow::Flow::new(interface, body);
    lowerer.usage = usage::Usage::new(body, &interface.methods);
    lowerer.cursors = cursor::names(body);
    lowerer.declared = declaring::names(interface.parameters.iter().map(|p| p.name.to_string()), body);
    lowerer.parameters(interface);
    lowerer.scopes.parameters_end(interface.parameters.iter().all(|p| parameters::is_data(&p.ty, &interface.width)));
    lowerer.results(interface);
    lowerer.items = items::Items::new(body, &interface.width);
    let mentioned = lowerer.items.functions.values().flat_map(|f| rename::free_names(&f.inputs, &f.body));
    let mentioned: Vec<_> = mentioned.collect();
    lowerer.keep_items(mentioned);
    let mut region = lowerer.region(|l| l.run(&body.stmts, &Cont::End));
    region.ops.splice(0..0, std::mem::take(&mut lowerer.items.ops));
    lowerer.claims.extend(unread::keep(&mut region, &lowerer.indexed));
    lowerer.func.body = region;
    ranges::tie(&mut lowerer.func, &lowerer.counted);
    lowerer.claim_main(learned.returned.as_ref());
    lowerer.errors.reword(known, |message| lowerer.names.shown(message));
    lowerer.losses.iter_mut().for_each(|loss| loss.message = lowerer.names.shown(&loss.message));
    let Lowerer {
        mut func,
        losses,
        guesses,
        indices,
        prelude,
        scopes,
        claims,
        questions,
        foreign,
        unconverted,
        rebound,
        ..
    } = lowerer;
    let prelude = assumed::wanted(&func, prelude);
    func.body.ops.splice(0..0, prelude);
    func.checks = assumed::checks(&func, &scopes.records);
    let lost: Vec<Source> = losses.iter().map(|loss| loss.source).collect();
    let fields = assumed::found(&scopes.records, &lost);
    Lowered { func, losses, guesses, fields, indices, claims, questions, foreign, unconverted, rebound }
}

/// How deeply exits may be nested; each becomes a level of the emitted code.
const NESTING: usize = 60;

/// The state of lowering.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
struct Lowerer<'e> {
    func: Func,
    errors: &'e mut Errors,
    losses: Vec<Loss>,
    guesses: Vec<Guess>,
    indices: HashSet<Declaration>,
    floats: HashSet<Declaration>,
    arrays: HashMap<Declaration, usize>,
    /// Data that were taken for numbers, for want of anything that tells, as the user wrote them.
    guessed: HashMap<Val, proc_macro2::TokenStream>,
    /// Reads of numbers in structs that do not change, to be done at the start.
    prelude: Vec<Op>,
    /// What they define.
    loaded: HashMap<Part, Val>,
    /// Literals that numbers are counted from, as variables.
    firsts: HashMap<Val, Val>,
    /// Literals whose type is told where they are used.
    untold: HashSet<Val>,
    /// Numbers that a variable is a reference to.
    behind: HashSet<Val>,
    /// What loops count with, where it is an index by its type.
    counted: HashSet<Val>,
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
    /// The dimensions of `Self`, if that is a float or an array of floats.
    this: Option<Vec<crate::ir::Dim>>,
    /// What else is differentiated in an `impl` for a float, or for an array of floats.
    siblings: Vec<function::Sibling>,
    /// The methods of the `impl` that change `self`.
    changing: Vec<String>,
    /// Whether a type parameter has a bound of the user's.
    own_bounds: bool,
    /// The modules that have the names of functions in them that are called.
    namesakes: Vec<syn::Path>,
    /// Methods of numbers that have derivatives of their own.
    methods: Vec<syn::Ident>,
    /// What functions return that are called, where that is said.
    returns: Vec<(syn::Ident, syn::Type)>,
    /// How deeply what is looked at is nested in operands of comparisons.
    deciding: usize,
    /// Whether derivatives in several directions at a time are asked for.
    several_directions: bool,
    /// What is done with variables that calls may give.
    usage: usage::Usage,
    /// Structs that are taken apart, as they are called.
    apart: HashSet<String>,
    /// Names of variables that may be iterators, and whether they are advanced.
    cursors: HashMap<String, bool>,
    /// What may do something where its scope ends.
    ending: ending::Ending,
    /// What the next call returns, if its surroundings tell that it is no number.
    wanted: Option<received::Wanted>,
    /// What the branch or block that is lowered next is told to be.
    tail: received::Told,
    /// Variables that are taken apart, and put together for the call whose arguments are evaluated.
    lent: Vec<lending::Lent>,
    /// How deeply the inlined bodies that enclose this are nested.
    inlining: usize,
    /// How many tokens were inlined.
    inlined: usize,
    /// Whether something that was taken for a number of the function's float type is written to be of another.
    foreign: bool,
    /// Numbers whose conversion to the function's float type was taken for none.
    unconverted: Vec<Val>,
    /// References to lists that are made to refer to another part of them.
    rebound: HashSet<Declaration>,
    /// What the source says of float types, where there are several.
    claims: Vec<Claim>,
    /// The types of variables that are declared with one and without a value.
    said: HashMap<VarId, Width>,
    /// Functions that are taken for conversions.
    questions: Vec<Question>,
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
            owned: Vec::new(),
            places: Vec::new(),
            results: Vec::new(),
            tapes: 0,
            lanes: None,
            passes: Passes::One,
            repeatable: false,
            fixed: Vec::new(),
            checks: Vec::new(),
            untyped: Vec::new(),
            apart: Vec::new(),
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
            arrays: HashMap::new(),
            guessed: HashMap::new(),
            prelude: Vec::new(),
            loaded: HashMap::new(),
            firsts: HashMap::new(),
            untold: HashSet::new(),
            behind: HashSet::new(),
            counted: HashSet::new(),
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
            this: interface.this.clone(),
            siblings: interface.siblings.clone(),
            changing: interface.changing.clone(),
            own_bounds: interface.own_bounds,
            namesakes: interface.namesakes.clone(),
            methods: interface.methods.clone(),
            returns: interface.returns.clone(),
            deciding: 0,
            several_directions: interface.several_directions,
            usage: usage::Usage::default(),
            apart: HashSet::new(),
            cursors: HashMap::new(),
            ending: ending::Ending::default(),
            wanted: None,
            tail: None,
            lent: Vec::new(),
            inlining: 0,
            inlined: 0,
            foreign: false,
            unconverted: Vec::new(),
            rebound: HashSet::new(),
            claims: Vec::new(),
            said: HashMap::new(),
            questions: Vec::new(),
            runtime: interface.runtime.clone(),
        }
    }
}
