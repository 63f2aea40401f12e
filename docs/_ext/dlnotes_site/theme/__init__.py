"""The frame around the pages: templates, the Korean interface, and what is mended in the stock theme."""
