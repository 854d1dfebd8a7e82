//! Findings as text: each output format says the same, in the words of its readers.
//!
//! `SNAPSHOTS=overwrite cargo test` rewrites the expectations, for you to read.

use std::collections::BTreeMap;
use std::sync::Arc;

use docent::diagnostic::baseline::Baseline;
use docent::diagnostic::fingerprint::{PageIds, fingerprints};
use docent::diagnostic::format::{Counts, Format, Report, Style, write};
use docent::diagnostic::rules::{files, links, markdown, text};
use docent::diagnostic::{Diagnostic, Rule, Severity, human, rules, sort, weigh};
use docent::source::{SharedFile, SourceFile, Span};
use serde_json::Value;
use snapbox::{IntoData, assert_data_eq, str};

fn file(path: &str, text: &str) -> SharedFile {
    Arc::new(SourceFile::new(path, text))
}

fn span(file: &SharedFile, needle: &str) -> Span {
    let start = file.text().find(needle).unwrap();
    Span::new(start, start + needle.len())
}

/// One finding of each severity: with a second place nearby, with one in another file, without one.
fn sample() -> Vec<Diagnostic> {
    let disk = file(
        "content/run books/disk, full.md",
        "# Läuft voll\n\nSee [früher](gone.md).\n\nSee [it](gone.md).\n",
    );
    let other = file("content/index.md", "# Home\n\n[a](run%20books/)\n");
    let gone = Span::new(disk.text().rfind("gone.md").unwrap(), disk.text().rfind(").").unwrap());
    let mut findings = vec![
        Diagnostic::new(&links::BROKEN_LINK, "there is no page or file `gone.md`")
            .at(&disk, span(&disk, "gone.md"), "no such file")
            .and(&disk, gone, "and here")
            .help("did you mean `done.md`?")
            .help("or remove the link")
            .fix(span(&disk, "gone.md"), "done.md"),
        Diagnostic::new(&markdown::IMAGE_ALT, "100 % of `a|b` <i>has</i> no *words*")
            .at(&other, span(&other, "a"), "")
            .and(&disk, span(&disk, "Läuft"), "shown there"),
        Diagnostic::new(&links::ORPHAN_PAGE, "no page links to this page").at(
            &other,
            Span::default(),
            String::new(),
        ),
        Diagnostic::new(&files::SYMLINK_LOOP, "`a` leads to itself"),
    ];
    sort(&mut findings);
    findings
}

