"""Changes of published rows that are kept as proposals; a publisher accepts or refuses them."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from record.applying import outdated
from record.guarding import OWN_PROPOSAL
from record.models.log import Change, Proposal
from record.proposing import accept, is_for_others, keep, may_write, proposals_for, refuse
from record.rights import may, may_publish
from record.writing import WriteRefused

from .changes import Reader, described, kind_name, model_of
from .sending import written

PROPOSE = "_propose"
# The buttons of Django's own form.
SAVING = ("show_save", "show_save_and_continue", "show_save_and_add_another")


class Proposing:
    """The button that keeps a change as a proposal; a mixin for the pages of a model of the record."""

    def write(self, request, view, object_id, *args, **kwargs):
        """Answer with the view of a form; one that asks for it is kept as a proposal, and not written.

        What is proposed anew has no row yet: its proposal names row 0.
        """
        if PROPOSE not in request.POST:
            return super().write(request, view, object_id, *args, **kwargs)
        if not may(request.user, "propose", self.model):
            raise PermissionDenied
        with transaction.atomic():
            response = written(request, view, object_id, *args, is_proposal=True, **kwargs)
            transaction.set_rollback(True)
        if response.status_code != 302:
            return response
        if not request.writing.changes:
            self.message_user(request, _("Nothing was changed."))
            return response
        row = request.proposed if object_id is None else self.get_object(request, unquote(object_id))
        proposal = keep(request.writing, row, is_new=object_id is None)
        sentence = _("Your change of “%(name)s” was proposed.") % {"name": proposal.name}
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(address_of(proposal))

    def response_add(self, request, obj, post_url_continue=None):
        if PROPOSE in request.POST:
            request.proposed = obj
            return HttpResponseRedirect(request.get_full_path())
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if PROPOSE in request.POST:
            # What was done is told once it is kept.
            return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Offer to keep a change of a published row, and tell of those that were kept.

        Whoever publishes nothing may keep a new row so, too, and a change of what is published only so.
        """
        proposes = may(request.user, "propose", obj or self.model)
        if obj is None:
            context["offers_proposal"] = proposes and not may_publish(request.user) and self.may_be_public()
        else:
            is_asked = self.is_editing(request, obj) and self.asks_for_reason(request, obj)
            context["offers_proposal"] = proposes and is_asked
            if proposes and not may(request.user, "change", obj):
                context |= dict.fromkeys(SAVING, False)
            context["notes"] = [*context.get("notes", []), *self.notes_of_proposals(request, obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def may_be_public(self):
        """Tell whether a new row may be public as soon as it is stored: it has no state of its own."""
        return not getattr(self.model, "publication_column", "")

    def notes_of_proposals(self, request, obj):
        """Return the sentence that leads to the open proposals of a row; none where there are none."""
        of_row = {"model": obj._meta.label_lower, "object_id": obj.pk, "state": Proposal.State.OPEN}
        found = list(proposals_for(request.user).filter(**of_row)[:10])
        if not found:
            return []
        words = ngettext("A change of this row is proposed:", "Changes of this row are proposed:", len(found))
        links = ((address_of(each), each.reason or each.at) for each in found)
        linked = format_html("{} ", words)
        for address, text in links:
            linked += format_html('<a href="{}">{}</a> ', address, text)
        return [linked]


def address_of(proposal):
    """Return the address of the page of a proposal."""
    return reverse("admin:record_proposal_change", args=[quote(proposal.pk)])


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 2, "class": "vLargeTextField line"}),
        help_text=gettext_lazy("Whoever proposed it reads this; the public does not. To refuse, say why."),
    )


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """Proposals: read by whoever made them, answered by whoever may publish."""

    list_display = ["name", "kind", "state", "reason", "by_name", "at"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["name", "reason", "by_name"]
    # The others are read on a page of their own.
    actions = None

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        user = request.user
        own = proposals_for(user)
        if obj is not None:
            return own.filter(pk=obj.pk).exists()
        return may(user, "view", Proposal) or own.exists()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return proposals_for(request.user).order_by("-pk")

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, proposal):
        return kind_name(proposal.model)

    def history_view(self, request, object_id, extra_context=None):
        """Lead to the proposal: it never changes, but is answered, and says so itself."""
        return HttpResponseRedirect(reverse("admin:record_proposal_change", args=[object_id]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a proposal beside what is; accept or refuse it."""
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None or not self.has_view_permission(request, proposal):
            raise Http404
        is_answering = (
            proposal.state == Proposal.State.OPEN
            and may_publish(request.user)
            and may_write(request.user, proposal.changes)
        )
        form = AnswerForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self.answered(request, proposal, form):
            return HttpResponseRedirect(request.path)
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {
            "title": _("Proposed change: %(name)s") % {"name": proposal.name},
            "subtitle": None,
            "opts": self.opts,
            "proposal": proposal,
            "changes": told(proposal, request.user),
            "address": address_of_row(proposal),
            "form": form if is_answering else None,
        }
        if is_answering and is_for_others(proposal, request.user):
            context["waits_for_another"] = OWN_PROPOSAL
        if proposal.state == Proposal.State.OPEN:
            context |= meanwhile(proposal, request.user)
        return TemplateResponse(request, "admin/proposal.html", context)

    def answered(self, request, proposal, form):
        """Accept or refuse a proposal; return whether it was. The form has the words of who refuses that."""
        answer = form.cleaned_data["answer"]
        try:
            if "_accept" in request.POST:
                accept(proposal, request.user, answer)
                messages.success(request, _("What was proposed is done."))
            elif "_refuse" in request.POST:
                refuse(proposal, request.user, answer)
                messages.success(request, _("The proposal was refused."))
            else:
                raise PermissionDenied
        except WriteRefused as refused:
            form.add_error(None, refused)
            return False
        return True


def told(proposal, user):
    """Return the changes of a proposal in words."""
    columns = ("model", "object_id", "name", "action", "columns", "source")
    changes = [Change(**{name: each[name] for name in columns}) for each in proposal.changes]
    return described(changes, user)


def meanwhile(proposal, user):
    """Return what of an open proposal holds no more: `outdated` side by side, or `refused` in words."""
    try:
        found = outdated(proposal.changes)
    except WriteRefused as refused:
        return {"refused": " ".join(refused.messages)}
    rows = []
    for each in found:
        model = model_of(each.change["model"])
        reader = Reader(user, [(model, {each.column: [each.before, each.stored, each.wanted]})])
        [column] = reader.columns(model, {each.column: [each.before, each.stored]}) or [None]
        if column is not None:
            rows.append(
                (each.change["name"], column, reader.side(model._meta.get_field(each.column), each.wanted))
            )
    return {"outdated": rows}


def address_of_row(proposal):
    """Return the address of the form of the row of a proposal; None where it has none."""
    name = proposal.model.replace(".", "_")
    try:
        return reverse(f"admin:{name}_change", args=[quote(proposal.object_id)])
    except NoReverseMatch:
        return None
