//! Data behind a mutable reference change though no variable does: in each function, they are read before and after. Each is compared
//! with differences in every kind, and its value bit by bit.

#![allow(clippy::all, clippy::pedantic, dead_code, reason = "written to read what changes out of sight")]

#[macro_use]
#[path = "common/are_right.rs"]
mod are_right;

struct S {
    n: u32,
}

impl S {
    fn bump(&mut self) {
        self.n += 5;
    }
}

are_right! { with hessian: if_let matched while_let in_a_closure by_a_closure by_an_inner_function given_to_a_function of_an_entry leaked in_a_loop let_else under_another_name of_a_tuple in_a_parameter of_a_parameter of_an_alias in_options }

mod if_let {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut v = vec![S { n: 1 }];
        if let Some(st) = v.get_mut(0) {
            let y = p[0] * st.n as f64;
            st.bump();
            return y * p[1] + st.n as f64 * p[0];
        }
        p[0]
    }
}

mod matched {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut o = Some(S { n: 1 });
        match &mut o {
            Some(st) => {
                let y = p[0] * st.n as f64;
                st.bump();
                y * p[1] + st.n as f64 * p[0]
            }
            None => p[0],
        }
    }
}

mod while_let {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut v = vec![S { n: 1 }];
        let mut s = 0.0;
        while let Some(st) = v.last_mut() {
            s += p[0] * st.n as f64;
            st.bump();
            s += st.n as f64 * p[1] * s;
            if st.n > 10 {
                break;
            }
        }
        s
    }
}

mod in_a_closure {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut v = vec![S { n: 1 }, S { n: 2 }];
        let mut s = 0.0;
        v.iter_mut().for_each(|st| {
            s += p[0] * st.n as f64;
            st.bump();
            s += st.n as f64 * p[1] * p[0];
        });
        s
    }
}

mod by_a_closure {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut st = S { n: 1 };
        let step = |st: &mut S, x: f64| {
            let y = x * st.n as f64;
            st.bump();
            y * x + st.n as f64 * x
        };
        let a = step(&mut st, p[0]);
        a * step(&mut st, p[1])
    }
}

mod by_an_inner_function {
    use super::S;
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn step(st: &mut S, x: f64) -> f64 {
            let y = x * st.n as f64;
            st.bump();
            y * x + st.n as f64 * x
        }
        let mut st = S { n: 1 };
        let a = step(&mut st, p[0]);
        a * step(&mut st, p[1])
    }
}

mod given_to_a_function {
    use symgrad::differentiate;
    struct S {
        n: u32,
    }
    fn bump(s: &mut S) {
        s.n += 5;
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut o = Some(S { n: 1 });
        if let Some(st) = &mut o {
            let y = p[0] * st.n as f64;
            bump(st);
            return y * p[1] + st.n as f64 * p[0];
        }
        p[0]
    }
}

