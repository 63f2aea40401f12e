"""The pages for other readers than a browser: notebooks, plain text, machines."""
