//! Literate specs: `tests/check/<code>.md`, prose with the findings drawn under the places.
//!
//! A `## Claim` starts a case. A fenced block with `file=PATH` is a file of its knowledge base;
//! within it, these lines are not part of the file:
//!
//! ```text
//! See [the page](gone.md).
//! //             ^^^^^^^ error[broken-link]: message      columns of the line above
//! //= help: did you mean `here.md`?                      a help line of the finding above
//! //@ 1:1-1:4 error[no-title]: message                   LINE:COL-LINE:COL, end exclusive
//! //@ - error[symlink-loop]: message                     a finding without a place in the file
//! ```
//!
//! Further words of the info string: `escapes` decodes `\xE2`, `\u{202E}`, `\r`, `\t`, `\0`, `\\` and
//! `\*{text,1000}` (a repetition) in the block and in PATH, except in annotations; `no-newline` drops
//! the last line end; `symlink=TARGET` makes a symbolic link instead of a file; `fifo` a named pipe;
//! `commit=N` makes the case a git repository and the block part of its Nth commit (in January 2024;
//! without it, of the first), where `0000001` in the text stands for the hash of the first; `remove` takes
//! the file away instead; `tickets` expands lines `TAG COUNT FIRST-DAY LAST-DAY` to an NDJSON export with
//! that many tickets, each of another requester (`TAG COUNT DAY DAY reopened` for such);
//! `folder` a folder, to hold its findings (with an empty PATH: those of the run as a whole). In PATH,
//! `%20` is a space.
//!
//! A case lists *all* findings of its run, so a case without annotations claims that there is none.
//! `DOCENT_BLESS=1 cargo test` writes the findings of today into the specs, for you to read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use docent::diagnostic::{Diagnostic, Label, rules};
use docent::discover::DiscoverOptions;
use docent::error::Error;
use docent::model::ModelOptions;
use docent::pipeline::{self, Options};

use crate::support::{commit, git};

/// Rules that nearly every small example would break.
const DEFAULT_CONFIG: &str = "rules: { orphan-page: off, no-title: off }\n";
const TODAY: &str = "2026-11-23";

/// A finding in the terms of the notation; sorts as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// `(line, column)`, end exclusive; `None` without a place.
    place: Option<((u32, u32), (u32, u32))>,
    title: String,
    help: Vec<String>,
}

#[derive(Debug)]
struct Block {
    path: String,
    words: Vec<String>,
    /// Without annotations.
    lines: Vec<String>,
    findings: Vec<Finding>,
    /// Lines of the spec between the fences.
    range: std::ops::Range<usize>,
}

#[derive(Debug)]
struct Case {
    claim: String,
    line: usize,
    blocks: Vec<Block>,
}

impl Case {
    /// The findings in a block; of several commits to one file, they are in the last.
    fn found<'a>(&self, at: usize, actual: &'a BTreeMap<String, Vec<Finding>>) -> &'a [Finding] {
        let path = &self.blocks[at].path;
        let is_old = self.blocks[at + 1..].iter().any(|later| later.path == *path);
        actual.get(path).filter(|_| !is_old).map_or(&[], Vec::as_slice)
    }
}

#[test]
fn every_spec_describes_what_the_check_finds() {
    let bless = std::env::var_os("DOCENT_BLESS").is_some();
    let mut report = String::new();
    for path in specs() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (blessed, mismatches) = run_spec(&text, &name);
        if bless && !mismatches.is_empty() {
            std::fs::write(&path, blessed).unwrap();
        }
        report += &mismatches;
    }
    assert!(bless || report.is_empty(), "specs and findings differ\n\n{report}");
}

/// The spec with the findings of today, and what of it differed. Blocks that are right stay as
/// they are, wherever a person drew their findings.
fn run_spec(text: &str, name: &str) -> (String, String) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut mismatches = String::new();
    // From the last to the first, so that the line numbers of those before stay right.
    for case in parse_spec(text, name).iter().rev() {
        let actual = run_case(case);
        let mismatch = compare(case, &actual);
        if !mismatch.is_empty() {
            mismatches = format!("{name}:{}: {}\n{mismatch}\n{mismatches}", case.line, case.claim);
        }
        for (at, block) in case.blocks.iter().enumerate().rev() {
            let found = case.found(at, &actual);
            if found != block.findings {
                lines.splice(block.range.clone(), draw(block, found));
            }
        }
    }
    (lines.join("\n") + "\n", mismatches)
}

