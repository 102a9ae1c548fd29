//! The types of derivatives. Input: the dimensions of what is in `wrt`. Output: what owns a derivative, what buffers one, the
//! type `G` of a gradient, and zeros.

use super::Frame;
use super::FrameParam;
use crate::emit::array::{nested, owned, zeros_of};
use crate::ir::{Dim, Layout};
use crate::lower::lent;
use proc_macro2::TokenStream;
use quote::quote;

impl Frame {
    /// The owned type of a derivative with respect to a parameter.
    pub(super) fn owned(&self, layout: &Layout) -> TokenStream {
        let float = self.float();
        self.owned_of(layout, &quote!(#float))
    }

    /// The same with elements of some type, if they are numbers.
    pub(super) fn owned_of(&self, layout: &Layout, elem: &TokenStream) -> TokenStream {
        owned(layout.record.as_ref().unwrap_or(elem), &layout.dims, &self.runtime)
    }

    /// The type of a buffer for it.
    pub(super) fn buffer(&self, layout: &Layout) -> TokenStream {
        let float = self.float();
        self.buffer_of(layout, &quote!(#float))
    }

    /// The same with elements of some type.
    pub(super) fn buffer_of(&self, layout: &Layout, elem: &TokenStream) -> TokenStream {
        match layout.dims.split_first() {
            Some((Dim::Dynamic, rows)) => {
                let elem = self.owned_of(&Layout { dims: rows.to_vec(), record: layout.record.clone() }, elem);
                quote!([#elem])
            }
            _ => self.owned_of(layout, elem),
        }
    }

    /// Zeros of that type.
    pub(super) fn zeros(&self, p: &FrameParam, layout: &Layout) -> TokenStream {
        self.zeros_of(p, layout, &self.zero())
    }

    /// The same with elements of some type, of which this is zero.
    pub(super) fn zeros_of(&self, p: &FrameParam, layout: &Layout, zero: &TokenStream) -> TokenStream {
        let (name, runtime) = (&p.name, &self.runtime);
        if layout.record.is_none() {
            return zeros_of(&quote!(#name), &layout.dims, zero, runtime);
        }
        let shared = p.shared();
        match layout.dims.first() {
            Some(Dim::Dynamic) => quote!(#runtime::__private::each(#shared, #runtime::Differentiable::zero_like)),
            _ => {
                let of = self.differentiable(layout);
                quote!(#of::zero_like(#shared))
            }
        }
    }

    /// What has the methods of `Differentiable` for a parameter.
    pub(super) fn differentiable(&self, layout: &Layout) -> TokenStream {
        let runtime = &self.runtime;
        lent::methods(layout.record.as_ref(), runtime).unwrap_or_else(|| quote!(#runtime::Differentiable))
    }

    /// A derivative with respect to a parameter, of the parameter's own type: a view of it, if that is one.
    pub(super) fn given_as(&self, layout: &Layout, by_reference: bool, owned: &TokenStream) -> TokenStream {
        match (lent::methods(layout.record.as_ref(), &self.runtime), by_reference) {
            (Some(_), true) => quote!(&#owned.view()),
            (Some(_), false) => quote!(#owned.view()),
            (None, true) => owned.clone(),
            (None, false) => {
                let runtime = &self.runtime;
                quote!(#runtime::Differentiable::duplicate(#owned))
            }
        }
    }

    /// Makes a buffer zeros.
    pub(super) fn begin(&self, p: &FrameParam, buffer: &TokenStream, layout: &Layout) -> TokenStream {
        let runtime = &self.runtime;
        if layout.record.is_none() {
            return self.clear(buffer, &layout.dims);
        }
        let shared = p.shared();
        match layout.dims.first() {
            Some(Dim::Dynamic) => quote!(#runtime::__private::reset_each(#buffer, #shared);),
            _ => {
                let of = self.differentiable(layout);
                quote!(#of::reset_like(&mut *#buffer, #shared);)
            }
        }
    }

    /// Sets an array of floats to zero.
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
        let types: Vec<TokenStream> = self.wrt().map(|(_, layout)| self.owned(layout)).collect();
        match types.as_slice() {
            [] => quote!(()),
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
            [] => quote!(()),
            [one] => one.clone(),
            _ if !self.has_arrays() => quote!([#(#values),*]),
            _ => quote!((#(#values),*)),
        }
    }
}
