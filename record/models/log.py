"""The log of changes: what was written, when, why and by whom; and the version of the record."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """How often the public record changed: one row, that the writer counts up as its last statement."""

    number = models.PositiveBigIntegerField(_("number"), default=0)
    at = models.DateTimeField(_("at"), null=True)

    class Meta:
        verbose_name = _("version of the record")
        verbose_name_plural = _("versions of the record")

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """Return the number of the version that readers see; 0 before anything was written."""
        return (cls.stamp() or [0])[0]

    @classmethod
    def stamp(cls):
        """Return number and moment of the version that readers see, to compare; None before there is one.

        Other than the number, it is another one too in a database that was emptied or put back. Every list
        asks it, so it is asked without the ORM, at a tenth of the cost.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT number, at FROM {cls._meta.db_table} WHERE id = 1")
            return cursor.fetchone()

    @classmethod
    def renew(cls):
        """Give the version another moment, after rows that no entry tells of were written.

        What processes keep of the version is then made anew.
        """
        cls.objects.filter(pk=1).update(at=now())

    @classmethod
    def step(cls, entry):
        """Count one version up, as that of an entry. Whoever writes next waits here until this is written."""
        entry.version = cls._stepped(entry)
        if entry.version is None:
            cls.objects.bulk_create([cls(pk=1)], ignore_conflicts=True)
            entry.version = cls._stepped(entry)

    @classmethod
    def _stepped(cls, entry):
        step = f"UPDATE {cls._meta.db_table} SET number = number + 1, at = %s WHERE id = 1 RETURNING number"
        values = [connection.ops.adapt_datetimefield_value(entry.at)]
        # One statement where the database can, so that it is the last one; SQLite has one writer at a time.
        is_one = connection.vendor == "postgresql"
        if is_one:
            step = (
                f"WITH step AS ({step}) UPDATE {Entry._meta.db_table} SET version = step.number FROM step "
                f"WHERE {Entry._meta.db_table}.id = %s RETURNING version"
            )
            values.append(entry.pk)
        with connection.cursor() as cursor:
            cursor.execute(step, values)
            [number] = cursor.fetchone() or [None]
        if not is_one:
            Entry.objects.filter(pk=entry.pk).update(version=number)
        return number


class Act(models.TextChoices):
    """What somebody did, in the words of the field."""

    EDIT = "edit", _("Edited")
    PUBLISH = "publish", _("Published")
    ANNUL = "annul", _("Annulled")
    RESTORE = "restore", _("Restored")
    CORRECT = "correct", _("Corrected")
    TRANSCRIBE = "transcribe", _("Copied again")
    REPORT = "report", _("Reported progress")
    SUBMIT = "submit", _("Submitted")
    RETURN = "return", _("Returned")
    TAKE_BACK = "take_back", _("Taken back")
    HAND_OVER = "hand_over", _("Handed over")
    STRIKE = "strike", _("Personal data taken out")
    REVERT = "revert", _("Went back to an earlier version")
    ACCEPT = "accept", _("Accepted a proposal")
    IMPORT = "import", _("Imported")
    LOAD = "load", _("Loaded")


