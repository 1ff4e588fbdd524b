"""Why a text is not EQL, in the words of the person who wrote it.

lark says which token it did not expect. The functions of `_EXPLANATIONS` are tried in order on what stands around that
place; each knows one mistake that people make. What none of them knows is reported with what was expected there.
"""

from collections.abc import Callable
from typing import Final

from lark import UnexpectedInput

from converter.errors import RuleError
from converter.languages.eql.limits import place_of
from converter.languages.eql.refusal import refusal
from converter.languages.eql.trouble import Trouble, Word
from converter.languages.eql.vocabulary import KEYWORDS, LINEAGE

_PATTERN_OPERATORS: Final = frozenset({":", "like", "like~", "regex", "regex~"})
_FOREIGN: Final = {"&&": "and", "||": "or", "&": "and", "!": "not", "=~": ":", "<>": "!="}

_OPERANDS: Final = frozenset({"NAME", "LPAR", "INTEGER", "STRING", "QUOTED_NAME"})
_EXPECTED: Final = (
    ({"SEQUENCE", "SAMPLE"}, "`category where condition`, `sequence` or `sample`"),
    ({"NAME", "LPAR", "NULL"}, "a field, a constant, a function or `(`"),
    ({"NULL"}, "a constant"),
    ({"NAME", "QUOTED_NAME"}, "a field"),
    ({"NAME", "STRING"}, "an event category or `any`"),
    ({"WHERE"}, "`where`"),
    ({"AND", "OR"}, "`and` or `or`"),
    ({"EQUAL"}, "`=`"),
    ({"LPAR"}, "`(`"),
    ({"RPAR"}, "`)`"),
    ({"CLOSE"}, "`]`"),
    ({"OPEN"}, "`[`"),
    ({"COMMA"}, "`,`"),
    ({"VBAR", "$END"}, "the end of the query or a pipe"),
    ({"IN"}, "`in`"),
    ({"TIMESPAN"}, "a time span such as 5m"),
    ({"INTEGER"}, "a number"),
    ({"MAXSPAN"}, "`maxspan`"),
    ({"RUNS"}, "`runs`"),
)
"""Terminals that the parser would have accepted, and what to call them; the first lines swallow the later ones."""


def explain(text: str, error: UnexpectedInput) -> RuleError:
    """The error about a text that lark could not parse."""
    trouble = Trouble(text, error)
    for explanation in _EXPLANATIONS:
        found = explanation(trouble)
        if found is not None:
            return found
    return _plain(trouble)


def _plain(trouble: Trouble) -> RuleError:
    expected = _expected_words(trouble.expected)
    if trouble.found is None:
        return refusal("eql-end", "the query ends too early", trouble.place, expected=expected)
    return refusal("eql-syntax", f"`{trouble.here:.40}` does not belong here", trouble.place, expected=expected)


def _expected_words(terminals: frozenset[str]) -> str | None:
    left = set(terminals)
    words = []
    for names, word in _EXPECTED:
        if names <= left:
            words.append(word)
            left -= names | (_OPERANDS if names & {"NULL", "SEQUENCE"} else set())
    return " or ".join(words[:3]) or None


def _open_string(trouble: Trouble) -> RuleError | None:
    if not (trouble.unreadable and trouble.here[:1] in {'"', "'", "?", "`"}):
        return None
    if trouble.here[0] == "?" and trouble.next[:1] not in {'"', "'"}:
        return None
    if trouble.here[0] == "`":
        return refusal("eql-string-open", "a quoted name does not end", trouble.place, expected="a backtick")
    return refusal(
        "eql-string-open",
        "a string does not end",
        trouble.place,
        expected="a closing quote on the same line",
        advice='a backslash in front of a quote makes it part of the text: write "C:\\\\" for C:\\',
    )


def _other_language(trouble: Trouble) -> RuleError | None:
    words = {word.text.lower() for word in trouble.words}
    if "where" in words or not words & {":", "and", "or", "not"}:
        return None
    return refusal(
        "eql-not-eql",
        "this reads like KQL, not like EQL",
        trouble.place,
        expected="`category where condition`",
        advice="set the rule's language to kuery, or write `any where` in front of the condition",
    )


