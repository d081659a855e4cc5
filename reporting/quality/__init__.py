"""The quality page: for the province's officers, how far each source's figures of a period can be trusted.

`gather` reads the warehouse, `build` finishes every text, `render` sets one HTML file that needs nothing beside it."""
