"""Whole rules through the backend: conditions by the specification, files, losses, refusals."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import converter
from backends.osquery import Osquery
from backends.osquery.engine.checks import check
from backends.osquery.engine.database import prepare
from backends.osquery.engine.text import queries
from backends.osquery.expression import shown
from backends.osquery.layout import TABLE, layout_of
from backends.osquery.operand import operand
from backends.osquery.predicate import Conditions
from backends.osquery.sql import columns
from backends.osquery.write import expression
from converter.backend import Artifact, TargetEvent, Translation, Verdict
from converter.errors import ConfigurationError
from converter.events.event import Values
from converter.ir import All, Any, Equal, Events, Field, NewTerms, Not, NumberLiteral, Sequence, Test
from converter.losses import CodeKind, Direction
from converter.rule import Rule, Schedule
from converter.schema.profile import Source

OSQUERY = Osquery()
PROFILE = OSQUERY.profile("osquery")
START = 'process where host.os.type == "linux" and event.type == "start" and '
FILE = 'file where host.os.type == "linux" and event.action in ("creation", "rename") and '
AUDIT = "--disable_events=false --disable_audit=false --audit_allow_config=true --audit_allow_process_events=true"
CASES = tomllib.loads((Path(__file__).parent / "conditions.toml").read_text("utf-8"))["case"]


def rule(query: str) -> Rule:
    return replace(converter.parse(query, language="eql"), name="A rule; with -- punctuation\n'and' \"more\"")


def translate(query: str | Rule, format: str = "sql") -> Translation:
    return OSQUERY.translate(query if isinstance(query, Rule) else rule(query), PROFILE, format, {})


def files(query: str | Rule, format: str = "sql") -> list[Artifact]:
    return OSQUERY.render(translate(query, format), format)


def where(text: str) -> str:
    """The condition of a query on one line, the source's selection left out."""
    line = " ".join(text.split("\nWHERE ")[1].split("\nORDER BY")[0].split())
    return line.removeprefix("e.syscall IN ('execve', 'execveat') AND ").replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["about"]))
def test_conditions(case: dict[str, str]) -> None:
    (artifact,) = files(START + f"({case['eql']})")
    assert where(artifact.text) == case["sql"]
    prepare(artifact.text, "linux")


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_every_column_of_the_profile_is_there(source: Source) -> None:
    layout = layout_of(source)
    conditions = Conditions(layout)
    known = [derivation for derivation in source.fields.values() if derivation is not None]
    for name in (*(column for derivation in known for column in derivation.columns), *source.select):
        assert name == TABLE or columns(operand(layout, name).sql)
    values = [derivation.value() for derivation in known]
    assert all(expression(shown(value, conditions)) for value in values if value is not None)
    assert layout.shown


def test_losses_of_the_profile_are_explained() -> None:
    known = {*OSQUERY.codes, *converter.losses.converter_codes()}
    used = {
        derivation.domain.code
        for source in PROFILE.sources
        for derivation in source.fields.values()
        if derivation is not None and derivation.domain is not None
    }
    assert used <= known
    assert {code.kind for code in OSQUERY.codes.values()} == set(CodeKind)


def test_the_query_states_what_it_needs() -> None:
    (artifact,) = files(START + 'process.executable == "/bin/sh"')
    head = artifact.text.splitlines()[:6]
    assert head == [
        "-- A rule; with -- punctuation 'and' \"more\"",
        "-- platform: linux",
        "-- osquery: 4.0.1 or later",
        "-- schedule: every 300 seconds, differential without removals",
        f"-- flags: {AUDIT}",
        "-- needs: auditd stopped",
    ]
    assert artifact.name == "a_rule_with_punctuation_and_more.sql"


def test_an_alert_shows_time_user_process_and_parent() -> None:
    (artifact,) = files(START + 'process.executable == "/bin/sh"')
    for column in ("e.time", "AS user_name", "AS process_command_line", "AS process_parent_executable"):
        assert column in artifact.text


def test_the_join_of_a_column_that_nobody_reads_is_left_out() -> None:
    (artifact,) = files('process where host.os.type == "windows" and event.code == "10" and process.pid == 1')
    assert "JOIN" not in artifact.text


def test_a_pack_is_strict_json_with_one_line_queries() -> None:
    query = rule(START + 'process.executable == "/bin/sh"')
    (artifact,) = files(replace(query, schedule=Schedule(interval="2h")), "pack")
    pack = json.loads(artifact.text)
    (name,) = pack["queries"]
    entry = pack["queries"][name]
    assert name == "a_rule_with_punctuation_and_more"
    assert (pack["platform"], pack["version"]) == ("linux", "4.0.1")
    assert (entry["interval"], entry["snapshot"], entry["removed"]) == (7_200, False, False)
    assert "\n" not in entry["query"]
    assert "--audit_allow_process_events=true" in entry["description"]
    for sql in pack["discovery"]:
        check(sql)
        prepare(sql, "linux")


@pytest.mark.parametrize(
    ("stated", "seconds"), [("5m", 300), ("0s", 1), ("90d", 604_800), ("sometimes", 3_600)], ids=str
)
def test_intervals_stay_within_osquery_s_limits(stated: str, seconds: int) -> None:
    query = replace(rule(START + "process.pid == 1"), schedule=Schedule(interval=stated))
    assert f'"interval": {seconds},' in files(query, "pack")[0].text


