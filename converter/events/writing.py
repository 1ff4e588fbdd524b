"""Events out: documents as NDJSON, the same bytes for the same events everywhere."""

import json
from collections.abc import Iterable, Mapping
from typing import TextIO


def write_documents(documents: Iterable[Mapping[str, object]], stream: TextIO) -> None:
    """Writes one document a line. Keys keep their order; `read_documents` gives equal documents back."""
    for document in documents:
        stream.write(line_of(document))
        stream.write("\n")


def line_of(document: Mapping[str, object]) -> str:
    """The document on one line, in ASCII, so that no terminal, locale or file system changes it."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
