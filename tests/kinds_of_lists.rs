//! The rest of the corpus for the other kinds of derivatives, as in `kinds`: what is moved, grows, and may not be there.

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

        mod copies;
        mod discrete;
        mod effects;
        mod growth;
        mod lists_of_tuples;
        mod options;
        mod order;
        mod origins;
        mod rearranged;
        mod spellings;
    }
}
