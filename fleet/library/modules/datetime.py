"""`datetime`: days, times of day, and what is between them, without time zones.

In: numbers and texts. Out: CPython's results, texts and errors. The one idea: a day is its number
since the first of the year 1, and a duration is days, seconds and microseconds, each in its range.
What asks for a zone is not here; the present time is that of where the program runs.
"""

from collections import namedtuple

import primitives

MINYEAR, MAXYEAR = 1, 9999
_NO_ZONE = "time zones are not supported"
_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December")  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS[month]


def _ordinal(year, month, day):
    before = year - 1
    leap = 1 if month > 2 and _is_leap(year) else 0
    return before * 365 + before // 4 - before // 100 + before // 400 + (
        _BEFORE[month] + leap + day)  # fmt: skip


def _parts(ordinal):
    """(year, month, day) of a day's number."""
    n = ordinal - 1
    n400, n = n // 146097, n % 146097
    n100, n = n // 36524, n % 36524
    n4, n = n // 1461, n % 1461
    n1, n = n // 365, n % 365
    year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1
    if n1 == 4 or n100 == 4:
        return year - 1, 12, 31
    leap = n1 == 3 and (n4 != 24 or n100 == 3)
    month = (n + 50) // 32
    before = _BEFORE[month] + (1 if month > 2 and leap else 0)
    if before > n:
        month -= 1
        before -= 29 if month == 2 and leap else _DAYS[month]
    return year, month, n - before + 1


def _check_date(year, month, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in(year, month):
        raise ValueError("day is out of range for month")


def _check_time(hour, minute, second, microsecond):
    if not 0 <= hour <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= minute <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= second <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= microsecond <= 999999:
        raise ValueError("microsecond must be in 0..999999")


def _part(name):
    """The attribute for a slot: an int, also where only run time knows whose it is."""

    def get(self):
        return int(getattr(self, name))

    return property(get)


class timedelta:  # noqa: N801
    __slots__ = ("_days", "_seconds", "_microseconds")
    days = _part("_days")
    seconds = _part("_seconds")
    microseconds = _part("_microseconds")

    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0,
                 weeks=0):  # fmt: skip
        days = days + weeks * 7
        seconds = seconds + minutes * 60 + hours * 3600
        microseconds = microseconds + milliseconds * 1000
        if isinstance(days, float):
            whole = int(days // 1)
            seconds = seconds + (days - whole) * 86400
            days = whole
        if isinstance(seconds, float):
            whole = int(seconds // 1)
            microseconds = microseconds + (seconds - whole) * 1000000
            seconds = whole
        if isinstance(microseconds, float):
            microseconds = round(microseconds)
        seconds = seconds + microseconds // 1000000
        self._microseconds = microseconds % 1000000
        self._seconds = seconds % 86400
        self._days = days + seconds // 86400
        if abs(self.days) > 999999999:
            raise OverflowError(f"days={self.days}; must have magnitude <= 999999999")

    def total_seconds(self):
        return self._all() / 10**6

    def _all(self):
        return (self.days * 86400 + self.seconds) * 1000000 + self.microseconds

    def __repr__(self):
        given = []
        if self.days:
            given.append(f"days={self.days}")
        if self.seconds:
            given.append(f"seconds={self.seconds}")
        if self.microseconds:
            given.append(f"microseconds={self.microseconds}")
        return f"datetime.timedelta({', '.join(given) if given else '0'})"

    def __str__(self):
        minutes, seconds = self.seconds // 60, self.seconds % 60
        text = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        if self.days:
            plural = "s" if abs(self.days) != 1 else ""
            text = f"{self.days} day{plural}, " + text
        if self.microseconds:
            text = text + f".{self.microseconds:06d}"
        return text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return timedelta(self.days + other.days, self.seconds + other.seconds,
                             self.microseconds + other.microseconds)  # fmt: skip
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return timedelta(self.days - other.days, self.seconds - other.seconds,
                             self.microseconds - other.microseconds)  # fmt: skip
        return NotImplemented

    def __neg__(self):
        return timedelta(-self.days, -self.seconds, -self.microseconds)

    def __pos__(self):
        return self

    def __abs__(self):
        return -self if self.days < 0 else self

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta(self.days * other, self.seconds * other, self.microseconds * other)
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            return timedelta(0, 0, primitives.scaled(self._all(), top, bottom))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._all() // other._all()
        if isinstance(other, int):
            return timedelta(0, 0, self._all() // other)
        return NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._all() / other._all()
        if isinstance(other, int):
            return timedelta(0, 0, _nearest(self._all(), other))
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            if top == 0:
                raise ZeroDivisionError("integer division or modulo by zero")
            return timedelta(0, 0, primitives.scaled(self._all(), bottom, top))
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return timedelta(0, 0, self._all() % other._all())
        return NotImplemented

    def __divmod__(self, other):
        return self // other, self % other

    def __eq__(self, other):
        if isinstance(other, timedelta):
            return self._all() == other._all()
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, timedelta):
            return self._all() < other._all()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, timedelta):
            return self._all() <= other._all()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, timedelta):
            return self._all() > other._all()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, timedelta):
            return self._all() >= other._all()
        return NotImplemented

    def __hash__(self):
        return hash((self.days, self.seconds, self.microseconds))

    def __bool__(self):
        return self._all() != 0


