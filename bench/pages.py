"""Time pages and lists of the API: `python -m bench.pages [--times 1 100] [--rounds 3] [--limit 60]`.

Loads the record, multiplies its rows (bench/rows.py; --seed makes others), and asks for each address as a
visitor does: how many queries it takes, how long their SQL is together, without the values, how large the
answer is, and the best and the median of the rounds. An address that takes longer than the limit, in seconds,
is given up. DATABASE_URL names an empty database, which is kept; by default it is a new SQLite. For
PostgreSQL, or for another checkout, be it one from before there was this folder:

    .venv/bin/python scripts/with_pg.py .venv/bin/python -m bench.pages
    cd OTHER && PYTHONPATH=THIS .venv/bin/python -m bench.pages
"""

import argparse
import signal
import statistics
import time
from contextlib import contextmanager

from . import loaded_database
from .rows import SEED, Copies, settle

ADDRESSES = {
    "home": "/es/",
    "plan": "/es/planes/2/",
    "commitment": "/es/compromisos/2-10/",
    "entity": "/es/entidades/pcm/",
    "board": "/es/seguimiento/",
    "board, late": "/es/seguimiento/?follow_up=overdue",
    "explorer": "/es/compromisos/",
    "explorer, late": "/es/compromisos/?overdue=true",
    "API, commitments": "/api/v1/commitments/",
    "API, late commitments": "/api/v1/commitments/?overdue=true",
    "API, milestones": "/api/v1/milestones/",
    "API, late milestones": "/api/v1/milestones/?overdue=true",
}
# How often SQLite looks whether time is up, in steps of its machine.
STEPS = 100_000


class GaveUp(BaseException):
    """The time is up; no `except Exception` of the portal makes an answer of it."""


def give_up(*_):
    raise GaveUp


@contextmanager
def at_most(seconds):
    """Raise GaveUp where what is inside takes longer, whether in Python or in the database."""
    from django.db import OperationalError, connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        # Python sees to a signal only when SQLite calls it.
        connection.connection.set_progress_handler(lambda: 0, STEPS)
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {int(seconds * 1000)}")
    began = time.perf_counter()
    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except (GaveUp, OperationalError) as error:
        # What was interrupted is of no more use.
        connection.close()
        if time.perf_counter() - began < seconds:
            raise
        raise GaveUp from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def ask(client, address):
    """Ask for an address; return (queries, characters of SQL, kilobytes of the answer, seconds)."""
    from django.db import connection

    lengths = []

    def count(execute, sql, params, many, context):
        lengths.append(len(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        response = client.get(address)
        seconds = time.perf_counter() - began
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return len(lengths), sum(lengths), len(response.content) / 1000, seconds


def measure(client, address, rounds, limit):
    """Return what `ask` does, with the seconds of each round; None where it was given up."""
    try:
        with at_most(limit):
            # The first request of a process learns what the others know.
            ask(client, address)
        found = []
        for _ in range(rounds):
            with at_most(limit):
                found.append(ask(client, address))
    except GaveUp:
        return None
    queries, characters, size, _ = found[0]
    return queries, characters, size, [seconds for *_, seconds in found]


def told(name, measured, limit):
    """Return the line of a table in Markdown."""
    if measured is None:
        return f"| {name} | | | | > {limit:g} | > {limit:g} |"
    queries, characters, size, seconds = measured
    best, median = min(seconds), statistics.median(seconds)
    return f"| {name} | {queries} | {characters:,} | {size:,.0f} | {best:.3f} | {median:.3f} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, nargs="+", default=[1, 100])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--seed", default=SEED)
    arguments = parser.parse_args()
    with loaded_database():
        from django.db import connection
        from django.test import Client

        from commitments.models import Commitment, Milestone

        copies, client = Copies(arguments.seed), Client()
        for times in sorted(arguments.times):
            began = time.perf_counter()
            copies.grow_to(times)
            settle()
            rows = f"{Commitment.objects.count():,} commitments, {Milestone.objects.count():,} milestones"
            print(
                f"\n{connection.vendor}, {times} times: {rows}, made in {time.perf_counter() - began:.0f} s\n"
            )
            print("| address | queries | SQL, characters | answer, KB | best, s | median, s |")
            print("|---|---|---|---|---|---|")
            for name, address in ADDRESSES.items():
                found = measure(client, address, arguments.rounds, arguments.limit)
                print(told(name, found, arguments.limit), flush=True)


if __name__ == "__main__":
    main()
