"""People: one e-mail address is one person, wherever they work."""

from unicodedata import normalize

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractUser
from oscar.apps.customer.abstract_models import UserManager as OscarUserManager
from phonenumber_field.modelfields import PhoneNumberField


class UserManager(OscarUserManager):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """One person has one address, however it is typed: `Anna@Clinic.se` logs in as `anna@clinic.se`.

        Folded as the log-in's field folds it (wide letters, ligatures), so that each spelling is held and counted as
        one. Not case-folded: that would make one address of `weiß@` and `weiss@`. Without NUL, which no field takes:
        what is typed at the log-in is asked for before a form has looked at it.
        """
        return normalize("NFKC", normalize("NFKC", email or "").lower()).replace("\x00", "").strip()

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **extra_fields) -> "User":
        return super().create_user(self.normalize_email(email), password, **extra_fields)

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **extra_fields) -> "User":
        """The first administrator's road, from the command line: the history begins with it."""
        from permissions.events import record
        from permissions.models.events import AccessAction
        from permissions.staff_rights import held_by

        user = super().create_superuser(email, password, **extra_fields)
        record(AccessAction.STAFF, actor=None, person=user, after={"rights": held_by(user)}, reason="createsuperuser")
        return user


class User(AbstractUser):
    # In addresses: numbers that count up tell how many there are.
    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    phone_number = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    last_clinic = models.ForeignKey(
        "permissions.Clinic", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    # Counts up to end every session and every mailed link of this person at once, on every server.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    # Set by the supplier: no main user can lift it. An inactive person without it was set inactive by their clinics.
    blocked = models.DateTimeField(_("blocked"), null=True, blank=True, editable=False)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            # Oscar's and Django's own unique index tells `A@x.se` from `a@x.se`; a log-in must not.
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_whatever_the_case",
                violation_error_message=_("There is already a user with this e-mail address."),
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            # The guards ask for `is_active` alone.
            models.CheckConstraint(
                condition=~models.Q(is_active=True, blocked__isnull=False), name="user_blocked_is_not_active"
            ),
        ]

    def save(self, *args, **kwargs) -> None:
        self.email = UserManager.normalize_email(self.email)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def works_for_supplier(self) -> bool:
        """Staff, administrators and editors: whoever has any right beside those at clinics."""
        return self.is_staff or self.is_superuser or self.groups.exists() or self.user_permissions.exists()

    @property
    def acts_for_supplier(self) -> bool:
        """Whether what they do is done by the supplier. Editors do nothing to customers, so no groups are asked for."""
        return self.is_staff or self.is_superuser

    @property
    def name_for_customers(self) -> str:
        """They read that customer service did something, not which of them; the history keeps who."""
        return gettext("Customer service") if self.acts_for_supplier else str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this with each session: a new password or generation makes all others worthless.

        The same whatever SECRET_KEY is: what a session holds is signed by that already. Were this keyed too, a new key
        would give every session a new name, under which no list knows it, and the next log-in would end the others.
        """
        value = f"{self.password}:{self.session_generation}"
        return salted_hmac("permissions.models.User.session", value, secret="", algorithm="sha256").hexdigest()
