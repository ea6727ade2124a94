"""Coding by people: samples, the sheets that coders fill in, and the desk at which they do it in a notebook."""
