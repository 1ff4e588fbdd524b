"""Queries of more clauses than small nodes take: the same events in fewer clauses."""

import json

from backends.elasticsearch import query
from backends.elasticsearch.clause import Regexp, Term, count, to_json
from backends.elasticsearch.compact import MANY_CLAUSES
from backends.elasticsearch.regexp import LONGEST
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event, flatten
from converter.ir import Any, Equal, Field, Nested, Not, Predicate, Test, TextLiteral
from converter.languages import dsl
from converter.schema.catalogue import Catalogue

CATALOGUE = Catalogue({})


def list_of(count: int) -> Test:
    texts = [f"Name-{number}+.exe" for number in range(count)]
    return Test(Field("name"), tuple(Equal(TextLiteral(text), ignore_case=True) for text in texts))


def selects(predicate: Predicate, name: str) -> bool:
    document = {"name": name}
    return compile_predicate(predicate, CATALOGUE)(Event("e", flatten(document), document, time=0.0))


def test_a_list_in_any_case_is_written_in_few_expressions() -> None:
    listed = list_of(MANY_CLAUSES + 1)
    written = query.clause(listed, CATALOGUE)
    assert count(written) < 30
    assert all(isinstance(item, Regexp) and len(item.value) <= LONGEST for item in getattr(written, "should", ()))

    read = dsl.read(json.loads(json.dumps(to_json(written))), CATALOGUE)
    names = ["name-0+.EXE", f"NAME-{MANY_CLAUSES}+.exe", "name-1025+.exe", "name-1+xexe", "name-11.exe", "", "name-0"]
    assert [selects(read, name) for name in names] == [selects(listed, name) for name in names]


def test_lists_in_exclusions_and_objects_too() -> None:
    listed = list_of(MANY_CLAUSES + 1)
    for predicate in (Not(listed), Nested("o", listed), Any((Not(listed), Test(Field("b"), listed.matchers)))):
        assert count(query.clause(predicate, CATALOGUE)) < 60


def test_what_every_node_takes_stays_plain() -> None:
    written = query.clause(list_of(MANY_CLAUSES), CATALOGUE)
    assert all(isinstance(item, Term) for item in getattr(written, "should", ()))
