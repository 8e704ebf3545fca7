func.func @v(%s: f32, %v: vector<4xf32>, %m: vector<2x3xf32>, %i: index, %w: vector<[4]xf32>, %z: vector<f32>, %n: vector<4xi32>) {
  %0 = vector.broadcast %s : f32 to vector<2x4xf32>
  %1 = vector.splat %s : vector<4xf32>
  %2 = vector.extractelement %v[%i : index] : vector<4xf32>
  %3 = vector.extractelement %z[] : vector<f32>
  %4 = vector.insertelement %s, %v[%i : index] : vector<4xf32>
  %5 = vector.extract %m[1] : vector<3xf32> from vector<2x3xf32>
  %6 = vector.extract %m[1, %i] : f32 from vector<2x3xf32>
  %7 = vector.insert %s, %m[1, %i] : f32 into vector<2x3xf32>
  %8 = vector.shape_cast %m : vector<2x3xf32> to vector<6xf32>
  %9 = vector.transpose %m, [1, 0] : vector<2x3xf32> to vector<3x2xf32>
  %10 = vector.reduction <add>, %v : vector<4xf32> into f32
  %11 = vector.reduction <add>, %v, %s fastmath<reassoc> : vector<4xf32> into f32
  %12 = vector.fma %v, %v, %v : vector<4xf32>
  %13 = vector.bitcast %n : vector<4xi32> to vector<4xf32>
  %14 = vector.from_elements %s, %s : vector<2xf32>
  %15 = vector.extract_strided_slice %m {offsets = [0, 1], sizes = [2, 2], strides = [1, 1]} : vector<2x3xf32> to vector<2x2xf32>
  %16 = vector.insert_strided_slice %15, %m {offsets = [0, 0], strides = [1, 1]} : vector<2x2xf32> into vector<2x3xf32>
  %17 = vector.multi_reduction <mul>, %m, %5 {foo} [0] : vector<2x3xf32> to vector<3xf32>
  %18 = vector.create_mask %i, %i : vector<2x3xi1>
  %19 = vector.constant_mask [1, 2] : vector<2x3xi1>
  %20 = vector.shuffle %v, %v[0, 5, 1] : vector<4xf32>, vector<4xf32>
  return
}
