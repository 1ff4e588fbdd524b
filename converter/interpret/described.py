"""Everything about a rule but its meaning."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace

from converter.interpret.metadata import Metadata
from converter.losses import Note
from converter.rule import RawRule, Rule

RULE_NAMESPACE = uuid.UUID("641f3d7d-9b75-5d99-a836-40946a5d6d62")
"""Namespace of the ids of rules whose source states none: UUIDv5 of the title in it."""


def rule_id_for(title: str) -> str:
    """The id of a rule whose source states none: always the same for the same title."""
    return str(uuid.uuid5(RULE_NAMESPACE, title))


def described(raw: RawRule) -> Rule:
    """The rule without a detection."""
    metadata, container = Metadata(raw.data), Metadata(raw.metadata)
    name = metadata.text("name") or "unnamed rule"
    rule_id = metadata.text("rule_id")
    notes = list(raw.notes)
    if rule_id is None and raw.error is None:
        rule_id = rule_id_for(name)
        notes.append(Note("rule-id-absent", f"the source states no rule id: {rule_id} is derived from the title"))
    notes += _unknown_lists(raw)
    rule = Rule(
        raw.origin,
        name,
        type=_plain(raw.data, "type"),
        language=_plain(raw.data, "language"),
        query=_plain(raw.data, "query"),
        rule_id=rule_id,
        description=metadata.text("description") or "",
        severity=metadata.severity(),
        risk_score=metadata.number("risk_score", 0, 100),
        version=metadata.number("version", 1),
        author=metadata.texts("author"),
        license=metadata.text("license"),
        tags=metadata.texts("tags"),
        threat=metadata.threats(),
        references=metadata.texts("references"),
        false_positives=metadata.texts("false_positives"),
        guide=metadata.text("note"),
        setup=metadata.text("setup"),
        created=container.text("creation_date"),
        updated=container.text("updated_date"),
        maturity=container.text("maturity"),
        scope=metadata.scope(),
        schedule=metadata.schedule(),
        order=metadata.order(),
        suppression=metadata.suppression(),
        building_block=metadata.text("building_block_type") is not None,
        data=raw.data,
        exception_objects=(*raw.exception_lists, *raw.exceptions),
    )
    return replace(rule, notes=(*notes, *metadata.notes, *container.notes))


def _plain(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _unknown_lists(raw: RawRule) -> Iterator[Note]:
    """Exception lists that the rule refers to and that did not come with it."""
    lists = raw.data.get("exceptions_list")
    names = [entry.get("list_id") for entry in lists if isinstance(entry, dict)] if isinstance(lists, list) else []
    unknown = [str(name) for name in names if str(name) not in raw.known_lists]
    if unknown:
        what = f"the rule refers to exception lists that did not come with it: {', '.join(unknown)}"
        yield Note("exception-list-referenced", what)
