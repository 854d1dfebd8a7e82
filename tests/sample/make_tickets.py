#!/usr/bin/env python3
"""Makes the ticket export of the sample organisation: two years of a help desk, always the same.

    python3 tests/sample/make_tickets.py > content/data/tickets.ndjson.gz

Planted in it, for `docent freshness` to find (and for the tests to look for):
- a surge of `db_failover` in the last eight weeks;
- `queue_backlog`, busy and healthy: six a week, all the time;
- an incident: 41 tickets of one problem tagged `redis_memory` on one day, which are one event;
- `http_5xx` answers that come back: reopened and badly rated since the summer;
- one agent who flags the runbook on SAML (`kb_flag` and a link to it);
- administrative tags: channel and plan on most tickets, one tag that both companies of a customer always have;
- `webhook_retries`, new since August, which no page answers;
- `ntp_offset`, which nobody used since February;
- growth of a fifth a year, quiet weeks around New Year, a few tickets exported twice, spam and merges.
"""

import datetime
import gzip
import json
import math
import sys

FIRST = datetime.date(2024, 11, 25)  # a Monday
WEEKS = 104
# tag, tickets a week at the end of the two years
RATES = [
    ("queue_backlog", 6.0),
    ("password_reset", 3.0),
    ("disk_full", 2.0),
    ("http_5xx", 2.0),
    ("saml_login", 1.5),
    ("pod_crash", 1.4),
    ("tls_certificate", 1.0),
    ("node_not_ready", 1.0),
    ("pgbouncer_pool", 1.0),
    ("out_of_memory", 1.0),
    ("redis_memory", 0.8),
    ("pg_replication", 0.8),
    ("dns_resolution", 0.7),
    ("pg_disk", 0.6),
    ("db_failover", 0.5),
]
ORGANISATIONS = 40


class Random:
    """A generator of our own (splitmix64), so that no version of Python changes the export."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
        return z ^ (z >> 31)

    def below(self, bound):
        return self.bits() % bound

    def chance(self, thousandths):
        return self.below(1000) < thousandths

    def poisson(self, mean):
        limit, product, count = math.exp(-mean), 1.0, 0
        while True:
            product *= (self.bits() >> 11) / 2**53
            if product <= limit:
                return count
            count += 1


def main():
    random = Random(20261122)
    tickets = []

    def add(day, tag, requester=None, **more):
        minute = 7 * 60 + random.below(12 * 60)
        created = datetime.datetime.combine(day, datetime.time(minute // 60, minute % 60, random.below(60)))
        requester = requester or 1000 + random.below(900)
        organisation = 1 + requester % ORGANISATIONS
        tags = [tag, ["via_mail", "via_web", "via_chat"][random.below(3)]]
        tags.append("plan_premium" if organisation % 3 == 0 else "plan_basic")
        if organisation in (7, 8):
            tags.append("halden_freight")
        if tag == "db_failover" and random.chance(400):
            tags.append("patroni")
        if tag == "webhook_retries" and random.chance(500):
            tags.append("api")
        late = more.pop("late", False)
        hours = 2 + random.below(70)
        ticket = {
            "created": created,
            "solved": created + datetime.timedelta(hours=hours),
            "tags": sorted(tags),
            "requester_id": requester,
            "organization_id": organisation,
            "reopens": 1 if random.chance(500 if late else 40) else 0,
            "score": "bad" if random.chance(250 if late else 15) else "good" if random.chance(300) else "unoffered",
            "status": "closed",
        }
        ticket.update(more)
        tickets.append(ticket)

    for week in range(WEEKS):
        monday = FIRST + datetime.timedelta(weeks=week)
        volume = 1.2 ** ((week - WEEKS) / 52)
        if monday.month == 12 and monday.day > 18 or monday.month == 1 and monday.day < 4:
            volume *= 0.4
        for tag, rate in RATES:
            late = tag == "http_5xx" and monday >= datetime.date(2026, 9, 7)
            for _ in range(random.poisson(rate * volume)):
                add(monday + datetime.timedelta(days=random.below(5)), tag, late=late)
        if monday < datetime.date(2026, 2, 9):
            for _ in range(random.poisson(0.5)):
                add(monday + datetime.timedelta(days=random.below(5)), "ntp_offset")
        if monday >= datetime.date(2026, 8, 10):
            for _ in range(1 + random.poisson(1.2)):
                add(monday + datetime.timedelta(days=random.below(5)), "webhook_retries")
        if monday >= datetime.date(2026, 10, 5):
            for _ in range(2 + random.below(2)):
                add(monday + datetime.timedelta(days=random.below(5)), "db_failover")
    incident = datetime.date(2026, 10, 14)
    add(incident, "redis_memory", type="problem", key="incident")
    for _ in range(40):
        add(incident, "redis_memory", type="incident", problem="incident")
    add(
        datetime.date(2026, 11, 4),
        "saml_login",
        flag="https://kb.fernhill.example/runbooks/accounts/saml-login-loop/",
    )
    for week in range(0, WEEKS, 5):
        add(FIRST + datetime.timedelta(weeks=week, days=2), "queue_backlog", merged=True)
    for week in range(0, WEEKS, 9):
        add(FIRST + datetime.timedelta(weeks=week, days=3), "password_reset", status="deleted")

    tickets.sort(key=lambda ticket: (ticket["created"], ticket["requester_id"], ticket["tags"]))
    problem = next(4001 + at for at, ticket in enumerate(tickets) if ticket.get("key"))
    with gzip.GzipFile(fileobj=sys.stdout.buffer, mode="wb", mtime=0, filename="") as out:
        for at, ticket in enumerate(tickets):
            record = zendesk(4001 + at, ticket, problem)
            if at % 400 == 17:
                # The export was taken in parts that overlap: an older copy of the same ticket.
                older = dict(record, status="open", updated_at=record["created_at"])
                older["metric_set"] = {"solved_at": None, "reopens": 0}
                out.write(line(older))
            out.write(line(record))


def zendesk(number, ticket, problem):
    stamp = lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ")
    tags = ticket["tags"] + (["closed_by_merge"] if ticket.get("merged") else [])
    record = {
        "id": number,
        "created_at": stamp(ticket["created"]),
        "updated_at": stamp(ticket["solved"]),
        "status": ticket["status"],
        "tags": tags + (["kb_flag"] if ticket.get("flag") else []),
        "requester_id": ticket["requester_id"],
        "organization_id": ticket["organization_id"],
        "satisfaction_rating": {"score": ticket["score"]},
        "metric_set": {"solved_at": stamp(ticket["solved"]), "reopens": ticket["reopens"]},
    }
    if ticket.get("type"):
        record["type"] = ticket["type"]
    if ticket.get("problem"):
        record["problem_id"] = problem
    if ticket.get("flag"):
        record["linked_articles"] = [ticket["flag"]]
    return record


def line(record):
    return (json.dumps(record, separators=(",", ":")) + "\n").encode()


if __name__ == "__main__":
    main()
