//! The parameters in `wrt` as one vector, of which each element is a direction: the columns of a Jacobian or a Hessian. Where
//! their number is part of the types, all are computed in one pass over the function, in as many lanes, unless they are many and the
//! function may run again. Over slices, and of many, it runs once for each `AT_ONCE` columns.

use super::{Frame, FrameParam, Home};
use crate::analysis::sparsity::{elements, length, total};
use crate::emit::array::{owned, zeros_of};
use crate::forward::Directions;
use crate::ir::{Dim, Layout, Passes};
use crate::tokens::{has_word, names};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// How many columns are computed at once over slices.
pub(super) const AT_ONCE: usize = 8;

/// How many columns of an array are computed at once at most, if there is a choice: tangents are as long.
const MANY: usize = 2 * AT_ONCE;

/// What the vector is made of.
pub enum Columns<'f> {
    /// Numbers.
    Numbers(Vec<&'f FrameParam>),
    /// An array.
    Array(&'f FrameParam, &'f Layout),
    /// One of so many elements that a few of them are taken at a time.
    Long(&'f FrameParam, &'f Layout),
    /// A slice or a `Vec`, of numbers or of arrays.
    Slice(&'f FrameParam, &'f Layout),
    /// Numbers and arrays, one after the other.
    Parts(Vec<(&'f FrameParam, &'f Layout)>),
    /// A struct, of which each number is a direction of its own.
    Struct(&'f FrameParam, &'f Layout),
}

