"""Profiles from their files (docs/profiles.md tells the format)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from converter.errors import ConfigurationError, Place
from converter.events.event import Scalar
from converter.schema.catalogue import FieldInfo, FieldType
from converter.schema.derivation.interface import Derivation
from converter.schema.derivation.notation import Dialect, NotationError, read_derivation
from converter.schema.derivation.prefix import PairsRule, PrefixRule
from converter.schema.document import read_document
from converter.schema.profile import Profile, Source

PROFILE_KEYS = frozenset({"title", "extends", "identity", "columns", "rename", "sources"})
SOURCE_KEYS = frozenset(
    {
        "extends",
        "abstract",
        "platform",
        "kind",
        "facts",
        "select",
        "fields",
        "neighbours",
        "settings",
        "separator",
        "blank",
    }
)
MERGED_KEYS = ("facts", "select", "fields", "settings")
MAX_EXTENDS = 10
_NAME = re.compile(r"[A-Za-z0-9_-]+")

Written = dict[str, object]


def load_profile(folder: Traversable, name: str, target: str) -> Profile:
    """The profile in `folder/name.yaml`, with all it extends. Raises ConfigurationError naming file and place."""
    return _Loader(folder, target).profile(name)


def load_own_profile(path: str, text: str, folder: Traversable, target: str) -> Profile:
    """A profile of the user's own, which may extend those in `folder`; it is named after its file. Raises
    ConfigurationError naming the file and the place."""
    document = read_document(text, path)
    loader = _Loader(folder, target)
    return loader.built(PurePath(path).stem, loader.whole(document, path, ()), path)


@dataclass(frozen=True, slots=True)
class _Loader:
    folder: Traversable
    target: str

    def profile(self, name: str) -> Profile:
        path = f"{name}.yaml"
        return self.built(name, self._named(name, ()), path)

    def built(self, name: str, written: Written, path: str) -> Profile:
        """The profile that a document says, those it extends merged in."""
        rename = {key: str(value) for key, value in _mapping(written, "rename", path).items()}
        sources = _mapping(written, "sources", path)
        resolver = _Sources(sources, path)
        built = [_source(key, resolver.resolve(key), rename, path) for key in sources if not resolver.abstract(key)]
        columns = tuple(_column(key, value, path) for key, value in _mapping(written, "columns", path).items())
        title = written.get("title", name)
        identity = written.get("identity") is True
        return Profile(name, self.target, str(title), identity, sources=tuple(built), columns=columns)

    def whole(self, document: Written, path: str, below: tuple[str, ...]) -> Written:
        """The document with those it extends merged in: mappings by key, sources whole by theirs."""
        _check_keys(document, PROFILE_KEYS, "a profile", path)
        parent = document.get("extends")
        if parent is None:
            return document
        return _merged_profile(self._named(str(parent), below), document, path)

    def _named(self, name: str, below: tuple[str, ...]) -> Written:
        path = f"{name}.yaml"
        if name in below:
            raise _error("profile-cycle", f"`{name}` extends itself, through {' and '.join(below)}", path)
        if not _NAME.fullmatch(name):
            raise _error("profile-unreadable", f"`{name}` is no name of a profile", path)
        document = _read(self.folder.joinpath(path), path)
        return self.whole(document, path, (*below, name))


def _merged_profile(base: Written, own: Written, path: str) -> Written:
    merged = {**base, **own}
    for key in ("columns", "rename"):
        merged[key] = _mapping(base, key, path) | _mapping(own, key, path)
    sources = dict(_mapping(base, "sources", path))
    for name, difference in _mapping(own, "sources", path).items():
        if difference is None:
            sources.pop(name, None)
        elif name in sources:
            sources[name] = _merged_source(_as_mapping(sources[name], path), _as_mapping(difference, path), path)
        else:
            sources[name] = difference
    merged["sources"] = sources
    return merged


def _merged_source(base: Written, own: Written, path: str) -> Written:
    """A source with another's keys underneath. In facts and selections `null` takes an entry away; in fields it
    states that there is no such value. Neighbours add up."""
    merged = {**base, **own}
    for key in MERGED_KEYS:
        merged[key] = _mapping(base, key, path) | _mapping(own, key, path)
    merged["neighbours"] = _merged_neighbours(base, own, path)
    return merged


def _merged_neighbours(base: Written, own: Written, path: str) -> list[object] | None:
    """Both sources' neighbours; None, which takes the inherited ones away, if the source says so."""
    if "neighbours" in own and own["neighbours"] is None:
        return None
    return [*_list(base, "neighbours", path), *_list(own, "neighbours", path)]


@dataclass(frozen=True, slots=True)
class _Sources:
    """The sources of one file by name, `extends` resolved: another source here, or `vocabulary.source`."""

    sources: Written
    path: str

    def abstract(self, name: str) -> bool:
        return _as_mapping(self.sources[name], self.path).get("abstract") is True

    def resolve(self, name: str, below: tuple[str, ...] = ()) -> Written:
        if name in below or len(below) > MAX_EXTENDS:
            raise _error("profile-cycle", f"the source `{name}` extends itself", self.path)
        if name not in self.sources:
            raise _error("profile-extends-unknown", f"there is no source `{name}` to extend", self.path)
        own = _as_mapping(self.sources[name], self.path)
        _check_keys(own, SOURCE_KEYS, f"the source `{name}`", self.path)
        merged: Written = {}
        for parent in _names(own.get("extends"), self.path):
            merged = _merged_source(merged, self._parent(parent, (*below, name)), self.path)
        merged.pop("abstract", None)
        return _merged_source(merged, own, self.path)

    def _parent(self, parent: str, below: tuple[str, ...]) -> Written:
        vocabulary, _, name = parent.rpartition(".")
        if not vocabulary:
            return self.resolve(parent, below)
        sources = _vocabulary(vocabulary)
        if sources is None:
            raise _error("profile-extends-unknown", f"there is no vocabulary `{vocabulary}`", self.path)
        return sources.resolve(name)


