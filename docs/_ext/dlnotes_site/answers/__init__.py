"""What the answers are made of: questions, errata, claims and counts, terms, reading time."""