def _nearest(a, b):
    """a / b to the nearest int, of two the even one."""
    quotient, rest = a // b, a % b
    twice = 2 * rest
    if (twice > b if b > 0 else twice < b) or (twice == b and quotient % 2 == 1):
        quotient += 1
    return quotient


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(0, 0, 1)


IsoCalendarDate = namedtuple("IsoCalendarDate", "year week weekday", module="datetime")


class IsoCalendarDate(IsoCalendarDate):
    def __repr__(self):
        return f"datetime.IsoCalendarDate(year={self[0]}, week={self[1]}, weekday={self[2]})"


_Moment = namedtuple("struct_time", "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday "
                     "tm_isdst", module="time")  # fmt: skip


class struct_time(_Moment):  # noqa: N801
    def __repr__(self):
        return "time." + super().__repr__()


def _struct_time(day, hour, minute, second):
    return struct_time(day.year, day.month, day.day, hour, minute, second, day.weekday(),
                       _day_of_year(day), -1)  # fmt: skip


def _day_of_year(day):
    return day.toordinal() - _ordinal(day.year, 1, 1) + 1


def _iso_week(day):
    """(year, week, weekday) of ISO 8601: a week is of the year that its Thursday is in."""
    weekday = day.weekday()
    thursday = day.toordinal() - weekday + 3
    year = _parts(thursday)[0]
    return year, (thursday - _ordinal(year, 1, 1)) // 7 + 1, weekday + 1


