//! Sparse matrices of lengths that are known at run time: each nonzero against the dense matrix, nothing but zeros elsewhere, and
//! patterns that hold for floats of any value.

#![allow(clippy::pedantic, clippy::needless_late_init, clippy::needless_range_loop, reason = "as users write them")]

use symgrad::{Sparsity, differentiate};

/// The nonzeros are those of the dense matrix, and what is not among them is zero there.
#[track_caller]
fn agrees(pattern: &Sparsity, values: &[f64], dense: &[f64]) {
    let mut dense = dense.to_vec();
    assert_eq!(dense.len(), pattern.rows() * pattern.columns());
    assert_eq!(pattern.entries().len(), values.len());
    for (&(i, j), value) in pattern.entries().iter().zip(values) {
        let expected = std::mem::take(&mut dense[i * pattern.columns() + j]);
        assert!(
            (value - expected).abs() <= 1e-13 * expected.abs().max(1.0),
            "{value:?}, not {expected:?}, at {i}, {j}"
        );
    }
    assert!(dense.iter().all(|left| *left == 0.0), "{dense:?} is left of {pattern:?}");
    assert!(pattern.entries().is_sorted());
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| (1.7 * i as f64).sin()).collect()
}

/// Rosenbrock's function, a band.
#[differentiate(hessian, sparse_hessian)]
fn valley(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let a = x[i] - x[i - 1] * x[i - 1];
        sum += 100.0 * a * a + (1.0 - x[i - 1]).powi(2);
    }
    sum
}

#[test]
fn a_band() {
    for n in [0, 1, 2, 9, 200] {
        let x = points(n);
        // Of other floats of the same number.
        let pattern = valley_sparse_hessian_pattern(&vec![0.0; n]);
        assert_eq!(pattern.entries().len(), n.max(1).saturating_sub(1) * 3 + usize::from(n > 1), "{n}");
        assert!(pattern.directions() <= 3);
        let values = valley_sparse_hessian(&x, &pattern);
        agrees(&pattern, &values, &valley_hessian(&x));
        let mut again = vec![7.0; values.len()];
        valley_sparse_hessian_into(&x, &pattern, &mut again);
        assert_eq!(again, values);
    }
}

/// Branches on numbers, a maximum, an array that is written in one of two arms: either way has its nonzeros in the pattern.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn branches(x: &[f64], weights: &[f64]) -> f64 {
    let n = x.len();
    let mut y = vec![1.0; n];
    let mut sum = 0.0;
    for i in 0..n {
        if x[i] > 0.0 {
            y[i] = x[i] * x[(i + 1) % n];
        } else if weights[i] < 0.0 {
            sum += (x[i] * x[0]).exp();
            continue;
        }
        sum += weights[i] * y[i] * x[(i + 3) % n].max(x[i]).powi(2);
    }
    if sum > 3.0 {
        return sum * 0.5;
    }
    sum + x[1] * x[1]
}

#[test]
fn every_way_is_in_the_pattern() {
    let n = 9;
    let pattern = branches_sparse_hessian_pattern(&vec![0.0; n], &vec![0.0; n]);
    assert!(pattern.entries().len() < n * n, "{pattern:?}");
    for k in 0..40 {
        let x: Vec<f64> = (0..n).map(|i| (1.7 * (i * i + k) as f64).sin()).collect();
        let weights: Vec<f64> = (0..n).map(|i| (0.9 * (i + 7 * k) as f64).cos()).collect();
        let values = branches_sparse_hessian(&x, &weights, &pattern);
        agrees(&pattern, &values, &branches_hessian(&x, &weights));
    }
    // No zero hides what is another number elsewhere.
    let again = branches_sparse_hessian_pattern(&points(n), &points(n));
    assert_eq!(again, pattern);
}

