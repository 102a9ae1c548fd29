//! Lowers a body until the types are known of all variables that something active is assigned to: each time, what has turned
//! out to be a float, an array of them, an index, a reference that goes on or a field of a struct is declared as such. Where the function turns out to
//! compute in several float types, it begins anew.

use crate::analysis::varied::{Varied, varied_with_buffers};
use crate::analysis::widths;
use crate::diagnostics::Errors;
use crate::ir::Width;
use crate::lower::opaque::{Loss, Source};
use crate::lower::signature::Interface;
use crate::lower::{self, Guess, Learned, Lowered};

/// How often a body is lowered once more.
const ROUNDS: usize = 8;

/// The body, with what depends on the parameters. `returned` is the float type that is returned, if it is another one.
pub fn lower(
    interface: &Interface,
    body: &syn::Block,
    returned: Option<&Width>,
    errors: &mut Errors,
) -> (Lowered, Varied) {
    let known = errors.count();
    let mut learned = Learned { mixed: returned.is_some(), returned: returned.cloned(), ..Learned::default() };
    let mut rounds = 0;
    let converts = lower::conversion::is_there(body, interface);
    loop {
        let mut lowered = lower::lower(interface, body, &learned, errors);
        let active = varied_with_buffers(&lowered.func);
        let before = learned.clone();
        learn(&mut learned, &lowered, &active);
        rounds += 1;
        if learned == before || rounds > ROUNDS {
            let lost = lowered.losses.iter().any(|loss| is_active(loss.source, &active));
            // Data of another type are converted where they become numbers of the function's.
            let data = lowered.unconverted.iter().any(|&val| !active.val(val));
            let several = lowered.foreign || converts && (lost || data || errors.count() > known);
            if learned.mixed || !several {
                lowered.func.untyped.retain(|number| !active.val(number.val));
                if learned.mixed {
                    let wrong = widths::resolve(&mut lowered.func, &lowered.claims, |val| active.val(val));
                    wrong.into_iter().for_each(|(span, message)| errors.push(span, message));
                    for k in 0..lowered.func.untyped.len() {
                        let width = lowered.func.info(lowered.func.untyped[k].val).width.clone();
                        lowered.func.untyped[k].width = width;
                    }
                }
                return (lowered, active);
            }
            learned = Learned { mixed: true, ..Learned::default() };
            rounds = 0;
        }
        errors.truncate(known);
    }
}

fn learn(learned: &mut Learned, lowered: &Lowered, active: &Varied) {
    learned.fields.clone_from(&lowered.fields);
    learned.indices.extend(lowered.indices.iter().cloned());
    learned.rebound.extend(lowered.rebound.iter().cloned());
    for Guess { declared, rank, .. } in lowered.guesses.iter().filter(|guess| is_active(guess.source, active)) {
        if *rank == 0 {
            learned.floats.insert(declared.clone());
        } else {
            learned.arrays.entry(declared.clone()).or_insert(*rank);
        }
    }
}

/// Where derivatives are lost.
pub fn report(losses: &[Loss], active: &Varied, errors: &mut Errors) {
    for loss in losses.iter().filter(|loss| is_active(loss.source, active)) {
        errors.push(loss.site, &loss.message);
    }
}

fn is_active(source: Source, active: &Varied) -> bool {
    match source {
        Source::Val(val) => active.val(val),
        Source::Place(place) => active.place(place),
        // That is told by its type.
        Source::Field(_) => false,
    }
}
