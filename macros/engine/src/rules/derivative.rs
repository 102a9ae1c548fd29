//! The table of primitives. Input: none. Output: one `static` a primitive and [`TABLE`], which lists them all.
//! Invariant: `partials.len() == arity`.

use super::{Form, Partial, Primitive};

macro_rules! table {
    ($($(#[$doc:meta])* $row:ident = $name:literal / $arity:literal, $form:expr, $eval:expr, [$($partial:expr),* $(,)?];)*) => {
        $($(#[$doc])* pub static $row: Primitive =
            Primitive { name: $name, arity: $arity, form: $form, eval: $eval, partials: &[$($partial),*] };)*

        /// Every primitive.
        pub static TABLE: &[&Primitive] = &[$(&$row),*];
    };
}

/// Reads a formula in `g`, the operands and the result as a [`Partial`].
macro_rules! d {
    (0) => {
        Partial::Zero
    };
    (|$g:pat_param, $x:pat_param, $y:pat_param| $e:expr) => {
        Partial::Times(|$g, $x, $y| $e)
    };
}

table! {
    /// `x + y`
    ADD = "add" / 2, Form::Infix("+"), |x| x[0] + x[1], [d!(|g, _, _| g), d!(|g, _, _| g)];
    /// `x - y`
    SUB = "sub" / 2, Form::Infix("-"), |x| x[0] - x[1], [d!(|g, _, _| g), d!(|g, _, _| -g)];
    /// `x * y`
    MUL = "mul" / 2, Form::Infix("*"), |x| x[0] * x[1], [d!(|g, x, _| g * x[1]), d!(|g, x, _| g * x[0])];
    /// `x / y`; `-q/y` and not `-x/y²`, which overflows.
    DIV = "div" / 2, Form::Infix("/"), |x| x[0] / x[1], [d!(|g, x, _| g / x[1]), d!(|g, x, q| -(g * q) / x[1])];
    /// `-x`
    NEG = "neg" / 1, Form::Prefix("-"), |x| -x[0], [d!(|g, _, _| -g)];
    /// `eˣ`
    EXP = "exp" / 1, Form::Method("exp"), |x| x[0].exp(), [d!(|g, _, y| g * y)];
    /// `sin x`
    SIN = "sin" / 1, Form::Method("sin"), |x| x[0].sin(), [d!(|g, x, _| g * x[0].apply(&COS, &[]))];
    /// `cos x`
    COS = "cos" / 1, Form::Method("cos"), |x| x[0].cos(), [d!(|g, x, _| -(g * x[0].apply(&SIN, &[])))];
}
