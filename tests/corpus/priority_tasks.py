import heapq

tasks = []
for number, (priority, name) in enumerate(
    [(3, "sleep"), (1, "eat"), (2, "code"), (1, "drink"), (5, "tidy")]
):
    heapq.heappush(tasks, (priority, number, name))
print("first", tasks[0])
while tasks:
    priority, _, name = heapq.heappop(tasks)
    print(priority, name)
print(heapq.nlargest(2, [4, 8, 1, 9]), heapq.nsmallest(2, [4, 8, 1, 9]))
