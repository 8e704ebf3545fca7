// expected-error @+2 {{'func.return' returns (i32) from a function of type (i32, i64, f32, f64, index, i1, tensor<2x3xf32>, tensor<?xf32>) -> ()}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  return %a : i32
}
// -----
// expected-error @+2 {{'func.return' returns () from a function of type (i32) -> i32}}
func.func @f(%a: i32) -> i32 {
  return
}
// -----
// expected-error @+2 {{'func.return' returns (i64) from a function of type (i32, i64, f32, f64, index, i1, tensor<2x3xf32>, tensor<?xf32>) -> i32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) -> i32 {
  return %b : i64
}
// -----
// expected-error @+2 {{'func.return' returns (i32, i32) from a function of type (i32) -> i32}}
func.func @f(%a: i32) -> i32 {
  return %a, %a : i32, i32
}
// -----
// expected-error @+2 {{'arith.constant' is the last operation of its block but no terminator}}
func.func @f() {
  %0 = arith.constant 1 : i32
}
// -----
// expected-error @+3 {{expected ':', found '='}}
func.func @f() {
  return
  %0 = arith.constant 1 : i32
}
// -----
// expected-error @+1 {{'func.func' holds an empty block; a terminator is missing}}
func.func @f() {
}
// -----
// expected-error @+4 {{'func.func' defines @f again}}
func.func @f() {
  return
}
func.func @f() {
  return
}
// -----
// expected-error @+2 {{'func.call' refers to @nobody, which does not exist}}
func.func @f() {
  call @nobody() : () -> ()
  return
}
// -----
// expected-error @+5 {{'func.call' calls @g of type (i32) -> () as (i64) -> ()}}
func.func @g(%a: i32) {
  return
}
func.func @f(%b: i64) {
  call @g(%b) : (i64) -> ()
  return
}
// -----
// expected-error @+5 {{'func.call' calls @g of type (i32) -> () as () -> ()}}
func.func @g(%a: i32) {
  return
}
func.func @f() {
  call @g() : () -> ()
  return
}
// -----
// expected-error @+5 {{'func.call' calls @g of type () -> () as () -> i32}}
func.func @g() {
  return
}
func.func @f() {
  %0 = call @g() : () -> i32
  return
}
// -----
// expected-error @+1 {{'func.func' has no body, and is not private: it is defined nowhere}}
func.func @g() -> i32
func.func @f() {
  return
}
// -----
// expected-error @+1 {{'func.func' lacks the attribute 'function_type'}}
"func.func"() ({
  return
}) {sym_name = "f"} : () -> ()
// -----
// expected-error @+1 {{'func.func' lacks the attribute 'sym_name'}}
"func.func"() ({
  return
}) {function_type = () -> ()} : () -> ()
// -----
// expected-error @+1 {{'func.func' has arguments () but the type (i32) -> ()}}
"func.func"() ({
  return
}) {sym_name = "f", function_type = (i32) -> ()} : () -> ()
// -----
// expected-error @+1 {{'func.func' has arguments (i64) but the type (i32) -> ()}}
"func.func"() ({
^bb0(%a: i64):
  return
}) {sym_name = "f", function_type = (i32) -> ()} : () -> ()
// -----
// expected-error @+1 {{'func.func' has 0 regions instead of 1}}
"func.func"() {sym_name = "f", function_type = () -> ()} : () -> ()
// -----
// expected-error @+1 {{there is no operation 'return'}}
return
// -----
// expected-error @+2 {{there is no operation 'return'}}
module {
  return
}
// -----
// expected-error @+2 {{'func.return' stands inside 'builtin.module', not func.func}}
%0 = arith.constant 1 : i32
"func.return"(%0) : (i32) -> ()
// -----
// expected-error @+1 {{'builtin.module' has a block with arguments, which nobody gives}}
"builtin.module"() ({
^bb0(%a: i32):
}) : () -> ()
// -----
// expected-error @+1 {{'builtin.module' has 0 regions instead of 1}}
"builtin.module"() : () -> ()
