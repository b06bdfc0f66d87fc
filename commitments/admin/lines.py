"""What lines of several forms share."""

from faces.admin import RecordForm


class SourcedLineForm(RecordForm):
    """A line that, when it is new, stands in the document of the row named by `stands_with`."""

    stands_with = None

    def save(self, commit=True):
        if self.instance.document_id is None:
            self.instance.document_id = getattr(self.instance, self.stands_with).document_id
        return super().save(commit)


def locked(row):
    """Return a row whose next number is being given: two who add one at the same time wait for each other."""
    return type(row)._base_manager.select_for_update().order_by().get(pk=row.pk)
