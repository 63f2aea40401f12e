"""How the pages' marks become HTML: headings, tables, folds, names, English among Korean."""
