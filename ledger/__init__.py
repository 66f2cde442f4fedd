"""Who owes what to whom, and all that was said, promised and paid: the floor on which every room stands."""
