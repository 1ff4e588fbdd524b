"""How derivations are written in profiles: a column's name, or `{derivation: column, option: …}` (docs/profiles.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from converter.events.event import Scalar, Values
from converter.schema.derivation.account import AccountDomain
from converter.schema.derivation.address import Address
from converter.schema.derivation.argv import PosixArguments, WindowsArguments
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.classified import Classified, Rule
from converter.schema.derivation.coalesce import Coalesce
from converter.schema.derivation.conditional import Case, Conditional
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.dirname import Dirname
from converter.schema.derivation.extension import Extension
from converter.schema.derivation.hashes import ListedHash
from converter.schema.derivation.interface import Derivation
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.derivation.limited import Limited
from converter.schema.derivation.pairs import Paired
from converter.schema.derivation.presence import Presence
from converter.schema.derivation.registry import RegistryHive, RegistryKey, RegistryPath
from converter.schema.derivation.respelt import Respelt
from converter.schema.derivation.retyped import NumberOfText, TextOfNumber
from converter.schema.derivation.valuemap import ValueMap
from converter.schema.tables import value_table


class NotationError(Exception):
    """A derivation is written wrong; the text says how, `code` is the configuration error's."""

    def __init__(self, what: str, code: str = "profile-derivation") -> None:
        super().__init__(what)
        self.code = code


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a source says once for all its derivations: the separator of its paths, how its system splits command
    lines, and the target's own names for a vocabulary's columns."""

    separator: str = "\\"
    system: str = "windows"
    rename: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: object) -> str:
        if not isinstance(name, str) or not name:
            raise NotationError(f"`{name}` is no column name")
        return self.rename.get(name, name)


Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notation:
    """One derivation's options, and how it is made of its columns, them and the dialect. `several`: it is written with
    a list of columns."""

    make: Callable[[Columns, Mapping[str, object], Dialect], Derivation]
    options: frozenset[str] = frozenset()
    several: bool = False


def read_derivation(written: object, dialect: Dialect) -> Derivation:
    """The derivation that a profile writes. Raises NotationError."""
    if isinstance(written, str):
        return Copy(dialect.column(written))
    if not isinstance(written, Mapping):
        raise NotationError(f"a derivation is a column name or a mapping, not `{written}`")
    names = [name for name in written if name in NOTATIONS]
    if len(names) != 1:
        known = ", ".join(sorted(NOTATIONS))
        raise NotationError(f"`{dict(written)}` names no derivation; known are: {known}", "profile-derivation-unknown")
    notation = NOTATIONS[names[0]]
    unknown = set(written) - notation.options - {names[0], "domain"}
    if unknown:
        raise NotationError(f"`{names[0]}` has no option `{min(unknown)}`", "profile-key-unknown")
    derivation = notation.make(_columns(written[names[0]], notation, dialect), written, dialect)
    return _limited(derivation, written.get("domain"))


def _columns(written: object, notation: Notation, dialect: Dialect) -> Columns:
    if notation.several and isinstance(written, list) and written:
        return tuple(dialect.column(name) for name in written)
    return (dialect.column(written),)


def _limited(derivation: Derivation, domain: object) -> Derivation:
    if domain is None:
        return derivation
    if not isinstance(domain, Mapping) or set(domain) != {"code", "text"}:
        raise NotationError("a domain is written `{code: …, text: …}`")
    return Limited(derivation, str(domain["code"]), str(domain["text"]))


def _text(options: Mapping[str, object], name: str, default: str) -> str:
    value = options.get(name, default)
    if not isinstance(value, str) or not value:
        raise NotationError(f"the option `{name}` is a text, not `{value}`")
    return value


def _separator(options: Mapping[str, object], dialect: Dialect) -> str:
    separator = _text(options, "separator", dialect.separator)
    if len(separator) != 1:
        raise NotationError(f"a separator is one character, not `{separator}`")
    return separator


def _arguments(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    match _text(options, "system", dialect.system):
        case "windows":
            return WindowsArguments(columns[0])
        case "posix":
            return PosixArguments(columns[0])
        case other:
            raise NotationError(f"command lines are split as on `windows` or `posix`, not `{other}`")


def _value_map(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    values = options.get("values")
    if isinstance(values, str) and (named := value_table(values)) is not None:
        return ValueMap(columns[0], named, _others(options, "otherwise"), _others(options, "missing"))
    if not isinstance(values, Mapping) or not values:
        raise NotationError("a map has `values`: each value of the column with the ECS value or values it stands for")
    table = {_scalar(value): _scalars(mapped) for value, mapped in values.items()}
    return ValueMap(columns[0], table, _others(options, "otherwise"), _others(options, "missing"))


def _others(options: Mapping[str, object], name: str) -> Values:
    return _scalars(options[name]) if name in options else ()


def _respelt(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    values = options.get("values")
    if not isinstance(values, Mapping) or not values:
        raise NotationError("a respelt field has `values`: each value of the column that ECS spells differently")
    return Respelt(columns[0], {_scalar(value): _scalar(mapped) for value, mapped in values.items()})


def _presence(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    return Presence(columns, _text(options, "then", ""), _text(options, "otherwise", ""))


def _paired(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    if len(columns) != 2:
        raise NotationError("a pair is written `{pair: [column of names, column of values], name: text}`")
    return Paired(*columns, _text(options, "name", ""))


def _classified(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    rules = options.get("rules")
    if not isinstance(rules, list):
        raise NotationError("what is classified has `rules`: a list of `{when: values, adds: values}`")
    return Classified(_others(options, "always"), tuple(_rule(rule, columns[0], dialect) for rule in rules))


def _rule(written: object, column: str, dialect: Dialect) -> Rule:
    begins = isinstance(written, Mapping) and "begins" in written
    told = "begins" if begins else "when"
    if not isinstance(written, Mapping) or set(written) - {"of"} != {told, "adds"}:
        raise NotationError("a rule is written `{when: values, adds: values}`, or `{begins: texts, adds: values}`")
    read = dialect.column(written["of"]) if "of" in written else column
    return Rule(read, _scalars(written[told]), _scalars(written["adds"]), begins)


def _scalars(written: object) -> Values:
    return tuple(map(_scalar, written)) if isinstance(written, list) else (_scalar(written),)


def _scalar(written: object) -> Scalar:
    if isinstance(written, str | int | float | bool):
        return written
    raise NotationError(f"`{written}` is not a text, a number or a boolean")


def _conditional(columns: Columns, options: Mapping[str, object], dialect: Dialect) -> Derivation:
    cases = options.get("cases")
    if not isinstance(cases, list) or not cases:
        raise NotationError("a switch has `cases`: a list of `{when: values, field: derivation}`")
    otherwise = options.get("otherwise")
    return Conditional(
        columns[0],
        tuple(_case(case, dialect) for case in cases),
        None if otherwise is None else read_derivation(otherwise, dialect),
    )


def _case(written: object, dialect: Dialect) -> Case:
    if not isinstance(written, Mapping) or set(written) != {"when", "field"}:
        raise NotationError("a case of a switch is written `{when: values, field: derivation}`")
    return Case(_scalars(written["when"]), read_derivation(written["field"], dialect))


_PATH_OPTIONS = frozenset({"separator"})

NOTATIONS: dict[str, Notation] = {
    "copy": Notation(lambda columns, options, dialect: Copy(columns[0])),
    "key_only": Notation(lambda columns, options, dialect: KeyOnly(columns[0])),
    "text_of": Notation(lambda columns, options, dialect: TextOfNumber(columns[0])),
    "number_of": Notation(lambda columns, options, dialect: NumberOfText(columns[0])),
    "basename": Notation(
        lambda columns, options, dialect: Basename(columns[0], _separator(options, dialect)), _PATH_OPTIONS
    ),
    "dirname": Notation(
        lambda columns, options, dialect: Dirname(columns[0], _separator(options, dialect)), _PATH_OPTIONS
    ),
    "extension": Notation(
        lambda columns, options, dialect: Extension(columns[0], _separator(options, dialect)), _PATH_OPTIONS
    ),
    "argv": Notation(_arguments, frozenset({"system"})),
    "account_name": Notation(lambda columns, options, dialect: Basename(columns[0], "\\")),
    "account_domain": Notation(lambda columns, options, dialect: AccountDomain(columns[0])),
    "before": Notation(
        lambda columns, options, dialect: AccountDomain(columns[0], _separator(options, dialect)), _PATH_OPTIONS
    ),
    "registry_path": Notation(lambda columns, options, dialect: RegistryPath(columns[0])),
    "registry_key": Notation(lambda columns, options, dialect: RegistryKey(columns[0])),
    "registry_hive": Notation(lambda columns, options, dialect: RegistryHive(columns[0])),
    "hash": Notation(
        lambda columns, options, dialect: ListedHash(columns[0], _text(options, "algorithm", "")),
        frozenset({"algorithm"}),
    ),
    "map": Notation(_value_map, frozenset({"values", "otherwise", "missing"})),
    "respelt": Notation(_respelt, frozenset({"values"})),
    "present": Notation(_presence, frozenset({"then", "otherwise"}), several=True),
    "coalesce": Notation(lambda columns, options, dialect: Coalesce(columns), several=True),
    "pair": Notation(_paired, frozenset({"name"}), several=True),
    "address": Notation(lambda columns, options, dialect: Address(columns[0])),
    "classify": Notation(_classified, frozenset({"always", "rules"})),
    "switch": Notation(_conditional, frozenset({"cases", "otherwise"})),
}
"""Every derivation a profile can name. `hash` and `map` cannot do without their options."""
