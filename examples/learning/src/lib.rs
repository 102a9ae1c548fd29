//! Two models that learn real sets, for the programs in `examples/` beside them and for their tests: a logistic regression
//! tells tumours apart, and a network of two layers reads digits.

pub mod logistic;
pub mod network;
pub mod sets;
