"""Django's own flush. Empties the database as a whole: the writer's seal does not stop that."""

from django.core.management.commands.flush import Command as DjangoCommand

from record.writing import unsealed


class Command(DjangoCommand):
    def handle(self, *args, **options):
        with unsealed():
            return super().handle(*args, **options)
