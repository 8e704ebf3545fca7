// numpy.sum
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = "numpy.sum"(%a) <{axes = array<i64: 1>, keepdims}> : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// numpy.prod
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = "numpy.prod"(%a) <{axes = array<i64: 1>, keepdims}> : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// numpy.max
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = "numpy.max"(%a) <{axes = array<i64: 1>, keepdims}> : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// numpy.min
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = "numpy.min"(%a) <{axes = array<i64: 1>, keepdims}> : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// numpy.all
func.func @example(%a: tensor<4x8xi1>) -> tensor<i1> {
  %0 = "numpy.all"(%a) <{axes = array<i64: 0, 1>}> : (tensor<4x8xi1>) -> tensor<i1>
  return %0 : tensor<i1>
}

// numpy.any
func.func @example(%a: tensor<4x8xi1>) -> tensor<i1> {
  %0 = "numpy.any"(%a) <{axes = array<i64: 0, 1>}> : (tensor<4x8xi1>) -> tensor<i1>
  return %0 : tensor<i1>
}

// numpy.argmax
func.func @example(%a: tensor<4x8xf32>) -> tensor<4xi64> {
  %0 = "numpy.argmax"(%a) <{axis = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// numpy.argmin
func.func @example(%a: tensor<4x8xf32>) -> tensor<4xi64> {
  %0 = "numpy.argmin"(%a) <{axis = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// numpy.cumprod
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "numpy.cumprod"(%a) <{axis = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// numpy.cummax
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "numpy.cummax"(%a) <{axis = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// numpy.cummin
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "numpy.cummin"(%a) <{axis = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// numpy.sort
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "numpy.sort"(%a) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// numpy.argsort
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xi64> {
  %0 = "numpy.argsort"(%a) : (tensor<4x8xf32>) -> tensor<4x8xi64>
  return %0 : tensor<4x8xi64>
}

// numpy.searchsorted
func.func @example(%a: tensor<8xf32>, %v: tensor<3xf32>) -> tensor<3xi64> {
  %0 = "numpy.searchsorted"(%a, %v) <{right}> : (tensor<8xf32>, tensor<3xf32>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}

// numpy.nonzero
func.func @example(%a: tensor<8xi1>) -> tensor<?xi64> {
  %0 = "numpy.nonzero"(%a) : (tensor<8xi1>) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// numpy.scatter
func.func @example(%v: tensor<3xf32>, %i: tensor<3xi64>, %a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = "numpy.scatter"(%v, %i, %a) <{combine = "add"}> : (tensor<3xf32>, tensor<3xi64>, tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// numpy.bitcast
func.func @example(%a: tensor<4xf32>) -> tensor<4xi32> {
  %0 = "numpy.bitcast"(%a) : (tensor<4xf32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// numpy.transpose
func.func @example(%a: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %0 = "numpy.transpose"(%a) <{axes = array<i64: 1, 0>}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// numpy.slice
func.func @example(%a: tensor<?x8xf32>, %n: index) -> tensor<?x2xf32> {
  %0 = "numpy.slice"(%a, %n) <{operandSegmentSizes = array<i32: 1, 0, 1>, static_offsets = array<i64: 0, 1>, static_sizes = array<i64: -9223372036854775808, 2>, static_strides = array<i64: 1, 2>}> : (tensor<?x8xf32>, index) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// numpy.insert_slice
func.func @example(%s: tensor<?x2xf32>, %a: tensor<?x8xf32>, %n: index) -> tensor<?x8xf32> {
  %0 = "numpy.insert_slice"(%s, %a, %n) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, static_offsets = array<i64: 0, 1>, static_sizes = array<i64: -9223372036854775808, 2>, static_strides = array<i64: 1, 2>}> : (tensor<?x2xf32>, tensor<?x8xf32>, index) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// numpy.take
func.func @example(%a: tensor<4x8xf32>, %i: tensor<3xi64>) -> tensor<3x8xf32> {
  %0 = "numpy.take"(%a, %i) <{axis = 0 : i64}> : (tensor<4x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// numpy.arange
func.func @example(%start: i64, %step: i64, %n: index) -> tensor<?xi64> {
  %0 = "numpy.arange"(%start, %step, %n) : (i64, i64, index) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// numpy.to_tensor
func.func @example(%x: i64) -> tensor<i64> {
  %0 = "numpy.to_tensor"(%x) : (i64) -> tensor<i64>
  return %0 : tensor<i64>
}

// numpy.item
func.func @example(%a: tensor<1x1xf64>) -> f64 {
  %0 = "numpy.item"(%a) : (tensor<1x1xf64>) -> f64
  return %0 : f64
}

// numpy.stack
func.func @example(%x: i64, %y: i64) -> tensor<2xi64> {
  %0 = "numpy.stack"(%x, %y) : (i64, i64) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// numpy.check
func.func @example(%c: i1, %x: i64) {
  "numpy.check"(%c, %x) <{exception = "ValueError", kinds = ["int"], message = "{} is too large"}> : (i1, i64) -> ()
  return
}

// numpy.host
func.func @example(%a: tensor<4x8xf32>) {
  "numpy.host"(%a) <{kinds = ["array"], options = {end = "\0A", sep = " "}, result_kinds = [], service = "print"}> : (tensor<4x8xf32>) -> ()
  return
}

// numpy.complex
func.func @example(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xcomplex<f32>> {
  %0 = "numpy.complex"(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xcomplex<f32>>
  return %0 : tensor<4xcomplex<f32>>
}

// numpy.real
func.func @example(%a: tensor<4xcomplex<f32>>) -> tensor<4xf32> {
  %0 = "numpy.real"(%a) : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// numpy.imag
func.func @example(%a: tensor<4xcomplex<f32>>) -> tensor<4xf32> {
  %0 = "numpy.imag"(%a) : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// numpy.fma
func.func @example(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "numpy.fma"(%a, %b, %c) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
