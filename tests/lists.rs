//! Lists of structs that are made by the function: listed, pushed, collected, as copies with other members. Oracle: finite
//! differences; forward mode is compared with reverse mode.

#![allow(clippy::all, clippy::pedantic, reason = "forms that people write are what is tested")]

use symgrad::{Differentiable, Flatten, assert_gradient, differentiate};

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Body {
    m: f64,
    x: f64,
    v: f64,
    #[differentiate(skip)]
    name: String,
}

fn bodies() -> Vec<Body> {
    let body = |m: f64, x: f64, v: f64| Body { m, x, v, name: format!("{m}") };
    vec![body(1.5, 0.3, -0.7), body(0.4, 1.1, 0.2), body(2.0, -0.6, 0.9)]
}

#[differentiate(gradient, jvp)]
fn pushed(x: f64, y: f64) -> f64 {
    let mut points: Vec<Point> = Vec::new();
    points.push(Point { x, y });
    points.push(Point { x: y, y: x * x });
    points.push(Point { x: points[0].x * 2.0, ..points[1] });
    points.iter().map(|p| p.x * p.y).sum()
}

#[differentiate(gradient, jvp)]
fn listed(x: f64, y: f64) -> f64 {
    let points = [Point { x, y }, Point { x: y, y: x * x }];
    points.iter().map(|p| p.x * p.y).sum::<f64>() + points[0].x
}

#[differentiate(gradient, jvp)]
fn area(x: f64, y: f64) -> f64 {
    let points: Vec<Point> = (0..4).map(|i| Point { x: x * i as f64, y: y + (i * i) as f64 }).collect();
    let mut area = 0.0;
    for i in 0..points.len() {
        let (p, q) = (&points[i], &points[(i + 1) % 4]);
        area += p.x * q.y - q.x * p.y;
    }
    area * area
}

#[differentiate(gradient, jvp)]
fn path(x: f64, y: f64) -> f64 {
    let mut points: Vec<Point> = vec![Point { x, y }];
    for i in 0..3 {
        let last = points[i];
        points.push(Point { x: last.x * 0.5 + y, y: last.y * last.x });
        if points[i + 1].y > 5.0 {
            return points[i + 1].x * points[i].y;
        }
    }
    for p in points.iter_mut() {
        p.x *= p.y;
    }
    points.last().unwrap().x + points[1].x
}

#[test]
fn of_numbers() {
    for point in [[0.7, -0.4], [1.3, 0.6], [3.0, 2.5]] {
        macro_rules! check {
            ($f:ident $both:ident $jvp:ident) => {
                assert_gradient!(
                    |p| $f(p[0], p[1]),
                    |p| {
                        let (value, gradient) = $both(p[0], p[1]);
                        (value, gradient.to_vec())
                    },
                    point.to_vec(),
                    jvp = |p, v| $jvp(p[0], p[1], v[0], v[1])
                );
            };
        }
        check!(pushed pushed_value_and_gradient pushed_jvp);
        check!(listed listed_value_and_gradient listed_jvp);
        check!(area area_value_and_gradient area_jvp);
        check!(path path_value_and_gradient path_jvp);
    }
}

#[differentiate(gradient, jvp, wrt(bodies, dt))]
fn moved(bodies: &[Body], dt: f64) -> f64 {
    let next: Vec<Body> = bodies.iter().map(|b| Body { x: b.x + dt * b.v, ..b.clone() }).collect();
    next.iter().map(|b| b.m * b.x * b.x).sum()
}

#[differentiate(gradient, jvp, wrt(bodies, dt))]
fn pushed_copies(bodies: &[Body], dt: f64) -> f64 {
    let mut next = Vec::new();
    for b in bodies {
        if b.x > 0.0 {
            next.push(Body { x: b.x + dt * b.v, ..b.clone() });
        } else {
            next.push(b.clone());
        }
    }
    next[0].x += next[1].m;
    next.iter().map(|b| b.m * b.x).product()
}

#[differentiate(gradient, jvp, wrt(bodies, dt))]
fn changed_copies(bodies: &[Body], dt: f64) -> f64 {
    let mut next: Vec<Body> = bodies.iter().cloned().collect();
    for _ in 0..3 {
        for b in next.iter_mut() {
            b.v -= dt * b.x;
            b.x += dt * b.v;
        }
    }
    next.iter().map(|b| b.m * (b.x * b.x + b.v * b.v)).sum()
}

