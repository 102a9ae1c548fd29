//! The traits of argmin.

use super::{Problem, Vector};
use crate::optimize::{Objective, Residuals, TwiceDifferentiable};
use argmin::core::{CostFunction, Error, Gradient, Hessian, Jacobian, Operator};

impl<P: Objective, V: Vector> CostFunction for Problem<P, V> {
    type Param = V;
    type Output = f64;

    fn cost(&self, param: &V) -> Result<f64, Error> {
        Ok(self.value_at(param))
    }
}

impl<P: Objective, V: Vector> Gradient for Problem<P, V> {
    type Param = V;
    type Gradient = V;

    fn gradient(&self, param: &V) -> Result<V, Error> {
        Ok(self.value_and_gradient_at(param)?.1)
    }
}

impl<P: TwiceDifferentiable, V: Vector> Hessian for Problem<P, V> {
    type Param = V;
    type Hessian = V::Matrix;

    fn hessian(&self, param: &V) -> Result<V::Matrix, Error> {
        Ok(self.hessian_at(param)?.2)
    }
}

impl<P: Residuals, V: Vector> Operator for Problem<P, V> {
    type Param = V;
    type Output = V;

    fn apply(&self, param: &V) -> Result<V, Error> {
        Ok(self.residuals_at(param))
    }
}

impl<P: Residuals, V: Vector> Jacobian for Problem<P, V> {
    type Param = V;
    type Jacobian = V::Matrix;

    fn jacobian(&self, param: &V) -> Result<V::Matrix, Error> {
        Ok(self.jacobian_at(param)?.1)
    }
}
