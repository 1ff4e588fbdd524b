"""What a rule says of itself stays where it belongs: no text breaks out of its place in any form of output."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from converter import convert, load
from converter.rule import Rule

CONDITION = 'process where host.os.type == "windows" and event.type == "start" and process.name : "a.exe"'
PAYLOADS = (
    "]",
    "\n[evil]\nsearch = *",
    "\r\n[evil]\r\n",
    "*/ | delete",
    "-- x\nDROP TABLE a; --",
    'it\'s "q" `b` $(id) ${x} %s %(x)s $result.x$',
    "ends in \\",
    "a\\\nb = c",
    "# c",
    "''' \"\"\"",
    "a: b - c: {d} [e] &x *y !z |",
    "\n---\ntitle: evil\n",
    "\x85[evil]\u2028[evil]\u2029",
    "\x00\x1b[31m\x07",
    "../../etc/passwd",
    "x" * 5_000,
    "\N{GRINNING FACE} \u202e",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "null",
    "2020-01-01",
)
KEYS = (
    "name",
    "rule_id",
    "description",
    "note",
    "setup",
    "license",
    "author",
    "references",
    "false_positives",
    "tags",
    "threat",
    "interval",
    "from",
    "timestamp_override",
    "index",
)
LISTS = frozenset({"author", "references", "false_positives", "tags", "index"})
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


def toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")


def rule_with(folder: Path, key: str, text: str) -> Rule:
    value = re.sub(r"\\ud83d\\ude00", "\N{GRINNING FACE}", toml_text(text))
    stated = {
        "name": '"Base"',
        "rule_id": '"1"',
        "description": '"About it"',
        "type": '"eql"',
        "query": f"'{CONDITION}'",
    }
    lines = []
    if key == "threat":
        what = f"id = {value}\nname = {value}\nreference = {value}"
        lines = ["[[rule.threat]]", f"framework = {value}", f"[rule.threat.tactic]\n{what}"]
        lines.append(f"[[rule.threat.technique]]\n{what}")
    else:
        stated[key] = f"[{value}]" if key in LISTS else value
    file = folder / "rule.toml"
    table = [f"{name} = {entry}" for name, entry in stated.items()]
    file.write_text("\n".join(["[rule]", *table, *lines]), encoding="utf-8")
    (rule,) = load(file)
    assert rule.error is None
    return rule


def written(rule: Rule, target: str, profile: str, form: str) -> str:
    (artifact,) = convert(rule, to=target, profile=profile, format=form).artifacts
    assert "/" not in artifact.name
    assert len(artifact.name.encode()) < 256
    return artifact.text


def stanzas(text: str) -> dict[str, dict[str, str]]:
    """A .conf file as Splunk reads it: a backslash at the end of a line continues it."""
    found: dict[str, dict[str, str]] = {}
    keys: dict[str, str] = {}
    for line in text.replace("\\\n", " ").split("\n"):
        if line.startswith("["):
            keys = found.setdefault(line, {})
        elif line.strip() and not line.startswith("#"):
            key, sign, value = line.partition("=")
            assert sign
            keys[key.strip()] = value.strip()
    return found


def check_search(text: str, plain: str) -> None:
    assert text == plain


def check_conf(text: str, plain: str) -> None:
    (found,), (expected,) = stanzas(text).values(), stanzas(plain).values()
    assert found.keys() == expected.keys()
    assert found["search"] == expected["search"]
    assert not CONTROLS.search(text)


def check_yaml(text: str, plain: str) -> None:
    (found,), (expected,) = list(yaml.safe_load_all(text)), list(yaml.safe_load_all(plain))
    assert found["detection"] == expected["detection"]
    assert found["logsource"] == expected["logsource"]
    assert found.keys() ^ expected.keys() <= {"references", "author", "tags", "falsepositives", "license"}
    assert all(isinstance(found[key], str) for key in ("title", "id", "description", "status", "level"))


def check_sql(text: str, plain: str) -> None:
    def code(sql: str) -> str:
        return "\n".join(line for line in sql.split("\n") if not line.startswith("--"))

    assert code(text) == code(plain)
    assert sqlite3.complete_statement(text)
    assert not CONTROLS.search(text)


def check_pack(text: str, plain: str) -> None:
    (found,), (expected,) = json.loads(text)["queries"].values(), json.loads(plain)["queries"].values()
    check_sql(found["query"], expected["query"])
    assert found.keys() == expected.keys()


def check_body(text: str, plain: str) -> None:
    assert json.loads(text) == json.loads(plain)


def check_export(text: str, plain: str) -> None:
    found, expected = (list(map(json.loads, item.splitlines())) for item in (text, plain))
    assert len(found) == len(expected) == 2
    assert found[0]["query"] == CONDITION


FORMS: dict[tuple[str, str, str], Any] = {
    ("splunk", "ta", "search"): check_search,
    ("splunk", "ta", "savedsearch"): check_conf,
    ("sigma", "sigma", "yaml"): check_yaml,
    ("osquery", "osquery", "sql"): check_sql,
    ("osquery", "osquery", "pack"): check_pack,
    ("elasticsearch", "ecs", "dsl"): check_body,
    ("elasticsearch", "ecs", "rule"): check_export,
}


@pytest.mark.parametrize("form", FORMS, ids=":".join)
@pytest.mark.parametrize("key", KEYS)
def test_no_text_leaves_its_place(form: tuple[str, str, str], key: str, tmp_path: Path) -> None:
    plain = written(rule_with(tmp_path, key, "plain"), *form)
    for payload in PAYLOADS:
        FORMS[form](written(rule_with(tmp_path, key, payload), *form), plain)


VALUES = ("' OR 1=1 --", '" OR x="', "\\", '\\"', "a | delete", "`m`", "$x$", "%_", "*", "?", "[a]", "]]", "#")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_stays_a_value(value: str) -> None:
    """The texts are run: each selects the events that have the value and no other."""
    from converter import parse, verify

    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    condition = (
        f'process where host.os.type == "windows" and event.type == "start" and process.command_line == "{escaped}"'
    )
    rule = parse(condition, "eql")
    for target, profile in (("splunk", "ta"), ("sigma", "sigma"), ("osquery", "osquery"), ("elasticsearch", "ecs")):
        proof = verify(rule, target, profile)
        assert proof.result.artifacts
        assert proof.holds
