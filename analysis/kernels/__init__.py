"""Loops over text and counts that numba compiles; everything runs without them, more slowly."""
