"""Acts in the words of the field, on top of the writer: publish, annul, restore, transcribe, strike.

Who acts is a user, or None where a command does. What an act refuses it refuses for everybody, in words;
whoever has no right to it gets a PermissionDenied. `seen` is what `version_of()` said of the row when it was
read; None asks for nothing.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .cleaning import clean
from .kinds import kind_of
from .models import Act, Change
from .personal import find_addresses
from .publication import Status, needs_reason
from .rights import may
from .striking import Words, strike_from_log, texts_to_strike
from .writing import (
    ReasonNeeded,
    WriteRefused,
    columns_of,
    is_reason,
    name_of,
    paths_to_pages,
    required,
    writing,
)


class Refused(WriteRefused):
    """An act refuses, in words, what it was asked to do with a row."""

    MESSAGE = ""
    CODE = "refused"

    def __init__(self, name="", **params):
        super().__init__(self.MESSAGE, code=self.CODE, params={"name": name} | params)


class Newer(Refused):
    """Somebody else wrote the row since it was read."""

    MESSAGE = _("“%(name)s” was changed since you read it. Read what it says now, and decide again.")
    CODE = "newer"


class Gone(Refused):
    MESSAGE = _("“%(name)s” is not there any more: somebody deleted it.")
    CODE = "gone"


class IsPublished(Refused):
    MESSAGE = _("“%(name)s” is published already.")
    CODE = "is_published"


class IsAnnulled(Refused):
    MESSAGE = _("“%(name)s” is annulled. Restore it first, with the reason.")
    CODE = "is_annulled"


class IsNotAnnulled(Refused):
    MESSAGE = _("“%(name)s” is not annulled.")
    CODE = "is_not_annulled"


class IsDraft(Refused):
    MESSAGE = _("“%(name)s” was never published: it is changed or deleted, not annulled.")
    CODE = "is_draft"


class GoesWithItsOwner(Refused):
    MESSAGE = _("“%(name)s” is published with what it is part of.")
    CODE = "goes_with_its_owner"


class SourceNeeded(Refused):
    MESSAGE = _("Say where the right words stand: the document and the place that print them.")
    CODE = "source_needed"


class StaysAsItIs(Refused):
    MESSAGE = _("“%(column)s” is not what somebody copied: it does not change so.")
    CODE = "stays_as_it_is"


class DoesNotStandThere(Refused):
    MESSAGE = _("“%(column)s” does not say so. Write what is to be taken out as it stands there.")
    CODE = "does_not_stand_there"


class Repeated(Refused):
    MESSAGE = _("The reason must not repeat what is taken out.")
    CODE = "repeated"


# What every act does first.


def allow(by, action, row):
    """Raise PermissionDenied unless somebody may do something with a row, or with a model's rows."""
    if by is not None and not may(by, action, row):
        raise PermissionDenied


def version_of(row):
    """Return the version of a row, and of what is published with it, as the text that a form keeps."""
    rows = {type(row): [row.pk]}
    for each in row.published_along():
        rows.setdefault(type(each), []).append(each.pk)
    seen = Change.objects.seen(rows)
    return ".".join(str(seen[key]) for key in sorted(seen, key=lambda key: (key[0]._meta.label, key[1])))


@contextmanager
def acting(by, row, act, reason="", source="", seen=None, right="publish"):
    """Do something with a row that nobody else writes meanwhile; yields it as it is stored now.

    `act` is one of `Act`, `right` what `may()` is asked. Raises PermissionDenied, Newer or Gone.
    """
    allow(by, right, row)
    model = row._meta.concrete_model
    with writing(by, reason, source=source, act=act) as this:
        this.hold({model: [row.pk]})
        # With what it belongs to, which names it and stands in what is told of it.
        owners = paths_to_pages(model)
        rows = model.everything.select_related(*owners) if owners else model.everything.all()
        found = rows.filter(pk=row.pk).first()
        if found is None:
            raise Gone(name_of(row))
        for each in found.published_along():
            this.hold({type(each): [each.pk]})
        if seen is not None and seen != version_of(found):
            raise Newer(name_of(found))
        yield found


def check_reason(reason):
    """Raise ReasonNeeded unless a text says why something is done."""
    if not is_reason(clean(str(reason or ""))):
        raise ReasonNeeded


def check_texts(values):
    """Raise WriteRefused where one of some values has an e-mail address: none may ever stand (rule 8)."""
    texts = [value for value in values.values() if isinstance(value, str)]
    if addresses := find_addresses("\n".join(texts)):
        raise WriteRefused(
            _("No e-mail address may stand in the record (%(found)s)."),
            code="contact_details",
            params={"found": ", ".join(addresses)},
        )


