//! The companion with all derivatives up to some order: `f_derivatives(args) -> [T; n + 1]`. Its body carries power series in
//! the parameter, whose coefficients are lanes.

use super::{Frame, Written, stub};
use crate::emit::array::{owned, zeros_of};
use crate::emit::body;
use crate::forward::Jvp;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Frame {
    pub(super) fn derivatives_function(&self, order: usize, series: Option<&Jvp>) -> Written {
        let (name, float, runtime) = (&self.name, self.float(), &self.runtime);
        let (lanes, all) = (Literal::usize_unsuffixed(order), Literal::usize_unsuffixed(order + 1));
        let body = series.map_or_else(stub, |series| {
            let mut given = self.given(&series.func);
            let along = self.beside("along");
            let mut begin = TokenStream::new();
            for (p, kind) in self.params.iter().zip(&series.tangents) {
                match (kind, &p.layout) {
                    (Some(kind), _) if p.wrt.is_some() => given.bind(kind, &along, false),
                    // What is found in a buffer does not depend on the parameter.
                    (Some(kind), Some(layout)) => {
                        let (tangent, of) = (self.beside(&format!("{}_tangent", p.name)), &p.name);
                        let elem = quote!(#runtime::__private::Lanes<#float, #lanes>);
                        let ty = owned(&elem, &layout.dims, runtime);
                        let zeros = zeros_of(&quote!(#of), &layout.dims, &quote!(<#elem>::zero()), runtime);
                        begin.extend(quote!(let mut #tangent: #ty = #zeros; let #tangent = &mut #tangent;));
                        given.bind(kind, &tangent, true);
                    }
                    _ => {}
                }
            }
            let inner = body(&series.func, &given, runtime, &|vals| {
                let (value, coefficients) = (&vals[0], &vals[1]);
                self.wrapped(&quote!(#runtime::__private::series::derivatives(#value, #coefficients)))
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
        let output = self.around(&quote!([#float; #all]));
        self.function(&self.names.of("derivatives"), &[doc], &self.declared(), &output, &body, true)
    }
}
