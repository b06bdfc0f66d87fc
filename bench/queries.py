"""Count the queries of each address that the bench asks for, as JSON: `python -m bench.queries [WORDS]`.

Only of those with the words in their name, if some are given. DATABASE_URL names a database with the record.
"""

import json
import sys

from . import loaded_database
from .addresses import ADDRESSES


def ask(client, path):
    """Ask for an address, with nothing kept from before; return how many queries it takes."""
    from django.core.cache import caches
    from django.db import connection

    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    for cache in caches.all():
        cache.clear()
    with connection.execute_wrapper(count):
        response = client.get(path)
        # What streams is asked for while it is read.
        _ = response.getvalue()
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return len(asked)


def main(words=""):
    with loaded_database():
        from django.test import Client

        client, found = Client(), {}
        for address in ADDRESSES:
            if words not in address.name:
                continue
            # The first request of a process learns what the others know.
            ask(client, address.path)
            found[address.name] = ask(client, address.path)
        json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
