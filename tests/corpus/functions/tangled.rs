//! Control flow within control flow, as no one writes it: written by a program, once.

#![allow(warnings, reason = "as no one writes it")]

use symgrad_oracle::case;

const THIRD: f64 = 0.33;
const LOW: f64 = -0.21;

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_one(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    'b1: {
        if n > 2 {
            break 'b1;
        }
        if x > 0.31 {
            return (x * 0.25 + (z * 2.0));
        }
    }
    let mut v2 = if let Some(w3) = o { x * w3 } else { (x * 0.5 + z) };
    match n % 5 {
        0 => {
            if let Some(w) = o {
                v2 = (v2 * w).sin();
            } else {
            }
        }
        k @ 1..=2 => {
            let mut v4 = match n % 4 {
                0 => (x * 0.3 + x),
                1 | 2 => return (v2 * 2.0 + ((z * 0.3) * (v2 * v2)).sin()),
                k if k > 7 => (z * 0.5 + ((x + v2) * (z * z).sin()).sin()),
                _ => (x * 2.0 + z),
            };
        }
        3 if v2 > -0.17 => {
            v2 += (v2 * 0.25 + z);
        }
        _ => {
            return (v2 * 0.25 + x);
        }
    }
    'b5: {
        let mut v6 = match (z, n % 3) {
            (p7, 0) if p7 > LOW => p7 * x,
            (p7, 1) => p7.sin(),
            (_, q8) => x * q8 as f64,
        };
        if v2 > 0.31 {
            break 'b5;
        }
        let mut v9 = match (v6, n % 3) {
            (p10, 0) if p10 > LOW => p10 * z,
            (p10, 1) => p10.sin(),
            (_, q11) => v6 * q11 as f64,
        };
    }
    let y12;
    if n % 3 == 1 {
        let mut v13 = (z * 0.3 + (x * (z - 0.3 * z)));
        y12 = (v13 * 0.25 + v13);
    } else {
        v2 = (x * 0.3 + (z + (z * z).sin()).cos());
        y12 = (x * 2.0 + (v2 + (x * z).sin()));
    }
    v2 += (y12 * 2.0 + (v2 * 0.3));
    (v2 * 2.0 + ((y12 * 0.5) - 1.5 * (y12 + y12).cos()))
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_two(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    let Some(w1) = o else { return (z * 1.5 + (x * (x - 0.5 * x)).sin()) };
    let v2 = z * w1;
    'b3: {
        match n % 5 {
            0 => {
                return (v2 * 1.5 + (z + (v2 * v2).sin()));
            }
            k @ 1..=2 => {
                return (v2 * 0.25 + (x * 0.3));
            }
            3 if x > -0.17 => {
                return (v2 * 1.5 + ((z * z) * x));
            }
            _ => {}
        }
        if z > 0.31 {
            break 'b3;
        }
        match n % 5 {
            0 => {}
            k @ 1..=2 => {
                let k4 = match list.get(n) {
                    Some(k) if *k > 7 => return (z * 2.0 + x),
                    Some(k) => *k,
                    None => return (z * 0.3 + (v2 * (z + z).cos()).sin()),
                };
            }
            3 if n % 3 == 1 => {}
            _ => {
                return (v2 * 1.5 + ((x + z) + (z - 0.3 * x)).cos());
            }
        }
    }
    (x * 0.5 + (z + (v2 * 2.0)))
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_three(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    if z > -0.17 {
        if x > -0.17 {
        } else {
            return (z * 0.25 + (z + (x * x).sin()).cos());
        }
    } else {
        return (x * 2.0 + x);
    }
    if let Some(w) = o {
    } else {
        let Some(w1) = o else { return (x * 0.5 + x) };
        let v2 = z * w1;
    }
    'f4: for i3 in 0..2 {
        'f6: for i5 in 0..3 {
            'b7: {
                'b8: {
                    if i3 > 0 {
                        break 'b8;
                    }
                }
                if o.is_some() {
                    break 'b7;
                }
                if let Some(w) = o {
                } else {
                }
            }
            let mut v9 = if z > 0.31 {
                if z > 0.31 {
                    continue 'f6;
                }
                (x * 1.5 + (x + (x * x).sin()))
            } else {
                continue 'f6;
            };
        }
        if x > 0.31 {
        } else {
            'b10: {
                if z > -0.17 {
                    let y11;
                    if i3 > 1 {
                        y11 = (z * 0.5 + x);
                    } else {
                        y11 = (z * 0.3 + x);
                    }
                } else {
                    let Some(w12) = o else { continue 'f4 };
                    let v13 = x * w12;
                }
                if i3 % 2 == 1 {
                    break 'b10;
                }
            }
        }
    }
    (z * 1.5 + (x * 2.0))
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_four(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    if n > 1 {
        return (z * 0.5 + (z * (z * x).sin()));
    }
    let y1;
    if z > 0.83 {
        let mut it2 = list.iter();
        'w3: while let Some(k4) = it2.next() {
            let k4 = *k4;
            let mut v5 = (x * 0.25 + z);
            v5 -= (z * 0.3 + ((x * x).sin() + (z + z)).cos());
        }
        y1 = (x * 1.5 + z);
    } else {
        let mut v6 = if let Some(w7) = o { z * w7 } else { (z * 0.25 + ((x - 2.0 * z) - 0.5 * z)) };
        y1 = (z * 1.5 + ((z * v6) - 2.0 * x));
    }
    match n % 5 {
        0 => {
            return (x * 0.25 + (y1 * (z + y1).cos()).sin());
        }
        k @ 1..=2 => {
            if o.is_some() {
                match n % 5 {
                    0 => 'b8: {
                        if n % 2 == 0 {
                            break 'b8;
                        }
                    }
                    k @ 1..=2 => {
                        return (z * 0.3 + ((z + y1) * z));
                    }
                    3 if n % 2 == 0 => {}
                    _ => {
                        if let Some(w) = o {
                        } else {
                        }
                    }
                }
                if o.is_some() {
                } else {
                }
            } else {
            }
        }
        3 if n % 3 == 0 => {
            return (z * 0.3 + ((x * x).sin() + (y1 + x).cos()).cos());
        }
        _ => {
            return (x * 0.3 + z);
        }
    }
    let mut v9 = {
        let mut a10 = if z > 0.31 {
            [(y1 * 0.25 + ((x - 0.25 * x) * y1).sin()), (y1 * 0.5 + ((z - 0.5 * y1) * (y1 - 0.5 * y1)).sin())]
        } else {
            [(z * 0.3 + x), (x * 1.5 + z)]
        };
        a10[n % 2] *= (y1 * 0.25 + z);
        let v11 = a10[0] * a10[1];
        'b12: {
            'f14: for i13 in 0..2 {
                if let Some(w) = o {
                } else {
                    break 'f14;
                }
            }
            if z > 0.31 {
                break 'b12;
            }
        }
        (z * 0.25 + ((x + x) * (z * z).sin()).sin())
    };
    (x * 1.5 + y1)
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_five(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    let mut it1 = list.iter();
    'w2: while let Some(k3) = it1.next() {
        let k3 = *k3;
        let mut a4 = if o.is_some() {
            [(x * 0.3 + ((z * z) + (z + x)).cos()), (z * 2.0 + ((z * x) * z))]
        } else {
            [(x * 1.5 + z), (x * 2.0 + ((x + z) + (z * z)).cos())]
        };
        a4[n % 2] *= (x * 0.3 + ((z + x) - 0.3 * (x * z).sin()));
        let v5 = a4[0] * a4[1];
        let k6 = match list.get(n) {
            Some(k) if *k > 7 => continue 'w2,
            Some(k) => *k,
            None => continue 'w2,
        };
    }
    let Some(w7) = o else { return (x * 2.0 + x) };
    let v8 = x * w7;
    'b9: {
        let mut a10 = if n > 1 {
            [(z * 0.3 + (v8 + (x * x))), (x * 1.5 + x)]
        } else {
            [(z * 0.25 + (z * (v8 - 0.25 * x))), (z * 2.0 + v8)]
        };
        a10[n % 2] *= (z * 0.3 + (z + (v8 * 2.0)));
        let v11 = a10[0] * a10[1];
        if n > 1 {
            break 'b9;
        }
        let mut v12 = if n > 1 { (x * 0.5 + (x + (z + v11).cos())) } else { return (v8 * 2.0 + v8) };
    }
    (x * 0.25 + (x + v8).cos())
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_six(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    let mut it1 = list.iter();
    'w2: while let Some(k3) = it1.next() {
        let k3 = *k3;
    }
    let mut v4 = { (z * 0.5 + x) };
    v4 = {
        let mut c5 = 0;
        'l6: loop {
            c5 += 1;
            let mut v7 = (v4 * 0.3 + (z * (z - 1.5 * x)).sin());
            let k8 = match list.get(n) {
                Some(k) if *k > 7 => return (v4 * 0.3 + ((z * x).sin() + (v4 + z)).cos()),
                Some(k) => *k,
                None => return (z * 2.0 + (z + (z * x))),
            };
            if c5 > 2 {
                break 'l6 (v4 * 2.0 + ((z * x).sin() * x));
            }
        }
    };
    let mut v9 = if let Some(w10) = o {
        z * w10
    } else {
        return (z * 2.0 + x);
    };
    let mut it11 = list.iter();
    'w12: while let Some(k13) = it11.next() {
        let k13 = *k13;
        let mut v14 = {
            let mut v15 = match (x, n % 3) {
                (p16, 0) if p16 > LOW => p16 * z,
                (p16, 1) => p16.sin(),
                (_, q17) => v9 * q17 as f64,
            };
            v15 = (v15 * 2.0 + v4);
            (v15 * 1.5 + (z + (v9 + z).cos()))
        };
    }
    (v4 * 1.5 + x)
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_seven(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    if x > 0.83 {
        return (z * 2.0 + (x * 1.5));
    }
    let k1 = match list.get(n) {
        Some(k) if *k > 7 => return (z * 0.5 + (x + (x - 0.3 * x))),
        Some(k) => *k,
        None => return (z * 0.25 + (z * (z * 0.3)).sin()),
    };
    let mut v2 = match z {
        v if v > THIRD => {
            if let Some(w) = o {
            } else {
                return (x * 1.5 + ((z - 0.3 * z) - 2.0 * x));
            }
            let mut v3 = {
                let mut c4 = 0;
                'l5: loop {
                    c4 += 1;
                    let Some(w6) = o else { return (z * 0.3 + (x * (z * z).sin()).sin()) };
                    let v7 = z * w6;
                    if c4 > 3 {
                        break 'l5 (x * 0.3 + (z + (x * z).sin()));
                    }
                }
            };
            (x * 0.25 + (z * (v3 - 0.3 * x)))
        }
        v if v > LOW => v * x,
        _ => return (z * 0.25 + ((z + x).cos() * (z + z).cos())),
    };
    if let Some(w) = o {
        v2 = (v2 * w).sin();
    } else {
    }
    let mut it8 = list.iter();
    'w9: while let Some(k10) = it8.next() {
        let k10 = *k10;
        let mut v11 = if k1 % 2 == 1 { (v2 * 2.0 + ((z - 2.0 * x) + v2).cos()) } else { break 'w9 };
        v11 = match x {
            v if v > THIRD => (z * 0.3 + ((v2 * v2) * v2)),
            v if v > LOW => v * z,
            _ => break 'w9,
        };
    }
    (v2 * 2.0 + ((v2 * 0.5) * (v2 * 0.3)).sin())
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_eight(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    let mut v1 = match n % 4 {
        0 => {
            'f3: for i2 in 0..3 {
                match n % 5 {
                    0 => {
                        break 'f3;
                    }
                    k @ 1..=2 => {
                        continue 'f3;
                    }
                    3 if i2 % 2 == 1 => {
                        continue 'f3;
                    }
                    _ => {
                        return (x * 0.25 + (x + x));
                    }
                }
            }
            let mut v4 = if x > 0.31 {
                match n % 5 {
                    0 => {
                        let mut a5 = if n % 2 == 0 {
                            [(z * 0.5 + (z * 2.0)), (z * 0.25 + (z + (x + z).cos()).cos())]
                        } else {
                            [(z * 0.25 + ((x * z) + x).cos()), (x * 2.0 + ((z * z).sin() * (z + x)))]
                        };
                        a5[n % 2] *= (x * 0.3 + (z * 0.3));
                        let v6 = a5[0] * a5[1];
                    }
                    k @ 1..=2 => {
                        return (z * 1.5 + ((x - 0.5 * z) * (z + z)));
                    }
                    3 if n % 3 == 0 => {
                        let mut v7 = 'b8: {
                            let y9;
                            if n % 3 == 1 {
                                let mut a10 = if n > 2 {
                                    [
                                        (x * 0.25 + ((x * 1.5) * x).sin()),
                                        (z * 2.0 + ((x - 2.0 * x) + (x + x).cos()).cos()),
                                    ]
                                } else {
                                    [(x * 1.5 + ((x + z) - 0.3 * (z - 0.5 * z))), (x * 0.25 + (z + (z + x)).cos())]
                                };
                                a10[n % 2] *= (x * 0.5 + ((z + x).cos() * (x * 0.25)));
                                let v11 = a10[0] * a10[1];
                                y9 = (v11 * 1.5 + ((v11 * 0.3) * (z - 2.0 * v11)).sin());
                            } else {
                                y9 = (x * 1.5 + z);
                            }
                            if y9 > -0.17 {
                                break 'b8 (x * 0.5 + x);
                            }
                            (z * 0.5 + (y9 + (x * x).sin()))
                        };
                    }
                    _ => {
                        return (z * 1.5 + (x - 0.25 * (z * z)));
                    }
                }
                (z * 2.0 + x)
            } else {
                (x * 0.3 + (x * (z + x).cos()).sin())
            };
            (z * 0.5 + ((x * 0.25) * (v4 - 0.25 * x)).sin())
        }
        1 | 2 => return (x * 1.5 + ((x * x).sin() * (z * 0.3)).sin()),
        k if k > 7 => {
            return (x * 2.0 + ((z * 0.5) * (x - 0.5 * x)));
        }
        _ => (z * 0.25 + (x * 0.25)),
    };
    if n % 2 == 0 {
        return (x * 2.0 + v1);
    }
    v1 += (x * 0.3 + ((v1 * z) * (v1 * v1)));
    'f13: for i12 in 0..3 {
        v1 -= (v1 * 1.5 + v1);
        v1 = (z * 0.3 + ((z + x).cos() - 0.25 * z));
    }
    (v1 * 0.3 + ((x - 1.5 * x) - 2.0 * (x * v1).sin()))
}

