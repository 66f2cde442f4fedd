"""What we say, how it sounds, and how we hear."""
