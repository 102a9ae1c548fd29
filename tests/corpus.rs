//! One corpus of functions, each with its points, crossed with every kind of derivative, against two oracles: finite
//! differences with an error estimate, and dual numbers (`num-dual`). No derivative here is a formula derived by hand.

mod corpus {
    mod arrays;
    mod branches;
    mod dual;
    mod inactive;
    mod kernels;
    mod loops;
    mod precision;
    mod primitives;
    mod scalars;
    mod support;
}