#[case((0.7, 0.4, 0, Some(0.3), &[1, 2]), (0.7, -0.4, 1, None, &[3, 9, 1]), (1.3, 0.2, 2, Some(-0.5), &[0, 4, 2]), (-0.4, 0.9, 3, Some(1.5), &[]), (0.1, -0.6, 6, None, &[1]), wrt(x, z))]
fn tangle_nine(x: f64, z: f64, n: usize, o: Option<f64>, list: &[usize]) -> f64 {
    let mut v1 = if n > 1 {
        let mut v2 = match (z, n % 3) {
            (p3, 0) if p3 > LOW => p3 * z,
            (p3, 1) => p3.sin(),
            (_, q4) => x * q4 as f64,
        };
        (x * 0.5 + v2)
    } else {
        return (x * 0.5 + x);
    };
    let k5 = match list.get(n) {
        Some(k) if *k > 7 => return (v1 * 0.5 + ((x * 0.25) * v1).sin()),
        Some(k) => *k,
        None => return (v1 * 0.5 + ((v1 + z) + (v1 * v1).sin()).cos()),
    };
    v1 = if let Some(w6) = o { z * w6 } else { return (z * 0.25 + ((z - 2.0 * z) * (z * 2.0)).sin()) };
    let mut v7 = if z > -0.17 {
        'f9: for i8 in 0..2 {
            v1 += (z * 1.5 + (x + (z * z).sin()));
        }
        (x * 2.0 + ((v1 * v1) + (z + v1).cos()).cos())
    } else {
        (v1 * 0.25 + x)
    };
    v1 = (v7 * 0.5 + v7);
    let mut v10 = if o.is_some() {
        (v7 * 0.3 + ((z * z).sin() * v1).sin())
    } else {
        let mut it11 = list.iter();
        'w12: while let Some(k13) = it11.next() {
            let k13 = *k13;
            v1 += (z * 0.3 + x);
        }
        (z * 0.3 + (v7 * 1.5))
    };
    (v1 * 2.0 + ((x * x).sin() - 1.5 * (z + x).cos()))
}
