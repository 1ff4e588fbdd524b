"""What docs/architecture.md says about the tree, read off the tree."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from converter.registry import all_codes

ROOT = Path(__file__).resolve().parents[1]
TARGETS = [path.name for path in sorted((ROOT / "backends").iterdir()) if (path / "__init__.py").exists()]


def modules(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def top_level_imports(tree: ast.Module) -> Iterator[str]:
    yield from imports(ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], []))


def test_converter_never_imports_a_backend() -> None:
    found = [path for path, tree in modules("converter") for name in imports(tree) if name.split(".")[0] == "backends"]
    assert found == []


@pytest.mark.parametrize("target", TARGETS)
def test_backends_do_not_import_each_other(target: str) -> None:
    others = {f"backends.{other}" for other in TARGETS if other != target}
    found = [
        (path.name, name)
        for path, tree in modules(f"backends/{target}")
        for name in imports(tree)
        if ".".join(name.split(".")[:2]) in others
    ]
    assert found == []


@pytest.mark.parametrize(
    ("engine", "writers"),
    [
        ("backends/splunk/engine", ["backends.splunk"]),
        ("backends/osquery/engine", ["backends.osquery"]),
        ("backends/elasticsearch/live", ["backends.elasticsearch"]),
        ("converter/languages/dsl", ["backends"]),
        ("converter/languages/lucene", ["backends"]),
        ("converter/languages/sigma", ["backends"]),
    ],
)
def test_engines_share_no_code_with_writers(engine: str, writers: list[str]) -> None:
    """An engine may import itself and facts about its target (osquery's tables, what a profile's columns are in them,
    what Splunk's data models hold), never what writes."""
    facts = ("backends.osquery.schema", "backends.osquery.layout", "backends.splunk.datamodel")
    allowed = (engine.replace("/", "."), *facts)
    found = [
        (path.name, name)
        for path, tree in modules(engine)
        for name in imports(tree)
        if any(name == writer or name.startswith(f"{writer}.") for writer in writers) and not name.startswith(allowed)
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["converter", "backends", "templates"])
def test_every_module_says_what_it_holds(folder: str) -> None:
    assert [path for path, tree in modules(folder) if ast.get_docstring(tree) is None] == []


@pytest.mark.parametrize("folder", ["converter", "backends", "docs", "benchmarks"])
def test_modules_fit_in_the_head(folder: str) -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path, _ in modules(folder)}
    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_every_code_that_is_used_is_registered() -> None:
    """The first argument of everything that carries a code."""
    carriers = {"Loss", "Note", "Assumption", "Finding", "RuleError", "ConfigurationError", "ConverterError"}
    known = all_codes()
    unknown = [
        (path.name, node.args[0].value)
        for folder in ("converter", "backends")
        for path, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in carriers
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value not in known
    ]
    assert unknown == []


def test_every_registered_code_is_used() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("converter", "backends")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".yaml"}
        or (path.suffix == ".toml" and path.parent.name != "codes" and path.name != "codes.toml")
    )
    assert [code for code in all_codes() if code not in sources] == []


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import converter", ["lark", "yaml", "jinja2", "sigma", "backends", "converter.ir"]),
        ("import converter.cli", ["lark", "yaml", "jinja2", "sigma", "backends", "converter.ir"]),
        (
            "import backends.splunk, backends.sigma, backends.osquery, backends.elasticsearch",
            ["jinja2", "sigma", "lark"],
        ),
    ],
)
def test_importing_loads_only_what_is_needed(statement: str, absent: list[str]) -> None:
    check = f"import sys; {statement}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
