//! Views of arrays that derivatives cannot be taken with respect to.

use symgrad::differentiate;

struct ArrayViewMut1<'a, T>(&'a mut [T]);

impl<T> std::ops::Index<usize> for ArrayViewMut1<'_, T> {
    type Output = T;

    fn index(&self, k: usize) -> &T {
        &self.0[k]
    }
}

#[differentiate(wrt(x))]
fn exclusive(x: ArrayViewMut1<'_, f64>) -> f64 {
    x[0] * x[1]
}

fn main() {}
