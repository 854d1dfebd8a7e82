#!/usr/bin/env python3
"""How fast, and in how much memory, a large ticket export is read.

    python3 benches/tickets.py [--docent target/release/docent] [--megabytes 2048] [--form json|ndjson|csv]

Makes a knowledge base of one page in a temporary folder, streams an export of the size asked for into it
(Zendesk's shape, 6 million tickets in 2 GB), and runs `docent tickets stats` on it. Prints megabytes a
second and the peak of resident memory. Then the export is cut off in the middle of a record, which must end
with exit status 3. Ends with status 1 if a limit is missed: more than 50 MB/s of a core, less than 512 MB.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOPICS = [f"{area}_{what}" for area in ("db", "disk", "queue", "mail", "login", "tls", "dns", "import")
          for what in ("failover", "slow", "full", "timeout", "expired", "lost", "quota", "upgrade")]
STATUS = ["open", "pending", "solved", "closed", "closed", "closed", "deleted"]


def tickets(seed):
    rng = random.Random(seed)
    second = 1_600_000_000
    number = 0
    while True:
        number += 1
        second += rng.randrange(60)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second + rng.randrange(900_000)))
        tags = rng.sample(TOPICS, rng.randrange(1, 4)) + [f"plan_{rng.randrange(4)}", f"org_{rng.randrange(5000)}"]
        yield number, at, later, rng.choice(STATUS), tags, rng.randrange(400_000), rng.randrange(5000)


def as_json(row):
    number, at, later, status, tags, requester, organisation = row
    problem = number // 20 * 20 if number % 20 == 1 else "null"
    listed = '","'.join(tags)
    return (f'{{"url":"https://fernhill.zendesk.com/api/v2/tickets/{number}.json","id":{number},'
            f'"created_at":"{at}","updated_at":"{later}","type":"incident","subject":"It \\"fails\\" again",'
            f'"status":"{status}","requester_id":{requester},"organization_id":{organisation},'
            f'"problem_id":{problem},"tags":["{listed}"]}}')


def as_csv(row):
    number, at, later, status, tags, requester, organisation = row
    return (f'{number},{requester},"It ""fails"" again",{" ".join(tags)},{status},Normal,Email,'
            f'{at[:10]} {at[11:19]},{later[:10]} {later[11:19]},{organisation},Good,0')


FORMS = {
    "json": ("tickets.json", '{"tickets":[\n', as_json, ",\n", "\n]}\n"),
    "ndjson": ("tickets.ndjson", "", as_json, "\n", "\n"),
    "csv": ("tickets.csv",
            "Id,Requester id,Subject,Tags,Status,Priority,Via,Created at,Updated at,Organization id,"
            "Satisfaction Score,Reopens\n", as_csv, "\n", "\n"),
}


def write_export(path, form, size):
    _, head, text_of, between, tail = FORMS[form]
    source = tickets(7)
    written = count = 0
    with open(path, "w", buffering=1 << 20) as out:
        written += out.write(head)
        while written < size:
            rows = [text_of(next(source)) for _ in range(10_000)]
            count += len(rows)
            written += out.write((between if count > len(rows) else "") + between.join(rows))
        written += out.write(tail)
    return written, count


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--docent", default="target/release/docent")
    arguments.add_argument("--megabytes", type=int, default=2048)
    arguments.add_argument("--form", choices=sorted(FORMS), default="json")
    options = arguments.parse_args()
    docent = os.path.abspath(options.docent)
    with tempfile.TemporaryDirectory() as folder:
        name = FORMS[options.form][0]
        Path(folder, "content").mkdir()
        Path(folder, "data").mkdir()
        Path(folder, "content", "index.md").write_text("# Home\n\nText.\n")
        Path(folder, "docent.yaml").write_text(f"tickets: [{{ source: zendesk, path: data/{name} }}]\n")
        size, count = write_export(Path(folder, "data", name), options.form, options.megabytes << 20)
        print(f"{size / 1e6:.0f} MB of {options.form}, {count} tickets")
        start = time.monotonic()
        run = subprocess.run([docent, "tickets", "stats", folder], stdout=subprocess.PIPE, text=True)
        seconds = time.monotonic() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode:
            sys.exit(f"docent ended with {run.returncode}")
        print("\n".join(run.stdout.splitlines()[:6]))
        core = used.ru_utime + used.ru_stime
        speed, peak = size / 1e6 / core, used.ru_maxrss / 1024
        print(f"{seconds:.1f} s, {size / 1e6 / seconds:.0f} MB/s, {speed:.0f} MB/s of a core, peak {peak:.0f} MB")
        os.truncate(Path(folder, "data", name), size - 100)
        cut = subprocess.run([docent, "tickets", "stats", folder], capture_output=True, text=True)
        print(f"cut off: exit status {cut.returncode}: {cut.stderr.strip().splitlines()[0]}")
        if speed <= 50 or peak >= 512 or cut.returncode != 3:
            sys.exit("a limit is missed")


if __name__ == "__main__":
    main()
