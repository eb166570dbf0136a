"""Why something was not done, in words for the reader."""


class NotDone(Exception):
    """Nothing was changed. The text says why, and what to do."""


class ConfirmMainUser(Exception):
    """Somebody would become main user. Ask first: main users can do everything, also take access from others."""
