"""Parser tables: fresh, the same for every hash seed, and the same parser as the grammar gives."""

import os
import subprocess
import sys
from importlib.resources import files

import lark
import pytest

from converter.languages import tables

LANGUAGES = tables.languages()


def test_every_grammar_folder_is_found() -> None:
    assert {"eql", "kql"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_in_the_package_is_fresh(language: str) -> None:
    shipped = files("converter.languages").joinpath(language, "grammar.table").read_text(encoding="utf-8")
    assert shipped == tables.table(language), "stale: run python -m converter.languages.tables"


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = "from converter.languages import tables; print(tables.table('eql'))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(printed) == 1


def test_a_loaded_parser_gives_the_trees_of_the_grammar() -> None:
    grammar = files("converter.languages").joinpath("eql", "grammar.lark").read_text(encoding="utf-8")
    built = lark.Lark(grammar, **tables.OPTIONS)
    loaded = tables.parser("eql")
    for query in (
        'process where a.b : ("x", "y") and not length(c) == 5 or ?d',
        "sequence by h with maxspan=5m [a where true] by k ![b where x in (1, 2)] by l until [c where true] by m",
    ):
        assert loaded.parse(query) == built.parse(query)


def test_a_table_of_another_grammar_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(*_: object) -> dict[str, str]:
        return {"source": "of another grammar"}

    monkeypatch.setattr(tables, "_read", stale)
    assert tables.parser("eql").parse("any where true").data == "start"