fn specs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths
}

fn parse_spec(text: &str, name: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let mut cases: Vec<Case> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if let Some(claim) = line.strip_prefix("## ") {
            cases.push(Case { claim: claim.to_owned(), line: at, blocks: Vec::new() });
            continue;
        }
        let Some((fence, info)) = opening_fence(line) else { continue };
        let start = at;
        while !lines.get(at).is_none_or(|line| closes(fence, line)) {
            at += 1;
        }
        assert!(at < lines.len(), "{name}:{start}: the fence is not closed");
        if let Some(block) = parse_block(info, &lines, start..at, name) {
            let case = cases.last_mut();
            case.unwrap_or_else(|| panic!("{name}:{start}: a file before the first `## `"))
                .blocks
                .push(block);
        }
        at += 1;
    }
    cases
}

fn opening_fence(line: &str) -> Option<(&str, &str)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let fence = &line[..line.len() - info.len()];
    (fence.len() >= 3).then_some((fence, info))
}

fn closes(fence: &str, line: &str) -> bool {
    let line = line.trim_end();
    line.starts_with(fence) && line.trim_start_matches(&fence[..1]).is_empty()
}

fn parse_block(info: &str, lines: &[&str], range: std::ops::Range<usize>, name: &str) -> Option<Block> {
    let words: Vec<String> = info.split_whitespace().map(str::to_owned).collect();
    let path = words.iter().find_map(|word| word.strip_prefix("file="))?.replace("%20", " ");
    let escapes = words.iter().any(|word| word == "escapes");
    let path = if escapes { text_of(&decode(&path)) } else { path };
    let mut block = Block { path, words, lines: Vec::new(), findings: Vec::new(), range: range.clone() };
    for (number, line) in lines.iter().enumerate().take(range.end).skip(range.start) {
        if let Some(help) = line.strip_prefix("//= help: ") {
            let finding = block.findings.last_mut();
            let finding = finding.unwrap_or_else(|| panic!("{name}:{}: help without a finding", number + 1));
            finding.help.push(help.to_owned());
        } else if let Some(finding) = parse_annotation(line, block.lines.len() as u32) {
            block.findings.push(finding);
        } else {
            assert!(!line.starts_with("//@"), "{name}:{}: cannot read this place", number + 1);
            block.lines.push((*line).to_owned());
        }
    }
    block.findings.sort();
    Some(block)
}

/// An annotation below line `above` of the file, or `None` for a line of the file.
fn parse_annotation(line: &str, above: u32) -> Option<Finding> {
    let (place, title) = if let Some(rest) = line.strip_prefix("//@ ") {
        let (place, title) = rest.split_once(' ')?;
        (if place == "-" { None } else { Some(parse_place(place)?) }, title)
    } else {
        let rest = line.strip_prefix("//")?;
        let carets = rest.trim_start_matches(' ');
        let title = carets.trim_start_matches('^');
        let (start, count) = (line.len() - carets.len() + 1, carets.len() - title.len());
        if count == 0 || start < 3 {
            return None;
        }
        let end = (start + count) as u32;
        (Some(((above, start as u32), (above, end))), title.strip_prefix(' ')?)
    };
    let known = ["error[", "warning[", "note["].iter().any(|word| title.starts_with(word));
    known.then(|| Finding { place, title: title.to_owned(), help: Vec::new() })
}

fn parse_place(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let point = |text: &str| {
        let (line, column) = text.split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?))
    };
    let (start, end) = text.split_once('-')?;
    Some((point(start)?, point(end)?))
}

/// Decodes the escapes of an `escapes` block into bytes.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        let braces = || &escape[2..escape.find('}').expect("an escape with braces ends in `}`")];
        let length = match escape.chars().next().expect("an escape needs a letter") {
            'x' => {
                bytes.push(u8::from_str_radix(&escape[1..3], 16).unwrap());
                3
            }
            'u' => {
                let character = char::from_u32(u32::from_str_radix(braces(), 16).unwrap()).unwrap();
                bytes.extend(character.to_string().as_bytes());
                braces().len() + 3
            }
            '*' => {
                let (text, count) = braces().rsplit_once(',').expect("a repetition needs a count");
                bytes.extend(text.repeat(count.trim().parse().unwrap()).as_bytes());
                braces().len() + 3
            }
            letter => {
                bytes.push(match letter {
                    'r' => b'\r',
                    't' => b'\t',
                    '0' => 0,
                    '\\' => b'\\',
                    other => panic!("there is no escape `\\{other}`"),
                });
                1
            }
        };
        rest = &escape[length..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("a path of a spec is UTF-8")
}

