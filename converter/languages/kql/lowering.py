"""KQL tree to IR: what Kibana's translation of the query finds (spec kql 3 to 6)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from converter.errors import ConverterError, Place, RuleError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    Events,
    Field,
    FieldPattern,
    FieldRef,
    Matcher,
    Nested,
    Never,
    Not,
    Pattern,
    Predicate,
    Present,
    Span,
    Test,
    Text,
)
from converter.ir.pattern import rebuild
from converter.languages import mapping
from converter.languages.kql import tree as kql
from converter.languages.kql.trap import notes as trap_notes
from converter.languages.kql.usage import unknown_fields, uses
from converter.languages.lowered import Lowered
from converter.languages.value import in_zone
from converter.losses import Assumption, Note
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType


@dataclass(frozen=True, slots=True)
class KqlOptions:
    """Kibana's settings that change what a query finds; the defaults are those of detection rules (spec kql 3.4).

    `load_fields`: the fields of the index are known when the query is translated (False: older stacks).
    `case_insensitive`: keyword values match in any case. `time_zone`: of dates without an offset.
    `scripted`: names of the data view's scripted fields.
    """

    load_fields: bool = True
    case_insensitive: bool = False
    time_zone: str | None = None
    allow_leading_wildcards: bool = True
    scripted: frozenset[str] = frozenset()


def lower(tree: kql.Expression, catalogue: Catalogue, options: KqlOptions | None = None) -> Lowered:
    """The meaning of a query as an event detection.

    RuleError, with the place in the query, for what Kibana or Elasticsearch refuses: a value that the field's type
    cannot take, `null`, nested fields without braces.
    """
    guessed = unknown_fields(list(uses(tree)), catalogue)
    lowering = _Lowering(catalogue, guessed, options or KqlOptions())
    predicate = lowering.expression(tree, "")
    lowering.notes.extend(_type_notes(guessed))
    return Lowered(
        Events(predicate),
        notes=tuple(dict.fromkeys(lowering.notes)),
        assumptions=tuple(dict.fromkeys(lowering.assumptions)),
    )


def _type_notes(guessed: dict[str, FieldType]) -> list[Note]:
    return [
        Note("field-type-unknown", f"`{name}` is in no catalogue and taken as {kind.value}")
        for name, kind in guessed.items()
    ]


@dataclass(slots=True)
class _Lowering:
    """One query on its way down. `prefix` is the nested path around a node, with its dot, or empty."""

    catalogue: Catalogue
    guessed: Mapping[str, FieldType]
    options: KqlOptions
    notes: list[Note] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    covered: dict[Pattern, tuple[str, ...]] = field(default_factory=dict)
    usable: dict[tuple[str, str], tuple[Field, FieldInfo]] = field(default_factory=dict)

    def expression(self, tree: kql.Expression, prefix: str) -> Predicate:
        match tree:
            case kql.And(items, span):
                return All(tuple(self.expression(item, prefix) for item in items), span)
            case kql.Or(items, span):
                return Any(tuple(self.expression(item, prefix) for item in items), span)
            case kql.Not(item, span):
                return Not(self.expression(item, prefix), span)
            case kql.Nested(path, item, span):
                name = self._path(path, prefix)
                return Nested(name, self.expression(item, f"{name}."), span)
            case kql.Range(name, operator, value, span):
                return self._range(name, operator, value, span, prefix)
            case kql.Match(name, values, span):
                if name is None:
                    return self._free_text(values, span)
                _check_name(name)
                return self._values(name, values, prefix)
            case _:
                assert_never(tree)

    def _path(self, path: kql.Literal, prefix: str) -> str:
        name = f"{prefix}{path.text}"
        info = self.catalogue[name]
        if path.text is None or (info.known and info.type not in {FieldType.NESTED, FieldType.OBJECT}):
            raise _at(RuleError("kql-nested-path", f"`{_name(path)}` is not the path of nested objects"), path.span)
        return name

    def _values(self, name: kql.Literal, values: kql.Values, prefix: str) -> Predicate:
        match values:
            case kql.ValueAnd(items, span):
                return All(tuple(self._values(name, item, prefix) for item in items), span)
            case kql.ValueOr(items, span):
                return _merged([self._values(name, item, prefix) for item in items], span)
            case kql.ValueNot(item, span):
                return Not(self._values(name, item, prefix), span)
            case kql.Literal():
                return self._comparison(name, values, prefix)
            case _:
                assert_never(values)

    def _comparison(self, name: kql.Literal, value: kql.Literal, prefix: str) -> Predicate:
        self._check_value(value)
        if name.is_wildcard:
            if name.is_everything and value.is_everything and not prefix:
                return Always(value.span)
            if not self.options.load_fields and not value.is_everything:
                self.notes.append(
                    Note("kql-field-pattern-ignored", f"`{_name(name)}` is looked for as a field of that name")
                )
                return Never(value.span)
        return self._on_fields(name, prefix, value.span, lambda info: self._matchers(info, value))

    def _range(
        self, name: kql.Literal, operator: kql.Operator, value: kql.Literal, span: Span | None, prefix: str
    ) -> Predicate:
        text = "".join(part.value if isinstance(part, Text) else "*" for part in value.parts)

        def matchers(info: FieldInfo) -> tuple[Matcher, ...]:
            bound = self._zoned(info, text)
            if operator in {">", ">="}:
                return (mapping.ordered(info, low=bound, open_low=operator == ">"),)
            return (mapping.ordered(info, high=bound, open_high=operator == "<"),)

        return self._on_fields(name, prefix, span, matchers)

    def _free_text(self, values: kql.Values, span: Span | None) -> Predicate:
        """A value in any field, by whole values: words inside analysed text are left to the assumption."""
        value = values
        if not isinstance(value, kql.Literal):
            raise TypeError("only a field takes a list of values")
        self._check_value(value)
        _check_language(value)
        if value.is_everything:
            return Always(span)
        self.assumptions.append(
            Assumption("free-text-whole-values", f"`{_name(value)}` is the whole value of some field, not a word in it")
        )
        any_field = FieldInfo("*")
        try:
            found = (
                mapping.query_string(any_field, mapping.chunks(value.parts))
                if value.is_wildcard
                else (_text_equality(value),)
            )
        except RuleError as error:
            raise _at(error, span) from None
        return Test(FieldPattern((ANY_RUN,)), found, span)

    def _on_fields(
        self,
        name: kql.Literal,
        prefix: str,
        span: Span | None,
        matchers: Callable[[FieldInfo], tuple[Matcher, ...]],
    ) -> Predicate:
        """The test on the field of that name, or on every field that the name covers (spec kql 3.1, 4.7)."""
        try:
            text = name.text
            if text is not None:
                return self._on_field(f"{prefix}{text}", prefix, span, matchers)
            covered = rebuild((Text(prefix), *name.parts))
            if covered == (ANY_RUN,):
                return Test(FieldPattern(covered), matchers(FieldInfo("*")), span)
            known = {one: matchers(self.catalogue[one]) for one in self._covered(covered)}
            if len(set(known.values())) > 1:
                return Any(tuple(Test(Field(one), found, span) for one, found in known.items()), span)
            return Test(FieldPattern(covered), next(iter(known.values()), matchers(FieldInfo(_name(name)))), span)
        except RuleError as error:
            raise _at(error, span) from None

    def _covered(self, names: Pattern) -> tuple[str, ...]:
        """Known fields that a name covers, looked up once for all values of a list."""
        if names not in self.covered:
            self.covered[names] = self.catalogue.matching(names)
        return self.covered[names]

    def _on_field(
        self, name: str, prefix: str, span: Span | None, matchers: Callable[[FieldInfo], tuple[Matcher, ...]]
    ) -> Predicate:
        known = self.usable.get((name, prefix))
        if known is None:
            known = self.usable[name, prefix] = Field(name), self._usable(name, prefix)
        named, info = known
        return Test(named, matchers(info), span)

    def _usable(self, name: str, prefix: str) -> FieldInfo:
        """What is known of a field that a query may name here: once for all values of a list."""
        if name in self.options.scripted:
            raise RuleError("kql-scripted-field", f"`{name}` is computed by a script of the data view")
        info = self.catalogue[name]
        if name in self.guessed:
            info = replace(info, type=self.guessed[name])
        if _nested_path(name, self.catalogue) not in {None, prefix.removesuffix(".")} and self.options.load_fields:
            raise RuleError(
                "kql-nested-path",
                f"`{name}` lies below a path of nested objects",
                advice=f"write `{_nested_path(name, self.catalogue)}: {{ … }}`",
            )
        return info

    def _matchers(self, info: FieldInfo, value: kql.Literal) -> tuple[Matcher, ...]:
        """What one value asks of one field (the table of spec kql 3.2)."""
        compared_whole = self.options.load_fields and info.type in _KEYWORDS
        plain = value.text
        if plain is None:
            if value.is_everything:
                return (Present(),)
            if compared_whole:
                return (mapping.wildcard(info, rebuild(value.parts), ignore_case=self.options.case_insensitive),)
            chunks = list(mapping.chunks(value.parts))
            if len(chunks) > 1:
                self.notes.append(Note("kql-wildcard-split", f"`{_name(value)}` is read as alternatives"))
            return mapping.query_string(info, chunks)
        text = self._zoned(info, plain)
        if compared_whole:
            return (mapping.equality(info, text, ignore_case=self.options.case_insensitive),)
        return (mapping.phrase(info, text),) if value.quoted else mapping.words(info, text)

    def _zoned(self, info: FieldInfo, text: str) -> str:
        return in_zone(text, self.options.time_zone) if info.type is FieldType.DATE else text

    def _check_value(self, value: kql.Literal) -> None:
        self.notes.extend(trap_notes(value))
        if value.constant == "null":
            raise _at(
                RuleError("kql-null", "`null` is no value", advice="write `not field: *` for a missing field"),
                value.span,
            )
        if self.options.allow_leading_wildcards or value.is_everything:
            return
        if value.parts[:1] == (ANY_RUN,):
            raise _at(RuleError("kql-leading-wildcard", f"`{_name(value)}` begins with a wildcard"), value.span)


_KEYWORDS = frozenset({FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD})
"""Types that Kibana's field list reports as keyword: compared with `term` and `wildcard` queries."""


