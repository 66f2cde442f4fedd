"""Schema changes; they see every room's tables, so they live outermost."""
