from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Commitments")

    def ready(self):
        from record.writing import derive_with

        from .deriving import refresh_after

        derive_with(refresh_after)
        post_delete.connect(forget_file, sender="commitments.Evidence")
        post_migrate.connect(rebuild_states, sender=self)


def forget_file(instance, **kwargs):
    """Take the file of evidence from the disk once the deletion of the row is certain."""
    from .files import forget

    forget(instance.file)


def rebuild_states(apps=None, using=DEFAULT_DB_ALIAS, **kwargs):
    """Make the states anew after a migration: their rules may have changed with the code.

    Whoever empties the database (`flush`) names no `apps`: nothing is left to be known of. The portal has
    one database; of another that is migrated beside it, as tests do, the states are no matter of this.
    """
    from .deriving import refresh

    if apps is None or using != DEFAULT_DB_ALIAS:
        return
    try:
        apps.get_model("commitments", "CommitmentState")
    except LookupError:
        # Migrated back to before there were any.
        return
    refresh()
