//! State that is carried nonlinearly: each iteration leaves a record of what its adjoint will read, and a second loop
//! runs backwards and takes them off again. In the second function the condition is recorded, too, and what the sweep of
//! the `if` needs is a further result of it, with a stand-in from the arm that does not have it. In the third, an element
//! that is read several times is read once and recorded once.

#[differentiate]
fn logistic_map(x: f64, rate: f64, steps: usize) -> f64 {
    let mut state = x;
    for _ in 0..steps {
        state = rate * state * (1.0 - state);
    }
    state
}

#[differentiate]
fn bounce(x: f64, speed: f64, steps: usize) -> f64 {
    let (mut height, mut velocity) = (x, speed);
    for _ in 0..steps {
        velocity -= 9.81e-2;
        height += 1e-2 * velocity;
        if height < 0.0 {
            height *= -0.8;
            velocity *= -0.8 * velocity.abs().sqrt();
        }
    }
    height
}

#[differentiate]
fn pendulum(angle: f64, stiffness: f64, steps: usize) -> f64 {
    let mut state = [angle, 0.0];
    for _ in 0..steps {
        let half = [state[0] + 5e-3 * state[1], state[1] - 5e-3 * stiffness * state[0].powi(3)];
        state[0] += 1e-2 * half[1];
        state[1] -= 1e-2 * stiffness * half[0].powi(3);
    }
    state[0]
}

// What is emitted:

/// The value of `logistic_map` and its gradient with respect to `x` and `rate`.
#[must_use]
fn logistic_map_value_and_gradient(x: f64, rate: f64, steps: usize) -> (f64, [f64; 2]) {
    let mut tape = ::symgrad::__private::Vec::new();
    ::symgrad::__private::reserve(&mut tape, &(0..steps));
    let mut state: f64 = x;
    for _ in 0..steps {
        tape.push(state);
        state = rate * state * (1.0 - state);
    }
    let mut dstate: f64 = 1.0;
    let mut drate: f64 = 0.0;
    for _ in (0..steps).rev() {
        let ::core::option::Option::Some(state_1) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let t1 = dstate * (1.0 - state_1);
        dstate = t1 * rate - dstate * (rate * state_1);
        drate += t1 * state_1;
    }
    (state, [dstate, drate])
}

/// The gradient of `logistic_map` with respect to `x` and `rate`.
#[must_use]
fn logistic_map_gradient(x: f64, rate: f64, steps: usize) -> [f64; 2] {
    logistic_map_value_and_gradient(x, rate, steps).1
}

/// The value of `bounce` and its gradient with respect to `x` and `speed`.
#[must_use]
fn bounce_value_and_gradient(x: f64, speed: f64, steps: usize) -> (f64, [f64; 2]) {
    let mut tape = ::symgrad::__private::Vec::new();
    ::symgrad::__private::reserve(&mut tape, &(0..steps));
    let mut velocity: f64 = speed;
    let mut height: f64 = x;
    for _ in 0..steps {
        let velocity_1 = velocity - 9.81e-2;
        let height_1 = height + 1e-2 * velocity_1;
        let t1 = height_1 < 0.0;
        let (height_2, velocity_2, t2) = if t1 {
            let t2: f64 = -0.8;
            let height_2 = height_1 * t2;
            let t3 = velocity_1.abs().sqrt();
            let velocity_2 = velocity_1 * (t2 * t3);
            (height_2, velocity_2, t3)
        } else {
            (height_1, velocity_1, 0.0)
        };
        tape.push((t1, velocity, t2));
        velocity = velocity_2;
        height = height_2;
    }
    let mut t1 = true;
    let mut dvelocity: f64 = 0.0;
    let mut dheight: f64 = 1.0;
    for _ in (0..steps).rev() {
        let ::core::option::Option::Some((t2, velocity_1, t3)) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let (dvelocity_1, dheight_1) = if t2 {
            let velocity_2 = velocity_1 - 9.81e-2;
            let t4 = dvelocity * velocity_2 * 0.8;
            let t5 = if t1 { 0.0 } else { -(0.5 * t4 / t3) };
            (
                dvelocity * (-0.8 * t3)
                    + t5 * (if velocity_2 == 0.0 { 0.0 } else { velocity_2.signum() }),
                -(dheight * 0.8),
            )
        } else {
            (dvelocity, dheight)
        };
        t1 = false;
        dvelocity = dvelocity_1 + dheight_1 * 1e-2;
        dheight = dheight_1;
    }
    (height, [dheight, dvelocity])
}

/// The gradient of `bounce` with respect to `x` and `speed`.
#[must_use]
fn bounce_gradient(x: f64, speed: f64, steps: usize) -> [f64; 2] {
    bounce_value_and_gradient(x, speed, steps).1
}

const _: () = {
    #[allow(
        dead_code,
        unreachable_code,
        unused_variables,
        unused_mut,
        unused_assignments,
        unused_parens,
        unused_imports,
        unused_must_use,
        non_snake_case,
        irrefutable_let_patterns
    )]
    #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
    fn names(number: &f64, changed: &mut f64) {
        {
            use ::symgrad::__private::known::TheMethodOfTheFloatItself as _;
            number.abs(::symgrad::__private::known::Asked);
            (&mut *changed).abs(::symgrad::__private::known::Asked);
        }
        ::symgrad::__methods_of_lists!(inside[] [] [pop push] []);
    }
};

/// The value of `pendulum` and its gradient with respect to `angle` and `stiffness`.
#[must_use]
fn pendulum_value_and_gradient(
    angle: f64,
    stiffness: f64,
    steps: usize,
) -> (f64, [f64; 2]) {
    let mut tape = ::symgrad::__private::Vec::new();
    let mut state: [f64; 2] = [angle, 0.0];
    let mut dstate: [f64; 2] = [0.0; 2];
    ::symgrad::__private::reserve(&mut tape, &(0..steps));
    for _ in 0..steps {
        let t1 = state[0];
        let t2 = state[1];
        let t3 = t1 + 5e-3 * t2;
        let t4 = t2 - 5e-3 * stiffness * t1.powi(3);
        let half: [f64; 2] = [t3, t4];
        state[0] = t1 + 1e-2 * half[1];
        let t5 = half[0];
        state[1] = t2 - 1e-2 * stiffness * t5.powi(3);
        tape.push((t5, t1));
    }
    let t1 = state[0];
    dstate[0] += 1.0;
    let mut dstiffness: f64 = 0.0;
    for _ in (0..steps).rev() {
        let ::core::option::Option::Some((t2, t3)) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let mut dhalf: [f64; 2] = [0.0; 2];
        let t4 = dstate[1];
        dhalf[0] -= t4 * (1e-2 * stiffness) * (3.0 * (t2 * t2));
        let t5 = dstate[0];
        dhalf[1] += t5 * 1e-2;
        let t6 = dhalf[0];
        let t7 = dhalf[1];
        dstate[1] = t4 + t7 + t6 * 5e-3;
        dstate[0] = t5 - t7 * (5e-3 * stiffness) * (3.0 * (t3 * t3)) + t6;
        dstiffness += -(t4 * t2.powi(3) * 1e-2) - t7 * t3.powi(3) * 5e-3;
    }
    (t1, [dstate[0], dstiffness])
}

/// The gradient of `pendulum` with respect to `angle` and `stiffness`.
#[must_use]
fn pendulum_gradient(angle: f64, stiffness: f64, steps: usize) -> [f64; 2] {
    pendulum_value_and_gradient(angle, stiffness, steps).1
}