/// Indices that are data: those of the pattern's own call.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn pairs(x: &[[f64; 2]], order: &[usize]) -> Result<f64, String> {
    if order.len() < 2 {
        return Err("no pair".into());
    }
    let mut sum = 0.0;
    for k in 1..order.len() {
        let (i, j) = (order[k - 1], order[k]);
        sum += (x[i][0] - x[j][0]).powi(2) * x[i][1];
    }
    Ok(sum)
}

#[test]
fn points_and_indices() {
    let x: Vec<[f64; 2]> = points(12).as_chunks::<2>().0.to_vec();
    let order = [0, 3, 1, 5];
    let pattern = pairs_sparse_hessian_pattern(&x, &order).unwrap();
    let values = pairs_sparse_hessian(&x, &order, &pattern).unwrap();
    agrees(&pattern, &values, &pairs_hessian(&x, &order).unwrap());
    assert!(pattern.entries().len() < 40);
    assert!(pairs_sparse_hessian_pattern(&x, &[]).is_err());
}

struct Edge {
    to: usize,
    weight: f64,
}

struct Graph {
    edges: Vec<Edge>,
    table: Vec<[usize; 2]>,
}

/// Elements of data where a branch on numbers is, whether they are there or not.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn data_in_branches(x: &[f64], order: &[usize], graph: &Graph) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if x[i] > 0.0 {
            sum += x[i] * x[order[i]];
        } else if x[i] > -2.0 {
            sum += graph.edges[i].weight * x[i] * x[graph.edges[i].to] * x[i];
        } else {
            // Never so.
            let j = order[i + 100];
            sum += x[graph.table[order[7 * i]][i % 2] - 3] * x[j].powi(2);
        }
    }
    sum
}

#[test]
fn elements_of_data_in_branches() {
    let order = [3, 3, 0, 5, 6, 1, 2];
    let edges = [2, 4, 6, 1, 0, 5, 3].map(|to| Edge { to, weight: 0.3 * to as f64 - 1.0 });
    let graph = Graph { edges: edges.into(), table: vec![[1, 2]; 3] };
    let (x, opposite) = (points(7), points(7).iter().map(|v| -v).collect::<Vec<f64>>());
    let pattern = data_in_branches_sparse_hessian_pattern(&x, &order, &graph);
    for x in [x, opposite] {
        assert_eq!(pattern, data_in_branches_sparse_hessian_pattern(&x, &order, &graph));
        let values = data_in_branches_sparse_hessian(&x, &order, &graph, &pattern);
        agrees(&pattern, &values, &data_in_branches_hessian(&x, &order, &graph));
    }
}

#[differentiate(gradient, hvp)]
fn first_two(v: &[f64]) -> f64 {
    v[0] * v[1]
}

/// Arrays that go into calls, with and without a branch around.
#[differentiate(hessian, sparse_hessian)]
fn calls(x: &[f64]) -> f64 {
    let mut sum = first_two(&x[0..2]);
    for i in 2..x.len() - 1 {
        if x[i] > 0.0 {
            sum += first_two(&x[i..i + 2]) * x[0];
        }
    }
    sum
}

/// Arrays that are assigned, begun and copied to in arms.
#[differentiate(hessian, sparse_hessian)]
fn arms(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut m = [x[0], 0.0];
    if x[3] > 0.0 {
        m = [x[2], x[1]];
    }
    sum += m[0] * m[1];
    for i in 1..x.len() {
        let pair = if x[i] > 0.0 { [x[i], x[i - 1]] } else { [x[0], x[i]] };
        sum += pair[0] * pair[1];
    }
    let mut copy = [1.0; 2];
    if x[1] > x[2] {
        copy.copy_from_slice(&x[1..3]);
    }
    let grid: [[f64; 2]; 2];
    if sum > 0.0 {
        grid = [[x[1], x[3]], [sum, x[0]]];
    } else {
        grid = [[x[0], 2.0], [x[2], x[3]]];
    }
    sum + copy[0] * copy[1] + grid[0][0] * grid[1][1] * grid[0][1]
}

