//! The functions around the bodies. Input: the function's frame (what its signature shows) and its derivatives in the IR.
//! Output: the companions, their documentation, and the hidden protocol by which differentiated functions call each
//! other. Without derivatives: stubs with the same signatures, so that an error in the body causes no second one.
//!
//! | file | what |
//! |---|---|
//! | `shape` | the types of derivatives, and zeros of them |
//! | `along` | the hidden protocol's second derivatives and matrices |
//! | `backward` | companions that end with partial derivatives, and those that write them to buffers |
//! | `by_columns`, `by_rows` | the ways to a Jacobian |
//! | `columns` | directions in lanes |
//! | `custom` | all of them, of functions with rules of their own |
//! | `derivatives` | `f_derivatives` |
//! | `directions` | those of a caller |
//! | `gradient` | `f_gradient`, `f_value_and_gradient`, `f_value_and_gradient_into` |
//! | `hessian` | `f_hessian`, `f_value_gradient_hessian` |
//! | `hvp` | `f_hvp`, `f_hvp_into` |
//! | `jacobian` | `f_jacobian`, `f_value_and_jacobian`, `f_value_and_jacobian_into` |
//! | `jvp` | `f_jvp`, `f_jvp_into` |
//! | `known` | whether names mean what they do in the standard library |
//! | `nested`, `nested_jvp`, `nested_vjp` | the hidden protocol of gradients, of directional derivatives, and of products with cotangents |
//! | `tangents` | the hidden protocol's tangents, and power series |
//! | `sparse` | `f_sparse_jacobian`, `f_sparse_hessian` and their patterns |
//! | `verify` | the test of `verify(…)` |
//! | `traced` | the same where lengths are known at run time |
//! | `vjp` | `f_vjp`, `f_vjp_into` |
//! | `objective` | the problem for the optimizers |
//! | `outcome` | results that are no number |
//! | `product` | the product with a cotangent, for the protocol |
//! | `protocol` | what other differentiated functions call |
//! | `witness` | that they call the function to which the protocol belongs |

pub mod along;
mod backward;
mod by_columns;
mod by_rows;
pub mod columns;

pub mod custom;
mod derivatives;
mod directions;
mod gradient;
mod hessian;
mod hvp;
pub mod jacobian;
mod jvp;
mod known;
mod nested;
mod nested_jvp;
mod nested_vjp;
mod objective;
mod outcome;
mod product;
pub(super) mod protocol;
mod shape;
pub mod sparse;
mod tangents;
pub mod traced;
mod verify;
mod vjp;
mod witness;

use super::Given;
use super::name::is_keyword;
use crate::analysis::once::Repeated;
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::ir::{Func, Layout, Width};
use crate::lower::fallible::Wrapper;
use crate::lower::known::Known;
use crate::lower::point::Point;
use crate::lower::problem::Problem;
use crate::lower::signature::Outcome;
use crate::lower::witness::Witness;
use crate::options::{Callers, Rules};
use crate::reverse::Gradient;
use along::Along;
use jacobian::Jacobian;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use sparse::Sparse;
use traced::Traced;

