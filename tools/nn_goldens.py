"""Computes layers, losses, optimizers and gradients with PyTorch, in float64, and prints them as JSON.

Each case has the layer's type and settings as this library names them, its state, an input, the output,
a weight for each element of the output, and the gradients of the weighted sum. `deno task goldens:nn`
keeps what it prints; nobody else needs PyTorch.
"""

import json

import torch
from torch import nn

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

CASES = []


def numbers(x):
    """A tensor as shape and elements, with as many digits as float32 has and two more."""
    return {
        "shape": list(x.shape),
        "data": [float(f"{v:.9g}") for v in x.detach().reshape(-1).tolist()],
    }


def spread(module):
    """Values that differ from each other, where PyTorch starts with ones or zeros."""
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape) * 0.5)
    return module


def same(name, value):
    return [(name, value)]


def linear():
    """A linear layer's weights have the inputs first here, and the outputs first there."""

    def rename(name, value):
        if name.endswith("weight") and value.dim() == 2:
            return [(name, value.t())]
        return [(name, value)]

    return rename


def case(type_, config, module, x, rename=same, call=None, after=()):
    module = spread(module)
    if x.is_floating_point():
        x = x.clone().requires_grad_(True)
    state = [
        pair for name, value in module.named_parameters()
        for pair in rename(name, value.detach().clone())
    ]
    y = call(module, x) if call else module(x)
    weights = torch.randn(y.shape)
    (y * weights).sum().backward()
    gradients = [
        pair for name, value in module.named_parameters()
        for pair in rename(name, value.grad)
    ]
    if x.is_floating_point():
        gradients.append(("x", x.grad))
    CASES.append({
        "type": type_,
        "config": config,
        "state": {name: numbers(value) for name, value in state},
        "input": numbers(x),
        "isWhole": not x.is_floating_point(),
        "output": numbers(y),
        "weights": numbers(weights),
        "gradients": {name: numbers(value) for name, value in gradients},
        "after": {
            name: numbers(dict(module.named_buffers())[there])
            for name, there in after
        },
    })


x4 = torch.randn(2, 4, 6, 5)
case("linear", {"inFeatures": 4, "outFeatures": 3}, nn.Linear(4, 3),
     torch.randn(5, 4), linear())
case("conv1d", {"inChannels": 4, "outChannels": 6, "kernelSize": 3, "stride": 2,
                "padding": 1, "groups": 2},
     nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2), torch.randn(2, 4, 9))
case("conv2d", {"inChannels": 4, "outChannels": 3, "kernelSize": [3, 2],
                "padding": [1, 0], "dilation": [1, 2]},
     nn.Conv2d(4, 3, (3, 2), padding=(1, 0), dilation=(1, 2)), x4)
case("conv2d", {"inChannels": 4, "outChannels": 4, "kernelSize": 3,
                "padding": "same", "groups": 4, "bias": False},
     nn.Conv2d(4, 4, 3, padding="same", groups=4, bias=False), x4)
case("conv_transpose2d", {"inChannels": 4, "outChannels": 2, "kernelSize": 3,
                          "stride": 2, "padding": 1, "outputPadding": 1},
     nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1), x4)
case("max_pool2d", {"kernelSize": 2}, nn.MaxPool2d(2), x4)
case("max_pool2d", {"kernelSize": 3, "stride": 1, "padding": 1},
     nn.MaxPool2d(3, stride=1, padding=1), x4)
case("avg_pool2d", {"kernelSize": [2, 3], "padding": [1, 0]},
     nn.AvgPool2d((2, 3), padding=(1, 0)), x4)
case("adaptive_avg_pool2d", {"outputSize": [2, 3]},
     nn.AdaptiveAvgPool2d((2, 3)), x4)
case("layer_norm", {"features": 5}, nn.LayerNorm(5), x4)


class Rms(nn.Module):
    """As of torch.nn.RMSNorm, which older versions lack."""

    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


