"""A rule in Elastic's API layout, as exports and responses of various ages write it, into the layout of today."""

_OPTIONAL_TEXTS = frozenset(
    {
        "building_block_type",
        "data_view_id",
        "description",
        "event_category_override",
        "license",
        "namespace",
        "note",
        "output_index",
        "rule_name_override",
        "saved_id",
        "setup",
        "threat_indicator_path",
        "throttle",
        "tiebreaker_field",
        "timeline_id",
        "timeline_title",
        "timestamp_field",
        "timestamp_override",
    }
)
"""Keys that may be left out, and that some writers fill with nothing instead."""

_NOTHING = frozenset({"", "None"})

_OLDER_NAMES = {"event_category_field": "event_category_override"}


def normalised(data: dict[str, object]) -> dict[str, object]:
    """The rule's keys with older names and forms replaced (spec elastic-rules 2.3, 2.4 and 6).

    An optional text that is empty or the word `None` is absent; `threshold.field` is a list.
    """
    known = {key: value for key, value in data.items() if not (key in _OPTIONAL_TEXTS and _is_nothing(value))}
    for old, new in _OLDER_NAMES.items():
        if old in known and new not in known:
            known[new] = known.pop(old)
    threshold = known.get("threshold")
    if isinstance(threshold, dict) and isinstance(field := threshold.get("field"), str):
        known["threshold"] = threshold | {"field": [] if _is_nothing(field) else [field]}
    return known


def _is_nothing(value: object) -> bool:
    return isinstance(value, str) and value.strip() in _NOTHING
