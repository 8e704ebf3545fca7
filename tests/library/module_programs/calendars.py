"""Calendars of months and years, and what dates say of their weeks."""

import calendar
import sys
from datetime import date, datetime, timedelta

year = int(sys.argv[1])
print(calendar.calendar(year))
calendar.setfirstweekday(calendar.SUNDAY)
calendar.prmonth(year, 2)
shown = calendar.monthcalendar(year, 10)[-1]
calendar.setfirstweekday(calendar.MONDAY)
print(shown, calendar.leapdays(1900, year), calendar.isleap(year))
try:
    calendar.monthrange(year, 13)
except calendar.IllegalMonthError as error:
    print(error)
for i in range(0, 400, 90):
    day = date(year, 12, 30) + timedelta(days=i) * 1.0
    print(day.strftime("%G-W%V %U %W %j %x %C"), day.isocalendar(), day.timetuple()[:3])
start = datetime(year, 1, 1, 12)
print(start.strftime("%c|%X"), start.isocalendar().week, start.timetuple().tm_yday)
print(sorted([start, datetime(2024, 2, 29), datetime(1999, 12, 31)])[1])
for text, form in (
    ("12:30", "%I:%M"), ("12:30 am", "%I:%M %p"), ("13:00", "%I:%M"), (f"{year}-13", "%Y-%m"),
    ("31/02/2024", "%d/%m/%Y"), (f"{year}-01-02t03:04:05.6", "%Y-%m-%dT%H:%M:%S.%f"),
):  # fmt: skip
    try:
        print(datetime.strptime(text, form))
    except ValueError as error:
        print(error)
span = timedelta(days=year, microseconds=7)
print(span * 0.1, span / 2.5, -1.7 * span)
print(datetime.now() >= datetime(2024, 1, 1), (datetime.now() - datetime.now()).days in (0, -1))
