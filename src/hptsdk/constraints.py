"""The constraints on single values: those of the API model, and a marker for secrets."""

import re
import unicodedata
from collections.abc import Callable, Sized
from functools import cached_property
from typing import Any, ClassVar

import attrs

__all__ = [
    "Categories",
    "Constraint",
    "Entries",
    "Items",
    "Length",
    "OneOf",
    "Pattern",
    "Range",
    "RoleAddress",
    "S3Address",
    "Secret",
]


class Constraint:
    """A constraint on one value.

    Constraints are immutable. Two of them are equal if they have the same class and the same arguments, except for
    `Pattern.words`. Arguments are attributes of the same names.
    """

    __match_args__: ClassVar[tuple[str, ...]]

    rule: ClassVar[str]
    """The `Violation.rule` of values that violate it."""

    holds: Callable[[Any], bool]
    """Check whether a value of the correct type satisfies the constraint."""

    @property
    def expected(self) -> str:
        """The description of valid values that follows "expected" in a message."""
        raise NotImplementedError

    def hint(self, _value: object, /) -> str:
        """Return how to correct an invalid value; empty text if that is not known."""
        return ""

    # attrs would generate these methods for each class, which takes longer
    def _arguments(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__match_args__}

    def __eq__(self, other: object) -> bool:
        """Compare the class and the arguments."""
        return isinstance(other, Constraint) and type(self) is type(other) and self._arguments() == other._arguments()

    def __hash__(self) -> int:
        """Return the hash of the class and the arguments."""
        return hash((type(self), *self._arguments().values()))

    def __repr__(self) -> str:
        """Return the constraint as code."""
        return f"{type(self).__name__}({', '.join([f'{name}={value!r}' for name, value in self._arguments().items()])})"


@attrs.frozen(slots=False, eq=False, repr=False)
class _Bounds(Constraint):
    """A size or number between two bounds."""

    minimum: float | None = None
    maximum: float | None = None

    # The description, with `{}` in place of the bounds; the second one if `maximum` is 1.
    _format: ClassVar[str]
    _format_of_one: ClassVar[str] = ""

    def _includes(self, size: float) -> bool:
        return (self.minimum is None or size >= self.minimum) and (self.maximum is None or size <= self.maximum)

    @property
    def expected(self) -> str:
        """The valid values, as in "text of 1 to 63 characters"."""
        if self.maximum is None:
            bounds = f"{self.minimum} or more"
        elif self.minimum is None:
            bounds = f"at most {self.maximum}"
        elif self.minimum == self.maximum:
            bounds = f"exactly {self.minimum}"
        else:
            bounds = f"{self.minimum} to {self.maximum}"
        template = self._format if self.maximum != 1 else self._format_of_one or self._format
        return template.format(bounds)


class _SizeBounds(_Bounds):
    """A value whose size is between two bounds."""

    def holds(self, value: Sized) -> bool:
        """Check whether the size of a value is within the bounds."""
        return self._includes(len(value))


class Length(_SizeBounds):
    """Text of `minimum` to `maximum` characters, both included. None, the default, is no bound."""

    rule = "length"
    _format = "text of {} characters"
    _format_of_one = "text of {} character"


class Range(_Bounds):
    """A number from `minimum` to `maximum`, both included. None, the default, is no bound."""

    rule = "range"
    _format = "{}"

    def holds(self, value: float) -> bool:
        """Check whether a number is within the bounds."""
        return self._includes(value)


class Items(_SizeBounds):
    """A list of `minimum` to `maximum` items, both included. None, the default, is no bound."""

    rule = "items"
    _format = "a list of {} items"
    _format_of_one = "a list of {} item"


class Entries(_SizeBounds):
    """A map of `minimum` to `maximum` entries, both included. None, the default, is no bound."""

    rule = "entries"
    _format = "a map of {} entries"
    _format_of_one = "a map of {} entry"


_DESCRIPTIONS = {".*": "text on one line", ".+": "text on one line, not empty", r"[\S\s]*": "text"}


@attrs.frozen(slots=False, eq=False, repr=False)
class Pattern(Constraint):
    r"""Text that a regular expression matches as a whole.

    As in the Java patterns of the service, ``\d``, ``\w`` and ``\s`` match ASCII characters only.

    Args:
        regex: the regular expression, as in the API model.
        words: a description of such text for messages. Defaults to empty text.
    """

    rule = "pattern"

    regex: str
    words: str = ""

    def _arguments(self) -> dict[str, object]:
        return {"regex": self.regex}

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        r"""The compiled expression, without ``\p{Alnum}``, which `re` does not have."""
        return re.compile(self.regex.replace(r"\p{Alnum}", "a-zA-Z0-9"), re.ASCII)

    def holds(self, value: str) -> bool:
        """Check whether the pattern matches the whole text."""
        return self.compiled.fullmatch(value) is not None

    @property
    def expected(self) -> str:
        """The valid text, as in "letters (pattern [a-z]+)", "text like [a-z]+", or "text on one line" for ".*"."""
        if self.regex in _DESCRIPTIONS:
            return _DESCRIPTIONS[self.regex]
        return f"{self.words} (pattern {self.regex})" if self.words else f"text like {self.regex}"


