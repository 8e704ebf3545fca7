"""`calendar`: weeks and months as numbers and as texts.

In: years, months, days as ints. Out: CPython's results; names are English. The one idea: a month is
its first weekday and its number of days, and all else is laid out from these two.
"""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
January, February = 1, 2
day_name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
day_abbr = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
month_name = ["", "January", "February", "March", "April", "May", "June", "July", "August",
              "September", "October", "November", "December"]  # fmt: skip
month_abbr = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
              "Dec"]  # fmt: skip
mdays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
EPOCH = 1970


class IllegalMonthError(ValueError):
    def __init__(self, month):
        self.month = month

    def __str__(self):
        return f"bad month number {self.month!r}; must be 1-12"


class IllegalWeekdayError(ValueError):
    def __init__(self, weekday):
        self.weekday = weekday

    def __str__(self):
        return f"bad weekday number {self.weekday!r}; must be 0 (Monday) to 6 (Sunday)"


def isleap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def leapdays(y1, y2):
    y1 -= 1
    y2 -= 1
    return (y2 // 4 - y1 // 4) - (y2 // 100 - y1 // 100) + (y2 // 400 - y1 // 400)


def weekday(year, month, day):
    if not 1 <= year <= 9999:
        year = 2000 + year % 400
    before = year - (month < 3)
    shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
    return (before + before // 4 - before // 100 + before // 400 + shift + day - 1) % 7


def monthrange(year, month):
    if not 1 <= month <= 12:
        raise IllegalMonthError(month)
    days = 29 if month == 2 and isleap(year) else mdays[month]
    return weekday(year, month, 1), days


def timegm(tuple):
    year, month, day, hour, minute, second = tuple[:6]
    before = year - (month < 3)
    days = before * 365 + before // 4 - before // 100 + before // 400
    days += (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719468
    return ((days * 24 + hour) * 60 + minute) * 60 + second


class Calendar:
    def __init__(self, firstweekday=0):
        self.firstweekday = firstweekday

    def getfirstweekday(self):
        return self.firstweekday % 7

    def setfirstweekday(self, firstweekday):
        self.firstweekday = firstweekday

    def iterweekdays(self):
        for day in range(7):
            yield (self.firstweekday + day) % 7

    def itermonthdays(self, year, month):
        for week in self.monthdayscalendar(year, month):
            yield from week

    def itermonthdays2(self, year, month):
        for week in self.monthdays2calendar(year, month):
            yield from week

    def monthdayscalendar(self, year, month):
        first, days = monthrange(year, month)
        before = (first - self.firstweekday) % 7
        weeks = []
        for start in range(1 - before, days + 1, 7):
            weeks.append([day if 1 <= day <= days else 0 for day in range(start, start + 7)])
        return weeks

    def monthdays2calendar(self, year, month):
        return [[(day, (self.firstweekday + at) % 7) for at, day in enumerate(week)]
                for week in self.monthdayscalendar(year, month)]  # fmt: skip


class TextCalendar(Calendar):
    def formatday(self, day, weekday, width):
        return ("" if day == 0 else f"{day:2d}").center(width)

    def formatweek(self, theweek, width):
        return " ".join([self.formatday(day, weekday, width) for day, weekday in theweek])

    def formatweekday(self, day, width):
        name = day_name[day] if width >= 9 else day_abbr[day]
        return name[:width].center(width)

    def formatweekheader(self, width):
        days = [(self.firstweekday + day) % 7 for day in range(7)]
        return " ".join([self.formatweekday(day, width) for day in days])

    def formatmonthname(self, theyear, themonth, width, withyear=True):
        name = month_name[themonth]
        return (f"{name} {theyear}" if withyear else name).center(width)

    def formatmonth(self, theyear, themonth, w=0, l=0):  # noqa: E741
        width, lines = max(2, w), max(1, l)
        ends = "\n" * lines
        text = self.formatmonthname(theyear, themonth, 7 * (width + 1) - 1).rstrip() + ends
        text += self.formatweekheader(width).rstrip() + ends
        for week in self.monthdays2calendar(theyear, themonth):
            text += self.formatweek(week, width).rstrip() + ends
        return text

    def prmonth(self, theyear, themonth, w=0, l=0):  # noqa: E741
        print(self.formatmonth(theyear, themonth, w, l), end="")

    def formatyear(self, theyear, w=2, l=1, c=6, m=3):  # noqa: E741
        width, lines, gap = max(2, w), max(1, l), " " * max(2, c)
        column, ends = (width + 1) * 7 - 1, "\n" * lines
        text = str(theyear).center(column * m + len(gap) * (m - 1)).rstrip() + "\n" * lines
        header = self.formatweekheader(width)
        for start in range(1, 13, m):
            months = list(range(start, min(start + m, 13)))
            names = [self.formatmonthname(theyear, month, column, False) for month in months]
            text += ends + gap.join([name.center(column) for name in names]).rstrip() + ends
            text += gap.join([header.center(column) for _ in months]).rstrip() + ends
            weeks = [self.monthdays2calendar(theyear, month) for month in months]
            for at in range(max([len(one) for one in weeks])):
                row = [self.formatweek(one[at], width) if at < len(one) else "" for one in weeks]
                text += gap.join([part.center(column) for part in row]).rstrip() + ends
        return text

    def pryear(self, theyear, w=0, l=0, c=6, m=3):  # noqa: E741
        print(self.formatyear(theyear, w, l, c, m), end="")


_usual = TextCalendar()


def firstweekday():
    return _usual.getfirstweekday()


def setfirstweekday(firstweekday):
    if not MONDAY <= firstweekday <= SUNDAY:
        raise IllegalWeekdayError(firstweekday)
    _usual.firstweekday = firstweekday


def monthcalendar(year, month):
    return _usual.monthdayscalendar(year, month)


def weekheader(width):
    return _usual.formatweekheader(width)


def month(theyear, themonth, w=0, l=0):  # noqa: E741
    return _usual.formatmonth(theyear, themonth, w, l)


def prmonth(theyear, themonth, w=0, l=0):  # noqa: E741
    _usual.prmonth(theyear, themonth, w, l)


def calendar(theyear, w=2, l=1, c=6, m=3):  # noqa: E741
    return _usual.formatyear(theyear, w, l, c, m)


def prcal(theyear, w=0, l=0, c=6, m=3):  # noqa: E741
    _usual.pryear(theyear, w, l, c, m)
