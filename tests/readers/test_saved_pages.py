"""Saved rule pages in forms that differ from each other: language, order, marks, glue, lost labels."""

from pathlib import Path

import pytest

from converter.readers import read
from converter.rule import RawRule

PAGES = Path(__file__).parent / "pages"


def page(name: str) -> RawRule:
    (raw,) = read(PAGES / name)
    assert raw.error is None
    assert raw.origin.format == "page"
    return raw


def rewritten(tmp_path: Path, name: str, old: str, new: str) -> RawRule:
    text = (PAGES / name).read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "page.txt"
    changed.write_text(text.replace(old, new), encoding="utf-8", newline="")
    (raw,) = read(changed)
    return raw


def codes(raw: RawRule) -> set[str]:
    return {note.code for note in raw.notes}


def test_english_page_with_marks_on_lines_of_their_own() -> None:
    data = dict(page("english_separate_marks.txt").data)
    assert "The rule query and the severity: both are explained here." in str(data["note"])
    assert "SELECT * FROM file WHERE path = {{file.path}}" in str(data.pop("note"))
    assert data == {
        "name": "Credit Store Read by Unusual Audit",
        "description": "Finds a reader of the credit store that nobody expects. It says so in two lines.",
        "type": "eql",
        "language": "eql",
        "index": ["logs-endpoint.events.*", "-logs-ignored-*"],
        "severity": "critical",
        "risk_score": 99,
        "interval": "15m",
        "from": "now-20m",
        "max_signals": 33,
        "references": ["https://example.org/a", "https://example.org/b"],
        "tags": ["Domain: Endpoint", "OS: macOS", "Use Case: Threat Detection"],
        "version": 4,
        "author": ["Elastic", "Somebody Else"],
        "license": "Elastic License v2",
        "setup": "Needs Elastic Defend.",
        "query": 'file where host.os.type == "macos" and\n  file.path : "/credit/*"',
        "threat": [
            {
                "framework": "MITRE ATT&CK",
                "tactic": {
                    "id": "TA0006",
                    "name": "Credential Access",
                    "reference": "https://attack.mitre.org/tactics/TA0006/",
                },
                "technique": [
                    {
                        "id": "T1555",
                        "name": "Credentials from Password Stores",
                        "reference": "https://attack.mitre.org/techniques/T1555/",
                        "subtechnique": [
                            {
                                "id": "T1555.001",
                                "name": "Keychain",
                                "reference": "https://attack.mitre.org/techniques/T1555/001/",
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_a_page_that_states_everything_has_no_notes() -> None:
    assert page("english_separate_marks.txt").notes == ()


def test_english_page_with_marks_glued_to_headings() -> None:
    raw = page("english_glued_marks.txt")
    assert raw.data["name"] == "Odd Script Host"
    assert raw.data["language"] == "kuery"
    assert raw.data["references"] == []
    assert raw.data["query"] == 'process.name:(wscript.exe or cscript.exe) and not user.name:"SYSTEM"'
    assert codes(raw) == {"references-absent", "threat-absent", "guide-absent"}


def test_chinese_page_with_wide_colons_and_the_query_first() -> None:
    raw = page("chinese_wide_other_order.txt")
    assert raw.data["name"] == "可疑的计划任务"
    assert raw.data["query"] == 'process where process.name : "crontab"'
    assert raw.data["type"] == "eql"
    assert raw.data["severity"] == "low"
    assert raw.data["risk_score"] == 21
    assert raw.data["interval"] == "1h"
    assert raw.data["from"] == "now-65m"
    assert raw.data["index"] == ["auditbeat-*", "logs-system.*"]
    assert raw.data["tags"] == ["OS: Linux", "Tactic: Privilege Escalation", "怪异: 未知词"]
    assert raw.data["license"] == "Elastic License v2"
    assert raw.data["note"] == "首先,打开规则查询。"
    assert "tag-untranslated" in codes(raw)


def test_markdown_page_without_marks() -> None:
    raw = page("markdown.md")
    assert raw.data["name"] == "Shell from a Build Host"
    assert raw.data["description"] == "Finds shells on build hosts."
    assert raw.data["query"] == 'process where host.name : "build-*" and\n  process.name == "sh"'
    assert raw.data["note"] == "Read the build log."
    assert raw.data["tags"] == ["OS: Linux", "Resources: Investigation Guide"]
    assert "interval" not in raw.data
    assert "from" not in raw.data
    assert "schedule-default" in codes(raw)


def test_chinese_page_with_everything_glued_together() -> None:
    raw = page("chinese_glued_everywhere.txt")
    assert raw.data["name"] == "异常的守护进程"
    assert raw.data["description"] == "查找异常的守护进程。"
    assert raw.data["type"] == "eql"
    assert raw.data["index"] == ["logs-endpoint.events.*"]
    assert (raw.data["severity"], raw.data["risk_score"]) == ("high", 73)
    assert (raw.data["interval"], raw.data["from"]) == ("10m", "now-15m")
    assert (raw.data["version"], raw.data["author"]) == (2, ["Elastic"])
    assert raw.data["query"] == 'process where process.name == "框架" and process.args : "-x"'
    assert raw.data["threat"] == [
        {"framework": "MITRE ATT&CK", "tactic": {"id": "TA0002", "name": "Execution"}, "technique": []}
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_the_query_is_where_its_place_says(name: str) -> None:
    raw = page(name)
    place = raw.origin.query
    line = (PAGES / name).read_text(encoding="utf-8").split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith(str(raw.data["query"]).split("\n")[0])


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_line_ends_of_another_system_change_nothing(name: str, tmp_path: Path) -> None:
    raw = rewritten(tmp_path, name, "\n", "\r\n")
    assert raw.data == page(name).data
    assert (raw.origin.query.line, raw.origin.query.column) == (
        page(name).origin.query.line,
        page(name).origin.query.column,
    )


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    marked = tmp_path / "page.txt"
    marked.write_bytes(b"\xef\xbb\xbf" + (PAGES / "english_glued_marks.txt").read_bytes())
    assert read(marked)[0].data == page("english_glued_marks.txt").data


def test_a_missing_label_is_left_out(tmp_path: Path) -> None:
    raw = rewritten(tmp_path, "english_glued_marks.txt", "Severity: medium\n", "")
    assert "severity" not in raw.data


def test_an_odd_value_is_left_out_with_a_note(tmp_path: Path) -> None:
    raw = rewritten(tmp_path, "english_glued_marks.txt", "Risk score: 47", "Risk score: high")
    assert "risk_score" not in raw.data
    assert "metadata-odd-value" in codes(raw)


def test_a_page_without_a_query_has_none(tmp_path: Path) -> None:
    raw = rewritten(tmp_path, "english_glued_marks.txt", "Rule queryedit", "")
    assert "query" not in raw.data


def test_a_value_on_the_next_line_is_found(tmp_path: Path) -> None:
    raw = rewritten(tmp_path, "english_glued_marks.txt", "Severity: medium", "Severity:\nmedium")
    assert raw.data["severity"] == "medium"
