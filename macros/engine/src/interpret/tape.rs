//! Tapes, and that they are taken down as they were built.

use super::{Array, Datum};

/// What one push leaves.
pub type Record = (Vec<Datum>, Vec<Array>);

/// A stack of records.
#[derive(Default)]
pub struct Tape {
    records: Vec<Record>,
    /// How many it can hold, if that is said.
    room: Option<usize>,
    /// Whether a sweep takes it down.
    begun: bool,
}

impl Tape {
    /// An empty one.
    pub fn new(room: Option<usize>) -> Self {
        Tape { room, ..Tape::default() }
    }

    /// Fails if there is no room left.
    pub fn push(&mut self, record: Record) -> Result<(), String> {
        if self.room.is_some_and(|room| self.records.len() >= room) {
            return Err("a tape has no room left".into());
        }
        self.records.push(record);
        Ok(())
    }

    /// Fails if there is no record left.
    pub fn pop(&mut self) -> Result<Record, String> {
        self.begun = true;
        self.records.pop().ok_or_else(|| "a tape has no record left".into())
    }

    /// How many records its sweep has forgotten. A sweep of zeros is left out as a whole.
    pub fn forgotten(&self) -> usize {
        if self.begun { self.records.len() } else { 0 }
    }
}