#[test]
fn arrays_in_calls_and_in_arms() {
    let mut nonzero = 0;
    for n in [4, 5, 9] {
        let (in_calls, in_arms) = (calls_sparse_hessian_pattern(&points(n)), arms_sparse_hessian_pattern(&points(n)));
        for k in 0..40 {
            let x: Vec<f64> = (0..n).map(|i| (1.7 * (i * i + k) as f64).sin()).collect();
            let dense = calls_hessian(&x);
            nonzero += dense.iter().filter(|entry| **entry != 0.0).count();
            agrees(&in_calls, &calls_sparse_hessian(&x, &in_calls), &dense);
            agrees(&in_arms, &arms_sparse_hessian(&x, &in_arms), &arms_hessian(&x));
        }
    }
    assert!(nonzero > 100);
}

/// A stencil, of as many rows as columns; and one with rows of its own.
#[differentiate(jacobian, sparse_jacobian, wrt(u))]
fn stencil(u: &[f64], h: f64) -> Vec<f64> {
    let n = u.len();
    let mut r = vec![0.0; n];
    for i in 0..n {
        let left = if i == 0 { 0.0 } else { u[i - 1] };
        let right = if i + 1 < n { u[i + 1] } else { 1.0 };
        r[i] = (left - 2.0 * u[i] + right) / (h * h) + u[i].exp();
    }
    r
}

#[differentiate(jacobian, sparse_jacobian)]
fn differences<const N: usize>(x: &[f64; N]) -> (f64, Vec<f64>) {
    let mut all = Vec::new();
    for pair in x.windows(2) {
        all.push((pair[1] - pair[0]).tanh());
    }
    (x[0] * x[N - 1], all)
}

#[test]
fn jacobians() {
    for n in [1, 2, 30] {
        let u = points(n);
        let pattern = stencil_sparse_jacobian_pattern(&vec![0.0; n], 1.0);
        assert_eq!(pattern.entries().len(), 3 * n - 2);
        agrees(&pattern, &stencil_sparse_jacobian(&u, 0.5, &pattern), &stencil_jacobian(&u, 0.5));
    }
    let x: [f64; 6] = points(6).try_into().unwrap();
    let pattern = differences_sparse_jacobian_pattern(&x);
    let (first, rest) = differences_jacobian(&x);
    let dense: Vec<f64> = first.into_iter().chain(rest.into_flattened()).collect();
    agrees(&pattern, &differences_sparse_jacobian(&x, &pattern), &dense);
    assert_eq!(pattern.entries().len(), 2 + 2 * 5);
}

#[test]
#[should_panic(expected = "the pattern needs a column for each number in `wrt`")]
fn a_pattern_of_another_length() {
    let pattern = valley_sparse_hessian_pattern(&[0.5; 4]);
    let _ = valley_sparse_hessian(&[0.5; 5], &pattern);
}

const OTHER: &str = "there are nonzeros that the pattern does not have";

/// What it panics with.
fn panic_of<R>(f: impl FnOnce() -> R + std::panic::UnwindSafe) -> Option<String> {
    let panic = std::panic::catch_unwind(f).err()?;
    Some(panic.downcast_ref::<&str>().map(|text| (*text).into()).or(panic.downcast_ref::<String>().cloned()).unwrap())
}

/// A pattern that was found with other indices has the right size, and puts sums of nonzeros where one of them belongs.
#[test]
fn a_pattern_of_other_integers() {
    let x: Vec<[f64; 2]> = points(12).as_chunks::<2>().0.to_vec();
    let pattern = pairs_sparse_hessian_pattern(&x, &[0, 3, 1, 5]).unwrap();
    for others in [[0, 3, 2, 5], [5, 4, 3, 2], [0, 0, 4, 4]] {
        let panic = panic_of(|| pairs_sparse_hessian(&x, &others, &pattern)).unwrap();
        assert!(panic.contains(OTHER), "{panic}");
    }
    // What has fewer of them has them all there.
    let values = pairs_sparse_hessian(&x, &[0, 3, 1], &pattern).unwrap();
    agrees(&pattern, &values, &pairs_hessian(&x, &[0, 3, 1]).unwrap());
}

