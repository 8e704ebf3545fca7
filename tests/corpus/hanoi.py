# args: 4
import sys

moves = 0


def move(disks, source, target, spare):
    global moves
    if disks == 0:
        return
    move(disks - 1, source, spare, target)
    moves += 1
    print(f"{moves:3}: disk {disks} from {source} to {target}")
    move(disks - 1, spare, target, source)


move(int(sys.argv[1]), "A", "C", "B")
print(moves, "moves")
