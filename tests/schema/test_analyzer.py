"""Tokens as Elasticsearch cuts them (spec kql 5; the standard analyzer's cases were tried on the real one)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.schema.analyzer import LONGEST_TOKEN, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("- / \\ @ & # $ _ __", ()),
        ("Hello, World!", ("hello", "world")),
        ("c.d a:b can't cmd.exe host.com", ("c.d", "a:b", "can't", "cmd.exe", "host.com")),
        ("1.2.3 1,000 12:30", ("1.2.3", "1,000", "12", "30")),
        ("a1.b2 1.a a.1", ("a1", "b2", "1", "a", "a", "1")),
        ("a_b _x 1_a __y__", ("a_b", "_x", "1_a", "__y__")),
        ("a-b/c\\d@e&f#g$h", ("a", "b", "c", "d", "e", "f", "g", "h")),
        ("[CVE-2021-4034]", ("cve", "2021", "4034")),
        ("end. .start 5.", ("end", "start", "5")),
        ("a..b", ("a", "b")),
        ("漢字かな", ("漢", "字", "か", "な")),
        ("カタカナ 한국어", ("カタカナ", "한국어")),
        ("ok😀😀go", ("ok", "😀", "😀", "go")),
        ("Ünïcode ΣΑΣ", ("ünïcode", "σασ")),
        ("e\u0301t", ("e\u0301t",)),
        ("ไทย", ("ไทย",)),
    ],
)
def test_standard(text: str, expected: tuple[str, ...]) -> None:
    assert tokens("standard", text) == expected


def test_long_words_are_cut() -> None:
    assert tokens("standard", "x" * (LONGEST_TOKEN * 2 + 3)) == ("x" * LONGEST_TOKEN, "x" * LONGEST_TOKEN, "xxx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("[Convert]::FromBase64String($x)", ("convert", "frombase64string", "x")),
        ("Get-Content .Paste() a_b", ("get-content", "paste", "a_b")),
        ("naïve", ("na", "ve")),
    ],
)
def test_powershell(text: str, expected: tuple[str, ...]) -> None:
    assert tokens("powershell", text) == expected


@given(st.text())
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    for analyzer in ("standard", "powershell"):
        rest = "".join(char.lower()[0] for char in text)
        for token in tokens(analyzer, text):
            found = rest.find(token)
            assert found >= 0
            rest = rest[found + len(token) :]


@given(st.text(), st.text())
def test_a_line_break_separates(left: str, right: str) -> None:
    assert tokens("standard", f"{left}\n{right}") == tokens("standard", left) + tokens("standard", right)


def test_long_runs_of_one_character_take_linear_time() -> None:
    assert tokens("standard", "_" * 200_000) == ()
    assert len(tokens("standard", "a" * 200_000)) == 785
    assert len(tokens("standard", "a." * 100_000)) == 785


def test_an_unknown_analyzer_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        tokens("snowball", "x")
