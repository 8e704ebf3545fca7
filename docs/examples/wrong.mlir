func.func @f(%a: tensor<4xf32>) -> tensor<5xi64> {
  %0 = "numpy.argsort"(%a) : (tensor<4xf32>) -> tensor<5xi64>
  return %0 : tensor<5xi64>
}
