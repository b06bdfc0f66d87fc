"""How far the cards of a report that is being written are: who has one, and which were closed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from record.models import Change

from .assessment import Assessment


def account(label):
    """Return a column that names an account, and stays when that goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )


class CardWork(models.Model):
    """The work on one card. No row of the record, and never public.

    A card is with the secretariat or, as long as `given_to` says so, with an entity whose focal points draft
    its texts. It is ready if nothing was written in it since it was closed: `closed_at_change` is the last
    change of it that whoever closed it had read.
    """

    card = models.OneToOneField(
        Assessment, verbose_name=_("assessment"), on_delete=models.CASCADE, related_name="work"
    )
    given_to = models.ForeignKey(
        Entity,
        verbose_name=_("given to"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    given_by, given_at = account(_("given by")), models.DateTimeField(_("given at"), null=True)
    given_back_by = account(_("given back by"))
    given_back_at = models.DateTimeField(_("given back at"), null=True)
    closed_by, closed_at = account(_("closed by")), models.DateTimeField(_("closed at"), null=True)
    closed_at_change = models.PositiveBigIntegerField(_("change at which it was closed"), null=True)

    class Meta:
        ordering = ["card"]
        verbose_name = _("work on a card")
        verbose_name_plural = _("work on cards")

    def __str__(self):
        return str(self.card_id)


class CardState(models.TextChoices):
    """How far a card is."""

    EMPTY = "empty", _("Empty")
    IN_WORK = "in_work", _("In work")
    READY = "ready", _("Ready")


def last_changes(cards):
    """Return {pk: its changes of the log, the oldest first} of some cards, with who wrote them."""
    found = {card.pk: [] for card in cards}
    changes = Change.objects.filter(model=Assessment._meta.label_lower, object_id__in=found)
    # What was and what is may be long texts, and are not asked for here.
    for change in changes.defer("columns").select_related("entry__by").order_by("pk"):
        found[change.object_id].append(change)
    return found


def state_of(card, work, changes):
    """Return the CardState of a card, from its work or None, and from its changes, the oldest first.

    Empty is what nobody wrote in since the report was opened.
    """
    last = changes[-1].pk if changes else 0
    if work and work.closed_at and work.closed_at_change == last:
        return CardState.READY
    is_written = card.level or any(change.action != Change.Action.CREATED for change in changes)
    return CardState.IN_WORK if is_written else CardState.EMPTY
