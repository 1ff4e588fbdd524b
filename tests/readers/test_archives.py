"""Archives are read like the folders they were made of, within bounds, and nothing of them is ever written."""

import bz2
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from converter.cli import run
from converter.readers import Reading, archive, read, scan
from converter.readers.source import SIZE_LIMIT

TOML = '[rule]\nname = "{name}"\nrule_id = "{name}"\ntype = "eql"\nquery = "any where true"\n'
LINE = json.dumps({"rule_id": "l", "name": "line", "type": "eql", "language": "eql", "query": "any where true"}) + "\n"

TREE = {
    "windows/b.toml": TOML.format(name="b").encode(),
    "windows/a.toml": TOML.format(name="a").encode(),
    "windows.ndjson": (LINE + LINE).encode(),
    "windows/page.json": f'{{"page":1,"total":1,"data":[{LINE}]}}'.encode(),
    "query.eql": b"process where true",
    "README.md": b"Nothing here.",
    ".git/config.toml": b"[x]",
    "windows/.hidden.toml": b"[x]",
    "package.json": b'{"name": "website"}',
    "broken.toml": b"[rule",
    "image.png": b"\x89PNG\x00",
}


def zipped(tree: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as writer:
        for name, content in tree.items():
            writer.writestr(name, content)
    return stream.getvalue()


def tarred(tree: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as writer:
        for name, content in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            writer.addfile(info, io.BytesIO(content))
    return stream.getvalue()


PACKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda tree: zipped(tree, zipfile.ZIP_STORED),
    "a.tar": tarred,
    "gnu.tar": lambda tree: tarred(tree, tarfile.GNU_FORMAT),
    "ustar.tar": lambda tree: tarred(tree, tarfile.USTAR_FORMAT),
    "a.tar.gz": lambda tree: gzip.compress(tarred(tree)),
    "a.tgz": lambda tree: gzip.compress(tarred(tree)),
    "a.tar.bz2": lambda tree: bz2.compress(tarred(tree)),
}


def told(reading: Reading, base: str) -> tuple[list[object], list[object]]:
    """Rules and files passed over, with paths relative to a base."""
    rules: list[object] = [
        (raw.origin.path.removeprefix(base), raw.origin.index, raw.origin.line, raw.data, raw.error and raw.error.code)
        for raw in reading.rules
    ]
    return rules, [(item.path.removeprefix(base), item.reason) for item in reading.skipped]


def code_of(path: Path) -> str:
    (raw,) = read(path)
    assert raw.error is not None
    assert raw.error.place.path == str(path)
    return raw.error.code


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_holds_what_its_folder_holds(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    for path, content in TREE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    packed = tmp_path / name
    packed.write_bytes(PACKERS[name](TREE))
    expected = told(scan(folder), f"{folder}/")
    assert len(expected[0]) == 7
    assert told(scan(packed), f"{packed}!") == expected


def test_single_files_may_be_packed(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(LINE.encode()))
    (tmp_path / "a.ndjson.bz2").write_bytes(bz2.compress(LINE.encode()))
    (tmp_path / "b.eql.gz").write_bytes(gzip.compress(b"any where true"))
    found = [(Path(raw.origin.path).name, raw.data["name"], raw.error) for raw in read(tmp_path)]
    assert found == [("a.ndjson.bz2", "line", None), ("a.ndjson.gz", "line", None), ("b.eql.gz", "b", None)]


def test_outputs_stand_where_those_of_the_folder_would(tmp_path: Path) -> None:
    tree = {
        "inner/a.toml": TREE["windows/a.toml"],
        "../up.toml": TREE["windows/b.toml"],
        "both.ndjson": LINE.encode() * 2,
    }
    tree["/root.toml"] = TOML.format(name="root").encode()
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "set.tar.gz").write_bytes(PACKERS["a.tar.gz"](tree))
    (rules / "one.ndjson.gz").write_bytes(gzip.compress(LINE.encode()))
    out = tmp_path / "out"
    inside = {"inner/a", "_/up", "root", "both-line-*"}
    for argument, expected in {
        rules: {*(f"set/{path}" for path in inside), "one"},
        rules / "set.tar.gz": inside,
    }.items():
        target = out / argument.name
        assert run(["-q", "--to", "elasticsearch", "-o", str(target), str(argument)]) == 0
        files = [path.relative_to(target / "elasticsearch") for path in target.rglob("*.json")]
        assert len(files) == len(expected) + 1
        assert all(any(path.match(f"{pattern}.dsl.json") for pattern in expected) for path in files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "rules"]


def test_an_archive_that_is_reached_twice_counts_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.toml": TREE["windows/a.toml"]}))
    (tmp_path / "link.zip").symlink_to(tmp_path / "a.zip")
    assert run(["-q", "--to", "elasticsearch", str(tmp_path / "a.zip"), str(tmp_path / "link.zip")]) == 0
    assert capfd.readouterr().out.count('"query"') == 1


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as writer:
        writer.addfile(tarfile.TarInfo("a.toml"), io.BytesIO(b""))
        for name, kind in {"hard": tarfile.LNKTYPE, "soft": tarfile.SYMTYPE, "pipe": tarfile.FIFOTYPE}.items():
            info = tarfile.TarInfo(f"{name}.toml")
            info.type, info.linkname = kind, "/etc/passwd"
            writer.addfile(info)
    (tmp_path / "a.tar").write_bytes(stream.getvalue())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive_file:
        entry = zipfile.ZipInfo("soft.toml")
        entry.external_attr = 0o120777 << 16
        archive_file.writestr(entry, "/etc/passwd")
        archive_file.writestr("a.toml", "")
    for name, passed in {"a.tar": 3, "a.zip": 1}.items():
        reading = scan(tmp_path / name)
        assert [raw.error and raw.error.code for raw in reading.rules] == ["rule-table-missing"]
        assert len(reading.skipped) == passed


def test_of_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as writer:
        for path, name in (("a.toml", "old"), ("./a.toml", "new")):
            info = tarfile.TarInfo(path)
            content = TOML.format(name=name).encode()
            info.size = len(content)
            writer.addfile(info, io.BytesIO(content))
    (tmp_path / "a.tar").write_bytes(stream.getvalue())
    reading = scan(tmp_path / "a.tar")
    assert [raw.data["name"] for raw in reading.rules] == ["new"]
    assert [item.path for item in reading.skipped] == [f"{tmp_path}/a.tar!a.toml"]


def test_archives_inside_archives_are_refused_and_the_others_read(tmp_path: Path) -> None:
    inner = zipped({"x.toml": TREE["windows/a.toml"]})
    (tmp_path / "a.zip").write_bytes(zipped({"good.toml": TREE["windows/a.toml"], "inner.zip": inner}))
    good, bad = read(tmp_path / "a.zip")
    assert good.error is None
    assert bad.error is not None
    assert (bad.error.code, bad.error.place.path) == ("archive-nested", f"{tmp_path}/a.zip!inner.zip")


def test_archives_without_rules(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({}))
    (tmp_path / "b.tar").write_bytes(tarred({"README.md": b"x"}))
    assert code_of(tmp_path / "a.zip") == "archive-without-rules"
    assert code_of(tmp_path / "b.tar") == "archive-without-rules"
    (tmp_path / "c.toml").write_bytes(TREE["windows/a.toml"])
    reading = scan(tmp_path)
    assert len(reading.rules) == 1
    assert [Path(item.path).name for item in reading.skipped] == ["a.zip", "b.tar"]


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_that_is_cut_off_is_one_error(name: str, tmp_path: Path) -> None:
    packed = PACKERS[name]({f"{number}.toml": TREE["windows/a.toml"] for number in range(3)})
    # Of a plain tar archive: within a member, behind one, within the next header.
    for length in (700, 1024, 1100) if name.endswith(".tar") else (len(packed) // 3, len(packed) // 2):
        (tmp_path / name).write_bytes(packed[:length])
        assert code_of(tmp_path / name) == "archive-broken"


def test_a_damaged_member_spoils_no_other(tmp_path: Path) -> None:
    tree = {"a.toml": TREE["windows/a.toml"], "b.toml": TREE["windows/b.toml"]}
    packed = zipped(tree, zipfile.ZIP_STORED)
    (tmp_path / "a.zip").write_bytes(packed.replace(b'name = "a"', b'name = "x"', 1))
    bad, good = read(tmp_path / "a.zip")
    assert good.error is None
    assert bad.error is not None
    assert (bad.error.code, bad.error.place.path) == ("archive-broken", f"{tmp_path}/a.zip!a.toml")


def test_encrypted_archives_are_one_error(tmp_path: Path) -> None:
    packed = bytearray(zipped(TREE))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = packed.find(magic)
        while position >= 0:
            packed[position + offset] |= 1
            position = packed.find(magic, position + 1)
    (tmp_path / "a.zip").write_bytes(packed)
    assert code_of(tmp_path / "a.zip") == "archive-encrypted"


@pytest.mark.parametrize("magic", [b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd"])
def test_other_archives_are_named(magic: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(magic + b"\x00" * 100)
    assert code_of(tmp_path / "a.zip") == "archive-format"


def test_other_methods_of_packing_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.toml": TREE["windows/a.toml"]}, zipfile.ZIP_LZMA))
    (raw,) = read(tmp_path / "a.zip")
    assert raw.error is not None
    assert raw.error.code == "archive-format"


BOMB = b"#" * (archive.RATIO_LIMIT * 200_000)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar.bz2", "a.toml.gz"])
def test_bombs_are_refused_once(name: str, tmp_path: Path) -> None:
    tree = {"a.toml": BOMB, "b.toml": BOMB}
    packed = gzip.compress(BOMB) if name == "a.toml.gz" else PACKERS[name](tree)
    (tmp_path / name).write_bytes(packed)
    (raw,) = read(tmp_path / name)
    assert raw.error is not None
    assert raw.error.code == "archive-too-large"


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_LIMIT", 1000)
    for name, pack in PACKERS.items():
        (tmp_path / name).write_bytes(pack({f"{number}.toml": b"#" * 500 for number in range(4)}))
        assert [raw.error and raw.error.code for raw in read(tmp_path / name)][-1] == "archive-too-large"


def test_the_number_of_members_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER_LIMIT", 3)
    for name, pack in PACKERS.items():
        (tmp_path / name).write_bytes(pack({f"{number}.toml": b"" for number in range(4)}))
        assert code_of(tmp_path / name) == "archive-too-large"


def test_archives_larger_than_any_file_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.zip").open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(SIZE_LIMIT + 1)
    assert code_of(tmp_path / "a.zip") == "file-too-large"
