//! `cfg` inside of functions: statements, blocks, arms, fields, and the value. The conditions here are known.

use symgrad_oracle::case;

#[case((0.7), (-1.3))]
fn statements(x: f64) -> f64 {
    let mut s = x;
    #[cfg(test)]
    {
        s = s * x + 1.0;
    }
    #[cfg(not(test))]
    {
        s = nowhere::to_be_found(s);
    }
    #[cfg(test)]
    {
        s *= x;
    }
    #[cfg(any(windows, not(test)))]
    compile_error!("not here");
    s * x
}

#[case((0.7, 2), (-1.3, 3))]
fn bindings(x: f64, k: usize) -> f64 {
    #[cfg(test)]
    let (n, w) = (k + 1, x * 2.0);
    #[cfg(not(test))]
    let (n, w) = (String::new(), 0.0);
    let mut s = 0.0;
    for i in 0..n {
        #[cfg(test)]
        if i == 1 {
            continue;
        }
        #[cfg(not(test))]
        return missing;
        s += w * w * i as f64;
    }
    s
}

#[case((0.7), (-1.3), one_output)]
fn values(x: f64) -> f64 {
    let y = {
        #[cfg(not(test))]
        {
            x.nothing()
        }
        #[cfg(test)]
        {
            x.sin()
        }
    };
    #[cfg(not(not(test)))]
    {
        y * x
    }
    #[cfg(not(test))]
    {
        "no number"
    }
}

#[case((0.7, 0), (-1.3, 1), (0.4, 2))]
fn arms(x: f64, k: usize) -> f64 {
    match k {
        #[cfg(test)]
        0 => x * x,
        #[cfg(not(test))]
        0 => nothing,
        1 => {
            #[cfg(all(test, not(windows)))]
            let x = x.cos();
            x * 3.0
        }
        _ => x,
    }
}