# The maximum number of characters of a path in a hint.
_MAX_PATH = 60


class S3Address(Pattern):
    """A `Pattern` of the address of an object, a prefix or a bucket in S3."""

    def hint(self, value: object, /) -> str:
        """Return the address that was likely meant, or how to use a local folder instead; else empty text."""
        text = str(value).strip()
        if not text.isprintable():
            return ""
        scheme, colon, rest = text.partition(":")
        if colon and scheme.lower() == "s3":
            address = rest.lstrip("/")
            return f"write s3://{address}" if 0 < len(address) <= _MAX_PATH else ""
        if not text or ("://" in text and scheme != "file"):
            return ""
        import json
        import shlex

        path = text.removeprefix("file:").removeprefix("//")
        directory = path if len(path) <= _MAX_PATH else "DIRECTORY"
        return (
            "write s3://BUCKET/PREFIX; with the local service a folder can replace a bucket: "
            f'LocalService("runs", buckets={{"BUCKET": {json.dumps(directory)}}}), '
            f"or hptsdk local serve --root runs --bucket {shlex.quote(f'BUCKET={directory}')}"
        )


# The ARNs of an STS session of a role, with groups for partition, account and role, and of other resources of IAM.
_SESSION = r"arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([\w+=,.@-]{1,64})(?:/.*)?"
_IDENTITY = r"arn:aws[a-z-]*:iam::[0-9]{12}:(user|group|policy|instance-profile|root)\b.*"


class RoleAddress(Pattern):
    """A `Pattern` of the ARN of an IAM role."""

    def hint(self, value: object, /) -> str:
        """Return the role of an STS session, or the type of another resource of IAM; else empty text."""
        text = str(value).strip()
        if session := re.fullmatch(_SESSION, text, re.ASCII):
            partition, account, name = session.groups()
            role = f"arn:{partition}:iam::{account}:role/{name}"
            return f"it is an STS session; use its role, {role}, with the path of the role if it has one"
        if identity := re.fullmatch(_IDENTITY, text, re.ASCII):
            return f"it is not a role but of the type {identity[1]}; use the ARN of a role that SageMaker can assume"
        return ""


@attrs.frozen(slots=False, eq=False, repr=False)
class Categories(Constraint):
    r"""Text of characters from Unicode categories, such as ``\p{L}``, which `re` does not have, and of some others.

    Args:
        categories: first letters of general categories, of "L" for letters, "Z" for spaces and "N" for digits.
        others: further characters, as in "_.:/=+-@".
    """

    rule = "pattern"

    categories: str
    others: str

    @property
    def regex(self) -> str:
        """The pattern of the API model."""
        classes = "".join(f"\\p{{{c}}}" for c in self.categories)
        return f"([{classes}{self.others.replace('-', chr(92) + '-')}]*)"

    @cached_property
    def _ascii(self) -> re.Pattern[str]:
        """The pattern of the ASCII strings, which is much faster than the categories of their characters."""
        characters = "".join(filter(self._belongs, map(chr, range(128))))
        return re.compile(f"[{re.escape(characters)}]*")

    def holds(self, value: str) -> bool:
        """Check whether all characters are allowed."""
        return self._ascii.fullmatch(value) is not None or all(map(self._belongs, value))

    def _belongs(self, character: str) -> bool:
        return character in self.others or unicodedata.category(character)[0] in self.categories

    @property
    def expected(self) -> str:
        """The valid characters, as in "letters, digits and _-"."""
        names = {"L": "letters", "Z": "spaces", "N": "digits"}
        return f"{', '.join(names[c] for c in self.categories)} and {self.others}"


@attrs.frozen(slots=False, eq=False, repr=False)
class OneOf(Constraint):
    """Text that is one of some values.

    Args:
        values: the values, in the order of the API model.
    """

    rule = "enum"

    values: tuple[str, ...]

    def holds(self, value: str) -> bool:
        """Check whether the text is one of the values."""
        return value in self.values

    @property
    def expected(self) -> str:
        """The valid values, as in "one of A, B", or "A" if there is one."""
        return ("one of " if len(self.values) > 1 else "") + ", ".join(self.values)


@attrs.frozen(slots=False, eq=False, repr=False)
class Secret(Constraint):
    """A marker for text that may be a secret and is not shown in messages. All values satisfy it."""

    rule = "secret"

    def holds(self, _value: object) -> bool:
        """Return True."""
        return True

    @property
    def expected(self) -> str:
        """The valid values: any text."""
        return "text"
