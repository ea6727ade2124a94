"""What a paper prints: tables, figures at the widths of journals, methods and references, for LaTeX and for Word."""
