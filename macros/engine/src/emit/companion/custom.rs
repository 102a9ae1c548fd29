//! Companions from rules that the user has written: `custom = path`, `custom_jvp = path`. The body of the function is not
//! looked at.
//!
//! A rule is a companion written by hand, and has its signature:
//!
//! | option | of a function that returns a number | of another |
//! |---|---|---|
//! | `custom = path` | that of `f_value_and_gradient` | that of `f_vjp` |
//! | `custom_jvp = path` | that of `f_jvp` | that of `f_jvp` |
//!
//! Of a number, the product with a tangent or a cotangent is made of the gradient; there, a tangent that is zero does not
//! meet an infinite partial derivative. The signature of a rule is stated where its path stands, so that another one is an
//! error there.

use super::by_rows::given_again;
use super::jacobian::Jacobian;
use super::jvp::Tangents;
use super::protocol::VJP;
use super::{Frame, FrameParam, Written, as_long_as, stub};
use crate::diagnostics::{Errors, Site, message};
use crate::ir::Layout;
use crate::lower::signature::Outcome;
use crate::options::{Kind, Options, Rules};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Path;

/// Reports what the rules say nothing of.
pub fn report(rules: &Rules, frame: &Frame, options: &Options, errors: &mut Errors) {
    let number = matches!(frame.outcome, Outcome::Scalar);
    let path = |path: &Option<Path>| path.as_ref().map(Site::of);
    let site = path(&rules.reverse).or_else(|| path(&rules.forward)).unwrap_or_else(|| frame.name.span().into());
    if frame.changes_buffers() {
        errors.push(site, message::custom_buffers());
        return;
    }
    for path in [&rules.reverse, &rules.forward].into_iter().flatten() {
        let Some(name) = path.get_ident() else { continue };
        if frame.params.iter().any(|p| p.name == *name) {
            errors.push(Site::of(path), message::custom_name(name, "a parameter"));
        } else if frame.is_companion(name) {
            errors.push(Site::of(path), message::custom_name(name, "a companion that is emitted here"));
        }
    }
    for (kind, span) in &options.kinds {
        let site = span.map_or(site, Site::from);
        match kind {
            Kind::Gradient | Kind::Vjp | Kind::Hvp | Kind::Hessian | Kind::Jacobian if rules.reverse.is_none() => {
                errors.push(site, message::custom_lacks("custom = path"));
            }
            Kind::Jvp if rules.forward.is_none() && !number => {
                errors.push(site, message::custom_lacks("custom_jvp = path"));
            }
            // The Jacobian of a number was reported.
            Kind::Hvp | Kind::Hessian | Kind::Jacobian if number => {}
            Kind::Jacobian if !frame.has_row() => errors.push(site, message::no_row()),
            Kind::Jacobian if !frame.has_jacobian() => errors.push(site, message::no_rows()),
            Kind::Jacobian if !frame.keeps_its_arguments() => errors.push(site, message::row_by_row()),
            Kind::Hvp | Kind::Hessian | Kind::Derivatives | Kind::SparseJacobian | Kind::SparseHessian => {
                errors.push(site, message::custom_kind());
            }
            Kind::Gradient | Kind::Vjp | Kind::Jvp | Kind::Jacobian => {}
        }
    }
}

impl Frame {
    /// The companions, of what the rules compute.
    pub(super) fn of_rules(&self, rules: &Rules) -> Written {
        let mut written = Written::default();
        if let Some(rule) = &rules.reverse {
            if self.gradient {
                let value_and_gradient = self.called(rule, &[], &self.value_and_partials());
                written.extend(self.rule_gradients(&value_and_gradient));
            }
            if self.vjp {
                written.extend(self.rule_vjp(rule));
            }
        }
        if self.jvp {
            written.extend(self.rule_jvp(rules));
        }
        if self.jacobian {
            written.extend(self.jacobians(Some(&Jacobian::default())));
        }
        written
    }

    /// Whether a companion has this name.
    fn is_companion(&self, name: &Ident) -> bool {
        let matrix = ["jacobian", "value_and_jacobian"];
        if self.jacobian
            && matrix.iter().any(|suffix| self.names.of(suffix) == *name || self.names.in_buffers(suffix) == *name)
        {
            return true;
        }
        let gradients = ["value_and_gradient", "gradient"].into_iter().filter(|_| self.gradient);
        let vjp = ["vjp"].into_iter().filter(|_| self.vjp);
        let mut backward = gradients.chain(vjp);
        backward.any(|suffix| self.names.of(suffix) == *name || self.names.in_buffers(suffix) == *name)
            || (self.jvp && (self.names.of("jvp") == *name || self.names.in_buffers("jvp") == *name))
            || self.name == *name
    }

