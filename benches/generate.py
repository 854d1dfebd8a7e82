#!/usr/bin/env python3
"""Writes the same pages for Docent, Hugo and mdBook: generate.py OUT [--pages 5000] [--vocabulary 20000] [--seed 1] [--only docent]

The text is made up, the same for the same seed on every machine: words of a Zipf vocabulary,
headings, links between pages, tables, and code in five languages, in the proportions of 14,600
pages of real handbooks (4 to 5 KB and three blocks a page, nearly all blocks different).
"""

import argparse
import bisect
import itertools
import pathlib


class Random:
    """Marsaglia's xorshift, so that no version of Python changes the pages."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 1) & 0xFFFFFFFFFFFFFFFF

    def below(self, bound):
        self.state ^= (self.state << 13) & 0xFFFFFFFFFFFFFFFF
        self.state ^= self.state >> 7
        self.state ^= (self.state << 17) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 11) % bound

    def one(self, values):
        return values[self.below(len(values))]


SYLLABLES = [a + b for a in "b c d f g k l m n p r s t v st tr pl".split() for b in "a e i o u an er in or us".split()]
AREAS = "postgres redis kubernetes queue network storage certificates backups logging search mail billing".split()
TAGS = "urgent database cluster disk latency security customer deploy capacity on-call".split()


class Words:
    """A vocabulary whose words are used as often as words are: the second half as often, and so on."""

    def __init__(self, random, size=20_000):
        words = dict.fromkeys("the of to a in is and that for on it with as this be are by".split())
        while len(words) < size:
            words["".join(random.one(SYLLABLES) for _ in range(2 + random.below(3)))] = None
        self.words = list(words)
        weights = [1_000_000 // (rank + 2) + 1 for rank in range(size)]
        self.sums = list(itertools.accumulate(weights))
        self.random = random

    def one(self):
        return self.words[bisect.bisect_right(self.sums, self.random.below(self.sums[-1]))]

    def rare(self):
        return self.words[200 + self.random.below(len(self.words) - 200)]

    def some(self, count):
        return " ".join(self.one() for _ in range(count))

    def sentence(self):
        text = self.some(6 + self.random.below(14))
        return text[0].upper() + text[1:] + "."

    def name(self):
        return "".join(self.rare().capitalize() for _ in range(2 + self.random.below(2)))


def bash(w, r):
    return [f"kubectl -n {w.rare()} get pods -l app={w.rare()} -o wide | grep -v Running", f'export {w.rare().upper()}="$({w.rare()} --{w.rare()} {r.below(9999)})"',
            f"for host in {w.rare()}-0{r.below(9)} {w.rare()}-0{r.below(9)}; do", f'  ssh "$host" sudo systemctl restart {w.rare()}.service  # {w.some(4)}', "done",
            f"curl -fsS https://{w.rare()}.example/api/v1/{w.rare()} | jq '.{w.rare()}[] | select(.{w.rare()} > {r.below(99)})'"]


def yaml(w, r):
    return ["groups:", f"  - name: {w.rare()}", "    rules:", f"      - alert: {w.name()}", f"        expr: sum by ({w.rare()}) (rate({w.rare()}_{w.rare()}_total[5m])) > {r.below(90)}",
            f"        for: {1 + r.below(59)}m", "        labels:", f"          severity: s{1 + r.below(4)}", "        annotations:", f'          summary: "{w.some(5)} on {{{{ $labels.{w.rare()} }}}}"']


def sql(w, r):
    a, b = w.rare(), w.rare()
    return [f"SELECT {a}.id, count(*) AS {w.rare()}", f"FROM {w.rare()} AS {a}", f"JOIN {w.rare()} AS {b} ON {b}.{a}_id = {a}.id",
            f"WHERE {a}.{w.rare()} > now() - interval '{r.below(60)} minutes' -- {w.some(3)}", f"  AND {b}.state IN ('{w.rare()}', '{w.rare()}')", "GROUP BY 1", f"HAVING count(*) > {r.below(1000)};"]


def json(w, r):
    return ["{", f'  "{w.rare()}": "{w.some(3)}",', f'  "{w.rare()}": [{r.below(99)}, {r.below(99)}, null, true],', f'  "{w.rare()}": {{ "{w.rare()}": "{w.name()}", "{w.rare()}": {r.below(9)}.{r.below(99)} }}', "}"]


def python(w, r):
    a, b = w.rare(), w.rare()
    return [f"def {a}_{b}({w.rare()}, limit={r.below(500)}):", f'    """{w.sentence()}"""', f"    {b} = [item for item in {w.rare()}.{w.rare()}() if item.{a} >= {r.below(50)}]",
            f"    if not {b}:", f'        raise {w.name()}Error(f"{w.some(3)}: {{limit}}")', f"    return sorted({b}, key=lambda item: item.{w.rare()})[:limit]  # {w.some(3)}"]


LANGUAGES = [("bash", bash), ("bash", bash), ("yaml", yaml), ("sql", sql), ("json", json), ("python", python)]


class Site:
    """What pages there are, before what they say."""

    def __init__(self, count, vocabulary, seed):
        self.random = Random(seed)
        self.words = Words(self.random, vocabulary)
        self.pages = []
        for number in range(count):
            area = AREAS[number % len(AREAS)]
            title = f"{self.words.rare()} {self.words.one()} {self.words.rare()}".capitalize()
            self.pages.append((area, f"{title.lower().replace(' ', '-')}-{number}", title))

    def body(self, link):
        """The Markdown of one page; `link` turns a page into a destination."""
        r, w = self.random, self.words
        out = []
        for _ in range(4 + r.below(3)):
            out.append(f"## {w.rare().capitalize()} {w.some(1 + r.below(3))}\n")
            for _ in range(1 + r.below(3)):
                sentences = [w.sentence() for _ in range(2 + r.below(3))]
                target = r.one(self.pages)
                sentences.insert(1, f"See [{w.some(2)}]({link(target)}) and `{w.rare()}_{w.rare()}`, **{w.one()}** or *{w.one()}*.")
                out.append(" ".join(sentences) + "\n")
            if r.below(10) < 6:
                language, make = r.one(LANGUAGES)
                out.append(f"```{language}\n" + "\n".join(make(w, r)) + "\n```\n")
            if r.below(10) == 0:
                rows = [f"| {w.one()} | {w.some(3)} | {r.below(1000)} |" for _ in range(3 + r.below(6))]
                out.append("| Name | Meaning | Value |\n|---|---|---:|\n" + "\n".join(rows) + "\n")
            if r.below(4) == 0:
                out.append("\n".join(f"- {w.sentence()}" for _ in range(2 + r.below(5))) + "\n")
        return "\n".join(out)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def front(title, tags):
    return f'---\ntitle: "{title}"\ntags: [{", ".join(tags)}]\n---\n\n'


def generate(out, site, only):
    # Link texts differ by tool only in the destination, so the text is made once with marks.
    summary = ["# Summary\n", "[Start](README.md)\n"]
    for area, name, title in site.pages:
        tags = sorted({site.random.one(TAGS) for _ in range(2)})
        body = site.body(lambda page: f"\0{page[0]}/{page[1]}\1")
        sources = body.replace("\0", "../").replace("\1", ".md")
        write(out / "docent/content" / area / f"{name}.md", front(title, tags) + sources)
        if only == "docent":
            continue
        write(out / "mdbook/src" / area / f"{name}.md", f"# {title}\n\n{sources}")
        write(out / "hugo/content" / area / f"{name}.md", front(title, tags) + body.replace("\0", "/").replace("\1", "/"))
        summary.append(f"- [{title}]({area}/{name}.md)")
    write(out / "docent/docent.yaml", "title: Benchmark\nbase_url: https://kb.example/\n")
    if only == "docent":
        return
    write(out / "mdbook/src/SUMMARY.md", "\n".join(summary) + "\n")
    write(out / "mdbook/src/README.md", "# Start\n")
    write(out / "mdbook/book.toml", '[book]\ntitle = "Benchmark"\nlanguage = "en"\n')
    for path, text in HUGO.items():
        write(out / "hugo" / path, text)


# What a plain knowledge base needs of Hugo: a page with its section's pages beside it, a table of
# contents and highlighted code as classes; lists; tags.
HUGO = {
    "hugo.toml": 'title = "Benchmark"\nbaseURL = "https://kb.example/"\nlanguageCode = "en"\n'
    "[markup.highlight]\nnoClasses = false\n[markup.goldmark.renderer]\nunsafe = false\n",
    "layouts/_default/baseof.html": '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }} – {{ site.Title }}</title>'
    '<link rel="stylesheet" href="/style.css"></head>\n<body><nav>{{ range site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</nav>\n'
    "<main data-pagefind-body>{{ block \"main\" . }}{{ end }}</main></body></html>\n",
    "layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}'
    '<p>{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a> {{ end }}</p>'
    '<p>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }} {{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>{{ end }}\n',
    "layouts/_default/list.html": '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}\n',
    "static/style.css": "body { font-family: sans-serif }\n",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--vocabulary", type=int, default=20_000, help="words; a text of n words has some 40 times the root of n different ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["docent"])
    options = parser.parse_args()
    generate(options.out, Site(options.pages, options.vocabulary, options.seed), options.only)


if __name__ == "__main__":
    main()
