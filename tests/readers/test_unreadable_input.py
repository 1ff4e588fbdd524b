"""What is no rule: one error each, with code and place, and the other files are read."""

from pathlib import Path

import pytest

from converter.readers import read, scan
from converter.readers.source import SIZE_LIMIT

GOOD = "[rule]\nname = 'Good'\ntype = 'eql'\nquery = 'any where true'\n"

BAD: dict[str, tuple[bytes, str, int, int]] = {
    "binary.toml": (b"\x7fELF\x00\x01\x02", "file-binary", 1, 1),
    "latin1.toml": (b"[rule]\nname = 'caf\xe9'\n", "file-encoding", 2, 12),
    "utf16.toml": ("[rule]\n".encode("utf-16"), "file-encoding", 1, 1),
    "packed.zip": (b"PK\x03\x04rest", "archive-broken", 1, 1),
    "packed.toml": (b"\x1f\x8brest", "archive-broken", 1, 1),
    "cut.ndjson": (b'\n{"rule_id":"a","type":"eql","query":\n', "json-syntax", 2, 37),
    "deep.json": (b"[" * 100_000 + b"{", "json-nesting", 1, 1),
    "blank.ndjson": (b" \n\n", "rule-unrecognised", 1, 1),
    "sigma.yml": (b"title: x\ndetection:\n  a:\n    b: c\n", "sigma-unsupported", 1, 1),
    "bomb.yaml": (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "rule-unrecognised", 1, 1),
    "prose.txt": (b"This says nothing about rules.\n", "rule-unrecognised", 1, 1),
    "empty.toml": (b"", "rule-table-missing", 1, 1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_error_each(name: str, tmp_path: Path) -> None:
    content, code, line, column = BAD[name]
    file = tmp_path / name
    file.write_bytes(content)
    (raw,) = read(file)
    assert raw.error is not None
    place = raw.error.place
    assert (raw.error.code, place.path, place.line, place.column) == (code, str(file), line, column)


def test_the_others_are_read(tmp_path: Path) -> None:
    for name, (content, *_) in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.toml").write_text(GOOD)
    found = {Path(raw.origin.path).name: raw.error.code if raw.error else None for raw in read(tmp_path)}
    assert found == {name: code for name, (_, code, *_) in BAD.items()} | {"good.toml": None}


def test_huge_files_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.toml"
    with file.open("wb") as stream:
        stream.truncate(5 * SIZE_LIMIT)
    (raw,) = read(file)
    assert raw.error is not None
    assert raw.error.code == "file-too-large"


def test_long_texts_that_are_no_json_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD + "#" * 10 * 1024 * 1024)
    (tmp_path / "a.ndjson").write_text('{"rule_id":"a","type":"eql","note":"' + "#" * 10 * 1024 * 1024 + '"}')
    assert [raw.error and raw.error.code for raw in read(tmp_path)] == [None, "file-too-large"]


def test_archives_of_other_kinds_are_passed_over_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "rules.tar.xz").write_bytes(b"\xfd7zXZ\x00rest")
    (tmp_path / "report.docx").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "good.toml").write_text(GOOD)
    reading = scan(tmp_path)
    assert [raw.data["name"] for raw in reading.rules] == ["Good"]
    assert [Path(item.path).name for item in reading.skipped] == ["report.docx", "rules.tar.xz"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless device")
def test_endless_files_are_read_up_to_the_limit() -> None:
    (raw,) = read("/dev/zero")
    assert raw.error is not None
    assert raw.error.code == "file-too-large"


def test_missing_files_and_folders_without_rules(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Nothing here.")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "rule.toml").write_text(GOOD)
    (missing,), (empty,) = read(tmp_path / "none.toml"), read(tmp_path)
    assert missing.error is not None
    assert missing.error.code == "file-missing"
    assert empty.error is not None
    assert empty.error.code == "folder-empty"


def test_files_of_a_folder_that_are_no_rules_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Nothing here.")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\x00")
    (tmp_path / "rule").write_text(GOOD)
    reading = scan(tmp_path)
    assert [raw.data["name"] for raw in reading.rules] == ["Good"]
    assert [Path(item.path).name for item in reading.skipped] == ["README.md", "logo.png"]


def test_folders_are_walked_in_order_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rule.toml").write_text(GOOD)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    found = [str(Path(raw.origin.path).relative_to(tmp_path)) for raw in read(tmp_path)]
    assert found == ["a/rule.toml", "b/rule.toml", "dangling.toml"]


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("a.eql", "process where true", "eql"),
        ("a.kql", "process.name:x", "kuery"),
        ("a.txt", "\n// why\nfile where true", "eql"),
        ("a.kql", "any where true", "kuery"),
        ("a.kuery", "a:b", "kuery"),
        ("a", "sequence by host.id\n  [any where true]", "eql"),
    ],
)
def test_bare_queries(name: str, text: str, language: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    (raw,) = read(tmp_path / name)
    assert (raw.data["language"], raw.data["name"], raw.data["query"]) == (language, "a", text.strip())


def test_a_language_can_be_named_for_text_without_a_sign(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("process.name:x")
    assert read(tmp_path / "a.txt")[0].error is not None
    assert read(tmp_path / "a.txt", "kuery")[0].data["language"] == "kuery"