struct Net {
    edges: Vec<(usize, usize)>,
    cutoff: Option<f64>,
}

#[differentiate(gradient, hvp)]
fn coupling(a: f64, b: f64) -> f64 {
    (a * b).max(a.sin()).min(3.0 * b)
}

impl Net {
    /// What is no float is of any type, and calls know nothing of it.
    #[differentiate(hessian, sparse_hessian, wrt(x))]
    fn energy(&self, x: &[f64], weight: &[f64]) -> f64 {
        let mut sum = 0.0;
        for &(i, j) in &self.edges {
            sum += weight[i] * coupling(x[i], x[j]).powi(2);
        }
        #[allow(clippy::redundant_pattern_matching, reason = "a method may do anything")]
        if let Some(_) = self.cutoff {
            sum += x[0] * x[x.len() - 1];
        }
        sum
    }

    #[differentiate(jacobian, sparse_jacobian, wrt(x))]
    fn forces(&self, x: &[f64], skip: usize) -> Vec<f64> {
        let mut all = vec![0.0; x.len()];
        for k in 0..self.edges.len() {
            let (i, j) = self.edges[k];
            if k != skip {
                all[i] += x[j].max(x[i]).sin();
                all[j] -= coupling(x[j], x[i]);
            }
        }
        all
    }
}

#[test]
fn a_pattern_of_another_object() {
    let (ring, n) = (|shift: usize| (0..20).map(|i| (i, (i + shift) % 20)).collect::<Vec<_>>(), 20);
    let net = |shift, cutoff| Net { edges: ring(shift), cutoff };
    let x = points(n);
    let one = net(1, None);
    let pattern = one.energy_sparse_hessian_pattern(&x, &points(n));
    let weight = &*points(n);
    agrees(&pattern, &one.energy_sparse_hessian(&x, weight, &pattern), &one.energy_hessian(&x, weight));
    // The edge that closes the ring is the corner, too.
    let closed = net(1, Some(1.0));
    agrees(&pattern, &closed.energy_sparse_hessian(&x, weight, &pattern), &closed.energy_hessian(&x, weight));
    for other in [net(2, None), net(19, Some(0.5)), net(3, None)] {
        let found = other.energy_sparse_hessian_pattern(&x, &points(n));
        agrees(&found, &other.energy_sparse_hessian(&x, weight, &found), &other.energy_hessian(&x, weight));
        if found.entries().iter().any(|entry| !pattern.entries().contains(entry)) {
            let panic = panic_of(|| other.energy_sparse_hessian(&x, weight, &pattern)).unwrap();
            assert!(panic.contains(OTHER), "{panic}");
        }
    }
    let pattern = one.forces_sparse_jacobian_pattern(&x, 4);
    agrees(&pattern, &one.forces_sparse_jacobian(&x, 4, &pattern), &one.forces_jacobian(&x, 4));
    let panic = panic_of(|| one.forces_sparse_jacobian(&x, 5, &pattern)).unwrap();
    assert!(panic.contains(OTHER), "{panic}");
}

/// Arms that are taken only where their indices exist: the pattern runs them everywhere.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn neighbours(x: &[f64], t: &[f64], weights: &[f64], rows: &[[f64; 2]], width: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i];
        // The first of `t` is not positive, and the last is not above one.
        if t[i] > 0.0 {
            let before = i - 1;
            sum += x[before] * x[i] * rows[before / 2][i % 2];
            let pair = &x[before..i + 1];
            sum += pair[0] * pair[1];
            if t[i] > 1.0 {
                for k in before..=i + width - 2 {
                    sum += x[k] * x[before].sin();
                }
                let mut near = [0.0; 3];
                near.copy_from_slice(&x[i - 1..i + 2]);
                sum += near[0] * near[2];
            }
        } else if t[i] < -9.0 && !weights.is_empty() {
            sum += weights[0] * x[i].powi(3) * x[x.len() / width];
        }
    }
    sum
}

