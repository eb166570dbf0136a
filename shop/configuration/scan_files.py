"""What an ear scan's file is, told by its content alone, and the file without what does not belong to the ear.

A picture is drawn anew, so that neither its place, its camera nor anything appended comes along. Of a model only the
geometry is kept: the headers and comments of STL and PLY can hold a patient's name.
"""

import io
import math
import struct
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shop.configuration.models import EarScan
from shop.configuration.ply import NotPly, clean_ply

Kind = EarScan.Kind
PIXELS_AT_MOST = 25_000_000
STL_HEADER, STL_FACET = 84, 50
PICTURES = {"JPEG": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.WEBP}
# How an ascii facet reads, word by word; None is a number.
FACET = (
    *("facet", "normal", None, None, None, "outer", "loop"),
    *("vertex", None, None, None) * 3,
    *("endloop", "endfacet"),
)


class ScanRefused(Exception):
    """Nothing was kept; the text says why and what to do, in the reader's language."""


def checked(data: bytes) -> tuple[str, bytes]:
    """The kind of a file and what to keep of it. Raises ScanRefused."""
    if _looks_like_picture(data):
        if len(data) > settings.EAR_SCAN_MAX_PHOTO_BYTES:
            raise ScanRefused(too_large(settings.EAR_SCAN_MAX_PHOTO_BYTES))
        return _drawn_anew(data)
    if data.startswith((b"ply\n", b"ply\r\n")):
        try:
            return Kind.PLY, clean_ply(data)
        except NotPly as error:
            raise ScanRefused(_damaged()) from error
    if _is_binary_stl(data):
        return Kind.STL, _binary_stl(data)
    if data[:5].lower() == b"solid":
        return Kind.STL, _from_ascii_stl(data)
    raise ScanRefused(_("This is no ear scan or photo that we can use. Choose a JPEG, PNG, WebP, STL or PLY file."))


def too_large(most: int) -> str:
    text = _("The file is larger than %(megabytes)s MB. Choose a smaller one, or send it to customer service.")
    return text % {"megabytes": most // 1_000_000}


def _damaged() -> str:
    return _("The file is damaged or not complete. Export it from the scanner once more and try again.")


def _looks_like_picture(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or data[:4] + data[8:12] == b"RIFFWEBP"


def _drawn_anew(data: bytes) -> tuple[str, bytes]:
    try:
        with Image.open(io.BytesIO(data), formats=list(PICTURES)) as image:
            if image.width * image.height > PIXELS_AT_MOST:
                raise ScanRefused(_("The picture has more than 25 megapixels. Save it smaller and try again."))
            kind = image.format or ""
            upright = ImageOps.exif_transpose(image)
            has_alpha = kind != "JPEG" and ("A" in upright.getbands() or "transparency" in upright.info)
            plain = upright.convert("RGBA" if has_alpha else "RGB")
            # From the bare pixels: comments, profiles and positions stay behind.
            bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ScanRefused(_damaged()) from error
    stream = io.BytesIO()
    bare.save(stream, kind, **({} if kind == "PNG" else {"quality": 90}))
    return PICTURES[kind], stream.getvalue()


def _is_binary_stl(data: bytes) -> bool:
    """The count of triangles says the size to the byte; nothing else tells a binary STL."""
    if len(data) < STL_HEADER + STL_FACET:
        return False
    (count,) = struct.unpack_from("<I", data, 80)
    return count * STL_FACET + STL_HEADER == len(data)


def _binary_stl(data: bytes) -> bytes:
    for facet in struct.iter_unpack("<12fH", memoryview(data)[STL_HEADER:]):
        if not math.isfinite(sum(facet)):
            raise ScanRefused(_damaged())
    return bytes(80) + data[80:]


def _from_ascii_stl(data: bytes) -> bytes:
    """Kept as binary: a fifth of the size, and no room for words."""
    try:
        first, _newline, rest = data.decode("ascii").partition("\n")
    except UnicodeDecodeError as error:
        raise ScanRefused(_damaged()) from error
    body, _newline, last = rest.rstrip().rpartition("\n")
    words = body.split()
    if not words or len(words) % len(FACET) or last.split()[0].lower() != "endsolid" or first[5:6].strip():
        raise ScanRefused(_damaged())
    places = [_column(words, place) for place, word in enumerate(FACET) if word is None]
    for place, word in enumerate(FACET):
        if word is not None and any(found.lower() != word for found in words[place :: len(FACET)]):
            raise ScanRefused(_damaged())
    facets = [struct.pack("<12fH", *numbers, 0) for numbers in zip(*places, strict=True)]
    return bytes(80) + struct.pack("<I", len(facets)) + b"".join(facets)


def _column(words: Sequence[str], place: int) -> list[float]:
    try:
        numbers = [float(word) for word in words[place :: len(FACET)]]
    except ValueError as error:
        raise ScanRefused(_damaged()) from error
    if not all(abs(number) < 1e30 for number in numbers):  # also false for what is no number
        raise ScanRefused(_damaged())
    return numbers
