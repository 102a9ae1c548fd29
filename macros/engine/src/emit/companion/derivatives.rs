//! The companion with all derivatives up to some order: `f_derivatives(args) -> [R; n + 1]`, each of the type that the function returns.
//! Its body carries power series in the parameter, whose coefficients are lanes.

use super::{Frame, Written, stub};
use crate::emit::array::{owned, zeros_of};
use crate::emit::body;
use crate::forward::Jvp;
use crate::ir::Dim;
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn derivatives_function(&self, order: usize, series: Option<&Jvp>) -> Written {
        let (name, float, runtime) = (&self.name, self.float(), &self.runtime);
        let (lanes, all) = (Literal::usize_unsuffixed(order), Literal::usize_unsuffixed(order + 1));
        let body = series.map_or_else(stub, |series| {
            let mut given = self.given(&series.func);
            let along = self.beside("along");
            let elem = quote!(#runtime::__private::Lanes<#float, #lanes>);
            let elem = (elem.clone(), quote!(<#elem>::zero()));
            let (mut begin, results) = self.declare_results(&series.func.results, "result", &mut given);
            let (coefficients, tangents) = self.declare(&series.results, "result_tangent", &elem, &mut given);
            begin.extend(coefficients);
            for (p, kind) in self.params.iter().zip(&series.tangents) {
                match (kind, &p.layout) {
                    (Some(kind), _) if p.wrt.is_some() => given.bind(kind, &along, false),
                    // What is found in a buffer does not depend on the parameter.
                    (Some(kind), Some(layout)) => {
                        let (tangent, of) = (self.beside(&format!("{}_tangent", p.name)), &p.name);
                        let ty = owned(&elem.0, &layout.dims, runtime);
                        let zeros = zeros_of(&quote!(#of), &layout.dims, &elem.1, runtime);
                        begin.extend(quote!(let mut #tangent: #ty = #zeros; let #tangent = &mut #tangent;));
                        given.bind(kind, &tangent, true);
                    }
                    _ => {}
                }
            }
            let inner = body(&series.func, &given, runtime, &|vals| {
                let all = match vals {
                    [value, coefficients] => quote!(#runtime::__private::series::derivatives(#value, #coefficients)),
                    _ => self.each_derivative(&results, &tangents),
                };
                self.wrapped(&all)
            });
            quote!(let #along = #runtime::__private::Lanes::<#float, #lanes>::unit(0); #begin #inner)
        });
        let doc = format!(
            " The value of `{name}` and its derivatives with respect to {}, up to the {order}{}.",
            self.wrt_names(),
            match (order % 10, order % 100) {
                (1, n) if n != 11 => "st",
                (2, n) if n != 12 => "nd",
                (3, n) if n != 13 => "rd",
                _ => "th",
            }
        );
        let returns = self.returns();
        let output = self.around(&quote!([#returns; #all]));
        self.function(&self.names.of("derivatives"), &[doc], &self.declared(), &output, &body, true)
    }

    /// Those of what is returned in places, each in its shape.
    fn each_derivative(&self, values: &[Ident], coefficients: &[Ident]) -> TokenStream {
        let Outcome::Parts { tuple, members } = &self.outcome else { return stub() };
        let k = Ident::new("k", Span::mixed_site());
        let each = values.iter().zip(coefficients).zip(members).map(|((value, coefficients), layout)| {
            if layout.is_number() {
                return self.derivative_of(&quote!(#value[0]), &quote!(#coefficients[0]), &[], &k);
            }
            self.derivative_of(&quote!(#value), &quote!(#coefficients), &layout.dims, &k)
        });
        let one = if *tuple { quote!((#(#each),*)) } else { each.collect() };
        quote!(::core::array::from_fn(|#k| #one))
    }

    fn derivative_of(&self, value: &TokenStream, coefficients: &TokenStream, dims: &[Dim], k: &Ident) -> TokenStream {
        let runtime = &self.runtime;
        let Some((dim, rest)) = dims.split_first() else {
            return quote!(#runtime::__private::series::derivative(#value, &#coefficients, #k));
        };
        let i = Ident::new(&format!("i{}", rest.len()), Span::mixed_site());
        let inner = self.derivative_of(&quote!(#value[#i]), &quote!(#coefficients[#i]), rest, k);
        match dim {
            Dim::Dynamic => quote!((0..#value.len()).map(|#i| #inner).collect::<#runtime::__private::Vec<_>>()),
            Dim::Fixed(_) | Dim::Inferred => quote!(::core::array::from_fn(|#i| #inner)),
        }
    }
}