class date:  # noqa: N801
    __slots__ = ("_year", "_month", "_day")
    year = _part("_year")
    month = _part("_month")
    day = _part("_day")

    def __init__(self, year, month, day):
        _check_date(year, month, day)
        self._year = year
        self._month = month
        self._day = day

    @classmethod
    def today(cls):
        return cls(*primitives.local_time()[:3])

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        raise NotImplementedError(_NO_ZONE)

    @classmethod
    def fromordinal(cls, n):
        if n < 1:
            raise ValueError("ordinal must be >= 1")
        year, month, day = _parts(n)
        if year > MAXYEAR:
            raise ValueError(f"year {year} is out of range")
        return cls(year, month, day)

    @classmethod
    def fromisoformat(cls, text):
        found = _iso_date(text)
        if found is None:
            raise ValueError(f"Invalid isoformat string: {text!r}")
        return cls(*found)

    def toordinal(self):
        return _ordinal(self.year, self.month, self.day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def isocalendar(self):
        return IsoCalendarDate(*_iso_week(self))

    def timetuple(self):
        return _struct_time(self, 0, 0, 0)

    def isoformat(self):
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def strftime(self, format):
        return _formatted(self, format, 0, 0, 0, 0)

    def ctime(self):
        return self.strftime("%a %b ") + f"{self.day:2d} 00:00:00 {self.year:04d}"

    def replace(self, year=None, month=None, day=None):
        return type(self)(self.year if year is None else year,
                          self.month if month is None else month,
                          self.day if day is None else day)  # fmt: skip

    def __repr__(self):
        return f"datetime.date({self.year}, {self.month}, {self.day})"

    def __str__(self):
        return self.isoformat()

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def __add__(self, other):
        if isinstance(other, timedelta):
            ordinal = self.toordinal() + other.days
            if not 1 <= ordinal <= 3652059:
                raise OverflowError("date value out of range")
            return date.fromordinal(ordinal)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other.days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def __eq__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() == other.toordinal()
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() < other.toordinal()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() <= other.toordinal()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() > other.toordinal()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() >= other.toordinal()
        return NotImplemented

    def __hash__(self):
        return self.toordinal()


def _iso_date(text):
    """(year, month, day) of `2024-02-28` or `20240228`; None for others."""
    if len(text) == 10 and text[4] == "-" and text[7] == "-":
        text = text[:4] + text[5:7] + text[8:]
    if len(text) != 8 or not text.isdigit():
        return None
    return int(text[:4]), int(text[4:6]), int(text[6:])


def _iso_time(text):
    """(hour, minute, second, microsecond) of `12:30:05.5`; None for others."""
    whole, dot, fraction = text.partition(".")
    parts = whole.split(":")
    if len(parts) > 3:
        return None
    for part in parts:
        if len(part) != 2 or not part.isdigit():
            return None
    numbers = [int(part) for part in parts]
    while len(numbers) < 3:
        numbers.append(0)
    micro = 0
    if dot != "":
        if fraction == "" or not fraction.isdigit() or len(parts) < 3:
            return None
        micro = int((fraction + "000000")[:6])
    return numbers[0], numbers[1], numbers[2], micro


def _iso_of(hour, minute, second, microsecond, timespec):
    text = f"{hour:02d}:{minute:02d}:{second:02d}"
    if timespec == "auto":
        return text + (f".{microsecond:06d}" if microsecond else "")
    if timespec == "microseconds":
        return text + f".{microsecond:06d}"
    if timespec == "milliseconds":
        return text + f".{microsecond // 1000:03d}"
    if timespec not in ("hours", "minutes", "seconds"):
        raise ValueError("Unknown timespec value")
    return text[: {"hours": 2, "minutes": 5, "seconds": 8}[timespec]]


class time:  # noqa: N801
    __slots__ = ("_hour", "_minute", "_second", "_microsecond")
    hour = _part("_hour")
    minute = _part("_minute")
    second = _part("_second")
    microsecond = _part("_microsecond")

    def __init__(self, hour=0, minute=0, second=0, microsecond=0):
        _check_time(hour, minute, second, microsecond)
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond

    @classmethod
    def fromisoformat(cls, text):
        found = _iso_time(text)
        if found is None:
            raise ValueError(f"Invalid isoformat string: {text!r}")
        return cls(*found)

    def _all(self):
        return ((self.hour * 60 + self.minute) * 60 + self.second) * 1000000 + self.microsecond

    def isoformat(self, timespec="auto"):
        return _iso_of(self.hour, self.minute, self.second, self.microsecond, timespec)

    def strftime(self, format):
        return _formatted(date(1900, 1, 1), format, self.hour, self.minute, self.second,
                          self.microsecond)  # fmt: skip

    def __repr__(self):
        text = f"datetime.time({self.hour}, {self.minute}"
        if self.microsecond:
            text += f", {self.second}, {self.microsecond}"
        elif self.second:
            text += f", {self.second}"
        return text + ")"

    def __str__(self):
        return self.isoformat()

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def __eq__(self, other):
        return self._all() == other._all() if isinstance(other, time) else NotImplemented

    def __lt__(self, other):
        return self._all() < other._all() if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._all() <= other._all() if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._all() > other._all() if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._all() >= other._all() if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return hash(self._all())


class datetime(date):  # noqa: N801
    __slots__ = ("_hour", "_minute", "_second", "_microsecond")
    hour = _part("_hour")
    minute = _part("_minute")
    second = _part("_second")
    microsecond = _part("_microsecond")

    def __init__(self, year, month, day, hour=0, minute=0, second=0, microsecond=0):
        super().__init__(year, month, day)
        _check_time(hour, minute, second, microsecond)
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond

    @classmethod
    def now(cls, tz=None):
        if tz is not None:
            raise NotImplementedError(_NO_ZONE)
        return cls(*primitives.local_time())

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def utcnow(cls):
        raise NotImplementedError(_NO_ZONE)

    @classmethod
    def combine(cls, date, time):
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second,
                   time.microsecond)  # fmt: skip

    @classmethod
    def fromisoformat(cls, text):
        days = _iso_date(text[:10])
        moment = (0, 0, 0, 0) if len(text) == 10 else _iso_time(text[11:])
        if days is None or moment is None:
            raise ValueError(f"Invalid isoformat string: {text!r}")
        return cls(*days, *moment)

    @classmethod
    def strptime(cls, text, format):
        return cls(*_parsed(text, format))

    def date(self):
        return date(self.year, self.month, self.day)

    def time(self):
        return time(self.hour, self.minute, self.second, self.microsecond)

    def timetuple(self):
        return _struct_time(self, self.hour, self.minute, self.second)

    def _all(self):
        seconds = (self.hour * 60 + self.minute) * 60 + self.second
        return (self.toordinal() * 86400 + seconds) * 1000000 + self.microsecond

    def isoformat(self, sep="T", timespec="auto"):
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}" + sep + _iso_of(
            self.hour, self.minute, self.second, self.microsecond, timespec)  # fmt: skip

    def strftime(self, format):
        return _formatted(self, format, self.hour, self.minute, self.second, self.microsecond)

    def ctime(self):
        return self.strftime("%a %b ") + f"{self.day:2d} " + self.strftime("%H:%M:%S ") + (
            f"{self.year:04d}")  # fmt: skip

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None,
                microsecond=None):  # fmt: skip
        return datetime(self.year if year is None else year,
                        self.month if month is None else month,
                        self.day if day is None else day,
                        self.hour if hour is None else hour,
                        self.minute if minute is None else minute,
                        self.second if second is None else second,
                        self.microsecond if microsecond is None else microsecond)  # fmt: skip

    def __repr__(self):
        text = f"datetime.datetime({self.year}, {self.month}, {self.day}, {self.hour}, "
        text += f"{self.minute}"
        if self.microsecond:
            text += f", {self.second}, {self.microsecond}"
        elif self.second:
            text += f", {self.second}"
        return text + ")"

    def __str__(self):
        return self.isoformat(" ")

    def __add__(self, other):
        if isinstance(other, timedelta):
            whole = self._all() + other._all()
            seconds, micro = whole // 1000000, whole % 1000000
            days, second = seconds // 86400, seconds % 86400
            if not 1 <= days <= 3652059:
                raise OverflowError("date value out of range")
            year, month, day = _parts(days)
            return datetime(year, month, day, second // 3600, second // 60 % 60, second % 60, micro)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + -other
        if isinstance(other, datetime):
            return timedelta(0, 0, self._all() - other._all())
        return NotImplemented

    def __eq__(self, other):
        return self._all() == other._all() if isinstance(other, datetime) else NotImplemented

    def __lt__(self, other):
        return self._all() < other._all() if isinstance(other, datetime) else _refuse(self, other)

    def __le__(self, other):
        return self._all() <= other._all() if isinstance(other, datetime) else _refuse(self, other)

    def __gt__(self, other):
        return self._all() > other._all() if isinstance(other, datetime) else _refuse(self, other)

    def __ge__(self, other):
        return self._all() >= other._all() if isinstance(other, datetime) else _refuse(self, other)

    def __hash__(self):
        return hash(self._all())


def _refuse(one, other):
    if isinstance(other, date):
        raise TypeError("can't compare datetime.datetime to datetime.date")
    return NotImplemented


def _formatted(day, format, hour, minute, second, microsecond):
    """strftime."""
    text, special = "", False
    for letter in format:
        if not special:
            if letter == "%":
                special = True
            else:
                text += letter
            continue
        special = False
        if letter == "Y":
            text += str(day.year)
        elif letter == "y":
            text += f"{day.year % 100:02d}"
        elif letter == "m":
            text += f"{day.month:02d}"
        elif letter == "d":
            text += f"{day.day:02d}"
        elif letter == "e":
            text += f"{day.day:2d}"
        elif letter == "B":
            text += _MONTHS[day.month]
        elif letter == "b" or letter == "h":
            text += _MONTHS[day.month][:3]
        elif letter == "A":
            text += _WEEKDAYS[day.weekday()]
        elif letter == "a":
            text += _WEEKDAYS[day.weekday()][:3]
        elif letter == "H":
            text += f"{hour:02d}"
        elif letter == "I":
            text += f"{(hour + 11) % 12 + 1:02d}"
        elif letter == "M":
            text += f"{minute:02d}"
        elif letter == "S":
            text += f"{second:02d}"
        elif letter == "f":
            text += f"{microsecond:06d}"
        elif letter == "p":
            text += "AM" if hour < 12 else "PM"
        elif letter == "j":
            text += f"{_day_of_year(day):03d}"
        elif letter == "w":
            text += str((day.weekday() + 1) % 7)
        elif letter == "u":
            text += str(day.weekday() + 1)
        elif letter == "F":
            text += f"{day.year}-{day.month:02d}-{day.day:02d}"
        elif letter == "T":
            text += f"{hour:02d}:{minute:02d}:{second:02d}"
        elif letter == "R":
            text += f"{hour:02d}:{minute:02d}"
        elif letter == "D":
            text += f"{day.month:02d}/{day.day:02d}/{day.year % 100:02d}"
        elif letter == "c":
            text += day.ctime()
        elif letter == "x":
            text += f"{day.month:02d}/{day.day:02d}/{day.year % 100:02d}"
        elif letter == "X":
            text += f"{hour:02d}:{minute:02d}:{second:02d}"
        elif letter == "U":
            text += f"{(_day_of_year(day) + 6 - (day.weekday() + 1) % 7) // 7:02d}"
        elif letter == "W":
            text += f"{(_day_of_year(day) + 6 - day.weekday()) // 7:02d}"
        elif letter == "G":
            text += str(_iso_week(day)[0])
        elif letter == "V":
            text += f"{_iso_week(day)[1]:02d}"
        elif letter == "C":
            text += f"{day.year // 100:02d}"
        elif letter == "z" or letter == "Z":
            text += ""
        elif letter == "n":
            text += "\n"
        elif letter == "t":
            text += "\t"
        elif letter == "%":
            text += "%"
        else:
            raise NotImplementedError(f"%{letter} in a format of dates is not supported")
    return text + "%" if special else text


_RANGES = {"m": (1, 12), "d": (1, 31), "H": (0, 23), "I": (1, 12), "M": (0, 59), "S": (0, 61)}


def _number_end(text, at, letter):
    """Where the number of a directive ends that begins there; -1 where there is none."""
    if letter in "Yyf":
        most = {"Y": 4, "y": 2, "f": 6}[letter]
        end = at
        while end < len(text) and end - at < most and text[end].isdigit():
            end += 1
        return end if end == at + most or (letter == "f" and end > at) else -1
    least, most = _RANGES[letter]
    two = text[at : at + 2]
    if len(two) == 2 and two.isdigit() and least <= int(two) <= most:
        return at + 2
    if letter == "d" and text[at : at + 1] == " " and text[at + 1 : at + 2].isdigit():
        return at + 2 if text[at + 1] != "0" else -1
    return at + 1 if text[at : at + 1].isdigit() and int(text[at]) >= least else -1


def _parsed(text, format):
    """strptime: the seven numbers of a datetime."""
    year, month, day, hour, minute, second, micro, half = 1900, 1, 1, 0, 0, 0, 0, ""
    at, special = 0, False
    wrong = f"time data {text!r} does not match format {format!r}"
    for letter in format:
        if not special:
            if letter == "%":
                special = True
            elif letter.isspace():
                if at >= len(text) or not text[at].isspace():
                    raise ValueError(wrong)
                while at < len(text) and text[at].isspace():
                    at += 1
            else:
                if at >= len(text) or text[at].lower() != letter.lower():
                    raise ValueError(wrong)
                at += 1
            continue
        special = False
        if letter in "YmdHIMSfy":
            end = _number_end(text, at, letter)
            if end < 0:
                raise ValueError(wrong)
            number = int(text[at:end])
            if letter == "Y":
                year = number
            elif letter == "y":
                year = number + (2000 if number < 69 else 1900)
            elif letter == "m":
                month = number
            elif letter == "d":
                day = number
            elif letter == "H":
                hour = number
            elif letter == "I":
                hour = number % 12
            elif letter == "M":
                minute = number
            elif letter == "S":
                second = number
            else:
                micro = int((text[at:end] + "000000")[:6])
            at = end
        elif letter in "Bb":
            found = 0
            for number in range(1, 13):
                name = _MONTHS[number] if letter == "B" else _MONTHS[number][:3]
                if text[at : at + len(name)].lower() == name.lower():
                    found = number
                    at += len(name)
                    break
            if found == 0:
                raise ValueError(wrong)
            month = found
        elif letter in "Aa":
            known = False
            for name in _WEEKDAYS:
                shown = name if letter == "A" else name[:3]
                if text[at : at + len(shown)].lower() == shown.lower():
                    known = True
                    at += len(shown)
                    break
            if not known:
                raise ValueError(wrong)
        elif letter == "p":
            half = text[at : at + 2].upper()
            if half not in ("AM", "PM"):
                raise ValueError(wrong)
            at += 2
        elif letter == "%":
            if text[at : at + 1] != "%":
                raise ValueError(wrong)
            at += 1
        else:
            raise NotImplementedError(f"%{letter} in strptime is not supported")
    if at < len(text):
        raise ValueError(f"unconverted data remains: {text[at:]}")
    if half == "PM" and "%I" in format:
        hour += 12
    return year, month, day, hour, minute, second, micro


date.min, date.max, date.resolution = date(1, 1, 1), date(9999, 12, 31), timedelta(1)
time.min, time.max = time(0, 0, 0), time(23, 59, 59, 999999)
datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)