#[test]
fn arms_that_are_not_taken_do_not_panic() {
    let n = 10;
    let (x, rows) = (points(n), [[1.5, 0.5]; 5]);
    let t: Vec<f64> = (0..n).map(|i| if i + 1 == n { 0.5 } else { 0.25 * i as f64 }).collect();
    for width in [0, 1, 2, 3] {
        if width < 2 {
            // The function itself panics for these where it takes the arm.
            let t = vec![0.0; n];
            let pattern = neighbours_sparse_hessian_pattern(&x, &t, &[], &rows, width);
            let values = neighbours_sparse_hessian(&x, &t, &[], &rows, width, &pattern);
            agrees(&pattern, &values, &neighbours_hessian(&x, &t, &[], &rows, width));
            continue;
        }
        let pattern = neighbours_sparse_hessian_pattern(&x, &vec![0.0; n], &[], &rows, width);
        assert!(pattern.entries().len() <= n * 7 + 2 * n, "{pattern:?}");
        let values = neighbours_sparse_hessian(&x, &t[..], &[], &rows, width, &pattern);
        agrees(&pattern, &values, &neighbours_hessian(&x, &t, &[], &rows, width));
    }
    assert_eq!(neighbours_sparse_hessian_pattern(&[], &[], &[], &[], 2).entries(), []);
    let below: Vec<f64> = t.iter().map(|t| -10.0 * t - 9.5).collect();
    let pattern = neighbours_sparse_hessian_pattern(&x, &t, &[3.0], &rows, 3);
    let values = neighbours_sparse_hessian(&x, &below, &[3.0], &rows, 3, &pattern);
    agrees(&pattern, &values, &neighbours_hessian(&x, &below, &[3.0], &rows, 3));
}

#[differentiate(gradient, hvp)]
fn bend(x: &[f64], ends: &[[f64; 2]]) -> f64 {
    (x[0] - 2.0 * x[1] + x[2]).powi(2) * ends[0][1]
}

/// What is handed to a function in parts, and copies in arms.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn parts(x: &[f64], ends: &[[f64; 2]]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() - 1 {
        sum += bend(&x[i - 1..i + 2], ends);
        if x[i] > 0.25 {
            let mut pair = [0.0; 2];
            pair.copy_from_slice(&x[i..i + 2]);
            sum += pair[0] * pair[1] * x[0];
        }
    }
    sum
}

#[test]
fn parts_of_arrays_have_their_nonzeros() {
    let (x, ends) = (points(11), [[0.5, 2.0]]);
    let pattern = parts_sparse_hessian_pattern(&x, &ends);
    assert!(pattern.entries().len() < 11 * 5 + 2 * 11, "{pattern:?}");
    agrees(&pattern, &parts_sparse_hessian(&x, &ends, &pattern), &parts_hessian(&x, &ends));
}

/// Parts of arrays of which an arm takes the length.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn lengths_in_arms(x: &[f64], k: usize) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        if x[i] > 100.0 {
            let rest = &x[k..];
            sum += x[i] * x[i - 1] * rest.len() as f64;
            if x[i + k] > x[i] {
                sum += x[0].sin();
            }
        }
        sum += x[i].powi(3);
    }
    sum
}

#[test]
fn lengths_in_arms_that_are_not_taken_do_not_panic() {
    for (x, k) in [(points(7), 2), (points(7), 20), (points(1), 3), (vec![], 1), (vec![1.0, 2.0, 200.0, 3.0, 4.0], 1)] {
        let pattern = lengths_in_arms_sparse_hessian_pattern(&x, k);
        agrees(&pattern, &lengths_in_arms_sparse_hessian(&x, k, &pattern), &lengths_in_arms_hessian(&x, k));
    }
}
