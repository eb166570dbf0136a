from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills an empty database from fixtures/demo. Nothing else imports it; production refuses to run it."""

    name = "demo"
