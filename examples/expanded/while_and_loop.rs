//! `while` is an endless loop that is left at its start, and is counted. A `loop` ends by `break`, a label names the loop
//! that is meant.

#[differentiate]
fn halved(x: f64) -> f64 {
    let mut y = x;
    while y > 1.0 {
        y = y.ln() + 0.5;
    }
    y
}

#[differentiate]
fn product_of_rows(rows: &[[f64; 3]], limit: f64) -> f64 {
    let mut product = 1.0;
    let mut i = 0;
    'rows: loop {
        if i == rows.len() {
            break;
        }
        let row = &rows[i];
        i += 1;
        for v in row {
            if *v < 0.0 {
                continue 'rows;
            }
            if product > limit {
                break 'rows;
            }
            product *= v;
        }
    }
    product
}

// What is emitted:

/// The value of `halved` and its gradient with respect to `x`.
#[must_use]
fn halved_value_and_gradient(x: f64) -> (f64, f64) {
    let mut tape = ::symgrad::__private::Vec::new();
    let mut y: f64 = x;
    let mut trips = 0_usize;
    loop {
        trips += 1;
        tape.push(y);
        if y > 1.0 {
            y = y.ln() + 0.5;
        } else {
            break;
        }
    }
    let mut dy: f64 = 1.0;
    for _ in 0..trips {
        let ::core::option::Option::Some(y_1) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let dy_1 = if y_1 > 1.0 { dy / y_1 } else { dy };
        dy = dy_1;
    }
    (y, dy)
}

/// The gradient of `halved` with respect to `x`.
#[must_use]
fn halved_gradient(x: f64) -> f64 {
    halved_value_and_gradient(x).1
}

/// The value of `product_of_rows`; its gradient with respect to `rows` and `limit` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn product_of_rows_value_and_gradient_into(
    rows: &[[f64; 3]],
    limit: f64,
    drows: &mut [[f64; 3]],
    dlimit: &mut f64,
) -> f64 {
    ::core::assert_eq!(
        drows.len(), rows.len(), "`drows` needs as many elements as `rows`"
    );
    drows.fill([0.0; 3]);
    let mut tape = ::symgrad::__private::Vec::new();
    let mut tape_1 = ::symgrad::__private::Vec::new();
    let mut tape_2 = ::symgrad::__private::Vec::new();
    let mut i = 0;
    let mut product: f64 = 1.0;
    let mut trips = 0_usize;
    loop {
        trips += 1;
        let t1 = i == rows.len();
        tape_2.push(t1);
        if t1 {
            break;
        } else {
            let t2 = i;
            i += 1;
            let mut left = false;
            let mut left_1 = false;
            let mut product_1: f64 = product;
            let mut trips_1 = 0_usize;
            for i_1 in 0..3 {
                trips_1 += 1;
                let v = rows[t2][i_1];
                let t3 = v < 0.0;
                tape.push((t3, product_1, v, i_1));
                if t3 {
                    left = true;
                    break;
                } else if product_1 > limit {
                    left_1 = true;
                    break;
                } else {
                    product_1 *= v;
                }
            }
            tape_1.push((left, left_1, trips_1, t2));
            if left {
                product = product_1;
            } else if left_1 {
                product = product_1;
                break;
            } else {
                product = product_1;
            }
        }
    }
    let mut dproduct: f64 = 1.0;
    for _ in 0..trips {
        let ::core::option::Option::Some(t1) = tape_2.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let dproduct_1 = if t1 {
            dproduct
        } else {
            let ::core::option::Option::Some((left, left_1, trips_1, t2)) = tape_1.pop()
            else {
                ::core::unreachable!("one record for each time that the primal came by")
            };
            let dproduct_1 = if left {
                dproduct
            } else if left_1 {
                dproduct
            } else {
                dproduct
            };
            let mut dproduct_2: f64 = dproduct_1;
            for _ in 0..trips_1 {
                let ::core::option::Option::Some((t3, product_1, v, i_1)) = tape.pop()
                else {
                    ::core::unreachable!(
                        "one record for each time that the primal came by"
                    )
                };
                let (dproduct_3, dv) = if t3 {
                    (dproduct_2, 0.0)
                } else if product_1 > limit {
                    (dproduct_2, 0.0)
                } else {
                    (dproduct_2 * v, dproduct_2 * product_1)
                };
                drows[t2][i_1] += dv;
                dproduct_2 = dproduct_3;
            }
            dproduct_2
        };
        dproduct = dproduct_1;
    }
    *dlimit = 0.0;
    product
}

/// The value of `product_of_rows` and its gradient with respect to `rows` and `limit`.
#[must_use]
fn product_of_rows_value_and_gradient(
    rows: &[[f64; 3]],
    limit: f64,
) -> (f64, (::symgrad::__private::Vec<[f64; 3]>, f64)) {
    let mut drows: ::symgrad::__private::Vec<[f64; 3]> = ::symgrad::__private::vec![
        [0.0; 3]; rows.len()
    ];
    let mut dlimit: f64 = 0.0;
    let value = product_of_rows_value_and_gradient_into(
        rows,
        limit,
        &mut drows,
        &mut dlimit,
    );
    (value, (drows, dlimit))
}

/// The gradient of `product_of_rows` with respect to `rows` and `limit`.
#[must_use]
fn product_of_rows_gradient(
    rows: &[[f64; 3]],
    limit: f64,
) -> (::symgrad::__private::Vec<[f64; 3]>, f64) {
    product_of_rows_value_and_gradient(rows, limit).1
}
