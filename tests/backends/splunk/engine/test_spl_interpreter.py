"""Macros, places of errors, raw terms, warnings and the time range."""

import re
import tomllib
from importlib.resources import files

import pytest

from backends.splunk.engine import SplError, SplunkEvent, run

ANN = SplunkEvent("ann", 10.0, {"user": ("ann",), "_raw": ('{"user":"ann","ip":"10.1.2.3","cmd":"Who-Am I"}',)})
BOB = SplunkEvent("bob", 20.0, {"user": ("bob",), "_raw": ("user=bob src=10.1.2.3 done",)})
EVENTS = [ANN, BOB]


def ids(spl: str, now: float = 100.0, earliest: float | None = None) -> list[str | None]:
    return [row.event_id for row in run(spl, EVENTS, now=now, earliest=earliest).rows]


def failure(spl: str, **macros: str) -> SplError:
    with pytest.raises(SplError) as raised:
        run(spl, EVENTS, now=100.0, macros=macros)
    return raised.value


class TestMacros:
    def test_expand_inside_each_other(self) -> None:
        macros = {"base": "`who` | head 1", "who": "user=ann OR user=bob"}
        assert [row.event_id for row in run("`base` | search *", EVENTS, now=100.0, macros=macros).rows] == ["bob"]

    def test_undefined(self) -> None:
        error = failure("user=ann\n| `filter`")
        assert (error.code, error.place.line, error.place.column) == ("spl-macro", 2, 3)

    def test_that_contains_itself(self) -> None:
        assert failure("`a`", a="`b`", b="`a`").code == "spl-macro"

    @pytest.mark.parametrize("core", ["", "x" * 1000])
    def test_that_explodes(self, core: str) -> None:
        bomb = {f"m{level}": f"`m{level + 1}`" * 10 for level in range(20)} | {"m20": core}
        assert failure("`m0`", **bomb).code == "spl-macro"

    def test_error_inside_a_definition_points_at_the_call(self) -> None:
        error = failure("user=ann `broken` | head 1", broken='| where user=="a" b')
        assert (error.code, error.place.column) == ("spl-syntax", 10)

    def test_error_behind_a_call_keeps_its_place(self) -> None:
        error = failure("`long` | nothing", long="user=ann OR user=bob OR user=eve")
        assert (error.code, error.place.line, error.excerpt) == ("spl-unknown-command", 1, "`long` | nothing")
        assert error.place.column > len("`long` |")


class TestPlaces:
    def test_line_and_column(self) -> None:
        error = failure("user=ann\n| where user==\n| head 1")
        assert (error.place.line, error.place.column) == (2, 15)

    def test_unknown_function(self) -> None:
        error = failure('* | where true()\n    AND indexof(user, "a")==1')
        assert (error.code, error.place.line, error.place.column) == ("spl-unknown-function", 2, 9)

    def test_what_only_happens_on_events(self) -> None:
        both = SplunkEvent("both", 1.0, {"user": ("ann", "bob")})
        with pytest.raises(SplError) as raised:
            run('* | where user=="ann"', [both], now=100.0)
        assert (raised.value.code, raised.value.place.column) == ("spl-undefined", 11)


class TestRawTerms:
    """Terms without a field, looked up between breakers (spec splunk 1.4)."""

    @pytest.mark.parametrize(
        ("spl", "expected"),
        [
            ("BOB", ["bob"]),
            ("bo", []),
            ("bo*", ["bob"]),
            ('"who-am i"', ["ann"]),
            ("am", ["ann"]),
            ("CASE(BOB)", []),
            ("10.1.2.3", ["bob", "ann"]),
            ("TERM(10.1.2.3)", ["ann"]),
            ("TERM(src*)", ["bob"]),
            ("NOT done", ["ann"]),
        ],
    )
    def test_term(self, spl: str, expected: list[str]) -> None:
        assert ids(spl) == expected

    def test_without_raw_text_the_values_are_searched(self) -> None:
        event = SplunkEvent("e", 1.0, {"user": ("eve adams",)})
        assert run("adams", [event], now=2.0).rows
        assert not run("user", [event], now=2.0).rows


class TestTimeRange:
    def test_up_to_now_inclusive(self) -> None:
        assert ids("*", now=20.0) == ["bob", "ann"]
        assert ids("*", now=19.9) == ["ann"]

    def test_earliest_is_inclusive(self) -> None:
        assert ids("*", earliest=10.0) == ["bob", "ann"]
        assert ids("*", earliest=10.1) == ["bob"]

    def test_the_text_wins(self) -> None:
        assert ids("earliest=0 *", earliest=15.0) == ["bob", "ann"]
        assert ids("earliest=-85s latest=-1s *") == ["bob"]

    def test_latest_now_includes_the_newest_event(self) -> None:
        assert ids("earliest=0 latest=now *", now=20.0) == ["bob", "ann"]

    def test_a_bound_below_or_is_not_guessed(self) -> None:
        assert failure("user=ann OR earliest=5").code == "spl-undefined"


class TestWarnings:
    def test_none(self) -> None:
        assert run("user=ann", EVENTS, now=100.0).warnings == ()

    def test_event_beyond_the_extraction_cutoff(self) -> None:
        event = SplunkEvent("big", 1.0, {"text": ("x" * 5000,)})
        (warning,) = run("*", [event], now=2.0).warnings
        assert "event big" in warning
        assert "5000" in warning

    def test_event_with_more_than_a_hundred_fields(self) -> None:
        event = SplunkEvent("wide", 1.0, {f"f{number}": ("x",) for number in range(101)})
        (warning,) = run("*", [event], now=2.0).warnings
        assert "101 fields" in warning

    def test_a_hundred_fields_are_fine(self) -> None:
        event = SplunkEvent("e", 1.0, {f"f{number}": ("x",) for number in range(100)})
        assert run("*", [event], now=2.0).warnings == ()

    def test_lower_case_keyword(self) -> None:
        (warning,) = run("user=ann and user=bob", EVENTS, now=100.0).warnings
        assert "`and`" in warning

    def test_sort_without_zero(self) -> None:
        events = [SplunkEvent(str(number), float(number), {}) for number in range(10_001)]
        result = run("* | sort _time", events, now=1e6)
        assert len(result.rows) == 10_000
        assert "10001" in result.warnings[0]
        assert len(run("* | sort 0 _time", events, now=1e6).rows) == 10_001

    def test_more_rows_than_streamstats_looks_back(self) -> None:
        """ "streamstats", Search Reference 9.4: `max_stream_window` holds where no window is stated."""
        events = [SplunkEvent(str(number), float(number), {"n": (str(number),)}) for number in range(10_001)]
        (warning,) = run("* | streamstats count BY n", events, now=1e6).warnings
        assert "10001 rows" in warning
        assert run("n<9000 | streamstats count BY n", events, now=1e6).warnings == ()


def test_every_code_is_explained() -> None:
    engine = files("backends.splunk.engine")
    sources = [engine, *(engine / name for name in ("commands", "expression", "search"))]
    texts = [item.read_text() for folder in sources for item in folder.iterdir() if item.name.endswith(".py")]
    used = set(re.findall(r'"(spl-[a-z-]+)"', "".join(texts)))
    known = tomllib.loads((files("converter.codes") / "errors.toml").read_text())
    assert used == {code for code in known if code.startswith("spl-")}
