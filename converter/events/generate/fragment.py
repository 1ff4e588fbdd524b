"""Fragments of documents that keep a set of claims: fields that hang together are tried together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from converter.events.event import Scalar
from converter.events.generate.candidate import candidates, one_each
from converter.events.generate.claim import Claim, Document, Judge
from converter.events.generate.coherence import agrees, having, having_arguments, join_arguments, split_arguments
from converter.events.generate.value import instance, plain
from converter.ir.matcher import Like, Present
from converter.schema.catalogue import Catalogue
from converter.schema.derivation.registry import HIVES
from converter.schema.relation import CommandLine, PathParts, RegistryPath, Relation, relations

_PER_UNIT = 400
_PER_GROUP = 6000


@dataclass(frozen=True, slots=True)
class Fragment:
    """Fields with values that keep some claims; `coherent` if related fields among them agree."""

    fields: Document
    coherent: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """What the search for values needs to know: types, how to ask, and the platform whose paths look natural."""

    catalogue: Catalogue
    judge: Judge
    windows: bool


def fragment(claims: Sequence[Claim], setting: Setting) -> Fragment | None:
    """Values for all fields the claims are about, such that every claim is kept; None if none were found.

    Coherent values are preferred; of the others those that differ least from what a sensor writes.
    """
    units = list(_units(claims))
    choices = [_promising(unit, claims, setting) for unit in units]
    spare: Fragment | None = None
    for combination in islice(product(*choices), _PER_GROUP):
        document = {name: value for part in combination for name, value in part.items()}
        if setting.judge.kept(claims, document):
            found = Fragment(document, _coherent(units, document))
            if found.coherent:
                return found
            spare = spare or found
    return spare


Unit = Relation | str
"""Fields whose values are made together: those of a relation, or a field by itself."""


def unit_of(name: str) -> Unit:
    return relations().get(name, name)


def _units(claims: Iterable[Claim]) -> Iterator[Unit]:
    yield from dict.fromkeys(unit_of(name) for claim in claims for name in claim.fields)


def _coherent(units: Iterable[Unit], document: Document) -> bool:
    return all(isinstance(unit, str) or agrees(unit, document) for unit in units)


def _promising(unit: Unit, claims: Sequence[Claim], setting: Setting) -> list[Document]:
    """The unit's documents that keep the claims about this unit alone."""
    names = {unit} if isinstance(unit, str) else set(unit.fields)
    own = [claim for claim in claims if set(claim.fields) <= names]
    touching = [claim for claim in claims if names & set(claim.fields)]
    found: list[Document] = []
    for document in islice(_documents(unit, claims, setting), _PER_UNIT * 4):
        if document not in found and setting.judge.kept(own, document):
            found.append(document)
            if len(found) == _PER_UNIT or (len(touching) == len(own) and _coherent([unit], document)):
                break
    return found


def _documents(unit: Unit, claims: Sequence[Claim], setting: Setting) -> Iterator[Document]:
    match unit:
        case str():
            yield from _single(unit, claims, setting)
        case PathParts() | RegistryPath():
            yield from _paths(unit, claims, setting)
        case CommandLine():
            yield from _commands(unit, claims, setting)
    yield {}


def _single(name: str, claims: Sequence[Claim], setting: Setting) -> Iterator[Document]:
    """One field: a value that keeps all claims, else a list with a value for each, else any value."""
    info = setting.catalogue[name]
    values = candidates(info, claims)
    mixed = any(len(claim.fields) > 1 for claim in _on(name, claims))
    for value in [*values, *(plain(info) if not values or mixed else ())]:
        yield {name: value}
    for listed in _lists(name, claims, setting):
        yield {name: listed}


def _lists(name: str, claims: Sequence[Claim], setting: Setting) -> Iterator[list[Scalar]]:
    """Lists with one value for every positive claim, none of which breaks a negative one."""
    info = setting.catalogue[name]
    negative = [claim for claim in claims if not claim.wanted and claim.about(name)]
    allowed = [
        [value for value in choice if setting.judge.kept(negative, {name: value})] for choice in one_each(info, claims)
    ]
    if allowed and all(allowed):
        for turn in range(max(map(len, allowed))):
            yield list(dict.fromkeys(choice[turn % len(choice)] for choice in allowed))


