"""When a person may be contacted, and who is next."""
