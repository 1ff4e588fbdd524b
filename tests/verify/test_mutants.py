"""Verification can fail: outputs that were tampered with are found out, with a counter-example."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from converter.backend import Artifact, Engine, Observations, TargetEvent, backend
from converter.verify import verify
from tests.verify.case import NAMES, case

TUNNEL, WEB, SHARED_OBJECT, ACCESS, INIT = NAMES


class Tampered:
    """The target's engine, given a text in which every `old` is replaced by `new`."""

    def __init__(self, inner: Engine, old: str, new: str) -> None:
        self._inner = inner
        self._old = old
        self._new = new

    name = "tampered"
    independent = False

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        assert all(self._old in artifact.text for artifact in artifacts), "the mutant changes nothing"
        texts = [replace(artifact, text=artifact.text.replace(self._old, self._new)) for artifact in artifacts]
        return self._inner.run(texts, events, now=now)


# Rule, target, profile, and what is replaced by what in the text: a literal, a wildcard, case, polarity, a condition.
MUTANTS = [
    (TUNNEL, "splunk", "ta", "TCP4-LISTEN", "TCP5-LISTEN"),
    (TUNNEL, "splunk", "ta", "ngrok", "ngrox"),
    (TUNNEL, "splunk", "ta", "fish", "fist"),
    (TUNNEL, "splunk", "ta", 'EventCode="1"', "EventCode=*"),
    (TUNNEL, "splunk", "ecs", ">=4", ">=5"),
    (TUNNEL, "splunk", "ecs", "exec_event", "exec_evenx"),
    (TUNNEL, "sigma", "sigma", "|cased", ""),
    (TUNNEL, "sigma", "sigma", "not selection", "selection"),
    (TUNNEL, "sigma", "sigma", "pivotnacci", "pivotnacco"),
    (TUNNEL, "sigma", "ecs", "|gte: 4", "|gt: 4"),
    (TUNNEL, "osquery", "osquery", "IS NOT TRUE", "IS TRUE"),
    (TUNNEL, "osquery", "osquery", "'* -R *'", "'*-R*'"),
    (TUNNEL, "osquery", "osquery", "parent.path", "e.path"),
    (TUNNEL, "elasticsearch", "ecs", '"gte": 4', '"gt": 4'),
    (TUNNEL, "elasticsearch", "ecs", '"must_not"', '"filter"'),
    (TUNNEL, "elasticsearch", "ecs", '"chmod"', '"chmox"'),
    (WEB, "splunk", "ta", "phpquery", "phpquerx"),
    (WEB, "splunk", "ta", "hiawatha", "hiawathb"),
    (WEB, "sigma", "sigma", "not filter_main_1", "filter_main_1"),
    (WEB, "sigma", "sigma", "lighttpd", "lighttpe"),
    (WEB, "osquery", "osquery", "COLLATE NOCASE", ""),
    (WEB, "osquery", "osquery", "'execve'", "'fork'"),
    (WEB, "elasticsearch", "ecs", ', "case_insensitive": true', ""),
    (WEB, "elasticsearch", "ecs", '"ncat"', '"ncax"'),
    (SHARED_OBJECT, "splunk", "ta", "dev/shm/", "dev/shn/"),
    (SHARED_OBJECT, "splunk", "ecs", "jlink", "jlinx"),
    (SHARED_OBJECT, "splunk", "ecs", "file_rename_event", "file_rename_evenx"),
    (SHARED_OBJECT, "splunk", "ecs", "firstTime>", "firstTime<"),
    (SHARED_OBJECT, "sigma", "sigma", "|endswith", ""),
    (SHARED_OBJECT, "sigma", "ecs", "unattended-upgrade", "unattended-upgradf"),
    (SHARED_OBJECT, "osquery", "osquery", "'*.so'", "'*.so*'"),
    (SHARED_OBJECT, "osquery", "osquery", "vmware-install.pl", "vmware-install.pm"),
    (SHARED_OBJECT, "elasticsearch", "ecs", "now-9m", "now-1s"),
    (SHARED_OBJECT, "elasticsearch", "ecs", "now-5d", "now-1d"),
    (SHARED_OBJECT, "elasticsearch", "ecs", "bin/buildah", "bin/builday"),
    (ACCESS, "splunk", "ta", "lsass", "lsasz"),
    (ACCESS, "splunk", "ta", "_classic_", ".classic."),
    (ACCESS, "splunk", "ecs", "(?is)", "(?s)"),
    (ACCESS, "sigma", "sigma", "_classic_", "?classic?"),
    (ACCESS, "sigma", "sigma", "not filter_main_4", "filter_main_4"),
    (ACCESS, "sigma", "ecs", "event.code: '10'", "event.code|startswith: '1'"),
    (ACCESS, "osquery", "osquery", "e.eventid = 10", "e.eventid > 0"),
    (ACCESS, "osquery", "osquery", "\\_classic\\_", "_classic_"),
    (ACCESS, "elasticsearch", "ecs", "wow64cpu", "wow64cpv"),
    (INIT, "splunk", "ta", "/nix/store/", "/nix/storf/"),
    (INIT, "splunk", "ta", "e2scrub", "e2scruc"),
    (INIT, "splunk", "ecs", "dpkg-remove", "dpkg-removf"),
    (INIT, "sigma", "sigma", "jumpcloud-agent", "jumpcloud-agenx"),
    (INIT, "sigma", "ecs", "/usr/bin/puppet", "/usr/bin/puppex"),
    (INIT, "osquery", "osquery", "'/etc/init.d/*beat*'", "'/etc/init.d/beat*'"),
    (INIT, "osquery", "osquery", "e.operation = 'rename'", "e.operation = 'link'"),
    (INIT, "elasticsearch", "ecs", "/bin/microdnf", "/bin/microdng"),
    (INIT, "elasticsearch", "ecs", '"ln"', '"lm"'),
]


@pytest.mark.parametrize(("name", "target", "profile", "old", "new"), MUTANTS)
def test_a_tampered_text_is_found_out(name: str, target: str, profile: str, old: str, new: str) -> None:
    proof = verify(case(name).rule, target, profile, engine=Tampered(backend(target).engine(), old, new))
    (evidence,) = proof.evidence
    assert not evidence.agree
    assert not proof.holds
    assert evidence.counterexamples, "what disagrees is shown"
    assert all(len(set(example.says.values())) == 2 for example in evidence.counterexamples)
