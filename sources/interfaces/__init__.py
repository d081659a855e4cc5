"""Systems that hand out JSON, and the national portal's published figures."""
