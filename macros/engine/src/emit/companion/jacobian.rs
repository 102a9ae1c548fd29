//! The Jacobian companions: `f_value_and_jacobian_into`, which does the work, `f_value_and_jacobian` and `f_jacobian`, which
//! call it. Row j is the gradient of output j.
//!
//! There are two ways to compute one (`by_columns`, `by_rows`). The shape does not depend on the way:
//!
//! | in `wrt` | the Jacobian |
//! |---|---|
//! | what has a fixed number of elements, or a struct | an array of gradients in the shape of the result |
//! | a slice or a `Vec` | one `Vec`, row by row |
//! | a slice, and something else | a tuple with a block for each parameter |
//!
//! Numbers that a function returns in a tuple are the rows of one matrix; any other tuple has a matrix for each member. The rows of
//! a struct that is returned are those of its numbers, in their order.

use super::by_rows::RowsBy;
use super::columns::AT_ONCE;
use super::{Frame, FrameParam, Written, stub};
use crate::analysis::sparsity::{elements, total};
use crate::emit::array::{nested, owned};
use crate::forward::Jvp;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::reverse::Gradient;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// How many columns, in lanes, are as much work as one row in reverse mode: `benches/jacobian.rs`.
pub const COLUMNS_FOR_A_ROW: usize = 8;

/// The suffix of the companion that does the work.
const BOTH: &str = "value_and_jacobian";

/// The derivatives that a Jacobian is computed by. If there are both, the lengths decide; if there is neither, a rule of the user's.
#[derive(Default)]
pub struct Jacobian {
    /// In the directions of its columns.
    pub columns: Option<Jvp>,
    /// Cotangents times it.
    pub rows: Option<Gradient>,
}

/// Outputs whose rows are one matrix.
pub(super) struct Group {
    /// Their shape: that of the only one, or how many numbers there are.
    pub dims: Vec<Dim>,
    /// How many outputs they are.
    pub members: usize,
}

