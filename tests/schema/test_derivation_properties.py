"""Every derivation keeps its two promises: what it builds it reads back, and its images select what it reads.

Values are made of few characters, separators and quotes among them, so that the borders are hit often.
"""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.evaluate.predicate import Holds
from converter.events.event import Event, Values
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    Compare,
    Compute,
    Constant,
    Equal,
    Field,
    IsNull,
    Like,
    Matcher,
    Network,
    NumberLiteral,
    Present,
    Regex,
    Test,
    TextLiteral,
)
from converter.ir.pattern import pattern
from converter.ir.predicate import Predicate
from converter.ir.regex import Alternation, AnyChar, AnyText, CharClass, Chars, Concat, Repeat
from converter.losses import Direction
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
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
from converter.schema.derivation.interface import CannotBuild, Derivation
from converter.schema.derivation.pairs import Paired
from converter.schema.derivation.presence import Presence
from converter.schema.derivation.registry import RegistryHive, RegistryKey, RegistryPath
from converter.schema.derivation.respelt import Respelt
from converter.schema.derivation.retyped import NumberOfText, TextOfNumber
from converter.schema.derivation.valuemap import ValueMap

CATALOGUE = Catalogue({"Number": FieldInfo("Number", FieldType.LONG), "ecs.number": FieldInfo("n", FieldType.LONG)})


@dataclass(frozen=True)
class Example:
    """A derivation, the characters and words its values are made of, and the canonical texts of its column."""

    derivation: Derivation
    pieces: tuple[str, ...]
    rows: st.SearchStrategy[str]
    ecs: str = "ecs.text"


def texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=5).map("".join)


def quoted_lines() -> st.SearchStrategy[str]:
    """Command lines with bare and quoted arguments, none of them with a blank or a quote inside."""
    argument = st.lists(st.sampled_from(("a", "B", "-x", "\\", "\n")), min_size=1, max_size=3).map("".join)
    shown = st.one_of(argument, argument.filter(lambda text: not text.endswith("\\")).map('"{}"'.format))
    return st.lists(shown, max_size=4).flatmap(
        lambda items: st.sampled_from((" ", "  ", "\t")).map(lambda blank: blank.join(items))
    )


PATH_PIECES = ("a", "B", ".", "\\", "System", "é", "*", "\n")
HIVE_PIECES = ("HKLM\\", "HKU\\", "HKEY_USERS\\", "a", "\\", "Run", "*")
HASH_PIECES = ("SHA1=", "MD5=", "ab", "AB", ",", "9")

EXAMPLES = {
    "copy": Example(Copy("Column"), PATH_PIECES, texts(*PATH_PIECES)),
    "basename": Example(Basename("Column"), PATH_PIECES, texts(*PATH_PIECES)),
    "basename posix": Example(Basename("Column", "/"), ("a", "B", ".", "/"), texts("a", "B", ".", "/")),
    "dirname": Example(Dirname("Column"), PATH_PIECES, texts(*PATH_PIECES)),
    "dirname posix": Example(Dirname("Column", "/"), ("a", "B", ".", "/"), texts("a", "B", ".", "/")),
    "extension": Example(Extension("Column"), PATH_PIECES, texts(*PATH_PIECES)),
    "account name": Example(Basename("Column"), ("NT", "a", "\\", "B"), texts("NT", "a", "\\", "B")),
    "account domain": Example(AccountDomain("Column"), ("NT", "a", "\\", "B"), texts("NT", "a", "\\", "B")),
    "posix arguments": Example(PosixArguments("Column"), ("a", "B", "-x", " ", '"'), texts("a", "B", "-x", " ", '"')),
    "windows arguments": Example(WindowsArguments("Column"), ("a", "B", "-x", "\\"), quoted_lines()),
    "registry path": Example(RegistryPath("Column"), HIVE_PIECES, texts("HKLM\\", "HKU\\", "a", "\\", "Run", "*")),
    "registry hive": Example(RegistryHive("Column"), ("HKLM", "HKEY_USERS", "a"), texts(*HIVE_PIECES)),
    "registry key": Example(RegistryKey("Column"), HIVE_PIECES, texts(*HIVE_PIECES)),
    "hash": Example(ListedHash("Column", "sha1"), ("ab", "AB", ",", "9"), texts(*HASH_PIECES)),
    "map": Example(ValueMap("Column", {"a": ("B",), "b": ("B", "a")}), ("a", "B"), texts("a", "b", "B")),
    "map of all": Example(ValueMap("Column", {"b": ("B",)}, ("a",), ("c",)), ("a", "B", "c"), texts("a", "b", "B")),
    "text before": Example(AccountDomain("Column", "."), ("a", ".", "B"), texts("a", ".", "B")),
    "respelt": Example(Respelt("Column", {"b": "B", "B": "c"}), ("a", "b", "B", "c"), texts("a", "b", "B", "c")),
    "presence": Example(Presence(("Column",), "a", "B"), ("a", "B"), texts("a", "b")),
    "coalesced": Example(Coalesce(("Column", "Other")), ("a", "B"), texts("a", "B")),
    "classified": Example(
        Classified((), (Rule("Column", ("x", "b"), ("a",)), Rule("Column", ("b", "B"), ("c",), begins=True))),
        ("a", "c"),
        texts("x", "b", "B", "a"),
    ),
}


