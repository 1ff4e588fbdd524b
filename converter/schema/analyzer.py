"""Analyzers: how Elasticsearch cuts the value of a text field, and a query for it, into tokens (spec kql 5).

`standard` is Lucene's: words by Unicode's segmentation rules (UAX #29), lower-cased, nothing dropped but separators.
`powershell` is the pattern analyzer of PowerShell script blocks: only ASCII letters, digits, `_` and `-` are kept.
"""

import re
import unicodedata
from collections.abc import Callable

LONGEST_TOKEN = 255
"""Lucene's standard tokenizer cuts longer words into pieces of this length."""


def tokens(analyzer: str, text: str) -> tuple[str, ...]:
    """The lower-case tokens of a text in order; KeyError if there is no analyzer of that name."""
    return ANALYZERS[analyzer](text)


def _powershell(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _POWERSHELL_WORD.findall(text))


def _standard(text: str) -> tuple[str, ...]:
    lowered = text.lower() if text.isascii() else "".join(map(_lower, text))
    found: list[str] = []
    for match in _STANDARD_WORD.finditer(lowered.translate(_CLASS_OF)):
        if match["no_word"]:
            continue
        word = lowered[match.start() : match.end()]
        found.extend(word[start : start + LONGEST_TOKEN] for start in range(0, len(word), LONGEST_TOKEN))
    return tuple(found)


ANALYZERS: dict[str, Callable[[str], tuple[str, ...]]] = {"standard": _standard, "powershell": _powershell}

_POWERSHELL_WORD = re.compile(r"[A-Za-z0-9_-]+")


def _lower(char: str) -> str:
    """One code point for one, as Java's `Character.toLowerCase`: no final sigma, and `İ` gives a plain `i`."""
    return char.lower()[0]


def _within(ranges: str) -> Callable[[int], bool]:
    """Membership in code points and ranges of them, written in hexadecimal and separated by blanks."""
    bounds = [(int(first, 16), int(last or first, 16)) for first, _, last in (r.partition("-") for r in ranges.split())]
    return lambda code: any(first <= code <= last for first, last in bounds)


# Word_Break values of UAX #29 as single letters, in the order they are tried; what Python's own tables cannot tell
# is listed here. Emoji of the supplementary planes are given by block.
_BY_RANGE: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("Q", _within("2E 27 2018-2019 2024 FE52 FF07 FF0E")),  # between letters or between digits
    ("L", _within("3A B7 387 55F 5F4 2027 FE13 FE55 FF1A")),  # between letters
    ("M", _within("2C 3B 37E 589 60C-60D 66C 7F8 2044 FE10 FE14 FE50 FE54 FF0C FF1B")),  # between digits
    ("Z", _within("200D")),  # joins emoji
    ("O", _within("200B")),  # a format character that separates words
    ("U", _within("202F")),
    ("R", _within("1F1E6-1F1FF")),
    ("X", _within("1F3FB-1F3FF")),
    ("I", _within("2E80-2FD5 3005 3007 3021-3029 3038-303B 3400-4DBF 4E00-9FFF F900-FAFF 20000-3FFFD")),
    ("I", _within("3041-3096 309D-309F 1B001-1B11F 1B150-1B152 1F200")),
    ("K", _within("3031-3035 309B-309C 30A0-30FA 30FC-30FF 31F0-31FF 32D0-32FE 3300-3357 FF66-FF9D 1B000")),
    (
        "E",
        _within(
            "203C 2049 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB 25B6 25C0"
            " 25FB-25FE 2600-2604 260E 2611 2614-2615 2618 261D 2620 2622-2623 2626 262A 262E-262F 2638-263A 2640"
            " 2642 2648-2653 265F-2660 2663 2665-2666 2668 267B 267E-267F 2692-2697 2699 269B-269C 26A0-26A1 26A7"
            " 26AA-26AB 26B0-26B1 26BD-26BE 26C4-26C5 26C8 26CE-26CF 26D1 26D3-26D4 26E9-26EA 26F0-26F5 26F7-26FA"
            " 26FD 2702 2705 2708-270D 270F 2712 2714 2716 271D 2721 2728 2733-2734 2744 2747 274C 274E 2753-2755"
            " 2757 2763-2764 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3297 3299 1F004 1F0CF"
            " 1F170-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F201-1F202 1F21A 1F22F 1F232-1F23A 1F250-1F251 1F300-1F64F"
            " 1F680-1F6FF 1F7E0-1F7F0 1F900-1F9FF 1FA70-1FAFF"
        ),
    ),
    ("A", _within("24B6-24E9")),
)

_BY_CATEGORY = {
    **dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"), "A"),
    **dict.fromkeys(("Mn", "Mc", "Me", "Cf"), "X"),
    "Nd": "N",
    "Pc": "U",
}

# Thai, Lao, Myanmar, Khmer and their neighbours write no blanks: a run of letters and marks is one token.
_SOUTH_EAST_ASIAN = _within("E00-EFF 1000-109F 1780-17FF 1950-19DF 1A20-1AAF A9E0-A9FF AA60-AADF")


def _word_class(code: int) -> str:
    for name, contains in _BY_RANGE:
        if contains(code):
            return name
    name = _BY_CATEGORY.get(unicodedata.category(chr(code)), "O")
    return "S" if name in {"A", "X"} and _SOUTH_EAST_ASIAN(code) else name


class _ClassOf(dict[int, str]):
    """Word class by code point, computed on first sight; what `str.translate` looks up."""

    def __missing__(self, code: int) -> str:
        name = self[code] = _word_class(code)
        return name


_CLASS_OF = _ClassOf()


def _standard_pattern() -> re.Pattern[str]:
    """The rules WB3 to WB13 as Lucene's tokenizer states them, over word classes instead of characters.

    A mark or a format character belongs to the character before it (WB4), hence the tail after each class.
    """
    tail = "[XZ]*"
    letter, digit, joiner, katakana = (f"{name}{tail}" for name in "ANUK")
    letters = f"{letter}(?:(?:[LQ]{tail})?{letter})*"
    digits = f"{digit}(?:(?:[MQ]{tail})?{digit})*"
    word = f"(?:(?:{letters}|{digits})+|(?:{katakana})+)"
    alternatives = (
        f"(?:{joiner})*{word}(?:(?:{joiner})+{word})*(?:{joiner})*",
        f"E{tail}(?:(?<=Z)E{tail})*",
        f"R{tail}R{tail}",
        f"I{tail}",
        f"(?:S{tail})+",
        f"(?P<no_word>(?:{joiner})+)",  # passed over in one step
    )
    return re.compile("|".join(alternatives))


_STANDARD_WORD = _standard_pattern()
