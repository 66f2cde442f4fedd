"""From the words that a recogniser wrote down to what the caller wants; a language is one TOML file beside this."""
