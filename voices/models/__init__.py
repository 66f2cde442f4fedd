"""Models: which there are, which are here, and what hears a language with them."""
