from graphlib import TopologicalSorter

tasks = {
    "shoes": {"socks", "trousers"},
    "trousers": {"shorts"},
    "jacket": {"shirt"},
    "shirt": set(),
    "socks": set(),
    "shorts": set(),
}


def order(tasks):
    done, result = set(), []

    def visit(task, path=()):
        if task in path:
            raise ValueError("cycle: " + " -> ".join(path + (task,)))
        if task in done:
            return
        for needed in sorted(tasks[task]):
            visit(needed, path + (task,))
        done.add(task)
        result.append(task)

    for task in sorted(tasks):
        visit(task)
    return result


found = order(tasks)
print(found)
print(len(list(TopologicalSorter(tasks).static_order())) == len(found))
tasks["shirt"] = {"jacket"}
try:
    order(tasks)
except ValueError as error:
    print(error)
