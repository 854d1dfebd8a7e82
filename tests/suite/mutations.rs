//! The doors for text from outside hold against thousands of mutated inputs. The same from run to
//! run; `fuzz/` searches on where this stops.

use crate::support::must_not_hang;

#[path = "../../fuzz/entries.rs"]
mod entries;

const SEEDS: &[&str] = &[
    "{\"tickets\": [{\"id\": 1, \"created_at\": \"2026-11-02T09:14:00Z\", \"tags\": [\"a\"]}]}\n",
    "id;created_at;tags\n1;2026-11-02 09:14;\"a\nb\"\n",
    "title: Disk full\ntags: [storage, \"a b\"]\nowner: '@infra'\nweight: 3\nexpires: 2026-02-30\naliases:\n  - /old/\n",
    "a: &a [*a, *a]\n? x\n: !!binary |\n  aGk=\n<<: *a\nd: {e: [f, {g: ~}]}\n\tt: 1\n",
    "---\ntitle: Foo: bar\n---\n\n# A `b` *c*\n\n- [ ] x\n  1. y\n\n> [!NOTE]\n> z[^1]\n\n[^1]: n\n\n| a | b |\n|---|:-:|\n| c | d |\n",
    "# T {#id .c}\n\n{:toc}\n- TOC\n{: .no_toc #x}\n\n~~~sh title=\"x\" {1,3-4}\n$ ls\n~~~\n\n<div markdown=\"1\"><a name=\"q\"></a>$x^2$ \\\\(y\\\\)</div>\n\n<%= e %> {{ $l }} [[_TOC_]] :smile:\n",
    "[a](other.md#b \"t\") ![i](i.png) <https://kb.example/other/> [[other|x]] [r]\n\n[r]: /other/#top\n",
    "title: KB\nbase_url: https://kb.example/x/\nkinds:\n  fix:\n    paths: ['fixes/**']\n    fields: {area: {type: enum, values: [a]}}\nrules: {broken-link: off}\nelsewhere: {\"/h/**\": \"https://h.example\"}\n",
    "# c\n* @all\n[Docs][2] @docs\n^[Opt]\n/docs/**/run\\ book*.md a@b.example @x\n!/docs/x\n*.md\n",
    "kind:runbook -tag:x \"disk full\" +node -not title:\"a b\" KubePodNotReady 10.0.0.1:5432 検索 é\n",
    "{\"alerts\":[{\"labels\":{\"alertname\":\"DiskFull\"},\"annotations\":{\"summary\":\"x\"}}]}",
    "../other.html.md?q=1#%41 /other//x http://https://y javascript:x www.z ((a) %ff%00 ?#",
];

/// Pieces that mean something to one reader or another.
const PIECES: &[&str] = &[
    "---\n",
    "\n\n",
    "```",
    "~~~",
    "[",
    "](",
    ")",
    "[[",
    "]]",
    "{:",
    "}",
    "{::",
    "<!--",
    "-->",
    "<script>",
    "</a>",
    "|",
    "\t",
    "  ",
    "> ",
    "- ",
    "1. ",
    "#",
    "*",
    "_",
    "`",
    "\\",
    "$",
    "$$",
    "&amp;",
    "&",
    "*a",
    "&a ",
    "!!",
    "<<:",
    ": ",
    "\"",
    "'",
    "é",
    "e\u{301}",
    "検",
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "😀",
    "\u{e9}\u{300}",
    "%",
    "%2e",
    "//",
    "..",
    "?",
    "[^1]",
    ":-",
    "<%",
    "{{",
    "+",
    "-",
    "kind:",
    "alertname",
    "\u{2028}",
    "İ",
];

/// Marsaglia's xorshift: random enough, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    fn mutated(&mut self) -> String {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(6) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, bytes[at..end].repeat(self.below(30)))),
                2 => drop(bytes.splice(at..end, PIECES[self.below(PIECES.len())].bytes())),
                3 => drop(
                    bytes
                        .splice(at..at, PIECES[self.below(PIECES.len())].repeat(self.below(40)).into_bytes()),
                ),
                4 => drop(bytes.splice(at..at, SEEDS[self.below(SEEDS.len())].bytes())),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[test]
fn no_mutated_input_makes_a_reader_panic_or_hang() {
    for (name, entry) in entries::ALL {
        let mut random = Random(0x5DEE_CE66_D1CE_4E5B);
        for round in 0..1_000 {
            let text = random.mutated();
            let shown = format!("{name} in round {round} on {text:?}");
            let outcome = must_not_hang(&shown, move || std::panic::catch_unwind(|| entry(&text)));
            assert!(outcome.is_ok(), "a panic of {shown}");
        }
    }
}
