//! The types of derivatives. Input: the dimensions of what is in `wrt`. Output: what owns a derivative, what buffers one, the
//! type `G` of a gradient, and zeros.

use super::Frame;
use super::FrameParam;
use crate::emit::array::{nested, owned, zeros_of};
use crate::ir::Dim;
use proc_macro2::TokenStream;
use quote::quote;

impl Frame {
    /// The owned type of a derivative with respect to a parameter.
    pub(super) fn owned(&self, dims: &[Dim]) -> TokenStream {
        let float = self.float();
        owned(&quote!(#float), dims, &self.runtime)
    }

    /// The type of a buffer for it.
    pub(super) fn buffer(&self, dims: &[Dim]) -> TokenStream {
        match dims.split_first() {
            Some((Dim::Dynamic, rows)) => {
                let elem = self.owned(rows);
                quote!([#elem])
            }
            _ => self.owned(dims),
        }
    }

    /// Zeros of that type.
    pub(super) fn zeros(&self, p: &FrameParam, dims: &[Dim]) -> TokenStream {
        let (name, runtime) = (&p.name, &self.runtime);
        zeros_of(&quote!(#name), dims, &self.zero(), runtime)
    }

    /// Sets a buffer to zero.
    pub(super) fn clear(&self, buffer: &TokenStream, dims: &[Dim]) -> TokenStream {
        match dims.split_first() {
            None => TokenStream::new(),
            Some((_, rows)) if Dim::all_fixed(rows) => {
                let zero = nested(&self.zero(), rows);
                quote!(#buffer.fill(#zero);)
            }
            Some((_, rows)) => {
                let inner = self.clear(&quote!(row), rows);
                quote!(for row in #buffer.iter_mut() { #inner })
            }
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
