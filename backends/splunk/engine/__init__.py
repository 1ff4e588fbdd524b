"""An interpreter of SPL: the embedded judge of every search that the backend writes.

It shares no code with the writer.
"""

from backends.splunk.engine.documents import search_documents
from backends.splunk.engine.embedded import SplunkEngine
from backends.splunk.engine.errors import SplError
from backends.splunk.engine.extraction import Rendering, extract
from backends.splunk.engine.interpreter import run
from backends.splunk.engine.row import Result, Row, SplunkEvent
from backends.splunk.engine.table import Table, lookup_table

__all__ = [
    "Rendering",
    "Result",
    "Row",
    "SplError",
    "SplunkEngine",
    "SplunkEvent",
    "Table",
    "extract",
    "lookup_table",
    "run",
    "search_documents",
]
