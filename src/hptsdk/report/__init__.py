"""The results of a tuning job: a table of its training jobs, plots, an HTML page, a DataFrame."""

from hptsdk.report._dataframe import data_frame as data_frame, typed_hyperparameters as typed_hyperparameters
from hptsdk.report._logged_metrics import CurveReader as CurveReader, MetricReader as MetricReader
from hptsdk.report._page import html_page as html_page, report_body as report_body, report_page as report_page
from hptsdk.report._pictures import JobPlots, Picture
from hptsdk.report._results import JobResults as JobResults, job_results as job_results, minimizes as minimizes

__all__ = ["JobPlots", "Picture"]
