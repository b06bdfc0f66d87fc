"""The page of the open data: the lists of the API as files, told in words."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

# What the API lists, each with what a row of it is: for the page of the open data.
LISTS = [
    (
        "commitment",
        _("Commitments"),
        _("What was promised, with who answers for it and the level shown"),
    ),
    (
        "milestone",
        _("Milestones"),
        _("The steps of a commitment, with their dates, state and days late"),
    ),
    (
        "assessment",
        _("Compliance cards"),
        _("What each report says of each commitment, card by card"),
    ),
    ("update", _("Progress updates"), _("What was reported of a milestone on one day")),
    ("evidence", _("Evidence"), _("The links that prove something")),
    ("plan", _("Plans"), _("The action plans")),
    ("report", _("Reports"), _("Those who judge a plan, with their totals")),
    ("entity", _("Entities"), _("The institutions, with every spelling of their names")),
    ("recommendation", _("Recommendations"), _("What reports recommend, and the State's answer")),
    (
        "figure",
        _("Declared figures"),
        _("Numbers that documents print, beside what this record adds up to"),
    ),
    ("document", _("Documents"), _("The works behind each fact")),
    ("section", _("Texts of plans and reports"), _("Their sections beside the commitments")),
    ("term", _("Glossary"), _("Words, levels, codes and acronyms")),
    ("theme", _("Themes"), _("The groups in which a plan sets its commitments")),
    ("policy-area", _("Policy areas"), _("The tags that the OGP gives to commitments")),
    ("level", _("Levels"), _("The levels of completion, in their order")),
    ("code", _("Codes"), _("Every code of the data with its words in both languages")),
]


class OpenData(TemplateView):
    """The lists of the record as files, and where the API is described."""

    template_name = "data.html"
    extra_context = {"lists": [(label, what, f"api:{name}-list") for name, label, what in LISTS]}
