"""What is raised when a tree cannot be written in a dialect."""


class DialectError(Exception):
    """The tree says something that the dialect cannot; the text names it."""
