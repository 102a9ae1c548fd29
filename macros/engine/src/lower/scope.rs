//! Names. A variable of the user's is a slot with a state; the state of a float variable is its current SSA value.

use super::aggregate::Aggregate;
use super::closure::Closure;
use super::cursor::Cursor;
use super::opaque::Source;
use super::record::Records;
use super::taken::Written;
use crate::ir::{Part, PlaceId, Val};
use proc_macro2::Ident;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use syn::{Expr, UnOp};

/// A variable: an index into [`Scopes::vars`].
pub type VarId = usize;

/// What a variable is at a point of the program.
#[derive(Clone, Debug)]
pub enum State {
    /// A float, with its current value.
    Float(Val),
    /// Declared as a float, or without a type, and not assigned yet.
    Uninit,
    /// An array, or a part of one that a reference or a loop variable stands for.
    Part(Part),
    /// A mutable reference to one element: `for v in a.iter_mut()`.
    Element(Part),
    /// A mutable reference to a float: another name for its variable.
    Alias(VarId),
    /// A tuple or a struct, taken apart: each member is a variable of its own, with a name that nothing else has.
    Aggregate(Rc<Aggregate<VarId>>),
    /// A condition of the engine's own: whether an exit is under way.
    Flag(Val),
    /// Not a float; never changes.
    Other {
        /// The value that names it.
        val: Val,
        /// It can be read by index.
        indexable: bool,
    },
    /// Not a float; may change at any time.
    Native,
    /// Bound inside the piece of code that is being looked at.
    Inner,
    /// A closure: an index into [`Scopes::closures`].
    Closure(usize),
    /// An iterator that numbers go through.
    Iterator(Rc<Cursor>),
    /// Something was wrong with its declaration, and has been reported.
    Broken,
}

/// A variable.
#[allow(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Clone, Debug)]
pub struct Var {
    /// Its name.
    pub name: Ident,
    /// What it is now.
    pub state: State,
    /// Declared `mut`.
    pub mutable: bool,
    /// Its name in the emitted code, if that is another.
    pub emitted: Option<Ident>,
    /// For a part of an array, and for what can be read by index: whether the variable is a reference to it.
    pub reference: bool,
    /// Bound inside of a pattern, so that it may be a number or a reference to one.
    pub member: bool,
    /// A mutable reference to a part of an array.
    pub exclusive: bool,
    /// Visibly no number: its methods are its own, whatever they are called.
    pub data: bool,
    /// Visibly of a type of the user's, whose methods may do anything: `&Grid`.
    pub own: bool,
    /// The field of a struct that it began as.
    pub field: Option<Part>,
}

/// All variables, and which of them each name means.
#[derive(Default, Debug)]
pub struct Scopes {
    /// Every variable so far.
    pub vars: Vec<Var>,
    /// Variables declared by `let k;` that have no value yet on the way here.
    pub pending: BTreeSet<VarId>,
    /// Names of variables that do not change, but may be references to what does.
    pub unstable: std::collections::HashSet<String>,
    /// Those of them that visibly are mutable references.
    pub exclusive: std::collections::HashSet<String>,
    /// Every closure so far.
    pub closures: Vec<Closure>,
    /// Integers made of numbers: of which.
    pub integers: HashMap<Val, Vec<Source>>,
    /// The same of variables that may change at any time.
    pub changing_integers: HashMap<VarId, Vec<Source>>,
    /// Arrays of the caller's that nobody writes.
    pub shared: std::collections::HashSet<PlaceId>,
    /// What is known of structs.
    pub records: Records,
    /// `None` is no variable, where a closure was written before there was one of that name.
    names: HashMap<String, Vec<Option<VarId>>>,
    /// Which variables were written.
    pub written: Written,
    /// Whether any variable was taken apart so far.
    pub aggregates: bool,
    open: Vec<Vec<String>>,
    /// How many variables the parameters are.
    given: usize,
    /// Whether all of them visibly are numbers, text and lists of these.
    given_data: bool,
}

impl Scopes {
    /// Opens a block.
    pub fn push(&mut self) {
        self.open.push(Vec::new());
    }

