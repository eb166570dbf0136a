"""Ear scans are health data: kept privately, shown to who may see patients, and forgotten when nobody needs them."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from permissions.models import ClinicUserPermission
from shop.basket.models import Line
from shop.configuration import scans
from shop.configuration.models import ClassOrdering, EarScan
from tests.configuration.shelf import address, form, make_mould
from tests.configuration.test_scan_files import binary_stl, picture

INFECTED = "tests.configuration.test_scans.refuse_all"


def refuse_all(file) -> None:
    assert file.read()
    raise ValueError("EICAR")


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


@pytest.fixture
def mould(people):
    return make_mould()


def upload(name: str = "Anna Andersson 19811228.stl", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, binary_stl() if data is None else data, content_type="text/html")


def stored(private: Path) -> list[Path]:
    return [path for path in private.rglob("*") if path.is_file()]


def make_scan(clinic, user) -> EarScan:
    return scans.store(upload(), clinic=clinic, user=user)


# --- Taken in ---------------------------------------------------------------------------------------------------


def test_each_ear_has_its_own_scan(petra, people, mould):
    sent = form("both", {}, right={}, **{"left-scan": upload(), "right-scan": upload("x.png", picture("PNG"))})
    petra.post(address(mould), sent)
    kinds = {line.configuration["side"]: line.ear_scan.kind for line in Line.objects.all()}
    assert kinds == {"left": "stl", "right": "png"}
    assert {scan.clinic for scan in EarScan.objects.all()} == {people.north}


@pytest.mark.parametrize(
    "name", ["Anna Andersson.stl", "../../../etc/passwd", "/etc/passwd", "a\\..\\b.stl", "ö" * 300]
)
def test_its_own_name_is_not_kept_and_leads_nowhere(petra, private_folder, mould, name):
    petra.post(address(mould), form("left", {}, **{"left-scan": upload(name)}))
    (path,) = stored(private_folder)
    scan = EarScan.objects.get()
    assert path.parent == private_folder / "ear-scans"
    assert len(path.name) == 32
    assert int(path.name, 16)
    assert scan.file == f"ear-scans/{path.name}"


def test_a_scan_survives_an_error_elsewhere_in_the_form(petra, mould):
    page = petra.post(address(mould), form("left", {}, quantity="none", **{"left-scan": upload()}))
    assert page.status_code == 422
    assert "Attached: STL" in page.content.decode()
    (token,) = re.findall(r'name="left-scan-kept" value="([^"]+)"', page.content.decode())
    petra.post(address(mould), form("left", {}, **{"left-scan-kept": token}))
    assert Line.objects.get().ear_scan == EarScan.objects.get()


def test_a_scan_stays_on_its_line_until_it_is_removed(petra, people, mould):
    petra.post(address(mould), form("left", {}, **{"left-scan": upload()}))
    line = Line.objects.get()
    path = address(mould, f"?line={line.pk}")
    token = petra.get(path).context["form"].parts[0].scan_token
    petra.post(path, form("", {"side": "right"}, **{"one-scan-kept": token}))
    assert Line.objects.get().ear_scan is not None
    petra.post(path, form("", {"side": "right"}, **{"one-scan-kept": token, "one-scan-remove": "1"}))
    assert Line.objects.get().ear_scan is None


@pytest.mark.parametrize("forge", ["unsigned", "foreign", "changed"])
def test_a_form_cannot_name_a_scan_that_is_not_the_clinics(petra, people, mould, forge):
    foreign = make_scan(people.foreign, people.otto)
    own = make_scan(people.north, people.petra)
    token = {
        "unsigned": str(own.pk),
        "foreign": scans.signed(foreign),
        "changed": scans.signed(own)[:-2] + "xx",
    }[forge]
    petra.post(address(mould), form("left", {}, **{"left-scan-kept": token}))
    assert Line.objects.get().ear_scan is None


def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(petra, private_folder, mould):
    page = petra.post(address(mould), form("left", {}, **{"left-scan": upload("scan.stl", b"<script>")}))
    assert page.status_code == 422
    assert 'href="#id_left-scan"' in page.content.decode()
    assert "JPEG, PNG, WebP, STL or PLY" in page.content.decode()
    assert not stored(private_folder)
    assert not EarScan.objects.exists()


def test_a_large_file_is_refused_before_it_is_read(petra, settings, mould):
    settings.EAR_SCAN_MAX_BYTES = 100
    page = petra.post(address(mould), form("left", {}, **{"left-scan": upload()}))
    assert "larger than" in page.content.decode()
    assert not EarScan.objects.exists()


@pytest.mark.parametrize("check", [INFECTED, "no.such.module.check"])
def test_the_virus_check_refuses_also_when_it_cannot_be_reached(petra, settings, private_folder, mould, check):
    settings.EAR_SCAN_CHECK = check
    page = petra.post(address(mould), form("left", {}, **{"left-scan": upload()}))
    assert page.status_code == 422
    assert "virus check" in page.content.decode()
    assert not stored(private_folder)


def test_a_product_without_scans_takes_none(petra, private_folder, mould):
    ClassOrdering.objects.update(takes_ear_scan=False)
    petra.post(address(mould), form("left", {}, **{"left-scan": upload()}))
    assert Line.objects.get().ear_scan is None
    assert not stored(private_folder)


# --- Handed out -------------------------------------------------------------------------------------------------


def test_it_is_handed_out_as_a_file_that_no_browser_shows_as_a_page(petra, people):
    scan = make_scan(people.north, people.petra)
    response = petra.get(f"/ear-scans/{scan.pk}/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "Anna" not in response.headers["Content-Disposition"]
    assert response.headers["Content-Type"] == "model/stl"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert b"".join(response.streaming_content) == bytes(80) + binary_stl()[80:]


@pytest.mark.parametrize(
    ("who", "status"), [("asta", 200), ("olga", 200), ("otto", 404), ("edit", 404), ("stella", 404), (None, 302)]
)
def test_who_may_have_it(client, people, who, status):
    if who:
        client.force_login(getattr(people, who))
    assert client.get(f"/ear-scans/{make_scan(people.north, people.petra).pk}/").status_code == status


def test_a_member_without_the_right_is_refused(client, people):
    ClinicUserPermission.objects.filter(user=people.asta, permission__codename="view_patients").delete()
    client.force_login(people.asta)
    assert client.get(f"/ear-scans/{make_scan(people.north, people.petra).pk}/").status_code == 403


def test_customer_service_has_it_and_every_look_is_recorded(client, people):
    people.stella.groups.add(Group.objects.get(name="Customer service"))
    client.force_login(people.stella)
    scan = make_scan(people.north, people.petra)
    assert client.get(f"/ear-scans/{scan.pk}/").status_code == 200
    entry = ModelLogEntry.objects.get(action="configuration.view_ear_scan")
    assert (entry.user, entry.object_id) == (people.stella, str(scan.pk))


def test_it_is_not_in_the_public_folder(client, people):
    scan = make_scan(people.north, people.petra)
    assert client.get(f"/media/{scan.file}").status_code == 404


# --- Forgotten --------------------------------------------------------------------------------------------------


def test_what_no_line_refers_to_is_forgotten_after_a_month(
    petra, people, mould, private_folder, django_capture_on_commit_callbacks
):
    petra.post(address(mould), form("left", {}, **{"left-scan": upload()}))
    ordered = EarScan.objects.get()
    _old, new = (make_scan(people.north, people.petra) for _each in range(2))
    EarScan.objects.exclude(pk=new.pk).update(created=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("delete_unused_scans", stdout=io.StringIO())
    assert set(EarScan.objects.all()) == {ordered, new}
    assert {path.name for path in stored(private_folder)} == {Path(ordered.file).name, Path(new.file).name}
