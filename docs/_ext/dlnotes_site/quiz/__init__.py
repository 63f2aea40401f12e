"""What a reader answers himself: a guess at each short answer, a page that asks all, exercises that reply."""
