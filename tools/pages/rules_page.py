"""The page that lists every rule, from the rules and the tables of `tests/rules`.

As a script, print the number of rules of each level; with `--write`, also write the page.
"""

import importlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import hptsdk
from hptsdk.schema import RuleInfo, TypeInfo
from hptsdk.shapes import CreateHyperParameterTuningJobRequest

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "tests" / "rules"
PAGE = ROOT / "docs" / "reference" / "rules.md"

DEFINITION = "TrainingJobDefinition"
DEFINITIONS = "TrainingJobDefinitions"
CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}.ParameterRanges"
ALGORITHM = f"{DEFINITION}.AlgorithmSpecification"
STATIC = f"{DEFINITION}.StaticHyperParameters"
CHANNELS = f"{DEFINITION}.InputDataConfig"

HEAD = """# Rules

Rules compare members of a structure, or check a member more strictly than the API model.
[Another page](mistakes.md) lists the types, bounds and patterns of single values.

A section has the rules of one structure. The constructor of the structure, such as `hptsdk.shapes.Channel`, raises
`InvalidShapeError` for a rule of the level **error**: AWS documents the rule or was observed to enforce it, or the
request contradicts itself. SageMaker may accept a request that violates a rule of the level **advice**:
`hptsdk.advise(request)` returns the advice, and `TuningClient.create` warns about it. A rule is not applied in a block
`with hptsdk.waived("id"):`, where the id is that in the column "rule".

- **Violated by** has the values with which an otherwise valid request violates this rule and no other. Each line is the
  path of a member in the request and its value as JSON, in which `\\\\` is one backslash. A number in the path is the
  index of an item, "no" means that the member is not set, and "…" stands for omitted items.
- **Basis** is "documented" if a page or the code of AWS has the rule, "observed" if the service was observed to
  enforce it, and "inferred" if it follows from what AWS documents.
- **Source** is a page of AWS, or where the rule was found: an issue or a pull request on GitHub, such as
  `owner/repository#1`, a file or a folder of a repository, or a notebook.

`python3 noxfile.py -s rules` writes this page.
"""

# An example of another structure is shown instead of one with more changes.
MOST_CHANGES = 3

PARENTS = """
## Warm start and its parents

The parents of a request are the tuning jobs in its `WarmStartConfig`. `TuningClient.check_warm_start(request)`
describes each parent once and applies these rules. It returns the violations and does not raise them.
`TuningClient.create` does not apply these rules. `identical-parent-has-the-same-definition` compares `Environment`,
`EnableNetworkIsolation`, `EnableInterContainerTrafficEncryption` and, if both jobs have one, `RetryStrategy`.

| rule | requirement | basis | source |
| --- | --- | --- | --- |
"""


def rows() -> list[Any]:
    """Return the rows of all tables of `tests/rules`."""
    tables = sorted(path.stem for path in TABLES.glob("table_*.py"))
    return [row for table in tables for row in importlib.import_module(table).ROWS]


def of_requests() -> list[RuleInfo]:
    """Return the rules that need no parents."""
    return [rule for rule in hptsdk.schema.rules() if not rule.needs_parents]


def of_parents() -> list[RuleInfo]:
    """Return the rules that compare a warm start with its parents."""
    return [rule for rule in hptsdk.schema.rules() if rule.needs_parents]


