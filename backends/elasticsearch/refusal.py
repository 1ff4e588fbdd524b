"""What Query DSL cannot say."""

from converter.ir.span import Span
from converter.losses import Loss


class InexpressibleError(Exception):
    """A leaf that Query DSL cannot say; `loss` is the reason for the refusal."""

    def __init__(self, code: str, message: str, field: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, field=field, span=span)
