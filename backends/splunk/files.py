"""The files of one rule: its search or stanza, and the tables that go with it."""

from collections.abc import Iterator

from backends.splunk import pipeline, savedsearch
from backends.splunk.statement import Statement
from converter.backend import Artifact
from converter.names import slug
from converter.rule import Rule


def search_files(rule: Rule, statement: Statement) -> list[Artifact]:
    """The search as a file of its own. A search that has to run before it comes first."""
    stem = slug(rule.name)
    found = [Artifact(stem, ".spl", pipeline.write(statement.commands) + "\n"), *_tables(stem, statement)]
    if statement.warm_up is not None:
        found.insert(0, Artifact(stem, ".spl", pipeline.write(statement.warm_up) + "\n", "warm-up"))
    return found


def saved_files(rule: Rule, statement: Statement) -> list[Artifact]:
    """The stanza of the search."""
    stem = slug(rule.name)
    text = savedsearch.stanza(
        rule,
        pipeline.write(statement.commands),
        statement.earliest,
        reach=statement.reach,
        groups=statement.groups,
        actions=statement.actions,
    )
    if statement.warm_up is not None and statement.history is not None and statement.earliest is not None:
        filled = pipeline.write(statement.warm_up)
        text = savedsearch.warm_up(rule, filled, statement.history, statement.earliest) + "\n" + text
    return [Artifact(stem, ".conf", text), *_tables(stem, statement)]


def _tables(stem: str, statement: Statement) -> Iterator[Artifact]:
    transforms = [table.transforms() for table in statement.tables]
    for number, table in enumerate(statement.tables, 1):
        yield Artifact(stem, ".csv", table.text(), f"indicators-{number}")
    if statement.collection is not None:
        transforms.append(statement.collection.transforms())
        yield Artifact(stem, ".conf", statement.collection.collections(), "collections")
    if transforms:
        yield Artifact(stem, ".conf", "\n".join(transforms), "transforms")
