// expected-error @+2 {{'rv.add' operand rs2 has type !rv.f, not X}}
func.func @f(%x: !rv.x, %y: !rv.f) {
  %0 = rv.add %x, %y : (!rv.x, !rv.f) -> !rv.x
  rv.ret
}
// -----
// expected-error @+2 {{'rv.add' has 1 operands, which do not fit its declaration}}
func.func @f(%x: !rv.x) {
  %0 = rv.add %x : (!rv.x) -> !rv.x
  rv.ret
}
// -----
// expected-error @+2 {{'rv.addi' cannot have imm = 5000}}
func.func @f(%x: !rv.x) {
  %0 = rv.addi %x {imm = 5000 : i64} : (!rv.x) -> !rv.x
  rv.ret
}
// -----
// expected-error @+2 {{'rv.addi' lacks the attribute 'imm'}}
func.func @f(%x: !rv.x) {
  %0 = rv.addi %x : (!rv.x) -> !rv.x
  rv.ret
}
// -----
// expected-error @+2 {{there is no operation 'rv.nothing'}}
func.func @f(%x: !rv.x) {
  %0 = rv.nothing %x : (!rv.x) -> !rv.x
  rv.ret
}
// -----
// expected-error @+2 {{'rv.add' result rd has type !rv.f, not X}}
func.func @f(%x: !rv.x) {
  %0 = rv.add %x, %x : (!rv.x, !rv.x) -> !rv.f
  rv.ret
}
// -----
// expected-error @+2 {{%x has type !rv.x, not !rv.z}}
func.func @f(%x: !rv.x) {
  %0 = rv.add %x, %x : (!rv.z, !rv.z) -> !rv.z
  rv.ret
}
