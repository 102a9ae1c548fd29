//! The attribute of [`symgrad`](https://docs.rs/symgrad). Depend on that crate, not on this one.

use proc_macro::TokenStream;

/// Emits the derivatives of a function beside it.
///
/// ```ignore
/// use symgrad::differentiate;
///
/// /// Mean squared error of a line.
/// #[differentiate(wrt(w, b))]
/// fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
///     let mut sum = 0.0;
///     for i in 0..x.len() {
///         sum += (w * x[i] + b - t[i]).powi(2);
///     }
///     sum / x.len() as f64
/// }
///
/// let (loss, [dw, db]) = mse_value_and_gradient(0.5, 0.0, &[1.0, 2.0], &[2.3, 4.1]);
/// ```
///
/// # Arguments
///
/// | argument | companion of `fn f(args) -> T` | returns |
/// |---|---|---|
/// | `gradient` (the default) | `f_gradient(args)`, `f_value_and_gradient(args)` | `G`, `(T, G)` |
/// | | `f_value_and_gradient_into(args, &mut g…)`, if an array is in `wrt` | `T`; overwrites the buffers |
/// | `jvp` | `f_jvp(args, tangents…)` | `(T, T)`: the value and the directional derivative |
/// | | `f_jvp_into(args, tangents…, &mut tangent…)`, if an array or a struct is returned | `R`; overwrites the tangent of what is returned |
/// | `vjp` | `f_vjp(args, cotangent)` | `(R, G)`: the value, of any type `R`, and the cotangent times the Jacobian |
/// | | `f_vjp_into(args, cotangent, &mut g…)`, if an array is in `wrt` | `R`; overwrites the buffers |
/// | `jacobian`, of an array, a `Vec`, a tuple, a struct or `&mut` buffers | `f_jacobian(args)`, `f_value_and_jacobian(args)` | `[G; m]`, `(R, [G; m])`: row j is the gradient of output j |
/// | | `f_value_and_jacobian_into(args, &mut j)`; `f_jacobian_into`, of a function that returns nothing | `R`; overwrites the matrix |
/// | `hvp` | `f_hvp(args, vector…)` | `G`: the Hessian times a vector, without the Hessian |
/// | | `f_hvp_into(args, vector…, &mut g…)`, if an array is in `wrt` | nothing; overwrites the buffers |
/// | `hessian` | `f_hessian(args)`, `f_value_gradient_hessian(args)` | `[[T; n]; n]`, `(T, G, [[T; n]; n])` |
/// | | `f_value_gradient_hessian_into(args, &mut g, &mut h)`, of more than one number | `T`; overwrites the buffers |
/// | `sparse_jacobian`, `sparse_hessian` | `f_sparse_hessian(args)`, `F_SPARSE_HESSIAN_PATTERN` | `[T; n]`: the structural nonzeros; `[(usize, usize); n]`: row and column of each |
/// | the same, over slices | `f_sparse_hessian(args, &pattern)`, `f_sparse_hessian_pattern(args)` | `Vec<T>`; a `symgrad::Sparsity` |
/// | `derivatives(n)`, with respect to one number | `f_derivatives(args)` | `[R; n + 1]`: the value, f′, f″, …, f⁽ⁿ⁾; `R` is a number, an array, a `Vec` or a tuple |
/// | `derivatives` | | for functions that call it and have `derivatives(n)` |
/// | `wrt(a, b)` | | which parameters; by default, every float, array and slice of floats |
/// | `gradient = "name"`, `value_and_gradient = "name"`, and so on | | another name of that companion; `derivatives(3) = "name"` |
/// | `crate = path` | | the runtime crate, if it has another name |
/// | `objective = Name` | `struct Name { data… }` | a problem for `symgrad::optimize` |
/// | `custom = path` | | the derivative is that of a rule: a function with the signature of `f_value_and_gradient`, or, of a result that is no number, of `f_vjp` |
/// | `custom_jvp = path` | | the same for `jvp`, with the signature of `f_jvp` |
/// | `verify(a = 1.0, …)` | `#[test] fn f_verify()` | every companion against finite differences there; may be given more than once |
/// | `companions = Name` | | on an `impl`: the companions are methods of a new trait of this name |
/// | `namesake` | | its module has its name: `mod f; pub use f::f;` |
/// | `namesakes(super::f)` | | modules that have the names of functions in them that it calls, where only the functions are in scope |
/// | `methods(a, b)` | | methods of numbers that have the attribute themselves, on the `impl` of a trait for floats |
/// | `alias(R = f64)` | | types under other names: `type R = f64;` |
/// | `returns(f = Vec<f64>)` | | what a function returns that it calls, where nothing else tells |
/// | `local` | | only differentiated functions of its own module call it: elsewhere its name is that of another module |
/// | `constant` | | the result may depend on none of the parameters, which is an error otherwise: its derivative is zero |
/// | `repeatable` | | nothing that the body calls has an effect: for matrices over slices, which run it more than once |
/// | `macros(a, b)` | | calls of these `macro_rules!`, which have the attribute themselves, are differentiated as what they expand to |
/// | `standalone` | | other differentiated functions do not call it: nothing is emitted but the companions |
///
/// A struct with `#[derive(Differentiable)]` may be named in `wrt`, and `self`: its gradient is a value of its own type.
///
/// `G` is the owned type of the parameter, if there is one in `wrt`: `f64` for `f64`, `[f64; N]` for `&[f64; N]`,
/// `Vec<f64>` for `&[f64]`. A parameter that is a pattern, such as `&[x, y]: &[f64; 2]`, is one parameter, which companions
/// call `arg0`, by its place. For several scalars it is `[T; n]`, else a tuple, in the order of the parameters.
///
/// A cotangent has the shape of the result, arrays by reference: `&[f64; 2]`, `&[f64]`, `(f64, &[f64])`. Where a function
/// writes to a `&mut` buffer, `f_vjp` takes a second buffer after it, with the cotangent of what the function leaves there; it
/// goes with that of what was found.
///
/// The attribute without a kind gives an array function its Jacobian if it can have one, and calls no other differentiated
/// function. A Hessian has its rows and columns by the parameters in `wrt` as one vector: numbers, or one array, slice or struct. A
/// row of a Jacobian is a gradient, for several parameters a tuple. Over a slice, either matrix is a `Vec<T>`, row by row, and so is
/// the Hessian of a struct, in the order of its numbers; a Jacobian by slices and something else is a tuple with a block for each parameter. The rows
/// of a struct that is returned are those of its numbers. Few rows are computed by reverse mode one after the other, all else by columns
/// at once, or eight at a time if they are many. A Hessian is symmetric to the last bit. Where a matrix is sparse, the
/// pattern is found while the crate compiles, if the lengths in `wrt` and of the result are numbers; else by a function, for given
/// lengths and floats of any value. The columns of a sparse matrix are the numbers of all parameters in `wrt`, one after another, whatever
/// their shapes; a sparse Jacobian may be of `&mut` buffers, which a pattern function leaves as they were. `derivatives(n)` carries power series through the body; its
/// code has the same size for every `n`. A function that is called there has to have `derivatives`, too: without a number it has no
/// companion, may have any signature, and is for such calls only.
///
/// Over a slice, a matrix runs the body for every few columns, so that it may have no effect. Fields of any type are looked at as
/// collections of the standard library, `self.edges.iter()`, and rustc says so where one is something else; of other functions and
/// methods, the attribute has to say it: `repeatable`.
///
/// # Rules of your own
///
/// The body of a function with `custom = path` is not differentiated, and may be anything: a solver, foreign code, a table. A rule
/// returns the value and what a companion of its signature returns; it should call the function for the value, so that this is the
/// same in every companion. Companions of the first order are made of it, and other differentiated functions call `f` as any
/// other. A `jacobian` of a result that is no number calls the rule for each row. Second derivatives, `hvp` and `hessian` of a function that returns a number, are there if the rule is a differentiated function
/// itself, `#[differentiate(jacobian)]`: they are the derivatives of the gradient that it returns, of numbers or of one array.
///
/// ```ignore
/// /// The cube root by Newton's method, of which nobody wants the derivative.
/// #[differentiate(gradient, jvp, custom = root_rule)]
/// fn root(a: f64) -> f64 {
///     (0..50).fold(1.0, |x, _| x - (x * x * x - a) / (3.0 * x * x))
/// }
///
/// /// By the implicit function theorem: `x³ - a = 0`, so that `3x² dx = da`.
/// fn root_rule(a: f64) -> (f64, f64) {
///     let x = root(a);
///     (x, 1.0 / (3.0 * x * x))
/// }
/// ```
///
/// # Tests
///
/// `verify(x = 1.0, data = &[2.0, 3.0])` has a value for each parameter, those that are not in `wrt` included: any expression of
/// its type. It writes a `#[test]` behind `cfg(test)`, `f_verify`, in which gradients, Jacobians, `jvp` and `vjp` are held against
/// differences of the function, Hessians and `hvp` against differences of the gradient (where there is none, of one by
/// differences), and each of `derivatives(n)` against the one before; sparse matrices are compared in full, so their patterns are
/// tested, and so is a rule of one's own. What is behind a `&mut` (`out = &mut [0.0; 3]`) is, to `jvp` and `vjp`, among the inputs
/// as it is before the call, after those in `wrt`, and among the outputs as it is then, after what is returned; to a Jacobian it is
/// the output if nothing is returned. A wrong derivative, or a point at which nothing can be confirmed, fails the test with the
/// table of `symgrad::check`. Of a method, the attribute has to be on the `impl`, beside which the test stands; a function's own
/// tests have to stand in a module, since no harness sees those in other functions. What a method does to `self` is not compared.
///
/// ```ignore
/// #[differentiate(gradient, hessian, wrt(x), verify(x = &[1.0, 2.0], scale = 0.5), verify(x = &[-1.0, 0.0], scale = 3.0))]
/// fn f(x: &[f64; 2], scale: f64) -> f64 {
///     (scale * x[0]).sin() * x[1]
/// }
/// ```
///
/// # Objectives
///
/// With `objective = Name`, the parameters that are not in `wrt` become the fields of a struct: numbers, arrays of them, and references. It
/// implements `symgrad::optimize::Objective`; with `hessian`, `TwiceDifferentiable`; where the function returns many numbers, and
/// with `jacobian`, `Residuals`. A point has the parameters in `wrt` one after another; one of them may be a slice, which is what the
/// others leave.
///
/// ```ignore
/// #[differentiate(wrt(w, b), objective = Line)]
/// fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
///     x.iter().zip(t).map(|(x, t)| (w * x + b - t).powi(2)).sum::<f64>() / x.len() as f64
/// }
///
/// let fit = Lbfgs::new().minimize(&Line { x: &x, t: &t }, &[0.5, 0.0])?;
/// ```
///
/// # Generic functions
///
/// A function may be generic over its float type: the companions have the same type parameters and bounds. What says that a
/// type parameter is a float is a bound whose name ends in `Float` or `Real`, at its declaration or in the `where` clause, such
/// as `num_traits::Float`; or, if there is none, that the result is made of it, and that it is bound by a trait of your own,
/// `S: Scalar`. The bounds have to imply `num_traits::Float`, and rustc says so where they do not; or to be `FloatCore`, if the
/// function and its derivatives do with the methods of that.
///
/// ```ignore
/// #[differentiate]
/// fn logistic<T: num_traits::Float>(x: T) -> T {
///     T::one() / (T::one() + (-x).exp())
/// }
///
/// let (y, dx) = logistic_value_and_gradient(0.5_f32);
/// ```
///
/// A function may compute in more than one float type, if it converts between them: `x as f64`, `f64::from(x)`,
/// `let y: f64 = x.into();`, `y as f32`, and of a type parameter `x.to_f64().unwrap()` and `T::from(y).unwrap()`. The value is rounded
/// where the function rounds, tangents and cotangents are converted where the number is, and derivatives by the parameters have their
/// type. So a cotangent has to be in the range of the types on its way back: `f64::from(x as f32) * 1e-50` has its derivative, since
/// nothing is computed in between, and `f64::from((x as f32).sin()) * 1e-50` has 0 in the gradient, where the product is no `f32`, and is
/// right in `jvp`. All that is differentiated by is of one type. Second derivatives of a function that calls such a one are not there yet.
///
/// ```ignore
/// #[differentiate]
/// fn in_double(x: f32, y: f32) -> f32 {
///     let (x, y) = (f64::from(x), f64::from(y));
///     (x * y).sin().exp() as f32
/// }
/// ```
///
/// The result may be of another float type than what is differentiated by, converted where it is returned, or before if it is no type
/// parameter. Values and tangents are of that type, and the gradient is of the type of the parameters. Of such a function there are `gradient` and `jvp`.
///
/// Constants are written as for any such function: `T::one()`, `T::from(0.5).unwrap()`. `+=` is taken to be `+`. Type
/// parameters of data, `impl Fn(f64) -> f64` and `const N: usize` are carried along.
///
/// # Macros
///
/// Into a macro, no other one sees. A `macro_rules!` of your own is seen through if it has the attribute, which gives it rules that
/// hand its expansion on, and if the functions that call it name it. Everything else that it is used for stays as it is.
///
/// ```ignore
/// #[differentiate]
/// macro_rules! square {
///     ($x:expr) => {{
///         let x = $x;
///         x * x
///     }};
/// }
///
/// #[differentiate(macros(square))]
/// fn distance(x: f64, y: f64) -> f64 {
///     (square!(x) + square!(y)).sqrt()
/// }
/// ```
///
/// An expansion may call further macros, declare variables, and leave the function. Some sixty different calls in one function are
/// as many as rustc's limit of recursion has room for (`#![recursion_limit]`). On an `impl`, `macros(…)` is an argument of its
/// attribute, not of those on the functions in it. A macro with `#[macro_export]` can be called by its name only, not by
/// `crate::name!`, from its own crate.
///
/// # Methods
///
/// On a method of an inherent `impl`, the attribute emits sibling methods; the receiver is data. Where a method stands in the
/// `impl` of a trait, and for associated functions without a receiver, it goes on the `impl` block. There a second
/// `#[differentiate]` marks each function that is meant, if there are several; arguments on the `impl` are defaults. In the
/// `impl` of a trait for a float, which needs `companions = Name`, a `self` by value is a number like the other parameters; in one
/// for an array of floats, `self` and `&self` are arrays.
///
/// ```ignore
/// #[differentiate(gradient, jvp)]
/// impl Model {
///     #[differentiate(wrt(w))]
///     pub fn loss(&self, w: &[f64], weight: f64) -> f64 {
///         let mut sum = 0.0;
///         for i in 0..w.len() {
///             sum += weight * Self::penalty(w[i] - self.target[i]);
///         }
///         sum
///     }
///
///     #[differentiate]
///     fn penalty(x: f64) -> f64 {
///         x * x / (1.0 + x.abs())
///     }
/// }
///
/// let gradient: Vec<f64> = model.loss_gradient(&w, 0.5);
/// ```
#[proc_macro_attribute]
pub fn differentiate(arguments: TokenStream, item: TokenStream) -> TokenStream {
    symgrad_engine::expand(arguments.into(), item.into()).into()
}

