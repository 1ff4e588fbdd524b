"""Recorded Windows events in the form that Splunk's Windows and Sysmon add-ons give them.

The recordings are what nxlog wrote (../shared/events/README.md). The add-ons take their fields from the event's own
XML: its data by their names, `EventCode`, `Computer`, `Channel`, `Keywords` of its system part.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from converter.backend import TargetEvent
from converter.events.clock import epoch_millis
from converter.events.event import Scalar

# What nxlog and the pipelines behind it add; none of it is part of an event.
# fmt: off
_OF_THE_COLLECTOR = frozenset(
    {
        "@timestamp", "@version", "AccountName", "AccountType", "Category", "Domain", "EventReceivedTime",
        "EventTime", "EventType", "Hostname", "Message", "Opcode", "OpcodeValue", "Severity", "SeverityValue",
        "SourceModuleName", "SourceModuleType", "TimeCreated", "UserID", "host", "port", "tags", "EventID",
        "SourceName", "Channel", "Keywords", "RecordNumber", "Version", "ExecutionProcessID", "ThreadID",
        "ActivityID"
    }
)
# fmt: on
_EVENT_TYPE = re.compile(r"^EventType: (\w+)\r?$", re.MULTILINE)
_CHANNELS = {"security": "Security"}
_CLOCKS = ("@timestamp", "TimeCreated", "UtcTime", "EventTime")
_UNSIGNED = 1 << 64


def recorded(folder: Path) -> Iterator[TargetEvent]:
    """Every event of every recording, named for its file and line."""
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                for number, line in enumerate(archive.read(name).decode().splitlines()):
                    if line.strip():
                        yield _event(f"{path.stem}:{number}", json.loads(line))


def _event(id_: str, given: Mapping[str, Any]) -> TargetEvent:
    channel = _CHANNELS.get(given["Channel"], given["Channel"])
    fields: dict[str, Scalar] = {
        name: str(value) for name, value in given.items() if name not in _OF_THE_COLLECTOR and _is_data(value)
    }
    fields |= {
        "source": f"XmlWinEventLog:{channel}",
        "Channel": channel,
        "EventCode": int(given["EventID"]),
        "Computer": given["Hostname"],
        "Keywords": _keywords(given.get("Keywords")),
    }
    if kind := _EVENT_TYPE.search(given.get("Message", "")):
        fields["EventType"] = kind[1]  # nxlog overwrites Sysmon's field of that name
    time = epoch_millis(next(given[name] for name in _CLOCKS if name in given).replace(" ", "T"))
    assert time is not None
    return TargetEvent(id_, {name: (value,) for name, value in fields.items()}, None, time)


def _is_data(value: object) -> bool:
    return isinstance(value, str | int) and value != ""


def _keywords(value: str | int | None) -> str:
    return value if isinstance(value, str) else f"0x{(value or 0) % _UNSIGNED:016x}"