impl Block {
    fn word(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(name))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = self.lines.join("\n");
        if self.word("no-newline").is_none() && !self.lines.is_empty() {
            text.push('\n');
        }
        if self.word("tickets").is_some() {
            return tickets(&self.lines).into_bytes();
        }
        if self.word("escapes").is_some() { decode(&text) } else { text.into_bytes() }
    }

    /// The commit that the block is part of.
    fn commit(&self) -> u32 {
        self.word("commit=").map_or(1, |number| number.parse().unwrap())
    }

    fn make(&self, dir: &Path) {
        let path = dir.join(&self.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(target) = self.word("symlink=") {
            std::os::unix::fs::symlink(target, path).unwrap();
        } else if self.word("folder").is_some() {
            std::fs::create_dir_all(path).unwrap();
        } else if self.word("fifo").is_some() {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        } else if self.word("remove").is_some() {
            std::fs::remove_file(path).unwrap();
        } else {
            std::fs::write(path, self.bytes()).unwrap();
        }
    }
}

/// Makes the blocks of one commit after the other.
fn make_commits(blocks: &[Block], dir: &Path) {
    git(dir, 1, "Ana", &["init", "-q"]);
    let mut first: Option<String> = None;
    for number in 1..=blocks.iter().map(Block::commit).max().unwrap() {
        for block in blocks.iter().filter(|block| block.commit() == number) {
            block.make(dir);
            let path = dir.join(&block.path);
            if let (Some(first), Ok(text)) = (&first, std::fs::read_to_string(&path)) {
                std::fs::write(path, text.replace("0000001", first)).unwrap();
            }
        }
        commit(dir, number, "Ana");
        first.get_or_insert_with(|| {
            let head =
                std::process::Command::new("git").arg("-C").arg(dir).args(["rev-parse", "HEAD"]).output();
            String::from_utf8(head.unwrap().stdout).unwrap()[..7].to_owned()
        });
    }
}

/// An export of tickets, evenly spread over the days of each line.
fn tickets(lines: &[String]) -> String {
    let mut export = String::new();
    let mut id = 0;
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [tags, number, first, last, ref rest @ ..] = words[..] else { panic!("no tickets: {line}") };
        let second = |day: &str| format!("{day}T12:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        let (first, last, number) = (second(first), second(last), number.parse::<i64>().unwrap());
        for at in 0..number {
            id += 1;
            let time =
                jiff::Timestamp::from_second(first + (last - first) * at / (number - 1).max(1)).unwrap();
            let reopened = u8::from(rest.contains(&"reopened"));
            let tags: Vec<String> = tags.split(',').map(|tag| format!("\"{tag}\"")).collect();
            writeln!(
                export,
                "{{\"id\":{id},\"created_at\":\"{time}\",\"status\":\"solved\",\"tags\":[{}],\
                 \"requester_id\":{id},\"metric_set\":{{\"solved_at\":\"{time}\",\"reopens\":{reopened}}}}}",
                tags.join(",")
            )
            .unwrap();
        }
    }
    export
}

/// The findings of a run over the case's files, by path. Those without a file are under "".
fn run_case(case: &Case) -> BTreeMap<String, Vec<Finding>> {
    let folder = tempfile::tempdir().unwrap();
    // One level down, so that `../` of a spec stays in the temporary folder.
    let dir = folder.path().join("kb");
    std::fs::create_dir(&dir).unwrap();
    if !case.blocks.iter().any(|block| block.path == "docent.yaml") {
        std::fs::write(dir.join("docent.yaml"), DEFAULT_CONFIG).unwrap();
    }
    if case.blocks.iter().any(|block| block.word("commit=").is_some()) {
        make_commits(&case.blocks, &dir);
    } else {
        for block in &case.blocks {
            block.make(&dir);
        }
    }
    let mut by_path: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for diagnostic in check(&dir) {
        let path = diagnostic.path().unwrap_or_default().to_owned();
        by_path.entry(path).or_default().push(Finding {
            place: diagnostic.primary.as_ref().map(place_of),
            title: format!(
                "{}[{}]: {}",
                diagnostic.severity.word(),
                diagnostic.rule.code,
                diagnostic.message
            ),
            help: diagnostic.help,
        });
    }
    for findings in by_path.values_mut() {
        findings.sort();
    }
    by_path
}

