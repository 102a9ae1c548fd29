//! The corpus once more, for the other kinds of derivatives: products of cotangents with the Jacobian against the gradient, Hessians,
//! dense, sparse and times vectors, against hyper-dual numbers (`num-dual`) and each other, series, and each function with two outputs
//! for its Jacobian.

mod corpus {
    mod argument;
    mod dual;
    mod dual_float;
    #[path = "second_order.rs"]
    mod number;
    mod outputs;
    #[path = "kinds.rs"]
    mod support;

    mod functions {
        //! As users write them, in every style.
        #![allow(clippy::all, clippy::pedantic, non_snake_case)]

        mod aggregates;
        mod arrays;
        mod branches;
        mod changes;
        mod closures;
        mod compositions;
        mod conditional;
        mod conditions;
        mod cursors;
        mod decisions;
        mod eight_functions;
        mod exits;
        mod forty_cases;
        mod generics;
        mod inactive;
        mod interplay;
        mod iterators;
        mod kept;
        mod kernels;
        mod late;
        mod lent;
        mod libraries;
        mod loops;
        mod matches;
        mod names;
        mod parts;
        mod precision;
        mod primitives;
        mod references;
        mod rows;
        mod scalars;
        mod stages;
        mod tangled;
        mod tapes;
        mod vectors;
        mod views;
        mod widths;
    }
}
