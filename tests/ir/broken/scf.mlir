// expected-error @+2 {{'scf.if' needs regions of one block}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.if %c -> i32 {
    scf.yield %a : i32
  }
  return
}
// -----
// expected-error @+3 {{'scf.yield' yields (i64) where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.if %c -> (i32) {
    scf.yield %b : i64
  } else {
    scf.yield %a : i32
  }
  return
}
// -----
// expected-error @+5 {{'scf.yield' yields () where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.if %c -> (i32) {
    scf.yield %a : i32
  } else {
    scf.yield
  }
  return
}
// -----
// expected-error @+3 {{'scf.yield' yields () where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.if %c -> (i32) {
  } else {
    scf.yield %a : i32
  }
  return
}
// -----
// expected-error @+2 {{%a has type i32, not i1}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.if %a {
  }
  return
}
// -----
// expected-error @+3 {{'scf.yield' stands inside 'func.func', not scf.execute_region or scf.for or scf.if or scf.index_switch or scf.while}}
// expected-error @+2 {{'scf.yield' ends its block but is not the last operation there}}
func.func @f() {
  scf.yield
  return
}
// -----
// expected-error @+3 {{there is no operation 'return'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.if %c {
    return
  }
  return
}
// -----
// expected-error @+3 {{'scf.if' needs scf.yield at the end of its regions}}
// expected-error @+3 {{'scf.condition' stands inside 'scf.if', not scf.while}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.if %c {
    scf.condition(%c)
  }
  return
}
// -----
// expected-error @+2 {{%a has type i32, not index}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.for %k = %i to %a step %i {
  }
  return
}
// -----
// expected-error @+4 {{'scf.for' operand lower has type f32, not Integer}}
// expected-error @+3 {{'scf.for' operand upper has type f32, not Integer}}
// expected-error @+2 {{'scf.for' operand step has type f32, not Integer}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.for %k = %x to %x step %x : f32 {
  }
  return
}
// -----
// expected-error @+2 {{%a has type i32, not i64}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.for %k = %i to %i step %i iter_args(%s = %a) -> (i64) {
    scf.yield %s : i64
  }
  return
}
// -----
// expected-error @+3 {{'scf.yield' yields (i64) where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.for %k = %i to %i step %i iter_args(%s = %a) -> (i32) {
    scf.yield %b : i64
  }
  return
}
// -----
// expected-error @+4 {{'scf.yield' yields () where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.for %k = %i to %i step %i iter_args(%s = %a) -> (i32) {
  }
  return
}
// -----
// expected-error @+3 {{'scf.yield' yields (i32, i32) where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.for %k = %i to %i step %i iter_args(%s = %a) -> (i32) {
    scf.yield %s, %s : i32, i32
  }
  return
}
// -----
// expected-error @+3 {{%a has type i32, not i1}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.while (%s = %a) : (i32) -> i32 {
    scf.condition(%a) %s : i32
  } do {
  ^bb0(%s2: i32):
    scf.yield %s2 : i32
  }
  return
}
// -----
// expected-error @+3 {{'scf.condition' forwards (i64) where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.while (%s = %a) : (i32) -> i32 {
    scf.condition(%c) %b : i64
  } do {
  ^bb0(%s2: i32):
    scf.yield %s2 : i32
  }
  return
}
// -----
// expected-error @+6 {{'scf.yield' yields (i64) where (i32) is needed}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.while (%s = %a) : (i32) -> i32 {
    scf.condition(%c) %s : i32
  } do {
  ^bb0(%s2: i32):
    scf.yield %b : i64
  }
  return
}
// -----
// expected-error @+2 {{'scf.while' needs scf.condition at the end of its regions}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = scf.while (%s = %a) : (i32) -> i32 {
    scf.yield %s : i32
  } do {
  ^bb0(%s2: i32):
    scf.yield %s2 : i32
  }
  return
}
// -----
// expected-error @+2 {{'scf.if' has 1 regions instead of 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  "scf.if"(%c) ({
    "scf.yield"() : () -> ()
  }) : (i1) -> ()
  return
}
// -----
// expected-error @+2 {{'tensor.extract' needs count(indices) = rank(tensor), but here that is 1 = 2}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract %t[%i] : tensor<2x3xf32>
  return
}
// -----
// expected-error @+2 {{%a has type i32, not index}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = tensor.extract %t[%a, %a] : tensor<2x3xf32>
  return
}
