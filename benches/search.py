#!/usr/bin/env python3
"""Compares the search of Docent with Pagefind, MiniSearch, lunr and elasticlunr, and measures how it grows.

    search.py compare KB... --docent BIN [--work DIR]
    search.py sizes KB... --docent BIN [--work DIR]

`compare` asks each tool what the links of a knowledge base call their targets (the half that no weight was
chosen on; Docent searches as if no link had these texts, the others have never looked at links) and titles
with one letter mistyped. All search the same texts. `sizes` measures Docent alone, with titles as queries;
generate.py makes large knowledge bases (`--only docent`). Needs Node and npm; the other tools are installed below the folder to work in.

Bytes are those on the wire until the titles of ten pages are known, with nothing cached: what the index loads
and, compressed with gzip, the scripts. Of Pagefind its interface is left out, of MiniSearch, lunr and
elasticlunr too; of Docent it is counted. Fields have the same weights in all tools that know weights.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent / "search"
PEERS = ["pagefind", "minisearch", "lunr", "elasticlunr"]


def run(command, allowed=(0,)):
    """Output, errors, seconds and megabytes of a process."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
        if process.returncode not in allowed:
            sys.exit(f"{command} ended with {process.returncode}:\n{texts[1]}")
    return *texts, seconds, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, options, knowledge_base):
        self.docent = options.docent
        self.source = knowledge_base.resolve()
        self.work = options.work / str(self.source).strip("/").replace("/", "-")
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.tools = options.work / "tools"
        self.site = self.work / "site"

    def install(self):
        shutil.copytree(HERE, self.tools, dirs_exist_ok=True)
        run(["npm", "ci", "--prefix", self.tools, "--no-audit", "--no-fund", "--ignore-scripts"])

    def build(self):
        """Seconds of the search step, and the megabytes of the whole build."""
        # A corpus may have findings; the site is built nevertheless.
        _, log, _, megabytes = run([self.docent, "build", self.source, "--out", self.site, "--cache", self.work / "cache", "--timings"], (0, 1))
        return float(re.search(r"indexing +([0-9.]+) s", log)[1]), megabytes

    def questions(self, *which):
        out, _, _, _ = run([self.docent, "eval", "-C", self.source, "--cache", self.work / "cache", "--format", "json", *which])
        return json.loads(out)

    def measure(self, tool, sets):
        job = self.work / "job.json"
        # Docent's scripts are read from the site that it built.
        job.write_text(json.dumps({"site": str(self.site), "work": str(self.work), "packages": str(self.tools), "titles": 150, "sets": sets}))
        script = (self.tools if self.tools.is_dir() else HERE) / "measure.mjs"
        out, _, _, megabytes = run(["node", "--max-old-space-size=8000", script, tool, job])
        return json.loads(out), megabytes


def kilobytes(size):
    return f"{size / 1000:,.1f}"


def compare(options, knowledge_base):
    bench = Bench(options, knowledge_base)
    bench.install()
    seconds, megabytes = bench.build()
    asked = {"items": bench.questions("--known-items", "--half", "held-out", "--unseen"), "typos": bench.questions("--typos")}
    sets = {name: found["queries"] for name, found in asked.items()}
    pages, _ = bench.measure("pages", sets)
    print(f"\n{knowledge_base.name}: {pages['pages']} pages, {kilobytes(pages['text'])} kB of text, "
          f"{len(sets['items'])} known items, {len(sets['typos'])} titles with a slip\n")
    head = ["", "MRR@10", "first %", "top 10 %", "typos top 10 %", "index kB", "% of text", "cold kB", "p95", "slip: cold kB", "p95", "build s", "peak MB"]
    print(" | ".join(head))
    print("|".join("---" for _ in head))
    for tool in ["docent", *PEERS]:
        if tool == "pagefind":
            program = next((bench.tools / "node_modules/@pagefind").glob("*/bin/pagefind_extended"))
            _, _, seconds, megabytes = run([program, "--site", bench.work / "html"])
        found, peak = bench.measure(tool, sets)
        measures = found["measures"]
        if tool == "docent":
            # As if no link had these texts; the site that was built has them.
            measures = {name: {key: asked[name][key] for key in ("mrr", "success_1", "success_10")} for name in asked}
        elif tool != "pagefind":
            seconds, megabytes = found["seconds"], peak
        items, typos = measures["items"], measures["typos"]
        row = [tool, f"{items['mrr']:.3f}", f"{items['success_1'] * 100:.1f}", f"{items['success_10'] * 100:.1f}", f"{typos['success_10'] * 100:.1f}",
               kilobytes(found["size"]), f"{found['size'] / pages['text'] * 100:.1f}", *(kilobytes(found["cold"][name]["bytes"][key]) for name in ("items", "typos") for key in ("mean", "p95")), f"{seconds:.2f}", f"{megabytes:.0f}"]
        print(" | ".join(row), flush=True)


def sample(values, count):
    return values[:: max(1, len(values) // count)][:count]


def sizes(options, knowledge_base):
    bench = Bench(options, knowledge_base)
    seconds, megabytes = bench.build()
    pages, _ = bench.measure("text", {})
    sets = pages["sets"]
    found, _ = bench.measure("docent", sets)
    native = []
    for asked in sample(sets["items"], options.native):
        out, _, _, _ = run([bench.docent, "search", "-C", bench.source, "--cache", bench.work / "cache", "--format", "json", "--", asked["query"]])
        native.append(json.loads(out)["took_ms"])
    share = lambda *names: f"{sum(found['tables'].get(name, 0) for name in names) / pages['text'] * 100:.1f} %"
    rows = {
        "pages": f"{pages['pages']:,}",
        "text": f"{pages['text'] / 1e6:,.1f} MB",
        "ranking index": share("root", "n", "t", "h", "d"),
        "positions": share("p", "q"),
        "all with texts for snippets": share(*found["tables"]),
        "scripts and style": kilobytes(found["engine"]) + " kB",
        "search step of the build": f"{seconds:.2f} s",
        "whole build, peak": f"{megabytes:,.0f} MB",
        "native query, median / p95": f"{statistics.median(native):.2f} / {percentile(native):.2f} ms of {len(native)}",
        "JavaScript query, loaded, p95": f"{found['milliseconds']['p95']:.1f} ms",
        "title first / with a slip among ten": f"{found['measures']['items']['success_1'] * 100:.1f} / {found['measures']['typos']['success_10'] * 100:.1f} %",
    }
    for name, cold in found["cold"].items():
        what = {"items": "first search for a title", "typos": "first search with a slip"}[name]
        rows |= {
            f"{what}, bytes, mean / p95": f"{kilobytes(cold['bytes']['mean'])} / {kilobytes(cold['bytes']['p95'])} kB",
            f"{what}, files, mean / p95": f"{cold['requests']['mean']:.1f} / {cold['requests']['p95']}",
            f"{what}, from disk, p95": f"{cold['milliseconds']['p95']:.1f} ms",
        }
    print(f"\n{knowledge_base}, load average {os.getloadavg()[0]:.1f}")
    for name, value in rows.items():
        print(f"{name:50} {value}", flush=True)


def percentile(values, share=0.95):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["compare", "sizes"])
    parser.add_argument("knowledge_bases", metavar="KB", type=pathlib.Path, nargs="+")
    parser.add_argument("--docent", required=True)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "docent-search")
    parser.add_argument("--native", type=int, default=40, help="queries asked of the program itself by `sizes`")
    options = parser.parse_args()
    for knowledge_base in options.knowledge_bases:
        {"compare": compare, "sizes": sizes}[options.what](options, knowledge_base)


if __name__ == "__main__":
    main()
