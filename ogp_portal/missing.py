"""The admin's page of what rows lack: counts, each with the list where the rows are found."""

from django.contrib import admin
from django.db.models import Count
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from faces.admin import MissingText, RecordAdmin
from record.dates import today
from record.kinds import kinds
from record.order import sort_key
from record.publication import Public
from record.rights import visible_to
from record.text import Translated


def missing(request):
    """Show what rows lack, as far as the reader may view them, with the lists where they are found."""
    context = {
        "title": _("What is missing"),
        "gaps": list(gap_lines(request)),
        "choices": MissingText.CHOICES.values(),
        "texts": sorted(text_lines(request), key=lambda line: sort_key(line["name"])),
    }
    return TemplateResponse(request, "admin/missing.html", admin.site.each_context(request) | context)


def list_address(model, **query):
    """Return the address of the list of a model's rows, narrowed."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=query)


def gap_lines(request):
    """Yield for each gap of what the reader may view how many of his rows have it, and their list."""
    for kind in kinds():
        pages = admin.site.get_model_admin(kind.model) if kind.gaps else None
        if pages and pages.has_view_permission(request):
            rows = pages.get_queryset(request).filter(kind.model.standing())
            total = rows.count()
            for gap in kind.gaps:
                yield {
                    "title": gap.title,
                    "count": gap.narrow(rows, today()).count(),
                    "total": total,
                    "address": list_address(kind.model, missing=gap.slug),
                }


def text_lines(request):
    """Yield for each model with texts how many of the reader's rows lack one or are translated by us."""
    for name, rows, has_list in translated_rows(request):
        columns = {
            choice: Count("pk", filter=MissingText.condition(rows.model, choice))
            for choice in MissingText.CHOICES
        }
        counts = rows.order_by().aggregate(total=Count("pk"), **columns)
        cells = [
            (label, counts[choice], list_address(rows.model, text=choice) if has_list else "")
            for choice, label in MissingText.CHOICES.items()
        ]
        yield {"name": name, "total": counts["total"], "cells": cells}


def translated_rows(request):
    """Yield (name, rows, whether they have a list) of all rows with texts that the reader may view.

    Rows without a list of their own are lines in the form of another row: of those that the reader may view.
    """
    for model, pages in admin.site._registry.items():
        if not isinstance(pages, RecordAdmin) or not pages.has_view_permission(request):
            continue
        plural = str(capfirst(model._meta.verbose_name_plural))
        rows = pages.get_queryset(request)
        rows = rows.filter(model.standing()) if issubclass(model, Public) else rows
        if issubclass(model, Translated):
            yield plural, rows, True
        for inline in pages.get_inline_instances(request):
            lines = inline.model
            if not inline.has_view_permission(request) or admin.site.is_registered(lines):
                continue
            if issubclass(lines, Translated):
                owner = inline.get_formset(request).fk.name
                own = visible_to(request.user, lines._default_manager.all())
                own = own.filter(**{f"{owner}__in": rows.order_by().values("pk")})
                yield f"{plural}: {lines._meta.verbose_name_plural}", own, False
