"""Porting detections over several events: sources per stage, keys that can be compared, losses without direction."""

from collections.abc import Mapping

import pytest

from converter.ir import (
    All,
    Always,
    Detection,
    Equal,
    Events,
    Field,
    FieldValue,
    IndicatorMatch,
    Predicate,
    Sample,
    Sequence,
    Stage,
    Test,
    TextLiteral,
    Threshold,
)
from converter.ir.detection import IndicatorEntry, Take
from converter.losses import Direction
from converter.rule import Origin, Rule
from converter.schema.catalogue import Catalogue
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.interface import Derivation
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.port import SOURCE_FIELD, Ported, port
from converter.schema.profile import Profile, Source

ALL_KINDS = (Events, Sequence, Sample, Threshold, IndicatorMatch)


FACTS = {
    "process": {"event.type": ("start",), "event.action": ("exec",)},
    "file": {"event.type": ("creation",)},
}


def source(name: str, kind: str, category: str, more: Mapping[str, Derivation]) -> Source:
    facts = {"host.os.type": ("linux",), "event.category": (category,)} | FACTS[category]
    fields: dict[str, Derivation | None] = {
        "host.id": KeyOnly("Host"),
        "user.name": Copy("User"),
        "process.entity_id": Copy("Guid"),
        **more,
    }
    return Source(name, "linux", kind, facts=facts, fields=fields)


STARTS = source("starts", "process start", "process", {"process.name": Basename("Image"), "agent.id": KeyOnly("Host")})
FILES = source("files", "file creation", "file", {"file.path": Copy("Path"), "agent.id": Copy("Agent")})
PROFILE = Profile("example", "example", "", sources=(STARTS, FILES))


def equals(field: str, value: str) -> Test:
    return Test(Field(field), (Equal(TextLiteral(value)),))


def start(*more: Predicate) -> Predicate:
    linux = equals("host.os.type", "linux")
    return All((linux, equals("event.category", "process"), equals("event.action", "exec"), *more))


def creation(*more: Predicate) -> Predicate:
    linux = equals("host.os.type", "linux")
    return All((linux, equals("event.category", "file"), equals("event.type", "creation"), *more))


NAMED, WRITTEN = equals("process.name", "x"), equals("file.path", "/x")


def ported(detection: Detection, profile: Profile = PROFILE, *, pipes: bool = False) -> Ported:
    rule = Rule(Origin("test"), "test", "eql", "eql", "", detection)
    return port(rule, profile, Catalogue({}), kinds=ALL_KINDS, pipes=pipes)


def stage(predicate: Predicate, *keys: str, missing: bool = False) -> Stage:
    return Stage(predicate, tuple(map(Field, keys)), missing=missing)


def refusals(result: Ported) -> list[str]:
    assert result.refused
    assert not result.branches
    assert not result.stages
    return [loss.code for loss in result.losses if loss.direction is None]


def sequence(first: Predicate, second: Predicate, *keys: str, until: Stage | None = None) -> Sequence:
    return Sequence((stage(first, *keys), stage(second, *keys)), 60_000, until)


def test_every_stage_has_its_own_sources_and_keys() -> None:
    closing = stage(start(equals("process.name", "end")), "host.id", "user.name")
    result = ported(sequence(start(NAMED), creation(WRITTEN), "host.id", "user.name", until=closing))
    assert [[branch.source.name for branch in branches] for branches in result.stages] == [
        ["starts"],
        ["files"],
        ["starts"],
    ]
    assert {branch.keys for branches in result.stages for branch in branches} == {
        (FieldValue("Host"), FieldValue("User"))
    }
    assert result.losses == ()
    assert result.branches == ()
    assert isinstance(result.effective, Sequence)
    assert result.effective.maxspan == 60_000
    assert result.effective.until is not None
    assert result.effective.stages[0].keys == (Field("host.id"), Field("user.name"))
    assert repr(SOURCE_FIELD) in repr(result.effective.until.predicate)


def test_a_loss_in_a_stage_has_no_direction_for_the_whole() -> None:
    lost = equals("process.lost", "x")
    for detection in (sequence(start(NAMED, lost), creation(WRITTEN)), Sample((stage(start(NAMED, lost)),) * 2)):
        assert [(loss.code, loss.direction) for loss in ported(detection).losses] == [
            ("field-unmapped", Direction.DIFFERENT)
        ]
    assert [loss.direction for loss in ported(Threshold(start(NAMED, lost), (), 2)).losses] == [Direction.WIDER]


@pytest.mark.parametrize(
    ("detection", "codes"),
    [
        (sequence(start(NAMED), equals("event.category", "registry")), ["source-missing"]),
        (sequence(start(NAMED), creation(equals("file.lost", "x"))), ["too-wide"]),
        (sequence(start(NAMED), creation(WRITTEN), "process.lost"), ["key-unmapped"]),
        (sequence(start(NAMED), creation(WRITTEN), "agent.id"), ["key-incomparable"]),
        (Threshold(start(NAMED), (Field("process.lost"),), 2), ["key-unmapped"]),
        (Threshold(start(NAMED), (), 2, (Field("process.lost"), 3)), ["key-unmapped"]),
    ],
)
def test_what_cannot_be_joined_is_refused(detection: Detection, codes: list[str]) -> None:
    assert refusals(ported(detection)) == codes


def test_a_stand_in_joins_only_with_itself() -> None:
    first, second = stage(start(NAMED), "host.id"), stage(creation(WRITTEN), "user.name")
    assert refusals(ported(Sequence((first, second)))) == ["key-incomparable"]
    plain = Sequence((stage(start(NAMED), "process.entity_id"), stage(creation(WRITTEN), "user.name")))
    assert ported(plain).losses == ()


def test_thresholds_group_by_expressions_and_count_another() -> None:
    detection = Threshold(start(NAMED), (Field("host.id"),), 2, (Field("process.name"), 3), start="now-6m")
    result = ported(detection)
    (branch,) = result.branches
    assert branch.keys == (FieldValue("Host"), Basename("Image").value())
    assert isinstance(result.effective, Threshold)
    assert (result.effective.keys, result.effective.distinct) == (detection.keys, detection.distinct)


def test_indicators_are_compared_with_values() -> None:
    def matching(field: str) -> IndicatorMatch:
        entry = IndicatorEntry(Field(field), Field("threat.indicator.x"))
        return IndicatorMatch(creation(WRITTEN), ("ti",), Always(), ((entry,),))

    assert ported(matching("file.path")).branches[0].keys == (FieldValue("Path"),)
    assert refusals(ported(matching("host.id"))) == ["key-incomparable"]


def test_what_the_target_cannot_say_is_refused() -> None:
    rule = Rule(Origin("test"), "test", "eql", "eql", "", sequence(start(NAMED), creation(WRITTEN)))
    assert refusals(port(rule, PROFILE, Catalogue({}))) == ["detection-unported"]
    taken = Events(start(NAMED), (Take("head", 3),))
    assert refusals(ported(taken)) == ["detection-unported"]
    assert ported(taken, pipes=True).losses == ()


def test_identity_keeps_the_stages() -> None:
    detection = sequence(start(NAMED), creation(WRITTEN), "host.id", until=stage(start(), "host.id"))
    result = ported(detection, Profile("ecs", "example", "", identity=True))
    assert result.effective == detection
    assert [branches[0].predicate for branches in result.stages] == [start(NAMED), creation(WRITTEN), start()]
    assert result.stages[0][0].keys == (FieldValue("host.id"),)
