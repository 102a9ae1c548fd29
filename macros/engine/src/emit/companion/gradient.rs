//! The gradient companions: `f_value_and_gradient`, and `f_gradient`, which calls it.

use super::backward::Backward;
use super::{Frame, Written};
use crate::reverse::Gradient;
use quote::quote;

impl Frame {
    pub(super) fn gradients(&self, gradient: Option<&Gradient>) -> Written {
        let float = self.returns();
        let (name, wrt) = (&self.name, self.wrt_names());
        let mut written = self.backward_functions(Backward {
            doc: format!(" The value of `{name}` and its gradient with respect to {wrt}."),
            into_doc: format!(
                " The value of `{name}`; its gradient with respect to {wrt} overwrites the buffers. Allocates nothing but a \
                 tape, if there has to be one."
            ),
            value: Some(quote!(#float)),
            leading: 1,
            ..self.backward(gradient, "value_and_gradient")
        });
        let only_doc = format!(" The gradient of `{name}` with respect to {wrt}.");
        let callee = self.callee(&self.names.of("value_and_gradient"));
        let (arguments, attempt) = (self.arguments(), self.attempt());
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.1));
        let shape = self.around(&self.shape());
        written.extend(self.function(&self.names.of("gradient"), &[only_doc], &self.plain(), &shape, &call, true));
        written
    }
}
