"""Rows of the rules of metric definitions."""

from rows import Row

METRICS = "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions"
REGEX = f"{METRICS}.0.Regex"
PATH = f"{METRICS}[0].Regex"


def regex_row(rule, broken, mended):
    return Row(rule, {REGEX: broken}, {REGEX: mended}, PATH)


def line_row(regex, of_other, corrected):
    other = {"Name": "other", "Regex": of_other}
    return Row("metric-matches-its-own-line", {REGEX: regex, f"{METRICS}.1": other}, {REGEX: corrected}, PATH)


OWN = "TrainingJobDefinition.TuningObjective"
OBJECTIVE = "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective"


def objective_row(kind, metric, mended):
    """Optimize a metric the wrong way; the mended one has another name or direction."""
    broken = {OBJECTIVE: {"Type": kind, "MetricName": metric}, f"{METRICS}.0.Name": metric}
    other = {"Maximize": "Minimize", "Minimize": "Maximize"}[kind]
    mends = {f"{OBJECTIVE}.Type": other} if mended is None else objective_row(kind, mended, None).change
    return Row("objective-type-fits-the-metric", broken, mends, f"{OBJECTIVE}.Type")


def number_row(metric, group, corrected):
    """Read a metric whose values the group does not match; the corrected name is that of another metric."""
    kind = "Maximize" if metric in {"r2", "test_reward", "-accuracy"} else "Minimize"

    def change(name):
        return {OBJECTIVE: {"Type": kind, "MetricName": name}, METRICS: [{"Name": name, "Regex": f"value={group}"}]}

    return Row("metric-group-takes-any-number", change(metric), change(corrected), PATH)


def of_a_definition(kind):
    return {
        "TrainingJobDefinitions.1.TuningObjective": {"Type": kind, "MetricName": "auc"},
        "TrainingJobDefinitions.1.AlgorithmSpecification.MetricDefinitions.0.Name": "auc",
    }


