"""Matchers: what one value of a field has to satisfy."""

from dataclasses import dataclass
from enum import StrEnum

from converter.ir.literal import Literal
from converter.ir.pattern import Pattern
from converter.ir.regex import Regexp


@dataclass(frozen=True, slots=True)
class Equal:
    """The value equals the literal. `ignore_case` folds ASCII letters of texts only (architecture section 7)."""

    value: Literal
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """The pattern covers the whole value."""

    pattern: Pattern
    ignore_case: bool = False


class Flavour(StrEnum):
    """How a regular expression folds case under `ignore_case`: Lucene folds literals but not classes (spec eql 5.2)."""

    LUCENE = "lucene"
    JAVA = "java"
    PCRE = "pcre"


@dataclass(frozen=True, slots=True)
class Regex:
    """The tree covers the whole value."""

    tree: Regexp
    flavour: Flavour = Flavour.LUCENE
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Both bounds hold for one and the same value; None is no bound. At least one bound is set."""

    low: Literal | None = None
    high: Literal | None = None
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """The address lies in the block: `10.0.0.0/8`; a single address is written with its full mask (`/32`, `/128`).

    Host bits are cleared and IPv6 is compressed and lower-case, so that equal blocks are equal matchers. An IPv4
    address mapped into IPv6 (`::ffff:1.2.3.4`) is that IPv4 address (spec kql 4.4).
    """

    block: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The tokens occur consecutively in the analysed value; each is a pattern over one token (spec kql 5).

    `analyzer` names an entry of the catalogue's analyzers (`standard`, `powershell`). No tokens: never true.
    """

    tokens: tuple[Pattern, ...]
    analyzer: str


@dataclass(frozen=True, slots=True)
class Present:
    """The field has a value."""


Matcher = Equal | Like | Regex | Range | Network | Phrase | Present
