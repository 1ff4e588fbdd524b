"""lark's LALR tables run by one loop: the same tree as lark makes, in about half the time.

lark makes several calls for every token. Here reading a token, shifting and reducing stand in one function, tokens that
no rule keeps are never made, and chains of rules that only hand on their one child are looked up instead of walked. A
text that does not fit is given to lark itself, whose errors say what was expected.
"""

from collections.abc import Callable
from dataclasses import dataclass
from re import Match, Pattern
from typing import Any, Final

from lark import Lark, Token
from lark.grammar import Rule, Terminal
from lark.parsers.lalr_analysis import Shift

_END: Final = "$END"

_Chain = tuple[int, int, str | None]
"""The state below, the state on top, and the terminal that comes next."""


@dataclass(frozen=True, slots=True)
class _Reduction:
    """A rule whose children lie on the stack; without `build` it hands on its only child as it is."""

    size: int
    origin: str
    build: Callable[[list[Any]], Any] | None


@dataclass(frozen=True, slots=True)
class _State:
    """What a state does: by terminal the state to go to or a reduction, by rule the state to go to after it.

    `tokens` finds the terminals that may stand here; `blank` are those that are passed over, `broken` those that may
    hold a line break.
    """

    actions: dict[str | None, Any]
    tokens: Pattern[str]
    blank: frozenset[str]
    broken: frozenset[str]


class _Stuck:
    """In place of a tree: the text does not go on as the grammar says."""


class Driver:
    """Runs a parser that `tables.parser` made."""

    def __init__(self, parser: Lark) -> None:
        self._lark = parser
        frontend: Any = parser.parser
        engine = frontend.parser.parser
        self._lexers = frontend.lexer.lexers
        self._table = engine.parse_table.states
        (self._start,) = engine.parse_table.start_states.values()
        (self._final,) = engine.parse_table.end_states.values()
        self._reductions = {rule: _reduction(rule, build) for rule, build in engine.callbacks.items()}
        self._kept = frozenset(
            symbol.name
            for rule in engine.callbacks
            for symbol in rule.expansion
            if isinstance(symbol, Terminal) and not symbol.filter_out
        )
        self._states: dict[int, _State] = {}
        self._chains: dict[_Chain, int] = {}

    def parse(self, text: str) -> Any:
        """What lark's own `parse` returns or raises."""
        found = self._run(text)
        return self._lark.parse(text) if found is _Stuck else found

    def _run(self, text: str) -> Any:
        """The tree, or `_Stuck`. One function on purpose: a call for every token would double the time."""
        states, chains, kept, final = self._states, self._chains, self._kept, self._final
        stack: list[int] = [self._start]
        values: list[Any] = []
        position, end = 0, len(text)
        line, line_start = 1, 0
        while True:
            state = states.get(stack[-1]) or self._state(stack[-1])
            if position < end:
                found = state.tokens.match(text, position)
                if found is None:
                    return _Stuck
                kind, (start, position) = found.lastgroup, found.span()
                token_line, column = line, start - line_start + 1
                if kind in state.broken:
                    breaks = text.count("\n", start, position)
                    if breaks:
                        line += breaks
                        line_start = text.rindex("\n", start, position) + 1
                if kind in state.blank:
                    continue
            else:
                kind, found, token_line, column = _END, None, line, 1
            while True:
                action = state.actions.get(kind)
                if action is None:
                    return _Stuck
                if type(action) is int:
                    stack.append(action)
                    values.append(_token(found, token_line, column) if found and kind in kept else None)
                    break
                if action.build is None:
                    chain = (stack[-2], stack[-1], kind)
                    stack[-1] = chains.get(chain) or self._handed_on(chain)
                else:
                    children = values[len(values) - action.size :]
                    if children:
                        del values[-action.size :], stack[-action.size :]
                    values.append(action.build(children))
                    stack.append(states[stack[-1]].actions[action.origin])
                if stack[-1] == final and found is None:
                    return values[-1]
                state = states.get(stack[-1]) or self._state(stack[-1])

    def _handed_on(self, chain: _Chain) -> int:
        """The state after all rules that only hand on the value on top, given the state below and the next token."""
        below, top, kind = chain
        while True:
            action = self._state(top).actions.get(kind)
            if not isinstance(action, _Reduction) or action.build is not None:
                break
            _, top = self._table[below][action.origin]
        self._chains[chain] = top
        return top

    def _state(self, number: int) -> _State:
        """A state's table, made when it is first reached: most grammars have more states than a run visits."""
        known = self._states.get(number)
        if known is None:
            lexer = self._lexers[number]
            (tokens,) = lexer.scanner._mres
            actions = {
                name: argument if action is Shift else self._reductions[argument]
                for name, (action, argument) in self._table[number].items()
            }
            known = self._states[number] = _State(actions, tokens, lexer.ignore_types, lexer.newline_types)
        return known


def _reduction(rule: Rule, build: Callable[[list[Any]], Any]) -> _Reduction:
    return _Reduction(len(rule.expansion), rule.origin.name, None if _hands_on(rule) else build)


def _hands_on(rule: Rule) -> bool:
    """Whether this is an alternative `?rule: child`, whose value is the child's."""
    if len(rule.expansion) != 1 or rule.alias or not rule.options.expand1 or any(rule.options.empty_indices):
        return False
    (symbol,) = rule.expansion
    return not (symbol.filter_out if isinstance(symbol, Terminal) else symbol.name.startswith("_"))


def _token(found: Match[str], line: int, column: int) -> Token:
    """A token without the way through lark's constructor, which would take longer than all the rest."""
    value = found.group()
    token = str.__new__(Token, value)
    token.type, token.value = found.lastgroup or "", value
    token.start_pos, token.end_pos = found.span()
    token.line, token.column = line, column
    return token
