"""np.polynomial.Chebyshev, Legendre, Hermite, HermiteE, Laguerre: series as objects."""


class Chebyshev(Series):
    """np.polynomial.Chebyshev."""

    basis_name = "T"
    family = Family(
        chebval, chebadd, chebsub, chebmul, chebdiv, chebpow, chebint, chebder, chebline, chebroots,
        chebfromroots, chebfit,
    )  # fmt: skip

    @classmethod
    def interpolate(cls, func, deg, domain=None, args=()):
        domain = cls.domain if domain is None else domain
        coef = chebinterpolate(lambda x: func(mapped(x, cls.window, domain), *args), deg)
        return cls(coef, domain=domain)


call_it(Chebyshev, "Chebyshev")


class Legendre(Series):
    """np.polynomial.Legendre."""

    basis_name = "P"
    family = Family(
        legval, legadd, legsub, legmul, legdiv, legpow, legint, legder, legline, legroots,
        legfromroots, legfit,
    )  # fmt: skip


call_it(Legendre, "Legendre")


class Hermite(Series):
    """np.polynomial.Hermite."""

    basis_name = "H"
    family = Family(
        hermval, hermadd, hermsub, hermmul, hermdiv, hermpow, hermint, hermder, hermline, hermroots,
        hermfromroots, hermfit,
    )  # fmt: skip


call_it(Hermite, "Hermite")


class HermiteE(Series):
    """np.polynomial.HermiteE."""

    basis_name = "He"
    family = Family(
        hermeval, hermeadd, hermesub, hermemul, hermediv, hermepow, hermeint, hermeder, hermeline,
        hermeroots, hermefromroots, hermefit,
    )  # fmt: skip


call_it(HermiteE, "HermiteE")


class Laguerre(Series):
    """np.polynomial.Laguerre."""

    domain = array([0.0, 1.0])
    window = array([0.0, 1.0])
    basis_name = "L"
    family = Family(
        lagval, lagadd, lagsub, lagmul, lagdiv, lagpow, lagint, lagder, lagline, lagroots,
        lagfromroots, lagfit,
    )  # fmt: skip


call_it(Laguerre, "Laguerre")
