//! A mean over samples has the same bits on any number of threads, and trains to the same point.

use rayon::ThreadPoolBuilder;
use symgrad::optimize::{Adam, Lbfgs, MiniBatch, Objective, mean_loss};

#[test]
fn the_bits_do_not_depend_on_the_threads() {
    let data: Vec<(f64, f64)> = (0..5000).map(|i| f64::from(i) * 0.01).map(|x| (x.sin(), x.cos())).collect();
    let companion = |p: &[f64], (x, y): &(f64, f64)| {
        let residual = p[0] * x + p[1] - y;
        (residual * residual, [2.0 * residual * x, 2.0 * residual])
    };
    let loss = mean_loss(&data, companion);
    let (point, mut expected) = ([0.7, 0.1], [0.0; 2]);
    let value = loss.value_and_gradient(&point, &mut expected);
    let fit = Lbfgs::new().minimize(&loss, &point).unwrap();
    let trained = MiniBatch::new(Adam::new(0.01).max_iterations(3), 700).minimize(&loss, &point).unwrap();
    for threads in [1, 2, 5] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let loss = loss.parallel();
            let mut gradient = [0.0; 2];
            assert_eq!(loss.value_and_gradient(&point, &mut gradient).to_bits(), value.to_bits());
            assert_eq!((gradient, loss.value(&point).to_bits()), (expected, value.to_bits()));
            assert_eq!(Lbfgs::new().minimize(&loss, &point).unwrap(), fit);
            let method = Adam::new(0.01).max_iterations(3);
            assert_eq!(MiniBatch::new(method, 700).minimize(&loss, &point).unwrap(), trained);
        });
    }
}
