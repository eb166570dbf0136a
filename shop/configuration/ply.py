"""PLY models: the header says what follows, and the file must hold exactly that."""

import math
import struct
from dataclasses import dataclass, field

TYPES = {
    **dict.fromkeys(("char", "int8"), "b"),
    **dict.fromkeys(("uchar", "uint8"), "B"),
    **dict.fromkeys(("short", "int16"), "h"),
    **dict.fromkeys(("ushort", "uint16"), "H"),
    **dict.fromkeys(("int", "int32"), "i"),
    **dict.fromkeys(("uint", "uint32"), "I"),
    **dict.fromkeys(("float", "float32"), "f"),
    **dict.fromkeys(("double", "float64"), "d"),
}
ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
HEADER_AT_MOST, LONGEST_LIST = 10_000, 255


class NotPly(Exception):
    """The file does not hold what its header says."""


@dataclass
class Element:
    name: str
    count: int
    # Type letter of each property; a list is the letters of its length and of its items.
    properties: list[str] = field(default_factory=list)

    @property
    def is_fixed(self) -> bool:
        return all(len(letters) == 1 for letters in self.properties)


def clean_ply(data: bytes) -> bytes:
    """The same model without comments. Raises NotPly."""
    head, mark, body = data[:HEADER_AT_MOST].partition(b"end_header")
    if not mark:
        raise NotPly
    line_end = b"\r\n" if body.startswith(b"\r\n") else b"\n"
    body = data[len(head) + len(mark) + len(line_end) :]
    try:
        lines = head.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise NotPly from error
    kept = [line for line in lines if line.split()[:1] not in (["comment"], ["obj_info"])]
    order, elements = _header(kept)
    if order:
        _check_binary(body, order, elements)
    else:
        _check_ascii(body, elements)
    return "\n".join([*kept, "end_header", ""]).encode() + body


def _header(lines: list[str]) -> tuple[str, list[Element]]:
    words = [line.split() for line in lines]
    if len(words) < 3 or words[0] != ["ply"] or words[1][:1] != ["format"] or words[1][2:] != ["1.0"]:
        raise NotPly
    if words[1][1] not in ORDERS:
        raise NotPly
    elements: list[Element] = []
    for line in words[2:]:
        match line:
            case ["element", name, count] if count.isdecimal() and len(count) < 9 and len(name) < 40:
                elements.append(Element(name, int(count)))
            case ["property", "list", length, item, _name] if elements and length in TYPES and item in TYPES:
                if TYPES[length] in "fd":
                    raise NotPly
                elements[-1].properties.append(TYPES[length] + TYPES[item])
            case ["property", kind, _name] if elements and kind in TYPES:
                elements[-1].properties.append(TYPES[kind])
            case _:
                raise NotPly
    if any(not element.properties for element in elements) or _count(elements, "vertex") < 3:
        raise NotPly
    return ORDERS[words[1][1]], elements


def _count(elements: list[Element], name: str) -> int:
    return sum(element.count for element in elements if element.name == name)


def _check_binary(body: bytes, order: str, elements: list[Element]) -> None:
    place = 0
    for element in elements:
        if element.is_fixed:
            place = _skip_rows(body, place, struct.Struct(order + "".join(element.properties)), element.count)
        else:
            place = _skip_lists(body, place, order, element)
    if place != len(body):
        raise NotPly


def _skip_rows(body: bytes, place: int, row: struct.Struct, count: int) -> int:
    end = place + row.size * count
    if end > len(body):
        raise NotPly
    for values in row.iter_unpack(memoryview(body)[place:end]):
        if not math.isfinite(sum(values)):
            raise NotPly
    return end


def _skip_lists(body: bytes, place: int, order: str, element: Element) -> int:
    sizes = [[struct.calcsize(order + letter) for letter in letters] for letters in element.properties]
    for _row in range(element.count):
        for letters, size in zip(element.properties, sizes, strict=True):
            if len(letters) == 1:
                place += size[0]
                continue
            if place + size[0] > len(body):
                raise NotPly
            (length,) = struct.unpack_from(order + letters[0], body, place)
            if not 0 <= length <= LONGEST_LIST:
                raise NotPly
            place += size[0] + length * size[1]
        if place > len(body):
            raise NotPly
    return place


def _check_ascii(body: bytes, elements: list[Element]) -> None:
    try:
        rows = iter([line.split() for line in body.decode("ascii").splitlines() if line.strip()])
    except UnicodeDecodeError as error:
        raise NotPly from error
    for element in elements:
        for _row in range(element.count):
            _check_row(next(rows, []), element)
    if next(rows, None) is not None:
        raise NotPly


def _check_row(words: list[str], element: Element) -> None:
    try:
        numbers = [float(word) for word in words]
    except ValueError as error:
        raise NotPly from error
    place = 0
    for letters in element.properties:
        if place >= len(numbers):
            raise NotPly
        place += 1 + (int(numbers[place]) if len(letters) == 2 and 0 <= numbers[place] <= LONGEST_LIST else 0)
    if place != len(numbers) or not math.isfinite(sum(numbers)):
        raise NotPly
