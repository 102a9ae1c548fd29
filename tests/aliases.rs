//! Types under other names: `alias(Real = f64)`. Gradients and tangents against differences, second derivatives against differences
//! of gradients.

use symgrad::{assert_derivatives, assert_gradient, differentiate};

type Real = f64;
type Single = f32;
type Weights = [Real; 3];
type List = Vec<Real>;

mod units {
    pub type Length = f64;
}
use units::Length;

const EIGHTH: Real = 0.125;

#[differentiate(gradient, jvp, hessian, alias(Real = f64))]
fn number(x: Real, y: Real) -> Real {
    let half: Real = 0.5;
    let z = Real::sin(x) * y + half * Real::EPSILON;
    let power: Real = z.powi(2) + std::f64::consts::PI as Real;
    power.sqrt() * EIGHTH
}

#[differentiate(gradient, jvp, alias(Weights = [f64; 3], Real = f64))]
fn weighted(x: &Weights, w: Weights, t: Real) -> Real {
    let mut products: Weights = [0.0; 3];
    for k in 0..x.len() {
        products[k] = x[k] * w[k] * t;
    }
    products.iter().map(|p| p.exp()).sum()
}

#[differentiate(jvp, jacobian, alias(Length = f64, Weights = [f64; 3]))]
fn sides(a: Length, b: Length) -> Weights {
    [a, b, (a * a + b * b).sqrt()]
}

#[differentiate(gradient, jvp, alias(Single = f32))]
fn single(x: Single) -> Single {
    x * x + 0.1
}

#[differentiate(gradient, jvp, alias(List = Vec<f64>, Real = f64))]
fn of_list(x: &[Real]) -> Real {
    let mut list: List = List::new();
    for v in x {
        list.push(v * v);
    }
    list.iter().product::<Real>()
}

struct Spring {
    k: Real,
}

#[differentiate(alias(Real = f64))]
impl Spring {
    #[differentiate(gradient, jvp, wrt(x))]
    fn energy(&self, x: Real) -> Real {
        0.5 * self.k * x * x
    }
}

/// The only function that can be differentiated, if the alias is known.
#[differentiate(gradient, jvp, alias(Real = f64))]
#[allow(dead_code, reason = "there to be told apart")]
impl Spring {
    fn name(&self) -> String {
        self.k.to_string()
    }

    fn square(x: Real) -> Real {
        x * x
    }
}

trait Powers {
    fn cube(self) -> Real;
}

#[differentiate(gradient, jvp, alias(Real = f64), companions = PowersOfReal)]
impl Powers for Real {
    fn cube(self) -> Real {
        self * self * self
    }
}

/// A field with the name of an alias, and a path to another type of that name.
#[allow(non_snake_case)]
mod same_names {
    pub struct Holder {
        pub Real: u32,
    }
    pub mod other {
        pub type Real = u8;
    }

    type Real = f64;

    #[symgrad::differentiate(gradient, jvp, wrt(x), alias(Real = f64))]
    pub fn held(x: Real, holder: &Holder) -> Real {
        let small = 3 as other::Real;
        x * x * Real::from(holder.Real) + Real::from(small) * x
    }
}

#[test]
fn numbers() {
    for point in [[0.3, 1.2], [-1.1, 0.4]] {
        assert_gradient!(
            |p| number(p[0], p[1]),
            |p| number_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| number_jvp(p[0], p[1], v[0], v[1])
        );
        assert_derivatives!(hessian, |p| number_gradient(p[0], p[1]), |p| number_hessian(p[0], p[1]), point);
    }
    assert_eq!(single_value_and_gradient(0.75), (0.6625, 1.5));
    let (value, slope): (f32, f32) = single_jvp(0.75, 2.0);
    assert_eq!((value, slope), (0.6625, 3.0));
}

#[test]
fn arrays() {
    assert_gradient!(
        |p| weighted(&[p[0], p[1], p[2]], [p[3], p[4], p[5]], p[6]),
        |p| {
            let (value, (x, w, t)) = weighted_value_and_gradient(&[p[0], p[1], p[2]], [p[3], p[4], p[5]], p[6]);
            (value, [x[0], x[1], x[2], w[0], w[1], w[2], t])
        },
        [0.3, -0.2, 1.1, 0.7, 0.9, -0.4, 1.3],
        jvp = |p, v| weighted_jvp(
            &[p[0], p[1], p[2]],
            [p[3], p[4], p[5]],
            p[6],
            &[v[0], v[1], v[2]],
            [v[3], v[4], v[5]],
            v[6]
        )
    );
    // 3, 4 and 5
    let jacobian = sides_jacobian(3.0, 4.0);
    assert_eq!([jacobian[0], jacobian[1]], [[1.0, 0.0], [0.0, 1.0]]);
    assert!((jacobian[2][0] - 0.6).abs() < 1e-15 && (jacobian[2][1] - 0.8).abs() < 1e-15);
    assert_gradient!(
        of_list,
        |p| {
            let (value, gradient) = of_list_value_and_gradient(p);
            (value, [gradient[0], gradient[1], gradient[2]])
        },
        [0.3, -0.2, 1.1]
    );
}

#[test]
fn methods_and_names() {
    let spring = Spring { k: 3.0 };
    assert_eq!(spring.energy_value_and_gradient(2.0), (6.0, 6.0));
    assert_gradient!(|p| Spring::square(p[0]), |p| Spring::square_value_and_gradient(p[0]), [0.7]);
    assert_gradient!(|p| p[0].cube(), |p| p[0].cube_value_and_gradient(), [0.7], jvp = |p, v| p[0].cube_jvp(v[0]));
    let holder = same_names::Holder { Real: 2 };
    assert_eq!(same_names::held_value_and_gradient(1.5, &holder), (9.0, 9.0));
}
