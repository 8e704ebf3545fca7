// vm.cond_br vm.br
func.func @example(%c: i1, %x: i64) -> i64 {
  "vm.cond_br"(%c, %x) [^bb1, ^bb2] <{operandSegmentSizes = array<i32: 1, 0, 1>}> : (i1, i64) -> ()
^bb1:
  "vm.br"(%x) [^bb2] : (i64) -> ()
^bb2(%y: i64):
  return %y : i64
}

// vm.address
func.func @example() -> i64 {
  %0 = "vm.address"() <{value = dense<[1.0, 2.0]> : tensor<2xf32>}> : () -> i64
  return %0 : i64
}

// vm.launch
func.func private @kernel(%in: memref<4xf32>, %n: index) attributes {kernel} {
  return
}
func.func @example(%a: i64, %n: i64) {
  "vm.launch"(%a, %n) <{callee = @kernel}> : (i64, i64) -> ()
  return
}

// vm.host
func.func @example(%x: i64) {
  "vm.host"(%x) <{service = {kinds = ["int"], name = "print", options = {end = "\0A", sep = " "}, result_kinds = [], result_types = [], types = ["i64"]}}> : (i64) -> ()
  return
}
