"""Accounts, clinics, people, memberships, guardian's rows and history by the thousand, made in the database itself."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db import connection

from permissions.models import Account, Clinic, User
from permissions.roles import ROLE_FUNCTIONS, ROLE_PERMISSIONS, ClinicPermission, Role

TABLES = ("account", "clinic", "user", "membership", "clinicuserpermission", "accessevent")

ACCOUNTS = """
INSERT INTO permissions_account (id, name, organisation_number, country, payment_terms_days, purchase_number_required,
    purchase_number_pattern, purchase_number_help, purchase_number_values, allows_one_off_addresses,
    requires_second_factor, tells_of_impersonation, created)
SELECT gen_random_uuid(), %(name)s || ' ' || n, '88' || lpad((n + %(first)s)::text, 8, '0'), 'SE', 30, false, '', '',
    '', false, false, true, now()
FROM generate_series(1, %(accounts)s) n
"""
CLINICS = """
INSERT INTO permissions_clinic (id, account_id, name, customer_number, invoice_name, invoice_line1, invoice_postcode,
    invoice_city, is_active, patient_policy, approval_reminder_hours, approval_escalation_hours, created)
SELECT gen_random_uuid(), account.id, account.name || ' clinic ' || n,
    'C' || right(account.organisation_number, 6) || '-' || n, '', '', '', '', true, 'reference', 24, 72, now()
FROM permissions_account account CROSS JOIN generate_series(1, %(clinics)s) n
WHERE account.name LIKE %(name)s || ' %%'
"""
USERS = """
INSERT INTO permissions_user (password, last_login, is_superuser, first_name, last_name, is_staff, is_active,
    date_joined, email, phone_number, language, session_generation)
SELECT '!', now() - random() * interval '200 days', false,
    (array['Anna', 'Bo', 'Cecilia', 'David', 'Eva', 'Filip', 'Greta', 'Hans', 'Ida', 'Jan'])[1 + n %% 10],
    (array['Berg', 'Dahl', 'Ek', 'Fors', 'Gran', 'Holm', 'Lind'])[1 + n %% 7] || n, false, true, now(),
    lower(%(name)s) || '-' || right(account.organisation_number, 6) || '-' || n || '@crowd.example', '', '', 0
FROM permissions_account account CROSS JOIN generate_series(1, %(people)s) n
WHERE account.name LIKE %(name)s || ' %%'
"""
# Each person belongs to `each` clinics of their account; the first two of an account are its main users.
MEMBERSHIPS = """
WITH staff AS (
    SELECT u.id, split_part(u.email, '-', 2) AS code, substring(u.email FROM '-([0-9]+)@')::int AS n
    FROM permissions_user u WHERE u.email LIKE lower(%(name)s) || '-%%@crowd.example'
), places AS (
    SELECT c.id, right(a.organisation_number, 6) AS code, substring(c.customer_number FROM '-([0-9]+)$')::int AS n
    FROM permissions_clinic c JOIN permissions_account a ON a.id = c.account_id WHERE a.name LIKE %(name)s || ' %%'
)
INSERT INTO permissions_membership (user_id, clinic_id, role, functions, is_active, created, changed)
SELECT staff.id, places.id, role.name, role.functions, true, now(), now()
FROM staff JOIN places USING (code)
JOIN unnest(%(roles)s::text[], %(places)s::int[]) AS held(name, place) ON held.place = CASE
    WHEN staff.n <= 2 THEN 0 ELSE 1 + (staff.n + places.n) %% 2 END
JOIN (SELECT unnest(%(roles)s::text[]) AS name, string_to_array(unnest(%(functions)s::text[]), ',') AS functions) role
    ON role.name = held.name
WHERE staff.n <= 2 OR (places.n + staff.n) %% %(clinics)s < %(each)s
"""
ROWS = """
INSERT INTO permissions_clinicuserpermission (user_id, content_object_id, permission_id)
SELECT m.user_id, m.clinic_id, gives.permission
FROM permissions_membership m
JOIN permissions_user u ON u.id = m.user_id AND u.email LIKE lower(%(name)s) || '-%%@crowd.example'
JOIN unnest(%(of)s::text[], %(permissions)s::int[]) AS gives(role, permission) ON gives.role = m.role
"""
EVENTS = """
INSERT INTO permissions_accessevent (at, action, by_supplier, actor_id, person_id, account_id, clinic_id,
    before, after, reason)
SELECT now() - random() * interval '700 days', 'grant', false, NULL, m.user_id, c.account_id, m.clinic_id, '{}',
    jsonb_build_object('role', m.role, 'functions', to_jsonb(m.functions), 'is_active', true), ''
FROM permissions_membership m
JOIN permissions_clinic c ON c.id = m.clinic_id
JOIN permissions_user u ON u.id = m.user_id AND u.email LIKE lower(%(name)s) || '-%%@crowd.example'
"""
STATEMENTS = (ACCOUNTS, CLINICS, USERS, MEMBERSHIPS, ROWS, EVENTS)


@dataclass(frozen=True)
class Crowd:
    name: str

    @property
    def account(self) -> Account:
        return Account.objects.filter(name__startswith=f"{self.name} ").order_by("organisation_number")[0]

    @property
    def main_user(self) -> User:
        return User.objects.get(email=f"{self.name.lower()}-{self._code}-1@crowd.example")

    def person(self, number: int) -> User:
        return User.objects.get(email=f"{self.name.lower()}-{self._code}-{number}@crowd.example")

    @property
    def clinics(self) -> list[Clinic]:
        return list(self.account.clinics.order_by("name"))

    @property
    def _code(self) -> str:
        return self.account.organisation_number[-6:]


def make_crowd(name: str, *, accounts: int = 1, clinics: int, people: int, each: int) -> Crowd:
    """`accounts` with so many clinics and people; everybody belongs to `each` of the clinics."""
    codes = dict(
        Permission.objects.filter(
            content_type__app_label="permissions", codename__in=ClinicPermission.values
        ).values_list("codename", "pk")
    )
    gives = [(role, codes[right]) for role in Role.values for right in sorted(ROLE_PERMISSIONS[role])]
    values = {
        "name": name,
        "first": Account.objects.count() * 10,
        "accounts": accounts,
        "clinics": clinics,
        "people": people,
        "each": each,
        "roles": Role.values,
        "places": list(range(len(Role))),
        "functions": [",".join(sorted(ROLE_FUNCTIONS[role])) for role in Role.values],
        "of": [role for role, _permission in gives],
        "permissions": [permission for _role, permission in gives],
    }
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")  # made for few rows, they would read all people for each membership
        for statement in STATEMENTS:
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")  # as a server does by itself after a while
    return Crowd(name)


def sizes() -> dict[str, int]:
    """How many rows each table holds."""
    with connection.cursor() as cursor:
        counted = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM permissions_{table}")
            counted[table] = cursor.fetchone()[0]
    return counted
