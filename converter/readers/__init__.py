"""Readers: containers of rules into raw rules, nothing interpreted.

`folder` reads paths, `archive` unpacks, `text_file` tells containers apart. `toml_file` reads TOML files, `export`
Kibana's exports and the responses of its API, `page` saved pages, `query_text` bare queries.
"""

from converter.readers.folder import read, scan
from converter.readers.query_text import read_text
from converter.readers.reading import Doubt, Reading, Skipped

__all__ = ["Doubt", "Reading", "Skipped", "read", "read_text", "scan"]
