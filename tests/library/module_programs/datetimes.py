import sys
from datetime import MAXYEAR, date, datetime, time, timedelta

days, other = map(int, sys.argv[1:])
start = date(1999, 12, 28) + timedelta(days=days)
print(start, repr(start), start.weekday(), start.isoweekday(), start.toordinal(), start.ctime())
print(start.strftime("%A %a %d %B %b %y %Y-%m-%d %j %w %u %e %F %D 100%%"), f"{start:%d/%m}")
print(start.replace(day=1), start - date(2000, 1, 1), date(2000, 1, 1) - start, start == date.min)
print(min(date(2024, 2, 29), start, date(1970, 1, 1)), max(start, date(2000, 2, 1)), MAXYEAR)
for number in (-400, 59, 366, 1461, 36524, 146097):
    print(start + timedelta(number), (start + timedelta(number)).isoformat())
gap = timedelta(days=other, hours=-5, minutes=30, seconds=1.5)
print(gap, repr(gap), gap.days, gap.seconds, gap.microseconds, gap.total_seconds())
print(-gap, abs(-gap), gap * 3, gap // 7, gap / 7, gap // timedelta(hours=1), gap / timedelta(1))
print(gap % timedelta(hours=7), divmod(gap, timedelta(minutes=11)), gap > timedelta(1), bool(gap))
print(timedelta(weeks=1, milliseconds=5), timedelta(0.5), timedelta(microseconds=-1), timedelta())
moment = datetime(2024, 2, 28, 22, 15, 7, 250) + timedelta(hours=days)
print(moment, repr(moment), moment.date(), moment.time(), moment.isoformat(timespec="minutes"))
print(moment - datetime(2023, 3, 1), moment < datetime(2024, 3, 1), moment.strftime("%I:%M %p %f %T"))
print(datetime.fromisoformat("2024-03-05T06:07:08"), datetime.combine(start, time(7, 8)))
print(datetime.strptime("5 March 2024 11:45 PM", "%d %B %Y %I:%M %p"), time(1, 2, 3).isoformat())
print({date(2024, 1, 1): "new"}[date(2024, 1, 1)], moment.replace(hour=1, microsecond=0))
for text in ("2024-02-30", "2023-02-29", "2024-13-01", f"2024-01-{days % 100:02d}", "yesterday"):
    try:
        print(date.fromisoformat(text), (datetime.strptime(text, "%Y-%m-%d") - moment).days)
    except ValueError as error:
        print(type(error).__name__, str(error)[:40])
try:
    print(date(days, 2, 30))
except ValueError as error:
    print(error)
