"""EQL and KQL text to IR, with all checks, against python-eql's parser and a plain lark parse of the same texts."""

from collections.abc import Callable, Iterator, Sequence

from lark import Lark

from benchmarks import peer
from benchmarks.corpus import queries
from benchmarks.measure import Finding, compare, cost, in_turn, seconds, speed
from converter.languages import eql, kql, tables
from converter.schema.catalogue import default_catalogue

Read = Callable[[str], object]


def run() -> Iterator[Finding]:
    """Per language: reading all texts of the rules, relative to a peer that does less."""
    catalogue = default_catalogue()

    def read_eql(text: str) -> object:
        return eql.lower(eql.parse(text), catalogue)

    def read_kql(text: str) -> object:
        return kql.lower(kql.parse(text), catalogue)

    yield _against_python_eql(read_eql, queries("eql"))
    yield _against_lark("EQL", tables.parser("eql"), read_eql, queries("eql"))
    yield _against_lark("KQL", tables.parser("kql"), read_kql, queries("kuery"))


def _against_python_eql(read: Read, texts: Sequence[str]) -> Finding:
    """Both parse what python-eql takes: its tree, with its checks, against our IR."""
    name = "EQL text to IR / python-eql's parse"
    if not peer.is_installed():
        return Finding(name, peer.ABSENT)
    with peer.running() as worker:
        rejected = set(worker.time_parse(texts, runs=1).rejected)
        taken = [text for position, text in enumerate(texts) if position not in rejected]
        comparison = in_turn(
            lambda: seconds(lambda: _all(read, taken)),
            lambda: worker.time_parse(taken, runs=1).seconds[0],
            runs=5,
        )
    return speed(name, comparison, f"{len(taken)} of {len(texts)} texts, which python-eql takes")


def _against_lark(language: str, plain: Lark, read: Read, texts: Sequence[str]) -> Finding:
    comparison = compare(lambda: _all(read, texts), lambda: _all(plain.parse, texts))
    return cost(f"{language} text to IR / plain lark parse", comparison)


def _all(read: Read, texts: Sequence[str]) -> None:
    for text in texts:
        read(text)
