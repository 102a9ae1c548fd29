struct Spring {
    stiffness: f64,
    rest: [f64; 2],
    count: usize,
}

#[differentiate(gradient, jvp, wrt(spring))]
pub fn energy(spring: &Spring, x: &[f64; 2]) -> f64 {
    let mut sum = 0.0;
    for k in 0..spring.count {
        sum += (x[k] - spring.rest[k]).powi(2);
    }
    0.5 * spring.stiffness * sum
}

// What is emitted:

/// The value of `energy`; its gradient with respect to `spring` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
pub fn energy_value_and_gradient_into(
    spring: &Spring,
    x: &[f64; 2],
    dspring: &mut Spring,
) -> f64 {
    ::symgrad::Differentiable::reset_like(&mut *dspring, spring);
    if false {
        ::symgrad::__private::follows::<
            { ::symgrad::__private::field("stiffness") },
            _,
        >(&spring);
        let _: &f64 = &spring.stiffness;
        ::symgrad::__private::follows::<
            { ::symgrad::__private::field("rest") },
            _,
        >(&spring);
        let _: &f64 = &spring.rest[0];
        ::symgrad::__private::skips::<
            { ::symgrad::__private::field("count") },
            _,
        >(&spring);
    }
    let stiffness = spring.stiffness;
    let t1 = 0.5 * stiffness;
    let mut sum: f64 = 0.0;
    for k in 0..spring.count {
        let t2 = x[k] - spring.rest[k];
        dspring.rest[k] -= 2.0 * t1 * t2;
        sum += t2.powi(2);
    }
    dspring.stiffness += sum * 0.5;
    t1 * sum
}

/// The value of `energy` and its gradient with respect to `spring`.
#[must_use]
pub fn energy_value_and_gradient(spring: &Spring, x: &[f64; 2]) -> (f64, Spring) {
    let mut dspring: Spring = ::symgrad::Differentiable::zero_like(spring);
    let value = energy_value_and_gradient_into(spring, x, &mut dspring);
    (value, dspring)
}

/// The gradient of `energy` with respect to `spring`.
#[must_use]
pub fn energy_gradient(spring: &Spring, x: &[f64; 2]) -> Spring {
    energy_value_and_gradient(spring, x).1
}

/// The value of `energy` and its directional derivative along the tangents of `spring`.
#[must_use]
pub fn energy_jvp(spring: &Spring, x: &[f64; 2], spring_tangent: &Spring) -> (f64, f64) {
    ::core::assert!(
        ::symgrad::Differentiable::has_shape_of(spring, spring_tangent),
        "the vectors in `spring_tangent` need the lengths of those in `spring`"
    );
    let stiffness = spring.stiffness;
    let mut sum: f64 = 0.0;
    let mut sum_tangent: f64 = 0.0;
    for k in 0..spring.count {
        let t1 = x[k] - spring.rest[k];
        sum += t1.powi(2);
        sum_tangent -= 2.0 * spring_tangent.rest[k] * t1;
    }
    let t1 = 0.5 * stiffness;
    (t1 * sum, spring_tangent.stiffness * 0.5 * sum + sum_tangent * t1)
}
