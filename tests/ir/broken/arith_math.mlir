// expected-error @+2 {{'arith.addi' has 1 operands, which do not fit its declaration}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.addi"(%a) : (i32) -> i32
  return
}
// -----
// expected-error @+2 {{'arith.addi' has 3 operands, which do not fit its declaration}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.addi"(%a, %a, %a) : (i32, i32, i32) -> i32
  return
}
// -----
// expected-error @+2 {{'arith.addi' has 0 results instead of 1}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  "arith.addi"(%a, %a) : (i32, i32) -> ()
  return
}
// -----
// expected-error @+4 {{'arith.addi' operand lhs has type f32, not Integer}}
// expected-error @+3 {{'arith.addi' operand rhs has type f32, not Integer}}
// expected-error @+2 {{'arith.addi' result result has type f32, not Integer}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addi %x, %x : f32
  return
}
// -----
// expected-error @+4 {{'arith.addf' operand lhs has type i32, not Float}}
// expected-error @+3 {{'arith.addf' operand rhs has type i32, not Float}}
// expected-error @+2 {{'arith.addf' result result has type i32, not Float}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.addf %a, %a : i32
  return
}
// -----
// expected-error @+3 {{'arith.negf' operand operand has type i32, not Float}}
// expected-error @+2 {{'arith.negf' result result has type i32, not Float}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.negf %a : i32
  return
}
// -----
// expected-error @+2 {{no predicate 'equal'; there are eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.cmpi equal, %a, %a : i32
  return
}
// -----
// expected-error @+3 {{'arith.cmpi' operand lhs has type f32, not Integer}}
// expected-error @+2 {{'arith.cmpi' operand rhs has type f32, not Integer}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.cmpi eq, %x, %x : f32
  return
}
// -----
// expected-error @+2 {{no predicate 'eq'; there are false, oeq, ogt, oge, olt, ole, one, ord, ueq, ugt, uge, ult, ule, une, uno, true}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.cmpf eq, %x, %x : f32
  return
}
// -----
// expected-error @+2 {{'arith.cmpi' has no predicate 77}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.cmpi"(%a, %a) {predicate = 77 : i64} : (i32, i32) -> i1
  return
}
// -----
// expected-error @+2 {{'arith.cmpi' lacks the attribute 'predicate'}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.cmpi"(%a, %a) : (i32, i32) -> i1
  return
}
// -----
// expected-error @+2 {{'arith.cmpi' result result has type i32, not Bool}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.cmpi"(%a, %a) {predicate = 0 : i64} : (i32, i32) -> i32
  return
}
// -----
// expected-error @+2 {{%a has type i32, not i1}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.select %a, %b, %b : i64
  return
}
// -----
// expected-error @+2 {{'arith.select' needs result = true_value = false_value, but here that is i32 = i32 = i64}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "arith.select"(%c, %a, %b) : (i1, i32, i64) -> i32
  return
}
// -----
// expected-error @+2 {{'arith.extsi' extends i64 to i32, which is not wider}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.extsi %b : i64 to i32
  return
}
// -----
// expected-error @+2 {{'arith.extsi' extends i32 to i32, which is not wider}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.extsi %a : i32 to i32
  return
}
// -----
// expected-error @+2 {{'arith.extui' extends i64 to i32, which is not wider}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.extui %b : i64 to i32
  return
}
// -----
// expected-error @+2 {{'arith.trunci' truncates i32 to i64, which is not narrower}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.trunci %a : i32 to i64
  return
}
// -----
// expected-error @+2 {{'arith.extf' extends f64 to f32, which is not wider}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.extf %y : f64 to f32
  return
}
// -----
// expected-error @+2 {{'arith.truncf' truncates f32 to f64, which is not narrower}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.truncf %x : f32 to f64
  return
}
// -----
// expected-error @+2 {{'arith.sitofp' operand in has type f32, not FixedInteger}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.sitofp %x : f32 to f64
  return
}
// -----
// expected-error @+2 {{'arith.fptosi' operand in has type i32, not Float}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.fptosi %a : i32 to i64
  return
}
// -----
// expected-error @+2 {{'arith.index_cast' converts between index and another integer type}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.index_cast %a : i32 to i64
  return
}
// -----
// expected-error @+2 {{'arith.index_cast' operand in has type f32, not Integer}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.index_cast %x : f32 to index
  return
}
// -----
// expected-error @+2 {{'arith.bitcast' reads i32 as f64, which has another width}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.bitcast %a : i32 to f64
  return
}
// -----
// expected-error @+2 {{'arith.bitcast' operand 0 and the result differ in shape: tensor<2x3xf32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.bitcast %t : tensor<2x3xf32> to tensor<3x2xi32>
  return
}
// -----
// expected-error @+2 {{'arith.sitofp' operand 0 and the result differ in shape: i32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = arith.sitofp %a : i32 to tensor<2xf32>
  return
}
// -----
// expected-error @+3 {{'math.exp' operand operand has type i32, not Float}}
// expected-error @+2 {{'math.exp' result result has type i32, not Float}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = math.exp %a : i32
  return
}
// -----
// expected-error @+2 {{%y has type f64, not f32}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = math.powf %x, %y : f32
  return
}
// -----
// expected-error @+2 {{%t has type tensor<2x3xf32>, not tensor<2x3xi32>}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = math.sqrt %t : tensor<2x3xi32>
  return
}
// -----
// expected-error @+2 {{'math.exp' needs one type for operands and results, has f32, f64}}
func.func @f(%a: i32, %b: i64, %x: f32, %y: f64, %i: index, %c: i1, %t: tensor<2x3xf32>, %d: tensor<?xf32>) {
  %0 = "math.exp"(%x) : (f32) -> f64
  return
}
