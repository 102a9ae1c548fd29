//! The companion with all derivatives up to some order: `f_derivatives(args) -> [T; n + 1]`. Its body carries power series in
//! the parameter, whose coefficients are lanes.

use super::{Frame, Written, stub};
use crate::emit::body;
use crate::forward::Jvp;
use proc_macro2::Literal;
use quote::quote;

impl Frame {
    pub(super) fn derivatives_function(&self, order: usize, series: Option<&Jvp>) -> Written {
        let (name, float, runtime) = (&self.name, self.float(), &self.runtime);
        let (lanes, all) = (Literal::usize_unsuffixed(order), Literal::usize_unsuffixed(order + 1));
        let body = series.map_or_else(stub, |series| {
            let mut given = self.given(&series.func);
            let along = self.beside("along");
            for kind in series.tangents.iter().flatten() {
                given.bind(kind, &along, false);
            }
            let inner = body(&series.func, &given, runtime, &|vals| {
                let (value, coefficients) = (&vals[0], &vals[1]);
                self.wrapped(&quote!(#runtime::__private::series::derivatives(#value, #coefficients)))
            });
            quote!(let #along = #runtime::__private::Lanes::<#float, #lanes>::unit(0); #inner)
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
