//! The companion that multiplies the Hessian with a vector: `f_hvp(args, vector…) -> G`.

use super::backward::Backward;
use super::jvp::Tangents;
use super::{Frame, Written};
use crate::forward::hvp::Hvp;
use quote::quote;

impl Frame {
    pub(super) fn hvp_function(&self, hvp: Option<&Hvp>) -> Written {
        let (name, wrt) = (&self.name, self.wrt_names());
        let product = format!("The product of the Hessian of `{name}` with respect to {wrt} with a vector");
        let mut backward = Backward {
            doc: format!(" {product}. No Hessian is formed."),
            into_doc: format!(" {product}, which overwrites the buffers. No Hessian is formed."),
            buffer: |parameter| format!("{parameter}_product"),
            ..self.backward(hvp.map(|hvp| &hvp.product), "hvp")
        };
        let Tangents { declared, start, names, .. } = self.vectors();
        backward.declared = declared;
        backward.start = start;
        backward.passed = names.iter().map(|name| quote!(#name)).collect();
        let kinds = hvp.into_iter().flat_map(|hvp| hvp.vectors.iter().flatten());
        for (kind, name) in kinds.zip(&names) {
            backward.given.bind(kind, name, false);
        }
        self.backward_functions(backward)
    }
}
