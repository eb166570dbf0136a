"""The catalogues of translations: filled from the code, checked against it, compiled. Babel alone, no gettext programs.

A catalogue is rewritten whole, in the order of its texts and with names of files but not of lines, so that a change of
one text is a change of one place. Nothing is guessed: a text that was reworded is a new one and must be translated.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from uuid import uuid4

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

FOLDERS = ("content", "permissions", "shop", "site", "templates")
NOT_SEARCHED = frozenset({"migrations", "static", "locale", "tests"})
PLURAL, CONTEXT, CONTEXT_PLURAL = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
PLACEHOLDER = re.compile(r"%\([^)]*\)[a-zA-Z]?|(?<!%)%[sdifr]\b|\{\w*\}")
LINE = re.compile(r'#.*|((msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) )?"([^"\\]|\\.)*"|')
NAMED = re.compile(r"%\((\w+)\)")


class UnreadableError(Exception):
    """A source file or a catalogue that is not well-formed."""


@dataclass(frozen=True)
class Update:
    """What became of one catalogue."""

    language: str
    texts: int
    new: int
    gone: int
    unfinished: int


def languages() -> list[str]:
    """Every language of the portal but the one in which the code is written."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def po_file(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")


# --- From the code ----------------------------------------------------------------------------------------------


def texts_of_code(root: Path) -> Catalog:
    """Every text that our own Python and templates hand to be translated."""
    found = Catalog(charset="utf-8")
    for file in _source_files(root):
        name = file.relative_to(root).as_posix()
        for _line, text, comments, context in _texts_of(file):
            found.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def _source_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        endings = (".html", ".txt") if folder == "templates" else (".py",)
        for file in sorted(root.joinpath(folder).rglob("*")):
            parts = file.relative_to(root).parts
            if file.suffix in endings and not any(part in NOT_SEARCHED or part[0] == "." for part in parts):
                yield file


def _texts_of(file: Path) -> Iterable[tuple]:
    source = file.read_bytes()
    try:
        if file.suffix != ".py":
            # Calls of gettext among filler are left of a template; Python's tokenizer would stumble over indentation.
            calls = templatize(source.decode(), origin=str(file))
            source = "\n".join(line.strip() for line in calls.splitlines()).encode()
        return list(extract("python", BytesIO(source), KEYWORDS, ["Translators"]))
    except (SyntaxError, TokenError, UnicodeError) as error:
        raise UnreadableError(f"{file}: {error}") from error


# --- Catalogues -------------------------------------------------------------------------------------------------


def read_catalogue(language: str) -> Catalog:
    """The catalogue as it is; an empty one when there is none."""
    file = po_file(language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8")
    try:
        content = file.read_bytes()
        for number, line in enumerate(content.decode().splitlines(), start=1):
            if not LINE.fullmatch(line):  # Babel would take it, and lose a letter where a quote is missing
                raise UnreadableError(f"{file}, line {number}: {line}")
        return read_po(BytesIO(content), locale=language, charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeError) as error:
        raise UnreadableError(f"{file}: {error}") from error


def update(root: Path) -> Iterator[Update]:
    """Make every catalogue hold the texts of the code, no more and no less, with the translations it had."""
    code = texts_of_code(root)
    for language in languages():
        old = read_catalogue(language)
        merged = _merged(code, old, language)
        _write(po_file(language), _as_po(merged, language))
        yield Update(
            language=language,
            texts=len(merged),
            new=sum(_find(old, text) is None for text in _texts(code)),
            gone=sum(_find(code, text) is None for text in _texts(old)),
            unfinished=sum(not _is_complete(text) or text.fuzzy for text in _texts(merged)),
        )


def _merged(code: Catalog, old: Catalog, language: str) -> Catalog:
    merged = Catalog(locale=language, charset="utf-8")
    for text in _texts(code):
        known = _find(old, text)
        merged.add(
            text.id,
            known.string if known else "",
            text.locations,
            text.flags | ({"fuzzy"} & known.flags if known else set()),
            text.auto_comments,
            known.user_comments if known else (),
            context=text.context,
        )
    return merged


def _as_po(catalogue: Catalog, language: str) -> bytes:
    stream = BytesIO()
    stream.write(HEADER.format(language=language, plural_forms=catalogue.plural_forms).encode())
    write_po(stream, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return stream.getvalue().rstrip() + b"\n"


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _find(catalogue: Catalog, text: Message) -> Message | None:
    """The entry for exactly this text: a plural that was added or reworded is another one."""
    found = catalogue.get(text.id, text.context)
    return found if found and _forms(found.id) == _forms(text.id) else None


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


# --- Checks -----------------------------------------------------------------------------------------------------


def problems(root: Path) -> Iterator[str]:
    """Why the catalogues can't be shipped, one line each; nothing when all is well."""
    code = texts_of_code(root)
    for language in languages():
        try:
            catalogue = read_catalogue(language)
        except UnreadableError as error:
            yield f"{language}: not well-formed: {error}"
            continue
        if catalogue.plural_forms != Catalog(locale=language).plural_forms:
            yield f"{language}: header: Plural-Forms is {catalogue.plural_forms}"
        for text in _texts(code):
            if problem := _problem(_find(catalogue, text)):
                yield f"{language}: {problem}: {_naming(text)}"
        for text in _texts(catalogue):
            if _find(code, text) is None:
                yield f"{language}: no longer in the code: {_naming(text)}"


def _problem(entry: Message | None) -> str:
    if entry is None:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if not any(_forms(entry.string)):
        return "untranslated"
    if not _is_complete(entry):
        return "plural forms incomplete"
    originals, translated = _forms(entry.id), _forms(entry.string)
    for number, form in enumerate(translated):
        original = originals[min(number, len(originals) - 1)]
        if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(form)) or not _can_be_filled(form):
            return f"placeholders differ, {form!r}"
    return ""


def _is_complete(entry: Message) -> bool:
    """read_po gives a form that the file leaves out as an empty one."""
    return all(_forms(entry.string)) and bool(_forms(entry.string))


def _can_be_filled(form: str) -> bool:
    """Python refuses a lone % beside named placeholders, but only when the page is shown."""
    names = NAMED.findall(form)
    try:
        return not names or bool(form % dict.fromkeys(names, 0))
    except (ValueError, TypeError, KeyError):
        return False


def _naming(text: Message) -> str:
    files = ", ".join(sorted({name for name, _line in text.locations}))
    context = f" [{text.context}]" if text.context else ""
    return f"{' / '.join(_forms(text.id))!r}{context} ({files})"


# --- Compiled ---------------------------------------------------------------------------------------------------


def compile_catalogues() -> list[Path]:
    """Write the .mo files that are missing or older than their .po. Safe to run at the same time as itself."""
    # English too: a few words that a package's own English catalogue would put other words for.
    every = [code for code, _name in settings.LANGUAGES]
    return [_compile(language) for language in every if not _is_compiled(po_file(language))]


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not source.exists() or (compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns)


def _compile(language: str) -> Path:
    source = po_file(language)
    compiled = source.with_suffix(".mo")
    age = source.stat().st_mtime_ns
    stream = BytesIO()
    write_mo(stream, read_catalogue(language))
    _write(compiled, stream.getvalue())
    os.utime(compiled, ns=(age, age))  # so that a source which changes meanwhile is compiled again
    return compiled


def _write(file: Path, content: bytes) -> None:
    """All or nothing, whoever reads or writes beside us. A file that says the same already stays as old as it is."""
    if file.suffix == ".po" and file.exists() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{uuid4().hex}.mo")  # named as what git ignores
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
