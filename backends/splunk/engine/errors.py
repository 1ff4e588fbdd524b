"""What goes wrong with a search text. Nothing unknown is ever skipped: the interpreter judges what we write."""

from converter.errors import ConverterError


class SplError(ConverterError):
    """A search that cannot be read or run, with its place in the text (codes `spl-*`)."""


class UndefinedError(Exception):
    """A value for which the reference defines no answer; becomes an SplError where the place in the text is known."""
