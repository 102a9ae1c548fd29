//! Frames of derivative code: the operations built so far, and the adjoints of primal values.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::build::Build;
use crate::ir::{Func, Op, OpKind, PlaceId, Ty, Val};
use crate::rules::{Host, Node, Prim};
use proc_macro2::Span;
use std::collections::HashMap;

/// A region of derivative code under construction.
#[derive(Default)]
pub(super) struct Frame {
    /// What it does.
    pub ops: Vec<Op>,
    /// The adjoints of primal values, as far as they are known here; each a contribution to what is known further out.
    pub adjoint: HashMap<Val, Val>,
    /// Their order.
    pub order: Vec<Val>,
    /// How primal values that are not in scope are had here.
    pub cache: HashMap<Val, Val>,
    /// The region whose sweep this is.
    pub region: Option<RegionId>,
    /// Values of that region to be saved, and the names under which they are restored.
    pub saves: Vec<(Val, Val)>,
    /// The same for arrays.
    pub place_saves: Vec<(PlaceId, PlaceId)>,
    /// Of a region in place: which of its operations defines each value.
    pub position: HashMap<Val, usize>,
    /// Where new operations come from.
    pub span: Option<Span>,
}

impl Engine<'_> {
    pub(super) fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    pub(super) fn span(&self) -> Span {
        self.frames.last().and_then(|f| f.span).unwrap_or_else(Span::call_site)
    }

    /// Adds an operation without a result.
    pub(super) fn push(&mut self, kind: OpKind) {
        let span = self.span();
        self.frame().ops.push(Op { kind, results: Vec::new(), span });
    }

    /// Adds to the adjoint of a primal value.
    pub(super) fn add(&mut self, val: Val, contribution: Val) {
        if !self.varied.val(val) {
            return;
        }
        let sum = match self.frame().adjoint.get(&val).copied() {
            None => {
                self.frame().order.push(val);
                contribution
            }
            Some(old) => {
                let sum = self.prim(&crate::rules::derivative::ADD, &[old, contribution]);
                self.idle_sum(sum, [old, contribution]);
                sum
            }
        };
        self.frame().adjoint.insert(val, sum);
    }

    /// Takes the adjoint of a primal value: nothing will be added to it any more.
    pub(super) fn take(&mut self, val: Val) -> Option<Val> {
        self.frame().adjoint.remove(&val)
    }

    /// Takes the adjoints that are left, in order.
    pub(super) fn rest(frame: &mut Frame) -> Vec<(Val, Val)> {
        let mut seen = std::collections::HashSet::new();
        let order = std::mem::take(&mut frame.order);
        order.into_iter().filter(|v| seen.insert(*v)).filter_map(|v| frame.adjoint.remove(&v).map(|a| (v, a))).collect()
    }
}

impl Build for Engine<'_> {
    fn func(&self) -> &Func {
        &self.func
    }

    fn define(&mut self, kind: OpKind, ty: Ty) -> Val {
        let span = self.span();
        let val = self.func.val(ty, None, span);
        let depth = self.frames.len();
        self.built.insert(val, (kind.clone(), depth));
        self.frame().ops.push(Op { kind, results: vec![val], span });
        val
    }

    fn definition(&self, val: Val) -> Option<(&OpKind, bool)> {
        let new = self.built.get(&val).map(|(kind, _)| (kind, true));
        new.or_else(|| self.map.definition_of(val).map(|kind| (kind, false)))
    }
}

impl Host for Engine<'_> {
    fn apply(&mut self, prim: Prim, args: &[Node]) -> Node {
        let args: Vec<Val> = args.iter().map(|&n| self.resolve(n)).collect();
        Node::Built(self.prim(prim, &args).0)
    }

    fn constant(&mut self, value: f64) -> Node {
        Node::Built(self.number(value).0)
    }
}

impl Engine<'_> {
    /// The value of a node, as the derivative code gets at it.
    pub(super) fn resolve(&mut self, node: Node) -> Val {
        match node {
            Node::Primal(v) => self.need(Val(v)),
            Node::Built(v) => Val(v),
        }
    }
}
