import contextlib
import io
import sys

n = int(sys.argv[1])
buffer = io.StringIO()
with contextlib.redirect_stdout(buffer):
    print("hidden", n)
    for i in range(n):
        print("line", i)
print("seen")
text = buffer.getvalue()
print(len(text), text.upper())
old = sys.stdout
sys.stdout = io.StringIO()
print("swallowed")
if n > 3:
    sys.stdout = old
    print("back", n)
sys.stdout = old
print("end")
k = sys.stdout.write("abc\n")
print(k)
sys.stderr.write("err\n")
sys.stdout.writelines(["a\n", "b\n"])
out = io.StringIO()
print("x", 1, file=out)
print(out.getvalue())


class Tee:
    def __init__(self, real):
        self.real = real
        self.lines = 0

    def write(self, text):
        self.lines += text.count("\n")
        return self.real.write(text)

    def flush(self):
        self.real.flush()


sys.stdout = Tee(sys.stdout)
print("through the tee")
for i in range(n):
    print(i)
print(sys.stdout.lines)
sys.stdout = old
print("done")
