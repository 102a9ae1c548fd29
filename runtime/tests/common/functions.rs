//! Functions of two numbers of `argmin_testfunctions`, with the derivatives that come with them.

use argmin_testfunctions as functions;

/// A function and its minimum, the one that is found from the start.
pub struct Problem {
    pub name: &'static str,
    pub value: fn(&[f64; 2]) -> f64,
    pub gradient: fn(&[f64; 2]) -> [f64; 2],
    pub hessian: fn(&[f64; 2]) -> [[f64; 2]; 2],
    pub start: [f64; 2],
    pub minimizer: [f64; 2],
}

/// Two numbers.
pub fn two(p: &[f64]) -> [f64; 2] {
    [p[0], p[1]]
}

macro_rules! problems {
    ($($name:ident $derivative:ident $hessian:ident from $start:expr, to $minimizer:expr;)*) => {
        pub const PROBLEMS: &[Problem] = &[$(Problem {
            name: stringify!($name),
            value: |p| functions::$name(p),
            gradient: |p| functions::$derivative(p),
            hessian: |p| functions::$hessian(p),
            start: $start,
            minimizer: $minimizer,
        }),*];
    };
}

problems! {
    beale beale_derivative beale_hessian from [1.0, 1.0], to [3.0, 0.5];
    booth booth_derivative booth_hessian from [-5.0, 7.0], to [1.0, 3.0];
    himmelblau himmelblau_derivative himmelblau_hessian from [2.0, 1.0], to [3.0, 2.0];
    matyas matyas_derivative matyas_hessian from [7.0, -4.0], to [0.0, 0.0];
    mccormick mccormick_derivative mccormick_hessian from [0.0, 0.0], to [-0.547_197_55, -1.547_197_55];
    threehumpcamel threehumpcamel_derivative threehumpcamel_hessian from [0.5, 0.7], to [0.0, 0.0];
    goldsteinprice goldsteinprice_derivative goldsteinprice_hessian from [0.1, -0.8], to [0.0, -1.0];
}
