//! What all of lowering builds with: operations at the end of the region under construction, values, arrays, errors.
//! Regions are a stack, and an operation goes to the innermost one.

use super::conversion::named_floats;
use super::scope::State;
use super::{Lowerer, types};
use crate::diagnostics::Site;
use crate::ir::{Dim, End, Inactive, Init, Op, OpKind, Part, PlaceId, Region, Step, Storage, Ty, Val};
use crate::rules::Prim;
use proc_macro2::{Ident, Span};
use quote::quote;

impl Lowerer<'_> {
    /// Builds a region; `f` says how it ends.
    pub(super) fn region(&mut self, f: impl FnOnce(&mut Self) -> End) -> Region {
        let start = self.mutable_array_parameters();
        self.regions.push(start);
        let end = self.ends_apart(f);
        Region { ops: self.regions.pop().unwrap_or_default(), end }
    }

    pub(super) fn ops(&mut self) -> &mut Vec<Op> {
        if self.regions.is_empty() {
            self.regions.push(Vec::new());
        }
        let last = self.regions.len() - 1;
        &mut self.regions[last]
    }

    pub(super) fn push(&mut self, kind: OpKind, span: Span) {
        self.ops().push(Op { kind, results: Vec::new(), span });
    }

    pub(super) fn define(&mut self, kind: OpKind, ty: Ty, span: Span) -> Val {
        let val = self.func.val(ty, None, span);
        self.ops().push(Op { kind, results: vec![val], span });
        val
    }

    pub(super) fn prim(&mut self, prim: Prim, args: Vec<Val>, span: Span) -> Val {
        self.define(OpKind::Prim(prim, args), Ty::Float, span)
    }

    pub(super) fn constant(&mut self, value: f64, span: Span) -> Val {
        self.define(OpKind::Const(value, None), Ty::Float, span)
    }

    /// `false` or `true`.
    pub(super) fn flag(&mut self, value: bool, span: Span) -> Val {
        self.define(OpKind::Inactive(Inactive::engine(quote!(#value))), Ty::Bool, span)
    }

    pub(super) fn error(&mut self, site: impl Into<Site>, message: String) {
        self.errors.push(site, message);
    }

    /// What derivatives a type carries, in the function's float type.
    pub(super) fn shape(&self, ty: &syn::Type) -> Option<types::Shape> {
        let width = &self.func.width;
        types::shape(ty, &named_floats(width)).filter(|s| width.has(&s.width))
    }

    /// A number after an error, so that lowering can go on.
    pub(super) fn poison(&mut self, span: Span) -> Val {
        self.constant(0.0, span)
    }

    pub(super) fn declare_float(&mut self, name: &Ident, val: Val, mutable: bool) {
        let id = self.scopes.declare(name, State::Float(val), mutable);
        self.scopes.vars[id].field = self.scopes.records.origin(val).cloned();
    }

    /// A value of the engine's that has no name yet gets the user's.
    pub(super) fn name_value(&mut self, val: Val, first_new: usize, name: &Ident) {
        let index = val.0 as usize;
        if index >= first_new && self.func.vals[index].name.is_none() {
            self.func.vals[index].name = Some(name.clone());
        }
    }

    pub(super) fn rank(&self, part: &Part) -> usize {
        self.func.rank(part)
    }

    /// A new local array.
    pub(super) fn allocate(&mut self, name: Ident, dims: Vec<Dim>, init: Init) -> PlaceId {
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

    /// The length of an array or of a part of one.
    pub(super) fn length(&mut self, part: &Part, span: Span) -> Val {
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
}
