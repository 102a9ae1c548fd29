//! What the user's variables do where their scopes end: guards of `Mutex` and `RefCell` are released, and whatever has a `Drop`
//! does what it does, at the same point in the derivatives as in the function. Each is compared with differences, and its
//! value bit by bit.

#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unused_variables,
    reason = "written to have blocks that guards are in"
)]

#[macro_use]
#[path = "common/are_right.rs"]
mod are_right;

use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use symgrad::differentiate;

struct Count<'a>(&'a Cell<i32>);

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() * 2 + 1);
    }
}

struct Log<'a>(&'a RefCell<Vec<u32>>, u32);

impl Drop for Log<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().push(self.1);
    }
}

fn look<'a>(log: &'a RefCell<Vec<u32>>, k: u32) -> Log<'a> {
    Log(log, k)
}

mod of_a_type {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = Cell::new(0);
        let y = {
            let _g = Count(&c);
            p[0] * c.get() as f64 * p[1]
        };
        y + p[1] * c.get() as f64 * p[0]
    }
}

mod of_a_cell {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![1, 2]);
        let n = {
            let b = c.borrow();
            b.len() + b[1]
        };
        let y = {
            let b = c.borrow();
            p[0] * b[0] as f64
        };
        c.borrow_mut().push(7);
        {
            let mut b = c.borrow_mut();
            b[0] += 5;
        }
        y * n as f64 + c.borrow()[0] as f64 * p[1] * p[0]
    }
}

mod of_a_mutex {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let m = Mutex::new(vec![1, 2]);
        let y = {
            let g = m.lock().unwrap();
            p[0] * g[1] as f64 * p[1]
        };
        let z = {
            let mut g = m.lock().unwrap();
            g.push(3);
            y * g.len() as f64
        };
        z + m.lock().unwrap().len() as f64 * p[0]
    }
}

mod in_a_statement {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![1, 2]);
        let mut s = p[0];
        if s > 0.0 {
            let b = c.borrow();
            s *= b[1] as f64;
        }
        c.borrow_mut().push(3);
        {
            let b = c.borrow();
            for k in b.iter() {
                s += *k as f64 * p[1] * s;
            }
        }
        c.borrow_mut().push(3);
        s * c.borrow().len() as f64
    }
}

mod in_inner_functions {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn g(c: &RefCell<Vec<i32>>, x: f64) -> f64 {
            let b = c.borrow();
            x * b[0] as f64
        }
        fn h(c: &RefCell<Vec<i32>>, x: f64) -> f64 {
            let mut b = c.borrow_mut();
            b[0] += 1;
            x * b[0] as f64
        }
        let c = RefCell::new(vec![1, 2]);
        let a = g(&c, p[0]);
        let b = h(&c, p[1]);
        let d = g(&c, a * b);
        d + h(&c, a)
    }
}

mod in_closures {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![]);
        let step = |x: f64, k: u32| {
            let _l = Log(&c, k);
            x * p[0] * (c.borrow().len() + 1) as f64
        };
        let a = step(p[1], 3);
        let b = step(a, 4);
        let n = c.borrow().len();
        a * b + n as f64 * p[0]
    }
}

mod in_closures_of_iterators {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![]);
        let s: f64 = p
            .iter()
            .map(|x| {
                let _l = Log(&c, 1);
                x * x * (c.borrow().len() + 1) as f64
            })
            .map(|x| x * c.borrow().len() as f64)
            .sum();
        s * c.borrow().len() as f64
    }
}

mod several_at_once {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![]);
        let mut y = p[0];
        let mut n = 0;
        {
            let _a = Log(&c, 3);
            let (_b, x) = (Log(&c, 5), p[1] * p[0]);
            let inner = {
                let _l = look(&c, 7);
                y *= x;
                c.borrow().len()
            };
            n += inner;
            y += x * c.borrow().len() as f64;
        }
        let seen: u32 = c.borrow().iter().enumerate().map(|(k, l)| (k as u32 + 1) * l).sum();
        y * seen as f64 + n as f64 * p[1]
    }
}

mod what_comes_out {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![2, 3]);
        let (a, k) = {
            let mut b = c.borrow_mut();
            b.push(4);
            (p[0] * b[2] as f64, b[1])
        };
        let array = {
            let b = c.borrow_mut();
            [p[0] * b[0] as f64, a, p[1]]
        };
        let list = {
            let b = c.borrow_mut();
            let mut v = vec![0.0; 3];
            for i in 0..3 {
                v[i] = array[i] * p[1] * b[i] as f64;
            }
            v
        };
        c.borrow_mut().push(1);
        list[0] * list[1] + list[2] * array[1] * k as f64
    }
}

mod moved_into_a_function {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(l: Log<'_>, x: f64) -> f64 {
            x * x * l.1 as f64
        }
        let c = RefCell::new(vec![]);
        let a = q(Log(&c, 3), p[0]);
        let n = c.borrow().len();
        let b = q(look(&c, 5), p[1]);
        a * b * n as f64 + c.borrow().len() as f64 * p[0]
    }
}

mod where_exits_are {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![1, 2]);
        let mut y = p[0] * p[1];
        {
            let b = c.borrow();
            if b.len() > 5 {
                return y;
            }
            y *= b[1] as f64;
        }
        c.borrow_mut().push(3);
        if y < -3.0 {
            return p[0];
        } else {
            let b = c.borrow();
            y += b[2] as f64 * p[0] * y;
        }
        c.borrow_mut().push(4);
        for k in 0..3 {
            let b = c.borrow();
            if b.len() == k {
                continue;
            }
            y += p[1] * y * b[k] as f64;
        }
        c.borrow_mut().push(4);
        y * c.borrow().len() as f64
    }
}

mod of_what_is_matched {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![1, 2]);
        let m = Mutex::new(vec![4, 5]);
        let s = match c.borrow().first() {
            Some(k) => p[0] * *k as f64 * p[1],
            None => p[1],
        };
        let mut t = match m.lock().unwrap().get(1) {
            Some(k) => s * *k as f64,
            None => p[0],
        };
        c.borrow_mut().push(3);
        m.lock().unwrap().push(3);
        match c.borrow().get(2) {
            Some(k) => t += s * t * *k as f64,
            None => return t,
        }
        c.borrow_mut().push(3);
        let l = RefCell::new(vec![]);
        let y = match Log(&l, 1).1 {
            1 => p[0] * (l.borrow().len() + 1) as f64,
            _ => p[1],
        };
        t * y + l.borrow().len() as f64 * p[1] * p[0]
    }
}

mod behind_references {
    use super::*;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = RefCell::new(vec![1, 2]);
        let y = {
            let b = &*c.borrow();
            p[0] * p[1] * b[1] as f64
        };
        let z = {
            let b = &mut *c.borrow_mut();
            b[0] += 4;
            y * b[0] as f64
        };
        z * y + c.borrow_mut()[0] as f64 * p[0]
    }
}

are_right! { with hessian:
    of_a_type of_a_cell of_a_mutex in_a_statement in_inner_functions in_closures in_closures_of_iterators several_at_once
    what_comes_out moved_into_a_function where_exits_are behind_references of_what_is_matched
}