def test_branches_over_one_table_are_one_query() -> None:
    (artifact,) = files(FILE + 'file.path == "/etc/passwd" and process.executable == "/bin/vi"')
    assert artifact.text.count("process_file_events") == 1
    text = " ".join(artifact.text.split())
    assert "(e.operation IN ('open', 'open+truncate', 'write') AND e.path = '/etc/passwd' AND e.exec" in text
    assert "(e.operation = 'rename' AND e.dest_path = '/etc/passwd' AND e.executable = '/bin/vi')" in text


def test_a_rule_that_asks_for_no_process_is_exact_in_the_file_watcher_s_table() -> None:
    found = translate(FILE + 'file.path == "/etc/passwd"')
    assert found.verdict is Verdict.EXACT
    assert [use.name for use in found.sources] == ["linux_watched_creation", "linux_watched_rename"]
    assert "linux_file_creation" in found.sources[0].alternatives


def test_sources_over_one_table_show_what_each_of_them_has() -> None:
    query = 'any where host.os.type == "windows" and event.code in ("3", "22") and process.pid == 4'
    (artifact,) = files(query)
    assert "WHEN e.eventid = 22" in artifact.text
    assert " AS dns_question_name" in artifact.text
    assert " AS destination_ip" in artifact.text


def test_several_platforms_are_several_files() -> None:
    found = files('process where event.type == "start" and process.pid == 77')
    assert [artifact.part for artifact in found] == ["linux", "windows"]
    packs = files('process where event.type == "start" and process.pid == 77', "pack")
    assert [json.loads(artifact.text)["platform"] for artifact in packs] == ["linux", "windows"]


def run(artifacts: list[Artifact], rows: list[dict[str, Values]], source: str) -> set[str]:
    events = [TargetEvent(str(number), row, source) for number, row in enumerate(rows)]
    return {item[0] for item in OSQUERY.engine().run(artifacts, events, now=0).items}


@pytest.mark.parametrize("format", ["sql", "pack"])
def test_the_engine_runs_what_was_written(format: str) -> None:
    artifacts = files(START + 'process.name == "sh" and process.parent.name : "NGINX"', format)
    start: dict[str, Values] = {"table": ("process_events",), "syscall": ("execve",), "path": ("/bin/sh",)}
    nginx: dict[str, Values] = {"parent.path": ("/usr/sbin/nginx",)}
    rows: list[dict[str, Values]] = [start | nginx, start, start | nginx | {"syscall": ("fork",)}]
    assert run(artifacts, rows, "linux_process_start") == {"0"}


def test_new_terms_become_the_base_rule_that_lists_combinations() -> None:
    base = rule(FILE + 'file.extension == "so" and process.executable != null')
    assert isinstance(base.detection, Events)
    detection = NewTerms(base.detection.predicate, (Field("file.name"), Field("process.name")), "now-5d", "now-6m")
    found = translate(replace(base, detection=detection))
    assert isinstance(found.effective, Events)
    dropped = [loss for loss in found.losses if loss.code == "first-seen-dropped"]
    assert [loss.direction for loss in dropped] == [Direction.WIDER]
    (artifact,) = OSQUERY.render(found, "sql")
    assert "SELECT DISTINCT" in artifact.text
    assert " AS file_name,\n" in artifact.text
    assert " AS process_name\n" in artifact.text
    assert "e.time" not in artifact.text
    assert OSQUERY.render(found, "pack")[0].text.count('"removed": false') == 1


REFUSED = [
    ('network where host.os.type == "linux" and destination.port == 4444', "source-missing"),
    (START + 'process.executable == "a\\u{00}b"', "osquery-text"),
    (START + f'process.executable regex "[a-z]{{3}}{"x" * 260}"', "osquery-regex-length"),
    (START + "number(process.executable) == 3", "osquery-expression"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_reason(query: str, code: str) -> None:
    found = translate(query)
    assert found.verdict is Verdict.REFUSED
    assert found.effective is None
    (reason,) = [loss for loss in found.losses if loss.direction is None]
    assert reason.code == code
    assert code == "source-missing" or reason.span is not None


@pytest.mark.parametrize("levels", range(14, 44, 2))
def test_deep_conditions_are_refused_before_sqlite_s_parser_gives_up(levels: int) -> None:
    base = rule(START + "process.pid == 1")
    assert isinstance(base.detection, Events)
    predicate = base.detection.predicate
    for level in range(levels):
        pid = Test(Field("process.pid"), (Equal(NumberLiteral(level)),))
        predicate = (All if level % 2 else Any)((pid, Not(predicate)))
    found = translate(replace(base, detection=Events(All((base.detection.predicate, predicate)))))
    if found.statement is None:
        assert "osquery-depth" in {loss.code for loss in found.losses}
        assert levels > 20
    else:
        prepare(OSQUERY.render(found, "sql")[0].text, "linux")


def test_multi_event_rules_are_refused() -> None:
    base = rule(START + "process.pid == 1")
    found = translate(replace(base, detection=Sequence(())))
    assert [loss.code for loss in found.losses] == ["osquery-detection"]


def test_unknown_profiles_are_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError):
        OSQUERY.profile("splunk")


def test_two_translations_write_the_same_bytes() -> None:
    text = FILE + 'file.path : ("/etc/*", "/usr/*") and not process.name in ("a", "b")'
    assert files(text) == files(text)
    for artifact in files(text) + files(text, "pack"):
        for query in queries(artifact):
            check(query.sql)
            prepare(query.sql, query.platform)
