from django.core.management.base import BaseCommand

from config.translations import compile_catalogues


class Command(BaseCommand):
    help = "Write the .mo files that are missing or older than their .po. Needs no database."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        for file in compile_catalogues():
            if options["verbosity"]:
                self.stdout.write(f"compiled {file.parts[-3]}")
