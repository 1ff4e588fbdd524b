"""Ruleport: reads detection rules written for Elastic and writes rules that other systems run."""