    /// Closes blocks until `depth` are open.
    pub fn pop_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            for name in self.open.pop().unwrap_or_default() {
                if let Some(stack) = self.names.get_mut(&name) {
                    stack.pop();
                }
            }
        }
    }

    /// The variables that were declared since `depth` blocks were open, and can be seen.
    pub fn declared_since(&self, depth: usize) -> Vec<VarId> {
        let mut times: HashMap<&str, usize> = HashMap::new();
        self.open.iter().skip(depth).flatten().for_each(|name| *times.entry(name).or_default() += 1);
        let mut ids: Vec<VarId> = Vec::new();
        for (name, times) in times {
            ids.extend(self.names.get(name).into_iter().flat_map(|stack| stack.iter().rev().take(times)).flatten());
        }
        ids
    }

    /// How many blocks are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Declares a variable in the innermost block.
    pub fn declare(&mut self, name: &Ident, state: State, mutable: bool) -> VarId {
        let key = name.to_string();
        self.aggregates |= matches!(state, State::Aggregate(_));
        self.vars.push(Var {
            name: name.clone(),
            state,
            mutable,
            emitted: None,
            reference: false,
            member: false,
            exclusive: false,
            data: false,
            own: false,
            field: None,
        });
        let id = self.vars.len() - 1;
        self.means(key, Some(id));
        id
    }

    fn means(&mut self, name: String, meaning: Option<VarId>) {
        self.names.entry(name.clone()).or_default().push(meaning);
        if let Some(scope) = self.open.last_mut() {
            scope.push(name);
        }
    }

    /// In the innermost block, a name means what it meant elsewhere.
    pub fn alias(&mut self, name: &str, meaning: Option<VarId>) {
        if self.find(name) != meaning {
            self.means(name.to_string(), meaning);
        }
    }

    /// Whether the user's own tokens have a variable of this name that will be read again, here or further out.
    pub fn occupied(&self, name: &str) -> bool {
        let native = |id: &VarId| matches!(self.vars[*id].state, State::Native | State::Other { .. });
        self.names.get(name).is_some_and(|stack| stack.iter().flatten().any(native))
    }

    /// A variable without a name.
    pub fn hidden(&mut self, name: Ident, state: State) -> VarId {
        self.vars.push(Var {
            name,
            state,
            mutable: true,
            emitted: None,
            reference: false,
            member: false,
            exclusive: false,
            data: false,
            own: false,
            field: None,
        });
        self.vars.len() - 1
    }

    /// What a name means here.
    pub fn find(&self, name: &str) -> Option<VarId> {
        *self.names.get(name)?.last()?
    }

    /// The parameters are declared; they may be nothing but data.
    pub fn parameters_end(&mut self, data: bool) {
        (self.given, self.given_data) = (self.vars.len(), data);
    }

    /// Whether a variable holds nothing but data: of the parameters, or made in the body.
    pub fn is_data(&self, name: &str) -> bool {
        self.given_data && self.find(name).is_some()
    }

    /// Whether a name is that of a variable of the body.
    pub fn is_local(&self, name: &str) -> bool {
        self.find(name).is_some_and(|id| id >= self.given)
    }

    /// The names by which an array can be reached here.
    pub fn names_of(&self, place: PlaceId) -> impl Iterator<Item = &str> {
        self.reaching(place).map(|(name, _)| name)
    }

    /// Whether an array can be reached here by a variable that may change.
    pub fn changes(&self, place: PlaceId) -> bool {
        self.reaching(place).any(|(_, id)| self.vars[id].mutable || self.vars[id].exclusive)
    }

    fn reaching(&self, place: PlaceId) -> impl Iterator<Item = (&str, VarId)> {
        let reaches = move |id: &VarId| match &self.vars[*id].state {
            State::Part(part) | State::Element(part) => part.place == place,
            _ => false,
        };
        let visible =
            self.names.iter().filter_map(|(name, stack)| Some((name.as_str(), stack.last().copied().flatten()?)));
        visible.filter(move |(_, id)| self.leaves(*id).iter().any(reaches))
    }

    /// The variable that an expression names: `x`, or the member `t.0` of one that is taken apart.
    pub fn variable(&self, expr: &Expr) -> Option<VarId> {
        match expr {
            Expr::Path(p) => self.find(&p.path.get_ident()?.to_string()),
            Expr::Field(e) => self.member(self.variable(&e.base)?, &e.member),
            Expr::Paren(e) => self.variable(&e.expr),
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => {
                let id = self.variable(&e.expr)?;
                matches!(self.vars[id].state, State::Aggregate(_)).then_some(id)
            }
            _ => None,
        }
    }

    /// A member of a variable that is taken apart.
    pub fn member(&self, id: VarId, member: &syn::Member) -> Option<VarId> {
        let State::Aggregate(aggregate) = &self.vars[id].state else { return None };
        aggregate.member(member).copied()
    }

    /// The variables that a variable consists of: itself, unless it is taken apart.
    pub fn leaves(&self, id: VarId) -> Vec<VarId> {
        match &self.vars[id].state {
            State::Aggregate(aggregate) => aggregate.members.iter().flat_map(|(_, id)| self.leaves(*id)).collect(),
            _ => vec![id],
        }
    }

    /// The variables of a variable's members, and of theirs.
    pub fn members(&self, id: VarId) -> Vec<VarId> {
        let State::Aggregate(aggregate) = &self.vars[id].state else { return Vec::new() };
        let each = aggregate.members.iter();
        each.flat_map(|(_, id)| std::iter::once(*id).chain(self.members(*id))).collect()
    }

    /// The state of what a name means here.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.find(name).map(|id| &self.vars[id].state)
    }

    /// What all variables are, to be restored by [`Scopes::restore`].
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            states: self.vars.iter().map(|v| v.state.clone()).collect(),
            pending: self.pending.clone(),
            open: self.open.clone(),
            names: self.names.clone(),
        }
    }

    /// Goes back to a snapshot.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        for (var, state) in self.vars.iter_mut().zip(&snapshot.states) {
            // What turned out to be no float stays none.
            let began = matches!((&var.state, state), (State::Part(_), State::Uninit));
            if !matches!(var.state, State::Native) && !began {
                var.state = state.clone();
            }
        }
        self.pending.clone_from(&snapshot.pending);
        self.open.clone_from(&snapshot.open);
        self.names.clone_from(&snapshot.names);
    }
}

/// What all variables were.
#[derive(Debug)]
pub struct Snapshot {
    states: Vec<State>,
    pending: BTreeSet<VarId>,
    open: Vec<Vec<String>>,
    names: HashMap<String, Vec<Option<VarId>>>,
}
