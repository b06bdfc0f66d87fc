"""Django's own migrate. Migrations change tables as a whole: the writer's seal does not stop them."""

from django.core.management.commands.migrate import Command as DjangoCommand

from record.writing import unsealed


class Command(DjangoCommand):
    def handle(self, *args, **options):
        with unsealed():
            return super().handle(*args, **options)
