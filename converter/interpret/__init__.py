"""From a raw rule to a rule: its query is read in its language, its metadata typed, its type given a meaning.

Every type and every part of a rule that nothing here understands is refused with a code of its own
(`UnsupportedError`): a rule is never taken without such a part (spec elastic-rules 1, 2 and 7).

Where things are: `metadata` types the keys that travel unchanged, `described` makes a rule of them, `kind` knows types
and languages, `query` reads queries, `meaning` makes the type's detection of them, `restriction` reads filters and
exceptions, `refusal` says no.
"""

from converter.interpret.described import RULE_NAMESPACE, rule_id_for
from converter.interpret.interpretation import interpret
from converter.interpret.query import in_file

__all__ = ["RULE_NAMESPACE", "in_file", "interpret", "rule_id_for"]
