"""Every table's columns, types and meanings, declared once; seeds and results are checked against them."""
