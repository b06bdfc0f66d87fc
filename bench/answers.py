"""Measure what answers cost: `python -m bench.answers [--times 100] [--rounds 15] [--seconds 1] [--write]`.

Starts the portal with its production server, one worker, on SQLite and, where DATABASE_URL names an empty
PostgreSQL, on that too, and Datasette on the same rows; asks for every kind of page and every list over one
connection that stays open; then multiplies the rows (bench/rows.py) and asks again. `make bench` does so on
both databases; `make bench ARGS="--times 1"` leaves out the larger record, `--only board` all but the
addresses with that in their name. An address gets so many rounds, and at most about so many seconds.

"First" is an address that nobody asked for before: on another day each time (`as_of`) or, where an address
takes none, with all caches emptied. "Again" is the same address repeated, plain, compressed, and "not
modified" (304). The cost of an answer is what the processor worked for it, in the server and in PostgreSQL,
the best of the rounds: that can be told on a busy machine too. Only the ratios count: of the bare view, which
does nothing behind the same middleware, and of Datasette's answers a second. What was wanted stands beside.

--write puts the table into docs/performance.md.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import count
from pathlib import Path
from typing import NamedTuple

from .addresses import (
    ADDRESSES,
    AGAIN,
    DATASETTE,
    LARGE_PAGE,
    MEMORY,
    OF_DATASETTE,
    PAGE,
    QUERIES,
)
from .asking import Connection
from .report import mark, table, write
from .serving import (
    ROOT,
    collect_static,
    databases,
    datasette,
    grow,
    megabytes,
    portal,
    processor_seconds,
)

BARE, EMPTY, FORGET = "/bench/bare/", "/bench/empty/", "/bench/forget/"
# A round of repeated questions lasts so long, in seconds.
ROUND = 0.05
AGAIN_ROUNDS = 3
# How long the client waits before an address is given up, in seconds.
GIVEN_UP = 10
# What takes longer than this, in seconds, is asked for as few times as can be.
SLOW = 1
# How often an address is tried where something disturbs it.
TRIES = 3
# Each address is asked for by a reader of its own, as no reader asks for all at once.
readers = count(2)


class Cost(NamedTuple):
    """What an answer takes: seconds, and those of the processor; the best of some rounds, each by itself."""

    wall: float
    cpu: float

    @classmethod
    def best(cls, costs):
        return cls(min(cost.wall for cost in costs), min(cost.cpu for cost in costs))


class Measured(NamedTuple):
    """The costs of an address; None where it was given up. `size` is that of the plain answer in bytes."""

    first: Cost | None = None
    again: Cost | None = None
    packed: Cost | None = None
    unchanged: Cost | None = None
    size: int = 0


def connect(server):
    number = next(readers)
    return Connection(server.port, f"127.0.{number // 250}.{number % 250 + 1}", GIVEN_UP)


def ask(connection, path, status=200, **headers):
    """Ask, and give up the whole bench where the answer is not what it should be."""
    answer = connection.ask(path, **headers)
    if answer.status != status:
        sys.exit(f"{path} answered {answer.status} instead of {status}")
    return answer


def timed(server, connection, paths, pids, **asked):
    """Return the Cost of one answer, of several paths asked for one after the other."""
    cpu, wall = processor_seconds(pids), time.perf_counter()
    for path in paths:
        ask(connection, path, **asked)
    wall, cpu = time.perf_counter() - wall, processor_seconds(pids) - cpu
    return Cost(wall / len(paths), cpu / len(paths))


def repeated(server, connection, path, **asked):
    """Return the Cost of an address asked for again and again."""
    pids = server.all()
    once = timed(server, connection, [path], pids, **asked)
    if once.wall > SLOW:
        return once
    if once.wall > ROUND:
        return Cost.best([once, timed(server, connection, [path], pids, **asked)])
    paths = [path] * round(ROUND / once.wall)
    return Cost.best([timed(server, connection, paths, pids, **asked) for _ in range(AGAIN_ROUNDS)])


def never_asked(server, connection, address, rounds, seconds):
    """Return the Cost of an address asked for the first time."""
    # What the process learns only once, such as its templates.
    ask(connection, address.path)
    pids, found, until = server.all(), [], time.perf_counter() + seconds
    for path in address.paths(date.today(), rounds) if address.is_dated else [address.path] * rounds:
        if not address.is_dated:
            ask(connection, FORGET if address.is_cold else EMPTY)
        found.append(timed(server, connection, [path], pids))
        if time.perf_counter() > until:
            break
    return Cost.best(found)


def tried(asking, server, *arguments):
    """Return what a function finds out over a new connection.

    PostgreSQL ends a process now and then, and what that worked is not known any more: then it is asked anew.
    """
    for _ in range(TRIES):
        connection = connect(server)
        try:
            return asking(server, connection, *arguments)
        except TimeoutError:
            raise
        except OSError as error:
            failed = error
        finally:
            connection.close()
    raise failed


def measure(server, address, rounds, seconds):
    """Return what an address costs; a server that is still at work on one that is given up starts anew."""
    try:
        return tried(measured, server, address, rounds, seconds)
    except TimeoutError:
        server.again()
        return Measured()


def measured(server, connection, address, rounds, seconds):
    """Return what an address costs; raise OSError where that cannot be told."""
    first = never_asked(server, connection, address, rounds, seconds)
    plain = ask(connection, address.path)
    again = repeated(server, connection, address.path)
    if again.wall > SLOW:
        return Measured(first, again, size=len(plain.body))
    packed = repeated(server, connection, address.path, Accept_Encoding="gzip")
    unchanged, etag = None, plain.header("ETag")
    if etag:
        unchanged = repeated(server, connection, address.path, status=304, If_None_Match=etag)
    return Measured(first, again, packed, unchanged, len(plain.body))


def bare(server, connection):
    """Return the Cost of the bare view."""
    if ask(connection, BARE).body == ask(connection, BARE).body:
        sys.exit("The bare view is no measure: its answer was kept.")
    return repeated(server, connection, BARE)


def plain_rows(server, table):
    """Return the Cost of Datasette's answer with the rows of a table."""
    connection = Connection(server.port)
    cost = repeated(server, connection, DATASETTE.format(table=table))
    connection.close()
    return cost


