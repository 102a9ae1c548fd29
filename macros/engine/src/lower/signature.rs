//! Parameters and result. Input: a `syn::Signature`. Output: what each parameter is to the engine.

use super::fallible::{self, Wrapper};
pub use super::float_type::is_core;
use super::float_type::{float_parameters, has_own_bound, parameter_of_impl, type_parameter, undeclared};
use super::function::Sibling;
use super::types::{
    Shape, element, is_data, readable, shape, shape_of_parameter, struct_result, taken_apart_type, vec_element,
};
use super::{converted, lent, pattern};
use crate::diagnostics::{Errors, Site, message, nearest};
use crate::ir::{Dim, Layout, Width};
use crate::options::{Kind, Options};
use crate::tokens::has_word;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{FnArg, Pat, Receiver, ReceiverKind, ReturnType, Signature, Stmt, Type, parse_quote};

/// A parameter as the signature shows it.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; `arg0`, by its place, if it is a pattern.
    pub name: Ident,
    /// The pattern in the place of its name.
    pub pattern: Option<Pat>,
    /// Declared `mut`.
    pub mutable: bool,
    /// Its type.
    pub ty: Type,
    /// Whether it is the receiver.
    pub receiver: bool,
    /// What it is, if it can carry a derivative.
    pub shape: Option<Shape>,
    /// Whether derivatives are taken with respect to it.
    pub wrt: bool,
}

impl Parameter {
    fn changes_structs(&self) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.mutable && shape.record.is_some())
    }
}

/// A function's interface.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// In the `impl` of a trait for a float, or for an array of floats, the dimensions of that.
    pub this: Option<Vec<Dim>>,
    /// What else of that `impl` is differentiated, or of one for an array of floats.
    pub siblings: Vec<Sibling>,
    /// The names of the methods of that `impl` that take `&mut self`.
    pub changing: Vec<String>,
    /// Whether a type parameter has a bound of the user's.
    pub own_bounds: bool,
    /// The modules that have the names of functions in them that it calls.
    pub namesakes: Vec<syn::Path>,
    /// Methods of numbers that have derivatives of their own.
    pub methods: Vec<Ident>,
    /// What functions return that it calls, where that is said.
    pub returns: Vec<(Ident, Type)>,
    /// The float type of the result.
    pub width: Width,
    /// Whether a bound says that this is `Differentiable`, if it is a type parameter.
    bounded: bool,
    /// Whether derivatives in several directions at a time are asked for.
    pub several_directions: bool,
    /// The float type of the result, if it is converted to that where it is returned.
    pub returned: Option<Width>,
    /// What it returns.
    pub outcome: Outcome,
    /// What is around the float.
    pub wrapper: Option<Wrapper>,
    /// The crate that emitted code refers to.
    pub runtime: TokenStream,
}

impl Interface {
    /// Whether a parameter is a `&mut` to structs.
    #[must_use]
    fn changes_structs(&self) -> bool {
        self.parameters.iter().any(Parameter::changes_structs)
    }

    /// Whether structs go in or out. Of a generic float, they are differentiable if the float is: companions have that bound.
    #[must_use]
    pub fn holds_structs(&self) -> bool {
        let record = |p: &Parameter| p.shape.as_ref().is_some_and(|shape| shape.record.is_some());
        self.outcome.holds_structs() || self.parameters.iter().any(record)
    }

    /// Whether the float type is `Differentiable` in the companions, if it is a type parameter.
    #[must_use]
    pub fn bounded(&self) -> bool {
        self.bounded || self.holds_structs()
    }

    /// Whether a parameter is a `&mut` to floats.
    #[must_use]
    pub fn writes_buffers(&self) -> bool {
        self.parameters.iter().any(|p| p.shape.as_ref().is_some_and(|s| s.mutable))
    }
}

impl Interface {
    /// Whether other functions get its derivatives as a product with a cotangent: there is no gradient of what is no
    /// number, and none that would say what becomes of a buffer.
    #[must_use]
    pub fn has_product(&self, options: &Options) -> bool {
        let number = matches!(self.outcome, Outcome::Scalar);
        let backward = [Kind::Gradient, Kind::Hvp, Kind::Hessian].into_iter().any(|kind| options.has(kind));
        !number || (self.writes_buffers() && (backward || self.changes_structs()))
    }
}

