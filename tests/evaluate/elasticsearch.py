"""Elasticsearch's acceptance data for sequences and samples (../shared/oracle/elasticsearch-eql): cases, documents."""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime

from converter.events.clock import epoch_millis, iso
from converter.events.event import Event, Scalar, flatten
from converter.schema.catalogue import Catalogue
from tests.languages.eql.elasticsearch import FOLDER, endgame_events, extra_events, mapped_catalogue
from tests.shared import shared

Ids = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A query and what it returns, flat: the ids (any one of `outcomes` is right) and, if stated, the keys."""

    name: str
    query: str
    outcomes: tuple[Ids, ...]
    keys: tuple[str, ...] | None
    size: int | None
    max_samples_per_key: int


def multi_event_cases(file: str) -> list[Case]:
    """The sequences and samples of a query file."""
    text = shared(f"{FOLDER}/{file}").read_text(encoding="utf-8")
    text = re.sub(r"^join_keys *=[^\]]*\]", _quoted_nulls, text, flags=re.MULTILINE)
    entries = tomllib.loads(text)["queries"]
    return [_case(entry) for entry in entries if re.match(r"\s*(?:sequence|sample)\b", entry["query"])]


def _quoted_nulls(found: re.Match[str]) -> str:
    return re.sub(r'(?<!")\bnull\b', '"null"', found[0])


def _case(entry: dict[str, object]) -> Case:
    match entry["expected_event_ids"]:
        case [[*_], *_] as lists:
            outcomes = tuple(map(_ids, lists))
        case numbers:
            outcomes = (_ids(numbers),)
    match entry.get("join_keys"):
        case list() as stated:
            keys: tuple[str, ...] | None = tuple(map(_key, stated))
        case _:
            keys = None
    size, most = entry.get("size"), entry.get("max_samples_per_key", 1)
    assert isinstance(most, int)
    assert size is None or isinstance(size, int)
    return Case(str(entry["name"]), str(entry["query"]), outcomes, keys, size, most)


def _ids(numbers: object) -> Ids:
    assert isinstance(numbers, list)
    return tuple(None if number == -1 else str(number) for number in numbers)


def _key(text: object) -> str:
    """Samples state dates in milliseconds, sequences as texts; our keys are always texts."""
    spelled = str(text)
    return iso(int(spelled)) if re.fullmatch(r"\d{13}", spelled) else spelled


def spelled(key: Scalar | None) -> str:
    """One of our keys as the cases write keys."""
    if key is None:
        return "null"
    return str(key).lower() if isinstance(key, bool) else str(key)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Documents with the types of their fields; `mapped` are the fields that a mapping or a document defines."""

    events: tuple[Event, ...]
    catalogue: Catalogue

    @property
    def mapped(self) -> frozenset[str]:
        return frozenset(name for event in self.events for name in event.fields) | {i.name for i in self.catalogue}

    def unmapped(self, query: str) -> set[str]:
        """The optional fields of a query that nothing defines."""
        return set(re.findall(r"\?([\w.@]+)", query)) - self.mapped


def endgame() -> DataSet:
    """The documents of the first two query files."""
    events = (replace(event, tiebreak=_number(event, "serial_event_id")) for event in endgame_events())
    return DataSet(tuple(events), mapped_catalogue("endgame-140.mapping"))


def extra() -> DataSet:
    return DataSet(tuple(map(_timed, extra_events())), mapped_catalogue("extra.mapping"))


def missing_events() -> DataSet:
    text = shared(f"{FOLDER}/data/missing-events.data").read_text(encoding="utf-8")
    documents = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    events = (_timed(_event(document, "sequence")) for document in documents)
    return DataSet(tuple(events), mapped_catalogue("missing-events.mapping"))


def samples() -> DataSet:
    """Three indices as one set. The first writes its dates in a format of its own."""
    names = ("sample1", "sample2", "sample3")
    documents = [document for name in names for document in _documents(f"data/{name}.data")]
    for document in documents:
        pretty = document.get("@timestamp_pretty", "")
        if re.fullmatch(r"\d\d-\d\d-\d{4}", pretty):
            document["@timestamp_pretty"] = f"{datetime.strptime(pretty, '%d-%m-%Y'):%Y-%m-%d}"  # noqa: DTZ007
    catalogue = Catalogue({})
    for name in names:
        catalogue = catalogue.extended(mapped_catalogue(f"{name}.mapping"))
    return DataSet(tuple(_event(document, "id") for document in documents), catalogue)


def multiple_samples() -> DataSet:
    events = (_event(document, "id") for document in _documents("data/sample-multi.data"))
    return DataSet(tuple(events), mapped_catalogue("sample-multi.mapping"))


def _documents(path: str) -> list[dict[str, str]]:
    documents: list[dict[str, str]] = json.loads(shared(f"{FOLDER}/{path}").read_text(encoding="utf-8"))
    return documents


def _event(document: dict[str, str], id_field: str) -> Event:
    fields = flatten(document)
    fields["event.category"] = fields["event_type"]
    return Event(str(document[id_field]), fields, document)


def _timed(event: Event) -> Event:
    return replace(event, time=epoch_millis(event.fields["@timestamp"][0]), tiebreak=_number(event, "sequence"))


def _number(event: Event, name: str) -> float:
    return float(event.fields[name][0])
