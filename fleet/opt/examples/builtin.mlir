// builtin.module
module @example {
}

// builtin.unrealized_conversion_cast
func.func @example(%x: i64) -> index {
  %0 = builtin.unrealized_conversion_cast %x : i64 to index
  return %0 : index
}
