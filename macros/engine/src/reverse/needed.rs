//! How derivative code gets at primal values: in scope, restored already, computed again, or saved.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::build::Build as _;
use crate::ir::{OpKind, Part, PlaceId, Storage, Ty, Val};
use crate::rules::{Form, Prim};
use proc_macro2::TokenTree;

/// How much work may be done again in place of a save.
const BUDGET: u32 = 20;

/// How much work may be done again to save another value instead.
const LITTLE: u32 = 4;

impl Engine<'_> {
    /// Whether a value of the primal is in scope where derivative code is being built.
    pub(super) fn visible(&self, val: Val) -> bool {
        self.map.region_of(val).is_none_or(|region| self.in_scope.contains(&region))
    }

    fn cached(&self, val: Val) -> Option<Val> {
        self.frames.iter().rev().find_map(|f| f.cache.get(&val).copied())
    }

    /// The primal value, for use in the innermost frame.
    pub(super) fn need(&mut self, val: Val) -> Val {
        if self.visible(val) {
            return val;
        }
        if let Some(known) = self.cached(val) {
            return known;
        }
        let mut budget = BUDGET;
        if self.repeatable(val, &mut budget) {
            return self.repeat(val);
        }
        // Of all conditions on one number (the arm of a `match` that is taken), the number is saved.
        if let Some(OpKind::Inactive(code)) = self.map.definition_of(val)
            && let ([(_, number)], []) = (code.reads.as_slice(), code.places.as_slice())
            && self.func.info(*number).ty == Ty::Index
        {
            self.need(*number);
            return self.repeat(val);
        }
        // A reference may not outlive what it is of: that is saved.
        if self.is_reference(val) {
            let mut reads = Vec::new();
            self.map.definition_of(val).into_iter().for_each(|kind| kind.reads(&mut |v| reads.push(v)));
            for read in reads {
                self.need(read);
            }
            return self.repeat(val);
        }
        match self.root(val) {
            Some(root) if root != val => {
                self.save(root);
                self.repeat(val)
            }
            _ => self.save(val),
        }
    }

    /// Whether a value can be computed again from what is at hand, within a budget.
    fn repeatable(&self, val: Val, budget: &mut u32) -> bool {
        if self.visible(val) || self.cached(val).is_some() {
            return true;
        }
        let Some((kind, cost)) = self.again(val) else { return false };
        if *budget < cost {
            return false;
        }
        *budget -= cost;
        let mut fine = true;
        kind.reads(&mut |v| fine = fine && self.repeatable(v, budget));
        fine
    }

    /// The operation that computes a value again from its operands, if it may, and what that costs.
    fn again(&self, val: Val) -> Option<(&OpKind, u32)> {
        let kind = self.map.definition_of(val)?;
        let cost = match kind {
            OpKind::Const(..) => 0,
            OpKind::Prim(prim, args) => match prim.form {
                Form::Infix(_) | Form::Prefix(_) | Form::Convert(..) => 1,
                _ if self.is_low_power(prim, args) => 2,
                _ => 8,
            },
            OpKind::Inactive(_) | OpKind::Load(_) => 1,
            _ => return None,
        };
        let allowed = match kind {
            OpKind::Const(..) => true,
            OpKind::Inactive(code) => {
                code.places.iter().all(|(_, p)| self.primal.place_info(p.place).storage == Storage::Param)
            }
            OpKind::Load(part) => self.strategies.replay && self.kept(part, val),
            _ => self.strategies.replay,
        };
        allowed.then_some((kind, cost))
    }

    /// Whether it is `x.powi(2)` or so: a multiplication or two.
    fn is_low_power(&self, prim: Prim, args: &[Val]) -> bool {
        let exponent = args.get(1).and_then(|&n| match self.map.definition_of(n) {
            Some(OpKind::Inactive(code)) => code.integer(),
            _ => None,
        });
        prim.name == "powi" && matches!(exponent, Some(0..=4))
    }

    /// The only value that would have to be saved to have this one again with little work: a field of the record that may
    /// serve for others, too. A float: what the user's patterns bind is of any type.
    fn root(&self, val: Val) -> Option<Val> {
        let mut budget = LITTLE;
        let mut root = None;
        let only = self.only_root(val, &mut budget, &mut root);
        root.filter(|&root| only && self.func.info(root).ty == Ty::Float)
    }

    fn only_root(&self, val: Val, budget: &mut u32, root: &mut Option<Val>) -> bool {
        if self.visible(val) || self.cached(val).is_some() {
            return true;
        }
        let Some((kind, cost)) = self.again(val).filter(|(_, cost)| cost <= budget) else {
            return *root.get_or_insert(val) == val;
        };
        *budget -= cost;
        let mut only = true;
        kind.reads(&mut |v| only = only && self.only_root(v, budget, root));
        only
    }

    /// Whether an element that was loaded is still there.
    fn kept(&self, part: &Part, load: Val) -> bool {
        if self.primal.place_info(part.place).storage == Storage::Param {
            return true;
        }
        if self.primal.place_info(part.place).storage == Storage::InOut {
            return self.map.keeps(part.place, load);
        }
        let alive = self.map.alloc.get(&part.place).is_some_and(|region| self.in_scope.contains(region));
        alive && self.map.keeps(part.place, load)
    }

    fn repeat(&mut self, val: Val) -> Val {
        if self.visible(val) {
            return val;
        }
        if let Some(known) = self.cached(val) {
            return known;
        }
        let Some(mut kind) = self.map.definition_of(val).cloned() else { return self.save(val) };
        let mut reads = Vec::new();
        kind.reads(&mut |v| reads.push(v));
        let mapped: Vec<(Val, Val)> = reads.into_iter().map(|v| (v, self.repeat(v))).collect();
        kind.map_reads(&mut |v| mapped.iter().find(|(from, _)| *from == v).map_or(v, |(_, to)| *to));
        let info = self.primal_info(val);
        let again = self.define(kind, info.0);
        self.func.vals[again.0 as usize].name = info.1;
        self.frame().cache.insert(val, again);
        again
    }

    /// Whether a value is a reference that the user's code makes of a value: data that is given to a call.
    fn is_reference(&self, val: Val) -> bool {
        let Some(OpKind::Inactive(code)) = self.map.definition_of(val) else { return false };
        let first = code.tokens.clone().into_iter().next();
        self.func.info(val).ty == Ty::Other
            && code.places.is_empty()
            && matches!(first, Some(TokenTree::Punct(and)) if and.as_char() == '&')
    }

    fn primal_info(&self, val: Val) -> (Ty, Option<proc_macro2::Ident>) {
        let info = self.func.info(val);
        (info.ty, info.name.clone())
    }

    /// Saves a value where it is defined, and restores it at the start of that region's sweep.
    fn save(&mut self, val: Val) -> Val {
        let region = self.map.region_of(val);
        let Some(at) = self.frame_of(region) else { return val };
        let (ty, name) = self.primal_info(val);
        let span = self.span();
        let restored = self.func.val(ty, name, span);
        self.frames[at].saves.push((val, restored));
        self.frames[at].cache.insert(val, restored);
        restored
    }

    /// An array of the primal that nothing writes any more, for use in the innermost frame.
    pub(super) fn need_place(&mut self, place: PlaceId, region: RegionId) -> PlaceId {
        if self.in_scope.contains(&region) {
            return place;
        }
        let Some(at) = self.frame_of(Some(region)) else { return place };
        if let Some((_, restored)) = self.frames[at].place_saves.iter().find(|(p, _)| *p == place) {
            return *restored;
        }
        let info = self.func.place_info(place).clone();
        let restored = self.func.place(info);
        self.frames[at].place_saves.push((place, restored));
        restored
    }

    fn frame_of(&self, region: Option<RegionId>) -> Option<usize> {
        self.frames.iter().rposition(|f| f.region.is_some() && f.region == region)
    }

    /// A part of an array, its indices as derivative code gets at them.
    pub(super) fn need_part(&mut self, part: &Part) -> Part {
        let mut needed = part.clone();
        needed.map_vals(&mut |v| self.need(v));
        needed
    }
}
