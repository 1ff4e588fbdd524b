"""The public TOML rules, rendered as Kibana and its packages would hold them, are the same rules when they are read."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from converter.interpret import interpret
from converter.readers import read
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared


def as_lines(rules: list[RawRule], folder: Path) -> Path:
    path = folder / "export.ndjson"
    summary = {"exported_count": len(rules), "exported_rules_count": len(rules)}
    path.write_text("".join(f"{json.dumps(item)}\n" for item in [*(raw.data for raw in rules), summary]))
    return path


def as_page(rules: list[RawRule], folder: Path) -> Path:
    path = folder / "page.json"
    page = {"page": 1, "perPage": len(rules), "total": len(rules), "data": [raw.data for raw in rules]}
    path.write_text(json.dumps(page, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


def as_package(rules: list[RawRule], folder: Path) -> Path:
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, raw in enumerate(rules):
            asset = {"id": f"{raw.data['rule_id']}_1", "type": "security-rule", "attributes": raw.data}
            archive.writestr(f"kibana/security_rule/{number:04}.json", json.dumps(asset, indent=4))
    return path


def meaning(raw: RawRule) -> tuple[Rule, tuple[str, str] | None]:
    """The rule without its origin and without what only TOML files state beside the rule, and what is wrong with it."""
    rule = interpret(replace(raw, metadata={}), default_catalogue())
    told = None if rule.error is None else (rule.error.code, rule.error.message)
    return replace(rule, origin=Origin("x"), error=None), told


@pytest.fixture(scope="module")
def public_rules() -> list[RawRule]:
    return read(shared("corpus/elastic-rules"))


@pytest.mark.parametrize("render", [as_lines, as_page, as_package])
def test_public_rules_come_back(
    render: Callable[[list[RawRule], Path], Path], public_rules: list[RawRule], tmp_path: Path
) -> None:
    assert len(public_rules) > 1000
    found = read(render(public_rules, tmp_path))
    assert [raw.error for raw in found] == [None] * len(public_rules)
    for original, raw in zip(public_rules, found, strict=True):
        assert raw.data == original.data
        assert raw.notes == ()


def test_public_rules_mean_the_same_as_json(public_rules: list[RawRule], tmp_path: Path) -> None:
    for original, raw in zip(public_rules, read(as_lines(public_rules, tmp_path)), strict=True):
        assert meaning(raw) == meaning(original)
