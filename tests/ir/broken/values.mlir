// expected-error @+3 {{'arith.addi' operand 0 is a result of 'arith.constant', which does not dominate this use}}
// expected-error @+2 {{'arith.addi' operand 1 is a result of 'arith.constant', which does not dominate this use}}
func.func @f() {
  %0 = arith.addi %1, %1 : i32
  %1 = arith.constant 1 : i32
  return
}
// -----
// expected-error @+2 {{'arith.addi' operand 0 is a result of 'arith.addi', which does not dominate this use}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %0, %a : i32
  return
}
// -----
// expected-error @+3 {{%0 is defined already}}
func.func @f() {
  %0 = arith.constant 1 : i32
  %0 = arith.constant 2 : i32
  return
}
// -----
// expected-error @+2 {{%a is not defined}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %a#1, %a : i32
  return
}
// -----
// expected-error @+7 {{%0 is not defined}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0:2 = scf.if %c -> (i32, i32) {
    scf.yield %a, %a : i32, i32
  } else {
    scf.yield %a, %a : i32, i32
  }
  %1 = arith.addi %0#2, %a : i32
  return
}
// -----
// expected-error @+2 {{%b has type i64, not i32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %b, %b : i32
  return
}
// -----
// expected-error @+5 {{%0 is not defined}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  scf.if %c {
    %0 = arith.constant 1 : i32
  }
  %1 = arith.addi %0, %a : i32
  return
}
// -----
// expected-error @+5 {{%a is not defined}}
func.func @f(%a: i32) {
  return
}
func.func @g() {
  %0 = arith.addi %a, %a : i32
  return
}
// -----
// expected-error @+2 {{'arith.addi' needs one type for operands and results, has i32, i64}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.addi"(%a, %b) : (i32, i64) -> i32
  return
}
// -----
// expected-error @+2 {{'arith.addi' needs one type for operands and results, has i32, i64}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.addi"(%a, %a) : (i32, i32) -> i64
  return
}
