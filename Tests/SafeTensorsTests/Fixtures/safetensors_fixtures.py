#!/usr/bin/env python3
"""Fixtures of the SafeTensors tests, made with PyTorch and the `safetensors` package (0.4 or later).

  safetensors_fixtures.py            writes types.safetensors and statedict.safetensors beside itself
  safetensors_fixtures.py --check    opens swift-written.safetensors, the bytes that the Swift writer has
                                     to produce, with the Python package and compares every value

Value i of a tensor is (i - 3) / 8, which every floating type here holds exactly; integers are i - 3.
"""

import pathlib
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent


def counting(shape, dtype):
    count = 1
    for length in shape:
        count *= length
    values = torch.arange(count, dtype=torch.float64) - 3
    return (values if dtype == torch.int64 else values / 8).to(dtype).reshape(shape)


def write():
    types = {
        "double": counting((2, 3), torch.float64),
        "single": counting((2, 2, 2), torch.float32),
        "half": counting((5,), torch.float16),
        "brain": counting((3, 1), torch.bfloat16),
        "count": counting((), torch.int64),
        "empty": counting((0, 4), torch.float32),
    }
    save_file(types, here / "types.safetensors", {"title": 'quote " slash / tab \t é 😀', "empty": ""})
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    save_file(network.state_dict(), here / "statedict.safetensors")


def check():
    with safe_open(here / "swift-written.safetensors", "pt") as file:
        assert file.metadata() == {"labels": '["é","😀","\\"/\n"]', "format": "1"}, file.metadata()
        assert set(file.keys()) == {"a", "b/ü", "scalar", "none"}, file.keys()
        for name, shape in {"a": (2, 3), "b/ü": (4,), "scalar": (), "none": (3, 0)}.items():
            found = file.get_tensor(name)
            assert found.dtype == torch.float32 and tuple(found.shape) == shape, found
            assert torch.equal(found, counting(shape, torch.float32)), found
    print("swift-written.safetensors reads as it should")


check() if "--check" in sys.argv else write()