@cache
def _vocabulary(name: str) -> _Sources | None:
    """The sources of a shared vocabulary; its text is ours and never changes while we run."""
    path = f"{name}.yaml"
    file = files("converter.schema.vocabulary").joinpath(path)
    if not file.is_file():
        return None
    document = _read(file, path)
    _check_keys(document, frozenset({"title", "sources"}), "a vocabulary", path)
    return _Sources(_mapping(document, "sources", path), path)


def _source(name: str, written: Written, rename: Mapping[str, str], path: str) -> Source:
    platform = written.get("platform")
    kind = written.get("kind")
    if not isinstance(kind, str):
        raise _error("profile-kind-missing", f"the source `{name}` has no kind of event", path)
    windows = platform == "windows"
    separator = written.get("separator", "\\" if windows else "/")
    blank = written.get("blank")
    dialect = Dialect(str(separator), "windows" if windows else "posix", rename)
    fields: dict[str, Derivation | None] = {}
    prefixes: dict[str, PrefixRule | PairsRule | None] = {}
    for field, derivation in _mapping(written, "fields", path).items():
        where = f"the field `{field}` of the source `{name}`"
        if field.endswith(".*"):
            prefixes[field[:-1]] = _prefix_rule(derivation, rename, where, path)
        else:
            fields[field] = None if derivation is None else _derivation(derivation, dialect, where, path)
    return Source(
        name,
        None if platform is None else str(platform),
        kind,
        facts=_value_sets(_mapping(written, "facts", path), path),
        select=_renamed(_value_sets(_mapping(written, "select", path), path), rename),
        fields=fields,
        prefixes=prefixes,
        neighbours=tuple(
            _renamed(_value_sets(_as_mapping(item, path), path), rename) for item in _list(written, "neighbours", path)
        ),
        settings=_mapping(written, "settings", path),
        blank=None if blank is None else str(blank),
    )


def _derivation(written: object, dialect: Dialect, where: str, path: str) -> Derivation:
    try:
        return read_derivation(written, dialect)
    except NotationError as error:
        raise _error(error.code, f"{where}: {error}", path) from error


def _prefix_rule(written: object, rename: Mapping[str, str], where: str, path: str) -> PrefixRule | PairsRule | None:
    match written:
        case None:
            return None
        case {"rest": str(before), **others} if set(others) <= {"open"}:
            return PrefixRule(before, others.get("open") is True)
        case {"pairs": [str(names), str(values)], **others} if not others:
            return PairsRule(rename.get(names, names), rename.get(values, values))
        case _:
            what = f"{where}: a rule for a prefix is `{{rest: text before the rest}}` or `{{pairs: [names, values]}}`"
            raise _error("profile-derivation", what, path)


def _value_sets(written: Written, path: str) -> dict[str, tuple[Scalar, ...]]:
    return {key: _values(value, path) for key, value in written.items() if value is not None}


def _values(written: object, path: str) -> tuple[Scalar, ...]:
    items = written if isinstance(written, list) else [written]
    values: list[Scalar] = []
    for item in items:
        if not isinstance(item, str | int | float | bool):
            raise _error("profile-value", f"`{item}` is not a text, a number or a boolean", path)
        values.append(item)
    return tuple(values)


def _renamed(sets: Mapping[str, tuple[Scalar, ...]], rename: Mapping[str, str]) -> dict[str, tuple[Scalar, ...]]:
    return {rename.get(key, key): values for key, values in sets.items()}


def _column(name: str, written: object, path: str) -> FieldInfo:
    options: Written = written if isinstance(written, dict) else {"type": written}
    _check_keys(options, frozenset({"type", "array"}), f"the column `{name}`", path)
    kind = str(options.get("type", FieldType.KEYWORD))
    if kind not in set(FieldType):
        known = ", ".join(FieldType)
        raise _error("profile-value", f"the column `{name}` has the unknown type `{kind}`; known are: {known}", path)
    return FieldInfo(name, FieldType(kind), array=options.get("array") is True)


def _read(file: Traversable, path: str) -> Written:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _error("profile-unreadable", f"the profile file cannot be read: {error}", path) from error
    return read_document(text, path)


def _check_keys(written: Written, known: frozenset[str], what: str, path: str) -> None:
    unknown = sorted(str(key) for key in set(written) - known)
    if unknown:
        raise _error(
            "profile-key-unknown", f"{what} has no key `{unknown[0]}`; it has {', '.join(sorted(known))}", path
        )


def _mapping(written: Written, key: str, path: str) -> Written:
    value = written.get(key)
    return {} if value is None else _as_mapping(value, path, key)


def _as_mapping(value: object, path: str, what: str = "a source") -> Written:
    if not isinstance(value, dict):
        raise _error("profile-value", f"`{what}` is not a mapping", path)
    return {str(key): item for key, item in value.items()}


def _list(written: Written, key: str, path: str) -> Iterable[object]:
    value = written.get(key)
    if value is not None and not isinstance(value, list):
        raise _error("profile-value", f"`{key}` is not a list", path)
    return value or []


def _names(written: object, path: str) -> list[str]:
    match written:
        case None:
            return []
        case str():
            return [written]
        case list():
            return [str(item) for item in written]
        case _:
            raise _error("profile-value", "`extends` is a name or a list of names", path)


def _error(code: str, what: str, path: str) -> ConfigurationError:
    return ConfigurationError(code, what, place=Place(path))
