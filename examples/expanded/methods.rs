struct Layer {
    gain: f64,
    shift: [f64; 2],
}

#[differentiate(gradient, jvp, wrt(x))]
impl Layer {
    #[differentiate]
    pub fn apply(&self, x: f64, k: usize) -> f64 {
        (self.gain * x + self.shift[k]).tanh()
    }

    #[differentiate(gradient)]
    fn twice(&self, other: &Layer, x: f64) -> f64 {
        other.apply(self.apply(x, 0), 1)
    }
}

// What is emitted:

impl Layer {
    /// The value of `apply` and its gradient with respect to `x`.
    #[must_use]
    pub fn apply_value_and_gradient(&self, x: f64, k: usize) -> (f64, f64) {
        let t1 = self.gain * x + self.shift[k];
        let t2 = t1.tanh();
        (
            t2,
            ({
                if t2.abs() < 0.65 {
                    1.0 - t2 * t2
                } else {
                    let e = (-2.0 * t1.abs()).exp();
                    4.0 * e / (1.0 + e * (2.0 + e))
                }
            }) * self.gain,
        )
    }
    /// The gradient of `apply` with respect to `x`.
    #[must_use]
    pub fn apply_gradient(&self, x: f64, k: usize) -> f64 {
        self.apply_value_and_gradient(x, k).1
    }
    /// The value of `apply` and its directional derivative along the tangents of `x`.
    #[must_use]
    pub fn apply_jvp(&self, x: f64, k: usize, x_tangent: f64) -> (f64, f64) {
        let t1 = self.gain * x + self.shift[k];
        let t2 = t1.tanh();
        (
            t2,
            x_tangent * self.gain
                * ({
                    if t2.abs() < 0.65 {
                        1.0 - t2 * t2
                    } else {
                        let e = (-2.0 * t1.abs()).exp();
                        4.0 * e / (1.0 + e * (2.0 + e))
                    }
                }),
        )
    }
    #[doc(hidden)]
    #[inline]
    pub fn __symgrad_v1_gradient_of_apply(
        &self,
        x: f64,
        k: usize,
        slot_self: impl ::symgrad::__private::NotInWrt,
        slot_x: impl ::symgrad::__private::Slot<f64>,
        slot_k: impl ::symgrad::__private::NotInWrt,
    ) -> f64 {
        let (value, gradient) = self.apply_value_and_gradient(x, k);
        ::symgrad::__private::Slot::put(slot_x, &gradient);
        value
    }
    #[doc(hidden)]
    #[inline]
    pub fn __symgrad_v1_jvp_of_apply(
        &self,
        x: f64,
        k: usize,
        slot_self: impl ::symgrad::__private::NotInWrt,
        slot_x: impl ::symgrad::__private::Tangent<f64>,
        slot_k: impl ::symgrad::__private::NotInWrt,
    ) -> (f64, f64) {
        let zero_x = 0.0;
        let slot_x: &f64 = ::symgrad::__private::Tangent::or_zero(&slot_x, &zero_x);
        self.apply_jvp(x, k, *slot_x)
    }
    #[doc(hidden)]
    #[inline]
    pub fn __symgrad_v1_derivatives_of_apply(
        &self,
    ) -> ::symgrad::__private::Companions<&Self, Self> {
        ::symgrad::__private::Companions::new(self)
    }
    /// The value of `twice` and its gradient with respect to `x`.
    #[must_use]
    fn twice_value_and_gradient(&self, other: &Layer, x: f64) -> (f64, f64) {
        if false {
            use ::symgrad::__private::NothingBefore as _;
            trait FoundBeforeTheOneWithDerivatives: ::core::marker::Sized {
                fn apply(self) {}
            }
            impl<T> FoundBeforeTheOneWithDerivatives for T {}
            let receiver = ::symgrad::__private::receiver(&self);
            match (self.__symgrad_v1_derivatives_of_apply().of(receiver)) {
                resolved => {
                    resolved.first().apply();
                    resolved.second().apply();
                }
            }
            loop {}
        }
        let mut partial1: f64 = 0.0;
        let t1 = self
            .__symgrad_v1_derivatives_of_apply()
            .0
            .__symgrad_v1_gradient_of_apply(
                x,
                0,
                ::symgrad::__private::NoGradient,
                &mut partial1,
                ::symgrad::__private::NoGradient,
            );
        if false {
            use ::symgrad::__private::NothingBefore as _;
            trait FoundBeforeTheOneWithDerivatives: ::core::marker::Sized {
                fn apply(self) {}
            }
            impl<T> FoundBeforeTheOneWithDerivatives for T {}
            let receiver = ::symgrad::__private::receiver(&other);
            match (other.__symgrad_v1_derivatives_of_apply().of(receiver)) {
                resolved => {
                    resolved.first().apply();
                    resolved.second().apply();
                }
            }
            loop {}
        }
        let mut partial1_1: f64 = 0.0;
        let t2 = other
            .__symgrad_v1_derivatives_of_apply()
            .0
            .__symgrad_v1_gradient_of_apply(
                t1,
                1,
                ::symgrad::__private::NoGradient,
                &mut partial1_1,
                ::symgrad::__private::NoGradient,
            );
        (t2, partial1_1 * partial1)
    }
    /// The gradient of `twice` with respect to `x`.
    #[must_use]
    fn twice_gradient(&self, other: &Layer, x: f64) -> f64 {
        self.twice_value_and_gradient(other, x).1
    }
    #[doc(hidden)]
    fn __symgrad_v1_names_of_twice(number: &f64, changed: &mut f64) {
        ::symgrad::__methods_of_lists!(inside[first] [] [] []);
    }
    #[doc(hidden)]
    #[inline]
    fn __symgrad_v1_gradient_of_twice(
        &self,
        other: &Layer,
        x: f64,
        slot_self: impl ::symgrad::__private::NotInWrt,
        slot_other: impl ::symgrad::__private::NotInWrt,
        slot_x: impl ::symgrad::__private::Slot<f64>,
    ) -> f64 {
        let (value, gradient) = self.twice_value_and_gradient(other, x);
        ::symgrad::__private::Slot::put(slot_x, &gradient);
        value
    }
    #[doc(hidden)]
    #[inline]
    fn __symgrad_v1_jvp_of_twice(
        &self,
        other: &Layer,
        x: f64,
        slot_self: impl ::symgrad::__private::HasJvp,
        slot_other: impl ::symgrad::__private::HasJvp,
        slot_x: impl ::symgrad::__private::HasJvp,
    ) -> (f64, f64) {
        ::core::unimplemented!("the function could not be differentiated")
    }
    #[doc(hidden)]
    #[inline]
    fn __symgrad_v1_derivatives_of_twice(
        &self,
    ) -> ::symgrad::__private::Companions<&Self, Self> {
        ::symgrad::__private::Companions::new(self)
    }
}
