"""How KQL writes what it is given: texts read and written anew (cases/raising.toml), odd IR, the corpus."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any as Json

import pytest

from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Detection,
    Equal,
    Events,
    Field,
    FieldPattern,
    Like,
    Nested,
    Network,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Present,
    Range,
    Test,
    TextLiteral,
    Threshold,
    pattern,
)
from converter.languages import eql, kql
from converter.languages.kql.raising import raise_
from converter.losses import converter_codes
from converter.passes import canonical_detection, map_predicates
from converter.schema.catalogue import Catalogue, FieldInfo, default_catalogue
from converter.schema.catalogue import FieldType as T
from tests.languages.settled import settled
from tests.shared import shared

CASES = tomllib.loads((Path(__file__).parent / "cases/raising.toml").read_text(encoding="utf-8"))["case"]
CATALOGUE = Catalogue(
    {
        info.name: info
        for info in (
            FieldInfo("a"),
            FieldInfo("b"),
            FieldInfo("arr", array=True),
            FieldInfo("nums", T.LONG, array=True),
            FieldInfo("flat", T.FLATTENED),
            FieldInfo("n", T.LONG),
            FieldInfo("flag", T.BOOLEAN),
            FieldInfo("ip", T.IP),
            FieldInfo("day", T.DATE),
            FieldInfo("v", T.VERSION),
            FieldInfo("message", T.TEXT, analyzer="standard"),
            FieldInfo("low"),
            FieldInfo("o", T.NESTED),
            FieldInfo("odd name"),
            FieldInfo("event.category", array=True),
        )
    }
)


def refusal(detection: Detection) -> str:
    """The code of the one reason why KQL cannot say the detection."""
    raised = raise_(detection, CATALOGUE)
    assert raised.tree is None
    (loss,) = raised.losses
    assert loss.direction is None
    assert loss.code in converter_codes()
    return loss.code


def meaning(case: dict[str, str]) -> Detection:
    if "kql" in case:
        return kql.lower(kql.parse(case["kql"]), CATALOGUE).detection
    return eql.lower(eql.parse(case["eql"]), CATALOGUE).detection


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.get("kql") or case.get("eql"))[:60])
def test_cases(case: dict[str, str]) -> None:
    detection = meaning(case)
    if "code" in case:
        assert refusal(detection) == case["code"]
        return
    raised = raise_(detection, CATALOGUE)
    assert raised.tree is not None
    assert kql.to_text(raised.tree) == case["written"]
    again = kql.lower(raised.tree, CATALOGUE).detection
    assert settled_detection(again, CATALOGUE) == settled_detection(detection, CATALOGUE)


def settled_detection(detection: Detection, catalogue: Catalogue) -> Detection:
    return map_predicates(detection, lambda predicate: settled(predicate, catalogue))


TEXT = Equal(TextLiteral("x"))


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (Test(Field("nums"), (Range(NumberLiteral(1), NumberLiteral(5)),)), "range-two-bounds"),
        (Test(Field("a"), (Network("10.0.0.0/8"),)), "kql-network"),
        (Test(Field("a"), (Phrase((pattern("x"),), "standard"),)), "kql-analysed-text"),
        (Test(Field("message"), (Phrase((pattern("x"),), "powershell"),)), "kql-analysed-text"),
        (Test(Field("message"), (Phrase((pattern("x"), pattern("y", ANY_RUN)), "standard"),)), "kql-phrase"),
        (Test(Field("message"), (Phrase((pattern("not one word"),), "standard"),)), "kql-phrase"),
        (Test(FieldPattern((ANY_RUN,)), (Present(),)), "kql-free-text"),
        (Test(FieldPattern((ANY_RUN,)), (Like(pattern("x ", ANY_RUN, "y")),)), "kql-free-text"),
        (Test(FieldPattern(pattern("a", ANY_ONE)), (TEXT,)), "kql-one-character"),
        (Nested("o", Test(Field("a"), (TEXT,))), "kql-nested-field"),
        (Nested("o", Always()), "kql-nested-constant"),
        (Test(Field("o.k"), (TEXT,)), "kql-refused"),
        (Test(Field("n"), (TEXT,)), "kql-refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_words(predicate: Predicate, code: str) -> None:
    assert refusal(Events(predicate)) == code


def test_every_part_that_has_no_words_is_named() -> None:
    network, case = Test(Field("a"), (Network("10.0.0.0/8"),)), Test(Field("b"), (Equal(TextLiteral("x"), True),))
    raised = raise_(Events(All((network, Not(case), network))), CATALOGUE)
    assert [loss.code for loss in raised.losses] == ["kql-network", "kql-ignore-case"]


def test_kinds_of_rules_are_no_queries() -> None:
    assert refusal(Threshold(Test(Field("a"), (TEXT,)), (Field("a"),), 5)) == "kql-detection-kind"


def test_types_that_a_reader_would_not_guess_are_assumed() -> None:
    raised = raise_(Events(Test(Field("x"), (Network("10.0.0.0/8"),))), CATALOGUE)
    assert [(item.code, item.field) for item in raised.assumptions] == [("field-type-needed", "x")]


def test_deep_predicates_are_refused() -> None:
    predicate: Predicate = Test(Field("a"), (TEXT,))
    for _ in range(60):
        predicate = Not(All((predicate, Test(Field("b"), (TEXT,)))))
    assert refusal(Events(predicate)) == "kql-refused"


def _rules() -> Iterator[dict[str, Json]]:
    for path in sorted(shared("corpus").rglob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})


@pytest.mark.shared
def test_every_kql_text_of_the_corpus_comes_back() -> None:
    texts = [
        rule[key]
        for rule in _rules()
        for key in ("query", "threat_query")
        if key in rule and (key == "threat_query" or rule.get("language") == "kuery")
    ]
    assert len(texts) == 381
    for text in texts:
        detection = kql.lower(kql.parse(text), default_catalogue()).detection
        raised = raise_(detection, default_catalogue())
        assert raised.tree is not None, raised.losses
        again = kql.lower(raised.tree, default_catalogue()).detection
        assert canonical_detection(again) == canonical_detection(detection)


@pytest.mark.shared
def test_eql_rules_say_the_same_in_kql_where_it_has_the_words() -> None:
    found = Counter[str]()
    for rule in _rules():
        if rule.get("type") != "eql":
            continue
        detection = eql.lower(eql.parse(rule["query"]), default_catalogue()).detection
        raised = raise_(detection, default_catalogue())
        found["said" if raised.tree is not None else "refused"] += 1
        if raised.tree is not None:
            again = kql.lower(raised.tree, default_catalogue()).detection
            assert settled_detection(again, default_catalogue()) == settled_detection(detection, default_catalogue())
    assert found["said"] > 100
