//! What a construct carries: the variables that it assigns, and the exits that leave it, each with its flag. They are its
//! results, and of a loop its parameters.

use super::Lowerer;
use super::exits::{Exit, Scan};
use super::scope::{State, VarId};
use super::signature::Outcome;
use crate::ir::{Ty, Val};
use proc_macro2::{Ident, Span};
use quote::quote;

impl Lowerer<'_> {
    /// Before a construct with exits: notes which variables that are no floats it gives their first value.
    pub(super) fn enter(&mut self, scan: &Scan) {
        let ids = scan.assigned.iter().filter_map(|name| self.scopes.find(&name.to_string()));
        let late = ids.filter(|id| self.scopes.pending.contains(id)).collect();
        self.late.push(late);
    }

    /// Behind it they have one.
    pub(super) fn exit_construct(&mut self) {
        for id in self.late.pop().unwrap_or_default() {
            self.scopes.pending.remove(&id);
        }
    }

    /// Where an exit is carried by a flag, rustc does not see that what comes behind is not reached: variables that have
    /// no value on this way get one that nothing reads.
    pub(super) fn stand_ins(&mut self, span: Span) {
        for id in self.late.last().cloned().unwrap_or_default() {
            if self.scopes.pending.contains(&id) && matches!(self.scopes.vars[id].state, State::Native) {
                let var = &self.scopes.vars[id];
                let name = var.emitted.as_ref().unwrap_or(&var.name);
                self.verbatim(quote!(#name = ::core::default::Default::default();), span);
            }
        }
    }

    /// The variables that carry the exits of a construct further out.
    pub(super) fn exit_variables(
        &mut self,
        scan: &Scan,
        span: Span,
    ) -> (Vec<VarId>, Vec<(Exit, VarId)>, Option<VarId>) {
        let mut vars = Vec::new();
        let mut exits = Vec::new();
        for exit in &scan.exits {
            let init = self.flag(false, span);
            let name = if *exit == Exit::Return { "returned" } else { "left" };
            let flag = self.scopes.hidden(Ident::new(name, Span::mixed_site()), State::Flag(init));
            exits.push((exit.clone(), flag));
            vars.push(flag);
        }
        let number = matches!(self.outcome, Outcome::Scalar | Outcome::Unsupported);
        let value = (number && scan.exits.contains(&Exit::Return)).then(|| {
            let init = self.constant(0.0, span);
            self.scopes.hidden(Ident::new("result", Span::mixed_site()), State::Float(init))
        });
        vars.extend(value);
        (vars, exits, value)
    }

    /// The float variables of the surroundings that a construct assigns.
    pub(super) fn assigned(&self, scan: &Scan) -> Vec<VarId> {
        let mut vars: Vec<VarId> = Vec::new();
        let named = scan.assigned.iter().filter_map(|name| self.scopes.find(&name.to_string()));
        let members = scan.members.iter().filter_map(|member| self.scopes.variable(member));
        // A method may change a struct.
        let changed =
            scan.receivers.iter().filter_map(|name| self.scopes.find(name)).filter(|&id| {
                self.scopes.vars[id].mutable && matches!(self.scopes.vars[id].state, State::Aggregate(_))
            });
        for id in named.chain(members).chain(changed).flat_map(|id| self.scopes.leaves(self.behind(id))) {
            if matches!(self.scopes.vars[id].state, State::Float(_) | State::Uninit)
                && !self.undeclared.contains_key(&id)
                && !vars.contains(&id)
            {
                vars.push(id);
            }
        }
        for name in &scan.called {
            // A mutable reference that is lent to what is called.
            if let Some(&State::Alias(id)) = self.scopes.state(name)
                && matches!(self.scopes.vars[id].state, State::Float(_) | State::Uninit)
                && !vars.contains(&id)
            {
                vars.push(id);
            }
            let Some(State::Closure(closure)) = self.scopes.state(name) else { continue };
            for &id in &self.scopes.closures[*closure].writes {
                if !vars.contains(&id) {
                    vars.push(id);
                }
            }
        }
        vars
    }

    /// The current values of variables; one without a value yet gets a stand-in that the program cannot read.
    pub(super) fn current(&mut self, vars: &[VarId]) -> Vec<Val> {
        let mut vals = Vec::with_capacity(vars.len());
        for &id in vars {
            let val = match self.scopes.vars[id].state {
                State::Float(val) | State::Flag(val) => val,
                _ => self.constant(0.0, Span::call_site()),
            };
            vals.push(val);
        }
        vals
    }

    pub(super) fn merged_results(&mut self, vars: &[VarId], span: Span) -> Vec<Val> {
        let mut vals = Vec::with_capacity(vars.len());
        for &id in vars {
            let name = self.scopes.vars[id].name.clone();
            let ty = if matches!(self.scopes.vars[id].state, State::Flag(_)) { Ty::Bool } else { Ty::Float };
            vals.push(self.func.val(ty, Some(name), span));
        }
        vals
    }

    /// After a construct: its results are the variables' values.
    pub(super) fn set_results(&mut self, vars: &[VarId], results: &[Val]) {
        for (&id, &val) in vars.iter().zip(results) {
            let state = &mut self.scopes.vars[id].state;
            *state = if matches!(state, State::Flag(_)) { State::Flag(val) } else { State::Float(val) };
        }
        if let Some(op) = self.ops().last_mut() {
            op.results = results.to_vec();
        }
    }
}
