"""Web pages in Vietnamese over the register: find, see, approve, run again."""
