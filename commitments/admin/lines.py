"""What lines of several forms share."""

from faces.admin import RecordForm


class SourcedLineForm(RecordForm):
    """A line that, when it is new, stands in the document of the row named by `stands_with`."""

    stands_with = None

    def save(self, commit=True):
        if self.instance.document_id is None:
            self.instance.document_id = getattr(self.instance, self.stands_with).document_id
        return super().save(commit)