/// What a function's signature shows.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Frame {
    /// Its name.
    pub name: Ident,
    /// Where it stands, and its companions with it.
    pub home: Home,
    /// Its visibility.
    pub visibility: TokenStream,
    /// What makes sure that the function's name means this function where it is called.
    pub identity: TokenStream,
    /// What the companions' bodies begin with.
    pub prelude: TokenStream,
    /// Its `cfg` attributes.
    pub attributes: TokenStream,
    /// `<'a, const N: usize>`
    pub generics: TokenStream,
    /// `::<N>`, where a call has to say so.
    pub generic_arguments: TokenStream,
    /// Its `where` clause.
    pub bounds: TokenStream,
    /// Its parameters.
    pub params: Vec<FrameParam>,
    /// Its float type.
    pub width: Width,
    /// Whether that is bound by `FloatCore`, which does not imply `Float`.
    pub core: bool,
    /// The float type of its result, if it is converted to that.
    pub returned: Option<Width>,
    /// What is around the float that it returns.
    pub wrapper: Option<Wrapper>,
    /// How its protocol knows it, where the name of the protocol may belong to another function: in a module.
    pub witness: Option<Witness>,
    /// Names that are taken for those of the standard library.
    pub known: Known,
    /// Whether it computes in more than one float type, so that it has no derivatives in the directions of a caller's.
    pub mixed: bool,
    /// The runtime crate.
    pub runtime: TokenStream,
    /// Which other differentiated functions may call it.
    pub callers: Callers,
    /// The problem for the optimizers, if one is asked for.
    pub problem: Option<Problem>,
    /// Where tests are to check the companions.
    pub points: Vec<Point>,
    /// The type that a function without a receiver is associated with, where it can be named beside the `impl`.
    pub this: Option<TokenStream>,
    /// The user's own rules.
    pub rules: Rules,
    /// The companions' names.
    pub names: CompanionNames,
    /// Whether `gradient` is asked for, or there by default; so are the kinds below.
    pub gradient: bool,
    /// Whether other functions get its derivatives as a product with a cotangent.
    pub product: bool,
    /// What it returns.
    pub outcome: Outcome,
    /// `jvp`
    pub jvp: bool,
    /// `vjp`
    pub vjp: bool,
    /// `jacobian`
    pub jacobian: bool,
    /// Whether it has a Jacobian if it can.
    pub default_jacobian: bool,
    /// `hvp`
    pub hvp: bool,
    /// `hessian`
    pub hessian: bool,
    /// `sparse_jacobian`
    pub sparse_jacobian: bool,
    /// `sparse_hessian`
    pub sparse_hessian: bool,
    /// How many derivatives, if all up to some order are asked for.
    pub order: Option<usize>,
    /// Whether other functions get power series through it.
    pub series: bool,
    /// Whether other functions get its second derivatives.
    pub second: bool,
}

/// Where a function stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In a module or in another function; so it is hoped, for a macro sees an associated function as it sees any other.
    Module,
    /// Somewhere in an `impl`, or in a trait: it has a receiver.
    Method,
    /// In an inherent `impl`.
    Impl,
    /// In an `impl` of a trait of companions, which is emitted with it.
    Trait,
}

/// A parameter.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct FrameParam {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TokenStream,
    /// Whether that is a reference.
    pub by_reference: bool,
    /// Whether that is a `Vec`, or a reference to one.
    pub vec: bool,
    /// `&self`, `self: Box<Self>`: the declaration of a receiver, without `mut`.
    pub receiver: Option<TokenStream>,
    /// Declared `mut`, and no float: the user's own tokens change it.
    pub mutable: bool,
    /// Its shape, if it is in `wrt`.
    pub wrt: Option<Layout>,
    /// Whether it is a `&mut` to floats.
    pub buffer: bool,
    /// Its shape, if derivatives may flow through it at all.
    pub layout: Option<Layout>,
}

impl Frame {
    /// The names of the protocol's slots.
    fn slots(&self) -> Vec<Ident> {
        self.params.iter().map(|p| self.beside(&format!("slot_{}", p.name))).collect()
    }

    /// Whether it writes to floats of its caller's.
    fn changes_buffers(&self) -> bool {
        self.params.iter().any(|p| p.buffer)
    }

    /// Whether it has a product with a cotangent in place of a gradient.
    fn has_product(&self) -> bool {
        self.changes_buffers() || !matches!(self.outcome, Outcome::Scalar)
    }

    /// Whether it has a Jacobian, which may be there by default.
    fn emits_jacobian(&self, derivatives: Option<&Derivatives>) -> bool {
        self.jacobian || derivatives.is_some_and(|derivatives| derivatives.jacobian.is_some())
    }
}

impl FrameParam {
    /// Its shape, if it has a tangent.
    fn tangent(&self) -> Option<&Layout> {
        if self.buffer { self.layout.as_ref() } else { self.wrt.as_ref() }
    }

    /// `&p`
    fn shared(&self) -> TokenStream {
        self.shared_as(&self.name)
    }

