"""Plots, and the figures they are drawn from."""
