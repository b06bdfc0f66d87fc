"""What tests of the admin need: its addresses, and its forms as a browser would send them."""

from django.urls import reverse


def address(row_or_model, page, *args):
    """Return the address of a page of the admin: of a row (change, history, delete) or of a model."""
    meta = row_or_model._meta
    pk = getattr(row_or_model, "pk", None)
    own = [pk] if isinstance(pk, int) else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[*own, *args])


def filled(response, **changes):
    """Return the data that the form of a page would send, with some fields changed.

    A change of None takes the field away, as an unticked box.
    """
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    data = {}
    for form in (
        response.context["adminform"].form,
        *(formset.management_form for formset in formsets),
        *(form for formset in formsets for form in formset.forms),
    ):
        for field in form:
            value = field.value()
            if value is True:
                value = "on"
            if value is not None and value is not False:
                data[field.html_name] = value
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


def add(client, model, **values):
    """Open the empty form of a model, fill it in and save it; return the answer."""
    page = address(model, "add")
    return client.post(page, filled(client.get(page), **values))
