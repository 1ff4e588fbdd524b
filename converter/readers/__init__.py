"""Readers: containers of rules (TOML files, saved pages, bare query text) into raw rules, nothing interpreted."""

from converter.readers.folder import Reading, Skipped, read, scan
from converter.readers.query_text import read_text

__all__ = ["Reading", "Skipped", "read", "read_text", "scan"]
