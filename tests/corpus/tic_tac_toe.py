# args: 4 0 8 2 6 1 5
import sys

LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
board = [" "] * 9


def winner(board):
    for a, b, c in LINES:
        if board[a] != " " and board[a] == board[b] == board[c]:
            return board[a]
    return None


def show(board):
    for row in range(3):
        print("|".join(board[3 * row : 3 * row + 3]))
        if row < 2:
            print("-+-+-")


player = "X"
for text in sys.argv[1:]:
    move = int(text)
    if board[move] != " ":
        print("taken:", move)
        continue
    board[move] = player
    if winner(board):
        print(player, "wins")
        break
    player = "O" if player == "X" else "X"
else:
    print("nobody wins")
show(board)
