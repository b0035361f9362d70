"""Computes calls of operators, and their gradients, with PyTorch in float64.

Reads from standard input, and writes to standard output, what tools/goldens.ts gives and takes. Each
operator is one row of OPERATORS: a function of the inputs and the attributes, written with PyTorch's own
functions. Fractions come as float64, whole numbers as int64.
"""

import json
import sys

import torch
import torch.nn.functional as F


def axes_of(x, axes):
    """The axes of an attribute: one, some, or all of them."""
    if axes is None:
        return list(range(x.dim()))
    return [axes] if isinstance(axes, int) else list(axes)


def over_axes(fold):
    """A reduction of one axis as one of several."""

    def reduce(x, axes, keepDims):
        for axis in sorted((a % x.dim() for a in axes_of(x, axes)), reverse=True):
            x = fold(x, axis, keepDims)
        return x

    return reduce


def scan(run):
    """A running result, backwards too, and without an element's own."""

    def scanned(x, axis, exclusive, reverse):
        y = run(x.flip(axis) if reverse else x, axis)
        if exclusive:
            y = y - (x.flip(axis) if reverse else x)
        return y.flip(axis) if reverse else y

    return scanned


def index_select(x, axis, index):
    n = x.shape[axis]
    flat = torch.index_select(x, axis, (index % n).reshape(-1))
    axis %= x.dim()
    return flat.reshape(*x.shape[:axis], *index.shape, *x.shape[axis + 1:])


def assemble(pieces, shape, offsets, steps, value):
    y = torch.full(shape, float(value), dtype=pieces[0].dtype)
    rank = len(shape)
    for i, piece in enumerate(pieces):
        places = [
            torch.arange(n) * steps[i * rank + a] + offsets[i * rank + a]
            for a, n in enumerate(piece.shape)
        ]
        y = y.index_put(tuple(torch.meshgrid(*places, indexing="ij")), piece)
    return y


def pad(x, low, high, interior, value):
    for axis, between in enumerate(interior):
        n = x.shape[axis]
        spread = list(x.shape)
        spread[axis] = n + max(0, n - 1) * between
        y = torch.full(spread, float(value), dtype=x.dtype)
        x = y.index_copy(axis, torch.arange(n) * (between + 1), x)
    widths = [w for a in reversed(range(x.dim())) for w in (low[a], high[a])]
    return F.pad(x, widths, value=float(value))


def slice_axes(x, starts, ends, steps):
    for axis, bounds in enumerate(zip(starts, ends, steps)):
        places = range(*slice(*bounds).indices(x.shape[axis]))
        x = torch.index_select(x, axis, torch.tensor(list(places)))
    return x


def windows(x, axis, size, stride, dilation):
    reach = (size - 1) * dilation + 1
    return x.unfold(axis, reach, stride)[..., ::dilation]


def pooled(by_rank):
    """Pooling over the last axes, whatever stands before them."""

    def pool(x, kernel, **settings):
        rank = len(kernel)
        images = x.reshape(1, -1, *x.shape[-rank:])
        y = by_rank[rank](images, kernel, **settings)
        return y.reshape(*x.shape[:-rank], *y.shape[-rank:])

    return pool


def avg_pool(x, kernel, stride, padding, ceilMode, countIncludePad):
    return pooled({1: F.avg_pool1d, 2: F.avg_pool2d})(
        x, kernel, stride=stride, padding=padding, ceil_mode=ceilMode,
        count_include_pad=countIncludePad,
    )


def max_pool(x, kernel, stride, padding, dilation, ceilMode):
    return pooled({1: F.max_pool1d, 2: F.max_pool2d})(
        x, kernel, stride=stride, padding=padding, dilation=dilation,
        ceil_mode=ceilMode,
    )


def max_pool_gradient(x, gradient, kernel, stride, dilation):
    with torch.enable_grad():
        inner = x.detach().requires_grad_()
        zero = [0] * len(kernel)
        y = max_pool(inner, kernel, stride, zero, dilation, False)
    # Linear in the gradient, and flat in x: the places of the largest do not move.
    return torch.autograd.grad(y, inner, gradient, create_graph=True)[0] + 0 * x


def adaptive_avg_pool(x, outputSize):
    rank = len(outputSize)
    pool = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d}[rank]
    y = pool(x.reshape(1, -1, *x.shape[-rank:]), outputSize)
    return y.reshape(*x.shape[:-rank], *y.shape[-rank:])


