//! Frames of derivative code: the operations built so far, and the adjoints of primal values.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::ir::{Op, OpKind, PlaceId, Ty, Val};
use crate::rules::{Host, Node, Prim};
use crate::simplify::{Built, Known, Operand, construct};
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

    /// Adds an operation with a result.
    pub(super) fn define(&mut self, kind: OpKind, ty: Ty) -> Val {
        let span = self.span();
        let val = self.func.val(ty, None, span);
        self.built.insert(val, kind.clone());
        self.frame().ops.push(Op { kind, results: vec![val], span });
        val
    }

    pub(super) fn constant(&mut self, value: f64) -> Val {
        self.define(OpKind::Const(value, None), Ty::Float)
    }

    /// Adds a primitive, rewritten.
    pub(super) fn prim(&mut self, prim: Prim, args: &[Val]) -> Val {
        let built = construct(prim, args, self.func.width, &|v| self.known(v));
        match built {
            Built::Same(val) => val,
            Built::Const(value) => self.constant(value),
            Built::Prim(prim, operands) => self.build(prim, operands),
        }
    }

    fn build(&mut self, prim: Prim, operands: Vec<Operand>) -> Val {
        let args: Vec<Val> = operands
            .into_iter()
            .map(|operand| match operand {
                Operand::Val(val) => val,
                Operand::Const(value) => self.constant(value),
                Operand::Nested(prim, operands) => {
                    let args: Vec<Val> = operands
                        .into_iter()
                        .map(|o| match o {
                            Operand::Val(val) => val,
                            Operand::Const(value) => self.constant(value),
                            Operand::Nested(prim, inner) => self.build(prim, inner),
                        })
                        .collect();
                    self.prim(prim, &args)
                }
            })
            .collect();
        self.define(OpKind::Prim(prim, args), Ty::Float)
    }

    /// What is known of a value.
    fn known(&self, val: Val) -> Known {
        let kind = self.built.get(&val).or_else(|| self.map.definition_of(val));
        match kind {
            Some(OpKind::Const(value, _)) => Known::Const(*value),
            Some(OpKind::Prim(prim, args)) if self.built.contains_key(&val) => Known::Prim(prim, args.clone()),
            Some(OpKind::Inactive(code)) if code.reads.is_empty() && code.places.is_empty() => {
                let text: String = code.tokens.to_string().chars().filter(|c| !c.is_whitespace()).collect();
                text.parse().map_or(Known::Nothing, Known::Int)
            }
            _ => Known::Nothing,
        }
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
            Some(old) => self.prim(&crate::rules::derivative::ADD, &[old, contribution]),
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

impl Host for Engine<'_> {
    fn apply(&mut self, prim: Prim, args: &[Node]) -> Node {
        let args: Vec<Val> = args.iter().map(|&n| self.resolve(n)).collect();
        Node::Built(self.prim(prim, &args).0)
    }

    fn constant(&mut self, value: f64) -> Node {
        Node::Built(Engine::constant(self, value).0)
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
