"""What `framing agreement` says: tables, terminal text and page."""
