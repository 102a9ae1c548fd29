//! Numbers with two first derivatives and the mixed second one.

/// The value, its derivatives by two variables, and that by both.
pub type Number = num_dual::HyperDual64;

pub fn is_constant(x: &Number) -> bool {
    x.eps1 == 0.0 && x.eps2 == 0.0 && x.eps1eps2 == 0.0
}

/// A function by its value and its derivatives.
pub fn through(x: &Number, [value, first, second]: [f64; 3]) -> Number {
    let mixed = first * x.eps1eps2 + second * x.eps1 * x.eps2;
    Number::new(value, first * x.eps1, first * x.eps2, mixed)
}
