"""What integers can be, which checks passed, and what loop kernels ask before they compute."""
