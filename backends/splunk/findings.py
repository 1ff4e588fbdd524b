"""What writing SPL finds out about a rule: assumptions it rests on, and conditions it cannot say."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from backends.splunk.datamodel import UNKNOWN
from converter.events.event import Values
from converter.ir.span import Span
from converter.losses import Assumption, Loss


@dataclass(frozen=True, slots=True)
class Finding:
    """An assumption about one field, or None for all; `code` is in `codes.toml`."""

    code: str
    field: str | None

    def assumption(self) -> Assumption:
        message = _MESSAGES[self.code].format(field=self.field)
        return Assumption(self.code, message, self.field, _ALLOWS.get(self.code))


_MESSAGES = {
    "splunk-normalised": "`{field}` holds lower-case words only, so the search's blindness to case changes nothing",
    "splunk-number-spelling": "numbers in `{field}` are written without leading zeros, signs or fractions",
    "splunk-numeric-field": "`{field}` holds numbers only, written plainly",
    "splunk-address-spelling": "addresses in `{field}` are written in their usual form, IPv4 without IPv6 in front",
    "splunk-address-field": "`{field}` holds addresses only, written in their usual form, IPv4 without IPv6 in front",
    "splunk-not-empty": "`{field}` is never an empty text",
    "splunk-array-alias": "the list in `{field}{{}}` is visible as `{field}` through the field aliases of the app",
    "splunk-extraction": "all fields stand in the first 5,000 bytes and are among the first 100 fields of their event",
    "splunk-time-zone": "days of `{field}` begin when they begin in UTC: the search runs as a user of that time zone",
    "field-single-valued": "`{field}` holds at most one value",
    "splunk-date-spelling": "dates in `{field}` are all written in one form",
    "splunk-plain-characters": "texts in `{field}` hold no characters beyond U+FFFF or that fold into ASCII",
    "splunk-indicator-lookup": "{field}",
    "splunk-unknown": "`{field}` is never empty, nor the text `unknown`, which stands for a missing value",
    "splunk-model-version": "the installed data model has `{field}`, which earlier versions do not have",
    "splunk-subsearch": "what is appended has at most 50,000 rows and is found within 60 seconds",
    "splunk-stream-window": "fewer than 10,000 events of its steps come between one event of a sequence and the next",
    "splunk-whole-seconds": "`{field}` is a whole second, which is all that summaries have of it",
    "splunk-known-fields": "`{field}` names no other fields than those of the catalogue",
}


def _lower_case(values: Values) -> bool:
    return all(value == value.lower() for value in values if isinstance(value, str))


def _plain_numbers(values: Values) -> bool:
    """No value looks like a number without being written as one plainly."""
    return all(is_plain_number(value) or not looks_numeric(value) for value in values if isinstance(value, str))


def _only_numbers(values: Values) -> bool:
    return all(_INTEGER.fullmatch(value) for value in values if isinstance(value, str))


def _not_unknown(values: Values) -> bool:
    return not any(value.lower() in ("", UNKNOWN) for value in values if isinstance(value, str))


def _whole_seconds(values: Values) -> bool:
    return not any(_FRACTION.search(value) for value in values if isinstance(value, str))


def _one_value(values: Values) -> bool:
    return len(values) <= 1


def _usual_addresses(values: Values) -> bool:
    return all(_is_usual(value) for value in values if isinstance(value, str))


def _only_usual_addresses(values: Values) -> bool:
    return all(isinstance(value, str) and _is_usual(value, otherwise=False) for value in values)


def _not_empty(values: Values) -> bool:
    return "" not in values


def _is_usual(text: str, *, otherwise: bool = True) -> bool:
    """Whether a text is spelled as addresses are compared as texts; `otherwise` for what is no address at all."""
    try:
        address = ip_address(text)
    except ValueError:
        return otherwise
    return str(address) == text and getattr(address, "ipv4_mapped", None) is None


def _plain_characters(values: Values) -> bool:
    return all(_is_plain_character(char) for value in values if isinstance(value, str) for char in value)


def _is_plain_character(char: str) -> bool:
    """Whether EQL and SPL count the character as one and fold it to the same ones."""
    if char.isascii():
        return True
    folded = (char.lower(), char.upper())
    return char <= "\uffff" and not any(form.isascii() or len(form) > 1 for form in folded)


def _one_date_form(values: Values) -> bool:
    return all(_DATE.fullmatch(value) for value in values if isinstance(value, str))


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_FRACTION = re.compile(r"\.\d*[1-9]", re.ASCII)
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")

_ALLOWS: dict[str, Callable[[Values], bool]] = {
    "splunk-normalised": _lower_case,
    "splunk-number-spelling": _plain_numbers,
    "splunk-numeric-field": _only_numbers,
    "splunk-address-spelling": _usual_addresses,
    "splunk-address-field": _only_usual_addresses,
    "splunk-not-empty": _not_empty,
    "splunk-date-spelling": _one_date_form,
    "splunk-plain-characters": _plain_characters,
    "field-single-valued": _one_value,
    "splunk-unknown": _not_unknown,
    "splunk-whole-seconds": _whole_seconds,
}


def is_plain_number(text: str) -> bool:
    """Whether the text is the one usual spelling of a whole number."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def looks_numeric(text: str) -> bool:
    """Whether Splunk would compare the text as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_network(text: str) -> bool:
    """Whether the search language would take the text for a block of addresses."""
    if "/" not in text or not _ADDRESS_CHARACTERS.issuperset(text):
        return False
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_ADDRESS_CHARACTERS = frozenset("0123456789abcdefABCDEF.:/")
"""All that a block can consist of: nearly every text is told apart by its letters."""


class InexpressibleError(Exception):
    """A condition that SPL cannot say exactly; `loss` is the reason for the refusal."""

    def __init__(self, code: str, message: str, field: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.span = span

    def loss(self, field: str | None = None, span: Span | None = None) -> Loss:
        return Loss(self.code, self.message, field=self.field or field, span=self.span or span)


class RefusalError(Exception):
    """A rule that SPL cannot say, with the reason as a loss."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(loss.message)
        self.loss = loss


def refusal(code: str, message: str, field: str | None = None) -> RefusalError:
    """The refusal of a rule for a reason that has no place in its query."""
    return RefusalError(Loss(code, message, field=field))
