"""Derivations: how one ECS field follows from a target event's fields, written once with four faces side by side.

Each module holds one derivation. `forward` and `build` carry events between the schemas, `inverse` rewrites
predicates, `value` gives the ECS value as an expression over target fields. A derivation that is not exact everywhere
declares the domain in which it is.
"""