def _join(trouble: Trouble) -> RuleError | None:
    if not trouble.words or trouble.words[0].text != "join":
        return None
    at = place_of(trouble.text, trouble.words[0].start)
    return refusal("eql-join", "`join` is not supported", at, advice="use `sequence`, or `sample` without an order")


def _lineage(trouble: Trouble) -> RuleError | None:
    if trouble.here != "of" or trouble.previous() not in LINEAGE:
        return None
    return refusal(
        "eql-lineage",
        f"`{trouble.previous()} of` is not supported",
        trouble.place,
        advice="write a sequence that joins by the ids of the process and of its parent",
    )


def _upper_case(trouble: Trouble) -> RuleError | None:
    for word in (trouble.here, trouble.previous()):
        if word.lower() in KEYWORDS and word not in KEYWORDS:
            at = trouble.offset if word == trouble.here else trouble.before[-1].start
            return refusal(
                "eql-keyword-case",
                f"`{word}` is not a keyword",
                place_of(trouble.text, at),
                advice=f"write it in lower case: {word.lower()}",
            )
    return None


def _foreign_operator(trouble: Trouble) -> RuleError | None:
    written, start = trouble.here, trouble.offset
    if trouble.previous() in _FOREIGN:  # a pipe begins like `||`, so that lark stops behind its first half
        written, start = trouble.previous(), trouble.before[-1].start
    if written == "!" and trouble.next in _PATTERN_OPERATORS:
        return _misplaced_not(trouble)
    if written not in _FOREIGN:
        return None
    return refusal(
        "eql-operator",
        f"EQL has no operator `{written}`",
        place_of(trouble.text, start),
        advice=f"write `{_FOREIGN[written]}`",
    )


def _misplaced_not(trouble: Trouble) -> RuleError:
    return refusal(
        "eql-not-position",
        "the negation stands in the middle of a test",
        trouble.place,
        advice='put it in front of the whole test: not field like "a*"',
    )


def _not_before_operator(trouble: Trouble) -> RuleError | None:
    operators = _PATTERN_OPERATORS | {"==", "!=", "<", "<=", ">", ">="}
    return _misplaced_not(trouble) if trouble.previous() == "not" and trouble.here in operators else None


def _single_equals(trouble: Trouble) -> RuleError | None:
    if trouble.here == "=":
        return refusal("eql-equals", "`=` does not compare", trouble.place, advice="write ==")
    if trouble.previous() == "==" and trouble.previous(2) in {"maxspan", "runs"}:
        at = place_of(trouble.text, trouble.before[-1].start)
        return refusal("eql-equals", "one equals sign is due here", at, expected="`=`")
    return None


def _chain(trouble: Trouble) -> RuleError | None:
    if trouble.here not in {"==", "!=", "<", "<=", ">", ">="} or "AND" not in trouble.expected:
        return None
    return refusal(
        "eql-chained-comparison",
        "comparisons do not chain",
        trouble.place,
        advice="write two comparisons joined by `and`: a < b and b < c",
    )


def _list(trouble: Trouble) -> RuleError | None:
    if trouble.here == ")" and trouble.previous() == ",":
        at = place_of(trouble.text, trouble.before[-1].start)
        return refusal("eql-trailing-comma", "a list ends in a comma", at, advice="leave out the last comma")
    opener = trouble.previous(2)
    if trouble.here == ")" and trouble.previous() == "(" and opener in _PATTERN_OPERATORS | {"in", "in~"}:
        return refusal("eql-list-empty", "the list is empty", trouble.place, expected="one value at least")
    if trouble.found and trouble.previous() in {"in", "in~"} and trouble.here != "(":
        return refusal(
            "eql-list-brackets",
            f"`{trouble.previous()}` takes a list in parentheses",
            trouble.place,
            advice=f"write: {trouble.previous()} ({trouble.here:.40})",
        )
    return None


