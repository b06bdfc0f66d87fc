"""Run a command with a real PostgreSQL: `with_pg.py COMMAND...`.

The server is new and empty, listens on a socket in a temporary folder only, and is gone when the command
ends; the command finds it in DATABASE_URL. Where DATABASE_URL already names a PostgreSQL, that one is used.
"""

import glob
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote


def find_programs():
    """Return the folder of initdb and pg_ctl: Debian's newest, PATH's, the pgserver wheel's, or None."""
    debian = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    newest = max(debian, key=lambda path: float(path.split("/")[4]), default=None)
    if initdb := newest or shutil.which("initdb"):
        return Path(initdb).parent
    wheel = importlib.util.find_spec("pgserver")
    return wheel and Path(wheel.origin).with_name("pginstall") / "bin"


def unprivileged():
    """Return the subprocess arguments that give up root, as PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def main(command):
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(command)
    programs = find_programs()
    if not programs:
        return "PostgreSQL not found. Install it, on Debian or Ubuntu: sudo apt-get install postgresql"

    def run(program, *arguments):
        call = [programs / program, "-D", f"{folder}/data", *arguments]
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, **as_user)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that "finally" runs then too
    folder, as_user = tempfile.mkdtemp(prefix="pg-"), unprivileged()
    try:
        if as_user:
            os.chown(folder, as_user["user"], as_user["group"])
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        # Nothing here outlives the command, so nothing waits for the disk. Tests roll their rows back, and
        # statistics that found none there make the planner take seconds over small joins: none are kept.
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c autovacuum=off"
        run("pg_ctl", "start", "-s", "-w", "-l", f"{folder}/log", "-o", options)
        try:
            url = f"postgres://postgres@{quote(folder, safe='')}/postgres"
            return subprocess.call(command, env=os.environ | {"DATABASE_URL": url})
        finally:
            run("pg_ctl", "stop", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
