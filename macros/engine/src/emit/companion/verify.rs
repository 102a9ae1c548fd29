//! The test that `verify(…)` asks for: each companion against differences of the function, or of another companion. Input: the
//! points, with values for all parameters. Output: one `#[test]` beside the companions, behind `cfg(test)`.
//!
//! What is in `wrt` is one flat list of scalars to the runtime crate: each call of a companion makes the arguments anew from the
//! values as written, and overwrites those scalars.

use super::{Derivatives, Frame, FrameParam, allows, default_name};
use crate::ir::Dim;
use crate::lower::lent;
use crate::lower::point::Point;
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

impl Frame {
    /// Whether there is a companion that a test can compare. A Jacobian may be there by default.
    pub(crate) fn compares(&self, derivatives: Option<&Derivatives>) -> bool {
        let Frame { gradient, jvp, vjp, hessian, hvp, sparse_jacobian, sparse_hessian, order, .. } = self;
        let sparse = *sparse_jacobian || *sparse_hessian;
        let one = *gradient || *jvp || *vjp || *hessian || *hvp || sparse || order.is_some();
        one || self.emits_jacobian(derivatives)
    }

    fn emits_jacobian(&self, derivatives: Option<&Derivatives>) -> bool {
        self.jacobian || derivatives.is_some_and(|derivatives| derivatives.jacobian.is_some())
    }

    /// The test of all points; nothing without any.
    pub(super) fn verification(&self, derivatives: Option<&Derivatives>) -> TokenStream {
        let Some(first) = self.points.first() else { return TokenStream::new() };
        let (attributes, allows, name) = (&self.attributes, allows(), default_name(&self.name, "verify"));
        let checks = self.points.iter().map(|point| self.checks_at(point, self.emits_jacobian(derivatives)));
        quote_spanned! {first.option.span()=>
            #attributes
            #[cfg(test)]
            #[test]
            #allows
            fn #name() { #({ #checks })* }
        }
    }

