"""Keep the database of a landing for the tests: `keep_landing.py NAME`.

Writes tests/landed/NAME.json.xz: the migrations that made the tables, and every row of them, of the database
that DATABASE_URL names. `tests/test_landed.py` then fills such a database anew and migrates it forward. Run
it after a landing that brought migrations, on a database with the record and some changes in its log.
"""

import base64
import json
import lzma
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ogp_portal.settings")


def as_json(value):
    """Return a value of a row as JSON may hold it: bytes as {"base64": text}, days and moments as text."""
    if isinstance(value, memoryview | bytes):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return value if isinstance(value, str | int | float | None) else str(value)


def main(name):
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from tests.landed import digests, tables_of_ours

    applied = sorted(MigrationRecorder(connection).applied_migrations())
    kept = {"migrations": applied, "digests": digests(applied), "tables": {}}
    with connection.cursor() as cursor:
        for table in tables_of_ours():
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted} ORDER BY 1")
            columns = [column[0] for column in cursor.description]
            rows = [[as_json(value) for value in row] for row in cursor.fetchall()]
            kept["tables"][table] = {"columns": columns, "rows": rows}
    path = ROOT / "tests/landed" / f"{name}.json.xz"
    path.write_bytes(lzma.compress(json.dumps(kept, ensure_ascii=False).encode(), preset=9))
    rows = sum(len(table["rows"]) for table in kept["tables"].values())
    print(f"{path.relative_to(ROOT)}: {rows} rows, {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(*sys.argv[1:])
