"""The milestone, its updates, and lateness: the clocks that no re-planning resets."""

from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from plans.models import Report
from record.dates import dates_in_order, today
from record.models import Act, Change
from record.publication import Status as Publication
from record.publication import holds, needs_reason, other_end, standing_along
from record.reading import read_parts, together, with_parts
from record.rights import is_focal_point, visible_to
from record.search import Searchable, SearchableQuerySet, among, contains
from record.sources import Sourced
from record.text import Bilingual, Translated
from record.writing import WriteRefused

from ..state import COMPLETE, REPORTED, UNREPORTED, WITHDRAWN
from .responsibility import MilestoneResponsible, answered_by
from .state import StateQuerySet, WithState, days_between, promised

# Past due, and nobody says whether it was done; and of these: nobody said anything since.
UNKNOWN = Q(now__past_due=True, now__is_overdue=None)
SILENT = UNKNOWN & (Q(now__reported_on=None) | Q(now__reported_on__lt=F("now__due_on")))


@dataclass(frozen=True)
class Progress:
    """What the milestones of something say on a day. Never mixed with completion, which reports judge."""

    total: int
    complete: int
    overdue: int
    unreported: int
    # Past due, and nobody says whether it was done: neither late nor in time (rule 4).
    unknown: int
    # Of these: nobody said anything since it was due. Of the others somebody spoke, without a state.
    silent: int
    # No source gives an end, neither planned nor announced: late or in time, that cannot be said either.
    undated: int

    # How each is counted, of milestones `with_state`.
    COUNTED = {
        "total": Q(),
        "complete": Q(now__status=COMPLETE),
        "overdue": Q(now__is_overdue=True),
        "unreported": Q(now__status=UNREPORTED),
        "unknown": UNKNOWN,
        "silent": SILENT,
        "undated": Q(now__due_on=None),
    }

    @classmethod
    def read(cls, counts):
        """Return the Progress that some counts by name tell; None where there are no milestones (rule 1)."""
        return cls(**{name: counts[name] for name in cls.COUNTED}) if counts["total"] else None

    @classmethod
    def of(cls, milestones):
        """Count milestones that were read `with_state`; None where there are none (rule 1)."""
        milestones = list(milestones)
        return cls.read(
            {
                "total": len(milestones),
                "complete": sum(each.status == COMPLETE for each in milestones),
                "overdue": sum(each.is_overdue is True for each in milestones),
                "unreported": sum(each.status == UNREPORTED for each in milestones),
                "unknown": sum(each.is_unknown for each in milestones),
                "silent": sum(each.is_silent for each in milestones),
                "undated": sum(each.due_on is None for each in milestones),
            }
        )

    @property
    def spoken(self):
        """How many are past due of which somebody spoke since, without saying whether it was done."""
        return self.unknown - self.silent


# Why a milestone needs a word, and the days ahead that "soon" means.
FOLLOW_UP = [
    ("overdue", _("Past due and reported as not complete")),
    ("silent", _("Past due, and nobody has reported since")),
    ("spoken", _("Past due, and reported since without a state")),
    ("due", _("Due in the next 90 days")),
    ("undated", _("No source gives an end")),
    ("unreported", _("Nothing reported")),
    ("unproved", _("Reported, and no link proves it")),
]
DUE_SOON_DAYS = 90


def needs_word(what, on):
    """Return the condition that a milestone, `with_state(on)`, needs a word for a reason of FOLLOW_UP.

    Of a plan that had not begun nothing was due: ask `begun(on)` too.
    """
    match what:
        case "overdue" | "unreported" | "undated" | "silent" | "unknown":
            return Progress.COUNTED[what]
        case "spoken":
            return UNKNOWN & Q(now__reported_on__gte=F("now__due_on"))
        case "due":
            # Of a plan that nobody follows any more nothing will be reported.
            until = "commitment__plan__followed_until"
            followed = Q(**{until: None}) | Q(**{f"{until}__gte": on})
            done = Q(now__status__in=[Update.Status.COMPLETE, Update.Status.WITHDRAWN])
            soon = Q(now__due_on__gte=on, now__due_on__lte=on + timedelta(days=DUE_SOON_DAYS))
            return followed & soon & ~done
        case "unproved":
            return ~Q(now__status=UNREPORTED) & lacks_evidence(on)
    raise ValueError(what)