def identity_of(model):
    """Return the columns of which the public identifier of a row is made: they never change."""
    kind = kind_of(model)
    return kind.key if kind.public_id else ()


def label_of(row, column):
    """Return the name of a column for people; what is no column has none but its own."""
    return {each.name: each.verbose_name for each in row._meta.fields}.get(column, column)


# The acts.


def publish(by, row, reason="", seen=None):
    """Publish a draft, and in the same entry what is published with it; return the row.

    Nothing else of the row is written. Raises IsPublished, IsAnnulled, GoesWithItsOwner and what the model's
    `check_publication()` refuses.
    """
    with acting(by, row, Act.PUBLISH, reason, seen=seen) as found:
        column = found.publication_column
        if not column:
            raise GoesWithItsOwner(name_of(found))
        if found.is_annulled:
            raise IsAnnulled(name_of(found))
        if getattr(found, column) == Status.PUBLISHED:
            raise IsPublished(name_of(found))
        found.check_publication()
        for each in (found, *found.published_along()):
            setattr(each, each.publication_column, Status.PUBLISHED)
            each.save()
    return found


def annul(by, row, reason, seen=None):
    """Annul a row that was published: its words stay behind a notice, lists and counts leave it out.

    What stands on it goes with it. Raises ReasonNeeded, IsDraft (a draft is deleted) and IsAnnulled.
    """
    check_reason(reason)
    with acting(by, row, Act.ANNUL, reason, seen=seen, right="annul") as found:
        if found.is_annulled:
            raise IsAnnulled(name_of(found))
        if not needs_reason(found):
            raise IsDraft(name_of(found))
        found.annulled_at = now()
        found.save()
    return found


def restore(by, row, reason, seen=None):
    """Let an annulled row stand again. Raises ReasonNeeded and IsNotAnnulled."""
    check_reason(reason)
    with acting(by, row, Act.RESTORE, reason, seen=seen, right="restore") as found:
        if not found.is_annulled:
            raise IsNotAnnulled(name_of(found))
        found.annulled_at = None
        found.save()
    return found


def take_away(row):
    """Take a line out of the row in whose form it stands, inside of `writing()`: a draft is deleted.

    What was published is annulled; the writer asks for the reason. The form asked for the right.
    """
    if not needs_reason(row):
        row.delete()
    elif not row.is_annulled:
        row.annulled_at = now()
        row.save()


def transcribe(by, row, values, reason, source, seen=None):
    """Put right what was copied wrongly, {column: value}: planned dates of the public too. Return the row.

    `source` says where the right words stand. What tells rows apart, and what publishes them, does not change
    so. Raises SourceNeeded, ReasonNeeded, StaysAsItIs, and ValidationError where a value is none.
    """
    check_reason(reason)
    if not clean(str(source or "")):
        raise SourceNeeded
    check_texts(values)
    with acting(by, row, Act.TRANSCRIBE, reason, source, seen, right="transcribe") as found:
        if found.is_annulled:
            raise IsAnnulled(name_of(found))
        fixed = {"annulled_at", found.publication_column, *identity_of(type(found))}
        copied = {each.name for each in columns_of(type(found))} - fixed
        for column, value in values.items():
            if column not in copied:
                raise StaysAsItIs(name_of(found), column=label_of(found, column))
            setattr(found, column, value)
        found.clean_fields(exclude={each.name for each in found._meta.fields} - set(values))
        found.clean()
        found.validate_constraints()
        found.save()
    return found


def strike(by, row, reason, column, text, seen=None):
    """Replace personal data by [dato omitido] in a row and in all that the log says of it; return the row.

    `text` is what stands in `column`; where the row repeats it in another column it goes there too. It goes
    as whole words, whatever their case and the spaces between them. Files and other rows are not touched:
    `striking.rows_with(text)` finds those. Raises ReasonNeeded, TooShort, DoesNotStandThere and Repeated.
    """
    check_reason(reason)
    words = Words(text)
    if words.find(clean(reason)):
        raise Repeated
    with acting(by, row, Act.STRIKE, reason, seen=seen, right="strike") as found:
        columns = {each.name: each for each in texts_to_strike(type(found))}
        if column not in columns or not words.find(getattr(found, column)):
            raise DoesNotStandThere(name_of(found), column=label_of(found, column))
        for name, each in columns.items():
            if words.find(value := getattr(found, name)):
                setattr(found, name, words.without(value, each.max_length))
        found.save()
        required("strike").struck.add((type(found), found.pk))
        strike_from_log(found, words)
    return found
