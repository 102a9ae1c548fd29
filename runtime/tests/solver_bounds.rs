//! L-BFGS in a box: minima on sides and corners, points that never leave, unusable boxes.

#![cfg(feature = "std")]

#[path = "common/rosenbrock.rs"]
mod rosenbrock;

use rosenbrock::rosenbrock;
use symgrad::optimize::{Error, Lbfgs, Objective, StopReason, objective};

const ANY: f64 = f64::INFINITY;

/// The Rosenbrock function, which checks that it is asked only within the box.
fn valley(lower: Vec<f64>, upper: Vec<f64>) -> impl Objective {
    objective(move |p: &[f64]| {
        assert!(p.iter().zip(&lower).zip(&upper).all(|((x, lower), upper)| lower <= x && x <= upper), "{p:?}");
        rosenbrock(p)
    })
}

/// No feasible direction leads down: each partial derivative vanishes, or points out of the box.
fn assert_minimum(point: &[f64], gradient: &[f64], lower: &[f64], upper: &[f64]) {
    for (k, g) in gradient.iter().enumerate() {
        let held = (point[k] == lower[k] && *g >= 0.0) || (point[k] == upper[k] && *g <= 0.0);
        assert!(held || g.abs() < 1e-6, "{k}: {point:?} {gradient:?}");
    }
}

#[test]
fn minima_inside_on_sides_and_in_corners_are_found() {
    let boxes: [([f64; 2], [f64; 2]); 7] = [
        ([-ANY, -ANY], [ANY, ANY]),
        ([-2.0, -2.0], [2.0, 2.0]),
        ([-2.0, -2.0], [0.5, 2.0]),
        ([1.5, -2.0], [3.0, 2.0]),
        ([-2.0, -2.0], [2.0, 0.1]),
        ([-1.0, 1.5], [0.0, 3.0]),
        ([0.3, 0.3], [0.3, 0.3]),
    ];
    for (lower, upper) in boxes {
        for start in [[-1.2, 1.0], [0.0, 0.0], [5.0, 5.0], [0.5, -3.0]] {
            let f = valley(lower.to_vec(), upper.to_vec());
            let report = Lbfgs::new().bounds(&lower, &upper).minimize(&f, &start).unwrap();
            assert!(report.converged(), "{lower:?} {upper:?} {start:?}: {report}");
            assert_minimum(&report.point, &report.gradient, &lower, &upper);
            assert!(report.gradient_evaluations < 200, "{report}");
        }
    }
}

#[test]
fn many_coordinates_at_their_sides_are_no_obstacle() {
    let (lower, upper) = (vec![-ANY; 50], vec![0.5; 50]);
    let f = valley(lower.clone(), upper.clone());
    let report = Lbfgs::new().bounds(&lower, &upper).minimize(&f, &[-1.0; 50]).unwrap();
    assert!(report.converged(), "{report}");
    assert_minimum(&report.point, &report.gradient, &lower, &upper);
}

#[test]
fn without_sides_nearby_it_is_the_free_minimum() {
    let f = valley(vec![-9.0; 4], vec![9.0; 4]);
    let report = Lbfgs::new().bounds(&[-9.0; 4], &[9.0; 4]).minimize(&f, &[-1.2, 1.0, -1.2, 1.0]).unwrap();
    assert!(report.converged() && report.value < 1e-12, "{report}");
}

#[test]
fn unusable_boxes_are_errors() {
    let f = valley(vec![-ANY; 2], vec![ANY; 2]);
    let run = |lower: &[f64], upper: &[f64]| Lbfgs::new().bounds(lower, upper).minimize(&f, &[1.0, 1.0]);
    assert_eq!(run(&[0.0], &[1.0, 1.0]), Err(Error::Dimension { expected: 1, found: 2 }));
    assert_eq!(run(&[0.0], &[1.0]), Err(Error::Dimension { expected: 1, found: 2 }));
    for (lower, upper) in [([0.0, 2.0], [1.0, 1.0]), ([f64::NAN, 0.0], [1.0, 1.0]), ([0.0, ANY], [1.0, ANY])] {
        let error = run(&lower, &upper).unwrap_err();
        assert!(error.to_string().contains("`bounds`"), "{error}");
    }
    let wrong_sign = objective(|p: &[f64]| (p[0] * p[0], -2.0 * p[0]));
    let report = Lbfgs::new().bounds(&[-5.0], &[5.0]).minimize(&wrong_sign, &[1.0]).unwrap();
    assert_eq!((report.reason, report.point), (StopReason::LineSearch, vec![1.0]));
}
