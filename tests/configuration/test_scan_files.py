"""What an ear scan is, is told by its content; what does not belong to the ear is not kept."""

import io
import struct

import pytest
from PIL import Image

from shop.configuration.scan_files import ScanRefused, checked

FACET = "facet normal 0 0 1\n outer loop\n vertex 0 0 0\n vertex 1 0 0\n vertex 0 1 0\n endloop\nendfacet\n"
ASCII_STL = f"solid Anna Andersson\n{FACET * 2}endsolid Anna Andersson\n".encode()


def picture(kind: str, **options) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(stream, kind, **options)
    return stream.getvalue()


def binary_stl(facets: int = 3, header: bytes = b"Anna Andersson", number: float = 1.5) -> bytes:
    facet = struct.pack("<12fH", *[number] * 12, 0)
    return header.ljust(80, b"\0") + struct.pack("<I", facets) + facet * facets


def ply(kind: str = "ascii", *, vertices: int = 3, body: bytes | None = None, comment: str = "Anna Andersson") -> bytes:
    lines = [
        *("ply", f"format {kind} 1.0", f"comment {comment}", f"element vertex {vertices}"),
        *("property float x", "property float y", "property float z"),
        *("element face 1", "property list uchar int vertex_indices", "end_header", ""),
    ]
    if body is None and kind == "ascii":
        body = b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
    elif body is None:
        order = "<" if "little" in kind else ">"
        body = struct.pack(f"{order}9f", *range(9)) + struct.pack(f"{order}B3i", 3, 0, 1, 2)
    return "\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), "jpeg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (binary_stl(), "stl"),
        (binary_stl(header=b"solid looks like ascii"), "stl"),
        (ASCII_STL, "stl"),
        (ASCII_STL.replace(b"\n", b"\r\n"), "stl"),
        (ply(), "ply"),
        (ply().replace(b"\n", b"\r\n"), "ply"),
        (ply("binary_little_endian"), "ply"),
        (ply("binary_big_endian"), "ply"),
    ],
)
def test_scans_and_photos_are_known_by_their_content(data, kind):
    found, kept = checked(data)
    assert found == kind
    assert checked(kept)[0] == kind
    assert b"Anna" not in kept


def test_an_ascii_model_keeps_its_triangles():
    _kind, kept = checked(ASCII_STL)
    assert struct.unpack_from("<I", kept, 80) == (2,)
    assert struct.unpack_from("<12f", kept, 84) == (0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0)


def test_a_photo_loses_where_and_with_what_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Anna's camera"
    exif[0x8825] = {1: "N", 2: (59.0, 20.0, 0.0)}
    data = picture("JPEG", exif=exif, comment=b"Anna Andersson")
    assert b"Anna" in data
    _kind, kept = checked(data)
    assert b"Anna" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photo_is_kept_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    _kind, kept = checked(picture("JPEG", exif=exif))
    assert Image.open(io.BytesIO(kept)).size == (20, 30)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_hidden_behind_a_picture_is_dropped(kind):
    _kind, kept = checked(picture(kind) + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


def test_a_page_in_the_header_of_a_model_is_dropped():
    _kind, kept = checked(binary_stl(header=b"<html><script>alert(1)</script>"))
    assert b"script" not in kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing of the kind",
        b"%PDF-1.7\n%\xe2\xe3",
        b"PK\x03\x04" + bytes(200),
        b"MZ" + bytes(300),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><body>solid facet</body></html>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_other_files_are_refused(data):
    with pytest.raises(ScanRefused, match="JPEG, PNG, WebP, STL or PLY"):
        checked(data)


@pytest.mark.parametrize(
    "data",
    [
        picture("JPEG")[:200],
        b"\xff\xd8\xff\xe0" + bytes(400),
        b"\x89PNG\r\n\x1a\n" + bytes(400),
        b"RIFF\x10\0\0\0WEBPVP8 " + bytes(100),
        binary_stl(number=float("nan")),
        binary_stl(number=float("inf")),
        ASCII_STL.replace(b"1 0 0", b"1 nan 0"),
        ASCII_STL.replace(b"1 0 0", b"1 zero 0"),
        ASCII_STL.replace(b"endloop", b"<script>"),
        ASCII_STL[:-40],
        b"solid \n",
        b"solid x\nendsolid x\n",
        ply(body=b"0 0 0\n1 0 0\n"),
        ply(body=b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\nleft over\n"),
        ply(body=b"0 0 0\n1 0 0\n0 1 nan\n3 0 1 2\n"),
        ply("binary_little_endian", vertices=1000),
        ply("binary_little_endian") + b"<script>",
        ply("binary_little_endian", vertices=99999999),
        ply("binary_middle_endian"),
        ply().replace(b"property float x\n", b"property string x\n"),
        ply().replace(b"end_header", b"end_of_it"),
        ply().replace(b"element face 1", b"obj face 1"),
    ],
)
def test_damaged_files_are_refused(data):
    with pytest.raises(ScanRefused, match="damaged or not complete"):
        checked(data)


@pytest.mark.parametrize("wrong", [-1, 1, 1000])
def test_a_binary_model_must_be_as_long_as_its_count_of_triangles_says(wrong):
    data = bytearray(binary_stl(header=b""))
    struct.pack_into("<I", data, 80, 3 + wrong)
    with pytest.raises(ScanRefused):
        checked(bytes(data))


def test_a_picture_that_unpacks_to_far_more_is_refused():
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, "PNG")
    assert len(stream.getvalue()) < 300_000
    with pytest.raises(ScanRefused):
        checked(stream.getvalue())


def test_a_picture_of_just_too_many_pixels_is_refused():
    stream = io.BytesIO()
    Image.new("1", (5_001, 5_000)).save(stream, "PNG")
    with pytest.raises(ScanRefused, match="25 megapixels"):
        checked(stream.getvalue())


def test_a_photo_may_be_smaller_only_than_a_model(settings):
    settings.EAR_SCAN_MAX_PHOTO_BYTES = 50
    with pytest.raises(ScanRefused, match="larger than"):
        checked(picture("PNG"))
    assert checked(binary_stl(50))[0] == "stl"
