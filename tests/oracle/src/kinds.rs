//! The kinds of derivatives other than gradients and jvp, which are compared in a test of their own (`tests/kinds.rs`): rustc
//! takes long enough for one.

use super::second::is_float;
use super::{Options, Parameter, Setting, outputs};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, Type};

/// Whether the corpus is compiled for them.
pub fn chosen() -> bool {
    std::env::var("CARGO_CRATE_NAME").is_ok_and(|name| name.starts_with("kinds"))
}

impl Options {
    /// Whether there is a second derivative.
    pub fn has_second(&self) -> bool {
        !self.first_order
    }

    /// Whether the parameters in `wrt` are numbers, or one array.
    pub fn has_hessian(&self, parameters: &[Parameter]) -> bool {
        let types: Vec<&Type> = parameters.iter().filter(|p| p.wrt).filter_map(|p| p.owned.as_ref()).collect();
        let fixed = match types.as_slice() {
            [Type::Array(array)] => match &*array.elem {
                // The product of two `const N: usize` is no number of lanes.
                Type::Array(row) => !matches!(&row.len, Expr::Infer(_)),
                elem => is_float(elem),
            },
            _ => types.iter().all(|ty| is_float(ty)),
        };
        fixed && !types.is_empty() && self.has_second()
    }
}

impl Options {
    /// Whether there is a Hessian of a size that is a number.
    pub fn has_sparse(&self, parameters: &[Parameter]) -> bool {
        fn literal(ty: &Type) -> bool {
            let Type::Array(array) = ty else { return true };
            matches!(&array.len, Expr::Lit(_)) && literal(&array.elem)
        }
        self.has_hessian(parameters)
            && parameters.iter().filter(|p| p.wrt).filter_map(|p| p.owned.as_ref()).all(literal)
    }

    /// Whether there is one number in `wrt`, of which there are derivatives of every order.
    pub fn has_series(&self, parameters: &[Parameter]) -> bool {
        let mut wrt = parameters.iter().filter(|p| p.wrt);
        let one = wrt.next().is_some_and(|p| p.owned.as_ref().is_some_and(is_float));
        one && wrt.next().is_none() && self.has_second() && self.calls.is_empty()
    }
}

/// The comparison of the other kinds at one point.
pub fn compare(
    options: &Options,
    name: &Ident,
    k: usize,
    dual: &TokenStream,
    parameters: &[Parameter],
    point: &[Expr],
) -> TokenStream {
    let support = quote!(crate::corpus::support);
    let setting = Setting::new(name, k, parameters, point);
    let Setting { chosen, refill, arguments, directions, passed_directions, .. } = &setting;
    let vjp = format_ident!("{name}_vjp");
    let hvp = format_ident!("{name}_hvp");
    let hvp = if options.has_second() {
        quote_spanned!(Span::mixed_site()=> Some(&|flat: &[f64], given: &[f64]| {
            #refill
            let mut given = given.iter().copied();
            #(let #directions = #support::Argument::refill(&#chosen, &mut given);)*
            ::symgrad::Flatten::flatten(&#hvp(#(#arguments,)* #(#passed_directions),*))
        }))
    } else {
        quote!(None)
    };
    let all = format_ident!("{name}_value_gradient_hessian");
    let hessian = quote_spanned! {Span::mixed_site()=>
        let (value, gradient, hessian) = #all(#(#arguments),*);
        let (gradient, hessian) = (::symgrad::Flatten::flatten(&gradient), ::symgrad::Flatten::flatten(&hessian));
        (#support::wide(value), gradient, hessian)
    };
    let hessian = setting.offered(options.has_hessian(parameters), &hessian);
    let (sparse, pattern) = (
        format_ident!("{name}_sparse_hessian"),
        format_ident!("{}_SPARSE_HESSIAN_PATTERN", name.to_string().trim_start_matches("r#").to_uppercase()),
    );
    let sparse = quote_spanned! {Span::mixed_site()=>
        (#pattern.to_vec(), ::symgrad::Flatten::flatten(&#sparse(#(#arguments),*)))
    };
    let sparse = setting.offered(options.has_sparse(parameters), &sparse);
    let derivatives = format_ident!("{name}_derivatives");
    let series = quote_spanned!(Span::mixed_site()=> #derivatives(#(#arguments),*).map(#support::wide));
    let series = setting.offered(options.has_series(parameters), &series);
    let own = quote_spanned! {Span::mixed_site()=>
        hessian: #hessian,
        series: #series,
        sparse: #sparse,
        vjp: &|flat, cotangent| {
            #refill
            let (value, product) = #vjp(#(#arguments,)* #support::narrow(cotangent));
            (#support::wide(value), ::symgrad::Flatten::flatten(&product))
        },
        hvp: #hvp,
    };
    let compared = setting.compare(options, name, dual, &own);
    let twice =
        options.has_jacobian(parameters).then(|| outputs::compare_twice(options, name, dual, parameters, &setting));
    quote!(#compared #twice)
}
