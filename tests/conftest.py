"""Fixtures with valid instances of every shape, and changes that make tests faster and independent of the machine."""

import gc
import os
import re
import signal
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial

import botocore.loaders
import pytest
import typer.main
from botocore.client import ClientCreator
from botocore.hooks import BaseEventHooks, EventAliaser
from hypothesis import settings, strategies as st

import hptsdk
from hptsdk import advice, schema, shapes
from hptsdk._validation import UNDECIDED, _rules
from hptsdk.constraints import Categories, Pattern
from hptsdk.errors import InvalidShapeError
from hptsdk.testing import strategies

# No deadlines, because tests are slow on a busy machine. `tests` and `thorough` use the same examples in each run, so
# that the result does not change without a change of the code; `explore` uses others.
settings.register_profile("tests", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("explore", max_examples=100, deadline=None)
settings.load_profile("tests")


def pytest_collection_finish():
    """Exclude the collected tests from garbage collection, because they exist until the end."""
    gc.freeze()


def shared(method):
    """Return a method whose results all instances share."""
    results = {}

    def call(_self, *arguments):
        if arguments not in results:
            results[arguments] = method(_self, *arguments)
        return results[arguments]

    return call


# botocore decodes the model of SageMaker for each session, inspects the signatures of a hundred handlers, and creates a
# class for each client, which takes longer than most tests. Here all sessions share the decoded model, the class, and
# the names of events, and handlers are not inspected.
botocore.loaders.create_loader = cache(botocore.loaders.create_loader)
ClientCreator._load_service_model = shared(ClientCreator._load_service_model)
create_class, create_shared_class = ClientCreator._create_client_class, shared(ClientCreator._create_client_class)
ClientCreator._create_client_class = lambda creator, service, model: (
    # boto3 adds methods to the class for S3, but botocore does not
    (create_class if service == "s3" else create_shared_class)(creator, service, model)
)
EventAliaser._alias_event_name = shared(EventAliaser._alias_event_name)
BaseEventHooks._verify_accept_kwargs = lambda _self, _handler: None

# Typer creates all commands for each call in a process, which takes longer than most commands.
typer.main.get_command = cache(typer.main.get_command)


class Connection(sqlite3.Connection):
    """A connection that does not wait until data is on the disk."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # a damaged file fails with the first statement of the code under test
        with suppress(sqlite3.Error):
            self.execute("PRAGMA synchronous = OFF")

    def execute(self, sql, *args):
        return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), *args)


# Waiting for the disk takes most of the time of many tests of the local service. It is needed only if the machine loses
# power. Processes that tests start still wait.
os.fsync = lambda _file: None
sqlite3.connect = partial(sqlite3.connect, factory=Connection)

# hptsdk ignores a rule that raises one of these exceptions, because members of a shape that is not validated can be
# missing. For a validated shape this is a bug of the rule, so the test fails.
apply_groups = _rules.apply_groups


def apply_groups_without_exceptions(groups, shape, quotas=None):
    for needs, parts, takes_quotas, rules in groups if getattr(shape, "_extra", None) is None else ():
        if any(getattr(shape, name, None) is None for name in needs):
            continue
        whole = (((), (shape, quotas) if takes_quotas else (shape,)),)
        for _, arguments in parts(shape) if parts else whole:
            for rule in rules:
                try:
                    rule.function(*arguments)
                except UNDECIDED as error:
                    pytest.fail(f"{rule} raised {error!r} for a valid shape")
    return apply_groups(groups, shape, quotas)


_rules.apply_groups = advice.apply_groups = apply_groups_without_exceptions

# The result of a test does not depend on the terminal. A test of colors or widths sets these variables itself.
for name in (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
    "TTY_COMPATIBLE",
):
    os.environ.pop(name, None)

# If a shell runs the tests in the background, they and the programs that they start would ignore Ctrl-C and Ctrl-\.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGQUIT"):  # not on Windows
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)

# For each type of text in the API, at least one of these is valid.
SAMPLES = (
    "a1",
    "8K",
    "fs-0123456789",
    "s3://bucket/key",
    "ml.m5.large",
    "arn:aws:iam::123456789012:role/Role",
    "arn:aws:lambda:us-east-1:123456789012:function:f",
    "arn:aws:sagemaker:us-east-1:aws:hub-content/hub/Model/m/1.0.0",
    "arn:aws:sagemaker:us-east-1:aws:hub-content/hub/DataSet/d/1.0.0",
    *(
        f"arn:aws:sagemaker:us-east-1:123456789012:{kind}/a1"
        for kind in (
            "training-plan",
            "training-job",
            "hyper-parameter-tuning-job",
            "automl-job",
            "labeling-job",
            "processing-job",
            "model-package",
            "model-package-group",
            "mlflow-tracking-server",
        )
    ),
)


def fitting(info):
    """Return the samples that satisfy a type of text."""
    return [text for text in (*info.known_values, *SAMPLES) if all(c.holds(text) for c in info.constraints)]


def bounds(info, rule, largest):
    """Return the lower and the upper bound of a type, from its constraint with this rule id.

    Without a constraint they are 0 and `largest`.
    """
    constraint = next((c for c in info.constraints if c.rule == rule), None)
    low, high = (constraint.minimum, constraint.maximum) if constraint else (None, None)
    return low or 0, largest if high is None else high


def plain(info, *, full):  # noqa: PLR0911 - one return for each kind
    """Return one valid value of a type; a structure has all its members if `full` is set."""
    match info.kind:
        case "text":
            return fitting(info)[0]
        case "integer":
            return max(1, bounds(info, "range", None)[0])
        case "number":
            return 0.5
        case "boolean":
            return True
        case "timestamp":
            return datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
        case "structure":
            return instance(info.shape, full=full)
        case "list":
            return [plain(info.item, full=full)] * max(1, bounds(info, "items", None)[0])
        case "map":
            return {plain(info.key, full=full): plain(info.item, full=full)}


def instance(cls, /, *, full=False, **members):
    """Create a valid instance with these members, the required ones, and with `full` all others."""
    others = {
        m.attribute: plain(m.type, full=full)
        for m in schema.of(cls).members
        if (full or m.required) and m.attribute not in members
    }
    return cls(**others, **members)


def texts(info):
    """Return a strategy for valid text of a type."""
    kind = next((c for c in info.constraints if isinstance(c, Pattern | Categories)), None)
    low, high = bounds(info, "length", 40)
    size = {"min_size": low, "max_size": min(high, low + 20)}
    match kind:
        case None | Pattern(regex=r"[\S\s]*"):
            texts = st.text(**size)
        case Categories():
            texts = st.text(st.characters(categories=list(kind.categories), include_characters=kind.others), **size)
        case Pattern(regex=".*" | ".+"):
            texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), **size)
        case _:
            regex = re.compile(kind.regex.replace(r"\p{Alnum}", "a-zA-Z0-9"), re.ASCII)
            texts = st.sampled_from(fitting(info)) | st.from_regex(regex, fullmatch=True)
    return texts.filter(lambda text: all(c.holds(text) for c in info.constraints))


@cache
def values(info):  # noqa: PLR0911 - one return for each kind
    """Return a strategy for the valid values of a type."""
    match info.kind:
        case "text":
            return st.sampled_from(fitting(info)) if info.known_values else texts(info)
        case "integer":
            return st.integers(*bounds(info, "range", 2**31 - 1))
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
        case "boolean":
            return st.booleans()
        case "timestamp":
            zones = st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
            return st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)  # noqa: DTZ001 - zones adds it
        case "structure":
            return instances(info.shape)
        case "list":
            low, high = bounds(info, "items", 2)
            return st.lists(values(info.item), min_size=low, max_size=min(high, low + 2))
        case "map":
            return st.dictionaries(values(info.key), values(info.item), max_size=2)


@cache
def instances(cls):
    """Return a strategy for valid instances of a class, each with a few of its optional members."""
    members = schema.of(cls).members
    optional = [m for m in members if not m.required]

    @st.composite
    def built(draw):
        chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
        return cls(**{m.attribute: draw(values(m.type)) for m in members if m.required or m in chosen})

    return built()


@pytest.fixture(scope="module")
def no_rules():
    """Waive all rules in a module whose tests set members without regard to rules."""
    with hptsdk.waived(*(rule.id for rule in schema.rules())):
        yield


@pytest.fixture(scope="session")
def valid():
    """The function that creates one valid instance: `valid(cls, full=False, **members)`."""
    return instance


@pytest.fixture(scope="session")
def any_valid():
    """The function that returns a strategy for instances of a class, without regard to rules: `any_valid(cls)`."""
    return instances


@pytest.fixture(scope="session")
def any_shape():
    """A strategy for valid instances of all classes, which violate no rule."""
    return st.sampled_from(schema.all_shapes()).flatmap(lambda cls: strategies.shapes(cls, extreme=True))


@pytest.fixture(scope="session")
def any_value():
    """The function that returns a strategy for valid values of a type: `any_value(member.type)`."""
    return values


@pytest.fixture(scope="session")
def refused():
    """Return the violations of a call that must raise InvalidShapeError: `refused(function, ...)`."""

    def refused(function, *args, **kwargs):
        with pytest.raises(InvalidShapeError) as raised:
            function(*args, **kwargs)
        return raised.value.violations

    return refused


@pytest.fixture(scope="session")
def messages(refused):
    """The function like `refused` that returns the messages of the violations."""
    return lambda function, *args, **kwargs: [v.message for v in refused(function, *args, **kwargs)]


@pytest.fixture(scope="session")
def evaluated():
    """The function that evaluates the repr of a shape with the names of `hptsdk.shapes` and of builtins only."""
    names = {name: getattr(shapes, name) for name in shapes.__all__}
    return lambda shape: eval(repr(shape), dict(names))  # noqa: S307 - tests check that it can be evaluated
