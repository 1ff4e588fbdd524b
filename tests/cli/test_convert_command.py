"""`convert`: what comes out where, and with which exit code."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from converter.cli import run

RULE = """[rule]
name = "{name}"
rule_id = "{rule_id}"
type = "eql"
language = "eql"
index = ["logs-*"]
query = '''
{query}
'''
"""
QUERY = 'process where process.name : "nc*"'

Captured = pytest.CaptureFixture[str]


def rule(folder: Path, file: str, name: str = "N", query: str = QUERY, rule_id: str = "1") -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RULE.format(name=name, query=query, rule_id=rule_id), encoding="utf-8")
    return path


def convert(*arguments: object) -> int:
    return run(["--to", "elasticsearch", *map(str, arguments)])


# --- stdout ------------------------------------------------------------------------------------------------------


def test_one_rule_and_one_target_is_bare_text(tmp_path: Path, capfd: Captured) -> None:
    assert convert(rule(tmp_path, "a.toml")) == 0
    out, err = capfd.readouterr()
    assert "query" in json.loads(out)
    assert err.splitlines()[-1] == "1 rule: elasticsearch 1 exact"


def test_several_rules_are_json_lines(tmp_path: Path, capfd: Captured) -> None:
    rule(tmp_path, "b.toml", "B", rule_id="2")
    rule(tmp_path, "a.toml", "A")
    assert convert(tmp_path) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line["name"] for line in lines] == ["A", "B"]
    assert list(lines[0]) == [
        "rule_id",
        "name",
        "source",
        "target",
        "profile",
        "format",
        "verdict",
        "name_of_file",
        "text",
    ]
    assert lines[0]["name_of_file"] == "a.dsl.json"
    assert lines[0]["verdict"] == "exact"


def test_several_targets_are_json_lines(tmp_path: Path, capfd: Captured) -> None:
    assert run(["--to", "elasticsearch,splunk:ecs", str(rule(tmp_path, "a.toml"))]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["target"], line["profile"]) for line in lines] == [("elasticsearch", "ecs"), ("splunk", "ecs")]


def test_a_query_on_the_command_line(capfd: Captured) -> None:
    assert convert("--query", "process.name: nc", "--from", "kuery") == 0
    assert "process.name" in capfd.readouterr().out


def test_quiet_says_nothing_but_errors(tmp_path: Path, capfd: Captured) -> None:
    assert convert("-q", rule(tmp_path, "a.toml"), tmp_path / "none.toml") == 2
    err = capfd.readouterr().err.splitlines()
    assert [line.split()[2] for line in err] == ["file-missing"]


# --- files -------------------------------------------------------------------------------------------------------


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_keep_the_paths_of_their_sources(tmp_path: Path) -> None:
    rule(tmp_path, "in/linux/a.toml")
    rule(tmp_path, "in/b.toml", rule_id="2")
    assert run(["--to", "elasticsearch,splunk:ecs", "-o", str(tmp_path / "out"), str(tmp_path / "in")]) == 0
    assert files(tmp_path / "out") == [
        "elasticsearch/b.dsl.json",
        "elasticsearch/linux/a.dsl.json",
        "splunk/b.spl",
        "splunk/linux/a.spl",
    ]


def test_a_target_asked_for_twice_names_its_profiles(tmp_path: Path) -> None:
    source = rule(tmp_path, "a.toml")
    run(["--to", "splunk:ecs", "--to", "splunk:ta", "-o", str(tmp_path / "out"), "--fail-on", "never", str(source)])
    assert "splunk-ecs/a.spl" in files(tmp_path / "out")


def test_sources_that_meet_in_one_name_get_a_hash_of_the_rule_id(tmp_path: Path) -> None:
    first, second = rule(tmp_path, "x/a.toml", rule_id="1"), rule(tmp_path, "y/A.toml", rule_id="2")
    assert convert("-o", tmp_path / "out", first, second) == 0
    short = [hashlib.sha256(rule_id.encode()).hexdigest()[:8] for rule_id in ("1", "2")]
    assert files(tmp_path / "out") == sorted(
        [f"elasticsearch/a-{short[0]}.dsl.json", f"elasticsearch/A-{short[1]}.dsl.json"]
    )


def test_rules_with_one_id_are_still_kept_apart(tmp_path: Path) -> None:
    first, second = rule(tmp_path, "x/a.toml"), rule(tmp_path, "y/a.toml")
    assert convert("-o", tmp_path / "out", first, second) == 0
    assert len(files(tmp_path / "out")) == 2


def test_a_file_named_twice_is_converted_once(tmp_path: Path, capfd: Captured) -> None:
    source = rule(tmp_path, "a.toml")
    assert convert(source, tmp_path, source) == 0
    assert "query" in json.loads(capfd.readouterr().out)


def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path: Path, capfd: Captured) -> None:
    source = rule(tmp_path, "a.toml")
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "elasticsearch").symlink_to(tmp_path / "elsewhere")
    assert convert("-o", tmp_path / "out", source) == 3
    assert "output-outside" in capfd.readouterr().err
    assert files(tmp_path / "elsewhere") == []


def test_a_link_in_place_of_a_file_is_replaced(tmp_path: Path) -> None:
    source = rule(tmp_path, "a.toml")
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "out" / "elasticsearch").mkdir(parents=True)
    (tmp_path / "out" / "elasticsearch" / "a.dsl.json").symlink_to(victim)
    assert convert("-o", tmp_path / "out", source) == 0
    assert victim.read_text() == "untouched"


def test_hostile_names_stay_inside(tmp_path: Path, capfd: Captured) -> None:
    source = rule(tmp_path, "in/\x1b[31mred\n.toml", name="../../up")
    assert convert("-o", tmp_path / "out", source, tmp_path / "in" / "none\x1b.toml") == 2
    assert files(tmp_path / "out") == ["elasticsearch/_[31mred_.dsl.json"]
    assert "\x1b" not in capfd.readouterr().err


def test_no_half_written_files_are_left(tmp_path: Path, capfd: Captured) -> None:
    source = rule(tmp_path, "a.toml")
    (tmp_path / "out" / "elasticsearch" / "a.dsl.json").mkdir(parents=True)
    assert convert("-o", tmp_path / "out", source) == 3
    assert files(tmp_path / "out") == []
    assert "output-unwritable" in capfd.readouterr().err


# --- exit codes --------------------------------------------------------------------------------------------------

LONG = f'process where process.name regex "{"[ab]" * 260}"'
"""Elasticsearch takes 1,000 characters."""


@pytest.mark.parametrize(
    ("query", "fail_on", "code"),
    [
        (QUERY, "refused", 0),
        (QUERY, "approximate", 0),
        ("process where (", "refused", 2),
        ("process where (", "error", 2),
        ("process where (", "never", 0),
        (LONG, "refused", 2),
        (LONG, "error", 0),
        (LONG, "never", 0),
    ],
)
def test_exit_codes_by_verdict(query: str, fail_on: str, code: int, tmp_path: Path) -> None:
    assert convert("--fail-on", fail_on, rule(tmp_path, "a.toml", query=query)) == code


PAGE = """Rare Nameedit

