//! Operands in the order in which they are written: what one changes, those before it have read.

use symgrad_oracle::case;

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

#[case((0.3, 1.3), (1.1, 0.6))]
fn blocks_on_both_sides(x: f64, y: f64) -> f64 {
    let mut a = x;
    a * {
        a = y * a;
        a
    } + a * {
        a += 1.0;
        a
    }
}

#[case((0.3, 1.3), (1.1, 0.6))]
fn arguments_from_left_to_right(x: f64, y: f64) -> f64 {
    let mut a = x;
    let f = |p: f64, q: f64, r: f64| p * q - q * r + p / r;
    f(
        a,
        {
            a = a * y;
            a
        },
        {
            a += 2.0;
            a
        },
    ) + a
}

#[case((0.3, 1.3), (1.1, 0.6))]
fn receivers_before_arguments(x: f64, y: f64) -> f64 {
    let mut a = x;
    a.powf({
        a = a * y + 1.0;
        a
    }) + a.mul_add(
        {
            a *= 2.0;
            a
        },
        {
            a += y;
            a
        },
    ) + a.atan2({
        a = y;
        a
    })
}

#[case((0.3, 1.3), (1.1, 0.6))]
fn the_right_side_of_a_compound_assignment_first(x: f64, y: f64) -> f64 {
    let mut a = x;
    a += {
        a = a * y;
        a
    };
    a *= a + {
        a += 1.0;
        y
    };
    a
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn an_index_behind_the_right_side(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    let mut i = 0usize;
    a[i] += {
        i += 1;
        a[1] * y
    };
    a[i] *= {
        i += 1;
        a[0] + y
    };
    a[i] = {
        i = 0;
        a[i] * a[2]
    };
    a[0] * a[1] + a[2] * i as f64 + a[2]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn a_right_side_that_writes_the_element(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    a[0] += {
        a[0] = y;
        a[1]
    };
    a[1] = a[0] * {
        a[1] = 2.0 * y;
        a[1]
    } + a[1];
    a[2] -= a[2] * {
        a[2] = y;
        y
    };
    a[0] * a[1] * a[2]
}

#[case((0.3, 1.3), (1.1, 0.6))]
fn tuples_and_arrays_from_left_to_right(x: f64, y: f64) -> f64 {
    let mut a = x;
    let t = (
        a,
        {
            a *= y;
            a
        },
        {
            a += 1.0;
            a
        },
        a,
    );
    let v = [
        a,
        {
            a *= y;
            a
        },
        {
            a += 1.0;
            a
        },
        a,
    ];
    let w = [a; 3];
    t.0 * t.1 - t.2 * t.3 + v[0] * v[1] - v[2] / v[3] + w[1]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn indices_with_effects(v: &[f64; 3], y: f64) -> f64 {
    let mut i = 0usize;
    let s = v[{
        i += 1;
        i
    }] * v[i - 1]
        + v[i] * {
            i += 1;
            v[i] * y
        };
    s * v[i]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn integers_given_before_they_change(v: &[f64; 3], y: f64) -> f64 {
    let mut i = 0usize;
    let f = |k: usize, q: f64, l: usize| v[k] * q + v[l];
    f(
        i,
        {
            i = 2;
            y
        },
        i,
    ) + f(
        {
            i -= 1;
            i
        },
        v[i],
        {
            i += 1;
            i
        },
    )
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn elements_given_before_they_change(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    let f = |p: f64, q: f64| p * q - p;
    let s = f(a[0], {
        a[0] = y * 2.0;
        a[0]
    });
    let t = a[1].max({
        a[1] = y;
        0.1
    }) + a[1];
    s * t
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn assignments_of_tuples(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    let (mut p, mut q) = (y, v[2]);
    (p, q) = (q, p);
    (a[0], a[1]) = (a[1], a[0] * y);
    (p, a[2]) = (p + q, {
        p *= 2.0;
        p
    });
    a[0] * p + a[1] * q + a[2]
}

#[case((0.3, 1.3), (1.1, 0.6))]
fn a_comparison_of_calls_with_effects(x: f64, y: f64) -> f64 {
    let mut k = x;
    let mut bump = |q: f64| {
        k += q;
        k
    };
    let s = if bump(y) > bump(x) { 2.0 } else { 3.0 };
    k * s
}

#[case((0.3, 1.3), (1.1, 0.6), (-1.0, 0.2))]
fn casts_of_blocks(x: f64, y: f64) -> f64 {
    let mut n = 2;
    let s = {
        n += 1;
        n
    } as f64
        * x
        + {
            n *= 2;
            n
        } as f64
            * y;
    let t = n as f64 - {
        n += 1;
        n
    } as f64
        * x;
    s * t + n as f64
}

#[case((0.3, 1.3), (1.1, 0.6), (-1.0, 0.2))]
fn values_of_branches_with_effects(x: f64, y: f64) -> f64 {
    let mut a = x;
    let s = (if {
        a += y;
        a
    } > 1.0
    {
        a *= 2.0;
        a
    } else {
        a -= 0.5;
        a * a
    }) * a
        + if a > y {
            a = y;
            2.0
        } else {
            a = x;
            3.0
        } * a;
    s * a
}

#[case((0.3, 1.3), (1.1, 0.6), (-1.0, 0.2))]
fn values_of_control_flow_with_effects(x: f64, y: f64) -> f64 {
    let mut a = x;
    let s;
    s = a * {
        a = y;
        a
    };
    let t = loop {
        a += 0.5;
        if a > 2.0 {
            break a * {
                a -= 1.0;
                a
            };
        }
    };
    let u = 'b: {
        if a > 1.0 {
            a *= x;
            break 'b a * {
                a -= y;
                a
            };
        }
        a
    };
    s * t + u * a
}
