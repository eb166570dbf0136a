from django.core.management.base import BaseCommand, CommandError

from permissions.agreement import find_disagreements, repair


class Command(BaseCommand):
    help = "Compare memberships with guardian's permission rows; --repair makes the rows follow the memberships."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="make guardian's rows what the roles say")

    def handle(self, *args, **options) -> None:
        found, repaired = list(find_disagreements()), 0
        for item in found:
            missing, surplus = ", ".join(sorted(item.missing)) or "-", ", ".join(sorted(item.surplus)) or "-"
            self.stdout.write(f"user {item.user_id} at clinic {item.clinic_id}: missing {missing}; surplus {surplus}")
            if options["repair"]:
                repaired += repair(item)
        if not found:
            self.stdout.write(self.style.SUCCESS("Memberships and permission rows agree."))
        elif options["repair"]:
            self.stdout.write(self.style.SUCCESS(f"Repaired {repaired}."))
        else:
            raise CommandError(f"{len(found)} disagree. Run `manage.py check_access --repair` to mend them.")