class Run:
    """What was measured of one database at one size: addresses, and the bare view before each of them."""

    def __init__(self):
        self.addresses, self.bares, self.memory = {}, [], 0

    def bare(self, name=None):
        """Return the Cost of the bare view, the median: of all, or of the five around an address.

        A machine that others use as well is not the same a minute later.
        """
        around = self.bares
        if name:
            place = list(self.addresses).index(name)
            around = around[max(0, place - 2) : place + 3]
        return Cost(*(statistics.median(values) for values in zip(*around, strict=True)))


def measure_all(folder, urls, addresses, rounds, seconds):
    """Measure the addresses on each database; return the Runs by its name, and Datasette's Costs by table."""
    runs, rows = {name: Run() for name in urls}, {}
    tables = {address.table for address in addresses if address.table}
    reference = datasette(folder / "record.sqlite3") if tables else None
    if reference:
        with reference:
            rows = {table: plain_rows(reference, table) for table in sorted(tables)}
    for name, url in urls.items():
        run = runs[name]
        # One client asks more than any reader may; that it is counted stays part of the cost.
        with portal(folder, url, workers=1, limit="999999999") as server:
            for address in addresses:
                run.bares.append(tried(bare, server))
                run.addresses[address.name] = measure(server, address, rounds, seconds)
                told(name, address, run)
            run.memory = megabytes(server.own())
    return runs, rows


def told(name, address, run):
    """Say how far the bench is."""
    first = run.addresses[address.name].first
    times = first and first.cpu / run.bare(address.name).cpu
    cost = f"{1000 * first.cpu:.1f} ms, {times:.0f} bare views" if first else "given up"
    print(f"{name}: {address.name}: {cost}", file=sys.stderr, flush=True)


def count_queries(urls, words):
    """Return how many queries each address takes, by the name of the database and the address."""
    command = [sys.executable, "-m", "bench.queries", words]
    return {
        name: json.loads(
            subprocess.run(
                command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE
            ).stdout
        )
        for name, url in urls.items()
    }


