"""How writing says that it cannot: one exception, turned into a refusal where the rule is translated."""

from converter.ir.span import Span
from converter.losses import Loss


class InexpressibleError(Exception):
    """SQL, or osquery, cannot say this. `loss` has no direction: the rule is refused, nothing is dropped in writing."""

    def __init__(self, code: str, message: str, field: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, None, field, span)
