"""Splunk: SPL searches ready to paste, and stanzas of savedsearches.conf.

Where things are: `search` and `where` hold the two predicate languages and their writers, `escape` all escaping,
`regexp` PCRE, `leaf` and `predicate` the two layers of every condition, `statement` and `pipeline` the commands,
`savedsearch` the stanza, `profiles/` the fields, `engine/` the interpreter that reads the text back.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from converter.backend import Artifact, Engine, EngineInfo, Format, Option, SourceUse, Translation
from converter.losses import Code, Loss, read_codes
from converter.names import slug
from converter.rule import Rule
from converter.schema.profile import Profile


class Splunk:
    """The backend `splunk`."""

    name = "splunk"
    title = "Splunk: SPL searches and saved searches"
    formats = (
        Format("search", ".spl", "a search, ready to paste"),
        Format("savedsearch", ".conf", "a stanza of savedsearches.conf"),
    )
    profiles = ("ta", "ecs")
    engines = (EngineInfo("spl"),)
    options: tuple[Option, ...] = ()

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        return "search"

    def profile(self, name: str) -> Profile:
        return _profile(name)

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        from backends.splunk.statement import statement
        from converter.schema.catalogue import default_catalogue
        from converter.schema.port import port

        if rule.detection is None:
            raise ValueError(f"rule `{rule.name}` was not read")
        catalogue = default_catalogue()
        ported = port(rule, profile, catalogue)
        found = Translation(
            rule,
            self.name,
            profile,
            None,
            None,
            (*rule.losses, *ported.losses),
            (*rule.notes, *ported.notes),
            (*rule.assumptions, *ported.assumptions),
            tuple(SourceUse(item.source.name, item.source.platform, item.alternatives) for item in ported.branches),
        )
        if ported.effective is None:
            return found
        columns = catalogue if profile.identity else catalogue.extended(profile.columns)
        written = statement(ported.branches, ported.effective, columns, ecs=profile.identity)
        if isinstance(written, Loss):
            return replace(found, losses=(*found.losses, written))
        return replace(
            found,
            statement=written,
            effective=ported.effective,
            assumptions=(*found.assumptions, *written.assumptions),
        )

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.splunk import pipeline, savedsearch
        from backends.splunk.statement import Statement

        written = translation.statement
        if not isinstance(written, Statement):
            raise TypeError(f"not a statement of {self.name}: {written!r}")
        rule, text = translation.rule, pipeline.write(written.pipeline)
        if format == "savedsearch":
            return [Artifact(slug(rule.name), ".conf", savedsearch.stanza(rule, text, written.earliest))]
        return [Artifact(slug(rule.name), ".spl", text + "\n")]

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        from backends.splunk.engine import SplunkEngine

        return SplunkEngine()


@cache
def _profile(name: str) -> Profile:
    from converter.schema.load import load_profile

    return load_profile(files(__package__).joinpath("profiles"), name, Splunk.name)


@cache
def _codes() -> dict[str, Code]:
    return read_codes(files(__package__).joinpath("codes.toml"), "splunk")
