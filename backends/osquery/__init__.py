"""osquery: SQL over its event tables, as queries to paste and as query packs.

Where things are: `schema` the tables, `layout` where a profile's columns are in them, `predicate` and `expression` turn
IR into `sql`, `ecmascript` regular expressions, `write` and `quoting` make text, `statement` and `prerequisites` the
queries of a rule, `files` what is written, `engine` what runs it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING

from converter.backend import Artifact, Engine, EngineInfo, Format, Option, SourceUse, Translation
from converter.errors import ConfigurationError
from converter.ir import Detection, Events, NewTerms
from converter.losses import Code, Direction, Loss, Note, read_codes
from converter.rule import Rule
from converter.schema.profile import Profile

if TYPE_CHECKING:
    from backends.osquery.statement import Query


class Osquery:
    """The backend `osquery`. What it needs beyond this module is loaded when it is used."""

    name = "osquery"
    title = "osquery: SQL over event tables, query packs"
    formats = (
        Format("sql", ".sql", "a query, with what it needs in a comment"),
        Format("pack", ".pack.json", "a query pack"),
    )
    profiles = ("osquery",)
    engines = (EngineInfo("sqlite"),)
    options: tuple[Option, ...] = ()

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        return "sql"

    def profile(self, name: str) -> Profile:
        if name not in self.profiles:
            raise ConfigurationError(
                "profile-unknown", f"target `{self.name}` has no profile `{name}`", expected=f"`{self.profiles[0]}`"
            )
        return _profile(name)

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        from backends.osquery.refusal import InexpressibleError
        from backends.osquery.statement import written
        from converter.passes import normalise_detection
        from converter.schema.catalogue import default_catalogue
        from converter.schema.port import port

        detection = rule.detection
        terms = _terms(detection)
        if detection is None or terms is None:
            refusal = Loss("osquery-detection", "this version writes osquery queries for single events only")
            return Translation(rule, self.name, profile, None, None, (*rule.losses, refusal), rule.notes)
        # A buffer of events has no history (spec osquery 7.3): of new terms the base rule is said.
        ported = port(rule, profile, default_catalogue(), detection=normalise_detection(detection), history=False)
        losses = (*rule.losses, *ported.losses)
        if ported.refused:
            return Translation(rule, self.name, profile, None, None, losses, rule.notes)
        if not all(branch.keys for branch in ported.branches):
            terms = ()  # a source lacks one of the fields, and porting has said so
        try:
            found = written(ported.branches, terms)
        except InexpressibleError as error:
            return Translation(rule, self.name, profile, None, None, (*losses, error.loss), rule.notes)
        return Translation(
            rule,
            self.name,
            profile,
            found.queries,
            ported.effective,
            (*losses, *_first_seen(terms)),
            (*rule.notes, *ported.notes, *_notes(found.queries)),
            (*rule.assumptions, *ported.assumptions, *found.assumptions),
            tuple(SourceUse(one.source.name, one.source.platform, one.alternatives) for one in ported.branches),
        )

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.osquery.files import pack_files, sql_files

        if not isinstance(translation.statement, tuple):
            raise TypeError(f"not a statement of {self.name}: {translation.statement!r}")
        write = pack_files if format == "pack" else sql_files
        return write(translation.rule, translation.statement)

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        from backends.osquery.engine import SqliteEngine
        from backends.osquery.layout import layout_of

        return SqliteEngine({source.name: layout_of(source) for source in _profile(self.profiles[0]).sources})


def _terms(detection: Detection | None) -> tuple[str, ...] | None:
    """The new-terms fields of a rule, none for a plain one; None for a detection that is not written."""
    match detection:
        case Events(_, take=()):
            return ()
        case NewTerms(_, fields):
            return tuple(field.name for field in fields)
        case _:
            return None


def _first_seen(terms: tuple[str, ...]) -> tuple[Loss, ...]:
    if not terms:
        return ()
    message = (
        f"osquery keeps no history of {', '.join(terms)}: a combination is reported whenever the run before did not "
        "have it"
    )
    return (Loss("first-seen-dropped", message, Direction.WIDER),)


def _notes(queries: "tuple[Query, ...]") -> list[Note]:
    """What has to be switched on for the queries to see anything."""
    from backends.osquery import prerequisites

    return [
        Note(
            "osquery-prerequisites",
            f"`{query.table.name}` on {query.platform} needs "
            + ", ".join((*prerequisites.flags(query), *prerequisites.needs(query))),
        )
        for query in queries
    ]


@cache
def _profile(name: str) -> Profile:
    from converter.schema.load import load_profile

    return load_profile(resources(__package__).joinpath("profiles"), name, Osquery.name)


@cache
def _codes() -> dict[str, Code]:
    return read_codes(resources(__package__).joinpath("codes.toml"), Osquery.name)
