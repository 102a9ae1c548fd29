//! The problem for the optimizers: `objective = Name`. Input: its fields, which are the function's data. Output: a struct, and
//! the traits of `optimize` for it: `Objective`, with a Hessian `TwiceDifferentiable`, and `Residuals` of what returns many
//! numbers. Points are flat: the parameters in `wrt` one after another, the only slice among them with what is left.

use super::{Frame, FrameParam};
use crate::ir::{Dim, Layout};
use crate::lower::problem::Problem;
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

impl Frame {
    /// The struct and its traits.
    pub(super) fn objective(&self, problem: &Problem) -> TokenStream {
        let Frame { visibility, attributes, bounds, runtime, name: function, .. } = self;
        let Problem { name, generics, arguments, fields } = problem;
        let doc = format!(" The problem of `{function}` for the optimizers: its data.");
        let declared = fields.iter().map(|(field, ty)| {
            let doc = format!(" `{field}` of `{function}`.");
            quote!(#[doc = #doc] #visibility #field: #ty)
        });
        let traits = if matches!(self.outcome, Outcome::Scalar) { self.objective_traits() } else { self.residuals() };
        let head = quote!(#name #arguments #bounds);
        let allows = super::allows();
        let traits = traits.into_iter().map(|(of, methods)| {
            quote! {
                #attributes
                #allows
                impl #generics #runtime::optimize::#of for #head { #methods }
            }
        });
        quote! {
            #attributes
            #[doc = #doc]
            #[derive(Clone, Copy)]
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            #visibility struct #name #generics #bounds { #(#declared),* }
            #(#traits)*
        }
    }

    fn objective_traits(&self) -> Vec<(TokenStream, TokenStream)> {
        let runtime = &self.runtime;
        let optimize = quote!(#runtime::optimize);
        let dimension = self.dimension();
        let fits = self.fits();
        let (value, companion) = (self.at_point(&self.name, false), self.names.of("value_and_gradient"));
        let both = self.at_point(&companion, false);
        let into = match self.wrt().collect::<Vec<_>>().as_slice() {
            [(_, layout)] if matches!(layout.dims.as_slice(), [Dim::Dynamic]) => {
                let into = self.names.in_buffers("value_and_gradient");
                let call = self.call_at_point(&into, &quote!(, gradient));
                let start = self.taken_apart(false);
                quote! {
                    let (expected, found) = (point.len(), gradient.len());
                    if expected != found {
                        return ::core::result::Result::Err(#optimize::Error::GradientLength { expected, found });
                    }
                    #start
                    ::core::result::Result::Ok(#call)
                }
            }
            _ => {
                quote!(#optimize::Objective::try_value_and_gradient(&#optimize::objective(|point: &[f64]| #both), point, gradient))
            }
        };
        let mut traits = vec![(
            quote!(Objective),
            quote! {
                fn dimension(&self) -> ::core::option::Option<usize> { #dimension }
                fn value(&self, point: &[f64]) -> f64 {
                    if #fits { #value } else { f64::NAN }
                }
                fn value_and_gradient(&self, point: &[f64], gradient: &mut [f64]) -> f64 {
                    #optimize::Objective::try_value_and_gradient(self, point, gradient).unwrap_or(f64::NAN)
                }
                fn try_value_and_gradient(
                    &self,
                    point: &[f64],
                    gradient: &mut [f64],
                ) -> ::core::result::Result<f64, #optimize::Error> {
                    if !#fits {
                        gradient.fill(f64::NAN);
                        return ::core::result::Result::Ok(f64::NAN);
                    }
                    #into
                }
            },
        )];
        if self.hessian && self.columns().is_some() {
            let all = self.at_point(&self.names.of("value_gradient_hessian"), false);
            let product = self.hvp.then(|| {
                let (start, vector) = (self.taken_apart(false), self.taken_apart(true));
                let vectors = self.point_arguments(true);
                let call = self.call_at_point(&self.names.of("hvp"), &quote!(#(, #vectors)*));
                quote! {
                    fn hessian_product(&self, point: &[f64], vector: &[f64], product: &mut [f64]) {
                        if !#fits || vector.len() != point.len() {
                            return product.fill(f64::NAN);
                        }
                        #start
                        #vector
                        #runtime::Flatten::flatten_into(&#call, product);
                    }
                }
            });
            traits.push((
                quote!(TwiceDifferentiable),
                quote! {
                    fn hessian(&self, point: &[f64], hessian: &mut [f64]) {
                        if !#fits {
                            return hessian.fill(f64::NAN);
                        }
                        #runtime::Flatten::flatten_into(&{ #all }.2, hessian);
                    }
                    fn value_gradient_hessian(&self, point: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
                        #optimize::TwiceDifferentiable::try_value_gradient_hessian(self, point, gradient, hessian)
                            .unwrap_or(f64::NAN)
                    }
                    fn try_value_gradient_hessian(
                        &self,
                        point: &[f64],
                        gradient: &mut [f64],
                        hessian: &mut [f64],
                    ) -> ::core::result::Result<f64, #optimize::Error> {
                        if !#fits {
                            gradient.fill(f64::NAN);
                            hessian.fill(f64::NAN);
                            return ::core::result::Result::Ok(f64::NAN);
                        }
                        let problem = #optimize::second_order(|point: &[f64]| #all);
                        #optimize::TwiceDifferentiable::try_value_gradient_hessian(&problem, point, gradient, hessian)
                    }
                    #product
                },
            ));
        }
        traits
    }

    fn residuals(&self) -> Vec<(TokenStream, TokenStream)> {
        let runtime = &self.runtime;
        let optimize = quote!(#runtime::optimize);
        let (dimension, fits) = (self.dimension(), self.fits());
        let value = self.at_point(&self.name, false);
        let both = self.at_point(&self.names.of("value_and_jacobian"), false);
        vec![(
            quote!(Residuals),
            quote! {
                fn dimension(&self) -> ::core::option::Option<usize> { #dimension }
                fn residuals(&self, point: &[f64], residuals: &mut #runtime::__private::Vec<f64>) {
                    residuals.clear();
                    if !#fits {
                        return residuals.push(f64::NAN);
                    }
                    #runtime::Flatten::visit(&{ #value }, &mut |residual| residuals.push(residual));
                }
                fn residuals_and_jacobian(
                    &self,
                    point: &[f64],
                    residuals: &mut #runtime::__private::Vec<f64>,
                    jacobian: &mut #runtime::__private::Vec<f64>,
                ) {
                    if !#fits {
                        for (numbers, len) in [(residuals, 1), (jacobian, point.len())] {
                            numbers.clear();
                            numbers.resize(len, f64::NAN);
                        }
                        return;
                    }
                    let problem = #optimize::residuals(|point: &[f64]| #both);
                    #optimize::Residuals::residuals_and_jacobian(&problem, point, residuals, jacobian);
                }
            },
        )]
    }

    /// How many coordinates a point has, if the types tell.
    fn dimension(&self) -> TokenStream {
        let dynamic = self.wrt().any(|(_, layout)| matches!(layout.dims.first(), Some(Dim::Dynamic)));
        if dynamic {
            return quote!(::core::option::Option::None);
        }
        let counts = self.wrt().map(|(_, layout)| count(layout));
        quote!(::core::option::Option::Some(0 #(+ #counts)*))
    }

    /// Whether a point has as many coordinates as it may have: an expression in parentheses.
    fn fits(&self) -> TokenStream {
        let fixed = self.wrt().filter(|(_, layout)| !matches!(layout.dims.first(), Some(Dim::Dynamic)));
        let fixed = fixed.map(|(_, layout)| count(layout));
        let fixed = quote!(0 #(+ #fixed)*);
        match self
            .wrt()
            .find_map(|(_, layout)| layout.dims.split_first().filter(|(dim, _)| matches!(dim, Dim::Dynamic)))
        {
            None => quote!((point.len() == #fixed)),
            Some((_, [Dim::Fixed(row), ..])) => {
                quote!((point.len().checked_sub(#fixed).is_some_and(|n| n % (#row) == 0)))
            }
            Some(_) => quote!((point.len() >= #fixed)),
        }
    }

    /// A companion's value at a point.
    fn at_point(&self, companion: &Ident, of_vector: bool) -> TokenStream {
        let (start, call) = (self.taken_apart(of_vector), self.call_at_point(companion, &TokenStream::new()));
        quote!({ #start #call })
    }

    fn call_at_point(&self, companion: &Ident, more: &TokenStream) -> TokenStream {
        let mut points = self.point_arguments(false).into_iter();
        let arguments = self.params.iter().map(|p| {
            let name = &p.name;
            if p.wrt.is_some() { points.next().unwrap_or_default() } else { quote!(self.#name) }
        });
        let generic = &self.generic_arguments;
        quote!(#companion #generic(#(#arguments),* #more))
    }

    fn point_arguments(&self, of_vector: bool) -> Vec<TokenStream> {
        let one = |(p, layout): (&FrameParam, &Layout)| {
            let part = part_of(p, of_vector);
            match (layout.dims.first(), p.by_reference) {
                (Some(Dim::Dynamic), true) if p.vec => quote!(&#part.to_vec()),
                (Some(Dim::Dynamic), false) => quote!(#part.to_vec()),
                (Some(Dim::Dynamic), true) | (_, false) => quote!(#part),
                (_, true) => quote!(&#part),
            }
        };
        self.wrt().map(one).collect()
    }

    /// Declares those variables.
    fn taken_apart(&self, of_vector: bool) -> TokenStream {
        let runtime = &self.runtime;
        let rest = Ident::new("rest", Span::mixed_site());
        let point = Ident::new(if of_vector { "vector" } else { "point" }, Span::call_site());
        let wrt: Vec<(&FrameParam, &Layout)> = self.wrt().collect();
        let each = wrt.iter().enumerate().map(|(k, (p, layout))| {
            let part = part_of(p, of_vector);
            let value = match layout.dims.split_first() {
                Some((Dim::Dynamic, rows)) => {
                    let after = wrt[k + 1..].iter().map(|(_, layout)| count(layout));
                    let all = quote!(#runtime::__private::all_but(&mut #rest, 0 #(+ #after)*));
                    match rows.first() {
                        Some(Dim::Fixed(len)) => quote!(#all.as_chunks::<{ #len }>().0),
                        _ => all,
                    }
                }
                _ => layout.dims.iter().fold(
                    quote!(#runtime::__private::coordinate(&mut #rest)),
                    |inner, _| quote!(::core::array::from_fn(|_| #inner)),
                ),
            };
            quote!(let #part = #value;)
        });
        quote!(let mut #rest: &[f64] = #point; #(#each)*)
    }
}

/// How many numbers there are in an array.
fn count(layout: &Layout) -> TokenStream {
    let lens = layout.dims.iter().map(|dim| if let Dim::Fixed(len) = dim { quote!((#len)) } else { quote!(0) });
    quote!(1 #(* #lens)*)
}

/// What a point is made of: a variable for each parameter.
fn part_of(p: &FrameParam, of_vector: bool) -> Ident {
    let name = p.name.to_string();
    let name = name.trim_start_matches("r#");
    Ident::new(&format!("{name}_at_{}", if of_vector { "vector" } else { "point" }), Span::mixed_site())
}
