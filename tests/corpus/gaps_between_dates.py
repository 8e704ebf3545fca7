# args: 2024-01-03 2024-03-01 2023-12-01
import sys
from datetime import datetime, timedelta
times = []
for a in sys.argv[1:]:
    times.append(datetime.strptime(a, "%Y-%m-%d"))
span = max(times) - min(times)
print("span", span, span.total_seconds())
gaps = [b - a for a, b in zip(times, times[1:])]
print("longest gap", max(gaps, default=timedelta(0)))
print([time.month for time in sorted(times)], times[0].year % 4)
