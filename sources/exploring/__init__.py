"""Looking at a system that nobody has configured yet, and drafting its folder."""
