//! The functions of the tests, to begin with.

use std::path::Path;

/// The functions and `impl` blocks of the corpus, and of the files next to it in `tests`, without their attributes.
pub fn items(tests: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for directory in [tests.join("corpus/functions"), tests.to_path_buf()] {
        let entries = std::fs::read_dir(directory).expect("the tests are there");
        files.extend(
            entries.map(|entry| entry.expect("an entry").path()).filter(|p| p.extension().is_some_and(|e| e == "rs")),
        );
    }
    files.sort();
    let mut items = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file of the corpus");
        for item in syn::parse_file(&text).expect("it parses").items {
            let text = match item {
                syn::Item::Fn(mut f) => {
                    f.attrs.clear();
                    quote::quote!(#f).to_string()
                }
                syn::Item::Impl(mut i) => {
                    i.attrs.clear();
                    quote::quote!(#i).to_string()
                }
                _ => continue,
            };
            items.push(text);
        }
    }
    assert!(items.len() > 500, "{} functions", items.len());
    items
}
