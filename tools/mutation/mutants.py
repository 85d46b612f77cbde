"""The mutants of a module: copies of its source with one small mistake each, by cosmic-ray's operators."""

from __future__ import annotations

import ast
import re
import warnings
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmic_ray.operators.operator import Operator

SOURCES = Path(__file__).parents[2] / "src" / "hptsdk"
SUBJECTS = [
    "constraints.py",
    "wire/_converter.py",
    "wire/_documents.py",
    "wire/_json.py",
    *(f"rules/{path.name}" for path in sorted((SOURCES / "rules").glob("*.py")) if path.name != "__init__.py"),
]

# Two operators need to be told names; and whether equal numbers or texts are one object is up to the interpreter.
LEFT_OUT = re.compile(r"Variable(Replacer|Inserter)|Comparison\w+_(Eq|NotEq|Lt|LtE|Gt|GtE)_Is(Not)?")


class Mutant(NamedTuple):
    """One mistake: where it is, how the line was and is, the whole source with it, and the functions it concerns."""

    subject: str
    place: str
    before: str
    after: str
    source: str
    users: frozenset[str]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is called, also after lines were added above it."""
        return self[:4]


def operators() -> list[Operator]:
    """Give every operator that makes a mistake which tests can find."""
    names = cosmic_ray.plugins.operator_names()
    return [cosmic_ray.plugins.get_operator(name)() for name in names if not LEFT_OUT.search(name)]


def mutants_of(subject: str) -> Iterator[Mutant]:
    """Give each mutant of a module once, those left out that change types or tables, or that the compiler finds."""
    source = (SOURCES / subject).read_text()
    tree = get_ast(source)
    parsed = ast.parse(source)
    passed_over = set(lines_of_data(parsed))
    met = {bare(source)}
    for operator in operators():
        for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in ast_nodes(tree))):
            mutated = str(mutate_code(source, operator, occurrence))
            line = first_difference(source, mutated)
            if (meaning := bare(mutated)) not in met and line not in passed_over and compiles(mutated):
                met.add(meaning)
                place = place_of(parsed, line)
                users = frozenset({place}) if place else frozenset(users_of(parsed, line))
                before, after = line_of(source, line), line_of(mutated, line)
                gone = before.startswith("@") and not after.startswith("@")
                yield Mutant(subject, place, before, "" if gone else after, mutated, users)


def compiles(source: str) -> bool:
    """Tell whether the compiler takes a source without a warning, as that `is` stands where `==` should."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<mutant>", "exec", dont_inherit=True)
        except (SyntaxError, SyntaxWarning):
            return False
    return True


def first_difference(source: str, mutated: str) -> int:
    """Give the number of the first line of the source that is another in the mutant."""
    pairs = zip_longest(source.splitlines(), mutated.splitlines(), fillvalue="")
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other and one.strip()), 1)


def line_of(source: str, number: int) -> str:
    """Give a line without its indentation."""
    return (source.splitlines()[number - 1 : number] or [""])[0].strip()


class _Bare(ast.NodeTransformer):
    """Takes away what only type checkers read."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def bare(source: str) -> str:
    """Give what a source does, without its annotations; two sources that do the same are one mutant."""
    try:
        return ast.dump(_Bare().visit(ast.parse(source)))
    except SyntaxError:
        return source


def lines_of_data(tree: ast.Module) -> Iterator[int]:
    """Give the lines that only say types or facts: under TYPE_CHECKING, aliases made with `|`, and tables.

    A table's numbers, as the sizes of disks, stand nowhere else: a test could only repeat them.
    """
    for node in tree.body:
        guard = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        alias = isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and is_alias(node.value)
        table = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
        if guard or alias or table:
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def is_alias(node: ast.expr) -> bool:
    """Tell whether an expression is a union of types."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return is_alias(left) and is_alias(right)
        case ast.Name(id=name):
            return not name.isupper()
        case ast.Subscript() | ast.Constant(value=None):
            return True
        case _:
            return False


def place_of(tree: ast.Module, line: int) -> str:
    """Name the function or method that holds a line; empty for what stands at the top or in a class."""
    for name, node in functions_of(tree):
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            return name
    return ""


def users_of(tree: ast.Module, line: int) -> Iterator[str]:
    """Name the functions that use what the statement at a line binds, or that it decorates."""
    bound = {
        name for node in tree.body if first_line(node) <= line <= (node.end_lineno or 0) for name in names_in(node)
    }
    for name, node in functions_of(tree):
        if name in bound or any(isinstance(part, ast.Name) and part.id in bound for part in ast.walk(node)):
            yield name


def first_line(node: ast.stmt) -> int:
    """Give the line where a statement begins, its decorators included."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def names_in(node: ast.stmt) -> list[str]:
    """Give the names that a statement binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give functions and methods with their names as Python qualifies them."""
    for node in tree.body:
        match node:
            case ast.FunctionDef():
                yield node.name, node
            case ast.ClassDef():
                yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if is_function(inner))


def is_function(node: ast.stmt) -> bool:
    """Tell functions from the rest of a class."""
    return isinstance(node, ast.FunctionDef)