Rule type: new_terms

Rule indices:

  • logs-*

Risk score: 21

Rule queryedit

process.name: rare
"""


@pytest.mark.parametrize(("fail_on", "code"), [("refused", 0), ("approximate", 1), ("never", 0)])
def test_exit_codes_of_approximate_output(fail_on: str, code: int, tmp_path: Path, capfd: Captured) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    assert convert("--fail-on", fail_on, page) == code
    assert "warning new-terms-history-unstated wider:" in capfd.readouterr().err


def test_strict_refuses_what_is_approximate(tmp_path: Path, capfd: Captured) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    assert convert("--strict", page) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "error strict" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--to", "nowhere", "a.toml"],
        ["--to", "elasticsearch:nowhere", "a.toml"],
        ["--to", "elasticsearch::nowhere", "a.toml"],
        ["--to", "a:b:c:d", "a.toml"],
        ["--to", "elasticsearch"],
        ["a.toml"],
        ["--to", "elasticsearch", "--nonsense", "a.toml"],
        ["--to", "elasticsearch", "-O", "nonsense=1", "a.toml"],
        ["--to", "elasticsearch", "-O", "nonsense", "a.toml"],
        ["--to", "elasticsearch,splunk", "--format", "dsl", "a.toml"],
        ["--to", "elasticsearch", "--query", "a:b"],
        ["--to", "elasticsearch", "--fail-on", "nonsense", "a.toml"],
        ["explain", "no-such-code"],
        ["evaluate", "a.toml"],
    ],
)
def test_wrong_usage(arguments: list[str], capfd: Captured) -> None:
    code = run(arguments)
    out, err = capfd.readouterr()
    if not arguments:
        assert (code, out.split()[0]) == (0, "Usage:")
        return
    assert (code, out) == (3, "")
    assert err.startswith("error ")
    assert len(err.splitlines()) == 1


# --- diagnostics -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "line", "column"),
    [
        (('type = "eql"', 'type = "magic"'), "rule-type-unknown", 4, 9),
        (('type = "eql"', ""), "rule-type-missing", 1, 1),
        (('type = "eql"', 'type = "esql"'), "esql-unsupported", 4, 9),
        (('language = "eql"', 'language = "kuery"'), "language-mismatch", 5, 13),
        ((QUERY, ""), "query-missing", 8, 1),
        ((QUERY, "process.name: nc"), None, 8, 13),
        ((QUERY, "process where\n  process.name = 1"), None, 9, 16),
        ((QUERY, "process where " + "(" * 10_000 + "true" + ")" * 10_000), "nesting-too-deep", 8, None),
        (("index = [", "filters = [{query = {geo_shape = {}}}]\nindex = ["), "rule-filters-unsupported", 6, 11),
    ],
)
def test_rules_that_cannot_be_converted_are_told_in_one_line(
    change: tuple[str, str], code: str | None, line: int, column: int | None, tmp_path: Path, capfd: Captured
) -> None:
    bad, good = rule(tmp_path, "bad.toml"), rule(tmp_path, "good.toml")
    bad.write_text(bad.read_text().replace(*change))
    assert convert("-q", bad, good) == 2
    out, err = capfd.readouterr()
    told = [item for item in err.splitlines() if not item.startswith("  ")]
    assert len(told) == 1
    place, level, found, _ = told[0].split(" ", 3)
    path, found_line, found_column, _ = place.rsplit(":", 3)
    assert (path, int(found_line), level) == (str(bad), line, "error")
    assert code in (None, found)
    assert column in (None, int(found_column))
    assert [json.loads(item)["source"].endswith("good.toml") for item in out.splitlines()] == [True]


def test_the_caret_stands_below_the_mistake_where_text_precedes_the_query(tmp_path: Path, capfd: Captured) -> None:
    source = rule(tmp_path, "a.toml")
    text = source.read_text()
    source.write_text(text.replace(f"'''\n{QUERY}\n'''", "'process where process.name = 1'"))
    assert convert("-q", source) == 2
    first, excerpt, caret = capfd.readouterr().err.splitlines()[:3]
    column = int(first.split(":")[2])
    assert source.read_text().splitlines()[6][column - 1] == "="
    assert excerpt[caret.index("^")] == "="


def test_a_list_of_ten_thousand_items_is_converted(tmp_path: Path) -> None:
    items = ", ".join(f'"name{number}"' for number in range(10_000))
    assert (
        convert("-o", tmp_path / "out", rule(tmp_path, "a.toml", query=f"process where process.name in ({items})")) == 0
    )


# --- report ------------------------------------------------------------------------------------------------------


def test_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    assert convert("-o", "out", "--report", "r.json", "page.txt", "none.toml") == 2
    data = json.loads((tmp_path / "r.json").read_text())
    assert data["schema"] == "ruleport-report/1"
    page, none = data["results"]
    assert (page["source"], page["type"], page["language"], page["verdict"]) == (
        "page.txt",
        "new_terms",
        "kuery",
        "approximate",
    )
    (loss,) = page["losses"]
    assert (loss["code"], loss["direction"], loss["field"]) == ("new-terms-history-unstated", "wider", None)
    (artifact,) = page["artifacts"]
    assert artifact["path"] == "out/elasticsearch/page.dsl.json"
    assert artifact["sha256"] == hashlib.sha256((tmp_path / artifact["path"]).read_bytes()).hexdigest()
    assert (none["source"], none["verdict"], none["losses"], none["artifacts"]) == ("none.toml", "error", [], [])
    assert data["diagnostics"][-1]["code"] == "file-missing"
    assert data["summary"] == {"elasticsearch": {"exact": 0, "approximate": 1, "refused": 0, "error": 1}}


def test_a_refusal_has_its_reason_among_the_losses(tmp_path: Path) -> None:
    source = rule(tmp_path, "a.toml")
    source.write_text(source.read_text().replace('type = "eql"', 'type = "esql"'))
    assert convert("--report", tmp_path / "r.json", source) == 2
    (result,) = json.loads((tmp_path / "r.json").read_text())["results"]
    assert result["verdict"] == "refused"
    assert [(loss["code"], loss["direction"]) for loss in result["losses"]] == [("esql-unsupported", None)]


# --- as a process ------------------------------------------------------------------------------------------------


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from converter.cli import main; main()", *arguments],
        capture_output=True,
        check=False,
        env=os.environ | environment,
        timeout=120,
    )


def test_runs_are_equal_whatever_the_hash_seed(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        rule(tmp_path, f"in/{name}.toml", name, rule_id=name)
    outcomes = []
    for seed in ("1", "2"):
        report = tmp_path / f"{seed}.json"
        done = process(
            "--to", "elasticsearch,splunk:ecs", "--report", str(report), str(tmp_path / "in"), PYTHONHASHSEED=seed
        )
        outcomes.append((done.returncode, done.stdout, done.stderr, report.read_bytes()))
    assert outcomes[0][0] == 0
    assert outcomes[0] == outcomes[1]


def test_help_loads_no_backend_and_no_library_of_one() -> None:
    program = (
        "import sys; from converter.cli import run; run(['--help']); "
        "print([name for name in sys.modules if name.split('.')[0] in ('backends', 'lark', 'jinja2', 'sigma', 'yaml')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "Examples:" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_stdin_is_a_path(tmp_path: Path) -> None:
    source = rule(tmp_path, "a.toml")
    done = subprocess.run(
        [sys.executable, "-c", "from converter.cli import main; main()", "--to", "elasticsearch", "-"],
        input=source.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"query" in done.stdout


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    names = ", ".join(f'"name{number}"' for number in range(500))
    for number in range(40):
        rule(tmp_path, f"in/{number}.toml", query=f"process where process.name in ({names})", rule_id=str(number))
    program = f"{sys.executable} -c 'from converter.cli import main; main()'"
    command = f"{program} --to elasticsearch {tmp_path / 'in'} | head -c 10; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("0\n")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_no_colour_unless_a_terminal_asks_for_it(tmp_path: Path) -> None:
    done = process("--to", "elasticsearch", str(tmp_path / "none.toml"))
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
