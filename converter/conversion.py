"""Converting one rule for one target: choose profile and format, translate, render, judge."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from converter.backend import Backend, Verdict, backend
from converter.errors import ConfigurationError, UnsupportedError
from converter.events.given import Document, events_of
from converter.ir.detection import IndicatorMatch
from converter.losses import Loss
from converter.result import Result
from converter.rule import Rule


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
    profile = _profile(target, profile) if profile else target.profiles[0]
    chosen = _format(target, format) if format else target.default_format(rule)
    settings = _options(target, options or {})
    schema = target.profile(profile)
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


def _profile(target: Backend, name: str) -> str:
    if name not in target.profiles:
        raise ConfigurationError(
            "profile-unknown",
            f"target `{target.name}` has no profile `{name}`",
            expected=f"one of {', '.join(target.profiles)}",
        )
    return name


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