case("rms_norm", {"features": 5, "epsilon": 1e-6}, Rms(5), x4)
RUNNING = [("runningMean", "running_mean"), ("runningVariance", "running_var")]
case("batch_norm1d", {"features": 4}, nn.BatchNorm1d(4), torch.randn(6, 4),
     after=RUNNING)
case("batch_norm2d", {"features": 4, "momentum": 0.3},
     nn.BatchNorm2d(4, momentum=0.3), x4, after=RUNNING)
case("group_norm", {"features": 4, "groups": 2}, nn.GroupNorm(2, 4), x4)
case("group_norm", {"features": 4, "groups": 4}, nn.GroupNorm(4, 4), x4)
case("embedding", {"numEmbeddings": 7, "embeddingDim": 3}, nn.Embedding(7, 3),
     torch.tensor([[1, 0, 6], [6, 6, 2]]))
for name, module in [("relu", nn.ReLU()), ("gelu", nn.GELU()), ("silu", nn.SiLU()),
                     ("tanh", nn.Tanh()), ("sigmoid", nn.Sigmoid())]:
    case(name, {}, module, torch.randn(3, 4))
case("softmax", {"axis": 1}, nn.Softmax(1), x4)
case("flatten", {}, nn.Flatten(), x4)


def attention(name, value):
    """One tensor for queries, keys and values there, three here, inputs first."""
    if name.startswith("in_proj_"):
        parts = zip(("query", "key", "value"), value.chunk(3))
        field = name.removeprefix("in_proj_")
        return [(f"{part}.{field}", v.t() if v.dim() == 2 else v) for part, v in parts]
    field = name.removeprefix("out_proj.")
    return [(f"output.{field}", value.t() if value.dim() == 2 else value)]


def attend(causal):
    def call(module, x):
        n = x.shape[1]
        mask = torch.triu(torch.ones(n, n, dtype=torch.bool), 1) if causal else None
        return module(x, x, x, attn_mask=mask, need_weights=False)[0]

    return call


for causal in (False, True):
    case("multihead_attention", {"features": 6, "heads": 2, "causal": causal},
         nn.MultiheadAttention(6, 2, batch_first=True), torch.randn(2, 4, 6),
         attention, attend(causal))


def encoder(name, value):
    if name.startswith("self_attn."):
        rest = attention(name.removeprefix("self_attn."), value)
        return [(f"attention.{n}", v) for n, v in rest]
    is_linear = name.startswith("linear") and value.dim() == 2
    return [(name, value.t() if is_linear else value)]


def encode(module, x):
    n = x.shape[1]
    return module(x, torch.triu(torch.ones(n, n, dtype=torch.bool), 1))


case("transformer_encoder_layer",
     {"features": 6, "heads": 2, "hidden": 8, "causal": True},
     nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0, activation="gelu",
                                batch_first=True, norm_first=True),
     torch.randn(2, 4, 6), encoder, encode)


def decoder(name, value):
    for there, here in (("self_attn.", "attention."), ("multihead_attn.", "crossAttention.")):
        if name.startswith(there):
            rest = attention(name.removeprefix(there), value)
            return [(here + n, v) for n, v in rest]
    is_linear = name.startswith("linear") and value.dim() == 2
    return [(name, value.t() if is_linear else value)]


def decode(module, x):
    n = x.shape[1]
    return module(x, x, torch.triu(torch.ones(n, n, dtype=torch.bool), 1))


case("transformer_decoder_layer", {"features": 6, "heads": 2, "hidden": 8},
     nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0, activation="gelu",
                                batch_first=True, norm_first=True),
     torch.randn(2, 4, 6), decoder, decode)


