//! The accumulator of errors and the catalogue of messages.
//!
//! Each message says what was found, why it cannot be differentiated and what to write instead, in this order. All
//! errors of a function are reported in one compile; each stands on the smallest offending node.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// A piece of the user's code: its first and its last token. A `Span` of several tokens cannot be made on stable Rust,
/// but rustc joins those of the first and the last token of a macro call.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    first: Span,
    last: Span,
}

impl Site {
    /// Where some syntax stands.
    #[must_use]
    pub fn of(syntax: &impl ToTokens) -> Self {
        let mut spans = syntax.to_token_stream().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        Site { first, last: spans.last().unwrap_or(first) }
    }

    /// From one token to another.
    #[must_use]
    pub fn between(first: Span, last: Span) -> Self {
        Site { first, last }
    }
}

impl From<Span> for Site {
    fn from(span: Span) -> Self {
        Site { first: span, last: span }
    }
}

/// The errors of one expansion.
#[derive(Default, Debug)]
pub struct Errors {
    list: Vec<(Site, String)>,
}

/// How many errors of one function are reported; a body that is wrong throughout needs no more.
const LIMIT: usize = 50;

impl Errors {
    /// Adds others.
    pub fn append(&mut self, others: Errors) {
        others.list.into_iter().for_each(|(site, message)| self.push(site, message));
    }