fn check(dir: &Path) -> Vec<Diagnostic> {
    let options = Options {
        discover: DiscoverOptions { dir: dir.to_owned(), ..DiscoverOptions::default() },
        model: ModelOptions { today: TODAY.into(), ..ModelOptions::default() },
        ..Options::default()
    };
    let checked = match pipeline::check(&options) {
        Ok(checked) => checked,
        Err(Error::Config(findings) | Error::Site(findings)) => return findings,
        Err(error) => panic!("the check of {} could not run: {error}", dir.display()),
    };
    let theme = pipeline::check_theme(&checked, &options).err().unwrap_or_default();
    checked.findings.into_iter().chain(theme).collect()
}

fn place_of(label: &Label) -> ((u32, u32), (u32, u32)) {
    let [start, end] = [label.span.start, label.span.end].map(|at| label.file.position(at));
    ((start.line, start.column), (end.line, end.column))
}

/// What differs between the case and the findings, in the notation of the spec.
fn compare(case: &Case, actual: &BTreeMap<String, Vec<Finding>>) -> String {
    let mut text = String::new();
    for (at, block) in case.blocks.iter().enumerate() {
        let found = case.found(at, actual);
        if found == block.findings {
            continue;
        }
        writeln!(text, "  {} should be", block.path).unwrap();
        for line in draw(block, found) {
            // A block of a million characters says enough with its beginning.
            let short: String = line.chars().take(300).collect();
            writeln!(text, "    {short}").unwrap();
        }
        for missing in block.findings.iter().filter(|finding| !found.contains(finding)) {
            writeln!(text, "  not found: {missing:?}").unwrap();
        }
        for extra in found.iter().filter(|finding| !block.findings.contains(finding)) {
            writeln!(text, "  not in the spec: {extra:?}").unwrap();
        }
    }
    for (path, findings) in actual {
        if !case.blocks.iter().any(|block| block.path == *path) {
            writeln!(text, "  in `{path}`, which is no block of the case: {findings:#?}").unwrap();
        }
    }
    text
}

/// The lines of a block with these findings drawn into it.
fn draw(block: &Block, findings: &[Finding]) -> Vec<String> {
    let escaped = block.word("escapes").is_some();
    let mut drawn = Vec::new();
    for line in 0..=block.lines.len() {
        if let Some(text) = line.checked_sub(1).map(|index| &block.lines[index]) {
            drawn.push(text.clone());
        }
        for finding in findings {
            let below = finding.place.map_or(0, |(start, _)| (start.0 as usize).min(block.lines.len()));
            if below != line {
                continue;
            }
            drawn.push(match finding.place {
                None => format!("//@ - {}", finding.title),
                Some((start, end)) if start.0 == end.0 && start.1 >= 3 && start.1 < end.1 && !escaped => {
                    let (indent, width) = ((start.1 - 3) as usize, (end.1 - start.1) as usize);
                    format!("//{:indent$}{} {}", "", "^".repeat(width), finding.title)
                }
                Some((start, end)) => {
                    format!("//@ {}:{}-{}:{} {}", start.0, start.1, end.0, end.1, finding.title)
                }
            });
            drawn.extend(finding.help.iter().map(|help| format!("//= help: {help}")));
        }
    }
    drawn
}

#[test]
fn the_notation_can_be_read_back() {
    let spec = "## A claim\n\n````markdown file=a%20b.md\n[x](y)\n//  ^ error[broken-link]: gone\n\
                //= help: look elsewhere\n//@ 1:1-1:3 note[no-title]: none\n```sh\nls\n```\n````\n";
    let cases = parse_spec(spec, "test.md");
    let block = &cases[0].blocks[0];
    assert_eq!(block.path, "a b.md");
    assert_eq!(block.lines, ["[x](y)", "```sh", "ls", "```"]);
    assert_eq!(block.findings[1].place, Some(((1, 5), (1, 6))));
    assert_eq!(block.findings[1].help, ["look elsewhere"]);
    let redrawn = draw(block, &block.findings);
    assert_eq!(redrawn[1], "//@ 1:1-1:3 note[no-title]: none");
    assert_eq!(redrawn[2..4], ["//  ^ error[broken-link]: gone", "//= help: look elsewhere"]);
}

