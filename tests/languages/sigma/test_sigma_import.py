"""pySigma takes a tenth of a second to import: it is loaded when a rule is read, not before."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
{statement}
print(sorted(name for name in sys.modules if name == "sigma" or name.startswith("sigma.")) != [])
"""

READ = 'sigma.read("logsource: {product: a}\\ndetection: {sel: {f: a}, condition: sel}")'


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import converter", False),
        ("import backends.sigma", False),
        ("from converter.languages import sigma", False),
        (f"from converter.languages import sigma; {READ}", True),
    ],
)
def test_pysigma_is_loaded_when_a_rule_is_read(statement: str, loaded: bool) -> None:
    program = PROGRAM.format(statement=statement)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(loaded)
