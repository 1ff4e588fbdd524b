"""The reference evaluator: what a detection selects, by the specification and nothing else."""
