"""What the commands say: the product on stdout, everything else on stderr."""

import os
import sys
from collections.abc import Iterable

import click

from converter.diagnostic import Diagnostic, Level, of_error
from converter.errors import ConverterError

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


class Console:
    """`quiet` silences all but errors. Colour is for terminals, unless NO_COLOR is set (no-color.org)."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet

    def tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Diagnostics in order, each once: one line, and below it the source line with a caret."""
        told: set[str] = set()
        for item in diagnostics:
            line = str(item)
            if line in told or (self.quiet and item.level is not Level.ERROR):
                continue
            told.add(line)
            self._line(_coloured(item, line))
            if item.excerpt is not None:
                self._line(item.excerpt)

    def say(self, text: str) -> None:
        """A line about the run itself: a summary."""
        if not self.quiet:
            self._line(text)

    def complain(self, error: ConverterError) -> None:
        """An error that ends the run."""
        if error.place.path is not None:
            self.tell([of_error(error)])
        else:
            self._line(_coloured(of_error(error), f"error {error.code} {error.message}"))

    def product(self, text: str) -> None:
        """Text of the product. A reader that has gone away (`| head`) has had enough: nothing is said about it."""
        try:
            stream = sys.stdout.buffer
            stream.write(text.encode("utf-8", "surrogateescape"))
            stream.flush()
        except BrokenPipeError:
            self.close()

    @staticmethod
    def close() -> None:
        """Makes sure that the interpreter finds nothing left to flush into a closed pipe."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

    @staticmethod
    def _line(text: str) -> None:
        try:
            click.echo(text.encode("utf-8", "replace").decode("utf-8"), err=True, color=_wants_colour() or None)
        except BrokenPipeError:
            Console.close()


def _coloured(item: Diagnostic, line: str) -> str:
    if not _wants_colour():
        return line
    before, level, after = line.partition(f"{item.level} ")
    return f"{before}{click.style(level, fg=_COLOURS[item.level])}{after}"


def _wants_colour() -> bool:
    return "NO_COLOR" not in os.environ and sys.stderr.isatty()
