#!/usr/bin/env python3
"""Writes drawn.tsv: derivatives at random points, by central differences with numbers of 6000 bits.

    pip install mpmath && python3 drawn.py [POINTS [SEED]] > drawn.tsv

The columns are those of reference.tsv. Points are drawn where a formula has something to lose: everyday numbers, all orders of
magnitude, neighbours of singularities, differences that are not exact. Points where the value overflows are left out.
"""

import math
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

mp.prec = 6000
STEP = mpf(2) ** -900
POINTS, SEED = (int(given) if given else usual for given, usual in zip((sys.argv[1:] + ["", ""])[:2], (12, 1)))
random.seed(SEED)


def bits(x):
    return struct.pack(">d", x).hex()


def nearest(x):
    """The nearest float, which may be subnormal, zero or infinite."""
    if x == 0:
        return 0.0
    exponent = max(int(mpmath.floor(mpmath.log(abs(x), 2))) - 52, -1074)
    if exponent > 1000:
        return math.copysign(math.inf, x)
    try:
        return math.ldexp(float(int(mpmath.nint(x / mpf(2) ** exponent))), exponent)
    except OverflowError:
        return math.copysign(math.inf, x)


def moved(f, x, *by):
    return f(*[a + sum(h for k, h in by if k == i) for i, a in enumerate(x)])


def first(f, x, i):
    h = min(abs(x[i]), mpf(1)) * STEP
    return (moved(f, x, (i, h)) - moved(f, x, (i, -h))) / (2 * h)


def second(f, x, i, j):
    g, h = (min(abs(x[k]), mpf(1)) * STEP for k in (i, j))
    if i == j:
        return (moved(f, x, (i, h)) - 2 * f(*x) + moved(f, x, (i, -h))) / (h * h)
    corners = ((s * t, moved(f, x, (i, s * g), (j, t * h))) for s in (1, -1) for t in (1, -1))
    return sum(sign * value for sign, value in corners) / (4 * g * h)


# Where the points are.


def one_of(*draws):
    """One of several ways to draw a number."""
    return lambda: random.choice(draws)()


def between(low, high):
    return lambda: random.uniform(low, high)


def magnitude(low, high):
    """Of an order of magnitude between two."""
    return lambda: 10 ** random.uniform(low, high)


def near(x, step=1):
    return lambda: x + step * 2 ** -random.uniform(1, 52)


def signed(draw):
    return lambda: random.choice([-1, 1]) * draw()


positive = one_of(between(0.05, 10), magnitude(-20, 20), magnitude(-307, 307), between(10, 800), near(1), near(1, -1))
number = signed(positive)
inside = signed(one_of(between(0, 1), near(1, -1), magnitude(-18, 0), magnitude(-300, -18)))
above_one = one_of(between(1, 10), near(1), magnitude(0, 300))
above_minus_one = one_of(between(-1, 5), near(-1), signed(magnitude(-20, -0.1)), magnitude(0, 300))
exponent = one_of(between(-20, 20), between(-745, 709), signed(magnitude(-300, 0)))
sigmoid = one_of(between(-30, 30), between(-740, 740))
power = one_of(between(-5, 5), between(-300, 300), signed(magnitude(-20, 0)), lambda: random.choice([-2.0, 0.5, 2.5, 3.0]))
small = one_of(between(-20, 20), signed(magnitude(-300, 1)))
bell = one_of(between(-38, 38), signed(magnitude(-300, 0)))
large = signed(one_of(between(0, 700), magnitude(0, 300)))
tail = signed(one_of(between(0, 6), between(6, 27), magnitude(-300, 0)))
common = signed(one_of(between(1, 2), between(0.01, 100), magnitude(-60, 60)))
term = one_of(between(-40, 5), between(-3, 3))
below = between(-40, -4)
angle = one_of(between(-10, 10), signed(magnitude(-20, 20)), between(-800, 800))


def exp(x):
    return mpmath.exp(x)


