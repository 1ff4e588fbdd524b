"""Minimising counter-examples: what is left still differs, and nothing of it can go."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from converter.events.minimise import minimise

values = st.tuples() | st.tuples(st.integers()) | st.tuples(st.integers(), st.text())
documents = st.dictionaries(st.text(alphabet="abcdefgh", min_size=1, max_size=2), values, max_size=12)


def test_only_the_fields_and_values_that_matter_are_left() -> None:
    document = {"a": ("x",), "b": ("y", "z"), "c": ("x", "y", "z"), "d": (1,)}
    assert minimise(document, lambda left: "y" in left.get("c", ()) and "a" in left) == {"a": ("x",), "c": ("y",)}


def test_objects_in_lists_are_reduced_too() -> None:
    document = {"o": [{"p": 1, "q": [1, 2]}, {"p": 2}], "r": 3}

    def differs(left: Mapping[str, object]) -> bool:
        objects = left.get("o", [])
        return isinstance(objects, list) and any(2 in item.get("q", []) for item in objects)

    assert minimise(document, differs) == {"o": [{"q": [2]}]}


def test_two_fields_that_can_only_go_together_go() -> None:
    document = dict.fromkeys("abcdefgh", (1,))
    assert minimise(document, lambda left: ("a" in left) == ("b" in left) and "h" in left) == {"h": (1,)}


@given(documents, st.data())
def test_the_result_differs_and_is_a_part_from_which_no_field_can_go(
    document: dict[str, tuple[object, ...]], data: st.DataObject
) -> None:
    needed = data.draw(st.sets(st.sampled_from(sorted(document)))) if document else set()

    def differs(left: Mapping[str, tuple[object, ...]]) -> bool:
        return needed <= set(left)

    small = minimise(document, differs)
    assert set(small) == needed
    assert list(small) == [name for name in document if name in needed]


def test_questions_are_limited() -> None:
    asked: list[Mapping[str, int]] = []

    def differs(left: Mapping[str, int]) -> bool:
        asked.append(left)
        return False

    minimise({str(number): number for number in range(500)}, differs, tries=5)
    assert len(asked) == 5
