"""What a value must satisfy to stand in a request: one small class for each kind of bound that the API model knows.

A constraint has two faces made from one fact. `expression` gives the test as Python source, which the checking
function of a shape takes in; `holds` evaluates that same source for one value. `expected` says it for people.
This module knows no shape.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import ClassVar, cast

__all__ = ["Categories", "Constraint", "Entries", "Items", "Length", "OneOf", "Pattern", "Range", "S3Address", "Secret"]

# Objects that generated source refers to, by the name it uses for them.
Names = dict[str, object]


class Constraint:
    """One bound on a value.

    Equal when of the same kind with the same arguments; the arguments are attributes of the same names.
    """

    rule: ClassVar[str]
    """What a violation of this kind is called in `Violation.rule`."""

    def expression(self, value: str, names: Names) -> str:
        """Python source that is true when the variable called `value` satisfies this; `names` takes what it needs."""
        raise NotImplementedError

    @property
    def expected(self) -> str:
        """What would have been right, as the end of "expected …"."""
        raise NotImplementedError

    def hint(self, value: object) -> str:  # noqa: ARG002 - most constraints have none
        """Return how to correct a value that does not satisfy this; empty text if that is not known."""
        return ""

    @cached_property
    def holds(self) -> Callable[[object], bool]:
        """The test as a function of a value that already has the right type."""
        names: Names = {}
        source = f"lambda value: bool({self.expression('value', names)})"
        return cast("Callable[[object], bool]", eval(source, names))  # noqa: S307 - our own source

    def _arguments(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name in type(self).__annotations__}

    def __eq__(self, other: object) -> bool:
        """Tell whether both say the same."""
        if not isinstance(other, Constraint) or type(self) is not type(other):
            return NotImplemented
        return self._arguments() == other._arguments()

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash((type(self), *self._arguments().values()))

    def __repr__(self) -> str:
        """Show the call that makes it."""
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._arguments().items())})"


class _Bounds(Constraint):
    """A number that lies between two bounds, either of which may be missing."""

    minimum: float | None
    maximum: float | None

    # What the bounds are of: source with one place for the variable, and words with one place for the bounds.
    _measured: ClassVar[str]
    _words: ClassVar[str]
    _word: ClassVar[str] = ""

    def __init__(self, minimum: float | None = None, maximum: float | None = None) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def expression(self, value: str, names: Names) -> str:  # noqa: ARG002 - needs no names
        """Compare with the bounds that are there."""
        measured = self._measured.format(value)
        # A length is never below 0, so that bound costs nothing.
        minimum = None if self.minimum == 0 and measured != value else self.minimum
        match minimum, self.maximum:
            case None, None:
                return "True"
            case low, None:
                return f"{measured} >= {low}"
            case None, high:
                return f"{measured} <= {high}"
            case low, high:
                return f"{low} <= {measured} <= {high}"

    @property
    def expected(self) -> str:
        """Say the bounds in words."""
        if self.maximum is None:
            bounds = f"{self.minimum} or more"
        elif self.minimum is None:
            bounds = f"at most {self.maximum}"
        elif self.minimum == self.maximum:
            bounds = f"exactly {self.minimum}"
        else:
            bounds = f"{self.minimum} to {self.maximum}"
        words = self._words if self.maximum != 1 else self._word or self._words
        return words.format(bounds)


class Length(_Bounds):
    """Text of a number of characters within these bounds."""

    rule = "length"
    _measured = "len({})"
    _words = "text of {} characters"
    _word = "text of {} character"
    minimum: float | None
    maximum: float | None


class Range(_Bounds):
    """A number within these bounds, both included."""

    rule = "range"
    _measured = "{}"
    _words = "{}"
    minimum: float | None
    maximum: float | None


class Items(_Bounds):
    """A list of a number of items within these bounds."""

    rule = "items"
    _measured = "len({})"
    _words = "a list of {} items"
    _word = "a list of {} item"
    minimum: float | None
    maximum: float | None


class Entries(_Bounds):
    """A map of a number of entries within these bounds."""

    rule = "entries"
    _measured = "len({})"
    _words = "a map of {} entries"
    _word = "a map of {} entry"
    minimum: float | None
    maximum: float | None


# Source that says the same as a full match of the pattern, and is faster.
_PLAIN = {".*": '"\\n" not in {0}', ".+": '({0} != "" and "\\n" not in {0})', r"[\S\s]*": "True"}


_PLAIN_WORDS = {".*": "text on one line", ".+": "text on one line, not empty", r"[\S\s]*": "text"}


class Pattern(Constraint):
    r"""Text that this regular expression matches as a whole.

    The service's patterns are Java's: `\d`, `\w` and `\s` mean ASCII there, so they do here.
    """

    rule = "pattern"
    regex: str

    def __init__(self, regex: str, words: str = "") -> None:
        self.regex = regex
        self._words = words

    @property
    def words(self) -> str:
        """What such a text is, where there are words for it."""
        return self._words

    def expression(self, value: str, names: Names) -> str:
        """Match the whole text."""
        if self.regex in _PLAIN:
            return _PLAIN[self.regex].format(value)
        python = self.regex.replace(r"\p{Alnum}", "a-zA-Z0-9")
        name = f"match_{len(names)}"
        names[name] = re.compile(python, re.ASCII).fullmatch
        return f"{name}({value})"

    @property
    def expected(self) -> str:
        """Give the pattern, after words for it where there are some."""
        if self.regex in _PLAIN_WORDS:
            return _PLAIN_WORDS[self.regex]
        return f"{self._words} (pattern {self.regex})" if self._words else f"text like {self.regex}"


# A path in a hint has at most so many characters.
_LONGEST_PATH = 60


class S3Address(Pattern):
    """The address of an object, a prefix or a bucket in S3."""

    regex: str

    def hint(self, value: object) -> str:
        """Return the address that was likely meant, or how to use a local directory in its place."""
        text = str(value).strip()
        if not text.isprintable():
            return ""
        scheme, colon, rest = text.partition(":")
        if colon and scheme.lower() == "s3":
            address = rest.lstrip("/")
            return f"write s3://{address}" if 0 < len(address) <= _LONGEST_PATH else ""
        if not text or ("://" in text and scheme != "file"):
            return ""
        import json  # only needed once something is wrong
        import shlex  # likewise

        path = text.removeprefix("file:").removeprefix("//")
        directory = path if len(path) <= _LONGEST_PATH else "DIRECTORY"
        return (
            "write s3://BUCKET/PREFIX; with the local service a directory can take the place of a bucket: "
            f'LocalService(buckets={{"BUCKET": {json.dumps(directory)}}}), '
            f"or hptsdk local serve with --bucket {shlex.quote(f'BUCKET={directory}')}"
        )


class Categories(Constraint):
    r"""Text of characters from Unicode categories and a few others: `\p{L}` and its kind, which `re` lacks.

    Attributes:
        categories: first letters of general categories, as in `"LZN"`.
        others: further characters.
    """

    rule = "pattern"
    categories: str
    others: str

    def __init__(self, categories: str, others: str) -> None:
        self.categories = categories
        self.others = others

    @property
    def regex(self) -> str:
        """The same as the API model writes it."""
        classes = "".join(f"\\p{{{c}}}" for c in self.categories)
        return f"([{classes}{self.others.replace('-', chr(92) + '-')}]*)"

    def expression(self, value: str, names: Names) -> str:
        """Look up the category of each character."""
        name = f"categories_{len(names)}"
        names[name] = self._all_belong
        return f"{name}({value})"

    def _all_belong(self, text: str) -> bool:
        categories, others, category_of = self.categories, self.others, unicodedata.category
        return all(c in others or category_of(c)[0] in categories for c in text)

    @property
    def expected(self) -> str:
        """Name the kinds of characters."""
        kinds = {"L": "letters", "Z": "spaces", "N": "digits"}
        return f"{', '.join(kinds[c] for c in self.categories)} and {self.others}"


class OneOf(Constraint):
    """Text that is one of these values."""

    rule = "enum"
    values: tuple[str, ...]

    def __init__(self, values: tuple[str, ...]) -> None:
        self.values = values

    def expression(self, value: str, names: Names) -> str:
        """Look it up."""
        name = f"values_{len(names)}"
        names[name] = frozenset(self.values)
        return f"{value} in {name}"

    @property
    def expected(self) -> str:
        """List them."""
        return ("one of " if len(self.values) > 1 else "") + ", ".join(self.values)


class Secret(Constraint):
    """Marks text that may be a secret: no message shows any of it. Satisfied by every value."""

    rule = "secret"

    def expression(self, value: str, names: Names) -> str:  # noqa: ARG002 - always true
        """Be true."""
        return "True"

    @property
    def expected(self) -> str:
        """Nothing is expected of it."""
        return "text"
