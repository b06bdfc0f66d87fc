"""What tests of the admin need: its addresses, and its forms as a browser would send them."""

from django import forms
from django.urls import reverse

from faces.admin.forms import FixedWidget


def address(row_or_model, page, *args):
    """Return the address of a page of the admin: of a row (change, history, delete) or of a model."""
    meta = row_or_model._meta
    pk = getattr(row_or_model, "pk", None)
    own = [pk] if isinstance(pk, int) else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[*own, *args])


def sent(field):
    """Return what a browser sends for a field of a page that was opened; None where it sends nothing."""
    widget = field.field.widget
    while hasattr(widget, "widget"):
        widget = widget.widget
    value = field.value()
    if isinstance(widget, FixedWidget):
        return None
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else None
    if isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        return value or None
    if isinstance(widget, forms.Select):
        chosen = widget.format_value(value)
        return chosen if isinstance(chosen, str) else chosen[0]
    text = widget.format_value(value) or ""
    # The line ends of a textarea are sent as CRLF; an input has none.
    lines = str(text).split("\n")
    return "\r\n".join(lines) if isinstance(widget, forms.Textarea) else "".join(lines)


def filled(response, **changes):
    """Return the data that a browser would send of the form of a page, with some fields changed.

    A change of None takes the field away, as an unticked box.
    """
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    data = {"opened": response.context.get("opened")}
    for form in (
        response.context["adminform"].form,
        *(formset.management_form for formset in formsets),
        *(form for formset in formsets for form in formset.forms),
    ):
        for field in form:
            data[field.html_name] = sent(field)
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def errors(response):
    """Return every error that a form was sent back with, as one text."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    found = [response.context["adminform"].form.errors, *(formset.errors for formset in formsets)]
    return " ".join(map(str, [*found, *(formset.non_form_errors() for formset in formsets)]))


def edit(client, row, **changes):
    """Open a row, change some fields and save it; return the answer."""
    page = address(row, "change")
    return client.post(page, filled(client.get(page), **changes))


def act(client, row, name, **answers):
    """Open the page of an act on a row and confirm it, with some answers; return the answer."""
    page = address(row, "act", name)
    opened = client.get(page)
    if opened.status_code != 200:
        return opened
    data = {field.html_name: sent(field) for field in opened.context["form"]} | answers
    return client.post(page, {key: value for key, value in data.items() if value is not None})


def delete(client, row):
    """Open the page that asks whether to delete a row, and confirm it; return the answer."""
    page = address(row, "delete")
    asked = client.get(page).context
    return client.post(page, {"post": "yes", "opened": asked and asked.get("opened", "")})


def delete_selected(client, *rows):
    """Choose rows in their list, be asked whether to delete them, and confirm it; return the answer."""
    page = address(type(rows[0]), "changelist")
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    asked = client.post(page, data)
    return client.post(page, data | {"post": "yes", "opened": getattr(asked.wsgi_request, "deletion", "")})


def add(client, model, **values):
    """Open the empty form of a model, fill it in and save it; return the answer."""
    page = address(model, "add")
    return client.post(page, filled(client.get(page), **values))
