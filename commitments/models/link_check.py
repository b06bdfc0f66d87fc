"""What came of visiting links of evidence. No row of the record: it has no source, and is written over."""

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from .evidence import Evidence


class LinkCheck(models.Model):
    """The last visit to the link of an evidence; nothing of what stands there is kept.

    `responds` is null where nobody can tell: the link was not visited, or its server lets no program in.
    """

    class Fault(models.TextChoices):
        """Why a link did not respond, or why nobody can tell."""

        NO_NAME = "no_name", _("its host is not known")
        NO_CONNECTION = "no_connection", _("there is no connection to its host")
        TOO_SLOW = "too_slow", _("its host takes too long")
        NO_ANSWER = "no_answer", _("its host does not answer as web pages do")
        STATUS = "status", _("its host says that nothing is there, or that it failed")
        REDIRECTS = "redirects", _("it leads in circles, or nowhere")
        NOT_VISITED = "not_visited", _("it leads to no public web address")
        CERTIFICATE = "certificate", _("no secure connection to its host can be verified")
        REFUSED = "refused", _("its host lets no program in")

    # Those that say nothing of what a reader meets.
    UNTOLD = (Fault.NOT_VISITED, Fault.CERTIFICATE, Fault.REFUSED)

    evidence = models.OneToOneField(
        Evidence, verbose_name=_("evidence"), on_delete=models.CASCADE, related_name="link_check"
    )
    # The link as it was visited: of another one this says nothing.
    url = models.CharField(_("address"), max_length=1000)
    checked_at = models.DateTimeField(_("checked at"), db_index=True)
    responds = models.BooleanField(_("responds"), null=True)
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    fault = models.CharField(_("fault"), max_length=13, blank=True, choices=Fault)
    good_at = models.DateTimeField(_("last responded at"), null=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        constraints = [
            models.CheckConstraint(
                name="link_check_failing_since_a_failure",
                # Of null a database says neither yes nor no, and lets it pass.
                condition=models.Q(responds__isnull=False, responds=False, failing_since__isnull=False)
                | models.Q(responds__isnull=False, responds=True, failing_since__isnull=True)
                | models.Q(responds__isnull=True, failing_since__isnull=True),
            )
        ]

    def __str__(self):
        return f"{self.evidence_id}: {self.fault or 'ok'}"

    def note(self, url, visit, at):
        """Note the Visit of a link at a moment; what was known of another link is forgotten."""
        if url != self.url:
            self.url, self.good_at, self.failing_since = url, None, None
        self.checked_at, self.status, self.fault = at, visit.status, visit.fault
        self.responds = None if visit.fault in self.UNTOLD else not visit.fault
        if self.responds:
            self.good_at = at
        self.failing_since = (self.failing_since or at) if self.responds is False else None

    # For readers, by days in Peru.

    @property
    def checked_on(self):
        return localtime(self.checked_at).date()

    @property
    def responded_on(self):
        return self.good_at and localtime(self.good_at).date()

    @property
    def failing_since_on(self):
        return self.failing_since and localtime(self.failing_since).date()

    @property
    def is_gone(self):
        """Whether it failed on more than one day: once, any server may be away."""
        return self.responds is False and self.failing_since_on < self.checked_on
