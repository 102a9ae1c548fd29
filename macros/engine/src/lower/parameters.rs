//! The parameters, as the variables that the body finds. What is written in the body though it came by value
//! (`mut x: [f64; 3]`) is copied at the start of it.

use super::rename::Binding;
use super::scope::State;
use super::signature::Interface;
use super::{Lowerer, types};
use crate::ir::{Init, Op, OpKind, Param, ParamKind, Part, Place, Storage, Ty, Width};
use syn::{GenericArgument, PathArguments, Type, TypePath};

impl Lowerer<'_> {
    /// Declares the parameters; one that is written in the body (`mut x: [f64; 3]`) is copied at the start of it.
    pub(super) fn parameters(&mut self, interface: &Interface) {
        for p in &interface.parameters {
            let span = p.name.span();
            let (kind, state) = match &p.shape {
                Some(shape) if shape.is_number() => {
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
                        width: None,
                    });
                    if !shape.mutable && shape.record.is_none() {
                        self.scopes.shared.insert(place);
                    }
                    if shape.record.is_some() {
                        self.scopes.records.declare(place, p.name.to_string());
                    }
                    let whole = Part::whole(place);
                    let number = self.func.is_number(&whole);
                    (ParamKind::Place(place), if number { State::Element(whole) } else { State::Part(whole) })
                }
                None if p.mutable => (ParamKind::Other, State::Native),
                None => {
                    let val = self.func.val(Ty::Other, Some(p.name.clone()), span);
                    self.func.owned.extend(types::is_owned(&p.ty).then_some(val));
                    (ParamKind::Other, State::Other { val, indexable: types::indexable(&p.ty) })
                }
            };
            self.bind_name(&p.name, Binding::Parameter);
            self.func.params.push(Param { name: p.name.clone(), kind, wrt: p.wrt });
            let id = self.scopes.declare(&p.name, state, p.mutable);
            self.scopes.vars[id].exclusive = p.shape.as_ref().is_some_and(|shape| shape.mutable);
            self.scopes.vars[id].data = p.shape.is_none() && types::data(&p.ty, &interface.width);
            let plain = p.shape.as_ref().is_some_and(|shape| shape.record.is_none());
            let number = p.name == "self" && interface.this.as_ref().is_some_and(Vec::is_empty);
            self.scopes.vars[id].own = !plain && !number && types::is_named(&p.ty);
            self.scopes.vars[id].reference = match &p.shape {
                Some(shape) => shape.reference,
                None => matches!(p.ty, syn::Type::Reference(_)),
            };
        }
    }

    /// At the start of the outermost region: a local copy of each array parameter that is declared `mut`.
    pub(super) fn mutable_array_parameters(&mut self) -> Vec<Op> {
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
}

/// Whether a type visibly is one of numbers, text, or lists of these, which methods of the standard library look at or change.
pub(super) fn is_data(ty: &Type, width: &Width) -> bool {
    match ty {
        Type::Reference(r) => r.mutability.is_none() && is_data(&r.elem, width),
        Type::Slice(slice) => is_data(&slice.elem, width),
        Type::Array(array) => is_data(&array.elem, width),
        Type::Paren(ty) => is_data(&ty.elem, width),
        Type::Group(ty) => is_data(&ty.elem, width),
        Type::Tuple(tuple) => tuple.elems.iter().all(|ty| is_data(ty, width)),
        Type::Path(TypePath { qself: None, path, .. }) => path.segments.last().is_some_and(|last| {
            let list = ["Vec", "Option"].iter().any(|list| last.ident == list);
            let name = last.ident.to_string();
            match &last.arguments {
                PathArguments::None => width.is(&name) || types::DATA.contains(&name.as_str()),
                PathArguments::AngleBracketed(arguments) if list => arguments
                    .args
                    .iter()
                    .all(|argument| matches!(argument, GenericArgument::Type(ty) if is_data(ty, width))),
                _ => false,
            }
        }),
        _ => false,
    }
}
