"""Columns that follow from others: each class says once how, and whoever writes rows asks there."""

from django.db import models


class Derived(models.Model):
    """A row some columns of which follow from others, such as its code and the words by which it is found."""

    class Meta:
        abstract = True

    def derive(self):
        """Write the columns that follow from others; raise ValidationError where the row must not be saved.

        Saving calls it. Who writes many rows at once calls it for each of them.
        """

    def save(self, *args, **kwargs):
        """Save the row with the columns that follow from others."""
        self.derive()
        super().save(*args, **kwargs)
