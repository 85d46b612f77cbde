"""The names of the samplers, in a module that imports nothing else, because the command line lists them in its help."""

from typing import Literal

Sampler = Literal["tpe", "gp"]
"""The samplers of Bayesian searches."""
