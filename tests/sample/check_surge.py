#!/usr/bin/env python3
"""Counts the sample's tickets once more, from the definition of the surge test and not from the program.

    python3 tests/sample/check_surge.py < tests/sample/freshness.json

Reads the report of `docent freshness --format json` and the committed export, and compares events, rate ratio
and chance of every page that has ticket tags. Prints one line for each page; status 1 if any differs.
"""

import datetime
import gzip
import json
import math
import pathlib
import re
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADMINISTRATIVE = re.compile(r"via_|plan_|kb_flag$|halden_freight$")
DAY = datetime.timedelta(days=1)


def read():
    newest = {}
    with gzip.open(ROOT / "content/data/tickets.ndjson.gz", "rt") as lines:
        for record in map(json.loads, lines):
            known = newest.get(record["id"])
            if known is None or record["updated_at"] > known["updated_at"]:
                newest[record["id"]] = record
    tickets = sorted(newest.values(), key=lambda ticket: (ticket["created_at"], ticket["id"]))
    as_of = datetime.date.fromisoformat(tickets[-1]["created_at"][:10])
    return [t for t in tickets if t["status"] != "deleted" and "closed_by_merge" not in t["tags"]], as_of


def events(tickets, as_of):
    """(day, topical tags that are new) of the 238 days up to `as_of`."""
    first = as_of - 237 * DAY
    problems = {ticket["problem_id"] for ticket in tickets if "problem_id" in ticket}
    last, found = {}, []
    for ticket in tickets:
        time = datetime.datetime.fromisoformat(ticket["created_at"].rstrip("Z"))
        if time.date() < first - DAY:
            continue
        problem = ticket.get("problem_id", ticket["id"] if ticket["id"] in problems else None)
        new = []
        for tag in ticket["tags"]:
            if ADMINISTRATIVE.match(tag):
                continue
            key = ("problem", problem, tag) if problem else ("requester", ticket["requester_id"], tag)
            if key not in last or (not problem and time - last[key] >= DAY):
                last[key] = time
                new.append(tag)
        if new and time.date() >= first:
            found.append((time.date(), set(new)))
    return found


def chance(recent, baseline, share, dispersion):
    """The regularised incomplete beta function: exact sums of the binomial distribution, else Simpson's rule."""
    if recent == 0:
        return 1.0
    if dispersion == 1.0:
        n = recent + baseline
        return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(recent, n + 1))
    a, b = recent / dispersion, baseline / dispersion + 1
    density = lambda t: t ** (a - 1) * (1 - t) ** (b - 1)
    steps = 20000

    def integral(end):
        h = end / steps
        inner = sum((4 if k % 2 else 2) * density(k * h) for k in range(1, steps))
        return (density(0) + inner + density(end)) * h / 3

    return integral(share) / integral(1.0)


def main():
    pages = {page["path"]: page["tickets"] for page in json.load(sys.stdin)["articles"]}
    tickets, as_of = read()
    all_events = events(tickets, as_of)
    counted = {}
    for path in sorted(pages):
        text = (ROOT / path).read_text().split("\n---\n")[0]
        tags = re.search(r"^ticket_tags: \[(.*)\]$", text, re.M)
        if not tags:
            continue
        tags = set(tags[1].split(", "))
        reviewed = re.search(r"^reviewed: (.*)$", text, re.M)
        start = as_of - 55 * DAY
        try:
            start = max(start, datetime.date.fromisoformat(reviewed[1]) + DAY)
        except ValueError:
            pass
        own, every = [0] * 27, [0] * 27
        for day, new in all_events:
            week = 26 if day >= start else 25 - (start - day - DAY).days // 7
            if week >= 0:
                every[week] += 1
                own[week] += bool(new & tags)
        if (as_of - start).days + 1 >= 14:
            baseline, volume = sum(own[:26]), sum(every[:26])
            expected = [baseline * count / volume for count in every[:26]]
            squares = sum((x - e) ** 2 / e for x, e in zip(own, expected) if e)
            raw = squares / (sum(1 for count in every[:26] if count) - 1) if baseline else 1.0
            counted[path] = (own[26], baseline, every[26], volume, raw)
    pool = [raw for _, baseline, _, _, raw in counted.values() if baseline >= 13]
    pool = statistics.median(pool) if pool else 1.0
    wrong = 0
    for path, (recent, baseline, all_recent, all_baseline, raw) in counted.items():
        dispersion = max(1.0, (raw * baseline + pool * 30) / (baseline + 30))
        p = chance(recent, baseline, all_recent / (all_recent + all_baseline), dispersion)
        ratio = (recent / all_recent) / ((baseline + 0.5) / all_baseline)
        said = pages[path]
        # The report holds four digits.
        agrees = (said["recent"], said["baseline"]) == (recent, baseline)
        agrees = agrees and math.isclose(said["p"], p, rel_tol=6e-4) and math.isclose(said["rate_ratio"], ratio, rel_tol=6e-4)
        wrong += not agrees
        print(f"{'agrees ' if agrees else 'DIFFERS'} {path}: {recent} against {baseline}, {dispersion=:.4f} {p=:.4g} {ratio=:.4g}")
    sys.exit(1 if wrong or len(counted) < 10 else 0)


if __name__ == "__main__":
    main()
