"""Features that every layer has today: what test_random_bodies.py takes."""

ENABLED: list[str] = []
