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

// func.constant func.call_indirect
func.func private @twice(i64) -> i64
func.func @example(%x: i64) -> i64 {
  %0 = func.constant @twice : (i64) -> i64
  %1 = call_indirect %0(%x) : (i64) -> i64
  return %1 : i64
}
