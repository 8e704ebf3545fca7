// expected-error @+2 {{'numpy.add' cannot broadcast sizes [3, 4]}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.add"(%t, %u) : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.add' has 1 operands, which do not fit its declaration}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.add"(%t) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.matmul' sums over 3 and 2}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.matmul"(%t, %t) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.sum' has no dimensions [2] among 2}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.sum"(%t) {axes = array<i64: 2>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.sum' lacks the attribute 'axes'}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.sum"(%t) : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.transpose' has axes [0, 0] for rank 2}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.transpose"(%t) {axes = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}
// -----
// expected-error @+2 {{'numpy.nothing' is unknown: the dialect numpy has no 'nothing'}}
func.func @f(%t: tensor<2x3xf32>, %u: tensor<4xf32>) {
  %0 = "numpy.nothing"(%t) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
