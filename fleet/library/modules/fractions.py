"""`fractions`: rational numbers in lowest terms."""

import primitives

Fraction = primitives.exact_class("fractions.Fraction")
