"""placeholder"""
from __future__ import annotations
def spoiled(x): return x()