FUNCTIONS = {
    "sqrt": (mpmath.sqrt, positive),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), number),
    "recip": (lambda x: 1 / x, number),
    "exp": (exp, exponent),
    "exp2": (lambda x: mpf(2) ** x, exponent),
    "exp_m1": (mpmath.expm1, exponent),
    "ln": (mpmath.log, positive),
    "ln_1p": (mpmath.log1p, above_minus_one),
    "log2": (lambda x: mpmath.log(x, 2), positive),
    "log10": (mpmath.log10, positive),
    "sin": (mpmath.sin, angle),
    "cos": (mpmath.cos, angle),
    "tan": (mpmath.tan, angle),
    "asin": (mpmath.asin, inside),
    "acos": (mpmath.acos, inside),
    "atan": (mpmath.atan, number),
    "sinh": (mpmath.sinh, exponent),
    "cosh": (mpmath.cosh, exponent),
    "tanh": (mpmath.tanh, exponent),
    "asinh": (mpmath.asinh, number),
    "acosh": (mpmath.acosh, above_one),
    "atanh": (mpmath.atanh, inside),
    "erf": (mpmath.erf, tail),
    "hypot": (lambda x, y: mpmath.sqrt(x * x + y * y), number, number),
    "atan2": (mpmath.atan2, number, number),
    "div": (lambda x, y: x / y, number, number),
    "powf": (lambda x, n: exp(n * mpmath.log(x)), positive, power),
    "log": (lambda x, b: mpmath.log(x) / mpmath.log(b), positive, positive),
    **{f"powi_{n}".replace("-", "m"): (lambda x, n=n: x**n, number) for n in (2, 3, 5, -1, -2, -3, -7)},
    "c_sigmoid": (lambda x: 1 / (1 + exp(-x)), sigmoid),
    "c_softplus": (lambda x: mpmath.log1p(exp(x)), sigmoid),
    "c_log_sigmoid": (lambda x: -mpmath.log1p(exp(-x)), sigmoid),
    "c_silu": (lambda x: x / (1 + exp(-x)), sigmoid),
    "c_xlnx": (lambda x: x * mpmath.log(x), positive),
    "c_gauss": (lambda x: exp(-x * x / 2), bell),
    "c_sqrt1px2": (lambda x: mpmath.sqrt(1 + x * x), number),
    "c_sqrtx2": (abs, number),
    "c_lncosh": (lambda x: abs(x) + mpmath.log1p(exp(-2 * abs(x))) - mpmath.log(2), large),
    "c_logaddexp": (lambda x, y: max(x, y) + mpmath.log1p(exp(-abs(x - y))), large, large),
    "c_norm2": (lambda x, y: mpmath.sqrt(x * x + y * y), number, number),
    "c_norm3": (lambda x, y, z: mpmath.sqrt(x * x + y * y + z * z), number, number, number),
    "c_logsumexp": (lambda *x: mpmath.log(sum(map(exp, x))), *[term] * 5),
    "c_softmax": (lambda *x: exp(x[0]) / sum(map(exp, x)), below, term, term),
    **{f"powi_{n}".replace("-", "m"): (lambda x, n=n: x**n, common) for n in (4, 6, 7, 8, 9, 10, -4, -5, -6, -8, -9, -10)},
}
ALIKE = {"hypot", "atan2", "c_norm2", "c_norm3"}


def point(name, draws):
    if name in ALIKE and random.random() < 0.4:
        scale = magnitude(-290, 290)()
        return [scale * random.uniform(-1, 1) for _ in draws]
    x = [draw() for draw in draws]
    # The greatest share of all is what the others lack of 1.
    return point(name, draws) if name == "c_softmax" and x[0] > max(x[1:]) - 1 else x


print("#fn\tcls\tzone\tnargs\targs(bits)\td(bits)\tdlo(bits)\td2|h(bits)")
for name, (f, *draws) in FUNCTIONS.items():
    for _ in range(POINTS * (4 if draws[0] is common else len(draws))):
        x = [float(a) for a in point(name, draws)]
        exact = [mpf(a) for a in x]
        if 0.0 in x or not math.isfinite(nearest(f(*exact))):
            continue
        partials = [first(f, exact, i) for i in range(len(x))]
        d = [nearest(p) for p in partials]
        rest = [nearest(p - mpf(a)) if math.isfinite(a) else 0.0 for p, a in zip(partials, d)]
        pairs = [(i, j) for i in range(len(x)) for j in range(i, len(x))] if len(x) < 4 else []
        hessian = [nearest(second(f, exact, i, j)) for i, j in pairs]
        regular = all(math.isfinite(a) and abs(a) >= sys.float_info.min for a in d)
        columns = [",".join(map(bits, numbers)) for numbers in (x, d, rest, hessian)]
        print("\t".join([name, "reg" if regular else "sub", "drawn", str(len(x)), *columns]))
