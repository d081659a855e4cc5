"""What must hold of the data, said once a rule: Great Expectations suites built in code, and their findings.

Great Expectations is imported in `engine` alone, on first use: its import takes seconds.
"""
