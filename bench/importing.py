"""Time an import: `python -m bench.importing [--rows 5000]`.

A workbook of new milestones is looked at, and written, by the process that the portal starts for it, while
somebody asks the portal, two workers as in production, for a page that nobody asked for before and for
`/healthz`. Told are the seconds of both steps, the memory of the process, and how much longer page and
`/healthz` take meanwhile than before. On SQLite, and on PostgreSQL where DATABASE_URL names one that is
empty: `scripts/with_pg.py .venv/bin/python -m bench.importing`.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta

from .asking import Connection
from .serving import ROOT, collect_static, databases, environment, grow, megabytes, portal

# How long the usual times are taken, in seconds, and the pause between two questions.
USUAL, PAUSE = 10, 0.05
FIRST = date(2017, 1, 1)

HAND_IN = """
import sys
import django
django.setup()
from datetime import date
from django.contrib.auth.models import User
from commitments.models import Commitment
from faces.models import Upload
from faces.sheets import Column, Page, write_xlsx

codes = list(Commitment.objects.filter(plan__number=5).values_list("code", flat=True))
heads = ["Compromiso", "Actividad en español", "Inicio previsto", "Fin previsto", "Documento fuente"]
heads += ["Fin como figura en el documento", "Lugar en el documento"]
rows = [
    [codes[each % len(codes)], f"Actividad número {each}, que se importa", date(2024, 1, 1)]
    + [date(2024, 12, 31), "v-plan-2023-2024", "31/12/2024", "p. 60"]
    for each in range(int(sys.argv[1]))
]
upload = Upload.objects.create(
    by=User.objects.create_superuser("bench"),
    model="commitments.milestone",
    resource="MilestoneResource",
    language="es",
    name="bench.xlsx",
    content=write_xlsx([Page("Hitos", [Column(head) for head in heads], rows)]),
    reason="Hitos que se miden",
)
print(upload.key)
"""
TO_WRITE = """
import sys
import django
django.setup()
from faces.models import Upload

upload = Upload.objects.get(key=sys.argv[1])
kinds = {each["kind"] for each in upload.outcomes}
assert (upload.step, kinds) == ("rehearsed", {"new"}), (upload.step, kinds)
upload.put(step="to_write")
"""
LOOK = """
import sys
import django
django.setup()
from commitments.models import Milestone
from faces.models import Upload

upload = Upload.objects.get(key=sys.argv[1])
assert upload.step == "written" and not upload.content, upload.step
print(Milestone.objects.count())
"""


def run(script, around, *arguments):
    """Run a script in the environment of the portal; return what it says."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, env=around, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("The bench could not be prepared; the lines above say why.")
    return done.stdout.strip().splitlines()[-1] if done.stdout else ""


class Asker:
    """Asks for a page, of another day each time, and for /healthz; keeps how long each took."""

    def __init__(self, port):
        self.connection, self.day = Connection(port), FIRST
        self.times = {"page": [], "/healthz": []}

    def ask(self):
        self.day += timedelta(days=1)
        for name, path in (("page", f"/es/compromisos/2-10/?as_of={self.day}"), ("/healthz", "/healthz")):
            began = time.perf_counter()
            answer = self.connection.ask(path)
            self.times[name].append(time.perf_counter() - began)
            assert answer.status == 200, (path, answer.status)
        time.sleep(PAUSE)

    def medians(self):
        """Return the median of each in seconds, and begin anew."""
        found = {name: statistics.median(times) for name, times in self.times.items()}
        self.times = {name: [] for name in self.times}
        return found


def measure(name, folder, database, rows):
    """Import so many rows into a database, and say what that costs."""
    around = environment(folder, database)
    key = run(HAND_IN, around, rows)
    # No limit for readers: one asks all the time here.
    with portal(folder, database, 2, limit="0") as server:
        asker = Asker(server.port)
        until = time.monotonic() + USUAL
        while time.monotonic() < until:
            asker.ask()
        usual = asker.medians()
        for step in ("looked at", "written"):
            if step == "written":
                run(TO_WRITE, around, key)
            command = [sys.executable, "manage.py", "run_import", key]
            began, most = time.perf_counter(), 0
            process = subprocess.Popen(command, env=around, cwd=ROOT)
            while process.poll() is None:
                asker.ask()
                try:
                    most = max(most, megabytes([process.pid]))
                except OSError:
                    break
            if process.wait():
                sys.exit("The import failed; the lines above say why.")
            seconds = time.perf_counter() - began
            slower = {each: found / usual[each] for each, found in asker.medians().items()}
            print(
                f"{name}: {rows} rows {step} in {seconds:.1f} s, {most:.0f} MB; meanwhile the page takes "
                f"{slower['page']:.1f} times as long ({usual['page'] * 1000:.0f} ms before), "
                f"/healthz {slower['/healthz']:.1f} times ({usual['/healthz'] * 1000:.0f} ms before)",
                flush=True,
            )
    print(f"{name}: {run(LOOK, around, key)} milestones afterwards", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = databases(folder)
        grow(found.values(), 1)
        collect_static(folder)
        for name, database in found.items():
            measure(name, folder, database, arguments.rows)


if __name__ == "__main__":
    main()
