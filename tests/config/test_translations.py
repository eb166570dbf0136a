"""Texts are found, catalogues kept and compiled, and customers meet one language at a time."""

import gettext
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as translated
from django.utils.translation.reloader import translation_file_changed

from config import translations
from permissions.forms import ProfileForm
from permissions.log_in.passwords import LogInForm
from permissions.models import Account, Clinic, User
from shop.checkout.forms import DeliveryForm

LANGUAGES = ["sv", "nb", "da"]
SAME_IN_DANISH = {"E-mail", "Reference"}
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy, pgettext, npgettext

def hello(n):
    # Translators: shouted
    _("plain") + gettext_lazy("lazy, in two "
                              "pieces") + gettext_noop("noted")
    ngettext("%(n)s cat", "%(n)s cats", n) % {"n": n} + ngettext_lazy("%d dog", "%d dogs", "n")
    pgettext("verb", "order") + npgettext("box", "%(n)s pack", "%(n)s packs", n)
    return _(n)
"""
TEMPLATE = """
{% load i18n %}
<h1 title="{% translate 'quoted once' %}">{% translate "tag" %}</h1>
    <p>{% translate "tagged" context "noun" %} {% translate "kept" as kept %}{{ kept|default:_("filtered") }}
  {{ _("variable") }} {% include "x.html" with label=_("argument") only %}
      {% blocktranslate trimmed with name=user.name %}
        Dear {{ name }},
        welcome
      {% endblocktranslate %}
 {% blocktranslate count n=mice %}{{ n }} mouse{% plural %}{{ n }} mice{% endblocktranslate %}
 {% blocktranslate trimmed context "sum" %}25 % off{% endblocktranslate %}
  {# a comment with {% translate "nothing" %} #}
"""
MAIL = '{% load i18n %}{% autoescape off %}{% translate "a mail" %}{% endautoescape %}'


@pytest.fixture
def project(tmp_path: Path, settings) -> Callable[..., Path]:
    """A made-up project; call it with the texts of its one template to change it."""
    settings.ROOT = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "site" / "locale"]

    def write(*texts: str) -> Path:
        lines = "".join(f'{{% translate "{text}" %}}\n' for text in texts)
        _file(tmp_path / "templates" / "page.html", "{% load i18n %}\n" + lines)
        return tmp_path

    return write


def _file(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def _translate(language: str, text: str, translation_of_it: str) -> None:
    """Fill in one text of a catalogue as a translator would."""
    file = translations.po_file(language)
    before = f'msgid "{text}"\nmsgstr ""'
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, f'msgid "{text}"\nmsgstr "{translation_of_it}"'))


def _found(root: Path) -> set[tuple]:
    return {
        (text.id, text.context) if text.context else text.id for text in translations.texts_of_code(root) if text.id
    }


# --- Extraction -------------------------------------------------------------------------------------------------


def test_every_kind_of_text_in_python_is_found(tmp_path):
    _file(tmp_path / "shop" / "cats.py", PYTHON)
    assert _found(tmp_path) == {
        "plain",
        "lazy, in two pieces",
        "noted",
        ("%(n)s cat", "%(n)s cats"),
        ("%d dog", "%d dogs"),
        ("order", "verb"),
        (("%(n)s pack", "%(n)s packs"), "box"),
    }


def test_every_kind_of_text_in_templates_and_mails_is_found(tmp_path):
    _file(tmp_path / "templates" / "deep" / "page.html", TEMPLATE)
    _file(tmp_path / "templates" / "emails" / "mail.subject.txt", MAIL)
    assert _found(tmp_path) == {
        "quoted once",
        "tag",
        ("tagged", "noun"),
        "kept",
        "filtered",
        "variable",
        "argument",
        "Dear %(name)s, welcome",
        ("%(n)s mouse", "%(n)s mice"),
        ("25 %% off", "sum"),
        "a mail",
    }


def test_migrations_tests_and_hidden_folders_are_left_out(tmp_path):
    for folder in ("shop/migrations", "shop/tests", "tests", "shop/.hidden", "site/static", "elsewhere"):
        _file(tmp_path / folder / "a.py", '_("unseen")')
    _file(tmp_path / "site" / "config" / "a.py", '_("seen")')
    assert _found(tmp_path) == {"seen"}


def test_a_file_that_cannot_be_read_is_named(project):
    _file(project() / "shop" / "broken.py", '_("never ends')
    _file(project() / "templates" / "broken.html", "{% blocktranslate %}{% if a %}{% endif %}{% endblocktranslate %}")
    with pytest.raises(CommandError, match="broken"):
        call_command("update_translations", check=True)


# --- Update -----------------------------------------------------------------------------------------------------


def test_update_keeps_what_is_translated_and_drops_what_is_gone(project, capsys):
    project("Basket", "Checkout")
    call_command("update_translations")
    _translate("sv", "Basket", "Varukorg")
    project("Basket", "Delivery")
    call_command("update_translations")
    written = translations.po_file("sv").read_text()
    assert 'msgid "Basket"\nmsgstr "Varukorg"' in written
    assert "Checkout" not in written
    assert "sv: 2 texts, 1 new, 1 gone, 1 to be translated" in capsys.readouterr().out


def test_a_reworded_text_is_not_guessed_from_its_neighbour(project):
    project("Choose a dispatch date.")
    call_command("update_translations")
    _translate("sv", "Choose a dispatch date.", "Välj en avsändningsdag.")
    project("Choose a delivery date.")
    call_command("update_translations")
    written = translations.po_file("sv").read_text()
    assert 'msgid "Choose a delivery date."\nmsgstr ""' in written
    assert "fuzzy" not in written


def test_a_catalogue_changes_only_where_a_text_changed(project):
    project("Basket", "Delivery")
    call_command("update_translations")
    file = translations.po_file("nb")
    before, age = file.read_text(), file.stat().st_mtime_ns
    project("", "", "Delivery", "Basket")
    call_command("update_translations")
    assert (file.read_text(), file.stat().st_mtime_ns) == (before, age)
    assert "#: templates/page.html\n" in before
    assert "Date" not in before


# --- Check ------------------------------------------------------------------------------------------------------


def _complaints(capsys) -> str:
    capsys.readouterr()
    before = {file: file.read_bytes() for file in _po_files()}
    with pytest.raises(CommandError):
        call_command("update_translations", check=True)
    assert before == {file: file.read_bytes() for file in _po_files()}, "--check wrote something"
    return capsys.readouterr().out


def _po_files() -> Iterator[Path]:
    return (file for file in map(translations.po_file, LANGUAGES) if file.exists())


@pytest.fixture
def finished(project):
    """A made-up project in which nothing is amiss."""
    root = project("Basket", "Goes to {name}")
    _file(
        root / "shop" / "lines.py",
        '_("%(n)s of %(product)s are left") + ngettext("%(n)s line", "%(n)s lines", 1)',
    )
    call_command("update_translations")
    for language in LANGUAGES:
        _translate(language, "Basket", "Varukorg")
        _translate(language, "Goes to {name}", "Till {name}")
        _translate(language, "%(n)s of %(product)s are left", "%(product)s: %(n)s kvar")
        file = translations.po_file(language)
        file.write_text(
            file.read_text()
            .replace('msgstr[0] ""', 'msgstr[0] "%(n)s rad"')
            .replace('msgstr[1] ""', 'msgstr[1] "%(n)s rader"')
        )
    call_command("update_translations", check=True)
    return project


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('msgid "Basket"\nmsgstr "Varukorg"', "", "missing: 'Basket'"),
        ('msgstr "Varukorg"', 'msgstr ""', "untranslated: 'Basket'"),
        ('msgid "Basket"', '#, fuzzy\nmsgid "Basket"', "fuzzy: 'Basket'"),
        ('msgid "Basket"', 'msgid "Trolley"', "no longer in the code: 'Trolley'"),
        ("Till {name}", "Till {namn}", "placeholders differ, 'Till {namn}': 'Goes to {name}'"),
        ("%(product)s: %(n)s kvar", "%(n)s kvar", "placeholders differ, '%(n)s kvar'"),
        ("%(product)s: %(n)s kvar", "%(produkt)s: %(n)s kvar", "placeholders differ"),
        ("%(product)s: %(n)s kvar", "%(product): %(n)s kvar", "placeholders differ"),
        ("%(product)s: %(n)s kvar", "%(product)s: %(n)s kvar av 100 %", "placeholders differ"),
        ('msgstr[1] "%(n)s rader"', 'msgstr[1] "%(m)s rader"', "placeholders differ, '%(m)s rader'"),
        ('msgstr[1] "%(n)s rader"', 'msgstr[1] ""', "plural forms incomplete: '%(n)s line / %(n)s lines'"),
        ('msgstr[1] "%(n)s rader"\n', "", "plural forms incomplete"),
        ('msgid_plural "%(n)s lines"', 'msgid_plural "%(n)s rows"', "missing: '%(n)s line / %(n)s lines'"),
        ("plural=(n != 1)", "plural=(n > 1)", "header: Plural-Forms"),
        ('msgstr "Varukorg"', 'msgstr "Varukorg', "not well-formed"),
    ],
)
def test_check_names_what_is_wrong_with_one_entry(finished, capsys, before, after, complaint):
    file = translations.po_file("nb")
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    assert f"nb: {complaint}" in _complaints(capsys)


def test_check_names_a_text_that_no_catalogue_has(finished, capsys):
    finished("Basket", "Goes to {name}", "Undo")
    complaints = _complaints(capsys)
    for language in LANGUAGES:
        assert f"{language}: missing: 'Undo' (templates/page.html)" in complaints


def test_check_names_a_catalogue_that_is_missing(finished, capsys):
    translations.po_file("da").unlink()
    assert "da: missing: 'Basket'" in _complaints(capsys)


def test_the_portal_is_translated_completely():
    call_command("update_translations", check=True)


# --- Compile ----------------------------------------------------------------------------------------------------


def _compiled(language: str) -> gettext.GNUTranslations:
    with translations.po_file(language).with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogues_know_texts_contexts_and_plurals(finished, language):
    _file(finished("Basket", "Goes to {name}") / "shop" / "verbs.py", 'pgettext("verb", "order")')
    call_command("update_translations")
    _translate(language, "order", "beställ")
    call_command("compile_translations")
    compiled = _compiled(language)
    assert compiled.gettext("Basket") == "Varukorg"
    assert compiled.pgettext("verb", "order") == "beställ"
    forms = [compiled.ngettext("%(n)s line", "%(n)s lines", n) % {"n": n} for n in (0, 1, 2)]
    assert forms == ["0 rader", "1 rad", "2 rader"]


def test_compile_leaves_what_is_up_to_date(finished):
    assert len(translations.compile_catalogues()) == 3
    assert translations.compile_catalogues() == []
    source = translations.po_file("sv")
    newer = source.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(newer, newer))
    assert [file.parts[-3] for file in translations.compile_catalogues()] == ["sv"]


def test_a_source_that_changes_meanwhile_is_compiled_again(finished, monkeypatch):
    source = translations.po_file("sv")
    write_mo = translations.write_mo

    def change_meanwhile(*args) -> None:
        write_mo(*args)
        os.utime(source)

    monkeypatch.setattr(translations, "write_mo", change_meanwhile)
    translations.compile_catalogues()
    monkeypatch.undo()
    assert [file.parts[-3] for file in translations.compile_catalogues()] == ["sv"]


def test_a_compilation_that_dies_leaves_the_old_catalogue(finished, monkeypatch):
    translations.compile_catalogues()
    compiled = translations.po_file("sv").with_suffix(".mo")
    before = compiled.read_bytes()
    os.utime(compiled, (0, 0))
    write = Path.write_bytes

    def die_half_way(self: Path, content: bytes) -> int:
        write(self, content[: len(content) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", die_half_way)
    with pytest.raises(KeyboardInterrupt):
        translations.compile_catalogues()
    assert compiled.read_bytes() == before
    assert sorted(file.name for file in compiled.parent.iterdir()) == ["django.mo", "django.po"]


def test_two_compilations_at_once_both_succeed(finished):
    together, failed = threading.Barrier(6), []

    def compile_all() -> None:
        together.wait()
        try:
            translations.compile_catalogues()
            _compiled("sv")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=compile_all) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    folder = translations.po_file("sv").parent
    assert sorted(file.name for file in folder.iterdir()) == ["django.mo", "django.po"]


# --- What customers read ----------------------------------------------------------------------------------------


@pytest.fixture
def compiled() -> None:
    """The portal's own catalogues, also where Django has looked for them before they were there."""
    for file in translations.compile_catalogues():
        translation_file_changed(sender=None, file_path=file)


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    ("language", "heading", "forgotten"),
    [
        ("en", "Log in", "Forgotten your password?"),
        ("sv", "Logga in", "Glömt ditt lösenord?"),
        ("nb", "Logg inn", "Glemt passordet?"),
        ("da", "Log ind", "Glemt din adgangskode?"),
    ],
)
def test_the_log_in_page_speaks_the_browsers_language(client, language, heading, forgotten):
    page = client.get(reverse("login"), headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in page
    assert f"<h1>{heading}</h1>" in page
    assert forgotten in page


def _filled_in_wrongly() -> Iterator[forms.BaseForm]:
    """Every form that a customer meets, so that each says as much as it can."""
    anna = User(email="anna@example.com", first_name="Annabella", last_name="Karlsson")
    anna.set_password("abc")
    clinic = Clinic(account=Account(country="SE"))
    yield LogInForm(None, {})
    yield PasswordResetForm({"email": "x"})
    yield PasswordResetForm({"email": "x" * 300 + "@example.com"})
    for old, new, again in (("", "", ""), ("x", "anna", "b"), ("abc", "12345", "12345"), ("abc", *["annabella"] * 2)):
        yield PasswordChangeForm(anna, {"old_password": old, "new_password1": new, "new_password2": again})
    yield ProfileForm({"last_name": "x" * 400, "phone_number": "123", "language": "xx"}, instance=anna)
    yield ProfileForm({"first_name": "a\0", "phone_number": "+46", "language": "sv"}, instance=anna)
    yield DeliveryForm({}, clinic=clinic)
    yield DeliveryForm({"purchase_number": "x" * 50, "reference": "\0", "dispatch_choice": "x"}, clinic=clinic)
    for day in ("", "x", "2020-01-01", "2099-01-01"):
        yield DeliveryForm({"dispatch_choice": "date", "dispatch_date": day}, clinic=clinic)


def _words_of(form: forms.BaseForm) -> Iterator[str]:
    yield from (message for messages in form.errors.values() for message in messages)
    for field in form:
        yield str(field.label)
        yield str(field.help_text)


def _words(language: str) -> list[str]:
    with translation.override(language):
        return [words for form in _filled_in_wrongly() for words in _words_of(form)]


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_of_a_customer_falls_back_to_english(language):
    pairs = zip(_words("en"), _words(language), strict=True)
    same = {english for english, foreign in pairs if english and english == foreign}
    assert same <= SAME_IN_DANISH, "what a package lacks goes to config/package_strings.py"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("language", LANGUAGES)
def test_wagtails_password_page_is_translated(language):
    with translation.override(language):
        for text in ("Password required", "You need a password to access this page.", "Continue"):
            assert translated(text) != text
