"""Schemas: the field catalogue of ECS, and the mechanism of profiles that relate a target's events to it."""
