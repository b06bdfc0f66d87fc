from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

# Files of packages that no page of ours loads: to compress them takes longest.
NOT_COLLECTED = [
    "rest_framework",  # pages of its own, which we have none of
    "redoc",  # another page of the API's description
    "swagger-ui-standalone-preset.*",
    "oauth2-redirect.*",
]


class OgpPortalConfig(AppConfig):
    name = "ogp_portal"
    verbose_name = _("Portal")

    def ready(self):
        static = apps.get_app_config("staticfiles")
        static.ignore_patterns = [*static.ignore_patterns, *NOT_COLLECTED]
