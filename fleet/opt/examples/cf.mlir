// cf.assert
func.func @example(%a: i1) {
  cf.assert %a, "what must hold"
  return
}

// cf.br cf.cond_br
func.func @example(%c: i1, %x: i64) -> i64 {
  cf.cond_br %c, ^bb1, ^bb2(%x : i64)
^bb1:
  %0 = arith.addi %x, %x : i64
  cf.br ^bb2(%0 : i64)
^bb2(%y: i64):
  return %y : i64
}

// cf.switch
func.func @example(%flag: i32, %x: i64, %y: i64) -> i64 {
  cf.switch %flag : i32, [
    default: ^bb1(%x : i64),
    42: ^bb1(%y : i64)
  ]
^bb1(%z: i64):
  return %z : i64
}