def per_second(cost):
    return f"{1 / cost.wall:,.0f}" if 1 / cost.wall >= 10 else f"{1 / cost.wall:.1f}"


def line(database, address, queries, run, rows, larger):
    """Return the cells of an address; `larger` is the Run with more rows, or None."""
    found, bare = run.addresses[address.name], run.bare(address.name)
    most = QUERIES if address.bare in (PAGE, LARGE_PAGE) else None
    cells = [address.name, database, mark(queries, most=most)]
    if not found.first:
        return [*cells, "", f"> {GIVEN_UP} s", *[""] * 8]
    cells += [f"{found.size / 1000:,.0f}", per_second(found.first), f"{1000 * found.first.cpu:.1f}"]
    cells.append(mark(found.first.cpu / bare.cpu, most=address.bare))
    plain = rows.get(address.table)
    cells.append(mark(plain.wall / found.first.wall, least=OF_DATASETTE, digits=1) if plain else "")
    cells.append(per_second(found.again))
    cells += [
        mark(bare.cpu / cost.cpu, least=AGAIN[database], digits=2) if cost else ""
        for cost in (found.again, found.packed, found.unchanged)
    ]
    if larger and (then := larger.addresses.get(address.name)):
        cells += [f"{1000 * then.first.cpu:.1f}" if then.first else f"> {GIVEN_UP} s"]
        # In bare views, so that the machine may be another one by then.
        then_bare = larger.bare(address.name)
        grown = then.first and (then.first.cpu / then_bare.cpu) / (found.first.cpu / bare.cpu)
        cells.append(mark(grown, most=address.grows, digits=1))
    return cells


HEAD = [
    *("address", "database", "queries", "KB"),
    *("first: a second", "ms", "in bare views", "times Datasette"),
    *("again: a second", "of bare", "gzip", "304"),
]


def tables(addresses, queries, runs, times, times_rows):
    """Return the tables in Markdown: what is measured against, and the addresses.

    The first of the runs is of the record as it is, a second one of so many times its rows.
    """
    small, large = runs[0], runs[1] if len(runs) > 1 else {}
    references = []
    for number, (run, rows) in enumerate(zip(runs, times_rows, strict=True)):
        size = f"{times if number else 1} ×"
        for name, each in run.items():
            cost, memory = each.bare(), mark(each.memory, most=MEMORY)
            references.append(
                [f"bare view, {name}", size, per_second(cost), f"{1000 * cost.cpu:.2f}", memory]
            )
        for name, cost in rows.items():
            references.append(
                [f"Datasette, {name}", size, per_second(cost), f"{1000 * cost.cpu:.1f}", ""],
            )
    head = HEAD + ([f"at {times} ×: ms", "times"] if large else [])
    lines = [
        line(name, address, queries[name][address.name], run, times_rows[0], large.get(name))
        for address in addresses
        for name, run in small.items()
    ]
    cells = [cell for cells in lines for cell in cells]
    reached, missed = (sum(sign in cell for cell in cells) for sign in "✓✗")
    return "\n\n".join(
        [
            f"Wanted and reached: {reached} of {reached + missed}.",
            table(
                ["measured against", "rows", "answers a second", "ms", "memory of the worker, MB"], references
            ),
            table(head, lines),
        ]
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    # So that the servers are stopped then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    addresses = [address for address in ADDRESSES if arguments.only in address.name]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        urls = databases(folder)
        collect_static(folder)
        grow(urls.values(), 1)
        queries = count_queries(urls, arguments.only)
        found = [measure_all(folder, urls, addresses, arguments.rounds, arguments.seconds)]
        if arguments.times > 1:
            grow(urls.values(), arguments.times)
            # What has as many rows as the record has no limit there.
            growing = [address for address in addresses if address.grows]
            found.append(measure_all(folder, urls, growing, arguments.rounds, arguments.seconds))
    runs, rows = zip(*found, strict=True)
    text = tables(addresses, queries, runs, arguments.times, rows)
    print(text)
    if arguments.write:
        write("answers", text)


if __name__ == "__main__":
    main()
