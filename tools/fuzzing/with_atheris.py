"""Fuzz one target with atheris: `with_atheris.py TARGET INPUTS SECONDS FOLDER`. `run.py` starts it.

The files of libFuzzer, among them the input with an error, are in FOLDER.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hptsdk"]):
    import targets


def main() -> None:
    """Write the seeds and the dictionary for libFuzzer, and run it."""
    name, inputs, seconds, folder = sys.argv[1:]
    corpus = Path(folder) / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(targets.seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-runs={inputs}",
        f"-max_total_time={seconds}",
        "-print_final_stats=1",
        "-timeout=10",
        "-rss_limit_mb=2048",
    ]
    words = Path(folder) / "words"
    words.write_text("".join(f'"{word}"\n' for word in sorted(targets.words())))
    atheris.Setup(
        [sys.argv[0], *options, f"-dict={words}", f"-artifact_prefix={folder}/", str(corpus)], targets.TARGETS[name]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
