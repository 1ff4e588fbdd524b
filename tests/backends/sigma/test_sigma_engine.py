"""The embedded engine: log sources decide what is looked at, values are texts, numbers are what texts spell."""

import pytest

from backends.sigma.engine import SigmaEngine
from converter.backend import Artifact, TargetEvent
from converter.errors import ConverterError, RuleError
from converter.events.event import Values

RULE = """\
title: Example
logsource: {{product: windows, category: {category}}}
detection:
    selection:
        {item}
    condition: selection
"""


def run(text: str, *events: TargetEvent, now: float = 0) -> set[str]:
    found = SigmaEngine().run([Artifact("example", ".yml", text)], events, now=now)
    assert found.kind == "events"
    return {item for (item,) in found.items}


def event(name: str, time: float = 0, **fields: Values) -> TargetEvent:
    return TargetEvent(name, {key.replace("__", "."): values for key, values in fields.items()}, time=time)


def test_every_key_of_the_log_source_is_asked() -> None:
    text = RULE.format(category="file_event", item="f: a")
    assert run(
        text,
        event("inside", f=("a",), logsource__product=("windows",), logsource__category=("file_event",)),
        event("other category", f=("a",), logsource__product=("windows",), logsource__category=("file_delete",)),
        event("other product", f=("a",), logsource__product=("linux",), logsource__category=("file_event",)),
        event("no category", f=("a",), logsource__product=("windows",)),
    ) == {"inside"}


def test_an_event_without_a_log_source_is_inside() -> None:
    assert run(RULE.format(category="file_event", item="f: a"), event("bare", f=("A",))) == {"bare"}


def test_the_log_source_is_no_part_of_the_event() -> None:
    text = RULE.format(category="file_event", item="f|exists: false").replace("f|exists: false", "- windows")
    assert run(text, event("e", logsource__product=("windows",), logsource__category=("file_event",))) == set()


@pytest.mark.parametrize(
    ("item", "values", "selected"),
    [
        ("f|gt: 9", ("10",), True),
        ("f|gt: 9", (10,), True),
        ("f|gt: 9", ("9",), False),
        ("f|gt: 9", ("ten",), False),
        ("f: 5", ("5",), True),
        ("f: 5", (5,), True),
        ("f: '5'", (5,), True),
        ("f: true", ("true",), True),
        ("f|startswith: 1", (10,), True),
    ],
)
def test_values_are_texts_and_numbers_what_they_spell(item: str, values: Values, selected: bool) -> None:
    text = RULE.format(category="file_event", item=item.replace("startswith: 1", "startswith: '1'"))
    assert run(text, event("e", f=values)) == ({"e"} if selected else set())


def test_one_field_is_compared_as_number_and_as_text() -> None:
    text = RULE.format(category="file_event", item="f|gte: 10\n        f|startswith: '1'")
    assert run(text, event("both", f=("12",)), event("small", f=("1",)), event("other", f=("20",))) == {"both"}


def test_events_after_the_run_are_not_seen() -> None:
    text = RULE.format(category="file_event", item="f: a")
    assert run(text, event("past", 5, f=("a",)), event("now", 10, f=("a",)), event("later", 11, f=("a",)), now=10) == {
        "past",
        "now",
    }


def test_some_rule_of_several_has_to_select() -> None:
    first, second = (RULE.format(category="file_event", item=item) for item in ("f: a", "f: b"))
    artifacts = [Artifact("one", ".yml", first, "1"), Artifact("one", ".yml", second, "2")]
    events = [event("a", f=("a",)), event("b", f=("b",)), event("c", f=("c",))]
    assert SigmaEngine().run(artifacts, events, now=0).items == {("a",), ("b",)}


def test_other_files_are_not_run() -> None:
    with pytest.raises(ConverterError) as failed:
        SigmaEngine().run([Artifact("example", ".spl", "search *")], [], now=0)
    assert failed.value.code == "engine-format"


def test_a_text_that_is_no_rule_is_an_error() -> None:
    with pytest.raises(RuleError):
        run("title: Example")
