// expected-error @+3 {{'vm.launch' launches @nobody, which is no kernel}}
// expected-error @+2 {{'vm.launch' refers to @nobody, which does not exist}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  "vm.launch"(%i) <{callee = @nobody}> : (i64) -> ()
  return
}
// -----
// expected-error @+5 {{'vm.launch' passes 2 values to @kernel, which takes 1}}
func.func private @kernel(%in: memref<4xf32>) attributes {kernel} {
  return
}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  "vm.launch"(%i, %i) <{callee = @kernel}> : (i64, i64) -> ()
  return
}
// -----
// expected-error @+2 {{'vm.nothing' is unknown: the dialect vm has no 'nothing'}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = "vm.nothing"(%i) : (i64) -> i64
  return
}
// -----
// expected-error @+2 {{'vm.load' has an address or size of type f32, not i64}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  %0 = "vm.load"(%v) : (f32) -> f32
  return
}
// -----
// expected-error @+2 {{'vm.free' has an address or size of type f32, not i64}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  "vm.free"(%v) : (f32) -> ()
  return
}
// -----
// expected-error @+2 {{'vm.copy' has 2 operands, which do not fit its declaration}}
func.func @f(%a: memref<2x3xf32>, %v: f32, %n: index, %i: i64) {
  "vm.copy"(%i, %i) : (i64, i64) -> ()
  return
}
