// func.func
func.func private @print(i64) attributes {service = "print"}
func.func @example(%x: i64) -> i64 {
  call @print(%x) : (i64) -> ()
  return %x : i64
}

// func.call
func.func @twice(%x: i64) -> i64 {
  %0 = arith.addi %x, %x : i64
  return %0 : i64
}
func.func @example(%x: i64) -> i64 {
  %0 = call @twice(%x) : (i64) -> i64
  return %0 : i64
}
