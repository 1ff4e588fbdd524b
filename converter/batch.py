"""Many rules for many targets: sources in, results out, one bad rule never stopping the others."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from converter.backend import backend
from converter.conversion import convert
from converter.diagnostic import Diagnostic, of_doubt, of_result, of_rule, of_skipped
from converter.errors import ConfigurationError
from converter.events.event import Event
from converter.interpret import interpret
from converter.losses import Assumption
from converter.readers import read_text, scan
from converter.readers.archive import stem_of
from converter.readers.source import STDIN
from converter.result import Result
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import Catalogue, default_catalogue

_CHUNK = 8
"""Rules handed to a process at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One target asked for, `target[:profile[:format]]`."""

    target: str
    profile: str | None = None
    format: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Request":
        """Raises ConfigurationError `usage` for more than three parts or an empty target."""
        target, *rest = text.strip().split(":")
        if not target or len(rest) > 2:
            raise ConfigurationError("usage", f"`{text}` names no target", expected="target[:profile[:format]]")
        profile, form = (*rest, "", "")[:2]
        return cls(target, profile or None, form or None)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A rule with the path of its source, relative to the PATH argument it was found by and without suffix."""

    rule: Rule
    stem: PurePosixPath
    shared: bool = False


@dataclass(slots=True)
class Rules:
    """Everything that was read. `diagnostics` grow with what is done with it, in the order of the rules."""

    found: list[Sourced] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_rules(paths: Sequence[str], language: str | None = None, catalogue: Catalogue | None = None) -> Rules:
    """The rules of all paths in their order; a file that is reached twice counts once.

    `catalogue` says what fields are, by default the shipped one.
    """
    rules = Rules()
    seen: set[str] = set()
    for path in paths:
        reading = scan(path, language)
        files = _new_files(reading.rules, seen)
        sizes = Counter(raw.origin.path for raw in files)
        for raw in files:
            rule = interpret(raw, catalogue or default_catalogue())
            rules.found.append(Sourced(rule, _stem(raw.origin, path), sizes[raw.origin.path] > 1))
        rules.diagnostics.extend(of_skipped(item.path, item.reason) for item in reading.skipped)
        rules.diagnostics.extend(of_doubt(item) for item in reading.doubts)
    return rules


def read_query(text: str, language: str) -> Rules:
    """The rule of a query given on the command line."""
    rule = interpret(read_text(text, language), default_catalogue())
    return Rules([Sourced(rule, PurePosixPath("query"))])


def conversions(
    rules: Rules,
    requests: Sequence[Request],
    options: Mapping[str, str],
    *,
    strict: bool = False,
    jobs: int = 1,
    indicators: Sequence[Event] | None = None,
) -> Iterator[tuple[Sourced, Request, Result]]:
    """Every rule for every target, rule by rule; what reading and converting found is added to `rules.diagnostics`.

    An option goes to the targets that have it, `indicators` to the rules that compare with such. With more than one of
    `jobs`, rules are shared out among processes; the results come in the same order, without their translations. Raises
    ConfigurationError as `convert` does.
    """
    settings = options_by_target(requests, options)
    work = partial(_converted, requests=tuple(requests), settings=settings, strict=strict, indicators=indicators)
    for source, results in zip(rules.found, _mapped(work, rules.found, jobs), strict=True):
        rules.diagnostics.extend(of_rule(source.rule))
        for request, result in zip(requests, results, strict=True):
            rules.diagnostics.extend(of_result(result))
            yield source, request, result


def _mapped(work: Callable[[Rule], list[Result]], sources: Sequence[Sourced], jobs: int) -> Iterator[list[Result]]:
    workers = min(jobs, len(sources))
    if workers < 2:
        yield from (work(source.rule) for source in sources)
        return
    with ProcessPoolExecutor(workers) as pool:
        rules = [source.rule for source in sources]
        for source, found in zip(sources, pool.map(_Portable(work), rules, chunksize=_CHUNK), strict=True):
            yield [replace(result, rule=source.rule) for result in found]


@dataclass(frozen=True, slots=True)
class _Portable:
    """Conversions in a process of their own; what comes back is what can travel."""

    work: Callable[[Rule], list[Result]]

    def __call__(self, rule: Rule) -> list[Result]:
        return [replace(result, assumptions=_stated(result), translation=None) for result in self.work(rule)]


def _stated(result: Result) -> tuple[Assumption, ...]:
    """The assumptions without their tests, which only verification asks."""
    return tuple(replace(item, allows=None) for item in result.assumptions)


def _converted(
    rule: Rule,
    requests: Sequence[Request],
    settings: Mapping[str, Mapping[str, str]],
    strict: bool,
    indicators: Sequence[Event] | None,
) -> list[Result]:
    return [
        convert(
            rule,
            request.target,
            request.profile,
            request.format,
            options=settings[request.target],
            strict=strict,
            indicators=indicators,
        )
        for request in requests
    ]


def folders(results: Sequence[tuple[Request, Result]]) -> dict[Request, str]:
    """The output folder of every request: the target, with its profile where a target is asked for more than once."""
    asked: dict[str, set[Request]] = {}
    for request, _ in results:
        asked.setdefault(request.target, set()).add(request)
    return {
        request: f"{request.target}-{result.profile}" if len(asked[request.target]) > 1 else request.target
        for request, result in results
    }


def options_by_target(requests: Sequence[Request], options: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Every target's share of the options. Raises ConfigurationError `option-unknown` for one that no target has."""
    known = {request.target: {option.name for option in backend(request.target).options} for request in requests}
    for name in options:
        if not any(name in names for names in known.values()):
            raise ConfigurationError(
                "option-unknown",
                f"no target that is asked for has an option `{name}`",
                advice="`convert targets --verbose` lists the options",
            )
    return {
        target: {name: value for name, value in options.items() if name in names} for target, names in known.items()
    }


def _new_files(found: Sequence[RawRule], seen: set[str]) -> list[RawRule]:
    """The rules of files that no earlier path led to."""
    files = {raw.origin.archive or raw.origin.path for raw in found}
    resolved = {path: os.path.realpath(path) for path in files if path != STDIN}
    fresh = [raw for raw in found if resolved.get(raw.origin.archive or raw.origin.path) not in seen]
    seen.update(resolved.values())
    return fresh


def _stem(origin: Origin, argument: str) -> PurePosixPath:
    """The path of a source, relative to the argument and without suffix; an archive is the folder that it was made
    of."""
    if origin.archive is None:
        return _relative(origin.path, argument)
    folder = PurePosixPath() if origin.archive == argument else _relative(origin.archive, argument)
    member = PurePosixPath(origin.path.removeprefix(f"{origin.archive}!"))
    inside = [part for part in member.parts if part != "/"] or ["rules"]
    return folder.joinpath(*inside[:-1], stem_of(inside[-1]))


def _relative(path: str, argument: str) -> PurePosixPath:
    if path == STDIN:
        return PurePosixPath("stdin")
    whole = Path(path)
    relative = whole.relative_to(argument) if path != argument else Path(whole.name or "rules")
    return PurePosixPath(relative.parent.as_posix(), stem_of(relative.name))
