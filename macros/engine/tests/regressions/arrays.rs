//! Of the forty: arrays.

use super::*;

regressions! {
    case_33_element_squared_then_zeroed:
    fn f(mut a: [f64; 3]) -> f64 {
        let mut s = 0.0;
        for i in 0..3 {
            s += a[i] * a[i];
            a[i] = 0.0;
        }
        s + a[1]
    }
    [array(&[0.3, -1.1, 0.9])], |x| f([x[0], x[1], x[2]]);

    case_34_first_element_used_while_others_are_overwritten:
    fn f(mut a: [f64; 4]) -> f64 {
        for i in 0..4 {
            a[i] = a[0] * a[i] + 1.0;
        }
        a[0] * a[1] * a[2] + a[3]
    }
    [array(&[0.3, -1.1, 0.9, 0.2])], |x| f([x[0], x[1], x[2], x[3]]);

    case_35_insertion_sort:
    fn f(mut a: [f64; 5]) -> f64 {
        for i in 1..5 {
            let mut j = i;
            while j > 0 && a[j - 1] > a[j] {
                a.swap(j - 1, j);
                j -= 1;
            }
        }
        a[0] + 2.0 * a[1] + 3.0 * a[2] * a[3] - a[4]
    }
    [array(&[0.9, -1.1, 2.3, 0.2, 0.5])], |x| f([x[0], x[1], x[2], x[3], x[4]]);

    case_37_prefix_sums_in_place:
    fn f(mut a: [f64; 4]) -> f64 {
        for i in 1..4 {
            a[i] += a[i - 1];
        }
        a[1] * a[2] * a[3]
    }
    [array(&[0.9, -1.1, 2.3, 0.2])], |x| f([x[0], x[1], x[2], x[3]]);

    case_37_gaussian_elimination:
    fn f(mut m: [[f64; 3]; 3], mut b: [f64; 3]) -> f64 {
        for k in 0..3 {
            for i in k + 1..3 {
                let q = m[i][k] / m[k][k];
                for j in k..3 {
                    m[i][j] -= q * m[k][j];
                }
                b[i] -= q * b[k];
            }
        }
        let mut x = [0.0; 3];
        for k in (0..3).rev() {
            let mut s = b[k];
            for j in k + 1..3 {
                s -= m[k][j] * x[j];
            }
            x[k] = s / m[k][k];
        }
        x[0] * x[1] + x[2].sin()
    }
    [matrix(&[[2.0, 0.3, -0.4], [0.5, 1.8, 0.2], [-0.1, 0.6, 2.2]]), array(&[1.0, 0.7, -0.3])],
    |x| f([[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]], [x[9], x[10], x[11]]);

    case_37_cholesky:
    fn f(a: &[[f64; 3]; 3]) -> f64 {
        let mut l = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..=i {
                let mut s = a[i][j];
                for k in 0..j {
                    s -= l[i][k] * l[j][k];
                }
                if i == j {
                    l[i][i] = s.sqrt();
                } else {
                    l[i][j] = s / l[j][j];
                }
            }
        }
        let mut d = 0.0;
        for i in 0..3 {
            d += l[i][i].ln();
        }
        2.0 * d
    }
    [matrix(&[[2.0, 0.3, -0.4], [0.3, 1.8, 0.2], [-0.4, 0.2, 2.2]])],
    |x| f(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]]);

    case_38_matrix_product:
    fn f(a: [[f64; 2]; 2], b: &[[f64; 2]; 2]) -> f64 {
        let mut c = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        c[0][0] * c[1][1] - c[0][1] * c[1][0]
    }
    [matrix(&[[2.0, 0.3], [-0.4, 1.1]]), matrix(&[[0.6, 0.3], [0.5, 1.8]])],
    |x| f([[x[0], x[1]], [x[2], x[3]]], &[[x[4], x[5]], [x[6], x[7]]]);

    case_38_matrix_power:
    fn f(a: [[f64; 2]; 2], n: usize) -> f64 {
        let mut p = [[1.0, 0.0], [0.0, 1.0]];
        for _ in 0..n {
            let mut q = [[0.0; 2]; 2];
            for i in 0..2 {
                for j in 0..2 {
                    for k in 0..2 {
                        q[i][j] += p[i][k] * a[k][j];
                    }
                }
            }
            p = q;
        }
        p[0][1] + p[1][1]
    }
    [matrix(&[[0.9, 0.3], [-0.4, 1.1]]), int(5)], |x| f([[x[0], x[1]], [x[2], x[3]]], 5);
}
