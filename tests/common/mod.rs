//! What several tests of structs need.

use symgrad::{Differentiable, assert_gradient};

/// Compares the companions of a function of one struct that returns a number with differences, and forward with reverse mode.
pub fn check<P: Differentiable>(
    p: &P,
    function: impl Fn(&P) -> f64,
    both: impl Fn(&P) -> (f64, P),
    jvp: impl Fn(&P, &P) -> (f64, f64),
) {
    let at = |flat: &[f64]| {
        let mut q = p.duplicate();
        q.restore(flat);
        q
    };
    assert_gradient!(|x| function(&at(x)), |x| both(&at(x)), p.flatten(), jvp = |x, v| jvp(&at(x), &at(v)));
}
