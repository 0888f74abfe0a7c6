"""Makes small files of PyTorch and safetensors, with their tensors and what a single layer predicts.

Models/torch/<version>/ has state dicts, checkpoints of training, whole modules and TorchScript in both file formats;
outputs.json has for each file its tensors (shape, type, numbers as text where they are few), and for a single layer
an input and what PyTorch says of it. Runs with every version from 1.6 on, with safetensors beside it.

    python make_torch.py
"""

import collections
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parents[1] / "Models/torch" / torch.__version__.split("+")[0]
ROOT.mkdir(parents=True, exist_ok=True)
torch.manual_seed(42)
# The older format has the source of each module's class with it, and where it is installed: neither is needed here.
torch.serialization.get_source_lines_and_file = lambda module, *_: (["pass"], 1, "source.py")
OUTPUTS = {}


def flatten(value, path=""):
    """The tensors of a value, by the names that lead to them."""
    if isinstance(value, torch.Tensor):
        return {path: value}
    if isinstance(value, torch.nn.Module):
        # As a module's pickle holds them: its own parameters and buffers before those of its parts.
        own = dict(value.named_parameters(recurse=False))
        own.update({name: tensor for name, tensor in value.named_buffers(recurse=False)})
        items = list(own.items()) + list(value.named_children())
    elif isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        return {}
    found = {}
    for name, inner in items:
        found.update(flatten(inner, f"{path}.{name}" if path else str(name)))
    return found


def numbers(tensor):
    """A tensor's numbers, row-major; NaN and infinities as text."""
    tensor = tensor.detach().contiguous()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    return [x if isinstance(x, (int, bool)) or abs(x) < 1e300 else str(x) for x in tensor.double().flatten().tolist()]


def note(name, value, **more):
    tensors = {key: {"shape": list(tensor.shape), "type": str(tensor.dtype)[6:], "numbers": numbers(tensor)}
               for key, tensor in flatten(value).items()}
    OUTPUTS[name] = {"tensors": tensors, **more}


def save(name, value, legacy=False, **more):
    torch.save(value, ROOT / name, _use_new_zipfile_serialization=not legacy)
    note(name, value, **more)


stack = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
optimizer = torch.optim.Adam(stack.parameters(), lr=0.01)
rows = torch.randn(16, 4)
for _ in range(2):
    optimizer.zero_grad()
    (stack(rows) ** 2).mean().backward()
    optimizer.step()
stack.eval()
linear = torch.nn.Linear(4, 3)
test = torch.randn(8, 4).round()
with torch.no_grad():
    said = {"input": test.tolist(), "prediction": linear(test).tolist()}

base = torch.arange(12, dtype=torch.float32)
types = collections.OrderedDict(
    (str(dtype)[6:], torch.tensor([0, 1, 2, 5]).to(dtype))
    for dtype in [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16,
                  torch.bfloat16, torch.float32, torch.float64, torch.complex64])
views = {"transposed": base.reshape(3, 4).t(), "whole": base, "part": base[5:9], "every_other": base[1::2],
         "expanded": base[:3].expand(2, 3), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}
strange = {"mask": torch.tensor([[0.0, float("-inf")], [0.0, 0.0]]),
           "broken": torch.tensor([1.0, float("nan"), float("nan")]), "half": torch.tensor([float("inf")]).half()}
training = {"epoch": 3, "loss": 0.25, "model_state_dict": stack.state_dict(), "optimizer_state_dict": optimizer.state_dict()}
lightning = {"epoch": 1, "global_step": 4, "pytorch-lightning_version": "2.5.0", "state_dict": linear.state_dict(),
             "callbacks": {}, "optimizer_states": [], "lr_schedulers": []}

for legacy in [False, True]:
    suffix = "-legacy.pt" if legacy else ".pt"
    save("linear" + suffix, linear.state_dict(), legacy, **said)
    save("stack" + suffix, stack.state_dict(), legacy)
    save("training" + suffix, training, legacy)
    save("types" + suffix, types, legacy)
    save("views" + suffix, views, legacy)
    save("module" + suffix, stack, legacy)
save("strange.pt", strange)
save("lightning.ckpt", lightning, **said)
torch.jit.save(torch.jit.script(stack), str(ROOT / "script.pt"))
note("script.pt", stack)
save_file(linear.state_dict(), ROOT / "linear.safetensors", metadata={"format": "pt"})
note("linear.safetensors", linear.state_dict(), **said)
plain = {name: tensor for name, tensor in types.items() if not tensor.is_complex()}
save_file(plain, ROOT / "types.safetensors")
note("types.safetensors", plain)
(ROOT / "outputs.json").write_text(json.dumps(OUTPUTS, indent=1) + "\n")
