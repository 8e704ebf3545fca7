#m = affine_map<(d0) -> (d0)>
#trait = {indexing_maps = [#m, #m], iterator_types = ["parallel"], doc = "hi", library_call = "zz"}
func.func @f(%a: tensor<4x8xf16>, %b: tensor<8x3xf32>, %o: tensor<4x3xf32>, %v: tensor<8xf32>, %w: tensor<4xf32>, %i: tensor<4x8xi32>, %s: f32, %oi: tensor<4x8xf32>) -> tensor<4x3xf32> {
  %0 = linalg.matmul {foo} ins(%a, %b : tensor<4x8xf16>, tensor<8x3xf32>) outs(%o : tensor<4x3xf32>) -> tensor<4x3xf32>
  %o2 = tensor.empty() : tensor<3x8xf32>
  %1 = linalg.transpose ins(%b : tensor<8x3xf32>) outs(%o2 : tensor<3x8xf32>) permutation = [1, 0] {foo}
  %2 = linalg.broadcast ins(%v : tensor<8xf32>) outs(%oi : tensor<4x8xf32>) dimensions = [0]
  %3 = linalg.reduce { arith.addf } ins(%oi : tensor<4x8xf32>) outs(%w : tensor<4xf32>) dimensions = [1]
  %4 = linalg.reduce ins(%oi : tensor<4x8xf32>) outs(%w : tensor<4xf32>) dimensions = [1]
    (%x: f32, %y: f32) {
      %q = arith.addf %x, %y : f32
      %q2 = arith.addf %q, %y : f32
      linalg.yield %q2 : f32
    }
  %5 = linalg.map { arith.addf {fastmath = #arith.fastmath<fast>} } ins(%oi, %oi : tensor<4x8xf32>, tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>)
  %6 = linalg.map ins(%oi, %oi : tensor<4x8xf32>, tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>)
    (%x: f32, %y: f32) {
      %q = arith.addf %x, %y : f32
      %q2 = arith.addf %q, %y : f32
      linalg.yield %q2 : f32
    }
  %7 = linalg.exp ins(%oi : tensor<4x8xf32>) outs(%oi : tensor<4x8xf32>) -> tensor<4x8xf32>
  %8 = linalg.elemwise_unary {fun = #linalg.unary_fn<negf>, cast = #linalg.type_fn<cast_unsigned>} ins(%i : tensor<4x8xi32>) outs(%oi : tensor<4x8xf32>) -> tensor<4x8xf32>
  %9 = linalg.elemwise_binary ins(%i, %i : tensor<4x8xi32>, tensor<4x8xi32>) outs(%i : tensor<4x8xi32>) -> tensor<4x8xi32>
  %10 = linalg.powf ins(%oi, %oi : tensor<4x8xf32>, tensor<4x8xf32>) outs(%oi : tensor<4x8xf32>) -> tensor<4x8xf32>
  %11 = linalg.matvec ins(%oi, %v : tensor<4x8xf32>, tensor<8xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
  %12 = linalg.copy ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %13 = linalg.reciprocal ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %14 = linalg.square ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %15 = linalg.fill ins(%s : f32) outs(%i : tensor<4x8xi32>) -> tensor<4x8xi32>
  %16 = linalg.map { math.absf } ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>)
  %17 = linalg.rsqrt ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %18 = linalg.round ins(%oi: tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %19 = linalg.div_unsigned ins(%i,%i: tensor<4x8xi32>,tensor<4x8xi32>) outs(%i: tensor<4x8xi32>) -> tensor<4x8xi32>
  %20 = linalg.max ins(%oi,%oi: tensor<4x8xf32>,tensor<4x8xf32>) outs(%oi: tensor<4x8xf32>) -> tensor<4x8xf32>
  %21 = linalg.max ins(%i,%i: tensor<4x8xi32>,tensor<4x8xi32>) outs(%i: tensor<4x8xi32>) -> tensor<4x8xi32>
  return %0 : tensor<4x3xf32>
}
func.func @named(%a: tensor<2x4x8xf32>, %b: tensor<2x8x3xf32>, %bt: tensor<2x3x8xf32>, %at: tensor<2x8x4xf32>, %o: tensor<2x4x3xf32>, %m: tensor<4x8xf32>, %mt: tensor<8x4xf32>, %n: tensor<8x3xf32>, %nt: tensor<3x8xf32>, %r: tensor<4x3xf32>, %v: tensor<8xf32>, %w: tensor<4xf32>, %u: tensor<3xf32>, %vb: tensor<2x8xf32>, %wb: tensor<2x4xf32>, %ub: tensor<2x3xf32>, %s: tensor<f32>, %c: tensor<4x8xi1>) {
  %0 = linalg.batch_matmul ins(%a, %b : tensor<2x4x8xf32>, tensor<2x8x3xf32>) outs(%o : tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %1 = linalg.batch_matmul_transpose_a ins(%at, %b : tensor<2x8x4xf32>, tensor<2x8x3xf32>) outs(%o : tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %2 = linalg.batch_matmul_transpose_b ins(%a, %bt : tensor<2x4x8xf32>, tensor<2x3x8xf32>) outs(%o : tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %3 = linalg.matmul_transpose_a ins(%mt, %n : tensor<8x4xf32>, tensor<8x3xf32>) outs(%r : tensor<4x3xf32>) -> tensor<4x3xf32>
  %4 = linalg.matmul_transpose_b ins(%m, %nt : tensor<4x8xf32>, tensor<3x8xf32>) outs(%r : tensor<4x3xf32>) -> tensor<4x3xf32>
  %5 = linalg.batch_reduce_matmul ins(%a, %b : tensor<2x4x8xf32>, tensor<2x8x3xf32>) outs(%r : tensor<4x3xf32>) -> tensor<4x3xf32>
  %6 = linalg.vecmat ins(%v, %n : tensor<8xf32>, tensor<8x3xf32>) outs(%u : tensor<3xf32>) -> tensor<3xf32>
  %7 = linalg.batch_matvec ins(%a, %vb : tensor<2x4x8xf32>, tensor<2x8xf32>) outs(%wb : tensor<2x4xf32>) -> tensor<2x4xf32>
  %8 = linalg.batch_vecmat ins(%vb, %b : tensor<2x8xf32>, tensor<2x8x3xf32>) outs(%ub : tensor<2x3xf32>) -> tensor<2x3xf32>
  %9 = linalg.dot ins(%v, %v : tensor<8xf32>, tensor<8xf32>) outs(%s : tensor<f32>) -> tensor<f32>
  %10 = linalg.log ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %11 = linalg.abs ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %12 = linalg.ceil ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %13 = linalg.floor ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %14 = linalg.negf ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %15 = linalg.sqrt ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %16 = linalg.tanh ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %17 = linalg.erf ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %18 = linalg.add ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %19 = linalg.sub ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %20 = linalg.mul ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %21 = linalg.div ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %22 = linalg.min ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %23 = linalg.select ins(%c, %m, %m : tensor<4x8xi1>, tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>
  %24 = linalg.add ins(%c, %c : tensor<4x8xi1>, tensor<4x8xi1>) outs(%c : tensor<4x8xi1>) -> tensor<4x8xi1>
  return
}
func.func @generic(%a: tensor<4xf32>, %s: tensor<f32>) -> tensor<4xf32> {
  %0 = linalg.generic #trait ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) attrs = {foo, bar=1} {
   ^bb0(%x: f32, %y: f32):
    %i = linalg.index 0 : index
    linalg.yield %x : f32
  } -> tensor<4xf32>
  %p:2 = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%a,%a : tensor<4xf32>,tensor<4xf32>) {
   ^bb0(%x: f32, %y: f32, %z: f32):
    linalg.yield %x, %y : f32, f32
  } -> (tensor<4xf32>, tensor<4xf32>)
  %r:2 = linalg.reduce ins(%a, %a: tensor<4xf32>, tensor<4xf32>) outs(%s, %s: tensor<f32>, tensor<f32>) dimensions = [0]
  (%q: f32, %w: f32, %e: f32, %t: f32) { linalg.yield %q, %w : f32, f32 }
  return %0 : tensor<4xf32>
}
