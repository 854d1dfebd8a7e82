//! The search in the browser computes what the search in the terminal does: same tokens, same pages,
//! same scores, same sections. Runs the browser's modules in Node.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docent::search::document::Document;
use docent::search::{Index, SearchOptions};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tantivy::tokenizer::{AsciiFoldingFilter, RawTokenizer, TextAnalyzer};
use unicode_normalization::UnicodeNormalization;

use crate::support::skipped;

fn client(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/static/search").join(name)
}

/// One query.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// As typed or pasted.
    pub query: String,
    /// Whether somebody is typing it.
    pub prefix: bool,
}

/// What the client answers to a query.
#[derive(Debug, Deserialize)]
pub struct Answer {
    pub total: usize,
    pub corrected: Option<String>,
    pub hits: Vec<Shown>,
    pub notes: Vec<String>,
    /// Loaded until the titles are known.
    pub bytes: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
pub struct Shown {
    pub path: String,
    pub url: String,
    pub bits: u32,
    pub heading: Option<String>,
    pub text: String,
}

#[derive(Debug, Deserialize)]
struct SiteAnswers {
    answers: Vec<Answer>,
    error: Option<String>,
}

/// Surface, term, position, start, end in UTF-16, role.
type TokenLine = (String, String, u32, usize, usize, String);

#[derive(Debug, Deserialize)]
struct Answers {
    tokens: Vec<Vec<TokenLine>>,
    sites: Vec<SiteAnswers>,
}

/// What Node says of these jobs; `None` after saying that there is none.
fn node(jobs: &Value) -> Option<Answers> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("jobs.json");
    std::fs::write(&file, serde_json::to_vec(jobs).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/client.mjs");
    let Ok(output) = std::process::Command::new("node").arg(script).arg(&file).output() else {
        skipped("Node is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Writes the files of an index below `dir`.
pub fn export(index: &Index, dir: &Path) {
    for file in index.export().unwrap() {
        crate::support::write(dir, &file.path, &file.content);
    }
}

/// What the client answers from the files in `dir`, or why it cannot.
pub fn ask(dir: &Path, queries: &[Asked], cold: bool) -> Option<Result<Vec<Answer>, String>> {
    let jobs =
        json!({ "sites": [{ "dir": dir, "limit": 10, "shown": SHOWN, "cold": cold, "queries": queries }] });
    let site = node(&jobs)?.sites.pop().unwrap();
    Some(site.error.map_or(Ok(site.answers), Err))
}

/// Of so many hits the section and the snippet are compared, which take most of the time.
pub const SHOWN: usize = 3;

/// Where the client's answer differs from the terminal's.
pub fn differences(index: &Index, asked: &[Asked], answers: &[Answer]) -> Vec<String> {
    assert_eq!(asked.len(), answers.len());
    let mut found = Vec::new();
    for (asked, answer) in asked.iter().zip(answers) {
        let options = SearchOptions { limit: 10, prefix: asked.prefix };
        let expected = index.search_with(&asked.query, options);
        let paths = |hits: &[Shown]| hits.iter().map(|hit| (hit.path.clone(), hit.bits)).collect::<Vec<_>>();
        let hits: Vec<Shown> = expected
            .hits
            .iter()
            .map(|hit| Shown {
                path: hit.path.clone(),
                url: hit.url.clone(),
                bits: hit.score.to_bits(),
                heading: hit.heading.clone(),
                text: hit.snippet.text.clone(),
            })
            .collect();
        if expected.corrected != answer.corrected {
            found.push(format!("{asked:?}: corrected {:?}, not {:?}", answer.corrected, expected.corrected));
        } else if expected.total != answer.total {
            found.push(format!("{asked:?}: {} pages, not {}", answer.total, expected.total));
        } else if expected.notes != answer.notes {
            found.push(format!("{asked:?}: notes {:?}, not {:?}", answer.notes, expected.notes));
        } else if paths(&answer.hits) != paths(&hits) {
            found.push(format!("{asked:?}: {:?}, not {:?}", paths(&answer.hits), paths(&hits)));
        } else if let Some((one, other)) = answer.hits.iter().zip(&hits).take(SHOWN).find(|(a, b)| a != b) {
            found.push(format!("{asked:?}:\n  {one:?}, not\n  {other:?}"));
        }
    }
    found
}

#[derive(Deserialize)]
struct Golden {
    tokens: Vec<GoldenText>,
    language: String,
    documents: Vec<Document>,
    queries: Vec<GoldenQuery>,
}

#[derive(Deserialize)]
struct GoldenText {
    language: String,
    text: String,
    tokens: Vec<TokenLine>,
}

#[derive(Deserialize)]
struct GoldenQuery {
    query: String,
    #[serde(default)]
    prefix: bool,
    hits: Vec<(String, f32, u32)>,
    corrected: Option<String>,
}

#[test]
fn the_browser_makes_the_tokens_and_scores_of_the_specification() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/golden.json"));
    let golden: Golden = serde_json::from_str(&text.unwrap()).unwrap();
    let index = Index::of(&golden.documents, &golden.language).unwrap();
    let site = tempfile::tempdir().unwrap();
    export(&index, site.path());
    let asked: Vec<Asked> =
        golden.queries.iter().map(|case| Asked { query: case.query.clone(), prefix: case.prefix }).collect();
    let texts: Vec<Value> =
        golden.tokens.iter().map(|case| json!({ "language": case.language, "text": case.text })).collect();
    let jobs = json!({
        "tokens": texts,
        "sites": [{ "dir": site.path(), "limit": 10, "shown": 10, "cold": true, "queries": asked }],
    });
    let Some(answers) = node(&jobs) else { return };
    for (case, tokens) in golden.tokens.iter().zip(&answers.tokens) {
        let utf16 = |at: usize| case.text[..at].encode_utf16().count();
        let is_english = case.language.starts_with("en");
        let expected: Vec<TokenLine> = case
            .tokens
            .iter()
            .cloned()
            .map(|(surface, term, position, start, end, role)| {
                // Of other languages, the client learns the terms from the index.
                let term = if is_english { term } else { surface.clone() };
                (surface, term, position, utf16(start), utf16(end), role)
            })
            .collect();
        assert_eq!(tokens, &expected, "{}", case.text);
    }
    let site = &answers.sites[0];
    assert_eq!(site.error, None);
    for (case, answer) in golden.queries.iter().zip(&site.answers) {
        let expected: Vec<(&str, u32)> =
            case.hits.iter().map(|(url, _, bits)| (url.as_str(), *bits)).collect();
        let hits: Vec<(&str, u32)> = answer.hits.iter().map(|hit| (hit.url.as_str(), hit.bits)).collect();
        assert_eq!(hits, expected, "{}", case.query);
        assert_eq!(answer.corrected, case.corrected, "{}", case.query);
    }
    assert_eq!(differences(&index, &asked, &site.answers), [""; 0]);
}

/// Letters and the ASCII that tantivy folds them to, after composition and lower case.
fn folding() -> String {
    let mut folder = TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build();
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for c in '\u{80}'..=char::MAX {
        let text = c.to_string();
        let is_reached = text.nfkc().eq(std::iter::once(c)) && text.to_lowercase() == text;
        if !is_reached {
            continue;
        }
        let mut tokens = folder.token_stream(&text);
        assert!(tokens.advance());
        let ascii = tokens.token().text.clone();
        if ascii != text && ascii.contains(char::is_alphanumeric) {
            groups.entry(ascii).or_default().push(c);
        }
    }
    let lines: Vec<String> = groups.iter().map(|(to, from)| format!("  ['{to}', '{from}'],\n")).collect();
    let lines = lines.concat();
    format!(
        "// Letters with the ASCII letters that they are folded to, after NFKC and lower case. Written by\n\
         // `DOCENT_BLESS=1 cargo test --test suite search_client`.\n\nconst GROUPS = [\n{lines}];\n\n\
         /** By letter: what it is folded to. */\n\
         export const FOLDED = new Map(GROUPS.flatMap(([to, from]) => [...from].map((letter) => [letter, to])));\n"
    )
}

#[test]
fn the_browser_folds_the_letters_that_the_index_folds() {
    let expected = folding();
    if std::env::var_os("DOCENT_BLESS").is_some() {
        std::fs::write(client("folding.js"), &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(client("folding.js")).unwrap(), expected);
}

/// A page with this text under its title.
fn page(path: &str, text: &str) -> Document {
    let title = path.trim_end_matches(".md").to_owned();
    let url = format!("/{title}/");
    let sections = vec![docent::search::document::Section {
        heading: title.clone(),
        id: "top".into(),
        text: text.into(),
    }];
    Document { path: path.into(), url, title, kind: "article".into(), sections, ..Document::default() }
}

fn asked(query: &str) -> Vec<Asked> {
    [true, false].map(|prefix| Asked { query: query.into(), prefix }).into()
}

#[test]
fn the_files_are_the_same_bytes_in_every_run_and_with_any_number_of_threads() {
    let pages: Vec<Document> =
        (0..300).map(|n| page(&format!("page-{n:03}.md"), &format!("word{n} of pod {}", n % 7))).collect();
    let export = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Index::of(&pages, "en").unwrap().export().unwrap())
    };
    let files = export(1);
    assert!(files.len() > 300 && files == export(3) && files == export(2));
}

#[test]
fn a_file_of_a_portable_site_is_a_script_that_hands_the_same_bytes_over() {
    use base64::Engine as _;
    for file in Index::of(&[page("one.md", "disk")], "en").unwrap().export().unwrap() {
        let script = file.clone().into_script();
        assert_eq!(script.path, format!("{}.js", file.path));
        let text = String::from_utf8(script.content).unwrap();
        let rest = text.strip_prefix(&format!("docentFile(\"{}\",\"", file.path)).unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(rest.strip_suffix("\");\n").unwrap());
        assert_eq!(bytes.unwrap(), file.content);
    }
}

#[test]
fn a_site_of_any_size_and_language_can_be_searched() {
    let german = vec![page("eins.md", "Die Datenbanken wurden gestartet."), page("zwei.md", "Nichts.")];
    let cases = [
        (vec![], "en", "disk"),
        (vec![page("one.md", "")], "en", "one"),
        (german.clone(), "de", "datenbank gestartet"),
        (german, "de", "Datenbanken"),
        (vec![page("検索.md", "検索エンジン")], "ja", "検索"),
    ];
    for (pages, language, query) in cases {
        let index = Index::of(&pages, language).unwrap();
        let site = tempfile::tempdir().unwrap();
        export(&index, site.path());
        let asked = asked(query);
        let Some(answers) = ask(site.path(), &asked, true) else { return };
        assert_eq!(differences(&index, &asked, &answers.unwrap()), [""; 0], "{language} {query}");
    }
}

#[test]
fn heavy_terms_have_files_of_their_own_and_are_found_the_same() {
    let text = |n: usize| format!("the same and {} the other {}", "the ".repeat(n % 9), n % 50);
    let pages: Vec<Document> = (0..5_000).map(|n| page(&format!("page-{n:04}.md"), &text(n))).collect();
    let index = Index::of(&pages, "en").unwrap();
    let site = tempfile::tempdir().unwrap();
    export(&index, site.path());
    let files = index.export().unwrap();
    for table in ["h", "q"] {
        assert!(files.iter().any(|file| file.path.split('/').nth(2) == Some(table)), "{table}");
    }
    let asked: Vec<Asked> = ["the same", "\"the other 7\"", "page", "\"the the the\" -same"]
        .iter()
        .flat_map(|query| asked(query))
        .collect();
    let Some(answers) = ask(site.path(), &asked, false) else { return };
    assert_eq!(differences(&index, &asked, &answers.unwrap()), [""; 0]);
}

/// The one file of a table in a small site.
fn file_of(dir: &Path, table: &str) -> PathBuf {
    let folder = std::fs::read_dir(dir.join("s")).unwrap().next().unwrap().unwrap().path();
    folder.join(table)
}

type Damage<'a> = &'a dyn Fn(&Path);

#[test]
fn a_damaged_or_missing_file_and_files_of_two_builds_are_told() {
    let of = |text: &str| Index::of(&[page("one.md", text), page("two.md", "disk full")], "en").unwrap();
    let broken: [(&str, Damage<'_>, &str); 6] = [
        ("cut", &|file| std::fs::write(file, &std::fs::read(file).unwrap()[..20]).unwrap(), "is damaged"),
        ("empty", &|file| std::fs::write(file, "").unwrap(), "not of one build"),
        ("gone", &|file| std::fs::remove_file(file).unwrap(), "is not there"),
        (
            "a page of HTML",
            &|file| std::fs::write(file, "<!doctype html><title>Not found</title>").unwrap(),
            "not of one build",
        ),
        (
            "changed",
            &|file| {
                let mut bytes = std::fs::read(file).unwrap();
                bytes[4] ^= 1;
                std::fs::write(file, bytes).unwrap();
            },
            "is damaged",
        ),
        (
            "of another build",
            &|file| {
                let other = tempfile::tempdir().unwrap();
                export(&of("another text"), other.path());
                std::fs::copy(file_of(other.path(), "t/0"), file).unwrap();
            },
            "not of one build",
        ),
    ];
    for (what, damage, told) in broken {
        let site = tempfile::tempdir().unwrap();
        export(&of("some text"), site.path());
        damage(&file_of(site.path(), "t/0"));
        let Some(answers) = ask(site.path(), &asked("disk"), false) else { return };
        let error = answers.unwrap_err();
        assert!(error.starts_with("Error: ") && error.contains(told), "{what}: {error}");
    }
}