fn render(findings: &[Diagnostic], format: Format) -> String {
    let report = Report {
        findings,
        today: "2026-11-23",
        pages: 2,
        shown_prefix: "kb/",
        repository_prefix: "docs/kb/",
        style: Style { color: false, width: 100 },
    };
    let mut text = Vec::new();
    write(&report, format, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn json(findings: &[Diagnostic], format: Format) -> Value {
    serde_json::from_str(&render(findings, format)).unwrap()
}

#[test]
fn people_get_a_frame_with_every_place_and_the_way_out() {
    assert_data_eq!(
        render(&sample(), Format::Human),
        str![[r#"
warning[symlink-loop]: `a` leads to itself

note[orphan-page]: no page links to this page
 --> kb/content/index.md:1:1
  |
1 | # Home
  | ^

warning[image-alt]: 100 % of `a|b` <i>has</i> no *words*
 --> kb/content/index.md:3:2
  |
3 | [a](run%20books/)
  |  ^
  |
 ::: kb/content/run books/disk, full.md:1:3
  |
1 | # Läuft voll
  |   ----- shown there

error[broken-link]: there is no page or file `gone.md`
 --> kb/content/run books/disk, full.md:3:14
  |
3 | See [früher](gone.md).
  |              ^^^^^^^ no such file
4 |
5 | See [it](gone.md).
  |          ------- and here
  |
  = help: did you mean `done.md`?
  = help: or remove the link


"#]]
        .raw()
    );
}

#[test]
fn our_json_has_line_column_and_byte_of_both_ends() {
    assert_data_eq!(
        render(&sample(), Format::Json),
        str![[r#"
{
  "schema": 1,
  "today": "2026-11-23",
  "summary": {
    "errors": 1,
    "warnings": 2,
    "notes": 1,
    "pages": 2
  },
  "diagnostics": [
    {
      "rule": "symlink-loop",
      "severity": "warning",
      "message": "`a` leads to itself",
      "path": null,
      "start": null,
      "end": null,
      "help": [],
      "labels": []
    },
    {
      "rule": "orphan-page",
      "severity": "note",
      "message": "no page links to this page",
      "path": "content/index.md",
      "start": {
        "line": 1,
        "column": 1,
        "byte": 0
      },
      "end": {
        "line": 1,
        "column": 1,
        "byte": 0
      },
      "help": [],
      "labels": []
    },
    {
      "rule": "image-alt",
      "severity": "warning",
      "message": "100 % of `a|b` <i>has</i> no *words*",
      "path": "content/index.md",
      "start": {
        "line": 3,
        "column": 2,
        "byte": 9
      },
      "end": {
        "line": 3,
        "column": 3,
        "byte": 10
      },
      "help": [],
      "labels": [
        {
          "primary": false,
          "message": "shown there",
          "path": "content/run books/disk, full.md",
          "start": {
            "line": 1,
            "column": 3,
            "byte": 2
          },
          "end": {
            "line": 1,
            "column": 8,
            "byte": 8
          }
        }
      ]
    },
    {
      "rule": "broken-link",
      "severity": "error",
      "message": "there is no page or file `gone.md`",
      "path": "content/run books/disk, full.md",
      "start": {
        "line": 3,
        "column": 14,
        "byte": 29
      },
      "end": {
        "line": 3,
        "column": 21,
        "byte": 36
      },
      "help": [
        "did you mean `done.md`?",
        "or remove the link"
      ],
      "labels": [
        {
          "primary": true,
          "message": "no such file",
          "path": "content/run books/disk, full.md",
          "start": {
            "line": 3,
            "column": 14,
            "byte": 29
          },
          "end": {
            "line": 3,
            "column": 21,
            "byte": 36
          }
        },
        {
          "primary": false,
          "message": "and here",
          "path": "content/run books/disk, full.md",
          "start": {
            "line": 5,
            "column": 10,
            "byte": 49
          },
          "end": {
            "line": 5,
            "column": 17,
            "byte": 56
          }
        }
      ]
    }
  ]
}

"#]]
        .raw()
    );
    assert_data_eq!(
        render(&[], Format::Json),
        str![[r#"
{
  "schema": 1,
  "today": "2026-11-23",
  "summary": {
    "errors": 0,
    "warnings": 0,
    "notes": 0,
    "pages": 2
  },
  "diagnostics": []
}

"#]]
        .raw()
    );
}

#[test]
fn sarif_results_are_relative_to_the_repository_and_count_code_points() {
    let mut log = json(&sample(), Format::Sarif);
    for result in log["runs"][0]["results"].as_array_mut().unwrap() {
        // Changes with every new rule; the next test holds it.
        result["ruleIndex"].take();
    }
    let results = serde_json::to_string_pretty(&log["runs"][0]["results"]).unwrap();
    assert_data_eq!(
        results,
        str![[r#"
[
  {
    "level": "warning",
    "locations": [],
    "message": {
      "text": "`a` leads to itself"
    },
    "partialFingerprints": {
      "docent/v1": "ad9e402e33ea804e4c3f171cd44ce1dc",
      "primaryLocationLineHash": "ad9e402e33ea804e4c3f171cd44ce1dc"
    },
    "relatedLocations": [],
    "ruleId": "symlink-loop",
    "ruleIndex": null
  },
  {
    "level": "note",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "docs/kb/content/index.md"
          },
          "region": {
            "endColumn": 1,
            "endLine": 1,
            "startColumn": 1,
            "startLine": 1
          }
        }
      }
    ],
    "message": {
      "text": "no page links to this page"
    },
    "partialFingerprints": {
      "docent/v1": "c68ec5531d7fe18d0aaaf07df503f918",
      "primaryLocationLineHash": "c68ec5531d7fe18d0aaaf07df503f918"
    },
    "relatedLocations": [],
    "ruleId": "orphan-page",
    "ruleIndex": null
  },
  {
    "level": "warning",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "docs/kb/content/index.md"
          },
          "region": {
            "endColumn": 3,
            "endLine": 3,
            "startColumn": 2,
            "startLine": 3
          }
        }
      }
    ],
    "message": {
      "text": "100 % of `a|b` <i>has</i> no *words*"
    },
    "partialFingerprints": {
      "docent/v1": "28a5b3049b774df0036a677fe9418b72",
      "primaryLocationLineHash": "28a5b3049b774df0036a677fe9418b72"
    },
    "relatedLocations": [
      {
        "id": 1,
        "message": {
          "text": "shown there"
        },
        "physicalLocation": {
          "artifactLocation": {
            "uri": "docs/kb/content/run%20books/disk%2C%20full.md"
          },
          "region": {
            "endColumn": 8,
            "endLine": 1,
            "startColumn": 3,
            "startLine": 1
          }
        }
      }
    ],
    "ruleId": "image-alt",
    "ruleIndex": null
  },
  {
    "fixes": [
      {
        "artifactChanges": [
          {
            "artifactLocation": {
              "uri": "docs/kb/content/run%20books/disk%2C%20full.md"
            },
            "replacements": [
              {
                "deletedRegion": {
                  "endColumn": 21,
                  "endLine": 3,
                  "startColumn": 14,
                  "startLine": 3
                },
                "insertedContent": {
                  "text": "done.md"
                }
              }
            ]
          }
        ],
        "description": {
          "text": "Write done.md"
        }
      }
    ],
    "level": "error",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "docs/kb/content/run%20books/disk%2C%20full.md"
          },
          "region": {
            "endColumn": 21,
            "endLine": 3,
            "startColumn": 14,
            "startLine": 3
          }
        }
      }
    ],
    "message": {
      "text": "there is no page or file `gone.md`\ndid you mean `done.md`?\nor remove the link"
    },
    "partialFingerprints": {
      "docent/v1": "bbc709693602152e44bfe57848ccbb47",
      "primaryLocationLineHash": "bbc709693602152e44bfe57848ccbb47"
    },
    "relatedLocations": [
      {
        "id": 1,
        "message": {
          "text": "and here"
        },
        "physicalLocation": {
          "artifactLocation": {
            "uri": "docs/kb/content/run%20books/disk%2C%20full.md"
          },
          "region": {
            "endColumn": 17,
            "endLine": 5,
            "startColumn": 10,
            "startLine": 5
          }
        }
      }
    ],
    "ruleId": "broken-link",
    "ruleIndex": null
  }
]
"#]]
        .raw()
    );
}

