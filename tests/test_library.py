"""The library: its names are functions, in whatever order they and the subpackages of their names are imported."""

import subprocess
import sys

import pytest

IMPORTS = (
    "import converter; converter.load('rules')",
    "import converter; converter.targets()",
    "import converter.evaluate, converter.verify",
    "from converter.evaluate import compile_predicate; from converter.verify import judge",
    "from converter import evaluate, load, verify",
)


@pytest.mark.parametrize("first", IMPORTS)
def test_names_of_the_library_are_functions(first: str) -> None:
    program = (
        f"{first}\n"
        "import converter\n"
        "rule = converter.parse('process where process.name == \"nc\"', language='eql')\n"
        "print(converter.evaluate(rule, [{'event.category': 'process', 'process.name': 'nc'}])[0].ids)\n"
        "print(converter.convert(rule, to='elasticsearch').verdict, converter.verify(rule, to='elasticsearch').holds)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.split("\n")[:2], done.stderr) == (["('0',)", "exact True"], "")


def test_importing_the_package_loads_nothing() -> None:
    program = "import sys, converter; print([name for name in sys.modules if name.startswith('converter.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
