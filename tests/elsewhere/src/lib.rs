//! Differentiated functions that the tests call from another crate.

use derivatives::differentiate;

/// A function.
#[differentiate(gradient, jvp, crate = derivatives)]
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

pub mod deep {
    //! Functions in a module, one of them under two names.

    pub use inner::weighted;
    pub use inner::weighted as under_another_name;

    mod inner {
        use derivatives::differentiate;

        /// Not every parameter is in `wrt`; the companions have names of their own.
        #[differentiate(gradient = "slope", jvp = "push", wrt(x), crate = derivatives)]
        pub fn weighted<const N: usize>(x: &[f64; N], weights: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..N {
                sum += crate::softplus(x[i]) * weights[i];
            }
            sum
        }
    }
}

/// A type with methods.
#[derive(Debug)]
pub struct Line {
    /// The slope.
    pub slope: f64,
}

#[differentiate(gradient, jvp, wrt(x), crate = derivatives)]
impl Line {
    /// A method.
    #[differentiate]
    pub fn at(&self, x: f64) -> f64 {
        self.slope * x + Self::curve(x)
    }

    /// An associated function.
    #[differentiate]
    pub fn curve(x: f64) -> f64 {
        x * x * x
    }
}

/// A trait.
pub trait Potential {
    /// Its method.
    fn potential(&self, x: &[f64]) -> f64;
}

#[differentiate(gradient, jvp, crate = derivatives)]
impl Potential for Line {
    fn potential(&self, x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for &x in x {
            sum += self.at(x);
        }
        sum
    }
}

#[differentiate(gradient, jvp, crate = derivatives, companions = PotentialGradient)]
impl Potential for f64 {
    fn potential(&self, x: &[f64]) -> f64 {
        x[0] * x[1] * *self
    }
}
