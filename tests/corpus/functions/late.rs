//! Values that come out of control flow, and variables that get theirs late.

use symgrad_oracle::case;

const NOTHING: f64 = 0.0;

#[case((0.5), (-0.5))]
fn a_return_instead_of_a_value(x: f64) -> f64 {
    let y = if x < 0.0 { return -x * x } else { x.sqrt() };
    y * 2.0
}

#[case((0.5), (-0.5), (3.0))]
fn a_return_in_one_of_three(x: f64) -> f64 {
    let mut y = if x < 0.0 {
        let t = x * x;
        return t * 3.0;
    } else if x < 1.0 {
        x.sqrt()
    } else {
        let t = x.sin();
        t * t
    };
    y *= x;
    y * 2.0
}

#[case((0.5, 0), (0.5, 4), (0.5, 1))]
fn a_loop_with_a_value(x: f64, n: usize) -> f64 {
    let mut k = 0;
    let mut p = x;
    let y = loop {
        k += 1;
        p *= x;
        if k > n {
            break p * x;
        }
        if k > 3 {
            break p.sin();
        }
    };
    y + x
}

#[case((0.5, 0), (0.5, 4))]
fn a_loop_as_the_result(x: f64, n: usize) -> f64 {
    let mut k = 0;
    let mut p = x;
    loop {
        p = (p * x).cos();
        if k >= n {
            break p * p;
        }
        k += 1;
    }
}

#[case((0.5, 3), (0.5, 0), (2.5, 3), (2.5, 9))]
fn a_loop_with_a_value_and_returns(x: f64, n: usize) -> f64 {
    let mut k = 0;
    let mut y = x;
    let z = 'outer: loop {
        loop {
            y = y.sin() + x;
            k += 1;
            if k == 3 {
                break;
            }
            if k > n {
                break 'outer y * 2.0;
            }
            if y > 3.0 {
                return y;
            }
        }
        if k > 5 {
            break y.exp();
        }
    };
    z * x
}

#[case((0.5), (-0.5), (1.5))]
fn a_labelled_block(x: f64) -> f64 {
    let y = 'a: {
        if x > 1.0 {
            break 'a x;
        }
        let z = x.cos();
        if x < 0.0 {
            break 'a z * x;
        }
        z * z
    };
    y * y
}

#[case((0.5), (-0.5), (1.5))]
fn a_labelled_block_as_the_result(x: f64) -> f64 {
    'a: {
        if x > 1.0 {
            break 'a x * x;
        }
        if x < 0.0 {
            return x.sin();
        }
        x.exp()
    }
}

#[case((0.5), (-0.5), (1.5))]
fn a_labelled_block_as_a_statement(x: f64) -> f64 {
    let mut y = x;
    'done: {
        y *= x;
        if x < 0.0 {
            break 'done;
        }
        y = y.sin();
        for i in 0..3 {
            y += x * i as f64;
            if y > 1.0 {
                break 'done;
            }
        }
        y *= 2.0;
    }
    y + x
}

#[case((0.5, &[1, 2, 3, 4]), (0.5, &[1, 9, 3]), (0.5, &[8]))]
fn a_labelled_block_in_a_loop(x: f64, items: &[u32]) -> f64 {
    let mut s = x;
    'items: for k in items {
        let w = 'w: {
            if *k == 9 {
                break 'items;
            }
            if *k % 2 == 0 {
                break 'w x * x;
            }
            if *k == 3 {
                continue 'items;
            }
            s.sin()
        };
        s += w * *k as f64;
    }
    s
}

#[case((0.5, &[Some(2), None, Some(0)]), (0.5, &[]), (0.5, &[Some(7), None]))]
fn an_index_or_continue(x: f64, list: &[Option<usize>]) -> f64 {
    let v = [x, x * x, x.sin()];
    let mut y = 1.0;
    for k in list {
        let k = match k {
            Some(k) if *k < 3 => *k,
            Some(_) => 0,
            None => continue,
        };
        y *= v[k] + x;
    }
    y
}

#[case((0.5, 0), (0.5, 2), (0.5, 3), (0.5, 9))]
fn an_index_or_several_exits(x: f64, n: usize) -> f64 {
    let v = [x, x * x, x.sin()];
    let mut y = x;
    for i in 0..6 {
        let k: usize = match i {
            0 | 1 => i + 1,
            2 => continue,
            3 if n == 3 => break,
            j if j > n => return y * 7.0,
            _ => 0,
        };
        y = (y + v[k]).cos();
    }
    y
}

#[case((0.5, &[Some(2.0), None]), (0.5, &[Some(2.0), Some(-3.0), Some(1.0)]))]
fn a_float_or_break(x: f64, list: &[Option<f64>]) -> f64 {
    let mut y = x;
    for w in list {
        let t = match w {
            Some(w) if *w > NOTHING => x * *w,
            Some(w) => y * *w,
            None => break,
        };
        y += t.sin();
    }
    y
}

#[case((0.5, 1), (0.5, 0))]
fn an_assignment_with_an_exit(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..5 {
        y += if i == 3 { return y } else { x * y };
        y = match i {
            0 => y * x,
            1 if n == 1 => break,
            _ => continue,
        };
    }
    y * y
}

#[case((0.5, 1.5), (1.5, 0.5), (-1.0, 2.0))]
fn two_values_or_a_return(x: f64, y: f64) -> f64 {
    let (a, mut b) = if x < 0.0 {
        return x * y;
    } else if x < y {
        (x, y)
    } else {
        (y, x * x)
    };
    b += a;
    a * b
}

