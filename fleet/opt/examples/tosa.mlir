// tosa.const
func.func @example() -> tensor<2xi32> {
  %0 = "tosa.const"() <{value = dense<[1, 0]> : tensor<2xi32>}> : () -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// tosa.reduce_sum
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = tosa.reduce_sum %a {axis = 1 : i32} : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// tosa.reduce_prod
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = tosa.reduce_prod %a {axis = 1 : i32} : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// tosa.reduce_max
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = tosa.reduce_max %a {axis = 1 : i32} : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// tosa.reduce_min
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x1xf32> {
  %0 = tosa.reduce_min %a {axis = 1 : i32} : (tensor<4x8xf32>) -> tensor<4x1xf32>
  return %0 : tensor<4x1xf32>
}

// tosa.reduce_all
func.func @example(%a: tensor<4x8xi1>) -> tensor<4x1xi1> {
  %0 = tosa.reduce_all %a {axis = 1 : i32} : (tensor<4x8xi1>) -> tensor<4x1xi1>
  return %0 : tensor<4x1xi1>
}

// tosa.reduce_any
func.func @example(%a: tensor<4x8xi1>) -> tensor<4x1xi1> {
  %0 = tosa.reduce_any %a {axis = 1 : i32} : (tensor<4x8xi1>) -> tensor<4x1xi1>
  return %0 : tensor<4x1xi1>
}

// tosa.argmax
func.func @example(%a: tensor<4x8xf32>) -> tensor<4xi64> {
  %0 = tosa.argmax %a {axis = 1 : i32} : (tensor<4x8xf32>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// tosa.reshape
func.func @example(%a: tensor<4x8xf32>) -> tensor<2x16xf32> {
  %0 = tosa.reshape %a {new_shape = array<i64: 2, 16>} : (tensor<4x8xf32>) -> tensor<2x16xf32>
  return %0 : tensor<2x16xf32>
}

// tosa.slice
func.func @example(%a: tensor<4x8xf32>) -> tensor<2x2xf32> {
  %0 = tosa.slice %a {size = array<i64: 2, 2>, start = array<i64: 1, 0>} : (tensor<4x8xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// tosa.concat
func.func @example(%a: tensor<4x8xf32>, %b: tensor<2x8xf32>) -> tensor<6x8xf32> {
  %0 = tosa.concat %a, %b {axis = 0 : i32} : (tensor<4x8xf32>, tensor<2x8xf32>) -> tensor<6x8xf32>
  return %0 : tensor<6x8xf32>
}

// tosa.gather
func.func @example(%a: tensor<2x4x8xf32>, %i: tensor<2x3xi32>) -> tensor<2x3x8xf32> {
  %0 = tosa.gather %a, %i : (tensor<2x4x8xf32>, tensor<2x3xi32>) -> tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

// tosa.transpose
func.func @example(%a: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %0 = "tosa.const"() <{value = dense<[1, 0]> : tensor<2xi32>}> : () -> tensor<2xi32>
  %1 = tosa.transpose %a, %0 : (tensor<4x8xf32>, tensor<2xi32>) -> tensor<8x4xf32>
  return %1 : tensor<8x4xf32>
}

// tosa.equal
func.func @example(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = tosa.equal %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// tosa.greater
func.func @example(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = tosa.greater %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// tosa.greater_equal
func.func @example(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = tosa.greater_equal %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// tosa.select
func.func @example(%c: tensor<2x3xi1>, %a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = tosa.select %c, %a, %b : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// tosa.logical_not
func.func @example(%a: tensor<2x3xi1>) -> tensor<2x3xi1> {
  %0 = tosa.logical_not %a : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// tosa.cast
func.func @example(%a: tensor<2x3xf32>) -> tensor<2x3xi32> {
  %0 = tosa.cast %a : (tensor<2x3xf32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// tosa.int_div
func.func @example(%a: tensor<4x8xi32>, %b: tensor<4x8xi32>) -> tensor<4x8xi32> {
  %0 = tosa.int_div %a, %b : (tensor<4x8xi32>, tensor<4x8xi32>) -> tensor<4x8xi32>
  return %0 : tensor<4x8xi32>
}

// tosa.sin
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = tosa.sin %a : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// tosa.cos
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = tosa.cos %a : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// tosa.scatter
func.func @example(%a: tensor<2x4x8xf32>, %b: tensor<2x3xi32>, %c: tensor<2x3x8xf32>) -> tensor<2x4x8xf32> {
  %0 = tosa.scatter %a, %b, %c : (tensor<2x4x8xf32>, tensor<2x3xi32>, tensor<2x3x8xf32>) -> tensor<2x4x8xf32>
  return %0 : tensor<2x4x8xf32>
}

// tosa.tile
func.func @example(%a: tensor<4x8xf32>) -> tensor<8x8xf32> {
  %0 = tosa.tile %a {multiples = array<i64: 2, 1>} : (tensor<4x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// tosa.table
func.func @example(%a: tensor<4xi8>, %b: tensor<256xi8>) -> tensor<4xi8> {
  %0 = tosa.table %a, %b : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// tosa.fully_connected
func.func @example(%a: tensor<4x8xf32>, %b: tensor<3x8xf32>, %c: tensor<3xf32>) -> tensor<4x3xf32> {
  %0 = tosa.fully_connected %a, %b, %c : (tensor<4x8xf32>, tensor<3x8xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// tosa.pad
func.func @example(%a: tensor<4x8xf32>) -> tensor<6x9xf32> {
  %0 = "tosa.const"() <{value = dense<[[1, 1], [0, 1]]> : tensor<2x2xi32>}> : () -> tensor<2x2xi32>
  %1 = tosa.pad %a, %0 : (tensor<4x8xf32>, tensor<2x2xi32>) -> tensor<6x9xf32>
  return %1 : tensor<6x9xf32>
}

// tosa.arithmetic_right_shift
func.func @example(%a: tensor<4x8xi32>, %b: tensor<4x8xi32>) -> tensor<4x8xi32> {
  %0 = tosa.arithmetic_right_shift %a, %b {round = false} : (tensor<4x8xi32>, tensor<4x8xi32>) -> tensor<4x8xi32>
  return %0 : tensor<4x8xi32>
}

// tosa.clamp
func.func @example(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = tosa.clamp %a {max_fp = 1.0 : f32, max_int = 1 : i64, min_fp = 0.0 : f32, min_int = 0 : i64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// tosa.conv2d
func.func @example(%a: tensor<1x5x6x3xf32>, %w: tensor<8x3x3x3xf32>, %b: tensor<8xf32>) -> tensor<1x3x3x8xf32> {
  %0 = tosa.conv2d %a, %w, %b {dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : (tensor<1x5x6x3xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  return %0 : tensor<1x3x3x8xf32>
}

// tosa.conv3d
func.func @example(%a: tensor<1x4x5x6x3xf32>, %w: tensor<8x2x3x3x3xf32>, %b: tensor<8xf32>) -> tensor<1x3x3x4x8xf32> {
  %0 = tosa.conv3d %a, %w, %b {dilation = array<i64: 1, 1, 1>, pad = array<i64: 0, 0, 0, 0, 0, 0>, stride = array<i64: 1, 1, 1>} : (tensor<1x4x5x6x3xf32>, tensor<8x2x3x3x3xf32>, tensor<8xf32>) -> tensor<1x3x3x4x8xf32>
  return %0 : tensor<1x3x3x4x8xf32>
}

// tosa.depthwise_conv2d
func.func @example(%a: tensor<1x5x6x3xi8>, %w: tensor<3x3x3x2xi8>, %b: tensor<6xi32>) -> tensor<1x3x4x6xi32> {
  %0 = tosa.depthwise_conv2d %a, %w, %b {dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantization_info = #tosa.conv_quant<input_zp = 3, weight_zp = 0>, stride = array<i64: 1, 1>} : (tensor<1x5x6x3xi8>, tensor<3x3x3x2xi8>, tensor<6xi32>) -> tensor<1x3x4x6xi32>
  return %0 : tensor<1x3x4x6xi32>
}

// tosa.transpose_conv2d
func.func @example(%a: tensor<1x3x3x8xf32>, %w: tensor<4x2x2x8xf32>, %b: tensor<4xf32>) -> tensor<1x6x6x4xf32> {
  %0 = tosa.transpose_conv2d %a, %w, %b {out_pad = array<i64: 0, 0, 0, 0>, out_shape = array<i64: 1, 6, 6, 4>, stride = array<i64: 2, 2>} : (tensor<1x3x3x8xf32>, tensor<4x2x2x8xf32>, tensor<4xf32>) -> tensor<1x6x6x4xf32>
  return %0 : tensor<1x6x6x4xf32>
}

// tosa.avg_pool2d
func.func @example(%a: tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32> {
  %0 = tosa.avg_pool2d %a {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32>
  return %0 : tensor<1x3x3x4xf32>
}

// tosa.max_pool2d
func.func @example(%a: tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32> {
  %0 = tosa.max_pool2d %a {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x6x6x4xf32>) -> tensor<1x3x3x4xf32>
  return %0 : tensor<1x3x3x4xf32>
}

// tosa.resize
func.func @example(%a: tensor<1x4x4x2xf32>) -> tensor<1x7x7x2xf32> {
  %0 = tosa.resize %a {border = array<i64: 0, 0>, mode = "BILINEAR", offset = array<i64: 0, 0>, scale = array<i64: 2, 1, 2, 1>} : (tensor<1x4x4x2xf32>) -> tensor<1x7x7x2xf32>
  return %0 : tensor<1x7x7x2xf32>
}

// tosa.rescale
func.func @example(%a: tensor<4x8xi32>) -> tensor<4x8xi8> {
  %0 = tosa.rescale %a {double_round = false, input_zp = 0 : i32, multiplier = array<i32: 1073741824>, output_zp = -1 : i32, per_channel = false, scale32 = true, shift = array<i8: 36>} : (tensor<4x8xi32>) -> tensor<4x8xi8>
  return %0 : tensor<4x8xi8>
}

// tosa.cond_if tosa.yield
func.func @example(%c: tensor<i1>, %a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tosa.cond_if %c -> (tensor<4xf32>) {
    %1 = tosa.negate %a : (tensor<4xf32>) -> tensor<4xf32>
    tosa.yield %1 : tensor<4xf32>
  } else {
    tosa.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// tosa.while_loop
func.func @example(%a: tensor<i32>) -> tensor<i32> {
  %0 = tosa.while_loop (%x = %a) : (tensor<i32>) -> tensor<i32> {
    %1 = "tosa.const"() <{value = dense<100> : tensor<i32>}> : () -> tensor<i32>
    %2 = tosa.greater_equal %1, %x : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tosa.yield %2 : tensor<i1>
  } do {
  ^bb0(%x: tensor<i32>):
    %1 = tosa.add %x, %x : (tensor<i32>, tensor<i32>) -> tensor<i32>
    tosa.yield %1 : tensor<i32>
  }
  return %0 : tensor<i32>
}
