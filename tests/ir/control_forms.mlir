func.func @g(%c: i1, %i: i32, %n: index, %t: tensor<8xf32>, %x: f32) -> i32 {
  %fn = constant @h : (i32) -> i32
  %r = call_indirect %fn(%i) {a = 1 : i32} : (i32) -> i32
  cf.assert %c, "msg" {foo}
  scf.parallel (%a, %b) = (%n, %n) to (%n, %n) step (%n, %n) {
  }
  %p:2 = scf.parallel (%a) = (%n) to (%n) step (%n) init (%x, %x) -> (f32, f32) {
    scf.reduce(%x, %x : f32, f32) {
      ^bb0(%l: f32, %rr: f32):
       scf.reduce.return %l : f32
    }, {
      ^bb0(%l: f32, %rr: f32):
       scf.reduce.return %l : f32
    }
  } {foo}
  scf.forall (%a, %b) in (%n, 4) {
  } {mapping = [#gpu.block<x>, #gpu.block<y>]}
  %o = scf.forall (%a) = (0) to (%n) step (2) shared_outs(%oo = %t) -> (tensor<8xf32>) {
    %s = tensor.extract_slice %oo[%a][1][1] : tensor<8xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %oo[%a][1][1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  %sw = scf.index_switch %n {foo} -> i32
  case 2 {
    scf.yield %i : i32
  }
  case -5 {
    scf.yield %i : i32
  }
  default {
    scf.yield %i : i32
  }
  scf.index_switch %n 
  default {
  }
  %er = scf.execute_region -> i32 {
    cf.cond_br %c, ^bb1, ^bb2(%i : i32)
  ^bb1:
    cf.br ^bb2(%i : i32)
  ^bb2(%q: i32):
    scf.yield %q : i32
  }
  %w = scf.while (%ww = %i) : (i32) -> i32 {
    scf.condition(%c) %ww : i32
  } do {
  ^bb0(%z: i32):
    scf.yield %z : i32
  } attributes {foo}
  cf.switch %i : i32, [
    default: ^bb2,
    42: ^bb1(%i : i32),
    -3: ^bb3(%x, %c : f32, i1)
  ]
 ^bb1(%k: i32):
  cf.cond_br %c, ^bb1(%k : i32), ^bb2 {foo}
 ^bb2:
  return %i : i32
 ^bb3(%e: f32, %f: i1):
  cf.switch %i : i32, [
    default: ^bb2
  ] {foo}
}
func.func private @h(i32) -> i32

func.func @parts(%x: f32, %t: tensor<4x8xf32>, %i: tensor<3x1xindex>, %n: index, %row: tensor<3x1x8xf32>, %d: tensor<?x8xf32>, %s: tensor<2xindex>) {
  %0 = tensor.pad %t nofold low[1, %n] high[0, 2] {
  ^bb0(%a: index, %b: index):
    tensor.yield %x : f32
  } : tensor<4x8xf32> to tensor<5x?xf32>
  %1 = tensor.gather %t[%i] gather_dims([0]) unique : (tensor<4x8xf32>, tensor<3x1xindex>) -> tensor<3x1x8xf32>
  %2 = tensor.scatter %row into %t[%i] scatter_dims([0]) unique : (tensor<3x1x8xf32>, tensor<4x8xf32>, tensor<3x1xindex>) -> tensor<4x8xf32>
  %3 = tensor.rank %t : tensor<4x8xf32>
  %4 = tensor.bitcast %t : tensor<4x8xf32> to tensor<4x8xi32>
  %5 = tensor.reshape %d(%s) : (tensor<?x8xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  %6 = tensor.splat %x[%n] : tensor<?x2xf32>
  %7 = builtin.unrealized_conversion_cast %n : index to i64
  return
}
