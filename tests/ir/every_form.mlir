#map = affine_map<(d0, d1) -> (d0, d1)>
module {
  func.func private @ext(tensor<?xi8>, i64) -> (i64, f32) attributes {service = "print", kinds = ["str"], result_kinds = [], options = {end = "\0A"}}
  func.func @f(%a: tensor<?x4xf32>, %n: index) -> (tensor<?x4xf32>, f32) attributes {kernel} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %cst = arith.constant 1.5 : f32
    %t = arith.constant true
    %d = tensor.dim %a, %c0 : tensor<?x4xf32>
    %e = tensor.empty(%d) : tensor<?x4xf32>
    %f = linalg.fill ins(%cst : f32) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
    %g = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<?x4xf32>) outs(%f : tensor<?x4xf32>) {
    ^bb0(%x: f32, %y: f32):
      %s = arith.addf %x, %y : f32
      %i = linalg.index 0 : index
      linalg.yield %s : f32
    } -> tensor<?x4xf32>
    %w = arith.constant dense_resource<a.b.c> : tensor<4x4xf32>
    %mm = linalg.matmul ins(%g, %w : tensor<?x4xf32>, tensor<4x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
    %mt = linalg.matmul_transpose_b ins(%g, %w : tensor<?x4xf32>, tensor<4x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
    %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %cst) -> (tensor<?x4xf32>, f32) {
      scf.yield %p, %q : tensor<?x4xf32>, f32
    }
    %k = scf.while (%z = %n) : (index) -> index {
      %c = arith.cmpi slt, %z, %c1 : index
      scf.condition(%c) %z : index
    } do {
    ^bb0(%z: index):
      scf.yield %z : index
    }
    scf.if %t { 
      func.call @ext2() : () -> ()
    }
    %u = scf.if %t -> (f32) { scf.yield %cst : f32 } else { scf.yield %cst : f32 }
    %sl = tensor.extract_slice %a[%d, 0][%n, 2][1, 1] : tensor<?x4xf32> to tensor<?x2xf32>
    %in = tensor.insert_slice %sl into %a[%d, 0][%n, 2][1, 1] : tensor<?x2xf32> into tensor<?x4xf32>
    %ex = tensor.expand_shape %a [[0, 1], [2]] output_shape [%n, 1, 4] : tensor<?x4xf32> into tensor<?x1x4xf32>
    %co = tensor.collapse_shape %ex [[0, 1], [2]] : tensor<?x1x4xf32> into tensor<?x4xf32>
    %ca = tensor.cast %a : tensor<?x4xf32> to tensor<?x?xf32>
    %xt = tensor.extract %a[%c0, %c1] : tensor<?x4xf32>
    %ins = tensor.insert %xt into %a[%c0, %c1] : tensor<?x4xf32>
    %fe = tensor.from_elements %xt, %xt : tensor<2xf32>
    %cc = tensor.concat dim(0) %fe, %fe : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    %gen = tensor.generate %n { 
      ^bb0(%i: index):
       tensor.yield %cst : f32
    } : tensor<?xf32>
    %spl = tensor.splat %cst[%n] : tensor<?x2xf32>
    %se = arith.select %t, %a, %a : tensor<?x4xf32>
    %cf = arith.cmpf olt, %a, %a : tensor<?x4xf32>
    %se2 = arith.select %cf, %a, %a : tensor<?x4xi1>, tensor<?x4xf32>
    %ic = arith.index_cast %n : index to i64
    %ex1 = math.exp %a : tensor<?x4xf32>
    return %a, %cst : tensor<?x4xf32>, f32
  }
  func.func @ext2() { return }
  func.func @t(%a: tensor<?x4xf32>, %b: tensor<1x4x4xf32>, %i: tensor<1x4xi32>) {
    %0 = tosa.add %a, %a : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %1 = tosa.mul %a, %a {shift = 0 : i8} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %2 = tosa.reduce_sum %a {axis = 0 : i32} : (tensor<?x4xf32>) -> tensor<1x4xf32>
    %3 = "tosa.const"() {value = dense<[1, 0]> : tensor<2xi32>} : () -> tensor<2xi32>
    %4 = tosa.transpose %a, %3 : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<4x?xf32>
    %5 = tosa.matmul %b, %b : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
    %6 = tosa.reshape %b {new_shape = array<i64: 4, 4>} : (tensor<1x4x4xf32>) -> tensor<4x4xf32>
    %7 = tosa.concat %b, %b {axis = 0 : i32} : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<2x4x4xf32>
    %8 = tosa.slice %b {start = array<i64: 0, 0, 0>, size = array<i64: 1, 2, 2>} : (tensor<1x4x4xf32>) -> tensor<1x2x2xf32>
    %9 = tosa.gather %b, %i : (tensor<1x4x4xf32>, tensor<1x4xi32>) -> tensor<1x4x4xf32>
    %10 = tosa.argmax %a {axis = 1 : i32} : (tensor<?x4xf32>) -> tensor<?xi32>
    %11 = "elsewhere.x"(%a) <{b = 3 : i64, c = [1, 2.5, "x"], d}> {q = 1 : i32} : (tensor<?x4xf32>) -> i1
    %12 = arith.constant dense<"0x0000803F0000803F0000804F"> : tensor<3xf32>
    %13 = arith.constant 0x7FC00000 : f32
    %17 = tensor.empty() : tensor<1x1x1x4x4xf32>
    %18 = arith.constant 4 : index
    %19 = tensor.empty(%18) : tensor<1x1x1x4x?xf32>
    %20 = arith.constant 2.5 : f32
    %21 = tensor.pack %b outer_dims_perm = [0, 2, 1] inner_dims_pos = [1, 2] inner_tiles = [4, 4] into %17 : tensor<1x4x4xf32> -> tensor<1x1x1x4x4xf32>
    %22 = tensor.pack %b padding_value(%20 : f32) inner_dims_pos = [1, 2] inner_tiles = [4, %18] into %19 : tensor<1x4x4xf32> -> tensor<1x1x1x4x?xf32>
    %23 = tensor.unpack %22 inner_dims_pos = [1, 2] inner_tiles = [4, %18] into %b : tensor<1x1x1x4x?xf32> -> tensor<1x4x4xf32>
    %14 = "tosa.const"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    %15 = tosa.cond_if %14 -> (tensor<?x4xf32>) {
      tosa.yield %0 : tensor<?x4xf32>
    } else {
      tosa.yield %1 : tensor<?x4xf32>
    }
    %16 = tosa.while_loop (%x = %b) : (tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
      tosa.yield %14 : tensor<i1>
    } do {
    ^bb0(%x: tensor<1x4x4xf32>):
      tosa.yield %x : tensor<1x4x4xf32>
    }
    return
  }
}
{-#
  dialect_resources: {
    builtin: {
      a.b.c: "0x040000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F00000040"
    }
  }
#-}
