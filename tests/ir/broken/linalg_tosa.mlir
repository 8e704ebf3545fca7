// expected-error @+2 {{'linalg.generic' has 1 indexing maps for 2 operands}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has 1 iterators and a map of 2 dimensions}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has unknown iterator types ['parallel', 'sideways']}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "sideways"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has a block whose arguments are not the operands' elements}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has a block whose arguments are not the operands' elements}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f64):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+4 {{'linalg.yield' yields other types than the outputs' elements}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+4 {{'linalg.yield' yields other types than the outputs' elements}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p, %p : f32, f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+5 {{'linalg.yield' yields other types than the outputs' elements}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    %z = arith.extf %p : f32 to f64
    linalg.yield %z : f64
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+3 {{'linalg.generic' needs linalg.yield at the end of its region}}
// expected-error @+2 {{'linalg.generic' holds an empty block; a terminator is missing}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
  
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' gives other types than its outputs have}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<3x2xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' maps tensor<2x3xf32> with 1 subscripts}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has 2 iterators and a map of 1 dimensions}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.generic' dimension d0 is 3 and 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.matmul' dimension d2 is 3 and 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.matmul ins(%t, %t : tensor<2x3xf32>, tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.matmul' maps tensor<?xf32> with 2 subscripts}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.matmul ins(%t, %d : tensor<2x3xf32>, tensor<?xf32>) outs(%t : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.matmul' is malformed: not enough values to unpack (expected 2, got 1)}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.matmul ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'linalg.fill' gives other types than its outputs have}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.fill ins(%a : i32) outs(%t : tensor<2x3xf32>) -> tensor<2x3xf64>
  return
}
// -----
// expected-error @+2 {{'linalg.index' stands inside 'func.func', not linalg.generic or linalg.map or linalg.reduce}}
func.func @f() {
  %0 = linalg.index 0 : index
  return
}
// -----
// expected-error @+2 {{'linalg.yield' ends its block but is not the last operation there}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  linalg.yield %x : f32
  return
}
// -----
// expected-error @+2 {{'linalg.generic' has a linalg.index of dimension 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<2x3xf32>) outs(%t : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    %z = linalg.index 2 : index
    linalg.yield %p : f32
  } -> tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{'tosa.add' gives tensor<3x2xf32>, but the shape is [2x3]}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tosa.add %t, %d : (tensor<2x3xf32>, tensor<?xf32>) -> tensor<3x2xf32>
  return
}
// -----
// expected-error @+2 {{'tosa.reduce_sum' has no dimension 2 among 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tosa.reduce_sum %t {axis = 2 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}
// -----
// expected-error @+2 {{'tosa.reduce_sum' gives tensor<2x2xf32>, but the shape is [2x1]}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tosa.reduce_sum %t {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}
// -----
// expected-error @+2 {{'tosa.reduce_sum' lacks the attribute 'axis'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tosa.reduce_sum %t : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}
// -----
// expected-error @+3 {{'tosa.exp' operand input1 has type f32, not Tensor}}
// expected-error @+2 {{'tosa.exp' result output has type f32, not Tensor}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tosa.exp %x : (f32) -> f32
  return
}
// -----
// expected-error @+1 {{the arguments of a function with a body need names}}
func.func @f() {
  ^bb0(%z: i32):
  return
  ^bb1:
  return
}