def matchers(pieces: tuple[str, ...]) -> st.SearchStrategy[Matcher]:
    text = texts(*pieces)
    part = st.one_of(text, st.just(ANY_RUN), st.just(ANY_ONE))
    tree = st.recursive(
        st.one_of(
            text.map(Chars),
            st.just(AnyChar()),
            st.just(AnyText()),
            st.just(CharClass(((ord("A"), ord("b")),))),
            st.just(CharClass(((ord("a"), ord("a")),), negated=True)),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: Concat(tuple(items))),
            st.lists(inner, min_size=1, max_size=2).map(lambda items: Alternation(tuple(items))),
            inner.map(lambda item: Repeat(item, 0, 2)),
        ),
        max_leaves=4,
    )
    return st.one_of(
        st.builds(lambda value, fold: Equal(TextLiteral(value), fold), text, st.booleans()),
        st.builds(lambda parts, fold: Like(pattern(*parts), fold), st.lists(part, max_size=4), st.booleans()),
        tree.map(Regex),
        st.just(Present()),
    )


def compiled(predicate: Predicate) -> Holds:
    return compile_predicate(predicate, CATALOGUE)


def accepted(matcher: Matcher, values: Values, field: str = "ecs.text") -> bool:
    return compiled(Test(Field(field), (matcher,)))(Event("0", {field: values} if values else {}))


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_image_selects_what_forward_reads(name: str, data: st.DataObject) -> None:
    example = EXAMPLES[name]
    text = data.draw(example.rows)
    row: dict[str, Values] = {"Column": (text,)} if text or data.draw(st.booleans()) else {}
    matcher = data.draw(matchers(example.pieces))
    image = example.derivation.inverse(matcher)
    if image is None:
        return
    found = compiled(image.predicate)(Event("0", row))
    wanted = accepted(matcher, example.derivation.forward(row))
    if image.direction is Direction.WIDER:
        assert found or not wanted
    else:
        assert image.direction is None
        assert found == wanted, (image.predicate, example.derivation.forward(row))


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_what_is_built_is_read_back(name: str, data: st.DataObject) -> None:
    example = EXAMPLES[name]
    values = tuple(data.draw(st.lists(texts(*example.pieces), min_size=1, max_size=3)))
    row = example.derivation.build(values, {})
    domain = example.derivation.domain
    if isinstance(row, CannotBuild) or (domain is not None and not domain.contains(values)):
        return
    assert set(example.derivation.forward(row)) == set(values)


@pytest.mark.parametrize("name", EXAMPLES)
def test_something_can_be_built(name: str) -> None:
    """The property above would hold for a derivation that builds nothing."""
    example = EXAMPLES[name]
    values = {"registry hive": ("HKLM",), "hash": ("ab",), "map": ("B",)}.get(name, ("a",))
    row = example.derivation.build(values, {})
    assert not isinstance(row, CannotBuild)
    assert example.derivation.forward(row) == values


@pytest.mark.parametrize("name", EXAMPLES)
def test_images_have_no_empty_classes(name: str) -> None:
    # `[^]` is any character to one dialect, and the beginning of a class that holds `]` to another.
    image = EXAMPLES[name].derivation.inverse(Like(pattern("a", ANY_RUN, "b", ANY_ONE, "c"), True))
    assert "CharClass(ranges=()," not in repr(image)


@pytest.mark.parametrize("name", EXAMPLES)
def test_equality_has_an_image(name: str) -> None:
    assert EXAMPLES[name].derivation.inverse(Equal(TextLiteral("a"))) is not None


@given(
    text=texts("a", "B", ".", "\\", "/"), name=st.sampled_from(("basename", "dirname", "dirname posix", "extension"))
)
def test_value_expression_is_forward(name: str, text: str) -> None:
    derivation = EXAMPLES[name].derivation
    value = derivation.value()
    assert value is not None
    row: dict[str, Values] = {"Column": (text,)}
    read = derivation.forward(row)
    wanted = Compare("==", value, Constant(TextLiteral(str(read[0])))) if read else IsNull(value)
    assert compiled(Compute(wanted))(Event("0", row))


