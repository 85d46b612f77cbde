"""Plots of tuning jobs as SVG. `TuningJob.plots` creates them, and `TuningJob.report` writes them to a page."""

from hptsdk.report import JobPlots, Picture

__all__ = ["JobPlots", "Picture"]