    /// Adds an error, unless the same one is there already.
    pub fn push(&mut self, site: impl Into<Site>, message: impl Into<String>) {
        let (site, message) = (site.into(), message.into());
        let same = |(s, m): &(Site, String)| *m == message && format!("{s:?}") == format!("{site:?}");
        if self.list.len() < LIMIT && !self.list.iter().any(same) {
            self.list.push((site, message));
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Forgets all but the first of them.
    pub fn truncate(&mut self, count: usize) {
        self.list.truncate(count);
    }

    /// Says those differently that come after the first.
    pub fn reword(&mut self, from: usize, word: impl Fn(&str) -> String) {
        self.list.iter_mut().skip(from).for_each(|(_, message)| *message = word(message));
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The messages, in the order in which they were found.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(_, m)| m.as_str())
    }

    /// `compile_error!`s, each at its own span.
    #[must_use]
    pub fn to_tokens(&self) -> TokenStream {
        self.under(&TokenStream::new())
    }

    /// The same, each under some `cfg`s.
    #[must_use]
    pub fn under(&self, cfgs: &TokenStream) -> TokenStream {
        let error = |(site, message): &(Site, String)| {
            let path = quote_spanned!(site.first=> ::core::compile_error!);
            let message = quote_spanned!(site.last=> { #message });
            quote::quote!(#cfgs #path #message)
        };
        self.list.iter().map(error).collect()
    }
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident($($arg:ident),*) = $($text:literal),+;)*) => {
        /// The messages, one function each.
        pub mod message {
            use std::fmt::Display;
            $($(#[$doc])* #[must_use] pub fn $name($($arg: impl Display),*) -> String {
                format!(concat!($($text),+) $(, $arg = $arg)*)
            })*
        }
    };
}

catalogue! {
    /// The attribute stands on something else.
    not_a_function() = "`#[differentiate]` goes on a function with a body, or on an `impl`",
        "\nhelp: put it directly above `fn` or `impl`";
    /// The attribute stands on a declaration.
    no_body(name) = "`{name}` has no body here that could be differentiated",
        "\nhelp: put the attribute on the `impl` blocks of the trait";
    /// The attribute with arguments on a macro.
    arguments_of_macro() = "on a macro, the attribute has no arguments: what it expands to is differentiated where it is called",
        "\nhelp: write `#[differentiate]` here, and `#[differentiate(macros(name))]` on the functions that call it";
    /// Macros named inside of an `impl`.
    macros_in_impl() = "macros are expanded before the `impl` is taken apart",
        "\nhelp: write `macros(…)` in the attribute on the `impl`";
    /// A kind that does not exist.
    unknown_option(name, nearest) = "`{name}` is no kind of derivative and no option{nearest}",
        "\nhelp: write `gradient`, `jvp`, `vjp`, `jacobian`, `hvp`, `hessian`, `sparse_jacobian`, `sparse_hessian`, `derivatives`, `derivatives(n)`, `wrt(…)`, `gradient = \"name\"` and the like, `crate = path`, `companions = Name`, `custom = path`, `custom_jvp = path`, `objective = Name`, `verify(…)`, `macros(a, b)`, `methods(a, b)`, `alias(R = f64)`, `returns(f = Type)`, `namesake`, `namesakes(super::f)`, `local`, `standalone`, `repeatable` or `constant`";
    /// Arguments that are no arguments.
    malformed_option() = "this is not an argument that `#[differentiate]` takes",
        "\nhelp: write kinds and options, with commas between them, such as `#[differentiate(gradient, jvp, wrt(a, b))]`";
    /// An option in the form of another.
    option_form(name, form) = "`{name}` is not written like this",
        "\nhelp: write {form}";
    /// A point with a parameter twice.
    verify_twice(name) = "`{name}` has a value here already",
        "\nhelp: leave one of them out";
    /// A point with a name that is no parameter's.
    verify_unknown(name, nearest) = "`{name}` is no parameter of this function{nearest}",
        "\nhelp: `verify(…)` takes a value for each parameter, by its name";
    /// A point without some parameters.
    verify_missing(names) = "the function cannot be called here: there is no value for {names}",
        "\nhelp: `verify(…)` takes a value for each parameter, those that are not in `wrt` included";
    /// A point for a method that changes `self`.
    verify_receiver() = "`verify` compares what is returned or left in an argument, and this method leaves its result in `self`",
        "\nhelp: verify a function that calls this one and returns what it leaves";
    /// A point for kinds that are not compared.
    verify_nothing() = "there is nothing here that `verify` compares: it checks gradients, `jvp`, `vjp`, `hvp`, matrices and `derivatives(n)`",
        "\nhelp: ask for one of these kinds, too";
    /// A point for second derivatives alone, in single precision.
    verify_lone_second() = "second derivatives in `f32` are held against the gradient, and there is none here",
        "\nhelp: add `gradient`";
    /// A point of a method.
    verify_method() = "a test cannot stand within an `impl`, and this attribute does",
        "\nhelp: put `#[differentiate]` on the `impl`, too: then the test stands beside it";
    /// A point of an associated function.
    verify_generic_type() = "the test would have to name the type of this `impl`, which has parameters of its own",
        "\nhelp: verify a function or a method that calls this one for a type without parameters";
    /// A sparse matrix of a shape that is not known.
    sparse_lengths() = "which entries are zero is found while the crate compiles, and for that the lengths have to be numbers: of the parameter in `wrt`, and of what a Jacobian's function returns",
        "\nhelp: write `x: &[f64; 200]`, with a number, or ask for `hessian` or `jacobian`, which take any length";
    /// A sparse matrix by a struct, or of one.
    sparse_structs() = "which entries are zero is asked of numbers, arrays and slices, and a struct has a part in this matrix",
        "\nhelp: ask for `hessian` or `jacobian`, or take the numbers as parameters of their own, of which there may be several, `k: f64, x: &[f64]`";
    /// A sparse matrix of which the pattern depends on numbers.
    pattern_of_numbers(what) = "which entries are zero cannot be told before the numbers are known: {what} depends on them",
        "\nhelp: where lengths are known at run time, only the arms of an `if` may depend on floats, and what may panic has its place before it; ask for `hessian`, `hvp` or `jacobian` here";
    /// A sparse matrix that is not.
    sparse_too_large(most) = "it takes too long to find which entries are zero, or there are more than {most} others",
        "\nhelp: ask for `hessian`, `hvp` or `jacobian`";
    /// A sparse matrix in a trait.
    sparse_in_trait() = "the pattern is a constant beside the function, and companions in a trait of their own have no constants",
        "\nhelp: write a free function, and call it here";
    /// An objective of something else.
    objective_of_function() = "`objective = Name` belongs to a free function without type parameters: its data become the fields of a struct",
        "\nhelp: write a free function that calls this one, and put the attribute there; or implement `symgrad::optimize::Objective` by hand";
    /// An objective in `f32`.
    objective_width() = "points of the optimizers are made of `f64`, and this function is of another float type",
        "\nhelp: write it for `f64`";
    /// An objective of a `Result`.
    objective_fallible() = "an objective has a value everywhere, and this function returns a `Result` or an `Option`",
        "\nhelp: return `f64::NAN`, or infinity, where there is none";
    /// An objective without what it is made of.
    objective_lacks(kind) = "the optimizers ask for derivatives that are not asked for here",
        "\nhelp: add `{kind}`";
    /// An objective of a function that returns nothing.
    objective_buffers() = "what this function computes is behind a `&mut`, which is no value of an objective",
        "\nhelp: return it";
    /// Data that cannot be a field.
    objective_field(name, ty) = "`{name}` is a `{ty}`, which cannot be handed to the function again and again",
        "\nhelp: take a reference, a number or an array of numbers";
    /// A point that cannot be taken apart.
    objective_point(name) = "a point of the optimizers is a list of numbers, and where in it `{name}` ends is not known",
        "\nhelp: let `wrt(…)` have numbers, arrays and at most one slice of numbers or of arrays";
    /// All derivatives, of a function of more than one number.
    derivatives_of_several() = "`derivatives(n)` are those with respect to one number, and there are several here",
        "\nhelp: name one number in `wrt(…)`: `derivatives(3), wrt(x)`";
    /// A rule for a function with buffers.
    custom_buffers() = "a rule says how the result depends on the parameters, and this function also writes to a `&mut` of floats, of which a rule says nothing",
        "\nhelp: return what it writes";
    /// A rule that would be its own companion, or an argument.
    custom_name(name, what) = "`{name}` is {what}, which has its name here",
        "\nhelp: give the rule another name";
    /// A kind for which there is no rule.
    custom_lacks(option) = "the body of a function with a rule of its own is not differentiated, and no rule is given that says this",
        "\nhelp: add `{option}`";
    /// A kind for which there can be no rule.
    custom_kind() = "a function with a rule of its own has first derivatives, Jacobians, and second ones if it returns a number and the rule is a differentiated function: of anything else the rule says nothing",
        "\nhelp: remove this kind, and write what you need as a function of the rule; or remove the rule";
    /// A rule whose gradient has several parts.
    custom_parts() = "the second derivatives of a function with a rule of its own are those of the gradient that the rule returns, which has to be a number or an array of numbers",
        "\nhelp: name numbers only, or one array or slice of numbers, in `wrt(…)`; or remove `hvp` and `hessian`";
    /// An option given twice.
    option_twice(name) = "`{name}` is given twice",
        "\nhelp: remove one of them";
    /// A rename that is no identifier.
    bad_rename(name) = "`{name}` is not a name that a function can have",
        "\nhelp: write an identifier between quotes, such as `gradient = \"slope\"`";
    /// `wrt` of something that is no parameter.
    wrt_unknown(name, nearest) = "`{name}` is not a parameter of this function{nearest}",
        "\nhelp: `wrt(…)` takes names of parameters";
    /// `wrt` of something without a derivative.
    wrt_not_float(name) = "`{name}` is not a float, an array of floats or a slice of floats, so there is no derivative with respect to it",
        "\nhelp: remove it from `wrt(…)`; if its type is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// `wrt()`.
    wrt_empty() = "`wrt(…)` names no parameter",
        "\nhelp: name at least one, or leave `wrt` away to differentiate with respect to every float parameter";
    /// A name twice in `wrt`.
    wrt_twice(name) = "`{name}` stands twice in `wrt(…)`",
        "\nhelp: remove one of them";
    /// `wrt` of a reference that has no owned derivative.
    wrt_reference(name, what, instead) = "`{name}` is {what}, and derivatives are taken with respect to values and shared arrays",
        "\nhelp: write `{name}: {instead}`";
    /// No parameter to differentiate with respect to.
    nothing_to_differentiate() = "this function has no parameter that is a float, an array of floats or a slice of floats",
        "\nhelp: if a type is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// The same, where there may be a struct of numbers.
    only_structs(name, names) = "this function has no parameter that is a float, an array of floats or a slice of floats, and derivatives with respect to a struct are taken where it is named",
        "\nhelp: put `#[derive(symgrad::Differentiable)]` on the type of `{name}`, and write `wrt({names})` in the attribute; of a type of another crate, take the numbers as parameters; if a type is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// A result that is no float.
    result_not_scalar(found) = "a function that is differentiated returns a float, an array, a `Vec` or a tuple of them, or writes to a `&mut` buffer of floats; this one returns {found}",
        "\nhelp: return one of these; if the type is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// A result made of what may be a type parameter of an `impl`.
    parameter_of_impl(name) = "`{name}` is not declared here, and the attribute on a method cannot see the type parameters of its `impl`",
        "\nhelp: if `{name}` is one of them, put a second `#[differentiate]` above the `impl`, and leave this one where it is; if it is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// The gradient of several numbers.
    gradient_of_many(what, found) = "a {what} belongs to a function that returns one number, and this one returns {found}",
        "\nhelp: ask for `jacobian`, `jvp` or `vjp`, or leave the kind away if it is only called by differentiated functions; `hvp` is for those that have second derivatives";
    /// The same, where the name of a type may be an alias.
    gradient_of_named(what, found) = "a {what} belongs to a function that returns one number, and this one returns `{found}`",
        "\nhelp: if that is an alias of a float, say so: `#[differentiate(alias({found} = f64))]`; else ask for `jacobian`, `jvp` or `vjp`, or leave the kind away if it is only called by differentiated functions";
    /// Parameters that are no one vector.
    no_one_vector() = "the parameters in `wrt` are no one vector, so that there is no one matrix of derivatives",
        "\nhelp: name numbers only, or one array, slice or struct of floats, in `wrt(…)`; sparse matrices take several, and `hvp` and `vjp` any";
    /// Parameters whose derivatives are no row.
    no_row() = "the derivatives with respect to the parameters in `wrt` make no row of a matrix",
        "\nhelp: name numbers, arrays, slices of floats or of arrays of fixed length, or structs in `wrt(…)`, of which at most one is a slice with `objective`; `vjp` and `jvp` take any parameters";
    /// Outputs that are no rows.
    no_rows() = "the Jacobian of what this function computes would have no shape of its own",
        "\nhelp: return a number, an array, a `Vec` or a struct of them, or write to `&mut` buffers and return nothing; `jvp` and `vjp` take any function";
    /// A struct in several directions.
    struct_in_several_directions() = "there is a struct here, and of a struct there is a derivative in one direction at a time only",
        "\nhelp: ask for `jvp`, `vjp` or `hvp`, or keep its numbers in variables of their own";
    /// Columns over slices.
    runs_more_than_once() = "over a slice, the columns of the matrix are computed a few at a time, each time by running the body, and this may not run more than once",
        "\nhelp: take an array, `&[f64; N]`, of which all columns are computed at once, or ask for `hvp`, `jvp` or `vjp`; where something is moved, borrow it; if nothing that is called has an effect, say so: `#[differentiate(repeatable)]`";
    /// Rows of a Jacobian.
    row_by_row() = "this Jacobian is computed row by row, each time by running the body, and this may not run more than once",
        "\nhelp: take numbers or one array, `&[f64; N]`, and return an array or a tuple of numbers, so that all columns are computed at once; or ask for `vjp` or `jvp`; where something is moved, borrow it; if nothing that is called has an effect, say so: `#[differentiate(repeatable)]`";
    /// A primitive in a second derivative.
    second_order_primitive(name) = "the derivative of `{name}` has no derivative in symgrad's table",
        "\nhelp: ask for `gradient`, or write it in terms of other functions";
    /// The Jacobian of one number.
    jacobian_of_number() = "the Jacobian of one number is its gradient",
        "\nhelp: ask for `gradient`";
    /// The gradient with respect to what the function changes.
    gradient_of_changed(name) = "`{name}` is behind a `&mut`, and a gradient does not say what becomes of it",
        "\nhelp: ask for `jvp`, which takes a tangent of `{name}` and changes that, too; or take `{name}` behind a `&`";
    /// Widths mixed.
    mixed_widths(name) = "`{name}` has another float type than the result of the function",
        "\nhelp: use one float type for all parameters in `wrt(…)` and for the result, which may also be converted where it is returned";
    /// A result that is not converted.
    unconverted_result(from, to) = "this function computes in `{from}` and returns `{to}`, and symgrad follows the conversion where it stands around what is returned",
        "\nhelp: end with it: `value as f64`, `f64::from(value)`, `T::from(value).unwrap()`, `value.to_f64().unwrap()`";
    /// A kind that has none.
    kind_of_converted() = "the result of this function is converted to another float type, and of such a one there are `gradient` and `jvp`",
        "\nhelp: leave the conversion to the caller: return what is converted";
    /// A trait.
    on_trait() = "derivatives of a trait's default bodies would not follow where an `impl` has another body",
        "\nhelp: put the attribute on the `impl` blocks of the trait";
    /// Which function of an `impl`.
    mark_functions() = "which functions of this `impl` are to be differentiated?",
        "\nhelp: put a second `#[differentiate]` above each of them";
    /// A type of another crate.
    foreign_type(ty) = "methods cannot be added to `{ty}` in this crate",
        "\nhelp: let a trait have the companions: `#[differentiate(companions = Name)]` makes one of that name";
    /// `companions` on a function.
    companions_of_function() = "`companions = …` is for an `impl`: the companions of a function stand beside it",
        "\nhelp: remove it";
    /// An associated function.
    associated_function(name) = "`{name}` is an associated function, and the attribute on it cannot see in which `impl` it stands",
        "\nhelp: put a second `#[differentiate]` above the `impl`, and leave this one where it is";
    /// A qualifier.
    qualifier(what) = "`{what}` functions cannot be differentiated: their derivatives could not keep what the keyword promises",
        "\nhelp: move the numeric part to an ordinary function and put the attribute there";
    /// A type parameter that may be anything.
    no_float_bound(name) = "`{name}` may be any type here: it has no bound that says that it is a float, so there are no derivatives of it",
        "\nhelp: write `{name}: num_traits::Float`, or the function for `f64` or `f32`";
    /// A name in a parameter that is a pattern.
    parameter_pattern(name) = "`{name}` is a part of a parameter, and derivatives are taken with respect to whole parameters",
        "\nhelp: name the parameter, take it apart in the first line of the body, and put its name into `wrt(…)`";
    /// syn cannot read the body.
    unreadable_body(reason) = "symgrad cannot read this function: {reason}",
        "\nhelp: if rustc reports the same, correct that; otherwise this is syntax that symgrad does not know, and belongs in a function of its own";
    /// `cfg` inside.
    inner_cfg() = "a `cfg` in this place is not seen by the macro in its evaluated form",
        "\nhelp: put it on a statement, an arm of a `match` or a field, with at most three different conditions in a function, or on the whole function, in two versions";
    /// An item that cannot be copied.
    inner_item(what) = "{what} inside a differentiated function would be copied into each companion",
        "\nhelp: move it out of the function";
    /// An item in a block.
    ambiguous_item(name) = "`{name}` is declared inside a block, and its name occurs outside of the block, too",
        "\nhelp: declare it at the start of the function, under a name of its own";
    /// A glob import in a block.
    glob_in_block() = "a glob import inside a block would be moved to the start of each companion, where what it brings in may hide other names",
        "\nhelp: put it at the start of the function, or name what is imported";
    /// Too deep.
    too_deep() = "this is nested too deeply to be differentiated",
        "\nhelp: give inner parts names with `let`, or move them to functions of their own";
    /// A chain too long.
    too_long() = "this expression is too long to be differentiated in one piece",
        "\nhelp: split it with `let`";
    /// A name in two hygiene contexts.
    two_contexts(name) = "`{name}` stands here for two different variables, one of them introduced by a macro",
        "\nhelp: use another name in the macro";
    /// Active value to an integer.
    lost_in_cast(to) = "the derivative is lost here: a number that depends on the differentiated parameters is converted to `{to}`, which is constant between jumps",
        "\nhelp: if the jumps do not matter, say so by rounding it before, as in `x.floor() as usize` or `x.trunc() as i32`: the derivative of these is zero; otherwise keep it a float";
    /// An integer made of an active value, as a number.
    lost_in_integer(name) = "the derivative is lost here: `{name}` is an integer made of a number that depends on the differentiated parameters, and here it is more than an index or something that decides",
        "\nhelp: if the jumps do not matter, say so by rounding the number before its conversion, as in `x.floor() as usize` or `x.trunc() as i32`, or use `x.floor()` itself: the derivative of these is zero";
    /// `x.into()` of which nothing tells into what.
    conversion_unknown() = "a number that depends on the differentiated parameters is converted to another type here, and nothing that symgrad sees says to which float type",
        "\nhelp: say it where it is bound, as in `let y: f64 = x.into();`";
    /// What is one value has two float types.
    conflicting_widths() = "symgrad takes numbers of different float types for one another here: the type of one of them is not visible",
        "\nhelp: say the types of the variables around it, as in `let y: f32 = …;`";
    /// A literal in a function without a literal type.
    literal_in_generic(literal, float) = "a literal such as `{literal}` is an `f64` or an `f32`, and this function computes in `{float}`, which may be another type",
        "\nhelp: write `{float}::from({literal}).unwrap()`, or `{float}::zero()` and `{float}::one()`";
    /// Active value converted to the type that it has.
    lost_in_conversion(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes through `{name}(…)`, which converts it by way of another type",
        "\nhelp: write the number itself; the conversion is for constants, counts and other data";
    /// Active value into an unknown call.
    lost_in_call(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes into `{name}(…)`, of which symgrad knows no derivative",
        "\nhelp: write it with float methods, or move it to a free function with `#[differentiate]` and call that by its path; if no derivative shall flow, pass `symgrad::stop_gradient(…)` of the number";
    /// The same into a method of a number.
    lost_in_method(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes into `{name}(…)`, of which symgrad knows no derivative",
        "\nhelp: write it with float methods, or move it to a free function with `#[differentiate]` and call that by its path; if it is a method of a trait of yours, with `#[differentiate(companions = Name)]` on the `impl`, say so: `#[differentiate(methods({name}))]`; if no derivative shall flow, pass `symgrad::stop_gradient(…)` of the number";
    /// A trait's method, as such.
    lost_in_trait(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes into `{name}(…)` of a trait, and traits have no derivatives of their methods",
        "\nhelp: if `{name}` of this type has `#[differentiate]`, call it by the type, `Type::{name}(…)`, or as a method; if no derivative shall flow, pass `symgrad::stop_gradient(…)` of the number";
    /// A receiver whose evaluation has effects, and arguments, too.
    receiver_order() = "this is evaluated before the arguments, and both may change something; symgrad evaluates it with the call",
        "\nhelp: give it a name with `let` before the call";
    /// A receiver that may be another one later, of a call that is repeated.
    receiver_repeated() = "the derivative of this call is computed by calling it again later, and what it is called on may have changed by then",
        "\nhelp: call it on something that is not changed in this function: a parameter without `mut`, or a field of one";
    /// A method of floats without a derivative.
    rejected_method(name, why) = "the derivative is lost here: a number that depends on the differentiated parameters goes into `{name}`, and {why}",
        "\nhelp: if no derivative shall flow, use `symgrad::stop_gradient(…)` of the number";
    /// A method of arrays.
    lost_in_array_method(name) = "the derivative is lost here: the elements of this array depend on the differentiated parameters, and `{name}(…)` is not differentiated by this version of symgrad",
        "\nhelp: write it with a loop and indices";
    /// A method of structs, where it may change one.
    lost_in_struct_method(name) = "the derivative is lost here: `{name}(…)` may change this struct, which depends on the differentiated parameters, and symgrad does not follow that where it stands",
        "\nhelp: if it changes the struct, let it return nothing, put `#[differentiate(wrt(self))]` on it, and call it in a statement of its own, `s.{name}(…);`; if it only looks, let it return what it finds, and give that a name with `let`";
    /// An iterator over active values.
    lost_in_iterator(name) = "the derivative is lost here: numbers that depend on the differentiated parameters go through the iterator's `{name}`, which symgrad does not follow in this chain",
        "\nhelp: write a loop: `for value in array {{ … }}` or `for i in 0..array.len() {{ … }}`; the chains that are followed are made of `iter`, `zip`, `enumerate`, `map`, `filter`, `skip`, `take`, `rev`, `step_by`, `windows`, `chunks`, `flat_map`, `sum`, `product`, `fold`, `for_each` and the like";
    /// A callee that is a local binding.
    local_callee(name) = "`{name}` is a local variable, and the derivative of what it holds is not known",
        "\nhelp: make it a function with `#[differentiate]`, or a closure that is written in this function";
    /// Active value into an unknown macro.
    lost_in_macro(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes into the macro `{name}!`, into which symgrad cannot see",
        "\nhelp: if it is a `macro_rules!` of yours, put `#[differentiate]` on it, and name it here: `#[differentiate(macros({name}))]`; else write out what it does, or pass it a value that does not depend on the parameters";
    /// Active value in a closure.
    lost_in_closure() = "the derivative is lost here: a closure uses a number that depends on the differentiated parameters",
        "\nhelp: write the closure's body where it is used, or make it a function with `#[differentiate]`";
    /// An iterator in a variable, with which something is done that is not followed.
    iterator_in_variable(name) = "numbers go through the iterator `{name}`, and symgrad does not follow what is done with it here",
        "\nhelp: write the chain of methods where it is consumed, or a loop over indices";
    /// A closure whose result is no float.
    closure_without_float(name) = "the derivative is lost here: a number that depends on the differentiated parameters goes into the closure `{name}`, of which symgrad sees no float as the result",
        "\nhelp: if it returns one, write its type: `|…| -> f64 {{ … }}`; if no derivative shall flow, pass `symgrad::stop_gradient(…)` of the number";
    /// Inlining that grows.
    inlined_too_often() = "the bodies of closures and inner functions, each written out where it is called, become too long here",
        "\nhelp: make it a function with `#[differentiate]` outside of this one";
    /// A closure's private copy.
    private_copy(name) = "this `move` closure has a copy of `{name}`, which changes, and symgrad follows no such copy",
        "\nhelp: write `let copy = {name};` before the closure and use `copy` in it, or leave `move` away";
    /// A variable that moved into a closure and has another value now.
    taken_by_closure(name) = "this closure has taken `{name}`, which gets another value between its creation and this call, and symgrad reads it here",
        "\nhelp: move it to a variable of its own before the closure, `let taken = {name};`, and use `taken` in the closure";
    /// A key or comparison that changes something.
    order_with_state(method) = "`{method}` with a closure that changes what it captures: which of two equal numbers comes first is not told by the numbers",
        "\nhelp: compute what the order is made of in a loop before, and let the closure only look at it";
    /// Active value into something that cannot carry a derivative.
    lost_in_value(what) = "the derivative is lost here: a number that depends on the differentiated parameters goes into {what}",
        "\nhelp: keep it in a local variable of a float type, in `[…; N]` or in a nested array; other containers are not differentiated by this version";
    /// Active value in an unsupported form.
    unsupported(what) = "{what} is not differentiated by this version of symgrad",
        "\nhelp: {what} may be used on values that do not depend on the differentiated parameters; otherwise write it with `let`, `if`, `for`, `while` and indexing";
    /// What is taken apart by a pattern.
    lost_in_match() = "the derivative is lost here: a pattern takes apart a value that depends on the differentiated parameters",
        "\nhelp: match numbers themselves, or conditions on them; keep numbers in local variables of a float type or in arrays, not in other containers";
    /// Unknown type that becomes active.
    unknown_type(name, float) = "`{name}` gets a number that depends on the differentiated parameters, but its type is not visible where it is declared",
        "\nhelp: write its type: `let mut {name}: {float} = …`";
    /// Writing through a mutable reference.
    mutable_borrow(name) = "`{name}` is borrowed mutably here, so it may change where symgrad cannot see it",
        "\nhelp: assign to `{name}` in this function, by `{name} = …` or `{name}[i] = …`";
    /// A method of an aggregate that may change.
    method_of_aggregate(name, method) = "`{method}` may change `{name}`, of which symgrad follows the members one by one",
        "\nhelp: assign the members in this function, or leave `mut` away where `{name}` is declared";
    /// A method that changes an `Option` where it stands.
    method_of_option(name, method) = "`{method}` changes `{name}` where it stands, and symgrad follows an `Option` of a number that is assigned",
        "\nhelp: write `{name} = None;` or `{name} = Some(…);` in a statement of its own";
    /// A format string that names an aggregate, in the middle of an expression.
    aggregate_in_format(name) = "`{name}` is named inside a format string, and symgrad follows its members one by one",
        "\nhelp: pass it as an argument: `\"{{:?}}\", {name}`";
    /// `a + b` of structs.
    operator_of_structs(operator) = "`{operator}` of structs calls a function of a trait, of which symgrad knows no derivative",
        "\nhelp: write a method that has the attribute, with what it takes in `wrt(…)`, and call that: `a.plus(b)`";
    /// A reference to an array gets another value.
    rebound_reference(name) = "`{name}` is made to refer to something else here; symgrad follows a reference only to what it was declared with",
        "\nhelp: declare a reference of another name with `let`, or copy the elements by `*{name} = …`";
    /// A mutable reference to a reference.
    borrowed_reference(name) = "`{name}` is a reference that is borrowed mutably here, so that it may be made to refer to something else; symgrad follows a reference only to what it was declared with",
        "\nhelp: borrow what it refers to, by `&mut *{name}`, or declare a reference of another name with `let`";
    /// What comes out of a block in which something is dropped.
    outlives() = "what comes out of here is a value that symgrad cannot keep beyond the end of the variables that were declared on the way: one of them may be a guard or have a `Drop`",
        "\nhelp: write the types of these variables where they are numbers, or compute what comes out in the function itself, and only what needs them in a block";
    /// A list of references.
    references_in_array() = "a list of references to arrays is not followed by symgrad",
        "\nhelp: name the arrays one by one";
    /// Assignment in code that is not followed.
    changed_inside(name, what) = "`{name}` is changed inside {what}, into which symgrad does not follow it",
        "\nhelp: compute here what does not depend on the differentiated parameters, and change `{name}` in a statement, an `if` or a loop of its own";
    /// A guard behind alternatives of which several may fit.
    guarded_alternatives() = "several of these alternatives may fit at once, and it is the guard that decides which of them gives the names their values",
        "\nhelp: write an arm for each alternative, with the same guard";
    /// Assignment in a guard, or in a condition that is a chain of patterns.
    changed_where_decided(name) = "`{name}` is changed while patterns and guards decide what is taken, and symgrad carries along as written what decides",
        "\nhelp: change `{name}` in a statement before, or in the arms";
    /// Assignment to something that is not tracked.
    lost_in_assignment() = "the derivative is lost here: a number that depends on the differentiated parameters is stored in a place that symgrad does not follow",
        "\nhelp: store it in a local variable of a float type or in a local array of floats; fields of a parameter are followed if its type has `#[derive(symgrad::Differentiable)]` and it is named in `wrt(…)`";
    /// An exit within an expression.
    exit_in_expression(what) = "a `{what}` in the middle of an expression is not differentiated by this version of symgrad",
        "\nhelp: write it as a statement of its own, such as `if … {{ {what} … }}`";
    /// `?`.
    question_mark() = "a `?` may leave the function early, which is not differentiated by this version of symgrad",
        "\nhelp: take the value apart before this function is called, or give it another with `unwrap_or(…)`";
    /// An exit inside verbatim code.
    exit_in_opaque(what) = "a `{what}` inside code that symgrad carries along unchanged would leave the derivative unfinished",
        "\nhelp: compute a `bool` here, and {what} in an `if` of its own";
    /// A value expected.
    not_a_float() = "a float is needed here, and this is none that symgrad can recognise",
        "\nhelp: write its type with `let name: f64 = …`, or convert it with `as f64`";
    /// Assigned before declared type.
    uninitialised(name) = "`{name}` is read before symgrad has seen a value for it",
        "\nhelp: initialise it where it is declared";
    /// The result reaches no parameter.
    independent_result(names) = "the result does not depend on {names}: the derivative would be zero everywhere",
        "\nhelp: if this is a mistake, look for a value that is computed and not used; if it is meant, say so: `#[differentiate(constant)]`";
    /// A `Vec` of `Vec`s that grows.
    pushed_array() = "symgrad follows a `Vec` that grows if its elements are numbers, rows of numbers, or structs that it follows",
        "\nhelp: declare it with all its elements, `vec![[[0.0; 2]; 3]; n]`, and assign them, or push the numbers one by one";
    /// A result that is not taken apart.
    result_in_pieces() = "symgrad does not see the numbers of this result",
        "\nhelp: return an array of this function, a list `[a, b]`, or a tuple `(a, b)` written out";
    /// Something else than the struct that is returned.
    struct_result(found) = "the type of the result is taken for a struct, and `{found}` is none that symgrad can follow",
        "\nhelp: return a struct written out, `State {{ x, v }}`; if the type is an alias of a float or of an array, write that itself";
    /// The end of a fallible function.
    unwrapped_result(name) = "symgrad follows the result of this function where it is written as `{name}(…)`",
        "\nhelp: write `{name}(value)`";
    /// The derive on something else.
    derive_of_no_struct(what) = "`Differentiable` is derived for structs, and this is {what}",
        "\nhelp: put what derivatives are taken with respect to into a struct";
    /// An argument of the derive's attribute.
    derive_argument(form, what) = "this is not what `#[differentiate]` says on a {what}",
        "\nhelp: write `#[differentiate({form})]`";
    /// A struct without a float.
    nothing_to_derive(name) = "no field of `{name}` is followed, so there is no derivative with respect to it",
        "\nhelp: leave `#[differentiate(skip)]` away where a field is a float, or the derive where none is";
    /// A struct where a number is needed.
    struct_as_number(name) = "`{name}` is taken for a struct, since it stands in `wrt(…)` and its type is not a float that symgrad recognises, and a number is needed here",
        "\nhelp: use its fields; if its type is an alias, say of what: `#[differentiate(alias(R = f64))]`";
    /// Array size.
    array_of_unknown() = "the elements of this array depend on the differentiated parameters, but its shape is not visible here",
        "\nhelp: write `[value; N]`, a list of numbers, or `let name: [f64; N] = …`";
}

/// The nearest of some names, as a suggestion.
#[must_use]
pub fn nearest(name: &str, candidates: &[&str]) -> String {
    let best = candidates.iter().map(|c| (distance(name, c), c)).min();
    match best {
        Some((d, c)) if d <= 2 && d < name.chars().count() => format!("; did you mean `{c}`?"),
        _ => String::new(),
    }
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