/// What a function returns.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A float.
    Scalar,
    /// Nothing; what it computes is behind a `&mut`.
    Nothing,
    /// An array, a struct, or a tuple of floats, arrays and structs.
    Parts {
        /// `(a, b)`
        tuple: bool,
        /// What each is.
        members: Vec<Layout>,
    },
    /// Something that has no derivative, which has been reported.
    Unsupported,
}

impl Outcome {
    /// The places of the results, if they have any: a number among them is an array of one.
    #[must_use]
    pub fn places(&self) -> Vec<Layout> {
        let Outcome::Parts { members, .. } = self else { return Vec::new() };
        let one = || Layout::floats(&[Dim::Fixed(quote!(1))]);
        members.iter().map(|layout| if layout.is_number() { one() } else { layout.clone() }).collect()
    }

    /// Whether there is a struct in it.
    #[must_use]
    pub fn holds_structs(&self) -> bool {
        matches!(self, Outcome::Parts { members, .. } if members.iter().any(|layout| layout.record.is_some()))
    }
}

/// Reads a signature; `this` is what `Self` is, if that is a float or an array of floats. What cannot be differentiated is reported; the
/// parameters are there even then, so that stubs of the companions can be emitted.
pub fn read(signature: &Signature, this: Option<&Type>, options: &Options, errors: &mut Errors) -> Interface {
    qualifiers(signature, errors);
    let floats = float_parameters(signature);
    let (outcome, width) = outcome(signature, &floats, options, errors);
    let mut parameters: Vec<Parameter> = Vec::new();
    for (k, input) in signature.inputs.iter().enumerate() {
        match input {
            FnArg::Receiver(receiver) => parameters.push(self_parameter(receiver, this, &floats)),
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(p) if p.subpat.is_none() && p.by_ref.is_none() => parameters.push(Parameter {
                    name: p.ident.clone(),
                    pattern: None,
                    mutable: p.mutability.is_some(),
                    ty: (*typed.ty).clone(),
                    receiver: false,
                    shape: shape_of_parameter(&typed.ty, &floats),
                    wrt: false,
                }),
                pat => parameters.push(Parameter {
                    name: unused_name(k, signature),
                    pattern: Some(pat.clone()),
                    mutable: false,
                    ty: (*typed.ty).clone(),
                    receiver: false,
                    shape: shape_of_parameter(&typed.ty, &floats),
                    wrt: false,
                }),
            },
        }
    }
    // The float type of structs is not visible: it is that of other parameters.
    let given = || parameters.iter().find_map(|p| p.shape.as_ref().map(|s| s.width.clone()));
    let generic = || floats.first().cloned().map(Width::Generic);
    let width = match outcome {
        Outcome::Unsupported => width,
        _ => width.or_else(given).or_else(generic).or(Some(Width::F64)),
    };
    let (width, returned) = match converted::computed_in(&parameters, width.as_ref(), &outcome, options) {
        Some(from) => {
            converted::report_kinds(options, errors);
            (Some(from), width)
        }
        None => (width, None),
    };
    select(&mut parameters, width.as_ref(), signature, &floats, options, errors);
    let changed = parameters.iter().find(|p| p.changes_structs());
    if let (Some(p), Outcome::Scalar) = (changed, &outcome)
        && [Kind::Gradient, Kind::Hvp, Kind::Hessian].into_iter().any(|kind| options.has(kind))
        && !parameters.iter().any(|p| p.wrt)
    {
        let name = options.wrt.iter().flatten().find(|name| **name == p.name).unwrap_or(&p.name);
        errors.push(name.span(), message::gradient_of_changed(name));
    }
    let source = |p: &Parameter| p.wrt || p.shape.as_ref().is_some_and(|s| s.mutable);
    if errors.is_empty() && !parameters.iter().any(source) {
        let float = width.clone().unwrap_or(Width::F64);
        let structs = parameters.iter().filter(|p| of_structs(p, &float, signature, &options.runtime).is_some());
        let names: Vec<String> = structs.map(|p| p.name.to_string()).collect();
        let message = match names.first() {
            Some(first) => message::only_structs(first, names.join(", ")),
            None => message::nothing_to_differentiate(),
        };
        errors.push(signature.ident.span(), message);
    }
    let width = width.or_else(|| parameters.iter().find_map(|p| p.shape.as_ref().map(|s| s.width.clone())));
    let wrapper = fallible::wrapper(&signature.output)
        .map(|(wrapper, _)| wrapper)
        .filter(|_| !matches!(outcome, Outcome::Unsupported));
    Interface {
        parameters,
        this: this.and_then(|ty| shape(ty, &floats)).map(|shape| shape.dims),
        siblings: Vec::new(),
        changing: Vec::new(),
        own_bounds: has_own_bound(signature),
        namesakes: options.namesakes.clone(),
        methods: options.methods.clone(),
        returns: options.returns.clone(),
        width: width.unwrap_or(Width::F64),
        bounded: bound_to_differentiable(signature),
        returned,
        several_directions: [Kind::Jacobian, Kind::Hvp, Kind::Hessian].into_iter().any(|kind| options.has(kind)),
        outcome,
        wrapper,
        runtime: options.runtime.clone(),
    }
}