impl Frame {
    pub(super) fn jacobians(&self, jacobian: Option<&Jacobian>) -> Written {
        if !self.has_row() {
            return Written::default();
        }
        let (name, wrt) = (&self.name, self.wrt_names());
        let order = if self.in_blocks() { ", row by row" } else { "" };
        let only_doc =
            format!(" The Jacobian of `{name}` with respect to {wrt}{order}: row j is the gradient of output j.");
        let nothing = matches!(self.outcome, Outcome::Nothing);
        let (ty, value) = (self.jacobian_type(), self.returns());
        let both_name = self.names.of(if nothing { "jacobian" } else { BOTH });
        let into = self.names.in_buffers(if nothing { "jacobian" } else { BOTH });
        let matrix = self.beside("jacobian");
        let mut declared = self.declared();
        declared.push(quote!(#matrix: &mut #ty));
        let body = jacobian.map_or_else(stub, |jacobian| self.jacobian_body(jacobian, &matrix));
        let what = if nothing { "Runs" } else { "The value of" };
        let comma = if order.is_empty() { "" } else { "," };
        let doc = format!(" {what} `{name}`; its Jacobian with respect to {wrt}{order}{comma} overwrites the buffer.");
        let doc = if self.holds_lists(&ty) { format!("{doc} A `Vec` gets the length that it needs.") } else { doc };
        let mut written = self.function(&into, &[doc], &declared, &self.around(&value), &body, false);
        let (callee, arguments, attempt) = (self.callee(&into), self.arguments(), self.attempt());
        let (zero, result) = (self.empty_jacobian(), self.beside("value"));
        let both = self.wrapped(&if nothing { quote!(#matrix) } else { quote!((#result, #matrix)) });
        let call = quote! {
            let mut #matrix: #ty = #zero;
            let #result = #callee(#(#arguments,)* &mut #matrix) #attempt;
            #both
        };
        if nothing {
            written.extend(self.function(&both_name, &[only_doc], &self.plain(), &self.around(&ty), &call, true));
            return written;
        }
        let doc = format!(" The value of `{name}` and its Jacobian with respect to {wrt}{order}.");
        let output = self.around(&quote!((#value, #ty)));
        written.extend(self.function(&both_name, &[doc], &self.plain(), &output, &call, true));
        let callee = self.callee(&both_name);
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.1));
        let only = self.names.of("jacobian");
        written.extend(self.function(&only, &[only_doc], &self.plain(), &self.around(&ty), &call, true));
        written
    }

    fn holds_lists(&self, ty: &TokenStream) -> bool {
        let runtime = &self.runtime;
        ty.to_string().contains(&quote!(#runtime::__private::Vec).to_string())
    }

    /// The shapes of the outputs: of what is returned, or of what is behind a `&mut`.
    pub(super) fn outputs(&self) -> Vec<Layout> {
        match &self.outcome {
            Outcome::Parts { members, .. } => members.clone(),
            Outcome::Nothing => self.buffers().map(|(_, layout)| layout.clone()).collect(),
            _ => vec![Layout::floats(&[])],
        }
    }

    pub(super) fn groups(&self) -> Vec<Group> {
        let outputs = self.outputs();
        if outputs.iter().all(Layout::is_number) {
            let count = Literal::usize_unsuffixed(outputs.len());
            let dims = if outputs.len() == 1 { Vec::new() } else { vec![Dim::Fixed(quote!(#count))] };
            return vec![Group { dims, members: outputs.len() }];
        }
        let group = |layout: &Layout| match &layout.record {
            Some(_) => Group { dims: vec![Dim::Dynamic], members: 1 },
            None => Group { dims: layout.dims.clone(), members: 1 },
        };
        outputs.iter().map(group).collect()
    }

    pub(super) fn buffers(&self) -> impl Iterator<Item = (&FrameParam, &Layout)> {
        self.params.iter().filter(|p| p.buffer).filter_map(|p| p.layout.as_ref().map(|layout| (p, layout)))
    }

    /// Whether the rows of these outputs can be written.
    #[must_use]
    pub fn has_jacobian(&self) -> bool {
        let written = |layout: &Layout| match layout.record {
            Some(_) => layout.dims.is_empty(),
            None => layout.dims.get(1..).is_none_or(Dim::all_fixed),
        };
        let returns = !matches!(self.outcome, Outcome::Nothing);
        let one_kind = !(returns && self.buffers().next().is_some());
        one_kind && self.outputs().iter().all(written)
    }

    /// Whether a struct is among the outputs.
    #[must_use]
    pub fn outputs_structs(&self) -> bool {
        self.outputs().iter().any(|layout| layout.record.is_some())
    }

    /// Whether there is a row of derivatives with respect to the parameters.
    #[must_use]
    pub fn has_row(&self) -> bool {
        let mut wrt = self.wrt().peekable();
        wrt.peek().is_some()
            && wrt.all(|(_, layout)| match (&layout.record, layout.dims.split_first()) {
                (_, None) => true,
                (Some(_), Some(_)) => Dim::all_fixed(&layout.dims),
                (None, Some((_, rest))) => Dim::all_fixed(rest),
            })
    }

    /// Whether rows have a length that is known at run time.
    #[must_use]
    pub fn in_blocks(&self) -> bool {
        self.wrt().any(|(_, layout)| is_list(layout))
    }

    /// How many rows there are, if that is a number.
    #[must_use]
    pub fn row_count(&self) -> Option<usize> {
        let count = |layout: &Layout| match layout.record {
            Some(_) => None,
            None => elements(&layout.dims),
        };
        total(self.outputs().iter().map(count))
    }

    fn jacobian_type(&self) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        let of = |group: &Group| {
            if !self.in_blocks() {
                return owned(&self.shape(), &group.dims, runtime);
            }
            let block = |(_, layout): (&FrameParam, &Layout)| {
                if is_list(layout) {
                    return quote!(#runtime::__private::Vec<#float>);
                }
                owned(&self.owned(layout), &group.dims, runtime)
            };
            one_or_tuple(self.wrt().map(block).collect())
        };
        one_or_tuple(self.groups().iter().map(of).collect())
    }

    /// A Jacobian to be overwritten.
    fn empty_jacobian(&self) -> TokenStream {
        let runtime = &self.runtime;
        let list = quote!(#runtime::__private::Vec::new());
        let zeros = |(p, layout): (&FrameParam, &Layout)| self.zeros(p, layout);
        let structs = self.wrt().any(|(_, layout)| layout.record.is_some());
        let rows = |group: &Group, row: TokenStream, structs: bool| match group.dims.first() {
            Some(Dim::Dynamic) => list.clone(),
            _ if structs => group.dims.iter().fold(row, |row, _| quote!(::core::array::from_fn(|_| #row))),
            _ => nested(&row, &group.dims),
        };
        let of = |group: &Group| {
            if !self.in_blocks() {
                let row = self.shaped(&self.wrt().map(zeros).collect::<Vec<_>>());
                return rows(group, row, structs);
            }
            let block = |(p, layout): (&FrameParam, &Layout)| {
                if is_list(layout) {
                    return list.clone();
                }
                rows(group, zeros((p, layout)), layout.record.is_some())
            };
            one_or_tuple(self.wrt().map(block).collect())
        };
        one_or_tuple(self.groups().iter().map(of).collect())
    }

    /// The matrix of a group.
    pub(super) fn matrix_of(&self, matrix: &Ident, group: usize) -> TokenStream {
        if self.groups().len() == 1 {
            return quote!((*#matrix));
        }
        let group = Literal::usize_unsuffixed(group);
        quote!(#matrix.#group)
    }

    fn jacobian_body(&self, jacobian: &Jacobian, matrix: &Ident) -> TokenStream {
        if let Some(rule) = &self.rules.reverse {
            return self.by_rows(&RowsBy::Rule(rule), matrix);
        }
        let columns = jacobian.columns.as_ref().zip(self.columns_of_rows());
        let columns = columns.map(|(jvp, columns)| (jvp, columns.in_passes(jvp.func.passes)));
        match (columns, &jacobian.rows) {
            (Some((jvp, columns)), None) => self.by_columns(&columns, jvp, matrix),
            (None, Some(rows)) => self.by_rows(&RowsBy::Derivative(rows), matrix),
            (Some((jvp, columns)), Some(rows)) => {
                let (n, few, m) =
                    (columns.count(&self.runtime), Literal::usize_unsuffixed(AT_ONCE), self.counted_rows());
                let by_rows = self.by_rows(&RowsBy::Derivative(rows), matrix);
                let by_columns = self.by_columns(&columns, jvp, matrix);
                let work = Literal::usize_unsuffixed(COLUMNS_FOR_A_ROW);
                quote! {
                    if (#n) > #few && (#m) * #work < (#n) {
                        return { #by_rows };
                    }
                    #by_columns
                }
            }
            (None, None) => stub(),
        }
    }

    /// What of the caller's buffers is needed to run more than once, and what fills them again.
    pub(super) fn kept_buffers(&self) -> (TokenStream, TokenStream) {
        let (mut keep, mut again) = (TokenStream::new(), TokenStream::new());
        for (p, layout) in self.buffers() {
            let (name, kept, runtime) = (&p.name, self.beside(&format!("{}_before", p.name)), &self.runtime);
            let (copy, fill) = match layout.dims.first() {
                _ if layout.record.is_some() => (
                    quote!(#runtime::Differentiable::duplicate(&*#name)),
                    quote!(*#name = #runtime::Differentiable::duplicate(&#kept);),
                ),
                Some(Dim::Dynamic) if p.vec => (quote!(#name.clone()), quote!(#name.clone_from(&#kept);)),
                Some(Dim::Dynamic) => (quote!(#name.to_vec()), quote!(#name.clone_from_slice(&#kept);)),
                _ => (quote!(#name.clone()), quote!(#name.clone_from(&#kept);)),
            };
            keep.extend(quote!(let #kept = #copy;));
            again.extend(fill);
        }
        (keep, again)
    }
}

/// Whether a length is known at run time only.
pub(super) fn is_list(layout: &Layout) -> bool {
    matches!(layout.dims.first(), Some(Dim::Dynamic))
}

/// `a`, or `(a, b)`.
pub(super) fn one_or_tuple(mut tokens: Vec<TokenStream>) -> TokenStream {
    if tokens.len() == 1 { tokens.remove(0) } else { quote!((#(#tokens),*)) }
}

/// Elements of elements: a slice of the innermost.
pub(super) fn flattened(tokens: TokenStream, times: usize, method: &str) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    (0..times).fold(tokens, |tokens, _| quote!(#tokens.#method()))
}
