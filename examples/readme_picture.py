"""Write docs/_static/objective.svg, a picture in the README: the objective values of the demo over time."""

import tempfile
from pathlib import Path

from demo import diabetes, service

TARGET = Path(__file__).parents[1] / "docs" / "_static" / "objective.svg"


def main() -> None:
    """Run the tuning job of the demo, and write the plot."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as opened:
        job = opened.client().create(diabetes.bayesian(random_seed=7).build())
        job.wait(progress=True)
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(job.plots().objective.svg + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
