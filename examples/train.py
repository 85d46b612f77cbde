"""The training program of the demo: gradient boosting with the data of the channel "train".

It reads the hyperparameters from its arguments, as in script mode.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import KFold, cross_val_score

FOLDS = KFold(5, shuffle=True, random_state=0)


def error_of(model: GradientBoostingRegressor, folder: Path) -> float:
    """Return the root mean squared error of a model in cross-validation."""
    table = np.loadtxt(folder / "train.csv", delimiter=",")
    scores = cross_val_score(model, table[:, :-1], table[:, -1], cv=FOLDS, scoring="neg_root_mean_squared_error")
    return float(-scores.mean())


def main() -> None:
    """Read the hyperparameters and the data, train, and print the objective metric."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--n_estimators", type=int, default=100)
    parser.add_argument("--max_depth", type=int, default=3)
    parser.add_argument("--subsample", type=float, default=1.0)
    parser.add_argument("--loss", default="squared_error")
    hyperparameters = vars(parser.parse_args())
    model = GradientBoostingRegressor(random_state=0, **hyperparameters)
    print(f"validation:rmse={error_of(model, Path(os.environ['SM_CHANNEL_TRAIN'])):.4f};")
    Path(os.environ["SM_MODEL_DIR"], "hyperparameters.txt").write_text(repr(hyperparameters))


if __name__ == "__main__":
    main()