def turn(x):
    """Rotary positions, as of transformers' rotate_half, over [batch, heads, places, features]."""
    n, d = x.shape[-2:]
    slow = 10000.0 ** (-torch.arange(0, d, 2) / d)
    angles = torch.outer(torch.arange(n, dtype=torch.float64), slow).repeat(1, 2)
    half = torch.cat([-x[..., d // 2:], x[..., :d // 2]], -1)
    return x * angles.cos() + half * angles.sin()


class RotaryAttention(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(features, features)
        self.key = nn.Linear(features, features)
        self.value = nn.Linear(features, features)
        self.output = nn.Linear(features, features)

    def forward(self, x):
        def split(y):
            return y.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)

        q, k, v = turn(split(self.query(x))), turn(split(self.key(x))), split(self.value(x))
        scores = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5
        hidden = torch.triu(torch.ones(scores.shape[-2:], dtype=torch.bool), 1)
        y = scores.masked_fill(hidden, -torch.inf).softmax(-1) @ v
        return self.output(y.transpose(1, 2).reshape(x.shape))


case("multihead_attention",
     {"features": 8, "heads": 2, "causal": True, "rotary": True},
     RotaryAttention(8, 2), torch.randn(2, 5, 8), linear())
for make, name in ((nn.LSTM, "lstm"), (nn.GRU, "gru")):
    for layers, both, bias in ((1, False, True), (2, True, True), (1, True, False)):
        case(name, {"inputSize": 3, "hiddenSize": 4, "layers": layers,
                    "bidirectional": both, "bias": bias},
             make(3, 4, layers, bidirectional=both, bias=bias, batch_first=True),
             torch.randn(2, 5, 3), call=lambda module, x: module(x)[0])
case("instance_norm", {"features": 4}, nn.InstanceNorm2d(4), x4)
case("instance_norm", {"features": 4, "affine": True},
     nn.InstanceNorm2d(4, affine=True), x4)


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4, bias=False)
        self.pointwise = nn.Conv2d(4, 3, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


case("separable_conv2d", {"inChannels": 4, "outChannels": 3, "kernelSize": 3,
                          "stride": 2, "padding": 1}, Separable(), x4)


class Waves(nn.Module):
    """As of the code of "The annotated transformer"."""

    def forward(self, x):
        n, d = x.shape[-2:]
        place = torch.arange(n, dtype=torch.float64).unsqueeze(1)
        slow = torch.exp(torch.arange(0, d, 2) * -(torch.log(torch.tensor(1e4)) / d))
        waves = torch.zeros(n, d)
        waves[:, 0::2] = torch.sin(place * slow)
        waves[:, 1::2] = torch.cos(place * slow)
        return x + waves


case("sinusoidal_positions", {"features": 6}, Waves(), torch.randn(2, 5, 6))

x5 = torch.randn(2, 4, 5, 6, 4)
case("conv3d", {"inChannels": 4, "outChannels": 2, "kernelSize": [3, 2, 2],
                "stride": [2, 1, 2], "padding": [1, 0, 1], "groups": 2},
     nn.Conv3d(4, 2, (3, 2, 2), stride=(2, 1, 2), padding=(1, 0, 1), groups=2), x5)
case("conv3d", {"inChannels": 4, "outChannels": 3, "kernelSize": 3,
                "padding": "same", "dilation": [2, 1, 1], "bias": False},
     nn.Conv3d(4, 3, 3, padding="same", dilation=(2, 1, 1), bias=False), x5)

LOSSES = []


def loss(type_, config, compute, prediction, target):
    prediction = prediction.clone().requires_grad_(True)
    value = compute(prediction, target)
    value.backward()
    LOSSES.append({
        "type": type_,
        "config": config,
        "prediction": numbers(prediction),
        "target": numbers(target),
        "isWhole": not target.is_floating_point(),
        "value": float(value),
        "gradient": numbers(prediction.grad),
    })


scores = torch.randn(5, 4) * 3
truth = torch.randn(5, 4)
for reduction in ("mean", "sum"):
    config = {"reduction": reduction}
    loss("mse", config, nn.MSELoss(reduction=reduction), scores, truth)
    loss("mae", config, nn.L1Loss(reduction=reduction), scores, truth)
    loss("huber", {**config, "delta": 1.5},
         nn.HuberLoss(reduction=reduction, delta=1.5), scores, truth)
    loss("cross_entropy", config, nn.CrossEntropyLoss(reduction=reduction), scores,
         torch.tensor([0, 3, 1, 1, 2]))
    loss("binary_cross_entropy_with_logits", config,
         nn.BCEWithLogitsLoss(reduction=reduction), scores * 20, torch.rand(5, 4))
    loss("kl_divergence", config, nn.KLDivLoss(reduction=reduction),
         scores.log_softmax(1), truth.relu().softmax(1) * (truth > 0))

for gamma in (2.0, 0.5):
    def focal(x, t, gamma=gamma):
        entropy = nn.functional.cross_entropy(x, t, reduction="none")
        return ((1 - torch.exp(-entropy)) ** gamma * entropy).mean()

    loss("focal", {"gamma": gamma}, focal, scores, torch.tensor([0, 3, 1, 1, 2]))


def info_nce(x, t):
    likeness = nn.functional.normalize(x) @ nn.functional.normalize(t).t() / 0.2
    return nn.functional.cross_entropy(likeness, torch.arange(len(x)))


loss("info_nce", {"temperature": 0.2}, info_nce, scores, truth)
loss("triplet", {"margin": 0.7},
     lambda x, t: nn.functional.triplet_margin_loss(x, t[:, 0], t[:, 1], margin=0.7),
     truth, torch.randn(5, 2, 4))


def ctc(reduction, blank):
    def compute(x, t):
        lengths = (t >= 0).sum(1)
        return nn.functional.ctc_loss(
            x.log_softmax(2).transpose(0, 1), t.clamp(min=1), torch.full((3,), 7),
            lengths, blank=blank, reduction=reduction)

    return compute


labels = torch.tensor([[1, 2, 2], [3, -1, -1], [2, 1, -1]])
for reduction in ("mean", "sum"):
    loss("ctc", {"reduction": reduction}, ctc(reduction, 0), torch.randn(3, 7, 4),
         labels)
loss("ctc", {"blank": 4}, ctc("mean", 4), torch.randn(3, 7, 5), labels)

OPTIMIZERS = []


class Muon(torch.optim.Optimizer):
    """As of Liu et al. (2025), from the code of Jordan et al.; older PyTorch has none."""

    def __init__(self, params, lr, momentum, weight_decay, rounds=5):
        super().__init__(params, dict(lr=lr, m=momentum, wd=weight_decay, n=rounds))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 1 - group["m"])
                x = p.grad.lerp(m, group["m"])
                if tall := x.shape[0] > x.shape[1]:
                    x = x.t()
                x = x / (x.norm() + 1e-7)
                for _ in range(group["n"]):
                    a = x @ x.t()
                    x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
                if tall:
                    x = x.t()
                p.mul_(1 - group["lr"] * group["wd"])
                p.sub_(group["lr"] * 0.2 * max(p.shape) ** 0.5 * x)


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. (2023); PyTorch has none of its own."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = (b1 * m + (1 - b1) * p.grad).sign()
                p.sub_(group["lr"] * (update + group["weight_decay"] * p))
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


def optimizer(type_, config, make):
    start = torch.randn(3, 2)
    p = nn.Parameter(start.clone())
    rule = make([p])
    slopes, path = [], []
    for _ in range(10):
        slope = torch.randn(3, 2) * 10 ** torch.randint(-2, 2, (3, 2))
        p.grad = slope.clone()
        rule.step()
        slopes.append(numbers(slope))
        path.append(numbers(p))
    OPTIMIZERS.append({
        "type": type_,
        "config": config,
        "start": numbers(start),
        "slopes": slopes,
        "path": path,
    })


O = torch.optim
optimizer("sgd", {"learningRate": 0.1}, lambda p: O.SGD(p, lr=0.1))
optimizer("sgd", {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.01},
          lambda p: O.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01))
optimizer("adam", {"learningRate": 0.1}, lambda p: O.Adam(p, lr=0.1))
optimizer("adam", {"learningRate": 0.1, "beta1": 0.8, "beta2": 0.9, "weightDecay": 0.1},
          lambda p: O.Adam(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.1))
optimizer("adam_w", {"learningRate": 0.1}, lambda p: O.AdamW(p, lr=0.1))
optimizer("adam_w", {"learningRate": 0.1, "weightDecay": 0.5},
          lambda p: O.AdamW(p, lr=0.1, weight_decay=0.5))
optimizer("rms_prop", {"learningRate": 0.1}, lambda p: O.RMSprop(p, lr=0.1))
optimizer("rms_prop", {"learningRate": 0.1, "decay": 0.9, "momentum": 0.5,
                       "weightDecay": 0.1},
          lambda p: O.RMSprop(p, lr=0.1, alpha=0.9, momentum=0.5, weight_decay=0.1))
optimizer("lion", {"learningRate": 0.1, "weightDecay": 0.1},
          lambda p: Lion(p, 0.1, (0.9, 0.99), 0.1))

optimizer("muon", {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.1},
          lambda p: Muon(p, 0.1, 0.9, 0.1))

MODELS = []


def model(name, modules, there, x, call=None):
    """A whole model by PyTorch's names, as it predicts."""
    there = spread(there)
    with torch.no_grad():
        for field, buffer in there.named_buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.rand(buffer.shape) + 0.5)
    there.eval()
    MODELS.append({
        "name": name,
        "modules": modules,
        "state": {field: numbers(value) for field, value in there.state_dict().items()},
        "input": numbers(x),
        "isWhole": not x.is_floating_point(),
        "output": numbers(call(there, x) if call else there(x)),
    })


