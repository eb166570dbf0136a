"""The readable files in fixtures/demo, as they stand."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


def table(name: str) -> list[dict[str, str]]:
    """Rows of a csv file by column name, without the spaces around values."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [{column: value.strip() for column, value in row.items()} for row in csv.DictReader(file)]


@cache
def document(name: str) -> Any:
    """What a yaml file says. Read once: nobody may change it."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def documents(folder: str) -> list[Any]:
    """What each yaml file of a folder says, in the order of the files' names."""
    return [document(f"{folder}/{path.name}") for path in sorted((FOLDER / folder).glob("*.yaml"))]
