"""Values as matchers: the class that pySigma gave a value says how it is compared (spec sigma 2.3, 2.6, 11.1)."""

from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaQueryExpression,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from converter.errors import UnsupportedError
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    Any,
    AnyOne,
    AnyRun,
    BooleanLiteral,
    Equal,
    Field,
    FieldPattern,
    Flavour,
    Like,
    Matcher,
    Network,
    Not,
    NumberLiteral,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    TextLiteral,
    literal_text,
    pattern,
)
from converter.languages.regex import parse

_UNREAD: dict[type[SigmaType], str] = {
    SigmaFieldReference: "the comparison of two fields, for which Sigma states no rule of case",
    SigmaQueryExpression: "a query in the language of another system",
    SigmaTimestampPart: "a part of a date and time",
}

_ANY_FIELD = FieldPattern((ANY_RUN,))


def test(field: str, value: SigmaType) -> Predicate:
    """Some value of the field is as the Sigma value asks. Raises UnsupportedError `sigma-value`, and RuleError for a
    regular expression that cannot be read."""
    match value:
        case SigmaNull():
            return Not(Test(Field(field), (Present(),)))
        case SigmaExists(exists=wanted):
            present = Test(Field(field), (Present(),))
            return present if wanted else Not(present)
        case SigmaExpansion(values=values):
            return Any(tuple(test(field, item) for item in values))
        case _:
            return Test(Field(field), (_matcher(value),))


def keyword(value: SigmaType) -> Predicate:
    """The text stands somewhere in the event: in some value of some field. Raises as `test` does."""
    match value:
        case SigmaTimestampPart():
            raise _refusal(_UNREAD[SigmaTimestampPart])
        case SigmaExpansion(values=values):
            return Any(tuple(keyword(item) for item in values))
        case SigmaString():
            inside = pattern(ANY_RUN, *_parts(value), ANY_RUN)
            return Test(_ANY_FIELD, (Like(inside, _ignores_case(value)),))
        case SigmaNumber(number=number):
            return Test(_ANY_FIELD, (Like(pattern(ANY_RUN, str(number), ANY_RUN), ignore_case=True),))
        case SigmaRegularExpression():
            return Test(_ANY_FIELD, (_regex(value),))
        case _:
            raise _refusal(f"a keyword of the kind {type(value).__name__}")


def _matcher(value: SigmaType) -> Matcher:
    match value:
        case SigmaFieldReference() | SigmaQueryExpression() | SigmaTimestampPart():
            raise _refusal(_UNREAD[type(value)])
        case SigmaString():
            return _text(value)
        case SigmaNumber(number=number):
            return Equal(NumberLiteral(number))
        case SigmaBool(boolean=boolean):
            return Equal(BooleanLiteral(boolean))
        case SigmaRegularExpression():
            return _regex(value)
        case SigmaCIDRExpression():
            return Network(str(value.network))
        case SigmaCompareExpression(number=number, op=operator):
            return _range(number, operator)
        case _:
            raise _refusal(f"a value of the kind {type(value).__name__}")


def _text(value: SigmaString) -> Matcher:
    whole = pattern(*_parts(value))
    text = literal_text(whole)
    if text is None:
        return Like(whole, _ignores_case(value))
    return Equal(TextLiteral(text), _ignores_case(value))


def _ignores_case(value: SigmaString) -> bool:
    return not isinstance(value, SigmaCasedString)


def _parts(value: SigmaString) -> tuple[str | AnyRun | AnyOne, ...]:
    parts: list[str | AnyRun | AnyOne] = []
    for part in value.s:
        match part:
            case str():
                parts.append(part)
            case SpecialChars.WILDCARD_MULTI:
                parts.append(ANY_RUN)
            case SpecialChars.WILDCARD_SINGLE:
                parts.append(ANY_ONE)
            case _:
                raise _refusal("a placeholder, which a pipeline would fill")
    return tuple(parts)


def _regex(value: SigmaRegularExpression) -> Regex:
    """The modifiers `i`, `m`, `s` are the inline flags of the same letters; the pattern is searched for."""
    flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    written = str(value.regexp)
    return Regex(parse(f"(?{flags}){written}" if flags else written, Flavour.PCRE), Flavour.PCRE)


def _range(bound: SigmaNumber, operator: CompareOperators) -> Matcher:
    if isinstance(bound, SigmaTimestampPart):
        raise _refusal(_UNREAD[SigmaTimestampPart])
    number = NumberLiteral(bound.number)
    match operator:
        case CompareOperators.LT:
            return Range(high=number, open_high=True)
        case CompareOperators.LTE:
            return Range(high=number)
        case CompareOperators.GT:
            return Range(low=number, open_low=True)
        case CompareOperators.GTE:
            return Range(low=number)
        case _:
            raise _refusal(f"the comparison {operator.name}")


def _refusal(what: str) -> UnsupportedError:
    return UnsupportedError("sigma-value", f"{what} is not read")
