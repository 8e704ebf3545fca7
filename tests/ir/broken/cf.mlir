// expected-error @+2 {{'cf.br' passes (i32) to a block that takes ()}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb1(%a : i32)
^bb1:
  return
}
// -----
// expected-error @+2 {{'cf.br' passes () to a block that takes (i32)}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb1
^bb1(%b: i32):
  return
}
// -----
// expected-error @+2 {{'cf.br' passes (i32) to a block that takes (i64)}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb1(%a : i32)
^bb1(%b: i64):
  return
}
// -----
// expected-error @+2 {{the block ^bb7 is not defined}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb7
}
// -----
// expected-error @+2 {{%a has type i32, not i1}}
func.func @f(%a: i32, %c: i1) {
  cf.cond_br %a, ^bb1, ^bb1
^bb1:
  return
}
// -----
// expected-error @+7 {{'arith.addi' operand 0 is a result of 'arith.addi', which does not dominate this use}}
func.func @f(%a: i32, %c: i1) {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  %0 = arith.addi %a, %a : i32
  cf.br ^bb2
^bb2:
  %1 = arith.addi %0, %a : i32
  return
}
// -----
// expected-error @+3 {{'cf.br' ends its block but is not the last operation there}}
// expected-error @+3 {{'arith.addi' is the last operation of its block but no terminator}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb1
  %0 = arith.addi %a, %a : i32
^bb1:
  return
}
// -----
// expected-error @+5 {{the block ^bb1 is defined already}}
func.func @f(%a: i32, %c: i1) {
  cf.br ^bb1
^bb1:
  cf.br ^bb1
^bb1:
  return
}
// -----
// expected-error @+2 {{%a has type i32, not i1}}
func.func @f(%a: i32, %c: i1) {
  cf.assert %a, "no"
  return
}
// -----
// expected-error @+2 {{'scf.if' needs regions of one block}}
func.func @f(%a: i32, %c: i1) {
  scf.if %c {
    cf.br ^bb1
  ^bb1:
    scf.yield
  }
  return
}
