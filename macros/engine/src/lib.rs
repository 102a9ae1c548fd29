//! The compiler behind symgrad: from the tokens of a function to those of its derivatives.
//!
//! ```text
//! tokens → options + function → lower ─(stop if errors)→ IR → {forward, reverse} → simplify → emit → tokens
//! ```
//!
//! | module | from → to |
//! |---|---|
//! | [`options`] | the attribute's arguments |
//! | `by_example` | the user's macros, expanded |
//! | [`lower`] | syn → IR; `rounds`: again, with what was found out |
//! | [`ir`] | the intermediate representation |
//! | [`analysis`] | activity, sums, where things are defined and written |
//! | [`rules`] | primitives and their derivatives, in a table |
//! | [`log_sum`] | logarithms of sums of exponentials, beyond the range of floats |
//! | [`reverse`], [`forward`] | IR → IR of the derivative |
//! | [`simplify`] | IR → cheaper IR with the same values |
//! | [`emit`] | IR → Rust |
//! | [`mod@derive`] | `#[derive(Differentiable)]` |
//! | [`tokens`] | names in the user's tokens |
//! | [`diagnostics`] | what is said to the user |
//!
//! syn is known to `options`, `lower` and `derive` only; the passes in the middle see no syntax and cannot fail.

mod alias;
pub mod analysis;
pub mod build;
mod by_example;
pub mod derive;
pub mod diagnostics;
pub mod emit;
pub mod forward;
mod groups;
mod implementation;
pub mod interpret;
pub mod ir;
mod jacobian;
pub mod log_sum;
pub mod lower;
pub mod options;
pub mod reverse;
mod rounds;
mod ruled;
pub mod rules;
mod second;
pub mod simplify;
mod sparse;
pub mod tokens;

use analysis::varied::{Varied, varied, varied_with_buffers};
use analysis::widths;
use by_example::Expanded;
use diagnostics::{Errors, Site, message};
use emit::companion::columns::Columns;
use emit::companion::custom;
use emit::companion::{CompanionNames, Derivatives, Frame, FrameParam, Home, Written, companions};
use forward::Directions;
use implementation::Expansion;
use ir::Layout;
use lower::converted::{self, Converted};
use lower::function::Function;
use lower::implementation::Implementation;
use lower::known::Known;
use lower::signature::{Interface, Outcome};
use lower::witness::Witness;
use options::{Callers, Kind, Options, Rules};
use proc_macro2::TokenStream;
use quote::quote;

