// scf.for scf.yield
func.func @example(%n: index, %x: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%total = %x) -> (f32) {
    %1 = arith.addf %total, %x : f32
    scf.yield %1 : f32
  }
  return %0 : f32
}

// scf.while scf.condition
func.func @example(%n: i64) -> i64 {
  %c1 = arith.constant 1 : i64
  %0 = scf.while (%k = %n) : (i64) -> i64 {
    %1 = arith.cmpi sgt, %k, %c1 : i64
    scf.condition(%1) %k : i64
  } do {
  ^bb0(%k: i64):
    %2 = arith.shrsi %k, %c1 : i64
    scf.yield %2 : i64
  }
  return %0 : i64
}

// scf.if
func.func @example(%c: i1, %x: f32, %y: f32) -> f32 {
  %0 = scf.if %c -> (f32) {
    scf.yield %x : f32
  } else {
    scf.yield %y : f32
  }
  return %0 : f32
}

// scf.execute_region
func.func @example(%x: i64) -> i64 {
  %0 = scf.execute_region -> i64 {
    scf.yield %x : i64
  }
  return %0 : i64
}

// scf.index_switch
func.func @example(%i: index, %x: i64, %y: i64) -> i64 {
  %0 = scf.index_switch %i -> i64
  case 2 {
    scf.yield %x : i64
  }
  default {
    scf.yield %y : i64
  }
  return %0 : i64
}

// scf.parallel scf.reduce scf.reduce.return
func.func @example(%n: index, %x: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%x) -> f32 {
    scf.reduce(%x : f32) {
    ^bb0(%p: f32, %q: f32):
      %1 = arith.addf %p, %q : f32
      scf.reduce.return %1 : f32
    }
  }
  return %0 : f32
}

// scf.forall scf.forall.in_parallel
func.func @example(%a: tensor<4x8xf32>, %row: tensor<1x8xf32>) -> tensor<4x8xf32> {
  %0 = scf.forall (%i) in (4) shared_outs(%out = %a) -> (tensor<4x8xf32>) {
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %row into %out[%i, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<4x8xf32>
    }
  }
  return %0 : tensor<4x8xf32>
}
