//! The variables of a function under construction. Names may repeat; a name means the last one.

use std::collections::HashSet;

/// What an array is to its owner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    Array,
    /// `&[f64; N]`
    ArrayRef,
    Slice,
    SliceMut,
    Vec,
    VecRef,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    Float,
    /// `f32`
    Single,
    /// This many `f32`s, in something with an index.
    Singles(usize),
    /// `&f64`
    FloatRef,
    /// `&mut f64`
    FloatMut,
    /// At least `len` floats, or exactly.
    List {
        len: usize,
        exact: bool,
        holder: Holder,
    },
    Matrix {
        rows: usize,
        columns: usize,
        holder: Holder,
    },
    /// A `usize` less than this.
    Index(usize),
    /// An `i32` between 0 and 3.
    Power,
    Bool,
    /// `Option<f64>`
    Weight,
    /// `Option<usize>`, less than this.
    Choice(usize),
    /// `&[usize]`, each less than this.
    Indices(usize),
    /// A float that is no parameter: a number of the data.
    Datum,
    /// Floats.
    Tuple(usize),
    /// A struct of a number and an array of two.
    Cell,
    /// Tuples of a float and another, or an index below 3; at least two, in a `Vec` or an array.
    Pairs {
        index: bool,
        vec: bool,
    },
    /// A closure with this many floats, and an index below 3 if it takes one.
    Closure {
        floats: usize,
        index: bool,
        mutates: bool,
    },
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub kind: Kind,
    pub mutable: bool,
    /// Absolute values never exceed it.
    pub bound: f64,
    /// How much may still be added to it.
    pub slack: f64,
    /// Its type is known where it is read.
    pub typed: bool,
}

pub type Id = usize;

/// What closures and references that are alive do not allow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Write,
    ReadAndWrite,
}

/// What a closure under construction uses from outside of it.
#[derive(Default)]
pub struct Capture {
    pub first: Id,
    pub read: HashSet<Id>,
    pub written: HashSet<Id>,
}

#[derive(Default)]
pub struct Scope {
    pub variables: Vec<Variable>,
    locks: Vec<(Id, Lock)>,
    pub captures: Vec<Capture>,
    /// Within a closure that must not change anything.
    pub pure: bool,
}

/// Where a scope began.
#[derive(Clone, Copy)]
pub struct Mark(usize, usize);

impl Scope {
    pub fn mark(&self) -> Mark {
        Mark(self.variables.len(), self.locks.len())
    }

    /// The end of a block.
    pub fn leave(&mut self, mark: Mark) {
        self.variables.truncate(mark.0);
        self.locks.truncate(mark.1);
    }

    pub fn declare(&mut self, variable: Variable) -> Id {
        self.variables.push(variable);
        self.variables.len() - 1
    }

    pub fn lock(&mut self, id: Id, lock: Lock) {
        self.locks.push((id, lock));
    }

    fn visible(&self, id: Id) -> bool {
        let name = &self.variables[id].name;
        self.variables[id + 1..].iter().all(|v| v.name != *name)
    }

    pub fn names(&self) -> Vec<String> {
        (0..self.variables.len()).filter(|&id| self.visible(id)).map(|id| self.variables[id].name.clone()).collect()
    }

    pub fn readable(&self, wanted: impl Fn(&Variable) -> bool) -> Vec<Id> {
        let free = |id: Id| !self.locks.contains(&(id, Lock::ReadAndWrite));
        (0..self.variables.len()).filter(|&id| wanted(&self.variables[id]) && self.visible(id) && free(id)).collect()
    }

    pub fn writable(&self, wanted: impl Fn(&Variable) -> bool) -> Vec<Id> {
        if self.pure {
            return Vec::new();
        }
        let free = |id: &Id| !self.locks.iter().any(|(locked, _)| locked == id);
        self.readable(|v| v.mutable && wanted(v)).into_iter().filter(free).collect()
    }

    /// Notes a reading.
    pub fn read(&mut self, id: Id) -> &Variable {
        for capture in self.captures.iter_mut().filter(|c| id < c.first) {
            capture.read.insert(id);
        }
        &self.variables[id]
    }

    /// Notes a change.
    pub fn write(&mut self, id: Id) -> &mut Variable {
        for capture in self.captures.iter_mut().filter(|c| id < c.first) {
            capture.written.insert(id);
        }
        &mut self.variables[id]
    }

    /// Nothing reads the elements' bounds any more as they were.
    pub fn raise(&mut self, id: Id, bound: f64) {
        let variable = &mut self.variables[id];
        variable.bound = variable.bound.max(bound);
    }
}
