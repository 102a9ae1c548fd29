//! What a function's signature shows, and what all of its companions make of that: their declarations, the names in them, and the
//! functions around their bodies.

use super::{Derivatives, Written, allows, default_name};
use crate::emit::Given;
use crate::emit::name::is_keyword;
use crate::ir::{Func, Layout, Width};
use crate::lower::fallible::Wrapper;
use crate::lower::known::Known;
use crate::lower::point::Point;
use crate::lower::problem::Problem;
use crate::lower::signature::Outcome;
use crate::lower::witness::Witness;
use crate::options::{Callers, Rules};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// What a function's signature shows.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Frame {
    /// Its name.
    pub name: Ident,
    /// Where it stands, and its companions with it.
    pub home: Home,
    /// Its visibility.
    pub visibility: TokenStream,
    /// What makes sure that the function's name means this function where it is called.
    pub identity: TokenStream,
    /// What the companions' bodies begin with.
    pub prelude: TokenStream,
    /// Its `cfg` attributes.
    pub attributes: TokenStream,
    /// `<'a, const N: usize>`
    pub generics: TokenStream,
    /// `::<N>`, where a call has to say so.
    pub generic_arguments: TokenStream,
    /// Its `where` clause.
    pub bounds: TokenStream,
    /// Its parameters.
    pub params: Vec<FrameParam>,
    /// Its float type.
    pub width: Width,
    /// Whether that is bound by `FloatCore`, which does not imply `Float`.
    pub core: bool,
    /// The float type of its result, if it is converted to that.
    pub returned: Option<Width>,
    /// What is around the float that it returns.
    pub wrapper: Option<Wrapper>,
    /// How its protocol knows it, where the name of the protocol may belong to another function: in a module.
    pub witness: Option<Witness>,
    /// Names that are taken for those of the standard library.
    pub known: Known,
    /// Whether it computes in more than one float type, so that it has no derivatives in the directions of a caller's.
    pub mixed: bool,
    /// The runtime crate.
    pub runtime: TokenStream,
    /// Which other differentiated functions may call it.
    pub callers: Callers,
    /// The problem for the optimizers, if one is asked for.
    pub problem: Option<Problem>,
    /// Where tests are to check the companions.
    pub points: Vec<Point>,
    /// The type that a function without a receiver is associated with, where it can be named beside the `impl`.
    pub this: Option<TokenStream>,
    /// The user's own rules.
    pub rules: Rules,
    /// The companions' names.
    pub names: CompanionNames,
    /// Whether `gradient` is asked for, or there by default; so are the kinds below.
    pub gradient: bool,
    /// Whether other functions get its derivatives as a product with a cotangent.
    pub product: bool,
    /// What it returns.
    pub outcome: Outcome,
    /// `jvp`
    pub jvp: bool,
    /// `vjp`
    pub vjp: bool,
    /// `jacobian`
    pub jacobian: bool,
    /// Whether it has a Jacobian if it can.
    pub default_jacobian: bool,
    /// `hvp`
    pub hvp: bool,
    /// `hessian`
    pub hessian: bool,
    /// `sparse_jacobian`
    pub sparse_jacobian: bool,
    /// `sparse_hessian`
    pub sparse_hessian: bool,
    /// How many derivatives, if all up to some order are asked for.
    pub order: Option<usize>,
    /// Whether other functions get power series through it.
    pub series: bool,
    /// Whether other functions get its second derivatives.
    pub second: bool,
}

/// Where a function stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In a module or in another function; so it is hoped, for a macro sees an associated function as it sees any other.
    Module,
    /// Somewhere in an `impl`, or in a trait: it has a receiver.
    Method,
    /// In an inherent `impl`.
    Impl,
    /// In an `impl` of a trait of companions, which is emitted with it.
    Trait,
}

