func.func @main(%a: tensor<?x4xf32>, %b: tensor<3x4xf32>, %i: tensor<?xi64>, %n: index, %k: i64, %ok: i1) -> tensor<?x4xf32> {
  %cst = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %one = arith.constant 1 : i64
  %0 = "numpy.add"(%a, %a) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = "numpy.exp"(%0) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = "numpy.less"(%0, %1) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %3 = "numpy.where"(%2, %0, %1) : (tensor<?x4xi1>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %4 = "numpy.cast"(%3) : (tensor<?x4xf32>) -> tensor<?x4xf64>
  %5 = "numpy.sum"(%4) <{axes = array<i64: 1>, keepdims}> : (tensor<?x4xf64>) -> tensor<?x1xf64>
  %6 = "numpy.argmax"(%b) <{axis = 0 : i64}> : (tensor<3x4xf32>) -> tensor<4xi64>
  %7 = "numpy.cumsum"(%b) <{axis = 1 : i64}> : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %8 = "numpy.transpose"(%b) <{axes = array<i64: 1, 0>}> : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %9 = "numpy.matmul"(%a, %8) : (tensor<?x4xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
  %10 = "numpy.reshape"(%9, %n) : (tensor<?x3xf32>, index) -> tensor<3x?xf32>
  %11 = "numpy.broadcast_to"(%6, %n) : (tensor<4xi64>, index) -> tensor<?x4xi64>
  %12 = "numpy.concatenate"(%a, %a) <{axis = 0 : i64}> : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %13 = "numpy.slice"(%12, %n) <{operandSegmentSizes = array<i32: 1, 0, 1>, static_offsets = array<i64: 0, 1>, static_sizes = array<i64: -9223372036854775808, 2>, static_strides = array<i64: 1, 2>}> : (tensor<?x4xf32>, index) -> tensor<?x2xf32>
  %14 = "numpy.insert_slice"(%13, %12, %n) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, static_offsets = array<i64: 0, 1>, static_sizes = array<i64: -9223372036854775808, 2>, static_strides = array<i64: 1, 2>}> : (tensor<?x2xf32>, tensor<?x4xf32>, index) -> tensor<?x4xf32>
  %15 = "numpy.check_indices"(%i, %n) <{axis = 0 : i64}> : (tensor<?xi64>, index) -> tensor<?xi64>
  %16 = "numpy.take"(%14, %15) <{axis = 0 : i64}> : (tensor<?x4xf32>, tensor<?xi64>) -> tensor<?x4xf32>
  %17 = "numpy.arange"(%k, %one, %n) : (i64, i64, index) -> tensor<?xi64>
  %18 = "numpy.full"(%k, %n) : (i64, index) -> tensor<?x2xi64>
  %19 = "numpy.to_tensor"(%k) : (i64) -> tensor<i64>
  %20 = "numpy.item"(%19) : (tensor<i64>) -> i64
  %21 = "numpy.stack"(%k, %20) : (i64, i64) -> tensor<2xi64>
  %22 = "numpy.transpose"(%cst) <{axes = array<i64: 1, 0>}> : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %23 = "numpy.reshape"(%22) : (tensor<2x2xf32>) -> tensor<4xf32>
  "numpy.check"(%ok, %20) <{exception = "ValueError", kinds = ["int"], message = "bad {}"}> : (i1, i64) -> ()
  "numpy.host"(%21, %23, %5, %7, %10, %11, %17, %18) <{kinds = ["array", "array", "array", "array", "array", "array", "array", "array"], options = {end = "\0A", sep = " "}, result_kinds = [], service = "print"}> : (tensor<2xi64>, tensor<4xf32>, tensor<?x1xf64>, tensor<3x4xf32>, tensor<3x?xf32>, tensor<?x4xi64>, tensor<?xi64>, tensor<?x2xi64>) -> ()
  return %16 : tensor<?x4xf32>
}
