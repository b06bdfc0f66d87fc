"""Time loading: `python -m bench.loading [--against CHECKOUT] [--rounds N] [--large]`.

Each round loads the record of this checkout into a new SQLite database, in a process of its own. With
--against another checkout, with its own `.venv`, loads its record in turn, so that both meet the same
machine; the ratio is of the medians. --large loads the record of bench/files.py too. The seconds
are those of `load_record` alone, without starting Python and without migrations; "locked" is how long nobody
else could write.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Older checkouts have the command and no more: it is what both have.
LOAD = """
import sys, time
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
wall, cpu = time.perf_counter(), time.process_time()
call_command("load_record", *sys.argv[1:], verbosity=2)
print("seconds", time.perf_counter() - wall, time.process_time() - cpu)
"""


def load(checkout, *arguments):
    """Load a record in a checkout; return (seconds, seconds of the processor, seconds locked or None)."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "ogp_portal.settings",
            "DJANGO_SECRET_KEY": "bench-only",
            "DJANGO_ALLOWED_HOSTS": "localhost",
        }
        command = [checkout / ".venv/bin/python", "-c", LOAD, *arguments]
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    lines = done.stdout.splitlines()
    wall, cpu = map(float, lines[-1].split()[1:])
    locked = [float(line.split()[-2]) for line in lines if line.startswith("Nobody else could write for")]
    return wall, cpu, locked[0] if locked else None


def told(name, wall, cpu, locked):
    end = "" if locked is None else f", locked {locked:.1f} s"
    return f"{name}: {wall:.1f} s, processor {cpu:.1f} s{end}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    checkouts = {"this": ROOT}
    if arguments.against:
        checkouts["other"] = arguments.against.resolve()
    times = {name: [] for name in checkouts}
    for _ in range(arguments.rounds):
        for name, checkout in checkouts.items():
            times[name].append(load(checkout))
            print(told(name, *times[name][-1]), flush=True)
    if arguments.against:
        medians = [
            [statistics.median(each[place] for each in times[name]) for name in ("this", "other")]
            for place in (0, 1)
        ]
        (wall, wall_other), (cpu, cpu_other) = medians
        print(f"this / other: {wall / wall_other:.2f}, processor {cpu / cpu_other:.2f}")
    if arguments.large:
        with tempfile.TemporaryDirectory() as folder:
            generate = [sys.executable, "-m", "bench.files", folder]
            subprocess.run(generate, check=True, cwd=ROOT)
            print(told("generated", *load(ROOT, folder)))


if __name__ == "__main__":
    main()
