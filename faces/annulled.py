"""Annulled rows: their addresses keep their words behind a notice, and pages name what was taken from them.

When and why a row was annulled stands in the log of changes; the reason is public, who wrote it is not.
"""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.db.models import Model
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from record.kinds import kind_of, kinds
from record.models.log import Change
from record.publication import Status
from record.writing import paths_to_pages

# A page names so many annulled parts, the last annulled first, and counts the others; it reads so many
# changes for them.
MOST_PARTS, MOST_CHANGES = 50, 500


@dataclass(frozen=True)
class Notice:
    """That a row was annulled: when and why, as the log says it; '' where it does not say why.

    `owner` is what was annulled, where it is not the row itself but what that belongs to.
    """

    at: object
    reason: str
    owner: Model | None = None

    @property
    def on(self):
        """The day, in the portal's time zone."""
        return localtime(self.at).date()


@dataclass
class Part:
    """An annulled row that a page showed: with its notice and its words."""

    row: Model
    notice: Notice

    @cached_property
    def address(self):
        """The path and the place on the page to which its address leads, '' if it has none."""
        return urlsplit(self.row.get_absolute_url() if hasattr(self.row, "get_absolute_url") else "")

    @property
    def path(self):
        return self.address.path

    @property
    def anchor(self):
        return self.address.fragment

    @property
    def public_id(self):
        """Its public identifier, '' if it has none."""
        return _public_id(self.row)

    @property
    def language(self):
        """The language of what its source prints, '' without a source."""
        return self.row.document.language if getattr(self.row, "document", None) else ""

    @cached_property
    def replaced_by(self):
        """The public rows that say that they put it right."""
        model = type(self.row)
        own = [name for name in model.may_name_annulled if model._meta.get_field(name).related_model is model]
        return [other for name in own for other in model.objects.published().filter(**{name: self.row.pk})]

    @cached_property
    def texts(self):
        """Its texts in two languages, in the order of its columns."""
        names = (each.name[:-3] for each in self.row._meta.concrete_fields if each.name.endswith("_es"))
        return [text for name in names if (text := getattr(self.row, name, None))]

    @cached_property
    def facts(self):
        """What else its columns say: (label, value, whether it is printed words), in their order."""
        return [
            (capfirst(each.verbose_name), *_shown(self.row, each))
            for each in self.row._meta.concrete_fields
            if _is_fact(each) and getattr(self.row, each.attname) not in (None, "")
        ]


def _is_fact(column):
    is_of_texts = column.name[-3:] in ("_es", "_en")
    is_of_source = column.name in ("document", "place")
    is_of_publication = column.choices == Status.choices
    is_plain = column.editable and not column.primary_key and column.get_internal_type() != "JSONField"
    return is_plain and not (is_of_texts or is_of_source or is_of_publication)


def _shown(row, column):
    value = getattr(row, column.name)
    if column.choices:
        return getattr(row, f"get_{column.name}_display")(), False
    if column.is_relation:
        named, words = str(_public_id(value)), str(value)
        return (words if words.startswith(named) else f"{named} {words}"), False
    if isinstance(value, bool):
        return (_("Yes") if value else _("No")), False
    return value, isinstance(value, str)


def _public_id(row):
    public_id = kind_of(type(row)).public_id
    return getattr(row, public_id) if public_id else ""


# Rows at their own addresses.


def readable_rows(model):
    """Return the rows of a model that addresses may name, annulled or not, with what they belong to."""
    return model.objects.everything().readable().select_related(*paths_to_pages(model))


def annulled_among(row):
    """Return of a row and what it belongs to those that were annulled, the row itself first.

    Raise Http404 where nothing was: then the row is not read behind a notice.
    """
    found = {(type(row), row.pk): row}
    for path in paths_to_pages(type(row)):
        if owner := _follow(row, path):
            found[type(owner), owner.pk] = owner
    annulled = [each for each in found.values() if each.is_annulled]
    if not annulled:
        raise Http404
    return annulled


def notice_of(row, annulled):
    """Return the Notice of a row, of which `annulled` are itself and what it belongs to."""
    first = annulled[0]
    change = Change.objects.annulling().of(first).last()
    owner = None if (type(first), first.pk) == (type(row), row.pk) else first
    return Notice(first.annulled_at, change.entry.reason if change else "", owner)


# What was taken from a page.


@cache
def paths_to_nearest(model):
    """Return {path of columns: model} from a model to the nearest pages on which its rows are seen."""
    found = {}
    for path, owner in paths_to_pages(model).items():
        is_behind = any(path.startswith(f"{nearer}__") for nearer in found)
        if kind_of(owner).has_page and not is_behind:
            found[path] = owner
    return found


@cache
def parts_of(model):
    """Return {label of a kind: paths of columns} of the parts that are seen on the pages of a model."""
    found = {}
    for kind in kinds():
        paths = [path for path, owner in paths_to_nearest(kind.model).items() if owner is model]
        if paths and not kind.has_page:
            found[kind.label] = paths
    return found


def annulled_parts(row):
    """Return what was annulled of a row's page: `parts`, the last one first, and how many `more`."""
    known = parts_of(type(row))
    changes = Change.objects.annulling().on_page_of(row).filter(model__in=known)

    def is_of_page(part):
        return any(_follow(part, path) == row for path in known[part._meta.label_lower])

    return _read(changes, is_of_page)


def annulled_rows(model):
    """Return what was annulled of a model, for the page of its list, as `annulled_parts()` does."""
    return _read(Change.objects.annulling().filter(model=model._meta.label_lower).order_by("-pk"))


def _read(changes, belongs=lambda part: True):
    by_row = {}
    for change in changes[:MOST_CHANGES]:
        by_row.setdefault((change.model, change.object_id), change)
    rows = {}
    for kind in kinds():
        if pks := [pk for label, pk in by_row if label == kind.label]:
            rows |= {(kind.label, row.pk): row for row in _annulled(kind.model, pks)}
    parts = [
        Part(rows[key], Notice(rows[key].annulled_at, change.entry.reason))
        for key, change in by_row.items()
        if key in rows and belongs(rows[key])
    ]
    return {"parts": parts[:MOST_PARTS], "more": len(parts[MOST_PARTS:])}


def _annulled(model, pks):
    """Return some rows of a model, those that are annulled and that the public may read."""
    named = [each.name for each in model._meta.concrete_fields if each.is_relation]
    paths = {*named, *paths_to_pages(model), *kind_of(model).named_with}
    rows = model.objects.everything().readable().filter(pk__in=pks, annulled_at__isnull=False)
    return rows.select_related(*paths)


def _follow(row, path):
    for name in path.split("__"):
        row = row and getattr(row, name)
    return row