#[test]
fn sarif_holds_what_its_schema_requires() {
    let log = json(&sample(), Format::Sarif);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "docent");
    let descriptors = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(descriptors.len(), rules::ALL.len());
    for (descriptor, rule) in descriptors.iter().zip(rules::ALL) {
        assert_eq!(descriptor["id"], rule.code);
        assert_eq!(descriptor["shortDescription"]["text"], rule.summary);
        assert_eq!(descriptor["defaultConfiguration"]["level"], rule.severity.word());
    }
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(descriptors[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for location in result["locations"].as_array().unwrap() {
            let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains([' ', ',', ':']), "{uri} is no relative URI");
            assert!(location["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn sarif_leaves_out_the_mildest_beyond_what_github_takes_and_says_so() {
    let page = file("a.md", "x");
    let mut findings: Vec<_> = (0..25_000)
        .map(|number| {
            Diagnostic::new(&links::ORPHAN_PAGE, format!("{number}")).at(&page, Span::new(0, 1), "")
        })
        .collect();
    findings.push(Diagnostic::new(&links::BROKEN_LINK, "last").at(&page, Span::new(0, 1), ""));
    let log = json(&findings, Format::Sarif);
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    assert_eq!(run["results"][0]["ruleId"], "broken-link");
    let notice = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notice, "1 findings of the lowest severity are left out: the limit is 25000");
}

#[test]
fn gitlab_gets_a_list_without_dots_before_paths() {
    assert_data_eq!(
        render(&sample(), Format::Gitlab),
        str![[r#"
[
  {
    "check_name": "symlink-loop",
    "description": "`a` leads to itself",
    "fingerprint": "ad9e402e33ea804e4c3f171cd44ce1dc",
    "location": {
      "lines": {
        "begin": 1
      },
      "path": "docs/kb/docent.yaml"
    },
    "severity": "minor"
  },
  {
    "check_name": "orphan-page",
    "description": "no page links to this page",
    "fingerprint": "c68ec5531d7fe18d0aaaf07df503f918",
    "location": {
      "lines": {
        "begin": 1
      },
      "path": "docs/kb/content/index.md"
    },
    "severity": "info"
  },
  {
    "check_name": "image-alt",
    "description": "100 % of `a|b` <i>has</i> no *words*",
    "fingerprint": "28a5b3049b774df0036a677fe9418b72",
    "location": {
      "lines": {
        "begin": 3
      },
      "path": "docs/kb/content/index.md"
    },
    "severity": "minor"
  },
  {
    "check_name": "broken-link",
    "description": "there is no page or file `gone.md`",
    "fingerprint": "bbc709693602152e44bfe57848ccbb47",
    "location": {
      "lines": {
        "begin": 3
      },
      "path": "docs/kb/content/run books/disk, full.md"
    },
    "severity": "major"
  }
]

"#]]
        .raw()
    );
    assert_eq!(render(&[], Format::Gitlab), "[]\n");
}

#[test]
fn github_gets_escaped_commands() {
    assert_data_eq!(render(&sample(), Format::Github), str![[r#"
::error file=docs/kb/content/run books/disk%2C full.md,line=3,endLine=3,col=14,endColumn=21,title=broken-link::there is no page or file `gone.md`%0Ahelp: did you mean `done.md`?%0Ahelp: or remove the link
::warning title=symlink-loop::`a` leads to itself
::warning file=docs/kb/content/index.md,line=3,endLine=3,col=2,endColumn=3,title=image-alt::100 %25 of `a|b` <i>has</i> no *words*
::notice file=docs/kb/content/index.md,line=1,endLine=1,col=1,endColumn=1,title=orphan-page::no page links to this page

"#]].raw());
    assert_eq!(render(&[], Format::Github), "");
}

#[test]
fn github_gets_at_most_ten_of_a_level_and_the_number_of_the_rest() {
    let page = file("a.md", "x");
    let findings = |count: usize| -> Vec<_> {
        let finding = |n| Diagnostic::new(&links::BROKEN_LINK, format!("{n}")).at(&page, Span::new(0, 1), "");
        (0..count).map(finding).collect()
    };
    let ten = render(&findings(10), Format::Github);
    assert_eq!(ten.lines().count(), 10);
    assert!(!ten.contains("more"), "{ten}");
    let eleven = render(&findings(11), Format::Github);
    assert_eq!(eleven.lines().count(), 10);
    assert!(eleven.ends_with("::error::and 2 more errors; see the log of docent check\n"), "{eleven}");
}

#[test]
fn junit_names_cases_by_path_and_rule() {
    assert_data_eq!(render(&sample(), Format::Junit), str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="docent" tests="4" failures="3" errors="0" skipped="1">
  <testsuite name="docent check" tests="4" failures="3" errors="0" skipped="1">
    <testcase classname="docent" name="docent symlink-loop">
      <failure type="symlink-loop" message="`a` leads to itself">docent: warning: `a` leads to itself</failure>
    </testcase>
    <testcase classname="docs/kb/content/index.md" name="docs/kb/content/index.md orphan-page" file="docs/kb/content/index.md" line="1">
      <skipped message="no page links to this page"/>
    </testcase>
    <testcase classname="docs/kb/content/index.md" name="docs/kb/content/index.md image-alt" file="docs/kb/content/index.md" line="3">
      <failure type="image-alt" message="100 % of `a|b` &lt;i&gt;has&lt;/i&gt; no *words*">docs/kb/content/index.md:3:2: warning: 100 % of `a|b` &lt;i&gt;has&lt;/i&gt; no *words*</failure>
    </testcase>
    <testcase classname="docs/kb/content/run books/disk, full.md" name="docs/kb/content/run books/disk, full.md broken-link" file="docs/kb/content/run books/disk, full.md" line="3">
      <failure type="broken-link" message="there is no page or file `gone.md`">docs/kb/content/run books/disk, full.md:3:14: error: there is no page or file `gone.md`
help: did you mean `done.md`?
help: or remove the link</failure>
    </testcase>
  </testsuite>
</testsuites>

"#]].raw());
    assert_data_eq!(
        render(&[], Format::Junit),
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="docent" tests="1" failures="0" errors="0" skipped="0">
  <testsuite name="docent check" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="docent" name="no findings"/>
  </testsuite>
</testsuites>

"#]]
        .raw()
    );
}

#[test]
fn junit_holds_no_character_that_xml_forbids() {
    let page = file("a\u{1}<&\">.md", "x");
    let finding = Diagnostic::new(&links::BROKEN_LINK, "a\u{1b}[2J ]]> \u{0}").at(&page, Span::new(0, 1), "");
    let text = render(&[finding], Format::Junit);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    assert!(text.contains("classname=\"docs/kb/a\u{FFFD}&lt;&amp;&quot;&gt;.md\""), "{text}");
    assert!(text.contains("]]&gt;"), "{text}");
}

#[test]
fn rdjson_counts_columns_in_bytes_and_ends_one_past_the_last() {
    assert_data_eq!(render(&sample(), Format::Rdjson), str![[r#"
{
  "diagnostics": [
    {
      "code": {
        "value": "symlink-loop"
      },
      "location": {
        "path": "docs/kb/docent.yaml"
      },
      "message": "`a` leads to itself",
      "related_locations": [],
      "severity": "WARNING"
    },
    {
      "code": {
        "value": "orphan-page"
      },
      "location": {
        "path": "docs/kb/content/index.md",
        "range": {
          "end": {
            "column": 1,
            "line": 1
          },
          "start": {
            "column": 1,
            "line": 1
          }
        }
      },
      "message": "no page links to this page",
      "related_locations": [],
      "severity": "INFO"
    },
    {
      "code": {
        "value": "image-alt"
      },
      "location": {
        "path": "docs/kb/content/index.md",
        "range": {
          "end": {
            "column": 3,
            "line": 3
          },
          "start": {
            "column": 2,
            "line": 3
          }
        }
      },
      "message": "100 % of `a|b` <i>has</i> no *words*",
      "related_locations": [
        {
          "location": {
            "path": "docs/kb/content/run books/disk, full.md",
            "range": {
              "end": {
                "column": 9,
                "line": 1
              },
              "start": {
                "column": 3,
                "line": 1
              }
            }
          },
          "message": "shown there"
        }
      ],
      "severity": "WARNING"
    },
    {
      "code": {
        "value": "broken-link"
      },
      "location": {
        "path": "docs/kb/content/run books/disk, full.md",
        "range": {
          "end": {
            "column": 22,
            "line": 3
          },
          "start": {
            "column": 15,
            "line": 3
          }
        }
      },
      "message": "there is no page or file `gone.md`\nhelp: did you mean `done.md`?\nhelp: or remove the link",
      "related_locations": [
        {
          "location": {
            "path": "docs/kb/content/run books/disk, full.md",
            "range": {
              "end": {
                "column": 17,
                "line": 5
              },
              "start": {
                "column": 10,
                "line": 5
              }
            }
          },
          "message": "and here"
        }
      ],
      "severity": "ERROR",
      "suggestions": [
        {
          "range": {
            "end": {
              "column": 22,
              "line": 3
            },
            "start": {
              "column": 15,
              "line": 3
            }
          },
          "text": "done.md"
        }
      ]
    }
  ],
  "source": {
    "name": "docent"
  }
}

"#]].raw());
}

#[test]
fn markdown_is_a_table_in_which_nothing_of_the_content_is_markup() {
    assert_data_eq!(render(&sample(), Format::Markdown), str![[r#"
## Docent: 1 error, 2 warnings, 1 note

2 pages checked for 2026-11-23.

| Severity | Where | Finding |
|---|---|---|
| error | docs/kb/content/run books/disk, full.md:3:14 | there is no page or file `gone.md`<br>did you mean `done.md`?<br>or remove the link (`broken-link`) |
| warning |  | `a` leads to itself (`symlink-loop`) |
| warning | docs/kb/content/index.md:3:2 | 100 % of `a\|b` &lt;i>has&lt;/i> no \*words\* (`image-alt`) |
| note | docs/kb/content/index.md:1:1 | no page links to this page (`orphan-page`) |

"#]].raw());
    assert_data_eq!(
        render(&[], Format::Markdown),
        str![[r#"
## Docent: no findings

2 pages checked for 2026-11-23.

"#]]
        .raw()
    );
}

#[test]
fn markdown_fits_into_a_comment() {
    let page = file("a.md", "x");
    let finding = |n| {
        Diagnostic::new(&links::BROKEN_LINK, format!("{n} {}", "`<b>".repeat(20))).at(
            &page,
            Span::new(0, 1),
            "",
        )
    };
    let findings: Vec<_> = (0..5_000).map(finding).collect();
    let text = render(&findings, Format::Markdown);
    assert!(text.len() < 64 << 10, "{} bytes", text.len());
    let shown = text.lines().filter(|line| line.starts_with("| error")).count();
    assert!(text.ends_with(&format!("\nand {} more\n", 5_000 - shown)), "{}", &text[text.len() - 60..]);
}

#[test]
fn people_get_the_first_two_hundred_of_a_rule_in_a_file_and_the_number_of_the_rest() {
    let [a, b] = ["a.md", "b.md"].map(|path| file(path, &"x".repeat(1000)));
    let mut findings: Vec<Diagnostic> = (0..1000)
        .flat_map(|at| {
            let place = Span::new(at, at + 1);
            let few = (at < 200).then(|| Diagnostic::new(&links::LINK_SPACE, "few").at(&a, place, ""));
            let other = (at < 201).then(|| Diagnostic::new(&markdown::IMAGE_ALT, "other").at(&b, place, ""));
            let many = Diagnostic::new(&markdown::IMAGE_ALT, "many").at(&a, place, "");
            [Some(many), few, other].into_iter().flatten()
        })
        .collect();
    sort(&mut findings);
    let text = render(&findings, Format::Human);
    let frames = |title: &str| text.matches(title).count();
    assert_eq!(
        [frames("[image-alt]: many"), frames("[link-space]: few"), frames("[image-alt]: other")],
        [200; 3]
    );
    let rest: Vec<&str> = text.lines().filter(|line| line.starts_with("and ")).collect();
    assert_eq!(
        rest,
        [
            "and 800 more of image-alt in kb/a.md; `docent check --format json` lists them all",
            "and 1 more of image-alt in kb/b.md; `docent check --format json` lists them all"
        ]
    );
    assert_eq!(json(&findings, Format::Json)["diagnostics"].as_array().unwrap().len(), 1401);
}

#[test]
fn a_frame_shows_only_the_surroundings_of_a_place_in_a_long_line() {
    let line = "ä".repeat(400_000) + "[x](gone.md)" + &"ö".repeat(400_000);
    let page = file("a.md", &format!("# T\n{line}\n"));
    let finding = Diagnostic::new(&links::BROKEN_LINK, "gone").at(&page, span(&page, "gone.md"), "here");
    let frame = human::frame(&finding, "", Style { color: false, width: 100 });
    assert!(frame.contains("--> a.md:2:400005\n"), "{frame}");
    assert!(frame.contains("gone.md"), "{frame}");
    assert!(frame.lines().all(|line| line.chars().count() < 140), "{frame}");
    let [source, carets] = frame.lines().skip(3).take(2).collect::<Vec<_>>()[..] else { panic!("{frame}") };
    let column = |line: &str, what: &str| line[..line.find(what).unwrap()].chars().count();
    assert_eq!(column(source, "gone.md"), column(carets, "^^^^^^^ here"), "{frame}");
}

#[test]
fn a_frame_shows_the_first_line_of_a_place_that_spans_many() {
    let page = file("a.md", &format!("```sh\n{}", "echo\n".repeat(5_000)));
    let all = Span::new(0, page.text().len());
    let finding = Diagnostic::new(&markdown::UNCLOSED_FENCE, "not closed").at(&page, all, "opened here");
    let frame = human::frame(&finding, "", Style { color: false, width: 100 });
    assert_data_eq!(
        frame,
        str![[r#"
warning[unclosed-fence]: not closed
 --> a.md:1:1
  |
1 | ```sh
  | ^^^^^ opened here
"#]]
        .raw()
    );
}

#[test]
fn a_frame_cannot_steer_the_terminal() {
    let page = file("a\u{1b}]0;x\u{7}.md", "a \u{9b}2J\u{202e}b [x](\u{1b}[31mgone)\n");
    let finding = Diagnostic::new(&links::BROKEN_LINK, "no `\u{1b}[31mgone` \u{9d}\nhere")
        .at(&page, span(&page, "\u{1b}[31mgone"), "\u{1b}c")
        .help("try \u{202e}this");
    let frame = human::frame(&finding, "", Style { color: false, width: 100 });
    let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!frame.chars().any(steers), "{frame:?}");
    assert!(frame.starts_with(r"error[broken-link]: no `\u{1b}[31mgone` \u{9d}\nhere"), "{frame}");
}

#[test]
fn places_outside_the_text_do_no_harm() {
    let empty = file("a.md", "");
    let short = file("b.md", "ä\n");
    for (file, span) in [(&empty, Span::new(5, 9)), (&short, Span::new(1, 1)), (&short, Span::new(3, 99))] {
        let finding = Diagnostic::new(&text::EMPTY_PAGE, "odd").at(file, span, "x").and(file, span, "y");
        for format in [Format::Human, Format::Json, Format::Sarif, Format::Rdjson, Format::Github] {
            assert!(render(std::slice::from_ref(&finding), format).contains("odd"));
        }
    }
}

#[test]
fn fingerprints_outlive_edits_elsewhere_counts_and_wording() {
    let finding = |text: &str, message: &str| {
        let page = file("a.md", text);
        Diagnostic::new(&links::BROKEN_LINK, message).at(&page, span(&page, "gone.md"), "")
    };
    let print = |finding: Diagnostic| fingerprints(&[finding]).remove(0);
    let before = print(finding("[x](gone.md)", "there is no page `gone.md`, 1 day after 2026-01-01"));
    let after = finding("# New\n\n[x](gone.md)", "nothing is called `gone.md` 23 days after 2026-01-02");
    assert_eq!(before, print(after));
    assert_ne!(before, print(finding("[x](gone.md)", "there is no page `other.md`")), "another subject");
    let twice = fingerprints(&[finding("[x](gone.md)", "gone"), finding("[x](gone.md)", "gone")]);
    assert_ne!(twice[0], twice[1], "equal findings are counted");
    let other = Diagnostic { rule: &links::BROKEN_IMAGE, ..finding("[x](gone.md)", "gone") };
    assert_ne!(print(other), twice[0]);
}

#[test]
fn a_page_with_an_id_keeps_its_known_findings_where_it_moves() {
    let finding = |path: &str| {
        let page = file(path, "[x](/gone.md)");
        vec![Diagnostic::new(&links::BROKEN_LINK, "gone").at(&page, span(&page, "/gone.md"), "")]
    };
    let known = Baseline::of(&finding("old.md"), &PageIds::from([("old.md", "disk")]));
    let mut moved = finding("new.md");
    assert_eq!(known.subtract(&mut moved, &PageIds::from([("new.md", "disk")])), []);
    assert_eq!(moved.len(), 0);
    let mut other = finding("new.md");
    assert_eq!(known.subtract(&mut other, &PageIds::new()).len(), 1, "without the id it is another page");
    assert_eq!(other.len(), 1);
}

#[test]
fn a_baseline_takes_nothing_of_the_clock_nothing_that_prevents_a_site_and_no_missing_input() {
    const fn rule(code: &'static str) -> Rule {
        let severity = Severity::Note;
        Rule { code, severity, summary: "", explanation: "", bad: "", good: "" }
    }
    static OVERDUE: Rule = rule("overdue");
    static NEVER_CONFIRMED: Rule = rule("never-confirmed");
    let page = file("a.md", "x");
    let found = [
        &OVERDUE,
        &NEVER_CONFIRMED,
        &files::URL_COLLISION,
        &files::SHALLOW_HISTORY,
        &rules::tickets::UNREADABLE_EXPORT,
        &links::ORPHAN_PAGE,
    ]
    .map(|rule| Diagnostic::new(rule, "x").at(&page, Span::default(), ""));
    let ids = PageIds::new();
    let known = Baseline::of(&found, &ids);
    assert_eq!(known.len(), 1);
    let mut new = found.to_vec();
    assert_eq!(known.subtract(&mut new, &ids), []);
    let new: Vec<_> = new.iter().map(|finding| finding.rule.code).collect();
    assert_eq!(new, ["overdue", "never-confirmed", "url-collision", "shallow-history", "unreadable-export"]);
}

#[test]
fn a_baseline_hides_what_it_knows_and_names_what_is_gone() {
    let known = sample();
    let ids = PageIds::new();
    let baseline = Baseline::of(&known, &ids);
    let text = baseline.to_text();
    assert_eq!(Baseline::parse(&text).unwrap(), baseline);
    let mut lines: Vec<&str> = text.lines().skip(1).map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(lines[0], "symlink-loop -");
    lines.sort_by_key(|line| line.split_once(' ').unwrap().1);
    assert_eq!(lines.len(), 4);

    let page = file("content/new.md", "x");
    let new = Diagnostic::new(&links::BROKEN_LINK, "new").at(&page, Span::new(0, 1), "");
    let mut findings: Vec<_> = known.iter().skip(1).cloned().chain([new]).collect();
    let vanished = baseline.subtract(&mut findings, &ids);
    assert_eq!(findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(), ["new"]);
    assert_eq!(vanished.iter().map(|entry| entry.rule.as_str()).collect::<Vec<_>>(), ["symlink-loop"]);
}

#[test]
fn a_file_that_is_no_baseline_is_refused_with_its_line() {
    assert_eq!(Baseline::parse("{}").unwrap_err(), "the first line is not `# docent baseline 1`");
    let after_header = |text: &str| Baseline::parse(&format!("# docent baseline 1\n# why\n\n{text}\n"));
    assert_eq!(after_header("abc broken-link").unwrap_err(), "line 4 is not `FINGERPRINT RULE PATH`");
    assert_eq!(
        after_header("<<<<<<< HEAD of main").unwrap_err(),
        "line 4 does not begin with a fingerprint of 32 digits"
    );
    let entry = format!("{} broken-link a b.md", "0a".repeat(16));
    let read = after_header(&entry).unwrap();
    assert_eq!(read.to_text(), format!("# docent baseline 1\n{entry}\n"), "a path may hold blanks");
}

#[test]
fn the_config_changes_severities_and_strict_makes_warnings_errors() {
    let finding = |rule| Diagnostic::new(rule, "x");
    let config = BTreeMap::from([
        ("orphan-page", None),
        ("broken-link", Some(Severity::Note)),
        ("image-alt", Some(Severity::Warning)),
        ("url-collision", None),
    ]);
    let severities = |strict| {
        let mut findings = vec![
            finding(&links::ORPHAN_PAGE),
            finding(&links::BROKEN_LINK),
            finding(&markdown::IMAGE_ALT),
            finding(&files::URL_COLLISION),
        ];
        weigh(&mut findings, &config, strict);
        findings.into_iter().map(|f| (f.rule.code, f.severity.word())).collect::<Vec<_>>()
    };
    let lenient = [("broken-link", "note"), ("image-alt", "warning"), ("url-collision", "error")];
    assert_eq!(severities(false), lenient);
    let strict = [("broken-link", "note"), ("image-alt", "error"), ("url-collision", "error")];
    assert_eq!(severities(true), strict);
}

#[test]
fn counts_are_worded_for_people() {
    assert_eq!(Counts::of(&[]).to_string(), "no findings");
    assert_eq!(Counts { errors: 1, warnings: 0, notes: 2 }.to_string(), "1 error, 2 notes");
}
