"""Pure functions on frames: canonical record, state at the cut-off, deadlines, counts, indicators."""
