"""What the drafting office writes of the report itself: Markdown in, a few plain tags out; figures stay computed."""