model("of images", [
    {"conv2d": {"inChannels": 1, "outChannels": 2, "kernelSize": 3}},
    {"batch_norm2d": {"features": 2}},
    {"relu": {}},
    {"max_pool2d": {"kernelSize": 2}},
    {"flatten": {}},
    {"linear": {"inFeatures": 8, "outFeatures": 3}},
], nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2),
                 nn.Flatten(), nn.Linear(8, 3)), torch.randn(2, 1, 6, 6))
encoders = nn.Sequential(
    nn.Embedding(9, 4),
    nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, activation="gelu",
                               batch_first=True, norm_first=True),
    nn.LayerNorm(4), nn.Linear(4, 9, bias=False))
model("of words", [
    {"embedding": {"numEmbeddings": 9, "embeddingDim": 4}},
    {"transformer_encoder_layer": {"features": 4, "heads": 2, "hidden": 6}},
    {"layer_norm": {"features": 4}},
    {"linear": {"inFeatures": 4, "outFeatures": 9, "bias": False}},
], encoders, torch.tensor([[1, 0, 8], [3, 3, 2]]))
model("of series", [
    {"lstm": {"inputSize": 2, "hiddenSize": 3, "bidirectional": True}},
    {"gru": {"inputSize": 6, "hiddenSize": 2}},
], nn.ModuleList([nn.LSTM(2, 3, bidirectional=True, batch_first=True),
                  nn.GRU(6, 2, batch_first=True)]),
      torch.randn(2, 4, 2), lambda m, x: m[1](m[0](x)[0])[0])
model("of translations", [
    {"transformer_decoder_layer": {"features": 4, "heads": 2, "hidden": 6}},
], nn.ModuleList([nn.TransformerDecoderLayer(
    4, 2, 6, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)]),
      torch.randn(2, 3, 4), lambda m, x: decode(m[0], x))

print(json.dumps({"layers": CASES, "losses": LOSSES, "optimizers": OPTIMIZERS,
                  "models": MODELS}, separators=(",", ":")))