def lacks_evidence(on):
    """Return the condition that no link proves a milestone (`proofs`)."""
    # Found once, of all milestones: asked of each it takes a database minutes that chooses its way badly.
    own, of_updates = (rows.order_by().values("milestone") for rows in proofs(on))
    return ~Q(pk__in=own) & ~Q(pk__in=of_updates)


def proofs(on):
    """Return two querysets of rows with a `milestone` that prove it: its own links, and updates with a link.

    The updates are those that speak of a day up to `on`.
    """
    own = other_end(Milestone, "evidence").said().filter(milestone__isnull=False)
    proved = other_end(Update, "evidence").model.said("evidence__") & standing_along(Update, "evidence")
    return own, Update.objects.as_of(on).filter(proved)


def proved(on):
    """Return the keys of the milestones that a link proves (`proofs`)."""
    return set(together([rows.values_list("milestone", flat=True) for rows in proofs(on)]))


def evidence_of(model):
    """Return the prefetch of the published evidence of rows that the public reads, with its documents."""
    rows = other_end(model, "evidence").said().select_related("document", "link_check")
    return models.Prefetch("evidence", rows)


def changes_of_update(*acts):
    """Return the changes, by some acts or by any, of the update that an outer query reads."""
    changes = Change.objects.filter(model="commitments.update", object_id=OuterRef("pk"))
    return changes.filter(entry__act__in=acts) if acts else changes


class UpdateQuerySet(SearchableQuerySet):
    def as_of(self, on):
        """Keep the published updates that speak of a day up to `on`, without those that others correct."""
        # Corrections are few. What they correct is asked for apart, and not joined: to plan the joins takes
        # PostgreSQL longer than all the rest.
        corrected = Update.everything.filter(pk=OuterRef("corrects"))
        # A correction speaks of the day of what it corrects (rule 4).
        speaks_of_it = Q(corrects=None, as_of__lte=on) | Exists(corrected.filter(as_of__lte=on))
        # Civil society puts right its own words only.
        heard = Q(report=None) | Q(report__author__in=Report.LEVEL_SETTING_AUTHORS)
        its_own = Exists(corrected.filter(report__author=Report.Author.CIVIL_SOCIETY))
        corrections = Update.objects.published().filter(heard | its_own, corrects__isnull=False)
        # Found once, not asked for again of each update.
        return self.published().filter(speaks_of_it).exclude(pk__in=corrections.order_by().values("corrects"))

    def latest_first(self):
        """Order by the day that the updates speak of, the latest first."""
        return self.order_by("-as_of", "-number", "-pk")

    # On their way to the public.

    def waiting(self):
        """Keep those that wait for SGP, the one first that waits longest: `submitted_at` says since when."""
        sent = changes_of_update(Act.SUBMIT).order_by("-pk").values("entry__at")[:1]
        rows = self.filter(workflow=Update.Workflow.SUBMITTED).annotate(submitted_at=Subquery(sent))
        return rows.order_by(F("submitted_at").asc(nulls_first=True), "pk")

    def returned_to(self, user):
        """Keep those that were returned to somebody: his own or, of a focal point, all of his entities."""
        return self.filter(workflow=Update.Workflow.RETURNED).written_for(user)

    def drafts_of(self, user):
        """Keep the drafts that wait for somebody to submit them: whose they are, `returned_to` says."""
        return self.filter(workflow=Update.Workflow.DRAFT).written_for(user)

    def written_for(self, user):
        if is_focal_point(user):
            return visible_to(user, self)
        wrote = changes_of_update().filter(entry__by=user).exclude(entry__act=Act.RETURN)
        return self.filter(Exists(wrote))


