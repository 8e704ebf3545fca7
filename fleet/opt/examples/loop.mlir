// loop.for loop.load loop.store loop.buffer loop.broadcast loop.yield
func.func @example(%a: memref<?x64xf32>, %b: memref<?x64xf32>, %n: index, %x: f32) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %in = loop.buffer %a[%n] : memref<?x64xf32>
  %out = loop.buffer %b[%n] : memref<?x64xf32>
  loop.for %i = %c0 to %n parallel {
    loop.for %j, %vl = %c0 to %c64 lanes 8 parallel {
      %0 = loop.load %in[%i, %j] : memref<?x64xf32> -> vector<[8]xf32>
      %1 = loop.broadcast %x : f32 -> vector<[8]xf32>
      %2 = arith.mulf %0, %1 : vector<[8]xf32>
      loop.store %2, %out[%i, %j] : vector<[8]xf32>, memref<?x64xf32>
    }
  }
  return
}

// loop.iota
func.func @example(%a: memref<?xindex>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %out = loop.buffer %a[%n] : memref<?xindex>
  loop.for %i, %vl = %c0 to %n lanes 8 parallel {
    %0 = loop.iota %i : vector<[8]xindex>
    loop.store %0, %out[%i] : vector<[8]xindex>, memref<?xindex>
  }
  return
}

// loop.reduce
func.func @example(%a: memref<?xf32>, %r: memref<1xf32>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %in = loop.buffer %a[%n] : memref<?xf32>
  %zeros = loop.broadcast %zero : f32 -> vector<[8]xf32>
  %sums = loop.for %i, %vl = %c0 to %n lanes 8 reduction with (%s = %zeros) -> (vector<[8]xf32>) {
    %0 = loop.load %in[%i] : memref<?xf32> -> vector<[8]xf32>
    %1 = arith.addf %s, %0 : vector<[8]xf32>
    loop.yield %1 : vector<[8]xf32>
  }
  %sum = loop.reduce addf %sums, %zero : vector<[8]xf32>
  loop.store %sum, %r[%c0] : f32, memref<1xf32>
  return
}

// loop.launch
func.func private @double(%in: memref<4xf32>, %out: memref<4xf32>) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  loop.for %i = %c0 to %c4 parallel {
    %0 = loop.load %in[%i] : memref<4xf32> -> f32
    %1 = arith.addf %0, %0 : f32
    loop.store %1, %out[%i] : f32, memref<4xf32>
  }
  return
}
func.func @example(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tensor.empty() : tensor<4xf32>
  %1 = "loop.launch"(%a, %0) <{callee = @double, operandSegmentSizes = array<i32: 1, 1, 0>}> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// loop.while loop.condition loop.if loop.exit loop.doubt
func.func @example(%status: memref<3xi64>, %a: memref<?xi64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i64
  %in = loop.buffer %a[%n] : memref<?xi64>
  %end = loop.while (%i = %c0) : (index) -> index {
    %more = arith.cmpi slt, %i, %n : index
    loop.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    %0 = loop.load %in[%i] : memref<?xi64> -> i64
    %negative = arith.cmpi slt, %0, %zero : i64
    loop.exit if %negative, 1 into %status : memref<3xi64> with (%i, %0 : index, i64)
    %none = arith.cmpi eq, %0, %zero : i64
    loop.doubt %none
    %step = loop.if %none -> (index) {
      loop.yield %c1 : index
    } else {
      loop.store %zero, %in[%i] : i64, memref<?xi64>
      loop.yield %c1 : index
    }
    %next = arith.addi %i, %step : index
    loop.yield %next : index
  }
  return
}