#[case((0.5, true), (0.5, false))]
fn shadowed(x: f64, c: bool) -> f64 {
    let y = x * x;
    let y = if c { y * x } else { return y };
    let x = loop {
        if y < 1.0 {
            break x + y;
        }
        break x;
    };
    x * y
}

#[case((0.5, 1.5, true), (0.5, 1.5, false))]
fn an_array_either_way(x: f64, y: f64, c: bool) -> f64 {
    let a = if c { [x, y * y] } else { [y, x] };
    let mut b = match c {
        true => [[x, y], a],
        false => [a, [y, 2.0]],
    };
    b[0][1] += x;
    a[0] * a[1] + b[0][1] * b[1][0] * b[1][1]
}

#[case(([0.5, 1.5], [2.0, 0.3], true), ([0.5, 1.5], [2.0, 0.3], false))]
fn an_array_of_two_by_reference(x: &[f64; 2], y: &[f64; 2], c: bool) -> f64 {
    let z = [x[0] * y[1], y[0]];
    let a = if c { x } else { y };
    let b = if c { &z } else { x };
    a[0] * b[1] + a[1].sin() * b[0]
}

#[case((0.5, 1.5, 3), (0.5, 1.5, 0), (0.5, 1.5, 1))]
fn an_array_or_a_return(x: f64, y: f64, n: usize) -> f64 {
    let mut a = match n {
        0 => [x, y],
        1 => return x.sin(),
        _ => {
            let mut t = [x * y; 2];
            t[1] += y;
            t
        }
    };
    a[0] *= a[1];
    a[0] + a[1]
}

#[case((0.5, true), (0.5, false), (-0.5, false))]
fn declared_late(x: f64, c: bool) -> f64 {
    let y;
    let z: f64;
    let k;
    if c {
        y = x * x;
        k = 2;
        z = 1.0;
    } else {
        z = x.exp();
        y = if x > 0.0 { z } else { x };
        k = 3;
    }
    y * z * x.powi(k)
}

#[case((0.5, true), (0.5, false))]
fn arrays_declared_late(x: f64, c: bool) -> f64 {
    let a: [f64; 2];
    let b;
    if c {
        a = [x, 1.0];
        b = [a[0], x * x, 3.0];
    } else {
        b = [x; 3];
        a = [b[0] * x, b[1]];
    }
    a[0] * b[1] + a[1] * b[2]
}

#[case((0.5, 2), (0.5, 0), (-0.5, 5))]
fn declared_late_and_deep(x: f64, n: usize) -> f64 {
    let y;
    let mut s = x;
    if n > 0 {
        if n > 4 {
            if x < 0.0 {
                y = s.sin();
                s *= 2.0;
            } else {
                return x;
            }
        } else {
            let t;
            'a: {
                if n == 2 {
                    t = s * x;
                    break 'a;
                }
                t = s;
            }
            y = t * t;
        }
    } else {
        if x > 3.0 {
            return x * x;
        }
        y = x.exp();
    }
    s * y
}

#[case((0.5, 3), (0.5, 0))]
fn an_integer_from_a_block(x: f64, n: usize) -> f64 {
    let mut s = x;
    let k = {
        s += x * s;
        n + 1
    };
    s * k as f64
}

#[case((0.5, &[1, 2, 5], 1), (0.5, &[1, 2, 5], 9), (0.5, &[], 0), (-0.5, &[1, 7], 3))]
fn an_integer_from_a_loop_that_may_return(x: f64, list: &[usize], n: usize) -> f64 {
    let mut i = 0;
    let mut y = x;
    let k = loop {
        if i >= list.len() {
            return y.sin();
        }
        if list[i] > n {
            break list[i];
        }
        i += 1;
        y *= x;
    };
    y * k as f64
}

#[case((0.5, true, true), (0.5, true, false), (0.5, false, true), (0.5, false, false))]
fn an_integer_beside_a_return(x: f64, a: bool, b: bool) -> f64 {
    let k;
    let name: &str;
    if a {
        k = 2;
        name = "a";
    } else if b {
        return x * 3.0;
    } else {
        k = 3;
        name = "long";
    }
    x.powi(k) * name.len() as f64
}

#[case((0.5, 0), (0.5, 1), (0.5, 2), (0.5, 3), (0.5, 7))]
fn an_integer_beside_exits_from_loops(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..4 {
        let k;
        y = (y * x + i as f64).sin();
        if i == n {
            k = 1;
            y += x;
        } else if i == 2 {
            continue;
        } else if n > 5 {
            if y > 0.5 {
                return y * x;
            }
            k = 2;
        } else {
            if y < -2.0 {
                break;
            }
            k = 5;
        }
        y *= x + k as f64;
    }
    y
}

#[case((0.7, &[1.5, 2.0]), (-0.3, &[0.5, 3.0]), wrt(x))]
fn members_that_turn_out_to_be_floats(x: f64, list: &[f64]) -> f64 {
    let ends = |l: &[f64]| (l[0], l[1], l.len());
    let (mut a, b, mut n) = std::convert::identity(ends(list));
    for _ in 0..2 {
        a = a * x + b;
        n += 1;
    }
    a * n as f64
}

/// Of what the type of `r` tells, it is found out before: the closure has taken nothing by then.
#[case((0.7, 1.2), (0.7, 3.5))]
fn a_closure_called_before_what_it_has_taken_is_written(x: f64, y: f64) -> f64 {
    let mut s = x;
    let f = |t: f64| t * s;
    let r = 'a: {
        if y > 3.0 {
            break 'a 1.0;
        }
        let v = f(y);
        s += v;
        v
    };
    r + s
}
