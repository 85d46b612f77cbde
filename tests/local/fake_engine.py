"""A command `podman` that behaves like a container engine, without containers."""

import stat
from pathlib import Path

# `run` starts the file `train` with the variables of --env-file only, and the folder of /opt/ml in BASE.
SCRIPT = """#!/bin/sh
here={folder}
echo "$@" >> "$here/calls"
command=$1
shift
[ -f "$here/$command" ] && . "$here/$command"
[ "$command" = run ] || exit 0
for word in "$@"; do
    case "$word" in
        --env-file=*) file=${{word#--env-file=}} ;;
        --mount=*,destination=/opt/ml) base=${{word#--mount=type=bind,source=}}; base=${{base%,destination=/opt/ml}} ;;
    esac
done
cp "$file" "$here/variables"
exec /usr/bin/env -i BASE="$base" /bin/sh -c '
    while IFS= read -r line; do export "$line"; done < "$1"
    . "$2"
' sh "$file" "$here/train"
"""


class FakeEngine:
    """A command `podman` in a folder of its own.

    Attributes:
        folder: the folder of the command, its behaviour and the record of its calls.
    """

    def __init__(self, folder: Path, train: str = "echo 'loss=0.5;'"):
        self.folder = folder
        folder.mkdir()
        self.behaves("train", train)
        command = folder / "podman"
        command.write_text(SCRIPT.format(folder=folder))
        command.chmod(command.stat().st_mode | stat.S_IXUSR)

    def behaves(self, command: str, script: str) -> None:
        """Run a shell script instead of a command of the engine; the script for `run` runs before the container."""
        (self.folder / command).write_text(f"{script}\n")

    def calls(self, command: str) -> list[list[str]]:
        """Return the arguments of each call of a command."""
        lines = [line.split() for line in (self.folder / "calls").read_text().splitlines()]
        return [words[1:] for words in lines if words[0] == command]

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of the last container."""
        lines = (self.folder / "variables").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)