#[test]
fn blessing_changes_only_blocks_that_are_wrong_and_only_once() {
    let hand_drawn = "## A\n\n````markdown file=a.md\n# A\n\n[x](gone.md)\n\nText.\n\
                      //@ 3:5-3:12 error[broken-link]: there is no page or file `gone.md`\n````\n";
    assert_eq!(run_spec(hand_drawn, "test.md"), (hand_drawn.to_owned(), String::new()));
    let wrong = hand_drawn.replace("gone.md)", "lost.md)");
    let (blessed, mismatches) = run_spec(&wrong, "test.md");
    assert!(mismatches.contains("test.md:1: A"), "{mismatches}");
    assert!(blessed.contains("[x](lost.md)\n//  ^^^^^^^ error[broken-link]"), "{blessed}");
    assert_eq!(run_spec(&blessed, "test.md"), (blessed, String::new()));
}

#[test]
fn escapes_make_any_bytes() {
    assert_eq!(decode(r"a\xE2\x80\u{202E}\r\*{ab,3}\\"), b"a\xE2\x80\xE2\x80\xAE\rababab\\");
}

#[test]
fn rule_codes_are_unique_kebab_case_words() {
    let mut codes: Vec<_> = rules::ALL.iter().map(|rule| rule.code).collect();
    for code in &codes {
        let kebab = code.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
        assert!(kebab, "`{code}` is not kebab-case");
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), rules::ALL.len(), "two rules share a code");
}

/// `docent explain`, the manual and SARIF show these texts; the spec holds that they are true.
#[test]
fn every_rule_is_explained_and_has_a_spec() {
    let mut missing = Vec::new();
    for rule in rules::ALL {
        let texts = [
            ("summary", rule.summary),
            ("explanation", rule.explanation),
            ("bad example", rule.bad),
            ("good example", rule.good),
        ];
        for (name, text) in texts {
            if text.trim().is_empty() {
                missing.push(format!("{}: no {name}", rule.code));
            }
        }
        if rule.summary.ends_with('.') || rule.summary.contains('\n') {
            missing.push(format!("{}: the summary is one line without a full stop", rule.code));
        }
        if rule.bad == rule.good {
            missing.push(format!("{}: the good example is the bad one", rule.code));
        }
        missing.extend(missing_of_spec(rule.code));
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// Rules about something that is no file, and so has no line.
const WITHOUT_PLACE: &[&str] = &["unreadable-history"];

/// What the spec of a rule lacks: a case with a finding that has a place, a near miss without one.
/// What no Markdown can set up (a race, bytes in a name) is held by a test that the spec names in a
/// line ``Built by: `tests/suite/FILE.rs::NAME` ``.
fn missing_of_spec(code: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check").join(format!("{code}.md"));
    let Ok(text) = std::fs::read_to_string(path) else { return Some(format!("{code}: no spec")) };
    let cases = parse_spec(&text, code);
    let word = format!("[{code}]: ");
    let about = |case: &Case| -> Vec<bool> {
        let findings = case.blocks.iter().flat_map(|block| &block.findings);
        findings.filter(|f| f.title.contains(&word)).map(|finding| finding.place.is_some()).collect()
    };
    let in_test = text.lines().find_map(|line| line.strip_prefix("Built by: `")?.strip_suffix('`'));
    if in_test.is_some_and(|place| !is_test(place)) {
        return Some(format!("{code}: there is no test {}", in_test.unwrap_or_default()));
    }
    let placed = in_test.is_some()
        || cases.iter().any(|case| {
            let findings = about(case);
            findings.contains(&true) || (!findings.is_empty() && WITHOUT_PLACE.contains(&code))
        });
    let near_miss = cases.iter().any(|case| about(case).is_empty());
    match (placed, near_miss) {
        (true, true) => None,
        (false, _) => Some(format!("{code}: no case of the spec has a finding with line and column")),
        (_, false) => Some(format!("{code}: the spec has no near miss, a case without the finding")),
    }
}

/// Whether `tests/suite/FILE.rs::NAME` is a test.
fn is_test(place: &str) -> bool {
    let Some((file, name)) = place.split_once("::") else { return false };
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    text.is_ok_and(|text| text.contains(&format!("#[test]\nfn {name}()")))
}

#[test]
fn every_spec_is_about_a_rule() {
    for path in specs() {
        let code = path.file_stem().unwrap().to_string_lossy();
        assert!(rules::find(&code).is_some(), "tests/check/{code}.md: there is no such rule");
    }
}
