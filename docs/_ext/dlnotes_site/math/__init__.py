"""Formulas: MathML, the words for who listens, their font, where lines may end."""
