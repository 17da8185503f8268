"""Filters: whole words in any script, or regular expressions."""

import pytest

from syndicator.judging.filters import matches


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("ad", "An ad for you", True),
        ("ad", "An AD: buy", True),
        ("ad", "Read this", False),
        ("ad", "ad_hoc", False),
        ("c++", "Why C++?", True),
        ("c++", "c+++", True),
        (".net", "On .NET today", True),
        ("static sites", "On static sites.", True),
        ("static sites", "On static\nsites.", False),
        ("a.b", "axb", False),
        ("/a.b/", "axb", True),
        ("/^ad/", "An ad", False),
        ("/", "a / b", True),
        ("//", "see https://x", False),
        ("naïve", "A NAÏVE plan", True),
        ("写真", "東京の写真を撮る", True),
        ("python", "Python入門", True),
        ("python", "pythonic", False),
        ("вода", "Живая вода.", True),
        ("вода", "водаль", False),
    ],
)
def test_filters_are_whole_words_or_regular_expressions(pattern: str, text: str, found: bool) -> None:
    assert matches(pattern, text) is found
