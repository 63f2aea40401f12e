"""What a page tells those who link to it, list it or read it by machine."""
