"""`python -m desk`: the program, for children that are started with this very interpreter."""

from desk.cli import main

main()
