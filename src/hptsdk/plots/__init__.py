"""Pictures of tuning jobs as SVG: `TuningJob.plots` gives them, and `TuningJob.report` puts them on a page."""

from hptsdk.plots._pictures import JobPlots, Picture

__all__ = ["JobPlots", "Picture"]
