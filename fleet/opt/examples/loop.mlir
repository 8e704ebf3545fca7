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

// loop.lookup
func.func @example(%a: memref<?xi64>, %b: memref<?xf64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %places = loop.buffer %a[%n] : memref<?xi64>
  %out = loop.buffer %b[%n] : memref<?xf64>
  loop.for %i, %vl = %c0 to %n lanes 8 parallel {
    %0 = loop.load %places[%i] : memref<?xi64> -> vector<[8]xi64>
    %1 = loop.lookup log.inverse[%0] : vector<[8]xi64> -> vector<[8]xf64>
    loop.store %1, %out[%i] : vector<[8]xf64>, memref<?xf64>
  }
  return
}

// loop.flat
func.func @example(%a: memref<4x8xf32>, %b: memref<4x8xf32>) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %in = loop.flat %a : memref<4x8xf32> -> memref<32xf32>
  %out = loop.flat %b : memref<4x8xf32> -> memref<32xf32>
  loop.for %i = %c0 to %c32 parallel {
    %0 = loop.load %in[%i] : memref<32xf32> -> f32
    loop.store %0, %out[%i] : f32, memref<32xf32>
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

// loop.while loop.condition
func.func private @example(%a: memref<1xi64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %two = arith.constant 2 : i64
  %x = loop.load %a[%c0] : memref<1xi64> -> i64
  %small = loop.while (%k = %x) : (i64) -> (i64) {
    %0 = arith.cmpi sgt, %k, %two : i64
    loop.condition(%0) %k : i64
  } do {
  ^bb0(%k: i64):
    %0 = arith.divsi %k, %two : i64
    loop.yield %0 : i64
  }
  loop.store %small, %a[%c0] : i64, memref<1xi64>
  return
}

// loop.if
func.func private @example(%a: memref<1xi64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i64
  %x = loop.load %a[%c0] : memref<1xi64> -> i64
  %is_negative = arith.cmpi slt, %x, %zero : i64
  %size = loop.if %is_negative -> (i64) {
    %0 = arith.subi %zero, %x : i64
    loop.yield %0 : i64
  } else {
    loop.yield %x : i64
  }
  loop.store %size, %a[%c0] : i64, memref<1xi64>
  return
}

// loop.exit
func.func private @example(%a: memref<1xi64>, %status: memref<3xi64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i64
  %x = loop.load %a[%c0] : memref<1xi64> -> i64
  %is_negative = arith.cmpi slt, %x, %zero : i64
  loop.exit if %is_negative, 1 into %status : memref<3xi64> with (%x, %zero : i64, i64)
  return
}

// loop.masked_load loop.masked_store
func.func private @example(%a: memref<?xf64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %out = loop.buffer %a[%n] : memref<?xf64>
  loop.for %i, %vl = %c0 to %n lanes 8 parallel {
    %0 = loop.load %out[%i] : memref<?xf64> -> vector<[8]xf64>
    %zeros = loop.broadcast %zero : f64 -> vector<[8]xf64>
    %negative = arith.cmpf olt, %0, %zeros : vector<[8]xf64>
    %1 = loop.masked_load %out[%i] where %negative : memref<?xf64>, vector<[8]xi1> -> vector<[8]xf64>
    %2 = arith.negf %1 : vector<[8]xf64>
    loop.masked_store %2, %out[%i] where %negative : vector<[8]xf64>, memref<?xf64>, vector<[8]xi1>
  }
  return
}

// loop.any loop.element loop.leave
func.func private @example(%a: memref<?xi64>, %r: memref<1xi64>, %n: index) attributes {kernel} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i64
  %in = loop.buffer %a[%n] : memref<?xi64>
  %last, %begun = loop.for %i, %vl = %c0 to %n lanes 8 with (%x = %zero, %k = %c0) -> (i64, index) {
    %0 = loop.load %in[%i] : memref<?xi64> -> vector<[8]xi64>
    %zeros = loop.broadcast %zero : i64 -> vector<[8]xi64>
    %1 = arith.cmpi slt, %0, %zeros : vector<[8]xi64>
    %negative = loop.any %1 : vector<[8]xi1>
    loop.leave %negative
    %first = loop.element %0[%c0] : vector<[8]xi64>
    loop.yield %first, %i : i64, index
  }
  loop.store %last, %r[%c0] : i64, memref<1xi64>
  return
}
