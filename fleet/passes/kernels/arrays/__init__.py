"""Where a kernel's arrays lie, whether they may be changed there, and how long they can get."""