    /// A reference to a variable of its type.
    fn shared_as(&self, name: &Ident) -> TokenStream {
        if self.by_reference { quote!(#name) } else { quote!(&#name) }
    }
}

/// The companions' names.
#[derive(Clone)]
pub struct CompanionNames {
    /// The function's.
    pub function: Ident,
    /// Those that are not made of it and a suffix, by that suffix.
    pub others: Vec<(&'static str, Ident)>,
}

impl CompanionNames {
    /// `f_gradient`, or what it was renamed to.
    fn of(&self, suffix: &str) -> Ident {
        let other = self.others.iter().find(|(named, _)| *named == suffix);
        other.map_or_else(|| default_name(&self.function, suffix), |(_, name)| name.clone())
    }

    /// The companion that writes to buffers, beside another one.
    fn in_buffers(&self, suffix: &str) -> Ident {
        default_name(&self.of(suffix), "into")
    }
}

/// The derivatives.
#[derive(Default)]
pub struct Derivatives {
    /// For the gradient companions.
    pub gradient: Option<Gradient>,
    /// For calls of functions that write to buffers, or return more than a number.
    pub product: Option<Gradient>,
    /// For `f_vjp`.
    pub vjp: Option<Gradient>,
    /// For `f_jvp`.
    pub jvp: Option<Jvp>,
    /// For `f_hvp`.
    pub hvp: Option<Hvp>,
    /// For the Jacobian companions.
    pub jacobian: Option<Jacobian>,
    /// For the Hessian companions.
    pub hessian: Option<Hvp>,
    /// For `f_derivatives`.
    pub series: Option<Jvp>,
    /// For `f_sparse_jacobian`.
    pub sparse_jacobian: Option<Sparse<Jvp>>,
    /// For `f_sparse_hessian`.
    pub sparse_hessian: Option<Sparse<Hvp>>,
    /// For `f_sparse_jacobian`, if its lengths are known at run time only.
    pub traced_jacobian: Option<Traced<Jvp>>,
    /// The same for `f_sparse_hessian`.
    pub traced_hessian: Option<Traced<Hvp>>,
    /// For second derivatives and matrices of functions that call it.
    pub along: Along,
    /// Whether those may run it again, where they call it for its gradient.
    pub repeated: Repeated,
}

impl Derivatives {
    /// What was assumed of the fields of parameters is said in one companion; that of others, where they are.
    pub fn check_once(&mut self) {
        let Derivatives {
            gradient,
            product,
            vjp,
            jvp,
            jacobian,
            hvp,
            hessian,
            series,
            sparse_jacobian,
            sparse_hessian,
            traced_jacobian,
            traced_hessian,
            along,
            repeated: _,
        } = self;
        let backward = [gradient, product, vjp].into_iter().flatten().map(|derivative| &mut derivative.func);
        let funcs = backward.chain([jvp, series].into_iter().flatten().map(|jvp| &mut jvp.func));
        let funcs = funcs.chain(jacobian.iter_mut().flat_map(|jacobian| {
            let rows = jacobian.rows.as_mut().map(|rows| &mut rows.func);
            jacobian.columns.as_mut().map(|columns| &mut columns.func).into_iter().chain(rows)
        }));
        let funcs = funcs.chain([hvp, hessian].into_iter().flatten().map(|hvp| &mut hvp.product.func));
        let funcs = funcs.chain(sparse_jacobian.iter_mut().map(|sparse| &mut sparse.derivative.func));
        let funcs = funcs.chain(sparse_hessian.iter_mut().map(|sparse| &mut sparse.derivative.product.func));
        let traced = traced_jacobian.iter_mut().flat_map(|t| [&mut t.pattern.func, &mut t.derivative.func]);
        let funcs = funcs.chain(traced);
        let traced = traced_hessian.iter_mut();
        let funcs = funcs.chain(traced.flat_map(|t| [&mut t.pattern.product.func, &mut t.derivative.product.func]));
        let funcs = funcs.chain(along.gradient.iter_mut().map(|hvp| &mut hvp.product.func));
        let funcs = funcs.chain(along.jvp.iter_mut().map(|jvp| &mut jvp.func));
        let funcs = funcs.chain(along.product.iter_mut().map(|product| &mut product.product.func));
        for func in funcs.skip(1) {
            let mut checks = std::mem::take(&mut func.checks);
            checks.retain(|check| !func.is_given(check.place()));
            func.checks = checks;
        }
    }
}

/// Items.
#[derive(Default)]
pub struct Written {
    /// With their bodies.
    pub definitions: TokenStream,
    /// Without, for a trait: the same functions, and their documentation.
    pub declarations: TokenStream,
    /// Tests, which stand beside the `impl`, if there is one.
    pub tests: TokenStream,
}

impl Written {
    fn extend(&mut self, other: Written) {
        self.definitions.extend(other.definitions);
        self.declarations.extend(other.declarations);
        self.tests.extend(other.tests);
    }
}

/// Writes the companions; stubs if there are no derivatives.
#[must_use]
pub fn companions(frame: &Frame, derivatives: Option<&Derivatives>) -> Written {
    let mut written = Written { tests: frame.verification(derivatives), ..Written::default() };
    if let Some(problem) = &frame.problem {
        written.definitions.extend(frame.objective(problem));
    }
    if frame.rules.are_given() {
        written.extend(frame.of_rules(&frame.rules));
        if frame.hvp {
            written.extend(frame.hvp_function(derivatives.and_then(|d| d.hvp.as_ref())));
        }
        if frame.hessian {
            written.extend(frame.hessians(derivatives.and_then(|d| d.hessian.as_ref())));
        }
        written.extend(frame.protocols(derivatives));
        return written;
    }
    if frame.gradient {
        written.extend(frame.gradients(derivatives.and_then(|d| d.gradient.as_ref())));
    }
    if frame.jvp {
        written.extend(frame.jvp_function(derivatives.and_then(|d| d.jvp.as_ref())));
    }
    if frame.vjp {
        written.extend(frame.vjp_function(derivatives.and_then(|d| d.vjp.as_ref())));
    }
    if frame.emits_jacobian(derivatives) {
        written.extend(frame.jacobians(derivatives.and_then(|d| d.jacobian.as_ref())));
    }
    if frame.hvp {
        written.extend(frame.hvp_function(derivatives.and_then(|d| d.hvp.as_ref())));
    }
    if frame.hessian {
        written.extend(frame.hessians(derivatives.and_then(|d| d.hessian.as_ref())));
    }
    let traced = frame.is_traced();
    if frame.sparse_jacobian && traced {
        written.extend(frame.traced_jacobian(derivatives.and_then(|d| d.traced_jacobian.as_ref())));
    } else if frame.sparse_jacobian {
        written.extend(frame.sparse_jacobian(derivatives.and_then(|d| d.sparse_jacobian.as_ref())));
    }
    if frame.sparse_hessian && traced {
        written.extend(frame.traced_hessian(derivatives.and_then(|d| d.traced_hessian.as_ref())));
    } else if frame.sparse_hessian {
        written.extend(frame.sparse_hessian(derivatives.and_then(|d| d.sparse_hessian.as_ref())));
    }
    if let Some(order) = frame.order {
        written.extend(frame.derivatives_function(order, derivatives.and_then(|d| d.series.as_ref())));
    }
    if derivatives.is_some() {
        let asked = frame.asked(&written.definitions);
        written.extend(asked);
    }
    written.extend(frame.protocols(derivatives));
    written
}

impl Frame {
    /// A result type of a companion, in the `Result` or `Option` that the function's is in.
    fn around(&self, inner: &TokenStream) -> TokenStream {
        self.wrapper.as_ref().map_or_else(|| inner.clone(), |wrapper| wrapper.around(inner))
    }

    /// A companion's result.
    fn wrapped(&self, value: &TokenStream) -> TokenStream {
        self.wrapper.as_ref().map_or_else(|| value.clone(), |wrapper| wrapper.wrap(value))
    }

    /// `?`, where another companion may have no result.
    fn attempt(&self) -> TokenStream {
        self.wrapper.as_ref().map(|_| quote!(?)).unwrap_or_default()
    }

    /// What the parameters bind in a body made of `func`.
    fn given(&self, func: &Func) -> Given {
        let mut given = Given::default();
        for (p, param) in func.params.iter().zip(&self.params) {
            given.bind(&p.kind, &param.name, param.buffer);
        }
        given
    }

    fn float(&self) -> Ident {
        self.width.ident()
    }

    /// Zero, as a value of its type.
    fn zero(&self) -> TokenStream {
        let runtime = &self.runtime;
        if self.width.is_generic() { quote!(#runtime::__private::constant(0.0)) } else { quote!(0.0) }
    }

    /// The parameters in `wrt`.
    pub fn wrt(&self) -> impl Iterator<Item = (&FrameParam, &Layout)> {
        self.params.iter().filter_map(|p| p.wrt.as_ref().map(|layout| (p, layout)))
    }

    fn has_arrays(&self) -> bool {
        self.wrt().any(|(_, layout)| !layout.is_number())
    }

    /// The parameters as a companion declares them.
    fn declared(&self) -> Vec<TokenStream> {
        let one = |p: &FrameParam| {
            let (mutability, declared) = (p.mutable.then(|| quote!(mut)), p.declared());
            quote!(#mutability #declared)
        };
        self.params.iter().map(one).collect()
    }

    /// The parameters as a wrapper declares them.
    fn plain(&self) -> Vec<TokenStream> {
        self.params.iter().map(FrameParam::declared).collect()
    }

    /// What a wrapper hands on, but for the receiver: that is in [`Frame::callee`].
    fn arguments(&self) -> Vec<&Ident> {
        self.params.iter().filter(|p| p.receiver.is_none()).map(|p| &p.name).collect()
    }

    /// How a companion is called by another.
    fn callee(&self, companion: &Ident) -> TokenStream {
        let arguments = &self.generic_arguments;
        match (self.home, self.params.iter().find(|p| p.receiver.is_some())) {
            (Home::Module, _) => quote!(#companion #arguments),
            (_, None) => quote!(Self::#companion #arguments),
            (_, Some(receiver)) => {
                let receiver = &receiver.name;
                quote!(#receiver.#companion #arguments)
            }
        }
    }

    /// A name that is no parameter's.
    fn beside(&self, wanted: &str) -> Ident {
        let wanted = wanted.replace("r#", "");
        let taken = |name: &str| is_keyword(name) || self.params.iter().any(|p| p.name == name);
        let mut name = wanted.clone();
        let mut number = 1;
        while taken(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        Ident::new(&name, Span::mixed_site())
    }

    fn wrt_names(&self) -> String {
        let names: Vec<String> = self.wrt().map(|(p, _)| format!("`{}`", p.name)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nothing".into(),
        }
    }

    fn function(
        &self,
        name: &Ident,
        docs: &[String],
        params: &[TokenStream],
        output: &TokenStream,
        body: &TokenStream,
        must_use: bool,
    ) -> Written {
        let Frame { visibility, attributes, generics, bounds, prelude, .. } = self;
        let must_use = must_use.then(|| quote!(#[must_use]));
        let allows = allows();
        let paragraphs = docs.iter().enumerate().map(|(k, doc)| {
            let gap = (k > 0).then(|| quote!(#[doc = ""]));
            quote!(#gap #[doc = #doc])
        });
        let documentation = quote!(#(#paragraphs)* #must_use);
        let (in_trait, documentation) = match self.home {
            Home::Trait => (documentation, TokenStream::new()),
            _ => (TokenStream::new(), documentation),
        };
        let definitions = quote! {
            #attributes
            #documentation
            #allows
            #visibility fn #name #generics (#(#params),*) -> #output #bounds { #prelude #body }
        };
        let declarations = self.declaration(&in_trait, name, generics, params, output);
        Written { definitions, declarations, ..Written::default() }
    }

    /// A function without its body.
    fn declaration(
        &self,
        documentation: &TokenStream,
        name: &Ident,
        generics: &TokenStream,
        params: &[TokenStream],
        output: &TokenStream,
    ) -> TokenStream {
        if self.home != Home::Trait {
            return TokenStream::new();
        }
        let Frame { attributes, bounds, .. } = self;
        let is_mut = |token: &TokenTree| matches!(token, TokenTree::Ident(i) if i == "mut");
        let params = params.iter().map(|p| p.clone().into_iter().skip_while(is_mut).collect::<TokenStream>());
        quote!(#attributes #documentation fn #name #generics (#(#params),*) -> #output #bounds;)
    }
}

impl FrameParam {
    fn declared(&self) -> TokenStream {
        let FrameParam { name, ty, .. } = self;
        self.receiver.clone().unwrap_or_else(|| quote!(#name: #ty))
    }
}

fn stub() -> TokenStream {
    quote!(::core::unimplemented!("the function could not be differentiated"))
}

/// What generated code may do without a warning.
fn allows() -> TokenStream {
    quote! {
        #[allow(dead_code, unreachable_code, unused_variables, unused_mut, unused_assignments, unused_parens, unused_imports, unused_must_use, non_snake_case, irrefutable_let_patterns)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
    }
}

/// `f_gradient` and its kin.
#[must_use]
pub fn default_name(function: &Ident, suffix: &str) -> Ident {
    let mut name = format_ident!("{}_{}", function, suffix);
    name.set_span(function.span());
    name
}
