"""Queries made from the grammars: mostly valid, so that they get past the parser and into everything behind it."""

from hypothesis import strategies as st

FIELDS = (
    *("process.name", "process.args", "process.pid", "event.type", "source.ip", "@timestamp", "message", "host.id"),
    *("file.size", "user.id", "package.version", "event.`sequence`", "nobody.knows", "process.parent.args_count"),
)

_TEXTS = (
    *("a", "", "*", "?", "a*b?c", "C:\\\\Windows\\\\x", "10.0.0.0/8", "::1", "now-1d/d", "2024-13-45", "true", "5"),
    *("\u202ex", "\U0001f600", "(a+)+$", "a{2,1}", "<5-1>", "1.2.3-rc", "x" * 300, "\\t", "%_", "$(x)`", "';--"),
)
_NUMBERS = ("0", "1", "-1", "5.5", "1e400", "9223372036854775807", "99999999999999999999", "-0", ".5e-400")

_names = st.sampled_from(FIELDS)
_fields = st.one_of(_names, _names.map(lambda name: f"?{name}"))
_strings = st.sampled_from(_TEXTS).map(lambda text: f'"{text}"')
_numbers = st.sampled_from(_NUMBERS)
_constants = st.one_of(_strings, _numbers, st.sampled_from(["null", "true", "false"]))
_lists = st.lists(_constants, min_size=1, max_size=4).map(lambda items: f"({', '.join(items)})")

_calls = st.one_of(
    st.builds(
        "{}({}, {})".format,
        st.sampled_from(["startsWith", "endsWith~", "stringContains", "indexOf", "add", "cidrMatch"]),
        _fields,
        _constants,
    ),
    st.builds(
        "{}({})".format, st.sampled_from(["length", "number", "string", "concat"]), st.one_of(_fields, _constants)
    ),
    st.builds("between({}, {}, {}, true)".format, _fields, _strings, _strings),
    st.builds("substring({}, {}, {})".format, _fields, _numbers, _numbers),
)
_values = st.one_of(
    _fields, _calls, _constants, st.builds("{} {} {}".format, _fields, st.sampled_from("+-*/%"), _numbers)
)
_tests = st.one_of(
    st.builds("{} {} {}".format, _values, st.sampled_from(["==", "!=", "<", ">="]), _constants),
    st.builds("{} {} {}".format, _values, st.sampled_from(["in", "not in", "in~"]), _lists),
    st.builds(
        "{} {} {}".format,
        _values,
        st.sampled_from([":", "like", "like~", "regex", "regex~"]),
        st.one_of(_strings, _lists),
    ),
    _calls,
    _fields,
)
_conditions = st.recursive(
    _tests,
    lambda inner: st.one_of(
        inner.map("not {}".format),
        inner.map("({})".format),
        st.lists(inner, min_size=2, max_size=3).map(" and ".join),
        st.lists(inner, min_size=2, max_size=3).map(" or ".join),
    ),
    max_leaves=6,
)
_filters = st.builds("{} where {}".format, st.sampled_from(["any", "process", '"a.b"', "file"]), _conditions)
_by = st.one_of(st.just(""), st.lists(_fields, min_size=1, max_size=2).map(lambda keys: f" by {', '.join(keys)}"))
_spans = st.sampled_from(["", " with maxspan=1m", " with maxspan=5", " with maxspan=0s", " with maxspan=99999999999d"])
_stages = st.builds(
    "{}{}]{}{}".format,
    st.sampled_from(["[", "[", "["]) | st.just("!["),
    _filters,
    _by,
    st.sampled_from(["", "", " with runs=2", " with runs=0", " with runs=100"]),
)
_pipes = st.sampled_from(
    ["", "", " | head 1", " | tail 99999999999", " | head -1", " | head 1 + 1 | tail 2", " | count"]
)
_sequences = st.builds(
    "sequence{}{}\n{}{}{}".format,
    _by,
    _spans,
    st.lists(_stages, min_size=1, max_size=4).map("\n".join),
    st.one_of(st.just(""), _stages.map(" until {}".format)),
    _pipes,
)
_samples = st.builds("sample{}\n{}".format, _by, st.lists(_stages, min_size=1, max_size=3).map("\n".join))

eql = st.one_of(st.builds("{}{}".format, _filters, _pipes), _sequences, _samples)

_literals = st.one_of(
    _strings,
    st.sampled_from(
        ["a", "*", "a*b", "5", "true", "null", "10.0.0.0/8", "now-1d", "\\u0041", "a\\*b", "two words", "*x y*"]
    ),
)
_kql_lists = st.lists(_literals, min_size=1, max_size=3).map(lambda items: f"({' or '.join(items)} and not x)")
_kql_names = st.sampled_from(
    ["process.name", "process.*", "*", "message", "source.ip", "@timestamp", "process.pid", "x.y"]
)
_kql_tests = st.one_of(
    st.builds("{}: {}".format, _kql_names, st.one_of(_literals, _kql_lists)),
    st.builds("{} {} {}".format, _kql_names, st.sampled_from(["<", ">="]), _literals),
    _literals,
)
kql = st.recursive(
    _kql_tests,
    lambda inner: st.one_of(
        inner.map("not {}".format),
        inner.map("({})".format),
        inner.map("threat.enrichments: {{ {} }}".format),
        st.lists(inner, min_size=2, max_size=3).map(" and ".join),
        st.lists(inner, min_size=2, max_size=3).map(" or ".join),
    ),
    max_leaves=6,
)

_atoms = st.sampled_from(
    ["a", "b", ".", "[a-c]", "[^a]", "\\d", "\\.", "^", "$", "@", "#", "<1-20>", "\\b", "(?i)", "\u017f", '"a"']
)
regex = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({'|'.join(items)})"),
        st.lists(inner, min_size=2, max_size=3).map("&".join),
        inner.map("~({})".format),
        st.builds(
            "({}){}".format,
            inner,
            st.sampled_from(["*", "+", "?", "{2}", "{1,30}", "{0,200}", "{3,}", "{2147483647}", "{5,1}"]),
        ),
    ),
    max_leaves=8,
)
