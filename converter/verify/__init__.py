"""Verification: the written text, the effective rule and the source rule are run on events and compared.

`proof` holds the findings, `world` makes target events, `judge` compares, `run` puts them together.
"""

from converter.verify.proof import Counterexample, Evidence, Proof
from converter.verify.run import verify

__all__ = ["Counterexample", "Evidence", "Proof", "verify"]