class Entry(models.Model):
    """What was written together: one transaction, one reason.

    `version` is the version of the record that it made, null where the public sees nothing of it. `as_of` is
    the day of which it speaks, where that is another than the day on which it was written.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Stays when the account goes. Never public.
    by_name = models.CharField(_("name of the account"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"), db_index=True)
    act = models.CharField(_("act"), max_length=10, choices=Act, default=Act.EDIT)
    reason = models.TextField(_("reason"), blank=True)
    source = models.TextField(_("where the right words stand"), blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    version = models.PositiveBigIntegerField(_("version of the record"), null=True, blank=True, unique=True)
    # The file that was imported. Never public.
    file = models.CharField(_("file"), max_length=200, blank=True)
    # The form that was sent, so that the same one sent twice does its work once.
    form = models.CharField(_("form"), max_length=36, null=True, blank=True, unique=True)
    # Whether a publisher published his own words, or accepted what he had proposed. Never public.
    is_alone = models.BooleanField(_("without a second pair of eyes"), default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")

    def __str__(self):
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d %H:%M}"


class ChangeQuerySet(models.QuerySet):
    def public(self):
        """Keep what the public may read."""
        return self.filter(public_at__isnull=False)

    def annulling(self):
        """Keep the public changes that annulled something, each with the reason in its entry."""
        return self.public().filter(action=Change.Action.ANNULLED).select_related("entry")

    def of(self, row):
        """Keep the changes of one row, the first one first."""
        return self.filter(model=row._meta.label_lower, object_id=row.pk).order_by("pk")

    def on_page_of(self, row):
        """Keep the changes of what stands on the page of a row, the newest first."""
        pages = {"pages__model": row._meta.label_lower, "pages__object_id": row.pk}
        return self.filter(**pages).order_by("-pk")

    def seen(self, rows):
        """Return {(model, pk): pk of the last change} of some rows, given as {model: pks}; 0 without one.

        That number is the version of a row: whoever writes a form says which one he had read.
        """
        condition = models.Q(pk__in=[])
        for model, pks in rows.items():
            condition |= models.Q(model=model._meta.label_lower, object_id__in=pks)
        found = self.filter(condition).order_by().values_list("model", "object_id").annotate(Max("pk"))
        last = {(label, pk): number for label, pk, number in found}
        return {
            (model, pk): last.get((model._meta.label_lower, pk), 0)
            for model, pks in rows.items()
            for pk in pks
        }


class Change(models.Model):
    """What an entry did to one row.

    `columns` has what was and what is, of each column that changed: {"title_es": ["Antes", "Ahora"]}; rows of
    other models stand there by their pks. A new row keeps none, since it says itself what it says; one that
    is gone keeps all. `public_at` is null where the public may not read it: edits of drafts stay private
    when the row is published.
    """

    class Action(models.TextChoices):
        CREATED = "created", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        PUBLISHED = "published", _("Published")
        ANNULLED = "annulled", _("Annulled")
        RESTORED = "restored", _("Restored")
        STRUCK = "struck", _("Personal data taken out")
        # The first loading, as one: `columns` counts the rows of each kind, 0 before.
        LOADED = "loaded", _("Loaded")

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="changes"
    )
    model = models.CharField(_("kind"), max_length=60, blank=True)
    object_id = models.BigIntegerField(_("row"), null=True, blank=True)
    # What people called the row then: its public identifier, or its words.
    name = models.CharField(_("name"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    # Of this row, where one entry has several.
    source = models.TextField(_("where the right words stand"), blank=True)
    public_at = models.DateTimeField(_("public since"), null=True, blank=True, db_index=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(fields=["model", "object_id"], name="change_of_row")]

    def __str__(self):
        return f"{self.get_action_display()}: {self.name or self.model}"


class ChangedPage(models.Model):
    """A page on which a change is seen: that of the row itself, or of what it belongs to."""

    change = models.ForeignKey(
        Change, verbose_name=_("change"), on_delete=models.CASCADE, related_name="pages"
    )
    model = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("row"))

    class Meta:
        verbose_name = _("changed page")
        verbose_name_plural = _("changed pages")
        indexes = [models.Index(fields=["model", "object_id", "change"], name="changes_on_page")]

    def __str__(self):
        return f"{self.model} {self.object_id}"


class Proposal(models.Model):
    """Changes that somebody proposes, kept until a publisher accepts or refuses them. Never public.

    `changes` is a list of {"model", "object_id", "name", "action", "columns"}, as Changes are; a new row
    keeps its values there.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    by_name = models.CharField(_("name of the account"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.TextField(_("reason"), blank=True)
    model = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=list)
    form = models.CharField(_("form"), max_length=36, null=True, blank=True, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_by_name = models.CharField(_("name of the account that answered"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")

    def __str__(self):
        return f"{self.name}: {self.reason}"[:100]
