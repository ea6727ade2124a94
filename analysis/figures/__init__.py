"""The figures: one file each, a registry, and their export."""