    /// A body that returns the value and the partial derivatives one by one, as the rule returns them together.
    pub(crate) fn rule_taken_apart(&self, rule: &Path) -> TokenStream {
        let [value, partials] = ["value", "partials"].map(|name| self.beside(name));
        let (returns, shape, attempt) = (self.returns(), self.shape(), self.attempt());
        let arguments = self.params.iter().map(|p| &p.name);
        let each = match self.wrt().count() {
            1 => quote!(#partials),
            several => {
                let each = (0..several).map(Literal::usize_unsuffixed);
                quote!(#(#partials[#each]),*)
            }
        };
        let result = self.wrapped(&quote!((#value, #each)));
        quote!({
            let (#value, #partials): (#returns, #shape) = #rule(#(#arguments),*) #attempt;
            #result
        })
    }

    /// `(R, G)`
    fn value_and_partials(&self) -> TokenStream {
        let (value, partials) = (self.returns(), self.shape());
        self.around(&quote!((#value, #partials)))
    }

    /// A rule, of the signature that it has to have, called with the function's arguments and some more.
    fn called(&self, rule: &Path, more: &[(TokenStream, TokenStream)], output: &TokenStream) -> TokenStream {
        self.called_with(rule, self.params.iter().map(|p| p.name.to_token_stream()), more, output)
    }

    fn called_with(
        &self,
        rule: &Path,
        arguments: impl Iterator<Item = TokenStream>,
        more: &[(TokenStream, TokenStream)],
        output: &TokenStream,
    ) -> TokenStream {
        let arguments: Vec<TokenStream> = arguments.chain(more.iter().map(|(name, _)| name.clone())).collect();
        let types = self.params.iter().map(|p| p.ty.clone()).chain(more.iter().map(|(_, ty)| ty.clone()));
        let types: Vec<TokenStream> = types.collect();
        if types.iter().any(|ty| ty.clone().into_iter().any(|t| matches!(&t, TokenTree::Ident(i) if i == "impl"))) {
            // A type that has no name.
            return quote!(#rule(#(#arguments),*));
        }
        let local = self.beside("rule");
        quote!({
            let #local: fn(#(#types),*) -> #output = #rule;
            #local(#(#arguments),*)
        })
    }

    /// Each parameter in `wrt`, and its part of what is called `gradient`.
    pub(super) fn parts_of(&self, gradient: &Ident) -> Vec<(&FrameParam, &Layout, TokenStream)> {
        let count = self.wrt().count();
        let part = |k: usize| {
            let k = Literal::usize_unsuffixed(k);
            match (count, self.has_arrays()) {
                (1, _) => quote!(#gradient),
                (_, false) => quote!(#gradient[#k]),
                _ => quote!(#gradient.#k),
            }
        };
        self.wrt().enumerate().map(|(k, (p, layout))| (p, layout, part(k))).collect()
    }

    fn rule_gradients(&self, called: &TokenStream) -> Written {
        let (name, wrt) = (&self.name, self.wrt_names());
        let doc = format!(" The value of `{name}` and its gradient with respect to {wrt}, by a rule of its own.");
        let all = self.names.of("value_and_gradient");
        let output = self.value_and_partials();
        let mut written = self.function(&all, &[doc], &self.declared(), &output, called, true);
        let (callee, arguments) = (self.callee(&all), self.arguments());
        if self.has_arrays() {
            let doc = format!(" The value of `{name}`; its gradient with respect to {wrt} overwrites the buffers.");
            let names = quote!(#callee(#(#arguments),*));
            written.extend(self.rule_in_buffers("value_and_gradient", &doc, Vec::new(), &names));
        }
        let doc = format!(" The gradient of `{name}` with respect to {wrt}.");
        let attempt = self.attempt();
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.1));
        let shape = self.around(&self.shape());
        written.extend(self.function(&self.names.of("gradient"), &[doc], &self.plain(), &shape, &call, true));
        written
    }

    fn rule_vjp(&self, rule: &Path) -> Written {
        let (name, wrt, cotangent) = (&self.name, self.wrt_names(), self.beside("cotangent"));
        let what = format!("the product of the cotangent with the Jacobian of `{name}` with respect to {wrt}");
        let doc = format!(" The value of `{name}`, and {what}.");
        let (output, ty) = (self.value_and_partials(), self.cotangent_type());
        let body = if matches!(self.outcome, Outcome::Scalar) {
            let [value, gradient] = ["value", "gradient"].map(|name| self.beside(name));
            let (called, attempt) = (self.called(rule, &[], &output), self.attempt());
            let scaled: TokenStream = self
                .parts_of(&gradient)
                .iter()
                .map(|(_, layout, part)| self.scaled(&quote!(&mut #part), &cotangent, layout))
                .collect();
            let result = self.wrapped(&quote!((#value, #gradient)));
            quote! {
                let (#value, mut #gradient) = #called #attempt;
                #scaled
                #result
            }
        } else {
            self.called(rule, &[(quote!(#cotangent), ty.clone())], &output)
        };
        let mut declared = self.declared();
        declared.push(quote!(#cotangent: #ty));
        let own = self.names.of("vjp");
        let mut written = self.function(&own, &[doc], &declared, &output, &body, true);
        if self.has_arrays() {
            let doc = format!(" The value of `{name}`; {what} overwrites the buffers.");
            let (callee, arguments) = (self.callee(&own), self.arguments());
            let called = quote!(#callee(#(#arguments,)* #cotangent));
            written.extend(self.rule_in_buffers("vjp", &doc, vec![quote!(#cotangent: #ty)], &called));
        }
        written
    }

    /// What overwrites buffers: the rule has nowhere else to write to, so that its results are moved there.
    fn rule_in_buffers(&self, suffix: &str, doc: &str, more: Vec<TokenStream>, called: &TokenStream) -> Written {
        let [value, gradient] = ["value", "gradient"].map(|name| self.beside(name));
        let mut declared = self.plain();
        declared.extend(more);
        let mut moved = TokenStream::new();
        let mut lengths = TokenStream::new();
        for (p, layout, part) in self.parts_of(&gradient) {
            let (buffer, ty) = (self.beside(&format!("d{}", p.name)), self.buffer(layout));
            declared.push(quote!(#buffer: &mut #ty));
            if matches!(layout.dims.first(), Some(crate::ir::Dim::Dynamic)) {
                lengths.extend(as_long_as(&p.name, &buffer));
            }
            moved.extend(moved_to(&buffer, &part, layout));
        }
        let (attempt, result) = (self.attempt(), self.wrapped(&quote!(#value)));
        let body = quote! {
            #lengths
            let (#value, #gradient) = #called #attempt;
            #moved
            #result
        };
        let output = self.around(&self.returns());
        self.function(&self.names.in_buffers(suffix), &[doc.to_owned()], &declared, &output, &body, false)
    }

    fn rule_jvp(&self, rules: &Rules) -> Written {
        let Tangents { declared: more, mut start, names, .. } = self.vectors_named("tangent");
        let mut declared = self.declared();
        declared.extend(more.iter().cloned());
        let output = self.around(&self.jvp_result());
        if let Some(rule) = &rules.forward {
            let types = self.wrt().map(|(p, _)| p.ty.clone());
            let more: Vec<_> = names.iter().map(|name| quote!(#name)).zip(types).collect();
            start.extend(self.called(rule, &more, &output));
        } else if let Some(rule) = &rules.reverse {
            let [value, gradient, tangent] = ["value", "gradient", "tangent"].map(|name| self.beside(name));
            let (called, attempt) = (self.called(rule, &[], &self.value_and_partials()), self.attempt());
            let (float, zero) = (self.float(), self.zero());
            let sum: TokenStream = self
                .parts_of(&gradient)
                .iter()
                .zip(&names)
                .map(|((p, layout, part), name)| self.along(&tangent, &quote!(&#part), &p.shared_as(name), layout))
                .collect();
            let result = self.wrapped(&quote!((#value, #tangent)));
            start.extend(quote! {
                let (#value, #gradient) = #called #attempt;
                let mut #tangent: #float = #zero;
                #sum
                #result
            });
        }
        let doc = format!(" The value of `{}` and its directional derivative, by a rule of its own.", self.name);
        let mut written = self.function(&self.names.of("jvp"), &[doc], &declared, &output, &start, true);
        written.extend(self.jvp_moved(more, &names));
        written
    }

    /// `sum += gradient · tangent`, of references.
    pub(super) fn along(
        &self,
        sum: &Ident,
        gradient: &TokenStream,
        tangent: &TokenStream,
        layout: &Layout,
    ) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        let [g, t] = ["g", "t"].map(|name| Ident::new(name, Span::mixed_site()));
        let one = match (&layout.record, layout.dims.is_empty()) {
            (Some(_), true) => {
                quote!(#runtime::__private::constant::<#float>(#runtime::__private::inner_product(#gradient, #tangent)))
            }
            (Some(_), _) => quote!(#runtime::__private::constant::<#float>(#runtime::__private::inner_product(#g, #t))),
            (None, true) => quote!(#runtime::__private::times(*#gradient, *#tangent)),
            (None, false) => quote!(#runtime::__private::times(*#g, *#t)),
        };
        let add = quote!(#sum = #sum + #one;);
        let Some((_, inner)) = layout.dims.split_first() else { return add };
        let inner = inner.iter().fold(add, |add, _| quote!(for (#g, #t) in #g.iter().zip(#t.iter()) { #add }));
        let text = "the rule returns a gradient of another length";
        quote! {
            ::core::assert_eq!((#gradient).len(), (#tangent).len(), #text);
            for (#g, #t) in (#gradient).iter().zip((#tangent).iter()) { #inner }
        }
    }

    /// `gradient *= cotangent`, of a `&mut`.
    pub(super) fn scaled(&self, gradient: &TokenStream, cotangent: &Ident, layout: &Layout) -> TokenStream {
        let runtime = &self.runtime;
        let g = Ident::new("g", Span::mixed_site());
        let one = match layout.record {
            Some(_) => quote!(#runtime::__private::scale(#g, #cotangent);),
            None => quote!(*#g = #runtime::__private::times(*#g, #cotangent);),
        };
        let each = layout.dims.iter().fold(one, |one, _| quote!(for #g in #g.iter_mut() { #one }));
        quote!({ let #g = #gradient; #each })
    }

    /// The product with cotangents of some names, called as often as there are rows.
    pub(super) fn product_with(&self, rule: &Path, cotangents: &[(Ident, bool)]) -> TokenStream {
        let Outcome::Parts { tuple, members } = &self.outcome else { return stub() };
        let each = cotangents.iter().zip(members).map(|((name, lent), layout)| match layout {
            layout if layout.is_number() => quote!(#name[0]),
            _ if *lent => quote!(&*#name),
            layout if matches!(layout.dims.first(), Some(crate::ir::Dim::Dynamic)) => quote!(&#name[..]),
            _ => quote!(&#name),
        });
        let cotangent = if *tuple { quote!((#(#each),*)) } else { each.collect() };
        let arguments = self.params.iter().map(given_again);
        let called =
            self.called_with(rule, arguments, &[(cotangent, self.cotangent_type())], &self.value_and_partials());
        let attempt = self.attempt();
        quote!(#called #attempt)
    }

    /// A row of the Jacobian: the value, and the partial derivatives behind some `&mut`.
    pub(super) fn row_by_rule(&self, rule: &Path, cotangents: &[(Ident, bool)], partials: &[Ident]) -> TokenStream {
        let (called, [value, gradient]) =
            (self.product_with(rule, cotangents), ["value", "gradient"].map(|name| self.beside(name)));
        let parts = self.parts_of(&gradient);
        let moved: TokenStream =
            parts.iter().zip(partials).map(|((_, layout, part), to)| moved_to(to, part, layout)).collect();
        quote!({
            let (#value, #gradient) = #called;
            #moved
            #value
        })
    }

    /// The product with a cotangent, of a function that returns more than a number.
    pub(super) fn product_of_rule(&self, slots: &[Ident], rule: &Path) -> Written {
        let cotangents = self.cotangent_names();
        let mut declared: Vec<(Ident, TokenStream)> = Vec::new();
        for (name, ty) in cotangents.iter().zip(self.cotangent_types()) {
            declared.push((name.clone(), quote!(&mut #ty)));
        }
        declared.extend(self.params.iter().zip(slots).map(|(p, slot)| (slot.clone(), self.slot(p))));
        let Outcome::Parts { tuple, members } = &self.outcome else { return Written::default() };
        let each = cotangents
            .iter()
            .zip(members)
            .map(|(name, layout)| if layout.is_number() { quote!(#name[0]) } else { quote!(&*#name) });
        let cotangent = if *tuple { quote!((#(#each),*)) } else { each.collect() };
        let called = self.called(rule, &[(cotangent, self.cotangent_type())], &self.value_and_partials());
        let gradient = self.beside("gradient");
        let in_wrt = self.params.iter().zip(slots).filter(|(p, _)| p.wrt.is_some());
        let parts = self.parts_of(&gradient);
        let puts: TokenStream = in_wrt.zip(&parts).map(|((p, slot), (_, _, part))| self.put(p, slot, part)).collect();
        let (attempt, done) = (self.attempt(), self.wrapped(&quote!(())));
        let body = quote! {
            let (_, #gradient) = #called #attempt;
            #puts
            #done
        };
        let names: Vec<Ident> = declared.iter().map(|(name, _)| name.clone()).collect();
        self.hidden(VJP, names.iter().zip(declared.into_iter().map(|(_, ty)| ty)), &quote!(()), &body)
    }
}

/// Moves a partial derivative to a buffer.
fn moved_to(buffer: &Ident, part: &TokenStream, layout: &Layout) -> TokenStream {
    if !matches!(layout.dims.first(), Some(crate::ir::Dim::Dynamic)) {
        return quote!(*#buffer = #part;);
    }
    let text = "the rule returns a gradient of another length";
    quote! {
        ::core::assert_eq!(#part.len(), #buffer.len(), #text);
        for (to, from) in #buffer.iter_mut().zip(#part) { *to = from; }
    }
}