/// A parameter.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct FrameParam {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TokenStream,
    /// Whether that is a reference.
    pub by_reference: bool,
    /// Whether that is a `Vec`, or a reference to one.
    pub vec: bool,
    /// `&self`, `self: Box<Self>`: the declaration of a receiver, without `mut`.
    pub receiver: Option<TokenStream>,
    /// Declared `mut`, and no float: the user's own tokens change it.
    pub mutable: bool,
    /// Its shape, if it is in `wrt`.
    pub wrt: Option<Layout>,
    /// Whether it is a `&mut` to floats.
    pub buffer: bool,
    /// Its shape, if derivatives may flow through it at all.
    pub layout: Option<Layout>,
}

impl FrameParam {
    /// Its declaration.
    pub(super) fn declared(&self) -> TokenStream {
        let FrameParam { name, ty, .. } = self;
        self.receiver.clone().unwrap_or_else(|| quote!(#name: #ty))
    }

    /// Its shape, if it has a tangent.
    pub(super) fn tangent(&self) -> Option<&Layout> {
        if self.buffer { self.layout.as_ref() } else { self.wrt.as_ref() }
    }

    /// `&p`
    pub(super) fn shared(&self) -> TokenStream {
        self.shared_as(&self.name)
    }

    /// A reference to a variable of its type.
    pub(super) fn shared_as(&self, name: &Ident) -> TokenStream {
        if self.by_reference { quote!(#name) } else { quote!(&#name) }
    }
}

/// The companions' names.
#[derive(Clone)]
pub struct CompanionNames {
    /// The function's.
    pub function: Ident,
    /// Those that are not made of it and a suffix, by that suffix.
    pub others: Vec<(&'static str, Ident)>,
}

impl CompanionNames {
    /// `f_gradient`, or what it was renamed to.
    pub(super) fn of(&self, suffix: &str) -> Ident {
        let other = self.others.iter().find(|(named, _)| *named == suffix);
        other.map_or_else(|| default_name(&self.function, suffix), |(_, name)| name.clone())
    }

    /// The companion that writes to buffers, beside another one.
    pub(super) fn in_buffers(&self, suffix: &str) -> Ident {
        default_name(&self.of(suffix), "into")
    }
}

impl Frame {
    /// The names of the protocol's slots.
    pub(super) fn slots(&self) -> Vec<Ident> {
        self.params.iter().map(|p| self.beside(&format!("slot_{}", p.name))).collect()
    }

    /// Whether it writes to floats of its caller's.
    pub(super) fn changes_buffers(&self) -> bool {
        self.params.iter().any(|p| p.buffer)
    }

    /// Whether it has a product with a cotangent in place of a gradient.
    pub(super) fn has_product(&self) -> bool {
        self.changes_buffers() || !matches!(self.outcome, Outcome::Scalar)
    }

    /// Whether it has a Jacobian, which may be there by default.
    pub(super) fn emits_jacobian(&self, derivatives: Option<&Derivatives>) -> bool {
        self.jacobian || derivatives.is_some_and(|derivatives| derivatives.jacobian.is_some())
    }

    /// A result type of a companion, in the `Result` or `Option` that the function's is in.
    pub(super) fn around(&self, inner: &TokenStream) -> TokenStream {
        self.wrapper.as_ref().map_or_else(|| inner.clone(), |wrapper| wrapper.around(inner))
    }

    /// A companion's result.
    pub(super) fn wrapped(&self, value: &TokenStream) -> TokenStream {
        self.wrapper.as_ref().map_or_else(|| value.clone(), |wrapper| wrapper.wrap(value))
    }

    /// `?`, where another companion may have no result.
    pub(super) fn attempt(&self) -> TokenStream {
        self.wrapper.as_ref().map(|_| quote!(?)).unwrap_or_default()
    }

    /// What the parameters bind in a body made of `func`.
    pub(super) fn given(&self, func: &Func) -> Given {
        let mut given = Given::default();
        for (p, param) in func.params.iter().zip(&self.params) {
            given.bind(&p.kind, &param.name, param.buffer);
        }
        given
    }

    pub(super) fn float(&self) -> Ident {
        self.width.ident()
    }

    /// Zero, as a value of its type.
    pub(super) fn zero(&self) -> TokenStream {
        let runtime = &self.runtime;
        if self.width.is_generic() { quote!(#runtime::__private::constant(0.0)) } else { quote!(0.0) }
    }

    /// The parameters in `wrt`.
    pub fn wrt(&self) -> impl Iterator<Item = (&FrameParam, &Layout)> {
        self.params.iter().filter_map(|p| p.wrt.as_ref().map(|layout| (p, layout)))
    }

    pub(super) fn has_arrays(&self) -> bool {
        self.wrt().any(|(_, layout)| !layout.is_number())
    }

    /// The parameters as a companion declares them.
    pub(super) fn declared(&self) -> Vec<TokenStream> {
        let one = |p: &FrameParam| {
            let (mutability, declared) = (p.mutable.then(|| quote!(mut)), p.declared());
            quote!(#mutability #declared)
        };
        self.params.iter().map(one).collect()
    }

    /// The parameters as a wrapper declares them.
    pub(super) fn plain(&self) -> Vec<TokenStream> {
        self.params.iter().map(FrameParam::declared).collect()
    }

    /// What a wrapper hands on, but for the receiver: that is in [`Frame::callee`].
    pub(super) fn arguments(&self) -> Vec<&Ident> {
        self.params.iter().filter(|p| p.receiver.is_none()).map(|p| &p.name).collect()
    }

    /// How a companion is called by another.
    pub(super) fn callee(&self, companion: &Ident) -> TokenStream {
        let arguments = &self.generic_arguments;
        match (self.home, self.params.iter().find(|p| p.receiver.is_some())) {
            (Home::Module, _) => quote!(#companion #arguments),
            (_, None) => quote!(Self::#companion #arguments),
            (_, Some(receiver)) => {
                let receiver = &receiver.name;
                quote!(#receiver.#companion #arguments)
            }
        }
    }

    /// A name that is no parameter's.
    pub(super) fn beside(&self, wanted: &str) -> Ident {
        let wanted = wanted.replace("r#", "");
        let taken = |name: &str| is_keyword(name) || self.params.iter().any(|p| p.name == name);
        let mut name = wanted.clone();
        let mut number = 1;
        while taken(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        Ident::new(&name, Span::mixed_site())
    }

    pub(super) fn wrt_names(&self) -> String {
        let names: Vec<String> = self.wrt().map(|(p, _)| format!("`{}`", p.name)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nothing".into(),
        }
    }

    pub(super) fn function(
        &self,
        name: &Ident,
        docs: &[String],
        params: &[TokenStream],
        output: &TokenStream,
        body: &TokenStream,
        must_use: bool,
    ) -> Written {
        let Frame { visibility, attributes, generics, bounds, prelude, .. } = self;
        let must_use = must_use.then(|| quote!(#[must_use]));
        let allows = allows();
        let paragraphs = docs.iter().enumerate().map(|(k, doc)| {
            let gap = (k > 0).then(|| quote!(#[doc = ""]));
            quote!(#gap #[doc = #doc])
        });
        let documentation = quote!(#(#paragraphs)* #must_use);
        let (in_trait, documentation) = match self.home {
            Home::Trait => (documentation, TokenStream::new()),
            _ => (TokenStream::new(), documentation),
        };
        let definitions = quote! {
            #attributes
            #documentation
            #allows
            #visibility fn #name #generics (#(#params),*) -> #output #bounds { #prelude #body }
        };
        let declarations = self.declaration(&in_trait, name, generics, params, output);
        Written { definitions, declarations, ..Written::default() }
    }

    /// A function without its body.
    pub(super) fn declaration(
        &self,
        documentation: &TokenStream,
        name: &Ident,
        generics: &TokenStream,
        params: &[TokenStream],
        output: &TokenStream,
    ) -> TokenStream {
        if self.home != Home::Trait {
            return TokenStream::new();
        }
        let Frame { attributes, bounds, .. } = self;
        let is_mut = |token: &TokenTree| matches!(token, TokenTree::Ident(i) if i == "mut");
        let params = params.iter().map(|p| p.clone().into_iter().skip_while(is_mut).collect::<TokenStream>());
        quote!(#attributes #documentation fn #name #generics (#(#params),*) -> #output #bounds;)
    }
}
