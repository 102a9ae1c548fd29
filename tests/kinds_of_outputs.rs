//! Functions with several outputs (`corpus/several`): Jacobians, entry by entry, and products with cotangents and tangents,
//! against dual numbers. In `kinds` and `kinds_of_lists`, every function of the corpus has such a Jacobian, too.

#[allow(dead_code, reason = "the other tests of the corpus use more of it")]
mod corpus {
    mod argument;
    mod dual;
    #[path = "second_order.rs"]
    mod number;
    mod outputs;

    mod support {
        //! As the other tests of the corpus call it.
        pub use super::argument::*;
    }

    mod several {
        //! As users write them, in every style.
        #![allow(clippy::all, clippy::pedantic)]

        mod arrays;
        mod buffers;
        mod lists;
        mod structs;
        mod tuples;
    }
}
