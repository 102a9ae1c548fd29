//! The types of derivatives. Input: the dimensions of what is in `wrt`. Output: what owns a derivative, what buffers one, the
//! type `G` of a gradient, and zeros.

use super::Frame;
use super::FrameParam;
use crate::ir::Dim;
use proc_macro2::TokenStream;
use quote::quote;

impl Frame {
    /// The owned type of a derivative with respect to a parameter.
    pub(super) fn owned(&self, dims: &[Dim]) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        let elem = |dims: &[Dim]| nested(&quote!(#float), dims);
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = elem(&dims[1..]);
                quote!(#runtime::__private::Vec<#elem>)
            }
            _ => elem(dims),
        }
    }

    /// The type of a buffer for it.
    pub(super) fn buffer(&self, dims: &[Dim]) -> TokenStream {
        let float = self.float();
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = nested(&quote!(#float), &dims[1..]);
                quote!([#elem])
            }
            _ => nested(&quote!(#float), dims),
        }
    }

    /// Zeros of that type.
    pub(super) fn zeros(&self, p: &FrameParam, dims: &[Dim]) -> TokenStream {
        let (name, runtime) = (&p.name, &self.runtime);
        match dims.first() {
            Some(Dim::Dynamic) => {
                let elem = nested(&self.zero(), &dims[1..]);
                quote!(#runtime::__private::vec![#elem; #name.len()])
            }
            _ => nested(&self.zero(), dims),
        }
    }

    /// The type `G` of a gradient.
    pub(super) fn shape(&self) -> TokenStream {
        let float = self.float();
        let types: Vec<TokenStream> = self.wrt().map(|(_, dims)| self.owned(dims)).collect();
        match types.as_slice() {
            [one] => one.clone(),
            _ if !self.has_arrays() => {
                let n = proc_macro2::Literal::usize_unsuffixed(types.len());
                quote!([#float; #n])
            }
            _ => quote!((#(#types),*)),
        }
    }

    /// A value of the type `G`.
    pub(super) fn shaped(&self, values: &[TokenStream]) -> TokenStream {
        match values {
            [one] => one.clone(),
            _ if !self.has_arrays() => quote!([#(#values),*]),
            _ => quote!((#(#values),*)),
        }
    }
}

/// `[[f64; C]; R]`
pub(super) fn nested(elem: &TokenStream, dims: &[Dim]) -> TokenStream {
    dims.iter().rev().fold(elem.clone(), |inner, dim| match dim {
        Dim::Fixed(len) => quote!([#inner; #len]),
        Dim::Dynamic => inner,
    })
}