class MilestoneQuerySet(StateQuerySet):
    def progress_by(self, column, on, *further):
        """Return {value of a column: Progress} of these milestones on a day; of several, of their tuples."""
        counts = {name: Count("pk", filter=condition) for name, condition in Progress.COUNTED.items()}
        rows = self.with_state(on).order_by().values(column, *further).annotate(**counts)
        names = itemgetter(column, *further)
        return {names(row): Progress.read(row) for row in rows}

    def answered_by(self, entities):
        """Keep the milestones for which one of some entities answers (`responsibility.answered_by`)."""
        return self.filter(answered_by(entities))

    def lacking_evidence(self, on):
        """Keep the milestones that no link proves up to a day (`lacks_evidence`)."""
        return self.filter(lacks_evidence(on))

    def follow_up(self, what, on):
        """Keep the milestones that need a word on a day, for one of the reasons of FOLLOW_UP.

        `unknown` is what is `silent` or `spoken`. Of a plan that had not begun nothing was due.
        """
        return self.begun(on).with_state(on).filter(needs_word(what, on))

    def for_page(self, on):
        """Return a list of milestones with what the page of their commitment says of each on a date.

        Their evidence and their documents are read with those of the whole page.
        """
        corrected = Update.everything.select_related("report__plan", "milestone__commitment__plan")
        updates = Update.objects.as_of(on).order_by("as_of", "number").select_related("report")
        updates = updates.prefetch_related(models.Prefetch("corrects", corrected))
        rows = list(with_parts(self.with_state(on), "responsible", "updates"))
        read_parts(
            rows,
            models.Prefetch("responsible", MilestoneResponsible.objects.select_related("entity")),
            models.Prefetch("updates", updates, to_attr="updates_on"),
        )
        return rows

    def begun(self, on):
        """Keep the milestones of what had been promised by a day (`promised`)."""
        return self.filter(promised(on, "commitment__"))

    def for_reading(self, on):
        """Fetch what lists and pages say of a milestone on a date, in a fixed number of queries."""
        return (
            self.with_state(on)
            .select_related("commitment__plan", "document")
            .prefetch_related(
                models.Prefetch("responsible", MilestoneResponsible.objects.select_related("entity")),
                models.Prefetch(
                    "updates",
                    Update.objects.as_of(on)
                    .order_by("as_of", "number")
                    .select_related(
                        "report",
                        "document",
                        "corrects__report__plan",
                        "corrects__milestone__commitment__plan",
                    )
                    .prefetch_related(evidence_of(Update)),
                    to_attr="updates_on",
                ),
                evidence_of(Milestone),
            )
        )


def milestones_reported_to_have(part):
    """Return the keys of the milestones on which an update has a part of a term."""
    return Update.objects.published().filter(contains(part)).order_by().values("milestone")


