//! What a called function cannot do: bounds that nothing has, each with what to do about it.

use super::slots::{NoGradient, NoTangent};

/// Traits that nothing implements: for each its message, the label of the place, and the way out.
macro_rules! missing {
    ($($(#[$doc:meta])* $name:ident: $message:literal, $label:literal $(, $note:literal)+;)*) => {$(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(message = $message, label = $label $(, note = $note)+)]
        pub trait $name {}
    )*};
}

missing! {
    /// What the slots of a function without gradient companions implement: nothing.
    HasGradient: "this function is called where its gradient is needed, and it has none", "the called function has no `gradient`", "add `gradient` to its `#[differentiate(…)]`";
    /// What the slots of a function that writes to its arguments implement, where its value is taken: nothing.
    IsStatement: "this function writes to what it gets by `&mut`, and its value is used: symgrad follows one of both", "its value is taken here", "borrow what it changes where it is called, `let y = step(&mut *m, x);`, and a method by its path, `let y = Filter::step(&mut m, x);`", "or call it as a statement, and read what it has written: `m.step(x);`, then `m.state`";
    /// What the slots of a function that returns no number implement, where a number is taken from it: nothing.
    ReturnsNumber: "this function returns no number, and is taken for one that does", "what it returns is not followed here", "bind it to a variable with a type or a pattern: `let v: [f64; 3] = f(x);`, `let (a, b) = f(x);`",
        "or say in the attribute what it returns: `#[differentiate(returns(f = [f64; 3]))]`";
    /// What the slots of a function without a `jvp` companion implement: nothing.
    HasJvp: "this function is called where its directional derivative is needed, and it has none", "the called function has no `jvp`", "add `jvp` to its `#[differentiate(…)]`";
    /// What a function without third derivatives implements: nothing.
    HasThirdDerivatives: "this derivative is called where its own second derivative is needed, and there are no third ones", "a derivative, differentiated twice more", "ask for first derivatives of the function that calls it, or write the formula of this derivative";
    /// What a function implements through which no power series goes: nothing.
    HasSeries: "this function is called where its derivatives of every order are needed, and it has those of low order only", "a gradient, or a function with a rule of its own", "write its formula in a function with `#[differentiate(derivatives)]`, or pass `symgrad::stop_gradient(…)` of the number";
    /// What a function implements that has a rule of its own and returns no number: nothing.
    HasNoRuleOfItsOwn: "this function is called where its second derivatives or its columns of a matrix are needed, and it has a rule of its own", "first derivatives in one direction are all that its rule says", "for the columns of a Jacobian, add `jacobian` to its attribute; for second derivatives, return a number, of which the rule may be a differentiated function; or ask for `jvp` or `vjp` of the function that calls it";
    /// What a function implements that computes in more than one float type: nothing.
    HasOneFloatType: "this function is called where its second derivatives or its columns of a matrix are needed, and it computes in more than one float type", "first derivatives are all that a caller gets", "ask for `gradient`, `jvp` or `vjp` of the function that calls it; or let the called function compute in one float type";
}

/// The slot of a parameter of which the callee has no derivative: nothing can be wanted of it.
#[diagnostic::on_unimplemented(
    message = "this function is called with a number that depends on the differentiated parameters, where it has no derivative",
    label = "the parameter is not in `wrt(…)` of the called function",
    note = "name the parameter in `wrt(…)` of the called function, or pass `symgrad::stop_gradient(…)` of the number"
)]
pub trait NotInWrt {}

impl NotInWrt for NoGradient {}
impl NotInWrt for NoTangent {}

/// Types of what stands in the place of the hidden protocol of companions that have no derivatives. Their names are what rustc shows
/// where one is called.
macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[allow(non_camel_case_types, reason = "a sentence")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
    )*};
}

sentences! {
    /// Of all but gradients, `jvp` and `vjp`.
    companion_without_derivatives__only_gradients_jvp_and_vjp_have_some
    /// Of what would have derivatives, if its function had second ones.
    companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    /// Of what would have some, for another function.
    companion_without_derivatives__not_for_what_its_function_takes_and_returns
}
