"""Profile files: what they may say, and what is refused with which code."""

from pathlib import Path

import pytest
import yaml

from converter.errors import ConfigurationError
from converter.losses import converter_codes
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.limited import Limited
from converter.schema.derivation.prefix import PrefixRule
from converter.schema.kinds import spellings
from converter.schema.load import load_profile
from converter.schema.profile import Profile, Source

VOCABULARIES = ("windows_sysmon", "linux_sysmon")
"""Vocabularies whose sources decide all that tells kinds apart, since other sensors record the same kinds."""


def loaded(folder: Path, text: str, name: str = "mine") -> Profile:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_profile(folder, name, "target")


MINIMAL = "sources: {s: {kind: process start, platform: windows, fields: {process.name: {basename: Image}}}}"


def test_profile_extends_profile(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        """
title: base
columns: {Pid: long}
sources:
  a: {kind: process start, facts: {event.type: start, event.action: exec}, fields: {process.pid: Pid}}
  b: {kind: process end}
""",
        encoding="utf-8",
    )
    profile = loaded(
        tmp_path,
        """
extends: base
sources:
  a: {facts: {event.action: null}, fields: {process.pid: null, user.name: User}}
  b: null
  c: {kind: connection}
""",
    )
    assert profile.title == "base"
    assert [column.name for column in profile.columns] == ["Pid"]
    assert [source.name for source in profile.sources] == ["a", "c"]
    assert profile.sources[0].facts == {"event.type": ("start",)}
    assert profile.sources[0].fields == {"process.pid": None, "user.name": Copy("User")}


def test_source_extends_vocabulary_under_other_column_names(tmp_path: Path) -> None:
    text = "rename: {Image: exe, EventID: id}\nsources: {s: {extends: windows_sysmon.process_creation}}"
    (source,) = loaded(tmp_path, text).sources
    assert source.select == {"id": (1,)}
    assert source.derivation("process.executable") == Copy("exe")
    assert source.derivation("process.name") == Basename("exe", "\\")
    assert source.facts["event.type"] == ("start",)


def test_separator_and_splitting_follow_the_platform(tmp_path: Path) -> None:
    text = "sources: {s: {kind: process start, platform: linux, fields: {process.name: {basename: Image}}}}"
    assert loaded(tmp_path, text).sources[0].derivation("process.name") == Basename("Image", "/")


def test_longest_prefix_rule_wins_and_names_beat_rules() -> None:
    source = Source(
        "s",
        None,
        "connection",
        fields={"a.b.known": Copy("Known")},
        prefixes={"a.": PrefixRule("x_"), "a.b.": PrefixRule(""), "a.c.": None},
    )
    assert source.derivation("a.b.known") == Copy("Known")
    assert source.derivation("a.b.c") == Copy("c")
    assert source.derivation("a.z") == Copy("x_z")
    assert source.derivation("a.c.z") is None
    assert source.derivation("other") is None


def test_condition_of_a_derivation(tmp_path: Path) -> None:
    text = MINIMAL.replace("basename: Image", "basename: Image, domain: {code: some-code, text: it holds}")
    derivation = loaded(tmp_path, text).sources[0].derivation("process.name")
    assert isinstance(derivation, Limited)
    assert (derivation.domain.code, derivation.domain.text) == ("some-code", "it holds")


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_vocabularies_are_complete(vocabulary: str, tmp_path: Path) -> None:
    """Every source that is not abstract can be extended, has a known kind, and decides what tells kinds apart."""
    sources = yaml.safe_load(_vocabulary(vocabulary))["sources"]
    names = [name for name, source in sources.items() if not source.get("abstract")]
    written = "".join(f"  {name}: {{extends: {vocabulary}.{name}}}\n" for name in names)
    profile = loaded(tmp_path, f"sources:\n{written}")
    assert [source.name for source in profile.sources] == names
    for source in profile.sources:
        assert source.kind in {spelling.kind for spelling in spellings()}
        assert source.select
        assert source.facts["host.os.type"] == (source.platform,)
        for field in ("event.category", "event.type", "event.action", "event.code"):
            decided = field in source.facts or source.derivation(field) is not None
            assert decided or (source.kind, field) == ("wmi event", "event.action")


def _vocabulary(name: str) -> str:
    return (Path(__file__).parents[2] / "converter/schema/vocabulary" / f"{name}.yaml").read_text(encoding="utf-8")


BOMB = "a: &a [x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sources: [", "profile-syntax"),
        ("- a", "profile-syntax"),
        ("title: a\ntitle: b", "profile-syntax"),
        ("title: &a [*a]", "profile-syntax"),
        ("title: " + "[" * 100 + "]" * 100, "profile-syntax"),
        (BOMB, "profile-syntax"),
        ("title: !!python/object/apply:os.getcwd []", "profile-syntax"),
        ("titel: a", "profile-key-unknown"),
        ("sources: {s: {kind: process start, platfrom: windows}}", "profile-key-unknown"),
        (MINIMAL.replace("basename: Image", "basename: Image, sep: x"), "profile-key-unknown"),
        (MINIMAL.replace("basename", "basenam"), "profile-derivation-unknown"),
        (MINIMAL.replace("{basename: Image}", "[Image]"), "profile-derivation"),
        (MINIMAL.replace("Image", "[Image]"), "profile-derivation"),
        (MINIMAL.replace("basename: Image", "map: Image"), "profile-derivation"),
        (MINIMAL.replace("basename: Image", "hash: Image"), "profile-derivation"),
        ("sources: {s: {kind: connection, fields: {a.*: Image}}}", "profile-derivation"),
        ("sources: {s: {platform: windows}}", "profile-kind-missing"),
        ("sources: {s: {extends: t}}", "profile-extends-unknown"),
        ("sources: {s: {extends: nothing.t}}", "profile-extends-unknown"),
        ("sources: {s: {extends: windows_sysmon.nothing}}", "profile-extends-unknown"),
        ("sources: {s: {extends: t}, t: {extends: s}}", "profile-cycle"),
        ("extends: mine", "profile-cycle"),
        ("extends: absent", "profile-unreadable"),
        ("sources: {s: {kind: connection, facts: [a]}}", "profile-value"),
        ("sources: {s: {kind: connection, facts: {a: {b: c}}}}", "profile-value"),
        ("columns: {Pid: integer}", "profile-value"),
    ],
)
def test_what_is_refused(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert caught.value.code == code
    assert code in converter_codes()
    assert caught.value.place.path in {"mine.yaml", "absent.yaml", "windows_sysmon.yaml"}
