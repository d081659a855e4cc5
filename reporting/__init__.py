"""From facts to pages: a report is a pure function of its input, and the page computes nothing."""
