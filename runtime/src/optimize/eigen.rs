//! Eigenvalues and eigenvectors of a symmetric matrix, for the model of Newton's method.
//!
//! Input: a row-major n × n matrix of finite numbers, of which the upper triangle counts. Output: eigenvalues in rising
//! order, each with a unit eigenvector.
//!
//! Reference: C. G. J. Jacobi 1846, in the cyclic form of G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th
//! edition, algorithm 8.5.3: slower than tridiagonal forms, short, and accurate to the last digits.

use super::vector::norm;

/// A = V Λ Vᵀ.
#[derive(Debug, Clone)]
pub(super) struct Eigen {
    /// In rising order.
    pub values: Vec<f64>,
    /// The unit vectors, in the order of the values.
    pub vectors: Vec<Vec<f64>>,
}

/// Sweeps over all pairs; a matrix needs about ten.
const SWEEPS: usize = 60;

impl Eigen {
    pub fn of(matrix: &[f64], n: usize) -> Self {
        // In units of its size, so that squares neither overflow nor vanish.
        let size = matrix.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let unit = if size > 0.0 { size } else { 1.0 };
        let mut a: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| matrix[i.min(j) * n + i.max(j)] / unit).collect()).collect();
        let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
        for _ in 0..SWEEPS {
            let outside: Vec<f64> = (0..n).flat_map(|p| a[p][p + 1..].to_vec()).collect();
            if norm(&outside) <= 1e-17 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut v, p, q);
                }
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| a[i][i].total_cmp(&a[j][j]));
        Self {
            values: order.iter().map(|&k| a[k][k] * unit).collect(),
            vectors: order.iter().map(|&k| v[k].clone()).collect(),
        }
    }
}

/// Makes the entries at (p, q) zero; the rows of `v` are the eigenvectors.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let tau = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = if tau >= 0.0 { 1.0 } else { -1.0 } / (tau.abs() + tau.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    for rows in [a, v] {
        let (upper, lower) = rows.split_at_mut(q);
        for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
            (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Eigen;

    #[test]
    fn every_pair_is_one_of_the_matrix() {
        for (n, matrix) in [
            (1, vec![-3.0]),
            (2, vec![2.0, 1.0, 1.0, 2.0]),
            (3, vec![0.0; 9]),
            (4, (0..16).map(|k| f64::from((k / 4 + 1) * (k % 4 + 1) % 7) * 1e200).collect()),
            (5, (0..25).map(|k| 1.0 / f64::from(k / 5 + k % 5 + 1)).collect()),
        ] {
            let eigen = Eigen::of(&matrix, n);
            assert!(eigen.values.windows(2).all(|w| w[0] <= w[1]));
            let size = matrix.iter().fold(0.0_f64, |m, x: &f64| m.max(x.abs()));
            for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
                let length: f64 = vector.iter().map(|x| x * x).sum();
                assert!((length - 1.0).abs() < 1e-14);
                for i in 0..n {
                    let image: f64 = (0..n).map(|j| matrix[i * n + j] * vector[j]).sum();
                    assert!((image - value * vector[i]).abs() <= 1e-14 * size, "{n}: {value}");
                }
            }
        }
    }

    #[test]
    fn known_values_come_out() {
        let eigen = Eigen::of(&[2.0, 1.0, 1.0, 2.0], 2);
        assert!((eigen.values[0] - 1.0).abs() < 1e-15 && (eigen.values[1] - 3.0).abs() < 1e-15);
    }
}