/// Whether a bound is `Differentiable`.
fn bound_to_differentiable(signature: &Signature) -> bool {
    let generics = &signature.generics;
    [generics.to_token_stream(), generics.where_clause.to_token_stream()]
        .into_iter()
        .any(|tokens| has_word(tokens, "Differentiable"))
}

/// The first lines of the body: `let [x, y] = arg0;` for each parameter that is a pattern.
pub fn taken_apart(interface: &Interface) -> Vec<Stmt> {
    let one = |p: &Parameter| {
        let (pattern, name) = (p.pattern.as_ref()?, &p.name);
        Some(parse_quote!(let #pattern = #name;))
    };
    interface.parameters.iter().filter_map(one).collect()
}

/// `self`: data, which may be of any type; in the `impl` of a trait for a float, by value, a number; in one for an array of
/// floats, such an array.
fn self_parameter(receiver: &Receiver, this: Option<&Type>, floats: &[Ident]) -> Parameter {
    let self_token = receiver.self_token;
    let ty = match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => parse_quote!(#and #lifetime #mutability Self),
        ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => parse_quote!(Self),
    };
    Parameter {
        name: Ident::new("self", self_token.span),
        pattern: None,
        mutable: receiver.mutability.is_some(),
        ty,
        receiver: true,
        shape: this.and_then(|this| match &receiver.kind {
            ReceiverKind::Value => shape(this, floats),
            ReceiverKind::Reference(and, _, mutability) => shape(&parse_quote!(#and #mutability #this), floats),
            _ => None,
        }),
        wrt: false,
    }
}

/// What a parameter is called that is a pattern.
fn unused_name(k: usize, signature: &Signature) -> Ident {
    let tokens = signature.inputs.to_token_stream();
    let mut name = format!("arg{k}");
    while pattern::mentions(tokens.clone(), &name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

fn qualifiers(signature: &Signature, errors: &mut Errors) {
    if let Some(token) = &signature.asyncness {
        errors.push(token.span, message::qualifier("async"));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        errors.push(token.span, message::qualifier("unsafe"));
    }
}

/// What the function returns, and the float type of it.
fn outcome(
    signature: &Signature,
    floats: &[Ident],
    options: &Options,
    errors: &mut Errors,
) -> (Outcome, Option<Width>) {
    let output = match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(Wrapper::of(ty).map_or_else(|| (**ty).clone(), |(_, inner)| inner)),
    };
    let site = match &signature.output {
        ReturnType::Default => Site::from(signature.ident.span()),
        ReturnType::Type(_, ty) => Site::of(ty),
    };
    // Of structs, the float type is not visible. Of what is borrowed, companions return copies.
    let owned = |ty: &Type| -> Option<(Layout, Option<Width>)> {
        match shape(ty, floats).filter(|s| !s.mutable) {
            Some(shape) => Some((Layout::floats(&shape.dims), Some(shape.width))),
            None => struct_result(ty, signature).map(|layout| (layout, None)),
        }
    };
    let outcome = match &output {
        None => {
            let chosen = |name: &dyn ToTokens| {
                let name = name.to_token_stream().to_string();
                options.wrt.iter().flatten().any(|wrt| *wrt == name)
            };
            let buffer = |input: &FnArg| match input {
                FnArg::Typed(typed) => match &*typed.ty {
                    Type::Reference(r) if r.mutability.is_some() && chosen(&typed.pat) => true,
                    ty => shape_of_parameter(ty, floats).is_some_and(|s| s.mutable),
                },
                FnArg::Receiver(receiver) => {
                    matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))) && chosen(&receiver.self_token)
                }
            };
            signature.inputs.iter().any(buffer).then_some((Outcome::Nothing, None))
        }
        Some(Type::Tuple(tuple)) if tuple.elems.len() > 1 => {
            let members: Option<Vec<_>> = tuple.elems.iter().map(owned).collect();
            members.map(|members| members.into_iter().unzip()).and_then(
                |(members, widths): (Vec<Layout>, Vec<Option<Width>>)| {
                    let mut widths = widths.into_iter().flatten();
                    let width = widths.next();
                    let one = widths.all(|other| Some(&other) == width.as_ref());
                    one.then_some((Outcome::Parts { tuple: true, members }, width))
                },
            )
        }
        Some(ty) => owned(ty).map(|(layout, width)| {
            let parts = |layout| Outcome::Parts { tuple: false, members: vec![layout] };
            (if layout.is_number() { Outcome::Scalar } else { parts(layout) }, width)
        }),
    };
    let Some((outcome, width)) = outcome else {
        let text = output.as_ref().map_or_else(|| "nothing".into(), |ty| format!("`{}`", readable(ty)));
        errors.push(
            site,
            match output.as_ref().and_then(|ty| type_parameter(ty, signature)) {
                Some(name) => message::no_float_bound(name),
                None => match made_of(output.as_ref(), signature) {
                    Some(name) => message::parameter_of_impl(name),
                    None => message::result_not_scalar(text),
                },
            },
        );
        return (Outcome::Unsupported, None);
    };
    let number = matches!(outcome, Outcome::Scalar);
    for kind in [Kind::Gradient, Kind::Hessian, Kind::SparseHessian, Kind::Derivatives] {
        // Without a number, `derivatives` is for callers only. Each member of what is returned has its own.
        let returned = matches!(outcome, Outcome::Parts { .. });
        let there = kind == Kind::Derivatives && (returned || options.order.is_none());
        let Some(span) = options.span_of(kind).filter(|_| !number && !there) else { continue };
        let found = match &outcome {
            Outcome::Nothing => "nothing, but writes to a buffer".into(),
            _ => output.as_ref().map_or_else(String::new, |ty| format!("`{}`", readable(ty))),
        };
        let parameter = output.as_ref().and_then(|ty| undeclared(ty, signature));
        let parameter = parameter.filter(|name| name.to_string().len() == 1);
        let what = match kind {
            Kind::Gradient => "gradient",
            Kind::Derivatives => "list of derivatives",
            _ => "Hessian",
        };
        errors.push(
            span,
            match (parameter, output.as_ref()) {
                (Some(name), _) => message::parameter_of_impl(name),
                (None, Some(Type::Path(ty))) if ty.path.get_ident().is_some() => {
                    message::gradient_of_named(what, readable(ty))
                }
                _ => message::gradient_of_many(what, found),
            },
        );
    }
    for kind in [Kind::Jacobian, Kind::SparseJacobian] {
        if let Some(span) = options.span_of(kind).filter(|_| number) {
            errors.push(span, message::jacobian_of_number());
        }
    }
    (outcome, width)
}

/// What a result is made of, or the buffers that are written, if that may be a type parameter of the `impl`.
fn made_of<'s>(output: Option<&'s Type>, signature: &'s Signature) -> Option<&'s Ident> {
    let Some(output) = output else {
        let buffer = |ty: &Type| matches!(ty, Type::Reference(r) if r.mutability.is_some());
        return signature.inputs.iter().find_map(|input| match input {
            FnArg::Typed(typed) if buffer(&typed.ty) => undeclared(&typed.ty, signature),
            _ => None,
        });
    };
    parameter_of_impl(output, signature)
}

fn select(
    parameters: &mut [Parameter],
    width: Option<&Width>,
    signature: &Signature,
    floats: &[Ident],
    options: &Options,
    errors: &mut Errors,
) {
    let names: Vec<String> = parameters.iter().map(|p| p.name.to_string()).collect();
    match &options.wrt {
        None => parameters.iter_mut().for_each(|p| p.wrt = p.shape.as_ref().is_some_and(|s| !s.mutable)),
        Some(chosen) => {
            for name in chosen {
                let bound = |p: &Parameter| p.pattern.as_ref().is_some_and(|pat| pattern::binds(pat, name));
                if parameters.iter().any(bound) {
                    errors.push(name.span(), message::parameter_pattern(name));
                    continue;
                }
                match parameters.iter_mut().find(|p| p.pattern.is_none() && p.name == *name) {
                    None => {
                        errors.push(
                            name.span(),
                            message::wrt_unknown(
                                name,
                                nearest(&name.to_string(), &names.iter().map(String::as_str).collect::<Vec<_>>()),
                            ),
                        );
                    }
                    Some(p) if p.shape.as_ref().is_none_or(|s| s.mutable) => {
                        match width.and_then(|w| of_structs(p, w, signature, &options.runtime)) {
                            Some(shape) => {
                                // What is behind a `&mut` comes and goes with its derivative.
                                p.wrt = !shape.mutable;
                                p.shape = Some(shape);
                            }
                            None => errors.push(name.span(), not_differentiable(name, &p.ty, signature, floats)),
                        }
                    }
                    Some(p) => p.wrt = true,
                }
            }
        }
    }
    let Some(width) = width else { return };
    for p in parameters {
        let Some(shape) = &p.shape else { continue };
        if shape.width != *width {
            if p.wrt {
                errors.push(p.name.span(), message::mixed_widths(&p.name));
            }
            p.shape = None;
            p.wrt = false;
        }
    }
}

/// Why there is no derivative with respect to a parameter.
fn not_differentiable(name: &Ident, ty: &Type, signature: &Signature, floats: &[Ident]) -> String {
    if let Some(parameter) = type_parameter(element(ty), signature)
        && !floats.contains(parameter)
    {
        return message::no_float_bound(parameter);
    }
    if lent::is_exclusive(ty) {
        return message::wrt_reference(name, "a mutable view", readable(ty).replace("ArrayViewMut", "ArrayView"));
    }
    let Type::Reference(r) = ty else { return message::wrt_not_float(name) };
    let scalar = shape(&r.elem, floats).is_some_and(|s| s.dims.is_empty());
    match &*r.elem {
        elem if scalar => message::wrt_reference(name, "a reference to one number", readable(elem)),
        elem if r.mutability.is_some() => {
            message::wrt_reference(name, "a mutable reference", format!("&{}", readable(elem)))
        }
        _ => message::wrt_not_float(name),
    }
}

/// What is taken for a struct, or for an array of structs, because derivatives are taken with respect to it.
fn of_structs(p: &Parameter, width: &Width, signature: &Signature, runtime: &TokenStream) -> Option<Shape> {
    let (reference, mutable, ty) = match &p.ty {
        Type::Reference(r) => (true, r.mutability.is_some(), &*r.elem),
        ty => (false, false, ty),
    };
    let (dims, record) = taken_apart_type(ty);
    let plain = is_data(record);
    let parameter = type_parameter(record, signature).is_some();
    let record = Some(lent::owner(record, runtime).unwrap_or_else(|| record.clone()));
    // What is pushed to a list of the caller's is not followed.
    let grows = mutable && vec_element(ty).is_some();
    (!plain && !parameter && !grows && !lent::is_exclusive(ty)).then(|| Shape {
        width: width.clone(),
        dims,
        reference,
        mutable,
        record,
    })
}