def _paths(unit: PathParts | RegistryPath, claims: Sequence[Claim], setting: Setting) -> Iterator[Document]:
    """A path and its parts: whole paths as claimed, then with claimed parts put in, then parts that disagree."""
    wanted = {name: candidates(setting.catalogue[name], claims, 24) for name in unit.fields}
    free = _ordinary_path(unit, setting) if _is_free(unit.path, claims) else ()
    starts: list[Scalar] = [*free, *_likely(unit, wanted[unit.path])]
    parts = [name for name in unit.fields if name != unit.path and wanted[name]]
    for start in starts:
        for values in islice(product(*(wanted[name] for name in parts)), _PER_UNIT):
            document = having(unit, {}, unit.path, start)
            for name, value in zip(parts, values, strict=True):
                document = having(unit, document, name, value)
            yield document
    for start in starts:
        yield having(unit, {}, unit.path, start)
    stated = [[{name: value} for value in values] for name, values in wanted.items() if values]
    for choice in islice(product(*stated), _PER_UNIT):
        yield {name: value for part in choice for name, value in part.items()}
    for some in product(*([{}, {name: values[0]}] for name, values in wanted.items() if values)):
        yield {name: value for part in some for name, value in part.items()}
    lists = {name: next(_lists(name, claims, setting), None) for name in unit.fields}
    yield {name: listed for name, listed in lists.items() if listed}


def _likely(unit: PathParts | RegistryPath, paths: Sequence[Scalar]) -> Iterator[Scalar]:
    """The paths, those of the registry below real hives first: no sensor writes another one."""
    if isinstance(unit, RegistryPath):
        for hive in HIVES.values():
            for path in paths:
                yield f"{hive}\\" + str(path).partition("\\")[2]
    yield from paths


def _is_free(name: str, claims: Sequence[Claim]) -> bool:
    """Nothing is claimed of the field but that it has a value."""
    return all(
        isinstance(matcher, Present) for claim in _on(name, claims) if claim.wanted for matcher in claim.matchers
    )


def _on(name: str, claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims if name in claim.fields]


def _ordinary_path(unit: PathParts | RegistryPath, setting: Setting) -> Iterator[str]:
    if isinstance(unit, RegistryPath):
        yield "HKLM\\SOFTWARE\\Sample\\Value"
    elif setting.windows:
        yield "C:\\Program Files\\Sample\\sample.exe"
        yield "D:\\data\\other.txt"
    else:
        yield "/usr/bin/sample"
        yield "/srv/data/other.txt"


def _commands(unit: CommandLine, claims: Sequence[Claim], setting: Setting) -> Iterator[Document]:
    """A command line with its arguments and their number."""
    lines = candidates(setting.catalogue[unit.line], claims, 48)
    counts = candidates(setting.catalogue[unit.count], claims, 12)
    sets = list(islice(_argument_sets(unit, claims, setting), 24))
    for args in sets:
        for woven in [*_lines_with(unit, args, claims), *_joined_lines(lines, args)]:
            yield from _counted(unit, having(unit, {}, unit.line, woven), counts)
    for line in lines:
        yield from _counted(unit, having(unit, {}, unit.line, line), counts)
    for args in [*sets, ["sample"], []] if not lines else []:
        for front in (["sample", *args], args):
            yield from _counted(unit, having_arguments(unit, front), counts)
    values = candidates(setting.catalogue[unit.args], claims, 24)
    for value in values:
        yield having_arguments(unit, [str(value)])
    yield from _apart(unit, lines, sets, counts)


def _argument_sets(unit: CommandLine, claims: Sequence[Claim], setting: Setting) -> Iterator[list[str]]:
    for listed in _lists(unit.args, claims, setting):
        yield [str(value) for value in listed]


def _lines_with(unit: CommandLine, args: list[str], claims: Sequence[Claim]) -> Iterator[str]:
    """The claimed patterns with the arguments in place of a run."""
    for claim in _on(unit.line, claims):
        for matcher in claim.matchers[:8] if claim.wanted else ():
            if isinstance(matcher, Like):
                yield instance(matcher.pattern, f" {join_arguments(args)} ")


def _joined_lines(lines: Sequence[Scalar], args: list[str]) -> Iterator[str]:
    for line in lines:
        missing = join_arguments([element for element in args if element not in split_arguments(str(line))])
        yield f"{line} {missing}"
        yield f"{missing} {line}"


def _counted(unit: CommandLine, document: Document, counts: Sequence[Scalar]) -> Iterator[Document]:
    yield document
    for count in counts:
        yield having(unit, document, unit.count, count)


def _apart(
    unit: CommandLine, lines: Sequence[Scalar], sets: Sequence[list[str]], counts: Sequence[Scalar]
) -> Iterator[Document]:
    """Line, arguments and count each on its own: events that disagree with themselves, or lack a part."""
    parts = ((unit.line, [*lines, None]), (unit.args, [*sets, None]), (unit.count, [*counts, None]))
    for values in islice(product(*(choices for _, choices in parts)), _PER_UNIT):
        yield {name: value for (name, _), value in zip(parts, values, strict=True) if value is not None}