# Unchanged members with which a rule compares those that its example changes.
COMPARED = {
    "algorithm-has-its-channels": [f"{CHANNELS}.1.ChannelName"],
    "at-most-100-hyperparameters": [RANGES, f"{DEFINITIONS}.1.HyperParameterRanges"],
    "at-most-thirty-ranges": [
        f"{RANGES}.ContinuousParameterRanges.0.Name",
        f"{RANGES}.CategoricalParameterRanges.0.Name",
    ],
    "attribute-names-need-an-augmented-manifest": [f"{CHANNELS}.0.DataSource.S3DataSource.S3DataType"],
    "augmented-manifest-names-attributes": [f"no {CHANNELS}.0.DataSource.S3DataSource.AttributeNames"],
    "augmented-manifest-needs-pipe-mode": [f"{ALGORITHM}.TrainingInputMode"],
    "auto-parameters-have-no-range": [f"{RANGES}.ContinuousParameterRanges.0.Name"],
    "auto-parameters-need-autotune": ["no Autotune"],
    "channel-groups-exist": [f"no {DEFINITION}.ResourceConfig.InstanceGroups"],
    "channel-names-differ": [f"{CHANNELS}.0.ChannelName"],
    "custom-image-needs-metrics": [f"no {ALGORITHM}.MetricDefinitions"],
    "default-bucket-is-of-the-account": [f"{DEFINITION}.RoleArn"],
    "definition-names-differ": [f"{DEFINITIONS}.0.DefinitionName"],
    "definitions-have-ranges": [f"{DEFINITIONS}.0.HyperParameterRanges"],
    "early-stopping-needs-one-definition": [f"{DEFINITIONS}.1.DefinitionName"],
    "enough-combinations": [
        f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs",
        f"{RANGES}.IntegerParameterRanges",
        f"{RANGES}.CategoricalParameterRanges",
    ],
    "evaluation-metric-fits-the-hyperparameters": [f"{STATIC}.objective"],
    "file-system-needs-a-vpc": [f"no {DEFINITION}.VpcConfig"],
    "hyperband-knows-its-largest-resource": [f"no {CONFIG}.StrategyConfig"],
    "hyperband-settings-need-hyperband": [f"{CONFIG}.Strategy"],
    "hyperparameter-has-an-effect": [f"no {STATIC}.booster"],
    "hyperparameter-needs-its-channel": [f"{CHANNELS}.0.ChannelName", f"{CHANNELS}.1.ChannelName"],
    "hyperparameter-values-fit-together": [f"no {STATIC}.booster"],
    "image-tag-fits-the-processor": [f"{DEFINITION}.ResourceConfig.InstanceType"],
    "longest-wait-needs-spot": [f"no {DEFINITION}.EnableManagedSpotTraining"],
    "marketplace-needs-network-isolation": [f"no {DEFINITION}.EnableNetworkIsolation"],
    "metric-group-takes-any-number": [
        f"{ALGORITHM}.MetricDefinitions.0.Name",
        f"{DEFINITIONS}.1.AlgorithmSpecification.MetricDefinitions.0.Name",
    ],
    "metric-names-differ": [f"{ALGORITHM}.MetricDefinitions.0.Name"],
    "no-decompression-in-file-mode": [f"{ALGORITHM}.TrainingInputMode"],
    "no-more-parallel-than-all-jobs": [f"{CONFIG}.ResourceLimits.MaxParallelTrainingJobs"],
    "no-parent-of-itself": ["HyperParameterTuningJobName"],
    "no-wrapping-in-file-mode": [f"{ALGORITHM}.TrainingInputMode"],
    "not-improving-criterion-can-fire": [f"{CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs"],
    "objective-fits-the-hyperparameters": [f"{STATIC}.objective"],
    "objective-in-the-definitions-only": [f"{DEFINITIONS}.1.DefinitionName"],
    "objective-is-a-defined-metric": [f"{ALGORITHM}.MetricDefinitions.0.Name"],
    "objective-needs-its-channel": [
        f"{CONFIG}.HyperParameterTuningJobObjective.MetricName",
        f"{CHANNELS}.0.ChannelName",
    ],
    "one-kind-of-definition": [f"no {DEFINITIONS}"],
    "one-name-for-one-hyperparameter": [f"{RANGES}.ContinuousParameterRanges.0.Name"],
    "one-objective-for-one-definition": [f"{CONFIG}.HyperParameterTuningJobObjective"],
    "partitions-agree": [f"{ALGORITHM}.TrainingImage"],
    "placement-needs-ultraservers": [f"{DEFINITION}.ResourceConfig.InstanceType"],
    "processor-is-supported": [f"{DEFINITION}.ResourceConfig.InstanceType"],
    "program-has-a-source": [f"no {STATIC}.sagemaker_submit_directory"],
    "range-has-an-effect": [f"{RANGES}.IntegerParameterRanges.0.Name"],
    "range-names-differ": [f"{RANGES}.ContinuousParameterRanges.0.Name"],
    "ranges-in-one-place": [f"{RANGES}.ContinuousParameterRanges.0.Name"],
    "ranges-in-the-definitions-only": [f"{DEFINITIONS}.1.DefinitionName"],
    "regions-agree": [f"{ALGORITHM}.TrainingImage", f"{DEFINITIONS}.0.AlgorithmSpecification.TrainingImage"],
    "resources-given": [f"no {DEFINITION}.HyperParameterTuningResourceConfig"],
    "resources-given-once": [f"{DEFINITION}.ResourceConfig"],
    "single-definition-has-an-objective": [f"no {DEFINITION}.TuningObjective"],
    "something-ends-the-job": [
        f"{CONFIG}.Strategy",
        f"no {CONFIG}.ResourceLimits.MaxRuntimeInSeconds",
        f"no {CONFIG}.TuningJobCompletionCriteria",
        "no Autotune",
    ],
    "something-to-search": ["no Autotune"],
    "source-channel-exists": [f"{CHANNELS}.0.ChannelName"],
    "source-is-single": [f"{CHANNELS}.0.DataSource.S3DataSource"],
    "spot-needs-a-longest-wait": [f"no {DEFINITION}.StoppingCondition.MaxWaitTimeInSeconds"],
    "spot-with-checkpoints": [f"no {DEFINITION}.CheckpointConfig"],
    "static-or-automatic": [f"{DEFINITIONS}.1.StaticHyperParameters.batch"],
    "static-or-tuned": [f"{DEFINITIONS}.1.HyperParameterRanges.CategoricalParameterRanges.0.Name"],
    "training-jobs-within-quota": [f"{CONFIG}.Strategy"],
    "tuning-outlasts-training": [f"{DEFINITION}.StoppingCondition.MaxRuntimeInSeconds"],
    "wait-covers-runtime": [f"{DEFINITION}.StoppingCondition.MaxRuntimeInSeconds"],
    "warm-start-needs-one-definition": [f"{DEFINITIONS}.1.DefinitionName"],
}


