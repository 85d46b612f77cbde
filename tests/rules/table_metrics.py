"""The rules of metric definitions, broken and mended."""

from rows import Row

METRICS = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions"
REGEX = f"{METRICS}.0.Regex"
PATH = f"{METRICS}[0].Regex"


def regex_row(rule, broken, mended):
    return Row(rule, {REGEX: broken}, {REGEX: mended}, PATH)


ROWS = [
    # what no engine compiles, beside what only some do
    regex_row("metric-regex-compiles", r"loss=(\S+", r"loss=(\S+)"),
    regex_row("metric-regex-compiles", r"(loss=(\S+)", r"\(loss=(\S+)"),
    regex_row("metric-regex-compiles", r"loss)=(\S+)", r"loss\)=(\S+)"),
    regex_row("metric-regex-compiles", r"[loss=(\S+)", r"[loss]=(\S+)"),
    regex_row("metric-regex-compiles", r"loss=(\S+)" + "\\", r"loss=(\S+)" + "\\\\"),
    regex_row("metric-regex-compiles", r"*loss=(\S+)", r".*loss=(\S+)"),
    regex_row("metric-regex-compiles", r"loss|+=(\S+)", r"(?i)(?<value>\p{Nd}++)\h*\z"),
    regex_row("metric-regex-compiles", r"loss=(\S**)", r"loss=(\S*+)"),
    regex_row("metric-regex-compiles", r"loss=(\S*??)", r"loss=(\S*?),"),
    regex_row("metric-regex-compiles", r"[9-0]=(\S+)", r"[0-9]=(\S+)"),
    # a group by any syntax, and parentheses that are none
    regex_row("metric-regex-has-a-group", r"loss=\S+;", r"loss=(\S+);"),
    regex_row("metric-regex-has-a-group", r"loss=(?:\S+)", r"loss=(?P<value>\S+)"),
    regex_row("metric-regex-has-a-group", r"(?i)loss=\S+", r"(?i)loss=(?<value>\S+)"),
    regex_row("metric-regex-has-a-group", r"(?<=loss=)\S+", r"(?<=loss=)(\S+)"),
    regex_row("metric-regex-has-a-group", r"loss=\(\S+\)", r"loss=\((\S+)\)"),
    regex_row("metric-regex-has-a-group", r"loss=[(]\S+[)]", r"(?x) loss = (\S+) # loss ("),
    regex_row("metric-regex-has-a-group", r"[[:digit:]]+", r"([[:digit:]]+)"),
    regex_row("metric-group-takes-the-value", r"loss=(.*?)", r"loss=(.*?);"),
    regex_row("metric-group-takes-the-value", r"loss=(.+?)\s*", r"loss=(.+?)\s"),
    regex_row("metric-group-takes-the-value", r"loss=(.*?).*", r"loss=(.*?)$"),
    regex_row("metric-group-takes-the-value", r"loss=(.*?)", r"loss=(.*)"),
    regex_row("metric-group-takes-any-number", r"loss=([0-9\.]+)", r"loss=([-0-9\.e]+)"),
    regex_row("metric-group-takes-any-number", r"loss=(\d+\.\d+)", r"loss=(-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)"),
    regex_row("metric-group-takes-any-number", r"loss=(-?[0-9.]+)", r"loss=(-?[0-9.]+(e-\d+)?)"),
    regex_row("metric-group-takes-any-number", r"loss=([0-9]+(.|e\-)[0-9]+)", r"loss=([-0-9]+(.|e\-)[0-9]+)"),
    regex_row("metric-group-takes-any-number", r"errors=([0-9.]+)", r"errors=([0-9]+)"),
    regex_row("metric-group-takes-any-number", r"loss=([\d.]+)", r"loss=(\S+)"),
    Row(
        "metric-names-differ",
        {f"{METRICS}.1": {"Name": "loss", "Regex": r"l=(\S+)"}},
        {f"{METRICS}.1.Name": "Loss"},
        f"{METRICS}[1].Name",
    ),
    Row(
        "metric-names-differ",
        {f"{METRICS}.1": {"Name": "loss", "Regex": r"loss=(\S+)"}},
        {f"{METRICS}.1": None},
        f"{METRICS}[1].Name",
    ),
    Row(
        "metrics-within-quota",
        {METRICS: [{"Name": name, "Regex": r"=(\S+)"} for name in ("loss", *(f"m{number}" for number in range(20)))]},
        {f"{METRICS}.20": None},
        METRICS,
    ),
    Row(
        "metrics-within-quota",
        {METRICS: [{"Name": name, "Regex": r"=(\S+)"} for name in ("loss", *(f"m{number}" for number in range(39)))]},
        {METRICS: [{"Name": "loss", "Regex": r"=(\S+)"}]},
        METRICS,
    ),
]