ROWS = [
    *[
        objective_row("Minimize", metric, None)
        for metric in ("accuracy", "auc", "f1", "precision", "recall", "map", "ndcg", "bleu", "r2")
    ],
    *[
        objective_row("Maximize", metric, None)
        for metric in ("loss", "error", "rmse", "mse", "mae", "mape", "logloss", "perplexity")
    ],
    # whole words between separators of any kind, and in names such as validationLoss
    objective_row("Minimize", "validation:accuracy", "validation:accuracies"),
    objective_row("Minimize", "best_val_accuracy", "best_val_accuracy_loss"),
    objective_row("Minimize", "roc auc", "roc aucs"),
    objective_row("Minimize", "eval/ndcg@10", "eval/undcg@10"),
    objective_row("Minimize", "test:mAP", "test:mapping"),
    objective_row("Maximize", "test:mAPE", "test:mAPEs"),
    objective_row("Minimize", "F1Score", "F10Score"),
    objective_row("Minimize", "validationAUC", "validationAUCs"),
    objective_row("Maximize", "test:RMSE", "neg_rmse"),
    objective_row("Maximize", "validation-error", "lossless"),
    objective_row("Maximize", "val.loss", "-loss"),
    objective_row("Maximize", "validationLoss", "inverse_loss"),
    objective_row("Maximize", "train:mean_wQuantileLoss", "loss-reduction"),
    # the name means the opposite, or nothing
    objective_row("Minimize", "accuracy", "1-accuracy"),
    objective_row("Minimize", "accuracy", "one_minus_accuracy"),
    objective_row("Minimize", "recall", "time_to_recall"),
    objective_row("Minimize", "precision", "precision_std"),
    objective_row("Minimize", "accuracy", "validation:interval-regression-accuracy"),
    objective_row("Maximize", "loss", "score"),
    Row(
        "objective-type-fits-the-metric",
        of_a_definition("Minimize"),
        of_a_definition("Maximize"),
        "TrainingJobDefinitions[1].TuningObjective.Type",
        "several",
    ),
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
    # sign and exponent, as the name of the objective metric allows
    regex_row("metric-group-takes-any-number", r"loss=([0-9\.]+)", r"loss=([0-9\.e-]+)"),
    regex_row("metric-group-takes-any-number", r"loss=(\d+\.\d+)", r"loss=(\d+(?:\.\d+)?(?:[eE]-?\d+)?)"),
    regex_row("metric-group-takes-any-number", r"loss=(-?[0-9.]+)", r"loss=(-?[0-9.]+(e-\d+)?)"),
    regex_row("metric-group-takes-any-number", r"loss=([0-9.]+)", r"loss=([0-9]+)"),
    regex_row("metric-group-takes-any-number", r"loss=([\d.]+)", r"loss=(\S+)"),
    number_row("validation:loss", r"([0-9.]+)", "average loss"),
    number_row("valLoss", r"([0-9.]+)", "validation_losses"),
    number_row("mse", r"([0-9.]+)", "mses"),
    number_row("r2", r"([0-9.e]+)", "accuracy"),
    number_row("test_reward", r"([0-9.]+)", "test_score"),
    number_row("-accuracy", r"([0-9.]+)", "1-accuracy"),
    Row(
        "metric-group-takes-any-number",
        {REGEX: "loss=([0-9.]+)", OBJECTIVE: None, OWN: {"Type": "Minimize", "MetricName": "loss"}},
        {
            f"{METRICS}.0": {"Name": "loss", "Regex": r"loss=(\S+)"},
            f"{METRICS}.1": {"Name": "l", "Regex": "l=([0-9.]+)"},
        },
        PATH,
    ),
    Row(
        "metric-group-takes-any-number",
        {"TrainingJobDefinitions.1.AlgorithmSpecification.MetricDefinitions.0.Regex": "loss=([0-9.]+)"},
        {"TrainingJobDefinitions.1.AlgorithmSpecification.MetricDefinitions.0.Regex": "loss=(.+)"},
        "TrainingJobDefinitions[1].AlgorithmSpecification.MetricDefinitions[0].Regex",
        "several",
    ),
    *[
        regex_row("metric-regex-without-escaped-backslash", f"loss=(\\\\{letter}+)", f"loss=(\\{letter}+)")
        for letter in "dDsSwW"
    ],
    regex_row("metric-regex-without-escaped-backslash", r"loss=([\\d\\.]+)", r"loss=([\d\\.]+)"),
    regex_row("metric-regex-without-escaped-backslash", r"loss=(.+)\\s", r"loss=(.+) in C:\\data"),
    regex_row("metric-regex-without-escaped-backslash", r"loss=(\\\\w*)", r"loss=(\\\w*)"),
    line_row("loss: (.+)", "val_loss: (.+)", r"\bloss: (.+)"),
    line_row("loss: (.+)", "val_loss: (.+)", "^loss: (.+)"),
    line_row("loss: (.+)", "val_loss: (.+)", "(?<!_)loss: (.+)"),
    line_row(".*loss: (.+)", "val_loss: (.+)", "epoch loss: (.+)"),
    line_row(r"loss\=(\S+)", r"val loss=(\d+)", r"loss\=(\S+);"),
    line_row("loss=(.+);", "val-loss=(.+);", "loss=(.+),"),
    line_row("loss: (.+)", "val_loss: (.+);", "val_loss: (.+)"),
    line_row("loss: (.+)", "val_loss: (.+)", "loss. (.+)"),
    line_row("l: (.+)", "loss=1, l: (.+)", ": (.+)"),
    line_row("loss: (.+)", "val_loss: (.+)", "loss: (?P<value>.+)"),
    line_row("loss: (.+)", "val_loss: (.+)", "Loss: (.+)"),
    # the shorter text has an odd number of characters, and the pattern after a group can match nothing
    line_row("mse: (.+)", "rmse: (.+)", "^mse: (.+)"),
    line_row("loss: (.+),?", "val_loss: (.+)", "^loss: (.+),?"),
    # the longer text is earlier in alphabetical order, and so is the pattern after its group
    line_row("loss: (.+)", "eval loss: (.+)", "^loss: (.+)"),
    line_row("loss=(.+),", "val-loss=(.+),", "loss=(.+);"),
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
