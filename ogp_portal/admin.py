"""The admin as a whole."""

from django.contrib import admin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

admin.site.site_title = _("Open government commitments of Peru")
admin.site.site_header = _("Open government commitments of Peru")
admin.site.index_title = _("What would you like to edit?")
admin.site.empty_value_display = "–"
admin.site.site_url = reverse_lazy("root")

# What packages say without a Spanish translation of their own; named here, our catalogue has it.
TEXTS_OF_PACKAGES = (
    # django-import-export
    _("This exporter will export the following fields: "),
)
