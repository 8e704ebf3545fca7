// expected-error @+2 {{'tensor.extract' operand tensor has type f32, not Tensor}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract %x[] : f32
  return
}
// -----
// expected-error @+2 {{'tensor.insert' needs scalar = element(dest), but here that is i32 = f32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.insert %a into %t[%i, %i] : tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.insert' needs count(indices) = rank(dest), but here that is 1 = 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.insert %x into %t[%i] : tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{%a has type i32, not index}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.dim %t, %a : tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.dim' operand source has type f32, not Tensor}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.dim %x, %i : f32
  return
}
// -----
// expected-error @+2 {{'tensor.empty' needs count(sizes) = dynamic(result), but here that is 0 = 1}}
func.func @f() {
  %0 = tensor.empty() : tensor<?xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.empty' needs count(sizes) = dynamic(result), but here that is 1 = 0}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.empty(%i) : tensor<2xf32>
  return
}
// -----
// expected-error @+2 {{%a has type i32, not index}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.empty(%a) : tensor<?xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.cast' cannot cast tensor<2x3xf32> to tensor<3x2xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.cast %t : tensor<2x3xf32> to tensor<3x2xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.cast' cannot cast tensor<2x3xf32> to tensor<2x3xf64>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.cast %t : tensor<2x3xf32> to tensor<2x3xf64>
  return
}
// -----
// expected-error @+2 {{'tensor.cast' cannot cast tensor<2x3xf32> to tensor<2x3x1xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.cast %t : tensor<2x3xf32> to tensor<2x3x1xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.from_elements' needs count(elements) = size(result), but here that is 2 = 3}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.from_elements %x, %x : tensor<3xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.from_elements' needs elements = element(result), but here that is (i32, i32) = f32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.from_elements %a, %a : tensor<2xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.collapse_shape' has 2 groups for tensor<6xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.collapse_shape %t [[0], [1]] : tensor<2x3xf32> into tensor<6xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.collapse_shape' groups dimensions [2, 3] into one of 7}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.collapse_shape %t [[0, 1]] : tensor<2x3xf32> into tensor<7xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.collapse_shape' does not name every dimension of tensor<2x3xf32> once, in order}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.collapse_shape %t [[1, 0]] : tensor<2x3xf32> into tensor<6xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.expand_shape' groups dimensions [2, 2] into one of 3}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.expand_shape %t [[0], [1, 2]] output_shape [2, 2, 2] : tensor<2x3xf32> into tensor<2x2x2xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.expand_shape' does not name every dimension of tensor<2x3x1xf32> once, in order}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.expand_shape %t [[0], [1]] output_shape [2, 3, 1] : tensor<2x3xf32> into tensor<2x3x1xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.extract_slice' needs 2 strides for tensor<2x3xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract_slice %t[0, 0] [1, 1] [1] : tensor<2x3xf32> to tensor<1x1xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.extract_slice' has sizes (1, 2), which do not fit tensor<1x3xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract_slice %t[0, 0] [1, 2] [1, 1] : tensor<2x3xf32> to tensor<1x3xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.extract_slice' needs 2 offsets for tensor<2x3xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract_slice %t[0] [1] [1] : tensor<2x3xf32> to tensor<1xf32>
  return
}
// -----
// expected-error @+2 {{%a has type i32, not index}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract_slice %t[%a, 0] [1, 2] [1, 1] : tensor<2x3xf32> to tensor<1x2xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.extract_slice' needs element(result) = element(source), but here that is f64 = f32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract_slice %t[0, 0] [1, 2] [1, 1] : tensor<2x3xf32> to tensor<1x2xf64>
  return
}
// -----
// expected-error @+2 {{'tensor.insert_slice' has sizes (1, 2), which do not fit tensor<?xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.insert_slice %d into %t[0, 0] [1, 2] [1, 1] : tensor<?xf32> into tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'tensor.insert_slice' has sizes (1, 2), which do not fit tensor<2x3xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.insert_slice %t into %t[0, 0] [1, 2] [1, 1] : tensor<2x3xf32> into tensor<2x3xf32>
  return
}