#[test]
fn of_copies() {
    type Both = fn(&[Body], f64) -> (f64, (Vec<Body>, f64));
    type Jvp = fn(&[Body], f64, &[Body], f64) -> (f64, f64);
    let all: [(fn(&[Body], f64) -> f64, Both, Jvp); 3] = [
        (moved, moved_value_and_gradient, moved_jvp),
        (pushed_copies, pushed_copies_value_and_gradient, pushed_copies_jvp),
        (changed_copies, changed_copies_value_and_gradient, changed_copies_jvp),
    ];
    let at = |flat: &[f64]| {
        let mut list = bodies();
        let (dt, flat) = flat.split_last().unwrap();
        list.restore(flat);
        (list, *dt)
    };
    let mut point = bodies().flatten();
    point.push(0.3);
    for (function, both, jvp) in all {
        let function = |p: &[f64]| {
            let (list, dt) = at(p);
            function(&list, dt)
        };
        let both = |p: &[f64]| {
            let (list, dt) = at(p);
            let (value, (gradient, by_dt)) = both(&list, dt);
            let mut flat = gradient.flatten();
            flat.push(by_dt);
            (value, flat)
        };
        let along = |p: &[f64], v: &[f64]| {
            let ((list, dt), (direction, by_dt)) = (at(p), at(v));
            jvp(&list, dt, &direction, by_dt)
        };
        assert_gradient!(|p| function(p), |p| both(p), point.clone(), jvp = |p, v| along(p, v));
    }
}

mod replaced {
    //! Lists of which the length changes with an assignment.

    use symgrad::{assert_gradient, differentiate};

    #[differentiate(gradient, jvp)]
    fn of_tuples(p: &[f64; 6]) -> f64 {
        let t = 0.3;
        let mut points: Vec<(f64, f64)> = p.chunks(2).map(|c| (c[0], c[1])).collect();
        while points.len() > 1 {
            points =
                points.windows(2).map(|w| (w[0].0 * (1.0 - t) + w[1].0 * t, w[0].1 * w[1].1 + w[1].0 * t)).collect();
        }
        points[0].0 * points[0].1
    }

    #[differentiate(gradient, jvp)]
    fn once(p: &[f64; 6]) -> f64 {
        let mut m: Vec<(f64, f64)> = p.iter().map(|c| (*c, c * p[0])).collect();
        m = m.windows(2).map(|w| (w[0].0 * w[1].1, w[0].1 + w[1].0)).collect();
        if m[0].0 > -100.0 {
            m = m.iter().map(|c| (c.0 * c.0, c.1)).chain(p.iter().map(|c| (*c, c * c))).collect();
        }
        m.iter().map(|c| c.0 * c.1).sum()
    }

    #[differentiate(gradient, jvp)]
    fn of_arrays(p: &[f64; 6]) -> f64 {
        let t = 0.3;
        let mut points: Vec<[f64; 2]> = p.chunks(2).map(|c| [c[0], c[1]]).collect();
        while points.len() > 1 {
            points = points.windows(2).map(|w| [w[0][0] * (1.0 - t) + w[1][0] * t, w[0][1] * w[1][1]]).collect();
        }
        points[0][0] * points[0][1]
    }

    #[test]
    fn are_right() {
        let point = [0.7, -0.4, 1.3, 0.9, 0.2, 1.1];
        let p = |p: &[f64]| [p[0], p[1], p[2], p[3], p[4], p[5]];
        assert_gradient!(
            |x| of_tuples(&p(x)),
            |x| of_tuples_value_and_gradient(&p(x)),
            point,
            jvp = |x, v| of_tuples_jvp(&p(x), &p(v))
        );
        assert_gradient!(
            |x| once(&p(x)),
            |x| once_value_and_gradient(&p(x)),
            point,
            jvp = |x, v| once_jvp(&p(x), &p(v))
        );
        assert_gradient!(
            |x| of_arrays(&p(x)),
            |x| of_arrays_value_and_gradient(&p(x)),
            point,
            jvp = |x, v| of_arrays_jvp(&p(x), &p(v))
        );
    }
}
