func.func @f(%a: tensor<4xf32>) -> tensor<5xf32> {
  %0 = "numpy.cumsum"(%a) <{axis = 0 : i64}> : (tensor<4xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
