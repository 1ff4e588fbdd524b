"""Profiles of the user's own: files that extend what is shipped, from the library and the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

import converter
from converter.backend import Verdict
from converter.errors import ConfigurationError

RULE = """event.dataset: "aws.cloudtrail" and event.provider: "iam.amazonaws.com" and event.action: "CreateUser"
and aws.cloudtrail.tls_version: "TLSv1.0" """

OWN = """
title: our forwarders
extends: ta
sources:
  aws_cloudtrail:
    select: {index: cloud, sourcetype: [our:cloudtrail]}
    fields: {aws.cloudtrail.tls_version: tlsDetails.tlsVersion}
"""


def rule() -> converter.Rule:
    return converter.parse(RULE, language="kuery")


def test_an_own_profile_adds_to_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(OWN, encoding="utf-8")
    shipped = converter.convert(rule(), to="splunk", profile="ta")
    assert [loss.code for loss in shipped.losses] == ["field-unmapped"]
    found = converter.convert(rule(), to="splunk", profile=str(own))
    assert found.verdict is Verdict.EXACT
    assert found.profile == "ours"
    text = found.artifacts[0].text
    assert 'sourcetype="our:cloudtrail"' in text
    assert 'index="cloud"' in text
    assert 'tlsDetails.tlsVersion="TLSv1.0"' in text
    assert converter.verify(rule(), to="splunk", profile=str(own)).holds


def test_an_own_profile_may_be_named_as_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "ta.yml"
    own.write_text(OWN, encoding="utf-8")
    assert converter.convert(rule(), to="splunk", profile=str(own)).verdict is Verdict.EXACT


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(OWN, encoding="utf-8")
    assert "our:cloudtrail" in converter.convert(rule(), to="splunk", profile=str(own)).artifacts[0].text
    own.write_text(OWN.replace("our:cloudtrail", "your:cloudtrail"), encoding="utf-8")
    assert "your:cloudtrail" in converter.convert(rule(), to="splunk", profile=str(own)).artifacts[0].text


BOMB = "a: &a [x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


FIELDS = "extends: ta\nsources: {aws_cloudtrail: {fields: "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("extends: ta\nsources: [", "profile-syntax"),
        ("extends: ta\n" + BOMB, "profile-syntax"),
        ("extends: ta\ntitle: " + "[" * 100 + "]" * 100, "profile-syntax"),
        ("extends: ta\ntitle: " + "x" * 1_000_001, "profile-syntax"),
        ("extends: ta\ntitle: !!python/object/apply:os.getcwd []", "profile-syntax"),
        ("extends: ta\ntitle: a\ntitle: b", "profile-syntax"),
        ("extends: ../profiles/ta", "profile-unreadable"),
        ("extends: nothing", "profile-unreadable"),
        ("extends: ta\nsource: {}", "profile-key-unknown"),
        ("extends: ta\nsources: {aws_cloudtrail: {select: {index: {a: b}}}}", "profile-value"),
        ("extends: ta\nsources: {mine: {extends: aws_cloudtrail.nothing}}", "profile-extends-unknown"),
        ("extends: ta\nsources: {mine: {extends: mine}}", "profile-cycle"),
        (FIELDS + "{user.name: {present: a}}}}", "profile-derivation"),
        (FIELDS + "{user.name: {pair: [a], name: b}}}}", "profile-derivation"),
        (
            "extends: ta\nsources: {aws_cloudtrail: {fields: {a: {classify: b, rules: [{of: c}]}}}}",
            "profile-derivation",
        ),
        (
            "extends: ta\nsources: {aws_cloudtrail: {fields: {a: {map: b, values: nothing.known}}}}",
            "profile-derivation",
        ),
    ],
)
def test_what_is_refused(text: str, code: str, tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        converter.convert(rule(), to="splunk", profile=str(own))
    assert caught.value.code == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        converter.convert(rule(), to="splunk", profile=str(tmp_path / "none.yaml"))
    assert caught.value.code == "profile-unreadable"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_bytes(b"title: \xff\xfe")
    with pytest.raises(ConfigurationError) as caught:
        converter.convert(rule(), to="splunk", profile=str(own))
    assert caught.value.code == "profile-unreadable"


def test_the_command_takes_the_file(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "rule.kql").write_text(RULE, encoding="utf-8")
    command = [sys.executable, "-m", "converter", "convert", "--to", "splunk", "--profile", "ours.yaml", "rule.kql"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "our:cloudtrail" in done.stdout
