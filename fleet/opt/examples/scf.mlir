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
