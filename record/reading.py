"""Rows that a page has read already, given to those that ask for them; and rows that are read together."""

from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Value, prefetch_related_objects

from .publication import other_end


def at_hand(row, **relations):
    """Give a row what stands at the other ends of its relations: `row.<name>.all()` asks no database for it.

    It is what `prefetch_related()` does with rows that it fetches itself.
    """
    for name, rows in relations.items():
        found = getattr(row, name).all()
        found._result_cache, found._prefetch_done = list(rows), True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def together(querysets):
    """Return the rows of some querysets of the same columns in one query, in no order of their own."""
    first, *others = (each.order_by() for each in querysets)
    return first.union(*others, all=True) if others else first


def with_parts(rows, *names):
    """Add whether each row has any at the other end of some relations, as `has_<name>`."""
    found = {}
    for name in names:
        back = rows.model._meta.get_field(name).remote_field.name
        found[f"has_{name}"] = Exists(other_end(rows.model, name).filter(**{back: OuterRef("pk")}))
    return rows.annotate(**found)


def read_parts(rows, *parts):
    """Fetch what some rows, read `with_parts`, have: names of relations, or their Prefetch.

    Nothing is asked of those that have none.
    """
    for part in parts:
        part = part if isinstance(part, Prefetch) else Prefetch(part)
        name = part.prefetch_through
        prefetch_related_objects([row for row in rows if getattr(row, f"has_{name}")], part)
        for row in rows:
            if getattr(row, f"has_{name}"):
                continue
            if part.to_attr:
                setattr(row, part.to_attr, [])
            else:
                at_hand(row, **{name: []})


def count_together(rows):
    """Return how many rows some lists or querysets have, by their names: of all querysets in one query."""
    counts = {name: len(each) if isinstance(each, list) else 0 for name, each in rows.items()}
    counted = [
        each.values(what=Value(name, CharField())).annotate(n=Count("pk")).values_list("what", "n")
        for name, each in rows.items()
        if not isinstance(each, list)
    ]
    return counts | dict(together(counted) if counted else ())
