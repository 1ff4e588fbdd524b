"""How writing says that it cannot: one exception, turned into a refusal where the rule is translated."""

from collections.abc import Iterator
from contextlib import contextmanager

from converter.ir.span import Span
from converter.losses import Loss


class InexpressibleError(Exception):
    """SQL, or osquery, cannot say this. `loss` has no direction: the rule is refused, nothing is dropped in writing."""

    def __init__(self, code: str, message: str, field: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.loss = Loss(code, message, None, field, span)


@contextmanager
def refused_at(field: str | None, span: Span | None) -> Iterator[None]:
    """Gives refusals from inside the field and the place in the query that they do not know."""
    try:
        yield
    except InexpressibleError as error:
        loss = error.loss
        raise InexpressibleError(loss.code, loss.message, loss.field or field, loss.span or span) from error
