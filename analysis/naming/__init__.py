"""Whom a text means: short forms of what it has named ("the president", "the defendants"), and names of others."""