    fn checks_at(&self, point: &Point, jacobian: bool) -> TokenStream {
        let (runtime, function, at) = (&self.runtime, self.name.to_string(), &point.label);
        let single = self.width.ident() == "f32" || self.returned.as_ref().is_some_and(|width| width.ident() == "f32");
        let (verification, value) = (local("verification"), self.called_at(point, &self.name, &[]));
        let checks = self
            .kinds_checked(point, jacobian)
            .into_iter()
            .map(|(method, companion)| quote_spanned!(point.option.span()=> #verification.#method(#companion);));
        let start = self.start_of(point);
        quote! {
            let #verification = #runtime::check::Verification::new(#function, #at, #single, #start, #value);
            #(#checks)*
        }
    }

    /// The checks, each with what it compares.
    fn kinds_checked(&self, point: &Point, jacobian: bool) -> Vec<(Ident, TokenStream)> {
        let of = |suffix: &str, extra: &[Extra]| self.called_at(point, &self.names.of(suffix), extra);
        let mut checks = Vec::new();
        let mut check = |method: &str, companion: TokenStream| {
            checks.push((Ident::new(method, point.option.span()), companion));
        };
        if self.gradient {
            check("gradient", of("value_and_gradient", &[]));
        }
        if self.jvp {
            check("jvp", of("jvp", &[Extra::Tangents]));
        }
        if self.vjp {
            check("vjp", of("vjp", &[Extra::Cotangent]));
        }
        if jacobian {
            check("jacobian", of("value_and_jacobian", &[]));
        }
        if self.hessian {
            check("hessian", of("value_gradient_hessian", &[]));
        }
        if self.hvp {
            let (gradient, product) = (self.first_derivative(point), of("hvp", &[Extra::Tangents]));
            check("product", quote!(#gradient, #product));
        }
        if self.sparse_jacobian {
            check("sparse_jacobian", self.sparse_at(point, "sparse_jacobian"));
        }
        if self.sparse_hessian {
            let (gradient, hessian) = (self.first_derivative(point), self.sparse_at(point, "sparse_hessian"));
            check("sparse_hessian", quote!(#gradient, #hessian));
        }
        if self.order.is_some() {
            check("derivatives", of("derivatives", &[]));
        }
        checks
    }

    /// A closure with the gradient that second derivatives are held against: where no companion has one, that of differences.
    fn first_derivative(&self, point: &Point) -> TokenStream {
        let of = |suffix: &str| self.called_at(point, &self.names.of(suffix), &[]);
        let (verification, call, at) = (local("verification"), local("all"), local("at"));
        if self.gradient {
            of("gradient")
        } else if self.hessian {
            let all = of("value_gradient_hessian");
            quote!({ let #call = #all; move |#at: &[f64]| #call(#at).1 })
        } else {
            quote!(|#at: &[f64]| #verification.by_differences(#at))
        }
    }

    /// A closure with the places of the nonzeros, and with these.
    fn sparse_at(&self, point: &Point, suffix: &'static str) -> TokenStream {
        let name = self.names.of(suffix);
        if !self.is_traced() {
            let (pattern, this) = (self.constant(suffix), self.this.as_ref().map(|this| quote!(<#this>::)));
            let (call, at) = (local("nonzeros"), local("at"));
            let nonzeros = self.called_at(point, &name, &[]);
            return quote!({ let #call = #nonzeros; move |#at: &[f64]| (#this #pattern.to_vec(), #call(#at)) });
        }
        let find = self.called_at(point, &default_name(&name, "pattern"), &[]);
        let (call, at, pattern) = (local("nonzeros"), local("at"), local("pattern"));
        let nonzeros = self.called_at(point, &name, &[Extra::Pattern]);
        quote!(|#at: &[f64]| {
            let #pattern = (#find)(#at);
            let #call = #nonzeros;
            (#pattern.entries().to_vec(), #call(#at))
        })
    }

    /// The scalars of what is in `wrt`, as written.
    fn start_of(&self, point: &Point) -> TokenStream {
        let (runtime, scalars) = (&self.runtime, local("scalars"));
        let declared = declared_at(point);
        let visits = self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some()).map(|(k, p)| {
            let shared = shared(p, k);
            quote!(#runtime::Flatten::visit(#shared, &mut |scalar| #scalars.push(scalar));)
        });
        quote!({ #declared let mut #scalars = #runtime::__private::Vec::<f64>::new(); #(#visits)* #scalars })
    }

    /// A closure that calls a companion at scalars.
    fn called_at(&self, point: &Point, companion: &Ident, extra: &[Extra]) -> TokenStream {
        let (runtime, at, along) = (&self.runtime, local("at"), local("along"));
        let declared = declared_at(point);
        let (restored, lent) = (self.restored("", &at), self.lent(""));
        let mut start = quote!(#declared #restored #lent);
        let arguments = self.params.iter().enumerate().filter(|(_, p)| p.receiver.is_none());
        let mut arguments: Vec<TokenStream> = arguments.map(|(k, p)| argument(p, k, "")).collect();
        for extra in extra {
            match extra {
                Extra::Tangents => {
                    let again = declared_at(point);
                    let tangents = self.restored("along_", &along);
                    let wrt = || self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some());
                    let names: Vec<Ident> = wrt().map(|(k, _)| parameter(k, "along_")).collect();
                    let lent = self.lent("along_");
                    start.extend(quote!(let (#(#names,)*) = { #again #tangents (#(#names,)*) }; #lent));
                    arguments.extend(wrt().map(|(k, p)| argument(p, k, "along_")));
                }
                Extra::Pattern => {
                    let pattern = local("pattern");
                    arguments.push(quote!(&#pattern));
                }
                Extra::Cotangent => {
                    let cotangent = local("cotangent");
                    let result = self.called_at(point, &self.name, &[]);
                    start.extend(quote! {
                        let mut #cotangent = (#result)(#at);
                        #runtime::Differentiable::restore(&mut #cotangent, #along);
                    });
                    arguments.push(self.cotangent_of(&cotangent));
                }
            }
        }
        let receiver = self.params.iter().position(|p| p.receiver.is_some());
        let callee = match (receiver, &self.this) {
            (Some(k), _) => {
                let this = parameter(k, "");
                quote!(#this.#companion)
            }
            (None, Some(this)) => quote!(<#this>::#companion),
            (None, None) => quote!(#companion),
        };
        let call = quote!(#callee(#(#arguments),*));
        let value = match &self.wrapper {
            Some(wrapper) if wrapper.is_option() => quote!(#call.expect("there is a value here")),
            Some(_) => quote!(#call.ok().expect("there is a value here")),
            None => call,
        };
        let directed = extra.iter().any(|extra| *extra != Extra::Pattern);
        let more = directed.then(|| quote!(, #along: &[f64]));
        quote!(|#at: &[f64] #more| { #start #value })
    }

    /// The cotangent of a result, as `f_vjp` takes it: arrays by reference.
    fn cotangent_of(&self, value: &Ident) -> TokenStream {
        match &self.outcome {
            Outcome::Parts { tuple: true, members } => {
                let parts = members.iter().enumerate().map(|(k, layout)| {
                    let k = proc_macro2::Literal::usize_unsuffixed(k);
                    if layout.is_number() { quote!(#value.#k) } else { quote!(&#value.#k) }
                });
                quote!((#(#parts),*))
            }
            Outcome::Parts { .. } => quote!(&#value),
            _ => quote!(#value),
        }
    }

    /// Views of those that the function takes by a view.
    fn lent(&self, prefix: &str) -> TokenStream {
        let views = self.params.iter().enumerate().filter(|(_, p)| {
            p.wrt.as_ref().is_some_and(|layout| lent::methods(layout.record.as_ref(), &self.runtime).is_some())
        });
        let one = |(k, _)| {
            let name = parameter(k, prefix);
            quote!(let #name = #name.view();)
        };
        views.map(one).collect()
    }

    /// Those in `wrt` once more, under other names, with the scalars of a list.
    fn restored(&self, prefix: &str, list: &Ident) -> TokenStream {
        let (runtime, scalars, next) = (&self.runtime, local("scalars"), local("next"));
        let one = |(k, p): (usize, &FrameParam)| {
            let (name, from) = (parameter(k, prefix), shared(p, k));
            let copy = match p.wrt.as_ref().map(|layout| layout.dims.first()) {
                Some(Some(Dim::Dynamic)) => {
                    quote!(#runtime::__private::each(#from, #runtime::Differentiable::duplicate))
                }
                _ => {
                    let of = p.wrt.as_ref().map(|layout| self.differentiable(layout));
                    quote!(#of::duplicate(#from))
                }
            };
            quote! {
                let mut #name = #copy;
                #runtime::Differentiable::restore_each(&mut #name, &mut #next);
            }
        };
        let each: TokenStream = self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some()).map(one).collect();
        quote! {
            let mut #scalars = #list.iter().copied();
            let mut #next = || #scalars.next().unwrap_or(f64::NAN);
            #each
        }
    }
}

/// The parameters' values as written.
fn declared_at(point: &Point) -> TokenStream {
    let one = |(k, (value, ty)): (usize, &(TokenStream, TokenStream))| {
        let name = parameter(k, "");
        quote!(let #name: #ty = #value;)
    };
    point.values.iter().enumerate().map(one).collect()
}

/// What a companion takes beside the function's arguments.
#[derive(PartialEq)]
enum Extra {
    Tangents,
    Pattern,
    Cotangent,
}

/// A name that no value can mean.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn parameter(k: usize, prefix: &str) -> Ident {
    let name = format_ident!("{prefix}parameter_{k}");
    Ident::new(&name.to_string(), Span::mixed_site())
}

/// A reference to the value as written.
fn shared(p: &FrameParam, k: usize) -> TokenStream {
    let name = parameter(k, "");
    if p.by_reference && p.receiver.is_none() { quote!(#name) } else { quote!(&#name) }
}

/// How a parameter is handed over.
fn argument(p: &FrameParam, k: usize, prefix: &str) -> TokenStream {
    let name = parameter(k, prefix);
    if p.wrt.is_some() && p.by_reference { quote!(&#name) } else { quote!(#name) }
}