def conv(x, weight, stride, padding, same, dilation, groups):
    rank = len(stride)
    if same:
        return by_axes(rank)(x, weight, padding="same", dilation=dilation, groups=groups)
    widths = [w for a in reversed(range(rank)) for w in padding[2 * a: 2 * a + 2]]
    return by_axes(rank)(
        F.pad(x, widths), weight, stride=stride, dilation=dilation, groups=groups
    )


def by_axes(rank):
    return {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[rank]


def convolution(x, weight, stride, dilation, inputDilation, padding):
    batch, groups, depth, *sizes = x.shape
    rank = len(sizes)
    images = x.reshape(batch, groups * depth, *sizes)
    spread = [0, 0] + [step - 1 for step in inputDilation]
    low = [0, 0] + list(padding[0::2])
    high = [0, 0] + list(padding[1::2])
    y = by_axes(rank)(
        pad(images, low, high, spread, 0),
        weight.reshape(-1, depth, *weight.shape[3:]),
        stride=stride, dilation=dilation, groups=groups,
    )
    return y.reshape(batch, groups, -1, *y.shape[2:])


def scores(query, key, mask, causal, scale):
    factor = query.shape[-1] ** -0.5 if scale is None else scale
    products = query @ key.transpose(-1, -2) * factor
    if mask.dtype == torch.bool:
        products = products.masked_fill(~mask, -torch.inf)
    else:
        products = products + mask
    if causal:
        later = torch.ones(products.shape[-2:], dtype=torch.bool).triu(1)
        products = products.masked_fill(later, -torch.inf)
    return products


def attention(query, key, value, mask, causal, scale):
    return scores(query, key, mask, causal, scale).softmax(-1) @ value


def cholesky(x):
    return torch.linalg.cholesky(x.tril() + x.tril(-1).mT)


def lu(x):
    factors, pivots = torch.linalg.lu_factor(x)
    order = torch.lu_unpack(factors, pivots)[0].argmax(-2)
    still = pivots == torch.arange(1, x.shape[-1] + 1)
    signs = torch.where(still, 1.0, -1.0)
    return torch.cat([factors, order[..., None], signs[..., None]], -1)


def qr(x):
    q, r = torch.linalg.qr(x)
    return torch.cat([q.mT, r], -1)


def signs(rows):
    """The sign of the first element that is at least half as large as any other."""
    size = rows.detach().abs()
    first = (2 * size >= size.amax(-1, keepdim=True)).int().argmax(-1, keepdim=True)
    return rows.detach().gather(-1, first).sign()


def eigh(x):
    values, vectors = torch.linalg.eigh(x.tril() + x.tril(-1).mT)
    rows = vectors.mT
    return torch.cat([rows * signs(rows), values[..., None]], -1)


def svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    sign = signs(u.mT)
    return torch.cat([u.mT * sign, vt * sign, s[..., None]], -1)


def solve(a, b):
    if b.dim() > 1:
        return torch.linalg.solve(a, b)
    return torch.linalg.solve(a, b[:, None])[..., 0]


def triangular_solve(a, b, lower, transpose, unit):
    return torch.linalg.solve_triangular(
        a.mT if transpose else a, b, upper=lower == transpose, unitriangular=unit
    )


NORMS = {"none": "backward", "root": "ortho", "size": "forward"}


def fft(real, imaginary, axes, inverse, normalization):
    # The inverse is the transform of conjugates: here it divides by as much.
    x = torch.complex(*torch.broadcast_tensors(real, imaginary))
    y = torch.fft.fftn(x.conj() if inverse else x, dim=axes, norm=NORMS[normalization])
    return torch.stack([y.real, -y.imag if inverse else y.imag])


def rfft(x, axis, normalization):
    y = torch.fft.rfft(x, dim=axis, norm=NORMS[normalization])
    return torch.stack([y.real, y.imag])


def irfft(real, imaginary, axis, size, normalization):
    x = torch.complex(*torch.broadcast_tensors(real, imaginary))
    norms = {"none": "forward", "root": "ortho", "size": "backward"}
    return torch.fft.irfft(x, size, axis, norm=norms[normalization])


DTYPES = {
    "bool": torch.bool,
    "int8": torch.int64,
    "int32": torch.int64,
    "float16": torch.float64,
    "bfloat16": torch.float64,
    "float32": torch.float64,
}

OPERATORS = {
    "abs": torch.abs,
    "adaptiveAvgPool": adaptive_avg_pool,
    "add": torch.add,
    "after": lambda x, before: x.clone(),
    "all": over_axes(torch.all),
    "and": torch.logical_and,
    "any": over_axes(torch.any),
    "argTopK": lambda x, axis, k, largest: torch.topk(x, k, axis, largest)[1],
    "argmax": lambda x, axis, keepDims: torch.argmax(x, axis, keepDims),
    "argmin": lambda x, axis, keepDims: torch.argmin(x, axis, keepDims),
    "argsort": lambda x, axis, descending: torch.sort(
        x, stable=True, dim=axis, descending=descending)[1],
    "assemble": lambda *pieces, **attributes: assemble(pieces, **attributes),
    "attention": attention,
    "attentionLogSumExp": lambda query, key, mask, causal, scale: torch.logsumexp(
        scores(query, key, mask, causal, scale), -1),
    "avgPool": avg_pool,
    "cast": lambda x, dtype: x.to(DTYPES[dtype]),
    "ceil": torch.ceil,
    "cholesky": cholesky,
    "concat": lambda *xs, axis: torch.cat(xs, axis),
    "conv1d": conv,
    "conv2d": conv,
    "conv3d": conv,
    "convTranspose2d": lambda x, weight, stride, padding, outputPadding, dilation,
    groups: F.conv_transpose2d(
        x, weight, None, stride, padding, outputPadding, groups, dilation),
    "convolution": convolution,
    "cos": torch.cos,
    "cummax": scan(lambda x, axis: torch.cummax(x, axis)[0]),
    "cummin": scan(lambda x, axis: torch.cummin(x, axis)[0]),
    "cumprod": scan(torch.cumprod),
    "cumsum": scan(torch.cumsum),
    "determinant": torch.linalg.det,
    "div": torch.div,
    "dot": lambda a, b: a @ b if b.dim() < 2 else torch.tensordot(a, b, ([-1], [-2])),
    "eigh": eigh,
    "einsum": lambda *xs, spec: torch.einsum(spec, *xs),
    "equal": torch.eq,
    "erf": torch.erf,
    "exp": torch.exp,
    "expand": lambda x, shape: x.expand(shape),
    "fft": fft,
    "flip": lambda x, axes: x.flip(axes_of(x, axes)),
    "floor": torch.floor,
    "gather": lambda x, index, axis: torch.gather(x, axis, index % x.shape[axis]),
    "gelu": F.gelu,
    "guardFinite": lambda x, label: torch.nan_to_num(x),
    "inverse": torch.linalg.inv,
    "iota": lambda size: torch.arange(size),
    "irfft": irfft,
    "kron": torch.kron,
    "layerNorm": lambda x, axes, epsilon: F.layer_norm(
        x, x.shape[-len(axes_of(x, axes)):], eps=epsilon),
    "less": torch.lt,
    "lessOrEqual": torch.le,
    "log": torch.log,
    "logSoftmax": lambda x, axis: F.log_softmax(x, axis),
    "lu": lu,
    "matmul": torch.matmul,
    "matrixPower": lambda x, power: torch.linalg.matrix_power(x, power),
    "max": lambda x, axes, keepDims: torch.amax(x, axes_of(x, axes), keepDims),
    "maxPool": max_pool,
    "maxPoolGradient": max_pool_gradient,
    "maximum": torch.maximum,
    "mean": lambda x, axes, keepDims: torch.mean(x, axes_of(x, axes), keepDims),
    "min": lambda x, axes, keepDims: torch.amin(x, axes_of(x, axes), keepDims),
    "minimum": torch.minimum,
    "mul": torch.mul,
    "neg": torch.neg,
    "not": torch.logical_not,
    "oneHot": lambda x, classes: (x[..., None] == torch.arange(classes)).double(),
    "or": torch.logical_or,
    "pad": pad,
    "permute": lambda x, axes: x.permute(axes),
    "pow": torch.pow,
    "prod": over_axes(torch.prod),
    "pseudoInverse": lambda x, rcond: torch.linalg.pinv(x, rtol=rcond),
    "qr": qr,
    "relu": F.relu,
    "reshape": lambda x, shape: x.reshape(shape),
    "rfft": rfft,
    "round": torch.round,
    "rsqrt": torch.rsqrt,
    "scaledDotProductAttention": attention,
    "scatterAdd": lambda x, index, axis, size: torch.zeros(
        [size if a == axis % x.dim() else n for a, n in enumerate(x.shape)],
        dtype=x.dtype).scatter_add(axis, index % size, x),
    "select": lambda x, axis, index: x.select(axis, index),
    "sigmoid": torch.sigmoid,
    "sign": torch.sign,
    "silu": F.silu,
    "sin": torch.sin,
    "slice": slice_axes,
    "softmax": lambda x, axis: F.softmax(x, axis),
    "solve": solve,
    "sort": lambda x, axis, descending: torch.sort(
        x, stable=True, dim=axis, descending=descending)[0],
    "sqrt": torch.sqrt,
    "squeeze": lambda x, axes: x.reshape([
        n for a, n in enumerate(x.shape)
        if a not in [b % x.dim() for b in axes_of(x, axes)]
    ]),
    "stack": lambda *xs, axis: torch.stack(xs, axis),
    "stopGradient": lambda x: x.detach(),
    "sub": torch.sub,
    "sum": lambda x, axes, keepDims: torch.sum(x, axes_of(x, axes), keepDims),
    "svd": svd,
    "take": lambda x, indices, axis: index_select(x, axis, indices),
    "tanh": torch.tanh,
    "tensordot": lambda a, b, left, right: torch.tensordot(a, b, (left, right)),
    "triangularSolve": triangular_solve,
    "unsqueeze": lambda x, axes: unsqueeze(x, axes),
    "variance": lambda x, axes, keepDims, correction: torch.var(
        x, axes_of(x, axes), correction=int(correction), keepdim=keepDims),
    "where": torch.where,
    "windows": windows,
}

# Functions of single elements that are made of the primitive ones.
OPERATORS |= {
    "acos": torch.acos,
    "acosh": torch.acosh,
    "asin": torch.asin,
    "asinh": torch.asinh,
    "atan": torch.atan,
    "atan2": torch.atan2,
    "atanh": torch.atanh,
    "bitwiseAnd": torch.bitwise_and,
    "bitwiseLeftShift": lambda x, y: x << y,
    "bitwiseNot": torch.bitwise_not,
    "bitwiseOr": torch.bitwise_or,
    "bitwiseRightShift": lambda x, y: x >> y,
    "bitwiseXor": torch.bitwise_xor,
    "cbrt": lambda x: x.sign() * x.abs() ** (1 / 3),
    "celu": F.celu,
    "copysign": torch.copysign,
    "cosh": torch.cosh,
    "elu": F.elu,
    "exp2": torch.exp2,
    "expm1": torch.expm1,
    "floorDivide": lambda a, b: torch.div(a, b, rounding_mode="floor"),
    "fmod": torch.fmod,
    "frac": torch.frac,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "hardshrink": lambda x, **kw: F.hardshrink(x, kw["lambda"]),
    "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
    "hardtanh": lambda x, min, max: F.hardtanh(x, min, max),
    "hypot": torch.hypot,
    "isClose": lambda a, b, rtol, atol, equalNan: torch.isclose(
        a, b, rtol, atol, equalNan),
    "isFinite": torch.isfinite,
    "isInf": torch.isinf,
    "isNan": torch.isnan,
    "leakyRelu": lambda x, negativeSlope: F.leaky_relu(x, negativeSlope),
    "lerp": torch.lerp,
    "log10": torch.log10,
    "log1p": torch.log1p,
    "log2": torch.log2,
    "logAddExp": torch.logaddexp,
    "logSigmoid": F.logsigmoid,
    "logicalAnd": torch.logical_and,
    "logicalNot": torch.logical_not,
    "logicalOr": torch.logical_or,
    "logicalXor": torch.logical_xor,
    "logit": torch.logit,
    "mish": F.mish,
    "nanToNum": torch.nan_to_num,
    "prelu": lambda x, weight: torch.where(x > 0, x, weight * x),
    "reciprocal": torch.reciprocal,
    "relu6": F.relu6,
    "remainder": lambda a, b: a - b * torch.floor(a / b),
    "selu": F.selu,
    "sinc": torch.sinc,
    "sinh": torch.sinh,
    "softplus": F.softplus,
    "softshrink": lambda x, **kw: F.softshrink(x, kw["lambda"]),
    "softsign": F.softsign,
    "square": torch.square,
    "tan": torch.tan,
    "tanhshrink": F.tanhshrink,
    "threshold": F.threshold,
    "trunc": torch.trunc,
    "xlogy": torch.xlogy,
}

# What axes come to.
OPERATORS |= {
    "countNonzero": lambda x, axes, keepDims: (x != 0).sum(
        axes_of(x, axes), keepDims),
    "logCumSumExp": lambda x, axis: torch.logcumsumexp(x, axis),
    "logSumExp": lambda x, axes, keepDims: torch.logsumexp(
        x, axes_of(x, axes), keepDims),
    "median": lambda x, axis, keepDims: torch.median(x, axis, keepDims)[0],
    "nanMean": lambda x, axes, keepDims: torch.nanmean(
        x, axes_of(x, axes), keepDims),
    "nanSum": lambda x, axes, keepDims: torch.nansum(
        x, axes_of(x, axes), keepDims),
    "norm": lambda x, axes, keepDims, order: torch.linalg.vector_norm(
        x, order, axes_of(x, axes), keepDims),
    "quantile": lambda x, axis, keepDims, q: torch.quantile(
        x, q, axis, keepDims),
    "std": lambda x, axes, keepDims, correction: torch.std(
        x, axes_of(x, axes), correction=int(correction), keepdim=keepDims),
}

# Other arrangements of the same elements.
OPERATORS |= {
    "diagEmbed": lambda x, offset: torch.diag_embed(x, offset),
    "diagonal": lambda x, offset, axis1, axis2: torch.diagonal(
        x, offset, axis1, axis2),
    "flatten": lambda x, start, end: torch.flatten(x, start, end),
    "movedim": lambda x, source, destination: torch.movedim(
        x, source, destination),
    "pixelShuffle": lambda x, factor: F.pixel_shuffle(x, factor),
    "pixelUnshuffle": lambda x, factor: F.pixel_unshuffle(x, factor),
    "repeatInterleave": lambda x, repeats, axis: torch.repeat_interleave(
        x, repeats, axis),
    "roll": lambda x, shifts, axes: torch.roll(x, shifts, axes),
    "rot90": lambda x, times, axis1, axis2: torch.rot90(x, times, (axis1, axis2)),
    "swapaxes": lambda x, axis1, axis2: torch.swapaxes(x, axis1, axis2),
    "takeAlongAxis": lambda x, index, axis: torch.take_along_dim(
        x, index % x.shape[axis], axis),
    "tile": lambda x, repeats: torch.tile(x, repeats),
    "trace": lambda x, offset: torch.diagonal(x, offset, -2, -1).sum(-1),
    "tril": lambda x, diagonal: torch.tril(x, diagonal),
    "triu": lambda x, diagonal: torch.triu(x, diagonal),
    "unflatten": lambda x, axis, sizes: x.unflatten(axis, sizes),
}


def scatter_by(reduce):
    def scatter(x, index, source, axis):
        at = index % x.shape[axis]
        if reduce is None:
            return x.scatter(axis, at, source)
        return x.scatter_reduce(axis, at, source, reduce)

    return scatter


def masked_select(x, mask, size, value):
    found = x.masked_select(mask)[:size]
    rest = found.new_full([size - len(found)], value)
    return torch.cat([found, rest])


def nonzero(x, size):
    found = torch.nonzero(x)[:size]
    return torch.cat([found, found.new_full([size - len(found), x.dim()], -1)])


def unique(x, size, value):
    found = torch.sort(x.reshape(-1))[0][:size]
    return torch.cat([found, found.new_full([size - len(found)], value)])


# Elements by their places and by their order. Samples of unique have no equal elements.
OPERATORS |= {
    "bincount": lambda x, size: torch.bincount(x, minlength=size),
    "histogram": lambda x, bins, min, max: torch.histc(x, bins, min, max),
    "maskedFill": lambda x, mask, value: x.masked_fill(mask, value),
    "maskedSelect": masked_select,
    "nonzero": nonzero,
    "scatter": scatter_by(None),
    "scatterMax": scatter_by("amax"),
    "scatterMin": scatter_by("amin"),
    "searchsorted": lambda line, x, right: torch.searchsorted(
        line, x, right=right),
    "segmentSum": lambda x, segments, count: x.new_zeros(
        [count, *x.shape[1:]]).index_add(0, segments, x),
    "unique": unique,
}


def interpolate(x, size, mode, alignCorners):
    if mode == "nearest":
        return F.interpolate(x, size, mode="nearest")
    return F.interpolate(x, size, mode="bilinear", align_corners=alignCorners)


def unfold(x, kernel, stride, padding, dilation):
    batch = x if x.dim() == 4 else x[None]
    columns = F.unfold(batch, kernel, dilation, padding, stride)
    return columns if x.dim() == 4 else columns[0]


# Elements at a common scale, distances, and windows of images.
OPERATORS |= {
    # PyTorch's own gives statistics no gradient.
    "batchNorm": lambda x, mean, variance, axis, epsilon: (
        x - mean[:, None]) / torch.sqrt(variance[:, None] + epsilon),
    "cdist": lambda a, b, order: torch.cdist(a, b, order),
    "cosineSimilarity": lambda a, b, axis, epsilon: F.cosine_similarity(
        a, b, axis, epsilon),
    "digamma": torch.digamma,
    "erfc": torch.erfc,
    "erfinv": torch.erfinv,
    "fold": lambda x, size, kernel, stride, padding, dilation: F.fold(
        x, size, kernel, dilation, padding, stride),
    "glu": lambda x, axis: F.glu(x, axis),
    "groupNorm": lambda x, groups, epsilon: F.group_norm(x, groups, eps=epsilon),
    "instanceNorm": lambda x, epsilon: F.instance_norm(x, eps=epsilon),
    "interpolate": interpolate,
    "lgamma": torch.lgamma,
    "normalize": lambda x, axes, order, epsilon: F.normalize(
        x, order, axes, epsilon),
    "pairwiseDistance": lambda a, b, order, epsilon, keepDims: (
        F.pairwise_distance(a, b, order, epsilon, keepDims)),
    "polygamma": lambda x, order: torch.polygamma(order, x),
    "rmsNorm": lambda x, axes, epsilon: x * torch.rsqrt(
        torch.mean(x * x, axes_of(x, axes), True) + epsilon),
    "softmin": lambda x, axis: F.softmin(x, axis),
    "standardizeBatch": lambda x, axis, epsilon: F.batch_norm(
        x, None, None, training=True, eps=epsilon),
    "unfold": unfold,
}


def unsqueeze(x, axes):
    rank = x.dim() + len(axes_of(x, axes))
    for axis in sorted(a % rank for a in axes_of(x, axes)):
        x = x.unsqueeze(axis)
    return x


def input_of(given):
    dtype = DTYPES[given["dtype"]]
    x = torch.tensor([float(e) for e in given["elements"]], dtype=torch.float64)
    return x.to(dtype).reshape(given["shape"])


def compute(call):
    inputs = [input_of(given) for given in call["inputs"]]
    targets = []
    if call["isDifferentiable"]:
        targets = [x.requires_grad_() for x in inputs if x.is_floating_point()]
    y = OPERATORS[call["operator"]](*inputs, **call["attributes"])
    gradients = []
    if targets and y.requires_grad:
        weights = torch.tensor(call["weights"][: y.numel()], dtype=torch.float64)
        loss = (y * weights.reshape(y.shape)).sum()
        found = torch.autograd.grad(loss, targets, allow_unused=True)
        gradients = [
            numbers(torch.zeros_like(x) if g is None else g)
            for x, g in zip(targets, found)
        ]
    return {"shape": list(y.shape), "elements": numbers(y), "gradients": gradients}


def numbers(x):
    """Nine digits tell every float32 apart."""
    return [float(f"{e:.9g}") for e in x.detach().double().reshape(-1).tolist()]


def main():
    calls = json.load(sys.stdin)
    results = []
    for call in calls:
        if call["operator"] not in OPERATORS:
            continue
        try:
            results.append({**call, **compute(call)})
        except Exception as error:
            name, attributes = call["operator"], call["attributes"]
            raise SystemExit(f"{name} with {attributes}: {error}") from error
    source = f"PyTorch {torch.__version__}, float64"
    json.dump({"source": source, "results": results}, sys.stdout, allow_nan=False)


main()
