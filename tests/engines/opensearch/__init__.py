"""OpenSearch: real Lucene, Query DSL and Painless. It judges the search bodies that are written.

It is no Elasticsearch: it has no EQL, and spec elasticsearch-target 3 names where its queries differ.
"""

import os
from pathlib import Path

from tests.engines.installation import Engine, run

_POM = Path(__file__).with_name("pom.xml")
_SERVER = Path(__file__).with_name("Server.java")


def _build(folder: Path) -> None:
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    jars = folder / "lib"
    options = (f"-DoutputDirectory={jars}", "-DincludeScope=runtime")
    run("mvn", "--quiet", "--batch-mode", "--file", _POM, copy, *options, folder=folder)
    run("javac", "-d", folder / "classes", "-classpath", jars / "*", _SERVER, folder=folder)


ENGINE = Engine("opensearch", "2.19.1", (_POM, _SERVER), _build)


def class_path(home: Path) -> str:
    """What Java needs of an installed engine."""
    return os.pathsep.join([str(home / "classes"), str(home / "lib" / "*")])
