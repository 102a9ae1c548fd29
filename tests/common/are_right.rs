//! Modules of one function `f` of two numbers each, compared with differences at two points: in gradient and `jvp`, and after `with hessian:` in
//! the Hessian, too. The value has the same bits.

macro_rules! are_right {
    ($($name:ident)*) => {
        #[test]
        fn are_right() {
            for point in [[0.760_97, 1.332_13], [1.13, 0.71]] {
                $(are_right!(first $name, point);)*
            }
        }
    };
    (with hessian: $($name:ident)*) => {
        #[test]
        fn are_right() {
            for point in [[0.760_97, 1.332_13], [1.13, 0.71]] {
                $(
                    are_right!(first $name, point);
                    symgrad::assert_derivatives!(
                        hessian,
                        |p| $name::f_value_and_gradient(&[p[0], p[1]]).1,
                        |p| $name::f_hessian(&[p[0], p[1]]),
                        point
                    );
                )*
            }
        }
    };
    (first $name:ident, $point:ident) => {
        symgrad::assert_gradient!(
            |p| $name::f(&[p[0], p[1]]),
            |p| $name::f_value_and_gradient(&[p[0], p[1]]),
            $point,
            jvp = |p, v| $name::f_jvp(&[p[0], p[1]], &[v[0], v[1]])
        );
    };
}
