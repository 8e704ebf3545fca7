"""Passes that belong to no level: cleaning up, outlining, scalars for rank-0 arrays."""
