"""`colorsys`: colours by red, green and blue, and by other parts."""

from primitives import codec

ONE_THIRD = 1.0 / 3.0
ONE_SIXTH = 1.0 / 6.0
TWO_THIRD = 2.0 / 3.0


def rgb_to_yiq(r, g, b):
    return codec("colorsys.rgb_to_yiq", "tuple", r, g, b)


def yiq_to_rgb(y, i, q):
    return codec("colorsys.yiq_to_rgb", "tuple", y, i, q)


def rgb_to_hls(r, g, b):
    return codec("colorsys.rgb_to_hls", "tuple", r, g, b)


def hls_to_rgb(h, l, s):  # noqa: E741
    return codec("colorsys.hls_to_rgb", "tuple", h, l, s)


def rgb_to_hsv(r, g, b):
    return codec("colorsys.rgb_to_hsv", "tuple", r, g, b)


def hsv_to_rgb(h, s, v):
    return codec("colorsys.hsv_to_rgb", "tuple", h, s, v)
