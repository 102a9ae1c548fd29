//! Functions of the user's that have the names of those which are known: the companions would have the derivatives of others.

#![allow(dead_code)]

mod libraries {
    use symgrad::differentiate;

    mod libm {
        pub fn sin(x: f64) -> f64 {
            x * x
        }
    }

    #[differentiate]
    fn own_library(x: f64) -> f64 {
        libm::sin(x)
    }
}

mod of_std {
    use symgrad::differentiate;

    mod mem {
        pub fn swap(a: &mut f64, b: &mut f64) {
            *a += *b;
        }
    }

    mod iter {
        pub fn once(x: f64) -> std::vec::IntoIter<f64> {
            vec![x, x].into_iter()
        }
    }

    mod array {
        pub fn from_fn(f: impl Fn(usize) -> f64) -> [f64; 2] {
            [f(1), f(0)]
        }
    }

    #[differentiate]
    fn exchanged(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, x * y);
        mem::swap(&mut a, &mut b);
        a * a * b
    }

    #[differentiate]
    fn iterated(x: f64) -> f64 {
        iter::once(x * x).sum::<f64>()
    }

    #[differentiate]
    fn made(x: &[f64; 2]) -> f64 {
        let a: [f64; 2] = array::from_fn(|i| x[i] * x[i]);
        a[0] * 2.0 + a[1]
    }
}

mod floats {
    use symgrad::differentiate;

    mod f64 {
        pub fn sin(x: core::primitive::f64) -> core::primitive::f64 {
            x * 3.0
        }
    }

    struct Float;

    impl Float {
        fn cos(x: core::primitive::f64) -> core::primitive::f64 {
            x * x
        }
    }

    mod num {
        pub trait Float {
            fn tanh(x: Self) -> Self;
        }

        impl Float for f64 {
            fn tanh(x: f64) -> f64 {
                x * x * x
            }
        }
    }

    #[differentiate]
    fn module_of_the_type(x: f64) -> f64 {
        f64::sin(x)
    }

    #[differentiate]
    fn structure(x: f64) -> f64 {
        Float::cos(x)
    }

    #[differentiate]
    fn trait_by_path(x: f64) -> f64 {
        num::Float::tanh(x)
    }

    #[differentiate]
    fn trait_of_type(x: f64) -> f64 {
        <f64 as num::Float>::tanh(x)
    }
}

mod prelude {
    use symgrad::differentiate;

    #[allow(non_snake_case)]
    fn Some(x: f64) -> Option<f64> {
        Option::Some(x * 2.0)
    }

    fn stop_gradient(x: f64) -> f64 {
        x * x
    }

    struct Vec;

    impl Vec {
        fn new() -> std::vec::Vec<f64> {
            vec![1.0]
        }
    }

    #[differentiate]
    fn constructor(x: &[f64; 2]) -> f64 {
        x.iter().filter_map(|v| Some(v * v)).sum::<f64>()
    }

    #[differentiate]
    fn barrier(x: f64) -> f64 {
        stop_gradient(x) * x
    }

    #[differentiate]
    fn list(x: f64) -> f64 {
        let mut v = Vec::new();
        v.push(x);
        v[0] * v[0]
    }
}

mod macros {
    use symgrad::differentiate;

    macro_rules! vec {
        ($a:expr, $b:expr) => {
            [$b, $a]
        };
        ($a:expr; $n:expr) => {
            [$a; 7]
        };
    }

    #[differentiate]
    fn of_two(x: f64, y: f64) -> f64 {
        let v = vec![x * x, y];
        v[0] * 2.0
    }
}

fn main() {}