class Milestone(WithState, Translated, Searchable, Sourced):
    """A step of a commitment that is scheduled and proved. Its planned dates stay as they were promised."""

    part_of = "commitment"

    search_columns = ("activity", "means_of_verification", "note")
    search_identifiers = ("code",)

    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.PROTECT,
        related_name="milestones",
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    activity_es = models.TextField(_("activity in Spanish"), blank=True)
    activity_en = models.TextField(_("activity in English"), blank=True)
    means_of_verification_es = models.TextField(_("means of verification in Spanish"), blank=True)
    means_of_verification_en = models.TextField(_("means of verification in English"), blank=True)
    starts_on = models.DateField(_("planned start"), null=True, blank=True)
    starts_as_printed = models.CharField(_("start as printed"), max_length=100, blank=True)
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    ends_as_printed = models.CharField(_("end as printed"), max_length=100, blank=True)
    responsible_as_printed = models.CharField(_("responsible as printed"), max_length=500, blank=True)
    note_es = models.TextField(_("note in Spanish"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    activity = Bilingual()
    means_of_verification = Bilingual()
    note = Bilingual()
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["commitment__plan__number", "commitment__number", "number"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "number"], name="one_milestone_per_commitment_and_number"
            ),
            models.CheckConstraint(
                name="milestone_has_an_activity",
                condition=~Q(activity_es="") | ~Q(activity_en=""),
                violation_error_message=_("A milestone needs its activity in Spanish or in English."),
            ),
            dates_in_order("milestone_dates_in_order"),
        ]

    def __str__(self):
        return Truncator(f"{self.code} {self.activity}").chars(100)

    def derive(self):
        super().derive()
        self.code = f"{self.commitment.code}-{self.number}"

    DATES_STAND = _(
        "Planned dates that are public do not move. Record an update with the new date and its reason; or, "
        "if the date was copied wrongly, say where the right one stands."
    )

    def check_change(self, columns, source):
        """Refuse to move planned dates that are public, but for a mistake in copying them (rule 3)."""
        super().check_change(columns, source)
        if {"starts_on", "ends_on"} & set(columns) and not source:
            raise WriteRefused(self.DATES_STAND, code="dates_stand")

    def moves_public_dates(self):
        """Tell whether saving this row would change planned dates that the public has read."""
        if self._state.adding or not needs_reason(self):
            return False
        before = Milestone.everything.filter(pk=self.pk).values_list("starts_on", "ends_on").first()
        return before is not None and before != (self.starts_on, self.ends_on)

    def get_absolute_url(self):
        return f"{reverse('commitments:commitment-detail', args=[self.commitment.code])}#{self.code}"

    @classmethod
    def has(cls, part):
        """Return the condition that the milestone, or an update on it, has a part of a term."""
        return contains(part) | among(milestones_reported_to_have, part)

    # What follows reads the state that `with_state(on)` read.

    @property
    def status(self):
        """The last status that was stated, or that something or nothing was reported."""
        return self.now.status if self.now else UNREPORTED

    @property
    def stated(self):
        """The last status that an update stated, or None."""
        return None if self.status in (REPORTED, UNREPORTED) else self.status

    @property
    def status_on(self):
        """The day of the last status that was stated, or None."""
        return self.now and self.now.status_on

    @property
    def status_label(self):
        """The status in the reader's language."""
        return _LABEL_OF_STATUS[self.status]

    @property
    def percent(self):
        """The last percentage that was stated, or None."""
        return self.now and self.now.percent

    @property
    def done_on(self):
        """The day on which it was done, as said last, or None."""
        return self.now and self.now.done_on

    def due_on_day(self, on):
        """Return its due date as known on a day, asked of the database; None where no source gives one."""
        return self.states.on(on).values_list("due_on", flat=True).first()

    @property
    def last_reported_on(self):
        """The day of the last update, or None."""
        return self.now and self.now.reported_on

    @property
    def is_silent(self):
        """Whether it is past due, and nobody said anything since."""
        return self.is_unknown and (self.last_reported_on is None or self.last_reported_on < self.due_on)

    @property
    def drawn_as(self):
        """How it is drawn: the first that fits of 'done', 'withdrawn', 'late' (a report says that it is not
        done), 'silent' (past due, no word since), 'spoken' (past due, a word without a state), 'not-due',
        and without any due date 'said' or 'unsaid'.
        """
        if self.is_overdue:
            return "late"
        if self.is_silent:
            return "silent"
        if self.is_unknown:
            return "spoken"
        if self.status == COMPLETE:
            return "done"
        if self.status == WITHDRAWN:
            return "withdrawn"
        if self.due_on:
            return "not-due"
        return "unsaid" if self.status == UNREPORTED else "said"

    def _days_from(self, end):
        if self.is_overdue is False and self.status == COMPLETE and self.done_on and end:
            return days_between(end, max(end, self.done_on))
        return super()._days_from(end)


