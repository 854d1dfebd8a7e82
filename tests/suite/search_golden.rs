//! The specification of search, as data: `tests/search/golden.json` holds every implementation to
//! the same tokens and, to the last bit, the same scores. `DOCENT_BLESS=1` writes it anew.

use std::path::Path;

use docent::search::document::Document;
use docent::search::tokens::{Analyzer, Role, Token};
use docent::search::{Index, SearchOptions};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Golden {
    tokens: Vec<TextCase>,
    language: String,
    documents: Vec<Document>,
    queries: Vec<SearchCase>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TextCase {
    language: String,
    text: String,
    /// Surface, term, position, start, end (bytes), role.
    #[serde(default)]
    tokens: Vec<(String, String, u32, usize, usize, String)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SearchCase {
    query: String,
    #[serde(default)]
    prefix: bool,
    #[serde(default)]
    corrected: Option<String>,
    /// Address, score, and the score's bits.
    #[serde(default)]
    hits: Vec<(String, f32, u32)>,
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Word => "word",
        Role::Part => "part",
        Role::Whole => "whole",
        Role::Pair => "pair",
        Role::Last => "last",
    }
}

fn computed(golden: &Golden) -> Golden {
    let tokens = golden.tokens.iter().map(|case| {
        let line =
            |t: Token| (t.surface, t.term, t.position, t.range.start, t.range.end, role(t.role).to_owned());
        let tokens = Analyzer::new(&case.language).tokens(&case.text).into_iter().map(line).collect();
        TextCase { tokens, ..case.clone() }
    });
    let index = Index::of(&golden.documents, &golden.language).unwrap();
    let queries = golden.queries.iter().map(|case| {
        let results = index.search_with(&case.query, SearchOptions { limit: 10, prefix: case.prefix });
        let hits = results.hits.iter().map(|hit| (hit.url.clone(), hit.score, hit.score.to_bits())).collect();
        SearchCase { hits, corrected: results.corrected, ..case.clone() }
    });
    Golden {
        tokens: tokens.collect(),
        queries: queries.collect(),
        language: golden.language.clone(),
        documents: golden.documents.clone(),
    }
}

/// One line a case, so that a change is one line of a diff.
fn written(golden: &Golden) -> String {
    let lines = |cases: Vec<String>| format!("[\n  {}\n ]", cases.join(",\n  "));
    let tokens = golden.tokens.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let documents = golden.documents.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let queries = golden.queries.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    format!(
        "{{\n \"tokens\": {},\n \"language\": {:?},\n \"documents\": {},\n \"queries\": {}\n}}\n",
        lines(tokens),
        golden.language,
        lines(documents),
        lines(queries)
    )
}

#[test]
fn tokens_and_scores_are_those_of_the_specification() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/golden.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let golden: Golden = serde_json::from_str(&text).unwrap();
    let computed = computed(&golden);
    if std::env::var_os("DOCENT_BLESS").is_some() {
        std::fs::write(&path, written(&computed)).unwrap();
        return;
    }
    for (want, have) in golden.tokens.iter().zip(&computed.tokens) {
        assert_eq!(want, have);
    }
    for (want, have) in golden.queries.iter().zip(&computed.queries) {
        assert_eq!(want, have);
    }
    assert_eq!(text, written(&computed), "the file is not in its own form");
}
