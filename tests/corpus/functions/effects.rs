//! Functions that do more than compute, given to iterators and options: how often they are called, and when.

use symgrad_oracle::case;

thread_local! {
    static CALLS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Another number each time.
fn hidden(i: usize) -> usize {
    CALLS.set(CALLS.get() + 1);
    i + CALLS.get()
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_calls_for_what_it_skips(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [0.0, y];
    let s: f64 = x
        .iter()
        .map(|v| {
            acc[0] += v * v;
            *v
        })
        .skip(2)
        .sum();
    s * acc[0] + acc[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn last_calls_for_all(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [0.0, y];
    let s: f64 = x
        .iter()
        .map(|v| {
            acc[0] += v * v;
            *v
        })
        .last()
        .unwrap();
    s * acc[0] + acc[1]
}

#[case((vec![0.3, 0.7, 1.1, 1.9], 1.3), (vec![0.5, 0.2, 0.4, 0.9], 0.6))]
fn nth_calls_for_all_before(x: &[f64], y: f64) -> f64 {
    let mut seen = Vec::new();
    let s: f64 = x
        .iter()
        .map(|v| {
            seen.push(v * v);
            *v
        })
        .nth(2)
        .unwrap();
    s * seen[0] * y + seen[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn step_by_calls_for_what_it_skips(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [0.0, y];
    let s: f64 = x
        .iter()
        .map(|v| {
            acc[0] += v * v;
            *v
        })
        .step_by(2)
        .sum();
    s * acc[0] + acc[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn rev_calls_in_reverse(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [0.0, y];
    let s: f64 = x
        .iter()
        .map(|v| {
            acc[0] += v * v;
            *v * acc[0]
        })
        .rev()
        .sum();
    s * acc[0] + acc[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_behind_a_closure_that_calls_another(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [0.0, y];
    let mut bump = |v: f64| {
        acc[0] += v * v;
        v
    };
    let s: f64 = x.iter().map(|v| bump(*v) * 2.0).skip(2).sum();
    s * acc[0] + acc[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_of_elements_that_change(x: &[f64; 4], y: f64) -> f64 {
    let mut a = *x;
    let s: f64 = a
        .iter_mut()
        .map(|v| {
            *v *= 2.0;
            *v
        })
        .skip(2)
        .sum();
    s * a[0] + y * a[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_behind_a_closure_that_changes_what_it_is_given(x: &[f64; 4], y: f64) -> f64 {
    let mut a = *x;
    let twice = |v: &mut f64| {
        *v *= 2.0;
        *v
    };
    let s: f64 = a.iter_mut().map(twice).skip(2).sum();
    s * a[0] + y * a[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_behind_a_swap(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = [1.0, y, 2.0];
    let s: f64 = x
        .iter()
        .map(|v| {
            acc.swap(0, 1);
            acc[0] * *v
        })
        .skip(1)
        .sum();
    s * acc[0] + acc[1]
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn a_member_assigned_in_the_header(x: &[f64; 4], y: f64) -> f64 {
    let mut t = (0.0, y);
    for v in x.iter().map(|v| {
        t.0 += v * y;
        v * 2.0
    }) {
        t.1 += v;
    }
    t.0 * t.1
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn a_member_assigned_only_in_the_header(x: &[f64; 4], y: f64) -> f64 {
    let mut t = (0.0, y);
    let mut n = 0.0;
    for v in x.iter().map(|v| {
        t.0 += v * y;
        v * 2.0
    }) {
        n += v;
    }
    t.0 * t.1 * n
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn calls_out_of_sight_for_what_is_skipped(x: &[f64; 4], y: f64) -> f64 {
    CALLS.set(0);
    let s: f64 = x.iter().map(|v| v * hidden(1) as f64).skip(2).sum();
    let t: f64 = x.iter().map(|v| v * hidden(1) as f64).nth(2).unwrap();
    let u: f64 = x.iter().map(|v| v * hidden(1) as f64).last().unwrap();
    let w: f64 = x.iter().map(|v| v * hidden(1) as f64).step_by(3).sum();
    s * y + t * u + w
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn nth_behind_a_filter(x: &[f64; 4], y: f64) -> f64 {
    let mut n = 0.0;
    let s: f64 = x
        .iter()
        .filter(|v| {
            n += **v;
            **v > 0.35
        })
        .map(|v| v * v)
        .nth(1)
        .unwrap();
    s * y * n
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_behind_rev(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = 1.0;
    let s: f64 = x
        .iter()
        .map(|v| {
            acc *= v;
            v * acc
        })
        .rev()
        .skip(1)
        .sum();
    s * y + acc
}

#[case(([0.3, 0.7, 1.1, 1.9], 1.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn skip_behind_enumerate(x: &[f64; 4], y: f64) -> f64 {
    let mut acc = 1.0;
    let mut n = 0.0;
    let s: f64 = x
        .iter()
        .map(|v| {
            acc *= v;
            v * acc
        })
        .enumerate()
        .map(|(i, v)| {
            n += 0.5;
            v * i as f64
        })
        .skip(1)
        .sum();
    s * y + acc * n
}

#[case(([0.3, 0.7, 1.1, 1.9], [1.3, 0.2, 0.1, 0.6]), ([0.5, 0.2, 0.4, 0.9], [0.6, 0.1, 0.9, 0.2]))]
fn zip_of_equal_lengths(x: &[f64; 4], y: &[f64; 4]) -> f64 {
    let mut acc = 1.0;
    let s: f64 = x
        .iter()
        .map(|v| {
            acc *= v;
            v * acc
        })
        .zip(y)
        .map(|(a, b)| a * b)
        .sum();
    s + acc
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn a_fold_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut n = y;
    let r = v.iter().fold(
        {
            n += 1.0;
            n
        },
        |acc, q| {
            n *= q;
            acc * n + q
        },
    );
    r * n
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn take_while_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut p = 0.0;
    let s: f64 = v
        .iter()
        .map(|q| {
            p += q * y;
            q
        })
        .take_while(|q| **q < 1.0)
        .map(|q| q * q)
        .sum();
    let t: f64 = v
        .iter()
        .skip_while(|q| {
            p += **q;
            **q < 0.5
        })
        .map(|q| q * y)
        .sum();
    let _u = v.iter().position(|q| *q > 0.5);
    s * p + t
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn elements_that_are_kept_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut p = y;
    let s = v
        .iter()
        .map(|q| {
            p *= q;
            p + q
        })
        .max_by(|a, b| a.total_cmp(b))
        .unwrap();
    let t = v
        .iter()
        .map(|q| {
            p += q;
            p * q
        })
        .reduce(|a, b| a * b + y)
        .unwrap();
    let u = v
        .iter()
        .map(|q| {
            p += q;
            p * q
        })
        .find(|q| *q > 1.0)
        .unwrap_or({
            p *= 2.0;
            p
        });
    s * t * u + p
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn any_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut p = y;
    let mut f = |q: f64| {
        p += q;
        p * q
    };
    let some = v.iter().any(|q| f(*q) > 1.0);
    if some { p * y } else { p }
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn a_default_that_changes_where_the_element_is(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    let s = a.first().copied().unwrap_or({
        a[0] = 3.0 * y;
        y
    });
    let t = a.get(1).copied().map_or(
        {
            a[1] = y * y;
            y
        },
        |q| q * y,
    );
    let u = a.last().copied().unwrap_or_else(|| {
        a[2] = y;
        y
    });
    s * a[0] + t * a[1] + u
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn a_default_behind_a_closure_with_an_effect(v: &[f64; 3], y: f64) -> f64 {
    let mut n = y;
    let s = v
        .first()
        .map(|q| {
            n += q;
            n * q
        })
        .unwrap_or({
            n *= 2.0;
            n
        });
    let t = v
        .get(7)
        .map(|q| {
            n += q;
            n * q
        })
        .unwrap_or({
            n *= 2.0;
            n
        });
    let u = v
        .iter()
        .copied()
        .reduce(|p, q| p * q)
        .map(|q| {
            n += q;
            n
        })
        .map_or(
            {
                n *= 3.0;
                n
            },
            |q| q * y,
        );
    s * t + u * n
}

#[case((vec![0.3, 0.8, 1.3], 1.3), (vec![], 0.6))]
fn a_default_that_is_taken(v: &[f64], y: f64) -> f64 {
    let mut n = y;
    let s = v
        .first()
        .map(|q| {
            n += q;
            n * q
        })
        .unwrap_or({
            n *= 2.0;
            n
        });
    let t = v.last().copied().map_or(
        {
            n += 1.0;
            n * y
        },
        |q| {
            n *= q;
            n
        },
    );
    s * t * n
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn elements_unwrapped_before_they_change(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    a.first().copied().unwrap() * {
        a[0] = y;
        y
    } + a[0] * a.iter().copied().last().unwrap() * {
        a[2] = 3.0;
        a[2] * y
    }
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn effects_on_both_sides_of_a_zip(v: &[f64; 3], y: f64) -> f64 {
    let mut n = y;
    let mut m = [1.0, y];
    let s: f64 = v
        .iter()
        .map(|q| {
            n += q;
            n
        })
        .zip(v.iter().map(|q| {
            m[0] *= q;
            m[0]
        }))
        .map(|(p, q)| p * q)
        .sum();
    s * n + m[0]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn windows_and_ranges_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut n = y;
    let s: f64 = v
        .windows(2)
        .map(|w| {
            n += w[0];
            n * w[1]
        })
        .rev()
        .take(1)
        .sum();
    let t: f64 = v
        .chunks(2)
        .map(|w| {
            n += w[0];
            n
        })
        .skip(1)
        .sum();
    let u: f64 = (0..5)
        .map(|i| {
            n += i as f64;
            n * y
        })
        .step_by(2)
        .sum();
    let w: f64 = (0..5)
        .map(|i| {
            n += i as f64;
            n * y
        })
        .rev()
        .skip(2)
        .sum();
    s * t * n + u * w
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn collected_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut n = y;
    let a: Vec<f64> = v
        .iter()
        .map(|q| {
            n += q;
            n
        })
        .collect();
    let b: Vec<f64> = v
        .iter()
        .map(|q| {
            n += q;
            n
        })
        .skip(1)
        .collect();
    let c: [f64; 3] = std::array::from_fn(|i| {
        n *= v[i];
        n
    });
    a[0] * a[2] + b[0] * b[1] + c[1] * c[2] + n
}
