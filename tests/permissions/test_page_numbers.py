"""The page numbers under a list stay few."""

from django.core.paginator import Paginator

from permissions.templatetags.pages import page_numbers


def numbers(page: int, pages: int) -> list:
    return list(page_numbers(Paginator(range(pages), 1).get_page(page)))


def test_all_of_a_few():
    assert numbers(2, 3) == [1, 2, 3]


def test_of_thousands_the_ends_and_those_around_this_one():
    assert numbers(7, 2000) == [1, "…", 6, 7, 8, "…", 2000]
    assert numbers(1, 2000) == [1, 2, "…", 2000]
    assert numbers(2000, 2000) == [1, "…", 1999, 2000]
