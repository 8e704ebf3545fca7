// expected-error @+2 {{'loop.load' has 1 subscripts for memref<2x3xf32>}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.load %a[%n] : memref<2x3xf32> -> f32
  return
}
// -----
// expected-error @+2 {{'loop.load' moves f64, which is no element of memref<2x3xf32>}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.load %a[%n, %n] : memref<2x3xf32> -> f64
  return
}
// -----
// expected-error @+2 {{%i has type i64, not index}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.load %a[%i, %n] : memref<2x3xf32> -> f32
  return
}
// -----
// expected-error @+2 {{'loop.store' moves i64, which is no element of memref<2x3xf32>}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  loop.store %i, %a[%n, %n] : i64, memref<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'loop.load' operand memref has type f32, not MemRef}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.load %v[%n] : f32 -> f32
  return
}
// -----
// expected-error @+2 {{expected '{', found 'sideways'}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  loop.for %j = %n to %n sideways {
  }
  return
}
// -----
// expected-error @+4 {{'loop.yield' gives other types than the loop carries}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.for %j = %n to %n with (%s = %v) -> (f32) {
  }
  return
}
// -----
// expected-error @+3 {{'loop.yield' gives other types than the loop carries}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.for %j = %n to %n with (%s = %v) -> (f32) {
    loop.yield %i : i64
  }
  return
}
// -----
// expected-error @+3 {{%s has type f64, not f32}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.for %j = %n to %n with (%s = %v) -> (f64) {
    loop.yield %s : f32
  }
  return
}
// -----
// expected-error @+2 {{%i has type i64, not index}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  loop.for %j = %i to %n {
  }
  return
}
// -----
// expected-error @+3 {{'loop.for' is a vector loop inside another}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  loop.for %j, %vl = %n to %n lanes 8 parallel {
    loop.for %k, %vm = %n to %n lanes 8 parallel {
    }
  }
  return
}
// -----
// expected-error @+2 {{'loop.broadcast' makes i64 into vector<[8]xf32>}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.broadcast %i : i64 -> vector<[8]xf32>
  return
}
// -----
// expected-error @+2 {{expected '[', found ':'}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.buffer %i : memref<?x3xf32>
  return
}
// -----
// expected-error @+2 {{%v has type f32, not memref<?x3xf32>}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.buffer %v[%n] : memref<?x3xf32>
  return
}
// -----
// expected-error @+2 {{'loop.yield' ends its block but is not the last operation there}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  loop.yield %v : f32
  return
}
// -----
// expected-error @+5 {{'loop.launch' operand inputs has type i64, not Tensor}}
// expected-error @+4 {{'loop.launch' operand dests has type f32, not Tensor}}
// expected-error @+3 {{'loop.launch' result results has type f32, not Tensor}}
// expected-error @+2 {{'loop.launch' refers to @nobody, which does not exist}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = loop.launch @nobody ins(%i : i64) outs(%v : f32)
  return
}
