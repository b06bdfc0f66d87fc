"""What is asked for a norm, wherever one approves a plan or changes it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from faces.admin.forms import day_field
from record.models import Document
from record.rights import visible_to

from .norms import Norm, NormKind

NORM_NEEDED = _("Choose the norm among the documents, or type its kind, number and date.")


class NormFields(forms.Form):
    """A norm, among the documents of the record or typed as it is, and the place in it."""

    norm = forms.ModelChoiceField(
        Document.objects.none(),
        label=_("Norm, among the documents"),
        required=False,
        empty_label=_("Another one, typed below"),
    )
    norm_kind = forms.ChoiceField(
        label=_("Kind of norm"), required=False, choices=[("", _("Choose")), *NormKind.choices]
    )
    norm_number = forms.CharField(
        label=_("Number of the norm"),
        required=False,
        max_length=60,
        help_text=_("As it is printed, for example 206-2019-PCM."),
    )
    norm_on = day_field(_("Date of the norm"))
    place = forms.CharField(
        label=_("Place in the norm"),
        max_length=250,
        help_text=_("For example: Article 1, or Annex, page 12."),
    )

    def offer_norms(self, user):
        """Offer the documents that a user sees."""
        self.fields["norm"].queryset = visible_to(user, Document.objects.in_reading_order())

    def check_norm(self):
        """Ask for what is missing of the norm."""
        cleaned = self.cleaned_data
        typed = [cleaned.get(name) for name in ("norm_kind", "norm_number", "norm_on")]
        wrong = {"norm", "norm_kind", "norm_number", "norm_on"} & set(self.errors)
        if not wrong and not cleaned.get("norm") and not all(typed):
            self.add_error("norm_number" if any(typed) else "norm", NORM_NEEDED)

    @staticmethod
    def norm_in(answers):
        """Return the Document that was chosen, or the Norm that was typed."""
        if answers.get("norm"):
            return answers["norm"]
        return Norm(NormKind(answers["norm_kind"]), answers["norm_number"], answers["norm_on"])
