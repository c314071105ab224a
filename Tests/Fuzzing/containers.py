#!/usr/bin/env python3
"""Writes a first corpus for each container: containers.py FOLDER CONTAINER...

The files come from the survival trials' generators: well formed, and odd.
"""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks/survival"))
from formats import FORMATS

folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    for seed in range(60):
        choice = random.Random(seed)
        (folder / name / f"seed-{seed}").write_bytes(FORMATS[name].mutate(choice, choice.choice([64, 1024, 8192])))
