"""What stops an evaluation: the whole search fails, as it does in Elasticsearch, not just one event."""

from converter.errors import ConverterError


class EvaluationError(ConverterError):
    """The rule cannot be evaluated on these events: a text that is no number, a division by zero, a product of values
    that is too large, a detection that the evaluator does not know."""
