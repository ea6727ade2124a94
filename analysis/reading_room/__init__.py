"""The reading room: choose a bloc, outlet, actor, term or theme, and read the sentences behind its numbers."""
