"""Articles from files into a study: readers of each kind of file, and what admits their articles."""
