"""Check that the message catalogues are complete, or bring them up to date with --update.

Complete: every text of the code and templates is in every catalogue, translated, not fuzzy, with the
placeholders of the original, and compiled. Needs gettext's programs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
NOT_CODE = [".*", "__pycache__", "fixtures", "media", "scripts", "staticfiles", "tests"]


def extract(folder):
    """Collect the folder's texts into its catalogues, as `make messages` does."""
    ignored = [f"--ignore={name}" for name in NOT_CODE]
    command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-obsolete"]
    layout = ["--add-location=file", "--no-wrap"]  # line numbers would change with every edit of the code
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([*command, *layout, *ignored, "-v0"], cwd=folder, env=environment, check=True)


def catalogues(folder):
    return sorted(path for path in folder.glob("**/locale/*/LC_MESSAGES/*.po") if ".venv" not in path.parts)


def texts(entries):
    """Return {(context, text): translation} of polib entries."""
    return {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in entries if not e.obsolete}


def problems(path, extracted):
    """Yield what is wrong with the catalogue, given the one that extraction made of a copy of it."""
    po = polib.pofile(path)
    if po.metadata_is_fuzzy:
        yield "fuzzy: its header"
    for entry in po:
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.obsolete and not entry.translated():
            yield f"not translated: {entry.msgid!r}"
    for _, text in texts(polib.pofile(extracted)).keys() - texts(po).keys():
        yield f"not in the catalogue: {text!r}"

    # Compared by content: gettext and polib write different bytes for the same messages.
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or texts(polib.mofile(compiled)) != texts(po.translated_entries()):
        yield "its .mo file is missing or older"

    command = ["msgfmt", "--check-format", "-o", os.devnull, path.name]
    placeholders = subprocess.run(command, cwd=path.parent, capture_output=True, text=True)
    yield from placeholders.stderr.splitlines()


def check():
    """Return every problem of every catalogue, one line each."""
    if not catalogues(ROOT):
        return ["no catalogue found"]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_CODE))
        extract(copy)
        return [
            f"{path.relative_to(ROOT)}: {problem}"
            for path in catalogues(ROOT)
            for problem in problems(path, copy / path.relative_to(ROOT))
        ]


def update():
    extract(ROOT)
    for path in catalogues(ROOT):
        po = polib.pofile(path, wrapwidth=0)
        po.metadata.pop("POT-Creation-Date", None)  # two branches would always conflict here
        po.save()
        po.save_as_mofile(path.with_suffix(".mo"))


if __name__ == "__main__":
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        sys.exit("gettext not found. Install it, on Debian or Ubuntu: sudo apt-get install gettext")
    updating = "--update" in sys.argv
    if updating:
        update()
    found = check()
    print("\n".join(found) or "Message catalogues are complete.")
    sys.exit(bool(found) and not updating)  # after an update they are what is left to do
