"""Charts of the report, one file each: finished coordinates and Vietnamese words, which a template places.

Bars and places are set by the page itself in tables of their own; lines and stacked bars are inline SVG, with their
counts in a table beside them. Nothing is drawn by a library whose next version would move a line."""