@pytest.mark.parametrize("number", [0, 7, -3, 4624])
@pytest.mark.parametrize("other", [0, 7, -3, 4624])
def test_retyped_fields_compare_by_value(number: int, other: int) -> None:
    text_of, number_of = TextOfNumber("Number"), NumberOfText("Text")
    as_text = text_of.inverse(Equal(TextLiteral(str(other))))
    as_number = number_of.inverse(Equal(NumberLiteral(other)))
    assert as_text is not None
    assert as_number is not None
    event = Event("0", {"Number": (number,), "Text": (str(number),)})
    assert compiled(as_text.predicate)(event) == compiled(as_number.predicate)(event) == (number == other)
    assert text_of.forward(event.fields) == (str(number),)
    assert number_of.forward(event.fields) == (number,)


@pytest.mark.parametrize("text", ["07", "+7", "7.0", "", "x", "-0"])
def test_other_texts_are_no_number(text: str) -> None:
    image = TextOfNumber("Number").inverse(Equal(TextLiteral(text)))
    assert image is not None
    assert not any(compiled(image.predicate)(Event("0", {"Number": (number,)})) for number in (0, 7))
    assert NumberOfText("Text").forward({"Text": (text,)}) == ()


SWITCH = Conditional("Id", (Case((1, 2), Copy("Target")), Case((3,), Basename("Path"))), Copy("Subject"))


@pytest.mark.parametrize(
    ("row", "values"),
    [
        ({"Id": (1,), "Target": ("a",), "Subject": ("b",)}, ("a",)),
        ({"Id": (3,), "Path": ("x\\a",), "Subject": ("b",)}, ("a",)),
        ({"Id": (9,), "Target": ("b",), "Subject": ("a",)}, ("a",)),
        ({"Id": (1,), "Subject": ("a",)}, ()),
        ({"Subject": ("a",)}, ("a",)),
    ],
)
def test_conditional_field(row: dict[str, Values], values: Values) -> None:
    assert SWITCH.forward(row) == values
    image = SWITCH.inverse(Equal(TextLiteral("a")))
    assert image is not None
    assert compiled(image.predicate)(Event("0", row)) == (values == ("a",))


def test_conditional_field_is_built_in_the_case_of_the_row() -> None:
    assert SWITCH.build(("a",), {}) == {"Id": (1,), "Target": ("a",)}
    assert SWITCH.build(("a",), {"Id": (3,)}) == {"Path": ("\\a",)}
    assert SWITCH.build(("a",), {"Id": (9,)}) == {"Subject": ("a",)}


@pytest.mark.parametrize(
    ("row", "values"),
    [
        ({"One": ("a",), "Two": ("b",)}, ("a",)),
        ({"Two": ("b",)}, ("b",)),
        ({}, ()),
    ],
)
def test_first_column_that_is_there(row: dict[str, Values], values: Values) -> None:
    coalesce = Coalesce(("One", "Two"))
    assert coalesce.forward(row) == values
    for text in ("a", "b"):
        image = coalesce.inverse(Equal(TextLiteral(text)))
        assert image is not None
        assert compiled(image.predicate)(Event("0", row)) == (values == (text,))
    value = coalesce.value()
    assert value is not None
    assert compiled(Compute(IsNull(value)))(Event("0", row)) == (not values)


@pytest.mark.parametrize(
    ("text", "is_address"),
    [("10.1.2.3", True), ("2001:db8::1", True), ("ec2.amazonaws.com", False), ("10.1.2.3:80", False)],
)
def test_only_addresses_are_addresses(text: str, is_address: bool) -> None:
    address = Address("Column")
    row: dict[str, Values] = {"Column": (text,)}
    assert address.forward(row) == ((text,) if is_address else ())
    for matcher in (Present(), Network("10.0.0.0/8"), Network("2001:db8::/32")):
        image = address.inverse(matcher)
        assert image is not None
        catalogue = Catalogue({"ecs.ip": FieldInfo("ecs.ip", FieldType.IP)})
        wanted = compile_predicate(Test(Field("ecs.ip"), (matcher,)), catalogue)(
            Event("0", {"ecs.ip": address.forward(row)} if is_address else {})
        )
        assert compiled(image.predicate)(Event("0", row)) == wanted


def test_a_parameter_is_the_value_beside_its_name() -> None:
    paired = Paired("Names", "Values", "ForwardTo")
    row: dict[str, Values] = {"Names": ("Identity", "ForwardTo"), "Values": ("a", "b")}
    assert paired.forward(row) == ("b",)
    image = paired.inverse(Equal(TextLiteral("a")))
    assert image is not None
    assert image.direction is Direction.WIDER
    assert compiled(image.predicate)(Event("0", row))
    built = paired.build(("c",), {"Names": ("Identity",), "Values": ("a",)})
    assert built == {"Names": ("Identity", "ForwardTo"), "Values": ("a", "c")}


def test_values_that_no_rule_adds_cannot_be_tested() -> None:
    classified = Classified(("web",), (Rule("Column", (15,), ("authentication",)),))
    assert classified.inverse(Equal(TextLiteral("iam"))) is None
    assert classified.forward({"Column": (15,)}) == ("web", "authentication")
