"""Benches: what the product does, beside the barest thing that does the same, measured in one run on one machine."""
