"""The flow of control: what is evaluated or not, how often, and how it is left."""