impl Frame {
    /// The parameters in `wrt` as one vector; nothing, if they are of different shapes.
    #[must_use]
    pub fn columns(&self) -> Option<Columns<'_>> {
        let wrt: Vec<(&FrameParam, &Layout)> = self.wrt().collect();
        if !wrt.is_empty() && wrt.iter().all(|(_, layout)| layout.is_number()) {
            return Some(Columns::Numbers(wrt.into_iter().map(|(p, _)| p).collect()));
        }
        let &[(p, layout)] = wrt.as_slice() else { return None };
        match layout.dims.split_first() {
            _ if layout.record.is_some() => Dim::all_fixed(&layout.dims).then_some(Columns::Struct(p, layout)),
            Some((Dim::Dynamic, rows)) if Dim::all_fixed(rows) => Some(Columns::Slice(p, layout)),
            Some(_) if Dim::all_fixed(&layout.dims) => Some(Columns::Array(p, layout)),
            _ => None,
        }
    }

    /// The columns of a Jacobian, whose rows are gradients: the parameters may be of different shapes, if those are known.
    #[must_use]
    pub fn columns_of_rows(&self) -> Option<Columns<'_>> {
        let known = |(_, layout): &(&FrameParam, &Layout)| {
            // The sum of a function's own constants is no number of lanes.
            let own = |len: &TokenStream| names(len.clone()).any(|word| has_word(self.generics.clone(), &word));
            layout.record.is_none() && layout.dims.iter().all(|dim| matches!(dim, Dim::Fixed(len) if !own(len)))
        };
        self.columns().filter(|columns| !matches!(columns, Columns::Struct(..))).or_else(|| {
            let wrt: Vec<(&FrameParam, &Layout)> = self.wrt().collect();
            (wrt.len() > 1 && wrt.iter().all(known)).then_some(Columns::Parts(wrt))
        })
    }

    /// Whether the number of columns is certainly one that may stand in a type: a product or a sum of constants of the function's, or
    /// of the `impl` around it, is none.
    #[must_use]
    pub fn counts(&self, columns: &Columns<'_>) -> bool {
        let constant = |dim: &Dim| match dim {
            Dim::Fixed(len) if self.home == Home::Module => {
                names(len.clone()).all(|word| !has_word(self.generics.clone(), &word))
            }
            Dim::Fixed(len) => names(len.clone()).next().is_none(),
            Dim::Inferred | Dim::Dynamic => false,
        };
        match columns {
            Columns::Numbers(_) | Columns::Struct(..) => true,
            Columns::Array(_, layout) | Columns::Long(_, layout) => {
                layout.dims.len() == 1 || layout.dims.iter().all(constant)
            }
            Columns::Slice(_, layout) => layout.dims[1..].iter().all(constant),
            Columns::Parts(parts) => parts.iter().all(|(_, layout)| layout.dims.iter().all(constant)),
        }
    }

    /// Whether there may be so many columns of an array that a few of them are taken at a time.
    #[must_use]
    pub fn may_be_many(&self, columns: &Columns<'_>) -> bool {
        let Columns::Array(_, layout) = columns else { return false };
        match elements(&layout.dims) {
            Some(count) => count > MANY,
            // A type depends on no parameter of the function's but by its name alone.
            None => {
                self.counts(columns)
                    && layout.dims.iter().all(|dim| {
                        let Dim::Fixed(len) = dim else { return false };
                        names(len.clone()).all(|word| !has_word(self.generics.clone(), &word))
                    })
            }
        }
    }

    /// The type of a tangent in all directions of one pass.
    pub(super) fn lanes(&self, columns: &Columns<'_>) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        let count = columns.lanes();
        quote!(#runtime::__private::Lanes<#float, #count>)
    }

    /// Declares the directions; those over a slice begin with column `start`.
    pub(super) fn seeds(&self, columns: &Columns<'_>, names: &[Ident], start: &Ident) -> TokenStream {
        let lanes = self.lanes(columns);
        match columns {
            Columns::Numbers(params) if params.len() == 1 => TokenStream::new(),
            Columns::Struct(p, layout) => {
                let (name, shared, runtime, of) = (&names[0], p.shared(), &self.runtime, self.differentiable(layout));
                let lent = p.by_reference.then(|| quote!(let #name = &#name;));
                quote! {
                    let mut #name = #of::zero_like(#shared);
                    #runtime::__private::set_unit(&mut #name, #start);
                    #lent
                }
            }
            Columns::Numbers(_) => {
                let ks = (0..names.len()).map(Literal::usize_unsuffixed);
                quote!(#(let #names = <#lanes>::unit(#ks);)*)
            }
            Columns::Array(p, layout) => {
                let (name, ty) = (&names[0], owned(&lanes, &layout.dims, &self.runtime));
                let seeds = nest(&layout.dims, &TokenStream::new(), &|index| quote!(<#lanes>::unit(#index)));
                let lent = p.by_reference.then(|| quote!(let #name = &#name;));
                quote!(let #name: #ty = #seeds; #lent)
            }
            Columns::Parts(parts) => {
                let each = parts.iter().zip(names).zip(starts(parts)).map(|(((p, layout), name), start)| {
                    let ty = owned(&lanes, &layout.dims, &self.runtime);
                    let one = |index: &TokenStream| quote!(<#lanes>::unit(#start #index));
                    let seeds = nest(&layout.dims, &TokenStream::new(), &|index| one(&quote!(+ #index)));
                    let seeds = if layout.is_number() { one(&TokenStream::new()) } else { seeds };
                    let lent = (p.by_reference && !layout.is_number()).then(|| quote!(let #name = &#name;));
                    quote!(let #name: #ty = #seeds; #lent)
                });
                each.collect()
            }
            Columns::Long(p, layout) => {
                let (name, ty) = (&names[0], owned(&lanes, &layout.dims, &self.runtime));
                let one = |index: &TokenStream| quote!(<#lanes>::unit((#index).wrapping_sub(#start)));
                let seeds = nest(&layout.dims, &TokenStream::new(), &one);
                let lent = p.by_reference.then(|| quote!(let #name = &#name;));
                quote!(let #name: #ty = #seeds; #lent)
            }
            Columns::Slice(p, layout) => {
                let (name, ty) = (&names[0], owned(&lanes, &layout.dims, &self.runtime));
                let (i, of) = (Ident::new("i", Span::mixed_site()), &p.name);
                let one = |index: &TokenStream| quote!(<#lanes>::unit((#index).wrapping_sub(#start)));
                let row = nest(&layout.dims[1..], &quote!(#i), &one);
                let lent = p.by_reference.then(|| quote!(let #name = &#name[..];));
                quote!(let #name: #ty = (0..#of.len()).map(|#i| #row).collect(); #lent)
            }
        }
    }

    /// Declares an array of lanes for each element of a parameter, without a direction.
    pub(super) fn lanes_like(&self, columns: &Columns<'_>, p: &FrameParam, dims: &[Dim], name: &Ident) -> TokenStream {
        let (lanes, of) = (self.lanes(columns), &p.name);
        let ty = owned(&lanes, dims, &self.runtime);
        let zeros = zeros_of(&quote!(#of), dims, &quote!(<#lanes>::zero()), &self.runtime);
        quote!(let mut #name: #ty = #zeros;)
    }
}

impl Columns<'_> {
    /// The numbers in the lanes of one tangent, in the shape of the parameters.
    pub(super) fn row(&self, tangent: &TokenStream) -> TokenStream {
        match self {
            Columns::Numbers(params) if params.len() == 1 => quote!(#tangent),
            Columns::Array(_, layout) if layout.dims.len() > 1 => {
                let row = Ident::new("row", Span::mixed_site());
                let numbers = nest(&layout.dims, &TokenStream::new(), &|index| quote!(#row[#index]));
                quote!({ let #row = #tangent.0; #numbers })
            }
            Columns::Parts(parts) => {
                let row = Ident::new("row", Span::mixed_site());
                let each = parts.iter().zip(starts(parts)).map(|((_, layout), start)| match layout.dims.len() {
                    0 => quote!(#row[#start]),
                    _ => nest(&layout.dims, &TokenStream::new(), &|index| quote!(#row[#start + #index])),
                });
                quote!({ let #row = #tangent.0; (#(#each),*) })
            }
            _ => quote!((#tangent).0),
        }
    }

    /// How many lanes a pass has.
    pub(super) fn lanes(&self) -> TokenStream {
        match self {
            Columns::Numbers(params) => {
                let n = Literal::usize_unsuffixed(params.len());
                quote!(#n)
            }
            Columns::Array(_, layout) => product(&layout.dims),
            Columns::Parts(parts) => {
                let counts = parts.iter().map(|(_, layout)| product(&layout.dims));
                quote!({ #((#counts))+* })
            }
            Columns::Slice(..) => {
                let n = Literal::usize_unsuffixed(AT_ONCE);
                quote!(#n)
            }
            Columns::Struct(..) => quote!(1),
            // Of a constant of another item, the number is not visible.
            Columns::Long(_, layout) => {
                let (n, most, few) =
                    (product(&layout.dims), Literal::usize_unsuffixed(MANY), Literal::usize_unsuffixed(AT_ONCE));
                let known = layout.dims.iter().all(|dim| length(dim).is_some());
                if known { quote!(#few) } else { quote!({ if #n > #most { #few } else { #n } }) }
            }
        }
    }

    /// The same a few at a time, if a function is run more than once for them.
    #[must_use]
    pub fn in_passes(self, passes: Passes) -> Self {
        match (self, passes) {
            (Columns::Array(p, layout), Passes::Several) => Columns::Long(p, layout),
            (columns, _) => columns,
        }
    }

    /// How many there are, if that is a number.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        match self {
            Columns::Numbers(params) => Some(params.len()),
            Columns::Array(_, layout) | Columns::Long(_, layout) => elements(&layout.dims),
            Columns::Parts(parts) => total(parts.iter().map(|(_, layout)| elements(&layout.dims))),
            Columns::Slice(..) | Columns::Struct(..) => None,
        }
    }

    /// The directions of a pass.
    #[must_use]
    pub fn directions(&self) -> Directions {
        match self {
            Columns::Numbers(params) if params.len() == 1 => Directions::Only,
            Columns::Struct(..) => Directions::One,
            Columns::Numbers(_) => Directions::Units(self.lanes()),
            _ => Directions::Several(self.lanes()),
        }
    }

    /// Whether there is one column, so that there are no lanes.
    #[must_use]
    pub fn is_one(&self) -> bool {
        matches!(self.directions(), Directions::Only)
    }

    /// Whether it takes more than one pass.
    #[must_use]
    pub fn several_passes(&self) -> bool {
        matches!(self, Columns::Slice(..) | Columns::Long(..) | Columns::Struct(..))
    }

    /// How many passes it takes.
    #[must_use]
    pub fn passes(&self) -> Passes {
        if self.several_passes() { Passes::Several } else { Passes::One }
    }

    /// How many columns there are.
    pub(super) fn count(&self, runtime: &TokenStream) -> TokenStream {
        match self {
            Columns::Struct(p, _) => {
                let shared = p.shared();
                quote!(#runtime::__private::count(#shared))
            }
            Columns::Slice(p, layout) if layout.dims.len() > 1 => {
                let (name, rest) = (&p.name, product(&layout.dims[1..]));
                quote!(#name.len() * #rest)
            }
            Columns::Slice(p, _) => {
                let name = &p.name;
                quote!(#name.len())
            }
            Columns::Long(_, layout) => product(&layout.dims),
            _ => self.lanes(),
        }
    }
}

/// The number of the first column of each part.
fn starts<'a>(parts: &'a [(&FrameParam, &Layout)]) -> impl Iterator<Item = TokenStream> + 'a {
    (0..parts.len()).map(|k| {
        let before = parts[..k].iter().map(|(_, layout)| product(&layout.dims));
        if k == 0 { quote!(0) } else { quote!((#((#before))+*)) }
    })
}

/// The number of elements of an array.
pub(super) fn product(dims: &[Dim]) -> TokenStream {
    let lens = dims.iter().map(|dim| match dim {
        Dim::Fixed(len) => len.clone(),
        Dim::Inferred | Dim::Dynamic => quote!(_),
    });
    let lens: Vec<TokenStream> = lens.collect();
    match lens.as_slice() {
        [one] if one.clone().into_iter().count() == 1 => one.clone(),
        [one] => quote!({ #one }),
        [first, rest @ ..] => {
            let product = rest.iter().fold(quote!((#first)), |product, len| quote!(#product * (#len)));
            quote!({ #product })
        }
        [] => quote!(1),
    }
}

/// An array of what `one` makes of each element's number.
pub(super) fn nest(dims: &[Dim], index: &TokenStream, one: &dyn Fn(&TokenStream) -> TokenStream) -> TokenStream {
    let Some((dim, rest)) = dims.split_first() else { return one(index) };
    let i = Ident::new(&format!("i{}", rest.len()), Span::mixed_site());
    let inner = match dim {
        _ if index.is_empty() => quote!(#i),
        Dim::Fixed(len) => quote!((#index) * (#len) + #i),
        Dim::Inferred | Dim::Dynamic => quote!(#index),
    };
    let elem = nest(rest, &inner, one);
    quote!(::core::array::from_fn(|#i| #elem))
}
