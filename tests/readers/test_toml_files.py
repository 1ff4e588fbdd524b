"""TOML rule files: the API layout, and where the query stands."""

from pathlib import Path

import pytest

from converter.errors import Place, RuleError
from converter.readers import read
from converter.readers.guide import rendered, split_setup
from converter.readers.toml_file import read_toml
from converter.readers.toml_source import value_offsets
from converter.rule import RawRule
from tests.shared import shared

HEAD = '[rule]\nname = "N"\ntype = "eql"\n'


def place(text: str) -> tuple[int, int]:
    found = read_toml(text, "a.toml").origin.query
    return found.line, found.column


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("query = '''\nany where true\n'''\n", (5, 1)),
        ("query = '''any where true'''\n", (4, 12)),
        ('query = """\nany where true"""\n', (5, 1)),
        ('query = "any where true"\n', (4, 10)),
        ("query   =  'any where true' # query = 'x'\n", (4, 13)),
        ("\n# query = '''no'''\n\nquery = '''\n\nany where true'''\n", (8, 1)),
        ('note = """query = \'\'\'x\'\'\'"""\nquery = "any where true"\n', (5, 10)),
        ('"query" = "any where true"\n', (4, 12)),
        ("x = [1, {query = 'no'}]\nquery = 'any where true'\n", (5, 10)),
    ],
)
def test_the_query_is_found_in_every_kind_of_string(written: str, expected: tuple[int, int]) -> None:
    assert place(HEAD + written) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rule.query = 'a'\n", (1, 15)),
        ("rule = { name = 'N', query = 'a' }\n", (1, 31)),
        ("[metadata]\nquery = 'no'\n[ rule ]\nquery = 'a'\n", (4, 10)),
        ("[[rule.threat]]\nquery = 'no'\n[rule]\nquery = 'a'\n", (4, 10)),
    ],
)
def test_the_query_is_found_however_the_table_is_written(text: str, expected: tuple[int, int]) -> None:
    assert place(text) == expected


def test_line_ends_of_another_system_keep_the_place(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes((HEAD + "query = '''\nany where true\n'''\n").replace("\n", "\r\n").encode())
    (raw,) = read(file)
    assert raw.data["query"] == "any where true\n"
    assert raw.origin.query == Place(str(file), 5, 1)


def test_strings_may_end_in_quotes() -> None:
    assert value_offsets('a = """x"""""\nb = 1\n') == {("a",): 7, ("b",): 18}


@pytest.mark.shared
def test_queries_of_the_public_rules_are_where_their_places_say() -> None:
    rules = [raw for raw in read(shared("corpus/elastic-rules/rules/linux")) if "query" in raw.data]
    assert len(rules) > 100
    for raw in rules:
        line = Path(raw.origin.path).read_text(encoding="utf-8").split("\n")[raw.origin.query.line - 1]
        query = raw.data["query"]
        assert isinstance(query, str)
        assert line[raw.origin.query.column - 1 :].startswith(query.split("\n")[0].rstrip('"'))


def api(text: str) -> RawRule:
    return read_toml(text, "a.toml")


def test_new_terms_are_spread_as_in_the_api() -> None:
    raw = api(
        '[rule]\n[rule.new_terms]\nfield = "new_terms_fields"\nvalue = ["host.id"]\n'
        '[[rule.new_terms.history_window_start]]\nfield = "history_window_start"\nvalue = "now-7d"\n'
    )
    assert raw.data == {"new_terms_fields": ["host.id"], "history_window_start": "now-7d"}
    assert raw.places["new_terms_fields"] == Place("a.toml", 4, 9)
    assert raw.places["history_window_start"] == Place("a.toml", 7, 10)


def test_whitespace_is_normalised_except_where_it_means_something() -> None:
    raw = api('[rule]\nname = "a\\n  b"\ntags = ["x   y"]\nquery = "a:  b"\nnote = "l\\n\\nm"\n')
    assert raw.data == {"name": "a b", "tags": ["x y"], "query": "a:  b", "note": "l\n\nm"}


def test_filters_stay_as_they_are() -> None:
    raw = api('[rule]\n[[rule.filters]]\n[rule.filters.query.wildcard."file.path"]\nvalue = "?:\\\\a  b*"\n')
    assert raw.data["filters"] == [{"query": {"wildcard": {"file.path": {"value": "?:\\a  b*"}}}}]


def test_techniques_are_always_a_list() -> None:
    raw = api('[rule]\n[[rule.threat]]\nframework = "F"\n')
    assert raw.data["threat"] == [{"framework": "F", "technique": []}]


def test_metadata_travels_beside_the_rule() -> None:
    raw = api('[metadata]\ncreation_date = "2024/01/31"\n[rule]\nname = "N"\n')
    assert raw.metadata == {"creation_date": "2024/01/31"}
    assert raw.data == {"name": "N"}


def test_plugins_are_rendered_into_the_note() -> None:
    transform = {"osquery": [{"query": "SELECT 'é'", "label": "L"}]}
    plugin = '!{osquery{"label":"L","query":"SELECT \'é\'"}}'
    assert rendered("a $osquery_0 b ${osquery_0} $osquery_1 $$5 $x", transform) == (
        f"a {plugin} b {plugin} $osquery_1 $5 $x"
    )


def test_a_setup_section_moves_out_of_the_note() -> None:
    assert split_setup("## A\nx\n\n## Setup\n\n### Steps\ny\n\n## B\nz") == (
        "## A\nx\n\n## B\nz",
        "## Setup\n\n### Steps\ny",
    )
    assert split_setup("## A\n### Setup of it") == ("## A\n### Setup of it", None)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("[rule\n", "toml-syntax", 1, 6),
        ('[rule]\nname = "a\n', "toml-syntax", 2, 10),
        ("[rule]\nname = 'a'\nname = 'b'\n", "toml-syntax", 3, 11),
        ("[rule]\nquery = '''\nabc", "toml-syntax", 3, 4),
        ("[metadata]\nmaturity = 'production'\n", "rule-table-missing", 1, 1),
        ("[rule]\nx = " + "[" * 5000 + "]" * 5000, "toml-nesting", 2, 105),
        ("[rule]\n" + "a." * 5000 + "b = 1\n", "toml-nesting", 2, 1),
    ],
)
def test_broken_files_are_told_with_their_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        read_toml(text, "a.toml")
    assert (caught.value.code, caught.value.place) == (code, Place("a.toml", line, column))