class Update(Translated, Searchable, Sourced):
    """What was said of one milestone on one date. A later word is a new update, never a changed one."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETE = "complete", _("Complete")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Workflow(models.TextChoices):
        """The way of an update: a draft is sent to SGP, which publishes it or returns it with a comment."""

        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        PUBLISHED = "published", _("Published")

    ON_THE_WAY = (Workflow.SUBMITTED, Workflow.RETURNED)

    belongs_to = ("milestone", "report")
    publication_column = "workflow"
    # What was said wrongly may be annulled, and what replaces it says so.
    may_name_annulled = ("corrects",)
    search_columns = ("text", "next")
    # The columns with what an update says, and where that stands.
    STATEMENT = (
        *("milestone", "as_of", "status", "percent", "corrects", "done_on", "done_as_printed"),
        *("new_end_on", "new_end_as_printed", "text_es", "text_en", "next_es", "next_en"),
        *("reason_es", "reason_en", "unofficial"),
        *("document", "place", "source_letter"),
    )

    # What people are asked for it, which is what it is called where they read it again.
    ASKED = {
        "as_of": _("Day"),
        "percent": _("Progress, in per cent"),
        "done_on": _("Completed on"),
        "text_es": _("What was done"),
        "next_es": _("What comes next"),
        "reason_es": _("Reason"),
        "new_end_on": _("New end"),
    }

    milestone = models.ForeignKey(
        Milestone, verbose_name=_("milestone"), on_delete=models.PROTECT, related_name="updates"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    code = models.CharField(_("code"), max_length=24, unique=True, editable=False)
    as_of = models.DateField(_("as of"), help_text=_("The day that it speaks of."))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status,
        null=True,
        blank=True,
        help_text=_("Empty where the text states none."),
    )
    percent = models.PositiveSmallIntegerField(
        _("per cent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    text_es = models.TextField(_("text in Spanish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    next_es = models.TextField(_("what comes next, in Spanish"), blank=True)
    next_en = models.TextField(_("what comes next, in English"), blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_as_printed = models.CharField(_("done on, as printed"), max_length=100, blank=True)
    new_end_on = models.DateField(_("new end"), null=True, blank=True)
    new_end_as_printed = models.CharField(_("new end as printed"), max_length=100, blank=True)
    reason_es = models.TextField(_("reason in Spanish"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    source_letter = models.CharField(_("letter that it quotes"), max_length=250, blank=True)
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text=_(
            "The update that this one puts right, perhaps of the wrong milestone; both stay in the record."
        ),
    )
    workflow = models.CharField(_("publication"), max_length=10, choices=Workflow, default=Workflow.DRAFT)

    text = Bilingual()
    next = Bilingual()
    reason = Bilingual()
    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = [
            "milestone__commitment__plan__number",
            "milestone__commitment__number",
            "milestone",
            "number",
        ]
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "number"], name="one_update_per_milestone_and_number"
            ),
            models.CheckConstraint(
                name="update_percent_up_to_100", condition=Q(percent__isnull=True) | Q(percent__lte=100)
            ),
            models.CheckConstraint(
                name="update_status_known",
                condition=Q(status__isnull=True)
                | Q(status__in=["not_started", "in_progress", "complete", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="update_workflow_known",
                condition=Q(workflow__in=["draft", "submitted", "returned", "published"]),
            ),
            models.CheckConstraint(
                name="replanning_has_a_reason",
                # A report that we transcribe may print a new date and no reason; nobody else may.
                condition=Q(new_end_on__isnull=True)
                | Q(report__isnull=False)
                | ~Q(reason_es="")
                | ~Q(reason_en=""),
                violation_error_message=_("A new end needs its reason."),
            ),
            models.CheckConstraint(
                name="update_says_something",
                condition=Q(status__isnull=False)
                | Q(percent__isnull=False)
                | Q(new_end_on__isnull=False)
                | ~Q(text_es="")
                | ~Q(text_en=""),
                violation_error_message=_("Say at least a status, a percentage, a new end or a text."),
            ),
        ]

    def __str__(self):
        return self.code

    @classmethod
    def published_with(cls, way):
        of_public = Milestone.public(f"{way}milestone__") & Report.none_or_public(f"{way}report__")
        return cls.said(way) & of_public

    STAYS = _("This update is published and stays as it is. What was wrong in it is put right by a new one.")

    WAITS = _("This update was submitted, and stays as it is until SGP publishes or returns it.")

    def derive(self):
        super().derive()
        self.code = f"{self.milestone.code}-u{self.number}"

    def check_change(self, columns, source):
        """Refuse to change what a published update says, but for a mistake in copying it (rule 3)."""
        super().check_change(columns, source)
        if set(columns) - {"annulled_at"} and not source:
            raise WriteRefused(self.STAYS, code="update_stays")

    @classmethod
    def settled(cls, way=""):
        """Return the condition that nobody edits an update: it waits for SGP, or is published."""
        return Q(**{f"{way}workflow": cls.Workflow.SUBMITTED}) | cls.said(way)

    def published_along(self):
        """Return the drafts of its evidence and the letters: what proves an update is published with it."""
        if self.workflow == self.Workflow.PUBLISHED:
            return []
        proofs = self.evidence.filter(status=Publication.DRAFT).select_related("document").order_by("pk")
        return [*proofs, *self.letters_of(self, *proofs)]

    def check_publication(self):
        """Refuse a second correction of an update, and to say a word twice that goes to another milestone."""
        super().check_publication()
        if self.corrects is None:
            return
        if other := self.corrects.standing_correction(beside=self):
            raise WriteRefused(
                self.CORRECTED, code="corrected", params={"name": self.corrects.code, "other": other.code}
            )
        if self.moves_word and not self.corrects.is_annulled:
            raise WriteRefused(
                self.SAID_TWICE,
                code="said_twice",
                params={"name": self.code, "other": self.corrects.code},
            )

    CORRECTED = _("“%(name)s” was corrected already, by “%(other)s”. Correct that one.")
    SAID_TWICE = _("“%(name)s” moves what “%(other)s” says to another milestone, which is annulled with it.")
    DAY_STAYS = _(
        "A correction speaks of the day of what it corrects. If that day itself is wrong, annul the update "
        "and report anew."
    )

    NOT_TO_COME = _("An update cannot speak of a day to come.")

    @property
    def moves_word(self):
        """Whether it is the correction of an update that stood on the wrong milestone."""
        return self.corrects is not None and self.corrects.milestone_id != self.milestone_id

    def standing_correction(self, beside=None):
        """Return the published update, but one, that corrects this one and was not annulled, or None."""
        others = self.corrections.filter(workflow=self.Workflow.PUBLISHED)
        return others.exclude(pk=beside and beside.pk).first()

    def lacks_reason(self):
        """Tell whether it has to say why and does not: it re-plans, withdraws, or leaves undone what was due.

        One that copies a report says what that says.
        """
        if self.report_id or self.reason_es or self.reason_en:
            return False
        return self.new_end_on is not None or self.is_behind(self.milestone.due_on_day(self.as_of))

    def is_behind(self, due_on):
        """Tell whether it says that a milestone, due on a day or never, is not where it was to be."""
        match self.status:
            case self.Status.COMPLETE:
                return False
            case self.Status.NOT_STARTED | self.Status.WITHDRAWN:
                return True
        return due_on is not None and due_on < self.as_of

    def replaced(self):
        """Return the update that this one corrects, if the public may read that at its address; or None."""
        wrong = self.corrects
        return wrong if wrong is not None and holds(Update.readable(), wrong) else None

    def clean(self):
        super().clean()
        if wrong := self.corrects:
            if wrong.pk == self.pk or wrong.workflow != self.Workflow.PUBLISHED:
                raise ValidationError({"corrects": _("Only a published update is corrected by another one.")})
            if self.as_of != wrong.as_of:
                raise ValidationError({"as_of": self.DAY_STAYS})
        if self.as_of and self.as_of > today():
            raise ValidationError({"as_of": self.NOT_TO_COME})

    def get_absolute_url(self):
        return (
            f"{reverse('commitments:commitment-detail', args=[self.milestone.commitment.code])}#{self.code}"
        )


STATUS_LABELS = [
    *Update.Status.choices,
    (REPORTED, _("Reported, without a status")),
    (UNREPORTED, _("Nothing reported")),
]
_LABEL_OF_STATUS = dict(STATUS_LABELS)
