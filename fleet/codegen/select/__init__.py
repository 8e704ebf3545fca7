"""From loops to `rv` instructions over virtual registers."""
