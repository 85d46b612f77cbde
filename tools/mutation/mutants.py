"""The mutants of a module: copies of its source with one small change each, made by cosmic-ray's operators."""

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
from typing_extensions import TypeIs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmic_ray.operators.operator import Operator

SOURCES = Path(__file__).parents[2] / "src" / "hptsdk"
MODULES = [
    str(path.relative_to(SOURCES))
    for pattern in ("constraints.py", "wire/*.py", "rules/**/*.py", "_validation/_rules.py")
    for path in sorted(SOURCES.glob(pattern))
    if re.search(r"^(class|def) ", path.read_text(), re.MULTILINE)
]

# Operators of cosmic-ray that are not used. The first two need arguments. The others replace `==` and similar operators
# by `is`, and the interpreter decides whether equal numbers or texts are the same object.
EXCLUDED = re.compile(r"Variable(Replacer|Inserter)|Comparison\w+_(Eq|NotEq|Lt|LtE|Gt|GtE)_Is(Not)?")


class Mutant(NamedTuple):
    """A copy of a module with one change.

    Attributes:
        module: the file below `src/hptsdk`.
        function: the qualified name of the changed function; empty for module level.
        operator: the name of cosmic-ray's operator.
        before: the changed line in the original.
        after: the changed line in the mutant.
        source: the whole source of the mutant.
        lines: the lines of the original that a test must execute to detect the change: the changed statement, or at
            module level the functions that use it.
        context: the lines of the changed function. A test that executes more of them is more likely to detect it.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    source: str
    lines: frozenset[int]
    context: frozenset[int]

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The identity of the mutant. It does not depend on line numbers."""
        return self[:5]


def operators() -> dict[str, Operator]:
    """Return the operators of cosmic-ray that are used, by name."""
    names = cosmic_ray.plugins.operator_names()
    return {name: cosmic_ray.plugins.get_operator(name)() for name in names if not EXCLUDED.search(name)}


def mutants_of(module: str) -> Iterator[Mutant]:
    """Return each mutant of a module once, without those that change types or tables, or that the compiler rejects."""
    source = (SOURCES / module).read_text()
    tree = get_ast(source)
    parsed = ast.parse(source)
    ignored = {*lines_of_data(parsed), *lines_of_annotations(parsed)}
    known = {without_annotations(source)}
    for name, operator in operators().items():
        positions = [position for node in ast_nodes(tree) for position in operator.mutation_positions(node)]
        for occurrence, ((position, _), _) in enumerate(positions):
            if position in ignored:
                continue
            mutated = str(mutate_code(source, operator, occurrence))
            line = first_difference(source, mutated)
            if (meaning := without_annotations(mutated)) not in known and line not in ignored and compiles(mutated):
                known.add(meaning)
                function = function_at(parsed, line)
                context = frozenset(lines_of_function(parsed, line) if function else lines_of_users(parsed, line))
                lines = statement_lines(parsed, line) if function else context
                before, after = line_of(source, line), line_of(mutated, line)
                removed = before.startswith("@") and not after.startswith("@")
                yield Mutant(module, function, name, before, "" if removed else after, mutated, lines, context)


def compiles(source: str) -> bool:
    """Check whether the compiler accepts a source without a warning, such as that for `is` with a literal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<mutant>", "exec", dont_inherit=True)
        except (SyntaxError, SyntaxWarning):
            return False
    return True


def first_difference(source: str, mutated: str) -> int:
    """Return the number of the first line with text that differs between the source and the mutant; 1 if none does."""
    pairs = zip_longest(source.splitlines(), mutated.splitlines(), fillvalue="")
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other and one.strip()), 1)


def line_of(source: str, number: int) -> str:
    """Return a line without its indentation."""
    return (source.splitlines()[number - 1 : number] or [""])[0].strip()


class _AnnotationRemover(ast.NodeTransformer):
    """Removes annotations, which only type checkers read."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def without_annotations(source: str) -> str:
    """Return the syntax tree without annotations, as text. Sources with the same text are the same mutant."""
    try:
        return ast.dump(_AnnotationRemover().visit(ast.parse(source)))
    except SyntaxError:
        return source


def lines_of_data(tree: ast.Module) -> Iterator[int]:
    """Return the lines whose changes no test should detect: types, tables of data, and the decorators of caches.

    Data such as the sizes of disks are written in one place. A test could only repeat them. Types are imports for type
    checking and aliases with `|`. A cache changes only the running time.
    """
    for _, function in functions_of(tree):
        yield from (each.lineno for each in function.decorator_list if re.match(r"(lru_)?cache\b", ast.unparse(each)))
    for node in tree.body:
        guard = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        alias = isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and is_alias(node.value)
        table = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
        if guard or alias or table:
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def lines_of_annotations(tree: ast.Module) -> Iterator[int]:
    """Return the lines that contain the types of parameters and results, and nothing that is executed."""
    for _, function in functions_of(tree):
        defaults = [*function.args.defaults, *function.args.kw_defaults]
        if not any(defaults):
            yield from range(function.lineno, function.body[0].lineno)


def is_alias(node: ast.expr) -> bool:
    """Check whether an expression is a union of types."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return is_alias(left) and is_alias(right)
        case ast.Name(id=name):
            return not name.isupper()
        case ast.Subscript() | ast.Constant(value=None):
            return True
        case _:
            return False


def function_at(tree: ast.Module, line: int) -> str:
    """Return the name of the function or method that contains a line; empty at module or class level."""
    for name, node in functions_of(tree):
        if line in lines_of_node(node):
            return name
    return ""


def lines_of_function(tree: ast.Module, line: int) -> Iterator[int]:
    """Return the lines of the function or method that contains a line."""
    for _, node in functions_of(tree):
        if line in lines_of_node(node):
            yield from lines_of_node(node)


def statement_lines(tree: ast.Module, line: int) -> frozenset[int]:
    """Return the lines of the innermost statement that contains a line."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and line in lines_of_node(node)]
    return frozenset(min(map(lines_of_node, statements), key=len))


def lines_of_users(tree: ast.Module, line: int) -> Iterator[int]:
    """Return the lines of the functions that use a name that a line of the module level binds, or that it decorates."""
    bound = {
        name for node in tree.body if first_line(node) <= line <= (node.end_lineno or 0) for name in names_in(node)
    }
    for name, node in functions_of(tree):
        if name in bound or any(isinstance(part, ast.Name) and part.id in bound for part in ast.walk(node)):
            yield from lines_of_node(node)


def lines_of_node(node: ast.stmt) -> range:
    """Return the lines of a statement and of the statements in it."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def first_line(node: ast.stmt) -> int:
    """Return the first line of a statement, including its decorators."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def names_in(node: ast.stmt) -> list[str]:
    """Return the names that a statement binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Return functions and methods with their qualified names."""
    for node in tree.body:
        match node:
            case ast.FunctionDef():
                yield node.name, node
            case ast.ClassDef():
                yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if is_function(inner))


def is_function(node: ast.stmt) -> TypeIs[ast.FunctionDef]:
    """Check whether a statement defines a function."""
    return isinstance(node, ast.FunctionDef)
