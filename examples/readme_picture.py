"""Write docs/_static/objective.svg: the objective of the training jobs of the demo."""

import tempfile
from pathlib import Path

from demo import diabetes, service

TARGET = Path(__file__).parents[1] / "docs" / "_static" / "objective.svg"


def main() -> None:
    """Run the tuning job, and write the plot."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as opened:
        job = opened.client().create(diabetes.bayesian(random_seed=7).build())
        job.wait(progress=True)
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(job.plots().objective.svg + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
