//! The test that `verify(…)` asks for: each companion against differences of the function, or of another companion. Input: the
//! points, with values for all parameters. Output: one `#[test]` beside the companions, behind `cfg(test)`.
//!
//! What is in `wrt` is one flat list of scalars to the runtime crate: each call of a companion makes the arguments anew from the
//! values as written, and overwrites those scalars. To `jvp` and `vjp`, what is behind a `&mut` comes after them, as it is before
//! the call, and after the result, as it is then; to the other kinds it is a constant before, and the result if there is no other.

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
        // What computes in `f32` and `f64` is as precise as an `f32`.
        let widths = [Some(&self.width), self.returned.as_ref()];
        let single = self.mixed || widths.into_iter().flatten().any(|width| width.ident() == "f32");
        let verification = local("verification");
        let verified = |through: Through, checks: Vec<(Ident, TokenStream)>| {
            if checks.is_empty() {
                return TokenStream::new();
            }
            let (start, value) = (self.start_of(point, through), self.called_at(point, &self.name, None, through));
            let checks = checks
                .into_iter()
                .map(|(method, companion)| quote_spanned!(point.option.span()=> #verification.#method(#companion);));
            quote! {
                let #verification = #runtime::check::Verification::new(#function, #at, #single, #start, #value);
                #(#checks)*
            }
        };
        let products = self.products_checked(point);
        let others = self.kinds_checked(point, jacobian);
        if self.changes_buffers() {
            let (others, products) = (verified(Through::Wrt, others), verified(Through::Buffers, products));
            quote!(#others #products)
        } else {
            verified(Through::Wrt, others.into_iter().chain(products).collect())
        }
    }

    /// The checks of products with the Jacobian, each with what it compares.
    fn products_checked(&self, point: &Point) -> Vec<(Ident, TokenStream)> {
        let of = |kind: &str, extra: Extra| {
            let companion = self.called_at(point, &self.names.of(kind), Some(extra), Through::Buffers);
            (Ident::new(kind, point.option.span()), companion)
        };
        let jvp = self.jvp.then(|| of("jvp", Extra::Tangents));
        jvp.into_iter().chain(self.vjp.then(|| of("vjp", Extra::Cotangent))).collect()
    }

    /// The other checks.
    fn kinds_checked(&self, point: &Point, jacobian: bool) -> Vec<(Ident, TokenStream)> {
        let of =
            |suffix: &str, extra: Option<Extra>| self.called_at(point, &self.names.of(suffix), extra, Through::Wrt);
        let mut checks = Vec::new();
        let mut check = |method: &str, companion: TokenStream| {
            checks.push((Ident::new(method, point.option.span()), companion));
        };
        if self.gradient {
            check("gradient", of("value_and_gradient", None));
        }
        if jacobian && matches!(self.outcome, Outcome::Nothing) {
            check("jacobian", of("jacobian", None));
        } else if jacobian {
            check("jacobian", of("value_and_jacobian", None));
        }
        if self.hessian {
            check("hessian", of("value_gradient_hessian", None));
        }
        if self.hvp {
            let (gradient, product) = (self.first_derivative(point), of("hvp", Some(Extra::Tangents)));
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
            check("derivatives", of("derivatives", None));
        }
        checks
    }

    /// A closure with the gradient that second derivatives are held against: where no companion has one, that of differences.
    fn first_derivative(&self, point: &Point) -> TokenStream {
        let of = |suffix: &str| self.called_at(point, &self.names.of(suffix), None, Through::Wrt);
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
        // What is left in buffers comes before it.
        let own = matches!(self.outcome, Outcome::Nothing).then(|| quote!(.1));
        if !self.is_traced() {
            let (pattern, this) = (self.constant(suffix), self.this.as_ref().map(|this| quote!(<#this>::)));
            let (call, at) = (local("nonzeros"), local("at"));
            let nonzeros = self.called_at(point, &name, None, Through::Wrt);
            return quote!({ let #call = #nonzeros; move |#at: &[f64]| (#this #pattern.to_vec(), #call(#at)#own) });
        }
        let find = self.called_at(point, &default_name(&name, "pattern"), None, Through::Wrt);
        let (call, at, pattern) = (local("nonzeros"), local("at"), local("pattern"));
        let nonzeros = self.called_at(point, &name, Some(Extra::Pattern), Through::Wrt);
        quote!(|#at: &[f64]| {
            let #pattern = (#find)(#at)#own;
            let #call = #nonzeros;
            (#pattern.entries().to_vec(), #call(#at)#own)
        })
    }

    /// The scalars of what is in `wrt`, and of what a call goes through, as written.
    fn start_of(&self, point: &Point, through: Through) -> TokenStream {
        let (runtime, scalars) = (&self.runtime, local("scalars"));
        let declared = declared_at(point);
        let visits = self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some()).map(|(k, p)| {
            let shared = shared(p, k);
            quote!(#runtime::Flatten::visit(#shared, &mut |scalar| #scalars.push(scalar));)
        });
        let buffers = self.through(through).map(|(k, _)| parameter(k, "")).map(|name| quote!(*#name));
        let buffers = self.visits(buffers, &scalars);
        quote!({ #declared let mut #scalars = #runtime::__private::Vec::<f64>::new(); #(#visits)* #buffers #scalars })
    }

    /// What is behind a `&mut`, where a call goes through it.
    fn through(&self, through: Through) -> impl Iterator<Item = (usize, &FrameParam)> {
        self.params.iter().enumerate().filter(move |(_, p)| p.buffer && through == Through::Buffers)
    }

    /// Puts the scalars of some places into a list.
    fn visits(&self, places: impl Iterator<Item = TokenStream>, list: &Ident) -> TokenStream {
        let runtime = &self.runtime;
        places.map(|place| quote!(#runtime::Flatten::visit(&#place, &mut |scalar| #list.push(scalar));)).collect()
    }

    /// A closure that calls a companion at scalars.
    fn called_at(&self, point: &Point, companion: &Ident, extra: Option<Extra>, through: Through) -> TokenStream {
        let (runtime, at, along) = (&self.runtime, local("at"), local("along"));
        let declared = declared_at(point);
        let (restored, lent) = (self.restored("", &at, through), self.lent(""));
        let mut start = quote!(#declared #restored #lent);
        let arguments = self.params.iter().enumerate().filter(|(_, p)| p.receiver.is_none());
        let mut arguments: Vec<TokenStream> = arguments.map(|(k, p)| argument(p, k, "")).collect();
        match extra {
            None => {}
            Some(Extra::Tangents) => {
                let (scalars, next, again) = (local("scalars"), local("next"), declared_at(point));
                let tangents = self.restored("along_", &along, Through::Wrt);
                let wrt = self.params.iter().enumerate().filter(|(_, p)| p.wrt.is_some());
                let names: Vec<Ident> = wrt.map(|(k, _)| parameter(k, "along_")).collect();
                let lent = self.lent("along_");
                let buffers = self.buffers_along(point, through);
                start.extend(quote! {
                    let (#(#names,)* mut #scalars) = { #again #tangents (#(#names,)* #scalars) };
                    let mut #next = || #scalars.next().unwrap_or(f64::NAN);
                    #lent
                    #buffers
                });
                let directed = |p: &FrameParam| p.wrt.is_some() || (p.buffer && through == Through::Buffers);
                let directed = self.params.iter().enumerate().filter(|(_, p)| directed(p));
                arguments.extend(directed.map(|(k, p)| argument(p, k, "along_")));
            }
            Some(Extra::Pattern) => {
                let pattern = local("pattern");
                arguments.push(quote!(&#pattern));
            }
            Some(Extra::Cotangent) => {
                let (cotangent, scalars, next) = (local("cotangent"), local("scalars"), local("next"));
                start.extend(quote! {
                    let mut #scalars = #along.iter().copied();
                    let mut #next = || #scalars.next().unwrap_or(f64::NAN);
                });
                if !matches!(self.outcome, Outcome::Nothing) {
                    let result = self.called_at(point, &self.name, None, Through::Wrt);
                    start.extend(quote! {
                        let mut #cotangent = (#result)(#at);
                        #runtime::Differentiable::restore_each(&mut #cotangent, &mut #next);
                    });
                    arguments.push(self.cotangent_of(&cotangent));
                }
                start.extend(self.buffers_along(point, through));
                arguments.extend(self.through(through).map(|(k, p)| argument(p, k, "along_")));
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
        let directed = extra.filter(|extra| *extra != Extra::Pattern);
        let more = directed.map(|_| quote!(, #along: &[f64]));
        let value = self.with_buffers_after(value, *companion == self.name, directed, through);
        quote!(|#at: &[f64] #more| { #start #value })
    }

    /// What a call returned, and what it left behind each `&mut`; if it is `directed`, both once more, of the derivatives.
    fn with_buffers_after(
        &self,
        call: TokenStream,
        function: bool,
        directed: Option<Extra>,
        through: Through,
    ) -> TokenStream {
        let nothing = matches!(self.outcome, Outcome::Nothing);
        if !self.changes_buffers() || (through == Through::Wrt && !nothing) {
            return call;
        }
        let (runtime, result, derivative) = (&self.runtime, local("result"), local("derivative"));
        let list = |first: Option<&Ident>, prefix: &str| {
            let list = local("list");
            let buffers = self.through(Through::Buffers).map(|(k, _)| parameter(k, prefix)).map(|name| quote!(*#name));
            let visits = self.visits(first.map(|first| quote!(#first)).into_iter().chain(buffers), &list);
            quote!({ let mut #list = #runtime::__private::Vec::<f64>::new(); #visits #list })
        };
        let returned = (!nothing).then_some(&result);
        let values = list(returned, "");
        if function {
            return quote!({ let #result = #call; #values });
        }
        let Some(direction) = directed else { return quote!({ let #derivative = #call; (#values, #derivative) }) };
        // Where a function returns nothing, there is no tangent of that, and without `wrt` no gradient.
        let none = match direction {
            Extra::Tangents => nothing,
            _ => !self.params.iter().any(|p| p.wrt.is_some()),
        };
        let bound = match (nothing, none) {
            (false, false) => quote!(let (#result, #derivative) = #call;),
            (true, false) => quote!(let #derivative = #call;),
            (false, true) => quote!(let #result = #call;),
            (true, true) => quote!(#call;),
        };
        let derivatives = list((!none).then_some(&derivative), "along_");
        quote!({ #bound (#values, #derivatives) })
    }

    /// What the derivatives of what is behind a `&mut` are written to: as many scalars as there, the next of a list.
    fn buffers_along(&self, point: &Point, through: Through) -> TokenStream {
        let one = |(k, p): (usize, &FrameParam)| {
            let (name, (value, ty)) = (parameter(k, "along_"), &point.values[k]);
            let restored = self.overwritten(p, &name);
            quote!(let #name: #ty = #value; #restored)
        };
        self.through(through).map(one).collect()
    }

    /// Overwrites what is behind a `&mut` with the next scalars of a list.
    fn overwritten(&self, p: &FrameParam, name: &Ident) -> TokenStream {
        let (runtime, next) = (&self.runtime, local("next"));
        if p.layout.as_ref().is_some_and(|layout| matches!(layout.dims.first(), Some(Dim::Dynamic))) {
            quote!(#name.iter_mut().for_each(|part| #runtime::Differentiable::restore_each(part, &mut #next));)
        } else {
            quote!(#runtime::Differentiable::restore_each(#name, &mut #next);)
        }
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

    /// Those in `wrt` once more, under other names, with the scalars of a list; and those that a call goes through.
    fn restored(&self, prefix: &str, list: &Ident, through: Through) -> TokenStream {
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
        let buffers: TokenStream =
            self.through(through).map(|(k, p)| self.overwritten(p, &parameter(k, prefix))).collect();
        quote! {
            let mut #scalars = #list.iter().copied();
            let mut #next = || #scalars.next().unwrap_or(f64::NAN);
            #each
            #buffers
        }
    }
}

/// The parameters' values as written; methods may change what `self` is.
fn declared_at(point: &Point) -> TokenStream {
    let one = |(k, (value, ty)): (usize, &(TokenStream, TokenStream))| {
        let name = parameter(k, "");
        quote!(let mut #name: #ty = #value;)
    };
    point.values.iter().enumerate().map(one).collect()
}

/// What the scalars of a call are.
#[derive(Clone, Copy, PartialEq)]
enum Through {
    /// Those in `wrt`.
    Wrt,
    /// Also those behind a `&mut`.
    Buffers,
}

/// What a companion takes beside the function's arguments.
#[derive(Clone, Copy, PartialEq)]
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
    match (p.wrt.is_some() && p.by_reference, p.buffer) {
        (_, true) => quote!(&mut *#name),
        (true, _) => quote!(&#name),
        _ => quote!(#name),
    }
}
