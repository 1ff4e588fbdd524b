"""What writing SPL finds out about a rule: assumptions it rests on, and conditions it cannot say."""

from dataclasses import dataclass

from converter.ir.span import Span
from converter.losses import Assumption, Loss


@dataclass(frozen=True, slots=True)
class Finding:
    """An assumption about one field; `code` is in `codes.toml`."""

    code: str
    field: str

    def assumption(self) -> Assumption:
        return Assumption(self.code, _MESSAGES[self.code].format(field=self.field), self.field)


_MESSAGES = {
    "splunk-normalised": "`{field}` holds lower-case words only, so the search's blindness to case changes nothing",
    "splunk-number-spelling": "numbers in `{field}` are written without leading zeros, signs or fractions",
    "splunk-array-alias": "the list in `{field}{{}}` is visible as `{field}` through the field aliases of the app",
    "field-single-valued": "`{field}` holds at most one value",
    "splunk-known-fields": "`{field}` names no other fields than those of the catalogue",
}


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
