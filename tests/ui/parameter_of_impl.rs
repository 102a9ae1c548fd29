//! Methods of a generic `impl`, whose type parameters the attribute on a method does not see.

use num_traits::Float;
use symgrad::differentiate;

struct Link<S> {
    length: S,
}

impl<S: Float> Link<S> {
    #[differentiate(jvp)]
    fn tip(&self, q: S) -> (S, S) {
        (self.length * q.cos(), self.length * q.sin())
    }

    #[differentiate]
    fn height(&self, q: S) -> S {
        self.length * q.sin()
    }
}

fn main() {}
