"""The configuration of Sphinx. The build needs no network."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "hptsdk"
author = "hptsdk contributors"
version = release = version_of("hptsdk")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "directives"]
exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["hptsdk.css"]
html_title = f"hptsdk {release}"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False

nitpicky = True
nitpick_ignore_regex = [
    # names of the standard library and of other packages in signatures
    (
        "py:(class|exc)",
        r"(abc|collections|datetime|decimal|enum|os|pathlib|re|types|typing|numbers|botocore|hypothesis|pytest)(\..*)?",
    ),
    (
        "py:(class|exc)",
        r"(date|datetime|timedelta|Decimal|Config|Credentials|Path|SearchStrategy|TracebackType|Self|Any|Never)",
    ),
    ("py:(class|exc)", r"(Iterator|Iterable|Mapping|Sequence|Callable|Generator|AbstractContextManager)"),
    ("py:(class|exc)", r"(Exception|BaseException|TypeError|ValueError|RuntimeError|OSError|ImportError|TimeoutError)"),
    ("py:exc", "MlflowException"),
    ("py:class", r"(pd\.DataFrame|Study|hptsdk\.plots\._svg\.Drawing)"),
    ("py:exc", r"MlflowException"),
    # type variables, and types that occur only in annotations
    ("py:class", r"(hptsdk\..*\.)?(AnswerT|PageT|ShapeT|IsolationMode|Query|Request|ScriptSource|Status|Training)"),
    ("py:class", r"(DefinitionsWithoutMinimizeOrMaximize|MinimizeOrMaximizeIsMissing)"),
    # single backticks in docstrings are links if the name exists, otherwise code
    ("py:obj", r"(?!hptsdk\.).*|.*\(.*"),
]

smartquotes = False
default_role = "py:obj"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

myst_heading_anchors = 3
