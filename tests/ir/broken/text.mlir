// expected-error @+1 {{expected a type, found '{'}}
func.func @f( {
// -----
// expected-error @+3 {{expected '}', found the end of the text}}
func.func @f() {
  return
// -----
// expected-error @+3 {{expected an operation, found '}'}}
func.func @f() {
  return
}}
// -----
// expected-error @+1 {{expected a symbol such as @main, found 'f'}}
func.func f() {
  return
}
// -----
// expected-error @+2 {{expected an attribute, found '}'}}
module {
  module attributes {a = } {
  }
}
// -----
// expected-error @+1 {{%a is defined already}}
func.func @f(%a: i32, %a: i32) {
  return
}
// -----
// expected-error @+1 {{there is no type 'i'}}
func.func @f(%a: i) {
  return
}
// -----
// expected-error @+1 {{expected a type, found '3'}}
func.func @f(%a: tensor<2x3>) {
  return
}
// -----
// expected-error @+1 {{there is no type 'x3xf32'}}
func.func @f(%a: tensor<2xx3xf32>) {
  return
}
// -----
// expected-error @+1 {{expected '>', found ')'}}
func.func @f(%a: tensor<2xf32) {
  return
}
// -----
// expected-error @+1 {{the sizes of a vector are positive numbers}}
func.func @f(%a: vector<?xf32>) {
  return
}
// -----
// expected-error @+1 {{there is no type 'i99999999'}}
func.func @f(%a: i99999999) {
  return
}
// -----
// expected-error @+1 {{the alias !nobody is not defined}}
func.func @f(%a: !nobody) {
  return
}
// -----
// expected-error @+2 {{there is no operation 'i32'}}
func.func @f() {
  %0 = arith.constant 1 i32
  return
}
// -----
// expected-error @+2 {{expected an attribute, found ':'}}
func.func @f() {
  %0 = arith.constant : i32
  return
}
// -----
// expected-error @+2 {{expected ',', found ':'}}
func.func @f() {
  %0 = "arith.constant"() {value = 1 : i32 : () -> i32
  return
}
// -----
// expected-error @+2 {{cannot read '"'}}
func.func @f() {
  %0 = arith.constant "unfinished : i32
  return
}
// -----
// expected-error @+2 {{expected ',', found '%a'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %a %a : i32
  return
}
// -----
// expected-error @+3 {{expected ':', found 'return'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %a, %a
  return
}
// -----
// expected-error @+3 {{there is no type 'return'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %a, %a : 
  return
}
// -----
// expected-error @+2 {{'arith.addi' has 1 results, 2 are named}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0, %1 = arith.addi %a, %a : i32
  return
}
// -----
// expected-error @+2 {{there is no operation 'arith.nothing'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  arith.nothing %a : i32
  return
}
// -----
// expected-error @+2 {{there is no operation 'nodialect.op'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  nodialect.op %a : i32
  return
}
// -----
// expected-error @+2 {{expected an operation, found ','}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  "arith.addi"(%a, %a) : (i32, i32) -> i32, i32
  return
}
// -----
// expected-error @+2 {{2 operands but 1 types}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  "arith.addi"(%a, %a) : (i32) -> i32
  return
}
// -----
// expected-error @+2 {{the elements have shape (3,), not that of tensor<2xi32>}}
func.func @f() {
  %0 = arith.constant dense<[1, 2, 3]> : tensor<2xi32>
  return
}
// -----
// expected-error @+2 {{the lists of elements have different lengths}}
func.func @f() {
  %0 = arith.constant dense<[[1, 2], [3]]> : tensor<2x2xi32>
  return
}
// -----
// expected-error @+2 {{expected an integer for i32}}
func.func @f() {
  %0 = arith.constant dense<1.5> : tensor<2xi32>
  return
}
// -----
// expected-error @+2 {{true is of type i1, not i32}}
func.func @f() {
  %0 = arith.constant dense<true> : tensor<2xi32>
  return
}
// -----
// expected-error @+2 {{300 does not fit i8}}
func.func @f() {
  %0 = arith.constant 300 : i8
  return
}
// -----
// expected-error @+2 {{-200 does not fit i8}}
func.func @f() {
  %0 = arith.constant -200 : i8
  return
}
// -----
// expected-error @+2 {{expected an integer for i32}}
func.func @f() {
  %0 = arith.constant 1.5 : i32
  return
}
// -----
// expected-error @+2 {{expected an operation, found ':'}}
func.func @f() {
  %0 = arith.constant true : i32
  return
}
// -----
// expected-error @+2 {{expected a number with a point for f32}}
func.func @f() {
  %0 = arith.constant 1 : f32
  return
}
// -----
// expected-error @+2 {{'arith.constant' has a value of type i64 but gives another}}
func.func @f() {
  %0 = "arith.constant"() {value = 1 : i64} : () -> i32
  return
}
// -----
// expected-error @+2 {{'arith.constant' lacks the attribute 'value'}}
func.func @f() {
  %0 = "arith.constant"() : () -> i32
  return
}
// -----
// expected-error @+2 {{d1 is no dimension or symbol of this map}}
func.func @f() {
  %0 = arith.constant affine_map<(d0) -> (d1)> : i32
  return
}
// -----
// expected-error @+2 {{%1 is not defined}}
func.func @f() {
  %0 = arith.addi %1, %1 : i32
  return
}
