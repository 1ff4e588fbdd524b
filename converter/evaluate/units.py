"""Positions in texts as EQL counts them: in UTF-16 units (spec eql 9), so that a character beyond U+FFFF counts two."""


def length(text: str) -> int:
    """How many UTF-16 units a text has."""
    if _narrow(text):
        return len(text)
    return sum(2 if char > "\uffff" else 1 for char in text)


def index_of(text: str, sub: str, start: int) -> int | None:
    """The first position at or after `start` where `sub` occurs, None if there is none."""
    found = text.find(sub, start) if _narrow(text) else _widened(text).find(_widened(sub), start)
    return None if found < 0 else found


def cut(text: str, start: int | None, end: int | None) -> str:
    """A piece of the text by Python's slice rules; a pair of units that is cut in two leaves lone surrogates."""
    if _narrow(text):
        return text[start:end]
    return _narrowed(_widened(text)[start:end])


def _narrow(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"


def _widened(text: str) -> str:
    """One character per unit: surrogates stand for themselves."""
    pairs = text.encode("utf-16-be", "surrogatepass")
    return "".join(chr(pairs[at] << 8 | pairs[at + 1]) for at in range(0, len(pairs), 2))


def _narrowed(units: str) -> str:
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")
