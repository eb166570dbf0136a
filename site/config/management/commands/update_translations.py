from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import translations


class Command(BaseCommand):
    help = "Bring the texts of the code into the catalogues; --check only lists what is not as it should be."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if anything is amiss")

    def handle(self, *args, **options) -> None:
        try:
            self._check() if options["check"] else self._update()
        except translations.UnreadableError as error:
            raise CommandError(str(error)) from error

    def _update(self) -> None:
        for done in translations.update(settings.ROOT):
            self.stdout.write(
                f"{done.language}: {done.texts} texts, {done.new} new, {done.gone} gone, "
                f"{done.unfinished} to be translated"
            )

    def _check(self) -> None:
        found = list(translations.problems(settings.ROOT))
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"{len(found)} to mend. `manage.py update_translations` brings in what is missing.")
        self.stdout.write(self.style.SUCCESS("All translations are complete."))