def _brackets(trouble: Trouble) -> RuleError | None:
    if trouble.found is None and trouble.open_brackets:
        opened = trouble.open_brackets[-1]
        at = place_of(trouble.text, opened.start)
        return refusal("eql-bracket", f"`{opened.text}` is never closed", at, expected=_closer(opened))
    if trouble.here not in {")", "]"} or trouble.closes():
        return None
    if not trouble.open_brackets:
        return refusal("eql-bracket", f"`{trouble.here}` closes nothing", trouble.place, advice="remove it")
    opened = trouble.open_brackets[-1]
    at = place_of(trouble.text, opened.start)
    return refusal(
        "eql-bracket",
        f"`{trouble.here}` cannot close the `{opened.text}` of line {at.line}, column {at.column}",
        trouble.place,
        expected=_closer(opened),
    )


def _closer(opened: Word) -> str:
    return "`)`" if opened.text == "(" else "`]`"


def _span_order(trouble: Trouble) -> RuleError | None:
    recent = [word.text for word in trouble.before[-5:]]
    if trouble.here != "by" or "maxspan" not in recent:
        return None
    return refusal(
        "eql-span-order",
        "the keys come before the time limit",
        trouble.place,
        advice="write: sequence by ... with maxspan=...",
    )


def _category(trouble: Trouble) -> RuleError | None:
    word = trouble.before[-1] if trouble.here == "where" and trouble.previous() in KEYWORDS else trouble.found
    following = {later.text for later in trouble.words if word and word.start < later.start < word.start + 40}
    if word is None or word.text in {"(", "["} or "where" not in following:
        return None
    at_category = {"NAME", "STRING"} <= trouble.expected and not trouble.expected & {"INTEGER", "NULL"}
    if not (at_category or trouble.expected == {"WHERE"} or trouble.here == "where"):
        return None
    return refusal(
        "eql-category",
        f"`{word.text:.40}` cannot stand in front of `where`",
        place_of(trouble.text, word.start),
        expected="one word, a text in double quotes, or `any`",
        advice='quote other categories: "my-category" where ...',
    )


def _reserved(trouble: Trouble) -> RuleError | None:
    if trouble.here not in KEYWORDS - {"and", "or", "not"} or "QUOTED_NAME" not in trouble.expected:
        return None
    return refusal(
        "eql-reserved-word",
        f"{trouble.here} is a reserved word",
        trouble.place,
        advice=f"if a field of that name is meant, quote it with backticks: `{trouble.here}`",
    )


def _operand(trouble: Trouble) -> RuleError | None:
    """Two conditions side by side, or a connecting word with nothing to connect."""
    here = trouble.found
    if here is None or not here.text:
        return None
    if trouble.previous() in {"and", "or"} and trouble.previous(2) in {"and", "or", "where", "("}:
        at = place_of(trouble.text, trouble.before[-1].start)
        return refusal("eql-operand-missing", f"`{trouble.previous()}` has no condition in front of it", at)
    begins = here.text[0] in "\"'`(?_@" or here.text[0].isalnum()
    after_condition = trouble.before and (trouble.before[-1].is_operand_end or trouble.previous() == "not")
    if not (begins and after_condition) or here.text in KEYWORDS - {"not", "null", "true", "false"}:
        return None
    if "AND" not in trouble.expected and trouble.previous() != "not":
        return None
    return refusal(
        "eql-operand-missing",
        f"nothing connects `{here.text:.40}` with what stands before it",
        trouble.place,
        expected="`and`, `or` or an operator",
    )


_EXPLANATIONS: Final[tuple[Callable[[Trouble], RuleError | None], ...]] = (
    _open_string,
    _join,
    _other_language,
    _lineage,
    _upper_case,
    _not_before_operator,
    _foreign_operator,
    _single_equals,
    _list,
    _brackets,
    _span_order,
    _category,
    _chain,
    _reserved,
    _operand,
)
