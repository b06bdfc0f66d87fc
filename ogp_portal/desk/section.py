"""A section of the desk: what is pressing of something, and the way to all of it."""

from dataclasses import dataclass, field

from django.urls import reverse

# So many lines a section has; the list that it leads to has all.
MOST = 25


@dataclass
class Section:
    """Lines under a title. `total` counts all there are, `lines` has the first MOST of them.

    `empty` is said where there are none; `address` leads to the list of all; `to_do`, (words, address), is
    what can be begun there; `more` has what else its template asks for.
    """

    slug: str
    title: str
    template: str
    total: int
    lines: list
    empty: str
    address: str = ""
    to_do: tuple | None = None
    more: dict = field(default_factory=dict)

    @property
    def path(self):
        return f"admin/desk/_{self.template}.html"

    @property
    def is_cut(self):
        return self.total > len(self.lines)


def first_of(rows):
    """Return (how many rows there are, the first MOST of them)."""
    lines = list(rows[: MOST + 1])
    return (len(lines), lines) if len(lines) <= MOST else (rows.count(), lines[:MOST])


def list_address(model, **query):
    """Return the address of the admin's list of a model, narrowed."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=query)
