//! Second derivatives, forward over reverse: for two vectors, ⟨u, Hv⟩ = ⟨v, Hu⟩, and with every strategy of the gradient the
//! same, which differ in what is on tapes, computed again, and fused. What is not zero is among the structural nonzeros.

use super::{Expected, STRATEGIES, partials, vector, verify_with};
use symgrad_engine::analysis::sparsity::{self, Set};
use symgrad_engine::analysis::varied::Varied;
use symgrad_engine::forward::Directions;
use symgrad_engine::forward::hvp::{Hvp, Results, hvp, obstacles};
use symgrad_engine::interpret::{Datum, Interpreter};
use symgrad_engine::ir::{Func, ParamKind};
use symgrad_engine::reverse::gradient;
use symgrad_engine::simplify;

const U: [f64; 8] = [1.0, -0.5, 0.75, 0.25, -1.25, 0.625, 1.5, -0.875];
const V: [f64; 8] = [0.5, 1.25, -1.0, 0.375, 0.75, -0.25, 0.125, 1.75];

pub fn symmetric(
    interpreter: &Interpreter<'_>,
    primal: &Func,
    active: &Varied,
    args: &[Datum],
    expected: &Expected,
) -> Result<(), (Func, String)> {
    let mut before: Option<[Vec<f64>; 2]> = None;
    for strategies in STRATEGIES {
        let first = gradient(primal, active, strategies);
        if !obstacles(&first).is_empty() {
            return Ok(());
        }
        let mut second = hvp(&first, &Directions::One, Results::Products);
        for what in ["as built", "simplified"] {
            if what == "simplified" {
                simplify::run(&mut second.product.func);
            }
            let fail = |text: String| (second.product.func.clone(), format!("{strategies:?}, {what}: {text}"));
            let [hu, hv] = [U, V].map(|direction| product(interpreter, &second, args, &direction));
            let (hu, hv) = (hu.map_err(fail)?, hv.map_err(fail)?);
            if hu.iter().chain(&hv).any(|x| !x.is_finite()) {
                return Ok(());
            }
            let largest = |v: &[f64]| v.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
            let size = largest(&hu).max(largest(&hv)).max(largest(&expected.scale));
            let dot = |u: [f64; 8], v: &[f64]| v.iter().enumerate().map(|(k, v)| u[k % 8] * v).sum::<f64>();
            let (a, b) = (dot(U, &hv), dot(V, &hu));
            if (a - b).abs() > 1e-9 * size {
                return Err(fail(format!("⟨u, Hv⟩ is {a:?}, and ⟨v, Hu⟩ is {b:?}")));
            }
            if let Some(before) = &before {
                let pairs = before.iter().flatten().zip(hu.iter().chain(&hv));
                if let Some((was, is)) = pairs.into_iter().find(|(was, is)| (*was - *is).abs() > 1e-9 * size) {
                    return Err(fail(format!("a product is {is:?}, and was {was:?}")));
                }
            }
            if before.is_none() {
                nonzeros(interpreter, primal, &second, args).map_err(fail)?;
            }
            before = Some([hu, hv]);
        }
    }
    Ok(())
}

/// Column by column, or with more than eight of them, every eighth together.
fn nonzeros(interpreter: &Interpreter<'_>, primal: &Func, second: &Hvp, args: &[Datum]) -> Result<(), String> {
    let mut columns = 0;
    for param in primal.params.iter().filter(|p| p.wrt) {
        columns += match param.kind {
            ParamKind::Place(place) => {
                let dims: Option<Vec<usize>> = primal.place_info(place).dims.iter().map(sparsity::length).collect();
                // Of a slice, there is no pattern.
                let Some(dims) = dims else { return Ok(()) };
                dims.iter().product()
            }
            _ => 1,
        };
    }
    let pattern = sparsity::pattern(primal, columns).ok_or("there is no pattern")?;
    for lane in 0..columns.min(8) {
        let mut unit = [0.0; 8];
        unit[lane] = 1.0;
        let mut all = Set::default();
        (lane..columns).step_by(8).for_each(|column| all.add(&pattern.hessian[column]));
        for (row, x) in product(interpreter, second, args, &unit)?.into_iter().enumerate() {
            if x != 0.0 && !x.is_nan() && !all.iter().any(|column| column == row) {
                return Err(format!("{x:?} at {row}, {lane} is not among the nonzeros"));
            }
        }
    }
    Ok(())
}

/// The Hessian times a vector, in the order of the arguments.
fn product(
    interpreter: &Interpreter<'_>,
    second: &Hvp,
    args: &[Datum],
    direction: &[f64; 8],
) -> Result<Vec<f64>, String> {
    let func = &second.product.func;
    let mut numbers = direction.iter().cycle().copied();
    let more = vector(&second.vectors, args, &mut || numbers.next().unwrap_or_default());
    let violations = verify_with(func, &more);
    if !violations.is_empty() {
        return Err(violations);
    }
    let outcome = interpreter.run_with(func, args, &more)?;
    partials(func, &outcome.values, &outcome, &second.product.buffers)
}
