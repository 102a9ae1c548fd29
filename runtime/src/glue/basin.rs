//! The traits of basin.

use super::{Problem, Vector};
use crate::optimize::{Error, Objective, Residuals, SampleLoss, TwiceDifferentiable};
use basin::{CostFunction, Gradient, Hessian, HessianProduct, Jacobian, MiniBatchGradient, Residual};

impl<P: Objective, V: Vector> CostFunction for Problem<P, V> {
    type Param = V;
    type Output = f64;
    type Error = Error;

    fn cost(&self, param: &V) -> Result<f64, Error> {
        Ok(self.value_at(param))
    }
}

impl<P: Objective, V: Vector> Gradient for Problem<P, V> {
    type Gradient = V;

    fn gradient(&self, param: &V) -> Result<V, Error> {
        Ok(self.value_and_gradient_at(param)?.1)
    }

    fn cost_and_gradient(&self, param: &V) -> Result<(f64, V), Error> {
        self.value_and_gradient_at(param)
    }
}

impl<P: TwiceDifferentiable, V: Vector> Hessian for Problem<P, V> {
    type Hessian = V::Matrix;

    fn hessian(&self, param: &V) -> Result<V::Matrix, Error> {
        Ok(self.hessian_at(param)?.2)
    }

    fn cost_and_gradient_and_hessian(&self, param: &V) -> Result<(f64, V, V::Matrix), Error> {
        self.hessian_at(param)
    }
}

impl<P: TwiceDifferentiable, V: Vector> HessianProduct for Problem<P, V> {
    fn hessian_product(&self, param: &V, v: &V) -> Result<V, Error> {
        let (point, vector) = (param.to_point(), v.to_point());
        let mut product = vec![f64::NAN; point.len()];
        self.problem.hessian_product(&point, &vector, &mut product);
        Ok(V::from_point(product))
    }
}

impl<P: SampleLoss, V: Vector> MiniBatchGradient for Problem<P, V> {
    type Gradient = V;

    fn n_samples(&self) -> usize {
        self.problem.samples()
    }

    fn batch_gradient(&self, param: &V, batch: &[usize]) -> Result<V, Error> {
        let point = param.to_point();
        let mut gradient = vec![f64::NAN; point.len()];
        self.problem.batch(&point, batch, &mut gradient)?;
        Ok(V::from_point(gradient))
    }
}

impl<P: Residuals, V: Vector> Residual for Problem<P, V> {
    type Param = V;
    type Output = V;
    type Error = Error;

    fn residual(&self, param: &V) -> Result<V, Error> {
        Ok(self.residuals_at(param))
    }
}

impl<P: Residuals, V: Vector> Jacobian for Problem<P, V> {
    type Jacobian = V::Matrix;

    fn jacobian(&self, param: &V) -> Result<V::Matrix, Error> {
        Ok(self.jacobian_at(param)?.1)
    }

    fn residual_and_jacobian(&self, param: &V) -> Result<(V, V::Matrix), Error> {
        self.jacobian_at(param)
    }
}
