"""What is known of IR as it is: whether it is valid, dominance, effects, calls, last uses."""
