// rv.beq rv.j
func.func @example(%0: !rv.x, %1: !rv.x) attributes {kernel} {
  rv.beq %0, %1 to ^bb1, ^bb2 : !rv.x, !rv.x
^bb1:
  rv.j %0 : !rv.x to ^bb3
^bb2:
  rv.j %1 : !rv.x to ^bb3
^bb3(%2: !rv.x):
  rv.ret
}

// rv.li
func.func @example() attributes {kernel} {
  %0 = rv.li 42 : !rv.x
  rv.ret
}
