"""Rules in words: a page for people (`page`), and a complete rendering as plain data for programs (`document`).

Both say what the intermediate representation says and nothing else: a page that reads well and a rule that means
something different would be worse than no page (docs/inspect.md).
"""

from converter.describe.document import SCHEMA, document
from converter.describe.page import page

__all__ = ["SCHEMA", "document", "page"]
