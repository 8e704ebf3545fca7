"""Where an evaluation is: its machine, scopes and memory, and how nodes are prepared for it."""
