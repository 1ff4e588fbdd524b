"""`convert inspect`: pages and JSON lines on stdout, errors on stderr, exit codes."""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from converter.cli import run

Captured = pytest.CaptureFixture[str]

RULE = """[rule]
name = "{name}"
rule_id = "{name}"
type = "eql"
language = "eql"
query = '{query}'
"""
GOOD = 'process where process.name != "nc"'
BAD = 'process where process.name = "nc"'


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two rules that can be read and one, between them, that cannot."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, query in {"first": GOOD, "second": BAD, "third": GOOD}.items():
        (folder / f"{name}.toml").write_text(RULE.format(name=name, query=query), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_rule_is_one_page(rules: Path, capfd: Captured) -> None:
    assert run(["inspect", "rules/first.toml"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("first\n=====\n")
    assert '    - process.name is not "nc", or is missing\n' in out
    assert err == ""


def test_pages_are_ruled_off_and_a_bad_rule_stops_no_other(rules: Path, capfd: Captured) -> None:
    assert run(["inspect", "rules"]) == 2
    out, err = capfd.readouterr()
    pages = out.split(f"\n{'-' * 100}\n\n")
    assert [page.splitlines()[0] for page in pages] == ["first", "second", "third"]
    assert "\nProblem\n  Not understood at rules/second.toml:6:37: `=` does not compare" in pages[1]
    assert err.startswith("rules/second.toml:6:37: error eql-equals ")


def test_json_is_one_line_for_every_rule(rules: Path, capfd: Captured) -> None:
    assert run(["inspect", "--json", "rules"]) == 2
    out, err = capfd.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    assert [(item["schema"], item["source"]) for item in found] == [
        ("ruleport-rule/1", "rules/first.toml"),
        ("ruleport-rule/1", "rules/second.toml"),
        ("ruleport-rule/1", "rules/third.toml"),
    ]
    assert found[0]["detection"]["node"] == "events"
    assert (found[1]["detection"], found[1]["error"]["code"]) == (None, "eql-equals")
    assert err.count("error") == 1


def test_a_refused_rule_is_told(rules: Path, capfd: Captured) -> None:
    (rules / "refused.toml").write_text(
        '[rule]\nname = "r"\ntype = "esql"\nlanguage = "esql"\nquery = "from x"\n', encoding="utf-8"
    )
    assert run(["inspect", "rules/refused.toml"]) == 2
    out, err = capfd.readouterr()
    assert "\n  Refused at rules/refused.toml:3:9: " in out
    assert " error esql-unsupported " in err


def test_of_what_cannot_be_read_only_the_problem_is_told(rules: Path, capfd: Captured) -> None:
    (rules / "broken.ndjson").write_text('{"rule_id": "a", "name": "b", "type": "query"', encoding="utf-8")
    assert run(["inspect", "rules/broken.ndjson"]) == 2
    out = capfd.readouterr().out
    assert "\nProblem\n  Not understood at " in out
    assert "Runs" not in out


def test_text_from_stdin(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "converter", "inspect", "--from", "eql", "-"],
        input=GOOD,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "process.name is not" in done.stdout


@pytest.mark.parametrize("arguments", [["inspect"], ["inspect", "--yaml", "rules"]])
def test_wrong_usage(arguments: list[str], capfd: Captured) -> None:
    assert run(arguments) == 3
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_a_rule_does_not_drive_the_terminal(tmp_path: Path, capfd: Captured) -> None:
    rule = {
        "rule_id": "\x1b[2J",
        "name": "\x1b]0;x\x07 \x9b31m\u202e",
        "type": "eql",
        "language": "eql",
        "query": 'any where `\x1b[1m` == "\\u{1b}[31m" and b : "\x85\u2028*"',
        "index": ["\x1b[0m"],
    }
    path = tmp_path / "hostile.toml"
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in rule.items())
    path.write_text(f"[rule]\n{''.join(lines)}", encoding="utf-8")
    for arguments in (["inspect", str(path)], ["inspect", "--json", str(path)]):
        assert run(arguments) == 0
        out, err = capfd.readouterr()
        assert all(line.isprintable() for line in (out + err).split("\n"))
    (line,) = out.splitlines()
    assert {key: json.loads(line)[key] for key in ("rule_id", "name", "query")} == {
        key: rule[key] for key in ("rule_id", "name", "query")
    }


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_output_is_the_same_every_time(rules: Path, arguments: list[str]) -> None:
    """Whatever the hash seed, the locale and the colours asked for."""
    command = [sys.executable, "-m", "converter", "inspect", *arguments, "rules"]
    settings: list[dict[str, str]] = [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "FORCE_COLOR": "1", "COLUMNS": "40"},
    ]
    outputs = {subprocess.run(command, capture_output=True, env=os.environ | extra).stdout for extra in settings}
    assert len(outputs) == 1


def test_help_has_examples(capfd: Captured) -> None:
    assert run(["inspect", "--help"]) == 0
    assert "convert inspect --json rules/ | jq" in capfd.readouterr().out


def test_the_example_of_the_docs(tmp_path: Path, capfd: Captured) -> None:
    """docs/cli.md shows a query and the section of its page that says what it finds."""
    text = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
    query, shown = (
        textwrap.dedent(part.strip("\n"))
        for part in re.findall(r"\n\n((?:    .*\n|\n)+)", text[text.index("`stager.eql`") :])[:2]
    )
    (tmp_path / "stager.eql").write_text(query, encoding="utf-8")
    assert run(["inspect", str(tmp_path / "stager.eql")]) == 0
    assert shown.strip() in capfd.readouterr().out
