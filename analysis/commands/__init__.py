"""The commands of `framing`, one file for each subject; `analysis.cli` gathers them."""
