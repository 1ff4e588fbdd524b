"""Mistakes in rules, hostile files: one error with a code and a place each, and the other rules converted."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from converter.cli import run

Captured = pytest.CaptureFixture[str]

MISTAKES = tomllib.loads((Path(__file__).parent / "cases" / "mistakes.toml").read_text(encoding="utf-8"))
RULE = '[rule]\nname = "N"\nrule_id = "r"\ntype = "{type}"\nlanguage = "{language}"\nquery=\'\'\'{query}\'\'\'\n'
GOOD = RULE.format(type="eql", language="eql", query='process where process.name == "good"')


def in_rule(query: str, language: str = "eql") -> str:
    return RULE.format(type={"eql": "eql", "kuery": "query"}[language], language=language, query=query)


def errors(err: str) -> list[str]:
    """The error lines, without the excerpts below them."""
    assert "Traceback" not in err
    return [line for line in err.splitlines() if " error " in line]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_one_line_and_stops_nothing_else(name: str, tmp_path: Path, capfd: Captured) -> None:
    case = MISTAKES[name]
    bad = tmp_path / "bad.toml"
    bad.write_text(case.get("file") or in_rule(case["query"], case.get("language", "eql")), encoding="utf-8")
    (tmp_path / "good.toml").write_text(GOOD)
    assert run(["--to", "elasticsearch", str(tmp_path)]) == 2
    out, err = capfd.readouterr()
    (line,) = errors(err)
    assert line.startswith(f"{bad}:{case['at']}: error {case['code']} ")
    assert case.get("says", "") in line
    assert [json.loads(item)["source"].rpartition("/")[2] for item in out.splitlines()] == ["good.toml"]


LONG = 10_000
DEEP = {
    "brackets": ("process where " + "(" * LONG + "true" + ")" * LONG, "eql"),
    "negations": ("process where " + "not " * LONG + "true", "eql"),
    "calls": ("process where " + "length(" * LONG + "a" + ")" * LONG + " > 0", "eql"),
    "signs": ("process where a == " + "-" * LONG + "1", "eql"),
    "sums": ("process where a == 1" + " + 1" * LONG, "eql"),
    "groups of KQL": ("(" * LONG + "a:b" + ")" * LONG, "kuery"),
    "objects of KQL": ("a:{ " * LONG + "b:c" + " }" * LONG, "kuery"),
}


@pytest.mark.parametrize("name", DEEP)
def test_nesting_is_limited_with_a_code(name: str, tmp_path: Path, capfd: Captured) -> None:
    query, language = DEEP[name]
    (tmp_path / "deep.toml").write_text(in_rule(query, language))
    assert run(["--to", "elasticsearch", str(tmp_path)]) == 2
    (line,) = errors(capfd.readouterr().err)
    assert " error nesting-too-deep " in line


@pytest.mark.parametrize("word", [" and ", " or "])
@pytest.mark.parametrize(("test", "language"), [("field{} == 'x'", "eql"), ("field{}: x", "kuery")])
def test_long_chains_are_no_nesting(word: str, test: str, language: str, tmp_path: Path) -> None:
    chain = word.join(test.replace("'", '"').format(number) for number in range(2_000))
    query = f"process where {chain}" if language == "eql" else chain
    (tmp_path / "long.toml").write_text(in_rule(query, language))
    assert run(["--to", "elasticsearch", "-o", str(tmp_path / "out"), str(tmp_path)]) == 0


def test_many_findings_of_one_kind_are_told_in_a_few_lines(tmp_path: Path, capfd: Captured) -> None:
    tests = " and ".join(f'no.such.field{number} == "x"' for number in range(300))
    query = f'process where host.os.type == "linux" and event.type == "start" and process.pid == 1 and {tests}'
    (tmp_path / "many.toml").write_text(in_rule(query))
    report = tmp_path / "report.json"
    assert run(["--to", "splunk:ta", "--report", str(report), str(tmp_path / "many.toml")]) == 0
    told = [line for line in capfd.readouterr().err.splitlines() if " field-unmapped " in line]
    assert len(told) < 30
    assert "280 more findings of this kind" in told[-1]
    (result,) = json.loads(report.read_text())["results"]
    assert sum(loss["code"] == "field-unmapped" for loss in result["losses"]) == 300


def test_a_long_message_is_cut_on_the_terminal(tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "long.toml").write_text(in_rule("x").replace('"r"', '"r"\n"' + "k" * 5_000 + '" = 1\n[unclosed'))
    run(["--to", "elasticsearch", str(tmp_path / ("n" * 200)), str(tmp_path / "long.toml")])
    assert all(len(line) < 1_000 for line in capfd.readouterr().err.splitlines())


@pytest.mark.parametrize("name", ["n" * 250, "é" * 120, "x..", "-o", "quo'te\"", "line\nbreak", " ", "$(id)", "%s"])
def test_any_name_of_a_file_gives_a_file(name: str, tmp_path: Path) -> None:
    source = tmp_path / "in" / f"{name}.toml"
    source.parent.mkdir()
    source.write_text(GOOD)
    assert run(["-q", "--to", "elasticsearch,splunk:ecs", "-o", str(tmp_path / "out"), str(tmp_path / "in")]) == 0
    assert len([path for path in (tmp_path / "out").rglob("*") if path.is_file()]) == 2


def test_long_names_are_kept_apart(tmp_path: Path) -> None:
    for last in "ab":
        (tmp_path / f"{'n' * 249}{last}.toml").write_text(GOOD)
    out = tmp_path / "out"
    assert run(["-q", "--to", "elasticsearch", "-o", str(out), str(tmp_path)]) == 0
    assert len(list((out / "elasticsearch").iterdir())) == 2


def test_a_file_name_that_is_no_text_is_a_name(tmp_path: Path, capfd: Captured) -> None:
    source = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.toml"))
    try:
        source.write_text(GOOD)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    report = tmp_path / "report.json"
    assert run(["--to", "elasticsearch", "-o", str(tmp_path / "out"), "--report", str(report), str(source)]) == 0
    assert json.loads(report.read_text(encoding="utf-8"))["results"][0]["verdict"] == "exact"
    capfd.readouterr().err.encode("utf-8")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "secret.toml").write_text(GOOD)
    (tmp_path / "secret.toml").chmod(0)
    assert run(["--to", "elasticsearch", str(tmp_path)]) == 2
    (line,) = errors(capfd.readouterr().err)
    assert " error file-unreadable " in line


def test_links_that_lead_in_circles(tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "a.toml").symlink_to(tmp_path / "b.toml")
    (tmp_path / "b.toml").symlink_to(tmp_path / "a.toml")
    (tmp_path / "up").symlink_to(tmp_path)
    assert run(["--to", "elasticsearch", str(tmp_path)]) == 2
    out, err = capfd.readouterr()
    assert [line.split()[2] for line in errors(err)] == ["file-unreadable", "file-unreadable"]
    assert len(out.splitlines()) == 1


def test_processes_convert_as_one_does(tmp_path: Path, capfd: Captured) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.toml").write_text(GOOD.replace('"good"', f'"good{number}"').replace('"r"', f'"r{number}"'))
    (folder / "bad.toml").write_text(in_rule("process where ("))
    outcomes = []
    for jobs in ("1", "2"):
        report = tmp_path / "report.json"
        code = run(["--jobs", jobs, "--to", "elasticsearch,splunk", "--report", str(report), str(folder)])
        outcomes.append((code, capfd.readouterr(), report.read_bytes()))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] == 2
