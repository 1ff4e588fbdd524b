"""Converting one rule for one target: choose profile and format, translate, render, judge."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from converter.backend import Backend, Verdict, backend
from converter.errors import ConfigurationError, Place, UnsupportedError
from converter.events.given import Document, events_of
from converter.ir.detection import IndicatorMatch
from converter.losses import Loss
from converter.result import Result
from converter.rule import Rule
from converter.schema.document import MAX_CHARACTERS
from converter.schema.load import load_own_profile
from converter.schema.profile import Profile


def convert(
    rule: Rule,
    to: str,
    profile: str | None = None,
    format: str | None = None,
    *,
    options: Mapping[str, str] | None = None,
    strict: bool = False,
    indicators: Iterable[Document] | None = None,
) -> Result:
    """Converts a rule for a target. Never raises for a rule's content; a refusal is a result.

    `profile` and `format` default to the target's (the format may depend on the rule's type); `options` are the
    target's own; `strict` refuses whatever would be approximate. `indicators` are the documents that an indicator match
    compares with, for targets whose output holds them. Raises ConfigurationError for a target, profile, format or
    option that does not exist, and for a document that no index would take.
    """
    if indicators is not None and isinstance(rule.detection, IndicatorMatch):
        rule = replace(rule, indicators=tuple(events_of(indicators)))
    target = backend(to)
    schema = profile_of(target, profile)
    profile = schema.name
    chosen = _format(target, format) if format else target.default_format(rule)
    settings = _options(target, options or {})
    if isinstance(rule.error, UnsupportedError):
        refusal = Loss(rule.error.code, rule.error.message)
        return Result(rule, to, profile, chosen, Verdict.REFUSED, losses=(refusal,), notes=rule.notes)
    if rule.error is not None:
        return Result(rule, to, profile, chosen, Verdict.ERROR, notes=rule.notes)
    translation = target.translate(rule, schema, chosen, settings)
    verdict, losses = translation.verdict, translation.losses
    if strict and verdict is Verdict.APPROXIMATE:
        refusal = Loss("strict", "`--strict` refuses every output that is not exact; the other losses say why this is")
        verdict, losses = Verdict.REFUSED, (*losses, refusal)
    artifacts = () if verdict is Verdict.REFUSED else tuple(target.render(translation, chosen))
    return Result(
        rule,
        to,
        profile,
        chosen,
        verdict,
        losses,
        translation.notes,
        translation.assumptions,
        translation.sources,
        artifacts,
        translation,
    )


def profile_of(target: Backend, name: str | None) -> Profile:
    """The target's profile of that name, its first for None, or a profile in a file of the user's own (`mine.yaml`).

    Raises ConfigurationError for a profile that does not exist, and for a file that is none.
    """
    if name is None or name in target.profiles:
        return target.profile(name or target.profiles[0])
    if name.endswith(OWN_PROFILES):
        return _own(target.name, name, _text(name))
    raise ConfigurationError(
        "profile-unknown",
        f"target `{target.name}` has no profile `{name}`",
        expected=f"one of {', '.join(target.profiles)}, or a file that ends in {' or '.join(OWN_PROFILES)}",
    )


OWN_PROFILES = (".yaml", ".yml")


def _text(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(MAX_CHARACTERS + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "profile-unreadable", f"`{path}` cannot be read: {error}", place=Place(path)
        ) from error


@lru_cache(maxsize=16)
def _own(target: str, path: str, text: str) -> Profile:
    """The profile that a file of the user's says: read once for all rules of a run."""
    package = sys.modules[type(backend(target)).__module__].__package__ or ""
    return load_own_profile(path, text, files(package).joinpath("profiles"), target)


def _format(target: Backend, name: str) -> str:
    known = [form.name for form in target.formats]
    if name not in known:
        raise ConfigurationError(
            "format-unknown", f"target `{target.name}` has no format `{name}`", expected=f"one of {', '.join(known)}"
        )
    return name


def _options(target: Backend, given: Mapping[str, str]) -> dict[str, str]:
    """The target's options with their defaults filled in. Raises ConfigurationError for a name or value it lacks."""
    known = {option.name: option for option in target.options}
    for name, value in given.items():
        option = known.get(name)
        if option is None:
            names = ", ".join(known) or "none"
            raise ConfigurationError(
                "option-unknown", f"target `{target.name}` has no option `{name}`", expected=f"one of: {names}"
            )
        if option.choices and value not in option.choices:
            raise ConfigurationError(
                "option-value",
                f"option `{name}` of target `{target.name}` cannot be `{value}`",
                expected=f"one of {', '.join(option.choices)}",
            )
    return {name: given.get(name, option.default) for name, option in known.items()}
