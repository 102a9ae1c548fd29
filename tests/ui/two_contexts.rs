//! Two variables of one name: one of the function's, one of the macro's.

use symgrad::differentiate;

macro_rules! make {
    ($name:ident, $x:ident, $body:expr) => {
        #[differentiate]
        fn $name($x: f64) -> f64 {
            let t = 2.0;
            $body * t
        }
    };
}

make!(f, t, t * t);

fn main() {
    let _ = f(1.0);
}