def page() -> str:
    """Return the text of the page."""
    by_rule: dict[str, list[Any]] = {}
    for row in sorted(rows(), key=lambda row: len(row.change)):
        by_rule.setdefault(row.rule, []).append(row)
    by_shape: dict[str, list[RuleInfo]] = {}
    for rule in of_requests():
        by_shape.setdefault(rule.shape.__name__, []).append(rule)
    text = HEAD
    for shape, rules in by_shape.items():
        text += f"\n## {shape}\n\n| rule | level | requirement | violated by | basis | source |\n"
        text += "| --- | --- | --- | --- | --- | --- |\n"
        for rule in rules:
            candidates = by_rule[rule.id]
            short = [row for row in candidates if len(row.change) <= MOST_CHANGES]
            example = example_of(next((row for row in short if reports(rule.shape, row)), candidates[0]))
            text += (
                f"| `{rule.id}` | {rule.level} | {cell(rule.sentence)} | {example} | {rule.basis} | {rule.source} |\n"
            )
    text += PARENTS
    for rule in of_parents():
        text += f"| `{rule.id}` | {cell(rule.sentence)} | {rule.basis} | {rule.source} |\n"
    return text


def reports(shape: type[Any], row: Any) -> bool:  # noqa: ANN401 - the tables are no package
    """Check whether a structure, rather than one that contains it, reports the violation of a row."""
    bases = importlib.import_module("bases")
    part: Any = bases.changed(bases.BASES[row.base], row.change)
    part_type: TypeInfo | None = TypeInfo(kind="structure", shape=CreateHyperParameterTuningJobRequest)
    parts: list[tuple[type[Any], Any]] = [(CreateHyperParameterTuningJobRequest, part)]
    for step in re.findall(r"\w+", row.path):
        if part_type is not None and part_type.shape is not None:
            members = hptsdk.schema.of(part_type.shape).members
            part_type = next(member.type for member in members if member.wire_name == step)
        else:
            part_type = part_type and part_type.item
        part = part and (part[int(step)] if isinstance(part, list) else part.get(step))
        if part is not None and part_type is not None and part_type.shape is not None:
            parts.append((part_type.shape, part))
    reporting = [cls for cls, part in parts if row.rule in violated(cls, part)]
    return reporting[-1:] == [shape]


def violated(shape: type[Any], document: Any) -> set[str]:  # noqa: ANN401 - any document
    """Return the rules that a structure violates."""
    try:
        return {advice.rule for advice in hptsdk.advise(hptsdk.from_wire(shape, document))}
    except hptsdk.errors.InvalidShapeError as error:
        return {violation.rule for violation in error.violations}


def example_of(row: Any) -> str:  # noqa: ANN401 - the tables are no package, whose type could be imported
    """Format the values that violate a rule."""
    base = importlib.import_module("bases").BASES[row.base]
    compared = COMPARED.get(row.rule, [])
    if row.base == "builtin":
        compared = [f"{ALGORITHM}.TrainingImage", *compared]
    lines: list[str] = []
    for path in compared:
        value = member(base, path.removeprefix("no "))
        if path not in row.change and (value is None) is path.startswith("no "):
            lines.append(path if value is None else f"{path} = {text_of(value)}")
    for path, value in row.change.items():
        lines.append(f"no {path}" if value is None else f"{path} = {text_of(value)}")
    return "<br>".join(f"`{cell(line)}`" for line in lines)


def member(document: Any, path: str) -> Any:  # noqa: ANN401 - any document
    """Return the value at a path such as "Tags.0.Key"; None if there is none."""
    for step in path.split("."):
        try:
            document = document[int(step) if step.isdigit() else step]
        except LookupError:
            return None
    return document


def text_of(value: object) -> str:
    """Format a value as JSON, without the middle of a list or map of more than six items."""
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {text_of(item)}" for key, item in value.items()]
    elif isinstance(value, list):
        items = [text_of(item) for item in value]
    else:
        return json.dumps(value)
    if len(items) > 6:
        items = [items[0], items[1], "…", items[-1]]
    text = ", ".join(items)
    return f"{{{text}}}" if isinstance(value, dict) else f"[{text}]"


def cell(text: str) -> str:
    """Escape a text for a cell of a table."""
    return text.replace("|", "\\|")


def main() -> None:
    """Print the number of rules of each level and of the mistakes that they cover; with `--write`, write the page."""
    rules = {rule.id: rule.level for rule in of_requests()}
    refs = {ref for rule in of_requests() for ref in rule.refs}
    for level, count in sorted(Counter(rules.values()).items()):
        print(f"{level}: {count}")
    others = {ref for rule in of_parents() for ref in rule.refs}
    print(f"against parents: {len(of_parents())}")
    print(f"mistakes covered: {len(refs)}, and {len(others)} against parents")
    if "--write" in sys.argv:
        PAGE.write_text(page())


if __name__ == "__main__":
    sys.path.insert(0, str(TABLES))
    main()
