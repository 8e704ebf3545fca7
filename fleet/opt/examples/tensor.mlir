// tensor.from_elements
func.func @example(%x: f32, %y: f32) -> tensor<2xf32> {
  %0 = tensor.from_elements %x, %y : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// tensor.generate tensor.yield
func.func @example(%n: index) -> tensor<?xindex> {
  %0 = tensor.generate %n {
  ^bb0(%i: index):
    tensor.yield %i : index
  } : tensor<?xindex>
  return %0 : tensor<?xindex>
}

// tensor.extract_slice
func.func @example(%a: tensor<?x4xf32>, %i: index, %n: index) -> tensor<?x2xf32> {
  %0 = tensor.extract_slice %a[%i, 0] [%n, 2] [1, 1] : tensor<?x4xf32> to tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// tensor.insert_slice
func.func @example(%s: tensor<?x2xf32>, %a: tensor<?x4xf32>, %i: index, %n: index) -> tensor<?x4xf32> {
  %0 = tensor.insert_slice %s into %a[%i, 0] [%n, 2] [1, 1] : tensor<?x2xf32> into tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// tensor.expand_shape
func.func @example(%a: tensor<?x4xf32>, %n: index) -> tensor<?x1x4xf32> {
  %0 = tensor.expand_shape %a [[0, 1], [2]] output_shape [%n, 1, 4] : tensor<?x4xf32> into tensor<?x1x4xf32>
  return %0 : tensor<?x1x4xf32>
}

// tensor.collapse_shape
func.func @example(%a: tensor<?x1x4xf32>) -> tensor<?x4xf32> {
  %0 = tensor.collapse_shape %a [[0, 1], [2]] : tensor<?x1x4xf32> into tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// tensor.reshape
func.func @example(%a: tensor<2x3xf32>, %shape: tensor<1xindex>) -> tensor<?xf32> {
  %0 = tensor.reshape %a(%shape) : (tensor<2x3xf32>, tensor<1xindex>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// tensor.concat
func.func @example(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) -> tensor<6x3xf32> {
  %0 = tensor.concat dim(0) %a, %b : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<6x3xf32>
  return %0 : tensor<6x3xf32>
}

// tensor.cast
func.func @example(%a: tensor<?x3xf32>) -> tensor<2x3xf32> {
  %0 = tensor.cast %a : tensor<?x3xf32> to tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// tensor.empty
func.func @example(%n: index) -> tensor<?x3xf32> {
  %0 = tensor.empty(%n) : tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// tensor.gather
func.func @example(%a: tensor<4x8xf32>, %i: tensor<3x1xindex>) -> tensor<3x8xf32> {
  %0 = tensor.gather %a[%i] gather_dims([0]) : (tensor<4x8xf32>, tensor<3x1xindex>) -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// tensor.scatter
func.func @example(%s: tensor<3x1x8xf32>, %a: tensor<4x8xf32>, %i: tensor<3x1xindex>) -> tensor<4x8xf32> {
  %0 = tensor.scatter %s into %a[%i] scatter_dims([0]) unique : (tensor<3x1x8xf32>, tensor<4x8xf32>, tensor<3x1xindex>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// tensor.pad
func.func @example(%a: tensor<4x8xf32>, %x: f32) -> tensor<6x9xf32> {
  %0 = tensor.pad %a low[1, 0] high[1, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %x : f32
  } : tensor<4x8xf32> to tensor<6x9xf32>
  return %0 : tensor<6x9xf32>
}

// tensor.parallel_insert_slice
func.func @example(%a: tensor<4x8xf32>, %row: tensor<1x8xf32>) -> tensor<4x8xf32> {
  %0 = scf.forall (%i) in (4) shared_outs(%out = %a) -> (tensor<4x8xf32>) {
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %row into %out[%i, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<4x8xf32>
    }
  }
  return %0 : tensor<4x8xf32>
}

// tensor.pack
func.func @example(%a: tensor<9x8xf32>, %p: f32) -> tensor<2x3x4x4xf32> {
  %0 = tensor.empty() : tensor<2x3x4x4xf32>
  %1 = tensor.pack %a padding_value(%p : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %0 : tensor<9x8xf32> -> tensor<2x3x4x4xf32>
  return %1 : tensor<2x3x4x4xf32>
}

// tensor.unpack
func.func @example(%a: tensor<3x2x4x4xf32>) -> tensor<9x8xf32> {
  %0 = tensor.empty() : tensor<9x8xf32>
  %1 = tensor.unpack %a inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %0 : tensor<3x2x4x4xf32> -> tensor<9x8xf32>
  return %1 : tensor<9x8xf32>
}
