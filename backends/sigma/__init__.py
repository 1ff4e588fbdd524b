"""Sigma: rules as YAML that the whole Sigma world reads.

Where things are: `value` escapes values, `regexp` writes regular expressions, `length` turns lengths into them, `item`
turns one test into items, `condition` a predicate into a condition over `detection` identifiers, `metadata` and
`document` the rest of the rule, `emit` YAML, `profiles/` log sources and fields, `engine` what reads the text back.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from converter.backend import Artifact, Engine, EngineInfo, Format, Option, SourceUse, Translation
from converter.errors import ConfigurationError
from converter.ir import Detection, Events, NewTerms
from converter.losses import Code, Direction, Loss, read_codes
from converter.names import slug
from converter.rule import Rule
from converter.schema.profile import Profile


class Sigma:
    """The backend `sigma`."""

    name = "sigma"
    title = "Sigma: rules of specification 2.1"
    formats = (Format("yaml", ".yml", "Sigma rules as YAML"),)
    profiles = ("sigma", "ecs")
    engines = (EngineInfo("sigma-reader"),)
    options = (
        Option(
            "case", "exact", "`exact` writes `cased` where the rule minds case; `fold` never does", ("exact", "fold")
        ),
        Option("custom", "true", "keep what Sigma has no key for under `custom`", ("true", "false")),
    )

    @property
    def codes(self) -> Mapping[str, Code]:
        return _codes()

    def default_format(self, rule: Rule) -> str:
        return "yaml"

    def profile(self, name: str) -> Profile:
        if name not in self.profiles:
            raise ConfigurationError(
                "profile-unknown",
                f"target `{self.name}` has no profile `{name}`",
                expected=f"one of {', '.join(self.profiles)}",
            )
        return _profile(name)

    def translate(self, rule: Rule, profile: Profile, format: str, options: Mapping[str, str]) -> Translation:
        from converter.passes import normalise_detection
        from converter.schema.catalogue import default_catalogue
        from converter.schema.port import port

        if rule.detection is None:
            raise ValueError(f"rule `{rule.name}` was not read")
        catalogue = default_catalogue()
        base, dropped = _base(rule.detection)
        if base is None:
            return Translation(rule, self.name, profile, None, None, (*rule.losses, *dropped), rule.notes)
        ported = port(rule, profile, catalogue, detection=normalise_detection(base))
        found = Translation(
            rule,
            self.name,
            profile,
            None,
            None,
            (*rule.losses, *dropped, *ported.losses),
            (*rule.notes, *ported.notes),
            (*rule.assumptions, *ported.assumptions),
            tuple(SourceUse(item.source.name, item.source.platform, item.alternatives) for item in ported.branches),
        )
        if ported.effective is None:
            return found
        columns = catalogue if profile.identity else catalogue.extended(profile.columns)
        from backends.sigma.statement import statement

        written = statement(ported.branches, columns, options, taxonomy="ecs" if profile.identity else None)
        if isinstance(written, Loss):
            return replace(found, losses=(*found.losses, written))
        return replace(
            found,
            statement=replace(written.statement, first_seen_dropped=bool(dropped)),
            effective=ported.effective,
            losses=(*found.losses, *written.losses),
            assumptions=(*found.assumptions, *written.assumptions),
        )

    def render(self, translation: Translation, format: str) -> list[Artifact]:
        from backends.sigma import document

        statement = translation.statement
        if not isinstance(statement, document.Statement):
            raise TypeError(f"not a statement of {self.name}: {statement!r}")
        stem, several = slug(translation.rule.name), len(statement.rules) > 1
        return [
            Artifact(stem, ".yml", document.text(translation.rule, sigma, statement), sigma.part if several else None)
            for sigma in statement.rules
        ]

    def engine(self, name: str | None = None, address: str | None = None) -> Engine:
        from backends.sigma.engine import SigmaEngine

        return SigmaEngine()


def _base(detection: Detection) -> tuple[Events | None, tuple[Loss, ...]]:
    """The condition on single events, and the loss where there is more: Sigma has no memory of terms."""
    match detection:
        case NewTerms(predicate, fields, history, _):
            names = ", ".join(f"`{field.name}`" for field in fields)
            message = f"Sigma cannot say that {names} was not seen since {history}: every match alerts"
            return Events(predicate), (Loss("first-seen-dropped", message, Direction.WIDER),)
        case Events(_, ()):
            return detection, ()
        case _:
            return None, (Loss("sigma-detection", "this version writes Sigma rules for single events only"),)


@cache
def _profile(name: str) -> Profile:
    from converter.schema.load import load_profile

    return load_profile(files(__package__).joinpath("profiles"), name, Sigma.name)


@cache
def _codes() -> dict[str, Code]:
    return read_codes(files(__package__).joinpath("codes.toml"), "sigma")
