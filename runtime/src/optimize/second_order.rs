//! Objectives that know their Hessian, for Newton's method.

use super::objective::fill_gradient;
use super::{Error, Objective};
use crate::Flatten;

/// An objective with second derivatives. [`second_order`] makes one of a companion that returns
/// `(value, gradient, Hessian)`.
///
/// Hessians are row-major, n² numbers for n coordinates.
pub trait TwiceDifferentiable: Objective {
    /// Overwrites all of `hessian`, row by row. The buffer arrives filled with NaN.
    fn hessian(&self, x: &[f64], hessian: &mut [f64]);

    /// Value, gradient and Hessian at `x`, in one go where that is cheaper.
    fn value_gradient_hessian(&self, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.hessian(x, hessian);
        self.value_and_gradient(x, gradient)
    }

    /// Overwrites `product` with the Hessian at `x` times `vector`; by default the Hessian is formed for it.
    fn hessian_product(&self, x: &[f64], vector: &[f64], product: &mut [f64]) {
        let mut hessian = vec![f64::NAN; x.len() * x.len()];
        self.hessian(x, &mut hessian);
        for (to, row) in product.iter_mut().zip(hessian.chunks_exact(x.len().max(1))) {
            *to = row.iter().zip(vector).map(|(h, v)| h * v).sum();
        }
    }

    /// As [`value_gradient_hessian`](Self::value_gradient_hessian), for objectives that can tell that what they
    /// return does not fit `x`. This is what the solvers call; the default never fails.
    ///
    /// # Errors
    ///
    /// [`Error::GradientLength`] and [`Error::HessianLength`], which end the minimization.
    fn try_value_gradient_hessian(&self, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> Result<f64, Error> {
        Ok(self.value_gradient_hessian(x, gradient, hessian))
    }
}

/// The objective made by [`second_order`].
#[derive(Debug, Clone, Copy)]
pub struct FromSecondOrder<F> {
    companion: F,
}

/// Makes an objective of a closure that returns `(value, gradient, Hessian)`, as `f_value_gradient_hessian` does;
/// the gradient and the Hessian in any shape that [`Flatten`]s to n and n² scalars, row by row.
///
/// ```
/// use symgrad::optimize::{Objective, TwiceDifferentiable, second_order};
///
/// let bowl = second_order(|p: &[f64]| {
///     (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]], [[2.0, 0.0], [0.0, 4.0]])
/// });
/// let mut product = [0.0; 2];
/// bowl.hessian_product(&[1.0, 1.0], &[0.5, 0.25], &mut product);
/// assert_eq!((bowl.value(&[1.0, 1.0]), product), (3.0, [1.0, 1.0]));
/// ```
pub fn second_order<F, G, H>(companion: F) -> FromSecondOrder<F>
where
    F: Fn(&[f64]) -> (f64, G, H),
    G: Flatten,
    H: Flatten,
{
    FromSecondOrder { companion }
}

impl<F, G, H> Objective for FromSecondOrder<F>
where
    F: Fn(&[f64]) -> (f64, G, H),
    G: Flatten,
    H: Flatten,
{
    fn value(&self, x: &[f64]) -> f64 {
        (self.companion)(x).0
    }

    /// NaN if the gradient's length is not that of `gradient`.
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let (value, shaped, _) = (self.companion)(x);
        fill_gradient(&shaped, gradient)?;
        Ok(value)
    }
}

impl<F, G, H> TwiceDifferentiable for FromSecondOrder<F>
where
    F: Fn(&[f64]) -> (f64, G, H),
    G: Flatten,
    H: Flatten,
{
    fn hessian(&self, x: &[f64], hessian: &mut [f64]) {
        (self.companion)(x).2.flatten_into(hessian);
    }

    fn value_gradient_hessian(&self, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        self.try_value_gradient_hessian(x, gradient, hessian).unwrap_or(f64::NAN)
    }

    fn try_value_gradient_hessian(&self, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> Result<f64, Error> {
        let (value, shaped, matrix) = (self.companion)(x);
        fill_gradient(&shaped, gradient)?;
        let (expected, found) = (hessian.len(), matrix.flatten_into(hessian));
        if found == expected { Ok(value) } else { Err(Error::HessianLength { expected, found }) }
    }
}
