//! The Jacobian companions: `f_value_and_jacobian`, and `f_jacobian`, which calls it. Row j is the gradient of output j: over
//! arrays, an array of gradients in the shape of the result; over a slice, one `Vec`, row by row.

use super::columns::Columns;
use super::{Frame, FrameParam, Written, stub};
use crate::emit::array::owned;
use crate::emit::body;
use crate::forward::Jvp;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The suffix of the companion that does the work.
const BOTH: &str = "value_and_jacobian";

impl Frame {
    pub(super) fn jacobians(&self, jacobian: Option<&Jvp>) -> Written {
        let (name, wrt) = (&self.name, self.wrt_names());
        let Some(columns) = self.columns_of_rows() else { return Written::default() };
        let ty = self.jacobian_type(&columns);
        let order = if columns.several_passes() { ", row by row" } else { "" };
        let only_doc =
            format!(" The Jacobian of `{name}` with respect to {wrt}{order}: row j is the gradient of output j.");
        let only = self.names.of("jacobian");
        let body = jacobian.map_or_else(stub, |jacobian| self.jacobian_body(&columns, jacobian));
        if matches!(self.outcome, Outcome::Nothing) {
            let output = self.around(&ty);
            return self.function(&only, &[only_doc], &self.declared(), &output, &body, true);
        }
        let both = self.names.of(BOTH);
        let doc = format!(" The value of `{name}` and its Jacobian with respect to {wrt}{order}.");
        let value = self.returns();
        let output = self.around(&quote!((#value, #ty)));
        let mut written = self.function(&both, &[doc], &self.declared(), &output, &body, true);
        let (callee, arguments, attempt) = (self.callee(&both), self.arguments(), self.attempt());
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.1));
        let output = self.around(&ty);
        written.extend(self.function(&only, &[only_doc], &self.plain(), &output, &call, true));
        written
    }

    /// The dimensions of the outputs: of what is returned, or of what is behind a `&mut`.
    fn outputs(&self) -> Vec<Vec<Dim>> {
        match &self.outcome {
            Outcome::Parts { members, .. } => members.iter().map(|layout| layout.dims.clone()).collect(),
            Outcome::Nothing => self.buffers().map(|(_, layout)| layout.dims.clone()).collect(),
            _ => vec![Vec::new()],
        }
    }

    fn buffers(&self) -> impl Iterator<Item = (&FrameParam, &Layout)> {
        self.params.iter().filter(|p| p.buffer).filter_map(|p| p.layout.as_ref().map(|layout| (p, layout)))
    }

    /// Whether a Jacobian of these outputs can be written.
    #[must_use]
    pub fn has_jacobian(&self) -> bool {
        let outputs = self.outputs();
        let flat = |dims: &Vec<Dim>| dims.get(1..).is_none_or(Dim::all_fixed);
        let returns = !matches!(self.outcome, Outcome::Nothing);
        let one_kind = !(returns && self.buffers().next().is_some());
        let structs = self.outcome.holds_structs() || self.buffers().any(|(_, layout)| layout.record.is_some());
        one_kind && !structs && outputs.iter().all(flat)
    }

    fn jacobian_type(&self, columns: &Columns<'_>) -> TokenStream {
        let (float, runtime, outputs) = (self.float(), &self.runtime, self.outputs());
        let all = quote!(#runtime::__private::Vec<#float>);
        let row = self.shape();
        let one = |dims: &Vec<Dim>| if columns.several_passes() { all.clone() } else { owned(&row, dims, runtime) };
        match outputs.as_slice() {
            [dims] => one(dims),
            several if several.iter().all(Vec::is_empty) => {
                let n = proc_macro2::Literal::usize_unsuffixed(several.len());
                if columns.several_passes() { all } else { quote!([#row; #n]) }
            }
            several => {
                let types = several.iter().map(one);
                quote!((#(#types),*))
            }
        }
    }

    fn jacobian_body(&self, columns: &Columns<'_>, jacobian: &Jvp) -> TokenStream {
        let mut given = self.given(&jacobian.func);
        let [start, done] = ["start", "jacobian"].map(|name| self.beside(name));
        given.others.extend([start.clone(), done.clone()]);
        let (values, names) = self.declare_results(&jacobian.func.results, "result", &mut given);
        let vectors: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect();
        let seeds = self.seeds(columns, &vectors, &start);
        let (mut begin, mut tangents) = (TokenStream::new(), Vec::new());
        let (float, runtime) = (self.float(), &self.runtime);
        let (elem, zero) = if columns.is_one() {
            (quote!(#float), self.zero())
        } else {
            let lanes = self.lanes(columns);
            (lanes.clone(), quote!(<#lanes>::zero()))
        };
        let mut vectors = vectors.iter();
        for (p, kind) in self.params.iter().zip(&jacobian.tangents) {
            let Some(kind) = kind else { continue };
            if p.wrt.is_some() {
                if let Some(vector) = vectors.next() {
                    given.bind(kind, vector, false);
                }
                continue;
            }
            let Some(layout) = &p.layout else { continue };
            let tangent = self.beside(&format!("{}_tangent", p.name));
            let (ty, of) = (owned(&elem, &layout.dims, runtime), &p.name);
            let zeros = crate::emit::array::zeros_of(&quote!(#of), &layout.dims, &zero, runtime);
            begin.extend(quote!(let mut #tangent: #ty = #zeros; let #tangent = &mut #tangent;));
            given.bind(kind, &tangent, true);
            tangents.push(tangent);
        }
        let results = self.declare(&jacobian.results, "result_tangent", &(elem, zero), &mut given);
        if !matches!(self.outcome, Outcome::Nothing) {
            tangents = results.1;
        }
        let begin = quote!(#values #begin);
        let more = results.0;
        if columns.several_passes() {
            let passes = Passes { columns, names: &names, tangents: &tangents, start: &start, done: &done };
            let inner = body(&jacobian.func, &given, runtime, &|_| self.leave_pass(&passes));
            return self.passes(&passes, &quote!(#seeds #begin #more), &inner);
        }
        let inner = body(&jacobian.func, &given, runtime, &|vals| {
            let value = self.result_of(&names, vals.first());
            let rows = self.rows(columns, &tangents);
            self.wrapped(&if matches!(self.outcome, Outcome::Nothing) { rows } else { quote!((#value, #rows)) })
        });
        quote!(#seeds #begin #more #inner)
    }

    /// The Jacobian, where all columns are there.
    fn rows(&self, columns: &Columns<'_>, tangents: &[Ident]) -> TokenStream {
        let outputs = self.outputs();
        let (one, rows) = (Ident::new("row", Span::mixed_site()), Ident::new("rows", Span::mixed_site()));
        let lent = matches!(self.outcome, Outcome::Nothing);
        let each = outputs.iter().zip(tangents).map(|(dims, tangent)| {
            if dims.is_empty() {
                return columns.row(&quote!(#tangent[0]));
            }
            let numbers = columns.row(&quote!(#one));
            let closure =
                dims.iter().skip(1).fold(quote!(|#one| #numbers), |inner, _| quote!(|#rows| #rows.map(#inner)));
            match dims.first() {
                Some(Dim::Dynamic) if lent => quote!(#tangent.iter().copied().map(#closure).collect()),
                Some(Dim::Dynamic) => quote!(#tangent.into_iter().map(#closure).collect()),
                _ => quote!(#tangent.map(#closure)),
            }
        });
        let each: Vec<TokenStream> = each.collect();
        match each.as_slice() {
            [one] => one.clone(),
            _ if outputs.iter().all(Vec::is_empty) => quote!([#(#each),*]),
            _ => quote!((#(#each),*)),
        }
    }

    /// What a pass ends with: its value and the columns, which are left to [`Frame::passes`].
    fn leave_pass(&self, passes: &Passes<'_>) -> TokenStream {
        let value = self.result_of(passes.names, None);
        let tangents = passes.tangents;
        quote!((#value, (#(#tangents,)*)))
    }

    /// A pass for every few columns.
    fn passes(&self, passes: &Passes<'_>, begin: &TokenStream, inner: &TokenStream) -> TokenStream {
        let Passes { columns, tangents, start, done, .. } = passes;
        let (runtime, zero, n, lanes) = (&self.runtime, self.zero(), columns.count(), columns.lanes());
        let outputs = self.outputs();
        let numbers = outputs.iter().all(Vec::is_empty);
        // Numbers are the rows of one matrix.
        let flat: Vec<TokenStream> = if numbers {
            vec![quote!([#(#tangents[0]),*])]
        } else {
            let one = |(dims, tangent): (&Vec<Dim>, &Ident)| match dims.len() {
                0 | 1 => quote!(#tangent),
                rank => (1..rank).fold(quote!(#tangent), |flat, _| quote!(#flat.as_flattened())),
            };
            outputs.iter().zip(*tangents).map(one).collect()
        };
        let matrices: Vec<Ident> = (0..flat.len()).map(|k| self.beside(&format!("{done}{k}"))).collect();
        let [value, flattened] = ["value", "flat"].map(|name| self.beside(name));
        let result = match matrices.as_slice() {
            [one] => quote!(#one),
            several => quote!((#(#several),*)),
        };
        let result = self.wrapped(&quote!((#value, #result)));
        quote! {
            let mut #start = 0;
            #(let mut #matrices = #runtime::__private::Vec::new();)*
            loop {
                let (#value, (#(#tangents,)*)) = { #begin #inner };
                #(
                    let #flattened = &#flat;
                    #matrices.resize(#flattened.len() * (#n), #zero);
                    #runtime::__private::put_columns(&mut #matrices, &#flattened[..], #n, #start);
                )*
                #start += #lanes;
                if #start >= #n {
                    return #result;
                }
            }
        }
    }
}

/// What a Jacobian over a slice is made of.
struct Passes<'a> {
    columns: &'a Columns<'a>,
    names: &'a [Ident],
    tangents: &'a [Ident],
    start: &'a Ident,
    done: &'a Ident,
}
