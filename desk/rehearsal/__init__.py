"""The rehearsal of a campaign in the town: set the stage, run the waves, show what happened to everyone."""
