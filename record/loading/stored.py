"""What the database holds of the kinds that are loaded, read once before anything is written."""

from functools import cached_property

from django.db import connection

from ..kinds import by_model, kind_of
from ..search import SEARCH_FIELDS


def with_named(models):
    """Return some models and all that their rows name, those that are named before those that name them."""
    found = {}

    def visit(model, above=()):
        if model in found or model in above:
            return
        for spec in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if spec.is_relation and spec.related_model in by_model():
                visit(spec.related_model, (*above, model))
        found[model] = None

    for model in models:
        visit(model)
    return list(found)


def read_all(models):
    """Return what is stored of some models and of all that their rows name, by model."""
    stored = {}
    for model in with_named(models):
        stored[model] = Stored(model, stored)
    return stored


class Stored:
    """The rows of one model as they are stored, with the rows that they name, and then the new ones too.

    `rows` has them by pk, `by_public_id` by the name that others call them, `links` the pks of the linked
    rows by column and pk.
    """

    def __init__(self, model, named):
        self.model = model
        fields = [spec for spec in model._meta.concrete_fields if spec.name not in SEARCH_FIELDS]
        self.names = [spec.attname for spec in fields]
        self.values, self.through = self._read()
        names = set(self.names)
        self.rows = {}
        for values in self.values:
            row = model.from_db("default", names, values)
            self.rows[row.pk] = row
        for spec in fields:
            rows = (
                self.rows
                if spec.related_model is model
                else getattr(named.get(spec.related_model), "rows", {})
            )
            for row in self.rows.values() if rows else ():
                if (pk := getattr(row, spec.attname)) in rows:
                    spec.set_cached_value(row, rows[pk])
        self.links = {spec.name: {} for spec in model._meta.many_to_many}
        for column, pairs in self.through.items():
            for pk, other in pairs:
                self.links[column].setdefault(pk, set()).add(other)
        public_id = kind_of(model).public_id
        self.by_public_id = (
            {str(getattr(row, public_id)): row for row in self.rows.values()} if public_id else {}
        )

    def _read(self):
        rows = list(self.model._base_manager.order_by("pk").values_list(*self.names))
        through = {
            spec.name: sorted(
                spec.remote_field.through._base_manager.values_list(
                    spec.m2m_column_name(), spec.m2m_reverse_name()
                )
            )
            for spec in self.model._meta.many_to_many
        }
        return rows, through

    def has_changed(self):
        """Tell whether somebody wrote to the model since it was read."""
        return self._read() != (self.values, self.through)

    @cached_property
    def values_by_pk(self):
        """The stored values of each row, as they were read."""
        pk = self.names.index(self.model._meta.pk.attname)
        return {values[pk]: dict(zip(self.names, values, strict=True)) for values in self.values}

    @cached_property
    def pk_by_key(self):
        """The pk of each stored row by the values of its natural key."""
        columns = [self.model._meta.get_field(column).attname for column in kind_of(self.model).key]
        return {tuple(values[column] for column in columns): pk for pk, values in self.values_by_pk.items()}

    def links_of(self, pk):
        """Return the pks of the rows that a row is linked to, by column."""
        return {column: links.get(pk, set()) for column, links in self.links.items()}

    def add(self, row):
        """Add a new row, or one that was changed, for others to name."""
        self.rows[row.pk] = row
        if public_id := kind_of(self.model).public_id:
            self.by_public_id[str(getattr(row, public_id))] = row


def reserve(model, count):
    """Return so many pks for new rows of a model, which no row has or ever had.

    With its pk a new row can be named and checked before it is written.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)
