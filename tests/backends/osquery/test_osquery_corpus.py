"""Every public rule that can be read is written or refused; every query that is written is one osquery accepts."""

from collections import Counter

import pytest

import converter
from backends.osquery import Osquery
from backends.osquery.engine.checks import check
from backends.osquery.engine.database import prepare
from backends.osquery.engine.text import queries
from converter.backend import Verdict
from tests.shared import shared

pytestmark = pytest.mark.shared


def test_the_public_rules() -> None:
    target = Osquery()
    profile = target.profile("osquery")
    verdicts: Counter[Verdict] = Counter()
    for rule in converter.load(str(shared("corpus/elastic-rules"))):
        if rule.detection is None:
            continue
        for form in ("sql", "pack"):
            found = target.translate(rule, profile, form, {})
            verdicts[found.verdict] += 1
            if found.statement is None:
                assert any(loss.direction is None for loss in found.losses), rule.name
                continue
            for artifact in target.render(found, form):
                for query in queries(artifact):
                    check(query.sql)
                    prepare(query.sql, query.platform)

    assert all(verdicts[verdict] > 0 for verdict in (Verdict.EXACT, Verdict.APPROXIMATE, Verdict.REFUSED))
