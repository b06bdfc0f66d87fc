from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "record"
    verbose_name = _("Documents and loading")

    def ready(self):
        from .writing import connect

        checks.register(check_database, checks.Tags.database)
        connect()


def check_database(app_configs, databases, **kwargs):
    """Find a database of the portal's first versions before `migrate` meets it.

    Its tables have the names of ours and other columns. The migrations were written anew since, when nothing
    was installed yet but trials.
    """
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    errors = []
    for alias in databases or ():
        connection = connections[alias]
        if ("ogp_portal", "0001_initial") in MigrationRecorder(connection).applied_migrations():
            name = connection.settings_dict["NAME"]
            hint = "Move it away, or name an empty one in DATABASE_URL, and start again."
            errors.append(checks.Error(f"{name} was made by an older version of the portal.", hint=hint))
    return errors
