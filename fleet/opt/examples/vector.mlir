// vector.extractelement
func.func @example(%v: vector<4xf32>, %i: index) -> f32 {
  %0 = vector.extractelement %v[%i : index] : vector<4xf32>
  return %0 : f32
}

// vector.insertelement
func.func @example(%x: f32, %v: vector<4xf32>, %i: index) -> vector<4xf32> {
  %0 = vector.insertelement %x, %v[%i : index] : vector<4xf32>
  return %0 : vector<4xf32>
}

// vector.extract
func.func @example(%v: vector<2x3xf32>, %i: index) -> f32 {
  %0 = vector.extract %v[1, %i] : f32 from vector<2x3xf32>
  return %0 : f32
}

// vector.insert
func.func @example(%x: vector<3xf32>, %v: vector<2x3xf32>) -> vector<2x3xf32> {
  %0 = vector.insert %x, %v [1] : vector<3xf32> into vector<2x3xf32>
  return %0 : vector<2x3xf32>
}

// vector.transpose
func.func @example(%v: vector<2x3xf32>) -> vector<3x2xf32> {
  %0 = vector.transpose %v, [1, 0] : vector<2x3xf32> to vector<3x2xf32>
  return %0 : vector<3x2xf32>
}

// vector.reduction
func.func @example(%v: vector<4xf32>, %x: f32) -> f32 {
  %0 = vector.reduction <add>, %v, %x : vector<4xf32> into f32
  return %0 : f32
}

// vector.multi_reduction
func.func @example(%v: vector<2x3xf32>, %x: vector<3xf32>) -> vector<3xf32> {
  %0 = vector.multi_reduction <mul>, %v, %x [0] : vector<2x3xf32> to vector<3xf32>
  return %0 : vector<3xf32>
}

// vector.from_elements
func.func @example(%x: f32, %y: f32) -> vector<2xf32> {
  %0 = vector.from_elements %x, %y : vector<2xf32>
  return %0 : vector<2xf32>
}

// vector.extract_strided_slice
func.func @example(%v: vector<2x3xf32>) -> vector<2x2xf32> {
  %0 = vector.extract_strided_slice %v {offsets = [0, 1], sizes = [2, 2], strides = [1, 1]} : vector<2x3xf32> to vector<2x2xf32>
  return %0 : vector<2x2xf32>
}

// vector.insert_strided_slice
func.func @example(%x: vector<2xf32>, %v: vector<2x3xf32>) -> vector<2x3xf32> {
  %0 = vector.insert_strided_slice %x, %v {offsets = [1, 0], strides = [1]} : vector<2xf32> into vector<2x3xf32>
  return %0 : vector<2x3xf32>
}

// vector.create_mask
func.func @example(%n: index) -> vector<8xi1> {
  %0 = vector.create_mask %n : vector<8xi1>
  return %0 : vector<8xi1>
}

// vector.constant_mask
func.func @example() -> vector<2x3xi1> {
  %0 = vector.constant_mask [1, 2] : vector<2x3xi1>
  return %0 : vector<2x3xi1>
}

// vector.shuffle
func.func @example(%v: vector<4xf32>, %w: vector<4xf32>) -> vector<3xf32> {
  %0 = vector.shuffle %v, %w [0, 5, 1] : vector<4xf32>, vector<4xf32>
  return %0 : vector<3xf32>
}
