"""What is found of a signed PDF that came back. pyHanko is imported here alone, and only when a file is looked at."""
