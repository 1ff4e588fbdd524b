"""Splunk: SPL searches ready to paste, and stanzas of savedsearches.conf.

Where things are: `search` and `where` hold the two predicate languages and their writers, `escape` all escaping,
`regexp` PCRE, `leaf` and `predicate` the two layers of every condition, `condition` and `expression` computed values,
`command` the tree of a search and `pipeline` its text; `selection` finds events, `keys` joins them, `detection/` says
what several of them make up, `statement` chooses among these; `tables`, `schedule` and `savedsearch` are what goes with
a search, `files` the files; `profiles/` the fields, `engine/` the interpreter that reads the text back.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files as resources

from converter.backend import Artifact, Engine, EngineInfo, Format, Option, SourceUse, Translation
from converter.losses import Code, Loss, read_codes
from converter.rule import Rule
from converter.schema.ported import Ported
from converter.schema.profile import Profile


class Splunk:
    """The backend `splunk`."""

    name = "splunk"
    title = "Splunk: SPL searches and saved searches"
    formats = (
        Format("search", ".spl", "a search, ready to paste"),
        Format("savedsearch", ".conf", "a stanza of savedsearches.conf"),
    )
    profiles = ("ta", "cim", "ecs")
    engines = (EngineInfo("spl"), EngineInfo("splunk", server=True))
    options = (
        Option("new_terms", "search", "where the history of new terms is kept", ("search", "lookup")),
        Option("summaries", "all", "what of data models is read: all events or only accelerated ones", ("all", "only")),
        Option("notable", "off", "whether a saved search raises a notable event", ("off", "on")),
        Option("risk", "off", "whether a saved search adds to the risk of its host and user", ("off", "on")),
    )

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        return "search"

    def profile(self, name: str) -> Profile:
        return _profile(name)

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        from backends.splunk import tstats
        from backends.splunk.selection import Schema
        from backends.splunk.statement import KINDS, Request, statement
        from converter.schema.catalogue import default_catalogue
        from converter.schema.port import port

        if rule.detection is None:
            raise ValueError(f"rule `{rule.name}` was not read")
        catalogue = default_catalogue()
        models = tstats.reads_models(profile)
        ported = port(rule, profile, catalogue, kinds=tstats.KINDS if models else KINDS, pipes=not models)
        found = Translation(
            rule,
            self.name,
            profile,
            None,
            None,
            (*rule.losses, *ported.losses),
            (*rule.notes, *ported.notes),
            (*rule.assumptions, *ported.assumptions),
            _sources(ported),
        )
        if ported.effective is None:
            return found
        columns = catalogue if profile.identity else catalogue.extended(profile.columns)
        request = Request(
            rule,
            ported,
            Schema(columns, profile.identity, models, options.get("summaries") == "only"),
            catalogue,
            scheduled=format == "savedsearch",
            baseline=options.get("new_terms") == "lookup",
            actions=frozenset(name for name in ("notable", "risk") if options.get(name) == "on"),
        )
        written = statement(request)
        if isinstance(written, Loss):
            return replace(found, losses=(*found.losses, written))
        return replace(
            found,
            statement=written,
            effective=written.effective,
            losses=(*found.losses, *written.losses),
            notes=(*found.notes, *written.notes),
            assumptions=(*found.assumptions, *written.assumptions),
        )

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.splunk.files import saved_files, search_files
        from backends.splunk.statement import Statement

        written = translation.statement
        if not isinstance(written, Statement):
            raise TypeError(f"not a statement of {self.name}: {written!r}")
        return (saved_files if format == "savedsearch" else search_files)(translation.rule, written)

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        if name == "splunk":
            from backends.splunk.live import engine_at  # nothing of it is needed without a server

            return engine_at(address or "")
        from backends.splunk.engine import SplunkEngine

        return SplunkEngine()


def _sources(ported: Ported) -> tuple[SourceUse, ...]:
    """The sources that are read, each once, in the order in which the rule comes to them."""
    branches = (*ported.branches, *(branch for stage in ported.stages for branch in stage))
    uses = (SourceUse(item.source.name, item.source.platform, item.alternatives) for item in branches)
    return tuple({use.name: use for use in uses}.values())


@cache
def _profile(name: str) -> Profile:
    from converter.schema.load import load_profile

    return load_profile(resources(__package__).joinpath("profiles"), name, Splunk.name)


@cache
def _codes() -> dict[str, Code]:
    return read_codes(resources(__package__).joinpath("codes.toml"), "splunk")
