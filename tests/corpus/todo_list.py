# args: add:milk add:bread done:1 add:eggs
import sys
from dataclasses import dataclass


@dataclass
class Task:
    title: str
    done: bool = False

    def __str__(self):
        return f"[{'x' if self.done else ' '}] {self.title}"


tasks = []
for argument in sys.argv[1:]:
    action, _, rest = argument.partition(":")
    if action == "add":
        tasks.append(Task(rest))
    elif action == "done":
        tasks[int(rest) - 1].done = True
for number, task in enumerate(tasks, 1):
    print(number, task)
print(sum(not task.done for task in tasks), "open;", tasks[0])