mod of_an_entry {
    use symgrad::differentiate;
    struct S {
        n: u32,
    }
    impl S {
        fn step(&mut self) {
            self.n += 5;
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut m = std::collections::HashMap::from([(1, S { n: 2 })]);
        let st = m.entry(1).or_insert(S { n: 0 });
        let y = p[0] * st.n as f64;
        st.step();
        y * p[1] + st.n as f64 * p[0]
    }
}

mod leaked {
    use symgrad::differentiate;
    struct S {
        n: u32,
    }
    impl S {
        fn step(&mut self) {
            self.n += 5;
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let st = Box::leak(Box::new(S { n: 2 }));
        let y = p[0] * st.n as f64;
        st.step();
        y * p[1] + st.n as f64 * p[0]
    }
}

mod in_a_loop {
    use symgrad::differentiate;
    struct S {
        n: u32,
    }
    impl S {
        fn me(&mut self) -> &mut Self {
            self
        }
        fn step(&mut self) -> &mut Self {
            self.n += 5;
            self
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s0 = S { n: 2 };
        let st = s0.me();
        let mut y = p[0];
        for _ in 0..3 {
            y += y * p[1] * st.n as f64;
            st.step();
        }
        y * st.n as f64
    }
}

mod let_else {
    use symgrad::differentiate;
    struct S {
        n: u32,
    }
    impl S {
        fn step(&mut self) {
            self.n += 5;
        }
    }
    struct Pool {
        items: Vec<S>,
    }
    impl Pool {
        fn get(&mut self, k: usize) -> Option<&mut S> {
            self.items.get_mut(k)
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut pool = Pool { items: vec![S { n: 1 }] };
        let Some(st) = pool.get(0) else { return p[0] };
        let y = p[0] * st.n as f64;
        st.step();
        y * p[1] + st.n as f64 * p[0]
    }
}

mod under_another_name {
    use symgrad::differentiate;
    struct Store {
        n: u32,
    }
    impl Store {
        fn bump(&mut self) {
            self.n += 5;
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut st = Store { n: 1 };
        let g = &mut st;
        let y = p[0] * g.n as f64;
        let h = g;
        h.bump();
        y * p[1] + h.n as f64 * p[0]
    }
}

mod of_a_tuple {
    use symgrad::differentiate;
    struct Store {
        n: u32,
    }
    impl Store {
        fn bump(&mut self) {
            self.n += 5;
        }
        fn halves(&mut self) -> (&mut u32, u32) {
            (&mut self.n, 7)
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut st = Store { n: 1 };
        let (r, k) = st.halves();
        let y = p[0] * *r as f64;
        add(r);
        y * p[1] * k as f64 + *r as f64 * p[0]
    }
    fn add(r: &mut u32) {
        *r += 10;
    }
}

mod in_a_parameter {
    use symgrad::differentiate;
    pub struct S {
        n: u32,
    }
    impl S {
        fn bump(&mut self) {
            self.n += 4;
        }
    }
    pub struct Ctx<'a> {
        s: &'a mut S,
        k: u32,
    }
    #[differentiate(gradient, jvp, hessian, wrt(x))]
    fn g(x: &[f64; 2], ctx: Ctx<'_>) -> f64 {
        let y = x[0] * ctx.s.n as f64;
        ctx.s.bump();
        y * x[1] + x[0] * ctx.s.n as f64 * ctx.k as f64
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        g(p, Ctx { s: &mut S { n: 1 }, k: 2 })
    }
}

mod of_a_parameter {
    use symgrad::differentiate;
    pub struct S {
        n: u32,
    }
    impl S {
        fn bump(&mut self) {
            self.n += 4;
        }
    }
    pub struct Ctx<'a> {
        s: &'a mut S,
        k: u32,
    }
    #[differentiate(gradient, jvp, hessian, wrt(x))]
    fn g(x: &[f64; 2], ctx: Ctx<'_>) -> f64 {
        let Ctx { s, k } = ctx;
        let y = x[0] * s.n as f64;
        s.bump();
        y * x[1] + x[0] * s.n as f64 * k as f64
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        g(p, Ctx { s: &mut S { n: 1 }, k: 2 })
    }
}

mod of_an_alias {
    use symgrad::differentiate;
    pub struct S {
        n: u32,
    }
    impl S {
        fn bump(&mut self) {
            self.n += 4;
        }
    }
    type Slot<'a> = &'a mut S;
    #[differentiate(gradient, jvp, hessian, wrt(x))]
    fn g(x: &[f64; 2], s: Slot, all: (Slot, u32)) -> f64 {
        let (t, k) = all;
        let y = x[0] * s.n as f64 * t.n as f64;
        s.bump();
        t.bump();
        y * x[1] + x[0] * s.n as f64 * k as f64 * t.n as f64
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        g(p, &mut S { n: 1 }, (&mut S { n: 2 }, 3))
    }
}

mod in_options {
    use symgrad::differentiate;
    pub struct S {
        n: u32,
    }
    impl S {
        fn bump(&mut self) {
            self.n += 4;
        }
    }
    #[differentiate(gradient, jvp, hessian)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut v = vec![Some(S { n: 1 }), None];
        let mut s = 0.0;
        for o in &mut v {
            match o {
                Some(st) => {
                    s += p[0] * st.n as f64;
                    st.bump();
                    s += p[1] * st.n as f64 * s;
                }
                None => s *= p[1],
            }
        }
        s
    }
}
