//! Functions with several outputs, whose Jacobian is compared entry by entry with dual numbers: those that are written so
//! (`#[outputs]`), and each function of the corpus with its result and twice that (`twice`), so that every form of the language is in
//! a Jacobian.

use super::second::second_writing;
use super::{Options, Parameter, Setting, TwoOutputs, kinds};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ItemFn, ReturnType, Stmt, Type, parse_quote};

/// A function with several outputs and the test that compares its derivatives.
pub fn expand(options: &Options, function: &ItemFn) -> TokenStream {
    let name = &function.sig.ident;
    let parameters = super::parameters(options, function, None);
    let wrt = options.wrt.as_ref().map(|names| quote!(, wrt(#(#names),*)));
    let (dual, second) = match &options.dual {
        Some(path) => (quote!(#path), None),
        None => {
            let second = format_ident!("{name}_dual");
            (quote!(#second), Some(second_writing(options, function, &parameters)))
        }
    };
    let points = options.points.iter().enumerate().map(|(k, point)| {
        let setting = Setting::new(name, k, &parameters, point);
        let outputs = Outputs::of(&function.sig.output, &parameters);
        let products = outputs.cotangents.is_some().then(|| outputs.products(name, &setting));
        let products = products.unwrap_or_else(|| quote!(vjp: None, jvp: None));
        let jacobian = outputs.jacobian(name, &setting);
        outputs.compare(name, &setting, &dual, &quote!(#jacobian #products))
    });
    let kinds = if function.sig.output == ReturnType::Default { quote!(jacobian) } else { quote!(jacobian, vjp, jvp) };
    let (agrees, title, case) =
        (format_ident!("{name}_agrees"), name.to_string(), Ident::new("case", Span::mixed_site()));
    quote! {
        #[::symgrad::differentiate(#kinds #wrt)]
        #function
        #second
        #[test]
        #[allow(clippy::pedantic, unused)]
        fn #agrees() {
            let mut #case = crate::corpus::outputs::Case::new(#title);
            #(#points)*
        }
    }
}

impl Options {
    /// Whether the function of the corpus is also one with two outputs.
    pub fn has_jacobian(&self, parameters: &[Parameter]) -> bool {
        kinds::chosen()
            && self.two_outputs != TwoOutputs::Nothing
            && !self.points.is_empty()
            && parameters.iter().any(|p| p.wrt)
    }
}

fn name_of_twice(name: &Ident) -> Ident {
    format_ident!("{name}_twice")
}

/// The function with its result and twice that as outputs.
pub fn twice(options: &Options, function: &ItemFn, wrt: Option<&TokenStream>) -> TokenStream {
    let mut twice = function.clone();
    let ReturnType::Type(_, number) = &function.sig.output else { return TokenStream::new() };
    let mut rewrite = Twice { number: (**number).clone(), breaks: false };
    twice.sig.ident = name_of_twice(&function.sig.ident);
    twice.sig.output = parse_quote!(-> [#number; 2]);
    rewrite.visit_block_mut(&mut twice.block);
    let last = match twice.block.stmts.pop() {
        Some(Stmt::Expr(value, None)) if rewrite.breaks || !matches!(value, Expr::Loop(_)) => rewrite.of(&value),
        Some(Stmt::Macro(value)) if value.semi_token.is_none() => {
            let mac = value.mac;
            rewrite.of(&parse_quote!(#mac))
        }
        other => {
            twice.block.stmts.extend(other);
            Vec::new()
        }
    };
    twice.block.stmts.extend(last);
    let kind = if options.two_outputs == TwoOutputs::Jacobian { quote!(jacobian) } else { quote!(jvp) };
    quote! {
        #[allow(unused)]
        #[::symgrad::differentiate(#kind #wrt)]
        #twice
    }
}

/// Makes two numbers of what is returned.
struct Twice {
    number: Type,
    /// Whether a loop has a value.
    breaks: bool,
}

impl Twice {
    fn of(&self, value: &Expr) -> Vec<Stmt> {
        let number = &self.number;
        parse_quote!(let result_of_case: #number = #value; [result_of_case, result_of_case + result_of_case])
    }
}

impl VisitMut for Twice {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            // What these return is no result of the function.
            Expr::Closure(_) | Expr::Async(_) => {}
            Expr::Return(result) => {
                if let Some(value) = &mut result.expr {
                    self.visit_expr_mut(value);
                    let made = self.of(value);
                    **value = parse_quote!({ #(#made)* });
                }
            }
            _ => {
                self.breaks |= matches!(expr, Expr::Break(left) if left.expr.is_some());
                visit_mut::visit_expr_mut(self, expr);
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The comparison of the function with two outputs: of its Jacobian, or of tangents along each column of it.
pub fn compare_twice(
    options: &Options,
    name: &Ident,
    dual: &TokenStream,
    parameters: &[Parameter],
    setting: &Setting<'_>,
) -> TokenStream {
    let twice = name_of_twice(name);
    let arguments = &setting.arguments;
    let dual = quote! {{
        let number = #dual(#(#arguments),*);
        [number, number + number]
    }};
    let outputs = Outputs { cotangents: None, buffers: Vec::new(), lists: lists(parameters), over_duals: Some(dual) };
    let title = twice.to_string();
    let derivatives = if options.two_outputs == TwoOutputs::Jacobian {
        let jacobian = outputs.jacobian(&twice, setting);
        quote!(#jacobian vjp: None, jvp: None)
    } else {
        let jvp = tangents(&twice, setting);
        quote!(jacobian: None, vjp: None, #jvp)
    };
    let compared = outputs.compare(&twice, setting, &quote!(), &derivatives);
    quote_spanned! {Span::mixed_site()=> {
        let mut case = crate::corpus::outputs::Case::new(#title);
        #compared
    }}
}

/// Whether what is in `wrt` has a block of the Jacobian for each parameter.
fn lists(parameters: &[Parameter]) -> bool {
    let wrt = || parameters.iter().filter(|p| p.wrt).filter_map(|p| p.owned.as_ref());
    wrt().count() > 1 && wrt().any(|ty| matches!(ty, Type::Path(path) if path.path.get_ident().is_none()))
}

/// What comes out of a function.
struct Outputs<'a> {
    /// How cotangents of what it returns are passed, read one after another from `given`.
    cotangents: Option<TokenStream>,
    /// What it writes.
    buffers: Vec<&'a Ident>,
    /// Whether its Jacobian is in blocks.
    lists: bool,
    /// What it returns over dual numbers, if that is not a call of another function with the same arguments.
    over_duals: Option<TokenStream>,
}

impl<'a> Outputs<'a> {
    fn of(output: &ReturnType, parameters: &'a [Parameter]) -> Self {
        let cotangents = match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => {
                Some(cotangent(ty, &Ident::new("value", Span::mixed_site()).into_token_stream()))
            }
        };
        let buffers = parameters.iter().filter(|p| p.buffer).map(|p| &p.name).collect();
        Outputs { cotangents, buffers, lists: lists(parameters), over_duals: None }
    }

    /// The comparison at the point.
    fn compare(
        &self,
        name: &Ident,
        setting: &Setting<'_>,
        dual: &TokenStream,
        derivatives: &TokenStream,
    ) -> TokenStream {
        let support = quote!(crate::corpus::support);
        let outputs = quote!(crate::corpus::outputs);
        let Setting { set, chosen, refill, arguments, lifts, .. } = setting;
        let (own, buffers, lists) = (self.own(), &self.buffers, self.lists);
        let result = Ident::new("result", Span::mixed_site());
        let over = self.over_duals.clone().unwrap_or_else(|| quote!(#dual(#(#arguments),*)));
        let ran = |call: &TokenStream| {
            if buffers.is_empty() {
                quote!(let #result = #call;)
            } else {
                quote!(#call; let #result = (#(&#buffers,)*);)
            }
        };
        let (run, over_duals) = (ran(&quote!(#name(#(#arguments),*))), ran(&over));
        quote_spanned! {Span::mixed_site()=> {
            #(#set)*
            let mut point = ::std::vec::Vec::new();
            let mut lengths = ::std::vec::Vec::new();
            #({
                let before = point.len();
                #support::Argument::flatten(&#chosen, &mut point);
                lengths.push(point.len() - before);
            })*
            if !#lists {
                lengths = ::std::vec![point.len()];
            }
            case.at(&#outputs::Point {
                single: false #(|| #support::of_singles(&#chosen))*,
                flat: &point,
                lengths: &lengths,
                function: &|flat| { #refill #own #run #outputs::Numbers::<f64>::all(&#result) },
                dual: &|duals| {
                    let mut duals = duals.iter().copied();
                    #(#lifts)*
                    #over_duals
                    #outputs::Numbers::<crate::corpus::dual::Dual>::all(&#result)
                },
                #derivatives
            });
        }}
    }

    /// Buffers of its own for a run.
    fn own(&self) -> TokenStream {
        let buffers = &self.buffers;
        quote!(#(let mut #buffers = #buffers.clone();)*)
    }

    /// The Jacobian, in both forms.
    fn jacobian(&self, name: &Ident, setting: &Setting<'_>) -> TokenStream {
        let outputs = quote!(crate::corpus::outputs);
        let Setting { refill, arguments, .. } = setting;
        let (own, buffers) = (self.own(), &self.buffers);
        let value = Ident::new("value", Span::mixed_site());
        let nothing = !buffers.is_empty();
        let companion =
            |suffix: &str| format_ident!("{name}_{}{suffix}", if nothing { "jacobian" } else { "value_and_jacobian" });
        let (both, into) = (companion(""), companion("_into"));
        let (both, after) = if nothing {
            (quote!(((), #both(#(#arguments),*))), quote!((#(&#buffers,)*)))
        } else {
            (quote!(#both(#(#arguments),*)), quote!(#value))
        };
        quote_spanned! {Span::mixed_site()=>
            jacobian: Some(&|flat| {
                #refill
                let (before, matrix) = {
                    #own
                    let (#value, matrix) = #both;
                    (#outputs::Numbers::<f64>::all(&#after), matrix)
                };
                // What was in the buffer is overwritten.
                let mut again = matrix.clone();
                #outputs::Refill::refill(&mut again, &mut ::std::iter::repeat(7.5));
                #own
                let #value = #into(#(#arguments,)* &mut again);
                let after = #outputs::Numbers::<f64>::all(&#after);
                let (matrix, again) = (::symgrad::Flatten::flatten(&matrix), ::symgrad::Flatten::flatten(&again));
                #outputs::same(&before, &after);
                #outputs::same(&matrix, &again);
                (after, matrix)
            }),
        }
    }

    /// The products with cotangents and with tangents.
    fn products(&self, name: &Ident, setting: &Setting<'_>) -> TokenStream {
        let outputs = quote!(crate::corpus::outputs);
        let Setting { refill, arguments, .. } = setting;
        let (vjp, jvp) = (format_ident!("{name}_vjp"), tangents(name, setting));
        let cotangents = &self.cotangents;
        quote_spanned! {Span::mixed_site()=>
            vjp: Some(&|flat, given| {
                #refill
                let mut given = given.iter().copied();
                let mut value = #name(#(#arguments),*);
                #outputs::Refill::refill(&mut value, &mut given);
                let (value, product) = #vjp(#(#arguments,)* #cotangents);
                (#outputs::Numbers::<f64>::all(&value), ::symgrad::Flatten::flatten(&product))
            }),
            #jvp
        }
    }
}

fn tangents(name: &Ident, setting: &Setting<'_>) -> TokenStream {
    let support = quote!(crate::corpus::support);
    let outputs = quote!(crate::corpus::outputs);
    let Setting { chosen, refill, arguments, directions, passed_directions, .. } = setting;
    let jvp = format_ident!("{name}_jvp");
    quote_spanned! {Span::mixed_site()=>
        jvp: Some(&|flat, given| {
            #refill
            let mut given = given.iter().copied();
            #(let #directions = #support::Argument::refill(&#chosen, &mut given);)*
            let (value, tangent) = #jvp(#(#arguments,)* #(#passed_directions),*);
            (#outputs::Numbers::<f64>::all(&value), #outputs::Numbers::<f64>::all(&tangent))
        }),
    }
}

/// How the cotangent of a result is passed: numbers by value, all else by reference, tuples by their members.
fn cotangent(ty: &Type, of: &TokenStream) -> TokenStream {
    match ty {
        Type::Tuple(tuple) => {
            let members = tuple.elems.iter().enumerate().map(|(k, ty)| {
                let k = syn::Index::from(k);
                cotangent(ty, &quote!(#of.#k))
            });
            quote!((#(#members),*))
        }
        ty if super::second::is_float(ty) => quote!(#of),
        _ => quote!(&#of),
    }
}
