"""How a form that was sent is answered: once, over the version that was read, with nothing lost."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import NestedObjects, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core import signing
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, router
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from record.models.log import Change
from record.publication import Public
from record.writing import SentTwice, WriteRefused, required, writing

from .comparing import typed_in
from .versions import FIELD, Opening, Sent, Slipped, as_it_was, by_whom, new_number, page_of, prefix_of

# How often a form is tried while others write the same rows.
ATTEMPTS = 5
# A number with so many digits is more than a key in a database.
KEY_DIGITS = 19
# How many changes of others are named one by one.
NAMED = 12

SAVED_ALREADY = _("This form was saved already; it was not saved again.")
BUSY = _("Others are saving the same rows just now, and nothing was saved. Send the form again.")
NEVER_OPENED = _("Nothing was deleted: the page that asks whether to was not opened before, or too long ago.")
CHANGED_BEFORE_DELETION = _(
    "Nothing was deleted: what would go was changed since you were asked. Look at it again."
)
OTHER_ROW_SAVED = _(
    "This form was saved already, as {row}, and then said something else. To change that row, open it. Sent "
    "again, what you typed is added as another row."
)

GONE = _("This row was deleted while you had its form open, or is not among yours any more.")
SETTLED = _("This row was changed while you had its form open, and you may not change it any more.")

# Django's own sentences, for our catalogues: its Spanish calls every row "el", also "el entidad".
REWORDED = (
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
)

_SALT = "faces.admin.deletion"


class Gone(Exception):
    """The row of a form that was sent is not there any more."""


def written(request, view, *args, form=None, held=None, is_proposal=False, **kwargs):
    """Answer with a view of the admin; what it writes, the user writes: it stands in `request.writing`.

    `form` identifies what was sent; `held` are rows that nobody else may write, as {model: pks}; of a
    proposal only the changes are found. What the user is told is told once it was written. Raises
    WriteRefused.
    """
    request.said = []
    with writing(request.user, request.POST.get("change_reason", ""), form=form) as this:
        request.writing, this.is_proposal = this, is_proposal
        this.hold(held or {})
        response = view(request, *args, **kwargs)
        # Lists and forms are written out late; what they show is of this moment.
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
    return response


class SentOnce:
    """The pages of a model, whose forms and deletions act on the versions that were read, and act once."""

    def changelist_view(self, request, *args, **kwargs):
        if not all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise SuspiciousOperation("No row has such a key.")
        try:
            return self._answer_plainly(request, super().changelist_view, *args, **kwargs)
        except OverflowError:
            # A number in the address is more than SQLite knows: Django asks to mend the address so.
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def _answer_plainly(self, request, view, *args, **kwargs):
        """Answer with a view that has no form to show again: what is refused is told on the same page."""
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            response = written(request, view, *args, **kwargs)
        except WriteRefused as refused:
            request.said = [(" ".join(refused.messages), messages.ERROR)]
            response = HttpResponseRedirect(request.get_full_path())
        self._say(request)
        return response

    def write(self, request, view, *args, **kwargs):
        """Answer with the view of a form that was sent; what it writes is written."""
        return written(request, view, *args, **kwargs)

    # What is said.

    def message_user(self, request, message, level=messages.INFO, *args, **kwargs):
        """Tell the user something, once it was written."""
        if getattr(request, "said", None) is None:
            super().message_user(request, message, level, *args, **kwargs)
        else:
            request.said.append((message, level, *args))

    def _say(self, request):
        said, request.said = request.said, None
        for each in said:
            super().message_user(request, *each)

    # Forms.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        is_new = object_id is None or "_saveasnew" in request.POST
        pk = object_id and unquote(object_id)
        sent = request.sent = Sent(request.POST, self.model, pk, is_new, request.FILES)
        if is_new and self.has_add_permission(request) and (answer := self._answer_new(request, sent)):
            return answer
        return self._answer(request, sent, view, object_id, form_url, extra_context)

    def _answer(self, request, sent, view, *args):
        """Save what was sent, as often as others come in between; or show it again, and why."""
        for attempt in range(ATTEMPTS):
            sent.begin()
            try:
                response = self.write(request, view, *args, form=sent.form, held=sent.held)
                break
            except Gone:
                return self._give_back(request, sent, GONE, 409)
            except PermissionDenied:
                # It may have been published meanwhile, and stays as it is.
                if sent.is_new or not sent.opening:
                    raise
                return self._give_back(request, sent, SETTLED, 403)
            except SentTwice:
                return self._answer_again(request, sent)
            except WriteRefused as refused:
                sent.refusal = refused.messages
            except Slipped as slipped:
                sent.held = slipped.rows
            except IntegrityError:
                # Somebody added the same just now: the forms find it, and say so in words.
                if attempt == ATTEMPTS - 1:
                    raise
        else:
            sent.begin()
            sent.refusal = sent.refusal or [BUSY]
            response = written(request, view, *args)
        if sent.is_shown_again and sent.entry():
            return self._answer_again(request, sent)
        if not sent.is_shown_again and not getattr(request, "changed_nothing", False):
            for sentence in news_of(sent):
                self.message_user(request, sentence, messages.WARNING)
        self._say(request)
        return response

    def _answer_new(self, request, sent):
        """Answer a form that adds a row and was saved before; None if it was not."""
        entry = sent.entry_of_other_words()
        if entry is None:
            return None
        if entry.form == sent.form:
            return self._answer_again(request, sent)
        if row := self._row_of(request, entry):
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
            link = format_html('<a href="{}">{}</a>', address, row)
            sent.refusal = [format_html(gettext(OTHER_ROW_SAVED), row=link)]
            sent.opening.number = new_number()
        return None

    def _row_of(self, request, entry):
        """Return the row that a form added, in the entry of what it did."""
        change = entry.changes.filter(model=self.opts.label_lower).order_by("pk").first()
        return change and self.get_queryset(request).filter(pk=change.object_id).first()

    def _answer_again(self, request, sent):
        """Answer a form that had done its work before as it was answered then."""
        request.said, request.is_again = None, True
        if sent.is_new:
            entry = sent.entry()
            # What was proposed twice has none.
            row = entry and self._row_of(request, entry)
        else:
            row = self.get_queryset(request).filter(pk=sent.pk).first()
        if row is None:
            self.message_user(request, "")
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return self.response_add(request, row) if sent.is_new else self.response_change(request, row)

    def _give_back(self, request, sent, sentence, status):
        """Show what was typed in the form of a row that is gone, or that its author may not change now."""
        request.said = None
        context = {
            **self.admin_site.each_context(request),
            "title": _("What you typed was not saved"),
            "sentence": sentence,
            "opts": self.opts,
            **self._typed_in_vain(request, sent),
        }
        return TemplateResponse(request, "admin/given_back.html", context, status=status)

    def _typed_in_vain(self, request, sent):
        """Return who changed the row last, and what was typed in it and in its lines, as a context."""
        pk = int(sent.pk)
        changes = sent.changes(self.model, "", pk)
        row = as_it_was(self.model, pk, changes)
        # The form in which it could be added has all its fields.
        form = self.get_form(request)(request.POST, instance=row)
        formsets, _inlines = self._create_formsets(request, row, change=True)
        lines = [(formset, line) for formset in formsets for line in formset.forms if line.has_changed()]
        parts = [(row, typed_in(form))]
        parts += [(formset.model._meta.verbose_name, typed_in(line)) for formset, line in lines]
        return {
            "who": by_whom(changes[0]) if changes else "",
            "parts": [(heading, typed) for heading, typed in parts if typed],
            "lost": [each for formset in formsets for each in formset.lost],
        }

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        sent = getattr(request, "sent", None)
        if row is None and sent and sent.opening and not sent.is_new:
            raise Gone
        return row

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.sent = getattr(request, "sent", None)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        sent = getattr(request, "sent", None)
        context.setdefault("notes", [])
        if sent:
            sent.is_shown_again = True
            context["notes"] += news_of(sent)
            for inline in context["inline_admin_formsets"]:
                if inline.formset.non_form_errors():
                    # Django opens lines that are folded away only for errors in one of them.
                    inline.classes = inline.classes.replace("collapse", "")
        if sent is None or sent.opening:
            forms = [
                context["adminform"].form,
                *(form for each in context["inline_admin_formsets"] for form in each.formset.forms),
            ]
            context["opened"] = self._opening(sent, forms, obj).seal()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _opening(self, sent, forms, obj):
        """Return the note of what a form shows; one that is shown again keeps its number."""
        if sent:
            opening = Opening(sent.opening.page, number=sent.opening.number)
        else:
            opening = Opening(page_of(self.model, obj and obj.pk))
        for form in forms:
            if hasattr(form.instance, "_version"):
                opening.seen.setdefault(prefix_of(form), {})[form.instance.pk] = form.instance._version
            opening.asked |= {each.name: each.since for each in form.differences.values()}
        return opening

    # Deletions.

    def get_deleted_objects(self, objs, request):
        """Find what goes with some rows; once that is confirmed, only as it was when it was asked."""
        found = super().get_deleted_objects(objs, request)
        rows = self._rows_that_go(objs)
        if getattr(request, "confirms_deletion", False) or request.POST.get("post"):
            seen = request.POST.get(FIELD, "")
            if seal_rows(required("deletion").hold(rows)) != seen:
                raise WriteRefused(CHANGED_BEFORE_DELETION if seen else NEVER_OPENED)
        request.deletion = seal_rows(Change.objects.seen(rows))
        return found

    def _rows_that_go(self, objs):
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        return {
            model: sorted(row.pk for row in rows)
            for model, rows in collector.model_objs.items()
            if issubclass(model, Public)
        }

    def render_delete_form(self, request, context):
        return super().render_delete_form(request, context | {"opened": request.deletion})

    def delete_view(self, request, *args, **kwargs):
        request.confirms_deletion = request.method == "POST"
        return self._answer_plainly(request, super().delete_view, *args, **kwargs)


def is_key(text):
    """Tell whether a text is a number that a row may have as its key in every database."""
    return text.isdecimal() and len(text) < KEY_DIGITS


def seal_rows(versions):
    """Return the versions of some rows as a text that nobody else can write."""
    rows = sorted((model._meta.label_lower, pk, version) for (model, pk), version in versions.items())
    return signing.Signer(salt=_SALT).signature(repr(rows))


def news_of(sent):
    """Return the sentences that say what others changed while a form was open."""
    news = list(dict.fromkeys(sent.news))
    if not news:
        return []
    named = "; ".join(news[:NAMED])
    if len(news) > NAMED:
        named += gettext("; and %(count)s more") % {"count": len(news) - NAMED}
    return [_("Changed while you had this form open, and kept: %(changes)s.") % {"changes": named}]
