"""Codes that the documents themselves use, with their labels."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from plans.models import Plan

from .models import Finding

# The words of the IRM's coding. A code that a later coding brings is its own label until it gets one here.
FINDING_LABELS = {
    "specificity": _("Specificity"),
    "relevance_information": _("Relevance: access to information"),
    "relevance_participation": _("Relevance: civic participation"),
    "relevance_accountability": _("Relevance: public accountability"),
    "relevance_technology": _("Relevance: technology and innovation"),
    "potential_impact": _("Potential impact"),
    "star": _("Star"),
    "irm-2012-2013": _("IRM, 2012-2013"),
    "formula-before-june-2014": _("The OGP's formula before June 2014"),
    "ogp-page": _("As the OGP's page marks it"),
    "none": _("None"),
    "low": _("Low"),
    "medium": _("Medium"),
    "high": _("High"),
    "minor": _("Minor"),
    "moderate": _("Moderate"),
    "transformative": _("Transformative"),
    "yes": _("Yes"),
    "no": _("No"),
}


def finding_label(code):
    """Return the words for a measure, scale or value of the IRM's coding."""
    return FINDING_LABELS.get(code, code)


def findings_counted():
    """Return, for each plan and value, a dict of measure, value, scale, plan and count of commitments."""
    plans = {plan.pk: plan for plan in Plan.objects.published()}
    rows = (
        Finding.objects.published()
        .order_by("commitment__plan__number", "measure", "value", "scale")
        .values_list("commitment__plan", "measure", "value", "scale")
        .annotate(n=Count("commitment", distinct=True))
    )
    return [
        {
            "measure": finding_label(measure),
            "value": finding_label(value),
            "scale": finding_label(scale),
            "plan": plans[plan],
            "count": count,
        }
        for plan, measure, value, scale, count in rows
    ]
