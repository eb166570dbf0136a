import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from demo.load_people import PASSWORD
from demo.load_pictures import NotDrawn
from demo.loading import NotAllowed, NotEmpty, load


class Command(BaseCommand):
    help = "Fill an empty database with the demo: two markets, people of every role, products, a year of orders, pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")
        which.add_argument("--reset", action="store_true", help="delete everything first: the demo's database only")

    def handle(self, *args: str, **options: bool) -> None:
        started = time.monotonic()
        quiet = not options["verbosity"]
        try:
            load(lambda line: None if quiet else self.stdout.write(line), reset=options["reset"])
        except NotEmpty as refusal:
            if not options["if_empty"]:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("There is data already: no demo loaded.")
            return
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        except NotDrawn as error:
            raise CommandError("A picture could not be drawn (see above). Nothing was loaded.") from error
        seconds = time.monotonic() - started
        self.stdout.write(self.style.SUCCESS(f"Demo loaded in {seconds:.0f} s. Password of everybody: {PASSWORD}"))
