"""The servers that are measured: databases with the record, processes, what they use; on Linux alone."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from .asking import Connection

ROOT = Path(__file__).resolve().parent.parent
# As README has it for production.
PORTAL = (
    "{python} -m granian --interface asgi --host 127.0.0.1 --port {port} --workers {workers} "
    "--respawn-failed-workers --workers-kill-timeout 3 ogp_portal.asgi:application"
)
DATASETTE = (
    "{python} -m datasette serve {file} --host 127.0.0.1 --port {port} --setting sql_time_limit_ms 60000"
)
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "bench.settings",
    "DJANGO_SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
    "DJANGO_CSRF_TRUSTED_ORIGINS": "",
    "DJANGO_SCRIPT_NAME": "",
    "DJANGO_DEBUG": "0",
    "DJANGO_HTTPS": "0",
    "PORTAL_ADDRESS": "",
    "CACHE_URL": "",
    "TRUSTED_PROXIES": "",
    "DATABASE_POOLED": "",
    "PYTHONPATH": str(ROOT),
}
# How long a server may take until it answers.
START = 60


def databases(folder):
    """Return the databases to measure by their names: PostgreSQL only where DATABASE_URL names one."""
    given = os.environ.get("DATABASE_URL", "")
    found = {"SQLite": f"sqlite:///{folder}/record.sqlite3"}
    return found | ({"PostgreSQL": given} if given.startswith("postgres") else {})


def environment(folder, database):
    """Return the environment of a server of the portal; nothing of whoever runs the bench changes it."""
    return os.environ | ENVIRONMENT | {"BENCH_FOLDER": str(folder), "DATABASE_URL": database}


def run_python(*arguments, **environment):
    """Start Python with some arguments in this checkout; return the process."""
    return subprocess.Popen([sys.executable, *map(str, arguments)], cwd=ROOT, env=os.environ | environment)


def finish(*processes):
    """Wait for some processes, and give up if one failed."""
    if any([process.wait() for process in processes]):
        sys.exit("The bench could not be prepared; the lines above say why.")


def grow(urls, times):
    """Load the record into databases that are empty, or multiply the rows of those that hold it."""
    finish(*(run_python("-m", "bench.rows", times, DATABASE_URL=url) for url in urls))


def collect_static(folder):
    """Collect and compress the files of the pages, as production does."""
    finish(
        run_python(
            *("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
            **environment(folder, "sqlite://:memory:"),
        )
    )


def free_port():
    """Return a port that nobody listens to now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def descendants(pid):
    """Return a process and all that it started, directly or not."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program, in brackets, may hold anything.
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def processor_seconds(pids):
    """Return what some processes have used of the processor; raise OSError if one is gone."""
    # The clock of another process, as clock_getcpuclockid(3) makes its number.
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def megabytes(pids):
    """Return the memory of the largest of some processes that is not shared with a file alone (RSS)."""
    sizes = [0]
    for pid in pids:
        with Path(f"/proc/{pid}/status").open() as lines:
            sizes += [int(line.split()[1]) for line in lines if line.startswith("VmRSS:")]
    return max(sizes) / 1024


class Server:
    """A server in processes of its own: `with Server(command, ready) as server`.

    `ready` is an address that it answers; `database` is the process of its database, if that is another one.
    """

    def __init__(self, command, ready, environment=None, database=None, **values):
        self.port = free_port()
        self.command = [part.format(port=self.port, **values) for part in command.split()]
        self.ready, self.environment, self.database = ready, environment, database

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=self._log()
        )
        until = time.monotonic() + START
        while True:
            try:
                if Connection(self.port).ask(self.ready).status == 200:
                    return self
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    self.__exit__()
                    sys.exit(f"{' '.join(self.command)} does not answer")
            time.sleep(0.1)

    def _log(self):
        folder = (self.environment or {}).get("BENCH_FOLDER")
        return open(f"{folder}/server.log", "a") if folder else subprocess.DEVNULL

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            for pid in reversed(descendants(self.process.pid)):
                os.kill(pid, 9)
            self.process.wait()

    def again(self):
        """Stop and start anew, where one question takes too long."""
        self.__exit__()
        self.__enter__()

    def own(self):
        return descendants(self.process.pid)

    def all(self):
        """Return the processes that work for an answer: the server's, and its database's."""
        return [*self.own(), *(descendants(self.database)[1:] if self.database else [])]


def portal(folder, database, workers, limit=""):
    """Return a server of the portal, not started; `limit` is its READER_LIMIT, where not the usual one."""
    of_server = environment(folder, database) | {"READER_LIMIT": limit}
    return Server(
        *(PORTAL, "/healthz", of_server, postmaster(database)),
        python=sys.executable,
        workers=workers,
    )


def datasette(file):
    """Return Datasette on a SQLite file, not started; None where it is not installed."""
    python = ROOT / ".venv-bench" / "bin" / "python"
    return Server(DATASETTE, "/-/versions.json", python=python, file=file) if python.exists() else None


def postmaster(database):
    """Return the process that starts PostgreSQL's others, if it is on this machine; else None."""
    if not database.startswith("postgres"):
        return None
    import dj_database_url
    import psycopg2

    config = dj_database_url.parse(database)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    with psycopg2.connect(**{name: config[key] for name, key in names.items() if config.get(key)}) as found:
        cursor = found.cursor()
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
        try:
            status = Path(f"/proc/{backend}/status").read_text()
        except OSError:
            return None
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
