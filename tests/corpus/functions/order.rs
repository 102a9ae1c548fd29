//! What happens when: functions that are called for elements that go no further, operands that change what others read.

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

#[case(([0.3, 0.7, 1.1, 1.9], 5.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn an_element_before_an_exit(y: &[f64; 4], x: f64) -> f64 {
    let mut t = [x, 2.0];
    let mut s = 0.0;
    for i in 0..4 {
        s += t[0]
            * if i > 2 {
                t[0] = 3.0 * x;
                if x > 4.0 {
                    break;
                }
                x
            } else {
                2.0
            };
        s += y[i] * t[0];
    }
    s * t[0]
}

#[case(([0.3, 0.7, 1.1, 1.9], 5.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn an_element_before_a_swap(y: &[f64; 4], x: f64) -> f64 {
    let mut t = [x, 2.0];
    let mut s = 0.0;
    for i in 0..4 {
        s += (i as f64 + 1.0)
            * t[0]
            * if i > 1 {
                t.swap(0, 1);
                if x > 4.0 {
                    break;
                }
                x
            } else {
                2.0
            };
        s += y[i] * t[0];
    }
    s * t[0]
}

#[case(([0.3, 0.7, 1.1, 1.9], 5.3), ([0.5, 0.2, 0.4, 0.9], 0.6))]
fn an_element_of_a_member_before_an_exit(y: &[f64; 4], x: f64) -> f64 {
    let mut t = ([x, 2.0], 1.0);
    let mut s = 0.0;
    for i in 0..4 {
        s += t.0[0]
            * if i > 1 {
                t.0[0] = 3.0 * x;
                if x > 4.0 {
                    break;
                }
                x
            } else {
                2.0
            };
        s += y[i] * t.0[0] * t.1;
    }
    s * t.0[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_element_before_a_return(v: [f64; 2], x: f64) -> f64 {
    let mut v = v;
    let c = v[0] > 0.0;
    v[0] * {
        if c {
            v[0] = 3.0 * x;
        }
        if x > 9.0 {
            return v[0] * x;
        }
        x
    } + v[0]
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

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_element_before_a_loop_over_references(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    t[0] * {
        for q in t.iter_mut() {
            *q *= x;
        }
        if x > 9.0 {
            return x * x;
        }
        x
    } + t[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_element_before_a_loop_over_a_part(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    t[0] * {
        for q in &mut t[..1] {
            *q *= x;
        }
        if x > 9.0 {
            return x * x;
        }
        x
    } + t[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn a_number_that_an_exit_gives_away(v: &[f64; 2], x: f64) -> f64 {
    let t = v[1] + x;
    let g = |a: f64| a * a;
    t * {
        if x > 9.0 {
            return g(t);
        }
        g(t)
    } + t
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_element_before_a_split(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    t[0] * {
        let (a, b) = t.split_at_mut(1);
        a[0] = b[0] * x;
        if x > 9.0 {
            return x * a[0];
        }
        x
    } + t[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn a_length_before_a_push(v: &[f64; 2], x: f64) -> f64 {
    let mut list = vec![1usize];
    x.powi(list.len() as i32) * {
        list.push(2);
        if x > 9.0 {
            return x * v[0];
        }
        x
    } + v[1] * list.len() as f64
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_element_before_an_alias_of_an_alias(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    t[0] * {
        let r = &mut t;
        let q = r;
        q[0] = 3.0 * x;
        if x > 9.0 {
            return q[0];
        }
        x
    } + t[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn calls_before_an_exit(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    let mut take = |k: usize| {
        t[k] *= 2.0;
        t[k]
    };
    take(0) * x.sin() * take(1)
        + take(0) * {
            if x > 9.0 {
                return x * x;
            }
            take(0)
        }
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn a_compound_assignment_with_an_exit(v: &[f64; 2], x: f64) -> f64 {
    let mut t = *v;
    let mut s = x;
    s *= t[0] * s + {
        t[0] = s;
        s = 2.0 * x;
        if x > 9.0 {
            return x * s;
        }
        x * t[0]
    };
    s + t[0]
}

#[case(([0.3, 0.7], 9.3), ([0.5, 0.2], 0.6), ([-0.5, 0.2], 0.6))]
fn an_index_before_an_exit(v: &[f64; 2], x: f64) -> f64 {
    let mut n = 1usize;
    let s = v[n] * {
        n = 0;
        if x > 9.0 {
            return x * x;
        }
        x * v[n]
    };
    s + n as f64 * x
}

fn counted(n: &mut usize) -> f64 {
    *n += 1;
    *n as f64
}

#[case((0.7,), (-0.4,))]
fn a_call_with_an_effect_before_an_exit(x: f64) -> f64 {
    let mut n = 0;
    counted(&mut n) * x + (if x < 0.0 { return x * x } else { x * counted(&mut n) }) + n as f64 * x
}
