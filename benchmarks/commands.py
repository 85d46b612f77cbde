"""Compare the command line with a small program that uses typer, and the validation of many files with json.loads."""

import sys
import tempfile
from pathlib import Path

from measure import Row, process, ratio
from small import small

import hptsdk

HELLO = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str): print("hello", name)
@app.command()
def other(name: str): print("other", name)
app()
"""
COMMAND = "import sys; from hptsdk.cli import main; sys.exit(main())"
MANY = 1000


def rows() -> list[Row]:
    """Return the ratios of the help and of the validation."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO)
        starting = ratio(process(["-c", COMMAND, "--help"]), process([str(hello), "--help"]))
        text = hptsdk.dumps(small())
        names = [Path(folder, f"{number}.json") for number in range(MANY)]
        for name in names:
            name.write_text(text)
        # one process that validates one file, and then reads all files three times
        start = f"from hptsdk.cli import main; main(['validate', r'{names[0]}'])"
        reading = f"import json\nfor n in range({MANY}): json.loads(open(r'{folder}/%d.json' % n).read())"
        allowed = process(["-c", "\n".join([start, *[reading] * 3])])
        # more rounds than usual, because the ratio of two processes has a large error
        checking = ratio(process(["-c", COMMAND, "validate", *map(str, names)]), allowed, rounds=75)
    return [
        Row("`hptsdk --help`", "`--help` of a small program that uses typer", starting, 1.3, 1.1),
        Row(
            f"`hptsdk validate` of {MANY:,} small valid files",
            "`hptsdk validate` of one file, and json.loads of all files three times",
            checking,
            1.6,
            1.4,
        ),
    ]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.ratio:.2f}", row.work, file=sys.stderr)