_EQL = re.compile(r"[A-Za-z_]\w*\s+where\s")


def _check_name(name: kql.Literal) -> None:
    _check_language(name)
    if name.constant == "null":
        raise _at(RuleError("kql-null", "`null` is no field name", advice='write `"null"`'), name.span)


def _check_language(literal: kql.Literal) -> None:
    """EQL may well parse as KQL: its beginning is then a field name, or a value, with blanks in it."""
    if not literal.quoted and _EQL.match(literal.text or ""):
        error = RuleError("kql-is-eql", "this looks like an EQL query", advice="set the rule's language to eql")
        raise _at(error, literal.span)


def _merged(items: list[Predicate], span: Span | None) -> Predicate:
    """One `Test` per field for the plain values of a list, in the place of the first; lists may be long."""
    found: dict[FieldRef, list[Matcher]] = {}
    merged: list[Predicate | FieldRef] = []
    for item in items:
        match item:
            case Test(name, matchers):
                if name not in found:
                    merged.append(name)
                found.setdefault(name, []).extend(matchers)
            case _:
                merged.append(item)
    alternatives = tuple(
        Test(item, tuple(dict.fromkeys(found[item])), span) if isinstance(item, Field | FieldPattern) else item
        for item in merged
    )
    return alternatives[0] if len(alternatives) == 1 else Any(alternatives, span)


def _nested_path(name: str, catalogue: Catalogue) -> str | None:
    """The innermost path above a field that the catalogue knows to hold nested objects."""
    path = name
    while "." in path:
        path = path.rpartition(".")[0]
        if catalogue[path].known and catalogue[path].type is FieldType.NESTED:
            return path
    return None


def _text_equality(value: kql.Literal) -> Matcher:
    return mapping.equality(FieldInfo("*"), value.text or "")


def _name(name: kql.Literal) -> str:
    return "".join(part.value if isinstance(part, Text) else "*" for part in name.parts)


def _at(error: ConverterError, span: Span | None) -> ConverterError:
    return error.at(Place(None, span.line, span.column)) if span else error