/// What a macro with the attribute hands its expansion on to. No interface: it may change in any version.
#[doc(hidden)]
#[proc_macro]
pub fn __expanded(handed_on: TokenStream) -> TokenStream {
    symgrad_engine::expand_further(handed_on.into()).into()
}

/// Makes a struct a type that derivatives are taken with respect to: its gradient is a value of its own type. See the trait of
/// this name.
///
/// ```ignore
/// use symgrad::{Differentiable, differentiate};
///
/// #[derive(Differentiable)]
/// struct Spring {
///     stiffness: f64,
///     rest: [f64; 3],
///     #[differentiate(skip)]
///     label: String,
/// }
///
/// #[differentiate(wrt(spring))]
/// fn energy(spring: &Spring, x: &[f64; 3]) -> f64 {
///     let mut sum = 0.0;
///     for k in 0..3 {
///         sum += (x[k] - spring.rest[k]).powi(2);
///     }
///     0.5 * spring.stiffness * sum
/// }
///
/// let gradient: Spring = energy_gradient(&spring, &[1.0, 0.0, 2.0]);
/// ```
///
/// Every field has to be `Differentiable`: a float, an array, a `Vec` or a tuple of such, a struct with this derive. Type
/// parameters get the bound. `#[differentiate(skip)]` is for fields that are data: a gradient has clones of them.
/// `#[differentiate(crate = path)]` on the struct names the runtime crate, if it has another name.
#[proc_macro_derive(Differentiable, attributes(differentiate))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    symgrad_engine::derive::expand(item.into()).into()
}
