//! Matrices over slices of functions that look at data of types that are not visible, or call what is not: against differences, and
//! sparse ones against dense ones.

#![allow(clippy::pedantic, clippy::needless_range_loop, clippy::type_complexity, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences, slopes};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use symgrad::differentiate;

struct Edge {
    ends: (usize, usize),
    stiffness: f64,
}

struct Mesh {
    edges: Vec<Edge>,
    neighbours: Vec<Vec<usize>>,
    anchors: HashMap<usize, f64>,
    order: Rc<BTreeMap<usize, usize>>,
    cutoff: Option<f64>,
    scales: [f64; 2],
}

impl Mesh {
    fn ring(n: usize) -> Self {
        let edge = |i: usize| Edge { ends: (i, (i + 1) % n), stiffness: 1.0 + i as f64 };
        Mesh {
            edges: (0..n).map(edge).collect(),
            neighbours: (0..n).map(|i| vec![(i + 1) % n, (i + 3) % n]).collect(),
            anchors: HashMap::from([(1, 0.5), (n - 1, -0.25)]),
            order: Rc::new((0..n).map(|i| (i, n - 1 - i)).collect()),
            cutoff: Some(0.1),
            scales: [1.5, -0.5],
        }
    }
}

impl Mesh {
    #[differentiate(gradient, hessian, sparse_hessian, wrt(x))]
    fn energy(&self, x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for edge in self.edges.iter() {
            let d = x[edge.ends.0] - x[edge.ends.1];
            sum += edge.stiffness * d.powi(4);
        }
        for (i, list) in self.neighbours.iter().enumerate() {
            for &j in list.iter() {
                sum += (x[i] * x[j]).sin();
            }
        }
        let last = self.order.get(&0).copied().unwrap_or(0);
        if self.cutoff.is_some() {
            sum += x[last].powi(3) * self.cutoff.unwrap_or(0.0);
        }
        let scale = self.scales.first().copied().unwrap_or(1.0);
        sum * scale
    }

    #[differentiate(jacobian, sparse_jacobian, wrt(x))]
    fn forces(&self, x: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; x.len()];
        for (k, edge) in self.edges.iter().enumerate() {
            let (i, j) = edge.ends;
            let force = self.edges[k].stiffness * (x[i] - x[j]).sin();
            all[i] += force;
            all[j] -= force;
        }
        for (&i, &at) in self.anchors.iter() {
            if self.anchors.contains_key(&i) {
                all[i] += (x[i] - at).powi(2);
            }
        }
        all
    }
}

/// A chain of iterators over fields.
#[differentiate(gradient, hessian, sparse_hessian, wrt(x))]
fn chained(x: &[f64], mesh: &Mesh) -> f64 {
    mesh.edges.iter().zip(&mesh.neighbours).map(|(e, list)| e.stiffness * (x[e.ends.0] - x[list[0]]).powi(4)).sum()
}

fn following(i: usize, n: usize) -> usize {
    (i + 1) % n
}

struct Graph(usize);

impl Graph {
    fn weight(&self, i: usize) -> f64 {
        1.0 + i as f64 * 0.1
    }

    fn iter(&self) -> std::ops::Range<usize> {
        0..self.0
    }
}

/// What is called may be anything: that it has no effect is said.
#[differentiate(gradient, hessian, sparse_hessian, wrt(x), repeatable)]
fn said(x: &[f64], graph: &Graph) -> f64 {
    let mut sum = 0.0;
    for i in graph.iter() {
        let j = following(i, x.len());
        sum += graph.weight(i) * (x[i] * x[j]).cos();
    }
    sum
}

/// What calls it may run again as well.
#[differentiate(jacobian, wrt(x))]
fn calls_it(x: &[f64], graph: &Graph) -> Vec<f64> {
    vec![said(x, graph), x[0] * x[1]]
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| (1.3 * i as f64).sin()).collect()
}

/// A list of nonzeros as a whole matrix.
fn dense(pattern: &symgrad::Sparsity, nonzeros: &[f64]) -> Vec<f64> {
    let mut all = vec![0.0; pattern.rows() * pattern.columns()];
    assert_eq!(pattern.entries().len(), nonzeros.len());
    for (&(i, j), value) in pattern.entries().iter().zip(nonzeros) {
        all[i * pattern.columns() + j] = *value;
    }
    all
}

#[test]
fn fields_are_looked_at_once_for_every_few_columns() {
    let (mesh, x) = (Mesh::ring(19), points(19));
    close(&mesh.energy_gradient(&x), &slopes(&|x| mesh.energy(x), &x), 1e-8);
    let hessian = mesh.energy_hessian(&x);
    close(&hessian, &differences(&|x| mesh.energy_gradient(x), &x), 1e-8);
    let pattern = mesh.energy_sparse_hessian_pattern(&x);
    assert!(pattern.entries().len() < 19 * 6, "{pattern:?}");
    close(&dense(&pattern, &mesh.energy_sparse_hessian(&x, &pattern)), &hessian, 1e-13);
    let jacobian = mesh.forces_jacobian(&x);
    close(&jacobian, &differences(&|x| mesh.forces(x), &x), 1e-8);
    let pattern = mesh.forces_sparse_jacobian_pattern(&x);
    assert_eq!(pattern.entries().len(), 19 * 3);
    close(&dense(&pattern, &mesh.forces_sparse_jacobian(&x, &pattern)), &jacobian, 1e-13);
}

#[test]
fn chains_over_fields() {
    let (mesh, x) = (Mesh::ring(12), points(12));
    let hessian = chained_hessian(&x, &mesh);
    close(&hessian, &differences(&|x| chained_gradient(x, &mesh), &x), 1e-8);
    let pattern = chained_sparse_hessian_pattern(&x, &mesh);
    close(&dense(&pattern, &chained_sparse_hessian(&x, &mesh, &pattern)), &hessian, 1e-13);
}

#[test]
fn what_is_said_to_have_no_effect() {
    let (graph, x) = (Graph(13), points(13));
    let hessian = said_hessian(&x, &graph);
    close(&hessian, &differences(&|x| said_gradient(x, &graph), &x), 1e-8);
    let pattern = said_sparse_hessian_pattern(&x, &graph);
    assert_eq!(pattern.entries().len(), 13 * 3);
    close(&dense(&pattern, &said_sparse_hessian(&x, &graph, &pattern)), &hessian, 1e-13);
    close(&calls_it_jacobian(&x, &graph), &differences(&|x| calls_it(x, &graph), &x), 1e-8);
}