/// Expands `#[differentiate(arguments)]` on `item`: the item itself, untouched, and its companions.
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "it is called with what rustc hands over")]
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let expanded = if let Some(definition) = by_example::definition(&item) {
        if !arguments.is_empty() {
            errors.push(Site::of(&arguments), message::arguments_of_macro());
        }
        by_example::handing_on(&definition)
    } else if Implementation::is_one(&item) {
        let Expansion { block, companions } = implementation::expand(&arguments, &item, &mut errors);
        let options = Options::parse(arguments.clone(), &mut Errors::default());
        if let Some(call) = by_example::first_call(&options, &arguments, 0, &item) {
            return quote!(#block #call);
        }
        quote!(#block #companions)
    } else {
        let options = Options::parse(arguments.clone(), &mut errors);
        if let Some(call) = by_example::first_call(&options, &arguments, 0, &item) {
            return quote!(#[allow(dead_code)] #item #call);
        }
        let companions = differentiate(&options, &item, &mut errors);
        // A function that only its companions use is used.
        quote!(#[allow(dead_code)] #item #companions)
    };
    let errors = errors.to_tokens();
    quote!(#expanded #errors)
}

/// The rest of what `expand` does for a function that comes back from one of the user's macros.
#[must_use]
pub fn expand_further(handed_on: TokenStream) -> TokenStream {
    let Some(Expanded { arguments, round, item }) = Expanded::read(handed_on) else { return TokenStream::new() };
    let mut errors = Errors::default();
    let options = Options::parse(arguments.clone(), &mut Errors::default());
    if let Some(call) = by_example::first_call(&options, &arguments, round, &item) {
        return call;
    }
    let companions = if Implementation::is_one(&item) {
        implementation::expand(&arguments, &item, &mut errors).companions
    } else {
        let options = Options::parse(arguments, &mut errors);
        differentiate(&options, &item, &mut errors)
    };
    let errors = errors.to_tokens();
    quote!(#companions #errors)
}

/// The companions of a function.
pub fn differentiate(options: &Options, item: &TokenStream, errors: &mut Errors) -> TokenStream {
    if !lower::guard::check(item, errors) {
        return TokenStream::new();
    }
    if let Some(span) = lower::implementation::trait_keyword(item) {
        errors.push(span, message::on_trait());
        return TokenStream::new();
    }
    let Some(function) = Function::read(item.clone(), errors) else { return TokenStream::new() };
    if let Some(span) = function.mentions_self().filter(|_| !function.is_method()) {
        errors.push(span, message::associated_function(&function.signature.ident));
        return TokenStream::new();
    }
    if let Some(name) = &options.companions {
        errors.push(name.span(), message::companions_of_function());
    }
    let home = if function.is_method() { Home::Method } else { Home::Module };
    let surroundings = Surroundings {
        home,
        visibility: function.visibility(),
        prelude: TokenStream::new(),
        identity: TokenStream::new(),
        this: None,
    };
    let Written { definitions, tests, .. } = companions_of(&function, options, &surroundings, errors);
    quote!(#definitions #tests)
}

/// What surrounds the companions of a function.
struct Surroundings {
    home: Home,
    visibility: TokenStream,
    prelude: TokenStream,
    identity: TokenStream,
    /// The type of the `impl`, if it can be named beside it.
    this: Option<TokenStream>,
}

/// The companions of a function, wherever it stands, in each of its versions.
fn companions_of(function: &Function, options: &Options, surroundings: &Surroundings, errors: &mut Errors) -> Written {
    let versions = alias::resolved(function, &options.aliases).versions();
    if let [only] = versions.as_slice() {
        return companions_of_version(only, options, surroundings, errors);
    }
    let mut all = Written::default();
    for version in &versions {
        let mut found = Errors::default();
        let written = companions_of_version(version, options, surroundings, &mut found);
        all.definitions.extend(written.definitions);
        all.declarations.extend(written.declarations);
        all.tests.extend(written.tests);
        // Of a version that is not there, nothing is wrong.
        all.definitions.extend(found.under(&version.cfgs()));
    }
    all
}

fn companions_of_version(
    function: &Function,
    options: &Options,
    surroundings: &Surroundings,
    errors: &mut Errors,
) -> Written {
    let mut interface = lower::signature::read(&function.in_scope(), function.this.as_ref(), options, errors);
    if function.this.is_some() {
        interface.siblings.clone_from(&function.siblings);
    }
    let changing = function.siblings.iter().filter(|sibling| sibling.changes);
    interface.changing = changing.map(|sibling| sibling.name.clone()).collect();
    let problem = lower::problem::read(function, &interface, surroundings.home == Home::Module, options, errors);
    let nameable = match surroundings.home {
        Home::Module => Some(true),
        Home::Method => None,
        Home::Impl | Home::Trait => Some(surroundings.this.is_some()),
    };
    let points = lower::point::read(function, &interface, options, nameable, errors);
    let frame = Frame { problem, points, ..frame(function, &interface, options, surroundings) };
    if options.rules.are_given() {
        custom::report(&options.rules, &frame, options, errors);
        let derivatives = ruled::derive(&interface, &frame, options, errors);
        report_nothing_compared(&frame, derivatives.as_ref(), errors);
        let rules = if errors.is_empty() { options.rules.clone() } else { Rules::default() };
        return companions(&Frame { rules, ..frame }, derivatives.as_ref());
    }
    let (primal, known) = primal(function, &interface, options, errors).unzip();
    let mixed = primal.as_ref().is_some_and(|primal| primal.width.is_mixed());
    let frame = Frame { known: known.unwrap_or_default(), mixed, ..frame };
    let derivatives = primal.map(|primal| derive(&primal, &interface, &frame, options, errors));
    report_nothing_compared(&frame, derivatives.as_ref(), errors);
    companions(&frame, derivatives.as_ref().filter(|_| errors.is_empty()))
}

/// A test that compares nothing is none.
fn report_nothing_compared(frame: &Frame, derivatives: Option<&Derivatives>, errors: &mut Errors) {
    if let Some(point) = frame.points.first().filter(|_| errors.is_empty() && !frame.compares(derivatives)) {
        errors.push(point.option.span(), message::verify_nothing());
    }
}

/// The function that is differentiated, and the names in it that are taken for known ones, unless there are errors.
fn primal(
    function: &Function,
    interface: &Interface,
    options: &Options,
    errors: &mut Errors,
) -> Option<(ir::Func, Known)> {
    let mut body = function.body(errors)?;
    let mut known = Known::of(&function.signature, &body, &interface.width, &options.runtime);
    if matches!(interface.outcome, Outcome::Unsupported) {
        // What the body does with such a result is no further mistake.
        return None;
    }
    if let Some(wrapper) = &interface.wrapper {
        wrapper.rewrite(&mut body, errors);
    }
    let (before, mut unconverted) = (errors.count(), None);
    if let Some(returned) = &interface.returned {
        match converted::taken_out(&body, interface, returned) {
            Converted::There(converted, questions) => {
                body = converted;
                known.functions.extend(questions);
            }
            Converted::Before(found) => unconverted = Some((returned, found)),
            Converted::Nowhere(found) => {
                errors.append(found);
                return None;
            }
        }
    }
    body.stmts.splice(0..0, lower::signature::taken_apart(interface));
    let (mut lowered, active) = rounds::lower(interface, &body, unconverted.as_ref().map(|(to, _)| *to), errors);
    rounds::report(&lowered.losses, &active, errors);
    if let Some((_, found)) = unconverted
        && errors.count() > before
        && !widths::converts(&lowered.func, |val| active.val(val))
    {
        // It is not converted before it is returned either.
        errors.truncate(before);
        errors.append(found);
        return None;
    }
    if !options.constant {
        report_independence(&lowered.func, &varied(&lowered.func), function, errors);
    }
    if !errors.is_empty() {
        return None;
    }
    known.functions.append(&mut lowered.questions);
    // One load of an element has one adjoint, however often the element is named.
    lowered.func.repeatable = options.repeatable;
    simplify::merge(&mut lowered.func);
    log_sum::shift(&mut lowered.func);
    Some((lowered.func, known))
}

/// Its derivatives, of all kinds that are asked for.
fn derive(
    primal: &ir::Func,
    interface: &Interface,
    frame: &Frame,
    options: &Options,
    errors: &mut Errors,
) -> Derivatives {
    let with_buffers = varied_with_buffers(primal);
    let number = matches!(interface.outcome, Outcome::Scalar);
    let product = interface.has_product(options).then(|| {
        let mut product = reverse::vjp(primal, &with_buffers, reverse::Strategies::default());
        simplify::run(&mut product.func);
        product
    });
    let vjp = options.has(Kind::Vjp).then(|| {
        let mut vjp = reverse::value_and_vjp(primal, &with_buffers, reverse::Strategies::default());
        simplify::run(&mut vjp.func);
        vjp
    });
    let second = (frame.second || frame.sparse_hessian) && number;
    let gradient = ((options.has(Kind::Gradient) || second) && number).then(|| {
        let varied = varied(primal);
        let mut gradient = reverse::gradient(primal, &varied, reverse::Strategies::default());
        simplify::run(&mut gradient.func);
        gradient
    });
    let again = gradient.as_ref().filter(|gradient| second && second::is_there(gradient, errors));
    let hvp = again.filter(|_| frame.hvp).map(second::hvp);
    let hessian = again.filter(|_| frame.hessian).and_then(|g| second::hessian(g, primal, frame, options, errors));
    let jvp = options.has(Kind::Jvp).then(|| {
        let mut jvp = forward::jvp(primal, &with_buffers);
        simplify::run(&mut jvp.func);
        jvp
    });
    let jacobian =
        (frame.jacobian || frame.default_jacobian).then(|| jacobian::jacobian(frame, primal, options, errors));
    let jacobian = jacobian.flatten();
    let series = frame.order.map(|order| series(frame, order, primal, options, errors));
    let series = series.flatten();
    if frame.series {
        report_structs(primal, &with_buffers, errors);
    }
    let along = second::along(frame, primal, again, product.as_ref());
    let (mut sparse_jacobian, mut sparse_hessian) = (None, None);
    let (mut traced_jacobian, mut traced_hessian) = (None, None);
    if frame.is_traced() {
        traced_jacobian = sparse::traced_jacobian(frame, primal, errors);
        traced_hessian = again.and_then(|gradient| sparse::traced_hessian(frame, primal, gradient, errors));
    } else if frame.sparse_jacobian || frame.sparse_hessian {
        let found = sparse::pattern(frame, primal, options, errors);
        sparse_jacobian = found.as_ref().filter(|_| frame.sparse_jacobian).map(|p| sparse::jacobian(p, primal));
        sparse_hessian = found.as_ref().filter(|_| frame.sparse_hessian).zip(again).map(|(p, g)| sparse::hessian(p, g));
    }
    let repeated = gradient.as_ref().map(|gradient| analysis::once::repeated(&gradient.func)).unwrap_or_default();
    let mut derivatives = Derivatives {
        gradient,
        product,
        vjp,
        jvp,
        hvp,
        jacobian,
        hessian,
        series,
        sparse_jacobian,
        sparse_hessian,
        traced_jacobian,
        traced_hessian,
        along,
        repeated,
    };
    derivatives.check_once();
    derivatives
}

/// The power series in the only parameter, unless there is none, which is reported.
fn series(
    frame: &Frame,
    order: usize,
    func: &ir::Func,
    options: &Options,
    errors: &mut Errors,
) -> Option<forward::Jvp> {
    let site = options.span_of(Kind::Derivatives).unwrap_or_else(|| frame.name.span());
    let active = varied_with_buffers(func);
    if !frame.columns().is_some_and(|columns| columns.is_one()) {
        errors.push(site, message::derivatives_of_several());
        return None;
    }
    let count = proc_macro2::Literal::usize_unsuffixed(order);
    let mut series = forward::jvp_along(func, &active, &Directions::Series(quote!(#count)));
    simplify::run(&mut series.func);
    Some(series)
}

/// Structs cannot hold tangents in several directions.
fn report_structs(func: &ir::Func, active: &Varied, errors: &mut Errors) {
    for place in structs(func, active) {
        errors.push(place.name.span(), message::struct_in_several_directions());
    }
}

/// Reports what is called for every few columns, and does not say whether it may.
fn report_repeated(func: &ir::Func, errors: &mut Errors) {
    if let (ir::Passes::Several, Some(span)) = (func.passes, analysis::once::unasked(func)) {
        errors.push(span, message::runs_more_than_once());
    }
}

/// The structs that vary.
fn structs<'f>(func: &'f ir::Func, varied: &'f Varied) -> impl Iterator<Item = &'f ir::Place> {
    let places = (0_u32..).map(ir::PlaceId).zip(&func.places);
    places.filter(|(id, place)| place.record.is_some() && varied.place(*id)).map(|(_, place)| place)
}

/// The columns of a Hessian, unless there is none of this shape, which is reported.
fn columns<'f>(frame: &'f Frame, func: &ir::Func, options: &Options, errors: &mut Errors) -> Option<Columns<'f>> {
    let Some(columns) = frame.columns() else {
        let site = options.span_of(Kind::Hessian).unwrap_or_else(|| frame.name.span());
        errors.push(site, message::no_one_vector());
        return None;
    };
    let columns = jacobian::in_passes(frame, columns, func);
    if let Some(span) = analysis::once::runs_once(func).filter(|_| columns.several_passes()) {
        errors.push(span, message::runs_more_than_once());
    }
    if matches!(columns.directions(), Directions::Several(_) | Directions::Units(_)) {
        report_structs(func, &varied_with_buffers(func), errors);
    }
    Some(columns)
}

/// A result that no parameter reaches is a mistake.
fn report_independence(func: &ir::Func, varied: &Varied, function: &Function, errors: &mut Errors) {
    if !errors.is_empty() {
        return;
    }
    let mut reached = false;
    func.body.leaves(&mut |leaf| reached |= leaf.values().iter().any(|&v| varied.val(v)));
    reached |= func.results.iter().any(|&place| varied.place(place));
    // What a buffer holds depends on what it held.
    reached |= !func.params.iter().any(|p| p.wrt);
    reached |= func.params.iter().any(|p| match p.kind {
        ir::ParamKind::Place(place) => func.place_info(place).storage == ir::Storage::InOut && varied.place(place),
        _ => false,
    });
    if !reached {
        let names: Vec<String> = func.params.iter().filter(|p| p.wrt).map(|p| format!("`{}`", p.name)).collect();
        errors.push(function.signature.ident.span(), message::independent_result(names.join(", ")));
    }
}

/// What the companions' bodies begin with. Without the protocol, which does it otherwise, they say themselves that the float
/// type is one.
fn prelude(interface: &Interface, options: &Options, surroundings: &Surroundings) -> TokenStream {
    let (Surroundings { prelude, .. }, aliases) = (surroundings, alias::checks(&options.aliases));
    let prelude = quote!(#aliases #prelude);
    match &interface.width {
        ir::Width::Generic(float) if options.callers == Callers::Nobody => {
            let runtime = &options.runtime;
            quote!(#runtime::__private::is_float::<#float>(); #prelude)
        }
        _ => prelude,
    }
}

fn frame(function: &Function, interface: &Interface, options: &Options, surroundings: &Surroundings) -> Frame {
    let name = function.signature.ident.clone();
    let bound = (interface.holds_structs() && interface.width.is_generic()).then(|| {
        let (float, runtime) = (interface.width.ident(), &options.runtime);
        quote!(#float: #runtime::Differentiable)
    });
    let params = interface.parameters.iter().map(|p| {
        let layout = p
            .shape
            .as_ref()
            .map(|s| Layout { dims: s.dims.clone(), record: s.record.as_ref().map(quote::ToTokens::to_token_stream) });
        FrameParam {
            name: p.name.clone(),
            ty: quote::ToTokens::to_token_stream(&p.ty),
            by_reference: matches!(p.ty, syn::Type::Reference(_)),
            vec: lower::types::is_vec(lower::types::referred(&p.ty)),
            receiver: function.receiver().filter(|_| p.receiver),
            mutable: p.mutable && layout.is_none(),
            wrt: layout.clone().filter(|_| p.wrt),
            buffer: p.shape.as_ref().is_some_and(|s| s.mutable),
            layout,
        }
    });
    Frame {
        home: surroundings.home,
        visibility: surroundings.visibility.clone(),
        prelude: prelude(interface, options, surroundings),
        identity: surroundings.identity.clone(),
        attributes: function.attributes(),
        generics: function.generics(),
        generic_arguments: function.generic_arguments(),
        bounds: function.bounds(bound),
        witness: (surroundings.home == Home::Module).then(|| Witness::new(&function.signature)),
        params: params.collect(),
        width: interface.width.clone(),
        core: lower::signature::is_core(&function.in_scope()),
        returned: interface.returned.clone(),
        wrapper: interface.wrapper.clone(),
        known: Known::default(),
        runtime: options.runtime.clone(),
        names: CompanionNames { function: name.clone(), others: options.names.clone() },
        gradient: options.has(Kind::Gradient) && matches!(interface.outcome, Outcome::Scalar),
        product: interface.has_product(options),
        outcome: interface.outcome.clone(),
        jvp: options.has(Kind::Jvp),
        vjp: options.has(Kind::Vjp),
        jacobian: options.has(Kind::Jacobian) && !matches!(interface.outcome, Outcome::Scalar),
        default_jacobian: matches!(options.kinds.as_slice(), [(Kind::Gradient, None)])
            && matches!(interface.outcome, Outcome::Parts { .. }),
        hvp: options.has(Kind::Hvp) && matches!(interface.outcome, Outcome::Scalar),
        hessian: options.has(Kind::Hessian) && matches!(interface.outcome, Outcome::Scalar),
        sparse_jacobian: options.has(Kind::SparseJacobian)
            && matches!(interface.outcome, Outcome::Parts { .. } | Outcome::Nothing),
        sparse_hessian: options.has(Kind::SparseHessian) && matches!(interface.outcome, Outcome::Scalar),
        order: options.order.filter(|_| {
            options.has(Kind::Derivatives) && matches!(interface.outcome, Outcome::Scalar | Outcome::Parts { .. })
        }),
        series: options.has(Kind::Derivatives),
        second: options.has(Kind::Hvp) || options.has(Kind::Hessian),
        callers: options.callers,
        mixed: false,
        problem: None,
        points: Vec::new(),
        this: surroundings.this.clone(),
        rules: Rules::default(),
        name,
    }
}
