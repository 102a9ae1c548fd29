//! One corpus of functions (`corpus/functions`), each with its points: gradients and directional derivatives, against two oracles:
//! finite differences with an error estimate, and dual numbers (`num-dual`). No derivative here is a formula derived by hand.

mod corpus {
    #[allow(dead_code, reason = "the Jacobians of `kinds` ask for the float type")]
    mod argument;
    mod dual;
    mod dual_float;
    #[path = "first_order.rs"]
    mod number;
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
        mod copies;
        mod cursors;
        mod decisions;
        mod discrete;
        mod effects;
        mod eight_functions;
        mod exits;
        mod forty_cases;
        mod generics;
        mod growth;
        mod inactive;
        mod interplay;
        mod iterators;
        mod kept;
        mod kernels;
        mod late;
        mod lent;
        mod libraries;
        mod lists_of_tuples;
        mod loops;
        mod matches;
        mod names;
        mod options;
        mod order;
        mod origins;
        mod parts;
        mod precision;
        mod primitives;
        mod rearranged;
        mod references;
        mod rows;
        mod scalars;
        mod spellings;
        mod stages;
        mod tangled;
        mod tapes;
        mod vectors;
        mod views;
        mod widths;
    }
}
