#!/usr/bin/env python3
"""Time `docent check` and `docent build` on pages made to be slow.

Each pattern is repeated to n, 2n and 4n bytes. Growth that is about linear shows as a ratio near 2
between neighbours; what is far above it is a fault. Times are those of the processors, so that other
work on the machine counts little.

    benches/hostile.py target/release/docent [--bytes 50000] [--only NAME] [--build]
"""

import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile


def nest(opening, closing=""):
    """Openings, then as many closings."""

    def make(size):
        count = size // (len(opening) + len(closing))
        return opening * count + "x" + closing * count

    return make


def lists(size):
    """Lists in lists, as deep as the size allows."""
    out, depth, length = [], 0, 0
    while length < size:
        line = " " * (2 * depth) + "- a\n"
        out.append(line)
        length += len(line)
        depth += 1
    return "".join(out)


PATTERNS = {
    "link-open": "[a](",
    "link-empty-open": "[](",
    "link-title-open": "[ (](",
    "image": "![](a)",
    "image-alt": "![x](a.png) ",
    "wiki": "[[a|b]]",
    "wiki-open": "[[",
    "link": "[a](b.md) ",
    "link-self": "[a](index.md) ",
    "link-space": "[a](b c.md) ",
    "link-lines": "[a](b.md)\n",
    "brackets-open": "[",
    "brackets-close": "]",
    "brackets": "[a]",
    "label": "[a][b] ",
    "a-href": "<a href>",
    "a-href-value": '<a href="b.md">',
    "svg": "<svg>",
    "div": "<div>",
    "div-closed": nest("<div>", "</div>"),
    "div-lines": "<div>\n\n",
    "b-title": lambda size: "".join(f"<b title={n}>" for n in range(size // 14)),
    "details": "<details>",
    "table-html": "<table>",
    "p": "<p>",
    "li": "<li>",
    "span": "<span>",
    "placeholder": "<x>",
    "close-tags": "</b>",
    "less": "<",
    "less-letter": "<a ",
    "star-under": "*a _",
    "stars": "*",
    "star-words": "*a **b ",
    "strike": "~~a ",
    "ticks": lambda size: "".join("`" * n + " " for n in range(1, int((2 * size) ** 0.5))),
    "tick": "` a ",
    "comment": "<!--",
    "comment-closed": "<!-- a -->",
    "cdata": "<![CDATA[",
    "pi": "<?",
    "declaration": "<!A",
    "amp": "&",
    "amp-word": "&amp",
    "pipe": "|",
    "table": lambda size: "|a|b|\n|-|-|\n" + "|1|2|\n" * (size // 6),
    "table-wide": lambda size: "|a" * (size // 5) + "|\n" + "|-" * (size // 5) + "|\n|b|\n",
    "quote": "> ",
    "quotes": lambda size: "\n".join("> " * (1 + n % 60) + "a" for n in range(size // 60)),
    "list-nest": lists,
    "list": "- a\n",
    "list-loose": "- a\n\n",
    "footnote": "[^1]",
    "footnotes": lambda size: "".join(f"[^{n}]\n\n[^{n}]: x\n\n" for n in range(size // 20)),
    "footnote-defs": lambda size: "".join(f"[^{n}]: x\n" for n in range(size // 10)),
    "definitions": lambda size: "".join(f"[a{n}]: b\n" for n in range(size // 11)),
    "headings": "# a\n",
    "headings-2": lambda size: "".join(f"## a {n}\n\n" for n in range(size // 10)),
    "setext": "a\n-\n",
    "rules": "---\n\n",
    "dollars": "$a ",
    "dollar-pairs": "$a$ ",
    "double-dollars": "$$",
    "erb": "<%",
    "liquid": "{{",
    "tags": "{{ a }} ",
    "kramdown": "{:",
    "kramdown-list": "{: .a}\n",
    "comment-mark": "{::comment}",
    "task": "- [x]a\n",
    "nbsp-code": lambda size: "```sh\n" + "a\u00a0b\n" * (size // 5) + "```\n",
    "nbsp-line": lambda size: "```sh\n" + "a\u00a0" * (size // 3) + "\n```\n",
    "addresses": "http://a.b ",
    "addresses-long": "http://",
    "www": "www.",
    "mail": "a@b.c ",
    "ats": "@",
    "colons": ":",
    "emoji": ":tada:",
    "fences": "```\na\n```\n",
    "fences-unclosed": "> ```\n\n",
    "info": "```shel\n```\n",
    "escapes": "\\",
    "words": "a ",
    "letters": "a",
    "lines": "a\n",
    "controls": "\u0001",
    "nul": "\u0000",
    "bidi": "\u202e",
    "cr": "\r",
    "paren": "](",
    "nested-link": "[[b](c)](d) ",
    "unbalanced": "[a]((/b) ",
    "anchor": lambda size: "".join(f"<a id=x{n}></a>" for n in range(size // 18)),
    "same-id": '<a id="x"></a>',
    "same-id-heading": "# a {#x}\n",
    "fragment": "[a](#b) ",
}


def page(pattern, size):
    text = pattern(size) if callable(pattern) else pattern * (size // len(pattern.encode()))
    return text + "\n"


def seconds(binary, folder, command):
    extra = ["--out", str(folder / "site"), "--cache", str(folder / "cache")] if command == "build" else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([binary, command, *extra, str(folder / "kb")], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, run.returncode


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("--bytes", type=int, default=50_000)
    arguments.add_argument("--only")
    arguments.add_argument("--build", action="store_true")
    given = arguments.parse_args()
    binary = str(pathlib.Path(given.binary).resolve())
    command = "build" if given.build else "check"
    slow = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        base = folder / "kb"
        base.mkdir()
        (base / "docent.yaml").write_text("max_page_bytes: 100000000\n")
        (base / "b.md").write_text("# B\n\ntext\n")
        (base / "index.md").write_text("# A\n")
        idle = min(seconds(binary, folder, command)[0] for _ in range(3))
        print(f"{'idle':18} {idle * 1000:8.0f} ms")
        print(f"{'pattern':18} {'n':>8} {'2n':>8} {'4n':>8}   ms beyond idle, n = {given.bytes} bytes")
        for name, pattern in PATTERNS.items():
            if given.only and given.only not in name:
                continue
            times, status = [], 0
            for factor in (1, 2, 4):
                (base / "index.md").write_bytes(page(pattern, given.bytes * factor).encode())
                took, status = seconds(binary, folder, command)
                times.append(max(0.0, (took - idle) * 1000))
            is_slow = times[0] > 100 or (times[2] > 3 * times[1] and times[2] > 100)
            mark = "  SLOW" if is_slow else ""
            slow += [name] if is_slow else []
            if status not in (0, 1):
                mark += f"  status {status}"
            print(f"{name:18} " + " ".join(f"{t:8.0f}" for t in times) + mark, flush=True)
    print(f"{len(slow)} slow: {' '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
