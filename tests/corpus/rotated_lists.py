# args: 100
import sys
alphabets = [chr(i) for i in range(32, 126)]
gear_one = list(range(len(alphabets)))
gear_two = list(range(len(alphabets)))
gear_one_pos = gear_two_pos = 0
code = []
def rotator():
    global gear_one_pos
    global gear_two_pos
    i = gear_one[0]
    gear_one.append(i)
    del gear_one[0]
    gear_one_pos += 1
    if gear_one_pos % int(len(alphabets)) == 0:
        i = gear_two[0]
        gear_two.append(i)
        del gear_two[0]
        gear_two_pos += 1
for _ in range(int(sys.argv[1])):
    rotator()
print(gear_one[:5], gear_two[:5])
alphabets = [chr(i) for i in range(32, 126)]
gear_one = [str(i) for i in range(len(alphabets))]
gear_two = [str(i) for i in range(len(alphabets))]
gear_one_pos = gear_two_pos = 0
code = []
def rotator():
    global gear_one_pos
    global gear_two_pos
    i = gear_one[0]
    gear_one.append(i)
    del gear_one[0]
    gear_one_pos += 1
    if gear_one_pos % int(len(alphabets)) == 0:
        i = gear_two[0]
        gear_two.append(i)
        del gear_two[0]
        gear_two_pos += 1
for _ in range(int(sys.argv[1])):
    rotator()
print(gear_one[:5], gear_two[:5])
