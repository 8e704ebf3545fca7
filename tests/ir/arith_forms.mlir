func.func @f(%a: f32, %b: i32, %v: vector<[4]x2xf32>) -> f32 {
  %0 = arith.addf %a, %a fastmath<nnan,contract,reassoc> : f32
  %1 = arith.addi %b, %b overflow<nuw, nsw> : i32
  %2 = arith.truncf %a to_nearest_even fastmath<fast> : f32 to f16
  %3 = arith.truncf %a downward : f32 to bf16
  %4:2 = arith.addui_extended %b, %b : i32, i1
  %5:2 = arith.mulsi_extended %b, %b : i32
  %6 = arith.cmpf oeq, %a, %a fastmath<fast> : f32
  %7 = arith.constant dense<1.0> : vector<[4]x2xf32>
  %8 = arith.constant dense<1> : tensor<2xi128>
  %9 = arith.constant dense<[1.1,2.0]> : tensor<2xbf16>
  %10 = arith.constant 1.0 : f8E4M3FN
  %11 = arith.constant -1.0e10 : f64
  %12 = arith.constant 1.0e-10 : f64
  %13 = arith.constant 123456789.0 : f32
  %14 = arith.constant 0.1 : f16
  %15 = arith.constant 16777216.0 : f32
  %16 = arith.constant 12345678.0 : f64
  %18 = arith.constant 1234567.0 : f64
  %19 = arith.constant 123.45678912345 : f64
  %20 = arith.constant 0x7FC00001 : f32
  %21 = arith.constant dense<[1.0,0x7FC00001]> : tensor<2xf32>
  %17 = arith.index_castui %b : i32 to index
  return %a : f32
}
