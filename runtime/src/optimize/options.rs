//! Options that several solvers have, each as a macro over solvers with fields of these names.

/// The method of a builder that sets the number of its name.
macro_rules! number_option {
    ($solver:ident, $option:ident, $doc:expr) => {
        impl $solver {
            #[doc = $doc]
            #[must_use]
            pub fn $option(mut self, $option: f64) -> Self {
                self.$option = $option;
                self
            }
        }
    };
}
pub(super) use number_option;

/// Below this part of the decrease that its model predicts, a step in a region of trust is refused (J. Nocedal and S. J. Wright,
/// *Numerical Optimization*, 2nd edition, algorithm 4.1).
pub(super) const ACCEPTED: f64 = 1e-4;

/// `epsilon`, with its default.
macro_rules! epsilon_option {
    ($solver:ident, $default:literal) => {
        $crate::optimize::options::number_option!(
            $solver,
            epsilon,
            concat!("The term ε that keeps the division finite, positive; ", $default, " unless told.")
        );
    };
}
pub(super) use epsilon_option;

/// `betas`, of solvers with running moments of the gradient, and what is asked of these and of `epsilon`.
macro_rules! betas_option {
    ($solver:ident) => {
        impl $solver {
            /// The decay of the two moments, each at least 0 and below 1; 0.9 and 0.999 unless told.
            #[must_use]
            pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
                (self.beta1, self.beta2) = (beta1, beta2);
                self
            }

            fn validate_moments(&self) -> Result<(), Error> {
                self.pace.validate()?;
                fraction("beta1", self.beta1)?;
                fraction("beta2", self.beta2)?;
                positive("epsilon", self.epsilon)
            }
        }
    };
}
pub(super) use betas_option;

/// `first_radius`, with what it is measured in.
macro_rules! first_radius_option {
    ($solver:ident, $units:literal) => {
        $crate::optimize::options::number_option!(
            $solver,
            first_radius,
            concat!("The first radius Δ", $units, ", positive; 1 unless told.")
        );

        impl $solver {
            fn validate(&self) -> Result<(), Error> {
                positive("first_radius", self.first_radius)
            }
        }

        impl Default for $solver {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}
pub(super) use first_radius_option;
