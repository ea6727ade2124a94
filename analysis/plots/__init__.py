"""The plots: each draws one table on a figure; it measures, loads and saves nothing."""
