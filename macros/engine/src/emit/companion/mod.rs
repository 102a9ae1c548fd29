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
//! | `frame` | what a function's signature shows |
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
mod custom_along;
mod derivatives;
mod directions;
mod frame;
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
mod sparse_columns;
mod tangents;
pub mod traced;
mod verify;
mod vjp;
mod witness;

pub use frame::{CompanionNames, Frame, FrameParam, Home};

use crate::analysis::once::Repeated;
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::reverse::Gradient;
use along::Along;
use jacobian::Jacobian;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sparse::Sparse;
use traced::Traced;

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
            func.untyped.clear();
            func.apart.clear();
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

fn stub() -> TokenStream {
    quote!(::core::unimplemented!("the function could not be differentiated"))
}

/// Compares the length of what stands beside a slice with its own.
fn as_long_as(slice: &Ident, other: &Ident) -> TokenStream {
    let text = format!("`{other}` needs as many elements as `{slice}`");
    quote!(::core::assert_eq!(#other.len(), #slice.len(), #text);)
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
