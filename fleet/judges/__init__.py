"""The judges: a kernel on every layer, what departs, and which pass, rule or instruction did it."""
